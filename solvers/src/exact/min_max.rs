//! (s, S) under periodic review: when the position is at or below `s`, order up to `S`.
//!
//! # Convention
//!
//! In each period: review and order, the order of `L` periods ago arrives, demand, and then the
//! charges on stock and on waiting demand. With `L = 0` an order arrives before the same period's
//! demand. The cost per period of a position `y` after ordering is
//! `G(y) = h E[(y − D)⁺] + p E[(D − y)⁺]` with the demand `D` of `L + 1` periods, charged to the
//! period of the order. [`MinMaxModel`] takes any `G` instead, and so any other convention.
//!
//! # Formulas
//!
//! With `f` the probabilities of a period's demand, the renewal quantities are
//! `m(0) = 1 / (1 − f(0))` and `m(j) = m(0) Σ f(l) m(j − l)` over `l = 1 … j`, and
//!
//! `c(s, S) = (K + Σ m(j) G(S − j)) / Σ m(j)`, both sums over `j = 0 … S − s − 1`.
//!
//! The search is that of Zheng & Federgruen, *Finding Optimal (s, S) Policies Is About As Simple As
//! Evaluating a Single Policy*, Operations Research 39 (1991) 654–665, for `−G` unimodal; it is
//! algorithm 4.2 of Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. (2019), whose
//! equations (4.71) to (4.75) the above are.

use super::newsvendor::NormalDemand;
use super::special::{InputError, OnePeriod, demand_over, not_negative, positive, probabilities};

/// Positions that the search visits before it gives up.
const STEPS: usize = 10_000_000;

/// A pair of levels and what it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MinMaxPolicy {
    /// Position at or below which to order, `s` \[units\].
    pub min: i64,
    /// Position to order up to, `S` \[units\].
    pub max: i64,
    /// Expected cost \[currency/period\].
    pub cost: f64,
}

/// An item with discrete demand under periodic review, whose demand waits when it must.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MinMaxItem<'a> {
    /// Distribution of a period's demand; the entry at index `k` is `P(D = k)`.
    pub demand: &'a [f64],
    /// Periods from order to arrival, `L`.
    pub lead_time: usize,
    /// Charge on stock at the end of a period, `h` \[currency/unit/period\].
    pub holding: f64,
    /// Charge on waiting demand at the end of a period, `p` \[currency/unit/period\].
    pub shortage: f64,
    /// Fixed cost of an order, `K` \[currency/order\].
    pub order_cost: f64,
}

impl MinMaxItem<'_> {
    fn one_period(&self) -> Result<OnePeriod, InputError> {
        positive("holding", self.holding)?;
        positive("shortage", self.shortage)?;
        probabilities("demand", self.demand)?;
        let total = demand_over(self.demand, self.lead_time + 1);
        Ok(OnePeriod::new(&total, self.holding, self.shortage))
    }

    /// Expected cost of ordering up to `max` at or below `min` \[currency/period\].
    ///
    /// # Errors
    ///
    /// If a charge is not positive, the order cost negative, `demand` not a table of
    /// probabilities or always zero, or `min` not below `max`.
    pub fn cost(&self, min: i64, max: i64) -> Result<f64, InputError> {
        let period = self.one_period()?;
        let (demand, order_cost) = (self.demand, self.order_cost);
        MinMaxModel { demand, order_cost, one_period: &|level| period.cost(level) }.cost(min, max)
    }

    /// The best policy of all.
    ///
    /// # Errors
    ///
    /// As [`MinMaxItem::cost`].
    pub fn optimum(&self) -> Result<MinMaxPolicy, InputError> {
        let period = self.one_period()?;
        let (demand, order_cost) = (self.demand, self.order_cost);
        let one_period = &|level| period.cost(level);
        MinMaxModel { demand, order_cost, one_period }.optimum(period.best())
    }
}

/// An item under periodic review, with any cost of a period.
#[derive(Clone, Copy)]
pub struct MinMaxModel<'a> {
    /// Distribution of a period's demand; the entry at index `k` is `P(D = k)`.
    pub demand: &'a [f64],
    /// Fixed cost of an order, `K` \[currency/order\].
    pub order_cost: f64,
    /// Expected charges of a period by its position after ordering, `G` \[currency/period\].
    pub one_period: &'a dyn Fn(i64) -> f64,
}

