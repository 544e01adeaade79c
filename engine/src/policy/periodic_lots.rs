//! Periodic lots, or (R, nQ): every so many periods, order whole lots until above a point.
//!
//! Hadley & Whitin, *Analysis of Inventory Systems* (1963), §5.3.

use super::{Family, Parameter, Policy, interval, positive, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "periodic-lots",
    summary: "(R, nQ): every interval, order whole lots until above point",
    parameters: &[
        Parameter::periods("interval"),
        Parameter::units("point"),
        Parameter::units("lot"),
    ],
    build: |values, _| {
        let [every, point, lot] = take("periodic-lots", values)?;
        let every = interval("periodic-lots", every)?;
        positive("periodic-lots", "lot", lot)?;
        Ok(Policy::every(every, Rule::lots(point, lot), [point, point + lot]))
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        let interval = sizing.half_interval();
        [interval, sizing.level_over(interval), (sizing.order_quantity / 2.0).ceil().max(1.0)]
    },
    sentence: |values| {
        format!(
            "every {} periods, order lots of {} when at or below {}",
            values[0], values[2], values[1]
        )
    },
};
