//! Dates, and the periods a study counts in.
//!
//! A [`Calendar`] numbers the days, weeks or months from the first date of the
//! history on, and goes on numbering after its end. In a daily calendar a closed
//! day is no period at all: Friday is followed by Monday where weekends are closed.

use std::str::FromStr;

mod date;

pub use date::{Date, Weekday};

/// Why a word of a calendar is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// Not a date.
    #[error("`{0}` is not a date; write it as YYYY-MM-DD, for example 2024-02-29")]
    Date(String),
    /// Not a day of the week.
    #[error(
        "`{0}` is not a day of the week; there are monday, tuesday, wednesday, thursday, \
         friday, saturday, sunday"
    )]
    Weekday(String),
    /// Not a length of a period.
    #[error("`{0}` is not a period; there are day, week, month")]
    Length(String),
}

/// Length of a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Length {
    /// A day.
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
}

impl Length {
    /// Name in the study file.
    pub fn name(self) -> &'static str {
        match self {
            Length::Day => "day",
            Length::Week => "week",
            Length::Month => "month",
        }
    }
}

impl FromStr for Length {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Length, CalendarError> {
        let lengths = [Length::Day, Length::Week, Length::Month];
        let found = lengths.into_iter().find(|length| length.name() == text);
        found.ok_or_else(|| CalendarError::Length(text.into()))
    }
}

/// Average length of a year \[days\].
const DAYS_PER_YEAR: f64 = 365.25;

/// The periods of a study, numbered from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    pub(crate) length: Length,
    /// First day of period 0.
    pub(crate) first: Date,
    pub(crate) open_weekdays: [bool; 7],
    /// Closed dates on open weekdays, from `first` on, in order.
    pub(crate) closed: Vec<Date>,
    /// Of each closed date, how many periods come before it.
    closed_before: Vec<usize>,
    /// Of the first `k` days, how many fall on open weekdays.
    opened: [usize; 8],
    pub(crate) periods_per_year: f64,
}

impl Calendar {
    /// Numbers periods from the one `first` falls into, or from the next open day.
    ///
    /// With every weekday closed there are no periods: [`Calendar::period_of`] finds none.
    pub fn new(
        length: Length,
        week_starts: Weekday,
        closed_weekdays: &[Weekday],
        closed_dates: &[Date],
        first: Date,
    ) -> Calendar {
        let mut open_weekdays = [true; 7];
        for weekday in closed_weekdays {
            open_weekdays[weekday.index()] = false;
        }
        let mut closed: Vec<Date> = closed_dates.to_vec();
        closed.retain(|date| open_weekdays[date.weekday().index()]);
        closed.sort_unstable();
        closed.dedup();
        let first = match length {
            Length::Day => next_open(first, open_weekdays, &closed),
            Length::Week => {
                let since = (first.weekday().index() + 7 - week_starts.index()) % 7;
                first.plus(-(since as i64))
            }
            Length::Month => first.plus(1 - i64::from(first.ymd().2)),
        };
        closed.retain(|date| *date >= first);
        let mut opened = [0; 8];
        for day in 0..7 {
            let open = open_weekdays[(first.weekday().index() + day) % 7];
            opened[day + 1] = opened[day] + usize::from(open);
        }
        let periods_per_year = match length {
            Length::Day => DAYS_PER_YEAR * opened[7] as f64 / 7.0,
            Length::Week => 52.1775,
            Length::Month => 12.0,
        };
        let closed_before = Vec::new();
        let mut calendar = Calendar {
            length,
            first,
            open_weekdays,
            closed,
            closed_before,
            opened,
            periods_per_year,
        };
        let dates = calendar.closed.iter().enumerate();
        calendar.closed_before =
            dates.map(|(index, date)| calendar.on_open_weekdays(*date) - index).collect();
        calendar
    }

    /// A daily calendar in which `open` are the open days so far, in order.
    ///
    /// A weekday that came twice or more and was never open stays closed for good, as
    /// do `closed_weekdays`. Any other day missing from the first to the last is closed
    /// once, as are `closed_dates`. `None` if no day is open.
    pub fn observed(
        open: &[Date],
        closed_weekdays: &[Weekday],
        closed_dates: &[Date],
    ) -> Option<Calendar> {
        let (first, last) = (*open.first()?, *open.last()?);
        let span = i64::from(last.days()) - i64::from(first.days()) + 1;
        let days = || (0..span).map(|day| first.plus(day));
        let (mut seen, mut opened) = ([0; 7], [0; 7]);
        for date in days() {
            seen[date.weekday().index()] += 1;
        }
        for date in open {
            opened[date.weekday().index()] += 1;
        }
        let closed = |weekday: &Weekday| {
            let never_open = seen[weekday.index()] > 1 && opened[weekday.index()] == 0;
            never_open || closed_weekdays.contains(weekday)
        };
        let weekdays: Vec<Weekday> = Weekday::ALL.into_iter().filter(closed).collect();
        let mut dates: Vec<Date> =
            days().filter(|date| open.binary_search(date).is_err()).collect();
        dates.extend_from_slice(closed_dates);
        let calendar = Calendar::new(Length::Day, Weekday::Monday, &weekdays, &dates, first);
        let periods_per_year = DAYS_PER_YEAR * open.len() as f64 / span as f64;
        Some(Calendar { periods_per_year, ..calendar })
    }

