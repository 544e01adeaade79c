//! The recourse of each scenario: its cost, and the cuts that its duals give.

use std::sync::{Mutex, PoisonError};

use super::{DecomposeError, Spread, TwoStage};
use crate::program::{Effort, Program, Solution, Solver, Status};

/// How far a row of the recourse may be off: more than the first stage may, or cuts that the first
/// stage meets to rounding would be asked for again.
const TOLERANCE: f64 = 1e-7;

/// Violation below which a proof of infeasibility is rounding.
const PROOF: f64 = 1e-9;

/// Simplex from where it ended, without presolve, which has no rays.
const EFFORT: Effort = Effort {
    method: crate::program::Method::Simplex,
    nodes: 20_000,
    iterations: i32::MAX,
    relative_gap: 1e-7,
    presolve: false,
    tolerance: TOLERANCE,
};

/// What a scenario says of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Optimal,
    Infeasible,
    Unbounded,
}

/// Of one scenario: value, and constant and gradient of `constant − gradient · x`, which is at most
/// the value wherever there is a recourse, or at most zero.
pub(super) struct Cut<'a> {
    pub(super) kind: Kind,
    pub(super) value: f64,
    pub(super) constant: f64,
    pub(super) gradient: &'a [f64],
}

impl<'a> Cut<'a> {
    pub(super) fn read(cells: &'a [f64]) -> Cut<'a> {
        let kind = match cells[0] {
            0.0 => Kind::Optimal,
            1.0 => Kind::Infeasible,
            _ => Kind::Unbounded,
        };
        Cut { kind, value: cells[1], constant: cells[2], gradient: &cells[3..] }
    }

    pub(super) fn at(&self, x: &[f64]) -> f64 {
        self.constant - dot(self.gradient, x)
    }
}

pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// A solver for each scenario's recourse, which starts from where it ended.
#[derive(Debug)]
pub struct Recourses<'a> {
    two_stage: &'a TwoStage,
    /// Scenarios from here on are solved from nothing each time.
    warm: usize,
    solvers: Vec<Mutex<Option<Solver>>>,
}

