//! Replenishment policies: when to order, and how much.
//!
//! # Adding a policy
//!
//! 1. Copy `policy/base_stock.rs` to `policy/<name>.rs` and edit it.
//! 2. Add `mod <name>;` and one line to [`CATALOGUE`] below.
//!
//! The study file, the strategies, the tests in `tests/suite/every_policy.rs` and the
//! lane-loop bench read the catalogue, so there is no third step.
//!
//! A policy is data, not code: a [`Rule`] for each period of its rhythm. So there is one main loop
//! for all of them, and a new policy is as fast as the old ones.

use crate::simulate::opening_between;
use crate::{Item, Rule, Units};

mod base_stock;
mod can_order;
mod capped_base_stock;
mod capped_dual_index;
mod cover;
mod dual_index;
mod eoq_cycle;
mod fixed_lot;
mod kanban;
mod lot_for_lot;
mod lot_size;
mod min_max;
mod min_max_capped;
mod periodic;
mod periodic_lots;
mod periodic_min_max;
mod single_index;
mod tailored_base_surge;
mod time_phased;

/// Every family of policies the program knows, in the order shown to users.
pub const CATALOGUE: &[Family] = &[
    base_stock::FAMILY,
    capped_base_stock::FAMILY,
    min_max::FAMILY,
    min_max_capped::FAMILY,
    lot_size::FAMILY,
    fixed_lot::FAMILY,
    periodic::FAMILY,
    periodic_min_max::FAMILY,
    periodic_lots::FAMILY,
    eoq_cycle::FAMILY,
    cover::FAMILY,
    lot_for_lot::FAMILY,
    kanban::FAMILY,
    time_phased::FAMILY,
    can_order::FAMILY,
    single_index::FAMILY,
    dual_index::FAMILY,
    capped_dual_index::FAMILY,
    tailored_base_surge::FAMILY,
];

/// The most parameters any family has.
pub const MAX_PARAMETERS: usize = 3;

/// A policy: what is ordered in each period of its rhythm.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// One rule a period, repeated; counted from the first review.
    pub rules: Vec<Rule>,
    /// Positions between two orders, lowest and highest \[units\], if an order is of the size that
    /// the policy wants; see [`Policy::opening_range`].
    ///
    /// Scenarios start at even shares of the way between them: then one starts anywhere in the
    /// cycle, and a short horizon neither misses the orders of a slow item nor counts one too many.
    pub opening: [Units; 2],
    /// Whether the rhythm is the calendar's: the first rule is that of the scenario's first
    /// period. Otherwise scenarios start at different points of it, as they start with different
    /// stock.
    pub calendar: bool,
    /// What is ordered from a second, faster source.
    pub expedite: Option<Expedite>,
    /// Position at or below which the item joins an order that another item of its supplier
    /// triggered \[units\].
    pub joins_at: Option<Units>,
}

/// What is ordered from the faster of two sources, before the rule of the slower one is asked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expedite {
    /// Position below which is ordered up to it \[units\].
    pub level: Units,
    /// Whether the position counts everything on order; otherwise only what arrives within the
    /// lead time of the faster source.
    pub counts_all: bool,
}

impl Policy {
    /// The policy that follows `rule` in every period, with positions between `low` and `high`.
    pub fn constant(rule: Rule, [low, high]: [Units; 2]) -> Policy {
        let rules = vec![rule];
        Policy { rules, opening: [low, high], calendar: false, expedite: None, joins_at: None }
    }

    /// The policy that follows `rule` every `interval` periods and orders nothing in between.
    pub fn every(interval: usize, rule: Rule, opening: [Units; 2]) -> Policy {
        let mut rules = vec![Rule::NOTHING; interval];
        rules[0] = rule;
        Policy { rules, opening, calendar: false, expedite: None, joins_at: None }
    }

    /// Length of its rhythm \[periods\]; 1 if it has none.
    pub fn rhythm(&self) -> usize {
        self.rules.len()
    }

    /// Stock a simulation of the item starts with \[units\], for `share` from 0 to below 1.
    pub fn opening(&self, item: &Item, share: f64) -> Units {
        let [low, high] = self.opening_range(item);
        opening_between(low, high, share)
    }

