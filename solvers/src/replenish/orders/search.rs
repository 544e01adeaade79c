//! A plan, and a bound that no plan is below.

use engine::Money;

use super::groups::Groups;
use super::model::{Asked, Model};
use super::problem::OrderProblem;
use super::root::Root;
use super::{OrderError, Ordered, explain};
use crate::program::{Effort, Event, Program, Solution, Solver, Status};

/// How hard [`solve`] tries.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrderEffort {
    /// Gap to the bound that is small enough, as a share of the cost beside purchases.
    pub gap: f64,
    /// Branch-and-bound nodes of the search over all integers; a tenth of it for each over a few.
    pub nodes: i32,
    /// Simplex iterations of all searches at which they end.
    pub iterations: i64,
}

impl Default for OrderEffort {
    fn default() -> OrderEffort {
        OrderEffort { gap: 0.01, nodes: 200, iterations: 200_000 }
    }
}

/// Rows up to which a search over all integers raises the bound in reasonable time.
const SMALL: usize = 2_000;

/// Effort for finding any plan at all, in the effort for a good one.
const FOR_ANY: i32 = 20;

/// Times that each group of stocks is searched at most.
const SWEEPS: usize = 4;

/// What rows may be off, where coefficients lie near one.
pub(super) const TOLERANCE: f64 = 1e-7;

/// Orders that all scenarios share, and a bound on what any cost.
///
/// The same data give the same plan on any machine: limits are in nodes and iterations.
///
/// # Errors
///
/// [`OrderError`] if a number cannot be planned with, if limits cannot be kept together, or if no plan was found
/// within the effort.
pub fn solve(problem: &OrderProblem, effort: OrderEffort) -> Result<Ordered, OrderError> {
    problem.check()?;
    let model = Model::new(problem, Asked::All)?;
    let Some(root) = Root::of(problem, &model)? else {
        return Err(explain::infeasible(problem));
    };
    let mut search = Search::new(problem, &model, root, effort);
    search.first()?;
    let infeasible = search.best.is_none() && search.any()?;
    if search.best.is_none() {
        return Err(match infeasible {
            true => explain::infeasible(problem),
            false => OrderError::Unfound(search.nodes),
        });
    }
    search.improve()?;
    if model.program.rows() <= SMALL && !search.closed() {
        search.all()?;
    }
    search.ordered()
}

/// A bound that no plan's expected cost is below, by the relaxation alone \[currency\].
///
/// # Errors
///
/// As [`solve`].
pub fn lower_bound(problem: &OrderProblem) -> Result<Money, OrderError> {
    problem.check()?;
    let model = Model::new(problem, Asked::All)?;
    let root = Root::of(problem, &model)?.ok_or(OrderError::Unfound(0))?;
    Ok(root.bound / problem.scenarios as f64)
}

/// Where a search ends.
#[derive(Clone, Copy)]
pub(super) struct Most {
    pub(super) nodes: i32,
    pub(super) iterations: i64,
    /// Better plans.
    pub(super) plans: usize,
}

pub(super) struct Search<'a> {
    pub(super) problem: &'a OrderProblem,
    pub(super) model: &'a Model,
    pub(super) root: Root,
    pub(super) groups: Groups,
    pub(super) effort: OrderEffort,
    pub(super) best: Option<(f64, Vec<f64>)>,
    pub(super) bound: f64,
    pub(super) nodes: i64,
    pub(super) iterations: i64,
    /// Purchases in all scenarios at the lowest prices.
    least_purchases: f64,
}

