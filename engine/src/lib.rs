//! The inventory system: one item, one policy, many demand scenarios at once.
//!
//! | read           | to learn                                                   |
//! |----------------|------------------------------------------------------------|
//! | [`Item`]       | what is stocked: lead time, terms of supply and cost rates |
//! | [`Events`]     | in which order things happen in a period                   |
//! | [`Block`]      | the demand it meets, one SIMD lane a scenario              |
//! | [`policy`]     | the rules that order; one file each in `policy/`           |
//! | `lanes.rs`     | **the main loop**                                          |
//! | `ledger.rs`    | the books of one scenario, with everything that can happen |
//! | [`Group`]      | items of one supplier whose orders depend on each other    |
//! | [`Outcomes`]   | what a run measures, scenario by scenario                  |
//! | [`Estimate`]   | a mean, and how well it is known                           |
//!
//! This crate does no I/O, draws no random numbers, starts no threads and
//! depends on no other crate of the workspace.

mod block;
mod coupled;
mod estimate;
mod events;
mod item;
mod lane;
mod lanes;
mod ledger;
mod outcomes;
pub mod policy;
mod rule;
mod simulate;
pub mod special;
pub mod warm_up;

pub use block::{Block, Chance, Coordinates, Fill, ScenarioSource};
pub use coupled::{
    Buyer, Group, GroupError, GroupOutcomes, GroupScratch, Joint, Member, Review, Shortfall, Wants,
};
pub use estimate::{
    Estimate, conditional_tail_mean, normal_quantile, percentile, student_quantile,
};
pub use events::{Days, Events, HoldingOn, ReviewTime, Unmet};
pub use item::{Expedited, Issue, Item, ItemError, Shelf, Supply};
pub use lane::{LANES, Lane, Row, Width};
pub use outcomes::{CostParts, Detail, Outcomes};
pub use policy::{Family, Outlook, Parameter, Policy, PolicyError, Sizing};
pub use rule::Rule;
pub use simulate::Scratch;

/// A quantity of stock \[units\].
pub type Units = f64;
/// An amount of money \[currency\].
pub type Money = f64;
