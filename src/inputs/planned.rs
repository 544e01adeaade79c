//! What a plan of the coming periods is made from beside the items: discounts and transfers.

use std::path::Path;

use cluster::Team;

use super::{InputFile, described, shared};
use crate::error::Error;
use crate::study::discounts::{Discount, discounts};
use crate::study::named::Named;
use crate::study::transfers::{Transfer, transfers};
use crate::table::Problems;
use crate::table::discounts::read_discounts;
use crate::table::transfers::read_transfers;

/// What such a plan knows beside the items, and how it was read.
#[derive(Default)]
pub(super) struct Planned {
    pub(super) discounts: Vec<Discount>,
    pub(super) transfers: Vec<Transfer>,
    pub(super) files: Vec<InputFile>,
    pub(super) notes: Vec<String>,
}

/// Values of a table, its rows that were read, and what the user should know.
type Read<T> = Result<(Vec<T>, usize, Vec<String>), Problems>;

/// Reads the tables that only a plan of the coming periods knows, if the study gives any.
///
/// # Errors
///
/// Everything that is wrong with them, or the first that cannot be read.
pub(super) fn planned(named: &Named<'_>, folder: &Path, team: &Team) -> Result<Planned, Error> {
    let mut planned = Planned::default();
    let Some(plan) = &named.study.file.order_plan else { return Ok(planned) };
    let text = (named.study.items.delimiter, named.study.items.decimal);
    let mut problems = Problems::default();
    if let Some(file) = &plan.discounts {
        let bytes = shared(folder, "order_plan.discounts", file, team)?;
        let read = read_discounts(file, &bytes, text).and_then(|(rows, notes)| {
            let (values, more) = discounts(named, file, &rows)?;
            Ok((values, rows.len(), [notes, more].concat()))
        });
        let described = described("discounts", file, &bytes);
        planned.discounts = planned.taken(described, read, &mut problems);
    }
    if let Some(file) = &plan.transfers {
        let bytes = shared(folder, "order_plan.transfers", file, team)?;
        let read = read_transfers(file, &bytes, text).and_then(|(rows, notes)| {
            let (values, more) = transfers(named, file, &rows)?;
            Ok((values, rows.len(), [notes, more].concat()))
        });
        let described = described("transfers", file, &bytes);
        planned.transfers = planned.taken(described, read, &mut problems);
    }
    if problems.is_empty() { Ok(planned) } else { Err(Error::Data(problems)) }
}

impl Planned {
    /// The values of a table, which is entered among the files.
    fn taken<T>(&mut self, file: InputFile, read: Read<T>, problems: &mut Problems) -> Vec<T> {
        match read {
            Ok((values, rows, notes)) => {
                self.files.push(InputFile { rows, ..file });
                self.notes.extend(notes);
                values
            }
            Err(others) => {
                problems.append(others);
                Vec::new()
            }
        }
    }
}
