//! The study file: what the user wrote, checked and understood.
//!
//! [`mod@file`] mirrors the file and nothing else; [`Study::parse`] turns it into the types the rest
//! of the program works with, and collects everything that makes no sense in one pass.

use engine::policy::Family;
use engine::{Events, HoldingOn, ReviewTime};
use scenarios::cleaning::Corrections;
use scenarios::{Length, MAX_SEED};
use solvers::{Selecting, Strategy, Targets};

use crate::table::items::ItemOptions;
use crate::table::sales::SalesOptions;
use crate::table::{Problem, Problems};

pub mod channels;
pub mod discounts;
pub mod file;
pub mod forecast;
mod keys;
pub mod named;
pub mod order_plan;
pub mod program;
pub mod stock;
mod strategies;
pub mod suppliers;
mod syntax;
mod tables;
mod terms;
pub mod transfers;

use file::File;
use forecast::Forecasting;
use keys::{Places, nearest};
use suppliers::Suppliers;
pub use terms::Terms;

/// Longest scenario \[periods\].
pub const MOST_PERIODS: usize = 100_000;
/// The most fresh scenarios.
pub const MOST_SCENARIOS: usize = 10_000_000;

/// A checked study.
#[derive(Clone, Debug)]
pub struct Study {
    /// The file as understood, with every default filled in.
    pub file: File,
    /// How the sales are read.
    pub sales: SalesOptions,
    /// How the items are read.
    pub items: ItemOptions,
    /// What is corrected of sales that look wrong.
    pub corrections: Corrections,
    /// How demand is foreseen.
    pub forecasting: Forecasting,
    /// Whether an item in only one of the two tables is left out with a note.
    pub unmatched_is_fine: bool,
    /// The sequence of events.
    pub events: Events,
    /// How orders arrive, and how long stock keeps.
    pub terms: Terms,
    /// What suppliers demand of all their items' orders together.
    pub suppliers: Suppliers,
    /// How all items are ordered together.
    pub program: program::Program,
    /// How the orders of the coming periods are planned, if they are.
    pub order_plan: Option<order_plan::OrderPlan>,
    /// Measured length of a scenario \[periods\].
    pub periods: usize,
    /// Periods simulated before measuring starts.
    pub warm_up_periods: usize,
    /// Whether items that cannot be computed are recorded, instead of ending the run.
    pub records_failures: bool,
    /// Stock that `days-of-cover` keeps in reserve \[periods of mean demand\].
    pub targets: Targets,
    /// How one of them is selected for an item.
    pub selecting: Selecting,
    /// How parameters are searched; `None` as the policy's shape asks for.
    pub search: Option<&'static solvers::search::Method>,
    /// The strategies compared.
    pub strategies: Vec<&'static Strategy>,
    /// The policy whose parameters most strategies set.
    pub family: &'static Family,
    /// Limit on average stock value.
    pub stock_budget: Option<Limit>,
    /// Limit on average stock volume.
    pub volume_limit: Option<Limit>,
}

/// A limit on all items together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// An amount.
    Amount(f64),
    /// A share of what the plan without limits uses.
    Share(f64),
}

/// What is checked, where it stands, and what was wrong so far.
struct Checker<'a> {
    name: &'a str,
    places: Places,
    problems: Problems,
}

impl Checker<'_> {
    /// Notes that the value at `key`, for example `simulation.periods`, is wrong.
    fn refuse(&mut self, key: &str, value: &str, message: impl Into<String>) {
        let (line, column) = self.places.of(key);
        let column = if line == 0 { key.to_owned() } else { format!("{column}: {key}") };
        let (file, message) = (self.name.to_owned(), message.into());
        self.problems.add(Problem { file, line, column, value: value.to_owned(), message });
    }

    /// Checks that a number lies in a range.
    fn within(&mut self, key: &str, value: f64, fits: bool, expected: &str) {
        if !fits {
            self.refuse(key, &value.to_string(), expected);
        }
    }

    /// The choice called `value` among `choices`.
    fn choice<T: Copy>(&mut self, key: &str, value: &str, choices: &[(&str, T)]) -> T {
        if let Some(&(_, choice)) = choices.iter().find(|(name, _)| *name == value) {
            return choice;
        }
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        self.unknown(key, value, &names);
        choices[0].1
    }

    /// Notes that there is no `value` among `names`.
    fn unknown(&mut self, key: &str, value: &str, names: &[&str]) {
        let hint = match nearest(value, names) {
            Some(name) => format!("; did you mean `{name}`?"),
            None => String::new(),
        };
        self.refuse(key, value, format!("is not among {}{hint}", names.join(", ")));
    }

    /// The single character of a text.
    fn character(&mut self, key: &str, value: &str) -> u8 {
        if let [character] = value.as_bytes() {
            return *character;
        }
        self.refuse(key, value, "must be one character, for example `;` or a tab, `\\t`");
        b','
    }
}

