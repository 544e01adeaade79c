//! From sales history to recommended replenishment policies.
//!
//! Read [`run::run`] first: it is the whole program in one screen.

pub mod command;
pub mod compare;
pub mod doctor;
pub mod duration;
pub mod error;
pub mod estimate;
pub mod folder;
pub mod foresight;
pub mod inputs;
pub mod progress;
pub mod replay;
pub mod report;
pub mod run;
pub mod slurm;
pub mod study;
pub mod summary;
pub mod table;
pub mod verify;
