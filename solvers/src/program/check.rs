//! Whether a program can be computed with, and its numbers told from rounding beside each other.

use super::{Program, ProgramError};

/// Largest ratio of two factors of a row.
pub(crate) const MOST_RATIO: f64 = 1e9;

/// Largest factor, beyond which `HiGHS` refuses a program.
const MOST_FACTOR: f64 = 1e15;

/// Smallest factor, up to which `HiGHS` takes it for zero.
const LEAST_FACTOR: f64 = 1e-9;

/// Cost or bound from which on `HiGHS` takes it for infinite.
const FAR: f64 = 1e20;

/// Largest cost below which [`super::Solver`] counts in units of its own.
pub(super) const SMALL_COSTS: f64 = 1e-3;

/// Ten times the reduced cost that `HiGHS` takes for none.
pub(super) const VISIBLE_COST: f64 = 1e-6;

impl Program {
    /// Whether the data can be computed with.
    ///
    /// # Errors
    ///
    /// The first datum that cannot.
    pub fn check(&self) -> Result<(), ProgramError> {
        let size = self.columns().max(self.rows()).max(self.terms());
        if i32::try_from(size).is_err() {
            return Err(ProgramError::Size(size));
        }
        for column in 0..self.columns() {
            if !is_near(self.cost[column]) {
                return Err(ProgramError::Cost(column, self.cost[column]));
            }
            let (lower, upper) = (self.lower[column], self.upper[column]);
            if !spans(lower, upper) {
                return Err(ProgramError::Bounds(column, lower, upper));
            }
            if let Some(bound) = far(lower, upper) {
                return Err(ProgramError::FarBound(column, bound));
            }
        }
        // The row that each column was named in last, from 1.
        let mut named = vec![0; self.columns()];
        for row in 0..self.rows() {
            let (low, high) = (self.row_low[row], self.row_high[row]);
            if !spans(low, high) {
                return Err(ProgramError::RowBounds(row, low, high));
            }
            if let Some(bound) = far(low, high) {
                return Err(ProgramError::FarRowBound(row, bound));
            }
            for (column, factor) in self.terms_of(row) {
                if column >= self.columns() {
                    return Err(ProgramError::Column(row, column, self.columns()));
                }
                if !factor.is_finite() || factor.abs() >= MOST_FACTOR {
                    return Err(ProgramError::Factor(row, column, factor));
                }
                if std::mem::replace(&mut named[column], row + 1) == row + 1 {
                    return Err(ProgramError::Twice(row, column));
                }
                if factor.abs() <= LEAST_FACTOR && self.matters(column, factor) {
                    return Err(ProgramError::SmallFactor(row, column, factor));
                }
            }
        }
        Ok(())
    }

    /// Whether the term of a column with a small factor can be more than rounding.
    fn matters(&self, column: usize, factor: f64) -> bool {
        let most = self.lower[column].abs().max(self.upper[column].abs());
        factor != 0.0 && factor.abs() * most > LEAST_FACTOR
    }

    /// Whether factors of each row, and costs, can be told from rounding beside each other.
    ///
    /// It is for models of data that a user gave, once each. Programs that an algorithm makes of numbers
    /// between zero and one, such as shares of a limit, need it not.
    ///
    /// # Errors
    ///
    /// The first row whose cannot, or the first such cost.
    pub fn check_scale(&self) -> Result<(), ProgramError> {
        for row in 0..self.rows() {
            let [least, largest] = extremes(self.terms_of(row));
            if largest.1 > least.1 * MOST_RATIO {
                return Err(ProgramError::Scale {
                    row,
                    least: least.1,
                    least_column: least.0,
                    largest: largest.1,
                    largest_column: largest.0,
                });
            }
        }
        let [least, largest] = extremes(self.cost.iter().copied().enumerate());
        let visible = VISIBLE_COST * if largest.1 < SMALL_COSTS { largest.1 } else { 1.0 };
        if least.1 < visible && largest.1 > 0.0 {
            return Err(ProgramError::SmallCost {
                column: least.0,
                cost: least.1,
                largest_column: largest.0,
                largest: largest.1,
                visible,
            });
        }
        Ok(())
    }
}

/// Whether there is a number between two bounds.
fn spans(low: f64, high: f64) -> bool {
    low <= high && low < f64::INFINITY && high > f64::NEG_INFINITY
}

/// Whether `HiGHS` takes a number for finite.
pub(super) fn is_near(value: f64) -> bool {
    value.abs() < FAR
}

/// A bound that is finite, and that `HiGHS` takes for infinite.
fn far(low: f64, high: f64) -> Option<f64> {
    [low, high].into_iter().find(|bound| bound.is_finite() && !is_near(*bound))
}

/// The smallest number but for zeros, and the largest, by size, each with its place.
pub(crate) fn extremes(numbers: impl Iterator<Item = (usize, f64)>) -> [(usize, f64); 2] {
    let sizes =
        numbers.map(|(place, number)| (place, number.abs())).filter(|(_, size)| *size > 0.0);
    sizes.fold([(0, f64::INFINITY), (0, 0.0)], |[least, largest], next| {
        [
            if next.1 < least.1 { next } else { least },
            if next.1 > largest.1 { next } else { largest },
        ]
    })
}
