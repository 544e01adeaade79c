//! Lots of several items that share one capacity a period, with set-up times.
//!
//! Minimize `Σ K_i y_it + p_it x_it + h_i s_it` subject to `s_i,t−1 + x_it = d_it + s_it`,
//! `Σ_i a_i x_it + b_i y_it ≤ C_t` and `x_it > 0` only where `y_it = 1`. Stock is charged at the end of
//! each period; there is none at first, no backlog and no overtime. Trigeiro et al.,
//! *Capacitated Lot Sizing with Setup Times*, Management Science 35 (1989) 353–366.
//!
//! [`solve`] goes in four steps:
//!
//! 1. Prices on capacity: at any prices, the items' cheapest lots by Wagner & Whitin less the worth of
//!    the capacity are a lower bound. The best prices are those of the facility-location relaxation
//!    (Krarup & Bilde, 1977), and are found by cutting planes, without that program.
//! 2. A first plan from the set-ups that the best prices mix.
//! 3. Set-ups that the bound decides are decided, and a short search over the rest proves what is easy.
//! 4. Better plans by fixing all set-ups but those of some periods or items, and solving for these
//!    (fix-and-optimize: Helber & Sahling, International Journal of Production Economics 123 (2010)
//!    247–256); then a longer search over all, where it can close the gap, and further such rounds.
//!
//! Searches are in the facility-location form, unless the problem is too large for it.
//!
//! The same data give the same plan, on any machine at any load: limits are in nodes, iterations and passes.

mod facility;
mod grid;
mod improve;
mod model;
mod prices;
mod rounds;
#[cfg(test)]
mod tests;
mod trigeiro;

use crate::program::{ProgramError, Status};
use improve::Improver;
use model::Model;

pub use trigeiro::{FormatError, read_trigeiro};

/// Items that share a capacity.
#[derive(Clone, Debug, PartialEq)]
pub struct LotSizing {
    /// What is made.
    pub items: Vec<LotItem>,
    /// Time at hand in each period, `C` \[time\].
    pub capacity: Vec<f64>,
}

/// An item of which lots are made.
#[derive(Clone, Debug, PartialEq)]
pub struct LotItem {
    /// Time that a unit takes, `a` \[time/unit\].
    pub unit_time: f64,
    /// Time that a set-up takes, `b` \[time/set-up\].
    pub set_up_time: f64,
    /// Cost of a set-up, `K` \[currency/set-up\].
    pub set_up_cost: f64,
    /// Charge on stock at a period's end, `h` \[currency/unit/period\].
    pub holding_cost: f64,
    /// Cost of a unit made in each period, `p` \[currency/unit\]; none given is zero in all periods.
    pub unit_cost: Vec<f64>,
    /// Demand of each period, `d` \[units\].
    pub demand: Vec<f64>,
}

/// How hard [`solve`] tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LotSizingEffort {
    /// Most passes over the items at other prices, for the bound.
    pub price_passes: usize,
    /// Kinds of neighbours that rounds of fixing and solving go through; they go on while they find something.
    pub rounds: usize,
    /// Branch-and-bound nodes of each of their searches.
    pub round_nodes: i32,
    /// Branch-and-bound nodes of the search over all set-ups; zero for none.
    pub nodes: i32,
    /// Simplex iterations at which the search over all set-ups ends; for small problems, whose iterations
    /// are quick, up to three times as many.
    pub search_iterations: i64,
    /// Simplex iterations of all searches at which they end; likewise.
    pub iterations: i64,
}

impl Default for LotSizingEffort {
    fn default() -> LotSizingEffort {
        LotSizingEffort {
            price_passes: 400,
            rounds: 1,
            round_nodes: 100,
            nodes: 2_000,
            search_iterations: 40_000,
            iterations: 90_000,
        }
    }
}

/// Lots, and how good they are.
#[derive(Clone, Debug, PartialEq)]
pub struct LotSizingPlan {
    /// What is made of each item in each period \[units\].
    pub quantities: Vec<Vec<f64>>,
    /// Whether each item is set up in each period.
    pub set_ups: Vec<Vec<bool>>,
    /// Cost of all periods \[currency\].
    pub cost: f64,
    /// Proved lower bound on the cost of any plan \[currency\].
    pub bound: f64,
    /// Whether no plan is cheaper, by proof.
    pub optimal: bool,
    /// What another unit of capacity is worth in each period, in the relaxation \[currency/time\].
    pub capacity_prices: Vec<f64>,
    /// Bound of these prices alone \[currency\].
    pub price_bound: f64,
    /// Passes over the items at other prices.
    pub passes: usize,
    /// Branch-and-bound nodes of all searches.
    pub nodes: i64,
    /// Simplex iterations of all searches.
    pub iterations: i64,
}

impl LotSizingPlan {
    /// How far the cost is above the bound at most, as a share of the cost.
    pub fn gap(&self) -> f64 {
        if self.cost > self.bound { (self.cost - self.bound) / self.cost.abs() } else { 0.0 }
    }
}

