//! What can keep a team from its work.

use std::path::PathBuf;

use crate::interrupt::Cause;
use crate::journal::JournalError;

/// Why a team could not be formed or could not finish a table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TeamError {
    /// The thread pool could not start.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// Number of threads asked for.
        threads: usize,
        /// What the system said.
        reason: String,
    },
    /// This is one of several processes, but they cannot reach each other.
    #[error(
        "{variable} says that {says} processes were started, but this one sees {sees}; {remedy}"
    )]
    Launch {
        /// The variable the launcher set.
        variable: &'static str,
        /// Number of processes according to it.
        says: usize,
        /// Number of processes this one can reach.
        sees: usize,
        /// What to do about it.
        remedy: &'static str,
    },
    /// Ranks do not run the same program, or not on the same numbers.
    #[error("rank {rank} {differs} than rank 0; {remedy}")]
    Differs {
        /// The first rank that differs.
        rank: usize,
        /// In what.
        differs: &'static str,
        /// What to do about it.
        remedy: &'static str,
    },
    /// A row failed on this rank.
    #[error("row {row}: {reason}")]
    Row {
        /// Index of the row.
        row: usize,
        /// What went wrong.
        reason: String,
    },
    /// A row failed on another rank, which reports it.
    #[error("rank {rank} failed; see its message")]
    Peer {
        /// The rank that failed.
        rank: usize,
        /// Whether it was its disk, and not a row.
        disk: bool,
    },
    /// What only rank 0 does failed there.
    #[error("{0}")]
    Root(Failure),
    /// Finished rows could not be kept.
    #[error(
        "cannot write `{}`: {}{}; what was written before is kept, and the same command goes on from there",
        .0.path.display(),
        .0.reason,
        free(.0)
    )]
    Journal(JournalError),
    /// Journals of a run cannot be read.
    #[error("cannot read the journals in `{}`: {reason}", folder.display())]
    Unreadable {
        /// Where they are.
        folder: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The team was asked to stop before a table was done.
    #[error("stopped by {cause} with {done} of {rows} rows done{}", of(name))]
    Interrupted {
        /// Who asked.
        cause: Cause,
        /// What the rows of the table are; empty if there is no word for it.
        name: &'static str,
        /// Rows that are done.
        done: usize,
        /// Rows of the table.
        rows: usize,
    },
    /// Another part of the run has finished it.
    #[error("another part has finished the run")]
    Finished,
}

fn free(error: &JournalError) -> String {
    error.free_bytes.map_or_else(String::new, |bytes| format!(" ({bytes} bytes are free there)"))
}

fn of(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" ({name})") }
}

/// What failed on rank 0, as every rank learns it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit code it deserves.
    pub exit_code: u8,
    /// What to tell the user.
    pub message: String,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
