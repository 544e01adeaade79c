//! How a table writes its dates, and what else a date may have been meant to be.

use std::str::FromStr;

use scenarios::Date;

use super::shown;

/// Years a sale may lie in: beyond them a date is mistyped.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// The order of year, month and day in a date, and what separates them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    parts: Vec<Part>,
    text: String,
    /// Whether it is the format that nearly all tables have.
    is_iso: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Year,
    Month { padded: bool },
    Day { padded: bool },
    Separator(u8),
}

/// Why a format is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`date_format = \"{}\"` must hold YYYY, MM and DD once each, with separators; for example \
     `YYYY-MM-DD`, or `D/M/YYYY` for dates without leading zeros",
    shown(.0)
)]
pub struct DateFormatError(String);

impl FromStr for DateFormat {
    type Err = DateFormatError;

    fn from_str(text: &str) -> Result<DateFormat, DateFormatError> {
        let parts = parts(text).ok_or_else(|| DateFormatError(text.into()))?;
        Ok(DateFormat { parts, text: text.into(), is_iso: text == "YYYY-MM-DD" })
    }
}

fn parts(text: &str) -> Option<Vec<Part>> {
    let mut rest = text.as_bytes();
    let mut parts = Vec::new();
    while let Some(first) = rest.first() {
        let (part, length) = match rest {
            [b'Y', b'Y', b'Y', b'Y', ..] => (Part::Year, 4),
            [b'M', b'M', ..] => (Part::Month { padded: true }, 2),
            [b'D', b'D', ..] => (Part::Day { padded: true }, 2),
            [b'M', ..] => (Part::Month { padded: false }, 1),
            [b'D', ..] => (Part::Day { padded: false }, 1),
            _ if first.is_ascii_punctuation() && *first != b'%' || *first == b' ' => {
                (Part::Separator(*first), 1)
            }
            _ => return None,
        };
        parts.push(part);
        rest = &rest[length..];
    }
    let count = |wanted: fn(&Part) -> bool| parts.iter().filter(|part| wanted(part)).count();
    let once = count(|part| matches!(part, Part::Year)) == 1
        && count(|part| matches!(part, Part::Month { .. })) == 1
        && count(|part| matches!(part, Part::Day { .. })) == 1;
    // A number of unknown length needs something to end it.
    let ended = parts.windows(2).all(|pair| {
        let open = matches!(pair[0], Part::Month { padded: false } | Part::Day { padded: false });
        !open || matches!(pair[1], Part::Separator(_))
    });
    (once && ended).then_some(parts)
}

impl DateFormat {
    /// The date in `text`.
    ///
    /// # Errors
    ///
    /// What the text may be instead, to be said after it.
    pub(super) fn date(&self, text: &[u8]) -> Result<Date, String> {
        let text = text.trim_ascii();
        let Some((year, month, day)) = self.split(text) else {
            return Err(self.no_date(text));
        };
        match Date::from_ymd(year, month, day) {
            Some(date) if YEARS.contains(&year) => Ok(date),
            Some(_) => Err(format!(
                "lies outside the years {} to {}; is it mistyped?",
                YEARS.start(),
                YEARS.end()
            )),
            None => Err(missing_day(year, month)),
        }
    }

    /// Year, month and day, if `text` has this format.
    fn split(&self, mut text: &[u8]) -> Option<(i32, u32, u32)> {
        if self.is_iso {
            return iso_date(text);
        }
        let (mut year, mut month, mut day) = (0, 0, 0);
        for part in &self.parts {
            match *part {
                Part::Year => year = digits(&mut text, 4, 4)?,
                Part::Month { padded } => month = digits(&mut text, 1 + usize::from(padded), 2)?,
                Part::Day { padded } => day = digits(&mut text, 1 + usize::from(padded), 2)?,
                Part::Separator(separator) => text = text.strip_prefix(&[separator])?,
            }
        }
        text.is_empty().then_some((year as i32, month, day))
    }

    #[cold]
    fn no_date(&self, text: &[u8]) -> String {
        let text = String::from_utf8_lossy(text);
        if text.is_empty() {
            return format!("is empty; write a date as {}", self.text);
        }
        let meant = workbook_serial(&text)
            .or_else(|| self.with_time(&text))
            .or_else(|| whole_month(&text))
            .or_else(|| self.other_order(&text));
        meant.unwrap_or_else(|| {
            format!("is not a date as {}; write it so, or set `date_format`", self.text)
        })
    }

