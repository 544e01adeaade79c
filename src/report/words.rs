//! The sentences that the terminal and the page share.

use std::cmp::Reverse;

use super::figures::{alone, column_decimals, count, number, percent, plain, shared_decimals};
use super::quality::{self, QualityLine};
use super::{
    ClassLine, Interval, ParameterValue, PlanTotals, Recommendation, Report, Scarcity, Selected,
    StrategyLine, SupplierLine,
};

mod explanation;
mod order_plan;
mod program;
mod replay;
mod selection;
mod service;

pub(super) use explanation::explanation;
pub(super) use order_plan::{first_orders, order_plan};
pub(super) use program::{programmed, ways};
pub(super) use replay::{replay, replayed};
pub(super) use selection::{search, selection};
pub(super) use service::{exchange, exchanged};

/// What was simulated.
pub(super) fn simulated(report: &Report) -> String {
    let Report { period, periods, warm_up_periods, .. } = report;
    let warm_up = match warm_up_periods {
        0 => String::new(),
        _ => format!(" (after {} of warm-up)", several(*warm_up_periods, period)),
    };
    format!(
        "{} over {}{warm_up} in {}, from sales of {} to {}.",
        several(report.items, "item"),
        several(*periods, period),
        several(report.scenarios, "fresh scenario"),
        report.history_from,
        report.history_to,
    )
}

/// What to do, in a few sentences.
pub(super) fn answer(report: &Report) -> String {
    let sentences = [advice(report), selected(report), costs(report), within_limits(report)];
    match sentences.into_iter().flatten().collect::<Vec<_>>() {
        none if none.is_empty() => "No strategy was priced.".to_string(),
        some => some.join(" "),
    }
}

/// Which strategy for how many items.
fn advice(report: &Report) -> Option<String> {
    let mut ranked: Vec<_> =
        report.strategies.iter().filter(|line| line.recommended_for > 0).collect();
    ranked.sort_by_key(|line| Reverse(line.recommended_for));
    let (first, others) = ranked.split_first()?;
    let whose = if report.scarcity.is_some() { "Without limits, use" } else { "Use" };
    if first.recommended_for >= report.items {
        return Some(format!("{whose} {} for every item.", first.strategy));
    }
    let others: Vec<String> = others
        .iter()
        .map(|line| format!("{} for {}", line.strategy, count(line.recommended_for)))
        .collect();
    Some(format!(
        "{whose} {} for {} of {}{}{}.",
        first.strategy,
        count(first.recommended_for),
        several(report.items, "item"),
        if others.is_empty() { "" } else { ", " },
        listed(&others)
    ))
}

/// What the strategies recommended cost together, where that is not what one of them costs.
fn selected(report: &Report) -> Option<String> {
    let mixed = report.strategies.iter().filter(|line| line.recommended_for > 0).count() > 1;
    mixed.then(|| {
        let Selected { totals, chosen_by, .. } = &report.selected;
        let luck = totals.cost.mean - chosen_by;
        let share = 100.0 * luck.abs() / totals.cost.mean.abs().max(f64::MIN_POSITIVE);
        format!(
            "Together they cost {} a {}, {}\u{a0}% {} than on the scenarios that set them.",
            alone(&totals.cost),
            report.period,
            number(share, 1),
            if luck < 0.0 { "less" } else { "more" }
        )
    })
}

/// What the cheapest strategy costs if it sets every item, and how far the next one is.
fn costs(report: &Report) -> Option<String> {
    let (first, next) = (report.strategies.first()?, report.strategies.get(1));
    let cost = format!(
        "Used for every item, {} costs {} a {}",
        first.strategy,
        alone(&first.cost),
        report.period
    );
    Some(match next {
        None => format!("{cost}."),
        Some(next) if told_apart(next) => {
            let difference = alone(&next.difference);
            format!("{cost}, {difference} less than the next strategy, {}.", next.strategy)
        }
        Some(next) => format!("{cost}, which cannot be told apart from {}.", next.strategy),
    })
}

/// Whether the strategy is known to differ from the cheapest.
pub(super) fn told_apart(line: &StrategyLine) -> bool {
    line.verdict != "no significant difference"
}

