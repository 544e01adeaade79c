//! Modified min-max, or (s, S, q): at or below `s`, order up to `S`, but at most `q`.
//!
//! Close to the optimum with lost sales and a fixed order cost — Bijvank, Bhulai & Huh, *Parametric
//! Replenishment Policies for Inventory Systems with Lost Sales and Fixed Order Cost*, European
//! Journal of Operational Research 241 (2015) 381–390.

use super::{Family, Parameter, Policy, below, positive, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "min-max-capped",
    summary: "(s, S, q): at or below min, order up to max, at most cap",
    parameters: &[Parameter::units("min"), Parameter::units("max"), Parameter::units("cap")],
    build: |values, _| {
        let [min, max, cap] = take("min-max-capped", values)?;
        below("min-max-capped", ("min", min), ("max", max))?;
        positive("min-max-capped", "cap", cap)?;
        Ok(Policy::constant(Rule::at(min, max).at_most(cap), [min, max]))
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        let min = sizing.protection();
        let quantity = sizing.order_quantity;
        [min, min + quantity, (1.2 * quantity).ceil()]
    },
    sentence: |values| {
        format!(
            "order up to {} when at or below {}, but at most {}",
            values[1], values[0], values[2]
        )
    },
};
