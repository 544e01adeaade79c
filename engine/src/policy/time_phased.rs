//! Time-phased: at every review, order up to the forecast of the coming periods and a reserve.
//!
//! A level a period, planned ahead and followed as demand comes: the *static-dynamic* strategy of
//! Bookbinder & Tan, *Strategies for the Probabilistic Lot-Sizing Problem with Service-Level
//! Constraints*, Management Science 34 (1988) 1096–1108, with an order at every review.

use super::{Family, Parameter, take};

pub(super) const FAMILY: Family = Family {
    name: "time-phased",
    summary: "order up to the forecast until the next order arrives, and a reserve",
    parameters: &[Parameter::units("reserve")],
    build: |values, outlook| {
        let [reserve] = take("time-phased", values)?;
        Ok(outlook
            .phased(|period| reserve + outlook.over(period, outlook.protection_periods as f64)))
    },
    batches: false,
    two_sources: false,
    size: |sizing| {
        let periods = sizing.lead_time_periods + sizing.review_every_periods;
        [(sizing.level)(periods) - (sizing.mean_demand * periods as f64).floor(), 0.0, 0.0]
    },
    sentence: |values| {
        format!("order up to the forecast of lead time and review, and {} more", values[0])
    },
};
