//! Safety-stock strategies: how an item's policy gets its parameters.
//!
//! # Adding a strategy
//!
//! 1. Copy `strategy/z_sigma.rs` to `strategy/<name>.rs` and edit it.
//! 2. Add `mod <name>;` and one line to [`CATALOGUE`] below.
//!
//! The study file, its errors, the report and the tests read the catalogue.

use engine::{Block, Events, Item, Units};

mod days_of_cover;
mod empirical_quantile;
mod newsvendor;
mod searched;
mod z_sigma;

/// Every strategy the program knows, in the order shown to users.
pub const CATALOGUE: &[Strategy] = &[
    days_of_cover::STRATEGY,
    z_sigma::STRATEGY,
    empirical_quantile::STRATEGY,
    newsvendor::STRATEGY,
    searched::STRATEGY,
];

/// The most strategies a study compares: answers have room for as many.
pub const MOST_STRATEGIES: usize = 8;

/// A way to set the parameters of an item's policy.
#[derive(Debug)]
pub struct Strategy {
    /// Name in study files and reports.
    pub name: &'static str,
    /// One line of help.
    pub summary: &'static str,
    /// How it does it.
    pub method: Method,
}

/// How a strategy sets parameters.
#[derive(Debug)]
pub enum Method {
    /// By a level of stock that protects against the demand of so many periods \[periods → counts\];
    /// the study's policy family turns it into parameters.
    Level(fn(&Knowledge<'_>, usize) -> Units),
    /// By simulating many (s, S) policies.
    Search,
}

/// What a strategy may know of an item: its past, its demand model, its costs. Nothing of the
/// scenarios that its policy will be priced on.
///
/// Stock and demand are in counts, whole multiples of the item's smallest unit of sale.
pub struct Knowledge<'a> {
    /// The item.
    pub item: &'a Item,
    /// The sequence of events.
    pub events: &'a Events,
    /// Mean demand of the fitted model \[counts/period\].
    pub mean: Units,
    /// Standard deviation of the fitted model \[counts/period\].
    pub deviation: Units,
    /// Whether the policy orders batches of about the order quantity, not at every review.
    pub batches: bool,
    /// Periods in a year.
    pub periods_per_year: f64,
    /// Sales of past periods \[counts\].
    pub history: &'a [Units],
    /// Which of them say something about demand.
    pub observed: &'a [bool],
    /// Scenarios of the demand model to look at.
    pub scenarios: &'a Block,
    /// Stock that `days-of-cover` keeps beyond the protection interval \[periods of mean demand\].
    pub days_of_cover: f64,
    /// Probability of no stockout that `z-sigma` and `empirical-quantile` aim at.
    pub service_level: f64,
}

/// The strategy called `name`, if there is one.
pub fn strategy(name: &str) -> Option<&'static Strategy> {
    CATALOGUE.iter().find(|strategy| strategy.name == name)
}

impl Knowledge<'_> {
    /// Order quantity that balances order and holding costs, at most a year's demand, but at least
    /// one review's demand, what the supplier accepts and one unit of sale \[counts\].
    ///
    /// The economic order quantity `√(2Kd/h)` of Harris, *How Many Parts to Make at Once* (1913).
    pub fn order_quantity(&self) -> Units {
        let (k, h) = (self.item.order_cost, self.item.holding_cost_per_unit_period);
        let economic = (2.0 * k * self.mean / h).sqrt();
        let review = self.mean * self.events.review_every_periods as f64;
        let least = review.max(self.item.minimum_order).max(self.item.order_multiple);
        round_up(economic.min(self.mean * self.periods_per_year).max(least).max(1.0))
    }

    /// Demand over `protection` periods in the model's scenarios, increasing \[counts\].
    ///
    /// Windows start evenly over the horizon, so that every season counts.
    pub fn model_demand(&self, protection: usize) -> Vec<Units> {
        const WINDOWS: usize = 8;
        let periods = self.scenarios.periods();
        let room = periods.saturating_sub(protection);
        let mut sums = Vec::with_capacity(WINDOWS * self.scenarios.scenarios());
        let mut path = Vec::with_capacity(periods);
        for scenario in 0..self.scenarios.scenarios() {
            path.clear();
            path.extend(self.scenarios.scenario(scenario));
            for window in 0..WINDOWS {
                let start = room * window / (WINDOWS - 1);
                sums.push(path.iter().cycle().skip(start).take(protection).sum());
            }
        }
        sums.sort_by(f64::total_cmp);
        sums
    }
}

/// `counts` rounded up to whole ones, but for rounding errors.
pub(crate) fn round_up(counts: f64) -> Units {
    (counts - 1e-9).ceil().max(0.0)
}

#[cfg(test)]
pub(crate) mod tests;
