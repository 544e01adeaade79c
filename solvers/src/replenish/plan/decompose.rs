//! The main loop: prices, plans, and a bound on each side.

use cluster::Team;

use super::bundle::{Bundle, Proposal};
use super::passes::{Passes, Priced, SetUps};
use super::problem::{PlanError, Replenishment};
use super::repair::{Known, excess, fit, limits};
use super::rounding::{Care, Rounding, quantities, swaps};
use super::{Approach, Plan, Wanted};

/// A search of prices, with what it found.
pub(super) struct Search<'a> {
    pub(super) passes: Passes<'a>,
    pub(super) bundle: Bundle,
    /// Limits, and what prices and excess are measured in; 0 where there is none.
    limits: Vec<f64>,
    scales: Vec<f64>,
    /// Charge on orders that no price changes.
    pub(super) fixed: f64,
    /// Where the bound ends the search.
    pub(super) cutoff: f64,
    pub(super) lower: f64,
    /// A bound at such prices with set-ups that are paid for in full.
    whole: f64,
    /// Prices of the best bound, in whole limits.
    pub(super) prices: Vec<f64>,
    pub(super) best: Known,
    pub(super) history: Vec<[f64; 2]>,
}

/// Refuses stock that has no room even without orders.
pub(super) fn without_orders(passes: &Passes<'_>) -> Result<Known, PlanError> {
    let problem = passes.problem;
    let orders = vec![0.0; problem.items.len() * problem.periods];
    let valued = passes.value(&orders)?;
    for (place, used) in valued.uses[..problem.periods * problem.scenarios].iter().enumerate() {
        let (period, scenario) = (place / problem.scenarios, place % problem.scenarios);
        let room = problem.volume[period];
        if *used > room + 1e-9 * room.max(1.0) {
            return Err(PlanError::Volume { period, scenario, needed: *used, room });
        }
    }
    Ok(Known { orders, valued })
}

