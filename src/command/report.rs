//! `parstock report`: prints the results of a finished run again.

use std::path::Path;

use super::Format;
use crate::error::Error;
use crate::folder::{RunFolder, Stored};

/// What the command prints.
///
/// # Errors
///
/// [`Error::Usage`] if there is no finished run in the folder.
pub fn report(run: &Path, format: Format, table: &str) -> Result<String, Error> {
    let folder = RunFolder::existing(run)?;
    folder.read(match format {
        Format::Text => Stored::Summary,
        Format::Json => Stored::Json,
        Format::Csv => Stored::Table(table),
    })
}
