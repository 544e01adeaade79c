//! Days of cover: the planner's rule, so many days of mean demand in reserve.
//!
//! Ignores how demand varies, which is why it over-stocks steady items and under-stocks
//! erratic ones (Silver, Pyke & Thomas, *Inventory and Production Management in Supply
//! Chains*, 4th ed. (2017), §6.5.1).

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "days-of-cover",
    summary: "a fixed number of periods' mean demand in reserve",
    method: Method::Level(|known, protection| {
        round_up(known.mean * (protection as f64 + known.targets.days_of_cover))
    }),
};
