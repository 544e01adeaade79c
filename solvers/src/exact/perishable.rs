//! Goods that spoil: the best policy of all by value iteration, and the cost of any base-stock
//! level.
//!
//! # Convention
//!
//! Demand is whole, independent and equally distributed; what is not met is lost. In each period:
//!
//! 1. the order placed `L ≥ 1` periods ago arrives, fresh;
//! 2. the policy sees what is under way and on the shelf, by age, and orders; each unit costs;
//! 3. demand is met from the freshest units (last in, first out) or the oldest ones (first in,
//!    first out), and shortage is charged on each unit that is not met;
//! 4. units at the end of the last period of their shelf life `m` are wasted, and waste is charged
//!    on each; a unit that arrives in `t` meets demand in `t, …, t + m − 1`;
//! 5. holding is charged on what is left.
//!
//! That is the simulation's receive, order, demand, charge with lost sales and a shelf life. The
//! shelf is empty at first, and nothing under way. The charges of the first period that counts
//! count in full, those of the `n`-th after it `γⁿ`; what is left at the end is worth nothing. The
//! published returns are costs of 365 periods after 100 that do not count, with the other sign.
//!
//! The model is that of De Moor, Gijsbrechts & Boute, *Reward shaping to improve the performance
//! of deep reinforcement learning in perishable inventory management*, European Journal of
//! Operational Research 301 (2022) 535–545, with the demand that Farrington, Li, Wong & Utley,
//! *Going faster to see further: GPU-accelerated value iteration and simulation for perishable
//! inventory control using JAX*, arXiv:2303.10672 (2023), round to whole units:
//! `P(D = k) = F(k + ½) − F(k − ½)`.
//!
//! # Solution
//!
//! A state is a list of `L − 1 + m` amounts, the last order first and the oldest stock last, each
//! at most the largest order. A period puts the order in front and drops the last. Value iteration
//! ends when the bounds of `MacQueen`, *A Modified Dynamic Programming Method for Markovian
//! Decision Problems*, Journal of Mathematical Analysis and Applications 14 (1966) 38–43, are
//! narrow.

mod model;

use engine::Issue;
use model::Model;

use super::special::{InputError, between, positive};

/// Steps of value iteration, which shrink the bounds by at least the discount each: more than
/// enough for the largest.
const STEPS: usize = 1_000_000;
/// Width of the bounds on the cost at which value iteration ends, relative to the cost.
const WIDTH: f64 = 1e-10;

/// An item that spoils.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Perishable<'a> {
    /// Distribution of a period's demand; the entry at index `k` is `P(D = k)`.
    pub demand: &'a [f64],
    /// Periods from order to arrival, `L`; at least 1.
    pub lead_time: usize,
    /// Periods in which a unit can meet demand, `m`; at least 1.
    pub shelf_life: usize,
    /// Which units go first.
    pub issue: Issue,
    /// Cost of a unit ordered \[currency/unit\].
    pub unit_cost: f64,
    /// Charge on stock at the end of a period, `h` \[currency/unit/period\].
    pub holding: f64,
    /// Charge on lost demand \[currency/unit\].
    pub shortage: f64,
    /// Charge on spoiled stock \[currency/unit\].
    pub waste: f64,
    /// Largest order \[units\].
    pub largest_order: usize,
    /// Worth of a period's charges one period earlier, `γ` \[1\]; between 0 and 0.9999.
    pub discount: f64,
}

/// The periods whose charges count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// Periods from an empty shelf, with nothing under way, before charges count.
    pub warm_up: usize,
    /// Periods whose charges count.
    pub periods: usize,
}

/// The order in every state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderTable {
    base: usize,
    orders: Vec<u32>,
}

impl OrderTable {
    /// The order \[units\] where `supply` is what is under way, the last order first, and then what
    /// is on the shelf, the freshest first.
    ///
    /// `None` if a number is larger than the largest order, or `supply` not `L − 1 + m` long.
    pub fn order(&self, supply: &[usize]) -> Option<usize> {
        let fits = supply.iter().all(|&units| units < self.base);
        let states = u32::try_from(supply.len()).ok().and_then(|n| self.base.checked_pow(n));
        if !fits || states != Some(self.orders.len()) {
            return None;
        }
        let state = supply.iter().fold(0, |state, units| state * self.base + units);
        Some(self.orders[state] as usize)
    }
}

/// A base-stock level and what it costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BaseStock {
    /// Position to order up to, `S` \[units\].
    pub level: usize,
    /// Expected discounted cost over the horizon \[currency\].
    pub cost: f64,
}

