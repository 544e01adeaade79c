//! Covariance matrix adaptation: a normal cloud that learns the shape of the valley.
//!
//! Hansen, *The CMA Evolution Strategy: A Tutorial*, arXiv 1604.00772 (2016), with its default parameters
//! (table 1) without negative weights.

use engine::policy::MAX_PARAMETERS;

use super::chance::Chance;
use super::{Found, Method, Problem};

pub(super) const METHOD: Method = Method {
    name: "cma-es",
    summary: "a normal cloud of candidates that learns the shape of the valley",
    fits: |_| true,
    run,
};

/// Generations.
const GENERATIONS: usize = 40;

const N: usize = MAX_PARAMETERS;
type Vector = [f64; N];
type Matrix = [[f64; N]; N];

fn run(problem: &mut Problem<'_>) -> Found {
    let count = problem.dimension();
    let n = count as f64;
    let many = 4 + (3.0 * libm::log(n)).floor() as usize;
    let parents = many / 2;
    let raw = |rank: usize| libm::log(0.5 * (many as f64 + 1.0)) - libm::log(rank as f64 + 1.0);
    let total: f64 = (0..parents).map(raw).sum();
    let weights: Vec<f64> = (0..parents).map(|rank| raw(rank) / total).collect();
    let effective = 1.0 / weights.iter().map(|weight| weight * weight).sum::<f64>();
    let path_rate = (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n);
    let step_rate = (effective + 2.0) / (n + effective + 5.0);
    let one_rate = 2.0 / ((n + 1.3) * (n + 1.3) + effective);
    let many_rate = (1.0 - one_rate)
        .min(2.0 * (effective - 2.0 + 1.0 / effective) / ((n + 2.0) * (n + 2.0) + effective));
    let damping = 1.0 + 2.0 * (((effective - 1.0) / (n + 1.0)).sqrt() - 1.0).max(0.0) + step_rate;
    // Mean length of a standard normal vector.
    let usual = n.sqrt() * (1.0 - 1.0 / (4.0 * n) + 1.0 / (21.0 * n * n));

    let mut chance = Chance::new();
    let (mut mean, mut size) = ([0.0; N], 0.7);
    let (mut step_path, mut path) = ([0.0; N], [0.0; N]);
    let mut covariance: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| one(i == j)));
    for generation in 0..GENERATIONS {
        let (axes, lengths) = axes(covariance, count);
        let mut cloud: Vec<(Vector, f64)> = (0..many)
            .map(|_| {
                let normal: Vector = std::array::from_fn(|_| chance.normal());
                let scaled: Vector = std::array::from_fn(|k| lengths[k] * normal[k]);
                let step = times(&axes, &scaled, count);
                let at: Vector = std::array::from_fn(|i| mean[i] + size * step[i]);
                let values = problem.values(&at);
                (step, problem.price(values))
            })
            .collect();
        cloud.sort_by(|left, right| left.1.total_cmp(&right.1));
        let step: Vector = std::array::from_fn(|i| {
            weights.iter().zip(&cloud).map(|(weight, (step, _))| weight * step[i]).sum()
        });
        mean = std::array::from_fn(|i| mean[i] + size * step[i]);

        // The step in coordinates in which the cloud is round.
        let turned = times(&transposed(&axes), &step, count);
        let round: Vector = std::array::from_fn(|k| turned[k] / lengths[k].max(1e-12));
        let round = times(&axes, &round, count);
        let gain = (step_rate * (2.0 - step_rate) * effective).sqrt();
        step_path = std::array::from_fn(|i| (1.0 - step_rate) * step_path[i] + gain * round[i]);
        let length = step_path.iter().map(|part| part * part).sum::<f64>().sqrt();
        let grown = 1.0 - libm::pow(1.0 - step_rate, 2.0 * (generation as f64 + 1.0));
        let steady = length / grown.sqrt() < (1.4 + 2.0 / (n + 1.0)) * usual;
        let gain = one(steady) * (path_rate * (2.0 - path_rate) * effective).sqrt();
        path = std::array::from_fn(|i| (1.0 - path_rate) * path[i] + gain * step[i]);
        let lost = (1.0 - one(steady)) * path_rate * (2.0 - path_rate);
        covariance = std::array::from_fn(|i| {
            std::array::from_fn(|j| {
                let by_many: f64 =
                    weights.iter().zip(&cloud).map(|(w, (step, _))| w * step[i] * step[j]).sum();
                (1.0 - one_rate - many_rate + one_rate * lost) * covariance[i][j]
                    + one_rate * path[i] * path[j]
                    + many_rate * by_many
            })
        });
        size *= libm::exp(step_rate / damping * (length / usual - 1.0));
        size = size.clamp(1e-6, 10.0);
        // Below a step of every parameter nothing is left to learn.
        let largest = (0..count).map(|k| size * lengths[k] * problem.scale[k] / problem.step(k));
        if largest.fold(0.0, f64::max) < 0.3 {
            break;
        }
    }
    problem.best()
}

fn one(yes: bool) -> f64 {
    f64::from(u8::from(yes))
}

fn times(matrix: &Matrix, vector: &Vector, count: usize) -> Vector {
    std::array::from_fn(|i| match i < count {
        true => (0..count).map(|j| matrix[i][j] * vector[j]).sum(),
        false => 0.0,
    })
}

fn transposed(matrix: &Matrix) -> Matrix {
    std::array::from_fn(|i| std::array::from_fn(|j| matrix[j][i]))
}

/// Axes of a symmetric matrix, as columns, and the roots of its eigenvalues, by Jacobi's rotations
/// (Golub & Van Loan, *Matrix Computations*, 4th ed. (2013), §8.5).
fn axes(mut matrix: Matrix, count: usize) -> (Matrix, Vector) {
    let mut axes: Matrix = std::array::from_fn(|i| std::array::from_fn(|j| one(i == j)));
    for _ in 0..12 {
        for p in 0..count {
            for q in p + 1..count {
                if matrix[p][q].abs() < 1e-300 {
                    continue;
                }
                let tau = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
                let tangent = tau.signum() / (tau.abs() + (1.0 + tau * tau).sqrt());
                let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
                let sine = tangent * cosine;
                for row in &mut matrix {
                    (row[p], row[q]) =
                        (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
                for column in 0..count {
                    let (a, b) = (matrix[p][column], matrix[q][column]);
                    matrix[p][column] = cosine * a - sine * b;
                    matrix[q][column] = sine * a + cosine * b;
                }
                for row in &mut axes {
                    (row[p], row[q]) =
                        (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
                }
            }
        }
    }
    (axes, std::array::from_fn(|i| matrix[i][i].max(1e-20).sqrt()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_rebuild_the_matrix() {
        let matrix = [[4.0, 1.0, -0.5], [1.0, 3.0, 0.25], [-0.5, 0.25, 2.0]];
        let (axes, lengths) = axes(matrix, 3);
        for (i, row) in matrix.iter().enumerate() {
            for (j, value) in row.iter().enumerate() {
                let rebuilt: f64 =
                    (0..3).map(|k| axes[i][k] * lengths[k] * lengths[k] * axes[j][k]).sum();
                assert!((rebuilt - value).abs() < 1e-12, "{i} {j} {rebuilt}");
            }
        }
    }
}
