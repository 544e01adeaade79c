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

use super::iteration::average_cost;
use super::lost_sales::{AverageCost, IterationError, UNCHANGED, add, pipelines};
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

/// What to order: expedited and regular units, from the net stock with what is due now, and the
/// regular orders under way, the next to arrive first.
pub type DualRule<'a> = &'a dyn Fn(i64, &[usize]) -> [usize; 2];

impl CappedDualIndex {
    fn orders(self, stock: i64, under_way: &[usize]) -> [usize; 2] {
        let up = (self.fast - stock).max(0);
        let position = stock + up + under_way.iter().sum::<usize>() as i64;
        [up as usize, (self.slow - position).clamp(0, self.cap) as usize]
    }
}

/// Times that a rule's stock range is doubled before it counts as endless.
const WIDENINGS: usize = 6;

/// More iterations than any system of sensible size takes.
const MOST_ITERATIONS: usize = 50_000;

impl DualSourcing<'_> {
    /// The least cost of any policy \[currency/period\]; looks further than `stock` and
    /// `most_order` until that changes nothing.
    ///
    /// # Errors
    ///
    /// [`InputError`] if a rate is negative, the demand is no distribution, or there is no regular
    /// lead time; [`IterationError`] if there are too many states or the bounds do not meet.
    pub fn optimum(&self) -> Result<AverageCost, IterationError> {
        let mut system = *self;
        let mut narrow = system.least()?;
        loop {
            let further = (system.stock[1] - system.stock[0]) / 6 + 1;
            system.stock = [system.stock[0] - further, system.stock[1] + further];
            system.most_order += system.most_order / 8 + 1;
            let wide = system.least()?;
            if (wide.cost - narrow.cost).abs() < UNCHANGED {
                return Ok(wide);
            }
            narrow = wide;
        }
    }

    /// The least cost within the bounds.
    fn least(&self) -> Result<AverageCost, IterationError> {
        self.check()?;
        let space = Space::new(self)?;
        let every: Vec<usize> = (0..space.states()).collect();
        space.iterate(&every, |space, later, next| {
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
        })
    }

    /// The cost of a capped dual-index policy \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`DualSourcing::evaluate`].
    pub fn cost(&self, policy: CappedDualIndex) -> Result<AverageCost, IterationError> {
        self.evaluate(&|stock, under_way| policy.orders(stock, under_way))
    }

    /// The cost of any rule \[currency/period\], from no stock and nothing under way on; looks
    /// further than `stock` where the rule goes further, until that changes nothing.
    ///
    /// # Errors
    ///
    /// As [`DualSourcing::optimum`], and if the rule orders more than `most_order`, or the cost
    /// does not settle.
    pub fn evaluate(&self, rule: DualRule<'_>) -> Result<AverageCost, IterationError> {
        let mut system = *self;
        let mut narrow = f64::INFINITY;
        for _ in 0..=WIDENINGS {
            let (wide, cut_off) = system.follow(rule)?;
            if !cut_off || (wide.cost - narrow).abs() < UNCHANGED {
                return Ok(wide);
            }
            narrow = wide.cost;
            let range = system.stock[1] - system.stock[0];
            system.stock = [system.stock[0] - range / 2, system.stock[1] + range / 2];
        }
        Err(IterationError::Unsettled { low: system.stock[0], high: system.stock[1] })
    }

    /// The cost of `rule` within the bounds, and whether it would leave them.
    fn follow(&self, rule: DualRule<'_>) -> Result<(AverageCost, bool), IterationError> {
        self.check()?;
        let space = Space::new(self)?;
        let (decisions, cut_off) = space.decisions(rule)?;
        let reached: Vec<usize> = decisions.iter().map(|decision| decision.state).collect();
        let cost = space.iterate(&reached, |space, later, next| {
            for decision in &decisions {
                let raised = decision.state + decision.up * space.pipelines;
                let place = raised * space.orders + decision.order;
                next[decision.state] = self.premium * decision.up as f64 + later[place];
            }
        })?;
        Ok((cost, cut_off))
    }

    /// The cheapest capped dual-index policy whose levels lie in the looked-at range.
    ///
    /// # Errors
    ///
    /// As [`DualSourcing::optimum`].
    pub fn best_capped_dual_index(&self) -> Result<(CappedDualIndex, AverageCost), IterationError> {
        let reach = self.demand.len() as i64 * (self.regular_lead_time as i64 + 1);
        let mut best: Option<(CappedDualIndex, AverageCost)> = None;
        for fast in 0..=self.demand.len() as i64 {
            for slow in fast..=reach {
                for cap in 1..=(self.demand.len() as i64).min(self.most_order as i64) {
                    let policy = CappedDualIndex { fast, slow, cap };
                    let cost = self.cost(policy)?;
                    if best.is_none_or(|(_, least)| cost.cost < least.cost) {
                        best = Some((policy, cost));
                    }
                }
            }
        }
        Ok(best.ok_or(InputError::NotPositive { field: "demand", value: 0.0 })?)
    }

    fn check(&self) -> Result<(), InputError> {
        not_negative("holding", self.holding)?;
        not_negative("shortage", self.shortage)?;
        not_negative("premium", self.premium)?;
        positive("regular_lead_time", self.regular_lead_time as f64)?;
        positive("range of stock", self.stock[1] as f64 - self.stock[0] as f64)?;
        not_negative("most stock", self.stock[1] as f64)?;
        not_negative("most backlog", -(self.stock[0] as f64))?;
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
    fn new(system: &'a DualSourcing<'a>) -> Result<Space<'a>, IterationError> {
        let levels = system.stock[1].abs_diff(system.stock[0]) as usize + 1;
        let orders = system.most_order + 1;
        let pipelines = pipelines(levels, orders, system.regular_lead_time - 1)?;
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
        Ok(Space { system, levels, orders, pipelines, charges })
    }

    fn states(&self) -> usize {
        self.levels * self.pipelines
    }

    /// Decisions in every state that `rule` reaches from no stock and nothing under way, and
    /// whether it would leave the bounds.
    fn decisions(&self, rule: DualRule<'_>) -> Result<(Vec<Decision>, bool), IterationError> {
        let start = (-self.system.stock[0]) as usize * self.pipelines;
        let (mut found, mut open) = (vec![false; self.states()], vec![start]);
        let (mut decisions, mut cut_off) = (Vec::new(), false);
        found[start] = true;
        while let Some(state) = open.pop() {
            let [wanted, order] = self.decide(state, rule)?;
            let up = wanted.min(self.levels - 1 - state / self.pipelines);
            cut_off |= up < wanted;
            let digit = state % self.pipelines * self.orders + order;
            let (arriving, rest) = (digit / self.pipelines, digit % self.pipelines);
            let full = state / self.pipelines + up + arriving;
            for (demand, _) in self.system.demand.iter().enumerate().filter(|(_, p)| **p > 0.0) {
                let level = full.saturating_sub(demand).min(self.levels - 1);
                cut_off |= level + demand != full;
                let next = level * self.pipelines + rest;
                if !found[next] {
                    found[next] = true;
                    open.push(next);
                }
            }
            decisions.push(Decision { state, up, order });
        }
        Ok((decisions, cut_off))
    }

    /// What `rule` expedites and orders in `state`.
    fn decide(&self, state: usize, rule: DualRule<'_>) -> Result<[usize; 2], IterationError> {
        let (level, mut rest) = (state / self.pipelines, state % self.pipelines);
        let mut under_way = vec![0; self.system.regular_lead_time - 1];
        for order in under_way.iter_mut().rev() {
            *order = rest % self.orders;
            rest /= self.orders;
        }
        let [up, order] = rule(self.system.stock[0] + level as i64, &under_way);
        if order >= self.orders {
            return Err(IterationError::OrderTooLarge { order, most: self.orders - 1 });
        }
        Ok([up, order])
    }

    /// Iterates to the average cost over the states `reached`; `step` makes their next values of
    /// what is expected later, by state after expediting and regular order.
    fn iterate(
        &self,
        reached: &[usize],
        step: impl Fn(&Space<'_>, &[f64], &mut [f64]),
    ) -> Result<AverageCost, IterationError> {
        let mut later = vec![0.0; self.states() * self.orders];
        average_cost(self.states(), reached, MOST_ITERATIONS, |values, next| {
            self.expect(values, &mut later);
            step(self, &later, next);
            true
        })
    }

    /// Charge of the period and expected value of the next state.
    fn expect(&self, values: &[f64], later: &mut [f64]) {
        let top = self.levels as i64 - 1;
        // With a lead time of 1, the order itself is due next.
        for (place, expected) in later.chunks_exact_mut(self.pipelines).enumerate() {
            let (level, arriving) = (place / self.orders, place % self.orders);
            expected.fill(self.charges[level]);
            for (demand, probability) in self.system.demand.iter().enumerate() {
                let next = (level as i64 - demand as i64 + arriving as i64).clamp(0, top) as usize;
                let row = next * self.pipelines;
                add(expected, *probability, &values[row..row + self.pipelines]);
            }
        }
    }
}

/// What a rule does in a state.
struct Decision {
    state: usize,
    /// Expedited units.
    up: usize,
    /// Regular units.
    order: usize,
}

#[cfg(test)]
mod tests;