    /// Length of a period.
    pub fn length(&self) -> Length {
        self.length
    }

    /// Whether `date` is neither on a closed weekday nor listed as closed.
    pub fn is_open(&self, date: Date) -> bool {
        self.open_weekdays[date.weekday().index()] && self.closed.binary_search(&date).is_err()
    }

    /// The weekdays that are closed for good.
    pub fn closed_weekdays(&self) -> impl Iterator<Item = Weekday> {
        Weekday::ALL.into_iter().filter(|weekday| !self.open_weekdays[weekday.index()])
    }

    /// The dates that are closed once.
    pub fn closed_dates(&self) -> &[Date] {
        &self.closed
    }

    /// The period `date` falls into; `None` on closed days and before the first period.
    pub fn period_of(&self, date: Date) -> Option<usize> {
        if date < self.first || !self.is_open(date) {
            return None;
        }
        Some(match self.length {
            Length::Day => {
                self.on_open_weekdays(date) - self.closed.partition_point(|closed| *closed < date)
            }
            Length::Week => self.days_since_first(date) / 7,
            Length::Month => (months(date) - months(self.first)) as usize,
        })
    }

    /// First day of a period, which may lie after the history.
    ///
    /// Closed weekdays go on; closed dates end with the last one listed.
    pub fn start_of(&self, period: usize) -> Date {
        match self.length {
            Length::Day => self.open_day(period),
            Length::Week => self.first.plus((period as i64).saturating_mul(7)),
            Length::Month => {
                let month = i64::from(months(self.first)) + (period as i64).min(1 << 20);
                let date = Date::from_ymd((month / 12) as i32, (month % 12) as u32 + 1, 1);
                date.unwrap_or(Date::from_days(i32::MAX))
            }
        }
    }

    /// Day of the week of a period, Monday being 0; `None` unless periods are days.
    pub fn weekday_of(&self, period: usize) -> Option<usize> {
        (self.length == Length::Day).then(|| self.start_of(period).weekday().index())
    }

    /// Month in which a period starts, January being 0.
    pub fn month_of(&self, period: usize) -> usize {
        self.start_of(period).ymd().1 as usize - 1
    }

    /// Average number of periods in a year.
    pub fn periods_per_year(&self) -> f64 {
        self.periods_per_year
    }

    /// The open day that `period` other open days precede.
    fn open_day(&self, period: usize) -> Date {
        if self.opened[7] == 0 {
            return self.first;
        }
        // Count the closed dates in, then only whole weeks and one rest are left.
        let day =
            period.saturating_add(self.closed_before.partition_point(|before| *before <= period));
        let (weeks, rest) = (day / self.opened[7], day % self.opened[7]);
        let offset = self.opened.partition_point(|opened| *opened <= rest) - 1;
        self.first.plus((weeks as i64).saturating_mul(7).saturating_add(offset as i64))
    }

    /// Days from the first to the day before `date` that fall on open weekdays.
    fn on_open_weekdays(&self, date: Date) -> usize {
        let days = self.days_since_first(date);
        days / 7 * self.opened[7] + self.opened[days % 7]
    }

    fn days_since_first(&self, date: Date) -> usize {
        (i64::from(date.days()) - i64::from(self.first.days())).max(0) as usize
    }
}

/// Months since January of year 0.
fn months(date: Date) -> i32 {
    let (year, month, _) = date.ymd();
    year * 12 + month as i32 - 1
}

/// The first open day from `date` on; `date` itself if every weekday is closed.
fn next_open(date: Date, open_weekdays: [bool; 7], closed: &[Date]) -> Date {
    // Each closed date can push the start by a week at most.
    let days = 0..7 * (closed.len() as i64 + 1);
    let mut dates = days.map(|day| date.plus(day));
    let open =
        |date: &Date| open_weekdays[date.weekday().index()] && closed.binary_search(date).is_err();
    dates.find(open).unwrap_or(date)
}

#[cfg(test)]
mod tests;
