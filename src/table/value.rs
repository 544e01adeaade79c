//! From a field's text to a number or to yes and no; what is neither is explained.

use super::shown;

/// A finite number, or `None` from an empty field.
///
/// # Errors
///
/// What the text is instead, to be said after it; `absent` says how to write that
/// there is no number.
pub(super) fn number(text: &[u8], decimal: u8, absent: &str) -> Result<Option<f64>, String> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Ok(None);
    }
    // Most numbers are small and whole, and these digits are exact.
    if text.len() <= 15 && text.iter().all(u8::is_ascii_digit) {
        let digits = text.iter().fold(0, |sum: u64, digit| sum * 10 + u64::from(digit - b'0'));
        return Ok(Some(digits as f64));
    }
    if !is_number(text, decimal) {
        return Err(no_number(text, decimal, absent));
    }
    let text = String::from_utf8_lossy(text).replace(',', ".");
    let Ok(value) = text.parse::<f64>() else { return Err("is not a number".into()) };
    if !value.is_finite() {
        return Err("is too large to be a finite number; is it mistyped?".into());
    }
    let mantissa = text.split(['e', 'E']).next().unwrap_or_default();
    if value == 0.0 && mantissa.contains(|digit| matches!(digit, '1'..='9')) {
        return Err("is too small for a number; write 0".into());
    }
    Ok(Some(value + 0.0)) // -0 becomes 0
}

/// Whether `text` is `[+-]digits[.digits][e[+-]digits]`, nothing else.
fn is_number(text: &[u8], decimal: u8) -> bool {
    let text = text.strip_prefix(b"+").or(text.strip_prefix(b"-")).unwrap_or(text);
    let Some(text) = after_digits(text) else { return false };
    let text = match text.split_first() {
        Some((first, rest)) if *first == decimal => match after_digits(rest) {
            Some(rest) => rest,
            None => return false,
        },
        _ => text,
    };
    match text {
        [] => true,
        [b'e' | b'E', b'+' | b'-', rest @ ..] | [b'e' | b'E', rest @ ..] => {
            after_digits(rest).is_some_and(<[u8]>::is_empty)
        }
        _ => false,
    }
}

/// What follows the digits at the start of `text`; `None` if there are none.
fn after_digits(text: &[u8]) -> Option<&[u8]> {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits > 0).then(|| &text[digits..])
}

