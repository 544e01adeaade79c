//! What suppliers' terms cost, and what ordering together saves.

use engine::Estimate;
use solvers::{Coordination, SupplierAnswer};

use super::Levels;
use crate::inputs::Inputs;
use crate::report::{ParameterValue, SupplierLine, SupplierTotals};
use crate::run::Outcome;
use crate::study::suppliers::Supplier;

/// A line for each supplier whose terms couple its items.
pub(super) fn suppliers(inputs: &Inputs, levels: &Levels, outcome: &Outcome) -> Vec<SupplierLine> {
    let all = Coordination::all();
    let line = |(supplier, answer): (&Supplier, SupplierAnswer)| {
        let SupplierAnswer { chosen, together, alone, saving } = answer;
        let Coordination { order_factor, joins_at_share } = all[chosen as usize];
        let saving = levels.interval(saving);
        SupplierLine {
            supplier: supplier.name.clone(),
            items: supplier.items.len(),
            order_factor,
            joins_at_share,
            cost: levels.interval(together.cost),
            cost_alone: levels.interval(alone.cost),
            saving,
            significant: saving.low > 0.0 || saving.high < 0.0,
            fill_rate: levels.share(together.fill_rate),
            stock_value: levels.interval(together.stock_value),
            orders: together.orders,
            orders_alone: alone.orders,
            lines: together.lines,
            waited: together.waited,
            bound: together.bound,
        }
    };
    inputs.suppliers.iter().zip(outcome.suppliers.iter().copied()).map(line).collect()
}

/// The suppliers' totals; their items have demands of their own, so their errors are independent.
pub(super) fn totals(levels: &Levels, outcome: &Outcome) -> Option<SupplierTotals> {
    let sum = |of: fn(&SupplierAnswer) -> Estimate| {
        let all = outcome.suppliers.iter().map(of);
        levels.interval(all.fold(Estimate::default(), Estimate::plus))
    };
    (!outcome.suppliers.is_empty()).then(|| SupplierTotals {
        cost: sum(|answer| answer.together.cost),
        cost_alone: sum(|answer| answer.alone.cost),
        saving: sum(|answer| answer.saving),
    })
}

/// Each item's levels if it is ordered together with others of its supplier, in order of items;
/// empty where it is not.
pub(super) fn levels_together(inputs: &Inputs, outcome: &Outcome) -> Vec<Vec<ParameterValue>> {
    let mut levels = vec![Vec::new(); inputs.stock.len()];
    let all = Coordination::all();
    for (supplier, answer) in inputs.suppliers.iter().zip(&outcome.suppliers) {
        let how = all[answer.chosen as usize];
        if how == Coordination::NONE {
            continue;
        }
        for &place in &supplier.items {
            let quantum = outcome.answers[place].quantum;
            let rule = outcome.rule(place).in_counts(quantum);
            let Some((min, can, max)) = how.levels(rule) else { continue };
            let units =
                |name, counts| ParameterValue { name, value: quantum * counts, unit: "units" };
            levels[place].push(units("min", min));
            levels[place].extend(can.map(|can| units("can", can)));
            levels[place].push(units("max", max));
        }
    }
    levels
}
