//! Prices and promotions of an item, period by period.

use super::row::Row;

/// Sums over an item's days, by period.
pub(super) struct Days {
    periods: Vec<Sums>,
    priced: bool,
    promoted: bool,
}

/// Of one period.
#[derive(Clone, Copy, Default)]
struct Sums {
    days: f32,
    promoted: f32,
    /// Days with a price, and the sum of their prices.
    priced: f64,
    prices: f64,
}

impl Days {
    pub(super) fn new(periods: usize) -> Days {
        Days { periods: vec![Sums::default(); periods], priced: false, promoted: false }
    }

    /// Enters the rows of one `day`, which belongs to a period: it costs the lowest of their prices.
    pub(super) fn enter(&mut self, period: usize, day: &[Row], prices: &[f64]) {
        let sums = &mut self.periods[period];
        sums.days += 1.0;
        if day.iter().any(Row::promoted) {
            sums.promoted += 1.0;
            self.promoted = true;
        }
        let paid = day.iter().filter_map(|row| row.price().and_then(|number| prices.get(number)));
        if let Some(price) = paid.copied().min_by(f64::total_cmp) {
            sums.priced += 1.0;
            sums.prices += price;
            self.priced = true;
        }
    }

    /// Mean price of each period's days \[currency/unit\]; where there is none, the last before it
    /// or else the first after it.
    pub(super) fn prices(&self) -> Vec<f32> {
        if !self.priced {
            return Vec::new();
        }
        let mean = |sums: &Sums| (sums.priced > 0.0).then(|| (sums.prices / sums.priced) as f32);
        let mut last = self.periods.iter().find_map(mean).unwrap_or(0.0);
        let known = self.periods.iter().map(|sums| {
            last = mean(sums).unwrap_or(last);
            last
        });
        known.collect()
    }

    /// Share of each period's days on promotion.
    pub(super) fn promotions(&self) -> Vec<f32> {
        if !self.promoted {
            return Vec::new();
        }
        self.periods.iter().map(|sums| sums.promoted / sums.days.max(1.0)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenarios::Date;

    #[test]
    fn a_period_has_the_mean_of_its_days_and_a_gap_the_last_before_it() {
        let row = |price: u32, promoted: bool| {
            Row::new(0, Date::from_days(0), 1.0, 2).with(price, promoted, false)
        };
        let mut days = Days::new(4);
        // Numbers of prices are one more than their places.
        days.enter(1, &[row(1, true), row(2, false)], &[8.0, 4.0]);
        days.enter(1, &[row(1, false)], &[8.0, 4.0]);
        days.enter(3, &[row(0, false)], &[8.0, 4.0]);
        assert_eq!(days.prices(), [6.0; 4]);
        assert_eq!(days.promotions(), [0.0, 0.5, 0.0, 0.0]);
        let none = Days::new(3);
        assert!(none.prices().is_empty() && none.promotions().is_empty());
    }
}
