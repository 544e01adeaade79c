//! Bootstrap quantile: past periods drawn again, as many as lead time and review have.
//!
//! Bookbinder & Lordahl, *Estimation of Inventory Re-order Levels Using the Bootstrap Statistical
//! Procedure*, IIE Transactions 21 (1989) 302–312. Nothing is drawn at random: the distribution that
//! infinitely many draws would have is the convolution of the past periods' with itself.

use engine::Units;

use super::{Knowledge, Method, Strategy, round_up};
use crate::exact::demand_over;

pub(super) const STRATEGY: Strategy = Strategy {
    name: "bootstrap-quantile",
    summary: "a quantile of sums of past periods drawn again; the model's if too few",
    method: Method::Level(|known, protection| round_up(quantile(known, protection))),
};

/// Fewest past periods that say more than the model does.
const FEWEST: usize = 12;
/// The most values of a period that are told apart.
const VALUES: f64 = 2048.0;

fn quantile(known: &Knowledge<'_>, protection: usize) -> Units {
    let level = known.targets.service_level;
    let seen: Vec<f64> = known.seen().collect();
    let largest = seen.iter().copied().fold(0.0, f64::max);
    if seen.len() < FEWEST || largest == 0.0 || protection == 0 {
        return engine::percentile(&known.model_demand(protection), level);
    }
    // What is sold by the thousand is counted in larger steps.
    let step = (largest / VALUES).ceil().max(1.0);
    let mut masses = vec![0.0; (largest / step).round() as usize + 1];
    for demand in &seen {
        masses[(demand / step).round() as usize] += 1.0 / seen.len() as f64;
    }
    let total = demand_over(&masses, protection);
    let mut upto = 0.0;
    for (steps, mass) in total.iter().enumerate() {
        upto += mass;
        if upto >= level - 1e-12 {
            return steps as f64 * step;
        }
    }
    (total.len() - 1) as f64 * step
}
