//! What the study file says of the tables, and of what a period is.

use scenarios::{Date, Length, Weekday};

use super::file::{self, File};
use super::{Checker, share};
use crate::table::DateFormat;
use crate::table::items::ItemOptions;
use crate::table::sales::{Closed, Duplicates, Gaps, Returns, SalesOptions};

impl Checker<'_> {
    pub(super) fn sales(&mut self, file: &File) -> SalesOptions {
        let (sales, calendar) = (&file.sales, &file.calendar);
        if let Err(error) = sales.date_format.parse::<DateFormat>() {
            self.refuse("sales.date_format", "", error.to_string());
        }
        let period = self.choice(
            "calendar.period",
            &calendar.period,
            &[("day", Length::Day), ("week", Length::Week), ("month", Length::Month)],
        );
        SalesOptions {
            columns: sales.columns.clone(),
            gaps: self.choice(
                "sales.gaps",
                &sales.gaps,
                &[("error", Gaps::Error), ("zero", Gaps::Zero), ("missing", Gaps::Missing)],
            ),
            duplicates: self.choice(
                "sales.duplicates",
                &sales.duplicates,
                &[
                    ("error", Duplicates::Error),
                    ("sum", Duplicates::Sum),
                    ("first", Duplicates::First),
                ],
            ),
            returns: self.choice(
                "sales.returns",
                &sales.returns,
                &[("error", Returns::Error), ("net", Returns::Net), ("drop", Returns::Drop)],
            ),
            delimiter: self.character("sales.delimiter", &sales.delimiter),
            decimal: self.decimal("sales.decimal", &sales.decimal),
            date_format: sales.date_format.clone(),
            period,
            week_starts: self.weekday("calendar.week_starts", &calendar.week_starts),
            closed: self.closed(&calendar.closed, period),
            ledger: false,
        }
    }

    fn decimal(&mut self, key: &str, value: &str) -> u8 {
        self.choice(key, value, &[(".", b'.'), (",", b',')])
    }

    fn weekday(&mut self, key: &str, value: &str) -> Weekday {
        value.parse().unwrap_or_else(|_| {
            let names = Weekday::ALL.map(Weekday::name);
            self.unknown(key, value, &names);
            Weekday::Monday
        })
    }

    fn closed(&mut self, closed: &file::Closed, period: Length) -> Closed {
        const KEY: &str = "calendar.closed";
        let mut result = Closed::default();
        match closed {
            file::Closed::Word(word) if word == "auto" => result.auto = true,
            file::Closed::Word(word) => {
                self.refuse(KEY, word, "must be \"auto\" or a list of weekdays and dates");
            }
            file::Closed::List(days) => {
                for day in days {
                    if let Ok(weekday) = day.parse() {
                        result.weekdays.push(weekday);
                    } else if let Ok(date) = day.parse::<Date>() {
                        result.dates.push(date);
                    } else {
                        self.refuse(KEY, day, "is neither a weekday nor a date YYYY-MM-DD");
                    }
                }
            }
        }
        let any = result.auto || !result.weekdays.is_empty() || !result.dates.is_empty();
        if any && period != Length::Day {
            self.refuse(KEY, "", "closed days belong to a daily calendar; remove them");
        }
        if result.weekdays.len() >= 7 {
            self.refuse(KEY, "", "closes every day of the week; leave at least one open");
        }
        result
    }

    pub(super) fn items(&mut self, file: &File) -> ItemOptions {
        let (items, defaults) = (&file.items, &file.items.defaults);
        self.choice("items.unmatched", &items.unmatched, &[("error", ()), ("warn", ())]);
        let mut amount = |key: &str, value: Option<f64>, most: f64, expected: &str| {
            if let Some(value) = value {
                let key = format!("items.defaults.{key}");
                self.within(&key, value, (0.0..=most).contains(&value), expected);
            }
        };
        let positive = "must be zero or more";
        let a_share = |value: Option<f64>| share(value.unwrap_or_default());
        amount("order_cost", defaults.order_cost, 1e12, positive);
        amount("shortage_cost_per_unit", defaults.shortage_cost_per_unit, 1e12, positive);
        amount(
            "holding_cost_per_unit_period",
            defaults.holding_cost_per_unit_period,
            1e12,
            positive,
        );
        amount("minimum_order", defaults.minimum_order, 1e12, positive);
        amount("order_multiple", defaults.order_multiple, 1e12, positive);
        amount("maximum_order", defaults.maximum_order, 1e12, positive);
        let waiting = defaults.waiting_cost_per_unit_period;
        amount("waiting_cost_per_unit_period", waiting, 1e12, positive);
        amount("volume", defaults.volume, 1e12, positive);
        amount(
            "unit_cost_share_of_price",
            defaults.unit_cost_share_of_price,
            1.0,
            &format!(
                "must lie between 0 and 1: the unit cost as a share of the price{}",
                a_share(defaults.unit_cost_share_of_price)
            ),
        );
        amount(
            "holding_rate_per_year",
            defaults.holding_rate_per_year,
            10.0,
            &format!(
                "must lie between 0 and 10, a share of the unit cost a year{}",
                a_share(defaults.holding_rate_per_year)
            ),
        );
        amount(
            "lead_time_periods",
            defaults.lead_time_periods.map(|l| l as f64),
            10_000.0,
            "must be a whole number of periods from 0 to 10000",
        );
        if let (Some(_), Some(rate)) =
            (defaults.holding_cost_per_unit_period, defaults.holding_rate_per_year)
        {
            self.refuse(
                "items.defaults.holding_rate_per_year",
                &rate.to_string(),
                "is given beside holding_cost_per_unit_period, which says the same; keep one",
            );
        }
        ItemOptions {
            columns: items.columns.clone(),
            delimiter: self.character("items.delimiter", &items.delimiter),
            decimal: self.decimal("items.decimal", &items.decimal),
        }
    }
}