impl<'a> Search<'a> {
    fn new(
        problem: &'a OrderProblem,
        model: &'a Model,
        root: Root,
        effort: OrderEffort,
    ) -> Search<'a> {
        let least_purchases = (0..problem.scenarios).map(|w| problem.least_purchases(w)).sum();
        Search {
            bound: root.bound,
            iterations: root.iterations,
            groups: Groups::of(problem, model),
            problem,
            model,
            root,
            effort,
            best: None,
            nodes: 0,
            least_purchases,
        }
    }

    pub(super) fn cost(&self) -> f64 {
        self.best.as_ref().map_or(f64::INFINITY, |best| best.0)
    }

    /// What a cost is beside purchases at the lowest prices.
    pub(super) fn rest(&self, cost: f64) -> f64 {
        (cost - self.least_purchases).max(0.0)
    }

    fn closed(&self) -> bool {
        self.closes(self.cost())
    }

    /// Whether a plan of this cost is near enough to the bound.
    pub(super) fn closes(&self, cost: f64) -> bool {
        cost - self.bound <= self.effort.gap * self.rest(cost) + 1e-9 * cost.abs()
    }

    /// Any plan, by a search over all integers that ends with the first; whether there is proved to be none.
    fn any(&mut self) -> Result<bool, OrderError> {
        let program = self.root.program.clone();
        let OrderEffort { nodes, iterations, .. } = self.effort;
        let (nodes, iterations) =
            (nodes.saturating_mul(FOR_ANY), iterations.saturating_mul(FOR_ANY.into()));
        let most = Most { nodes, iterations, plans: 1 };
        Ok(self.run(program, most)?.status == Status::Infeasible)
    }

    /// The search over all integers, for a bound and a plan.
    fn all(&mut self) -> Result<(), OrderError> {
        let OrderEffort { nodes, iterations, .. } = self.effort;
        let most = Most { nodes, iterations, plans: usize::MAX };
        let found = self.run(self.root.program.clone(), most)?;
        if found.bound.is_finite() {
            self.bound = self.bound.max(found.bound);
        }
        Ok(())
    }

    /// Searches over the orders of a few stocks in a few periods at a time, all others as in the best plan.
    fn improve(&mut self) -> Result<(), OrderError> {
        let periods = self.problem.periods;
        let window = periods.div_ceil(4).max(2).min(periods);
        let starts: Vec<usize> = (0..periods).step_by(window.div_ceil(2)).collect();
        let turns = self.groups.count * starts.len();
        let mut since = 0;
        for turn in 0..SWEEPS * turns {
            if self.closed() || since >= turns || self.iterations >= self.effort.iterations {
                break;
            }
            let (group, start) =
                (turn / starts.len() % self.groups.count, starts[turn % starts.len()]);
            let before = self.cost();
            let Some((_, x)) = &self.best else { return Ok(()) };
            let mut program = self.root.program.clone();
            for column in 0..program.columns() {
                let own = self.groups.decides(group, column);
                let decided = column < self.model.first.columns;
                let inside = decided
                    && (start..start + window).contains(&self.model.first.period_of(column));
                if !own || (program.whole[column] && !inside) {
                    (program.lower[column], program.upper[column]) = (x[column], x[column]);
                }
            }
            let most = Most {
                nodes: (self.effort.nodes / 10).max(10),
                iterations: self.effort.iterations / 20,
                plans: usize::MAX,
            };
            self.run(program, most)?;
            since = if self.cost() < before - 1e-7 * before.abs() { 0 } else { since + 1 };
        }
        Ok(())
    }

    /// A search over a program; a better plan that it finds is the best from now on.
    fn run(&mut self, program: Program, most: Most) -> Result<Solution, OrderError> {
        let mut solver = Solver::new(program)?;
        // Without a plan, more effort goes into finding one.
        let mut most = most;
        let mut reference = self.bound;
        if let Some((cost, x)) = &self.best {
            solver.start_from(x);
            reference = *cost;
            most.iterations = most.iterations.min(self.left());
        }
        let found = self.searched(solver, most, reference);
        let is_plan = matches!(found.status, Status::Optimal | Status::Limit);
        if is_plan && found.objective < self.cost() {
            self.best = Some((found.objective, found.x.clone()));
        }
        Ok(found)
    }

    fn left(&self) -> i64 {
        (self.effort.iterations - self.iterations).max(0)
    }

    /// What a search finds within limits, to a gap that is a share of what `reference` is beside purchases.
    pub(super) fn searched(&mut self, mut solver: Solver, most: Most, reference: f64) -> Solution {
        let rest = self.rest(reference);
        let relative_gap = 0.5 * self.effort.gap * rest / reference.abs().max(f64::MIN_POSITIVE);
        let effort = Effort {
            nodes: most.nodes,
            relative_gap: relative_gap.clamp(1e-9, 1.0),
            tolerance: TOLERANCE,
            ..Effort::default()
        };
        let Most { iterations: most_iterations, mut plans, .. } = most;
        solver.watch(move |event| match event {
            Event::Pause { iterations, .. } => iterations < most_iterations && plans > 0,
            Event::Better(_) => {
                plans = plans.saturating_sub(1);
                plans > 0
            }
        });
        let found = solver.solve(effort);
        self.nodes += found.nodes;
        self.iterations += found.iterations;
        found
    }
}
