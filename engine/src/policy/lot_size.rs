//! Lot-size, or (s, nQ): at or below `s`, order whole lots of `Q` until above `s`.
//!
//! One lot suffices unless a period's demand exceeds it; then as many as needed, which is (r, nQ) of
//! Zheng & Chen, *Inventory Policies with Quantized Ordering*, Naval Research Logistics 39 (1992)
//! 285–305.

use super::{Family, Parameter, Policy, positive, take};
use crate::Rule;

pub(super) const FAMILY: Family = Family {
    name: "lot-size",
    summary: "(s, nQ): at or below point, order whole lots until above it",
    parameters: &[Parameter::units("point"), Parameter::units("lot")],
    build: |values, _| {
        let [point, lot] = take("lot-size", values)?;
        positive("lot-size", "lot", lot)?;
        Ok(Policy::constant(Rule::lots(point, lot), [point, point + lot]))
    },
    batches: true,
    two_sources: false,
    size: |sizing| [sizing.protection(), sizing.order_quantity, 0.0],
    sentence: |values| format!("order lots of {} when at or below {}", values[1], values[0]),
};
