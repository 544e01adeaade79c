//! What regressions have in common: which features of a period they look at, and the recursion that
//! goes on with what they foresaw.

use std::sync::Arc;

use super::frame::At;
use super::noise::Noise;
use super::recursive::{Recursion, Recursive, replayed};
use super::{Forecast, Past};
use lags::{Lags, Windows};

pub(super) mod cholesky;
pub(super) mod lags;
pub(super) mod likelihood;
#[cfg(test)]
pub(super) mod sample;

/// The most features, the constant among them.
pub(super) const MOST: usize = 30;
/// The most that is remembered.
const REMEMBERED: usize = 4;
/// Least observed periods, and of these with demand, that a regression takes.
const FEW: (usize, usize) = (24, 6);
/// Periods from which on a trend is looked for.
const TREND: usize = 24;
/// Penalties of the year's waves and of the trend, in those of other features: few years say little.
const OF_WAVES: f64 = 4.0;
const OF_TREND: f64 = 10.0;
/// The most that coefficients of what is remembered sum up to: beyond, demand would run away.
const LASTING: f64 = 0.97;
/// What is left of a trend's step after each period that comes.
const DAMPING: f64 = 0.9;
/// How many times as large a mean as ever in the past may come.
const LARGEST: f64 = 4.0;

/// How the expected demand follows from the features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    /// It is their sum.
    Identity,
    /// It is the exponential of their sum.
    Logarithm,
}

impl Link {
    /// What is remembered, as features.
    fn features(self, lags: &Lags) -> [f64; REMEMBERED] {
        match self {
            Link::Identity => [lags.last(), lags.short, lags.long, lags.season()],
            Link::Logarithm => [libm::log1p(lags.short), libm::log1p(lags.long), 0.0, 0.0],
        }
    }
}

/// Which features a regression has: a constant, indicators of the inner cycle's places, waves of the
/// year, a trend, regressors; and what it remembers.
pub(super) struct Design {
    link: Link,
    places: usize,
    /// Waves of the year.
    waves: usize,
    trend: bool,
    /// Number of each regressor that varies, and its least and largest value so far.
    regressors: Vec<(usize, f64, f64)>,
    windows: Windows,
    /// Periods that the regression is fitted to.
    fitted: usize,
}