    /// A date with a time of day after it.
    fn with_time(&self, text: &str) -> Option<String> {
        let (date, time) = text.split_once(['T', ' '])?;
        let known = self.split(date.as_bytes()).or_else(|| iso().split(date.as_bytes()));
        if known.is_none() || !time.contains(':') {
            return None;
        }
        let zone = time.contains(['Z', 'z', '+', '-']) || time.contains("UTC");
        let date = shown(date);
        Some(if zone {
            format!(
                "has a time zone, and the day depends on it; turn it into local time and write \
                 the date alone: `{date}`"
            )
        } else {
            format!("has a time of day; write the date alone: `{date}`")
        })
    }

    /// A date in another order.
    fn other_order(&self, text: &str) -> Option<String> {
        if iso().split(text.as_bytes()).is_some() {
            return Some(format!(
                "is not a date as {}; a file has one format of dates, and `date_format` names it",
                self.text
            ));
        }
        let formats = [
            "DD/MM/YYYY",
            "MM/DD/YYYY",
            "DD.MM.YYYY",
            "DD-MM-YYYY",
            "MM-DD-YYYY",
            "YYYY/MM/DD",
            "YYYYMMDD",
            "D/M/YYYY",
            "M/D/YYYY",
            "D.M.YYYY",
            "YYYY-M-D",
        ];
        let fits = |format: &&str| {
            let split = format.parse::<DateFormat>().ok()?.split(text.as_bytes());
            split.filter(|(year, month, day)| Date::from_ymd(*year, *month, *day).is_some())
        };
        let fitting = formats.into_iter().filter(|format| *format != self.text);
        let mut fitting: Vec<&str> = fitting.filter(|format| fits(format).is_some()).collect();
        // The format without leading zeros fits where the stricter one does: name one of them.
        if fitting.iter().any(|format| format.contains("DD")) {
            fitting.retain(|format| format.contains("DD"));
        }
        let names: Vec<_> =
            fitting.iter().map(|format| format!("`date_format = \"{format}\"`")).collect();
        match &names[..] {
            [] => None,
            [one] => Some(format!("is not a date as {}; set {one}", self.text)),
            several => Some(format!(
                "is not a date as {}; say which it is: {}",
                self.text,
                several.join(" or ")
            )),
        }
    }
}

fn iso() -> DateFormat {
    "YYYY-MM-DD".parse().expect("a format")
}

/// Year, month and day of `YYYY-MM-DD`.
fn iso_date(text: &[u8]) -> Option<(i32, u32, u32)> {
    let text: &[u8; 10] = text.try_into().ok()?;
    if text[4] != b'-' || text[7] != b'-' {
        return None;
    }
    let digit = |place: usize| u32::from(text[place].wrapping_sub(b'0'));
    let two = |place: usize| {
        let (tens, ones) = (digit(place), digit(place + 1));
        (tens < 10 && ones < 10).then_some(10 * tens + ones)
    };
    Some(((100 * two(0)? + two(2)?) as i32, two(5)?, two(8)?))
}

/// Takes a number of `least` to `most` digits off the start of `text`.
fn digits(text: &mut &[u8], least: usize, most: usize) -> Option<u32> {
    let length = text.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = text.split_at(length);
    *text = rest;
    (length >= least)
        .then(|| number.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0')))
}

/// Why a year, month and day are no date.
fn missing_day(year: i32, month: u32) -> String {
    if !(1..=9999).contains(&year) {
        return "is no date: there is no year 0".into();
    }
    let names = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    match names.get((month as usize).wrapping_sub(1)) {
        Some(name) => {
            let exists = |day: &u32| Date::from_ymd(year, month, *day).is_some();
            let days = (28..=31).rfind(exists).unwrap_or(28);
            format!("is no date: {name} {year} has {days} days")
        }
        None => format!("is no date: there is no month {month}; does `date_format` fit?"),
    }
}

/// A number that a spreadsheet shows as a date: days since 1899-12-30.
fn workbook_serial(text: &str) -> Option<String> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    let serial: i32 = whole.parse().ok().filter(|serial| (20_000..80_000).contains(serial))?;
    text.parse::<f64>().ok()?;
    let date = Date::from_days(serial - 25_569);
    Some(format!(
        "is not a date but looks like an Excel serial number ({date}); format the column as \
         YYYY-MM-DD before saving as CSV"
    ))
}

