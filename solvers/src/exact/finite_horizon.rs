//! A finite horizon of uncertain demand with fixed order costs, by dynamic programming.
//!
//! # Convention
//!
//! In each period: review and order, the order arrives, demand `D`, charges on stock and on waiting
//! demand. From stock `x` before the order of period `t`, the least expected cost is
//!
//! `V_t(x) = min { K_t [y > x] + c_t (y − x) + G_t(y) + γ E V_{t+1}(y − D) }` over `y ≥ x`,
//!
//! with `G_t(y) = h_t E[(y − D)⁺] + p_t E[(D − y)⁺]`, and after the last period the terminal charges
//! on what is left over or still waits (Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd
//! ed. (2019), equation (4.66) and algorithm 4.1).
//!
//! # Levels
//!
//! The best orders are (s, S) orders where `K_t ≥ γ K_{t+1}` (Scarf, *The Optimality of (S, s)
//! Policies in the Dynamic Inventory Problem*, 1960). Costs are exact for any `K_t ≥ 0`.
//!
//! # No truncation
//!
//! `V_t` is linear below a level where it pays to order (or never will) and above the largest
//! demand that can still come. So a table between the two, and two slopes, hold it exactly.

use super::special::{InputError, OnePeriod, not_negative, positive, probabilities};

/// Entries of a table beyond which the search gives up.
const ENTRIES: f64 = 1e8;

/// Demand and costs of a period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HorizonPeriod<'a> {
    /// Distribution of demand; the entry at index `k` is `P(D = k)`.
    pub demand: &'a [f64],
    /// Charge on stock at the period's end, `h` \[currency/unit\].
    pub holding: f64,
    /// Charge on waiting demand at the period's end, `p` \[currency/unit\].
    pub shortage: f64,
    /// Fixed cost of an order, `K` \[currency/order\].
    pub order_cost: f64,
    /// Price of a unit, `c` \[currency/unit\].
    pub purchase: f64,
}

/// Periods to plan for, and what follows them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Horizon<'a> {
    /// The periods in order.
    pub periods: &'a [HorizonPeriod<'a>],
    /// Worth of a unit of money a period later, `γ`; above 0 and at most 1 \[1\].
    pub discount: f64,
    /// Charge on stock after the last period \[currency/unit\].
    pub terminal_holding: f64,
    /// Charge on waiting demand after the last period \[currency/unit\].
    pub terminal_shortage: f64,
}

/// Levels of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HorizonLevels {
    /// Stock at or below which to order, `s` \[units\].
    pub min: i64,
    /// Stock to order up to, `S` \[units\].
    pub max: i64,
}

/// The best levels of all periods, and their cost.
#[derive(Clone, Debug, PartialEq)]
pub struct HorizonPlan {
    /// Levels by period; none where it never pays to order, however much demand waits.
    pub levels: Vec<Option<HorizonLevels>>,
    first: Values,
}

impl HorizonPlan {
    /// Expected discounted cost of all periods from stock `start`, below zero if demand waits
    /// \[currency\].
    pub fn cost(&self, start: i64) -> f64 {
        self.first.at(start)
    }
}

/// A function of stock: a table, and straight lines on both sides.
#[derive(Clone, Debug, PartialEq)]
struct Values {
    low: i64,
    table: Vec<f64>,
    /// Change with each unit below the table.
    down: f64,
    /// Change with each unit above the table.
    up: f64,
}

impl Values {
    fn high(&self) -> i64 {
        self.low + self.table.len() as i64 - 1
    }

    fn at(&self, stock: i64) -> f64 {
        if stock < self.low {
            return self.table[0] + self.down * (self.low - stock) as f64;
        }
        let last = self.table.len() - 1;
        match self.table.get((stock - self.low) as usize) {
            Some(value) => *value,
            None => self.table[last] + self.up * (stock - self.high()) as f64,
        }
    }
}

