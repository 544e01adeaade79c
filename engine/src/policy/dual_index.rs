//! Dual index: two sources, each with a position of its own.
//!
//! The fast one watches what arrives within its lead time, the slow one all that is on order —
//! Veeraraghavan & Scheller-Wolf, *Now or Later: A Simple Policy for Effective Dual Sourcing in
//! Capacitated Systems*, Operations Research 56 (2008) 850–864.

use super::{Expedite, Family, Parameter, Policy, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "dual-index",
    summary: "two sources: expedite by what arrives soon, order by all on order",
    parameters: &[Parameter::units("fast"), Parameter::units("slow")],
    build: |values, _| {
        let [fast, slow] = take("dual-index", values)?;
        Ok(Policy {
            expedite: Some(Expedite { level: fast, counts_all: false }),
            ..Policy::constant(Rule::up_to(slow), [slow, slow])
        })
    },
    batches: false,
    two_sources: true,
    size: |sizing| [sizing.fast_protection(), sizing.protection(), 0.0],
    sentence: |values| {
        format!(
            "expedite what is missing to {} within its lead time, order the rest up to {}",
            values[0], values[1]
        )
    },
};
