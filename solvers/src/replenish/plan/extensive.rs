//! The whole plan as one program.

use cluster::Team;

use super::decompose::without_orders;
use super::passes::Passes;
use super::problem::{PlanError, Replenishment};
use super::recourse::{Charges, Cut, corrected, least};
use super::repair::{fit, limits};
use super::{Approach, Plan};
use crate::program::{Effort, Method, Program, Solution};

/// Places of the columns of an item: orders, stock, losses, then set-ups.
struct Places {
    item: usize,
    periods: usize,
    scenarios: usize,
}

impl Places {
    fn stock(&self, period: usize, scenario: usize) -> usize {
        self.item + self.periods + period * self.scenarios + scenario
    }
}

/// The program of a plan: for each item orders by period, stock and losses by period and scenario, and set-ups
/// by period if any item has them; then rows of stock, of set-ups, of volume and of the budget.
///
/// Bounds on orders are the items' own and those that no better plan exceeds.
///
/// # Errors
///
/// [`PlanError`] if a number cannot be planned with, by itself or beside that of another item.
pub fn extensive(problem: &Replenishment) -> Result<Program, PlanError> {
    problem.check()?;
    problem.check_scale()?;
    let (periods, scenarios, items) = (problem.periods, problem.scenarios, problem.items.len());
    let (cells, set_ups) = (periods * scenarios, problem.has_set_ups());
    let own = periods + 2 * cells + if set_ups { periods } else { 0 };
    let share = 1.0 / scenarios as f64;
    let terms = items * (5 * cells + 3 * periods);
    let rows = items * (cells + if set_ups { periods } else { 0 }) + cells + periods;
    let mut program = Program::with_capacity(items * own, rows, terms);
    for (place, item) in problem.items.iter().enumerate() {
        let view = problem.view(place);
        let most = problem.most(place);
        for most in &most {
            program.column(item.cost, 0.0, *most);
        }
        for at in 0..cells {
            let credit = if at + scenarios >= cells { item.credit } else { 0.0 };
            program.column((item.holding - credit) * share, 0.0, f64::INFINITY);
        }
        for demand in view.demand {
            program.column(item.lost * share, 0.0, *demand);
        }
        if set_ups {
            for _ in 0..periods {
                program.whole_column(item.set_up, 0.0, 1.0);
            }
        }
    }
    for (place, item) in problem.items.iter().enumerate() {
        let view = problem.view(place);
        let first = place * own;
        let columns = Places { item: first, periods, scenarios };
        for period in 0..periods {
            let order = period.checked_sub(item.lead_time);
            let earlier = view.arriving.get(period).copied().unwrap_or(0.0);
            let opening = if period == 0 { item.opening } else { 0.0 };
            for scenario in 0..scenarios {
                let demand = view.demand[period * scenarios + scenario];
                let right = opening + earlier - demand;
                let stock = columns.stock(period, scenario);
                let before = (period > 0).then(|| (stock - scenarios, -1.0));
                let arrives = order.map(|order| (first + order, -1.0));
                let terms = arrives.into_iter().chain(before);
                program.row(right, right, terms.chain([(stock, 1.0), (stock + cells, -1.0)]));
            }
        }
        if set_ups {
            let most = problem.most(place);
            for (period, most) in most.into_iter().enumerate() {
                let terms = [(first + period, 1.0), (first + periods + 2 * cells + period, -most)];
                program.row(f64::NEG_INFINITY, 0.0, terms);
            }
        }
    }
    for at in 0..cells {
        let room = problem.volume[at / scenarios];
        let volumes = problem.items.iter().enumerate();
        let terms = volumes.map(|(place, item)| (place * own + periods + at, item.volume));
        program.row(f64::NEG_INFINITY, room, terms);
    }
    for (period, budget) in problem.budget.iter().enumerate() {
        let costs = problem.items.iter().enumerate();
        let terms = costs.map(|(place, item)| (place * own + period, item.cost));
        program.row(f64::NEG_INFINITY, *budget, terms);
    }
    Ok(program)
}

/// The method for a program of as many terms.
fn suited(terms: usize) -> Method {
    /// Terms up to which simplex, then an interior point, is the quickest.
    const SMALL: usize = 60_000;
    const LARGE: usize = 600_000;
    match terms {
        terms if terms <= SMALL => Method::Simplex,
        terms if terms <= LARGE => Method::InteriorPoint,
        _ => Method::FirstOrder,
    }
}

/// A plan by solving the whole program, by `method` or by what suits its size.
///
/// Orders are brought within the limits exactly, and without set-ups the bound is computed anew from the
/// solver's duals, so that both hold whatever the solver's tolerance.
///
/// # Errors
///
/// [`PlanError`] if a number cannot be planned with, or there is no room for what is in stock and on order.
pub fn whole(
    problem: &Replenishment,
    method: Option<Method>,
    team: &Team,
) -> Result<Plan, PlanError> {
    let program = extensive(problem)?;
    let passes = Passes::new(problem, team, 0.0);
    let none = without_orders(&passes)?;
    let method = method.unwrap_or_else(|| suited(program.terms()));
    let own = program.columns() / problem.items.len();
    let solution = program.solve(Effort { method, ..Effort::default() })?;
    let orders = (0..problem.items.len()).flat_map(|item| {
        let columns = item * own..item * own + problem.periods;
        let most = &passes.most[item * problem.periods..];
        let bounded = solution.x[columns].iter().zip(most);
        bounded.map(|(order, most)| if *order > 1e-7 * most { order.min(*most) } else { 0.0 })
    });
    let found = fit(&passes, orders.collect(), &none)?;
    let cells = problem.periods * problem.scenarios;
    let (prices, lower) = if problem.has_set_ups() {
        (vec![0.0; passes.limits()], solution.bound)
    } else {
        let first = problem.items.len() * cells;
        let duals = &solution.row_dual[first..];
        let prices: Vec<f64> = duals.iter().map(|dual| (-dual).max(0.0)).collect();
        let lower = bound(problem, &passes.most, &prices, &solution);
        (prices, lower)
    };
    Ok(Plan {
        approach: Approach::Extensive(method),
        lower,
        upper: found.valued.cost,
        orders: found.orders,
        volume_prices: prices[..cells].to_vec(),
        budget_prices: prices[cells..].to_vec(),
        history: vec![[lower, found.valued.cost]],
    })
}

/// The bound that a solver's duals prove once they are corrected.
fn bound(problem: &Replenishment, most: &[f64], prices: &[f64], solution: &Solution) -> f64 {
    let cells = problem.periods * problem.scenarios;
    let (volume, budget) = prices.split_at(cells);
    let mut charges = Charges::default();
    let mut slopes = vec![0.0; problem.periods];
    let mut bound = 0.0;
    for item in 0..problem.items.len() {
        let view = problem.view(item);
        charges.set(view, volume, budget);
        let duals = &solution.row_dual[item * cells..(item + 1) * cells];
        let constant = corrected(view, duals, &charges.stock, &mut slopes);
        let slopes = &slopes[..view.orders()];
        let most = &most[item * problem.periods..];
        bound += least(Cut { slopes, constant }, &charges.order, most);
    }
    let limits = limits(problem);
    let priced = prices.iter().zip(&limits).filter(|(price, _)| **price > 0.0);
    bound - priced.map(|(price, limit)| price * limit).sum::<f64>()
}
