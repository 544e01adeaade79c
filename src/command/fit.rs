//! `parstock fit`: what demand is foreseen of every item, by which models, and how well these would
//! have foreseen the past.

use std::convert::Infallible;
use std::path::Path;

use bytemuck::{Pod, Zeroable};
use cluster::{Table, Team};
use scenarios::backtest::Scores;
use scenarios::classes::Pattern;
use scenarios::forecast::{CATALOGUE, MOST_MEMBERS, Part};

use super::check::read_study;
use super::{FitArguments, FitTable, Format, folder_of, json, print, tell};
use crate::error::Error;
use crate::foresight::Foresight;
use crate::inputs::Inputs;
use crate::report::fans::{self, Fan};
use crate::study::Study;

mod lines;
mod tables;

use lines::{ItemLine, ModelLine, StepLine, TunedLine};

/// Levels of the quantiles that are told of what comes.
pub const QUANTILES: [f64; 7] = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
/// The most items that have a picture in the report.
const MOST_PICTURES: usize = 24;

/// What comes back about an item.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Answer {
    /// Models it is foreseen by, and how many.
    models: [u64; MOST_MEMBERS],
    members: u64,
    /// Mean demand of the window that comes \[units\].
    mean: f64,
    /// Its quantiles \[units\].
    quantiles: [f64; QUANTILES.len()],
}

/// What is foreseen of a period.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Step {
    mean: f64,
    quantiles: [f64; QUANTILES.len()],
}

/// What was learned by the earlier windows, judged in the later ones.
#[derive(Clone, Copy, Pod, Zeroable)]
#[repr(C)]
struct Judgement {
    scores: Scores,
    /// The same of the plain distribution.
    plain: Scores,
}

/// Everything that is known after the rounds.
struct Findings {
    items: Vec<ItemLine>,
    models: Vec<ModelLine>,
    steps: Vec<StepLine>,
    tuned: Vec<TunedLine>,
    about: String,
}

/// Forecasts and backtests every item, and lets one rank print.
///
/// # Errors
///
/// Everything that is wrong with the study or its tables, what ended the team, or a report that cannot
/// be written.
pub fn command(arguments: &FitArguments, team: &Team) -> Result<(), Error> {
    let mut study = read_study(&arguments.study, team)?;
    if let Some(windows) = arguments.windows {
        study.forecasting.windows = windows;
    }
    let inputs = Inputs::read(&study, folder_of(&arguments.study), team)?;
    let mut foresight = Foresight::learned(&study, &inputs, Part::Earlier, team)?;
    let judgements = rows(&inputs, "judged", team, 1, |row, cells| {
        cells[0] = Judgement { scores: foresight.judged(row), plain: foresight.plain(row) };
    })?;
    let pictured = match (&arguments.report, team.is_root()) {
        (Some(_), true) => pictured(&inputs, MOST_PICTURES),
        _ => Vec::new(),
    };
    let held_out: Vec<_> = pictured.iter().map(|row| foresight.held_out(*row)).collect();
    foresight.learn(Part::Later, team)?;
    let answers = rows(&inputs, "foreseen", team, 1, |row, cells| {
        cells[0] = answer(&foresight, row);
    })?;
    let steps = match arguments.table {
        FitTable::Forecasts => {
            let items = 0..inputs.stock.len();
            let longest = items.map(|row| foresight.window_periods(row)).max().unwrap_or(1);
            let steps = rows(&inputs, "foreseen", team, longest, |row, cells| {
                foresee_steps(&foresight, row, cells);
            })?;
            lines::steps(&inputs, &foresight, longest, &steps)
        }
        FitTable::Items | FitTable::Models | FitTable::Tuning => Vec::new(),
    };
    if !team.is_root() {
        return Ok(());
    }
    let findings = Findings {
        items: lines::items(&inputs, &foresight, &answers, &judgements),
        models: lines::models(&study, &foresight, &answers),
        steps,
        tuned: lines::tuned(&foresight),
        about: about(&study, &inputs),
    };
    if let Some(path) = &arguments.report {
        let fans: Vec<Fan> = pictured
            .into_iter()
            .zip(held_out)
            .map(|(row, held_out)| fan(&inputs, &foresight, &findings.items[row], row, held_out))
            .collect();
        write(path, &fans::page(&study.file.name, &tables::text(&findings), &fans))?;
    }
    print(&match arguments.format {
        Format::Text => tables::text(&findings),
        Format::Json => tables::json(&findings, arguments.table),
        Format::Csv => tables::csv(&findings, arguments.table),
    })
}

