//! Linear quantiles, by majorising and minimising.
//!
//! Hunter & Lange, *Quantile Regression via an MM Algorithm*, Journal of Computational and Graphical
//! Statistics 9 (2000) 60–77: the check function is bounded above by a parabola that touches it at
//! the present residual, and the sum of parabolas is minimised, again and again.

use crate::forecast::regression::cholesky::Cholesky;

/// Steps at most.
const STEPS: usize = 30;
/// What residuals are rounded by at zero, as a share of the mean one.
const ROUNDING: f64 = 5e-3;
/// Weight of coefficients that are not 0, as a share of the weights of all rows.
const PENALTY: f64 = 1e-6;

/// Rows of features and their targets, whose check function is minimised.
pub(super) struct Check<'a, const SIZE: usize> {
    rows: &'a [[f64; SIZE]],
    targets: &'a [f64],
    rounding: f64,
    steps: usize,
}

impl<'a, const SIZE: usize> Check<'a, SIZE> {
    /// `None` if targets do not vary.
    pub(super) fn new(rows: &'a [[f64; SIZE]], targets: &'a [f64]) -> Option<Check<'a, SIZE>> {
        let count = targets.len() as f64;
        let mean = targets.iter().sum::<f64>() / count;
        let away = targets.iter().map(|target| (target - mean).abs()).sum::<f64>() / count;
        (away > 0.0).then_some(Check { rows, targets, rounding: ROUNDING * away, steps: STEPS })
    }

    /// Where the squares are least.
    pub(super) fn least_squares(&self) -> [f64; SIZE] {
        let weight = |_: &[f64; SIZE], _| 1.0;
        self.solved(weight, 0.0).unwrap_or([0.0; SIZE])
    }

    /// Where the check function of the quantile `level` is least, from `coefficients` on.
    pub(super) fn minimum(&self, level: f64, mut coefficients: [f64; SIZE]) -> [f64; SIZE] {
        for _ in 0..self.steps {
            let weight = |row: &[f64; SIZE], target: f64| {
                1.0 / (self.rounding + (target - product(row, &coefficients)).abs())
            };
            let Some(next) = self.solved(weight, 2.0 * level - 1.0) else { break };
            let moved = next.iter().zip(&coefficients).map(|(to, from)| (to - from).abs());
            let moved = moved.fold(0.0, f64::max);
            coefficients = next;
            if moved < self.rounding {
                break;
            }
        }
        coefficients
    }

    /// Solves `XᵀWX·b = XᵀWy + tilt·Xᵀ1`.
    fn solved(&self, weight: impl Fn(&[f64; SIZE], f64) -> f64, tilt: f64) -> Option<[f64; SIZE]> {
        let (mut matrix, mut sums) = ([[0.0; SIZE]; SIZE], [0.0; SIZE]);
        for (row, &target) in self.rows.iter().zip(self.targets) {
            let weight = weight(row, target);
            for left in 0..SIZE {
                let weighted = weight * row[left];
                sums[left] += weighted * target + tilt * row[left];
                for right in 0..=left {
                    matrix[left][right] += weighted * row[right];
                }
            }
        }
        let whole: f64 = matrix[0][0];
        for place in 0..SIZE {
            matrix[place][place] += PENALTY * whole.max(matrix[place][place]);
        }
        Cholesky::of(matrix.as_flattened(), SIZE)?.solve(&mut sums);
        sums.iter().all(|sum| sum.is_finite()).then_some(sums)
    }

    /// The check function's sum `Σ r·(level − [r < 0])` over residuals `r`.
    #[cfg(test)]
    fn value(&self, level: f64, coefficients: &[f64; SIZE]) -> f64 {
        let residuals = self.rows.iter().zip(self.targets);
        let residuals = residuals.map(|(row, target)| target - product(row, coefficients));
        residuals.map(|r| if r < 0.0 { (level - 1.0) * r } else { level * r }).sum()
    }
}

fn product<const SIZE: usize>(row: &[f64; SIZE], coefficients: &[f64; SIZE]) -> f64 {
    row.iter().zip(coefficients).map(|(x, b)| x * b).sum()
}

#[cfg(test)]
mod tests;
