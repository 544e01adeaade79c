//! The report as one page that needs no network.
//!
//! The page is a template filled with text, so that every name is escaped by the template
//! engine and none by hand. Its content security policy allows the one embedded script, by
//! its hash, and nothing else. Figures and tables are drawn here; the script only searches
//! and sorts, and the page is complete without it up to 500 items.

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use sha2::{Digest, Sha256};

use super::Report;

mod comparison;
mod frontier;
pub(super) mod scale;
mod service;
mod view;

const TEMPLATE: &str = include_str!("html/report.html.j2");
const STYLE: &str = include_str!("html/report.css");
const SCRIPT: &str = include_str!("html/report.js");

/// The whole page.
///
/// # Panics
///
/// Never on a report: the template is part of the program and a test renders it.
pub fn page(report: &Report) -> String {
    let mut templates = Environment::new();
    templates.add_template("report.html.j2", TEMPLATE).expect("the template is well formed");
    let page = view::page(report);
    let rest = embedded(view::rest(report));
    let template = templates.get_template("report.html.j2").expect("it was just added");
    template
        .render(context! {
            page => Value::from(Serde(page)),
            policy => policy(SCRIPT),
            style => Value::from_safe_string(STYLE.to_string()),
            script => Value::from_safe_string(SCRIPT.to_string()),
            rest => Value::from_safe_string(rest),
        })
        .expect("the template names only what the page has")
}

/// The content security policy: nothing is loaded, and only this script runs.
fn policy(script: &str) -> String {
    let hash = base64(&Sha256::digest(script.as_bytes()));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; \
         base-uri 'none'; form-action 'none'"
    )
}

/// A list in JSON that cannot end the element it stands in, nor a line of a script.
fn embedded<T: serde::Serialize>(values: impl Iterator<Item = T>) -> String {
    let mut safe = String::from("[");
    for value in values {
        if safe.len() > 1 {
            safe.push(',');
        }
        let text = serde_json::to_string(&value).expect("names and numbers are always JSON");
        for character in text.chars() {
            match character {
                '<' => safe.push_str("\\u003c"),
                '>' => safe.push_str("\\u003e"),
                '&' => safe.push_str("\\u0026"),
                '\u{2028}' => safe.push_str("\\u2028"),
                '\u{2029}' => safe.push_str("\\u2029"),
                other => safe.push(other),
            }
        }
    }
    safe + "]"
}

/// Base 64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | u32::from(*group.get(at).unwrap_or(&0)));
        for sextet in 0..4 {
            let letter = ALPHABET[(bits >> (18 - 6 * sextet) & 63) as usize];
            text.push(if sextet > group.len() { '=' } else { char::from(letter) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn base64_agrees_with_the_standard() {
        let published =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")];
        for (bytes, text) in published {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    /// The hash is of exactly what stands between the tags, or the script does not run.
    #[test]
    fn the_policy_names_the_script_that_is_there() {
        let page = page(&sample::report(9));
        let (_, after) = page.split_once("<script>").expect("a script");
        let (script, _) = after.split_once("</script>").expect("its end");
        assert_eq!(script, SCRIPT);
        assert!(page.contains(&format!("content=\"{}\"", policy(script))));
        assert!(!SCRIPT.contains("</") && !SCRIPT.contains("<!--") && !SCRIPT.contains('\r'));
    }

    /// Reversed, the dangerous names are in the embedded data instead of the table.
    #[test]
    fn names_stay_text_wherever_they_stand() {
        for (items, scripts) in [(9, 1), (600, 2)] {
            let mut report = sample::report(items);
            if items > 500 {
                report.recommendations.reverse();
            }
            let page = page(&report);
            for live in ["<script>alert", "<img", "<b>&", "<i>", "\x1b", "\u{2028}", "<!-- "] {
                assert!(!page.contains(live), "{live}");
            }
            assert!(page.contains("{{ 7 * 7 }}"));
            assert_eq!(page.matches("<script").count(), scripts);
            assert_eq!(page.matches("</script").count(), scripts);
        }
    }

    /// Line separators cannot come from names, which show them, but may from elsewhere.
    #[test]
    fn embedded_data_cannot_end_its_element() {
        let text = embedded(["</script>&\u{2028}\u{2029}", "b"].into_iter());
        assert_eq!(text, "[\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\",\"b\"]");
        assert_eq!(embedded(std::iter::empty::<u8>()), "[]");
    }

    #[test]
    fn nothing_is_loaded_and_the_page_is_small_enough_to_mail() {
        let page = page(&sample::report(3786));
        for remote in ["http:", "https:", "src=", "@import", "url(", "<link"] {
            let text = page.replace("src=x onerror", "");
            assert!(!text.contains(remote), "{remote}");
        }
        assert!(page.len() < 3_000_000, "{}", page.len());
        assert!(page.contains("<noscript>") && page.matches("<tr><td").count() == 500);
    }

    #[test]
    fn the_same_report_gives_the_same_page() {
        assert_eq!(page(&sample::report(600)), page(&sample::report(600)));
    }

    #[test]
    fn a_report_with_almost_nothing_is_a_page() {
        let mut report = sample::report(1);
        report.strategies.truncate(1);
        report.frontier.truncate(1);
        let mut bare = sample::report(0);
        bare.strategies.clear();
        bare.frontier.clear();
        bare.warnings.clear();
        bare.scarcity = None;
        let mut broken = sample::report(2);
        broken.strategies[0].cost = sample::interval(f64::NAN, 1.0);
        broken.frontier[0].cost = f64::INFINITY;
        for report in [report, bare, broken] {
            let page = page(&report);
            assert!(!page.contains("NaN") && !page.contains("inf\""), "{page}");
            assert!(page.ends_with("</html>\n") || page.ends_with("</html>"));
        }
    }
}