impl MinMaxModel<'_> {
    fn renewal(&self) -> Result<Renewal<'_>, InputError> {
        not_negative("order_cost", self.order_cost)?;
        probabilities("demand", self.demand)?;
        if self.demand[0] >= 1.0 {
            let (value, low, high) = (self.demand[0], 0.0, 1.0);
            return Err(InputError::Outside { field: "demand[0]", value, low, high });
        }
        Ok(Renewal { demand: self.demand, visits: vec![1.0 / (1.0 - self.demand[0])] })
    }

    /// `c(s, S)`.
    fn average(&self, renewal: &mut Renewal<'_>, min: i64, max: i64) -> f64 {
        let (mut cost, mut length) = (self.order_cost, 0.0);
        for (position, j) in (min + 1..=max).rev().zip(0..) {
            let visits = renewal.visits(j);
            cost += visits * (self.one_period)(position);
            length += visits;
        }
        cost / length
    }

    /// Expected cost of ordering up to `max` at or below `min` \[currency/period\].
    ///
    /// # Errors
    ///
    /// If the order cost is negative, `demand` not a table of probabilities or always zero, or
    /// `min` not below `max`.
    pub fn cost(&self, min: i64, max: i64) -> Result<f64, InputError> {
        if min >= max {
            let (value, high) = (min as f64, max as f64);
            return Err(InputError::Outside { field: "min", value, low: f64::NEG_INFINITY, high });
        }
        Ok(self.average(&mut self.renewal()?, min, max))
    }

    /// The best policy of all, for a cost that falls up to some level and rises from it; the
    /// search for that level begins at `start`.
    ///
    /// # Errors
    ///
    /// As [`MinMaxModel::cost`], and if the cost does not rise on both sides.
    pub fn optimum(&self, start: i64) -> Result<MinMaxPolicy, InputError> {
        let mut renewal = self.renewal()?;
        let lowest = self.lowest(start)?;

        // The best `min` for the lowest point as `max`.
        let mut best = MinMaxPolicy { min: lowest - 1, max: lowest, cost: f64::INFINITY };
        best.cost = self.average(&mut renewal, best.min, best.max);
        while best.cost > (self.one_period)(best.min) {
            best.min -= 1;
            best.cost = self.average(&mut renewal, best.min, best.max);
            self.within(lowest, best.min)?;
        }

        // Every larger `max` that can still be better; a better one moves `min` up, never down.
        let mut max = lowest + 1;
        while (self.one_period)(max) <= best.cost {
            let mut cost = self.average(&mut renewal, best.min, max);
            if cost < best.cost {
                best.max = max;
                while cost <= (self.one_period)(best.min + 1) && best.min + 1 < max {
                    best.min += 1;
                    cost = self.average(&mut renewal, best.min, max);
                }
                best.cost = cost;
            }
            max += 1;
            self.within(lowest, max)?;
        }
        Ok(best)
    }

    /// The smallest level of least one-period cost.
    fn lowest(&self, start: i64) -> Result<i64, InputError> {
        let cost = self.one_period;
        let mut level = start;
        while cost(level + 1) < cost(level) {
            level += 1;
            self.within(start, level)?;
        }
        while cost(level - 1) <= cost(level) {
            level -= 1;
            self.within(start, level)?;
        }
        self.within(start, level)?;
        Ok(level)
    }

    fn within(&self, start: i64, level: i64) -> Result<(), InputError> {
        if start.abs_diff(level) > STEPS as u64 || !(self.one_period)(level).is_finite() {
            return Err(InputError::Unbounded { field: "level" });
        }
        Ok(())
    }
}

/// Expected periods between two orders that start from each level, `m(j)`, computed when asked.
struct Renewal<'a> {
    demand: &'a [f64],
    visits: Vec<f64>,
}

impl Renewal<'_> {
    fn visits(&mut self, below: usize) -> f64 {
        while self.visits.len() <= below {
            let from = self.visits.iter().rev();
            let sum: f64 = self.demand[1..].iter().zip(from).map(|(f, m)| f * m).sum();
            self.visits.push(sum * self.visits[0]);
        }
        self.visits[below]
    }
}

/// Levels for continuous demand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MinMaxLevels {
    /// Position at or below which to order, `s` \[units\].
    pub min: f64,
    /// Position to order up to, `S` \[units\].
    pub max: f64,
}

/// An item with normal demand under periodic review.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NormalMinMaxItem {
    /// Demand of a period, and the lead time.
    pub demand: NormalDemand,
    /// Charge on stock at the end of a period, `h` \[currency/unit/period\].
    pub holding: f64,
    /// Charge on waiting demand at the end of a period, `p` \[currency/unit/period\].
    pub shortage: f64,
    /// Fixed cost of an order, `K` \[currency/order\].
    pub order_cost: f64,
}

impl NormalMinMaxItem {
    /// Good levels by regression on many optima: the power approximation.
    ///
    /// Ehrhardt & Mosier, *A Revision of the Power Approximation for Computing (s, S) Policies*,
    /// Management Science 30 (1984) 618–622, in the form of Snyder & Shen (2019), (4.77) to
    /// (4.80), which leaves out the original's cap on both levels when `S − s` is below 1.5 means.
    ///
    /// # Errors
    ///
    /// If a parameter is not positive (the lead time may be zero).
    pub fn power_approximation(&self) -> Result<MinMaxLevels, InputError> {
        positive("holding", self.holding)?;
        positive("shortage", self.shortage)?;
        positive("order_cost", self.order_cost)?;
        positive("mean", self.demand.mean)?;
        positive("deviation", self.demand.deviation)?;
        let (total, deviation) = self.demand.over_lead_time()?;
        let mean = self.demand.mean;
        let lot = 1.30
            * libm::pow(mean, 0.494)
            * libm::pow(self.order_cost / self.holding, 0.506)
            * libm::pow(1.0 + deviation * deviation / (mean * mean), 0.116);
        let z = (lot / deviation * self.holding / self.shortage).sqrt();
        let min = 0.973 * total + deviation * (0.183 / z + 1.063 - 2.192 * z);
        Ok(MinMaxLevels { min, max: min + lot })
    }
}

#[cfg(test)]
mod tests;
