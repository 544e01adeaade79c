//! Why a command ends early, and with which exit code.

use std::path::PathBuf;

use crate::doctor::size;
use cluster::{Cause, Failure, TeamError};
use solvers::AllocateError;

use crate::command::init::InitError;
use crate::table::Problems;

/// Why a command ends early.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that cannot be.
    #[error("{0}")]
    Usage(String),
    /// The study file makes no sense.
    #[error("{0}")]
    Study(Problems),
    /// The input tables make no sense.
    #[error("{0}")]
    Data(Problems),
    /// A file or folder cannot be read or written.
    #[error("cannot {action} `{}`: {reason}", path.display())]
    Disk {
        /// What was tried.
        action: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The limits cannot be met.
    #[error("{0}")]
    Limits(#[from] AllocateError),
    /// Published results are not reproduced.
    #[error("{wrong} of {rows} published numbers are not reproduced; they are marked DIFFERS")]
    Verification {
        /// How many are not.
        wrong: usize,
        /// How many were compared.
        rows: usize,
    },
    /// An item cannot be computed.
    #[error(
        "item `{item}`: {reason}; to go on without it, set simulation.on_row_failure = \"record\" in the study"
    )]
    Item {
        /// Its name.
        item: String,
        /// Why not.
        reason: String,
    },
    /// Items could not be computed, and the run went on without them.
    #[error(
        "{failed} of {items} items could not be computed; they are recorded in failures.csv and are in no \
         figure"
    )]
    Recorded {
        /// How many could not.
        failed: usize,
        /// How many there are.
        items: usize,
    },
    /// The run stopped before it was done.
    #[error(
        "stopped by {cause}: {done} of {rows} rows{} are done; what is done is safe in `{}`, and the same \
         command goes on from there",
        named(name),
        folder.display()
    )]
    Stopped {
        /// Who asked.
        cause: Cause,
        /// What the rows of the table are that it was at; empty if there is no word for it.
        name: &'static str,
        /// Rows that are done.
        done: usize,
        /// Rows of the table.
        rows: usize,
        /// The run folder.
        folder: PathBuf,
    },
    /// A run needs more than there is.
    #[error("the run needs about {} of {what}, and {} are there; {remedy}", size(*needed), size(*there))]
    Needs {
        /// Of what.
        what: String,
        /// How much \[B\].
        needed: u64,
        /// How much there is \[B\].
        there: u64,
        /// What to do.
        remedy: &'static str,
    },
    /// The machine is not fit for a run.
    #[error("{}; see the lines marked `problem`", crate::table::counted(*.0, "problem", "problems"))]
    Machine(usize),
    /// An example cannot be written.
    #[error("{0}")]
    Init(#[from] InitError),
    /// Ranks could not work together.
    #[error("{0}")]
    Team(#[from] TeamError),
}

impl Error {
    /// The exit code of a process that ends with this error.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Usage(_)
            | Error::Study(_)
            | Error::Init(InitError::Exists { .. })
            | Error::Team(TeamError::Launch { .. } | TeamError::Differs { .. }) => 2,
            Error::Data(_) => 3,
            Error::Disk { .. }
            | Error::Machine(_)
            | Error::Needs { .. }
            | Error::Init(_)
            | Error::Team(
                TeamError::Threads { .. }
                | TeamError::Journal(_)
                | TeamError::Unreadable { .. }
                | TeamError::Peer { disk: true, .. },
            ) => 4,
            Error::Team(TeamError::Finished) => 0,
            Error::Limits(AllocateError::Stopped(_)) => 1,
            Error::Limits(_)
            | Error::Verification { .. }
            | Error::Item { .. }
            | Error::Recorded { .. } => 5,
            Error::Team(TeamError::Interrupted { .. }) | Error::Stopped { .. } => 75,
            Error::Team(TeamError::Root(failure)) => failure.exit_code,
            Error::Team(_) => 70,
        }
    }

    /// This error as the other ranks learn it.
    pub fn failure(&self) -> Failure {
        Failure { exit_code: self.exit_code(), message: self.to_string() }
    }

    /// A failed attempt to `action` a file.
    pub fn disk(action: &'static str, path: impl Into<PathBuf>, reason: &std::io::Error) -> Error {
        Error::Disk { action, path: path.into(), reason: said(reason) }
    }
}

fn named(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" ({name})") }
}

/// What the system said, without its number.
pub(crate) fn said(reason: &std::io::Error) -> String {
    let text = reason.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    first.to_lowercase() + rest
}
