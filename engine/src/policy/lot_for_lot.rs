//! Lot for lot: at every review, order what was taken since the last.
//!
//! Orders on demand: each order equals the demand since the one before, so that stock and orders
//! under way always make up the same reserve — Orlicky, *Material Requirements Planning* (1975).

use super::{Family, Parameter, Policy, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "lot-for-lot",
    summary: "order what was taken since the last review",
    parameters: &[Parameter::units("reserve")],
    build: |values, _| {
        let [reserve] = take("lot-for-lot", values)?;
        Ok(Policy::constant(Rule::up_to(reserve), [reserve, reserve]))
    },
    batches: false,
    two_sources: false,
    size: |sizing| [sizing.protection(), 0.0, 0.0],
    sentence: |values| format!("order what was taken, keeping {} on hand and on order", values[0]),
};
