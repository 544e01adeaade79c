//! Robust: a chance of no stockout under any distribution with the same mean and variance.
//!
//! `m + s √(τ/(1 − τ))`, by Cantelli's inequality, which no distribution exceeds and one attains: see
//! Marshall & Olkin, *Multivariate Chebyshev Inequalities*, Annals of Mathematical Statistics 31 (1960)
//! 1001–1014. At 95 % that is 4.36 deviations, where the normal distribution has 1.64.

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "robust",
    summary: "the level that keeps the service level under any distribution with this mean and variance",
    method: Method::Level(|known, protection| {
        let (mean, variance) = known.moments(protection);
        let level = known.targets.service_level;
        round_up(mean + (variance * level / (1.0 - level)).sqrt())
    }),
};
