//! What the study file says of supply, shelf life and waiting customers.

use engine::{Days, Events, Expedited, Family, Issue, Shelf, Supply, Unmet};
use scenarios::{Outages, gamma_lead_times, observed_lead_times};

use super::file::{self, File};
use super::{Checker, share};

/// How orders arrive and how long stock keeps, for every item.
#[derive(Clone, Debug, PartialEq)]
pub struct Terms {
    /// How orders arrive; the premium of a second source is a share of the unit cost here.
    pub supply: Supply,
    /// How long stock keeps, unless the item says so \[periods\].
    pub life_periods: Option<usize>,
    /// Which units are sold first.
    pub issue: Issue,
    /// Cost of a unit that spoils, unless it is the unit cost \[currency/unit\].
    pub waste_cost: Option<f64>,
    /// The first key that speaks of stock that spoils without saying how long it keeps.
    pub spoiling_key: Option<&'static str>,
    /// Deviation of gamma lead times \[periods\].
    lead_time_deviation: Option<f64>,
    /// Lead times as observed \[periods\].
    observed: Vec<usize>,
    /// Shares of an order that arrive.
    yields: Option<[f64; 2]>,
    outages: Option<Outages>,
    /// Whether fractions of unmet demand are rounded at random.
    rounds: bool,
}

impl Terms {
    /// What chance decides about the supply of an item with this lead time and, if the items table
    /// gives one, this deviation \[periods\].
    pub fn chance(&self, lead_time_periods: usize, deviation: Option<f64>) -> scenarios::Supply {
        let mut supply = scenarios::Supply::default();
        if let Some(deviation) = deviation.or(self.lead_time_deviation) {
            let mean = lead_time_periods as f64;
            if mean > 0.0 && deviation > 0.0 {
                supply = supply.with_lead_times(&gamma_lead_times(mean, deviation));
            }
        }
        if !self.observed.is_empty() {
            supply = supply.with_lead_times(&observed_lead_times(&self.observed));
        }
        if let Some([low, high]) = self.yields {
            supply = supply.with_yield(low, high);
        }
        if let Some(outages) = self.outages {
            supply = supply.with_outages(outages);
        }
        if self.rounds { supply.with_rounding() } else { supply }
    }

    /// Standard deviation of an item's lead times, of which the items table may give one \[periods\].
    pub fn lead_time_deviation(&self, own: Option<f64>) -> f64 {
        let Some(mean) = self.mean_lead_time() else {
            return own.or(self.lead_time_deviation).unwrap_or(0.0);
        };
        let squares = self.observed.iter().map(|time| (*time as f64 - mean).powi(2));
        (squares.sum::<f64>() / self.observed.len() as f64).sqrt()
    }

    /// How long the item keeps, by itself or as all do.
    pub fn shelf(&self, own_life_periods: Option<usize>, unit_cost: f64) -> Option<Shelf> {
        let life_periods = own_life_periods.or(self.life_periods)?;
        let waste_cost_per_unit = self.waste_cost.unwrap_or(unit_cost);
        Some(Shelf { life_periods, issue: self.issue, waste_cost_per_unit })
    }

    /// The lead time that an item's own is replaced by: the mean of those observed \[periods\].
    pub fn mean_lead_time(&self) -> Option<f64> {
        let count = self.observed.len() as f64;
        (count > 0.0).then(|| self.observed.iter().sum::<usize>() as f64 / count)
    }
}

