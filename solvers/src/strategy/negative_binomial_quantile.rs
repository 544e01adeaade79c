//! Negative binomial: counts that vary more than Poisson's.
//!
//! Mean `m` and variance `v = m + m²/k` of demand over lead time and review; Poisson where it varies no
//! more than that. Taylor, *The Application of the Negative Binomial Distribution to Stock Control
//! Problems*, Operational Research Quarterly 12 (1961) 81–88.

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "negative-binomial-quantile",
    summary: "a quantile of demand over lead time and review, as if it were negative binomial",
    method: Method::Level(|known, protection| {
        let (mean, variance) = known.moments(protection);
        round_up(quantile(mean, variance, known.targets.service_level))
    }),
};

/// Standard deviations below the mean from which on probabilities are summed.
const FAR: f64 = 12.0;

/// The least count that is not exceeded with probability `level` or more.
fn quantile(mean: f64, variance: f64, level: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    let size = if variance > mean { mean * mean / (variance - mean) } else { f64::INFINITY };
    let deviation = variance.max(mean).sqrt();
    // Probabilities grow from one another; the first is told by logarithms, because far below the mean
    // they are too small for a number.
    let mut count = (mean - FAR * deviation).floor().max(0.0);
    let mut probability = libm::exp(logarithm(count, mean, size));
    let mut upto = probability;
    let last = mean + 40.0 * deviation + 100.0;
    while upto < level - 1e-12 && count < last {
        let ratio = match size.is_finite() {
            true => (count + size) / (count + 1.0) * mean / (mean + size),
            false => mean / (count + 1.0),
        };
        probability *= ratio;
        count += 1.0;
        upto += probability;
    }
    count
}

/// Logarithm of the probability of `count`.
fn logarithm(count: f64, mean: f64, size: f64) -> f64 {
    if size.is_infinite() {
        return count * libm::log(mean) - mean - libm::lgamma(count + 1.0);
    }
    libm::lgamma(count + size)
        - libm::lgamma(size)
        - libm::lgamma(count + 1.0)
        - size * libm::log1p(mean / size)
        - count * libm::log1p(size / mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `nbinom.ppf` and `poisson.ppf` of `SciPy` 1.17.
    #[test]
    fn quantiles_are_those_of_another_program() {
        let expected = [
            (4.2, 9.0, 0.95, 10.0),
            (0.3, 0.9, 0.99, 5.0),
            (250.0, 4000.0, 0.9, 334.0),
            (90_000.0, 2_000_000.0, 0.999, 94_432.0),
            (12.0, 12.0, 0.95, 18.0),
            (7.5, 3.0, 0.5, 7.0),
            (60.0, 90.0, 0.02, 42.0),
        ];
        for (mean, variance, level, expected) in expected {
            assert_eq!(quantile(mean, variance, level), expected, "{mean} {variance} {level}");
        }
        assert_eq!(quantile(0.0, 1.0, 0.9), 0.0);
    }
}
