//! From answers to the report: totals, intervals and verdicts.

use cluster::Rows;
use engine::policy::CATALOGUE;
use engine::special::normal_cdf;
use engine::{Estimate, student_quantile};
use solvers::{CandidateAnswer, ItemAnswer, PlanAnswer, Rule};

use crate::foresight;
use crate::inputs::Inputs;
use crate::report::lines::Lines;
use crate::report::quality::QualityLine;
use crate::report::{
    ExactTotals, FailureLine, FrontierPoint, Interval, ItemMeasures, ParameterValue,
    Recommendation, Report, Scarcity, Selected, StrategyLine,
};
use crate::run::{Answers, Outcome, Plan};
use crate::study::Study;
use crate::study::stock::StockedItem;

mod classes;
mod drivers;
mod order_plan;
mod program;
pub(crate) mod service;
mod suppliers;
mod totals;
mod warnings;

use totals::Totals;

/// How estimates become intervals.
#[derive(Clone, Copy)]
struct Levels {
    /// Half-width of an interval, in standard errors.
    single: f64,
    /// The same where an item's recommended strategy is compared with each other one:
    /// Bonferroni's correction, so that all intervals hold together at the study's level.
    compared: f64,
    /// The same where all strategies are compared with the one that came out cheapest on the same
    /// scenarios: any pair might have been compared.
    ranked: f64,
}

impl Levels {
    fn of(study: &Study) -> Levels {
        let freedom = study.file.simulation.scenarios as f64 - 1.0;
        let level = study.file.report.confidence_level;
        let count = study.strategies.len() as f64;
        let width = |comparisons: f64| {
            student_quantile(1.0 - 0.5 * (1.0 - level) / comparisons.max(1.0), freedom)
        };
        Levels {
            single: width(1.0),
            compared: width(count - 1.0),
            ranked: width(0.5 * count * (count - 1.0)),
        }
    }

    fn interval(&self, estimate: Estimate) -> Interval {
        Interval::around(estimate, self.single)
    }

    /// The interval of a share, which lies between 0 and 1.
    fn share(&self, estimate: Estimate) -> Interval {
        let Interval { mean, low, high } = self.interval(estimate);
        Interval { mean, low: low.max(0.0), high: high.min(1.0) }
    }

    fn comparison(&self, estimate: Estimate) -> Interval {
        Interval::around(estimate, self.compared)
    }
}

/// The report of a finished run.
pub fn report(study: &Study, inputs: &Inputs, outcome: &Outcome) -> Report {
    let Outcome { answers, plan, priced, .. } = outcome;
    let levels = Levels::of(study);
    let items = &inputs.stock;
    let calendar = &inputs.history.calendar;
    let together = suppliers::levels_together(inputs, &levels, outcome);
    let mut recommendations: Vec<Recommendation> = together
        .into_iter()
        .enumerate()
        .map(|(row, together)| Recommendation {
            together,
            ..recommendation(
                study,
                inputs,
                &levels,
                &items[row],
                answers.get(row).answer(),
                outcome.changed(row).as_ref(),
            )
        })
        .collect();
    classes::classify(inputs, answers, &mut recommendations);
    classes::discover(study, &mut recommendations);
    let scarcity = plan.as_ref().map(|plan| scarcity(&levels, items, answers, plan, priced));
    let mut report = Report {
        schema: 1,
        study: study.file.name.clone(),
        events: study.events.to_string(),
        period: calendar.length().name(),
        history_from: inputs.history.first_day().to_string(),
        history_to: inputs.history.last_day().to_string(),
        items: items.len(),
        periods: study.periods,
        warm_up_periods: study.warm_up_periods,
        scenarios: study.file.simulation.scenarios,
        confidence_level: study.file.report.confidence_level,
        selection_probability: 1.0 - study.selecting.alpha,
        indifference_share: study.selecting.indifference_share,
        warnings: Vec::new(),
        failures: Vec::new(),
        strategies: strategies(study, &levels, items, answers),
        frontier: frontier(items, answers),
        curves: service::curves(study, inputs, &levels, answers, &outcome.futures),
        exchange: service::exchange(study, inputs, answers, &outcome.futures),
        selected: selected(study, &levels, items, answers),
        futures: service::futures(study, &outcome.futures),
        scarcity,
        together: suppliers::totals(&levels, outcome),
        classes: classes::classes(inputs, answers, &recommendations),
        exact: exact(&levels, answers),
        suppliers: suppliers::suppliers(inputs, &levels, outcome),
        measures: measures(study, levels, items, answers),
        programmed: program::programmed(study, &levels, outcome),
        order_plan: order_plan::order_plan(study, inputs, &levels, outcome),
        replay: outcome.replayed.clone().and_then(Result::ok),
        quality: items
            .iter()
            .zip(&outcome.quality)
            .map(|(item, quality)| QualityLine::of(item.item.name.clone(), quality))
            .collect(),
        recommendations,
    };
    report.warnings = warnings::warnings(study, inputs, answers, &report);
    if let Some(Err(reason)) = &outcome.replayed {
        report.warnings.insert(0, format!("report.replay_periods: {reason}"));
    }
    report
}

