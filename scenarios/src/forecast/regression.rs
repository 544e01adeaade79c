//! What regressions have in common: which features of a period they look at, and the recursion that
//! goes on with what they foresaw.

use std::sync::Arc;

use super::frame::At;
use super::noise::Noise;
use super::recursive::{Recursion, Recursive, replayed};
use super::{Forecast, Past};
use design::{Design, Link, REMEMBERED};
use lags::{Lags, Windows};
use table::Table;

pub(super) mod cholesky;
pub(super) mod design;
pub(super) mod lags;
pub(super) mod likelihood;
#[cfg(test)]
pub(super) mod sample;
pub(super) mod table;

/// The most that coefficients of what is remembered sum up to: beyond, demand would run away.
const LASTING: f64 = 0.97;
/// How many times as large a mean as ever in the past may come.
const LARGEST: f64 = 4.0;

/// A regression whose coefficients are known.
pub(super) struct Regression {
    design: Design,
    coefficients: Vec<f64>,
    /// Coefficients that the data chose, the penalty counted in: the trace of the hat matrix.
    pub(super) freedom: f64,
}

impl Regression {
    /// The regression with the coefficients `found` of standardised features. Those of what is
    /// remembered are made smaller if their sum is too large, and the constant such that the mean
    /// stays.
    pub(super) fn new(design: Design, table: &Table, found: Vec<f64>, freedom: f64) -> Regression {
        let mut coefficients = table.restored(found);
        let known = design.known();
        let sum: f64 = coefficients[known..].iter().sum();
        if sum > LASTING {
            for column in known..design.columns() {
                let less = coefficients[column] * (1.0 - LASTING / sum);
                coefficients[column] -= less;
                coefficients[0] += less * table.means[column];
            }
        }
        Regression { design, coefficients, freedom }
    }

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

#[cfg(test)]
mod tests;
