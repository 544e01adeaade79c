//! Linear and mixed-integer programs as plain data, and what a solver says of them.
//!
//! | read          | to learn                                                                  |
//! |---------------|---------------------------------------------------------------------------|
//! | [`Program`]   | columns, rows, checks of the data, checks of a solution                     |
//! | [`Solver`]    | `HiGHS` with a program in it, which can be changed and solved again         |
//! | [`conflict`]  | why a program has no solution, and what would give it one                   |
//!
//! `program/highs.rs` is the only file of the workspace that names `HiGHS`. One thread, a fixed seed
//! and limits in nodes and iterations, never in seconds: the answer does not depend on the machine's
//! load. A program is checked before it is solved, and every solution is checked against the
//! program again: what the solver calls optimal but breaks a row is not called so here.

mod conflict;
mod highs;
#[cfg(test)]
mod tests;

pub use conflict::{Conflict, Side, conflict};
pub use highs::{Basis, Event, Solver};

/// Minimize `cost · x` subject to bounds on columns and rows; some columns whole.
///
/// Infinite bounds are none. Rows hold their terms one after the other: `terms` of row `i` are
/// `starts[i] .. starts[i + 1]`.
#[derive(Clone, Debug)]
pub struct Program {
    /// Cost of a unit of each column.
    pub cost: Vec<f64>,
    /// Least value of each column.
    pub lower: Vec<f64>,
    /// Largest value of each column.
    pub upper: Vec<f64>,
    /// Whether each column is whole.
    pub whole: Vec<bool>,
    /// Least value of each row.
    pub row_low: Vec<f64>,
    /// Largest value of each row.
    pub row_high: Vec<f64>,
    starts: Vec<usize>,
    columns: Vec<u32>,
    factors: Vec<f64>,
}

/// How hard a solve tries.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// Which algorithm solves linear programs.
    pub method: Method,
    /// Branch-and-bound nodes after which it stops.
    pub nodes: i32,
    /// Iterations of the linear solver after which it stops.
    pub iterations: i32,
    /// Relative gap between solution and bound that counts as none.
    pub relative_gap: f64,
    /// Whether the program is simplified first; rays need it off.
    pub presolve: bool,
    /// How far off a row may be, where coefficients lie near one.
    pub tolerance: f64,
}

/// Algorithms for linear programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Dual simplex: exact, and quick again after a change.
    Simplex,
    /// Interior point without crossover: for large programs.
    InteriorPoint,
    /// First-order, primal-dual: for the largest, to four digits.
    FirstOrder,
}

/// How a solve ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Proved optimal, and every row and bound holds.
    Optimal,
    /// Proved infeasible.
    Infeasible,
    /// Feasible, and no bound on how cheap it gets.
    Unbounded,
    /// A limit was reached, with a solution at hand that meets every row and bound.
    Limit,
    /// A limit was reached with none at hand.
    LimitWithout,
    /// The solver called optimal what breaks a row or a bound: the numbers are troubled.
    Troubled,
    /// Anything else, by the solver's number.
    Other(i32),
}

/// What a solve says.
#[derive(Clone, Debug)]
pub struct Solution {
    /// How it ended.
    pub status: Status,
    /// Values of the columns; those of whole columns are whole.
    pub x: Vec<f64>,
    /// What one more unit of each row's bound costs; zero for programs with whole columns.
    pub row_dual: Vec<f64>,
    /// What one more unit of each column costs beyond what it saves; likewise.
    pub column_dual: Vec<f64>,
    /// Cost of `x`, by our own sum.
    pub objective: f64,
    /// Proved lower bound on the cost of any solution; minus infinity if there is none.
    pub bound: f64,
    /// Largest excess of `x` over a bound or a row, in units of the row's largest term.
    pub violation: f64,
    /// Iterations of simplex, interior point or first-order method, all together.
    pub iterations: i64,
    /// Branch-and-bound nodes.
    pub nodes: i64,
}

/// What is wrong with the data of a program.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ProgramError {
    /// A cost is not a number.
    #[error("the cost of column {0} is {1}; a finite number is expected")]
    Cost(usize, f64),
    /// No value is between a column's bounds.
    #[error("column {0} must be at least {1} and at most {2}; no number is")]
    Bounds(usize, f64, f64),
    /// No value is between a row's bounds.
    #[error("row {0} must be at least {1} and at most {2}; no number is")]
    RowBounds(usize, f64, f64),
    /// A factor is not a number, or too large to be computed with.
    #[error("the factor of column {1} in row {0} is {2}; a number below 1e15 is expected")]
    Factor(usize, usize, f64),
    /// A row names a column that there is none of.
    #[error("row {0} names column {1}, but there are {2}")]
    Column(usize, usize, usize),
    /// Factors of a row differ by more than doubles can tell apart.
    #[error(
        "factors in row {row} run from {least:.1e} to {largest:.1e}; beyond a ratio of 1e9 the \
         smaller cannot be told from rounding: measure in other units"
    )]
    Scale {
        /// The row.
        row: usize,
        /// Its smallest factor, but for zeros.
        least: f64,
        /// Its largest.
        largest: f64,
    },
    /// More columns, rows or terms than the solver can count.
    #[error("{0} columns, rows or terms are more than the solver can count, which is 2147483647")]
    Size(usize),
}

/// Largest ratio of two factors of a row.
const MOST_RATIO: f64 = 1e9;

/// Largest factor, beyond which `HiGHS` refuses a program.
const MOST_FACTOR: f64 = 1e15;

impl Default for Program {
    fn default() -> Program {
        Program {
            cost: Vec::new(),
            lower: Vec::new(),
            upper: Vec::new(),
            whole: Vec::new(),
            row_low: Vec::new(),
            row_high: Vec::new(),
            starts: vec![0],
            columns: Vec::new(),
            factors: Vec::new(),
        }
    }
}

