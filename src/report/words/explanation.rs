//! Why an item gets the policy it gets, in one paragraph.

use super::{item, listed, more_or_less};
use crate::report::drivers::{BreakEven, Price};
use crate::report::figures::{alone, number, percent, plain};
use crate::report::{Recommendation, Report};

/// Prices further away than this many times are no news.
const FAR: f64 = 20.0;

/// The paragraph about an item.
pub(in crate::report) fn explanation(report: &Report, line: &Recommendation) -> String {
    let sentences = [
        Some(what(line)),
        choice(report, line),
        Some(safety_stock(report, line)),
        recent(report, line),
        change(line),
    ];
    sentences.into_iter().flatten().collect::<Vec<_>>().join(" ").replace('\u{a0}', " ")
}

fn what(line: &Recommendation) -> String {
    let rule = item(line);
    let mut characters = rule.chars();
    let first = characters.next().map_or_else(String::new, |c| c.to_uppercase().to_string());
    format!("{first}{} ({}).", characters.as_str(), line.strategy)
}

/// Why this strategy.
fn choice(report: &Report, line: &Recommendation) -> Option<String> {
    let period = report.period;
    if line.strategy == "budget plan" {
        return Some(format!(
            "A limit moved it: {}, which was selected, would cost {} a {period} less.",
            line.runner_up,
            alone(&line.saving.turned())
        ));
    }
    if line.runner_up.is_empty() {
        return None;
    }
    let level = percent(report.selection_probability, 1);
    let zone = plain(100.0 * report.indifference_share);
    let others: Vec<String> = line
        .not_worse
        .iter()
        .filter(|name| **name != line.strategy)
        .map(|name| (*name).to_string())
        .collect();
    let selected = match (line.guaranteed, others.as_slice()) {
        (true, []) => format!(
            "In {} scenarios it beat every other strategy, with a probability of {level} %.",
            line.selection_scenarios
        ),
        (true, others) => format!(
            "In {} scenarios it was the cheapest, or within {zone} % of it with a probability of \
             {level} %; {} may be as good.",
            line.selection_scenarios,
            listed(others)
        ),
        (false, others) => format!(
            "It looks the cheapest, but {} scenarios did not suffice to tell it from {}.",
            line.selection_scenarios,
            listed(others)
        ),
    };
    let beside = if line.significant {
        let (size, word) = more_or_less(&line.saving);
        format!("{} costs {} a {period} {word}", line.runner_up, alone(&size))
    } else {
        format!("{} costs the same, as far as can be told", line.runner_up)
    };
    Some(format!(
        "{selected} It costs {} a {period} on fresh scenarios; {beside}.",
        alone(&line.cost)
    ))
}

/// What the safety stock is for.
fn safety_stock(report: &Report, line: &Recommendation) -> String {
    let drivers = &line.drivers;
    let deviations = line.safety_stock / drivers.protected_deviation.max(f64::MIN_POSITIVE);
    let periods = super::several(drivers.protection_periods, report.period);
    let demand = format!(
        "Demand over lead time and review, {periods}, is {} ± {} units (standard deviation)",
        plain(drivers.protected_demand),
        plain(drivers.protected_deviation)
    );
    let stock = match line.safety_stock {
        stock if stock > 0.0 => format!(
            "the safety stock of {} is {} of these deviations",
            plain(stock),
            number(deviations, 1)
        ),
        stock if stock < 0.0 => format!(
            "the level is {} below its mean: a unit short costs too little to keep more",
            plain(-stock)
        ),
        _ => "there is no safety stock".to_string(),
    };
    let parts = [
        (drivers.lead_time_demand_share, "demand during the lead time"),
        (drivers.review_share, "demand between reviews"),
        (drivers.lead_time_deviation_share, "lead times that vary"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(share, _)| *share >= 0.005)
        .map(|(share, what)| format!("{} % from {what}", number(100.0 * share, 0)))
        .collect();
    match parts.as_slice() {
        [] => format!("{demand}; {stock}."),
        parts => format!("{demand}; {stock}. Of the variance, {}.", listed(parts)),
    }
}

/// Whether the model is near what was sold of late.
fn recent(report: &Report, line: &Recommendation) -> Option<String> {
    let recent = line.drivers.recent_demand?;
    Some(format!(
        "In the last {} that say so, {} a {} were wanted; the model expects {}.",
        super::several(line.drivers.recent_periods, report.period),
        plain(recent),
        report.period,
        plain(line.demand_mean)
    ))
}

/// What it would take to change the choice.
fn change(line: &Recommendation) -> Option<String> {
    let near = |of: &&BreakEven| (1.0 / FAR..FAR).contains(&of.times);
    let told: Vec<String> = line
        .drivers
        .break_evens
        .iter()
        .filter(near)
        .map(|of| {
            let what = match of.price {
                Price::Shortage => "a unit short",
                Price::Holding => "a unit in stock",
                Price::Order => "an order",
            };
            format!("{} if {what} cost {} times as much", of.strategy, plain(of.times))
        })
        .collect();
    (line.strategy != "budget plan" && !told.is_empty())
        .then(|| format!("As cheap would be {}.", told.join("; ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_item_has_a_paragraph() {
        let report = sample::report(12);
        for line in &report.recommendations {
            let text = explanation(&report, line);
            assert!(text.ends_with('.') && !text.contains("NaN"), "{text}");
            assert!(text.contains("Demand over lead time and review, 6 days"), "{text}");
            let moved = line.strategy == "budget plan";
            assert_eq!(text.contains("A limit moved it"), moved, "{text}");
            let change = "As cheap would be z-sigma if a unit short cost 0.4 times as much.";
            assert_eq!(text.contains(change), !moved, "{text}");
        }
    }
}