impl<'a> Search<'a> {
    /// Starts at `prices`, in whole limits, or at none.
    pub(super) fn new(
        passes: Passes<'a>,
        prices: Option<Vec<f64>>,
    ) -> Result<Search<'a>, PlanError> {
        let problem = passes.problem;
        let best = without_orders(&passes)?;
        let limits = limits(problem);
        let scale = |limit: &f64| match limit {
            limit if limit.is_infinite() => 0.0,
            limit => limit.max(1e-3),
        };
        let scales: Vec<f64> = limits.iter().map(scale).collect();
        // All scenarios of a period together move as far as one budget.
        let cells = problem.periods * problem.scenarios;
        let pace = |place: usize| if place < cells { 1.0 / problem.scenarios as f64 } else { 1.0 };
        let paces = (0..limits.len()).map(pace).collect();
        // Where prices are known, the first step is short.
        let first = if prices.is_some() { 5e-3 } else { 2e-2 };
        let prices = prices.unwrap_or_else(|| vec![0.0; limits.len()]);
        let bundle = Bundle::new(paces, prices.clone(), first);
        let (fixed, lower, history) = (0.0, f64::NEG_INFINITY, Vec::new());
        let (whole, cutoff) = (lower, f64::INFINITY);
        Ok(Search {
            passes,
            bundle,
            limits,
            scales,
            fixed,
            cutoff,
            lower,
            whole,
            prices,
            best,
            history,
        })
    }

    /// A pass at prices in whole limits: its bound, and its plan in the bundle.
    fn pass(&mut self, prices: &[f64]) -> Result<f64, PlanError> {
        let real = self.in_money(prices);
        let Priced { bound, cost, uses, orders } = self.passes.price(&real)?;
        let mut spent = 0.0;
        let mut excess = vec![0.0; prices.len()];
        for (place, scale) in self.scales.iter().enumerate() {
            if *scale > 0.0 {
                spent += real[place] * uses[place];
                excess[place] = (uses[place] - self.limits[place]) / scale;
            }
        }
        self.bundle.push(cost - spent + self.fixed, excess, orders);
        let bound = bound - self.worth(&real) + self.fixed;
        if bound > self.lower {
            self.lower = bound;
            self.prices = prices.to_vec();
        }
        Ok(bound)
    }

    /// Makes a mixture fit, and keeps it if it is the cheapest.
    fn try_plan(&mut self, orders: Vec<f64>) -> Result<(), PlanError> {
        let found = fit(&self.passes, orders, &self.best)?;
        debug_assert!(excess(self.passes.problem, &found.valued) <= 1e-6);
        if found.valued.cost < self.best.valued.cost {
            self.best = found;
        }
        Ok(())
    }

    /// Whether both bounds are as near as is wanted.
    pub(super) fn closed(&self, gap: f64) -> bool {
        let cost = self.best.valued.cost;
        cost - self.lower.max(self.whole) <= gap * cost.abs()
    }

    /// Looks for better prices until the gap is closed or `most` passes are done.
    pub(super) fn run(&mut self, gap: f64, most: usize) -> Result<(), PlanError> {
        let first = self.prices.clone();
        let bound = self.pass(&first)?;
        self.bundle.judge(&Proposal { prices: first, promise: bound }, bound);
        for _ in 1..most {
            let proposal = self.bundle.propose();
            let mixture = self.bundle.mixture();
            self.try_plan(mixture)?;
            self.history.push([self.lower, self.best.valued.cost]);
            if self.closed(gap) || self.lower >= self.cutoff {
                break;
            }
            if proposal.promise - self.lower <= 0.02 * gap * self.lower.abs() {
                self.bundle.loosen();
            }
            let bound = self.pass(&proposal.prices)?;
            self.bundle.judge(&proposal, bound);
        }
        Ok(())
    }

    /// Looks for better prices of set-ups that are paid for in part, and now and then for a plan.
    fn run_set_ups(&mut self, wanted: Wanted, team: &'a Team) -> Result<(), PlanError> {
        /// Passes before the first attempt at a plan and between two, once so small a share of the gap is promised.
        const FIRST: usize = 10;
        const EVERY: usize = 5;
        const NEAR: f64 = 0.3;
        let mut before = f64::NEG_INFINITY;
        let mut proposal = Proposal { prices: self.prices.clone(), promise: f64::INFINITY };
        for pass in 1..=wanted.most_passes {
            let bound = self.pass(&proposal.prices)?;
            proposal.promise = if pass == 1 { bound } else { proposal.promise };
            self.bundle.judge(&proposal, bound);
            proposal = self.bundle.propose();
            let promised = proposal.promise - self.lower;
            let (small, last) = (wanted.gap * self.lower.abs(), pass == wanted.most_passes);
            let ended = promised <= 0.05 * small;
            let exhausted = ended && self.lower - before <= 0.05 * small;
            let due = pass >= FIRST && pass % EVERY == 0 && promised <= NEAR * small;
            if ended || last || due {
                self.round(wanted, team, exhausted || last)?;
            }
            self.history.push([self.lower.max(self.whole), self.best.valued.cost]);
            if self.closed(wanted.gap) || exhausted {
                break;
            }
            // Far from the best prices, items need not be planned as well.
            let off = 0.1 * promised / self.lower.abs().max(f64::MIN_POSITIVE);
            self.passes.tolerance = off.clamp(ITEMS_SHARE * wanted.gap, 1e-2);
            if ended {
                before = self.lower;
                self.bundle.loosen();
            }
        }
        Ok(())
    }

    /// Tries to make plans of the mixture.
    fn round(&mut self, wanted: Wanted, team: &Team, thoroughly: bool) -> Result<(), PlanError> {
        /// How dear it is to be off a limit; the first is the best for many items.
        const STIFFNESS: [f64; 4] = [0.3, 0.1, 1.0, 3.0];
        let (problem, prices) = (self.passes.problem, self.in_money(&self.prices));
        let mixture = self.bundle.mixture();
        let shares = &mixture[problem.items.len() * problem.periods..];
        self.passes.tolerance = ITEMS_SHARE * wanted.gap;
        let rounding = Rounding::new(&mut self.passes, shares, &prices)?;
        self.whole = self.whole.max(rounding.bound - self.worth(&prices));
        for stiffness in &STIFFNESS[..if thoroughly { STIFFNESS.len() } else { 1 }] {
            let plan = rounding.choose(problem, &prices, *stiffness);
            let cutoff = self.best.valued.cost;
            let care = Care { gap: 0.05 * wanted.gap, most_passes: 50, cutoff };
            let known = quantities(problem, team, &plan, &self.prices, care)?;
            if known.valued.cost < self.best.valued.cost {
                self.best = known;
            }
            if self.closed(wanted.gap) {
                return Ok(());
            }
        }
        if thoroughly {
            let (known, gap) = (self.best.clone(), 0.05 * wanted.gap);
            self.best = swaps(problem, team, known, &self.prices, gap)?;
        }
        Ok(())
    }

    /// What all limits are worth at prices in money.
    fn worth(&self, prices: &[f64]) -> f64 {
        let worth = prices.iter().zip(&self.limits).filter(|(price, _)| **price > 0.0);
        worth.map(|(price, limit)| price * limit).sum()
    }

    /// Prices of whole limits, in money for a unit of each.
    fn in_money(&self, prices: &[f64]) -> Vec<f64> {
        let pairs = prices.iter().zip(&self.scales);
        pairs.map(|(price, scale)| if *scale > 0.0 { price / scale } else { 0.0 }).collect()
    }
}

