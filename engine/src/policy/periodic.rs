//! Periodic, or (R, S): every so many periods, order up to a fixed level.
//!
//! For items that are ordered on a rhythm of their own, slower than the study's review —
//! Hadley & Whitin, *Analysis of Inventory Systems* (1963), chapter 5.

use super::{Family, Parameter, Policy, Review, refuse, take};
use crate::Units;

pub(super) const FAMILY: Family = Family {
    name: "periodic",
    summary: "(R, S): every interval, order up to a fixed level",
    parameters: &[
        Parameter { name: "interval", unit: "periods" },
        Parameter { name: "level", unit: "units" },
    ],
    build: |values| {
        let [interval, level] = take("periodic", values)?;
        if interval < 1.0 || interval.fract() != 0.0 || interval > f64::from(u32::MAX) {
            let reason = format!("interval is {interval}, but must be a whole number from 1");
            return Err(refuse("periodic", reason));
        }
        Ok(Box::new(Periodic { interval: interval as usize, level }))
    },
    batches: true,
    size: |sizing| {
        // The rhythm that makes an average order the economic one, in whole reviews.
        let every = sizing.review_every_periods as f64;
        let reviews = (sizing.order_quantity / (sizing.mean_demand * every)).round().max(1.0);
        let interval = (reviews * every).min(f64::from(u16::MAX));
        [interval, (sizing.level)(sizing.lead_time_periods + interval as usize)]
    },
    sentence: |values| format!("order up to {} every {} periods", values[1], values[0]),
};

#[derive(Clone, Copy)]
struct Periodic {
    /// Review interval `R` \[periods\].
    interval: usize,
    /// Order-up-to level `S` \[units\].
    level: Units,
}

impl Policy for Periodic {
    #[inline(always)]
    fn order(&self, review: Review) -> Units {
        let due = review.period.is_multiple_of(self.interval);
        if due { (self.level - review.position).max(0.0) } else { 0.0 }
    }

    fn opening(&self, _share: f64) -> Units {
        self.level
    }

    fn rhythm(&self) -> usize {
        self.interval
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn orders_on_its_own_rhythm() {
        let policy = Periodic { interval: 7, level: 30.0 };
        let order = |period| policy.order(Review { period, on_hand: 0.0, position: 12.0 });
        assert_eq!([order(0), order(6), order(7), order(14)], [18.0, 0.0, 18.0, 18.0]);
    }
}
