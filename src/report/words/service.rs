//! Stock for service, in words.

use crate::report::figures::{NONE, number, percent, shared_decimals, with_half_width};
use crate::report::service::ExchangeLine;
use crate::report::{Interval, Report};

/// What stock the choice needs for the reference's service, or the cheapest strategy if it is alone.
pub(in crate::report) fn exchange(report: &Report) -> Option<String> {
    let exchange = report.exchange.as_ref()?;
    let line = exchange.lines.last()?;
    let than = |share: &Interval, less: &str, more: &str| {
        let (size, word) = if share.mean < 0.0 { (-share.mean, less) } else { (share.mean, more) };
        format!("{}\u{a0}% {word}", with_points(&Interval { mean: size, ..*share }))
    };
    let mut text = format!(
        "{} meets {}\u{a0}% of demand at once with a stock of {}.",
        exchange.reference,
        percent(exchange.fill_rate, 1),
        number(exchange.stock_value, 0)
    );
    if let Some(stock) = &line.stock_for_same_service {
        let whose =
            "For the same service, what was selected item by item, its levels moved alike, needs";
        text = format!("{text} {whose} {} stock", than(stock, "less", "more"));
        if let Some(reserve) = &line.safety_stock_for_same_service {
            text = format!("{text} and {} safety stock", than(reserve, "less", "more"));
        }
        text.push('.');
    }
    Some(text)
}

/// Stock and safety stock for the same service \[%\], and service for the same stock \[points\].
pub(in crate::report) fn exchanged(line: &ExchangeLine) -> [String; 3] {
    [line.stock_for_same_service, line.safety_stock_for_same_service, line.service_for_same_stock]
        .map(|share| share.map_or_else(|| NONE.to_string(), |share| signed(&share)))
}

/// A share as a percentage with its half-width, its sign always shown.
fn signed(share: &Interval) -> String {
    let text = with_points(share);
    if share.mean > 0.0 { format!("+{text}") } else { text }
}

/// A share as a percentage with its half-width.
fn with_points(share: &Interval) -> String {
    let Interval { mean, low, high } = *share;
    // The mean may have been turned round; the half-width has not.
    let half = 50.0 * (high - low);
    let points =
        Interval { mean: 100.0 * mean, low: 100.0 * mean - half, high: 100.0 * mean + half };
    with_half_width(&points, shared_decimals([&points]).min(2))
}
