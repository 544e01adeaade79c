//! What the user should know before trusting the figures.

use crate::inputs::Inputs;
use crate::report::Report;
use crate::study::Study;

/// Half-width of the cheapest total cost, relative to it, above which precision is called poor.
const POOR_PRECISION: f64 = 0.02;

/// Warnings, the gravest first; then notes on how the tables were read.
pub(super) fn warnings(study: &Study, inputs: &Inputs, report: &Report) -> Vec<String> {
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
    if let Some(cheapest) = report.strategies.first() {
        let half = 0.5 * (cheapest.cost.high - cheapest.cost.low);
        if half > POOR_PRECISION * cheapest.cost.mean.abs() {
            warnings.push(format!(
                "total cost is known to ± {:.1} % only; raise simulation.scenarios",
                100.0 * half / cheapest.cost.mean.abs().max(f64::MIN_POSITIVE)
            ));
        }
    }
    for (what, says) in [
        ("never sold", "were never sold; a little demand is assumed"),
        ("short history", "have too short a history to compare models"),
        ("not sold in the last", "have not been sold for long; are they discontinued?"),
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
    warnings.extend(inputs.notes.iter().cloned());
    warnings
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
