//! Replenishment policies: when to order, and how much.
//!
//! # Adding a policy
//!
//! 1. Copy `policy/base_stock.rs` to `policy/<name>.rs` and edit it.
//! 2. Add `mod <name>;` and one line to [`CATALOGUE`] below.
//!
//! The study file, the strategies, the tests in `tests/suite/every_policy.rs` and the
//! lane-loop bench read the catalogue, so there is no third step.

use crate::{Block, Events, Item, Outcomes, Scratch, Units, simulate};

mod base_stock;
mod lot_size;
mod min_max;
mod periodic;

/// Every family of policies the program knows, in the order shown to users.
pub const CATALOGUE: &[Family] =
    &[base_stock::FAMILY, min_max::FAMILY, lot_size::FAMILY, periodic::FAMILY];

/// The most parameters any family has.
pub const MAX_PARAMETERS: usize = 2;

/// What the buyer sees when an item is reviewed.
#[derive(Clone, Copy, Debug)]
pub struct Review {
    /// Periods since the first review; a policy's own rhythm counts from there.
    pub period: usize,
    /// Stock on the shelf \[units\].
    pub on_hand: Units,
    /// On hand + on order − backordered \[units\].
    pub position: Units,
}

/// A rule that turns a review into an order.
///
/// `order` is called once per lane and reviewed period. It is compiled into the lane
/// loop, so keep it free of calls, allocation and unpredictable branches.
pub trait Policy: Copy + Send + Sync {
    /// Quantity to order now \[units\]; zero means no order.
    fn order(&self, review: Review) -> Units;

    /// Stock a simulation starts with \[units\], for `share` from 0 to below 1.
    ///
    /// The shares of a block's scenarios are even, and so should be the positions between
    /// two orders: then a scenario starts anywhere in the cycle, and a short horizon neither
    /// misses the orders of a slow item nor counts one too many.
    fn opening(&self, share: f64) -> Units;

    /// Length of the policy's own rhythm \[periods\]; 1 if it has none. Scenarios start at
    /// different points of it, as they start with different stock.
    fn rhythm(&self) -> usize {
        1
    }
}

/// A policy behind a pointer: one virtual call per *block*, none per lane.
pub trait Simulate: Send + Sync {
    /// Quantity to order at one review \[units\], before the supplier's lots.
    fn order(&self, review: Review) -> Units;

    /// Stock a simulation starts with \[units\]; see [`Policy::opening`].
    fn opening(&self, share: f64) -> Units;

    /// Length of the policy's own rhythm \[periods\]; see [`Policy::rhythm`].
    fn rhythm(&self) -> usize;

    /// Runs the policy on every scenario of `block` and appends what it measured to `outcomes`.
    fn simulate(
        &self,
        item: &Item,
        events: &Events,
        block: &Block,
        scratch: &mut Scratch,
        outcomes: &mut Outcomes,
    );
}

impl<P: Policy> Simulate for P {
    fn order(&self, review: Review) -> Units {
        Policy::order(self, review)
    }

    fn opening(&self, share: f64) -> Units {
        Policy::opening(self, share)
    }

    fn rhythm(&self) -> usize {
        Policy::rhythm(self)
    }

    fn simulate(
        &self,
        item: &Item,
        events: &Events,
        block: &Block,
        scratch: &mut Scratch,
        outcomes: &mut Outcomes,
    ) {
        simulate(*self, item, events, block, scratch, outcomes);
    }
}

/// A kind of policy whose parameters are still free.
#[derive(Debug)]
pub struct Family {
    /// Name in study files and reports.
    pub name: &'static str,
    /// One line of help.
    pub summary: &'static str,
    /// The free parameters, in the order `build` takes them.
    pub parameters: &'static [Parameter],
    /// The policy with the given parameter values.
    pub build: Build,
    /// Whether orders are batches of about the order quantity, not one a review.
    pub batches: bool,
    /// The parameter values that express a level of stock and an order quantity.
    pub size: fn(&Sizing<'_>) -> [f64; MAX_PARAMETERS],
    /// The rule in words, with its values as they are to be written: what the buyer is told.
    pub sentence: fn(&[String]) -> String,
}

/// What a safety-stock strategy knows when it sets a policy's parameters.
pub struct Sizing<'a> {
    /// Stock that protects against the demand of so many periods \[periods → units\].
    pub level: &'a dyn Fn(usize) -> Units,
    /// Order quantity that balances order and holding costs \[units\].
    pub order_quantity: Units,
    /// Mean demand \[units/period\].
    pub mean_demand: Units,
    /// Lead time \[periods\].
    pub lead_time_periods: usize,
    /// Review period of the study \[periods\].
    pub review_every_periods: usize,
}

/// Makes a policy from parameter values, or says what is wrong with them.
pub type Build = fn(&[f64]) -> Result<Box<dyn Simulate>, PolicyError>;

/// A free parameter of a [`Family`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Name in study files and reports.
    pub name: &'static str,
    /// Unit, for reports.
    pub unit: &'static str,
}

/// Why parameter values are refused.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// The number of values differs from the number of parameters.
    #[error("policy `{family}` takes {expected} parameters, but was given {found}")]
    Count {
        /// Name of the family.
        family: &'static str,
        /// Number of parameters.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// The values contradict each other.
    #[error("policy `{family}`: {reason}")]
    Values {
        /// Name of the family.
        family: &'static str,
        /// What is wrong, and what would be right.
        reason: String,
    },
}

/// The family called `name`, if there is one.
pub fn family(name: &str) -> Option<&'static Family> {
    CATALOGUE.iter().find(|family| family.name == name)
}

/// Takes exactly `N` finite values from a slice.
fn take<const N: usize>(family: &'static str, values: &[f64]) -> Result<[f64; N], PolicyError> {
    let found = values.len();
    let values: [f64; N] =
        values.try_into().map_err(|_| PolicyError::Count { family, expected: N, found })?;
    match values.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(refuse(family, format!("{value} is not a finite number"))),
        None => Ok(values),
    }
}

/// A refusal of values that contradict each other.
fn refuse(family: &'static str, reason: String) -> PolicyError {
    PolicyError::Values { family, reason }
}
