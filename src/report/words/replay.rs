//! What came of promises, in words.

use super::{more_or_less, several};
use crate::report::figures::{
    alone, column_decimals, count, number, percent, shared_decimals, with_half_width,
};
use crate::report::replayed::{Replay, ReplayLine};

/// What was held out, and what came of it.
pub(in crate::report) fn replay(period: &str, replay: &Replay) -> String {
    let mut text = format!(
        "Replayed on the last {}: models, policies and choices as of {}, then the sales up to {} as they \
         came.",
        several(replay.periods, period),
        replay.known_to,
        replay.history_to
    );
    if let Some(line) = replay.lines.first() {
        let (size, word) = more_or_less(&line.difference);
        text = format!(
            "{text} What was selected promised a cost of {} a {period} and had {}, {} {word}; the \
             half-width takes items as independent, which they are not where all sell more at once.",
            number(line.promised_cost, 2),
            number(line.real_cost, 2),
            alone(&size)
        );
    }
    if replay.left_out > 0 {
        let items = count(replay.left_out);
        text =
            format!("{text} Left out: {items} items that were not known for long enough before.");
    }
    text
}

/// Cost promised, real, and their difference; fill rate \[%\] and stock value promised and real, of each
/// line.
pub(in crate::report) fn replayed(replay: &Replay) -> Vec<[String; 7]> {
    let lines = || replay.lines.iter();
    let cost = column_decimals(lines().map(|line| line.real_cost)).max(1);
    let apart = shared_decimals(lines().map(|line| &line.difference));
    let cells = |line: &ReplayLine| {
        [
            number(line.promised_cost, cost),
            number(line.real_cost, cost),
            with_half_width(&line.difference, apart),
            percent(line.promised_fill_rate, 1),
            percent(line.real_fill_rate, 1),
            number(line.promised_stock_value, 0),
            number(line.real_stock_value, 0),
        ]
    };
    lines().map(cells).collect()
}
