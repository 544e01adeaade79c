//! Average and maximum: what the worst period would demand over the longest lead time.
//!
//! Reserve is the largest demand of a period times the longest lead time, less the average of both, as
//! many purchasing guides have it. The largest value of a history grows with its length.

use engine::percentile;

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "average-max",
    summary: "the largest demand of a period, all through the longest lead time",
    method: Method::Level(|known, protection| {
        let seen = known.history.iter().zip(known.observed).filter(|(_, seen)| **seen);
        let largest = seen.map(|(units, _)| *units).fold(0.0, f64::max);
        let largest = if largest > 0.0 { largest } else { percentile(&known.model_demand(1), 1.0) };
        let longest = protection as f64 + LONGEST * known.lead_time_deviation;
        round_up(largest * longest)
    }),
};

/// How much longer than the mean the longest lead time is, in standard deviations.
const LONGEST: f64 = 2.0;
