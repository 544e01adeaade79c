//! Two sources, one at once and dear, one late and cheap, solved exactly.
//!
//! Order from both, receive what is due, demand, charge; unmet demand waits. With the regular order
//! that is due now counted as received, the state is the net stock `I` and the regular orders
//! `q₁ … q_{L−1}` that are due later, the next one first. Relative value iteration over it:
//!
//! `v(I, q) = min over y ≥ I of c·(y − I) + min over r of G(y) + E[v(y − D + q₁, q₂ … r)]`,
//!
//! with `G` the charge of a period that begins with `y`. Formulation: Whittemore & Saunders,
//! *Optimal Inventory under Stochastic Demand with Two Supply Options*, SIAM Journal on Applied
//! Mathematics 32 (1977) 293–305. It ends when the bounds of `MacQueen` (1966) are close.

use super::lost_sales::AverageCost;
use super::special::{InputError, not_negative, positive, probabilities};

/// A system with two sources; a regular unit costs nothing, an expedited one the premium.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DualSourcing<'a> {
    /// Probabilities of a period's demand of 0, 1, 2 and so on.
    pub demand: &'a [f64],
    /// Lead time of the regular source, at least 1 \[periods\]; the other delivers at once.
    pub regular_lead_time: usize,
    /// Charge on stock left \[currency/unit/period\].
    pub holding: f64,
    /// Charge on waiting demand \[currency/unit/period\].
    pub shortage: f64,
    /// What an expedited unit costs more \[currency/unit\].
    pub premium: f64,
    /// The least and the most net stock that is looked at \[units\].
    pub stock: [i64; 2],
    /// The largest regular order that is looked at \[units\].
    pub most_order: usize,
}

/// A dual-index policy, capped: up to `fast` from the fast source by what is there at once, up to
/// `slow` from the regular one by all on order, at most `cap`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CappedDualIndex {
    /// Level of the fast source \[units\].
    pub fast: i64,
    /// Level of the regular source \[units\].
    pub slow: i64,
    /// Largest regular order \[units\].
    pub cap: i64,
}

/// Bounds closer than this end an iteration \[currency/period\].
const CLOSE: f64 = 2e-6;

/// More iterations than any system of sensible size takes.
const MOST_ITERATIONS: usize = 50_000;

impl DualSourcing<'_> {
    /// The least cost of any policy \[currency/period\].
    ///
    /// # Errors
    ///
    /// [`InputError`] if a rate is negative, the demand is no distribution, or there is no regular
    /// lead time.
    pub fn optimum(&self) -> Result<AverageCost, InputError> {
        self.check()?;
        let space = Space::new(self);
        Ok(space.iterate(|space, later, next| {
            for pipeline in 0..space.pipelines {
                let mut above = f64::INFINITY;
                for level in (0..space.levels).rev() {
                    let place = (level * space.pipelines + pipeline) * space.orders;
                    let orders = &later[place..place + space.orders];
                    let alone = orders.iter().copied().fold(f64::INFINITY, f64::min);
                    above = alone.min(self.premium + above);
                    next[level * space.pipelines + pipeline] = above;
                }
            }
        }))
    }

    /// The cost of a policy \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`DualSourcing::optimum`].
    pub fn cost(&self, policy: CappedDualIndex) -> Result<AverageCost, InputError> {
        self.check()?;
        let space = Space::new(self);
        let decisions: Vec<(usize, usize)> =
            (0..space.states()).map(|state| space.decide(state, policy)).collect();
        Ok(space.iterate(|space, later, next| {
            for (state, &(up, order)) in decisions.iter().enumerate() {
                let raised = state + up * space.pipelines;
                next[state] = self.premium * up as f64 + later[raised * space.orders + order];
            }
        }))
    }

    /// The cheapest capped dual-index policy whose levels lie in the looked-at range.
    ///
    /// # Errors
    ///
    /// As [`DualSourcing::optimum`].
    pub fn best_capped_dual_index(&self) -> Result<(CappedDualIndex, AverageCost), InputError> {
        let reach = self.demand.len() as i64 * (self.regular_lead_time as i64 + 1);
        let mut best: Option<(CappedDualIndex, AverageCost)> = None;
        for fast in 0..=self.demand.len() as i64 {
            for slow in fast..=reach {
                for cap in 1..=self.demand.len() as i64 {
                    let policy = CappedDualIndex { fast, slow, cap };
                    let cost = self.cost(policy)?;
                    if best.is_none_or(|(_, least)| cost.cost < least.cost) {
                        best = Some((policy, cost));
                    }
                }
            }
        }
        best.ok_or(InputError::NotPositive { field: "demand", value: 0.0 })
    }

    fn check(&self) -> Result<(), InputError> {
        not_negative("holding", self.holding)?;
        not_negative("shortage", self.shortage)?;
        not_negative("premium", self.premium)?;
        positive("regular_lead_time", self.regular_lead_time as f64)?;
        positive("range of stock", (self.stock[1] - self.stock[0]) as f64)?;
        probabilities("demand", self.demand)
    }
}

