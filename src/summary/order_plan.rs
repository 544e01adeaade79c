//! What the orders of the coming periods do.

use engine::Estimate;

use super::Levels;
use crate::inputs::Inputs;
use crate::report::order_plan::{FirstOrder, OrderPlan, OrderPlanLine};
use crate::run::{OrderPlanned, Outcome};
use crate::study::Study;
use crate::study::order_plan::Method;

/// Items shown with their order of today.
const SHOWN: usize = 10;

/// The plan, if the study asks for one.
pub(super) fn order_plan(
    study: &Study,
    inputs: &Inputs,
    levels: &Levels,
    outcome: &Outcome,
) -> Option<OrderPlan> {
    let (planned, terms) = (outcome.order_plan.as_ref()?, study.order_plan.as_ref()?);
    let fresh = &planned.fresh;
    let periods = planned.periods as f64;
    let each =
        |values: &[f64]| -> Vec<f64> { values.iter().map(|value| value / periods).collect() };
    let mean = |values: &[f64]| Estimate::of(values).mean;
    let (costs, of_means) = (each(&fresh.costs()), each(&planned.of_means.costs()));
    let over = fresh.fullest.iter().filter(|share| **share > 1.0 + 1e-9).count();
    let most = |prices: &[f64]| prices.iter().copied().fold(0.0, f64::max);
    let (gaps, confidence) = (each(&planned.gaps), study.file.report.confidence_level);
    let most_saving = (gaps.len() > 1).then(|| Estimate::of(&gaps).at_most(confidence, gaps.len()));
    let lines = lines(inputs, planned);
    let (first, items_today) = first(planned, &lines);
    Some(OrderPlan {
        periods: planned.periods,
        scenarios: terms.scenarios_of(inputs.plan_method),
        fresh_scenarios: fresh.demand.len(),
        cash_per_review: study.program.cash,
        warehouse_space: study.program.space,
        suppliers_left_out: inputs.plan_method == Method::Prices && !inputs.suppliers.is_empty(),
        confidence_level: confidence,
        reviewed_today: study.events.reviewed(0),
        today: lines.iter().step_by(planned.periods).map(|line| line.order_value).sum(),
        cost: levels.interval(Estimate::of(&costs)),
        holding_cost: mean(&fresh.holding) / periods,
        order_cost: fresh.ordering / periods,
        shortage_cost: mean(&fresh.shortage) / periods,
        fill_rate: levels.share(Estimate::ratio(&fresh.lost, &fresh.demand).complement()),
        over_space: over as f64 / fresh.demand.len() as f64,
        bound: planned.bounds[0] / periods,
        cost_of_sample: planned.bounds[1] / periods,
        replications: planned.gaps.len(),
        most_saving,
        more_of_expected: levels.interval(Estimate::difference(&of_means, &costs)),
        price_of_cash: most(&planned.cash_prices),
        price_of_space: most(&planned.room_prices),
        lines,
        first,
        items_today,
    })
}

fn lines(inputs: &Inputs, planned: &OrderPlanned) -> Vec<OrderPlanLine> {
    let history = &inputs.history;
    let dates: Vec<String> = (0..planned.periods)
        .map(|period| history.calendar.start_of(history.periods + period).to_string())
        .collect();
    let line = |(place, &order): (usize, &f64)| {
        let (row, period) = (place / planned.periods, place % planned.periods);
        let stocked = &inputs.stock[row];
        OrderPlanLine {
            item: stocked.item.name.clone(),
            supplier: stocked.supplier.clone(),
            period: period + 1,
            date: dates[period].clone(),
            order,
            order_value: stocked.unit_cost * order,
            expected_stock: planned.fresh.stock[place],
            expected_unmet: planned.fresh.unmet[place],
        }
    };
    planned.orders.iter().enumerate().map(line).collect()
}

/// The items with the dearest orders today, and how many have one.
fn first(planned: &OrderPlanned, lines: &[OrderPlanLine]) -> (Vec<FirstOrder>, usize) {
    let mut items: Vec<&[OrderPlanLine]> = lines.chunks(planned.periods).collect();
    items.retain(|item| item[0].order > 0.0);
    let count = items.len();
    items.sort_by(|left, right| right[0].order_value.total_cmp(&left[0].order_value));
    let first = |item: &[OrderPlanLine]| FirstOrder {
        item: item[0].item.clone(),
        order: item[0].order,
        value: item[0].order_value,
        later: item[1..].iter().map(|line| line.order).sum(),
        stock_at_end: item.last().map_or(0.0, |line| line.expected_stock),
    };
    (items.into_iter().take(SHOWN).map(first).collect(), count)
}