/// The report of a run that went on without some items; it says so before all else.
pub fn with_failures(mut report: Report, failures: Vec<FailureLine>) -> Report {
    if let Some(first) = failures.first() {
        let (count, all) = (failures.len(), report.items + failures.len());
        let FailureLine { item, reason } = first;
        let others = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        report.warnings.insert(
            0,
            format!(
                "{count} of {all} items could not be computed and are in no figure, see failures.csv: \
                 `{item}` ({reason}){others}"
            ),
        );
    }
    Report { failures, ..report }
}

/// What is exactly known about the recommended policies.
fn exact(levels: &Levels, answers: &Answers) -> Option<ExactTotals> {
    let mut totals = ExactTotals::default();
    let mut estimated = Estimate::default();
    for held in answers.iter() {
        let answer = held.answer();
        let Some(cost) = answer.reference.cost() else { continue };
        totals.items += 1;
        totals.cost += cost;
        let own = &answer.strategies[answer.recommended as usize];
        estimated = estimated.plus(own.measures.cost);
        if let Some(optimum) = answer.reference.optimum() {
            totals.optimum_items += 1;
            totals.optimum_items_cost += cost;
            totals.optimum += optimum;
        }
    }
    totals.estimated = levels.interval(estimated);
    (totals.items > 0).then_some(totals)
}

fn parameters(rule: Rule) -> Vec<ParameterValue> {
    let named = CATALOGUE[rule.family as usize].parameters.iter().zip(rule.values);
    named.map(|(p, value)| ParameterValue { name: p.name, value, unit: p.unit }).collect()
}

/// What to do for one item; `changed` is the plan's choice where it is not the recommended one.
fn recommendation(
    study: &Study,
    inputs: &Inputs,
    levels: &Levels,
    stocked: &StockedItem,
    answer: ItemAnswer<'_>,
    changed: Option<&(CandidateAnswer, PlanAnswer)>,
) -> Recommendation {
    let best = answer.recommended as usize;
    let own = &answer.strategies[best];
    let others = (0..study.strategies.len()).filter(|&strategy| strategy != best);
    let next = others.min_by(|&left, &right| {
        let cost = |strategy: usize| answer.strategies[strategy].chosen_by;
        cost(left).total_cmp(&cost(right))
    });
    let (strategy, rule, safety_stock, measures) = match changed {
        Some((candidate, priced)) => {
            ("budget plan", candidate.rule, candidate.safety_stock, &priced.measures)
        }
        None => (study.strategies[best].name, own.rule, own.safety_stock, &own.measures),
    };
    let (runner_up, saving) = match (changed, next) {
        // What the limit costs this item: its own best choice would be cheaper.
        (Some((_, priced)), _) => (study.strategies[best].name, priced.difference.times(-1.0)),
        (None, Some(next)) => (study.strategies[next].name, answer.difference(next, best)),
        (None, None) => ("", Estimate::default()),
    };
    let saving = levels.comparison(saving);
    let series = inputs.history.series.get(stocked.series);
    Recommendation {
        item: stocked.item.name.clone(),
        category: stocked.category.clone(),
        // Classes are told when all items are known.
        value_class: "",
        variability_class: "",
        pattern: "",
        life: "",
        season: "",
        supplier: stocked.supplier.clone(),
        strategy: strategy.to_owned(),
        policy: CATALOGUE[rule.family as usize].name,
        parameters: parameters(rule),
        together: Vec::new(),
        safety_stock,
        cost: levels.interval(measures.cost),
        exact_cost: answer.reference.cost().filter(|_| changed.is_none()),
        optimal_cost: answer.reference.optimum(),
        fill_rate: levels.share(measures.fill_rate),
        ready_rate: measures.ready_rate,
        stock_units: levels.interval(measures.stock),
        stock_value: stocked.unit_cost * measures.stock.mean,
        orders: measures.orders,
        runner_up,
        saving,
        not_worse: answer
            .selection
            .left()
            .map(|strategy| study.strategies[strategy].name)
            .collect(),
        guaranteed: answer.selection.guaranteed == 1,
        selection_scenarios: answer.selection.scenarios,
        significant: saving.low > 0.0 || saving.high < 0.0,
        // What counts in a class is told when all items are known.
        discovered: false,
        search: drivers::searched(levels, answer),
        drivers: drivers::drivers(study, inputs, stocked, answer),
        demand_model: foresight::describe(answer.model),
        demand_mean: answer.mean,
        demand_deviation: answer.deviation,
        note: scenarios::fit::note(&series, &inputs.history.calendar),
    }
}

