//! The report as CSV, one table for each of its lists.
//!
//! Every figure is written in the shortest form that reads back as the same bits, next to
//! the ends of its interval; units are in the header. Text that a spreadsheet would take
//! for a formula gets a leading `'` unless the caller wants it raw (CWE-1236). Numbers are
//! never touched: −5 stays a number.

use std::borrow::Borrow;
use std::io::{self, Write};

use super::drivers::{EXPLANATIONS, explained};
use super::order_plan::{DELIVERIES, ORDER_PLAN, TRANSFERS};
use super::programmed::PROGRAM;
use super::quality::QUALITY;
use super::replayed::REPLAY;
use super::service::{FRONTIER, SCENARIOS, SERVICE};
use super::{
    FailureLine, Interval, ItemMeasures, ParameterValue, Recommendation, Report, StrategyLine,
    SupplierLine,
};
use Column::{Estimate, Flag, Number, Optional, OptionalEstimate, Text};

/// The names that [`write()`] understands.
pub const TABLES: [&str; 15] = [
    "recommendations",
    "failures",
    "strategies",
    "items",
    "suppliers",
    "program",
    "order_plan",
    "order_plan_suppliers",
    "order_plan_transfers",
    "quality",
    "explanations",
    "replay",
    "frontier",
    "service",
    "scenarios",
];

/// Writes the table of that name, as it is made.
///
/// Text that a spreadsheet would compute is marked as text unless it is to be `raw`.
///
/// # Errors
///
/// If `out` fails, or there is no such table.
pub fn write(report: &Report, which: &str, raw: bool, out: &mut dyn Write) -> io::Result<()> {
    let plan = report.order_plan.as_ref();
    match which {
        "recommendations" => lines(RECOMMENDATIONS, &report.recommendations, raw, out),
        "failures" => lines(FAILURES, &report.failures, raw, out),
        "strategies" => lines(STRATEGIES, &report.strategies, raw, out),
        "items" => lines(ITEMS, report.measures.iter(), raw, out),
        "suppliers" => lines(SUPPLIERS, &report.suppliers, raw, out),
        "program" => {
            let ways = report.programmed.as_ref().map_or(&[][..], |ways| &ways.lines);
            lines(PROGRAM, ways, raw, out)
        }
        "order_plan" => lines(ORDER_PLAN, plan.map_or(&[][..], |plan| &plan.lines), raw, out),
        "order_plan_suppliers" => {
            lines(DELIVERIES, plan.map_or(&[][..], |plan| &plan.suppliers), raw, out)
        }
        "order_plan_transfers" => {
            lines(TRANSFERS, plan.map_or(&[][..], |plan| &plan.transfers), raw, out)
        }
        "quality" => lines(QUALITY, &report.quality, raw, out),
        "explanations" => lines(EXPLANATIONS, explained(report), raw, out),
        "replay" => {
            let replayed = report.replay.as_ref().map_or(&[][..], |replay| &replay.lines);
            lines(REPLAY, replayed, raw, out)
        }
        "frontier" => lines(FRONTIER, &report.curves, raw, out),
        "service" => {
            let exchanged = report.exchange.as_ref().map_or(&[][..], |exchange| &exchange.lines);
            lines(SERVICE, exchanged, raw, out)
        }
        "scenarios" => lines(SCENARIOS, &report.futures, raw, out),
        _ => Err(io::Error::other(format!("there is no table `{which}`"))),
    }
}

/// Columns of `failures.csv`.
const FAILURES: &[Column<FailureLine>] =
    &[Text("item", |line| line.item.clone()), Text("reason", |line| line.reason.clone())];

