//! A distribution of one period's demand as a list of values and their probabilities.

/// Values of demand and the probability of each.
///
/// Values are in counts: whole multiples of the item's smallest unit of sale.
#[derive(Clone, Debug, PartialEq)]
pub struct Masses {
    /// Values, increasing \[counts\].
    pub values: Vec<f64>,
    /// Weight of each value; they need not sum to one.
    pub weights: Vec<f64>,
}

/// The most values a table holds: wider distributions are put on a coarser grid.
pub(crate) const MOST_VALUES: usize = 1 << 16;

/// Tail mass below which a distribution is cut off.
pub(crate) const CUT: f64 = 1e-13;

/// Adjacent values taken together: their weight, and the sum of weight times value.
#[derive(Clone, Copy, Debug, Default)]
struct Group {
    weight: f64,
    moment: f64,
}

/// The most whole values that are told apart one by one.
const MOST_WHOLE: f64 = 100_000.0;

impl Masses {
    /// Probabilities of 0, 1, 2 and so on counts; `None` if a value is no count, or there are too many.
    pub fn probabilities(&self) -> Option<Vec<f64>> {
        let most = self.values.iter().copied().fold(0.0, f64::max);
        let whole = self.values.iter().all(|value| value.fract() == 0.0 && *value >= 0.0);
        if !whole || most > MOST_WHOLE {
            return None;
        }
        let mut probabilities = vec![0.0; most as usize + 1];
        let total: f64 = self.weights.iter().sum();
        for (value, weight) in self.values.iter().zip(&self.weights) {
            probabilities[*value as usize] += weight / total;
        }
        Some(probabilities)
    }

    /// Weights found by walking from the mode: `up(x)` is the ratio of the weight of `x + 1` to
    /// that of `x`, decreasing in `x` beyond the mode.
    ///
    /// Memory is bounded: values are taken together, ever more, as a distribution proves wide.
    pub(crate) fn from_ratios(mode: f64, up: impl Fn(f64) -> f64) -> Masses {
        let mut below = Vec::new();
        let (mut x, mut weight) = (mode, 1.0);
        while x > 0.0 && weight > CUT && below.len() < MOST_VALUES {
            weight /= up(x - 1.0);
            x -= 1.0;
            below.push(weight);
        }
        let first = x;
        let mut groups: Vec<Group> = below
            .into_iter()
            .rev()
            .chain(std::iter::once(1.0))
            .enumerate()
            .map(|(i, weight)| Group { weight, moment: weight * (first + i as f64) })
            .collect();
        let mut sum: f64 = groups.iter().map(|group| group.weight).sum();
        let (mut x, mut weight) = (mode, 1.0);
        let (mut width, mut open) = (1.0, 0.0);
        loop {
            let ratio = up(x);
            // Beyond here the weights fall at least geometrically.
            if ratio < 1.0 && weight * ratio / (1.0 - ratio) < CUT * sum {
                break;
            }
            weight *= ratio;
            x += 1.0;
            sum += weight;
            if open == 0.0 {
                groups.push(Group::default());
            }
            let last = groups.last_mut().expect("just pushed, or open");
            last.weight += weight;
            last.moment += weight * x;
            open = if open + 1.0 == width { 0.0 } else { open + 1.0 };
            if groups.len() > 2 * MOST_VALUES && open == 0.0 {
                let zero = usize::from(first == 0.0);
                groups = joined(&groups, zero, 2);
                width *= 2.0;
            }
        }
        if width > 1.0 || groups.len() > MOST_VALUES {
            return Masses::whole(&groups, MOST_VALUES, usize::from(first == 0.0));
        }
        let values = (0..groups.len()).map(|i| first + i as f64).collect();
        Masses { values, weights: groups.iter().map(|group| group.weight).collect() }
    }

