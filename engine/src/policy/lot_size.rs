//! Lot-size, or (s, Q): at or below `s`, order whole lots of `Q` until above `s`.
//!
//! One lot suffices unless a period's demand exceeds it; then as many as needed, which is
//! (R, nQ) of Zheng & Chen, *Inventory Policies with Quantized Ordering*, Naval Research
//! Logistics 39 (1992) 285–305.

use super::{Family, Parameter, Policy, Review, refuse, take};
use crate::Units;

pub(super) const FAMILY: Family = Family {
    name: "lot-size",
    summary: "(s, Q): at or below point, order whole lots until above it",
    parameters: &[
        Parameter { name: "point", unit: "units" },
        Parameter { name: "lot", unit: "units" },
    ],
    build: |values| {
        let [point, lot] = take("lot-size", values)?;
        if lot <= 0.0 {
            return Err(refuse("lot-size", format!("lot is {lot}, but must be positive")));
        }
        Ok(Box::new(LotSize { point, lot }))
    },
    batches: true,
    size: |sizing| {
        let point = (sizing.level)(sizing.lead_time_periods + sizing.review_every_periods);
        [point, sizing.order_quantity]
    },
    sentence: |values| format!("order lots of {} when at or below {}", values[1], values[0]),
};

#[derive(Clone, Copy)]
struct LotSize {
    /// Reorder point `s` \[units\].
    point: Units,
    /// Lot size `Q` \[units\].
    lot: Units,
}

impl Policy for LotSize {
    #[inline(always)]
    fn order(&self, review: Review) -> Units {
        let lots = ((self.point - review.position) / self.lot).floor() + 1.0;
        lots.max(0.0) * self.lot
    }

    fn opening(&self, share: f64) -> Units {
        self.point + self.lot - (share * self.lot).floor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_above_the_point_by_at_most_a_lot() {
        let policy = LotSize { point: 20.0, lot: 6.0 };
        for position in [-13.0, 0.0, 8.0, 14.0, 19.5, 20.0] {
            let after = position + policy.order(Review { period: 0, on_hand: 0.0, position });
            assert!(after > 20.0 && after <= 26.0, "{position} → {after}");
        }
        assert_eq!(policy.order(Review { period: 0, on_hand: 0.0, position: 20.5 }), 0.0);
    }
}
