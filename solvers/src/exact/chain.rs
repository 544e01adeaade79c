//! The long run of any policy that looks at the position alone: a finite Markov chain.
//!
//! # Convention
//!
//! Demand is whole, independent and equally distributed from period to period. In each period:
//! receive, order, demand, charge; an order placed in `t` is there in `t + L`, at once if `L = 0`.
//! The policy is asked every `R` periods, and its order is a function of the position: stock on
//! hand and on order, less what waits.
//!
//! With receive, demand, charge, order, where an order placed in `t` is there in `t + 1 + L`, the
//! long run is the same. Receiving leaves the position as it is, so the review at the end of `t`
//! sees what one before the demand of `t + 1` would see, and both orders are due in `t + 1 + L`.
//!
//! # Demand that waits
//!
//! Let `y` be the position after a review. What is on order then has arrived by the end of the
//! `L`-th period after it, and what is ordered later has not, so the net stock at the end of the
//! `(L + k)`-th, `0 ≤ k < R`, is `y − D(L + 1 + k)` with the demand `D` of so many periods (Hadley
//! & Whitin, *Analysis of Inventory Systems* (1963), §5.2; Zipkin, *Foundations of Inventory
//! Management* (2000), chapter 9). The chain is that of `y` from review to review, and the charges
//! are averages over `k`. Demand not met at once is what the waiting demand grows by in the period.
//!
//! # Demand that is lost
//!
//! The chain is that of stock on hand and every order under way, from period to period (Karlin &
//! Scarf, *Inventory Models of the Arrow-Harris-Marschak Type with Time Lag*, in: Studies in the
//! Mathematical Theory of Inventory and Production (1958), chapter 10; Zipkin, *Old and New
//! Methods for Lost-Sales Inventory Systems*, Operations Research 56 (2008) 1256–1263). Its states
//! grow with the power `L` of the position, so it is for short lead times.

mod markov;

use markov::{Chain, Leaving, MEASURES, Measures, STATES};

use super::special::{InputError, OnePeriod, convolve, demand_over, mean_of, probabilities};

/// Largest order, and largest stock or backlog at the opening \[units\].
const LARGEST: i64 = 1 << 40;

/// Why the long run of a policy is not computed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ChainError {
    /// The item is nonsense.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The policy wants to order less than nothing, or more than anybody.
    #[error(
        "the policy orders {order} at position {position}, but must order between 0 and {LARGEST}"
    )]
    Order {
        /// Position before the order \[units\].
        position: i64,
        /// What it orders \[units\].
        order: i64,
    },
    /// The chain is too large, or the policy lets the position drift without end.
    #[error(
        "the chain was given up at {states} states and {transitions} transitions; shorten the \
         lead time or lower the levels, and check that the orders keep up with demand"
    )]
    TooLarge {
        /// States found.
        states: usize,
        /// Transitions between them.
        transitions: usize,
    },
    /// The long run depends on chance.
    #[error("what happens in the long run depends on the first demands; it has no single value")]
    SeveralLongRuns,
    /// The bounds did not meet.
    #[error("after {steps} steps the measures are known to {width} only, relative to their size")]
    Slow {
        /// Steps of the iteration.
        steps: usize,
        /// Distance of the bounds, relative to the measure plus one.
        width: f64,
    },
}

/// What becomes of demand that stock cannot meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortfall {
    /// It waits.
    Waits,
    /// It is lost.
    IsLost,
}

/// An item under a policy that looks at the position alone.
#[derive(Clone, Copy)]
pub struct PositionPolicy<'a> {
    /// Distribution of a period's demand; the entry at index `k` is `P(D = k)`.
    pub demand: &'a [f64],
    /// Periods from order to arrival, `L`.
    pub lead_time: usize,
    /// Periods from review to review, `R`; at least 1.
    pub review_every: usize,
    /// What becomes of demand that stock cannot meet.
    pub shortfall: Shortfall,
    /// The order \[units\] at a position \[units\].
    pub order: &'a dyn Fn(i64) -> i64,
    /// Stock at the first review, with nothing on order \[units\]; the long run depends on it only
    /// where the policy has several.
    pub opening: i64,
}