impl Design {
    /// The features that `past` gives; `None` if it says too little for any.
    pub(super) fn of(past: &Past<'_>, link: Link) -> Option<Design> {
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
    fn known(&self) -> usize {
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
    pub(super) fn columns(&self) -> usize {
        self.known() + self.remembered()
    }

    /// How strongly each coefficient of a standardised feature is drawn towards 0.
    pub(super) fn penalties(&self) -> Vec<f64> {
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
    fn write(&self, past: &Past<'_>, period: usize, row: &mut [f64]) {
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
    pub(super) fn table(&self, past: &Past<'_>) -> Table {
        let (known, columns) = (self.known(), self.columns());
        let mut table = Table {
            columns,
            cells: Vec::with_capacity(past.periods() * columns),
            targets: Vec::with_capacity(past.periods()),
            means: vec![0.0; columns],
            scales: vec![1.0; columns],
        };
        let skipped = self.windows.short.min(past.periods() / 4);
        let mut row = vec![0.0; columns];
        Lags::new(self.windows).through(past, |period, demand, lags| {
            if period < skipped {
                return;
            }
            self.write(past, period, &mut row[..known]);
            row[known..].copy_from_slice(&self.link.features(lags)[..columns - known]);
            table.cells.extend_from_slice(&row);
            table.targets.push(demand);
        });
        table
    }
}

impl Design {
    /// A regression with the coefficients of standardised features. Those of what is remembered are
    /// made smaller if their sum is too large, and the constant such that the mean stays.
    pub(super) fn regression(self, table: &Table, found: Vec<f64>, freedom: f64) -> Regression {
        let mut coefficients = table.restored(found);
        let known = self.known();
        let sum: f64 = coefficients[known..].iter().sum();
        if sum > LASTING {
            for column in known..self.columns() {
                let less = coefficients[column] * (1.0 - LASTING / sum);
                coefficients[column] -= less;
                coefficients[0] += less * table.means[column];
            }
        }
        Regression { design: self, coefficients, freedom }
    }
}

/// Rows of features, each with the demand that came.
pub(super) struct Table {
    pub(super) columns: usize,
    pub(super) cells: Vec<f64>,
    pub(super) targets: Vec<f64>,
    /// What was subtracted from each column, and what it was divided by then.
    means: Vec<f64>,
    scales: Vec<f64>,
}

impl Table {
    /// Rows.
    pub(super) fn rows(&self) -> usize {
        self.targets.len()
    }

    /// The same with columns of mean 0 and variance 1, but for the first, which is the constant, and
    /// those that do not vary, which become 0.
    pub(super) fn standardised(mut self) -> Table {
        let count = self.rows() as f64;
        let (mut means, mut squares) = (vec![0.0; self.columns], vec![0.0; self.columns]);
        for row in self.cells.chunks(self.columns) {
            means.iter_mut().zip(row).for_each(|(sum, cell)| *sum += cell / count);
        }
        means[0] = 0.0;
        for row in self.cells.chunks(self.columns) {
            for ((sum, cell), mean) in squares.iter_mut().zip(row).zip(&means) {
                *sum += (cell - mean) * (cell - mean) / count;
            }
        }
        squares[0] = 1.0;
        let scale = |(square, mean): (&f64, &f64)| {
            let varies = *square > 1e-18 * mean * mean && *square > 0.0;
            if varies { square.sqrt() } else { f64::INFINITY }
        };
        self.scales = squares.iter().zip(&means).map(scale).collect();
        self.means = means;
        for row in self.cells.chunks_mut(self.columns) {
            for ((cell, mean), scale) in row.iter_mut().zip(&self.means).zip(&self.scales) {
                *cell = (*cell - mean) / scale;
            }
        }
        self
    }

    /// Coefficients of the features as they were from those of the standardised ones.
    pub(super) fn restored(&self, mut coefficients: Vec<f64>) -> Vec<f64> {
        for column in 1..self.columns {
            coefficients[column] /= self.scales[column];
            coefficients[0] -= coefficients[column] * self.means[column];
        }
        coefficients
    }

    /// The lower triangle of `Σ w·x·xᵀ` and `Σ w·z·x` over the rows `x`, with weights and targets.
    pub(super) fn gram(&self, weights: &[f64], targets: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let size = self.columns;
        let (mut gram, mut moments) = (vec![0.0; size * size], vec![0.0; size]);
        for ((row, weight), target) in self.cells.chunks(size).zip(weights).zip(targets) {
            for left in 0..size {
                let weighted = weight * row[left];
                if weighted == 0.0 {
                    continue;
                }
                moments[left] += weighted * target;
                let cells = &mut gram[left * size..=left * size + left];
                cells.iter_mut().zip(row).for_each(|(cell, right)| *cell += weighted * right);
            }
        }
        (gram, moments)
    }
}

/// A regression whose coefficients are known.
pub(super) struct Regression {
    pub(super) design: Design,
    pub(super) coefficients: Vec<f64>,
    /// Coefficients that the data chose, the penalty counted in: the trace of the hat matrix.
    pub(super) freedom: f64,
}

impl Regression {
    /// What it foresees after `past`: with the noise that is given, or else that of its errors.
    pub(super) fn forecast(&self, past: &Past<'_>, noise: Option<Noise>) -> Box<dyn Forecast> {
        let mut model = self.recursion(past);
        let pairs = replayed(&mut model, past);
        let burn_in = self.design.windows.short.min(pairs.len() / 4);
        let noise = noise.unwrap_or_else(|| Noise::of(&self.widened(&pairs[burn_in..])));
        Box::new(Recursive::with_noise(model, noise, past))
    }

    /// Errors as wide as they would have been in periods that were not fitted to: divided by
    /// `√(1 − freedom/n)`.
    fn widened(&self, pairs: &[(f64, f64)]) -> Vec<(f64, f64)> {
        let left = (1.0 - self.freedom / pairs.len().max(1) as f64).max(0.25);
        let wider =
            |&(mean, demand): &(f64, f64)| (mean, (mean + (demand - mean) / left.sqrt()).max(0.0));
        pairs.iter().map(wider).collect()
    }

    fn recursion(&self, past: &Past<'_>) -> Regressed {
        let (design, known) = (&self.design, self.design.known());
        let mut row = vec![0.0; known];
        let sums = (0..past.frame.periods()).map(|period| {
            design.write(past, period, &mut row);
            row.iter().zip(&self.coefficients).map(|(cell, by)| cell * by).sum()
        });
        let mut remembered = [0.0; REMEMBERED];
        for (to, by) in remembered.iter_mut().zip(&self.coefficients[known..]) {
            *to = *by;
        }
        let lags = Lags::new(design.windows);
        Regressed {
            known: sums.collect(),
            remembered,
            sum: 0.0,
            lags,
            link: design.link,
            highest: highest(past, design.windows),
            averaged: past.seen_and_sold().0 as f64 / self.freedom.max(1.0),
        }
        .refreshed()
    }
}

/// The largest mean that may come \[counts/period\]: a few times what the long mean has been, and not
/// more than ever came.
fn highest(past: &Past<'_>, windows: Windows) -> f64 {
    let mut lags = Lags::new(windows);
    let (mut mean, mut most) = (past.mean(), 0.0_f64);
    lags.through(past, |period, demand, lags| {
        most = most.max(demand);
        if period >= windows.long {
            mean = mean.max(lags.long);
        }
    });
    (LARGEST * mean).min(most).max(past.mean())
}

/// A regression on its way through demand.
#[derive(Clone)]
struct Regressed {
    /// Sum of the features that are known beforehand, by period.
    known: Arc<[f64]>,
    /// Coefficients of what is remembered.
    remembered: [f64; REMEMBERED],
    /// The sum of these features.
    sum: f64,
    lags: Lags,
    link: Link,
    highest: f64,
    averaged: f64,
}

impl Regressed {
    fn refreshed(mut self) -> Regressed {
        self.refresh();
        self
    }

    fn refresh(&mut self) {
        let memory = self.link.features(&self.lags);
        self.sum = memory.iter().zip(&self.remembered).map(|(cell, by)| cell * by).sum();
    }
}

impl Recursion for Regressed {
    fn mean(&self, at: At) -> f64 {
        let last = self.known.len().saturating_sub(1);
        let sum = self.sum + self.known.get(at.period.min(last)).copied().unwrap_or(0.0);
        match self.link {
            Link::Identity => sum.clamp(0.0, self.highest),
            // The highest mean is capped below, whatever the exponent.
            Link::Logarithm => libm::exp(sum.min(700.0)).min(self.highest),
        }
    }

    fn observe(&mut self, _: At, demand: f64) {
        self.lags.observe(demand);
        self.refresh();
    }

    fn pass(&mut self, _: At) {
        self.lags.pass();
        self.refresh();
    }

    fn periods_averaged(&self) -> f64 {
        self.averaged
    }
}
