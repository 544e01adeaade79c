//! A plan, and a bound that no plan is below.

use super::cuts::{Cut, violated};
use super::model::{Asked, Model};
use super::problem::OrderProblem;
use super::{OrderError, Ordered, explain};
use crate::program::{Effort, Event, Method, Program, Solution, Solver, Status};

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
        OrderEffort { gap: 0.01, nodes: 200, iterations: 400_000 }
    }
}

/// Rounds of inequalities at most.
const ROUNDS: usize = 12;

/// What an inequality is broken by at least, beside the demand it is of.
const BROKEN: f64 = 1e-3;

/// What a round must raise the bound by, as a share of what it has been raised by.
const RAISED: f64 = 0.01;

/// What rows may be off, where coefficients lie near one.
const TOLERANCE: f64 = 1e-7;

/// Terms from which on an interior point solves a first relaxation quicker than simplex.
const LARGE: usize = 400_000;

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
    search.all()?;
    if search.best.is_none() {
        return Err(match search.infeasible {
            true => explain::infeasible(problem),
            false => OrderError::Unfound(search.nodes),
        });
    }
    search.improve()?;
    search.ordered()
}

/// The relaxation, tightened.
struct Root {
    program: Program,
    bound: f64,
    x: Vec<f64>,
    iterations: i64,
}

impl Root {
    /// `None` if not even the relaxation has a solution.
    fn of(problem: &OrderProblem, model: &Model) -> Result<Option<Root>, OrderError> {
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
                if tighter.status != Status::Optimal {
                    break;
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
        Ok(Some(Root { program, bound: found.bound, x: found.x, iterations }))
    }
}

/// The inequalities that hold with equality.
fn binding(program: &Program, own: usize, found: &Solution) -> Vec<Cut> {
    let priced = (own..program.rows()).filter(|&row| found.row_dual[row].abs() > 1e-9);
    priced.map(|row| (program.row_low[row], program.terms_of(row).collect())).collect()
}

fn with_cuts(mut program: Program, cuts: Vec<Cut>) -> Program {
    for (low, terms) in cuts {
        program.row(low, f64::INFINITY, terms);
    }
    program
}

struct Search<'a> {
    problem: &'a OrderProblem,
    model: &'a Model,
    root: Root,
    effort: OrderEffort,
    best: Option<(f64, Vec<f64>)>,
    bound: f64,
    infeasible: bool,
    nodes: i64,
    iterations: i64,
    /// Purchases in all scenarios.
    purchases: f64,
}

