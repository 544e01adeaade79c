//! Min-max, or (s, S): at or below `s`, order up to `S`.
//!
//! Optimal with a fixed order cost — Scarf, *The Optimality of (S, s) Policies in the Dynamic
//! Inventory Problem*, in Mathematical Methods in the Social Sciences (1960) 196–202.

use super::{Family, Parameter, Policy, below, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "min-max",
    summary: "(s, S): at or below min, order up to max",
    parameters: &[Parameter::units("min"), Parameter::units("max")],
    build: |values, _| {
        let [min, max] = take("min-max", values)?;
        below("min-max", ("min", min), ("max", max))?;
        Ok(Policy::constant(Rule::at(min, max), [min, max]))
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        let min = sizing.protection();
        [min, min + sizing.order_quantity, 0.0]
    },
    sentence: |values| format!("order up to {} when at or below {}", values[1], values[0]),
};
