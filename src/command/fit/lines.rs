//! What is said of items, models and periods.

use scenarios::backtest::{INTERVALS, LEVELS, Scores};
use scenarios::classes::Pattern;
use scenarios::forecast::CATALOGUE;
use serde::Serialize;

use super::{Answer, Judgement, QUANTILES, Step};
use crate::foresight::Foresight;
use crate::inputs::Inputs;
use crate::study::Study;

/// What is said of an item.
#[derive(Serialize)]
pub(super) struct ItemLine {
    /// Name.
    pub item: String,
    /// How its demand arrives.
    pub pattern: &'static str,
    /// Models it is foreseen by, the best first.
    pub models: Vec<&'static str>,
    /// Periods of a window: lead time and review.
    pub window_periods: usize,
    /// Mean demand of the window that comes \[units\].
    pub mean_units: f64,
    /// Its quantiles \[units\].
    pub quantile_units: [f64; QUANTILES.len()],
    /// Windows it was judged in.
    pub windows: f64,
    /// Scores in these.
    #[serde(flatten)]
    pub shares: Shares,
    /// Continuous ranked probability score of the plain distribution, as a share of demand.
    pub plain_crps_share: f64,
    /// What is odd about its history, or about how it was judged; empty if nothing.
    pub note: String,
    /// Sums, for totals.
    #[serde(skip)]
    pub scores: Scores,
    /// Sums of the plain distribution.
    #[serde(skip)]
    pub plain: Scores,
}

/// Scores as shares.
#[derive(Serialize)]
pub(super) struct Shares {
    /// Continuous ranked probability score as a share of demand.
    pub crps_share: f64,
    /// How much lower that is than of the item's own past windows.
    pub skill_over_past: f64,
    /// Expected less sold, as a share of demand.
    pub bias_share: f64,
    /// Mean absolute scaled error of a period.
    pub mase: f64,
    /// Root mean squared scaled error of a period.
    pub rmsse: f64,
    /// Pinball losses as shares of demand, by level.
    pub pinball_share: [f64; LEVELS.len()],
    /// Windows within the central interval, by level.
    pub coverage: [f64; INTERVALS.len()],
    /// Cost of stock that covers a window \[currency/window\].
    pub cost_per_window: f64,
    /// How much lower that is than of stock by the item's own past windows.
    pub saving_over_past: f64,
}

impl Shares {
    /// The scores as shares.
    pub(super) fn of(scores: &Scores) -> Shares {
        Shares {
            crps_share: scores.crps_share(),
            skill_over_past: scores.skill(),
            bias_share: scores.bias(),
            mase: scores.mase(),
            rmsse: scores.rmsse(),
            pinball_share: scores.pinball_share(),
            coverage: scores.coverage(),
            cost_per_window: scores.cost / scores.windows,
            saving_over_past: scores.saving(),
        }
    }
}

/// What is said of a model.
#[derive(Serialize)]
pub(super) struct ModelLine {
    /// Name.
    pub model: &'static str,
    /// What it is.
    pub summary: &'static str,
    /// Items it helps to foresee.
    pub items: usize,
    /// How many times the loss of the plain distribution its is; none if it was not tried.
    pub loss_ratio: Option<f64>,
}

/// What is said of a period that comes.
#[derive(Serialize)]
pub(super) struct StepLine {
    /// Name of the item.
    pub item: String,
    /// First day of the period.
    pub date: String,
    /// Expected demand \[units\].
    pub mean_units: f64,
    /// Its quantiles \[units\].
    pub quantile_units: [f64; QUANTILES.len()],
}

/// What is said of a model whose options were searched for.
#[derive(Serialize)]
pub(super) struct TunedLine {
    /// Name of the model.
    pub model: &'static str,
    /// Items it is set for: those with this pattern of demand.
    pub pattern: &'static str,
    /// How many of these it was tried on.
    pub items: usize,
    /// Settings that were tried.
    pub trials: usize,
    /// The best of them.
    pub options: String,
    /// How much less it lost than what each item estimates, in standard deviations of demand.
    pub gain: f64,
    /// Standard error of that.
    pub gain_error: f64,
    /// Whether it is set: it gains more than its standard error.
    pub set: bool,
}

pub(super) fn tuned(foresight: &Foresight<'_>) -> Vec<TunedLine> {
    let line = |found: &scenarios::forecast::tuning::Found| {
        let options = CATALOGUE[found.model].options.iter().enumerate();
        let values = options.filter_map(|(at, option)| Some((option.name, found.best.get(at)?)));
        TunedLine {
            model: CATALOGUE[found.model].name,
            pattern: Pattern::ALL[found.group].name(),
            items: found.items,
            trials: found.trials,
            options: listed(&values.collect::<Vec<_>>()),
            gain: -found.excess,
            gain_error: found.error,
            set: !found.setting().is_own(),
        }
    };
    foresight.found().iter().map(line).collect()
}

