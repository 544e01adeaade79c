//! Lost sales with a lead time, solved exactly: the cheapest policy there is, and what a given one
//! costs.
//!
//! Receive, order, demand, charge; an order arrives `L` periods later; unmet demand is lost. After
//! the arrival of a period the state is the stock `x` and the orders under way, `q₁` due next to
//! `q_{L−1}` due last. Relative value iteration over it:
//!
//! `v(x, q) = min over z of K·[z > 0] + E[h (x − D)⁺ + p (D − x)⁺ + v((x − D)⁺ + q₁, q₂ … z)]`,
//!
//! which ends when the bounds of `MacQueen`, *A Modified Dynamic Programming Method for Markovian
//! Decision Problems*, Journal of Mathematical Analysis and Applications 14 (1966) 38–43, are
//! close. Without a lead time the order is there at once, and `x + z` takes the place of `x` in the
//! expectation. Formulation: Zipkin, *Old and New Methods for Lost-Sales Inventory Systems*, Operations
//! Research 56 (2008) 1256–1263.

use super::iteration::average_cost;
use super::special::{InputError, mean_of, not_negative, positive, probabilities};

/// A lost-sales system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LostSales<'a> {
    /// Probabilities of a period's demand of 0, 1, 2 and so on.
    pub demand: &'a [f64],
    /// Lead time, zero for orders that are there at once \[periods\].
    pub lead_time: usize,
    /// Charge on stock left \[currency/unit/period\].
    pub holding: f64,
    /// Charge on lost demand \[currency/unit\].
    pub shortage: f64,
    /// Cost of an order, whatever its size \[currency/order\].
    pub order_cost: f64,
    /// The most stock that is looked at \[units\]; what would be more is cut off. The optimum
    /// begins with it, or with more if the order cost asks for it, and looks further until that
    /// changes nothing; the cost of a rule looks as far as the rule goes.
    pub most_stock: usize,
    /// The largest order that is looked at \[units\]; the optimum begins with it, or with the
    /// economic order quantity if that is more.
    pub most_order: usize,
}

/// A long-run average cost between two bounds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AverageCost {
    /// The middle of the bounds \[currency/period\].
    pub cost: f64,
    /// Lower bound \[currency/period\].
    pub low: f64,
    /// Upper bound \[currency/period\].
    pub high: f64,
    /// Iterations it took.
    pub iterations: usize,
}

/// An order, from the stock after arrival and the orders under way, the next to arrive first.
pub type OrderRule<'a> = &'a dyn Fn(usize, &[usize]) -> usize;

/// Why a value iteration gives no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum IterationError {
    /// The system is nonsense.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The table of states and orders does not fit.
    #[error(
        "{states} states with their orders are more than {MOST_DECIDED}; shorten the lead time or \
         look at less stock and smaller orders"
    )]
    TooManyStates {
        /// States times orders, or the largest number there is.
        states: usize,
    },
    /// A rule orders more than is looked at.
    #[error("the rule orders {order}, but at most {most} is looked at")]
    OrderTooLarge {
        /// What it orders \[units\].
        order: usize,
        /// Largest order that is looked at \[units\].
        most: usize,
    },
    /// The cost changes however far one looks.
    #[error(
        "the cost still changes when stock from {low} to {high} is looked at; check that the \
         orders neither outrun demand nor fall short of it"
    )]
    Unsettled {
        /// Least net stock that was looked at \[units\].
        low: i64,
        /// Most net stock that was looked at \[units\].
        high: i64,
    },
    /// The bounds did not meet.
    #[error("after {iterations} iterations the cost is known to {width} only")]
    Slow {
        /// Iterations done.
        iterations: usize,
        /// Distance of the bounds \[currency/period\].
        width: f64,
    },
}

/// States times orders that are looked at; each takes eight bytes.
pub(super) const MOST_DECIDED: usize = 50_000_000;

/// Looking further ends when it changes the cost by less \[currency/period\].
pub(super) const UNCHANGED: f64 = 1e-5;

/// More iterations than any system of sensible size takes.
const MOST_ITERATIONS: usize = 20_000;

/// Times that a rule's stock is doubled before it counts as endless.
const WIDENINGS: usize = 6;

