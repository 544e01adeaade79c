//! Orders in whole lots, near a plan that knows no lots.
//!
//! Each item's orders are rounded so that their sum up to every period stays near the plan's, and then
//! changed lot by lot while that is cheaper at the prices of volume and budget. Where the limits are not
//! kept, prices are raised; what is left of the limits is used at last, item by item.

use std::convert::Infallible;

use cluster::{Table, Team};
use engine::Units;

use super::item::Memory;
use super::passes::{Passes, Valued};
use super::problem::{PlanError, Replenishment, View};
use super::repair::{ROUNDING, excess, limits};
use super::{Plan, Wanted};

#[cfg(test)]
mod tests;

/// What an order of an item may be, if there is one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lot {
    /// Orders are multiples of this; above 0 \[units\].
    pub multiple: Units,
    /// Smallest order \[units\].
    pub least: Units,
}

impl Lot {
    /// Lots of the smallest order.
    fn least(self) -> f64 {
        (self.least / self.multiple - ROUNDING).ceil().max(1.0)
    }

    /// Lots that are at most as much as `most`.
    fn within(self, most: Units) -> f64 {
        (most / self.multiple * (1.0 + ROUNDING) + ROUNDING).floor()
    }

    /// The order nearest to `wanted` that is at most `most`.
    fn near(self, wanted: Units, most: Units) -> Units {
        let (least, most) = (self.least(), self.within(most));
        let lots = wanted / self.multiple;
        if least > most || lots < 0.5 * least {
            return 0.0;
        }
        lots.round().max(least).min(most) * self.multiple
    }

    /// `lots` of them, if an order may be that much; an order of less than the smallest is none.
    fn order(self, lots: f64, most: Units) -> Option<Units> {
        let lots = if lots < self.least() { 0.0 } else { lots };
        (lots <= self.within(most)).then_some(lots * self.multiple)
    }
}

/// Orders whose sums are near those of `plan`.
fn rounded(view: View<'_>, plan: &[Units], most: &[Units], lot: Lot, orders: &mut [Units]) {
    let mut ahead = 0.0;
    for (order, (planned, most)) in orders.iter_mut().zip(plan.iter().zip(most)) {
        *order = lot.near(planned - ahead, *most);
        ahead += *order - planned;
    }
    debug_assert_eq!(orders.len(), view.orders());
}

/// Changes lots while that is cheaper at the charges in memory, and is allowed.
fn improve(
    view: View<'_>,
    most: &[Units],
    lot: Lot,
    memory: &mut Memory,
    allowed: &mut dyn FnMut(&Memory) -> bool,
) {
    /// Times that all changes of an item are tried.
    const SWEEPS: usize = 12;
    let total = |memory: &mut Memory| {
        let ordering: f64 =
            memory.orders.iter().zip(&memory.charges.order).map(|(order, cost)| order * cost).sum();
        let placed = memory.orders.iter().filter(|order| **order > 0.0).count();
        ordering + view.item.set_up * placed as f64 + memory.value(view)
    };
    let mut best = total(memory);
    let periods = view.orders();
    let mut before = memory.orders.clone();
    for _ in 0..SWEEPS {
        let mut changed = false;
        for period in 0..periods {
            for change in 0..CHANGES {
                before.copy_from_slice(&memory.orders);
                if !apply(change, period, lot, most, &mut memory.orders) {
                    continue;
                }
                let cost = total(memory);
                if cost < best - 1e-9 * best.abs() && allowed(memory) {
                    best = cost;
                    changed = true;
                } else {
                    memory.orders.copy_from_slice(&before);
                }
            }
        }
        if !changed {
            break;
        }
    }
    memory.value(view);
}

/// Changes that are tried at a period.
const CHANGES: usize = 8;

/// Changes the order of a period; whether anything changed. Lots move to the next period, or the one before, in which
/// there may be an order.
fn apply(change: usize, period: usize, lot: Lot, most: &[Units], orders: &mut [Units]) -> bool {
    let now = (orders[period] / lot.multiple).round();
    let can = |at: &usize| lot.within(most[*at]) >= lot.least();
    let to = match change {
        3 | 5 => (period + 1..orders.len()).find(can),
        4 | 6 => (0..period).rev().find(can),
        _ => None,
    };
    let left = match change {
        0 => (now + 1.0).max(lot.least()),
        1 | 5 | 6 => (now - 1.0).max(0.0),
        7 => 2.0 * now,
        _ => 0.0,
    };
    let Some(left) = lot.order(left, most[period]) else { return false };
    if left == orders[period] {
        return false;
    }
    if (3..=6).contains(&change) {
        let Some(to) = to else { return false };
        let given = now - (left / lot.multiple).round();
        let more = (orders[to] / lot.multiple).round() + given;
        if more < lot.least() {
            return false;
        }
        let Some(more) = lot.order(more, most[to]) else { return false };
        orders[to] = more;
    }
    orders[period] = left;
    true
}

/// Largest orders, by item, then period: as those of [`Replenishment::most`], but for the lot that the last
/// units are in.
fn largest(problem: &Replenishment, most: &[Units], lots: &[Lot]) -> Vec<Units> {
    let large = |(place, &most): (usize, &Units)| {
        let (row, period) = (place / problem.periods, place % problem.periods);
        let (item, lot) = (&problem.items[row], lots[row]);
        if most <= 0.0 {
            return 0.0;
        }
        let whole = (most / lot.multiple - ROUNDING).ceil().max(lot.least()) * lot.multiple;
        let paid = if item.cost > 0.0 { problem.budget[period] / item.cost } else { f64::INFINITY };
        whole.min(item.most).min(paid)
    };
    most.iter().enumerate().map(large).collect()
}