/// Totals of each item's selected strategy, and how sure the cheapest one for all items is.
fn selected(study: &Study, levels: &Levels, items: &[StockedItem], answers: &Answers) -> Selected {
    let count = study.strategies.len();
    let total = |strategy: usize| {
        answers
            .iter()
            .map(|held| held.answer().strategies[strategy].measures.cost.mean)
            .sum::<f64>()
    };
    let costs: Vec<f64> = (0..count).map(total).collect();
    let cheapest = (0..count).min_by(|&l, &r| costs[l].total_cmp(&costs[r])).unwrap_or(0);
    // Bonferroni's bound of the probability of a good selection: Branke, Chick & Schmidt, Selecting a
    // Selection Procedure, Management Science 53 (2007) 1916–1932, equation 3.
    let zone = study.selecting.indifference_share * costs[cheapest].abs();
    let wrong = (0..count).filter(|&strategy| strategy != cheapest).map(|strategy| {
        let Estimate { mean, error } = differences(answers, |_| strategy, cheapest);
        1.0 - normal_cdf((mean + zone) / error.max(f64::MIN_POSITIVE))
    });
    let mut totals = Totals::default();
    for (item, held) in items.iter().zip(answers.iter()) {
        let answer = held.answer();
        totals.add(item, &answer.strategies[answer.recommended as usize].measures);
    }
    Selected {
        totals: totals.plan(levels),
        difference: levels.interval(differences(
            answers,
            |answer| answer.recommended as usize,
            cheapest,
        )),
        chosen_by: answers
            .iter()
            .map(|held| {
                let answer = held.answer();
                answer.strategies[answer.recommended as usize].chosen_by
            })
            .sum(),
        // Costs are not quite normal: no more is claimed than a normal tail is good for.
        cheapest_probability: (1.0 - wrong.sum::<f64>()).clamp(0.0, 0.9999),
    }
}