impl LostSales<'_> {
    /// The least cost of any policy \[currency/period\].
    ///
    /// # Errors
    ///
    /// [`InputError`] if a rate is negative, the demand is no distribution, or orders cost
    /// something but stock nothing; [`IterationError`] if there are too many states or the bounds
    /// do not meet.
    pub fn optimum(&self) -> Result<AverageCost, IterationError> {
        let mut unlimited = f64::INFINITY;
        self.optimum_within(&mut unlimited)
    }

    /// The same, if it takes no more than `work` steps of value iteration; what is left of them
    /// stays there. A step is a state, an order and a demand.
    ///
    /// # Errors
    ///
    /// As [`LostSales::optimum`], and [`IterationError::Slow`] if it takes more.
    pub fn optimum_within(&self, work: &mut f64) -> Result<AverageCost, IterationError> {
        let mut system = self.roomy()?;
        let mut narrow = system.least(work)?;
        loop {
            system.most_stock += system.most_stock / 6 + 1;
            system.most_order += system.most_order / 8 + 1;
            let wide = system.least(work)?;
            if (wide.cost - narrow.cost).abs() < UNCHANGED {
                return Ok(wide);
            }
            narrow = wide;
        }
    }

    /// The system with room for the economic order quantity `√(2 K λ / h)` (Harris, *How Many
    /// Parts to Make at Once*, Factory 10 (1913)). Where orders can only be much smaller, none pays
    /// for its cost, and looking a little further changes nothing.
    fn roomy(&self) -> Result<Self, InputError> {
        self.check()?;
        let mut system = *self;
        if self.order_cost > 0.0 {
            positive("holding", self.holding)?;
            let mean = mean_of(self.demand);
            let quantity = (2.0 * self.order_cost * mean / self.holding).sqrt().ceil();
            system.most_order = self.most_order.max(quantity as usize);
            let stock = system.most_order.saturating_add(mean.ceil() as usize);
            system.most_stock = self.most_stock.max(stock);
        }
        Ok(system)
    }

    /// The least cost within the bounds.
    fn least(&self, work: &mut f64) -> Result<AverageCost, IterationError> {
        let space = Space::new(self)?;
        if space.step() > *work {
            return Err(IterationError::Slow { iterations: 0, width: f64::INFINITY });
        }
        let every: Vec<usize> = (0..space.states()).collect();
        space.iterate(&every, work, |later, state| {
            let of = |order: usize| space.cost_of(state, order, later);
            (0..space.orders).map(of).fold(f64::INFINITY, f64::min)
        })
    }

    /// The cost of ordering by `rule` \[currency/period\], from no stock and nothing under way on;
    /// looks further than `most_stock` where the rule goes further, until that changes nothing.
    ///
    /// # Errors
    ///
    /// As [`LostSales::optimum`], and if the rule orders more than `most_order`, or the cost does
    /// not settle.
    pub fn cost(&self, rule: OrderRule<'_>) -> Result<AverageCost, IterationError> {
        self.check()?;
        let mut system = *self;
        let mut narrow = f64::INFINITY;
        for _ in 0..=WIDENINGS {
            let (wide, cut_off) = system.follow(rule)?;
            if !cut_off || (wide.cost - narrow).abs() < UNCHANGED {
                return Ok(wide);
            }
            narrow = wide.cost;
            system.most_stock = 2 * system.most_stock + 1;
        }
        Err(IterationError::Unsettled { low: 0, high: system.most_stock as i64 })
    }

    /// The cost of `rule` within the bounds, and whether it would leave them.
    fn follow(&self, rule: OrderRule<'_>) -> Result<(AverageCost, bool), IterationError> {
        let space = Space::new(self)?;
        let (reached, orders, cut_off) = space.reach(rule)?;
        let mut unlimited = f64::INFINITY;
        let cost = space.iterate(&reached, &mut unlimited, |later, state| {
            space.cost_of(state, orders[state], later)
        })?;
        Ok((cost, cut_off))
    }

    fn check(&self) -> Result<(), InputError> {
        not_negative("holding", self.holding)?;
        not_negative("shortage", self.shortage)?;
        not_negative("order_cost", self.order_cost)?;
        probabilities("demand", self.demand)
    }
}

/// Stock after arrival and orders under way, numbered.
struct Space<'a> {
    system: &'a LostSales<'a>,
    /// Levels of stock.
    levels: usize,
    /// Sizes of an order, 0 included.
    orders: usize,
    /// Ways that `L − 1` orders can be under way.
    pipelines: usize,
    /// Holding and shortage cost by stock \[currency/period\].
    charges: Vec<f64>,
}

