//! z sigma: `μP + z σ √P`, the textbook's safety stock under normal demand.
//!
//! Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*, 4th ed.
//! (2017), equation 6.13; `P = L + R` for periodic review.

use engine::normal_quantile;

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "z-sigma",
    summary: "z standard deviations of demand over lead time and review, as if it were normal",
    method: Method::Level(|known, protection| {
        let periods = protection as f64;
        let safety =
            normal_quantile(known.targets.service_level) * known.deviation * periods.sqrt();
        round_up(known.mean * periods + safety)
    }),
};
