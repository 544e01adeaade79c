//! Gamma: lead-time demand that is never negative, and skewed.
//!
//! Burgin, *The Gamma Distribution and Inventory Control*, Operational Research Quarterly 26 (1975)
//! 507–525: shape and scale by mean and variance of demand over lead time and review.

use engine::special::gamma_quantile;

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "gamma-quantile",
    summary: "a quantile of demand over lead time and review, as if it were gamma-distributed",
    method: Method::Level(|known, protection| {
        let (mean, variance) = known.moments(protection);
        if mean <= 0.0 || variance <= 0.0 {
            return round_up(mean);
        }
        let (shape, scale) = (mean * mean / variance, variance / mean);
        round_up(scale * gamma_quantile(shape, known.targets.service_level))
    }),
};
