//! Sales far above what an item usually sells: a wholesale order, a slip of the keyboard.
//!
//! Hampel's identifier: what lies further from the median than so many times the median absolute
//! deviation (Davies & Gather, *The Identification of Multiple Outliers*, Journal of the American
//! Statistical Association 88 (1993) 782–792), of the logarithms of what was sold in periods with
//! sales. Both medians stay where they are until half of the periods are outliers. Weekdays that
//! sell differently are compared with themselves.

use crate::calendar::{Calendar, Length};
use crate::history::Series;

/// A period that sold far more than usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outlier {
    /// Place in the series.
    pub place: usize,
    /// What was sold \[units\].
    pub units: f64,
    /// The most that would have been no outlier \[units\].
    pub most: f64,
}

/// Distance from the median that makes an outlier, in deviations.
const FAR: f64 = 5.0;
/// Standard deviations in a median absolute deviation, if the distribution is normal.
pub(crate) const CONSISTENT: f64 = 1.482_602_218_505_602;
/// Least deviation of logarithms: small counts differ by a factor of two by chance.
const LEAST: f64 = 0.35;
/// Periods with sales below which nothing is judged; the same for each weekday.
const FEW: usize = 12;

/// The outliers of a series, in order of time.
pub fn outliers(series: &Series, calendar: &Calendar) -> Vec<Outlier> {
    let sold = |i: &usize| series.observed[*i] && series.units[*i] > 0.0;
    let places: Vec<usize> = (0..series.units.len()).filter(sold).collect();
    if places.len() < FEW {
        return Vec::new();
    }
    let logarithm = |i: usize| libm::log1p(series.units[i]);
    let all = median(places.iter().map(|&i| logarithm(i)).collect());
    let weekday = |i: usize| match calendar.length() {
        Length::Day => calendar.weekday_of(series.first + i).unwrap_or(0),
        _ => 0,
    };
    let center: [f64; 7] = std::array::from_fn(|day| {
        let own: Vec<f64> =
            places.iter().filter(|&&i| weekday(i) == day).map(|&i| logarithm(i)).collect();
        if own.len() < FEW { all } else { median(own) }
    });
    let away = |i: usize| (logarithm(i) - center[weekday(i)]).abs();
    let deviation = CONSISTENT * median(places.iter().map(|&i| away(i)).collect());
    let reach = FAR * deviation.max(LEAST);
    let judged = places.iter().map(|&place| {
        let most = libm::expm1(center[weekday(place)] + reach).floor();
        Outlier { place, units: series.units[place], most }
    });
    judged.filter(|outlier| outlier.units > outlier.most).collect()
}

/// The middle of `values`, of which there is one at least.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() % 2 {
        0 => 0.5 * (values[middle - 1] + values[middle]),
        _ => values[middle],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Date, Weekday};
    use crate::demand::{Demand, NegativeBinomial, Poisson};
    use crate::stream::{Purpose, Streams};

    fn calendar() -> Calendar {
        let first = Date::from_ymd(2024, 1, 1).unwrap();
        Calendar::new(Length::Day, Weekday::Monday, &[], &[], first)
    }

    /// A year of draws.
    fn series(number: usize, demand: impl Fn(usize) -> Box<dyn Demand>) -> Series {
        let streams = Streams::new(1, Purpose::Demand, 7, "outliers");
        let units: Vec<f64> = (0..364)
            .map(|day| {
                let masses = demand(day).masses(1.0);
                let total: f64 = masses.weights.iter().sum();
                let word = streams.words(number as u32, day as u32)[0];
                let mut rest = (f64::from(word) + 0.5) / 4_294_967_296.0 * total;
                let drawn = masses.values.iter().zip(&masses.weights).find(|(_, weight)| {
                    rest -= *weight;
                    rest < 0.0
                });
                *drawn.unwrap().0
            })
            .collect();
        Series::new("bolts", 0, units)
    }

    #[test]
    fn a_wholesale_order_is_found_and_busy_days_are_not() {
        for number in 0..40 {
            let mut shop = series(number, |day| {
                let mean = if day % 7 == 5 { 40.0 } else { 4.0 };
                Box::new(NegativeBinomial { mean, size: 3.0 })
            });
            assert_eq!(outliers(&shop, &calendar()), []);
            shop.units[100] = 900.0;
            let found = outliers(&shop, &calendar());
            assert_eq!(found.len(), 1, "{found:?}");
            assert_eq!((found[0].place, found[0].units), (100, 900.0));
            assert!(found[0].most > 30.0 && found[0].most < 900.0, "{found:?}");
        }
    }

    /// Slow and lumpy items have no outliers by their nature.
    #[test]
    fn chance_makes_few_outliers() {
        let mut found = 0;
        for number in 0..100 {
            for size in [0.3, 1.0, 5.0] {
                let lumpy = series(number, |_| Box::new(NegativeBinomial { mean: 2.0, size }));
                found += outliers(&lumpy, &calendar()).len();
            }
            let slow = series(number, |_| Box::new(Poisson { mean: 0.2 }));
            found += outliers(&slow, &calendar()).len();
        }
        // 400 years of 364 days.
        assert!(found <= 4, "{found}");
    }

    #[test]
    fn little_is_not_judged_and_half_may_be_wrong() {
        let mut few = series(0, |_| Box::new(Poisson { mean: 5.0 }));
        few.units.truncate(FEW - 1);
        few.units[3] = 1e9;
        assert_eq!(outliers(&few, &calendar()), []);
        let mut wrong = series(1, |_| Box::new(Poisson { mean: 5.0 }));
        for day in (0..364).step_by(3) {
            wrong.units[day] = 5_000.0;
        }
        assert_eq!(outliers(&wrong, &calendar()).len(), 122);
        assert_eq!(median(vec![3.0, 1.0, 2.0, 9.0]), 2.5);
    }
}
