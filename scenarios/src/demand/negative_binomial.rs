//! Negative binomial demand: customers come at random, and how busy a period is varies too.

use super::{Demand, Family, Sample, log_of};
use crate::Masses;

pub(super) const FAMILY: Family = Family {
    name: "negative-binomial",
    summary: "random customers in periods that are busier or quieter than expected",
    fit: |sample| Some(Box::new(NegativeBinomial::fit(sample)?)),
};

/// Negative binomial demand: Poisson with a gamma-distributed mean.
///
/// Variance `μ + μ²/k`: Anscombe, *Sampling Theory of the Negative Binomial and Logarithmic
/// Series Distributions*, Biometrika 37 (1950) 358–382.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NegativeBinomial {
    /// Mean demand `μ` \[counts/period\]; must be positive.
    pub mean: f64,
    /// Size `k`: the smaller, the more the demand varies; must be positive.
    pub size: f64,
}

impl NegativeBinomial {
    /// The best size for a sample, by golden-section search of its likelihood over `ln k`;
    /// `None` if the sample varies no more than Poisson demand.
    pub(super) fn fit(sample: &Sample<'_>) -> Option<NegativeBinomial> {
        const GOLDEN: f64 = 0.618_033_988_749_894_8;
        let mean = sample.level();
        let excess: f64 = sample
            .cells
            .iter()
            .map(|cell| {
                let expected = mean * cell.factor;
                cell.times * ((cell.count - expected) * (cell.count - expected) - expected)
            })
            .sum();
        if excess <= 0.0 {
            return None;
        }
        let value = |log_size: f64| {
            sample.log_likelihood(&NegativeBinomial { mean, size: libm::exp(log_size) })
        };
        // A smaller size would spread demand over more than some ten million counts.
        let least = 1e-4_f64.max(1e-6 * mean);
        let (mut low, mut high) = (libm::log(least), libm::log(1e4));
        let mut inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
        let mut values = inner.map(value);
        while high - low > 1e-3 {
            if values[0] >= values[1] {
                high = inner[1];
                inner = [high - GOLDEN * (high - low), inner[0]];
                values = [value(inner[0]), values[0]];
            } else {
                low = inner[0];
                inner = [inner[1], low + GOLDEN * (high - low)];
                values = [values[1], value(inner[1])];
            }
        }
        Some(NegativeBinomial { mean, size: libm::exp(0.5 * (low + high)) })
    }
}

impl Demand for NegativeBinomial {
    fn mean(&self, factor: f64) -> f64 {
        self.mean * factor
    }

    fn variance(&self, factor: f64) -> f64 {
        let mean = self.mean * factor;
        mean + mean * mean / self.size
    }

    fn log_probability(&self, count: f64, factor: f64) -> f64 {
        let (mean, k) = (self.mean * factor, self.size);
        let choose = libm::lgamma(count + k) - libm::lgamma(k) - libm::lgamma(count + 1.0);
        let log = choose + k * libm::log(k / (k + mean)) + count * libm::log(mean / (k + mean));
        log.max(log_of(0.0))
    }

    fn masses(&self, factor: f64) -> Masses {
        let (mean, k) = (self.mean * factor, self.size);
        let odds = mean / (k + mean);
        let mode = if k > 1.0 { ((k - 1.0) / k * mean).floor() } else { 0.0 };
        Masses::from_ratios(mode, |x| (x + k) / (x + 1.0) * odds)
    }
}
