//! Base-stock: at every review, order up to a fixed level.
//!
//! Optimal without a fixed order cost — Arrow, Harris & Marschak, *Optimal Inventory Policy*,
//! Econometrica 19 (1951) 250–272.

use super::{Family, Parameter, Policy, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "base-stock",
    summary: "order up to a fixed level at every review",
    parameters: &[Parameter::units("level")],
    build: |values, _| {
        let [level] = take("base-stock", values)?;
        Ok(Policy::constant(Rule::up_to(level), [level, level]))
    },
    batches: false,
    two_sources: false,
    size: |sizing| [sizing.protection(), 0.0, 0.0],
    sentence: |values| format!("order up to {} at every review", values[0]),
};
