//! What items alike say of an item of which little is known: how much is demanded, how different
//! items are, how demand scatters, and its seasons.

use bytemuck::{Pod, Zeroable};

use super::Past;
use crate::calendar::Calendar;
use crate::special::{digamma, trigamma};

/// What one item says: numbers alone, so that it can be sent as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Summary {
    /// Periods in which demand was seen.
    pub periods: f64,
    /// Mean demand of these \[counts/period\].
    pub mean: f64,
    /// `(s² − m)/m²` of demand less its season: what the variance of counts exceeds that of Poisson
    /// ones by, `1/k` of a negative binomial.
    pub dispersion: f64,
    /// By weekday: sum of demand in means, and over how many periods.
    pub weekdays: [[f64; 2]; 7],
    /// The same by month of the year, of items that were seen for almost two years.
    pub months: [[f64; 2]; 12],
}

/// Observed years that say something of the seasons of the year.
const YEARS: f64 = 1.9;

impl Summary {
    /// What the item with `past` says.
    pub fn of(past: &Past<'_>) -> Summary {
        let (seen, _) = past.seen_and_sold();
        let mean = past.mean();
        let mut summary = Summary { periods: seen as f64, mean, ..Summary::default() };
        if mean <= 0.0 {
            return summary;
        }
        let long = past.periods() as f64 >= YEARS * past.frame.periods_per_year;
        for (period, demand) in past.observations() {
            let (weekday, month) = places(past.calendar, past.first + period);
            let cells = [
                weekday.map(|weekday| &mut summary.weekdays[weekday]),
                long.then(|| &mut summary.months[month]),
            ];
            for cell in cells.into_iter().flatten() {
                cell[0] += demand / mean;
                cell[1] += 1.0;
            }
        }
        let seasons = Seasons::of(&summary.weekdays, &summary.months, &Seasons::none());
        let (mut squares, mut expected) = (0.0, 0.0);
        for (period, demand) in past.observations() {
            let own = mean * seasons.at(past.calendar, past.first + period);
            squares += (demand - own) * (demand - own) - own;
            expected += own * own;
        }
        // A mean that was estimated lies closer than the true one: by one period of all.
        let corrected = squares + mean * (1.0 + mean * squares.max(0.0) / expected);
        summary.dispersion = corrected / expected;
        summary
    }
}

/// Weekday, if periods are days, and month of a period of the study.
fn places(calendar: &Calendar, period: usize) -> (Option<usize>, usize) {
    (calendar.weekday_of(period), calendar.month_of(period))
}

/// Seasonal factors of a group of items, by weekday and month.
#[derive(Clone, Debug, PartialEq)]
pub struct Seasons {
    /// How many times the average is demanded on each weekday.
    pub weekdays: [f64; 7],
    /// The same by month.
    pub months: [f64; 12],
}

/// Periods that a factor known beforehand weighs as many as, whatever the scatter.
const PRIOR: f64 = 20.0;

impl Seasons {
    /// No season.
    pub fn none() -> Seasons {
        Seasons { weekdays: [1.0; 7], months: [1.0; 12] }
    }

    /// Factors of sums of demand in means and numbers of periods, drawn to those known `before`.
    pub fn of(weekdays: &[[f64; 2]; 7], months: &[[f64; 2]; 12], before: &Seasons) -> Seasons {
        Seasons {
            weekdays: shrunk(weekdays, &before.weekdays),
            months: shrunk(months, &before.months),
        }
    }

    /// The factor of a period of the study.
    pub fn at(&self, calendar: &Calendar, period: usize) -> f64 {
        let (weekday, month) = places(calendar, period);
        let of_week = weekday.map_or(1.0, |weekday| self.weekdays[weekday]);
        of_week * self.months[month]
    }
}

/// Factors drawn to those `before`, and at least a thousandth.
fn shrunk<const PLACES: usize>(sums: &[[f64; 2]; PLACES], before: &[f64; PLACES]) -> [f64; PLACES] {
    let factor = |place: usize| {
        let [demand, periods] = sums[place];
        ((demand + PRIOR * before[place]) / (periods + PRIOR)).max(1e-3)
    };
    std::array::from_fn(factor)
}

