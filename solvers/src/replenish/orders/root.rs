//! The relaxation of a plan, tightened until its inequalities bring little.

use super::OrderError;
use super::cuts::{Cut, violated};
use super::model::Model;
use super::problem::OrderProblem;
use super::search::TOLERANCE;
use crate::program::{Effort, Program, Solution, Solver, Status};

/// Rounds of inequalities at most.
const ROUNDS: usize = 12;

/// What an inequality is broken by at least, beside the demand it is of.
const BROKEN: f64 = 1e-3;

/// What a round must raise the bound by, as a share of what it has been raised by.
const RAISED: f64 = 0.01;

/// The relaxation, tightened.
pub(super) struct Root {
    /// The model with the inequalities that matter.
    pub(super) program: Program,
    pub(super) bound: f64,
    pub(super) x: Vec<f64>,
    /// Prices of the model's own rows.
    pub(super) duals: Vec<f64>,
    pub(super) iterations: i64,
}

impl Root {
    /// `None` if not even the relaxation has a solution, with its inequalities.
    pub(super) fn of(problem: &OrderProblem, model: &Model) -> Result<Option<Root>, OrderError> {
        let mut solver = Solver::new(model.program.relaxed())?;
        let effort = Effort { tolerance: TOLERANCE, ..Effort::default() };
        let mut found = solver.solve(effort);
        let mut iterations = found.iterations;
        match found.status {
            Status::Optimal => {}
            Status::Infeasible => return Ok(None),
            _ => return Err(OrderError::Unfound(0)),
        }
        let first = found.bound;
        let own = model.program.rows();
        if model.program.is_integer() {
            for _ in 0..ROUNDS {
                let cuts = violated(problem, model, &found.x, BROKEN);
                if cuts.is_empty() {
                    break;
                }
                solver.add_rows(cuts.into_iter().map(|(low, terms)| (low, f64::INFINITY, terms)));
                let tighter = solver.solve(effort);
                iterations += tighter.iterations;
                match tighter.status {
                    Status::Optimal => {}
                    // The inequalities hold for every plan.
                    Status::Infeasible => return Ok(None),
                    _ => break,
                }
                let before = std::mem::replace(&mut found, tighter).bound;
                if found.bound - before <= RAISED * (found.bound - first) {
                    break;
                }
            }
        }
        let program = model.program.clone();
        let kept = binding(solver.program(), own, &found);
        let program = with_cuts(program, kept);
        let mut duals = found.row_dual;
        duals.truncate(own);
        Ok(Some(Root { program, bound: found.bound, x: found.x, duals, iterations }))
    }
}

/// The inequalities that hold with equality.
fn binding(program: &Program, own: usize, found: &Solution) -> Vec<Cut> {
    // Rows that came after the last optimum have no price.
    let priced = (own..found.row_dual.len()).filter(|&row| found.row_dual[row].abs() > 1e-9);
    priced.map(|row| (program.row_low[row], program.terms_of(row).collect())).collect()
}

fn with_cuts(mut program: Program, cuts: Vec<Cut>) -> Program {
    for (low, terms) in cuts {
        program.row(low, f64::INFINITY, terms);
    }
    program
}
