//! By class: a chance of no stockout for items of much value, of some and of little.
//!
//! The first classes of ABC analysis get the highest, as most guides say; Teunter, Babai & Syntetos,
//! *ABC Classification: Service Levels and Inventory Costs*, Production and Operations Management 19
//! (2010) 343–352, show that classes by value miss what a unit short costs.

use engine::percentile;

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "class-based",
    summary: "the model's demand at the service level of the item's class of value",
    method: Method::Level(|known, protection| {
        let level = known.targets.class_service_levels[known.class];
        round_up(percentile(&known.model_demand(protection), level))
    }),
};
