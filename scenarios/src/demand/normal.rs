//! Normal demand: many small orders, as in most textbooks.

use super::{Demand, Family, keeps_mean, log_of};
use crate::Masses;
use crate::special::normal_cdf;

pub(super) const FAMILY: Family = Family {
    name: "normal",
    summary: "many small orders; rounded to whole units, never below zero",
    fit: |sample| {
        let mean = sample.level();
        let deviation = sample.deviation(mean);
        let normal = Normal { mean, deviation };
        // Cutting at zero must not change what is sold on average.
        let fits = deviation > 0.0 && (mean > 4.0 * deviation || keeps_mean(&normal, mean));
        fits.then(|| Box::new(normal) as Box<dyn Demand>)
    },
};

/// Normal demand, rounded to whole counts; what would be negative is no demand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    /// Mean before rounding and cutting at zero \[counts/period\].
    pub mean: f64,
    /// Standard deviation before rounding and cutting at zero \[counts/period\]; positive.
    pub deviation: f64,
}

impl Normal {
    fn cdf(self, count: f64, factor: f64) -> f64 {
        normal_cdf((count / factor - self.mean) / self.deviation)
    }
}

impl Demand for Normal {
    fn mean(&self, factor: f64) -> f64 {
        self.masses(factor).mean()
    }

    fn variance(&self, factor: f64) -> f64 {
        self.masses(factor).variance()
    }

    fn log_probability(&self, count: f64, factor: f64) -> f64 {
        let below = if count <= 0.0 { 0.0 } else { self.cdf(count - 0.5, factor) };
        log_of(self.cdf(count + 0.5, factor) - below)
    }

    fn masses(&self, factor: f64) -> Masses {
        let reach = 8.0 * self.deviation;
        let (low, high) = (factor * (self.mean - reach), factor * (self.mean + reach));
        Masses::from_cdf(low, high.max(1.0), CELLS, |count| self.cdf(count, factor))
    }
}

/// Cells of a wide table: each a thousandth of a standard deviation.
const CELLS: usize = 1 << 14;