#[cold]
fn no_number(text: &[u8], decimal: u8, absent: &str) -> String {
    const NONE: [&str; 14] = [
        "nan", "inf", "infinity", "na", "n/a", "#n/a", "null", "none", "nil", "-", "--", ".", "?",
        "1.#inf",
    ];
    let text = String::from_utf8_lossy(text);
    let word = text.trim_start_matches(['+', '-']).to_lowercase();
    if NONE.contains(&word.as_str()) || NONE.contains(&text.as_ref()) {
        return format!("is not a finite number; {absent}");
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let other = if decimal == b'.' { ',' } else { '.' };
    let groups: Vec<&str> =
        word.split([' ', '\u{a0}', '\u{202f}', '\'', '’', '_', ',', '.']).collect();
    if let Some((whole, rest)) = word.split_once(other) {
        let thousands = rest.len() == 3;
        if digits(whole) && digits(rest) {
            let (name, set) = if other == ',' { ("comma", ",") } else { ("point", ".") };
            let or = format!("write `{whole}{}{rest}`", char::from(decimal));
            return if thousands {
                format!(
                    "has a {name}: for a decimal {name} set `decimal = \"{set}\"`; separators of \
                     thousands are not read, write `{whole}{rest}`"
                )
            } else {
                format!("has a decimal {name}; set `decimal = \"{set}\"`, or {or}")
            };
        }
    }
    if groups.len() > 1 && groups.iter().all(|group| digits(group)) {
        return "has separators of thousands, which are not read; write digits alone, such as \
                `1234567` or `1234.5`"
            .into();
    }
    if let Some(number) = word.strip_suffix('%') {
        return format!("is not a number; write per cent as a share, not `{}%`", shown(number));
    }
    format!("is not a number; write it such as `12` or `12{}5`", char::from(decimal))
}

/// Yes or no.
///
/// # Errors
///
/// What was expected, to be said after the text.
pub(super) fn flag(text: &[u8]) -> Result<bool, String> {
    let text = text.trim_ascii();
    let is = |word: &str| text.eq_ignore_ascii_case(word.as_bytes());
    if ["1", "true", "yes"].into_iter().any(is) {
        Ok(true)
    } else if ["0", "false", "no"].into_iter().any(is) {
        Ok(false)
    } else if text.is_empty() {
        Err("is empty; write 1 for yes or 0 for no".into())
    } else {
        Err("is neither yes nor no; write 1 or 0 (or true, false, yes, no)".into())
    }
}

/// `text` as it is, unless it is something no name should hold.
///
/// # Errors
///
/// What is wrong with it, to be said after it.
pub(super) fn name(text: &[u8]) -> Result<(), String> {
    const LONGEST: usize = 256;
    if text.trim_ascii().is_empty() {
        return Err("is empty; a name is needed".into());
    }
    if text.len() > LONGEST {
        return Err(format!("has {} bytes; a name has at most {LONGEST}", text.len()));
    }
    if String::from_utf8_lossy(text).chars().any(char::is_control) {
        return Err("has a control character, which no name may have; remove it".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        for (text, expected) in [
            ("0", 0.0),
            ("00123", 123.0),
            ("-0", 0.0),
            ("+3", 3.0),
            (" 2.50 ", 2.5),
            ("999999999999999", 999_999_999_999_999.0),
            ("12345678901234567890", 12_345_678_901_234_567_890.0),
            ("1e3", 1000.0),
            ("1.5E-2", 0.015),
            ("0e999", 0.0),
            ("-7", -7.0),
            ("0.1", 0.1),
        ] {
            let value = number(text.as_bytes(), b'.', "write 0").expect(text).expect(text);
            assert_eq!(value.to_bits(), f64::to_bits(expected), "{text}");
        }
        assert_eq!(number(b"1,5", b',', "write 0"), Ok(Some(1.5)));
        assert_eq!(number(b"-1,5e2", b',', "write 0"), Ok(Some(-150.0)));
        assert_eq!(number(b"  ", b'.', "write 0"), Ok(None));
    }

    #[test]
    fn what_is_no_number_is_explained() {
        let refused = |text: &str| number(text.as_bytes(), b'.', "write 0").expect_err(text);
        for text in ["nan", "NaN", "-nan", "inf", "+Infinity", "-INF", "NA", "#N/A", "null", "-"] {
            assert_eq!(refused(text), "is not a finite number; write 0", "{text}");
        }
        assert!(refused("1e400").starts_with("is too large to be a finite number"));
        assert!(refused("-1e400").starts_with("is too large to be a finite number"));
        assert_eq!(refused("1e-400"), "is too small for a number; write 0");
        assert_eq!(refused("1,5"), "has a decimal comma; set `decimal = \",\"`, or write `1.5`");
        let thousands = refused("1,500");
        assert!(
            thousands.starts_with("has a comma: for a decimal comma set `decimal"),
            "{thousands}"
        );
        assert!(thousands.ends_with("write `1500`"), "{thousands}");
        for text in ["1,234.5", "1 234", "1'234", "1\u{a0}234", "1,234,567"] {
            assert!(refused(text).starts_with("has separators of thousands"), "{text}");
        }
        for text in [".5", "5.", "1e", "e5", "0x10", "1f", "--1", "€5", "1.2.3x", "1_0_", "１"] {
            assert!(refused(text).starts_with("is not a number; write it such as"), "{text}");
        }
        assert_eq!(refused("95%"), "is not a number; write per cent as a share, not `95%`");
    }

    #[test]
    fn a_decimal_point_is_refused_where_the_comma_is_set() {
        let refused = |text: &str| number(text.as_bytes(), b',', "write 0").expect_err(text);
        assert_eq!(refused("1.5"), "has a decimal point; set `decimal = \".\"`, or write `1,5`");
        assert!(refused("1.234,5").starts_with("has separators of thousands"));
        assert!(refused("1.234").contains("write `1234`"));
    }

    #[test]
    fn yes_and_no_have_three_spellings() {
        for (text, expected) in [("1", true), ("TRUE", true), ("Yes", true), (" 0 ", false)] {
            assert_eq!(flag(text.as_bytes()), Ok(expected));
        }
        assert_eq!((flag(b"false"), flag(b"no")), (Ok(false), Ok(false)));
        assert!(flag(b"").expect_err("refused").starts_with("is empty; write 1"));
        assert!(flag(b"2").expect_err("refused").starts_with("is neither yes nor no"));
    }

    #[test]
    fn names_have_neither_control_characters_nor_nothing() {
        assert_eq!(name("00123 é".as_bytes()), Ok(()));
        assert!(name(b" ").expect_err("refused").starts_with("is empty"));
        for text in ["a\0", "a\tb", "\u{1b}[31m", "a\u{85}", "a\r\nb"] {
            assert!(name(text.as_bytes()).expect_err(text).contains("control character"));
        }
        assert!(name(&[b'a'; 257]).expect_err("refused").starts_with("has 257 bytes"));
    }
}