/// A table with `width` cells an item.
fn rows<T: Pod + Send>(
    inputs: &Inputs,
    what: &'static str,
    team: &Team,
    width: usize,
    work: impl Fn(usize, &mut [T]) + Sync + Send,
) -> Result<Vec<T>, Error> {
    let items = inputs.stock.len();
    let cells = team.rows(
        Table::new(items, width).named(what),
        || (),
        |row, cells, ()| {
            work(row, cells);
            Ok::<(), Infallible>(())
        },
    )?;
    Ok(cells)
}

fn answer(foresight: &Foresight<'_>, row: usize) -> Answer {
    let foreseen = foresight.foreseen(row);
    let mut answer = Answer {
        models: [0; MOST_MEMBERS],
        members: foreseen.models.len() as u64,
        mean: foreseen.quantum * foreseen.means.iter().sum::<f64>(),
        quantiles: QUANTILES.map(|level| foreseen.quantum * foreseen.paths.total(level)),
    };
    for (place, model) in answer.models.iter_mut().zip(&foreseen.models) {
        *place = *model as u64;
    }
    answer
}

fn foresee_steps(foresight: &Foresight<'_>, row: usize, cells: &mut [Step]) {
    let foreseen = foresight.foreseen(row);
    for (ahead, cell) in cells.iter_mut().take(foreseen.means.len()).enumerate() {
        let quantiles = foreseen.paths.quantiles(ahead, &QUANTILES);
        cell.mean = foreseen.quantum * foreseen.means[ahead];
        for (place, quantile) in cell.quantiles.iter_mut().zip(quantiles) {
            *place = foreseen.quantum * quantile;
        }
    }
}

fn about(study: &Study, inputs: &Inputs) -> String {
    let history = &inputs.history;
    let period = history.calendar.length().name();
    let windows = study.forecasting.windows;
    format!(
        "{}: {} items; demand of lead time and review, foreseen from the {period}s before it at up to \
         {windows} beginnings before {}. Models were chosen and corrected by the earlier half of \
         these windows and are judged in the later half.\n",
        study.file.name,
        inputs.stock.len(),
        history.last_day(),
    )
}

/// The items of each pattern that turn over most, as many in all.
fn pictured(inputs: &Inputs, most: usize) -> Vec<usize> {
    let each: Vec<(Pattern, f64)> = inputs
        .stock
        .iter()
        .map(|stocked| {
            let series = inputs.history.series.get(stocked.series);
            let units: f64 = series.units.iter().sum();
            (Pattern::of(&series), units * stocked.unit_cost.max(f64::MIN_POSITIVE))
        })
        .collect();
    let mut chosen = Vec::new();
    for wanted in Pattern::ALL {
        let all = 0..inputs.stock.len();
        let mut own: Vec<usize> = all.filter(|row| each[*row].0 == wanted).collect();
        own.sort_by(|l, r| each[*r].1.total_cmp(&each[*l].1).then(l.cmp(r)));
        chosen.extend(own.into_iter().take(most / Pattern::ALL.len() + 1));
    }
    chosen.truncate(most);
    chosen
}

/// The picture of an item: its history, the last window as it was foreseen, and what comes.
fn fan(
    inputs: &Inputs,
    foresight: &Foresight<'_>,
    line: &ItemLine,
    row: usize,
    held_out: Option<(usize, Vec<Vec<f64>>)>,
) -> Fan {
    let series = inputs.history.series.get(inputs.stock[row].series);
    let calendar = &inputs.history.calendar;
    let foreseen = foresight.foreseen(row);
    let bands = (0..foreseen.means.len())
        .map(|ahead| foreseen.paths.quantiles(ahead, &fans::LEVELS))
        .map(|band| band.into_iter().map(|units| foreseen.quantum * units).collect());
    let models: Vec<String> = foreseen
        .models
        .iter()
        .zip(&foreseen.parameters)
        .map(|(model, parameters)| lines::with_parameters(CATALOGUE[*model].name, parameters))
        .collect();
    Fan {
        item: line.item.clone(),
        words: format!(
            "{} demand; foreseen by {}. {}",
            line.pattern,
            models.join("; "),
            lines::why(line)
        ),
        dates: (0..series.units.len() + foreseen.means.len())
            .map(|period| calendar.start_of(series.first + period).to_string())
            .collect(),
        units: series.units,
        seen: series.observed,
        held_out,
        ahead: bands.collect(),
    }
}

fn write(path: &Path, page: &str) -> Result<(), Error> {
    crate::folder::replace(path, page.as_bytes())?;
    tell(format_args!("report: {}", path.display()));
    Ok(())
}
