//! A Gaussian process: a smooth function through noisy values, and how sure it is where.

use super::Point;
use crate::forecast::regression::cholesky::Cholesky;

/// Lengths over which values are alike, that are tried, in widths of the cube.
const LENGTHS: [f64; 5] = [0.1, 0.2, 0.4, 0.8, 1.6];
/// Variances of noise that are tried, as shares of the function's.
const NOISES: [f64; 3] = [1e-6, 1e-3, 1e-1];

/// Ordinary kriging with Matérn's covariance of order 5/2.
///
/// Rasmussen & Williams, *Gaussian Processes for Machine Learning* (2006), equations (2.23), (2.24) and
/// (4.17); a constant mean and the variance are those of most likelihood: Jones, Schonlau & Welch
/// (1998), equations (5) and (6).
pub(super) struct Process<'a> {
    tried: &'a [(Point, f64)],
    options: usize,
    length: f64,
    cholesky: Cholesky,
    mean: f64,
    variance: f64,
    /// The inverse of the correlations times what values are above the mean.
    weights: Vec<f64>,
    likelihood: f64,
}

impl<'a> Process<'a> {
    /// The likeliest of some lengths and noises; `None` if points coincide, or there is none.
    pub(super) fn likeliest(tried: &'a [(Point, f64)], options: usize) -> Option<Process<'a>> {
        let all = LENGTHS.iter().flat_map(|length| NOISES.map(|noise| (*length, noise)));
        all.filter_map(|(length, noise)| Process::new(tried, options, length, noise))
            .reduce(|best, next| if next.likelihood > best.likelihood { next } else { best })
    }

    fn new(
        tried: &'a [(Point, f64)],
        options: usize,
        length: f64,
        noise: f64,
    ) -> Option<Process<'a>> {
        let count = tried.len();
        if count == 0 {
            return None;
        }
        let mut matrix = vec![0.0; count * count];
        for (row, (left, _)) in tried.iter().enumerate() {
            for (column, (right, _)) in tried.iter().enumerate().take(row + 1) {
                matrix[row * count + column] = correlation(left, right, options, length);
            }
            matrix[row * (count + 1)] += noise;
        }
        let cholesky = Cholesky::of(&matrix, count)?;
        let mut ones = vec![1.0; count];
        cholesky.solve(&mut ones);
        let mean = tried.iter().zip(&ones).map(|((_, value), one)| value * one).sum::<f64>()
            / ones.iter().sum::<f64>();
        let above: Vec<f64> = tried.iter().map(|(_, value)| value - mean).collect();
        let mut weights = above.clone();
        cholesky.solve(&mut weights);
        let squares: f64 = above.iter().zip(&weights).map(|(above, weight)| above * weight).sum();
        let variance = (squares / count as f64).max(1e-18);
        let likelihood =
            -0.5 * (count as f64 * libm::log(variance) + cholesky.logarithm_of_determinant());
        Some(Process { tried, options, length, cholesky, mean, variance, weights, likelihood })
    }

    /// Mean and standard deviation of the function at a point.
    pub(super) fn at(&self, point: &Point) -> (f64, f64) {
        let alike: Vec<f64> = self
            .tried
            .iter()
            .map(|(other, _)| correlation(point, other, self.options, self.length))
            .collect();
        let above: f64 =
            alike.iter().zip(&self.weights).map(|(alike, weight)| alike * weight).sum();
        let mut solved = alike.clone();
        self.cholesky.solve(&mut solved);
        let known: f64 = alike.iter().zip(&solved).map(|(alike, solved)| alike * solved).sum();
        (self.mean + above, (self.variance * (1.0 - known).max(0.0)).sqrt())
    }
}

/// Matérn's of order 5/2.
fn correlation(left: &Point, right: &Point, options: usize, length: f64) -> f64 {
    let squares: f64 = left[..options]
        .iter()
        .zip(right)
        .map(|(left, right)| (left - right) * (left - right))
        .sum();
    let distance = (5.0 * squares).sqrt() / length;
    (1.0 + distance + distance * distance / 3.0) * libm::exp(-distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `GaussianProcessRegressor` of scikit-learn 1.9.1 with `Matern(0.4, nu=2.5)` and `alpha=1e-3` on
    /// values less this mean, times the standard deviation by its definition, in `NumPy`.
    #[test]
    fn mean_and_deviation_are_those_of_another_program() {
        let points = [[0.1, 0.2], [0.7, 0.3], [0.4, 0.9], [0.95, 0.8], [0.3, 0.5]];
        let tried: Vec<(Point, f64)> =
            points.into_iter().zip([1.3, -0.4, 0.8, 2.1, -0.2]).collect();
        let process = Process::new(&tried, 2, 0.4, 1e-3).expect("distinct points");
        let near =
            |found: f64, value: f64| assert!((found - value).abs() < 1e-9, "{found} {value}");
        near(process.mean, 1.104_016_777_495_659_7);
        near(process.variance, 1.411_297_819_966_579_8);
        near(process.likelihood, -0.274_132_605_985_011_1);
        let expected = [
            ([0.5, 0.5], -0.324_710_461_811_274_6, 0.470_690_692_212_024_86),
            ([0.1, 0.2], 1.298_344_364_890_245, 0.037_537_772_898_396_8),
            ([0.99, 0.01], 0.431_021_032_759_470_9, 1.009_886_526_555_732_9),
        ];
        for (point, mean, deviation) in expected {
            let found = process.at(&point);
            near(found.0, mean);
            near(found.1, deviation);
        }
        // One option alone: the second coordinate says nothing.
        let line: Vec<(Point, f64)> = vec![([0.0, 0.3], 1.0), ([1.0, 0.7], 2.0)];
        let process = Process::new(&line, 1, 0.4, 1e-6).expect("distinct points");
        assert_eq!(process.at(&[0.4, 0.0]), process.at(&[0.4, 1.0]));
        assert!(Process::likeliest(&[], 1).is_none());
    }
}
