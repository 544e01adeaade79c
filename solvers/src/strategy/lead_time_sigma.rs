//! z sigma over the lead time alone, as if orders could be placed at any moment.
//!
//! `μP + z σ √L`: the reorder point of textbooks on operations (Greasley, *Operations Management*, 3rd
//! ed. (2013), chapter on inventory), used where stock is looked at once in a while. It leaves out what
//! demand does between reviews.

use engine::normal_quantile;

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "lead-time-sigma",
    summary: "z standard deviations of demand over the lead time, reviews forgotten",
    method: Method::Level(|known, protection| {
        let lead_time = (known.item.lead_time_periods as f64).min(protection as f64);
        let z = normal_quantile(known.targets.service_level);
        round_up(known.mean * protection as f64 + z * known.deviation * lead_time.sqrt())
    }),
};