impl<'a> Search<'a> {
    fn new(
        problem: &'a OrderProblem,
        model: &'a Model,
        root: Root,
        effort: OrderEffort,
    ) -> Search<'a> {
        let purchases = (0..problem.scenarios).map(|w| problem.purchases(w)).sum();
        Search {
            bound: root.bound,
            iterations: root.iterations,
            problem,
            model,
            root,
            effort,
            best: None,
            infeasible: false,
            nodes: 0,
            purchases,
        }
    }

    fn cost(&self) -> f64 {
        self.best.as_ref().map_or(f64::INFINITY, |best| best.0)
    }

    /// What a cost is beside purchases.
    fn rest(&self, cost: f64) -> f64 {
        (cost - self.purchases).max(0.0)
    }

    fn closed(&self) -> bool {
        let cost = self.cost();
        cost - self.bound <= self.effort.gap * self.rest(cost) + 1e-9 * cost.abs()
    }

    /// The search over all integers, for a bound and a plan.
    fn all(&mut self) -> Result<(), OrderError> {
        let program = self.root.program.clone();
        let found = self.run(program, self.effort.nodes, self.effort.iterations)?;
        self.infeasible = found.status == Status::Infeasible;
        if found.bound.is_finite() {
            self.bound = self.bound.max(found.bound);
        }
        Ok(())
    }

    /// Searches over a few orders at a time, the others as they are in the best plan.
    fn improve(&mut self) -> Result<(), OrderError> {
        let periods = self.problem.periods;
        let window = periods.div_ceil(4).max(2).min(periods);
        let mut starts: Vec<usize> = (0..periods).step_by(window.div_ceil(2)).collect();
        starts.push(periods); // what the relaxation leaves open
        let mut since = 0;
        for start in starts.iter().cycle().take(3 * starts.len()) {
            if self.closed() || since >= starts.len() || self.iterations >= self.effort.iterations {
                break;
            }
            let before = self.cost();
            let Some((_, x)) = &self.best else { return Ok(()) };
            let mut program = self.root.program.clone();
            for column in 0..self.model.first.columns {
                let free = match *start < periods {
                    true => (*start..*start + window).contains(&self.model.first.period_of(column)),
                    false => (self.root.x[column] - x[column]).abs() > 1e-6,
                };
                if program.whole[column] && !free {
                    (program.lower[column], program.upper[column]) = (x[column], x[column]);
                }
            }
            self.run(program, (self.effort.nodes / 10).max(10), self.effort.iterations / 8)?;
            since = if self.cost() < before - 1e-7 * before.abs() { 0 } else { since + 1 };
        }
        Ok(())
    }

    fn run(
        &mut self,
        program: Program,
        nodes: i32,
        iterations: i64,
    ) -> Result<Solution, OrderError> {
        let mut solver = Solver::new(program)?;
        if let Some((_, x)) = &self.best {
            solver.start_from(x);
        }
        // Purchases are not part of what a gap is a share of.
        let reference = if self.best.is_some() { self.cost() } else { self.bound };
        let rest = self.rest(reference);
        let relative_gap = 0.5 * self.effort.gap * rest / reference.abs().max(f64::MIN_POSITIVE);
        let effort = Effort {
            nodes,
            relative_gap: relative_gap.clamp(1e-9, 1.0),
            tolerance: TOLERANCE,
            ..Effort::default()
        };
        let left = (self.effort.iterations - self.iterations).max(0);
        // Something must be found, however long it takes.
        let most = if self.best.is_some() { iterations.min(left) } else { i64::MAX };
        solver.watch(move |event| match event {
            Event::Pause { iterations, .. } => iterations < most,
            Event::Better(_) => true,
        });
        let found = solver.solve(effort);
        self.nodes += found.nodes;
        self.iterations += found.iterations;
        let is_plan = matches!(found.status, Status::Optimal | Status::Limit);
        if is_plan && found.objective < self.cost() {
            self.best = Some((found.objective, found.x.clone()));
        }
        Ok(found)
    }

    /// The best plan, with the cheapest quantities for its integers.
    fn ordered(self) -> Result<Ordered, OrderError> {
        let Some((cost, mut x)) = self.best.clone() else {
            return Err(OrderError::Unfound(self.nodes));
        };
        let (problem, first) = (self.problem, &self.model.first);
        let mut program = self.model.program.clone();
        for column in 0..program.columns() {
            if program.whole[column] {
                (program.lower[column], program.upper[column]) = (x[column], x[column]);
            }
        }
        program.whole.fill(false);
        let method = if program.terms() > LARGE { Method::InteriorPoint } else { Method::Simplex };
        let found = program.solve(Effort { method, tolerance: TOLERANCE, ..Effort::default() })?;
        let mut duals = None;
        let mut upper = cost;
        if found.status == Status::Optimal {
            if found.objective <= cost {
                (upper, x) = (found.objective, found.x);
            }
            duals = Some(found.row_dual);
        }
        let scenarios = problem.scenarios as f64;
        let mut ordered = Ordered::empty(problem);
        ordered.lower = self.bound.min(upper) / scenarios;
        ordered.upper = upper / scenarios;
        ordered.closed = upper - self.bound <= self.effort.gap * self.rest(upper) + 1e-9 * upper.abs();
        (ordered.nodes, ordered.iterations) = (self.nodes, self.iterations + found.iterations);
        let costs = self.model.program.cost[..first.columns].iter();
        ordered.first_cost = costs.zip(&x).map(|(cost, x)| cost * x).sum::<f64>() / scenarios;
        for stock in 0..problem.stocks.len() {
            for period in 0..problem.periods {
                let Some(order) = first.order(stock, period) else { continue };
                let at = stock * problem.periods + period;
                for part in &order.parts {
                    let units = part.units * x[part.column];
                    // What the solver leaves of nothing.
                    let units = if units > 1e-7 * order.most { units } else { 0.0 };
                    ordered.orders[at] += units;
                    ordered.paid[at] += part.price * units;
                }
            }
        }
        for (at, (_, trucks)) in first.sources.iter().enumerate() {
            ordered.trucks[at] = trucks.map_or(0.0, |column| x[column].round());
        }
        for (lane, way) in problem.lanes.iter().enumerate() {
            let today = first.sent_today[lane];
            ordered.sent_today[lane] = super::first::lot(way.multiple) * x[today];
            // The evaluation charges it where it happens.
            ordered.first_cost -= way.unit_cost * ordered.sent_today[lane];
            for period in 0..problem.periods {
                let at = lane * problem.periods + period;
                let shipment = first.shipment(lane, period);
                ordered.shipments[at] = shipment.map_or(0.0, |column| x[column].round());
                let sent = |w| {
                    let (column, units) = self.model.sent(problem, (w, lane, period));
                    units * x[column]
                };
                ordered.sent[at] = (0..problem.scenarios).map(sent).sum::<f64>() / scenarios;
            }
        }
        if let Some(duals) = duals {
            for &(row, limit) in &self.model.limits {
                let price = (-duals[row]).max(0.0) / scenarios;
                match limit {
                    super::Limit::Cash(period) => ordered.cash_prices[period] = price,
                    super::Limit::Room(room, period) => {
                        ordered.room_prices[room * problem.periods + period] += price;
                    }
                    _ => {}
                }
            }
        }
        Ok(ordered)
    }
}