/// What happens in the long run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongRun {
    /// Mean stock on hand at the end of a period \[units\].
    pub stock: f64,
    /// Mean demand that waits at the end of a period \[units\].
    pub waiting: f64,
    /// Mean demand that is not met at once \[units/period\].
    pub unmet: f64,
    /// Share of periods in which demand is not met at once \[1\].
    pub stockouts: f64,
    /// Orders placed \[1/period\].
    pub orders: f64,
    /// Units ordered \[units/period\].
    pub ordered: f64,
    /// Share of demand that is met at once \[1\].
    pub fill_rate: f64,
    /// States of the chain.
    pub states: usize,
    /// Bound on the error of every measure, relative to the measure plus one; zero where the
    /// stationary distribution was found by elimination.
    pub error: f64,
}

impl PositionPolicy<'_> {
    /// The long run of the policy.
    ///
    /// # Errors
    ///
    /// If `demand` is not a table of probabilities or always zero, `review_every` zero, an order
    /// negative, `opening` negative where demand is lost, the chain too large or too slow, or the
    /// long run not a single one.
    pub fn long_run(&self) -> Result<LongRun, ChainError> {
        self.long_run_within(STATES)
    }

    /// The same, if the chain has no more than `most_states` states.
    ///
    /// # Errors
    ///
    /// As [`PositionPolicy::long_run`].
    pub fn long_run_within(&self, most_states: usize) -> Result<LongRun, ChainError> {
        let demand = self.checked()?;
        let chain = match self.shortfall {
            Shortfall::Waits => self.waiting_chain(&demand, most_states)?,
            Shortfall::IsLost => self.losing_chain(&demand, most_states)?,
        };
        let (measures, error) = chain.long_run(self.review_every)?;
        let [stock, waiting, unmet, stockouts, orders, ordered] = measures;
        let fill_rate = 1.0 - unmet / mean_of(&demand);
        let states = chain.measures.len();
        Ok(LongRun { stock, waiting, unmet, stockouts, orders, ordered, fill_rate, states, error })
    }

    /// The demand, scaled to add up to 1.
    fn checked(&self) -> Result<Vec<f64>, ChainError> {
        probabilities("demand", self.demand)?;
        if self.demand[0] >= 1.0 {
            let (value, low, high) = (self.demand[0], 0.0, 1.0);
            return Err(InputError::Outside { field: "demand[0]", value, low, high }.into());
        }
        if self.review_every == 0 {
            return Err(InputError::NotPositive { field: "review_every", value: 0.0 }.into());
        }
        let least = if self.shortfall == Shortfall::IsLost { 0 } else { -LARGEST };
        if !(least..=LARGEST).contains(&self.opening) {
            let (value, low, high) = (self.opening as f64, least as f64, LARGEST as f64);
            return Err(InputError::Outside { field: "opening", value, low, high }.into());
        }
        Ok(scaled(self.demand))
    }

    fn order_at(&self, position: i64) -> Result<i64, ChainError> {
        match (self.order)(position) {
            order @ 0..=LARGEST => Ok(order),
            order => Err(ChainError::Order { position, order }),
        }
    }

    /// The chain of the position after a review.
    fn waiting_chain(&self, demand: &[f64], most_states: usize) -> Result<Chain, ChainError> {
        let charges = Cycle::new(demand, self.lead_time, self.review_every);
        let between = demand_over(demand, self.review_every);
        let per_period = 1.0 / self.review_every as f64;
        let step = |level: &i64| {
            let mut leaving = Leaving::new(charges.measures(*level));
            for (units, &probability) in between.iter().enumerate() {
                let position = level - units as i64;
                let order = self.order_at(position)?;
                leaving.count(order, probability * per_period);
                leaving.add(position + order, probability);
            }
            Ok(leaving)
        };
        Chain::explore(self.opening + self.order_at(self.opening)?, most_states, &step)
    }

    /// The chain of stock and orders under way, before the demand of a period.
    fn losing_chain(&self, demand: &[f64], most_states: usize) -> Result<Chain, ChainError> {
        let period = OnePeriod::new(demand, 1.0, 1.0);
        let mean = mean_of(demand);
        let beyond = tails(demand);
        let step = |state: &Supply| {
            let on_hand = state.on_hand;
            let short = period.loss(on_hand);
            let stockout = beyond.get(on_hand as usize + 1).copied().unwrap_or(0.0);
            let stock = (on_hand as f64 - mean + short).max(0.0);
            let mut leaving = Leaving::new([stock, 0.0, short, stockout, 0.0, 0.0]);
            for units in 0..=on_hand.min(demand.len() as i64 - 1) {
                let all = units == on_hand;
                let probability = if all { &beyond } else { demand }[units as usize];
                let (next, order) = self.review(state.after(units, self.review_every))?;
                leaving.count(order, probability);
                leaving.add(next, probability);
            }
            Ok(leaving)
        };
        let pipeline = vec![0; self.lead_time];
        let empty = Supply { on_hand: self.opening, pipeline, phase: 0 };
        Chain::explore(self.review(empty)?.0, most_states, &step)
    }

    /// The state after the order, if it is time for one, and the order.
    fn review(&self, mut state: Supply) -> Result<(Supply, i64), ChainError> {
        if state.phase != 0 {
            return Ok((state, 0));
        }
        let order = self.order_at(state.on_hand + state.pipeline.iter().sum::<i64>())?;
        match state.pipeline.last_mut() {
            Some(last) => *last = order,
            None => state.on_hand += order,
        }
        Ok((state, order))
    }
}

