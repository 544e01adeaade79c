//! What is known of an item's periods beforehand: which season they are in.

use super::regressor::Regressor;
use crate::calendar::{Calendar, Length};

/// A season that comes again, and where each period is in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Cycle {
    /// Places in the cycle: 1 if there is no season.
    pub places: usize,
    /// Place of each period, from 0.
    pub of: Vec<u8>,
}

/// Seasons of an item's periods, the past ones and some that come.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    /// The week in days, of the weekdays that are open; or the year in months.
    pub inner: Cycle,
    /// The year in months, if periods are days or weeks.
    pub outer: Cycle,
    /// Average number of periods in a year.
    pub periods_per_year: f64,
    /// What else demand may depend on.
    pub regressors: Vec<Regressor>,
}

/// A period, with its seasons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At {
    /// Period of the series.
    pub period: usize,
    /// Place in the inner cycle.
    pub inner: usize,
    /// Place in the outer cycle.
    pub outer: usize,
}

/// Observed years that a season of the year takes: a month must have been seen twice.
const YEARS: f64 = 1.9;

impl Frame {
    /// Seasons of `periods` periods from number `first` of the study on, of which `past` are in the
    /// past.
    pub fn new(calendar: &Calendar, first: usize, past: usize, periods: usize) -> Frame {
        let all = first..first + periods;
        let months = || Cycle {
            places: 12,
            of: all.clone().map(|period| calendar.month_of(period) as u8).collect(),
        };
        let none = || Cycle { places: 1, of: vec![0; periods] };
        let periods_per_year = calendar.periods_per_year();
        let long = past as f64 >= YEARS * periods_per_year;
        let (inner, outer) = match calendar.length() {
            Length::Day => {
                let weekday = |period| calendar.weekday_of(period).unwrap_or(0) as u8;
                (open_weekdays(all.clone().map(weekday).collect()), long)
            }
            Length::Week => (none(), long),
            Length::Month if long => (months(), false),
            Length::Month => (none(), false),
        };
        let outer = if outer { months() } else { none() };
        Frame { inner, outer, periods_per_year, regressors: Vec::new() }
    }

    /// The same, with what else demand may depend on.
    #[must_use]
    pub fn with_regressors(self, regressors: Vec<Regressor>) -> Frame {
        Frame { regressors, ..self }
    }

    /// Periods whose seasons are known.
    pub fn periods(&self) -> usize {
        self.inner.of.len()
    }

    /// A period with its seasons.
    pub fn at(&self, period: usize) -> At {
        At {
            period,
            inner: usize::from(self.inner.of[period]),
            outer: usize::from(self.outer.of[period]),
        }
    }
}

/// The week less the weekdays that never come.
fn open_weekdays(weekdays: Vec<u8>) -> Cycle {
    let mut open = [false; 7];
    for &weekday in &weekdays {
        open[usize::from(weekday)] = true;
    }
    let place = |weekday: u8| open[..usize::from(weekday)].iter().filter(|open| **open).count();
    let places = open.iter().filter(|open| **open).count().max(1);
    Cycle { places, of: weekdays.into_iter().map(|weekday| place(weekday) as u8).collect() }
}