/// A column of a table: its name and where its values come from.
pub(crate) enum Column<Line> {
    /// Words.
    Text(&'static str, fn(&Line) -> String),
    /// One number.
    Number(&'static str, fn(&Line) -> f64),
    /// A number that may not be known: nothing then.
    Optional(&'static str, fn(&Line) -> Option<f64>),
    /// Three numbers: `name`, `name_low` and `name_high`.
    Estimate(&'static str, fn(&Line) -> Interval),
    /// The same where it may not be known: three empty cells then.
    OptionalEstimate(&'static str, fn(&Line) -> Option<Interval>),
    /// `true` or `false`.
    Flag(&'static str, fn(&Line) -> bool),
}

const RECOMMENDATIONS: &[Column<Recommendation>] = &[
    Text("item", |line| line.item.clone()),
    Text("category", |line| line.category.clone()),
    Text("value_class", |line| line.value_class.to_string()),
    Text("variability_class", |line| line.variability_class.to_string()),
    Text("demand_pattern", |line| line.pattern.to_string()),
    Text("life", |line| line.life.to_string()),
    Text("season", |line| line.season.to_string()),
    Text("supplier", |line| line.supplier.clone()),
    Text("strategy", |line| line.strategy.clone()),
    Text("policy", |line| line.policy.to_string()),
    Text("parameters", |line| joined(&line.parameters)),
    Text("parameters_together", |line| joined(&line.together)),
    Number("safety_stock_units", |line| line.safety_stock),
    Estimate("cost_per_period", |line| line.cost),
    Optional("exact_cost_per_period", |line| line.exact_cost),
    Optional("optimal_cost_per_period", |line| line.optimal_cost),
    Estimate("fill_rate", |line| line.fill_rate),
    Number("ready_rate", |line| line.ready_rate),
    Estimate("stock_units", |line| line.stock_units),
    Number("stock_value", |line| line.stock_value),
    Number("orders_per_period", |line| line.orders),
    Text("runner_up", |line| line.runner_up.to_string()),
    Estimate("saving_over_runner_up_per_period", |line| line.saving),
    Flag("saving_is_significant", |line| line.significant),
    Flag("saving_is_significant_in_class", |line| line.discovered),
    Text("not_worse_strategies", |line| line.not_worse.join(" ")),
    Flag("selection_is_guaranteed", |line| line.guaranteed),
    Number("selection_scenarios", |line| line.selection_scenarios as f64),
    Text("demand_model", |line| line.demand_model.clone()),
    Number("demand_mean_units_per_period", |line| line.demand_mean),
    Number("demand_deviation_units_per_period", |line| line.demand_deviation),
    Text("note", |line| line.note.clone()),
];

const STRATEGIES: &[Column<StrategyLine>] = &[
    Text("strategy", |line| line.strategy.to_string()),
    Text("summary", |line| line.summary.to_string()),
    Estimate("cost_per_period", |line| line.cost),
    Number("holding_cost_per_period", |line| line.holding_cost),
    Number("order_cost_per_period", |line| line.order_cost),
    Number("shortage_cost_per_period", |line| line.shortage_cost),
    Number("purchase_cost_per_period", |line| line.purchase_cost),
    Number("waste_cost_per_period", |line| line.waste_cost),
    Estimate("fill_rate", |line| line.fill_rate),
    Estimate("stock_units", |line| line.stock_units),
    Estimate("stock_value", |line| line.stock_value),
    Number("orders_per_period", |line| line.orders),
    Estimate("difference_to_cheapest_per_period", |line| line.difference),
    Text("verdict", |line| line.verdict.to_string()),
    Number("recommended_for_items", |line| line.recommended_for as f64),
];

const ITEMS: &[Column<ItemMeasures>] = &[
    Text("item", |line| line.item.clone()),
    Text("strategy", |line| line.strategy.to_string()),
    Text("policy", |line| line.policy.to_string()),
    Text("parameters", |line| joined(&line.parameters)),
    Estimate("cost_per_period", |line| line.cost),
    Number("cost_per_period_p05", |line| line.cost_p05),
    Number("cost_per_period_p95", |line| line.cost_p95),
    Number("cost_per_period_cvar95", |line| line.cost_cvar95),
    Number("holding_cost_per_period", |line| line.holding_cost),
    Number("order_cost_per_period", |line| line.order_cost),
    Number("shortage_cost_per_period", |line| line.shortage_cost),
    Number("purchase_cost_per_period", |line| line.purchase_cost),
    Number("waste_cost_per_period", |line| line.waste_cost),
    Estimate("fill_rate", |line| line.fill_rate),
    Number("ready_rate", |line| line.ready_rate),
    Number("cycle_service", |line| line.cycle_service),
    Number("peak_stock_units", |line| line.peak_stock_units),
    Number("lost_units_per_period", |line| line.lost_units),
    Number("wasted_units_per_period", |line| line.wasted_units),
    Number("expedited_units_per_period", |line| line.expedited_units),
    Estimate("stock_units", |line| line.stock_units),
    Number("stock_value", |line| line.stock_value),
    Number("orders_per_period", |line| line.orders),
    Estimate("difference_to_recommended_per_period", |line| line.difference),
];

const SUPPLIERS: &[Column<SupplierLine>] = &[
    Text("supplier", |line| line.supplier.clone()),
    Number("items", |line| line.items as f64),
    Number("order_factor", |line| line.order_factor),
    Number("cover_periods", |line| line.cover_periods),
    Optional("joins_at_share", |line| line.joins_at_share),
    Estimate("cost_per_period", |line| line.cost),
    Estimate("cost_alone_per_period", |line| line.cost_alone),
    Estimate("saving_per_period", |line| line.saving),
    Estimate("fill_rate", |line| line.fill_rate),
    Estimate("stock_value", |line| line.stock_value),
    Number("orders_per_period", |line| line.orders),
    Number("orders_alone_per_period", |line| line.orders_alone),
    Number("lines_per_period", |line| line.lines),
    Number("waited_share", |line| line.waited),
    Number("bound_share", |line| line.bound),
];

impl<Line> Column<Line> {
    fn names(&self) -> Vec<String> {
        match self {
            Text(name, _) | Number(name, _) | Optional(name, _) | Flag(name, _) => {
                vec![(*name).to_string()]
            }
            Estimate(name, _) | OptionalEstimate(name, _) => {
                ["", "_low", "_high"].map(|end| format!("{name}{end}")).to_vec()
            }
        }
    }

    fn values(&self, line: &Line, raw: bool) -> Vec<String> {
        match self {
            Text(_, value) if raw => vec![value(line)],
            Text(_, value) => vec![harmless(value(line))],
            Number(_, value) => vec![number(value(line))],
            Optional(_, value) => vec![value(line).map_or_else(String::new, number)],
            Estimate(_, value) => {
                let Interval { mean, low, high } = value(line);
                [mean, low, high].map(number).to_vec()
            }
            OptionalEstimate(_, value) => match value(line) {
                Some(Interval { mean, low, high }) => [mean, low, high].map(number).to_vec(),
                None => vec![String::new(); 3],
            },
            Flag(_, value) => vec![value(line).to_string()],
        }
    }
}

/// The header and a row for each line.
pub(crate) fn written<Line>(columns: &[Column<Line>], of: &[Line], raw: bool) -> String {
    const MEMORY: &str = "memory takes every row";
    let mut bytes = Vec::new();
    lines(columns, of, raw, &mut bytes).expect(MEMORY);
    String::from_utf8(bytes).expect("every cell is text")
}

/// Writes the header and a row for each line.
fn lines<Line>(
    columns: &[Column<Line>],
    lines: impl IntoIterator<Item = impl Borrow<Line>>,
    raw: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    writer.write_record(columns.iter().flat_map(Column::names))?;
    for line in lines {
        let values = columns.iter().flat_map(|column| column.values(line.borrow(), raw));
        writer.write_record(values)?;
    }
    writer.flush()
}

/// The shortest form that reads back as the same number; empty if it is none.
pub(crate) fn number(value: f64) -> String {
    if value.is_finite() { value.to_string() } else { String::new() }
}

/// `min=21;max=48`.
fn joined(parameters: &[ParameterValue]) -> String {
    let parts: Vec<String> = parameters
        .iter()
        .map(|parameter| format!("{}={}", parameter.name, number(parameter.value)))
        .collect();
    parts.join(";")
}

/// The text, marked as text where a spreadsheet would compute it.
pub(crate) fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn table(report: &Report, which: &str, raw: bool) -> String {
        let mut bytes = Vec::new();
        write(report, which, raw, &mut bytes).expect("a known table");
        String::from_utf8(bytes).expect("text")
    }

    fn cells(text: &str) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        reader
            .records()
            .map(|record| record.expect("a row").iter().map(str::to_string).collect())
            .collect()
    }

    #[test]
    fn every_table_is_rectangular_even_when_empty() {
        for (report, lines) in [(sample::report(9), 9), (sample::report(0), 0)] {
            for which in TABLES {
                let rows = cells(&table(&report, which, false));
                let by_item =
                    ["recommendations", "items", "quality", "explanations"].contains(&which);
                assert!(!by_item || rows.len() == lines + 1, "{which}");
                assert!(rows.iter().all(|row| row.len() == rows[0].len()), "{which}");
            }
        }
        assert!(write(&sample::report(1), "recipes", false, &mut Vec::new()).is_err());
    }

    #[test]
    fn formulas_become_text_and_names_survive() {
        let report = sample::report(9);
        let names = |raw| -> Vec<String> {
            cells(&table(&report, "recommendations", raw))
                .into_iter()
                .skip(1)
                .map(|mut row| row.remove(0))
                .collect()
        };
        for (line, (marked, raw)) in
            report.recommendations.iter().zip(names(false).iter().zip(names(true)))
        {
            assert_eq!(raw, line.item);
            let formula = line.item.starts_with('=');
            assert_eq!(*marked, if formula { format!("'{}", line.item) } else { raw });
        }
    }

    #[test]
    fn numbers_read_back_bit_for_bit_and_stay_numbers() {
        let report = sample::report(1);
        let rows = cells(&table(&report, "items", false));
        let value = |name: &str| {
            let column = rows[0].iter().position(|header| header == name).expect("a column");
            rows[1][column].parse::<f64>().expect("a number")
        };
        assert_eq!(value("cost_per_period"), 0.1 + 0.2);
        assert_eq!(
            value("cost_per_period_low"),
            report.measures.iter().next().expect("a line").cost.low
        );
        assert_eq!(value("difference_to_recommended_per_period"), -5.0);
    }

    #[test]
    fn each_first_character_that_starts_a_formula_is_marked() {
        for text in ["=1", "+1", "-1", "@x", "\tx", "\rx", "\0x"] {
            assert_eq!(harmless(text.to_string()), format!("'{text}"));
        }
        assert_eq!(harmless("5-1".to_string()), "5-1");
        assert_eq!(number(f64::NAN), "");
    }
}
