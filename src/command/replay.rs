//! `parstock replay`: what each strategy would have cost on sales that nobody had seen.

use std::fmt::Write;

use cluster::Team;
use engine::student_quantile;
use serde::Serialize;

use super::check::read_study;
use super::{Format, ReplayArguments, folder_of, json, print};
use crate::error::Error;
use crate::inputs::Inputs;
use crate::replay::{ItemReplay, Replayed, replay};
use crate::report::figures;
use crate::report::tables::Column::{self, Number, Text};
use crate::report::tables::written;
use crate::study::Study;

/// A strategy over all items, as the model promised and as it came.
#[derive(Clone, Serialize)]
struct Line {
    /// Its name; `selected` for each item's own.
    strategy: &'static str,
    /// Items.
    items: usize,
    /// Mean cost on fresh scenarios \[currency/period\].
    promised_cost: f64,
    /// Cost on the real periods \[currency/period\].
    real_cost: f64,
    /// Half-width of the interval of the one less the other, if items are independent.
    half_width: f64,
    /// Share of demand met at once on fresh scenarios.
    promised_fill_rate: f64,
    /// The same on the real periods.
    real_fill_rate: f64,
    /// Average stock at unit cost on fresh scenarios \[currency\].
    promised_stock_value: f64,
    /// The same on the real periods.
    real_stock_value: f64,
}

const COLUMNS: &[Column<Line>] = &[
    Text("strategy", |line| line.strategy.to_owned()),
    Number("items", |line| line.items as f64),
    Number("promised_cost_per_period", |line| line.promised_cost),
    Number("real_cost_per_period", |line| line.real_cost),
    Number("real_less_promised_half_width", |line| line.half_width),
    Number("promised_fill_rate", |line| line.promised_fill_rate),
    Number("real_fill_rate", |line| line.real_fill_rate),
    Number("promised_stock_value", |line| line.promised_stock_value),
    Number("real_stock_value", |line| line.real_stock_value),
];

/// Replays the last part of the history, and lets one rank print.
///
/// # Errors
///
/// Everything that is wrong with the study or its tables, a history that is too short, or what ended the
/// team.
///
/// # Panics
///
/// Never: lines are plain values.
pub fn command(arguments: &ReplayArguments, team: &Team) -> Result<(), Error> {
    let study = read_study(&arguments.study, team)?;
    if study.family.name == "time-phased" {
        let reason = "strategies.policy: `time-phased` follows a plan of the year that comes, which a \
                      replay of the past does not have; choose another policy";
        return Err(Error::Usage(reason.to_owned()));
    }
    let inputs = Inputs::read(&study, folder_of(&arguments.study), team)?;
    let longest = inputs.history.periods;
    let periods = arguments.periods.unwrap_or_else(|| usual(&inputs));
    if periods == 0 || 2 * periods > longest {
        return Err(Error::Usage(format!(
            "--periods: `{periods}` of {longest} periods cannot be held out; hold out at least one and at \
             most half"
        )));
    }
    let (known, sales) = inputs.before(periods);
    if known.stock.is_empty() {
        return Err(Error::Usage(format!(
            "--periods: no item is known for long enough before the last {periods} periods; hold out fewer"
        )));
    }
    let replays = replay(&study, &known, &sales, periods, team)?;
    if !team.is_root() {
        return Ok(());
    }
    let lines = lines(&study, &known, &replays);
    print(&match arguments.format {
        Format::Text => text(&study, &inputs, &known, periods, &lines),
        Format::Json => json(&lines),
        Format::Csv => written(COLUMNS, &lines, false),
    })
}

/// A quarter of a year, or a quarter of the history if that is less.
fn usual(inputs: &Inputs) -> usize {
    let quarter = inputs.history.calendar.periods_per_year() / 4.0;
    (quarter.round() as usize).min(inputs.history.periods / 4).max(1)
}