/// Cost of one strategy of each item less that of another for all, over all items, paired
/// \[currency/period\].
fn differences(answers: &Answers, of: impl Fn(ItemAnswer<'_>) -> usize, other: usize) -> Estimate {
    let each = answers.iter().map(|held| {
        let answer = held.answer();
        answer.difference(of(answer), other)
    });
    each.fold(Estimate::default(), Estimate::plus)
}

fn strategies(
    study: &Study,
    levels: &Levels,
    items: &[StockedItem],
    answers: &Answers,
) -> Vec<StrategyLine> {
    let mut totals: Vec<Totals> = study.strategies.iter().map(|_| Totals::default()).collect();
    for (item, held) in items.iter().zip(answers.iter()) {
        for (totals, strategy) in totals.iter_mut().zip(held.answer().strategies) {
            totals.add(item, &strategy.measures);
        }
    }
    let mut order: Vec<usize> = (0..totals.len()).collect();
    order.sort_by(|&left, &right| totals[left].cost.mean.total_cmp(&totals[right].cost.mean));
    let cheapest = order[0];
    let line = |&strategy: &usize| {
        let kind = study.strategies[strategy];
        let difference = differences(answers, |_| strategy, cheapest);
        let difference = Interval::around(difference, levels.ranked);
        let total = &totals[strategy];
        StrategyLine {
            strategy: kind.name,
            summary: kind.summary,
            cost: levels.interval(total.cost),
            holding_cost: total.parts.holding,
            order_cost: total.parts.ordering,
            shortage_cost: total.parts.shortage,
            purchase_cost: total.parts.purchase,
            waste_cost: total.parts.waste,
            fill_rate: levels.share(total.fill_rate()),
            stock_units: levels.interval(total.stock),
            stock_value: levels.interval(total.stock_value),
            orders: total.orders,
            difference,
            verdict: match strategy {
                _ if strategy == cheapest => "cheapest",
                _ if difference.low > 0.0 => "dearer",
                _ => "no significant difference",
            },
            recommended_for: answers
                .iter()
                .filter(|held| held.answer().recommended == strategy as u64)
                .count(),
        }
    };
    order.iter().map(line).collect()
}

/// Plans that are efficient when unmet demand costs more or less than the study says.
///
/// Each point is the assortment's cheapest choice of candidates with shortage costs multiplied;
/// cost is counted at the study's own. Estimated on the scenarios of the choice.
fn frontier(items: &[StockedItem], answers: &Answers) -> Vec<FrontierPoint> {
    const MULTIPLES: [f64; 17] =
        [0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.7, 2.3, 3.2, 5.0, 8.0, 14.0, 30.0, 80.0];
    // Cost, stock value, units unmet, and units demanded, over all items.
    let mut sums = [[0.0; 4]; MULTIPLES.len()];
    for (item, held) in items.iter().zip(answers.iter()) {
        let candidates = held.answer().candidates;
        for (sums, multiple) in sums.iter_mut().zip(MULTIPLES) {
            let value = |c: &CandidateAnswer| c.cost + (multiple - 1.0) * c.shortage_cost;
            let chosen = candidates
                .iter()
                .min_by(|left, right| value(left).total_cmp(&value(right)))
                .expect("every item has a candidate");
            let of_item = [chosen.cost, item.unit_cost * chosen.stock, chosen.unmet, chosen.demand];
            sums.iter_mut().zip(of_item).for_each(|(sum, of_item)| *sum += of_item);
        }
    }
    let point = |[cost, stock_value, unmet, demand]: [f64; 4]| FrontierPoint {
        stock_value,
        cost,
        fill_rate: 1.0 - unmet / demand.max(f64::MIN_POSITIVE),
    };
    let mut points: Vec<FrontierPoint> = sums.into_iter().map(point).collect();
    points.dedup_by(|left, right| left.stock_value == right.stock_value);
    points
}

fn scarcity(
    levels: &Levels,
    items: &[StockedItem],
    answers: &Answers,
    plan: &Plan,
    priced: &Rows<PlanAnswer>,
) -> Scarcity {
    let (mut free, mut limited) = (Totals::default(), Totals::default());
    let mut changed_items = 0;
    for (row, (item, held)) in items.iter().zip(answers.iter()).enumerate() {
        let answer = held.answer();
        let recommended = answer.recommended as usize;
        let own = &answer.strategies[recommended].measures;
        free.add(item, own);
        if plan.allocation.chosen[row] == recommended {
            limited.add(item, own);
        } else {
            limited.add(item, &priced.row(row)[0].measures);
            changed_items += 1;
        }
    }
    let [stock_budget, volume_limit] = plan.limits;
    let [price_of_budget, price_of_volume] = plan.allocation.prices;
    let status = if plan.allocation.optimal { "optimal" } else { "stopped before the proof" };
    let ranges = plan.allocation.price_ranges;
    Scarcity {
        stock_budget,
        volume_limit,
        unconstrained: free.plan(levels),
        constrained: limited.plan(levels),
        price_of_budget,
        price_of_volume,
        price_of_budget_range: ranges.map(|[budget, _]| budget),
        price_of_volume_range: ranges.map(|[_, volume]| volume),
        status: status.to_owned(),
        objective: plan.allocation.objective,
        bound: plan.allocation.bound,
        changed_items,
    }
}

/// What each strategy does to each item, made when it is written.
fn measures(
    study: &Study,
    levels: Levels,
    items: &[StockedItem],
    answers: &Answers,
) -> Lines<ItemMeasures> {
    let names: Vec<&'static str> = study.strategies.iter().map(|strategy| strategy.name).collect();
    let items: Vec<(String, f64)> =
        items.iter().map(|stocked| (stocked.item.name.clone(), stocked.unit_cost)).collect();
    let answers = answers.clone();
    Lines::new(items.len(), move |row| {
        let held = answers.get(row);
        let answer = held.answer();
        let (item, unit_cost) = &items[row];
        let line = |(place, strategy): (usize, &&'static str)| {
            let own = &answer.strategies[place];
            let measured = &own.measures;
            ItemMeasures {
                item: item.clone(),
                strategy,
                policy: CATALOGUE[own.rule.family as usize].name,
                parameters: parameters(own.rule),
                cost: levels.interval(measured.cost),
                cost_p05: measured.cost_p05,
                cost_p95: measured.cost_p95,
                cost_cvar95: measured.cost_cvar95,
                holding_cost: measured.parts.holding,
                order_cost: measured.parts.ordering,
                shortage_cost: measured.parts.shortage,
                purchase_cost: measured.parts.purchase,
                waste_cost: measured.parts.waste,
                fill_rate: levels.share(measured.fill_rate),
                ready_rate: measured.ready_rate,
                cycle_service: measured.cycle_service,
                peak_stock_units: measured.peak_stock,
                lost_units: measured.lost,
                wasted_units: measured.wasted,
                expedited_units: measured.expedited,
                stock_units: levels.interval(measured.stock),
                stock_value: unit_cost * measured.stock.mean,
                orders: measured.orders,
                difference: levels
                    .comparison(answer.difference(place, answer.recommended as usize)),
            }
        };
        names.iter().enumerate().map(line).collect()
    })
}
