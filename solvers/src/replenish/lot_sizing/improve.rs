//! The best plan so far, from searches for a first one, and over all set-ups.

use super::facility;
use super::grid::Grid;
use super::model::{self, Model};
use super::prices::Priced;
use super::rounds::Turn;
use super::{LotSizing, LotSizingEffort, LotSizingError};
use crate::program::{Effort, Event, Program, Solution, Solver, Status};

/// A plan.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) cost: f64,
    pub(super) quantities: Vec<Vec<f64>>,
    pub(super) set_ups: Vec<Vec<bool>>,
}

/// The best plan so far, and what makes it better.
pub(super) struct Improver<'a> {
    pub(super) problem: &'a LotSizing,
    pub(super) grid: Grid,
    pub(super) effort: LotSizingEffort,
    pub(super) best: Option<Best>,
    pub(super) nodes: i64,
    pub(super) iterations: i64,
    /// Where the rounds are.
    pub(super) turn: Turn,
}

/// The share of a search's iterations that a first, short one has: one in as many.
const EARLY: i64 = 4;

/// The share of all iterations that rounds have after each search over all set-ups: one in as many.
const ROUNDS: i64 = 4;

/// Drawn neighbourhoods without a better plan after which rounds end.
const DRAWS: usize = 60;

/// Open set-ups that the gap is worth, from which no search closes it in time; further rounds find more.
const HOPELESS: f64 = 2.25;

/// Nodes of the quick search for a first plan.
const QUICK_NODES: i32 = 10;

/// Nodes of the search for a first plan at least.
const FIRST_NODES: i32 = 200;

/// Shares in the facility-location form from which the limits in iterations are as given.
const SIZE: usize = 2_000;

/// What a search may be off its rows; lots are computed again afterwards.
const TOLERANCE: f64 = 1e-6;

