//! What was done to the sales and how good they are, as tables.

use std::fmt::Write;

use scenarios::History;
use scenarios::cleaning::{Change, Kind, Quality};
use serde::Serialize;

use crate::inputs::factor;
use crate::report::figures;
use crate::report::quality::{self as quality_table, QualityLine};
use crate::report::tables::Column::{self, Number, Optional, Text};

/// A line of the ledger.
#[derive(Serialize)]
pub(super) struct ChangeLine {
    /// Name of the item.
    item: String,
    /// What was found.
    finding: &'static str,
    /// First day it was found on.
    from: String,
    /// First day of the last of its periods.
    to: String,
    /// How many rows or periods it was found in.
    count: usize,
    /// `rows` or `periods`.
    counted: &'static str,
    /// Units in the table.
    units_in_table: Option<f64>,
    /// Units that are used.
    units_used: Option<f64>,
    /// How many times too many, where units are mistaken.
    factor: String,
}

/// Columns of the ledger.
pub(super) const CHANGES: &[Column<ChangeLine>] = &[
    Text("item", |line| line.item.clone()),
    Text("finding", |line| line.finding.to_owned()),
    Text("from", |line| line.from.clone()),
    Text("to", |line| line.to.clone()),
    Number("count", |line| line.count as f64),
    Text("counted", |line| line.counted.to_owned()),
    Optional("units_in_table", |line| line.units_in_table),
    Optional("units_used", |line| line.units_used),
    Text("factor", |line| line.factor.clone()),
];

pub(super) fn changes(history: &History) -> Vec<ChangeLine> {
    let line = |change: &Change| ChangeLine {
        item: history.series.name(change.series).to_owned(),
        finding: change.kind.name(),
        from: change.from.to_string(),
        to: change.to.to_string(),
        count: change.count,
        counted: if change.kind.is_of_rows() { "rows" } else { "periods" },
        units_in_table: change.found,
        units_used: change.used,
        factor: change.factor.map_or(String::new(), factor),
    };
    history.changes.iter().map(line).collect()
}

pub(super) fn quality(history: &History) -> Vec<QualityLine> {
    let lines = history.series.names().zip(&history.quality);
    lines.map(|(item, quality)| QualityLine::of(item.to_owned(), quality)).collect()
}

/// Of all items together.
pub(super) fn overall(history: &History) -> Quality {
    history.quality.iter().copied().fold(Quality::default(), Quality::plus)
}

/// The overall shares in a sentence.
pub(super) fn sentence(history: &History) -> String {
    let all = overall(history);
    let percent = |share: f64| figures::number(100.0 * share, 1);
    let shares = [all.completeness(), all.timeliness(), all.accuracy()].map(percent);
    format!("data: {}", quality_table::sentence(shares, history.calendar.length().name()))
}

/// The ledger in sums.
pub(super) fn changes_in_words(history: &History) -> String {
    let mut text = format!(
        "{:<14}{:>9}{:>11}{:>16}{:>16}\n",
        "finding", "items", "count", "units in table", "units used"
    );
    for kind in Kind::ALL {
        let own = || history.changes.iter().filter(move |change| change.kind == kind);
        if own().next().is_none() {
            continue;
        }
        let mut items: Vec<usize> = own().map(|change| change.series).collect();
        items.dedup();
        let sum = |units: fn(&Change) -> Option<f64>| {
            let known: Vec<f64> = own().filter_map(units).collect();
            match known.is_empty() {
                true => figures::NONE.to_owned(),
                false => figures::number(known.iter().sum(), 0),
            }
        };
        let count: usize = own().map(|change| change.count).sum();
        let what = if kind.is_of_rows() { "rows" } else { "periods" };
        let _ = writeln!(
            text,
            "{:<14}{:>9}{count:>11} {what:<7}{:>8}{:>16}",
            kind.name(),
            items.len(),
            sum(|change| change.found),
            sum(|change| change.used),
        );
    }
    text + "`--format csv` has a line for each.\n"
}

/// Items shown of those that are worst.
const SHOWN: usize = 20;

/// How good the sales are: all, and the items that are worst.
pub(super) fn quality_in_words(history: &History) -> String {
    let all = overall(history);
    let mut text = format!(
        "{:<24}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}\n",
        "item",
        "periods",
        "complete",
        "timely",
        "accurate",
        "missing",
        "sold out",
        "returns",
        "units",
        "outliers"
    );
    line(&mut text, "all", &all);
    let worst = |quality: &Quality| {
        quality.completeness().min(quality.timeliness()).min(quality.accuracy())
    };
    let mut order: Vec<usize> = (0..history.quality.len()).collect();
    order.retain(|place| worst(&history.quality[*place]) < 1.0);
    order.sort_by(|l, r| worst(&history.quality[*l]).total_cmp(&worst(&history.quality[*r])));
    for place in order.iter().take(SHOWN) {
        line(&mut text, history.series.name(*place), &history.quality[*place]);
    }
    text.push_str(
        "complete: periods that say how much was demanded; timely: up to the last with a row; accurate: \
         neither\nnegative, nor in another unit, nor far above the usual, all in per cent. ",
    );
    if order.len() > SHOWN {
        let _ = write!(text, "The worst {SHOWN} of {}; ", order.len());
    }
    text + "`--format csv` has every item.\n"
}

fn line(text: &mut String, name: &str, quality: &Quality) {
    let percent = |share: f64| figures::number(100.0 * share, 1);
    let mut name: String = crate::table::shown(name);
    if name.chars().count() > 23 {
        name = name.chars().take(22).chain(['…']).collect();
    }
    let _ = writeln!(
        text,
        "{name:<24}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}{:>9}",
        quality.periods,
        percent(quality.completeness()),
        percent(quality.timeliness()),
        percent(quality.accuracy()),
        quality.missing,
        quality.sold_out,
        quality.returns,
        quality.unit_mistakes,
        quality.outliers,
    );
}