pub(super) fn items(
    inputs: &Inputs,
    foresight: &Foresight<'_>,
    answers: &[Answer],
    judgements: &[Judgement],
) -> Vec<ItemLine> {
    let line = |row: usize| {
        let (stocked, answer) = (&inputs.stock[row], &answers[row]);
        let Judgement { scores, plain } = judgements[row];
        let models = &answer.models[..answer.members as usize];
        ItemLine {
            item: stocked.item.name.clone(),
            pattern: Pattern::of(&inputs.history.series.get(stocked.series)).name(),
            models: models.iter().map(|model| CATALOGUE[*model as usize].name).collect(),
            window_periods: foresight.window_periods(row),
            mean_units: answer.mean,
            quantile_units: answer.quantiles,
            windows: scores.windows,
            shares: Shares::of(&scores),
            plain_crps_share: plain.crps_share(),
            note: note(inputs, row, scores.windows),
            scores,
            plain,
        }
    };
    (0..inputs.stock.len()).map(line).collect()
}

/// What the user should know of an item.
fn note(inputs: &Inputs, row: usize, windows: f64) -> String {
    let history = &inputs.history;
    let odd =
        scenarios::fit::note(&history.series.get(inputs.stock[row].series), &history.calendar);
    let unjudged = "no window of its own to judge by; models are those of items alike";
    let parts = [odd.as_str(), if windows > 0.0 { "" } else { unjudged }];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

pub(super) fn models(
    study: &Study,
    foresight: &Foresight<'_>,
    answers: &[Answer],
) -> Vec<ModelLine> {
    let line = |(model, family): (usize, &scenarios::forecast::Family)| ModelLine {
        model: family.name,
        summary: family.summary,
        items: answers
            .iter()
            .filter(|answer| answer.models[..answer.members as usize].contains(&(model as u64)))
            .count(),
        loss_ratio: foresight.loss_ratio(model),
    };
    let tried = |(model, _): &(usize, _)| study.forecasting.models[*model];
    let mut lines: Vec<ModelLine> = CATALOGUE.iter().enumerate().filter(tried).map(line).collect();
    let ratio = |line: &ModelLine| line.loss_ratio.unwrap_or(f64::INFINITY);
    lines.sort_by(|left, right| ratio(left).total_cmp(&ratio(right)));
    lines
}

pub(super) fn steps(
    inputs: &Inputs,
    foresight: &Foresight<'_>,
    longest: usize,
    steps: &[Step],
) -> Vec<StepLine> {
    let history = &inputs.history;
    let mut lines = Vec::new();
    for (row, steps) in steps.chunks(longest).enumerate() {
        for (ahead, step) in steps.iter().take(foresight.window_periods(row)).enumerate() {
            lines.push(StepLine {
                item: inputs.stock[row].item.name.clone(),
                date: history.calendar.start_of(history.periods + ahead).to_string(),
                mean_units: step.mean,
                quantile_units: step.quantiles,
            });
        }
    }
    lines
}

/// `simple-smoothing (share 0.12, first_level 4.3)`.
pub(super) fn with_parameters(name: &str, parameters: &[(&'static str, f64)]) -> String {
    if parameters.is_empty() {
        return name.to_owned();
    }
    format!("{name} ({})", listed(parameters))
}

/// `share 0.12, first level 4.3`.
fn listed(parameters: &[(&'static str, f64)]) -> String {
    let parts: Vec<String> = parameters
        .iter()
        .map(|(parameter, value)| format!("{} {value:.3}", parameter.replace('_', " ")))
        .collect();
    parts.join(", ")
}

/// Why these models, in a sentence.
pub(super) fn why(line: &ItemLine) -> String {
    if line.windows == 0.0 {
        return "Too little is known to compare models on the item itself: they are those that do \
                best for items alike."
            .to_owned();
    }
    let per_cent = |share: f64| format!("{:.0} %", 100.0 * share);
    let plain = line.plain_crps_share;
    let own = line.shares.crps_share;
    let comparison = if own.is_finite() && plain > 0.0 {
        let change = 1.0 - own / plain;
        let word = if change >= 0.0 { "less" } else { "more" };
        format!(", {} {word} than the plain distribution", per_cent(change.abs()))
    } else {
        String::new()
    };
    let own = if own.is_finite() { per_cent(own) } else { "–".to_owned() };
    format!(
        "Chosen by the loss in windows of {} periods; in {} windows that were held out the score was \
         {own} of demand{comparison}.",
        line.window_periods, line.windows
    )
}