impl Horizon<'_> {
    fn check(&self) -> Result<(), InputError> {
        positive("discount", self.discount)?;
        if self.discount > 1.0 {
            let value = self.discount;
            return Err(InputError::Outside { field: "discount", value, low: 0.0, high: 1.0 });
        }
        not_negative("terminal_holding", self.terminal_holding)?;
        not_negative("terminal_shortage", self.terminal_shortage)?;
        for period in self.periods {
            probabilities("demand", period.demand)?;
            not_negative("holding", period.holding)?;
            not_negative("shortage", period.shortage)?;
            not_negative("order_cost", period.order_cost)?;
            not_negative("purchase", period.purchase)?;
        }
        Ok(())
    }

    /// The best levels, from the last period to the first.
    ///
    /// # Errors
    ///
    /// If a cost is negative, the discount not above 0 and at most 1, a demand not a table of
    /// probabilities, or levels out of reach because shortage hardly costs more than it saves.
    pub fn optimum(&self) -> Result<HorizonPlan, InputError> {
        self.check()?;
        let (up, down) = (self.terminal_holding, self.terminal_shortage);
        let mut first = Values { low: 0, table: vec![0.0], down, up };
        let mut levels = vec![None; self.periods.len()];
        for (t, period) in self.periods.iter().enumerate().rev() {
            let before = before_order(period, &first, self.discount)?;
            levels[t] = levels_of(period, &before);
            first = after_order(period, before);
        }
        Ok(HorizonPlan { levels, first })
    }
}

/// `H(y) = c y + G(y) + γ E V(y − D)`, the cost to go from stock `y` after the order, with the price
/// of all of `y`; on a table that reaches down to where the decision no longer changes.
fn before_order(
    period: &HorizonPeriod<'_>,
    next: &Values,
    discount: f64,
) -> Result<Values, InputError> {
    let charges = OnePeriod::new(period.demand, period.holding, period.shortage);
    let largest = period.demand.len() as i64 - 1;
    let (low, high) = (next.low.min(0), next.high() + largest);
    if (high - low) as f64 > ENTRIES {
        return Err(InputError::Unbounded { field: "levels" });
    }
    let later: Vec<f64> = (low - largest..=high).map(|stock| next.at(stock)).collect();
    let cost = |stock: i64| {
        let end = (stock - low + largest + 1) as usize;
        let latest = later[..end].iter().rev();
        let to_go: f64 = period.demand.iter().zip(latest).map(|(p, value)| p * value).sum();
        period.purchase * stock as f64 + charges.cost(stock) + discount * to_go
    };
    let values = Values {
        low,
        table: (low..=high).map(cost).collect(),
        down: period.shortage + discount * next.down - period.purchase,
        up: period.holding + discount * next.up + period.purchase,
    };
    extended(&values, period.order_cost)
}

/// The same function on a table that reaches down to where ordering pays below, or does not.
fn extended(values: &Values, order_cost: f64) -> Result<Values, InputError> {
    let least = values.table.iter().copied().fold(f64::INFINITY, f64::min);
    let gain = values.table[0] - order_cost - least;
    let settled = if values.down > 0.0 { gain > 0.0 } else { gain <= 0.0 || values.down == 0.0 };
    let further = if settled { 0.0 } else { (gain / values.down).abs().ceil() + 1.0 };
    if further > ENTRIES {
        return Err(InputError::Unbounded { field: "levels" });
    }
    let low = values.low - further as i64;
    let table = (low..=values.high()).map(|stock| values.at(stock)).collect();
    Ok(Values { low, table, ..*values })
}

/// Where ordering pays at the lower end: up to which stock it does without a gap, and how far up.
fn levels_of(period: &HorizonPeriod<'_>, before: &Values) -> Option<HorizonLevels> {
    let table = &before.table;
    let max = (0..table.len()).fold(0, |best, i| if table[i] < table[best] { i } else { best });
    let orders = (0..max).take_while(|i| table[*i] > period.order_cost + table[max]).count();
    let level = |index: usize| before.low + index as i64;
    (orders > 0).then(|| HorizonLevels { min: level(orders) - 1, max: level(max) })
}

/// `V(x) = min(H(x), K + min H(y)) − c x` over `y > x`.
fn after_order(period: &HorizonPeriod<'_>, before: Values) -> Values {
    let (low, mut table) = (before.low, before.table);
    let mut best_above = f64::INFINITY;
    let mut orders = false;
    for (index, value) in table.iter_mut().enumerate().rev() {
        let stay = *value;
        let order = period.order_cost + best_above;
        orders = order < stay;
        best_above = best_above.min(stay);
        *value = order.min(stay) - period.purchase * (low + index as i64) as f64;
    }
    let down = if orders { period.purchase } else { before.down + period.purchase };
    Values { low, table, down, up: before.up - period.purchase }
}

#[cfg(test)]
mod tests;