/// A month without a day.
fn whole_month(text: &str) -> Option<String> {
    iso().split(format!("{text}-01").as_bytes())?;
    Some(format!("is a month; write its first day: `{}-01`", shown(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(format: &str, text: &str) -> String {
        let format: DateFormat = format.parse().expect("a format");
        format.date(text.as_bytes()).expect_err(text)
    }

    #[test]
    fn dates_are_read_in_the_order_of_the_format() {
        let expected: Date = "2024-03-02".parse().expect("a date");
        for (format, text) in [
            ("YYYY-MM-DD", "2024-03-02"),
            ("YYYY-MM-DD", " 2024-03-02 "),
            ("DD/MM/YYYY", "02/03/2024"),
            ("MM/DD/YYYY", "03/02/2024"),
            ("D.M.YYYY", "2.3.2024"),
            ("D.M.YYYY", "02.03.2024"),
            ("YYYYMMDD", "20240302"),
        ] {
            let format: DateFormat = format.parse().expect("a format");
            assert_eq!(format.date(text.as_bytes()), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_format_without_year_month_and_day_is_refused() {
        for format in
            ["", "YYYY-MM", "YYYY-MM-DD-DD", "dd/mm/yyyy", "%d/%m/%Y", "YYYYMD", "YY-MM-DD"]
        {
            let error = format.parse::<DateFormat>().expect_err(format).to_string();
            assert!(
                error.starts_with(&format!("`date_format = \"{format}\"` must hold")),
                "{error}"
            );
        }
    }

    #[test]
    fn days_that_do_not_exist_are_refused() {
        let iso = "YYYY-MM-DD";
        assert_eq!(refused(iso, "2024-02-30"), "is no date: February 2024 has 29 days");
        assert_eq!(refused(iso, "2023-04-31"), "is no date: April 2023 has 30 days");
        assert!(refused(iso, "2024-13-01").starts_with("is no date: there is no month 13"));
        assert!(refused(iso, "2024-00-01").starts_with("is no date: there is no month 0"));
        assert!(refused(iso, "0000-01-01").contains("no year 0"));
        assert!(refused(iso, "0024-01-05").starts_with("lies outside the years 1900 to 2199"));
    }

    #[test]
    fn what_a_date_was_meant_to_be_is_guessed_aloud() {
        let iso = "YYYY-MM-DD";
        for (text, expected) in [
            ("45321", "is not a date but looks like an Excel serial number (2024-01-30); "),
            ("45321.5", "is not a date but looks like an Excel serial number (2024-01-30); "),
            (
                "02/03/2024",
                "is not a date as YYYY-MM-DD; say which it is: `date_format = \"DD/MM/YYYY\"` or \
                 `date_format = \"MM/DD/YYYY\"`",
            ),
            ("31/12/2024", "is not a date as YYYY-MM-DD; set `date_format = \"DD/MM/YYYY\"`"),
            ("12/31/2024", "is not a date as YYYY-MM-DD; set `date_format = \"MM/DD/YYYY\"`"),
            ("2.3.2024", "is not a date as YYYY-MM-DD; set `date_format = \"D.M.YYYY\"`"),
            ("20240302", "is not a date as YYYY-MM-DD; set `date_format = \"YYYYMMDD\"`"),
            ("2024-3-2", "is not a date as YYYY-MM-DD; set `date_format = \"YYYY-M-D\"`"),
            ("2024-03", "is a month; write its first day: `2024-03-01`"),
            ("2024-03-02T00:00:00Z", "has a time zone, and the day depends on it; "),
            ("2024-03-02 23:00:00+01:00", "has a time zone, and the day depends on it; "),
            ("2024-03-02 00:00:00", "has a time of day; write the date alone: `2024-03-02`"),
            ("", "is empty; write a date as YYYY-MM-DD"),
            ("yesterday", "is not a date as YYYY-MM-DD; write it so, or set `date_format`"),
            ("nan", "is not a date as YYYY-MM-DD"),
        ] {
            let message = refused(iso, text);
            assert!(message.starts_with(expected), "{text}: {message}");
        }
        let mixed = refused("DD/MM/YYYY", "2024-03-02");
        assert!(mixed.contains("a file has one format of dates"), "{mixed}");
    }
}
