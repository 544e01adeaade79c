//! Cutting planes: the prices with the highest bound.

use super::table::{Table, Totals};
use super::{PriceError, Wanted};
use crate::program::{Effort, Program, Status};

/// The best that was found: a bound, its prices, and the plan that is the cheapest at them.
#[derive(Clone, Debug)]
pub(super) struct Best {
    pub(super) bound: f64,
    pub(super) prices: Vec<f64>,
    pub(super) chosen: Vec<usize>,
}

/// The cheapest mixture of plans within the limits.
struct Mixture {
    cost: f64,
    prices: Vec<f64>,
    weights: Vec<f64>,
}

/// Cutting planes: each plan that was the cheapest at some prices is one.
pub(super) struct Planes<'a> {
    table: &'a Table,
    limits: Vec<f64>,
    plans: Vec<Totals>,
    /// The candidate of each item in each of them.
    choices: Vec<Vec<u32>>,
    pub(super) passes: usize,
}

impl<'a> Planes<'a> {
    pub(super) fn new(table: &'a Table, limits: &[f64]) -> Planes<'a> {
        let limits = limits.to_vec();
        Planes { table, limits, plans: Vec::new(), choices: Vec::new(), passes: 0 }
    }

    /// The best prices, from `start` on.
    pub(super) fn search(&mut self, start: &[f64], wanted: Wanted) -> Result<Best, PriceError> {
        /// Share of the best prices so far in those that are tried next: cutting planes alone leap about
        /// (Ben-Ameur & Neto, Networks 49 (2007) 3–17).
        const STEADY: f64 = 0.35;
        let mut best: Option<Best> = None;
        // Plans that are known from other limits are plans here too.
        let mut prices = if self.plans.is_empty() { start.to_vec() } else { self.master()?.prices };
        let mut chosen = Vec::new();
        for step in 0..wanted.most_passes {
            let totals = self.table.pass(&prices, &mut chosen);
            self.passes += 1;
            let bound = totals.bound(&prices, &self.limits);
            if best.as_ref().is_none_or(|best| bound > best.bound) {
                best = Some(Best { bound, prices: prices.clone(), chosen: chosen.clone() });
            }
            let Some(best) = &best else { continue };
            self.plans.push(totals);
            self.choices.push(chosen.iter().map(|&candidate| candidate as u32).collect());
            let master = self.master()?;
            if master.cost - best.bound <= wanted.price_gap * best.bound.abs() {
                break;
            }
            let steady = if step > self.limits.len() { STEADY } else { 0.0 };
            let mixed = best.prices.iter().zip(&master.prices);
            prices = mixed.map(|(old, new)| steady * old + (1.0 - steady) * new).collect();
        }
        best.ok_or(PriceError::Infeasible)
    }

    /// The cheapest mixture of plans within the limits, and the prices that it gives them.
    ///
    /// Its numbers need no check of their scale: shares and uses are at most one, and what is too small to be
    /// told from rounding beside them is too small to be worth a price. Bounds are taken from the table.
    fn master(&self) -> Result<Mixture, PriceError> {
        /// Times its usual worth that going over a limit costs, at first and at most.
        const PENALTIES: [f64; 3] = [1e2, 1e5, 1e8];
        let largest = self.plans.iter().map(|plan| plan.cost.abs()).fold(0.0, f64::max);
        let typical = if largest > 0.0 { largest } else { 1.0 };
        let size = |limit: usize| {
            let used = self.plans.iter().map(|plan| plan.uses[limit].abs());
            let size = used.fold(self.limits[limit].abs(), f64::max);
            if size > 0.0 { size } else { 1.0 }
        };
        let sizes: Vec<f64> = (0..self.limits.len()).map(size).collect();
        let mut last = None;
        for penalty in PENALTIES {
            let mut program = Program::new();
            for plan in &self.plans {
                program.column(plan.cost / typical, 0.0, 1.0);
            }
            let count = program.columns();
            program.row(1.0, 1.0, (0..count).map(|plan| (plan, 1.0)));
            for (limit, size) in sizes.iter().enumerate() {
                let mut terms: Vec<(usize, f64)> =
                    (0..count).map(|plan| (plan, self.plans[plan].uses[limit] / size)).collect();
                // What is over the limit, at most as much as any plan takes.
                terms.push((program.column(2.0 * penalty, 0.0, 1.0), -2.0));
                program.row(f64::NEG_INFINITY, self.limits[limit] / size, terms);
            }
            let solution = program.solve(Effort::default()).map_err(|_| PriceError::Infeasible)?;
            match solution.status {
                Status::Optimal => {}
                Status::Other(status) => return Err(PriceError::Stopped(status)),
                _ => return Err(PriceError::Infeasible),
            }
            let duals = solution.row_dual[1..].iter().zip(&sizes);
            let prices = duals.map(|(dual, size)| (-dual).max(0.0) * typical / size).collect();
            let over: f64 = solution.x[count..].iter().sum();
            let weights = solution.x[..count].to_vec();
            last = Some(Mixture { cost: solution.objective * typical, prices, weights });
            // While the plans at hand go over a limit together, higher prices make leaner ones.
            if over <= 1e-9 {
                break;
            }
        }
        last.ok_or(PriceError::Infeasible)
    }

    /// A plan whose totals are nearly those of the cheapest mixture: items take turns between the plans that
    /// it mixes, so that what is used stays next to what the mixture uses.
    pub(super) fn mixed(&self) -> Result<Vec<usize>, PriceError> {
        let Mixture { weights, prices, .. } = self.master()?;
        let active: Vec<(usize, f64)> =
            weights.into_iter().enumerate().filter(|(_, weight)| *weight > 1e-9).collect();
        let limits = self.limits.len();
        let worth: Vec<f64> = prices.iter().map(|price| price * price).collect();
        let (mut ahead, mut wanted) = (vec![0.0; limits], vec![0.0; limits]);
        let mut plan = Vec::with_capacity(self.table.items());
        for item in 0..self.table.items() {
            let first = self.choices[active[0].0][item];
            if active.iter().all(|(plan, _)| self.choices[*plan][item] == first) {
                plan.push(first as usize);
                continue;
            }
            for (limit, wanted) in wanted.iter_mut().enumerate() {
                let takes =
                    |of: usize| self.table.takes(item, self.choices[of][item] as usize, limit);
                *wanted = ahead[limit] - active.iter().map(|(of, w)| w * takes(*of)).sum::<f64>();
            }
            let off = |candidate: usize| {
                let each = (0..limits).map(|limit| {
                    let off = wanted[limit] + self.table.takes(item, candidate, limit);
                    worth[limit] * off * off
                });
                each.sum::<f64>()
            };
            let options = active.iter().map(|(of, _)| self.choices[*of][item] as usize);
            let best = options.min_by(|&left, &right| off(left).total_cmp(&off(right)));
            let best = best.unwrap_or(first as usize);
            for (limit, ahead) in ahead.iter_mut().enumerate() {
                *ahead = wanted[limit] + self.table.takes(item, best, limit);
            }
            plan.push(best);
        }
        Ok(plan)
    }

    /// Prices if all limits were a hundredth looser, and tighter.
    pub(super) fn ranges(
        &mut self,
        prices: &[f64],
        wanted: Wanted,
    ) -> Result<Vec<[f64; 2]>, PriceError> {
        const SHARE: f64 = 0.01;
        let limits = self.limits.clone();
        let mut ends = Vec::with_capacity(2);
        for share in [1.0 + SHARE, 1.0 - SHARE] {
            self.limits = limits.iter().map(|limit| limit * share).collect();
            let rough = Wanted { price_gap: wanted.price_gap.max(1e-4), ..wanted };
            ends.push(self.search(prices, rough)?.prices);
        }
        self.limits = limits;
        let range = |limit: usize| [ends[0][limit], ends[1][limit]];
        Ok((0..self.limits.len()).map(range).collect())
    }
}
