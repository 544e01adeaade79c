//! What the orders of the coming periods do.

use engine::{Estimate, Unmet};

use super::Levels;
use crate::inputs::Inputs;
use crate::report::order_plan::{DeliveryLine, FirstOrder, OrderPlan, OrderPlanLine, TransferLine};
use crate::run::{Delivery, Move, OrderPlanned, Outcome};
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
    let planned = outcome.order_plan.as_ref()?;
    let fresh = &planned.fresh;
    let periods = planned.periods as f64;
    let each =
        |values: &[f64]| -> Vec<f64> { values.iter().map(|value| value / periods).collect() };
    let mean = |values: &[f64]| if values.is_empty() { 0.0 } else { Estimate::of(values).mean };
    let (costs, of_means) = (each(&fresh.costs), each(&planned.of_means));
    let over = fresh.fullest.iter().filter(|share| **share > 1.0 + 1e-9).count();
    let most = |prices: &[f64]| prices.iter().copied().fold(0.0, f64::max);
    let (gaps, confidence) = (each(&planned.gaps), study.file.report.confidence_level);
    let most_saving = (gaps.len() > 1).then(|| Estimate::of(&gaps).at_most(confidence, gaps.len()));
    let more =
        (!of_means.is_empty()).then(|| levels.interval(Estimate::difference(&of_means, &costs)));
    let parts = [&fresh.holding, &fresh.shortage, &fresh.waste, &fresh.transfers];
    let [holding, shortage, waste, transfers] = parts.map(|part| mean(part) / periods);
    // What is left of the cost: charges, and what discounts make of prices.
    let ordering = mean(&costs) - holding - shortage - waste - transfers;
    let dates: Vec<String> = (0..planned.periods)
        .map(|period| inputs.history.calendar.start_of(inputs.history.periods + period).to_string())
        .collect();
    let lines = lines(inputs, planned, &dates);
    let (first, items_today) = first(planned, &lines);
    let (suppliers, moves) = (deliveries(planned, &dates), transferred(inputs, planned, &dates));
    let waits = study.events.unmet == Unmet::Backorder;
    let share = || Estimate::ratio(&fresh.unmet, &fresh.demand).complement();
    let by_prices = planned.method != Method::Program;
    Some(OrderPlan {
        method: if by_prices { "prices" } else { "program" },
        periods: planned.periods,
        scenarios: planned.scenarios,
        fresh_scenarios: fresh.demand.len(),
        cash_per_review: study.program.cash,
        warehouse_space: study.program.space,
        suppliers_left_out: by_prices && !inputs.suppliers.is_empty(),
        confidence_level: confidence,
        reviewed_today: study.events.reviewed(0),
        today: lines.iter().step_by(planned.periods).map(|line| line.order_value).sum(),
        cost: levels.interval(Estimate::of(&costs)),
        holding_cost: holding,
        order_cost: if ordering.abs() < 1e-9 * mean(&costs).abs() { 0.0 } else { ordering },
        shortage_cost: shortage,
        waste_cost: waste,
        transfer_cost: transfers,
        fill_rate: (!waits).then(|| levels.share(share())),
        waiting: waits.then(|| mean(&fresh.unmet) / periods),
        over_space: over as f64 / fresh.demand.len() as f64,
        bound: planned.bounds[0] / periods,
        cost_of_sample: planned.bounds[1] / periods,
        replications: planned.gaps.len(),
        most_saving,
        more_of_expected: more,
        price_of_cash: most(&planned.cash_prices),
        price_of_space: most(&planned.room_prices),
        lines,
        first_suppliers: today(&suppliers, |line| line.period, |line| line.items as f64),
        suppliers,
        first_transfers: today(&moves, |line| line.period, |line| line.units),
        transfers: moves,
        first,
        items_today,
    })
}

/// Lines of today that are any.
fn today<Line: Clone>(
    lines: &[Line],
    period: fn(&Line) -> usize,
    amount: fn(&Line) -> f64,
) -> Vec<Line> {
    lines.iter().filter(|line| period(line) == 1 && amount(line) > 0.0).cloned().collect()
}

fn lines(inputs: &Inputs, planned: &OrderPlanned, dates: &[String]) -> Vec<OrderPlanLine> {
    let line = |(place, &order): (usize, &f64)| {
        let (row, period) = (place / planned.periods, place % planned.periods);
        let stocked = &inputs.stock[row];
        OrderPlanLine {
            item: stocked.item.name.clone(),
            supplier: stocked.supplier.clone(),
            period: period + 1,
            date: dates[period].clone(),
            order,
            order_value: planned.values[place],
            expected_stock: planned.fresh.stock[place],
            expected_unmet: planned.fresh.short[place],
        }
    };
    planned.orders.iter().enumerate().map(line).collect()
}

fn deliveries(planned: &OrderPlanned, dates: &[String]) -> Vec<DeliveryLine> {
    let line = |delivery: &Delivery| DeliveryLine {
        supplier: delivery.supplier.clone(),
        period: delivery.period + 1,
        date: dates[delivery.period].clone(),
        items: delivery.items,
        value: delivery.value,
        volume: delivery.volume,
        weight: delivery.weight,
        trucks: delivery.trucks,
    };
    planned.deliveries.iter().map(line).collect()
}

fn transferred(inputs: &Inputs, planned: &OrderPlanned, dates: &[String]) -> Vec<TransferLine> {
    let line = |leaves: &Move| {
        let way = &inputs.transfers[leaves.transfer];
        let name = |row: usize| inputs.stock[row].item.name.clone();
        TransferLine {
            from: name(way.from),
            to: name(way.to),
            period: leaves.period + 1,
            date: dates[leaves.period].clone(),
            units: leaves.units,
        }
    };
    planned.moves.iter().map(line).collect()
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
