//! Programs over scenarios or blocks, taken apart and put together again, with bounds on both sides.
//!
//! | read                | to learn                                                              |
//! |---------------------|-----------------------------------------------------------------------|
//! | [`TwoStage`]        | decisions now, recourse in each scenario; its extensive form            |
//! | [`benders`]         | cuts from the duals of the recourse (L-shaped method)                   |
//! | [`hedging`]         | scenarios pulled together, also with whole recourse                     |
//! | [`Blocks`]          | programs that share rows, brought together by prices                    |
//! | [`sample_average`]  | how good a decision from a sample is, with a confidence interval        |
//! | [`examples`]        | two programs with printed answers                                       |
//! | [`values`]          | what knowing the future, and what reckoning with it, is worth           |
//!
//! Every scenario or block keeps a solver of its own, so that nothing depends on which thread worked on
//! it: answers are the same bits on any number of threads and ranks.

mod benders;
mod blocks;
pub mod examples;
mod hedging;
mod recourse;
mod sample_average;
#[cfg(test)]
mod tests;
mod two_stage;
mod value;

use cluster::{Table, Team};

pub use benders::{BendersEffort, benders};
pub use blocks::{Block, Blocks, BlocksAnswer, BlocksEffort};
pub use hedging::{HedgingEffort, hedging};
pub use recourse::Recourses;
pub use sample_average::{Sample, SampleAverage, SampleAverageEffort, sample_average};
pub use two_stage::{Extensive, Scenario, TwoStage};
pub use value::{Values, values};

use crate::program::{ProgramError, Status};

/// What fills a row of a table, by the number of the row.
pub type Work<'a> = dyn Fn(usize, &mut [f64]) -> Result<(), DecomposeError> + Sync + 'a;

/// Least value, largest value and terms of a row.
type Row = (f64, f64, Vec<(usize, f64)>);

/// Who works on the scenarios or blocks.
pub trait Spread: Sync {
    /// A table of `rows × width`, in row order; `work` fills a row and depends on nothing else.
    ///
    /// # Errors
    ///
    /// What `work` says, or what keeps the workers from reaching each other.
    fn table(&self, rows: usize, width: usize, work: &Work<'_>)
    -> Result<Vec<f64>, DecomposeError>;
}

/// One row after the other, on this thread.
#[derive(Clone, Copy, Debug, Default)]
pub struct Serial;

impl Spread for Serial {
    fn table(
        &self,
        rows: usize,
        width: usize,
        work: &Work<'_>,
    ) -> Result<Vec<f64>, DecomposeError> {
        let mut cells = vec![0.0; rows * width];
        for row in 0..rows {
            work(row, &mut cells[row * width..(row + 1) * width])?;
        }
        Ok(cells)
    }
}

impl Spread for Team {
    fn table(
        &self,
        rows: usize,
        width: usize,
        work: &Work<'_>,
    ) -> Result<Vec<f64>, DecomposeError> {
        // Programs are solved again from where they were.
        let table = Table::new(rows, width).remembering();
        self.rows(table, || (), |row, cells: &mut [f64], ()| work(row, cells))
            .map_err(|error| DecomposeError::Team(error.to_string()))
    }
}

/// What is wrong with a program over scenarios or blocks, or kept it from being solved.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DecomposeError {
    /// The first stage cannot be computed with.
    #[error("first stage: {0}")]
    First(ProgramError),
    /// The program of a scenario or block cannot be computed with.
    #[error("scenario or block {0}: {1}")]
    Part(usize, ProgramError),
    /// The program of all of them together cannot be computed with.
    #[error("the program as a whole: {0}")]
    Whole(ProgramError),
    /// Numbers of a scenario, or of the first stage beside it, cannot be told from rounding.
    #[error("scenario {0}, counting columns and rows from the first stage's on: {1}")]
    Scale(usize, ProgramError),
    /// There is no scenario or block.
    #[error("there is no scenario or block; at least one is expected")]
    Empty,
    /// A probability is none.
    #[error("scenario {0} has probability {1}; a number above 0 and at most 1 is expected")]
    Probability(usize, f64),
    /// The probabilities do not sum to one.
    #[error("the probabilities sum to {0}; 1 is expected")]
    Probabilities(f64),
    /// A term that links a scenario or block names what there is not, or is no number.
    #[error(
        "scenario or block {part}: the linking term of row {row} and column {column} is \
         {factor}; a finite number for a row and a column that exist is expected"
    )]
    Term {
        /// The scenario or block.
        part: usize,
        /// Its row, or the shared row.
        row: usize,
        /// Column of the first stage, or of the block.
        column: usize,
        /// The factor.
        factor: f64,
    },
    /// The recourse has whole columns.
    #[error(
        "scenario {0} has whole columns in its recourse, from which no cuts are known; use \
         progressive hedging or the extensive form"
    )]
    WholeRecourse(usize),
    /// A scenario has other columns, rows or terms than the first.
    #[error(
        "scenario {0} has other columns, rows or terms than scenario 0; a mean scenario exists of \
         scenarios alike only"
    )]
    Unlike(usize),
    /// A number of replications, scenarios or a share that cannot be used.
    #[error("{name} is {value}; {expected} is expected")]
    Setting {
        /// The setting.
        name: &'static str,
        /// What it is.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// A program has no optimum where one is needed.
    #[error("{what} ended as {status:?}; an optimum is expected")]
    Unsolved {
        /// What was solved.
        what: String,
        /// How it ended.
        status: Status,
    },
    /// The workers failed.
    #[error("{0}")]
    Team(String),
}

/// How a decomposition ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The gap is as small as was asked for.
    Optimal,
    /// A limit was reached; the bounds hold.
    Limit,
    /// No decision has a recourse in every scenario.
    Infeasible,
    /// Costs fall without end.
    Unbounded,
}

/// Both bounds after an iteration \[currency\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// No solution is cheaper; minus infinity while nothing is proved.
    pub lower: f64,
    /// The cheapest solution so far; infinity while there is none.
    pub upper: f64,
}

impl Bounds {
    const NONE: Bounds = Bounds { lower: f64::NEG_INFINITY, upper: f64::INFINITY };

    /// Relative difference of the bounds: to the larger of their sizes, or one if both are less.
    pub fn gap(&self) -> f64 {
        if !(self.lower.is_finite() && self.upper.is_finite()) {
            return f64::INFINITY;
        }
        (self.upper - self.lower) / self.upper.abs().max(self.lower.abs()).max(1.0)
    }
}

/// What is proved of an answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// How it ended.
    pub verdict: Verdict,
    /// Bounds at the end \[currency\].
    pub bounds: Bounds,
    /// Bounds after each iteration \[currency\].
    pub history: Vec<Bounds>,
}

impl Certificate {
    /// Relative difference of the bounds; see [`Bounds::gap`].
    pub fn gap(&self) -> f64 {
        self.bounds.gap()
    }

    /// Number of iterations.
    pub fn iterations(&self) -> usize {
        self.history.len()
    }
}

/// A decision for the first stage, and what is proved of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Values of the first stage's columns; empty if there is no decision.
    pub x: Vec<f64>,
    /// Its cost is the upper bound.
    pub certificate: Certificate,
}
