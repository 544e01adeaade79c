//! How numbers and names are written for people.
//!
//! A number carries as many digits as its interval supports: two significant digits of the
//! half-width, and the mean to the same place. Files for machines do not pass through here.

use super::Interval;

/// Characters of a name that are shown.
pub(super) const NAME: usize = 28;

/// Written where there is no number.
pub(crate) const NONE: &str = "–";

/// Half the width of the interval.
pub(super) fn half_width(interval: &Interval) -> f64 {
    (interval.high - interval.low) / 2.0
}

/// `12,345.6`: a number with this many decimals and its thousands apart.
pub(crate) fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return NONE.to_string();
    }
    let digits = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut text = String::new();
    if value < 0.0 && digits.contains(|digit: char| ('1'..='9').contains(&digit)) {
        text.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text + fraction
}

/// A whole number with its thousands apart.
pub(crate) fn count(value: usize) -> String {
    number(value as f64, 0)
}

/// A lone number with four significant digits and no idle zeros: `48`, `0.0021`, `1,234`.
pub(crate) fn plain(value: f64) -> String {
    let text = number(value, decimals(value, 4).min(9));
    if text.contains('.') {
        return text.trim_end_matches('0').trim_end_matches('.').to_string();
    }
    text
}

/// `± 3.1`, `± <0.1` where that would read as none, and nothing where nothing varies.
pub(super) fn margin(interval: &Interval, decimals: usize) -> String {
    let half = half_width(interval);
    let text = number(half, decimals);
    match decimals {
        _ if half.is_nan() || half <= 0.0 => String::new(),
        _ if text.contains(|digit: char| ('1'..='9').contains(&digit)) => format!("±\u{a0}{text}"),
        0 => "±\u{a0}<1".to_string(),
        _ => format!("±\u{a0}<0.{}1", "0".repeat(decimals - 1)),
    }
}

/// `812.4 ± 3.1` in one piece, that is, with no-break spaces.
pub(super) fn with_half_width(interval: &Interval, decimals: usize) -> String {
    let (mean, margin) = (number(interval.mean, decimals), margin(interval, decimals));
    if margin.is_empty() { mean } else { format!("{mean}\u{a0}{margin}") }
}

/// `812.4 ± 3.1` with the digits that suit this interval alone.
pub(crate) fn alone(interval: &Interval) -> String {
    with_half_width(interval, shared_decimals([interval]))
}

/// A share as a percentage; what is not quite all is never rounded to all.
pub(crate) fn percent(share: f64, decimals: usize) -> String {
    let text = number(100.0 * share, decimals);
    match decimals {
        _ if share >= 1.0 || !text.starts_with("100") => text,
        0 => ">99".to_string(),
        _ => format!(">99.{}", "9".repeat(decimals)),
    }
}

/// Decimals that show `digits` significant digits of `value`, at most 12; none for zero.
fn decimals(value: f64, digits: u32) -> usize {
    let (mut size, goal) = (value.abs(), f64::from(10_u32.pow(digits - 1)));
    let mut places = 0;
    while size > 0.0 && size < goal && places < 12 {
        size *= 10.0;
        places += 1;
    }
    places
}

/// Decimals for a column of intervals: two digits of the widest half-width.
pub(super) fn shared_decimals<'a>(column: impl IntoIterator<Item = &'a Interval>) -> usize {
    let (mut widest, mut means) = (0.0_f64, Vec::new());
    for interval in column {
        widest = widest.max(half_width(interval));
        means.push(interval.mean);
    }
    if widest > 0.0 { decimals(widest, 2).min(6) } else { column_decimals(means) }
}

/// Decimals for a column of numbers: three digits of the middle one, at most three.
pub(super) fn column_decimals(column: impl IntoIterator<Item = f64>) -> usize {
    let mut sizes: Vec<f64> =
        column.into_iter().map(f64::abs).filter(|size| size.is_finite() && *size > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    sizes.get(sizes.len() / 2).map_or(0, |&middle| decimals(middle, 3).min(3))
}

/// A name with everything invisible spelled out, so that it can neither steer a terminal
/// nor read differently from what it is: `\x1b`, `\u{202e}`.
pub(crate) fn visible(text: &str) -> String {
    use std::fmt::Write;
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        let _ = match character {
            '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => write!(shown, "{}", character.escape_unicode()),
            _ if character.is_control() => write!(shown, "\\x{:02x}", u32::from(character)),
            _ => write!(shown, "{character}"),
        };
    }
    shown
}

/// The name, visible, and cut to `limit` characters with `…` where it is longer.
pub(crate) fn short(text: &str, limit: usize) -> String {
    let shown = visible(text);
    if shown.chars().count() <= limit {
        return shown;
    }
    shown.chars().take(limit.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(mean: f64, half: f64) -> Interval {
        Interval { mean, low: mean - half, high: mean + half }
    }

    #[test]
    fn numbers_have_thousands_and_a_sign_only_if_they_are_not_zero() {
        assert_eq!(number(1_234_567.891, 1), "1,234,567.9");
        assert_eq!(number(-1234.0, 0), "-1,234");
        assert_eq!(number(-0.04, 1), "0.0");
        assert_eq!(number(999.96, 1), "1,000.0");
        assert_eq!(number(f64::NAN, 1), NONE);
    }

    #[test]
    fn the_half_width_says_how_many_digits_count() {
        let shown = |mean, half| alone(&interval(mean, half)).replace('\u{a0}', " ");
        assert_eq!(shown(812.437, 3.12), "812.4 ± 3.1");
        assert_eq!(shown(12_345.678, 31.2), "12,346 ± 31");
        assert_eq!(shown(0.123_456, 0.001_23), "0.1235 ± 0.0012");
        assert_eq!(margin(&interval(5.0, 0.004), 2), "±\u{a0}<0.01");
        assert_eq!(alone(&interval(5.0, 0.0)), "5.00");
        assert_eq!(alone(&interval(0.0, 0.0)), "0");
    }

    #[test]
    fn lone_numbers_have_four_digits_and_no_idle_zeros() {
        assert_eq!(plain(48.0), "48");
        assert_eq!(plain(0.0021), "0.0021");
        assert_eq!(plain(1234.5), "1,234");
        assert_eq!(plain(12.346), "12.35");
        assert_eq!(plain(0.0), "0");
    }

    #[test]
    fn only_everything_is_a_hundred_per_cent() {
        assert_eq!(percent(1.0, 1), "100.0");
        assert_eq!(percent(0.999_96, 1), ">99.9");
        assert_eq!(percent(0.999_96, 2), ">99.99");
        assert_eq!(percent(0.971, 1), "97.1");
    }

    #[test]
    fn nothing_invisible_stays_invisible() {
        assert_eq!(visible("a\x1b[31mb\n"), "a\\x1b[31mb\\x0a");
        assert_eq!(visible("\u{202e}abc"), "\\u{202e}abc");
        assert_eq!(visible("Größe 5 µm"), "Größe 5 µm");
        assert_eq!(short("abcdefgh", 4), "abc…");
    }
}
