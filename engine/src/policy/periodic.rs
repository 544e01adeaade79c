//! Periodic, or (R, S): every so many periods, order up to a fixed level.
//!
//! For items that are ordered on a rhythm of their own, slower than the study's review — Hadley &
//! Whitin, *Analysis of Inventory Systems* (1963), chapter 5.

use super::{Family, Parameter, Policy, interval, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "periodic",
    summary: "(R, S): every interval, order up to a fixed level",
    parameters: &[Parameter::periods("interval"), Parameter::units("level")],
    build: |values, _| {
        let [every, level] = take("periodic", values)?;
        let every = interval("periodic", every)?;
        Ok(Policy::every(every, Rule::up_to(level), [level, level]))
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        let interval = sizing.interval();
        [interval, sizing.level_over(interval), 0.0]
    },
    sentence: |values| format!("order up to {} every {} periods", values[1], values[0]),
};
