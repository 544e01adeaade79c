//! Features of a period: what is known of it beforehand, and what is remembered.

use super::lags::{Lags, Windows};
use super::table::Table;
use crate::forecast::Past;

/// The most features, the constant among them.
const MOST: usize = 30;
/// The most that is remembered.
pub(in crate::forecast) const REMEMBERED: usize = 4;
/// Least observed periods, and of these with demand, that a regression takes.
const FEW: (usize, usize) = (24, 6);
/// Periods from which on a trend is looked for.
const TREND: usize = 24;
/// Penalties of the year's waves and of the trend, in those of other features: few years say little.
const OF_WAVES: f64 = 4.0;
const OF_TREND: f64 = 20.0;
/// Coefficients of the short and the long mean before looking.
const OF_SHORT: f64 = 0.25;
const OF_LONG: f64 = 0.6;
/// What is left of a trend's step after each period that comes.
const DAMPING: f64 = 0.9;

/// How the expected demand follows from the features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::forecast) enum Link {
    /// It is their sum.
    Identity,
    /// It is the exponential of their sum.
    Logarithm,
}

impl Link {
    /// What is remembered, as features.
    pub(in crate::forecast) fn features(self, lags: &Lags) -> [f64; REMEMBERED] {
        match self {
            Link::Identity => [lags.last(), lags.short, lags.long, lags.season()],
            Link::Logarithm => [libm::log1p(lags.short), libm::log1p(lags.long), 0.0, 0.0],
        }
    }
}

/// Which features a regression has: a constant, indicators of the inner cycle's places, waves of the
/// year, a trend, regressors; and what it remembers.
pub(in crate::forecast) struct Design {
    pub(in crate::forecast) link: Link,
    places: usize,
    /// Waves of the year.
    waves: usize,
    trend: bool,
    /// Number of each regressor that varies, and its least and largest value so far.
    regressors: Vec<(usize, f64, f64)>,
    pub(in crate::forecast) windows: Windows,
    /// Periods that the regression is fitted to.
    fitted: usize,
}

impl Design {
    /// The features that `past` gives; `None` if it says too little for any.
    pub(in crate::forecast) fn of(past: &Past<'_>, link: Link) -> Option<Design> {
        let (seen, sold) = past.seen_and_sold();
        if seen < FEW.0 || sold < FEW.1 {
            return None;
        }
        let frame = past.frame;
        let years = past.periods() as f64 / frame.periods_per_year;
        let monthly = frame.periods_per_year < 20.0;
        let waves = match years {
            _ if monthly && frame.inner.places > 1 => 0,
            years if years < 1.0 => 0,
            years if years < 1.9 => 1,
            _ => 2,
        };
        let varying = frame.regressors.iter().enumerate().filter_map(|(number, regressor)| {
            let values = past.observations().map(|(at, _)| regressor.at(at, past.periods()));
            let range = |(low, high): (f64, f64), value: f64| (low.min(value), high.max(value));
            let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), range);
            (high > low).then_some((number, low, high))
        });
        let mut design = Design {
            link,
            places: frame.inner.places,
            waves,
            trend: past.periods() >= TREND,
            regressors: Vec::new(),
            windows: Windows::of(past),
            fitted: past.periods(),
        };
        let room = MOST.saturating_sub(design.columns());
        design.regressors = varying.take(room).collect();
        Some(design)
    }

    /// Features that are known beforehand, the constant among them.
    pub(in crate::forecast) fn known(&self) -> usize {
        let places = if self.places > 1 { self.places } else { 0 };
        1 + places + 2 * self.waves + usize::from(self.trend) + self.regressors.len()
    }

    /// What is remembered.
    fn remembered(&self) -> usize {
        match (self.link, self.places) {
            (Link::Identity, 1) => 3,
            (Link::Identity, _) => 4,
            (Link::Logarithm, _) => 2,
        }
    }

    /// All features.
    pub(in crate::forecast) fn columns(&self) -> usize {
        self.known() + self.remembered()
    }

    /// Coefficients that are expected before looking: next is much as it has been.
    fn before(&self) -> Vec<f64> {
        let mut before = vec![0.0; self.columns()];
        let [short, long] = match self.link {
            Link::Identity => [1, 2],
            Link::Logarithm => [0, 1],
        };
        before[self.known() + short] = OF_SHORT;
        before[self.known() + long] = OF_LONG;
        before
    }

    /// How strongly each coefficient of a standardised feature is drawn to what is expected of it.
    pub(in crate::forecast) fn penalties(&self) -> Vec<f64> {
        let mut penalties = vec![1.0; self.columns()];
        penalties[0] = 0.0;
        let trend = self.known() - self.regressors.len() - usize::from(self.trend);
        penalties[trend - 2 * self.waves..trend].fill(OF_WAVES);
        if self.trend {
            penalties[trend] = OF_TREND;
        }
        penalties
    }

    /// Writes the features of `period` that are known beforehand.
    pub(in crate::forecast) fn write(&self, past: &Past<'_>, period: usize, row: &mut [f64]) {
        row.fill(0.0);
        row[0] = 1.0;
        let mut next = 1;
        if self.places > 1 {
            row[next + past.frame.at(period).inner] = 1.0;
            next += self.places;
        }
        let year = (past.first + period) as f64 / past.frame.periods_per_year;
        for wave in 1..=self.waves {
            let (sine, cosine) = libm::sincos(core::f64::consts::TAU * year * wave as f64);
            row[next..next + 2].copy_from_slice(&[sine, cosine]);
            next += 2;
        }
        if self.trend {
            let ahead = period.saturating_sub(self.fitted) as f64;
            let damped = DAMPING * (1.0 - libm::pow(DAMPING, ahead)) / (1.0 - DAMPING);
            row[next] = (period.min(self.fitted) as f64 + damped) / self.fitted as f64;
            next += 1;
        }
        for (cell, &(number, low, high)) in row[next..].iter_mut().zip(&self.regressors) {
            *cell = past.frame.regressors[number].at(period, past.periods()).clamp(low, high);
        }
    }

    /// Features and demand of the periods of `past` in which it was seen, without the first ones,
    /// before which there is nothing to remember.
    pub(in crate::forecast) fn table(&self, past: &Past<'_>) -> Table {
        let (known, columns) = (self.known(), self.columns());
        let mut table = Table::new(past.periods(), self.before());
        let skipped = self.windows.short.min(past.periods() / 4);
        let mut row = vec![0.0; columns];
        Lags::new(self.windows).through(past, |period, demand, lags| {
            if period < skipped {
                return;
            }
            self.write(past, period, &mut row[..known]);
            row[known..].copy_from_slice(&self.link.features(lags)[..columns - known]);
            table.push(&row, demand);
        });
        table
    }
}