/// Net stock and regular orders under way, numbered by stock, then by order, the next one first.
struct Space<'a> {
    system: &'a DualSourcing<'a>,
    levels: usize,
    orders: usize,
    pipelines: usize,
    charges: Vec<f64>,
}

impl<'a> Space<'a> {
    fn new(system: &'a DualSourcing<'a>) -> Space<'a> {
        let levels = (system.stock[1] - system.stock[0]) as usize + 1;
        let orders = system.most_order + 1;
        let pipelines = orders.pow(system.regular_lead_time as u32 - 1);
        let charge = |level: usize| {
            let stock = (system.stock[0] + level as i64) as f64;
            let of = |(demand, probability): (usize, &f64)| {
                let left = stock - demand as f64;
                let (held, late) = (left.max(0.0), (-left).max(0.0));
                probability * (system.holding * held + system.shortage * late)
            };
            system.demand.iter().enumerate().map(of).sum()
        };
        let charges = (0..levels).map(charge).collect();
        Space { system, levels, orders, pipelines, charges }
    }

    fn states(&self) -> usize {
        self.levels * self.pipelines
    }

    /// How much is expedited in `state`, and the regular order, each within what is looked at.
    fn decide(&self, state: usize, policy: CappedDualIndex) -> (usize, usize) {
        let (level, mut rest) = (state / self.pipelines, state % self.pipelines);
        let stock = self.system.stock[0] + level as i64;
        let up = (policy.fast - stock).clamp(0, self.system.stock[1] - stock);
        let mut under_way = 0;
        while rest > 0 {
            under_way += (rest % self.orders) as i64;
            rest /= self.orders;
        }
        let missing = policy.slow - stock - up - under_way;
        let order = missing.clamp(0, policy.cap).min(self.system.most_order as i64);
        (up as usize, order as usize)
    }

    /// Iterates to the average cost; `step` makes the next values of what is expected later, by
    /// state after expediting and regular order.
    fn iterate(&self, step: impl Fn(&Space<'_>, &[f64], &mut [f64])) -> AverageCost {
        let mut values = vec![0.0; self.states()];
        let mut next = values.clone();
        let mut later = vec![0.0; self.states() * self.orders];
        let mut iterations = 0;
        loop {
            iterations += 1;
            self.expect(&values, &mut later);
            step(self, &later, &mut next);
            let differences = || next.iter().zip(&values).map(|(next, value)| next - value);
            let low = differences().fold(f64::INFINITY, f64::min);
            let high = differences().fold(f64::NEG_INFINITY, f64::max);
            if high - low < CLOSE || iterations == MOST_ITERATIONS {
                return AverageCost { cost: 0.5 * (low + high), low, high, iterations };
            }
            // Only differences matter; half steps keep periodic policies from oscillating.
            let base = next[0];
            for (value, next) in values.iter_mut().zip(&next) {
                *value = 0.5 * *value + 0.5 * (next - base);
            }
        }
    }

    /// Charge of the period and expected value of the next state.
    fn expect(&self, values: &[f64], later: &mut [f64]) {
        // With a lead time of 1, the order itself is due next.
        let digits = self.pipelines * self.orders;
        let top = self.levels as i64 - 1;
        for digit in 0..digits {
            let (arriving, rest) = ((digit / self.pipelines) as i64, digit % self.pipelines);
            for level in 0..self.levels {
                let mut expected = self.charges[level];
                for (demand, probability) in self.system.demand.iter().enumerate() {
                    let next = (level as i64 - demand as i64 + arriving).clamp(0, top) as usize;
                    expected += probability * values[next * self.pipelines + rest];
                }
                later[level * digits + digit] = expected;
            }
        }
    }
}

#[cfg(test)]
mod tests;
