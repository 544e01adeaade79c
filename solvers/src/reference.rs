//! What a policy costs in the long run, exactly, and the least that any policy costs: where an
//! item meets the assumptions of an exact answer that is cheap enough to give beside the estimate.
//!
//! | assumption | |
//! |---|---|
//! | demand | whole counts, independent, the same distribution in every period |
//! | supply | a fixed lead time, in full, from one source; stock keeps |
//! | unmet demand | lost or waiting as a whole; holding on stock at the end of a period |
//! | policy | looks at the position alone, by one rule |
//! | least cost | besides, any size of order, a review in every period |

use bytemuck::{Pod, Zeroable};
use engine::{Events, HoldingOn, Item, Money, Policy, Supply, Unmet};

use crate::exact::chain::{PositionPolicy, Shortfall};
use crate::exact::lost_sales::LostSales;
use crate::exact::min_max::MinMaxItem;

/// What is exactly known about an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Reference {
    /// Whether there is an exact answer: one or zero.
    known: u64,
    /// Whether the least cost is known: one or zero.
    optimum_known: u64,
    cost: Money,
    optimum: Money,
}

impl Reference {
    /// Cost of the recommended policy in the long run \[currency/period\], if it is known.
    pub fn cost(&self) -> Option<Money> {
        (self.known == 1).then_some(self.cost)
    }

    /// The least cost of any policy in the long run \[currency/period\], if it is known.
    pub fn optimum(&self) -> Option<Money> {
        (self.optimum_known == 1).then_some(self.optimum)
    }

    /// Reference of `policy` for an item whose demand has the probabilities `demand` of 0, 1, 2
    /// and so on counts in every period.
    pub fn of(item: &Item, events: &Events, demand: &[f64], policy: &Policy) -> Reference {
        let cost = cost(item, events, demand, policy);
        // Without the one there is nothing to hold the other against.
        let optimum = cost.and_then(|_| optimum(item, events, demand, policy));
        Reference {
            known: u64::from(cost.is_some()),
            optimum_known: u64::from(optimum.is_some()),
            cost: cost.unwrap_or(0.0),
            optimum: optimum.unwrap_or(0.0),
        }
    }
}

/// Longest table of demand.
const MOST_DEMAND: usize = 1_000;
/// Positions between the levels of a policy whose chain is solved.
const MOST_LEVELS: f64 = 250.0;
/// States of a chain with lost sales: stock, and orders under way.
const MOST_STATES: f64 = 400.0;
/// States times orders times demands of a step of value iteration.
const MOST_STEPS: f64 = 100_000.0;

/// Cost of the policy in the long run.
fn cost(item: &Item, events: &Events, demand: &[f64], policy: &Policy) -> Option<Money> {
    let order = policy.order(item)?;
    let plain = Supply { orders_cross: item.supply.orders_cross, ..Supply::PLAIN };
    let simple = item.supply == plain
        && item.shelf.is_none()
        && policy.expedite.is_none()
        && events.holding_on == HoldingOn::End
        && events.every_day_is_open()
        && demand.len() <= MOST_DEMAND;
    let [low, high] = policy.opening_range(item);
    let small = match events.unmet {
        Unmet::Backorder => high - low <= MOST_LEVELS,
        // Some of the position is stock, the rest comes in as many periods as the lead time has.
        Unmet::Lost => states(high, item.lead_time_periods) <= MOST_STATES,
        _ => false,
    };
    if !simple || !small {
        return None;
    }
    let shortfall = match events.unmet {
        Unmet::Lost => Shortfall::IsLost,
        _ => Shortfall::Waits,
    };
    let run = PositionPolicy {
        demand,
        lead_time: item.lead_time_periods,
        review_every: events.review_every_periods,
        shortfall,
        order: &|position| order(position as f64) as i64,
        opening: high.max(0.0) as i64,
    };
    let run = run.long_run().ok()?;
    let short = if shortfall == Shortfall::IsLost { run.unmet } else { run.waiting };
    Some(
        item.holding_cost_per_unit_period * run.stock
            + item.shortage_cost_per_unit * short
            + item.order_cost * run.orders
            + item.purchase_cost_per_unit * run.ordered,
    )
}

/// The least cost of any policy in the long run.
fn optimum(item: &Item, events: &Events, demand: &[f64], policy: &Policy) -> Option<Money> {
    let any_size = item.order_multiple <= 1.0
        && item.minimum_order <= 1.0
        && item.maximum_order.is_infinite()
        && item.purchase_cost_per_unit == 0.0;
    if !any_size || events.review_every_periods != 1 {
        return None;
    }
    let (holding, shortage) = (item.holding_cost_per_unit_period, item.shortage_cost_per_unit);
    let (lead_time, order_cost) = (item.lead_time_periods, item.order_cost);
    if events.unmet == Unmet::Backorder {
        let item = MinMaxItem { demand, lead_time, holding, shortage, order_cost };
        return item.optimum().ok().map(|best| best.cost);
    }
    let [low, high] = policy.opening;
    let steps = states(high, lead_time) * (high - low) * demand.len() as f64;
    let (most_stock, most_order) = (high.max(1.0) as usize, (high - low).max(1.0) as usize);
    let system =
        LostSales { demand, lead_time, holding, shortage, order_cost, most_stock, most_order };
    (steps <= MOST_STEPS).then(|| system.optimum().ok().map(|best| best.cost))?
}

/// About as many states as stock and orders under way below `position` can have.
fn states(position: f64, lead_time: usize) -> f64 {
    // Combinations with repetition, if every period could bring any order.
    (1..=lead_time as u32 + 1).map(f64::from).map(|k| (position + k) / k).product()
}

#[cfg(test)]
mod tests;