/// Share of the wanted gap that the items' bounds may be off together.
pub(super) const ITEMS_SHARE: f64 = 0.1;

pub(super) fn linear(
    problem: &Replenishment,
    wanted: Wanted,
    team: &Team,
) -> Result<Plan, PlanError> {
    let passes = Passes::new(problem, team, ITEMS_SHARE * wanted.gap);
    let mut search = Search::new(passes, None)?;
    search.run(wanted.gap, wanted.most_passes)?;
    certified(problem, wanted, team, &search)
}

/// Prices of the problem without set-ups to begin with; then those of the items' problems with set-ups that are paid
/// for in part, whose mixture of plans is rounded, and the quantities are improved.
pub(super) fn with_set_ups(
    problem: &Replenishment,
    wanted: Wanted,
    team: &Team,
) -> Result<Plan, PlanError> {
    /// Passes for the first prices.
    const PLAIN: usize = 40;
    let plain = Passes::new(problem, team, ITEMS_SHARE * wanted.gap);
    let mut plain = Search::new(plain, None)?;
    plain.run(wanted.gap, PLAIN)?;
    let mut passes = Passes::new(problem, team, ITEMS_SHARE * wanted.gap);
    passes.set_ups = SetUps::Partly;
    passes.nodes = wanted.most_nodes;
    let mut search = Search::new(passes, Some(plain.prices))?;
    search.run_set_ups(wanted, team)?;
    search.passes.set_ups = SetUps::Whole;
    certified(problem, wanted, team, &search)
}

/// The plan, with both bounds computed anew from its prices and orders alone.
fn certified(
    problem: &Replenishment,
    wanted: Wanted,
    team: &Team,
    search: &Search<'_>,
) -> Result<Plan, PlanError> {
    let prices = search.in_money(&search.prices);
    let mut fresh = Passes::new(problem, team, 0.5 * ITEMS_SHARE * wanted.gap);
    fresh.set_ups = search.passes.set_ups;
    fresh.nodes = search.passes.nodes;
    let pass = fresh.price(&prices)?;
    let lower = pass.bound - search.worth(&prices);
    let upper = fresh.value(&search.best.orders)?.cost;
    let budget_prices = prices[problem.periods * problem.scenarios..].to_vec();
    let volume_prices = prices[..problem.periods * problem.scenarios].to_vec();
    Ok(Plan {
        approach: Approach::Decomposition,
        lower,
        upper,
        orders: search.best.orders.clone(),
        volume_prices,
        budget_prices,
        history: search.history.clone(),
    })
}
