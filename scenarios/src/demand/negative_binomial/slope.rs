//! How the likelihood of a sample changes with the size, and where it does not.

use super::super::Sample;
use crate::special::digamma;

/// Counts up to which the sums over units are summed.
const SUMMED: usize = 128;

/// The derivative of the logarithm of the likelihood by the logarithm of the size.
///
/// Anscombe, *Sampling Theory of the Negative Binomial and Logarithmic Series Distributions*,
/// Biometrika 37 (1950) 358–382: with `A(j)` observations of more than `j` units,
/// `Σ A(j)/(k + j) − Σ (ln(1 + μ/k) − (μ − y)/(k + μ))`, times `k`.
pub(super) struct Slope {
    /// Weight of the observations of more than so many units.
    above: Vec<f64>,
    /// Counts that are not summed, where the sum to subtract begins, and their weights.
    others: Vec<(f64, f64, f64)>,
    /// Mean, weight, and weighted error `μ − y` of observations with the same factor.
    groups: Vec<(f64, f64, f64)>,
}

impl Slope {
    /// Of `sample` with mean `mean` at factor 1 \[counts/period\].
    pub(super) fn of(sample: &Sample<'_>, mean: f64) -> Slope {
        let largest = sample.cells.iter().map(|cell| cell.count).fold(0.0, f64::max);
        let mut above = vec![0.0; SUMMED.min(largest as usize)];
        let mut others = Vec::new();
        let mut groups: Vec<(f64, f64, f64)> = Vec::new();
        for cell in sample.cells {
            let whole = cell.count.fract() == 0.0;
            // Weights at the last unit of each; they are summed below.
            if whole && cell.count >= 1.0 {
                above[(cell.count as usize).min(SUMMED) - 1] += cell.times;
            }
            if !whole {
                others.push((cell.count, 0.0, cell.times));
            } else if cell.count > SUMMED as f64 {
                others.push((cell.count, SUMMED as f64, cell.times));
            }
            let expected = mean * cell.factor;
            let error = cell.times * (expected - cell.count);
            match groups.last_mut() {
                Some(group) if group.0 == expected => {
                    group.1 += cell.times;
                    group.2 += error;
                }
                _ => groups.push((expected, cell.times, error)),
            }
        }
        let mut sum = 0.0;
        for weight in above.iter_mut().rev() {
            sum += *weight;
            *weight = sum;
        }
        Slope { above, others, groups }
    }

    /// The derivative at the size `k`.
    pub(super) fn at(&self, k: f64) -> f64 {
        let mut sum = 0.0;
        for (unit, weight) in self.above.iter().enumerate() {
            sum += weight / (k + unit as f64);
        }
        for (count, from, weight) in &self.others {
            sum += weight * (digamma(count + k) - digamma(from + k));
        }
        for (mean, weight, error) in &self.groups {
            sum += error / (k + mean) - weight * libm::log1p(mean / k);
        }
        k * sum
    }
}

/// Where `slope` falls through zero in a range, by the secant method from `guess` on, or by halves
/// where that leads out of what encloses the root; an end of the range if it does not.
pub(super) fn root(range: [f64; 2], guess: f64, slope: impl Fn(f64) -> f64) -> f64 {
    const STEPS: usize = 100;
    const CLOSE: f64 = 1e-7;
    let [mut low, mut high] = range;
    if slope(low) <= 0.0 {
        return low;
    }
    let (mut last, mut value) = (high, slope(high));
    if value >= 0.0 {
        return high;
    }
    let mut next = guess.clamp(low, high);
    for _ in 0..STEPS {
        let found = slope(next);
        if found > 0.0 {
            low = next;
        } else {
            high = next;
        }
        let secant = next - found * (next - last) / (found - value);
        (last, value) = (next, found);
        next = if secant >= low && secant <= high { secant } else { 0.5 * (low + high) };
        if (next - last).abs() <= CLOSE {
            break;
        }
    }
    next
}

