//! Demand models: how much is wanted in a period.
//!
//! # Adding a model
//!
//! 1. Copy `demand/poisson.rs` to `demand/<name>.rs` and edit it.
//! 2. Add `mod <name>;` and one line to [`CATALOGUE`] below.
//!
//! The fit, the tests in `tests/suite/every_demand.rs` and the drawing bench read the
//! catalogue, so there is no third step.
//!
//! Every model speaks of *counts*: whole multiples of the item's smallest unit of sale. Models
//! that are continuous in the textbooks give the probability of each count, so that the
//! likelihoods of all models can be compared, and all are drawn from tables alike.

use crate::Masses;

mod bootstrap;
mod cells;
mod gamma;
mod negative_binomial;
mod normal;
mod poisson;

pub use bootstrap::Bootstrap;
pub use cells::cells;
pub use gamma::Gamma;
pub use negative_binomial::NegativeBinomial;
pub use normal::Normal;
pub use poisson::Poisson;

/// Every family of demand models the program knows, simplest first: a tie goes to the first.
pub const CATALOGUE: &[Family] =
    &[poisson::FAMILY, negative_binomial::FAMILY, normal::FAMILY, gamma::FAMILY, bootstrap::FAMILY];

/// A distribution of one period's demand, with the seasonal factor 1.
pub trait Demand: Send + Sync {
    /// Mean \[counts/period\] in a season with `factor`.
    fn mean(&self, factor: f64) -> f64;

    /// Variance \[counts²/period²\] in a season with `factor`.
    fn variance(&self, factor: f64) -> f64;

    /// Logarithm of the probability of `count` in a season with `factor`.
    fn log_probability(&self, count: f64, factor: f64) -> f64;

    /// All values and their probabilities in a season with `factor`.
    fn masses(&self, factor: f64) -> Masses;
}

/// A kind of demand model whose parameters are still free.
pub struct Family {
    /// Name in reports.
    pub name: &'static str,
    /// One line of help.
    pub summary: &'static str,
    /// The model that fits a sample best; `None` if the sample rules the family out.
    pub fit: fn(&Sample<'_>) -> Option<Box<dyn Demand>>,
}

/// Equal observations, counted once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// The season's factor.
    pub factor: f64,
    /// Demand \[counts\].
    pub count: f64,
    /// How often it was observed.
    pub times: f64,
}

/// What a model is fitted to: observed counts, each with its season's factor.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// Distinct observations, in order of factor and count.
    pub cells: &'a [Cell],
}

impl Sample<'_> {
    /// Number of observations.
    pub fn len(&self) -> f64 {
        self.cells.iter().map(|cell| cell.times).sum()
    }

    /// Whether nothing was observed.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Demand at factor 1, `Σ count / Σ factor`: the maximum-likelihood level of Poisson demand
    /// \[counts/period\]. Where nothing was ever sold, half a unit in the whole time.
    pub fn level(&self) -> f64 {
        let sum = |value: fn(&Cell) -> f64| -> f64 {
            self.cells.iter().map(|cell| cell.times * value(cell)).sum()
        };
        let units = sum(|cell| cell.count);
        let exposure = sum(|cell| cell.factor);
        if units > 0.0 { units / exposure } else { 0.5 / exposure.max(1.0) }
    }

    /// Standard deviation of demand at factor 1 around `level`, if that of a season grows with its
    /// factor: `√(Σ (count − factor · level)² / Σ factor²)`, less one observation
    /// \[counts/period\].
    pub fn deviation(&self, level: f64) -> f64 {
        let sum = |value: &dyn Fn(&Cell) -> f64| -> f64 {
            self.cells.iter().map(|cell| cell.times * value(cell)).sum()
        };
        let squares = sum(&|cell| {
            let residual = cell.count - cell.factor * level;
            residual * residual
        });
        let count = self.len();
        let unbiased = count / (count - 1.0).max(1.0);
        (squares / sum(&|cell| cell.factor * cell.factor) * unbiased).sqrt()
    }

    /// Logarithm of the likelihood of the sample under `demand`.
    pub fn log_likelihood(&self, demand: &dyn Demand) -> f64 {
        let of = |cell: &Cell| cell.times * demand.log_probability(cell.count, cell.factor);
        self.cells.iter().map(of).sum()
    }
}

/// The least probability a model may give to anything: a single surprise should count
/// against a model, not rule it out for ever.
const LEAST: f64 = 1e-12;

/// `ln(probability)`, bounded below.
pub(crate) fn log_of(probability: f64) -> f64 {
    libm::log(probability.max(LEAST))
}

/// Whether rounding to whole counts leaves a model's mean within two per cent of `mean`.
fn keeps_mean(demand: &dyn Demand, mean: f64) -> bool {
    (demand.mean(1.0) - mean).abs() < 0.02 * mean
}
