//! Negative binomial demand: customers come at random, and how busy a period is varies too.

mod slope;

use slope::{Slope, golden_section, root};

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
    /// The size under which a sample is most likely; `None` if the sample varies no more than Poisson
    /// demand.
    pub fn fit(sample: &Sample<'_>) -> Option<NegativeBinomial> {
        let mean = sample.level();
        let (mut excess, mut squares) = (0.0, 0.0);
        for cell in sample.cells {
            let expected = mean * cell.factor;
            let error = cell.count - expected;
            excess += cell.times * (error * error - expected);
            squares += cell.times * expected * expected;
        }
        if excess <= 0.0 {
            return None;
        }
        // A smaller size would spread demand over more than some ten million counts.
        let least = 1e-4_f64.max(1e-6 * mean);
        let range = [libm::log(least), libm::log(1e4)];
        let slope = Slope::of(sample, mean);
        let log_size = root(range, libm::log(squares / excess), |log| slope.at(libm::exp(log)));
        let found = NegativeBinomial { mean, size: libm::exp(log_size) };
        let largest = sample.cells.iter().max_by(|l, r| l.count.total_cmp(&r.count))?;
        if found.log_probability(largest.count, largest.factor) > SURPRISE {
            return Some(found);
        }
        // What is next to impossible counts as if it were a little more probable (`LEAST`): the
        // likelihood may have two maxima, and the slope leads to that which explains the surprise.
        let value =
            |log: f64| sample.log_likelihood(&NegativeBinomial { mean, size: libm::exp(log) });
        Some(NegativeBinomial { mean, size: libm::exp(golden_section(range, value)) })
    }
}

/// Logarithm of a probability below which the largest observation is a surprise.
const SURPRISE: f64 = -11.0;

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
