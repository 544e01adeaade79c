//! Order cycle: every `T` periods, one economic quantity, unless there is still enough.
//!
//! The economic order quantity of Harris, *How Many Parts to Make at Once* (1913), on its own cycle
//! `T = Q/d`; the level keeps chance from adding up over the cycles.

use super::{Family, Parameter, Policy, interval, positive, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "eoq-cycle",
    summary: "every interval, order one quantity unless above level",
    parameters: &[
        Parameter::periods("interval"),
        Parameter::units("quantity"),
        Parameter::units("level"),
    ],
    build: |values, _| {
        let [every, quantity, level] = take("eoq-cycle", values)?;
        let every = interval("eoq-cycle", every)?;
        positive("eoq-cycle", "quantity", quantity)?;
        Ok(Policy::every(
            every,
            Rule { least: quantity, most: quantity, ..Rule::at(level, level + 1.0) },
            [level, level + quantity],
        ))
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        let interval = sizing.interval();
        let cycle = (interval * sizing.mean_demand).ceil();
        // A tenth more than a cycle's demand, so that what is missed is made up for.
        let quantity = sizing.order_quantity.max((1.1 * cycle).ceil()).max(1.0);
        [interval, quantity, sizing.level_over(interval)]
    },
    sentence: |values| {
        format!("every {} periods, order {} unless above {}", values[0], values[1], values[2])
    },
};
