//! Small systems of linear equations.

use super::order::ALL;

/// Sums of products, in eight lanes.
pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut sums = [0.0; LANES];
    let (left, right) = (left.chunks_exact(LANES), right.chunks_exact(LANES));
    let mut rest = 0.0;
    for (l, r) in left.remainder().iter().zip(right.remainder()) {
        rest += l * r;
    }
    for (l, r) in left.zip(right) {
        for lane in 0..LANES {
            sums[lane] += l[lane] * r[lane];
        }
    }
    sums.iter().sum::<f64>() + rest
}

/// Solves `matrix · x = right` of a symmetric positive definite matrix of `right.len()` rows, both of
/// which are overwritten, by Cholesky's method; whether the matrix is one.
pub(super) fn solve_definite(matrix: &mut [f64], right: &mut [f64]) -> bool {
    let size = right.len();
    for row in 0..size {
        for column in 0..=row {
            let mut sum = matrix[row * size + column];
            for k in 0..column {
                sum -= matrix[row * size + k] * matrix[column * size + k];
            }
            if column < row {
                matrix[row * size + column] = sum / matrix[column * size + column];
            } else if sum > 0.0 {
                matrix[row * size + row] = sum.sqrt();
            } else {
                return false;
            }
        }
    }
    for row in 0..size {
        for k in 0..row {
            right[row] -= matrix[row * size + k] * right[k];
        }
        right[row] /= matrix[row * size + row];
    }
    for row in (0..size).rev() {
        for k in row + 1..size {
            right[row] -= matrix[k * size + row] * right[k];
        }
        right[row] /= matrix[row * size + row];
    }
    right.iter().all(|x| x.is_finite())
}

/// Solves `matrix · x = right` by elimination with row pivots, overwriting both; whether it can be.
pub(super) fn solve(matrix: &mut [f64], right: &mut [f64]) -> bool {
    let size = right.len();
    for step in 0..size {
        let size_of = |row: &usize| matrix[row * size + step].abs();
        let pivot = (step..size).max_by(|l, r| size_of(l).total_cmp(&size_of(r))).unwrap_or(step);
        if matrix[pivot * size + step] == 0.0 {
            return false;
        }
        if pivot != step {
            let (upper, lower) = matrix.split_at_mut(pivot * size);
            upper[step * size..][..size].swap_with_slice(&mut lower[..size]);
            right.swap(step, pivot);
        }
        let (upper, lower) = matrix.split_at_mut((step + 1) * size);
        let top = &upper[step * size..];
        for row in step + 1..size {
            let line = &mut lower[(row - step - 1) * size..][..size];
            let factor = line[step] / top[step];
            if factor != 0.0 {
                for column in step + 1..size {
                    line[column] -= factor * top[column];
                }
                right[row] -= factor * right[step];
            }
        }
    }
    for row in (0..size).rev() {
        let known = dot(&matrix[row * size + row + 1..(row + 1) * size], &right[row + 1..]);
        right[row] = (right[row] - known) / matrix[row * size + row];
    }
    right.iter().all(|x| x.is_finite())
}

/// Normal equations of a step that makes errors small: products of `slopes`, and with `errors`.
pub(super) struct Step {
    matrix: [f64; ALL * ALL],
    right: [f64; ALL],
    size: usize,
}

impl Step {
    pub(super) fn of(slopes: &[Vec<f64>], errors: &[f64]) -> Step {
        let size = slopes.len();
        let mut step = Step { matrix: [0.0; ALL * ALL], right: [0.0; ALL], size };
        for row in 0..size {
            step.right[row] = -dot(&slopes[row], errors);
            for column in 0..=row {
                let product = dot(&slopes[row], &slopes[column]);
                step.matrix[row * size + column] = product;
                step.matrix[column * size + row] = product;
            }
        }
        step
    }

    /// The step that is shorter the larger `damping`: Marquardt, *An Algorithm for Least-Squares
    /// Estimation of Nonlinear Parameters*, J. SIAM 11 (1963) 431–441. `None` if there is none.
    pub(super) fn damped(&self, damping: f64, floor: f64) -> Option<[f64; ALL]> {
        let (size, mut matrix, mut step) = (self.size, self.matrix, self.right);
        for k in 0..size {
            matrix[k * size + k] += damping * (self.matrix[k * size + k] + floor);
        }
        solve_definite(&mut matrix[..size * size], &mut step[..size]).then_some(step)
    }
}