impl<'a> Improver<'a> {
    pub(super) fn new(problem: &'a LotSizing, grid: Grid, effort: LotSizingEffort) -> Improver<'a> {
        // Iterations on small programs are quicker: there are as many more.
        let size = facility::size(problem).clamp(1, SIZE) as i64;
        let scaled =
            |iterations: i64| iterations.saturating_mul(1_000 + SIZE as i64) / (1_000 + size);
        let effort = LotSizingEffort {
            search_iterations: scaled(effort.search_iterations),
            iterations: scaled(effort.iterations),
            ..effort
        };
        let turn = Turn::default();
        Improver { problem, grid, effort, best: None, nodes: 0, iterations: 0, turn }
    }

    /// Simplex iterations that are left; a first plan is found with any number.
    pub(super) fn left(&self) -> i64 {
        let left = self.effort.iterations.saturating_sub(self.iterations).max(0);
        if self.best.is_some() { left } else { i64::MAX }
    }

    /// Cost of the best plan, and its set-ups.
    pub(super) fn cost(&self) -> (f64, &[Vec<bool>]) {
        self.best.as_ref().map_or((f64::INFINITY, &[]), |best| (best.cost, &best.set_ups))
    }

    /// A first plan: by a search over the set-ups that the best prices mix, else over all.
    pub(super) fn first(
        &mut self,
        model: &Model,
        priced: &Priced,
    ) -> Result<Status, LotSizingError> {
        let mut mixed = model.program.clone();
        for (item, set_ups) in priced.set_ups.iter().enumerate() {
            for (period, &share) in set_ups.iter().enumerate() {
                let column = model.set_up(item, period);
                if share < 1e-6 {
                    mixed.upper[column] = 0.0;
                } else if share > 1.0 - 1e-6 {
                    mixed.lower[column] = mixed.upper[column];
                }
            }
        }
        let mut status = self.search(model, mixed, (QUICK_NODES, i64::MAX), 2e-3)?.status;
        if self.best.is_none() {
            status = self.search(model, model.program.clone(), (1, i64::MAX), 1e-2)?.status;
        }
        if self.best.is_none() && status != Status::Infeasible {
            self.without_overtime(model, priced)?;
        }
        let nodes = self.effort.nodes.max(FIRST_NODES);
        if self.best.is_none() && status != Status::Infeasible {
            status = self.search(model, model.program.clone(), (nodes, i64::MAX), 1.0)?.status;
        }
        Ok(status)
    }

    /// A first plan where that is hard: overtime is allowed at a price, and taken away by searches over
    /// some periods or items at a time.
    fn without_overtime(&mut self, model: &Model, priced: &Priced) -> Result<(), LotSizingError> {
        let (items, periods) = (self.problem.items.len(), self.problem.periods());
        let mean = self.problem.capacity.iter().sum::<f64>() / periods as f64;
        let price = priced.bound.abs().max(1.0) / mean.max(1e-6);
        let elastic = Model::for_search(self.problem, Some(price)).program;
        let plain = elastic.columns() - periods;
        let mut x: Option<Vec<f64>> = None;
        // All set-ups at first, for as long as a node takes; then windows, then groups.
        let mut program = elastic.clone();
        let mut nodes = 1;
        for neighbourhood in std::iter::once(Vec::new()).chain(self.neighbourhoods()) {
            if let Some(x) = &x {
                program.clone_from(&elastic);
                for at in 0..items * periods {
                    if !neighbourhood.contains(&at) {
                        (program.lower[at], program.upper[at]) = (x[at], x[at]);
                    }
                }
            }
            let mut solver = Solver::new(program.clone())?;
            if let Some(x) = &x {
                solver.start_from(x);
            }
            let effort = Effort { nodes, relative_gap: 1e-3, ..Effort::default() };
            let found = solver.solve(Effort { tolerance: TOLERANCE, ..effort });
            nodes = QUICK_NODES;
            self.nodes += found.nodes;
            if !matches!(found.status, Status::Optimal | Status::Limit) {
                continue;
            }
            let overtime: f64 = found.x[plain..].iter().sum();
            if overtime <= 1e-6 * mean {
                self.adopt(model, &found)?;
                if self.best.is_some() {
                    return Ok(());
                }
            }
            x = Some(found.x);
        }
        Ok(())
    }

    /// Searches over all set-ups, a short one first, and between them rounds: what is easy is proved at
    /// once, and the rest is better for a good plan. The bound on all plans.
    pub(super) fn improve(
        &mut self,
        model: &mut Model,
        priced: &Priced,
        mut bound: f64,
    ) -> Result<f64, LotSizingError> {
        let (search, all) = (self.effort.search_iterations, self.effort.iterations);
        for (early, search) in [(true, search / EARLY), (false, search)] {
            for proves in [true, false] {
                let (cost, set_ups) = self.cost();
                if self.grid.closed(cost, bound) {
                    return Ok(bound);
                }
                model.decide(self.problem, priced, (cost, set_ups), self.grid)?;
                let hopeless = self.worth(model, bound) > HOPELESS;
                if !proves {
                    // Draws find what a search finds too, but it proves something.
                    let draws = if early && !hopeless { 0 } else { DRAWS };
                    self.rounds(model, priced, bound, (all / ROUNDS, draws))?;
                } else if early || !hopeless {
                    bound = bound.max(self.prove(model, search)?);
                }
            }
        }
        Ok(bound)
    }

    /// How many open set-ups the gap is worth, if all plans' set-ups cost alike.
    fn worth(&self, model: &Model, bound: f64) -> f64 {
        let cost = self.cost().0;
        model.open() as f64 * (cost - bound) / cost.abs().max(f64::MIN_POSITIVE)
    }

    /// A search over all set-ups; its bound on plans cheaper than the best.
    fn prove(&mut self, model: &Model, iterations: i64) -> Result<f64, LotSizingError> {
        if self.effort.nodes == 0 || self.left() == 0 {
            return Ok(f64::NEG_INFINITY);
        }
        let gap = self.grid.relative_gap(self.cost().0);
        let most = (self.effort.nodes, iterations);
        let found = self.search(model, model.program.clone(), most, gap)?;
        Ok(match found.status {
            Status::Infeasible => self.cost().0,
            _ => self.grid.up(found.bound.min(self.cost().0)),
        })
    }

    pub(super) fn search(
        &mut self,
        model: &Model,
        program: Program,
        (nodes, iterations): (i32, i64),
        relative_gap: f64,
    ) -> Result<Solution, LotSizingError> {
        let mut solver = Solver::new(program)?;
        if let Some(best) = &self.best {
            solver.start_from(&model.columns_of(self.problem, &best.quantities, &best.set_ups));
        }
        let effort = Effort { nodes, relative_gap, tolerance: TOLERANCE, ..Effort::default() };
        let most = iterations.min(self.left());
        solver.watch(move |event| match event {
            Event::Pause { iterations, .. } => iterations < most,
            Event::Better(_) => true,
        });
        let found = solver.solve(effort);
        self.nodes += found.nodes;
        self.iterations += found.iterations;
        if matches!(found.status, Status::Optimal | Status::Limit)
            && found.objective < self.cost().0 - 1e-7 * found.objective.abs()
        {
            self.adopt(model, &found)?;
        }
        Ok(found)
    }

    /// Takes a solution's set-ups with the cheapest lots for them, if they are cheaper.
    fn adopt(&mut self, model: &Model, found: &Solution) -> Result<(), LotSizingError> {
        let (items, periods) = (self.problem.items.len(), self.problem.periods());
        let is = |item: usize, period: usize| found.x[model.set_up(item, period)] > 0.5;
        let mut set_ups: Vec<Vec<bool>> =
            (0..items).map(|item| (0..periods).map(|period| is(item, period)).collect()).collect();
        let Some(quantities) = model::lots(self.problem, &set_ups)? else { return Ok(()) };
        for (set_ups, quantities) in set_ups.iter_mut().zip(&quantities) {
            for (set_up, &quantity) in set_ups.iter_mut().zip(quantities) {
                *set_up &= quantity > 0.0;
            }
        }
        let cost = self.problem.cost_of(&quantities, &set_ups);
        if cost < self.cost().0 {
            // From here the rounds start again.
            self.turn.since = 0;
            self.best = Some(Best { cost, quantities, set_ups });
        }
        Ok(())
    }
}
