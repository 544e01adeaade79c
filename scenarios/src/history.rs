//! What was sold: the series that demand models are fitted to.

use crate::calendar::{Calendar, Date};
use crate::cleaning::{Change, Quality};

mod packed;
mod series;

pub use series::PackedSeries;

/// The sales of every item, period by period.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// Numbers the periods, and goes on after the last one here.
    pub calendar: Calendar,
    /// Rows of the table it was read from.
    pub rows: usize,
    /// Periods from the first to the last date of the whole table.
    pub periods: usize,
    /// One series an item, in order of the items' bytes.
    pub series: PackedSeries,
    /// How good each of them is; empty unless they come from a table.
    pub quality: Vec<Quality>,
    /// What was changed on the way, in order of series and date; empty unless it was asked for.
    pub changes: Vec<Change>,
    /// What the user should know about how the table was read.
    pub notes: Vec<String>,
}

/// The sales of one item, from its first row to the end of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name, byte for byte.
    pub item: String,
    /// Period of its first row.
    pub first: usize,
    /// Units sold in each period from `first` on \[units/period\].
    pub units: Vec<f64>,
    /// Whether a period says how much was demanded: it does not when the item was
    /// out of stock or the row is missing.
    pub observed: Vec<bool>,
    /// Whether it was out of stock in a period, so that demand was at least what was sold.
    pub sold_out: Vec<bool>,
    /// Median price over its rows \[currency/unit\].
    pub price: Option<f64>,
    /// Share of its periods on promotion.
    pub promoted: f64,
    /// Price of each period, the last one that is known where a period has none; empty if the table
    /// has none \[currency/unit\].
    pub prices: Vec<f32>,
    /// Share of each period on promotion; empty if it never was.
    pub promotions: Vec<f32>,
}

impl Series {
    /// The series of an item of which nothing else is known: every period says how much was demanded.
    pub fn new(item: impl Into<String>, first: usize, units: Vec<f64>) -> Series {
        Series {
            item: item.into(),
            first,
            observed: vec![true; units.len()],
            sold_out: vec![false; units.len()],
            units,
            price: None,
            promoted: 0.0,
            prices: Vec::new(),
            promotions: Vec::new(),
        }
    }

    /// The series as it was when only `periods` periods were known; its price is that of all.
    #[must_use]
    pub fn until(&self, periods: usize) -> Series {
        let known = |values: &[f32]| values.iter().take(periods).copied().collect();
        Series {
            item: self.item.clone(),
            units: self.units[..periods].to_vec(),
            observed: self.observed[..periods].to_vec(),
            sold_out: self.sold_out[..periods].to_vec(),
            prices: known(&self.prices),
            promotions: known(&self.promotions),
            ..*self
        }
    }
}

impl History {
    /// The history of `series`, from the first period of the calendar on.
    pub fn new(calendar: Calendar, series: Vec<Series>) -> History {
        let ends = series.iter().map(|series| series.first + series.units.len());
        let (rows, periods) =
            (series.iter().map(|series| series.units.len()).sum(), ends.max().unwrap_or(0));
        History {
            calendar,
            rows,
            periods,
            series: series.into(),
            quality: Vec::new(),
            changes: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The series of `item`.
    pub fn series_of(&self, item: &str) -> Option<Series> {
        self.series.find(item).map(|place| self.series.get(place))
    }

    /// First day of the history.
    pub fn first_day(&self) -> Date {
        self.calendar.start_of(0)
    }

    /// Day on which the last period starts.
    pub fn last_day(&self) -> Date {
        self.calendar.start_of(self.periods.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Length, Weekday};

    #[test]
    fn an_item_is_found_by_its_name() {
        let first = "2024-01-01".parse().expect("a date");
        let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
        let series = ["A", "B", "a"].map(|item| Series::new(item, 0, vec![0.0; 3]));
        let history = History::new(calendar, series.into());
        assert_eq!(history.series_of("a").map(|series| series.item), Some("a".to_owned()));
        assert_eq!(history.series_of("b"), None);
        assert_eq!(
            (history.first_day().to_string(), history.last_day().to_string()),
            ("2024-01-01".into(), "2024-01-03".into())
        );
    }
}
