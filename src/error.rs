//! Why a command ends early, and with which exit code.

use std::path::PathBuf;

use cluster::{Failure, TeamError};
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
            | Error::Team(TeamError::Launch { .. } | TeamError::Build { .. }) => 2,
            Error::Data(_) => 3,
            Error::Disk { .. }
            | Error::Machine(_)
            | Error::Init(_)
            | Error::Team(TeamError::Threads { .. }) => 4,
            Error::Limits(AllocateError::Stopped(_)) => 1,
            Error::Limits(_) | Error::Verification { .. } => 5,
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

/// What the system said, without its number.
pub(crate) fn said(reason: &std::io::Error) -> String {
    let text = reason.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    first.to_lowercase() + rest
}