    /// Positions between two orders, from low to high \[units\], with orders as the item's
    /// supplier lets them: a whole pallet, ordered at the trigger, reaches beyond the target.
    pub fn opening_range(&self, item: &Item) -> [Units; 2] {
        let [low, high] = self.opening;
        let reach = |rule: &Rule| {
            let rule = rule.agreed(item);
            let last = rule.trigger.floor();
            if rule.has_lots() && rule.target < f64::INFINITY && last.is_finite() {
                last + rule.order(last)
            } else {
                f64::NEG_INFINITY
            }
        };
        // A rhythm of the calendar begins with its first rule.
        let rules = if self.calendar { &self.rules[..1] } else { &self.rules[..] };
        [low, rules.iter().map(reach).fold(high, f64::max)]
    }

    /// The order as a function of the position \[counts\], as the item's supplier lets it; `None`
    /// unless one rule of whole counts holds in every period.
    pub fn order(&self, item: &Item) -> Option<impl Fn(Units) -> Units + use<>> {
        let [rule] = self.rules[..] else { return None };
        let rule = rule.agreed(item);
        let fits = rule.target < f64::INFINITY && rule.is_whole();
        fits.then_some(move |position| rule.order(position))
    }

    /// Whether it orders something, in some period, when there is nothing and nothing is under way.
    pub fn orders_from_nothing(&self) -> bool {
        let expedites = self.expedite.is_some_and(|expedite| expedite.level > 0.0);
        let orders = |rule: &Rule| rule.trigger >= 0.0 && rule.target > 0.0;
        expedites || self.rules.iter().any(orders)
    }
}

/// A kind of policy whose parameters are still free.
#[derive(Debug)]
pub struct Family {
    /// Name in study files and reports.
    pub name: &'static str,
    /// One line of help.
    pub summary: &'static str,
    /// The free parameters, in the order `build` takes them.
    pub parameters: &'static [Parameter],
    /// The policy with the given parameter values.
    pub build: Build,
    /// Whether orders are batches of about the order quantity, not one a review.
    pub batches: bool,
    /// Whether it orders from two sources.
    pub two_sources: bool,
    /// The parameter values that express a level of stock and an order quantity.
    pub size: fn(&Sizing<'_>) -> [f64; MAX_PARAMETERS],
    /// The rule in words, with its values as they are to be written: what the buyer is told.
    pub sentence: fn(&[String]) -> String,
}

/// What a safety-stock strategy knows when it sets a policy's parameters.
pub struct Sizing<'a> {
    /// Stock that protects against the demand of so many periods \[periods → units\].
    pub level: &'a dyn Fn(usize) -> Units,
    /// Order quantity that balances order and holding costs \[units\].
    pub order_quantity: Units,
    /// Mean demand \[units/period\].
    pub mean_demand: Units,
    /// Lead time \[periods\].
    pub lead_time_periods: usize,
    /// Lead time of the faster source, if there is one \[periods\].
    pub expedited_lead_time_periods: Option<usize>,
    /// Review period of the study \[periods\].
    pub review_every_periods: usize,
}

impl Sizing<'_> {
    /// The level that protects between two orders, `L + R` periods \[units\].
    fn protection(&self) -> Units {
        (self.level)(self.lead_time_periods + self.review_every_periods)
    }

    /// The level that protects while the faster source delivers \[units\].
    fn fast_protection(&self) -> Units {
        let lead_time = self.expedited_lead_time_periods.unwrap_or(self.lead_time_periods);
        (self.level)(lead_time + self.review_every_periods)
    }

    /// The rhythm that makes an average order the economic one, in whole reviews \[periods\].
    fn interval(&self) -> f64 {
        let every = self.review_every_periods as f64;
        let reviews = (self.order_quantity / (self.mean_demand * every)).round().max(1.0);
        (reviews * every).min(MOST_INTERVAL)
    }

    /// About half of it, in whole reviews \[periods\].
    fn half_interval(&self) -> f64 {
        let every = self.review_every_periods as f64;
        (self.interval() / every / 2.0).ceil() * every
    }

    /// Stock that covers `interval` periods and the lead time \[units\].
    fn level_over(&self, interval: f64) -> Units {
        (self.level)(self.lead_time_periods + interval as usize)
    }
}

/// The largest amount of stock that makes sense \[units\].
const MOST_UNITS: f64 = 1e12;

/// The longest interval between orders \[periods\].
const MOST_INTERVAL: f64 = 10_000.0;

/// Makes a policy from parameter values, or says what is wrong with them.
pub type Build = fn(&[f64], &Outlook<'_>) -> Result<Policy, PolicyError>;

/// What a policy may know of the demand to come.
#[derive(Clone, Copy, Debug)]
pub struct Outlook<'a> {
    /// Expected demand of each period of a scenario, repeated if the scenario is longer
    /// \[units/period\]; not empty.
    pub demand: &'a [Units],
    /// Periods that a level must cover, `L + R`.
    pub protection_periods: usize,
}

