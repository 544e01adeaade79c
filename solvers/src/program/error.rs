//! What is wrong with a program, by place and number.

use super::Status;

/// What is wrong with the data of a program.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ProgramError {
    /// A cost is not a number, or too large to be computed with.
    #[error("the cost of column {0} is {1:?}; a number below 1e20 is expected")]
    Cost(usize, f64),
    /// No value is between a column's bounds.
    #[error(
        "column {0} must be at least {1:?} and at most {2:?}; a least value up to the largest is \
         expected"
    )]
    Bounds(usize, f64, f64),
    /// No value is between a row's bounds.
    #[error(
        "row {0} must be at least {1:?} and at most {2:?}; a least value up to the largest is \
         expected"
    )]
    RowBounds(usize, f64, f64),
    /// A column's bound is so large that the solver would take it for none.
    #[error(
        "column {0} is bounded by {1:?}; a number below 1e20 is expected, or infinity for no bound"
    )]
    FarBound(usize, f64),
    /// The same of a row.
    #[error(
        "row {0} is bounded by {1:?}; a number below 1e20 is expected, or infinity for no bound"
    )]
    FarRowBound(usize, f64),
    /// A factor is not a number, or too large to be computed with.
    #[error("the factor of column {1} in row {0} is {2:?}; a number below 1e15 is expected")]
    Factor(usize, usize, f64),
    /// A factor is so small that the solver would take it for zero, though its column may be large.
    #[error(
        "the factor of column {1} in row {0} is {2:?}, which the solver takes for zero; above 1e-9 \
         is expected: measure in other units, or leave the term out"
    )]
    SmallFactor(usize, usize, f64),
    /// A row names a column that there is none of.
    #[error("row {0} names column {1}, but there are {2}")]
    Column(usize, usize, usize),
    /// A row names a column twice.
    #[error("row {0} names column {1} twice; one term with the sum of both factors is expected")]
    Twice(usize, usize),
    /// Factors of a row differ by more than doubles can tell apart.
    #[error(
        "factors in row {row} run from {least:.1e} of column {least_column} to {largest:.1e} of \
         column {largest_column}; beyond a ratio of 1e9 the smaller cannot be told from rounding: \
         measure in other units"
    )]
    Scale {
        /// The row.
        row: usize,
        /// Its smallest factor, but for zeros.
        least: f64,
        /// The column of that.
        least_column: usize,
        /// Its largest.
        largest: f64,
        /// The column of that.
        largest_column: usize,
    },
    /// A cost that the solver cannot tell from none, beside another.
    #[error(
        "the cost of column {column} is {cost:.1e} and that of column {largest_column} \
         {largest:.1e}; below {visible:.1e} it cannot be told from none: measure in other units, or \
         make it 0"
    )]
    SmallCost {
        /// The column.
        column: usize,
        /// Its cost.
        cost: f64,
        /// The column with the largest cost.
        largest_column: usize,
        /// That cost.
        largest: f64,
        /// The smallest that can be told from none.
        visible: f64,
    },
    /// Whether a program has a solution, and what would give it one, could not be found.
    #[error(
        "whether the program has a solution, and what would give it one, could not be found: the \
         search ended as {0:?}; prices of at least 0, fewer whole columns and numbers of like size \
         are expected"
    )]
    Unexplained(Status),
    /// More columns, rows or terms than the solver can count.
    #[error("{0} columns, rows or terms are more than the solver can count, which is 2147483647")]
    Size(usize),
}
