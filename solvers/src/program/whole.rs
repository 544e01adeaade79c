//! Whole columns that a solver left at fractions.
//!
//! A search takes a column for whole that is off by its tolerance; beside a large factor that can be all the
//! difference, as where an order is allowed by a thousand millions times a yes.

use super::highs::TROUBLED;
use super::{Effort, Program, Solution, Status};

impl Program {
    /// Makes whole columns whole, where that breaks nothing.
    pub(super) fn round(&self, x: &mut [f64]) {
        if !self.is_integer() {
            return;
        }
        let mut rounded = x.to_vec();
        for (x, _) in rounded.iter_mut().zip(&self.whole).filter(|(_, whole)| **whole) {
            *x = x.round();
        }
        if self.violation(&rounded) <= TROUBLED {
            x.copy_from_slice(&rounded);
        }
    }

    /// The same, or what a short search without presolve finds and presolve lost.
    ///
    /// Of random programs with whole columns beside fractions, that of `HiGHS` 1.15.0 loses the best solution
    /// in one of 20,000, and seldom the only one; where it leaves nothing to search, nobody else notices.
    pub(super) fn searched_again(&self, solution: Solution, effort: Effort) -> Solution {
        const MOST_COLUMNS: usize = 200;
        const MOST_NODES: i32 = 100;
        let ended = matches!(solution.status, Status::Optimal | Status::Infeasible);
        if !self.is_integer() {
            return self.endless_or_none(solution, effort);
        }
        if !(ended && self.columns() <= MOST_COLUMNS) {
            return solution;
        }
        let nodes = effort.nodes.min(MOST_NODES);
        let Ok(found) = self.solve(Effort { presolve: false, nodes, ..effort }) else {
            return solution;
        };
        let cheaper = solution.objective - found.objective;
        let is_better = match found.status {
            Status::Unbounded => solution.status == Status::Infeasible,
            Status::Optimal | Status::Limit => {
                let size = solution.objective.abs().max(found.objective.abs());
                solution.status == Status::Infeasible || cheaper > TROUBLED * size
            }
            _ => false,
        };
        if is_better { found } else { solution }
    }

    /// The same of a program without whole columns: presolve calls infeasible what has no end, too.
    fn endless_or_none(&self, solution: Solution, effort: Effort) -> Solution {
        if solution.status != Status::Infeasible || self.cost.iter().all(|cost| *cost == 0.0) {
            return solution;
        }
        let mut plain = self.clone();
        plain.cost.fill(0.0);
        match plain.solve(effort) {
            Ok(found) if found.status == Status::Optimal => {
                self.solve(Effort { presolve: false, ..effort }).unwrap_or(solution)
            }
            _ => solution,
        }
    }

    /// Whether whole columns are fractions that could not be rounded.
    pub(super) fn breaks_if_whole(&self, solution: &Solution) -> bool {
        matches!(solution.status, Status::Optimal | Status::Limit)
            && self.is_integer()
            && solution.x.iter().zip(&self.whole).any(|(x, whole)| *whole && x.fract() != 0.0)
    }

    /// The best with whole columns at the nearest whole, where that can be; it is an optimum only if it
    /// costs no more than what is proved.
    pub(super) fn polished(&self, solution: Solution) -> Solution {
        let mut program = self.relaxed();
        for column in (0..program.columns()).filter(|column| self.whole[*column]) {
            let nearest = solution.x[column].round();
            (program.lower[column], program.upper[column]) = (nearest, nearest);
        }
        let Ok(fixed) = program.solve(Effort::default()) else {
            return Solution { status: Status::Troubled, ..solution };
        };
        let dearer = fixed.objective - solution.objective;
        let status = match (solution.status, fixed.status) {
            (status, Status::Optimal) if dearer <= TROUBLED * solution.objective.abs() => status,
            (Status::Limit, Status::Optimal) => Status::Limit,
            _ => return Solution { status: Status::Troubled, ..solution },
        };
        let Solution { x, objective, violation, .. } = fixed;
        Solution { status, x, objective, violation, ..solution }
    }
}
