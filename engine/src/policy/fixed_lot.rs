//! Fixed lot, or (s, Q): at or below `s`, order the same quantity every time.
//!
//! One lot a review, whatever the position — Hadley & Whitin, *Analysis of Inventory Systems* (1963),
//! chapter 4. A lot below a review's mean demand cannot keep up; with backorders it never does.

use super::{Family, Parameter, Policy, positive, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "fixed-lot",
    summary: "(s, Q): at or below point, order one lot, always the same",
    parameters: &[Parameter::units("point"), Parameter::units("lot")],
    build: |values, _| {
        let [point, lot] = take("fixed-lot", values)?;
        positive("fixed-lot", "lot", lot)?;
        Ok(Policy::constant(
            Rule { least: lot, most: lot, ..Rule::at(point, point + 1.0) },
            [point, point + lot],
        ))
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        // Two reviews' demand at least, so that one lot a review keeps up.
        let review = sizing.mean_demand * sizing.review_every_periods as f64;
        [sizing.protection(), sizing.order_quantity.max((2.0 * review).ceil()), 0.0]
    },
    sentence: |values| format!("order {} when at or below {}", values[1], values[0]),
};
