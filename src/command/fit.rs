//! `parstock fit`: the demand model of every item, and how well it would have foreseen the past.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Write;

use bytemuck::{Pod, Zeroable};
use cluster::Team;
use scenarios::backtest::{INTERVALS, Scores, backtest};
use scenarios::classes::Pattern;
use scenarios::{DemandModel, FitOptions, fit};
use serde::Serialize;

use super::check::read_study;
use super::{FitArguments, Format, folder_of, print};
use crate::error::Error;
use crate::inputs::Inputs;
use crate::progress::Progress;
use crate::report::{figures, tables};

/// What comes back about an item.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Answer {
    /// The model it has at the end of its history.
    model: [u64; 3],
    /// Mean demand of that \[units/period\].
    mean: f64,
    scores: Scores,
}

/// What is said of an item, or of items that are alike.
#[derive(Serialize)]
struct Line {
    /// Name of the item; empty for a sum.
    item: String,
    pattern: &'static str,
    /// The model it has at the end of its history; empty for a sum.
    demand_model: String,
    mean_units_per_period: f64,
    /// Periods of a window: lead time and review; 0 for a sum.
    window_periods: usize,
    windows: f64,
    crps_share: f64,
    skill_over_past: f64,
    bias_share: f64,
    coverage: [f64; INTERVALS.len()],
    #[serde(skip)]
    scores: Scores,
}

impl Line {
    fn of(item: &str, pattern: Pattern, scores: Scores) -> Line {
        Line {
            item: item.to_owned(),
            pattern: pattern.name(),
            demand_model: String::new(),
            mean_units_per_period: 0.0,
            window_periods: 0,
            windows: scores.windows,
            crps_share: scores.crps_share(),
            skill_over_past: scores.skill(),
            bias_share: scores.bias(),
            coverage: scores.coverage(),
            scores,
        }
    }
}

/// Fits and backtests every item, and lets one rank print.
///
/// # Errors
///
/// Everything that is wrong with the study or its tables, or what ended the team.
///
/// # Panics
///
/// Never: lines are plain values.
pub fn command(arguments: &FitArguments, team: &Team) -> Result<(), Error> {
    let study = read_study(&arguments.study, team)?;
    let inputs = Inputs::read(&study, folder_of(&arguments.study), team)?;
    let (history, items) = (&inputs.history, &inputs.stock);
    let length = |row: usize| study.events.protection_periods(&items[row].item);
    let progress = Progress::new("items", team.rows_here(items.len()), team.is_root());
    let answers: Vec<Answer> = team.rows(
        items.len(),
        1,
        || (),
        || progress.finished(),
        |row, cells, ()| {
            let series = &history.series[items[row].series];
            let seed = study.file.seed;
            let model = fit(series, history, FitOptions::of(&history.calendar));
            cells[0] = Answer {
                model: model.code(),
                mean: model.quantum * model.mean(),
                scores: backtest(series, history, seed, length(row), arguments.windows),
            };
            Ok::<(), Infallible>(())
        },
    )?;
    drop(progress);
    if !team.is_root() {
        return Ok(());
    }
    let lines: Vec<Line> = (0..items.len())
        .map(|row| {
            let Answer { model, mean, scores } = answers[row];
            let pattern = Pattern::of(&history.series[items[row].series]);
            Line {
                demand_model: DemandModel::describe(model),
                mean_units_per_period: mean,
                window_periods: length(row),
                ..Line::of(&items[row].item.name, pattern, scores)
            }
        })
        .collect();
    let period = history.calendar.length().name();
    let last = history.last_day();
    match arguments.format {
        Format::Text => {
            let about = format!(
                "{}: {} items; demand of up to {} windows of lead time and review before {last}, \
                 each foreseen from the {period}s before it.\n",
                study.file.name,
                items.len(),
                arguments.windows
            );
            print(&(about + &text(&lines)))
        }
        Format::Json => {
            let text = serde_json::to_string_pretty(&lines).expect("lines are plain values");
            print(&(text + "\n"))
        }
        Format::Csv => print(&csv(&lines)),
    }
}

/// The sums of items that are alike, and the models that were chosen.
fn text(lines: &[Line]) -> String {
    const PATTERNS: [Pattern; 5] =
        [Pattern::Smooth, Pattern::Erratic, Pattern::Intermittent, Pattern::Lumpy, Pattern::None];
    let mut text = format!(
        "\n{:<14}{:>7}{:>9}{:>9}{:>8}{:>8}",
        "demand", "items", "windows", "CRPS %", "skill %", "bias %"
    );
    for level in INTERVALS {
        let _ = write!(text, "{:>8}", format!("in {:.0} %", 100.0 * level));
    }
    text.push('\n');
    let mut row = |name: &str, alike: &[&Line]| {
        let sum = alike.iter().map(|line| line.scores).fold(Scores::default(), Scores::plus);
        let per_cent = |share: f64| figures::number(100.0 * share, 1);
        let _ = write!(
            text,
            "{name:<14}{:>7}{:>9}{:>9}{:>8}{:>8}",
            alike.len(),
            sum.windows,
            per_cent(sum.crps_share()),
            per_cent(sum.skill()),
            per_cent(sum.bias())
        );
        for covered in sum.coverage() {
            let _ = write!(text, "{:>8}", per_cent(covered));
        }
        text.push('\n');
    };
    for pattern in PATTERNS {
        let alike: Vec<&Line> =
            lines.iter().filter(|line| line.pattern == pattern.name()).collect();
        if !alike.is_empty() {
            let name = if pattern == Pattern::None { "never seen" } else { pattern.name() };
            row(name, &alike);
        }
    }
    row("all", &lines.iter().collect::<Vec<_>>());
    text.push_str(
        "CRPS: continuous ranked probability score, of the demand; skill: how much lower it is than \
         that of the\nitem's own past windows, each as probable; bias: expected less sold; in 80 %: \
         windows within the central\n80 % interval.\n\n",
    );
    let mut models: BTreeMap<&str, usize> = BTreeMap::new();
    for line in lines {
        *models.entry(&line.demand_model).or_default() += 1;
    }
    let mut models: Vec<(&str, usize)> = models.into_iter().collect();
    models.sort_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
    text.push_str("items  demand model\n");
    for (model, items) in models {
        let _ = writeln!(text, "{items:>5}  {model}");
    }
    text
}

/// A line an item.
fn csv(lines: &[Line]) -> String {
    const MEMORY: &str = "memory takes every row";
    let mut writer = csv::Writer::from_writer(Vec::new());
    let names = [
        "item",
        "demand_pattern",
        "demand_model",
        "demand_mean_units_per_period",
        "window_periods",
        "windows",
        "crps_share",
        "skill_over_past",
        "bias_share",
    ];
    let covered = INTERVALS.map(|level| format!("coverage_{:.0}", 100.0 * level));
    let header = names.map(str::to_owned).into_iter().chain(covered);
    writer.write_record(header).expect(MEMORY);
    for line in lines {
        let numbers = [
            line.mean_units_per_period,
            line.window_periods as f64,
            line.windows,
            line.crps_share,
            line.skill_over_past,
            line.bias_share,
        ];
        let words = [&line.item, line.pattern, &line.demand_model];
        let words = words.map(|word| tables::harmless(word.to_owned()));
        let numbers = numbers.into_iter().chain(line.coverage).map(tables::number);
        writer.write_record(words.into_iter().chain(numbers)).expect(MEMORY);
    }
    let bytes = writer.into_inner().expect(MEMORY);
    String::from_utf8(bytes).expect("every cell is text")
}