impl Outlook<'_> {
    /// Expected demand of `periods` periods from `first` on \[units\]; the last may be a part.
    fn over(&self, first: usize, periods: f64) -> Units {
        let demand = |period: usize| self.demand[(first + period) % self.demand.len()];
        let whole = periods.floor() as usize;
        (0..whole).map(demand).sum::<f64>() + (periods - periods.floor()) * demand(whole)
    }

    /// Orders up to `level` of each period, whole counts.
    fn phased(&self, level: impl Fn(usize) -> Units) -> Policy {
        let levels = (0..self.demand.len()).map(|period| (level(period) - 1e-9).ceil());
        let rules: Vec<Rule> = levels.map(Rule::up_to).collect();
        let first = rules[0].target;
        Policy { rules, calendar: true, ..Policy::constant(Rule::NOTHING, [first, first]) }
    }
}

/// A free parameter of a [`Family`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Name in study files and reports.
    pub name: &'static str,
    /// Unit, for reports.
    pub unit: &'static str,
    /// The smallest step that searches take; units are those of the item's smallest sale.
    pub step: f64,
}

impl Parameter {
    const fn units(name: &'static str) -> Parameter {
        Parameter { name, unit: "units", step: 1.0 }
    }

    const fn cards(name: &'static str) -> Parameter {
        Parameter { name, unit: "cards", step: 1.0 }
    }

    const fn periods(name: &'static str) -> Parameter {
        Parameter { name, unit: "periods", step: 1.0 }
    }

    /// Periods and parts of them.
    const fn time(name: &'static str) -> Parameter {
        Parameter { name, unit: "periods", step: 0.05 }
    }
}

/// Why parameter values are refused.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum PolicyError {
    /// The number of values differs from the number of parameters.
    #[error("policy `{family}` takes {expected} parameters, but was given {found}")]
    Count {
        /// Name of the family.
        family: &'static str,
        /// Number of parameters.
        expected: usize,
        /// Number of values.
        found: usize,
    },
    /// The values contradict each other.
    #[error("policy `{family}`: {reason}")]
    Values {
        /// Name of the family.
        family: &'static str,
        /// What is wrong, and what would be right.
        reason: String,
    },
}

/// The family called `name`, if there is one.
pub fn family(name: &str) -> Option<&'static Family> {
    CATALOGUE.iter().find(|family| family.name == name)
}

/// Takes exactly `N` finite values from a slice.
fn take<const N: usize>(family: &'static str, values: &[f64]) -> Result<[f64; N], PolicyError> {
    let found = values.len();
    let values: [f64; N] =
        values.try_into().map_err(|_| PolicyError::Count { family, expected: N, found })?;
    let sensible = |value: &f64| *value == 0.0 || (1e-6..=MOST_UNITS).contains(&value.abs());
    match values.iter().find(|value| !sensible(value)) {
        Some(value) => {
            let reason = format!("{value} is not a number between 0.000001 and 1e12, or zero");
            Err(refuse(family, reason))
        }
        None => Ok(values),
    }
}

/// A refusal of values that contradict each other.
fn refuse(family: &'static str, reason: String) -> PolicyError {
    PolicyError::Values { family, reason }
}

/// Refuses a `value` that is not positive.
fn positive(family: &'static str, name: &str, value: f64) -> Result<(), PolicyError> {
    match value > 0.0 {
        true => Ok(()),
        false => Err(refuse(family, format!("{name} is {value}, but must be positive"))),
    }
}

/// Refuses a first value that is not below the second.
fn below(
    family: &'static str,
    (low, at): (&str, f64),
    (high, than): (&str, f64),
) -> Result<(), PolicyError> {
    if at < than {
        return Ok(());
    }
    let reason = format!("{low} is {at} and {high} is {than}, but {low} must be below {high}");
    Err(refuse(family, reason))
}

/// A number of periods from 1 to [`MOST_INTERVAL`].
fn interval(family: &'static str, value: f64) -> Result<usize, PolicyError> {
    if (1.0..=MOST_INTERVAL).contains(&value) && value.fract() == 0.0 {
        return Ok(value as usize);
    }
    let reason =
        format!("interval is {value}, but must be a whole number from 1 to {MOST_INTERVAL}");
    Err(refuse(family, reason))
}

#[cfg(test)]
mod tests;
