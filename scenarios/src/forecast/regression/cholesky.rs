//! Small symmetric positive definite systems.

/// The lower triangle `L` of a matrix `L·Lᵀ`, row by row.
///
/// Golub & Van Loan, *Matrix Computations*, 4th edition (2013), algorithm 4.2.1, by rows.
pub(in crate::forecast) struct Cholesky {
    size: usize,
    lower: Vec<f64>,
}

impl Cholesky {
    /// Of the symmetric `matrix` with `size` rows, of which only the lower triangle is read; `None`
    /// unless it is positive definite, within rounding.
    pub(in crate::forecast) fn of(matrix: &[f64], size: usize) -> Option<Cholesky> {
        let mut lower = vec![0.0; size * size];
        for row in 0..size {
            for column in 0..=row {
                let (before, after) = lower.split_at(row * size);
                let own = &after[..column];
                let other = if column == row { own } else { &before[column * size..][..column] };
                let known: f64 = own.iter().zip(other).map(|(l, r)| l * r).sum();
                let left = matrix[row * size + column] - known;
                lower[row * size + column] = if column < row {
                    left / lower[column * size + column]
                } else if left > 1e-12 * matrix[row * size + row] {
                    left.sqrt()
                } else {
                    return None;
                };
            }
        }
        Some(Cholesky { size, lower })
    }

    /// Overwrites `vector` with the solution of the system whose right side it is.
    pub(in crate::forecast) fn solve(&self, vector: &mut [f64]) {
        self.forward(vector, 0);
        for row in (0..self.size).rev() {
            vector[row] /= self.lower[row * self.size + row];
            for column in 0..row {
                vector[column] -= self.lower[row * self.size + column] * vector[row];
            }
        }
    }

    /// Overwrites `vector`, which is 0 before place `from`, with `L⁻¹` times it.
    fn forward(&self, vector: &mut [f64], from: usize) {
        for row in from..self.size {
            let own = &self.lower[row * self.size..][from..row];
            let known: f64 = own.iter().zip(&vector[from..row]).map(|(l, v)| l * v).sum();
            vector[row] = (vector[row] - known) / self.lower[row * self.size + row];
        }
    }

    /// Logarithm of the determinant of the matrix.
    pub(in crate::forecast) fn logarithm_of_determinant(&self) -> f64 {
        let pivots = (0..self.size).map(|row| self.lower[row * self.size + row]);
        2.0 * pivots.map(libm::log).sum::<f64>()
    }

    /// The diagonal of the inverse of the matrix: sums of squares of the columns of `L⁻¹`.
    pub(in crate::forecast) fn inverse_diagonal(&self) -> Vec<f64> {
        let mut column = vec![0.0; self.size];
        let of = |place: usize| {
            column.fill(0.0);
            column[place] = 1.0;
            self.forward(&mut column, place);
            column[place..].iter().map(|value| value * value).sum()
        };
        (0..self.size).map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_and_the_inverse_are_those_of_the_matrix() {
        let matrix = [4.0, 2.0, 2.0, 2.0, 5.0, 3.0, 2.0, 3.0, 6.0];
        let cholesky = Cholesky::of(&matrix, 3).expect("positive definite");
        let mut vector = [8.0, 10.0, 11.0];
        cholesky.solve(&mut vector);
        for (found, expected) in vector.iter().zip([1.0, 1.0, 1.0]) {
            assert!((found - expected).abs() < 1e-14, "{vector:?}");
        }
        assert!((cholesky.logarithm_of_determinant() - 64.0_f64.ln()).abs() < 1e-14);
        // Cofactors 21, 20, 16 over the determinant 64.
        for (found, cofactor) in cholesky.inverse_diagonal().iter().zip([21.0, 20.0, 16.0]) {
            assert!((found - cofactor / 64.0).abs() < 1e-14);
        }
    }

    #[test]
    fn what_is_not_positive_definite_is_refused() {
        assert!(Cholesky::of(&[1.0, 1.0, 1.0, 1.0], 2).is_none());
        assert!(Cholesky::of(&[0.0], 1).is_none());
        assert!(Cholesky::of(&[f64::NAN], 1).is_none());
    }
}