/// What the limits leave of it.
fn within_limits(report: &Report) -> Option<String> {
    let plan = &report.scarcity.as_ref()?.constrained;
    Some(format!(
        "Within the limits, the plan costs {} a {} and ties up {} in stock.",
        alone(&plan.cost),
        report.period,
        alone(&plan.stock_value)
    ))
}

/// What the limits do, one sentence each.
pub(super) fn scarcity(report: &Report, scarcity: &Scarcity) -> Vec<String> {
    let period = report.period;
    let (free, within) = (&scarcity.unconstrained, &scarcity.constrained);
    let mut sentences = Vec::new();
    if let Some(budget) = scarcity.stock_budget {
        sentences.push(format!("Average stock may tie up no more than {}.", number(budget, 0)));
    }
    if let Some(limit) = scarcity.volume_limit {
        sentences
            .push(format!("Average stock may fill a volume of no more than {}.", plain(limit)));
    }
    sentences.push(format!("Without limits, {}.", plan(free, scarcity, period)));
    sentences.push(format!(
        "Within the limits, {}; {} a different policy.",
        plan(within, scarcity, period),
        match scarcity.changed_items {
            0 => "no item has".to_string(),
            1 => "one item has".to_string(),
            several => format!("{} items have", count(several)),
        }
    ));
    if scarcity.stock_budget.is_some() {
        let range = scarcity.price_of_budget_range;
        sentences.push(price("budget", scarcity.price_of_budget, range, period));
    }
    if scarcity.volume_limit.is_some() {
        let range = scarcity.price_of_volume_range;
        sentences.push(price("volume", scarcity.price_of_volume, range, period));
    }
    sentences.push(solver(scarcity));
    sentences
}

/// What the suppliers' terms cost and what ordering together saves; `None` without suppliers.
pub(super) fn together(report: &Report) -> Option<String> {
    let totals = report.together.as_ref()?;
    let period = report.period;
    let saving = match totals.saving {
        saving if saving.low > 0.0 => format!(
            "; if each were ordered alone, they would cost {}, {} more",
            alone(&totals.cost_alone),
            alone(&saving)
        ),
        _ => "; ordering items together saves nothing".to_string(),
    };
    Some(format!(
        "Under their suppliers' terms, the items of {} cost {} a {period}, joint orders included{saving}.",
        several(report.suppliers.len(), "supplier"),
        alone(&totals.cost)
    ))
}

/// What kinds of items there are.
pub(super) fn classes(report: &Report) -> Option<String> {
    let class = |line: &ClassLine| {
        format!(
            "{} ({} with {}\u{a0}% of the value of demand: {} a {}, {} in stock)",
            line.class,
            several(line.items, "item"),
            percent(line.value_share, 1),
            plain(line.cost),
            report.period,
            number(line.stock_value, 0)
        )
    };
    let classes: Vec<String> = report.classes.iter().map(class).collect();
    let names = ["smooth", "erratic", "intermittent", "lumpy"];
    let of = |at: usize| report.classes.iter().map(|line| line.patterns[at]).sum::<usize>();
    let patterns = names.iter().enumerate().map(|(at, name)| (of(at), name));
    let patterns: Vec<String> = patterns
        .filter(|(items, _)| *items > 0)
        .map(|(items, name)| format!("{} {name}", count(items)))
        .collect();
    (!classes.is_empty()).then(|| {
        let demand = if patterns.is_empty() { "never seen".to_string() } else { listed(&patterns) };
        format!("By value: {}. Demand is {demand}.", listed(&classes))
    })
}

/// How good the sales are.
pub(super) fn data(report: &Report) -> Option<String> {
    let periods: usize = report.quality.iter().map(|line| line.periods).sum();
    let mean = |share: fn(&QualityLine) -> f64| {
        let sum: f64 = report.quality.iter().map(|line| line.periods as f64 * share(line)).sum();
        percent(sum / periods as f64, 1)
    };
    (periods > 0).then(|| {
        let shares = [
            mean(|line| line.completeness),
            mean(|line| line.timeliness),
            mean(|line| line.accuracy),
        ];
        let sentence = quality::sentence(shares, report.period);
        format!("Sales: {}.", sentence.replace(" %", "\u{a0}%"))
    })
}

