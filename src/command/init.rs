//! `parstock init`: a folder with a study that runs, to be changed into one's own.
//!
//! A template is written only where nothing of the same name is in the way, the study
//! file last: a folder with a study file is complete.

mod retail;

use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::{Compression, GzBuilder};

use crate::error::said;

/// Templates that can be asked for, with a summary of each.
pub const TEMPLATES: &[(&str, &str)] =
    &[("retail", "two years of generated daily sales of 300 items in a shop")];

/// Files that are never overwritten without being asked to. `sales.csv` is not written, but
/// a folder that has it belongs to somebody's study.
const GUARDED: [&str; 5] = ["study.toml", "items.csv", "sales.csv", "sales.csv.gz", "README.md"];

/// Why a template is not written.
#[derive(Debug, thiserror::Error)]
pub enum InitError {
    /// Something is in the way.
    #[error("`{}` exists already; name another folder, or overwrite it with `--force`", path.display())]
    Exists {
        /// What is in the way.
        path: PathBuf,
    },
    /// The folder cannot be made.
    #[error("cannot make the folder `{}`: {}", path.display(), said(reason))]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
    /// A file cannot be written.
    #[error("cannot write `{}`: {}", path.display(), said(reason))]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        reason: std::io::Error,
    },
}

/// Writes the template `retail` into `folder`, and returns the files written.
///
/// The same bytes on every machine, but for the compression of the sales, which may
/// change with the compressor.
///
/// # Errors
///
/// [`InitError`] when a file of the study exists and `force` is not given, and when the
/// disk refuses.
pub fn retail(folder: &Path, force: bool) -> Result<Vec<PathBuf>, InitError> {
    if !force && let Some(path) = in_the_way(folder) {
        return Err(InitError::Exists { path });
    }
    std::fs::create_dir_all(folder)
        .map_err(|reason| InitError::Folder { path: folder.into(), reason })?;
    let shop = retail::shop();
    let files: [(&str, &[u8]); 4] = [
        ("sales.csv.gz", &compressed(shop.sales.as_bytes())),
        ("items.csv", shop.items.as_bytes()),
        ("README.md", retail::README.as_bytes()),
        ("study.toml", retail::STUDY.as_bytes()),
    ];
    files.into_iter().map(|(name, content)| write(folder.join(name), content)).collect()
}

/// A file of a study that is in `folder` already. A dangling link counts: writing would follow it.
fn in_the_way(folder: &Path) -> Option<PathBuf> {
    GUARDED.iter().map(|name| folder.join(name)).find(|path| path.symlink_metadata().is_ok())
}

fn write(path: PathBuf, content: &[u8]) -> Result<PathBuf, InitError> {
    match std::fs::write(&path, content) {
        Ok(()) => Ok(path),
        Err(reason) => Err(InitError::Write { path, reason }),
    }
}

/// Gzip without a time or a name, so that equal texts give equal files.
fn compressed(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(text).and_then(|()| encoder.finish()).expect("memory takes every byte")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_written_folder_holds_what_was_generated() {
        let folder = tempfile::tempdir().expect("a folder");
        let new = folder.path().join("a/shop");
        let written = retail(&new, false).expect("written");
        assert_eq!(written.len(), 4);
        let packed = std::fs::read(new.join("sales.csv.gz")).expect("readable");
        assert!(packed.len() < 3_000_000, "{} bytes", packed.len());
        let mut text = String::new();
        flate2::read::GzDecoder::new(&packed[..]).read_to_string(&mut text).expect("gzip");
        assert_eq!(text, retail::shop().sales);
        assert_eq!(packed[4..8], [0; 4], "a time would differ from run to run");
    }

    #[test]
    fn what_is_there_is_overwritten_by_force_only() {
        for name in GUARDED {
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join(name);
            std::fs::write(&file, "mine").expect("written");
            let message = retail(folder.path(), false).expect_err("refused").to_string();
            assert!(message.contains(name) && message.contains("--force"), "{message}");
            assert_eq!(std::fs::read(&file).expect("readable"), b"mine");
            assert_eq!(std::fs::read_dir(folder.path()).expect("readable").count(), 1);
        }
        let folder = tempfile::tempdir().expect("a folder");
        retail(folder.path(), false).expect("written");
        retail(folder.path(), true).expect("overwritten");
    }

    #[test]
    fn a_file_in_place_of_the_folder_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("shop");
        std::fs::write(&file, "mine").expect("written");
        let error = retail(&file, true).expect_err("refused");
        assert!(matches!(&error, InitError::Folder { .. }), "{error}");
        assert!(error.to_string().contains("shop"), "{error}");
    }
}