impl Default for Effort {
    fn default() -> Effort {
        Effort {
            method: Method::Simplex,
            nodes: 20_000,
            iterations: i32::MAX,
            relative_gap: 1e-7,
            presolve: true,
            tolerance: 1e-9,
        }
    }
}

impl Program {
    /// No columns and no rows.
    pub fn new() -> Program {
        Program::default()
    }

    /// Room for as many columns, rows and terms.
    pub fn with_capacity(columns: usize, rows: usize, terms: usize) -> Program {
        let mut program = Program::new();
        program.cost.reserve(columns);
        program.lower.reserve(columns);
        program.upper.reserve(columns);
        program.whole.reserve(columns);
        program.row_low.reserve(rows);
        program.row_high.reserve(rows);
        program.starts.reserve(rows);
        program.columns.reserve(terms);
        program.factors.reserve(terms);
        program
    }

    /// A column between two bounds; its place.
    pub fn column(&mut self, cost: f64, lower: f64, upper: f64) -> usize {
        self.cost.push(cost);
        self.lower.push(lower);
        self.upper.push(upper);
        self.whole.push(false);
        self.cost.len() - 1
    }

    /// A whole column; its place.
    pub fn whole_column(&mut self, cost: f64, lower: f64, upper: f64) -> usize {
        let place = self.column(cost, lower, upper);
        self.whole[place] = true;
        place
    }

    /// A row between two bounds; its place. A column may be named once.
    pub fn row(
        &mut self,
        low: f64,
        high: f64,
        terms: impl IntoIterator<Item = (usize, f64)>,
    ) -> usize {
        for (column, factor) in terms {
            self.columns.push(column as u32);
            self.factors.push(factor);
        }
        self.starts.push(self.columns.len());
        self.row_low.push(low);
        self.row_high.push(high);
        self.row_low.len() - 1
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.cost.len()
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.row_low.len()
    }

    /// Number of terms of all rows.
    pub fn terms(&self) -> usize {
        self.columns.len()
    }

    /// Columns and factors of a row.
    pub fn terms_of(&self, row: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let span = self.starts[row]..self.starts[row + 1];
        let columns = self.columns[span.clone()].iter().map(|&column| column as usize);
        columns.zip(self.factors[span].iter().copied())
    }

    /// Whether any column is whole.
    pub fn is_integer(&self) -> bool {
        self.whole.iter().any(|whole| *whole)
    }

    /// The same with every column free to be a fraction.
    pub fn relaxed(&self) -> Program {
        Program { whole: vec![false; self.columns()], ..self.clone() }
    }

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
            if !self.cost[column].is_finite() {
                return Err(ProgramError::Cost(column, self.cost[column]));
            }
            let (lower, upper) = (self.lower[column], self.upper[column]);
            if !spans(lower, upper) {
                return Err(ProgramError::Bounds(column, lower, upper));
            }
        }
        for row in 0..self.rows() {
            let (low, high) = (self.row_low[row], self.row_high[row]);
            if !spans(low, high) {
                return Err(ProgramError::RowBounds(row, low, high));
            }
            for (column, factor) in self.terms_of(row) {
                if column >= self.columns() {
                    return Err(ProgramError::Column(row, column, self.columns()));
                }
                if !factor.is_finite() || factor.abs() >= MOST_FACTOR {
                    return Err(ProgramError::Factor(row, column, factor));
                }
            }
        }
        Ok(())
    }

    /// Whether factors of each row can be told from rounding beside each other.
    ///
    /// # Errors
    ///
    /// The first row whose cannot.
    pub fn check_scale(&self) -> Result<(), ProgramError> {
        for row in 0..self.rows() {
            let sizes =
                self.terms_of(row).map(|(_, factor)| factor.abs()).filter(|size| *size > 0.0);
            let (least, largest) = sizes.fold((f64::INFINITY, 0.0_f64), |(least, most), size| {
                (least.min(size), most.max(size))
            });
            if largest > least * MOST_RATIO {
                return Err(ProgramError::Scale { row, least, largest });
            }
        }
        Ok(())
    }

    /// Cost of `x`.
    pub fn cost_of(&self, x: &[f64]) -> f64 {
        self.cost.iter().zip(x).map(|(cost, x)| cost * x).sum()
    }

    /// How far `x` is outside its bounds and rows at most: a column's excess by its size, a row's by
    /// its largest term or bound, each at least one; and how far whole columns are from whole.
    pub fn violation(&self, x: &[f64]) -> f64 {
        let outside = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
        let mut worst = 0.0_f64;
        for (column, &x) in x.iter().enumerate() {
            let off = outside(x, self.lower[column], self.upper[column]) / x.abs().max(1.0);
            let fraction = if self.whole[column] { (x - x.round()).abs() } else { 0.0 };
            worst = worst.max(off).max(fraction);
            if x.is_nan() {
                return f64::INFINITY;
            }
        }
        for row in 0..self.rows() {
            let (mut value, mut size) = (0.0, 1.0_f64);
            for (column, factor) in self.terms_of(row) {
                value += factor * x[column];
                size = size.max((factor * x[column]).abs());
            }
            worst = worst.max(outside(value, self.row_low[row], self.row_high[row]) / size);
        }
        worst
    }

    /// Solves it once.
    ///
    /// # Errors
    ///
    /// The first datum that cannot be computed with.
    pub fn solve(&self, effort: Effort) -> Result<Solution, ProgramError> {
        Ok(Solver::new(self.clone())?.solve(effort))
    }
}

/// Whether there is a number between two bounds.
fn spans(low: f64, high: f64) -> bool {
    low <= high && low < f64::INFINITY && high > f64::NEG_INFINITY
}
