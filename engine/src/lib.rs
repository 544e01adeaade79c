//! The inventory system: one item, one policy, many demand scenarios at once.
//!
//! | read           | to learn                                                   |
//! |----------------|------------------------------------------------------------|
//! | [`Item`]       | what is stocked: lead time and cost rates                  |
//! | [`Events`]     | in which order things happen in a period                   |
//! | [`Block`]      | the demand it meets, one SIMD lane a scenario              |
//! | [`Policy`]     | the rule that orders; one file each in `policy/`           |
//! | [`simulate()`] | **the main loop**                                          |
//! | [`Outcomes`]   | what a run measures, scenario by scenario                  |
//! | [`Estimate`]   | a mean, and how well it is known                           |
//!
//! This crate does no I/O, draws no random numbers, starts no threads and
//! depends on no other crate of the workspace.

mod block;
mod estimate;
mod events;
mod item;
mod outcomes;
pub mod policy;
mod simulate;

pub use block::{Block, Coordinates, LANES, Lanes, ScenarioSource};
pub use estimate::{
    Estimate, conditional_tail_mean, normal_quantile, percentile, student_quantile,
};
pub use events::{Events, HoldingOn, ReviewTime, Unmet};
pub use item::{Item, ItemError};
pub use outcomes::Outcomes;
pub use policy::{Build, Family, Parameter, Policy, PolicyError, Review, Simulate, Sizing};
pub use simulate::{Scratch, simulate};

/// A quantity of stock \[units\].
pub type Units = f64;
/// An amount of money \[currency\].
pub type Money = f64;
