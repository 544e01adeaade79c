//! What suppliers' terms cost, and what ordering together saves.

use engine::Estimate;
use solvers::{Coordination, Head, SupplierAnswer};

use super::Levels;
use crate::inputs::Inputs;
use crate::report::{ParameterValue, SupplierLine, SupplierTotals};
use crate::run::Outcome;
use crate::study::suppliers::Supplier;

/// What is recommended: the coordination if it is known to save something, else each item alone.
fn recommended(levels: &Levels, answer: &SupplierAnswer) -> SupplierAnswer {
    if levels.interval(answer.saving).low > 0.0 {
        return *answer;
    }
    SupplierAnswer {
        chosen: Coordination::NONE,
        together: answer.alone,
        saving: Estimate::default(),
        ..*answer
    }
}

/// A line for each supplier whose terms couple its items.
pub(super) fn suppliers(inputs: &Inputs, levels: &Levels, outcome: &Outcome) -> Vec<SupplierLine> {
    let line = |(supplier, answer): (&Supplier, &SupplierAnswer)| {
        let SupplierAnswer { chosen, together, alone, saving } = recommended(levels, answer);
        SupplierLine {
            supplier: supplier.name.clone(),
            items: supplier.items.len(),
            order_factor: chosen.order_factor,
            cover_periods: chosen.cover_periods,
            joins_at_share: chosen.joins_at_share(),
            cost: levels.interval(together.cost),
            cost_alone: levels.interval(alone.cost),
            saving: levels.interval(saving),
            fill_rate: levels.share(together.fill_rate),
            stock_value: levels.interval(together.stock_value),
            orders: together.orders,
            orders_alone: alone.orders,
            lines: together.lines,
            waited: together.waited,
            bound: together.bound,
        }
    };
    inputs.suppliers.iter().zip(&outcome.suppliers).map(line).collect()
}

/// The suppliers' totals; their items have demands of their own, so their errors are independent.
pub(super) fn totals(levels: &Levels, outcome: &Outcome) -> Option<SupplierTotals> {
    let answers: Vec<SupplierAnswer> =
        outcome.suppliers.iter().map(|answer| recommended(levels, answer)).collect();
    let sum = |of: fn(&SupplierAnswer) -> Estimate| {
        levels.interval(answers.iter().map(of).fold(Estimate::default(), Estimate::plus))
    };
    (!answers.is_empty()).then(|| SupplierTotals {
        cost: sum(|answer| answer.together.cost),
        cost_alone: sum(|answer| answer.alone.cost),
        saving: sum(|answer| answer.saving),
    })
}

/// Each item's levels if it is ordered together with others of its supplier, in order of items;
/// empty where it is not.
pub(super) fn levels_together(
    inputs: &Inputs,
    levels: &Levels,
    outcome: &Outcome,
) -> Vec<Vec<ParameterValue>> {
    let mut together = vec![Vec::new(); inputs.stock.len()];
    for (supplier, answer) in inputs.suppliers.iter().zip(&outcome.suppliers) {
        let how = recommended(levels, answer).chosen;
        if how == Coordination::NONE {
            continue;
        }
        for &place in &supplier.items {
            let Head { quantum, mean, .. } = *outcome.answers.get(place).answer();
            let rule = outcome.rule(place).in_counts(quantum);
            let Some((min, can, max)) = how.levels(rule, mean / quantum) else { continue };
            let units =
                |name, counts| ParameterValue { name, value: quantum * counts, unit: "units" };
            together[place].push(units("min", min));
            together[place].extend(can.map(|can| units("can", can)));
            together[place].push(units("max", max));
        }
    }
    together
}
