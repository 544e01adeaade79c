//! Periodic min-max, or (R, s, S): every so many periods, at or below `s`, order up to `S`.
//!
//! Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*, 4th ed. (2017),
//! §6.2.

use super::{Family, Parameter, Policy, below, interval, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "periodic-min-max",
    summary: "(R, s, S): every interval, at or below min, order up to max",
    parameters: &[Parameter::periods("interval"), Parameter::units("min"), Parameter::units("max")],
    build: |values, _| {
        let [every, min, max] = take("periodic-min-max", values)?;
        let every = interval("periodic-min-max", every)?;
        below("periodic-min-max", ("min", min), ("max", max))?;
        Ok(Policy::every(every, Rule::at(min, max), [min, max]))
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        // A review in the middle of the economic cycle, so that it can be used or passed.
        let interval = sizing.half_interval();
        let min = sizing.level_over(interval);
        [interval, min, min + (sizing.order_quantity / 2.0).ceil().max(1.0)]
    },
    sentence: |values| {
        format!(
            "every {} periods, order up to {} when at or below {}",
            values[0], values[2], values[1]
        )
    },
};
