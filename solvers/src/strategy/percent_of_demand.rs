//! Percent of demand: so much of what is demanded meanwhile in reserve.
//!
//! Half of it is a common rule of thumb. Long lead times get more than they need and short ones less,
//! because what demand varies by grows with the root of time and not with time.

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "percent-of-demand",
    summary: "a share of mean demand over lead time and review in reserve",
    method: Method::Level(|known, protection| {
        round_up(known.mean * protection as f64 * (1.0 + known.targets.demand_share))
    }),
};
