//! Newsvendor: the quantile of lead-time demand at which one more unit costs what it saves.
//!
//! A unit that is needed in one cycle of `T` periods saves a shortage `p`; one that is not costs
//! holding `hT`. Lost sales give the critical ratio `p / (p + hT)`; backorders, which cost `p` a
//! period like holding does, give `p / (p + h)` (Silver, Pyke & Thomas, *Inventory and
//! Production Management in Supply Chains*, 4th ed. (2017), §6.6–6.7; Arrow, Harris & Marschak,
//! *Optimal Inventory Policy*, Econometrica 19 (1951) 250–272).

use engine::{Unmet, percentile};

use super::{Knowledge, Method, Strategy};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "newsvendor",
    summary: "the model's quantile of lead-time demand at the critical ratio of the costs",
    method: Method::Level(|known, protection| {
        let demand = known.model_demand(protection);
        known.round_up(percentile(&demand, critical_ratio(known)))
    }),
};

fn critical_ratio(known: &Knowledge<'_>) -> f64 {
    let item = known.item;
    match known.events.unmet {
        Unmet::Backorder => item.critical_ratio(),
        Unmet::Lost => {
            let cycle = known.order_quantity() / known.mean;
            let held = item.holding_cost_per_unit_period
                * cycle.max(known.events.review_every_periods as f64);
            item.shortage_cost_per_unit / (item.shortage_cost_per_unit + held)
        }
    }
}
