//! Safety-stock strategies: how an item's policy gets its parameters.
//!
//! # Adding a strategy
//!
//! 1. Copy `strategy/z_sigma.rs` to `strategy/<name>.rs` and edit it.
//! 2. Add `mod <name>;` and one line to [`CATALOGUE`] below.
//!
//! The study file, its errors, the report and the tests read the catalogue.

use engine::{Block, Events, Item, Sizing, Units, Unmet};

mod average_max;
mod bootstrap_quantile;
mod class_based;
mod conformal_quantile;
mod days_of_cover;
mod empirical_quantile;
mod fill_rate;
mod forecast_error;
mod gamma_quantile;
pub mod group_fill_rate;
mod kernel_quantile;
mod king;
mod lead_time_sigma;
mod negative_binomial_quantile;
pub(crate) mod newsvendor;
mod percent_of_demand;
mod robust;
mod scarf;
mod searched;
mod tail_averse;
mod z_sigma;

/// Every strategy the program knows, in the order shown to users.
pub const CATALOGUE: &[Strategy] = &[
    days_of_cover::STRATEGY,
    percent_of_demand::STRATEGY,
    average_max::STRATEGY,
    lead_time_sigma::STRATEGY,
    z_sigma::STRATEGY,
    king::STRATEGY,
    forecast_error::STRATEGY,
    empirical_quantile::STRATEGY,
    bootstrap_quantile::STRATEGY,
    kernel_quantile::STRATEGY,
    conformal_quantile::STRATEGY,
    gamma_quantile::STRATEGY,
    negative_binomial_quantile::STRATEGY,
    class_based::STRATEGY,
    fill_rate::STRATEGY,
    group_fill_rate::STRATEGY,
    newsvendor::STRATEGY,
    tail_averse::STRATEGY,
    scarf::STRATEGY,
    robust::STRATEGY,
    searched::STRATEGY,
];

/// Strategies that are compared unless the study names others.
pub const USUAL: [&str; 5] =
    ["days-of-cover", "z-sigma", "empirical-quantile", "newsvendor", "searched"];

/// The most strategies a study compares: answers have room for as many.
pub const MOST_STRATEGIES: usize = 16;

/// What strategies aim at, the same for every item of a study.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Targets {
    /// Stock that `days-of-cover` keeps beyond lead time and review \[periods of mean demand\].
    pub days_of_cover: f64,
    /// Share of demand over lead time and review that `percent-of-demand` keeps in reserve.
    pub demand_share: f64,
    /// Probability of no stockout that most strategies aim at.
    pub service_level: f64,
    /// The same by class of value, for `class-based`: A, B and C.
    pub class_service_levels: [f64; 3],
    /// Share of demand met at once that `fill-rate` and `group-fill-rate` aim at.
    pub fill_rate: f64,
    /// Share of outcomes that `tail-averse` leaves out: it looks at the worst of the rest.
    pub tail_share: f64,
}

impl Default for Targets {
    fn default() -> Targets {
        Targets {
            days_of_cover: 7.0,
            demand_share: 0.5,
            service_level: 0.95,
            class_service_levels: [0.98, 0.95, 0.9],
            fill_rate: 0.98,
            tail_share: 0.8,
        }
    }
}

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
    /// By simulating many policies of the study's family.
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
    /// Which of them say how much was demanded.
    pub observed: &'a [bool],
    /// In which of them demand was at least what was sold.
    pub sold_out: &'a [bool],
    /// Standard deviation of lead times \[periods\].
    pub lead_time_deviation: f64,
    /// Class of value: 0 for A, 1 for B, 2 for C.
    pub class: usize,
    /// What `group-fill-rate` pays for a unit that is not met at once \[currency/count\].
    pub shortage_price: f64,
    /// Scenarios of the demand model to look at.
    pub scenarios: &'a Block,
    /// What is aimed at.
    pub targets: &'a Targets,
}

/// What families turn `level` and a quantity into parameters by.
pub(crate) fn sizing<'a>(
    item: &Item,
    events: &Events,
    mean_demand: Units,
    level: &'a dyn Fn(usize) -> Units,
    order_quantity: Units,
) -> Sizing<'a> {
    let expedited = item.supply.expedited;
    Sizing {
        level,
        order_quantity,
        mean_demand,
        lead_time_periods: item.lead_time_periods,
        expedited_lead_time_periods: expedited.map(|source| source.lead_time_periods),
        review_every_periods: events.review_interval(),
    }
}

/// The strategy called `name`, if there is one.
pub fn strategy(name: &str) -> Option<&'static Strategy> {
    CATALOGUE.iter().find(|strategy| strategy.name == name)
}

impl<'a> Knowledge<'a> {
    /// What is known of an item without a past, of class A, whose lead times are certain; orders are
    /// batches in a year of days, and `targets` the usual ones.
    pub fn plain(
        item: &'a Item,
        events: &'a Events,
        (mean, deviation): (Units, Units),
        scenarios: &'a Block,
        targets: &'a Targets,
    ) -> Knowledge<'a> {
        Knowledge {
            item,
            events,
            mean,
            deviation,
            batches: true,
            periods_per_year: 365.0,
            history: &[],
            observed: &[],
            sold_out: &[],
            lead_time_deviation: 0.0,
            class: 0,
            shortage_price: 0.0,
            scenarios,
            targets,
        }
    }

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

    /// Demand of a replenishment cycle: an order quantity, or what is demanded between reviews
    /// \[counts\].
    pub fn cycle_demand(&self) -> Units {
        let review = self.mean * self.events.review_every_periods as f64;
        if self.batches { self.order_quantity().max(review) } else { review }
    }

    /// Mean and variance of demand over `protection` periods that vary as lead times do
    /// \[counts, counts²\]: `μP` and `σ²P + μ²σ_L²`.
    pub fn moments(&self, protection: usize) -> (Units, f64) {
        let periods = protection as f64;
        let by_lead_time = self.mean * self.lead_time_deviation;
        let variance = self.deviation * self.deviation * periods + by_lead_time * by_lead_time;
        (self.mean * periods, variance)
    }

    /// What a unit short costs, as a share of that and of holding one through a cycle.
    pub fn critical_ratio(&self) -> f64 {
        match self.events.unmet {
            Unmet::Backorder => self.item.critical_ratio(),
            Unmet::Lost | Unmet::PartlyLost { .. } | Unmet::Patient { .. } => {
                let cycle = self.cycle_demand() / self.mean;
                let held = self.item.holding_cost_per_unit_period * cycle;
                self.item.shortage_cost_per_unit / (self.item.shortage_cost_per_unit + held)
            }
        }
    }

    /// Demand of the past periods in which it was seen \[counts\].
    pub fn seen(&self) -> impl Iterator<Item = Units> + '_ {
        self.history.iter().zip(self.observed).filter(|(_, seen)| **seen).map(|(units, _)| *units)
    }

    /// Demand over every past window of `protection` periods that all were seen \[counts\].
    pub fn past_demand(&self, protection: usize) -> Vec<Units> {
        let windows = self.history.windows(protection).zip(self.observed.windows(protection));
        let complete = windows.filter(|(_, observed)| observed.iter().all(|&seen| seen));
        complete.map(|(units, _)| units.iter().sum()).collect()
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
