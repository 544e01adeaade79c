//! Gamma demand: never negative and skewed to the right, as most demand is.
//!
//! Burgin, *The Gamma Distribution and Inventory Control*, Operational Research Quarterly 26
//! (1975) 507–525.

use super::{Demand, Family, keeps_mean, log_of};
use crate::Masses;
use crate::special::gamma_cdf;

pub(super) const FAMILY: Family = Family {
    name: "gamma",
    summary: "skewed to the right and never negative; rounded to whole units",
    fit: |sample| {
        let mean = sample.level();
        let deviation = sample.deviation(mean);
        let shape = (mean / deviation) * (mean / deviation);
        let gamma = Gamma { shape, scale: mean / shape };
        // Beyond these the shape is a spike at zero or a normal; and rounding must not change
        // what is sold on average.
        let fits = deviation > 0.0
            && (1e-3..1e5).contains(&shape)
            && (mean > 20.0 || keeps_mean(&gamma, mean));
        fits.then(|| Box::new(gamma) as Box<dyn Demand>)
    },
};

/// Gamma demand, rounded to whole counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gamma {
    /// Shape; the squared inverse of the coefficient of variation.
    pub shape: f64,
    /// Scale \[counts/period\]; mean over shape.
    pub scale: f64,
}

impl Gamma {
    fn cdf(self, count: f64, factor: f64) -> f64 {
        gamma_cdf(self.shape, count / (factor * self.scale))
    }
}

impl Demand for Gamma {
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
        let mean = self.shape * self.scale;
        let deviation = self.shape.sqrt() * self.scale;
        let mut high = factor * (mean + 8.0 * deviation);
        while 1.0 - self.cdf(high, factor) > 1e-13 {
            high *= 1.25;
        }
        let low = factor * (mean - 8.0 * deviation);
        Masses::from_cdf(low, high.max(1.0), CELLS, |count| self.cdf(count, factor))
    }
}

/// Cells of a wide table: each about a thousandth of a standard deviation.
const CELLS: usize = 1 << 14;
