//! Plans from searches over a few set-ups at a time, and the search over all of them.

use super::grid::Grid;
use super::model::{self, Model};
use super::prices::Priced;
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
    problem: &'a LotSizing,
    grid: Grid,
    effort: LotSizingEffort,
    pub(super) best: Option<Best>,
    pub(super) nodes: i64,
    pub(super) iterations: i64,
}

/// Set-ups that a search of a round is free in.
const FREE_SET_UPS: usize = 50;

/// Nodes of a search over what prices leave undecided, in those of the other searches of a round.
const UNDECIDED: i32 = 8;

/// Nodes of the search for a first plan at least.
const FIRST_NODES: i32 = 200;

/// What a search may be off its rows; lots are computed again afterwards.
const TOLERANCE: f64 = 1e-6;

impl<'a> Improver<'a> {
    pub(super) fn new(problem: &'a LotSizing, grid: Grid, effort: LotSizingEffort) -> Improver<'a> {
        Improver { problem, grid, effort, best: None, nodes: 0, iterations: 0 }
    }

    /// Simplex iterations that are left; a first plan is found with any number.
    fn left(&self) -> i64 {
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
        let mut status =
            self.search(model, mixed, (self.effort.round_nodes, i64::MAX), 2e-3)?.status;
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
        let elastic = Model::new(self.problem, Some(price)).program;
        let plain = model.program.columns();
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
            nodes = self.effort.round_nodes;
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

    /// Set-ups that the searches of all rounds are free in, by item and period: those of some periods,
    /// then those of some items, of neighbours first, then of such as lie further apart.
    fn neighbourhoods(&self) -> Vec<Vec<usize>> {
        let (items, periods) = (self.problem.items.len(), self.problem.periods());
        let [span, group] = self.sizes();
        let mut all = Vec::new();
        for round in 0..self.effort.rounds.max(1) {
            for from in (0..periods).step_by(span.div_ceil(2)) {
                let window = from..(from + span).min(periods);
                let of = |item: usize| window.clone().map(move |period| item * periods + period);
                all.push((0..items).flat_map(of).collect());
            }
            for first in (0..items).step_by(group.div_ceil(2)) {
                let member = |place: usize| (first + place * (round + 1)) % items;
                let of = |place: usize| (0..periods).map(move |at| member(place) * periods + at);
                all.push((0..group).flat_map(of).collect());
            }
        }
        all
    }

    /// Periods of a window, and items of a group, that searches of a round are free in.
    fn sizes(&self) -> [usize; 2] {
        let (items, periods) = (self.problem.items.len().max(1), self.problem.periods().max(1));
        let span = FREE_SET_UPS.div_ceil(items).clamp(2, periods.max(2));
        [span, FREE_SET_UPS.div_ceil(periods).clamp(1, items)]
    }

    /// Set-ups that the best prices mix, or that the best plan has otherwise than they (relaxation induced
    /// neighbourhood: Danna, Rothberg & Le Pape, Mathematical Programming 102 (2005) 71–90).
    fn undecided(&self, priced: &Priced) -> Vec<usize> {
        /// Share of a set-up in the mixture from which it is decided.
        const DECIDED: f64 = 0.95;
        let best = self.cost().1;
        let periods = self.problem.periods();
        let mut all = Vec::new();
        for (item, shares) in priced.set_ups.iter().enumerate() {
            for (period, &share) in shares.iter().enumerate() {
                let is = best[item][period];
                let agrees = if is { share >= DECIDED } else { share <= 1.0 - DECIDED };
                if !agrees {
                    all.push(item * periods + period);
                }
            }
        }
        all
    }

    /// Searches around the best plan.
    pub(super) fn rounds(
        &mut self,
        model: &Model,
        priced: &Priced,
        bound: f64,
    ) -> Result<(), LotSizingError> {
        if self.effort.rounds == 0 || self.best.is_none() {
            return Ok(());
        }
        // Around again for as long as something is found.
        let neighbourhoods = self.neighbourhoods();
        let mut since = 0;
        for (turn, neighbourhood) in neighbourhoods.iter().cycle().enumerate() {
            let before = self.cost().0;
            if turn % neighbourhoods.len() == 0 {
                let undecided = self.undecided(priced);
                self.around(model, &undecided, UNDECIDED * self.effort.round_nodes)?;
            }
            self.around(model, neighbourhood, self.effort.round_nodes)?;
            since = if self.cost().0 < before { 0 } else { since + 1 };
            let ended = since >= neighbourhoods.len() || self.left() == 0;
            if ended || self.grid.closed(self.cost().0, bound) {
                break;
            }
        }
        Ok(())
    }

    /// A search over the set-ups that are free, the others as in the best plan.
    fn around(&mut self, model: &Model, free: &[usize], nodes: i32) -> Result<(), LotSizingError> {
        let Some(best) = &self.best else { return Ok(()) };
        let mut program = model.program.clone();
        let mut open = 0;
        for (item, set_ups) in best.set_ups.iter().enumerate() {
            for (period, &set_up) in set_ups.iter().enumerate() {
                let column = model.set_up(item, period);
                if !free.contains(&column) {
                    let value = f64::from(u8::from(set_up));
                    (program.lower[column], program.upper[column]) = (value, value);
                } else if program.lower[column] < program.upper[column] {
                    open += 1;
                }
            }
        }
        if open > 0 {
            let gap = self.grid.relative_gap(best.cost);
            self.search(model, program, (nodes, i64::MAX), gap)?;
        }
        Ok(())
    }

    /// The search over all set-ups; its bound on plans cheaper than the best.
    pub(super) fn prove(&mut self, model: &Model) -> Result<f64, LotSizingError> {
        let gap = self.grid.relative_gap(self.cost().0);
        let most = (self.effort.nodes, self.effort.search_iterations);
        let found = self.search(model, model.program.clone(), most, gap)?;
        Ok(match found.status {
            Status::Infeasible => self.cost().0,
            _ => self.grid.up(found.bound.min(self.cost().0)),
        })
    }

    fn search(
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
            self.best = Some(Best { cost, quantities, set_ups });
        }
        Ok(())
    }
}
