//! What the user should know before trusting the figures.

use engine::normal_quantile;
use solvers::{FALSE_ALARM, ItemAnswer};

use crate::inputs::Inputs;
use crate::report::Report;
use crate::run::Answers;
use crate::study::{MOST_PERIODS, MOST_SCENARIOS, Study};

/// Warnings, the gravest first; then notes on how the tables were read.
pub(super) fn warnings(
    study: &Study,
    inputs: &Inputs,
    answers: &Answers,
    report: &Report,
) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Some(scarcity) = &report.scarcity {
        if scarcity.status != "optimal" {
            warnings.push(format!(
                "the plan within the limits is not proved to be the best: {}; at least {:.4} and \
                 at most {:.4} a period",
                scarcity.status, scarcity.bound, scarcity.objective
            ));
        }
        let used = scarcity.constrained.stock_value;
        if let Some(budget) = scarcity.stock_budget
            && used.low > budget
        {
            warnings.push(format!(
                "on fresh scenarios the plan ties up {:.2}, above the budget of {budget:.2}: the \
                 choice was made on {} scenarios; raise simulation.search_scenarios",
                used.mean, study.file.simulation.search_scenarios
            ));
        }
        if scarcity.volume_limit.is_some() && inputs.stock.iter().all(|item| item.volume == 0.0) {
            warnings.push("volume_limit does nothing: no item has a volume".into());
        }
    }
    let short = inputs
        .stock
        .iter()
        .filter(|item| study.events.protection_periods(&item.item) > study.warm_up_periods)
        .map(|item| item.item.name.as_str());
    listed(&mut warnings, short, |items| {
        format!(
            "simulation.warm_up_periods is {}, shorter than lead time and review of {items}: their \
             opening stock still shows; raise it",
            study.warm_up_periods
        )
    });
    let horizon = (study.periods + study.warm_up_periods) as u64;
    let unsettled = |to_the_end: bool| {
        let shows = inputs.stock.iter().zip(answers.iter()).filter(move |(_, held)| {
            let unsettled = held.answer().unsettled_periods;
            unsettled > 0 && (unsettled > horizon) == to_the_end
        });
        shows.map(|(item, _)| item.item.name.as_str())
    };
    let longest = answers.iter().map(|held| held.answer().unsettled_periods);
    let longest = longest.filter(|&periods| periods <= horizon).max().unwrap_or(0);
    listed(&mut warnings, unsettled(false), |items| {
        format!(
            "simulation.warm_up_periods is {}, but the opening stock of {items} shows for up to \
             {longest} periods (MSER-5); raise it to {longest}",
            study.warm_up_periods
        )
    });
    listed(&mut warnings, unsettled(true), |items| {
        format!(
            "the opening stock of {items} shows through half of the {horizon} periods and longer \
             (MSER-5); raise simulation.periods and simulation.warm_up_periods"
        )
    });
    let biased =
        inputs.stock.iter().zip(answers.iter()).filter(|(_, held)| is_biased(&held.answer()));
    listed(&mut warnings, biased.map(|(item, _)| item.item.name.as_str()), |items| {
        format!(
            "the cost of {items} in the simulation is not the exact one of the long run: orders may \
             be too few in {} periods; raise simulation.periods",
            study.periods
        )
    });
    warnings.extend(precision(study, report));
    for (what, says) in [
        ("never sold", "were never sold; a little demand is assumed"),
        ("short history", "have too short a history to compare models"),
        ("not sold in the last", "have not been sold for long; are they discontinued?"),
        (
            "far above the usual",
            "have sales far above the usual, see their notes; sales.outliers = \"winsorise\" cuts them",
        ),
        (
            "say nothing of demand",
            "were out of stock, or have no rows, for over a quarter of the time",
        ),
    ] {
        let found = report
            .recommendations
            .iter()
            .filter(|line| line.note.contains(what))
            .map(|line| line.item.as_str());
        listed(&mut warnings, found, |items| format!("{items} {says}"));
    }
    let wrong = report.quality.iter().filter(|line| line.unit_mistake_periods > 0);
    let keeps = !study.corrections.unit_mistakes;
    listed(&mut warnings, wrong.filter(|_| keeps).map(|line| line.item.as_str()), |items| {
        format!(
            "the sales of {items} look for a time as if they were entered in another unit; see \
             `parstock check --table changes`"
        )
    });
    warnings.extend(inputs.notes.iter().cloned());
    warnings
}

/// Whether the cost of the recommended policy differs from the exact one by more than 1 %, and by
/// more than chance does for one item in a hundred thousand.
fn is_biased(answer: &ItemAnswer<'_>) -> bool {
    let estimated = answer.strategies[answer.recommended as usize].measures.cost;
    answer.reference.cost().is_some_and(|exact| {
        let off = (estimated.mean - exact).abs();
        off > 0.01 * exact && off > normal_quantile(1.0 - FALSE_ALARM / 2.0) * estimated.error
    })
}

/// That the run was too short for the half-width that is wanted, and how long would do.
fn precision(study: &Study, report: &Report) -> Option<String> {
    let cheapest = report.strategies.first()?;
    let cost = cheapest.cost.mean.abs().max(f64::MIN_POSITIVE);
    let share = 0.5 * (cheapest.cost.high - cheapest.cost.low) / cost;
    let wanted = study.file.report.half_width_share;
    // Half-widths shrink with the root of what is simulated, scenarios or periods.
    let longer = (share / wanted).powi(2);
    let upward = |count: usize| {
        let needed = longer * count as f64;
        let step = 10_f64.powf((needed.log10() - 1.0).floor());
        (needed / step).ceil() * step
    };
    let ways: Vec<String> = [
        ("simulation.scenarios", upward(study.file.simulation.scenarios), MOST_SCENARIOS),
        ("simulation.periods", upward(study.periods), MOST_PERIODS),
    ]
    .into_iter()
    .filter(|&(_, needed, most)| needed <= most as f64)
    .map(|(key, needed, _)| format!("{key} to {needed}"))
    .collect();
    let remedy = match ways.is_empty() {
        true => "no run that a study allows would do".to_owned(),
        false => format!("raise {}", ways.join(", or ")),
    };
    (share > wanted).then(|| {
        format!(
            "total cost is known to ± {:.1} %, and ± {} % is wanted; {remedy}",
            100.0 * share,
            (1e4 * wanted).round() / 1e2
        )
    })
}

/// Adds a warning about `items`, if there are any: how many, and the first three.
fn listed<'a>(
    warnings: &mut Vec<String>,
    items: impl Iterator<Item = &'a str>,
    sentence: impl FnOnce(String) -> String,
) {
    let items: Vec<&str> = items.collect();
    if items.is_empty() {
        return;
    }
    let first: Vec<String> = items.iter().take(3).map(|item| format!("`{item}`")).collect();
    let more = if items.len() > 3 { ", …" } else { "" };
    let word = if items.len() == 1 { "item" } else { "items" };
    warnings.push(sentence(format!("{} {word} ({}{more})", items.len(), first.join(", "))));
}