impl Study {
    /// Understands the study in `text`, which the user calls `name`.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, with line and column.
    ///
    /// # Panics
    ///
    /// Never: what is expected was filled in before.
    pub fn parse(text: &str, name: &str) -> Result<Study, Problems> {
        let places = Places::read(text, name)?;
        let mut file: File =
            toml::from_str(text).map_err(|error| syntax::problem(text, name, &error))?;
        let mut check = Checker { name, places, problems: Problems::default() };
        check.head(&file);
        let sales = check.sales(&file);
        let items = check.items(&file);
        let outliers = [("keep", false), ("winsorise", true)];
        let units = [("keep", false), ("correct", true)];
        let corrections = Corrections {
            outliers: check.choice("sales.outliers", &file.sales.outliers, &outliers),
            unit_mistakes: check.choice("sales.unit_mistakes", &file.sales.unit_mistakes, &units),
        };
        let forecasting = check.forecast(&file);
        let events = check.events(&file);
        let terms = check.terms(&file);
        let suppliers = check.suppliers(&file);
        let (periods, warm_up_periods) = check.simulation(&mut file, sales.period);
        let on_failure = [("stop", false), ("record", true)];
        let records_failures =
            check.choice("simulation.on_row_failure", &file.simulation.on_row_failure, &on_failure);
        let (strategies, family) = check.strategies(&mut file, sales.period);
        let targets = check.targets(&file);
        let selecting = check.selecting(&file);
        let search = check.search(&file, family);
        check.two_sources(&file, family);
        let (stock_budget, volume_limit) = check.constraints(&file);
        let program = check.program(&file);
        let simulated = periods + warm_up_periods;
        let every_day_is_open = events.receiving_days == engine::Days::ALL;
        let order_plan = check.order_plan(&file, simulated, every_day_is_open);
        if !check.problems.is_empty() {
            return Err(check.problems.in_order());
        }
        Ok(Study {
            sales,
            items,
            corrections,
            forecasting,
            unmatched_is_fine: file.items.unmatched == "warn",
            events,
            terms,
            suppliers,
            periods,
            warm_up_periods,
            records_failures,
            targets,
            selecting,
            search,
            strategies,
            family,
            program,
            order_plan,
            stock_budget,
            volume_limit,
            file,
        })
    }

    /// The study with every default filled in, as the run folder keeps it.
    ///
    /// # Panics
    ///
    /// Never: what was read can be written.
    pub fn resolved(&self) -> String {
        toml::to_string(&self.file).expect("a study is a table of plain values")
    }
}