/// What is exactly known beside the estimates.
pub(super) fn exact(report: &Report) -> Option<String> {
    let totals = report.exact.as_ref()?;
    let period = report.period;
    let decimals = shared_decimals([&totals.estimated]) + 1;
    let mut text = format!(
        "Exact: {} have an exact answer; the policies recommended for them cost {} a {period} in \
         the long run, and the simulation says {}.",
        several(totals.items, "item"),
        number(totals.cost, decimals),
        alone(&totals.estimated)
    );
    if totals.optimum_items > 0 {
        let more = totals.optimum_items_cost / totals.optimum.max(f64::MIN_POSITIVE) - 1.0;
        let which = if totals.optimum_items == totals.items {
            "The best policies there are".to_string()
        } else {
            format!("For {} of them, the best policies there are", count(totals.optimum_items))
        };
        let more = number(100.0 * more.max(0.0), 2);
        let optimum = number(totals.optimum, decimals);
        text = format!("{text} {which} cost {optimum}; the recommended ones, {more}\u{a0}% more.");
    }
    Some(text)
}

/// How the items of a supplier are ordered: `join from 50 % up, orders × 1.4`.
pub(super) fn coordination(line: &SupplierLine, period: &str) -> String {
    let joins = match line.joins_at_share {
        None => "each item alone".to_string(),
        Some(share) if share >= 1.0 => "all join".to_string(),
        Some(share) => format!("join from {}\u{a0}% up", plain(100.0 * share)),
    };
    if line.cover_periods > 0.0 {
        let periods = number(line.cover_periods, 1);
        return format!("{joins}, for {periods}\u{a0}{period}s at least");
    }
    match line.order_factor {
        1.0 => joins,
        factor => format!("{joins}, orders ×\u{a0}{}", plain(factor)),
    }
}

/// Totals of a plan in one clause.
fn plan(totals: &PlanTotals, scarcity: &Scarcity, period: &str) -> String {
    let volume = match scarcity.volume_limit {
        Some(_) => format!(", fills a volume of {}", alone(&totals.volume)),
        None => String::new(),
    };
    format!(
        "the plan costs {} a {period}, ties up {} in stock{volume} and meets {}\u{a0}% of demand at once",
        alone(&totals.cost),
        alone(&totals.stock_value),
        percent(totals.fill_rate.mean, 1)
    )
}

/// What one more unit of the scarce thing is worth.
fn price(what: &str, price: f64, range: Option<[f64; 2]>, period: &str) -> String {
    if price > 0.0 {
        let range = range.map_or_else(String::new, |[looser, tighter]| {
            format!(
                " ({} if limits were 1\u{a0}% looser, {} if they were 1\u{a0}% tighter)",
                plain(looser),
                plain(tighter)
            )
        });
        return format!("One more unit of {what} saves {} a {period}{range}.", plain(price));
    }
    format!("The {what} does not bind: more of it saves nothing.")
}

/// What the solver said and what it proved.
fn solver(scarcity: &Scarcity) -> String {
    let Scarcity { status, objective, bound, .. } = scarcity;
    let decimals = column_decimals([*objective]).max(2);
    let relative = 100.0 * (objective - bound).max(0.0) / objective.abs().max(f64::MIN_POSITIVE);
    let gap = match relative {
        tiny if tiny > 0.0 && tiny < 0.01 => "below 0.01".to_string(),
        gap => number(gap, 2),
    };
    format!(
        "Solver: {status}; the plan costs {} on the scenarios of the search, no plan can cost \
         less than {} (gap {gap}\u{a0}%).",
        number(*objective, decimals),
        number(*bound, decimals)
    )
}

/// A policy as an instruction: `order up to 48 when at or below 21`.
pub(super) fn policy(name: &str, parameters: &[ParameterValue]) -> String {
    // Stock is never negative unless demand waits, so such a rule never orders.
    if name == "min-max" && parameters.iter().all(|parameter| parameter.value <= 0.0) {
        return "keep no stock".into();
    }
    match engine::policy::family(name) {
        Some(family) if family.parameters.len() == parameters.len() => {
            let values: Vec<String> = parameters.iter().map(|p| plain(p.value)).collect();
            (family.sentence)(&values)
        }
        _ => spelled_out(name, parameters),
    }
}

