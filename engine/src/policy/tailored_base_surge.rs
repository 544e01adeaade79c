//! Tailored base-surge: a constant slow order, and a fast one for what it does not cover.
//!
//! Allon & Van Mieghem, *Global Dual Sourcing: Tailored Base-Surge Allocation to Near- and Offshore
//! Production*, Management Science 56 (2010) 110–124.

use super::{Expedite, Family, Parameter, Policy, positive, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "tailored-base-surge",
    summary: "two sources: a constant slow order, expedite up to a level",
    parameters: &[Parameter::units("fast"), Parameter::units("base")],
    build: |values, _| {
        let [fast, base] = take("tailored-base-surge", values)?;
        positive("tailored-base-surge", "base", base)?;
        Ok(Policy {
            expedite: Some(Expedite { level: fast, counts_all: false }),
            ..Policy::constant(Rule::always(base), [fast, fast])
        })
    },
    batches: false,
    two_sources: true,
    size: |sizing| {
        let review = sizing.mean_demand * sizing.review_every_periods as f64;
        [sizing.fast_protection(), (0.8 * review).floor().max(1.0), 0.0]
    },
    sentence: |values| {
        format!("order {} at every review, expedite what is missing to {}", values[1], values[0])
    },
};