/// What a group of items says.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Items that say something.
    pub items: usize,
    /// Shape of the gamma distribution of levels between items.
    pub shape: f64,
    /// Mean of the levels \[counts/period\].
    pub mean: f64,
    /// Size `k` of demand's variance `μ + μ²/k`.
    pub size: f64,
    /// Seasonal factors of the group.
    pub seasons: Seasons,
}

/// Fewest periods of an item that says something.
const FEWEST: f64 = 8.0;
/// Fewest items of a group.
const FEW: usize = 5;
/// Least variance of the logarithm of levels.
const LEAST: f64 = 0.01;

impl Pool {
    /// The pool of `summaries`, one an item, which are added up in their order; `None` if they are
    /// too few.
    ///
    /// Logarithms of levels have a mean and a variance, less the variance of the estimates by the
    /// method of moments; the gamma distribution is the one whose logarithm has these, `ψ(a) − ln b`
    /// and `ψ′(a)`.
    pub fn of<'a>(summaries: impl IntoIterator<Item = &'a Summary>) -> Option<Pool> {
        let known: Vec<&Summary> =
            summaries.into_iter().filter(|summary| summary.periods >= FEWEST).collect();
        if known.len() < FEW {
            return None;
        }
        let dispersion = dispersion(&known);
        let levels: Vec<(f64, f64)> = known.iter().map(|item| level(item, dispersion)).collect();
        let count = levels.len() as f64;
        let mean = levels.iter().map(|(level, _)| level).sum::<f64>() / count;
        let square = |(level, error): &(f64, f64)| (level - mean) * (level - mean) - error;
        let variance = (levels.iter().map(square).sum::<f64>() / (count - 1.0)).max(LEAST);
        let shape = inverse_trigamma(variance);
        Some(Pool {
            items: known.len(),
            shape,
            mean: shape * libm::exp(mean - digamma(shape)),
            size: 1.0 / dispersion,
            seasons: seasons(&known),
        })
    }
}

/// Logarithm of an item's level, half a count added, and the variance of that estimate.
fn level(item: &Summary, dispersion: f64) -> (f64, f64) {
    let counts = item.periods * item.mean + 0.5;
    (libm::log(counts / item.periods), 1.0 / counts + dispersion / item.periods)
}

/// Mean of the items' dispersions, each weighing as its periods, and less where counts are so low
/// that they hardly say anything of it.
fn dispersion(items: &[&Summary]) -> f64 {
    let (mut sum, mut weights) = (0.0, 0.0);
    for item in items.iter().filter(|item| item.mean > 0.0) {
        let weight = item.periods * information(item.mean);
        sum += weight * item.dispersion.min(MOST);
        weights += weight;
    }
    if weights > 0.0 { (sum / weights).clamp(1e-4, MOST) } else { 1.0 }
}

/// The most dispersion of an item that counts.
const MOST: f64 = 20.0;

/// What a period says of the dispersion, by its mean: the estimate's variance goes with `1/μ²` where
/// that is low.
pub(super) fn information(mean: f64) -> f64 {
    let share = mean / (1.0 + mean);
    share * share
}

/// Seasons of all items together, each weighing less the fewer it sells.
fn seasons(items: &[&Summary]) -> Seasons {
    let (mut weekdays, mut months) = ([[0.0; 2]; 7], [[0.0; 2]; 12]);
    for item in items {
        let weight = item.mean / (1.0 + item.mean);
        add(&mut weekdays, &item.weekdays, weight);
        add(&mut months, &item.months, weight);
    }
    Seasons::of(&weekdays, &months, &Seasons::none())
}

fn add<const PLACES: usize>(sums: &mut [[f64; 2]; PLACES], of: &[[f64; 2]; PLACES], weight: f64) {
    for (sum, own) in sums.as_flattened_mut().iter_mut().zip(of.as_flattened()) {
        *sum += weight * own;
    }
}

/// Where the trigamma function, which falls, is `value`: by bisection in the logarithm.
fn inverse_trigamma(value: f64) -> f64 {
    let (mut low, mut high) = (-7.0, 7.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if trigamma(libm::exp(middle)) > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    libm::exp(0.5 * (low + high))
}

#[cfg(test)]
mod tests;