    /// Groups as whole values, at most `most`: each becomes the two counts around its mean, so
    /// that the mean stays what it is. The first `zero` groups are the value 0 and stay alone:
    /// whether anything is wanted at all must not blur.
    fn whole(groups: &[Group], most: usize, zero: usize) -> Masses {
        let groups = joined(groups, zero, (2 * groups.len()).div_ceil(most).max(1));
        let (mut values, mut weights) = (Vec::new(), Vec::new());
        for Group { weight, moment } in groups.into_iter().filter(|group| group.weight > 0.0) {
            let mean = moment / weight;
            let (low, part) = (mean.floor(), mean - mean.floor());
            for (value, share) in [(low, 1.0 - part), (low + 1.0, part)] {
                if share > 1e-9 {
                    values.push(value);
                    weights.push(weight * share);
                }
            }
        }
        Masses { values, weights }
    }

    /// Weights of whole counts, or of a coarser grid of at most `cells`, from a distribution
    /// function between `low` and `high`; what lies below zero counts as zero.
    pub(crate) fn from_cdf(low: f64, high: f64, cells: usize, cdf: impl Fn(f64) -> f64) -> Masses {
        let low = low.max(0.0).round();
        let step = ((high - low) / cells as f64).ceil().max(1.0);
        let count = ((high - low) / step).ceil() as usize + 1;
        let mut values = Vec::with_capacity(count);
        let mut weights = Vec::with_capacity(count);
        let mut below = if low == 0.0 { 0.0 } else { cdf(low - 0.5 * step) };
        for cell in 0..count {
            let value = low + step * cell as f64;
            let above = if cell + 1 == count { 1.0 } else { cdf(value + 0.5 * step) };
            values.push(value);
            weights.push((above - below).max(0.0));
            below = above;
        }
        Masses { values, weights }
    }

    /// The same distribution on at most `most` values, with the same mean and the same chance of 0.
    pub(crate) fn coarsened(self, most: usize) -> Masses {
        if self.values.len() <= most {
            return self;
        }
        let group = |(&value, &weight): (&f64, &f64)| Group { weight, moment: weight * value };
        let groups: Vec<Group> = self.values.iter().zip(&self.weights).map(group).collect();
        Masses::whole(&groups, most, usize::from(self.values[0] == 0.0))
    }

    /// Mean \[counts\].
    pub fn mean(&self) -> f64 {
        let total: f64 = self.weights.iter().sum();
        self.values.iter().zip(&self.weights).map(|(v, w)| v * w).sum::<f64>() / total
    }

    /// Variance \[counts²\].
    pub fn variance(&self) -> f64 {
        let (mean, total) = (self.mean(), self.weights.iter().sum::<f64>());
        let square = |v: f64| (v - mean) * (v - mean);
        self.values.iter().zip(&self.weights).map(|(&v, w)| square(v) * w).sum::<f64>() / total
    }
}

/// Every `count` groups taken together, but for the first `alone`.
fn joined(groups: &[Group], alone: usize, count: usize) -> Vec<Group> {
    let sum = |chunk: &[Group]| Group {
        weight: chunk.iter().map(|group| group.weight).sum(),
        moment: chunk.iter().map(|group| group.moment).sum(),
    };
    let (alone, rest) = groups.split_at(alone.min(groups.len()));
    alone.iter().copied().chain(rest.chunks(count).map(sum)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demand::{Demand, NegativeBinomial};

    /// Closed forms of the negative binomial: mean, variance and the probability of no demand.
    #[test]
    fn wide_distributions_keep_mean_and_zero() {
        for (mean, size) in [(2.0, 0.2), (50.0, 0.3), (5_000.0, 0.02), (20.0, 0.01), (1e5, 1.0)] {
            let model = NegativeBinomial { mean, size };
            let variance = mean + mean * mean / size;
            let none = libm::pow(size / (size + mean), size);
            for (most, spread) in [(256, 0.05), (MOST_VALUES, 1e-5)] {
                let masses = model.masses(1.0).coarsened(most);
                let total: f64 = masses.weights.iter().sum();
                assert!(masses.values.len() <= most + 2);
                assert!((masses.mean() / mean - 1.0).abs() < 1e-6, "{mean} {size}");
                assert!((masses.variance() / variance - 1.0).abs() < spread, "{mean} {size}");
                assert_eq!(masses.values[0], 0.0);
                assert!((masses.weights[0] / total - none).abs() < 1e-9, "{mean} {size}");
                assert!(masses.values.is_sorted_by(|left, right| left < right));
            }
        }
    }
}
