//! Empirical quantile: what lead-time demand exceeded only so often in the past.
//!
//! Needs no distribution: the order statistic of demand over past windows as long as the
//! protection interval (Lordahl & Bookbinder, *Order-Statistic Calculation, Costs, and Service
//! in an (s, Q) Inventory System*, Naval Research Logistics 41 (1994) 81–97). Windows overlap;
//! those with a period that says nothing of demand are left out.

use engine::percentile;

use super::{Knowledge, Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "empirical-quantile",
    summary: "a quantile of past demand over lead time and review; the model's if too few",
    method: Method::Level(|known, protection| {
        let mut windows = past_demand(known, protection);
        if windows.len() < FEWEST {
            windows = known.model_demand(protection);
        }
        windows.sort_by(f64::total_cmp);
        round_up(percentile(&windows, known.service_level))
    }),
};

/// Fewest past windows that say more than the model does.
const FEWEST: usize = 20;

/// Demand over every past window of `protection` observed periods \[units\].
fn past_demand(known: &Knowledge<'_>, protection: usize) -> Vec<f64> {
    let windows = known.history.windows(protection).zip(known.observed.windows(protection));
    let complete = windows.filter(|(_, observed)| observed.iter().all(|&seen| seen));
    complete.map(|(units, _)| units.iter().sum()).collect()
}
