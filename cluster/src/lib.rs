//! Many processes and threads, one answer.
//!
//! A [`Team`] does two things: [`Team::rows`] computes the rows of a table somewhere
//! and gives every rank the whole table, in row order; [`Team::from_root`] gives every
//! rank what one of them read or decided. Sums are then taken by the caller, in row
//! order, or exactly on the way, [`Team::rows_and_sums`]. So the answer has the same bits
//! for any number of ranks and threads.
//!
//! Every rank runs the same program on the same numbers; ranks differ only in
//! which rows they compute. This crate knows nothing about inventory.
//!
//! `mpi.rs` is the only file of the workspace that names MPI, `team.rs` the only one
//! that names rayon.

mod launcher;
#[cfg(feature = "mpi")]
mod mpi;
mod sums;
mod team;

pub use sums::Sums;
pub use team::{Failure, Team, TeamError, build_features};

/// Exit code of a process that ends the whole job because of a bug on one rank.
pub const EXIT_FATAL: i32 = 70;
