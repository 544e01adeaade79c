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
//! close. Formulation: Zipkin, *Old and New Methods for Lost-Sales Inventory Systems*, Operations
//! Research 56 (2008) 1256–1263.

use super::special::{InputError, not_negative, positive, probabilities};

/// A lost-sales system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LostSales<'a> {
    /// Probabilities of a period's demand of 0, 1, 2 and so on.
    pub demand: &'a [f64],
    /// Lead time, at least 1 \[periods\].
    pub lead_time: usize,
    /// Charge on stock left \[currency/unit/period\].
    pub holding: f64,
    /// Charge on lost demand \[currency/unit\].
    pub shortage: f64,
    /// Cost of an order, whatever its size \[currency/order\].
    pub order_cost: f64,
    /// The most stock that is looked at \[units\]; what would be more is cut off. The optimum
    /// begins with it and looks further until that changes nothing.
    pub most_stock: usize,
    /// The largest order that is looked at \[units\]; the optimum begins with it as well.
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

/// Bounds closer than this end an iteration \[currency/period\].
const CLOSE: f64 = 2e-6;

/// More iterations than any system of sensible size takes.
const MOST_ITERATIONS: usize = 20_000;

impl LostSales<'_> {
    /// The least cost of any policy \[currency/period\].
    ///
    /// # Errors
    ///
    /// [`InputError`] if a rate is negative, the demand is no distribution, or there is no lead
    /// time; [`IterationError`] if there are too many states or the bounds do not meet.
    pub fn optimum(&self) -> Result<AverageCost, IterationError> {
        let mut system = *self;
        let mut narrow = system.solve(None)?;
        loop {
            system.most_stock += system.most_stock / 6 + 1;
            system.most_order += system.most_order / 8 + 1;
            let wide = system.solve(None)?;
            if (wide.cost - narrow.cost).abs() < UNCHANGED {
                return Ok(wide);
            }
            narrow = wide;
        }
    }

    /// The cost of ordering by `rule` \[currency/period\].
    ///
    /// # Errors
    ///
    /// As [`LostSales::optimum`].
    pub fn cost(&self, rule: OrderRule<'_>) -> Result<AverageCost, IterationError> {
        self.solve(Some(rule))
    }

    fn solve(&self, rule: Option<OrderRule<'_>>) -> Result<AverageCost, IterationError> {
        self.check()?;
        let space = Space::new(self)?;
        let fixed = rule.map(|rule| space.decisions(rule));
        let period = space.period_costs(self);
        let mut values = vec![0.0; space.states()];
        let mut next = values.clone();
        let mut later = vec![0.0; space.decided()];
        let mut width = f64::INFINITY;
        for iterations in 1..=MOST_ITERATIONS {
            space.expect(self.demand, &values, &mut later);
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for state in 0..space.states() {
                let of = |order: usize| {
                    let fixed = if order > 0 { self.order_cost } else { 0.0 };
                    fixed + later[state * space.orders + order]
                };
                let best = match &fixed {
                    Some(orders) => of(orders[state]),
                    None => (0..space.orders).map(of).fold(f64::INFINITY, f64::min),
                };
                let value = period[state / space.pipelines] + best;
                low = low.min(value - values[state]);
                high = high.max(value - values[state]);
                next[state] = value;
            }
            if high - low < CLOSE {
                return Ok(AverageCost { cost: 0.5 * (low + high), low, high, iterations });
            }
            width = high - low;
            // Only differences matter; half steps keep periodic policies from oscillating.
            let base = next[0];
            for (value, next) in values.iter_mut().zip(&next) {
                *value = 0.5 * *value + 0.5 * (next - base);
            }
        }
        Err(IterationError::Slow { iterations: MOST_ITERATIONS, width })
    }

    fn check(&self) -> Result<(), InputError> {
        not_negative("holding", self.holding)?;
        not_negative("shortage", self.shortage)?;
        not_negative("order_cost", self.order_cost)?;
        positive("lead_time", self.lead_time as f64)?;
        probabilities("demand", self.demand)
    }
}

/// Stock after arrival and orders under way, numbered.
struct Space {
    /// Levels of stock.
    levels: usize,
    /// Sizes of an order, 0 included.
    orders: usize,
    /// Ways that `L − 1` orders can be under way.
    pipelines: usize,
    /// Orders under way.
    under_way: usize,
}

impl Space {
    fn new(system: &LostSales<'_>) -> Result<Space, IterationError> {
        let (levels, orders) = (system.most_stock + 1, system.most_order + 1);
        let under_way = system.lead_time - 1;
        let pipelines = pipelines(levels, orders, under_way)?;
        Ok(Space { levels, orders, pipelines, under_way })
    }

    /// States are numbered by stock, then by the orders under way, the next to arrive first.
    fn states(&self) -> usize {
        self.levels * self.pipelines
    }

    /// A state and the order placed in it: its number is `state · orders + order`.
    fn decided(&self) -> usize {
        self.states() * self.orders
    }

    fn decisions(&self, rule: OrderRule<'_>) -> Vec<usize> {
        let mut pipeline = vec![0; self.under_way];
        let order = |state: usize| {
            let mut rest = state % self.pipelines;
            for order in pipeline.iter_mut().rev() {
                *order = rest % self.orders;
                rest /= self.orders;
            }
            rule(state / self.pipelines, &pipeline).min(self.orders - 1)
        };
        (0..self.states()).map(order).collect()
    }

    /// Holding and shortage cost by stock \[currency/period\].
    fn period_costs(&self, system: &LostSales<'_>) -> Vec<f64> {
        let cost = |stock: usize| {
            let of = |(demand, probability): (usize, &f64)| {
                let left = stock.saturating_sub(demand) as f64;
                let lost = demand.saturating_sub(stock) as f64;
                probability * (system.holding * left + system.shortage * lost)
            };
            system.demand.iter().enumerate().map(of).sum()
        };
        (0..self.levels).map(cost).collect()
    }

    /// The expected value of the next state, by state and order.
    ///
    /// The next arrival and what follows it are digits of the number, so the states that differ in
    /// what follows alone are neighbours, now and in the next period.
    fn expect(&self, demand: &[f64], values: &[f64], later: &mut [f64]) {
        let row = |level: usize| {
            let place = level.min(self.levels - 1) * self.pipelines;
            &values[place..place + self.pipelines]
        };
        // With a lead time of 1, the order itself is the next arrival.
        for (place, expected) in later.chunks_exact_mut(self.pipelines).enumerate() {
            let (stock, arriving) = (place / self.orders, place % self.orders);
            expected.fill(0.0);
            let mut left_over = 1.0;
            for (demand, probability) in demand.iter().enumerate().take(stock) {
                add(expected, *probability, row(stock - demand + arriving));
                left_over -= probability;
            }
            add(expected, left_over, row(arriving));
        }
    }
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
