//! Capped dual index: as dual index, but the slow order is at most a cap.
//!
//! Sun & Van Mieghem, *Robust Dual Sourcing Inventory Management: Optimality of Capped Dual Index
//! Policies and Smoothing*, Manufacturing & Service Operations Management 21 (2019) 912–931.

use super::{Expedite, Family, Parameter, Policy, positive, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "capped-dual-index",
    summary: "two sources: as dual-index, the slow order at most cap",
    parameters: &[Parameter::units("fast"), Parameter::units("slow"), Parameter::units("cap")],
    build: |values, _| {
        let [fast, slow, cap] = take("capped-dual-index", values)?;
        positive("capped-dual-index", "cap", cap)?;
        Ok(Policy {
            expedite: Some(Expedite { level: fast, counts_all: false }),
            ..Policy::constant(Rule::up_to(slow).at_most(cap), [slow, slow])
        })
    },
    batches: false,
    two_sources: true,
    size: |sizing| {
        let review = sizing.mean_demand * sizing.review_every_periods as f64;
        let cap = (1.2 * review).ceil().max(1.0);
        [sizing.fast_protection(), sizing.protection(), cap]
    },
    sentence: |values| {
        format!(
            "expedite what is missing to {} within its lead time, order the rest up to {}, at most {}",
            values[0], values[1], values[2]
        )
    },
};
