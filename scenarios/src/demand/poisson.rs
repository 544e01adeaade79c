//! Poisson demand: unit-sized orders from many independent customers.

use super::{Demand, Family, log_of};
use crate::Masses;

pub(super) const FAMILY: Family = Family {
    name: "poisson",
    summary: "unit-sized orders from many independent customers",
    fit: |sample| Some(Box::new(Poisson { mean: sample.level() })),
};

/// Poisson demand, independent between periods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poisson {
    /// Mean demand \[counts/period\]; must be positive.
    pub mean: f64,
}

impl Demand for Poisson {
    fn mean(&self, factor: f64) -> f64 {
        self.mean * factor
    }

    fn variance(&self, factor: f64) -> f64 {
        self.mean * factor
    }

    fn log_probability(&self, count: f64, factor: f64) -> f64 {
        let mean = self.mean * factor;
        let log = count * libm::log(mean) - mean - libm::lgamma(count + 1.0);
        log.max(log_of(0.0))
    }

    fn masses(&self, factor: f64) -> Masses {
        let mean = self.mean * factor;
        Masses::from_ratios(mean.floor(), |x| mean / (x + 1.0))
    }
}
