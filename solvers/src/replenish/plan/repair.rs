//! A plan within the limits, near one that is not.

use super::passes::{Passes, Valued};
use super::problem::{PlanError, Replenishment};

/// Relative excess over a limit that is rounding.
pub(super) const ROUNDING: f64 = 1e-9;

/// A plan and what it comes to.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) orders: Vec<f64>,
    pub(super) valued: Valued,
}

/// What is over the limit of volume, in the worst scenario of each period.
fn over(problem: &Replenishment, valued: &Valued) -> Vec<f64> {
    let rows = valued.uses.chunks_exact(problem.scenarios).zip(&problem.volume);
    rows.map(|(uses, room)| uses.iter().copied().fold(0.0, f64::max) - room).collect()
}

/// The largest excess over a limit, as a share of it.
pub(super) fn excess(problem: &Replenishment, valued: &Valued) -> f64 {
    let budgets = &valued.uses[problem.periods * problem.scenarios..];
    let budgets = budgets.iter().zip(&problem.budget).map(|(used, limit)| (used - limit, *limit));
    let volumes = over(problem, valued).into_iter().zip(problem.volume.iter().copied());
    budgets.chain(volumes).map(|(over, limit)| over / limit.max(1e-3)).fold(0.0, f64::max)
}

/// Orders within the limits: as many as were asked for, shrunk where they go over one; what is still over
/// is mixed with a plan that fits.
///
/// Costs and what is taken of limits are convex in the orders: a mixture takes no more than the mixture
/// of both.
pub(super) fn fit(
    passes: &Passes<'_>,
    mut orders: Vec<f64>,
    fits: &Known,
) -> Result<Known, PlanError> {
    /// Times that orders are shrunk.
    const ROUNDS: usize = 6;
    let problem = passes.problem;
    let within_budget = |orders: &mut [f64]| {
        for period in 0..problem.periods {
            let places = (0..problem.items.len()).map(|item| item * problem.periods + period);
            let money = places.clone().zip(&problem.items).map(|(at, item)| item.cost * orders[at]);
            let money: f64 = money.sum();
            if money > problem.budget[period] {
                let share = problem.budget[period] / money;
                places.for_each(|at| orders[at] *= share);
            }
        }
    };
    within_budget(&mut orders);
    let mut valued = passes.value(&orders)?;
    for _ in 0..ROUNDS {
        if excess(problem, &valued) <= ROUNDING {
            return Ok(Known { orders, valued });
        }
        let mut shrunk = 0.0;
        for (period, over) in over(problem, &valued).into_iter().enumerate() {
            let need = over - shrunk;
            let placed = || {
                let items = problem.items.iter().enumerate();
                items.filter_map(move |(place, item)| {
                    let order = period.checked_sub(item.lead_time)?;
                    Some((place * problem.periods + order, item.volume))
                })
            };
            let volume: f64 = placed().map(|(at, volume)| volume * orders[at]).sum();
            if need > 0.0 && volume > 0.0 {
                let share = (1.02 * need / volume).min(0.9);
                placed().for_each(|(at, _)| orders[at] *= 1.0 - share);
                shrunk += 0.9 * share * volume;
            }
            // Part of what is not there would have been sold.
            shrunk *= 0.8;
        }
        valued = passes.value(&orders)?;
    }
    if excess(problem, &valued) <= ROUNDING {
        return Ok(Known { orders, valued });
    }
    let limits = limits(problem);
    let mut share = 1.0_f64;
    for ((used, safe), limit) in valued.uses.iter().zip(&fits.valued.uses).zip(&limits) {
        if used > limit {
            share = share.min(((limit - safe) / (used - safe)).max(0.0));
        }
    }
    // Rounding of the mixture itself stays below this.
    let share = share * (1.0 - 1e-12);
    let mixed = orders.iter().zip(&fits.orders);
    let orders: Vec<f64> = mixed.map(|(own, safe)| share * own + (1.0 - share) * safe).collect();
    let valued = passes.value(&orders)?;
    if excess(problem, &valued) > ROUNDING {
        return Ok(fits.clone());
    }
    Ok(Known { orders, valued })
}

/// All limits: volume by period and scenario, then budget by period.
pub(super) fn limits(problem: &Replenishment) -> Vec<f64> {
    let volumes =
        problem.volume.iter().flat_map(|room| std::iter::repeat_n(*room, problem.scenarios));
    volumes.chain(problem.budget.iter().copied()).collect()
}
