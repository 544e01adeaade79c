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

mod check;
mod conflict;
mod error;
mod highs;
mod proof;
#[cfg(test)]
mod tests;
mod whole;

pub(crate) use check::{MOST_RATIO, extremes};
pub use conflict::{Conflict, Side, conflict};
pub use error::ProgramError;
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
    /// How far off a row may be, where coefficients lie near one: from 1e-10 to 1e-6.
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
    /// The solver called optimal what breaks a row or a bound, or what only a fraction of a whole column
    /// makes possible, or was changed to numbers that it cannot compute with: the numbers are troubled,
    /// and [`Program::check_scale`] may say which.
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
    /// Proved lower bound on the cost of any solution: infinity if there is no solution, minus infinity
    /// if nothing is proved.
    pub bound: f64,
    /// Largest excess of `x` over a bound or a row, in units of the row's largest term.
    pub violation: f64,
    /// Iterations of simplex, interior point or first-order method, all together.
    pub iterations: i64,
    /// Branch-and-bound nodes.
    pub nodes: i64,
}

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

    /// Cost of `x`.
    pub fn cost_of(&self, x: &[f64]) -> f64 {
        self.cost.iter().zip(x).map(|(cost, x)| cost * x).sum()
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