impl Checker<'_> {
    fn head(&mut self, file: &File) {
        if file.seed > MAX_SEED {
            let message = format!("must be a whole number from 0 to {MAX_SEED} (2^53 - 1)");
            self.refuse("seed", &file.seed.to_string(), message);
        }
        let plain = |c: char| c.is_alphanumeric() || "-_. ".contains(c);
        // It names a folder, which must be one below `runs` and no hidden one.
        let begins = file.name.starts_with(char::is_alphanumeric);
        if !begins || !file.name.chars().all(plain) {
            let message = "must be letters, digits, `-`, `_`, `.` or spaces, and begin with a \
                           letter or digit";
            self.refuse("name", &file.name, message);
        }
        let level = file.report.confidence_level;
        let expected = format!("must lie between 0.5 and 1{}", share(level));
        self.within("report.confidence_level", level, (0.5..1.0).contains(&level), &expected);
        let wanted = file.report.half_width_share;
        let expected =
            format!("must be above 0 and at most 1, a share of total cost{}", share(wanted));
        let fits = wanted > 0.0 && wanted <= 1.0;
        self.within("report.half_width_share", wanted, fits, &expected);
    }

    fn events(&mut self, file: &File) -> Events {
        let events = &file.events;
        let every = events.review_every_periods;
        self.within(
            "events.review_every_periods",
            every as f64,
            (1..=1000).contains(&every),
            "must be a whole number from 1 to 1000",
        );
        let expected = format!("must be below review_every_periods, which is {every}");
        let phase = events.review_phase;
        self.within("events.review_phase", phase as f64, phase < every.max(1), &expected);
        Events {
            review: self.choice(
                "events.review",
                &events.review,
                &[
                    ("before-demand", ReviewTime::BeforeDemand),
                    ("after-demand", ReviewTime::AfterDemand),
                ],
            ),
            unmet: self.unmet(events),
            holding_on: self.choice(
                "events.holding_on",
                &events.holding_on,
                &[("end", HoldingOn::End), ("average", HoldingOn::Average)],
            ),
            review_every_periods: every.max(1),
            review_phase: phase,
            ordering_days: self.days("events.ordering_days", &events.ordering_days),
            receiving_days: self.days("events.receiving_days", &events.receiving_days),
        }
    }

    fn simulation(&mut self, file: &mut File, period: Length) -> (usize, usize) {
        let (year, warm_up) = match period {
            Length::Day => (364, 56),
            Length::Week => (52, 12),
            Length::Month => (24, 6),
        };
        let simulation = &mut file.simulation;
        let periods = *simulation.periods.get_or_insert(year);
        let warm_up = *simulation.warm_up_periods.get_or_insert(warm_up);
        let (scenarios, search) = (simulation.scenarios, simulation.search_scenarios);
        for (key, value, least, most) in [
            ("periods", periods, 1, MOST_PERIODS),
            ("warm_up_periods", warm_up, 0, MOST_PERIODS),
            ("scenarios", scenarios, 2, MOST_SCENARIOS),
            ("search_scenarios", search, 2, 8_192),
        ] {
            let expected = format!("must be a whole number from {least} to {most}");
            let fits = (least..=most).contains(&value);
            self.within(&format!("simulation.{key}"), value as f64, fits, &expected);
        }
        (periods, warm_up)
    }

    fn constraints(&mut self, file: &File) -> (Option<Limit>, Option<Limit>) {
        let limits = &file.constraints;
        let budget = self.limit("stock_budget", limits.stock_budget, limits.stock_budget_share);
        let volume = self.limit("volume_limit", limits.volume_limit, limits.volume_limit_share);
        (budget, volume)
    }

    fn limit(&mut self, key: &str, amount: Option<f64>, share: Option<f64>) -> Option<Limit> {
        let key = format!("constraints.{key}");
        match (amount, share) {
            (Some(_), Some(share)) => {
                let message = format!("is given as an amount too; keep {key} or {key}_share");
                self.refuse(&format!("{key}_share"), &share.to_string(), message);
                None
            }
            (Some(amount), None) => {
                self.within(
                    &key,
                    amount,
                    amount > 0.0,
                    "must be above zero; leave it out for none",
                );
                Some(Limit::Amount(amount))
            }
            (None, Some(share)) => {
                let expected = format!(
                    "must lie between 0 and 1, a share of what the plan without limits uses{}",
                    self::share(share)
                );
                let fits = share > 0.0 && share <= 1.0;
                self.within(&format!("{key}_share"), share, fits, &expected);
                Some(Limit::Share(share))
            }
            (None, None) => None,
        }
    }
}

/// The question whether `value` is a share in per cent, if it may be one.
fn share(value: f64) -> String {
    if !(value > 1.0 && value < 100.0) {
        return String::new();
    }
    format!("; did you mean {}?", (value * 1e4).round() / 1e6)
}

#[cfg(test)]
mod tests;
