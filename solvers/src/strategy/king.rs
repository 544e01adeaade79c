//! King's formula: demand and lead time both vary, independently of each other.
//!
//! `μP + z √(P σ² + μ² σ_L²)`: the variance of a sum of a random number of demands (Hadley & Whitin,
//! *Analysis of Inventory Systems* (1963), §3-14; King, *Crack the Code*, APICS Magazine, July 2011,
//! 33–36).

use engine::normal_quantile;

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "king",
    summary: "z standard deviations of demand and of lead times together, as if it were normal",
    method: Method::Level(|known, protection| {
        let z = normal_quantile(known.targets.service_level);
        let (mean, variance) = known.moments(protection);
        round_up(mean + z * variance.sqrt())
    }),
};
