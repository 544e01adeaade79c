//! A date, and a day of the week.

use std::fmt;
use std::str::FromStr;

use bytemuck::{Pod, Zeroable};

use super::CalendarError;

/// A day of the Gregorian calendar, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Pod, Zeroable)]
#[repr(transparent)]
pub struct Date(i32);

impl Date {
    /// The day `day` of `month` (both from 1) of `year` (1 to 9999), if there is one.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Date> {
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
            return None;
        }
        if day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Years that begin in March end with the leap day, so months have fixed offsets.
        let (year, month) =
            if month > 2 { (year, month as i32 - 3) } else { (year - 1, month as i32 + 9) };
        let leap_days = year / 4 - year / 100 + year / 400;
        Some(Date(
            365 * year + leap_days + (153 * month + 2) / 5 + day as i32 - 1 - MARCH_OF_YEAR_0,
        ))
    }

    /// Year, month and day, the last two counted from 1.
    pub fn ymd(self) -> (i32, u32, u32) {
        const CYCLE: i64 = 146_097; // days in 400 years
        let days = i64::from(self.0) + i64::from(MARCH_OF_YEAR_0);
        let (cycle, day) = (days.div_euclid(CYCLE), days.rem_euclid(CYCLE));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (year, month) = if month < 10 { (year, month + 3) } else { (year + 1, month - 9) };
        ((year + 400 * cycle) as i32, month as u32, day as u32)
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        // 1970-01-01 was a Thursday.
        Weekday::ALL[(i64::from(self.0) + 3).rem_euclid(7) as usize]
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        self.0
    }

    /// The date `days` after 1970-01-01.
    pub fn from_days(days: i32) -> Date {
        Date(days)
    }

    /// The date `days` later.
    #[must_use]
    pub fn plus(self, days: i64) -> Date {
        let days = i64::from(self.0).saturating_add(days);
        Date(days.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32)
    }
}

/// Days from 1 March of year 0 to 1970-01-01.
const MARCH_OF_YEAR_0: i32 = 719_468;

/// Number of days in `month` (1 to 12) of `year`.
fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Date, CalendarError> {
        let part = |range: std::ops::Range<usize>| {
            let digits = text.get(range)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<u32>().ok())?
        };
        let date = || {
            let separators =
                text.as_bytes().get(4) == Some(&b'-') && text.as_bytes().get(7) == Some(&b'-');
            if text.len() != 10 || !separators {
                return None;
            }
            Date::from_ymd(part(0..4)? as i32, part(5..7)?, part(8..10)?)
        };
        date().ok_or_else(|| CalendarError::Date(text.into()))
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// All seven, from Monday.
    pub const ALL: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// Place in the week, Monday being 0.
    pub fn index(self) -> usize {
        self as usize
    }

    /// Name in the study file.
    pub fn name(self) -> &'static str {
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][self.index()]
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Weekday {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Weekday, CalendarError> {
        let found = Weekday::ALL.into_iter().find(|weekday| weekday.name() == text);
        found.ok_or_else(|| CalendarError::Weekday(text.into()))
    }
}
