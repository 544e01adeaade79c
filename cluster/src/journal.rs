//! The journal: finished rows on disk, so that whatever ends a run, what was finished stays finished.
//!
//! Each rank and attempt appends to a file of its own, which nobody else writes to. Rows are written and
//! synced by a thread of their own, a second after they were finished or when there is a megabyte of
//! them. A journal only saves work: a row that is not in it is computed again, with the same bits. So a
//! torn tail or a damaged record costs time and nothing else, and rows that are quicker to compute than
//! to keep are left out.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::sums::Sums;
use crate::table::{Batch, RowFailure, Table};
use keeper::Keeper;
pub(crate) use reader::Reader;
pub use reader::{Damage, KeptRows, KeptTable, kept};
use record::{Content, Header};
pub(crate) use slots::{Slots, suspects};

mod keeper;
mod reader;
mod record;
mod slots;

/// What a run's journal is a journal of, and who writes it.
#[derive(Clone, Debug)]
pub struct Identity {
    /// Hash of all that rows depend on: study, inputs, program.
    pub key: [u8; 32],
    /// Who writes, for people.
    pub writer: String,
}

/// The files that one process writes.
#[derive(Debug)]
pub(crate) struct Journal {
    keeper: Keeper,
    pub(crate) slots: Slots,
    path: PathBuf,
}

/// Bytes a second that are read back from a journal; what is computed faster is not kept.
const READ_BACK: f64 = 50e6;

/// Ends of names of journals.
pub(crate) const ROWS: &str = "rows";

impl Journal {
    /// Begins the journal of a process in `folder`: `attempt` and `name` tell it from all others.
    pub(crate) fn begin(
        folder: &Path,
        attempt: usize,
        name: &str,
        threads: usize,
        identity: &Identity,
    ) -> io::Result<Journal> {
        let path = folder.join(format!("{attempt:04}-{name}.{ROWS}"));
        let file = OpenOptions::new().append(true).create_new(true).open(&path)?;
        let slots = Slots::begin(&path, threads)?;
        let header = Header { key: identity.key, writer: identity.writer.clone() };
        // The folder must know the file before rows in it count as safe.
        File::open(folder).and_then(|folder| folder.sync_all()).or_else(unsupported)?;
        Ok(Journal { keeper: Keeper::begin(file, &header), slots, path })
    }

    /// Notes that a table begins.
    pub(crate) fn table(&self, stage: u32, table: &Table) {
        let Table { name, rows, .. } = *table;
        self.keeper.add(&Content::Table { stage, rows: rows as u64, name: name.to_owned() });
    }

    /// Keeps finished rows, unless they are computed faster than they are read.
    pub(crate) fn rows<T: bytemuck::Pod>(&self, stage: u32, batch: &Batch<T>) {
        let cells: &[u8] = bytemuck::cast_slice(&batch.cells);
        if !batch.rows.is_empty() && batch.seconds * READ_BACK > cells.len() as f64 {
            self.keeper.rows(stage, &batch.rows, cells, batch.sums.as_ref().map(Sums::steps));
        }
        for RowFailure { row, reason } in &batch.failures {
            let (row, reason) = (*row as u64, reason.clone());
            self.keeper.add(&Content::Failure { stage, row, reason });
        }
    }

    /// Waits until all that was given is on disk.
    pub(crate) fn sync(&self) -> Result<(), JournalError> {
        self.keeper.sync().map_err(|reason| self.error(&reason))
    }

    /// What went wrong with writing, if anything has.
    pub(crate) fn check(&self) -> Result<(), JournalError> {
        self.keeper.failed().map_or(Ok(()), |reason| Err(self.error(&reason)))
    }

    fn error(&self, reason: &io::Error) -> JournalError {
        JournalError::new(&self.path, reason)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // A process that comes to this point has not been ended by a row.
        if !std::thread::panicking() {
            self.slots.end();
        }
    }
}

/// Rows could not be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    pub reason: String,
    /// Bytes that are free where it lies, if that is known.
    pub free_bytes: Option<u64>,
}

impl JournalError {
    pub(crate) fn new(path: &Path, reason: &io::Error) -> JournalError {
        JournalError { path: path.to_owned(), reason: reason.to_string(), free_bytes: free(path) }
    }
}

/// Bytes that this user may still write where `path` lies.
pub fn free(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|path| path.exists())?;
    let system = rustix::fs::statvfs(there).ok()?;
    Some(system.f_bavail * system.f_frsize)
}

/// Folders cannot be synced everywhere; then a rename is as safe as it gets.
fn unsupported(error: io::Error) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, Unsupported};
    if matches!(error.kind(), InvalidInput | Unsupported) { Ok(()) } else { Err(error) }
}

/// The number of the next attempt in `folder`.
pub(crate) fn next_attempt(folder: &Path) -> io::Result<usize> {
    let mut last = 0;
    for path in files(folder, ROWS)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let number = name.split('-').next().and_then(|number| number.parse().ok());
        last = last.max(number.unwrap_or(0));
    }
    Ok(last + 1)
}

/// The files of `folder` whose names end so, in order of name.
pub(crate) fn files(folder: &Path, end: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == end) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
pub(crate) mod tests_of_disks {
    //! What tests of disks that fail need.

    use super::*;
    pub(crate) use keeper::Disk;

    /// Keeps `rows` rows one after another, each synced: how many were said to be safe, and whether an
    /// error was told.
    pub(crate) fn keep_rows(disk: impl Disk, rows: usize) -> (usize, bool) {
        let keeper = Keeper::begin(disk, &Header { key: [0; 32], writer: String::new() });
        keeper.add(&Content::Table { stage: 0, rows: rows as u64, name: "rows".into() });
        let mut safe = 0;
        if keeper.sync().is_err() {
            return (0, true);
        }
        for row in 0..rows {
            keeper.rows(0, &[row], &[7; 64], None);
            if keeper.sync().is_err() {
                return (safe, keeper.failed().is_some());
            }
            safe += 1;
        }
        (safe, false)
    }

    /// Rows that can be read back.
    pub(crate) fn whole_rows(folder: &Path) -> usize {
        Reader::open(folder, Some([0; 32])).unwrap().rows(0).len()
    }
}