impl<'a> Space<'a> {
    fn new(system: &'a LostSales<'a>) -> Result<Space<'a>, IterationError> {
        let levels = system.most_stock.saturating_add(1);
        let orders = system.most_order.saturating_add(1);
        let pipelines = pipelines(levels, orders, system.lead_time.saturating_sub(1))?;
        let charges = charges(system, levels);
        Ok(Space { system, levels, orders, pipelines, charges })
    }

    /// States are numbered by stock, then by the orders under way, the next to arrive first. That
    /// of a state and the order placed in it is `state · orders + order`.
    fn states(&self) -> usize {
        self.levels * self.pipelines
    }

    /// Work of an iteration.
    fn step(&self) -> f64 {
        let demands = self.levels.min(self.system.demand.len());
        self.states() as f64 * (self.orders * demands) as f64
    }

    /// Cost of `order` in `state`, from what is expected `later`.
    fn cost_of(&self, state: usize, order: usize, later: &[f64]) -> f64 {
        let fixed = if order > 0 { self.system.order_cost } else { 0.0 };
        fixed + later[state * self.orders + order]
    }

    /// Every state that `rule` reaches from no stock and nothing under way, its orders by state,
    /// and whether it would leave the bounds.
    fn reach(&self, rule: OrderRule<'_>) -> Result<(Vec<usize>, Vec<usize>, bool), IterationError> {
        let mut orders = vec![usize::MAX; self.states()];
        let (mut reached, mut cut_off) = (vec![0], false);
        orders[0] = self.decide(0, rule)?;
        let mut done = 0;
        while done < reached.len() {
            let state = reached[done];
            done += 1;
            let place = state * self.orders + orders[state];
            let (before, arriving, rest) = self.moves(place);
            for (demand, _) in self.system.demand.iter().enumerate().filter(|(_, p)| **p > 0.0) {
                let full = before.saturating_sub(demand) + arriving;
                cut_off |= full >= self.levels;
                let next = full.min(self.levels - 1) * self.pipelines + rest;
                if orders[next] == usize::MAX {
                    orders[next] = self.decide(next, rule)?;
                    reached.push(next);
                }
            }
            cut_off |= before >= self.levels;
        }
        Ok((reached, orders, cut_off))
    }

    /// Stock before demand, what arrives after it, and the orders under way then, by number of
    /// state and order. With a lead time of 1, the order itself is the next arrival.
    fn moves(&self, place: usize) -> (usize, usize, usize) {
        let (row, rest) = (place / self.pipelines, place % self.pipelines);
        let (stock, next) = (row / self.orders, row % self.orders);
        if self.system.lead_time == 0 { (stock + next, 0, rest) } else { (stock, next, rest) }
    }

    /// What `rule` orders in `state`.
    fn decide(&self, state: usize, rule: OrderRule<'_>) -> Result<usize, IterationError> {
        let (stock, mut rest) = (state / self.pipelines, state % self.pipelines);
        let mut under_way = vec![0; self.system.lead_time.saturating_sub(1)];
        for order in under_way.iter_mut().rev() {
            *order = rest % self.orders;
            rest /= self.orders;
        }
        let order = rule(stock, &under_way);
        if order >= self.orders {
            return Err(IterationError::OrderTooLarge { order, most: self.orders - 1 });
        }
        Ok(order)
    }

    /// Iterates to the average cost over the states `reached`; `cost` is that of a state, of what
    /// is expected later by state and order.
    fn iterate(
        &self,
        reached: &[usize],
        work: &mut f64,
        cost: impl Fn(&[f64], usize) -> f64,
    ) -> Result<AverageCost, IterationError> {
        let mut later = vec![0.0; self.states() * self.orders];
        average_cost(self.states(), reached, MOST_ITERATIONS, |values, next| {
            *work -= self.step();
            if *work < 0.0 {
                return false;
            }
            self.expect(values, &mut later);
            for &state in reached {
                next[state] = cost(&later, state);
            }
            true
        })
    }

    /// Charge of the period and expected value of the next state, by state and order.
    ///
    /// The next arrival and what follows it are digits of the number, so the states that differ in
    /// what follows alone are neighbours, now and in the next period.
    fn expect(&self, values: &[f64], later: &mut [f64]) {
        let row = |level: usize| {
            let place = level.min(self.levels - 1) * self.pipelines;
            &values[place..place + self.pipelines]
        };
        for (place, expected) in later.chunks_exact_mut(self.pipelines).enumerate() {
            let (before, arriving, _) = self.moves(place * self.pipelines);
            // More than fits cannot be told from what fits.
            let stock = before.min(self.levels - 1);
            expected.fill(self.charges[stock]);
            let mut left_over = 1.0;
            for (demand, probability) in self.system.demand.iter().enumerate().take(stock) {
                add(expected, *probability, row(stock - demand + arriving));
                left_over -= probability;
            }
            add(expected, left_over, row(arriving));
        }
    }
}

/// Holding and shortage cost by stock \[currency/period\].
fn charges(system: &LostSales<'_>, levels: usize) -> Vec<f64> {
    let cost = |stock: usize| {
        let of = |(demand, probability): (usize, &f64)| {
            let left = stock.saturating_sub(demand) as f64;
            let lost = demand.saturating_sub(stock) as f64;
            probability * (system.holding * left + system.shortage * lost)
        };
        system.demand.iter().enumerate().map(of).sum()
    };
    (0..levels).map(cost).collect()
}

/// Ways that `under_way` orders can be under way, if there are not too many states.
pub(super) fn pipelines(
    levels: usize,
    orders: usize,
    under_way: usize,
) -> Result<usize, IterationError> {
    let pipelines = (0..under_way).fold(1_usize, |ways, _| ways.saturating_mul(orders));
    let states = pipelines.saturating_mul(levels).saturating_mul(orders);
    if states > MOST_DECIDED {
        return Err(IterationError::TooManyStates { states });
    }
    Ok(pipelines)
}

/// Adds `weight` times `values`.
pub(super) fn add(sum: &mut [f64], weight: f64, values: &[f64]) {
    for (cell, value) in sum.iter_mut().zip(values) {
        *cell += weight * value;
    }
}

#[cfg(test)]
mod tests;
