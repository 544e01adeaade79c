//! What ways of ordering all items together do.

use engine::Estimate;

use super::Levels;
use crate::report::programmed::{ProgramLine, Programmed};
use crate::run::Outcome;
use crate::study::Study;

/// The program and the others, from the cheapest on.
pub(super) fn programmed(study: &Study, levels: &Levels, outcome: &Outcome) -> Option<Programmed> {
    let tried = outcome.programmed.as_ref()?;
    let (_, program) = tried.ways.first()?;
    let mut lines: Vec<ProgramLine> = tried
        .ways
        .iter()
        .map(|(way, tried)| {
            let mean = |values: &[f64]| Estimate::of(values).mean;
            ProgramLine {
                way,
                cost: levels.interval(Estimate::of(&tried.cost)),
                more_than_program: levels
                    .interval(Estimate::difference(&tried.cost, &program.cost)),
                supplier_order_cost: mean(&tried.charged),
                fill_rate: levels.share(tried.fill_rate()),
                stock_value: levels.interval(Estimate::of(&tried.stock_value)),
                short: mean(&tried.short),
            }
        })
        .collect();
    lines[1..].sort_by(|left, right| left.cost.mean.total_cmp(&right.cost.mean));
    Some(Programmed {
        scenarios: study.program.scenarios,
        cash_per_review: study.program.cash,
        warehouse_space: study.program.space,
        stock_budget: outcome.plan.as_ref().and_then(|plan| plan.limits[0]),
        stock_price: tried.stock_price,
        price_of_cash: levels.interval(Estimate::of(&program.cash_price)),
        price_of_space: levels.interval(Estimate::of(&program.room_price)),
        lines,
    })
}
