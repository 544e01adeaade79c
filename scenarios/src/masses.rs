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

impl Masses {
    /// Weights found by walking from the mode: `up(x)` is the ratio of the weight of `x + 1` to
    /// that of `x`, decreasing in `x` beyond the mode.
    pub(crate) fn from_ratios(mode: f64, up: impl Fn(f64) -> f64) -> Masses {
        let mut below = Vec::new();
        let (mut x, mut weight) = (mode, 1.0);
        while x > 0.0 && weight > CUT {
            weight /= up(x - 1.0);
            x -= 1.0;
            below.push(weight);
        }
        let first = x;
        let mut weights: Vec<f64> = below.into_iter().rev().collect();
        weights.push(1.0);
        let mut sum: f64 = weights.iter().sum();
        let (mut x, mut weight) = (mode, 1.0);
        loop {
            let ratio = up(x);
            // Beyond here the weights fall at least geometrically.
            if ratio < 1.0 && weight * ratio / (1.0 - ratio) < CUT * sum {
                break;
            }
            weight *= ratio;
            x += 1.0;
            sum += weight;
            weights.push(weight);
        }
        let values = (0..weights.len()).map(|i| first + i as f64).collect();
        Masses { values, weights }.coarsened(MOST_VALUES)
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

    /// The same distribution on at most `cells` values, neighbours merged at their mean.
    pub(crate) fn coarsened(self, cells: usize) -> Masses {
        let merge = self.values.len().div_ceil(cells);
        if merge <= 1 {
            return self;
        }
        let (mut values, mut weights) = (Vec::new(), Vec::new());
        for (value, weight) in self.values.chunks(merge).zip(self.weights.chunks(merge)) {
            let total: f64 = weight.iter().sum();
            let moment: f64 = value.iter().zip(weight).map(|(v, w)| v * w).sum();
            if total > 0.0 {
                values.push((moment / total).round());
                weights.push(total);
            }
        }
        Masses { values, weights }
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
