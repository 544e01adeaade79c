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

/// States of a chain that is solved.
const MOST_STATES: usize = 400;
/// Products of a convolution of the demand over lead time and review.
const MOST_PRODUCTS: f64 = 2e7;
/// Longest table of demand.
const MOST_DEMAND: usize = 1_000;
/// Economic order quantity up to which all orders are looked at \[counts\].
const MOST_ORDER: f64 = 1_000.0;
/// Steps of value iteration: some hundredths of a second.
const MOST_WORK: f64 = 2e7;

/// Cost of the policy in the long run.
fn cost(item: &Item, events: &Events, demand: &[f64], policy: &Policy) -> Option<Money> {
    let order = policy.order(item)?;
    let plain = Supply { orders_cross: item.supply.orders_cross, ..Supply::PLAIN };
    let simple = item.supply == plain
        && item.shelf.is_none()
        && policy.expedite.is_none()
        && events.holding_on == HoldingOn::End
        && events.every_day_is_open();
    let shortfall = match events.unmet {
        Unmet::Lost => Shortfall::IsLost,
        Unmet::Backorder => Shortfall::Waits,
        _ => return None,
    };
    let periods = item.lead_time_periods + events.review_every_periods;
    if !simple || demand.len() > MOST_DEMAND || products(periods, demand) > MOST_PRODUCTS {
        return None;
    }
    let run = PositionPolicy {
        demand,
        lead_time: item.lead_time_periods,
        review_every: events.review_every_periods,
        shortfall,
        order: &|position| order(position as f64) as i64,
        opening: policy.opening(item, 0.0) as i64,
    };
    let run = run.long_run_within(MOST_STATES).ok()?;
    let short = if shortfall == Shortfall::IsLost { run.unmet } else { run.waiting };
    Some(
        item.holding_cost_per_unit_period * run.stock
            + item.shortage_cost_per_unit * short
            + item.order_cost * run.orders
            + item.purchase_cost_per_unit * run.ordered,
    )
}

/// Products that the distribution of the demand of so many periods takes, one after the other.
fn products(periods: usize, demand: &[f64]) -> f64 {
    let (periods, values) = (periods as f64, demand.len() as f64);
    0.5 * periods * periods * values * values
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
    // Charges by what a period's demand would cost if nothing were met: the solvers' tolerances
    // are amounts, and currencies differ.
    let mean: f64 = demand.iter().enumerate().map(|(units, share)| units as f64 * share).sum();
    let scale = item.shortage_cost_per_unit * mean;
    let (holding, shortage) =
        (item.holding_cost_per_unit_period / scale, item.shortage_cost_per_unit / scale);
    let (lead_time, order_cost) = (item.lead_time_periods, item.order_cost / scale);
    let economic_order = (2.0 * order_cost * mean / holding).sqrt();
    if economic_order > MOST_ORDER {
        return None;
    }
    if events.unmet == Unmet::Backorder {
        let item = MinMaxItem { demand, lead_time, holding, shortage, order_cost };
        return item.optimum().ok().map(|best| scale * best.cost);
    }
    let [low, high] = policy.opening_range(item);
    // An order may have to cover the largest demand at once.
    let most_order = (high - low).max(demand.len() as f64) as usize;
    let most_stock = high.max(demand.len() as f64) as usize;
    let system =
        LostSales { demand, lead_time, holding, shortage, order_cost, most_stock, most_order };
    let mut work = MOST_WORK;
    system.optimum_within(&mut work).ok().map(|best| scale * best.cost)
}

#[cfg(test)]
mod tests;
