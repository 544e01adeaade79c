//! Many processes and threads, one answer, and none of the work lost.
//!
//! A [`Team`] does two things: [`Team::rows`] computes the rows of a table somewhere
//! and gives every rank the whole table, in row order; [`Team::from_root`] gives every
//! rank what one of them read or decided. Sums are then taken by the caller, in row
//! order, or exactly on the way, [`Team::rows_and_sums`]. So the answer has the same bits
//! for any number of ranks and threads.
//!
//! Rows are dealt as threads become free (`deal.rs`, `stage.rs`, `crew.rs`). [`Team::keep`] writes
//! finished ones to a journal, from which another attempt goes on, on any number of ranks
//! (`journal.rs`). Processes without MPI can work together through such a folder (`parts.rs`).
//!
//! Every rank runs the same program on the same numbers; ranks differ only in
//! which rows they compute. This crate knows nothing about inventory.
//!
//! `mpi.rs` is the only file of the workspace that names MPI, `team.rs` the only one
//! that names rayon.

mod crew;
mod deal;
mod error;
mod gathering;
mod interrupt;
mod journal;
mod keeping;
mod launcher;
mod memo;
#[cfg(feature = "mpi")]
mod mpi;
mod parts;
mod pieces;
mod rehearsal;
mod rows;
mod stage;
mod sums;
mod table;
mod talk;
mod team;
mod watch;
mod wire;

pub use error::{Failure, TeamError};
pub use interrupt::{Cause, scheduled_end};
pub use journal::{Damage, Identity, JournalError, KeptRows, KeptTable, free, kept};
pub use keeping::{Found, Keeping};
pub use launcher::processes_started;
pub use pieces::Pieces;
pub use rows::{HELD, Row, Rows};
pub use sums::Sums;
pub use table::{RowFailure, Table};
pub use team::{Team, build_features};
pub use watch::Watch;

/// Exit code of a process that ends the whole job because of a bug on one rank.
pub const EXIT_FATAL: i32 = 70;

#[cfg(test)]
mod tests;