fn lines(study: &Study, known: &Inputs, replays: &[ItemReplay]) -> Vec<Line> {
    let line = |strategy: &'static str, of: &dyn Fn(&ItemReplay) -> Replayed| {
        let each: Vec<Replayed> = replays.iter().map(of).collect();
        let sum = |value: fn(&Replayed) -> f64| each.iter().map(value).sum::<f64>();
        let value = |stock: fn(&Replayed) -> f64| {
            each.iter().zip(&known.stock).map(|(of, item)| item.unit_cost * stock(of)).sum::<f64>()
        };
        let share = |unmet: f64, demand: f64| if demand > 0.0 { 1.0 - unmet / demand } else { 1.0 };
        let count = each.len() as f64;
        let mean = (sum(|of| of.cost) - sum(|of| of.promised)) / count;
        let squares = each.iter().map(|of| (of.cost - of.promised - mean).powi(2)).sum::<f64>();
        let error = (squares / (count - 1.0).max(1.0) * count).sqrt();
        let level = study.file.report.confidence_level;
        let width = student_quantile(0.5 + 0.5 * level, (count - 1.0).max(1.0));
        Line {
            strategy,
            items: each.len(),
            promised_cost: sum(|of| of.promised),
            real_cost: sum(|of| of.cost),
            half_width: if each.len() > 1 { width * error } else { f64::NAN },
            promised_fill_rate: share(sum(|of| of.promised_unmet), sum(|of| of.promised_demand)),
            real_fill_rate: share(sum(|of| of.unmet), sum(|of| of.demand)),
            promised_stock_value: value(|of| of.promised_stock),
            real_stock_value: value(|of| of.stock),
        }
    };
    let strategies = study.strategies.iter().enumerate();
    let mut lines: Vec<Line> = strategies
        .map(|(place, strategy)| line(strategy.name, &|replay| replay.strategies[place]))
        .collect();
    lines.sort_by(|left, right| left.real_cost.total_cmp(&right.real_cost));
    lines.insert(0, line("selected", &|replay| replay.strategies[replay.recommended as usize]));
    lines
}

fn text(study: &Study, inputs: &Inputs, known: &Inputs, periods: usize, lines: &[Line]) -> String {
    let period = inputs.history.calendar.length().name();
    let (items, left_out) = (known.stock.len(), inputs.stock.len() - known.stock.len());
    let mut text = format!(
        "{}: {items} items; models and policies as of {}, replayed on the {periods} {period}s up to {}.\n",
        study.file.name,
        known.history.last_day(),
        inputs.history.last_day()
    );
    if left_out > 0 {
        let _ = writeln!(
            text,
            "Left out: {left_out} items that were not known for long enough before."
        );
    }
    let _ = writeln!(
        text,
        "\n{:<27}{:>13}{:>11}{:>22}{:>13}{:>7}{:>13}{:>11}",
        "strategy",
        "cost promised",
        "real",
        "real less promised",
        "fill % prom.",
        "real",
        "stock prom.",
        "real"
    );
    for line in lines {
        let difference = format!(
            "{} ± {}",
            figures::number(line.real_cost - line.promised_cost, 2),
            figures::number(line.half_width, 2)
        );
        let _ = writeln!(
            text,
            "{:<27}{:>13}{:>11}{difference:>22}{:>13}{:>7}{:>13}{:>11}",
            line.strategy,
            figures::number(line.promised_cost, 2),
            figures::number(line.real_cost, 2),
            figures::number(100.0 * line.promised_fill_rate, 1),
            figures::number(100.0 * line.real_fill_rate, 1),
            figures::number(line.promised_stock_value, 0),
            figures::number(line.real_stock_value, 0),
        );
    }
    text.push_str(
        "Costs are those of a period. Promised: on fresh scenarios of the model; real: on the sales that \
         came. The\nhalf-width takes items as independent, which they are not where all sell more at once.\n",
    );
    text
}
