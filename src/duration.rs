//! Lengths of time, as people and as Slurm write them.

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// A length of time such as `90m`, `2h`, `1d12h`, `HH:MM:SS`, `D-HH:MM:SS`, or whole minutes.
///
/// # Errors
///
/// Why `text` is none, and what would be: `auto` and other words are for the caller to know.
pub fn parse_duration(text: &str) -> Result<Duration, String> {
    let seconds = match (text.contains(':'), text.contains('-')) {
        (false, false) if text.bytes().all(|byte| byte.is_ascii_digit()) => times(text, MINUTE),
        (false, false) => with_units(text),
        _ => on_a_clock(text),
    };
    match seconds {
        // To Slurm a limit of nothing means no limit.
        Some(0) => Err("must be more than nothing, such as 90m".to_owned()),
        Some(seconds) => Ok(Duration::from_secs(seconds)),
        None => Err("is not a length of time; write 90m, 2h, 1d12h, HH:MM:SS, D-HH:MM:SS, or \
                     whole minutes"
            .to_owned()),
    }
}

/// `duration` as Slurm reads it: `D-HH:MM:SS`, whole seconds.
pub(crate) fn slurm_time(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let clock = format!(
        "{:02}:{:02}:{:02}",
        seconds % DAY / HOUR,
        seconds % HOUR / MINUTE,
        seconds % MINUTE
    );
    match seconds / DAY {
        0 => clock,
        days => format!("{days}-{clock}"),
    }
}

/// `digits` of a `unit` \[s\]; nothing if they are no number or too large a one.
fn times(digits: &str, unit: u64) -> Option<u64> {
    let digits = digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)?;
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// `1d12h`: units from the largest to the smallest, each at most once.
fn with_units(text: &str) -> Option<u64> {
    let mut rest = text;
    let mut seconds = 0_u64;
    for (name, unit) in [('d', DAY), ('h', HOUR), ('m', MINUTE), ('s', 1)] {
        if let Some((digits, after)) = rest.split_once(name) {
            seconds = seconds.checked_add(times(digits, unit)?)?;
            rest = after;
        }
    }
    rest.is_empty().then_some(seconds)
}

/// `HH:MM:SS`, `D-HH:MM:SS`, or less of the latter. `MM:SS` is refused: half of its readers take
/// it for hours and minutes.
fn on_a_clock(text: &str) -> Option<u64> {
    let (days, clock) = match text.split_once('-') {
        Some((days, clock)) => (Some(times(days, DAY)?), clock),
        None => (None, text),
    };
    let parts: Vec<&str> = clock.split(':').collect();
    let whole = if days.is_some() { 1..=3 } else { 3..=3 };
    if !whole.contains(&parts.len()) {
        return None;
    }
    let mut seconds = days.unwrap_or(0);
    for (part, unit) in parts.iter().zip([HOUR, MINUTE, 1]) {
        let value = times(part, unit)?;
        let fits =
            unit == HOUR && days.is_none() || value / unit < if unit == HOUR { 24 } else { 60 };
        seconds = seconds.checked_add(fits.then_some(value)?)?;
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_and_slurm_write_them() {
        for (text, seconds) in [
            ("90m", 5400),
            ("2h", 7200),
            ("45s", 45),
            ("1d12h", 129_600),
            ("1h30m5s", 5405),
            ("02:00:00", 7200),
            ("48:00:00", 172_800),
            ("1-00:00:00", 86_400),
            ("1-06", 108_000),
            ("0-00:30", 1800),
            ("120", 7200),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            " ",
            "h",
            "2 h",
            "2H",
            "1.5h",
            "12h1d",
            "1h1h",
            "-5",
            "+5",
            "1-",
            "1-24",
            "30:00",
            "00:60:00",
            "1:2:3:4",
            "auto",
            "2h\n",
            "٣h",
            "99999999999999999999",
            "0",
            "0h",
            "9999999999999999999d",
            "00:00:00",
        ] {
            assert!(parse_duration(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn slurm_reads_what_is_written() {
        for text in ["90m", "1d12h", "59s", "400-23:59:59"] {
            let duration = parse_duration(text).unwrap();
            assert_eq!(parse_duration(&slurm_time(duration)), Ok(duration), "{text}");
        }
        assert_eq!(slurm_time(Duration::from_secs(129_600)), "1-12:00:00");
    }
}