impl Perishable<'_> {
    /// The best policy for ever.
    ///
    /// # Errors
    ///
    /// If a charge is negative, `demand` not a table of probabilities, the lead time or the shelf
    /// life zero, the discount not between 0 and 0.9999, or the states more than four million.
    pub fn best_policy(&self) -> Result<OrderTable, InputError> {
        let model = Model::new(self)?;
        let mut orders = vec![0; model.charges.len()];
        let mut values = model.charges.clone();
        for _ in 0..STEPS {
            let next: Vec<f64> = (0..values.len())
                .map(|state| model.improved(state, &values, &mut orders[state]))
                .collect();
            let narrow = model.width(&values, &next) <= WIDTH;
            values = next;
            if narrow {
                break;
            }
        }
        Ok(OrderTable { base: model.base, orders })
    }

    /// Orders up to `level` in every state, but at most the largest order.
    ///
    /// # Errors
    ///
    /// As [`Perishable::best_policy`].
    pub fn base_stock(&self, level: usize) -> Result<OrderTable, InputError> {
        Ok(Model::new(self)?.base_stock(level))
    }

    /// Expected discounted cost of `policy` over `horizon` \[currency\].
    ///
    /// # Errors
    ///
    /// As [`Perishable::best_policy`], and if the policy is one of another model.
    pub fn cost(&self, policy: &OrderTable, horizon: Horizon) -> Result<f64, InputError> {
        let model = Model::new(self)?;
        let (expected, found) = (model.charges.len(), policy.orders.len());
        if found != expected || policy.base != model.base {
            return Err(InputError::Length { field: "policy", found, expected });
        }
        Ok(model.cost(policy, horizon))
    }

    /// The cheapest base-stock level over `horizon`, of all of them.
    ///
    /// # Errors
    ///
    /// As [`Perishable::best_policy`].
    pub fn best_base_stock(&self, horizon: Horizon) -> Result<BaseStock, InputError> {
        let model = Model::new(self)?;
        let mut best = BaseStock { level: 0, cost: f64::INFINITY };
        // From the last level on, every state orders the most it can.
        for level in 0..=self.largest_order * (self.lead_time + self.shelf_life) {
            let cost = model.cost(&model.base_stock(level), horizon);
            if cost < best.cost {
                best = BaseStock { level, cost };
            }
        }
        Ok(best)
    }
}

/// Probabilities of a gamma demand rounded to whole units, `P(D = k) = F(k + ½) − F(k − ½)`, to
/// where less than 10⁻¹⁶ is left.
///
/// # Errors
///
/// If the mean or the standard deviation \[units\] is not positive, or the table would be longer
/// than ten million.
pub fn rounded_gamma(mean: f64, deviation: f64) -> Result<Vec<f64>, InputError> {
    positive("mean", mean)?;
    positive("deviation", deviation)?;
    let (shape, scale) = (mean * mean / deviation / deviation, deviation * deviation / mean);
    between("mean + 40 deviation² / mean", mean + 40.0 * scale, (0.0, 1e7))?;
    let (mut table, mut above) = (Vec::new(), 1.0);
    while above > 1e-16 {
        let next = upper_gamma(shape, (table.len() as f64 + 0.5) / scale);
        table.push(above - next);
        above = next;
    }
    Ok(table)
}

/// Regularized upper incomplete gamma function `Q(a, x)`, for the `shape` `a` and `point` `x`.
///
/// By the power series and the continued fraction of the *NIST Digital Library of Mathematical
/// Functions*, (8.7.1) and (8.9.2), the latter evaluated by the rule of Lentz as in Thompson &
/// Barnett, *Coulomb and Bessel Functions of Complex Arguments and Order*, Journal of
/// Computational Physics 64 (1986) 490–509.
fn upper_gamma(shape: f64, point: f64) -> f64 {
    let power = libm::exp(shape * libm::log(point) - point - libm::lgamma(shape));
    if point < shape + 1.0 {
        1.0 - power * series(shape, point)
    } else {
        power * fraction(shape, point)
    }
}

/// `1/a + x/(a (a + 1)) + x²/(a (a + 1) (a + 2)) + …`.
fn series(shape: f64, point: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0 / shape, 1.0 / shape, 1.0);
    while term > sum * 1e-17 {
        term *= point / (shape + n);
        sum += term;
        n += 1.0;
    }
    sum
}

/// `1/(x + 1 − a − 1 (1 − a)/(x + 3 − a − 2 (2 − a)/(x + 5 − a − …)))`.
fn fraction(shape: f64, point: f64) -> f64 {
    let mut denominator = point + 1.0 - shape;
    let (mut above, mut below) = (f64::INFINITY, 1.0 / denominator);
    let mut value = below;
    for n in 1..100_000 {
        let n = f64::from(n);
        let numerator = n * (shape - n);
        denominator += 2.0;
        below = 1.0 / (numerator * below + denominator);
        above = denominator + numerator / above;
        value *= above * below;
        if (above * below - 1.0).abs() < 1e-15 {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests;