impl Checker<'_> {
    /// What becomes of unmet demand.
    pub(super) fn unmet(&mut self, events: &file::Events) -> Unmet {
        let fraction = events.lost_fraction.unwrap_or(f64::NAN);
        let patience = events.patience_periods.unwrap_or(0);
        let unmet = self.choice(
            "events.unmet",
            &events.unmet,
            &[
                ("lost", Unmet::Lost),
                ("backorder", Unmet::Backorder),
                ("partly-lost", Unmet::PartlyLost { lost_fraction: fraction }),
                ("patient", Unmet::Patient { periods: patience }),
            ],
        );
        let partly = events.unmet == "partly-lost";
        if partly && !(fraction > 0.0 && fraction < 1.0) {
            let value = events.lost_fraction.map_or(String::new(), |value| value.to_string());
            let hint = share(fraction);
            self.refuse(
                "events.lost_fraction",
                &value,
                format!(
                    "must lie between 0 and 1, the share of unmet demand that is lost; without \
                     it, unmet = \"lost\" or \"backorder\" is meant{hint}"
                ),
            );
        }
        if events.unmet == "patient" && !(1..=1000).contains(&patience) {
            let message =
                "must be a whole number of periods from 1 to 1000 that unmet demand waits";
            self.refuse("events.patience_periods", &patience.to_string(), message);
        }
        for (key, given, wanted) in [
            ("events.lost_fraction", events.lost_fraction.is_some(), "partly-lost"),
            ("events.patience_periods", events.patience_periods.is_some(), "patient"),
        ] {
            if given && events.unmet != wanted {
                let message = format!(
                    "is given, but events.unmet is `{}`; write unmet = \"{wanted}\", or remove it",
                    events.unmet
                );
                self.refuse(key, "", message);
            }
        }
        unmet
    }

    /// A repeated pattern of periods.
    pub(super) fn days(&mut self, key: &str, pattern: &str) -> Days {
        let open: Vec<bool> = pattern.chars().map(|c| c == 'x').collect();
        match Days::new(&open) {
            Some(days) if pattern.chars().all(|c| "x-".contains(c)) => days,
            _ => {
                let message = format!(
                    "must be up to {} letters, `x` where it is possible and `-` where it is not, \
                     such as \"x--x---\", with one `x` at least",
                    Days::LONGEST
                );
                self.refuse(key, pattern, message);
                Days::ALL
            }
        }
    }

    /// How orders arrive and how long stock keeps.
    pub(super) fn terms(&mut self, file: &File) -> Terms {
        let supply = &file.supply;
        let deviation = supply.lead_time_deviation_periods;
        let positive = "must be a number of periods from 0 to 1000";
        let fits = deviation.is_none_or(|value| (0.0..=1000.0).contains(&value));
        let key = "supply.lead_time_deviation_periods";
        self.within(key, deviation.unwrap_or(0.0), fits, positive);
        if deviation.is_some() && !supply.observed_lead_times.is_empty() {
            let message = "is given beside observed_lead_times, which says more; keep one";
            self.refuse(key, &deviation.unwrap_or(0.0).to_string(), message);
        }
        if let Some(longest) = supply.observed_lead_times.iter().find(|&&periods| periods > 10_000)
        {
            let message = "must be numbers of periods from 0 to 10000";
            self.refuse("supply.observed_lead_times", &longest.to_string(), message);
        }
        Terms {
            supply: Supply {
                orders_cross: supply.orders_cross,
                first_share: self.first_share(supply),
                rest_after_periods: supply.rest_after_periods.unwrap_or(0).min(10_000),
                expedited: self.expedited(supply),
            },
            life_periods: self.life(&file.shelf),
            issue: self.issue(&file.shelf),
            waste_cost: self.waste_cost(&file.shelf),
            spoiling_key: spoiling_key(&file.shelf),
            lead_time_deviation: deviation,
            observed: supply.observed_lead_times.clone(),
            yields: self.yields(supply),
            outages: self.outages(supply),
            rounds: file.events.unmet == "partly-lost",
        }
    }

    /// Notes a key that needs another one.
    fn together(&mut self, key: &str, given: bool, other: &str, other_given: bool) {
        if given && !other_given {
            self.refuse(key, "", format!("is given without {other}; give both, or neither"));
        }
    }

    fn first_share(&mut self, supply: &file::Supply) -> f64 {
        let (first, rest) = (supply.first_delivery_share, supply.rest_after_periods);
        let (first_key, rest_key) = ("supply.first_delivery_share", "supply.rest_after_periods");
        self.together(first_key, first.is_some(), rest_key, rest.is_some());
        self.together(rest_key, rest.is_some(), first_key, first.is_some());
        let value = first.unwrap_or(1.0);
        let expected = format!("must lie between 0 and 1{}", share(value));
        self.within(first_key, value, value > 0.0 && value <= 1.0, &expected);
        let periods = rest.unwrap_or(1);
        let fits = (1..=10_000).contains(&periods);
        self.within(rest_key, periods as f64, fits, "must be a whole number from 1 to 10000");
        value
    }

    fn expedited(&mut self, supply: &file::Supply) -> Option<Expedited> {
        let (lead_time, premium) =
            (supply.expedited_lead_time_periods, supply.expedited_premium_share);
        let (lead_time_key, premium_key) =
            ("supply.expedited_lead_time_periods", "supply.expedited_premium_share");
        self.together(lead_time_key, lead_time.is_some(), premium_key, premium.is_some());
        self.together(premium_key, premium.is_some(), lead_time_key, lead_time.is_some());
        let value = premium.unwrap_or(0.0);
        let expected =
            format!("must lie between 0 and 100, a share of the unit cost{}", share(value));
        self.within(premium_key, value, (0.0..=100.0).contains(&value), &expected);
        Some(Expedited { lead_time_periods: lead_time?, premium_per_unit: value })
    }

    fn life(&mut self, shelf: &file::Shelf) -> Option<usize> {
        let life_periods = shelf.life_periods?;
        let fits = (1..=10_000).contains(&life_periods);
        let expected = "must be a whole number from 1 to 10000, the period of arrival included";
        self.within("shelf.life_periods", life_periods as f64, fits, expected);
        Some(life_periods)
    }

    fn issue(&mut self, shelf: &file::Shelf) -> Issue {
        let issue = shelf.issue.as_deref().unwrap_or("fifo");
        self.choice("shelf.issue", issue, &[("fifo", Issue::Fifo), ("lifo", Issue::Lifo)])
    }

    fn waste_cost(&mut self, shelf: &file::Shelf) -> Option<f64> {
        let value = shelf.waste_cost_per_unit.unwrap_or(0.0);
        let fits = (0.0..=1e12).contains(&value);
        self.within("shelf.waste_cost_per_unit", value, fits, "must be zero or more");
        shelf.waste_cost_per_unit
    }

    fn yields(&mut self, supply: &file::Supply) -> Option<[f64; 2]> {
        let (low_key, high_key) = ("supply.yield_low", "supply.yield_high");
        let (low, high) = (supply.yield_low, supply.yield_high);
        self.together(low_key, low.is_some(), high_key, high.is_some());
        self.together(high_key, high.is_some(), low_key, low.is_some());
        let (low, high) = (low?, high?);
        for (key, value) in [(low_key, low), (high_key, high)] {
            let expected = format!("must lie between 0 and 1, a share of an order{}", share(value));
            self.within(key, value, (0.0..=1.0).contains(&value), &expected);
        }
        if low > high || high <= 0.0 {
            let message = format!(
                "is above yield_high, which is {high}; yield_low must not exceed it, and \
                 yield_high must be above 0"
            );
            self.refuse(low_key, &low.to_string(), message);
        }
        Some([low, high])
    }

    fn outages(&mut self, supply: &file::Supply) -> Option<Outages> {
        let (failure_key, recovery_key) =
            ("supply.failure_probability", "supply.recovery_probability");
        let (failure, recovery) = (supply.failure_probability, supply.recovery_probability);
        self.together(failure_key, failure.is_some(), recovery_key, recovery.is_some());
        self.together(recovery_key, recovery.is_some(), failure_key, failure.is_some());
        let (failure_probability, recovery_probability) = (failure?, recovery?);
        let expected = format!("must lie between 0 and 1{}", share(failure_probability));
        let fits = (0.0..=1.0).contains(&failure_probability);
        self.within(failure_key, failure_probability, fits, &expected);
        let expected = format!(
            "must be above 0 and at most 1, or the supplier stays closed for ever{}",
            share(recovery_probability)
        );
        let fits = recovery_probability > 0.0 && recovery_probability <= 1.0;
        self.within(recovery_key, recovery_probability, fits, &expected);
        Some(Outages { failure_probability, recovery_probability })
    }

    /// A policy of two sources needs a second one.
    pub(super) fn two_sources(&mut self, file: &File, family: &Family) {
        if family.two_sources && file.supply.expedited_lead_time_periods.is_none() {
            let message = "orders from two sources, but supply.expedited_lead_time_periods is not \
                           given; give the second source, or choose another policy";
            self.refuse("strategies.policy", family.name, message);
        }
    }
}

/// The first key of `[shelf]` that needs a shelf life, if the section gives none.
fn spoiling_key(shelf: &file::Shelf) -> Option<&'static str> {
    let keys = [
        ("shelf.issue", shelf.issue.is_some()),
        ("shelf.waste_cost_per_unit", shelf.waste_cost_per_unit.is_some()),
    ];
    let given = keys.into_iter().find(|(_, given)| *given)?;
    shelf.life_periods.is_none().then_some(given.0)
}

/// Whether waiting customers cost something beside those that are lost.
pub(super) fn mixes(events: &Events) -> bool {
    events.unmet.waits() && events.unmet.loses()
}