/// The plan in whole lots, within the limits; its lower bound stays that of the plan.
///
/// # Errors
///
/// [`PlanError`] if there is no room for what is in stock and on order.
pub fn in_lots(
    problem: &Replenishment,
    plan: &Plan,
    lots: &[Lot],
    team: &Team,
) -> Result<Plan, PlanError> {
    /// What the prices of the limits are multiplied with, until the limits are kept.
    const FACTORS: [f64; 8] = [1.0, 1.02, 1.05, 1.1, 1.25, 1.6, 2.5, 6.0];
    /// Plans within the limits that are completed; the cheapest is taken.
    const ENOUGH: usize = 3;
    let mut passes = Passes::new(problem, team, Wanted::default().gap);
    passes.most = largest(problem, &passes.most, lots);
    let shared = limits(problem).iter().any(|limit| limit.is_finite() && *limit > 0.0);
    let mut best: Option<(Vec<Units>, f64)> = None;
    let mut tried = 0;
    let mut keep = |orders: Vec<Units>, valued: Valued| -> Result<(), PlanError> {
        let orders = if shared { filled(&passes, plan, lots, orders, valued) } else { orders };
        let cost = passes.value(&orders)?.cost;
        if best.as_ref().is_none_or(|(_, least)| cost < *least) {
            best = Some((orders, cost));
        }
        Ok(())
    };
    for factor in FACTORS {
        let orders = at_prices(&passes, plan, lots, factor, team)?;
        let valued = passes.value(&orders)?;
        if excess(problem, &valued) <= ROUNDING {
            keep(orders, valued)?;
            tried += 1;
        }
        if tried == ENOUGH || (tried > 0 && !shared) {
            break;
        }
    }
    if tried == 0 {
        let orders = floors(problem, plan, lots);
        let valued = passes.value(&orders)?;
        keep(orders, valued)?;
    }
    let (orders, upper) = best.unwrap_or_else(|| (plan.orders.clone(), plan.upper));
    Ok(Plan { upper, orders, ..plan.clone() })
}

/// Every order of the plan, in the lots that are in it: the limits are kept.
fn floors(problem: &Replenishment, plan: &Plan, lots: &[Lot]) -> Vec<Units> {
    let floor = |(place, planned): (usize, &Units)| {
        let lot = lots[place / problem.periods];
        lot.order(lot.within(*planned), f64::INFINITY).unwrap_or(0.0)
    };
    plan.orders.iter().enumerate().map(floor).collect()
}

/// Prices of volume and budget, times `factor`.
fn prices(plan: &Plan, factor: f64) -> [Vec<f64>; 2] {
    let times = |price: &f64| factor * price;
    [&plan.volume_prices, &plan.budget_prices].map(|prices| prices.iter().map(times).collect())
}

/// The orders of all items, each alone at the plan's prices times `factor`.
fn at_prices(
    passes: &Passes<'_>,
    plan: &Plan,
    lots: &[Lot],
    factor: f64,
    team: &Team,
) -> Result<Vec<Units>, PlanError> {
    let problem = passes.problem;
    let [volume, budget] = prices(plan, factor);
    let work = |row: usize, cells: &mut [Units], memory: &mut Memory| {
        let view = problem.view(row);
        let (from, orders) = (row * problem.periods, view.orders());
        memory.charges.set(view, &volume, &budget);
        memory.size(view);
        let most = &passes.most[from..from + orders];
        rounded(view, &plan.orders[from..from + orders], most, lots[row], &mut memory.orders);
        improve(view, most, lots[row], memory, &mut |_| true);
        cells[..orders].copy_from_slice(&memory.orders);
        Ok::<(), Infallible>(())
    };
    let table = Table::new(problem.items.len(), problem.periods);
    Ok(team.rows(table, Memory::default, work)?)
}

/// Uses what is left of the limits, item by item: first what is worth it at the plan's prices, then at less, and at
/// last what is worth it at all.
fn filled(
    passes: &Passes<'_>,
    plan: &Plan,
    lots: &[Lot],
    mut orders: Vec<Units>,
    valued: Valued,
) -> Vec<Units> {
    let problem = passes.problem;
    let limits = limits(problem);
    let mut uses = valued.uses;
    let mut memory = Memory::default();
    for factor in [1.0, 0.7, 0.4, 0.2, 0.0] {
        let [volume, budget] = prices(plan, factor);
        for place in 0..problem.items.len() {
            let view = problem.view(place);
            let (from, count) = (place * problem.periods, view.orders());
            memory.charges.set(view, &volume, &budget);
            memory.size(view);
            memory.orders.copy_from_slice(&orders[from..from + count]);
            memory.value(view);
            let take = |uses: &mut [f64], memory: &Memory, sign: f64| {
                for (sum, used) in uses.iter_mut().zip(memory.uses(view)) {
                    *sum += sign * used;
                }
            };
            take(&mut uses, &memory, -1.0);
            improve(view, &passes.most[from..from + count], lots[place], &mut memory, &mut |now| {
                let others = uses.iter().zip(&limits);
                now.uses(view)
                    .zip(others)
                    .all(|(used, (other, limit))| other + used <= limit * (1.0 + 0.5 * ROUNDING))
            });
            take(&mut uses, &memory, 1.0);
            orders[from..from + count].copy_from_slice(&memory.orders);
        }
    }
    orders
}