/// Capacity that is missing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shortage {
    /// The period, from zero.
    pub period: usize,
    /// Time that must be added \[time\].
    pub time: f64,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LotSizingError {
    /// A quantity is negative or not a number.
    #[error("{quantity} is {value}; a finite number of at least 0 is expected")]
    Value {
        /// Which it is.
        quantity: &'static str,
        /// What it is.
        value: f64,
    },
    /// A number cannot be told from rounding beside another.
    #[error(
        "{quantity} of item {item} is {value:.1e}, beside {other:.1e} for {other_quantity} of item \
         {other_item}; the smaller cannot be told from rounding: measure in other units"
    )]
    Scale {
        /// Which is the smaller.
        quantity: &'static str,
        /// The item that it is of, from zero.
        item: usize,
        /// What it is.
        value: f64,
        /// Which is the larger.
        other_quantity: &'static str,
        /// The item that it is of, from zero.
        other_item: usize,
        /// What it is.
        other: f64,
    },
    /// Not a number for each period.
    #[error("item {item} has {found} values of {quantity}; {expected} are expected, one a period")]
    Periods {
        /// The item, from zero.
        item: usize,
        /// Of what.
        quantity: &'static str,
        /// How many there are.
        found: usize,
        /// How many periods there are.
        expected: usize,
    },
    /// Capacity does not suffice.
    #[error("capacity does not suffice: {}", sentence(missing))]
    Infeasible {
        /// Periods whose capacity is too small together.
        periods: Vec<usize>,
        /// The least time that gives a plan, or part of it where set-ups were taken as divisible.
        missing: Vec<Shortage>,
    },
    /// Neither a plan nor a proof that there is none.
    #[error(
        "no plan was found within {0} nodes, and no proof that there is none; allow more nodes"
    )]
    Unknown(i64),
    /// Numbers that cannot be computed with together.
    #[error(transparent)]
    Program(#[from] ProgramError),
}

fn sentence(missing: &[Shortage]) -> String {
    let each = missing
        .iter()
        .map(|shortage| format!("period {} needs {:.6} more", shortage.period + 1, shortage.time));
    let each: Vec<String> = each.collect();
    if each.is_empty() { "no number of set-ups fits".to_owned() } else { each.join(", ") }
}

impl LotSizing {
    /// Number of periods.
    pub fn periods(&self) -> usize {
        self.capacity.len()
    }

    /// Cost of a unit of an item made in a period \[currency/unit\].
    pub fn unit_cost(&self, item: usize, period: usize) -> f64 {
        self.items[item].unit_cost.get(period).copied().unwrap_or(0.0)
    }

    /// Cost of making these quantities, with these set-ups \[currency\].
    pub fn cost_of(&self, quantities: &[Vec<f64>], set_ups: &[Vec<bool>]) -> f64 {
        let mut cost = 0.0;
        for (item, data) in self.items.iter().enumerate() {
            let mut stock = 0.0;
            for period in 0..self.periods() {
                let quantity = quantities[item][period];
                stock += quantity - data.demand[period];
                cost += self.unit_cost(item, period) * quantity + data.holding_cost * stock;
                cost += if set_ups[item][period] { data.set_up_cost } else { 0.0 };
            }
        }
        cost
    }

    /// Whether the data can be planned with.
    ///
    /// # Errors
    ///
    /// The first datum that cannot.
    pub fn check(&self) -> Result<(), LotSizingError> {
        let not_negative = |quantity: &'static str, value: f64| {
            let fits = value.is_finite() && value >= 0.0;
            if fits { Ok(()) } else { Err(LotSizingError::Value { quantity, value }) }
        };
        for &capacity in &self.capacity {
            not_negative("capacity", capacity)?;
        }
        for (item, data) in self.items.iter().enumerate() {
            not_negative("unit_time", data.unit_time)?;
            not_negative("set_up_time", data.set_up_time)?;
            not_negative("set_up_cost", data.set_up_cost)?;
            not_negative("holding_cost", data.holding_cost)?;
            let expected = self.periods();
            for (quantity, values) in [("demand", &data.demand), ("unit_cost", &data.unit_cost)] {
                let found = values.len();
                if found != expected && (quantity == "demand" || found > 0) {
                    return Err(LotSizingError::Periods { item, quantity, found, expected });
                }
                values.iter().try_for_each(|&value| not_negative(quantity, value))?;
            }
        }
        Ok(())
    }
}

/// A cheap plan, and a bound on the cheapest.
///
/// # Errors
///
/// If the data cannot be planned with, if capacity does not suffice, or if neither a plan nor a proof
/// that there is none was found within the nodes allowed.
pub fn solve(
    problem: &LotSizing,
    effort: LotSizingEffort,
) -> Result<LotSizingPlan, LotSizingError> {
    problem.check()?;
    Model::new(problem, None).check_scale()?;
    let mut model = Model::for_search(problem, None);
    let grid = grid::of(problem);
    let priced = prices::search(problem, effort.price_passes)?;
    if priced.over_capacity
        && let Some(infeasible) = model::shortage(problem, false)?
    {
        return Err(infeasible);
    }
    let mut improver = Improver::new(problem, grid, effort);
    let mut bound = grid.up(priced.bound);
    match improver.first(&model, &priced)? {
        Status::Infeasible => {
            let found = model::shortage(problem, true)?;
            return Err(found.unwrap_or(LotSizingError::Infeasible {
                periods: (0..problem.periods()).collect(),
                missing: Vec::new(),
            }));
        }
        _ if improver.best.is_none() => return Err(LotSizingError::Unknown(improver.nodes)),
        _ => {}
    }
    bound = improver.improve(&mut model, &priced, bound)?;
    let (nodes, iterations) = (improver.nodes, improver.iterations);
    let Some(best) = improver.best else { return Err(LotSizingError::Unknown(nodes)) };
    let optimal = grid.closed(best.cost, bound);
    Ok(LotSizingPlan {
        cost: best.cost,
        quantities: best.quantities,
        set_ups: best.set_ups,
        bound: bound.min(best.cost),
        optimal,
        capacity_prices: priced.prices,
        price_bound: priced.bound,
        passes: priced.passes,
        nodes,
        iterations,
    })
}