/// What to do for an item: with others of its supplier if it is ordered with them.
pub(super) fn item(line: &Recommendation) -> String {
    match line.together.len() {
        0 => policy(line.policy, &line.parameters),
        2 => policy("min-max", &line.together),
        _ => policy("can-order", &line.together),
    }
}

/// `name: min 21 units, max 48 units`, for policies without a sentence of their own.
fn spelled_out(name: &str, parameters: &[ParameterValue]) -> String {
    let values: Vec<String> = parameters
        .iter()
        .map(|parameter| {
            let text = format!("{} {} {}", parameter.name, plain(parameter.value), parameter.unit);
            text.trim_end().to_string()
        })
        .collect();
    if values.is_empty() { name.to_string() } else { format!("{name}: {}", values.join(", ")) }
}

/// The comparison of strategies for those who cannot see it drawn.
pub(super) fn described(report: &Report) -> String {
    let line = |line: &StrategyLine| match line.verdict {
        "cheapest" => format!("{} costs {}", line.strategy, alone(&line.cost)),
        _ => format!(
            "{} costs {}, {} more than the cheapest",
            line.strategy,
            alone(&line.cost),
            alone(&line.difference)
        ),
    };
    let lines: Vec<String> = report.strategies.iter().map(line).collect();
    format!("Cost a {}: {}.", report.period, lines.join("; "))
}

/// `1 item`, `3,786 items`.
pub(super) fn several(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", count(number), if number == 1 { "" } else { "s" })
}

/// A difference without its sign, and which way it is.
fn more_or_less(difference: &Interval) -> (Interval, &'static str) {
    match difference.mean < 0.0 {
        true => (difference.turned(), "less"),
        false => (*difference, "more"),
    }
}

/// What the limits that there are allow: `a takes at most 3.00; b costs at most 4.00`.
fn limited(limits: &[(Option<f64>, &str)]) -> String {
    let said = limits.iter().filter_map(|(limit, what)| {
        let limit = number((*limit)?, 2);
        Some(format!("{what} {limit}"))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// `a, b and c`.
fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample::{self, interval};
    use super::*;

    fn parameter(name: &'static str, value: f64, unit: &'static str) -> ParameterValue {
        ParameterValue { name, value, unit }
    }

    #[test]
    fn policies_read_as_instructions() {
        let min_max = [parameter("min", 21.0, "units"), parameter("max", 48.5, "units")];
        assert_eq!(policy("min-max", &min_max), "order up to 48.5 when at or below 21");
        assert_eq!(policy("novel", &min_max), "novel: min 21 units, max 48.5 units");
        assert_eq!(policy("novel", &[]), "novel");
        let none = [parameter("min", -1.0, "units"), parameter("max", 0.0, "units")];
        assert_eq!(policy("min-max", &none), "keep no stock");
        let periodic = [parameter("interval", 7.0, "periods"), parameter("level", 48.0, "units")];
        assert_eq!(policy("periodic", &periodic), "order up to 48 every 7 periods");
    }

    #[test]
    fn the_answer_names_the_strategy_the_cost_and_the_distance() {
        let mut report = sample::report(40);
        report.scarcity = None;
        let text = answer(&report);
        assert!(text.starts_with("Use searched for 25 of 40 items, newsvendor for 9"), "{text}");
        assert!(text.contains("less than the next strategy, newsvendor."), "{text}");

        report.strategies[1].verdict = "no significant difference";
        assert!(answer(&report).ends_with("cannot be told apart from newsvendor."));

        report.strategies.truncate(1);
        report.strategies[0].recommended_for = 40;
        assert!(answer(&report).starts_with("Use searched for every item. Used for"));

        report.strategies.clear();
        assert_eq!(answer(&report), "No strategy was priced.");
    }

    #[test]
    fn a_limit_that_does_not_bind_is_said_to() {
        let report = sample::report(3);
        let mut limits = report.scarcity.clone().expect("the sample has limits");
        assert!(
            scarcity(&report, &limits)
                .concat()
                .contains("One more unit of budget saves 0.0021 a day (0.0019 if limits were")
        );
        limits.price_of_budget = 0.0;
        limits.changed_items = 0;
        limits.constrained.cost = interval(0.0, 0.0);
        let text = scarcity(&report, &limits).join(" ");
        assert!(text.contains("does not bind") && text.contains("no item has"), "{text}");
    }
}