/// Stock and orders under way after the order of a period.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Supply {
    on_hand: i64,
    /// What arrives in the next period, in the one after it, …; as long as the lead time.
    pipeline: Vec<i64>,
    /// Periods since the last review.
    phase: usize,
}

impl Supply {
    /// The state of the next period before its order, with `sold` units less.
    fn after(&self, sold: i64, review_every: usize) -> Supply {
        let mut pipeline = self.pipeline.clone();
        let arriving = pipeline.first().copied().unwrap_or(0);
        if !pipeline.is_empty() {
            pipeline.rotate_left(1);
            pipeline[self.pipeline.len() - 1] = 0;
        }
        let phase = (self.phase + 1) % review_every;
        Supply { on_hand: self.on_hand - sold + arriving, pipeline, phase }
    }
}

/// `demand`, scaled to add up to 1.
pub(super) fn scaled(demand: &[f64]) -> Vec<f64> {
    let sum: f64 = demand.iter().sum();
    demand.iter().map(|probability| probability / sum).collect()
}

/// `P(D ≥ k)` by `k`.
pub(super) fn tails(demand: &[f64]) -> Vec<f64> {
    let mut tails = demand.to_vec();
    for k in (0..demand.len() - 1).rev() {
        tails[k] += tails[k + 1];
    }
    tails
}

/// Charges of the periods that a review decides on, where demand waits.
struct Cycle {
    /// Distributions of the demand of `L`, `L + 1`, …, `L + R` periods.
    totals: Vec<Total>,
    /// Probability of no demand in a period.
    none: f64,
}

/// The demand of some periods.
struct Total {
    loss: OnePeriod,
    tails: Vec<f64>,
    mean: f64,
}

impl Total {
    fn new(demand: &[f64]) -> Total {
        Total {
            loss: OnePeriod::new(demand, 1.0, 1.0),
            tails: tails(demand),
            mean: mean_of(demand),
        }
    }

    /// `P(D > level)`.
    fn exceeds(&self, level: i64) -> f64 {
        match usize::try_from(level + 1) {
            Ok(index) => self.tails.get(index).copied().unwrap_or(0.0),
            Err(_) => 1.0,
        }
    }
}

impl Cycle {
    fn new(demand: &[f64], lead_time: usize, review_every: usize) -> Cycle {
        let mut total = vec![1.0];
        for _ in 0..lead_time {
            total = convolve(&total, demand);
        }
        let mut totals = vec![Total::new(&total)];
        for _ in 0..review_every {
            total = convolve(&total, demand);
            totals.push(Total::new(&total));
        }
        Cycle { totals, none: demand[0] }
    }

    /// Means over the periods of a cycle, by the position after its review.
    fn measures(&self, level: i64) -> Measures {
        let mut sum = [0.0; MEASURES];
        for pair in self.totals.windows(2) {
            let (before, after) = (&pair[0], &pair[1]);
            let waiting = after.loss.loss(level);
            sum[0] += (level as f64 - after.mean + waiting).max(0.0);
            sum[1] += waiting;
            sum[2] += (waiting - before.loss.loss(level)).max(0.0);
            // While some demand waits, a period without demand is no stock-out.
            sum[3] += after.exceeds(level) - before.exceeds(level) * self.none;
        }
        sum.map(|measure| measure / (self.totals.len() - 1) as f64)
    }
}

#[cfg(test)]
mod tests;
