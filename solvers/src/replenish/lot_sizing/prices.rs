//! Prices on capacity: the Lagrangian bound, by cutting planes.
//!
//! At prices `π` each item's lots cost `K + π_t b` a set-up and `p_t + π_t a` a unit; what all items
//! cost at least, less `Σ π_t C_t`, is a bound. Plans of single items are the cutting planes of the
//! search for the best prices (Dantzig & Wolfe, 1960; Manne, 1958).

use super::{LotSizing, LotSizingError};
use crate::exact::lot_sizing::{LotPeriod, wagner_whitin};
use crate::program::{Effort, Program, Solver, Status};

/// The best prices, and what they say.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    /// Worth of capacity in each period.
    pub(super) prices: Vec<f64>,
    pub(super) bound: f64,
    /// How often each item is set up in each period, in the mixture of plans that fits.
    pub(super) set_ups: Vec<Vec<f64>>,
    /// Whether the mixture needs more than the capacity.
    pub(super) over_capacity: bool,
    pub(super) passes: usize,
}

/// Lots of one item.
struct Lots {
    item: usize,
    set_ups: Vec<bool>,
}

/// Relative gap to the master at which prices are the best.
const ENOUGH: f64 = 1e-7;

/// Share of the best prices so far in those that are tried next.
const STEADY: f64 = 0.5;

pub(super) fn search(problem: &LotSizing, most_passes: usize) -> Result<Priced, LotSizingError> {
    let (items, periods) = (problem.items.len(), problem.periods());
    let mut program = Program::new();
    let most = most_price(problem);
    for &capacity in &problem.capacity {
        program.column(capacity, 0.0, most);
    }
    for _ in 0..items {
        program.column(-1.0, f64::NEG_INFINITY, f64::INFINITY);
    }
    let mut solver = Solver::new(program)?;
    let mut plans: Vec<Lots> = Vec::new();
    let mut best = Priced {
        prices: vec![0.0; periods],
        bound: f64::NEG_INFINITY,
        set_ups: vec![vec![0.0; periods]; items],
        over_capacity: false,
        passes: 0,
    };
    let (mut prices, mut steady) = (vec![0.0; periods], STEADY);
    let mut master = f64::INFINITY;
    while best.passes < most_passes.max(1) {
        best.passes += 1;
        let mut bound = -dot(&problem.capacity, &prices);
        for item in 0..items {
            let (cost, set_ups, row) = lots(problem, item, &prices)?;
            bound += cost;
            solver.add_row(f64::NEG_INFINITY, row.0, row.1);
            plans.push(Lots { item, set_ups });
        }
        // A step that finds nothing better leans less on the best.
        if bound > best.bound {
            (best.bound, best.prices) = (bound, prices.clone());
        } else {
            steady *= 0.5;
        }
        let solution = solver.solve(Effort { presolve: false, ..Effort::default() });
        if solution.status != Status::Optimal {
            break;
        }
        master = master.min(-solution.objective);
        for row in &mut best.set_ups {
            row.fill(0.0);
        }
        for (plan, dual) in plans.iter().zip(&solution.row_dual) {
            for (sum, &set_up) in best.set_ups[plan.item].iter_mut().zip(&plan.set_ups) {
                *sum += if set_up { dual.abs() } else { 0.0 };
            }
        }
        best.over_capacity = solution.x[..periods].iter().any(|&price| price >= most * 0.999);
        if master - best.bound <= ENOUGH * best.bound.abs().max(1.0) {
            break;
        }
        let mixed = best.prices.iter().zip(&solution.x);
        prices = mixed.map(|(old, new)| steady * old + (1.0 - steady) * new.max(0.0)).collect();
        if steady < 0.05 {
            steady = 0.0;
        }
    }
    best.prices.iter_mut().for_each(|price| *price = price.max(0.0));
    Ok(best)
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

/// A price at which a thousandth of a period's capacity is worth more than any plan costs.
fn most_price(problem: &LotSizing) -> f64 {
    let periods = problem.periods() as f64;
    let mut most = 1.0;
    for (item, data) in problem.items.iter().enumerate() {
        let demand: f64 = data.demand.iter().sum();
        let unit = (0..problem.periods()).map(|period| problem.unit_cost(item, period));
        most += periods * (data.set_up_cost + data.holding_cost * demand);
        most += unit.fold(0.0, f64::max) * demand;
    }
    let mean = problem.capacity.iter().sum::<f64>() / periods.max(1.0);
    let time: f64 = problem.items.iter().map(|item| item.unit_time + item.set_up_time).sum();
    most / (1e-3 * mean.max(1e-3 * time).max(1e-6))
}

/// Periods of one item at prices.
pub(super) fn lot_periods(problem: &LotSizing, item: usize, prices: &[f64]) -> Vec<LotPeriod> {
    let data = &problem.items[item];
    let period = |(period, price): (usize, &f64)| LotPeriod {
        demand: data.demand[period],
        order_cost: data.set_up_cost + price * data.set_up_time,
        holding: data.holding_cost,
        purchase: problem.unit_cost(item, period) + price * data.unit_time,
    };
    prices.iter().enumerate().map(period).collect()
}

/// Row of the master of a plan: its cost, and its terms.
type Row = (f64, Vec<(usize, f64)>);

/// The cheapest lots of an item at prices: their cost there, their set-ups, and their row.
fn lots(
    problem: &LotSizing,
    item: usize,
    prices: &[f64],
) -> Result<(f64, Vec<bool>, Row), LotSizingError> {
    let data = &problem.items[item];
    let plan = planned(&lot_periods(problem, item, prices))?;
    let (mut own, mut stock) = (0.0, 0.0);
    let mut terms = vec![(problem.periods() + item, 1.0)];
    for (period, &quantity) in plan.quantities.iter().enumerate() {
        stock += quantity - data.demand[period];
        own += data.holding_cost * stock;
        if quantity > 0.0 {
            own += data.set_up_cost + problem.unit_cost(item, period) * quantity;
            terms.push((period, -(data.set_up_time + data.unit_time * quantity)));
        }
    }
    let set_ups = plan.quantities.iter().map(|&quantity| quantity > 0.0).collect();
    Ok((plan.cost, set_ups, (own, terms)))
}

/// Wagner & Whitin, of data that were checked.
fn planned(periods: &[LotPeriod]) -> Result<crate::exact::lot_sizing::LotPlan, LotSizingError> {
    wagner_whitin(periods)
        .map_err(|_| LotSizingError::Value { quantity: "a cost at prices", value: f64::NAN })
}

/// What an item costs at prices at least, beyond its cheapest lots, if it is set up in each period,
/// and if it is not: `[not, is]` a period.
pub(super) fn regrets(
    problem: &LotSizing,
    item: usize,
    prices: &[f64],
) -> Result<Vec<[f64; 2]>, LotSizingError> {
    let mut periods = lot_periods(problem, item, prices);
    let least = planned(&periods)?.cost;
    // More than any plan that sets up elsewhere: where there is none, the item cannot do without.
    let never: f64 = 2.0 * least.abs() + 1e9;
    let mut regrets = Vec::with_capacity(periods.len());
    for period in 0..periods.len() {
        let own = periods[period].order_cost;
        periods[period].order_cost = never;
        let not = planned(&periods)?.cost - least;
        periods[period].order_cost = 0.0;
        let is = planned(&periods)?.cost + own - least;
        periods[period].order_cost = own;
        regrets.push([not, is]);
    }
    Ok(regrets)
}
