//! Capped base-stock: order up to a level, but never more than a cap.
//!
//! Smooths the orders where sales are lost and lead times long, close to the optimum there — Xin,
//! *Understanding the Performance of Capped Base-Stock Policies in Lost-Sales Inventory Models*,
//! Operations Research 69 (2021) 61–70.

use super::{Family, Parameter, Policy, positive, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "capped-base-stock",
    summary: "order up to a level at every review, at most a cap",
    parameters: &[Parameter::units("level"), Parameter::units("cap")],
    build: |values, _| {
        let [level, cap] = take("capped-base-stock", values)?;
        positive("capped-base-stock", "cap", cap)?;
        Ok(Policy::constant(Rule::up_to(level).at_most(cap), [level, level]))
    },
    batches: false,
    two_sources: false,
    size: |sizing| {
        // Half as much again as a review's demand: what Zipkin's (2008) best caps allow.
        let review = sizing.mean_demand * sizing.review_every_periods as f64;
        [sizing.protection(), (1.5 * review).ceil().max(1.0), 0.0]
    },
    sentence: |values| {
        format!("order up to {} at every review, but at most {}", values[0], values[1])
    },
};