impl<'a> Recourses<'a> {
    /// Solvers for the scenarios of a program; of the first `warm` they are kept.
    ///
    /// # Errors
    ///
    /// As [`TwoStage::check`].
    pub fn new(two_stage: &'a TwoStage, warm: usize) -> Result<Recourses<'a>, DecomposeError> {
        two_stage.check()?;
        let solvers = two_stage.scenarios.iter().map(|_| Mutex::new(None)).collect();
        Ok(Recourses { two_stage, warm, solvers })
    }

    /// Cost of `x` and its recourse in each scenario \[currency\]; infinite where there is none.
    ///
    /// # Errors
    ///
    /// If a recourse can be neither solved nor proved infeasible or unbounded.
    pub fn costs(&self, x: &[f64], spread: &dyn Spread) -> Result<Vec<f64>, DecomposeError> {
        let now = self.two_stage.first.cost_of(x);
        spread.table(self.solvers.len(), 1, &|scenario, cells| {
            cells[0] = now
                + self.with(scenario, x, |_, solution| match solution.status {
                    Status::Infeasible => Ok(f64::INFINITY),
                    Status::Unbounded => Ok(f64::NEG_INFINITY),
                    _ => Ok(solution.objective),
                })?;
            Ok(())
        })
    }

    /// Expected cost of `x` and its recourse \[currency\].
    ///
    /// # Errors
    ///
    /// As [`Recourses::costs`].
    pub fn expected_cost(&self, x: &[f64], spread: &dyn Spread) -> Result<f64, DecomposeError> {
        let costs = self.costs(x, spread)?;
        if costs.contains(&f64::INFINITY) {
            return Ok(f64::INFINITY);
        }
        let scenarios = self.two_stage.scenarios.iter();
        Ok(scenarios.zip(costs).map(|(scenario, cost)| scenario.probability * cost).sum())
    }

    /// A row of [`Cut`] for each scenario.
    pub(super) fn cuts(&self, x: &[f64], spread: &dyn Spread) -> Result<Vec<f64>, DecomposeError> {
        let width = 3 + x.len();
        spread.table(self.solvers.len(), width, &|scenario, cells| self.cut(scenario, x, cells))
    }

    fn cut(&self, scenario: usize, x: &[f64], cells: &mut [f64]) -> Result<(), DecomposeError> {
        let recourse = &self.two_stage.scenarios[scenario].recourse;
        self.with(scenario, x, |solver, solution| {
            let (kind, mut dual) = match solution.status {
                Status::Optimal => (0.0, solution.row_dual.clone()),
                Status::Infeasible => {
                    let proved = solver.dual_ray().and_then(|ray| self.proof(scenario, x, ray));
                    (1.0, proved.map_or_else(|| self.elastic(scenario, x), Ok)?)
                }
                _ => {
                    cells[0] = 2.0;
                    return Ok(());
                }
            };
            cells[0] = kind;
            cells[1] = solution.objective;
            cells[2] = recourse.weak_dual(&mut dual, kind == 0.0).0;
            for &(row, column, factor) in &self.two_stage.scenarios[scenario].technology {
                cells[3 + column] += dual[row] * factor;
            }
            Ok(())
        })
    }

    /// Gives `read` the solved recourse of a scenario at `x`.
    fn with<T>(
        &self,
        scenario: usize,
        x: &[f64],
        read: impl FnOnce(&Solver, &Solution) -> Result<T, DecomposeError>,
    ) -> Result<T, DecomposeError> {
        let mut kept = self.solvers[scenario].lock().unwrap_or_else(PoisonError::into_inner);
        let mut solver = match kept.take() {
            Some(solver) => solver,
            None => self.fresh(scenario)?,
        };
        for (row, low, high) in self.shifted(scenario, x) {
            solver.set_row_bounds(row, low, high);
        }
        let mut solution = solver.solve(EFFORT);
        if !is_clear(solution.status) {
            // A start from elsewhere can lead astray; from nothing, and with wider rows.
            solver = self.fresh(scenario)?;
            for (row, low, high) in self.shifted(scenario, x) {
                solver.set_row_bounds(row, low, high);
            }
            solution = solver.solve(Effort { tolerance: 10.0 * TOLERANCE, ..EFFORT });
        }
        if !is_clear(solution.status) {
            let what = format!("the recourse of scenario {scenario}");
            return Err(DecomposeError::Unsolved { what, status: solution.status });
        }
        let read = read(&solver, &solution);
        if scenario < self.warm {
            *kept = Some(solver);
        }
        read
    }

    fn fresh(&self, scenario: usize) -> Result<Solver, DecomposeError> {
        Solver::new(self.two_stage.scenarios[scenario].recourse.clone())
            .map_err(|error| DecomposeError::Part(scenario, error))
    }

    /// Bounds of the rows that the first stage is in, less its part.
    fn shifted(&self, scenario: usize, x: &[f64]) -> Vec<(usize, f64, f64)> {
        let scenario = &self.two_stage.scenarios[scenario];
        let recourse = &scenario.recourse;
        let mut rows: Vec<(usize, f64)> = Vec::with_capacity(scenario.technology.len());
        for &(row, column, factor) in &scenario.technology {
            match rows.last_mut() {
                Some((last, sum)) if *last == row => *sum += factor * x[column],
                _ => rows.push((row, factor * x[column])),
            }
        }
        // Terms that were not given row by row.
        rows.sort_by_key(|(row, _)| *row);
        rows.dedup_by(|next, sum| {
            let same = next.0 == sum.0;
            if same {
                sum.1 += next.1;
            }
            same
        });
        let bounds =
            |(row, part)| (row, recourse.row_low[row] - part, recourse.row_high[row] - part);
        rows.into_iter().map(bounds).collect()
    }

    /// The ray, of either sign, if it proves that `x` has no recourse.
    fn proof(&self, scenario: usize, x: &[f64], mut ray: Vec<f64>) -> Option<Vec<f64>> {
        let largest = ray.iter().fold(0.0_f64, |most, ray| most.max(ray.abs()));
        for ray in &mut ray {
            *ray /= largest;
        }
        let turned: Vec<f64> = ray.iter().map(|ray| -ray).collect();
        [ray, turned].into_iter().find_map(|mut ray| {
            let scenario = &self.two_stage.scenarios[scenario];
            let (constant, off) = scenario.recourse.weak_dual(&mut ray, false);
            let part: f64 = scenario
                .technology
                .iter()
                .map(|&(row, column, factor)| ray[row] * factor * x[column])
                .sum();
            (off <= PROOF && constant - part > PROOF).then_some(ray)
        })
    }

    /// Duals of the least sum of violations: the proof where there is no ray.
    fn elastic(&self, scenario: usize, x: &[f64]) -> Result<Vec<f64>, DecomposeError> {
        let recourse = &self.two_stage.scenarios[scenario].recourse;
        let (mut low, mut high) = (recourse.row_low.clone(), recourse.row_high.clone());
        for (row, shifted_low, shifted_high) in self.shifted(scenario, x) {
            (low[row], high[row]) = (shifted_low, shifted_high);
        }
        let mut program = Program::new();
        for column in 0..recourse.columns() {
            program.column(0.0, recourse.lower[column], recourse.upper[column]);
        }
        for row in 0..recourse.rows() {
            let more = program.column(1.0, 0.0, f64::INFINITY);
            let less = program.column(1.0, 0.0, f64::INFINITY);
            let slack = [(more, 1.0), (less, -1.0)];
            let terms: Vec<(usize, f64)> = recourse.terms_of(row).chain(slack).collect();
            program.row(low[row], high[row], terms);
        }
        let solution = program
            .solve(Effort { presolve: false, ..Effort::default() })
            .map_err(|error| DecomposeError::Part(scenario, error))?;
        if solution.status != Status::Optimal || solution.objective <= PROOF {
            let what = format!("the proof that scenario {scenario} has no recourse");
            return Err(DecomposeError::Unsolved { what, status: solution.status });
        }
        Ok(solution.row_dual)
    }
}

fn is_clear(status: Status) -> bool {
    matches!(status, Status::Optimal | Status::Infeasible | Status::Unbounded)
}