/// Where `value` is highest in a range, to a thousandth.
pub(super) fn golden_section(range: [f64; 2], value: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    let [mut low, mut high] = range;
    let mut inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let mut values = inner.map(&value);
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
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::super::super::{Cell, Demand, NegativeBinomial, cells};
    use super::*;
    use crate::forecast::Noise;
    use crate::random::Random;
    use crate::stream::{Purpose, Streams};

    /// The derivative is that of the likelihood, by differences.
    #[test]
    fn the_slope_is_that_of_the_likelihood() {
        let cell = |factor, count, times| Cell { factor, count, times };
        let cells = [
            cell(0.8, 0.0, 5.0),
            cell(0.8, 2.0, 3.0),
            cell(0.8, 128.0, 1.0),
            cell(1.2, 1.0, 2.0),
            cell(1.2, 7.5, 1.0),
            cell(1.2, 200.0, 0.5),
        ];
        let sample = Sample { cells: &cells };
        let mean = sample.level();
        let slope = Slope::of(&sample, mean);
        for size in [0.02, 0.2, 0.6] {
            let value = |log: f64| {
                let demand = NegativeBinomial { mean, size: libm::exp(log) };
                let of = |cell: &Cell| cell.times * demand.log_probability(cell.count, cell.factor);
                cells.iter().map(of).sum::<f64>()
            };
            let log = libm::log(size);
            let difference = (value(log + 1e-4) - value(log - 1e-4)) / 2e-4;
            let found = slope.at(size);
            assert!(
                (found - difference).abs() <= 1e-5 * (1.0 + difference.abs()),
                "{size}: {found} {difference}"
            );
        }
    }

    /// The size that a search of the likelihood by golden section finds, but for one sample in a
    /// hundred: of samples as models make them, with up to three surprises, and with seasons.
    #[test]
    fn golden_section_finds_the_same() {
        let mut random = Random::new(Streams::new(11, Purpose::Forecast, 0, "any"), 0);
        let (mut compared, mut other) = (0, 0);
        for sample in 0..400 {
            let noise = Noise::NegativeBinomial { size: libm::exp(1.5 * random.normal()) };
            let (mean, factors) = (libm::exp(1.5 * random.normal()), [1.0, 0.5, 2.0]);
            let seasons = if sample % 2 == 0 { 1 } else { 3 };
            let season = |period: usize| period % seasons;
            let demand = |period| noise.draw(mean * factors[season(period)], &mut random);
            let mut demand: Vec<f64> = (0..300).map(demand).collect();
            demand[..sample % 4].fill(100.0 * mean.ceil());
            let seasonal: Vec<(usize, f64)> =
                demand.into_iter().enumerate().map(|(period, d)| (season(period), d)).collect();
            let cells = cells(&seasonal, &factors[..seasons]);
            let sample = Sample { cells: &cells };
            let Some(found) = NegativeBinomial::fit(&sample) else { continue };
            let with = |size: f64| sample.log_likelihood(&NegativeBinomial { size, ..found });
            let range = [1e-4_f64.max(1e-6 * found.mean), 1e4].map(libm::log);
            let golden = libm::exp(golden_section(range, |log| with(libm::exp(log))));
            let away = (libm::log(found.size) - libm::log(golden)).abs();
            // The search stops within a thousandth.
            other += usize::from(away > 1e-3);
            compared += 1;
        }
        assert!(compared > 300 && other <= compared / 100, "{other} of {compared}");
    }

    #[test]
    fn roots_are_found_or_an_end() {
        let curve = |x: f64| 1.0 - libm::exp(x - 0.3);
        for guess in [-9.0, -1.0, 0.3, 2.0, 8.0] {
            assert!((root([-9.0, 9.0], guess, curve) - 0.3).abs() < 1e-7);
        }
        assert_eq!(root([1.0, 9.0], 2.0, curve), 1.0);
        assert_eq!(root([-9.0, 0.0], -2.0, curve), 0.0);
    }
}
