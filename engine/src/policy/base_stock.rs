//! Base-stock: at every review, order up to a fixed level.
//!
//! Optimal without a fixed order cost — Arrow, Harris & Marschak, *Optimal
//! Inventory Policy*, Econometrica 19 (1951) 250–272.

use super::{Family, Parameter, Policy, Review, take};
use crate::Units;

pub(super) const FAMILY: Family = Family {
    name: "base-stock",
    summary: "order up to a fixed level at every review",
    parameters: &[Parameter { name: "level", unit: "units" }],
    build: |values| {
        let [level] = take("base-stock", values)?;
        Ok(Box::new(BaseStock { level }))
    },
    batches: false,
    size: |sizing| [(sizing.level)(sizing.lead_time_periods + sizing.review_every_periods), 0.0],
    sentence: |values| format!("order up to {} at every review", values[0]),
};

#[derive(Clone, Copy)]
struct BaseStock {
    /// Order-up-to level `S` \[units\].
    level: Units,
}

impl Policy for BaseStock {
    #[inline(always)]
    fn order(&self, review: Review) -> Units {
        (self.level - review.position).max(0.0)
    }

    fn opening(&self, _share: f64) -> Units {
        self.level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raises_the_position_to_the_level() {
        let order =
            BaseStock { level: 60.0 }.order(Review { period: 0, on_hand: 50.0, position: 52.5 });
        assert_eq!(order, 7.5);
    }
}
