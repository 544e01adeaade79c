//! Can-order, or (s, c, S): at or below `s`, order up to `S`; at or below `c`, join an order.
//!
//! For items of one supplier that share the cost of an order — Balintfy, *On a Basic Class of
//! Multi-Item Inventory Problems*, Management Science 10 (1964) 287–297. An item alone has nothing to
//! join and follows (s, S).

use super::{Family, Parameter, Policy, below, refuse, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "can-order",
    summary: "(s, c, S): order up to max at min, or at can when another item orders",
    parameters: &[Parameter::units("min"), Parameter::units("can"), Parameter::units("max")],
    build: |values, _| {
        let [min, can, max] = take("can-order", values)?;
        below("can-order", ("min", min), ("max", max))?;
        below("can-order", ("can", can), ("max", max))?;
        if can < min {
            let reason = format!("can is {can} and min is {min}, but can must not be below min");
            return Err(refuse("can-order", reason));
        }
        Ok(Policy { joins_at: Some(can), ..Policy::constant(Rule::at(min, max), [min, max]) })
    },
    batches: true,
    two_sources: false,
    size: |sizing| {
        let min = sizing.protection();
        let quantity = sizing.order_quantity;
        [min, min + (quantity / 2.0).floor(), min + quantity]
    },
    sentence: |values| {
        format!(
            "order up to {} when at or below {}, or at or below {} if the supplier gets an order",
            values[2], values[0], values[1]
        )
    },
};
