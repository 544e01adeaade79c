//! `parstock compare`: two finished runs beside each other.

use std::fmt::Write;
use std::path::Path;

use super::{CompareTable, Format, json};
use crate::compare::{Comparison, ItemLine, PlanLine, compare};
use crate::error::Error;
use crate::report::figures;
use crate::report::tables::Column::{self, Estimate, Flag, Number, Text};
use crate::report::tables::written;

const PLANS: &[Column<PlanLine>] = &[
    Text("plan", |line| line.plan.clone()),
    Number("cost_per_period_first", |line| line.cost[0]),
    Number("cost_per_period_second", |line| line.cost[1]),
    Estimate("cost_difference_per_period", |line| line.cost_difference),
    Number("stock_value_first", |line| line.stock_value[0]),
    Number("stock_value_second", |line| line.stock_value[1]),
    Estimate("stock_value_difference", |line| line.stock_value_difference),
    Number("fill_rate_first", |line| line.fill_rate[0]),
    Number("fill_rate_second", |line| line.fill_rate[1]),
    Estimate("fill_rate_difference", |line| line.fill_rate_difference),
];

const ITEMS: &[Column<ItemLine>] = &[
    Text("item", |line| line.item.clone()),
    Text("strategy_first", |line| line.strategy[0].clone()),
    Text("strategy_second", |line| line.strategy[1].clone()),
    Text("policy_first", |line| line.policy[0].clone()),
    Text("policy_second", |line| line.policy[1].clone()),
    Flag("policy_differs", |line| line.changed),
    Number("cost_per_period_first", |line| line.cost[0]),
    Number("cost_per_period_second", |line| line.cost[1]),
    Estimate("cost_difference_per_period", |line| line.difference),
];

const SETTINGS: &[Column<String>] = &[
    Text("setting", |line| line.split(": ").next().unwrap_or_default().to_owned()),
    Text("first_and_second", |line| {
        line.split_once(": ").map_or_else(String::new, |(_, rest)| rest.to_owned())
    }),
];

/// Items that are printed as text.
const SHOWN: usize = 10;
/// Settings that are printed as text.
const MOST_SETTINGS: usize = 40;

/// What the command prints.
///
/// # Errors
///
/// Those of [`compare`].
pub fn command(
    first: &Path,
    second: &Path,
    table: CompareTable,
    format: Format,
) -> Result<String, Error> {
    let found = compare(first, second)?;
    Ok(match (format, table) {
        (Format::Text, _) => text([first, second], &found),
        (Format::Json, _) => json(&found),
        (Format::Csv, CompareTable::Plans) => written(PLANS, &found.plans, false),
        (Format::Csv, CompareTable::Items) => written(ITEMS, &found.items, false),
        (Format::Csv, CompareTable::Settings) => written(SETTINGS, &found.settings, false),
    })
}

fn text(paths: [&Path; 2], found: &Comparison) -> String {
    let mut text = format!(
        "First: {}\nSecond: {}\nDifferences are the second less the first, over {} paired scenarios; \
         ± at {} %.\n\n",
        paths[0].display(),
        paths[1].display(),
        found.scenarios,
        figures::plain(100.0 * found.confidence_level)
    );
    settings(found, &mut text);
    plans(found, &mut text);
    items(found, &mut text);
    text
}

fn settings(found: &Comparison, text: &mut String) {
    if found.settings.is_empty() {
        text.push_str("The settings, the tables and the version are the same.\n\n");
        return;
    }
    text.push_str("What differs:\n");
    for line in found.settings.iter().take(MOST_SETTINGS) {
        let _ = writeln!(text, "  {}", figures::visible(line));
    }
    if found.settings.len() > MOST_SETTINGS {
        let more = found.settings.len() - MOST_SETTINGS;
        let _ = writeln!(text, "  … and {more} more; see --table settings --format csv");
    }
    text.push('\n');
}

fn plans(found: &Comparison, text: &mut String) {
    let _ = writeln!(
        text,
        "{:<27}{:>13}{:>11}{:>20}{:>13}{:>11}{:>18}{:>9}{:>8}{:>21}",
        "plan",
        format!("cost/{}", found.period),
        "second",
        "difference",
        "stock value",
        "second",
        "difference",
        "fill %",
        "second",
        "points"
    );
    for line in &found.plans {
        let points = |share: &crate::report::Interval| crate::report::Interval {
            mean: 100.0 * share.mean,
            low: 100.0 * share.low,
            high: 100.0 * share.high,
        };
        let _ = writeln!(
            text,
            "{:<27}{:>13}{:>11}{:>20}{:>13}{:>11}{:>18}{:>9}{:>8}{:>21}",
            line.plan,
            figures::number(line.cost[0], 2),
            figures::number(line.cost[1], 2),
            shown(&line.cost_difference),
            figures::number(line.stock_value[0], 0),
            figures::number(line.stock_value[1], 0),
            shown(&line.stock_value_difference),
            figures::percent(line.fill_rate[0], 1),
            figures::percent(line.fill_rate[1], 1),
            shown(&points(&line.fill_rate_difference)),
        );
    }
    text.push('\n');
}

/// A difference, with as many digits as it is known to.
fn shown(difference: &crate::report::Interval) -> String {
    figures::alone(difference).replace('\u{a0}', " ")
}

fn items(found: &Comparison, text: &mut String) {
    let changed = found.items.iter().filter(|line| line.changed).count();
    let _ = writeln!(
        text,
        "{changed} of {} items have another policy. Their costs differ most:",
        found.items.len()
    );
    for (names, which) in found.alone.iter().zip(["first", "second"]) {
        if !names.is_empty() {
            let some: Vec<String> =
                names.iter().take(3).map(|name| format!("`{}`", figures::visible(name))).collect();
            let more = if names.len() > 3 { ", …" } else { "" };
            let _ =
                writeln!(text, "Only in the {which}: {} ({}{more}).", names.len(), some.join(", "));
        }
    }
    let differ = found.items.iter().filter(|line| line.difference.mean != 0.0);
    for line in differ.take(SHOWN) {
        let [first, second] = &line.strategy;
        let [from, to] = &line.policy;
        let _ = writeln!(
            text,
            "  {:<28}{:>10} → {:<10}{:>18}  {first}: {from} → {second}: {to}",
            figures::short(&line.item, 28),
            figures::number(line.cost[0], 3),
            figures::number(line.cost[1], 3),
            shown(&line.difference),
        );
    }
    let rest = found.items.len().saturating_sub(SHOWN);
    if rest > 0 {
        let _ = writeln!(text, "All items: --table items --format csv");
    }
}
