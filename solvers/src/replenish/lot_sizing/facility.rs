//! The facility-location form: set-ups serve shares of single demands (Krarup & Bilde, *Plant Location, Set
//! Covering and Economic Lot Size*, 1977).
//!
//! It has a column for each pair of a period and a later demand, so it grows with the square of the
//! periods; but its relaxation is as strong as the best prices on capacity.

use super::LotSizing;
use super::model::wants;
use crate::program::Program;

/// What one column of the form is: how much of a demand is made in a period.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    pub(super) item: usize,
    /// When it is made.
    pub(super) period: usize,
    /// What it is made for.
    pub(super) of: usize,
}

/// Number of shares that a problem has.
pub(super) fn size(problem: &LotSizing) -> usize {
    let of = |demand: &[f64]| demand.iter().enumerate().map(pairs).sum::<usize>();
    problem.items.iter().map(|data| of(&data.demand)).sum()
}

fn pairs((period, &demand): (usize, &f64)) -> usize {
    if demand > 0.0 { period + 1 } else { 0 }
}

/// Set-ups by item and period, then shares, then overtime if it has a price; the last rows are the capacities.
pub(super) fn form(problem: &LotSizing, overtime_price: Option<f64>) -> (Program, Vec<Share>) {
    let periods = problem.periods();
    let (mut program, mut shares) = (Program::new(), Vec::with_capacity(size(problem)));
    let mut uses: Vec<Vec<(usize, f64)>> = vec![Vec::new(); periods];
    for (item, data) in problem.items.iter().enumerate() {
        for (period, uses) in uses.iter_mut().enumerate() {
            let upper = f64::from(u8::from(wants(problem, item, period)));
            uses.push((program.whole_column(data.set_up_cost, 0.0, upper), data.set_up_time));
        }
    }
    for (item, data) in problem.items.iter().enumerate() {
        for (of, &demand) in data.demand.iter().enumerate().filter(|(_, demand)| **demand > 0.0) {
            let first = program.columns();
            for (period, uses) in uses.iter_mut().enumerate().take(of + 1) {
                let kept = data.holding_cost * (of - period) as f64;
                let cost = (problem.unit_cost(item, period) + kept) * demand;
                let column = program.column(cost, 0.0, 1.0);
                uses.push((column, data.unit_time * demand));
                program.row(
                    f64::NEG_INFINITY,
                    0.0,
                    [(column, 1.0), (item * periods + period, -1.0)],
                );
                shares.push(Share { item, period, of });
            }
            program.row(1.0, 1.0, (first..=first + of).map(|column| (column, 1.0)));
        }
    }
    for (mut uses, &capacity) in uses.into_iter().zip(&problem.capacity) {
        if let Some(price) = overtime_price {
            uses.push((program.column(price, 0.0, f64::INFINITY), -1.0));
        }
        program.row(f64::NEG_INFINITY, capacity, uses);
    }
    (program, shares)
}

/// The shares in lots, where what was made first is sold first.
pub(super) fn shares_of(
    problem: &LotSizing,
    shares: &[Share],
    quantities: &[Vec<f64>],
) -> Vec<f64> {
    let mut x = vec![0.0; shares.len()];
    let mut left = quantities.to_vec();
    // Shares of a demand lie together, in the order of the periods.
    let mut asked = 0.0;
    for (at, share) in shares.iter().enumerate() {
        let demand = problem.items[share.item].demand[share.of];
        if share.period == 0 {
            asked = demand;
        }
        let left = &mut left[share.item][share.period];
        let taken = left.min(asked);
        (*left, asked) = (*left - taken, asked - taken);
        x[at] = taken / demand;
    }
    x
}
