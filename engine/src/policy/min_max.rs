//! Min-max, or (s, S): at or below `s`, order up to `S`.
//!
//! Optimal with a fixed order cost — Scarf, *The Optimality of (S, s) Policies in
//! the Dynamic Inventory Problem*, in Mathematical Methods in the Social Sciences
//! (1960) 196–202.

use super::{Family, Parameter, Policy, Review, refuse, take};
use crate::Units;

pub(super) const FAMILY: Family = Family {
    name: "min-max",
    summary: "(s, S): at or below min, order up to max",
    parameters: &[
        Parameter { name: "min", unit: "units" },
        Parameter { name: "max", unit: "units" },
    ],
    build: |values| {
        let [min, max] = take("min-max", values)?;
        if min >= max {
            let reason = format!("min is {min} and max is {max}, but min must be below max");
            return Err(refuse("min-max", reason));
        }
        Ok(Box::new(MinMax { min, max }))
    },
    batches: true,
    size: |sizing| {
        let min = (sizing.level)(sizing.lead_time_periods + sizing.review_every_periods);
        [min, min + sizing.order_quantity]
    },
    sentence: |values| format!("order up to {} when at or below {}", values[1], values[0]),
};

#[derive(Clone, Copy)]
struct MinMax {
    /// Reorder level `s` \[units\].
    min: Units,
    /// Order-up-to level `S` \[units\].
    max: Units,
}

impl Policy for MinMax {
    #[inline(always)]
    fn order(&self, review: Review) -> Units {
        if review.position <= self.min { self.max - review.position } else { 0.0 }
    }

    fn opening(&self, share: f64) -> Units {
        self.max - (share * (self.max - self.min)).floor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_at_the_reorder_level_and_not_above_it() {
        let policy = MinMax { min: 6.0, max: 40.0 };
        let order = |position| policy.order(Review { period: 0, on_hand: position, position });
        assert_eq!(order(6.0), 34.0);
        assert_eq!(order(7.0), 0.0);
    }

    #[test]
    fn min_above_max_is_refused() {
        let refusal = (FAMILY.build)(&[40.0, 6.0]).err().unwrap();
        assert_eq!(
            refusal.to_string(),
            "policy `min-max`: min is 40 and max is 6, but min must be below max"
        );
    }
}
