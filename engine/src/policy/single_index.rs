//! Single index: two sources and one position; below a first level order fast, up to a second slow.
//!
//! Scheller-Wolf, Veeraraghavan & van Houtum, *Effective Dual Sourcing with a Single Index Policy*
//! (2007).

use super::{Expedite, Family, Parameter, Policy, refuse, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "single-index",
    summary: "two sources: expedite up to fast, order up to slow, by one position",
    parameters: &[Parameter::units("fast"), Parameter::units("slow")],
    build: |values, _| {
        let [fast, slow] = take("single-index", values)?;
        if fast > slow {
            let reason =
                format!("fast is {fast} and slow is {slow}, but fast must not be above it");
            return Err(refuse("single-index", reason));
        }
        Ok(Policy {
            expedite: Some(Expedite { level: fast, counts_all: true }),
            ..Policy::constant(Rule::up_to(slow), [slow, slow])
        })
    },
    batches: false,
    two_sources: true,
    size: |sizing| {
        let slow = sizing.protection();
        let late = sizing.lead_time_periods - sizing.expedited_lead_time_periods.unwrap_or(0);
        let fast = sizing.fast_protection() + (sizing.mean_demand * late as f64).floor();
        [fast.min(slow), slow, 0.0]
    },
    sentence: |values| {
        format!("expedite what is missing to {}, order the rest up to {}", values[0], values[1])
    },
};
