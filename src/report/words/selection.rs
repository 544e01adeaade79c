//! How sure the choice is, in words.

use super::several;
use crate::report::drivers::SearchEvidence;
use crate::report::figures::{count, number, percent};
use crate::report::{Recommendation, Report};

/// How sure it is that the strategies recommended are the best.
pub(in crate::report) fn selection(report: &Report) -> Option<String> {
    let items = report.recommendations.len();
    if items == 0 || report.strategies.len() < 2 {
        return None;
    }
    let count_of = |has: fn(&Recommendation) -> bool| {
        report.recommendations.iter().filter(|line| has(line)).count()
    };
    let guaranteed = count_of(|line| line.guaranteed);
    let alone = count_of(|line| line.not_worse.len() == 1);
    let mut text = format!(
        "Before limits, the strategy of {} is the cheapest of those compared, or within {}\u{a0}% of it, \
         each with a probability of {}\u{a0}% or more; for {} every other one is surely dearer.",
        match guaranteed == items {
            true => "every item".to_string(),
            false => format!("{} of {} items", count(guaranteed), count(items)),
        },
        number(100.0 * report.indifference_share, 2),
        percent(report.selection_probability, 1),
        several(alone, "item"),
    );
    let least = report.selected.cheapest_probability;
    if let Some(first) = report.strategies.first() {
        text.extend([
            " One for all: ",
            first.strategy,
            " is the cheapest, or as near, with a probability of ",
            &percent(least, 1),
            "\u{a0}%.",
        ]);
    }
    let found = several(count_of(|line| line.discovered), "item");
    let share = number(100.0 * (1.0 - report.confidence_level), 2);
    text.extend([
        " The saving over the next strategy counts for ",
        &found,
        ", if ",
        share.trim_end_matches('0').trim_end_matches('.'),
        "\u{a0}% of those that count in each class A, B, C may be false.",
    ]);
    if guaranteed < items {
        let rest = several(items - guaranteed, "item");
        text.extend([
            " For ",
            &rest,
            " the scenarios did not suffice: raise selection.most_scenarios.",
        ]);
    }
    Some(text)
}

/// What speaks for the policies that were searched.
pub(in crate::report) fn search(report: &Report) -> Option<String> {
    let found: Vec<_> = report.recommendations.iter().filter_map(|line| line.search).collect();
    let first = found.first()?;
    let each = |of: fn(&SearchEvidence) -> u64| {
        let sum: u64 = found.iter().map(of).sum();
        number(sum as f64 / found.len() as f64, 0)
    };
    let local = found.iter().filter(|of| of.not_cheaper == of.neighbours).count();
    let sure = found.iter().filter(|of| of.guaranteed).count();
    Some(format!(
        "searched ({}) priced {} policies an item, and glanced at {}. For {} of {} no neighbour a step \
         away is cheaper on the scenarios that were searched. Of the cheapest {}, on average, it took the \
         best on others: for {} it is the best of them, or within {}\u{a0}% of it, with a probability of \
         {}\u{a0}% or more.",
        first.method,
        each(|of| of.priced[0]),
        each(|of| of.priced[1]),
        count(local),
        several(found.len(), "item"),
        each(|of| of.finalists),
        count(sure),
        number(100.0 * report.indifference_share, 2),
        percent(report.selection_probability, 1),
    ))
}
