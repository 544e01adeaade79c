//! What drives an item's safety stock, and what it would take to change the choice.

use engine::{CostParts, Money};
use solvers::ItemAnswer;
use solvers::search::{CATALOGUE, Evidence};

use super::Levels;
use crate::inputs::Inputs;
use crate::report::drivers::{BreakEven, Drivers, Price, SearchEvidence};
use crate::study::Study;
use crate::study::stock::StockedItem;

/// What drives an item's safety stock: the moments that strategies use, `σ²(L + R) + μ²σ_L²`, by source.
pub(super) fn drivers(
    study: &Study,
    inputs: &Inputs,
    stocked: &StockedItem,
    answer: ItemAnswer<'_>,
) -> Drivers {
    let protection = study.events.protection_periods(&stocked.item);
    let review = study.events.review_interval().min(protection);
    let per_period = answer.deviation * answer.deviation;
    let late = answer.mean * study.terms.lead_time_deviation(stocked.lead_time_deviation);
    let variance = per_period * protection as f64 + late * late;
    let share = |part: f64| if variance > 0.0 { part / variance } else { 0.0 };
    let calendar = &inputs.history.calendar;
    let series = inputs.history.series.get(stocked.series);
    let recent = (calendar.periods_per_year() / 4.0).round() as usize;
    let from = series.units.len().saturating_sub(recent.max(1));
    let seen = series.units[from..].iter().zip(&series.observed[from..]).filter(|(_, seen)| **seen);
    let (sum, count) = seen.fold((0.0, 0_usize), |(sum, count), (u, _)| (sum + u, count + 1));
    Drivers {
        lead_time_periods: stocked.item.lead_time_periods,
        protection_periods: protection,
        protected_demand: answer.mean * protection as f64,
        protected_deviation: variance.sqrt(),
        lead_time_demand_share: share(per_period * (protection - review) as f64),
        review_share: share(per_period * review as f64),
        lead_time_deviation_share: share(late * late),
        recent_periods: count,
        recent_demand: (count > 0).then(|| sum / count.max(1) as f64),
        break_evens: break_evens(study, answer),
    }
}

/// What speaks for the result of the search, if there was one.
pub(super) fn searched(levels: &Levels, answer: ItemAnswer<'_>) -> Option<SearchEvidence> {
    let found @ Evidence { neighbours, not_cheaper, finalists, not_worse, .. } = answer.search;
    (neighbours > 0).then(|| SearchEvidence {
        method: CATALOGUE[found.method as usize].name,
        priced: found.priced,
        neighbours,
        not_cheaper,
        nearest: levels.interval(found.nearest),
        finalists,
        not_worse,
        guaranteed: found.guaranteed == 1,
    })
}

/// Prices at which another strategy would be as cheap as the one selected, all policies as they are.
///
/// A cost is linear in what a unit short, a unit in stock and an order cost, so each price at which two
/// strategies cost the same is found at once. The nearest above and below today's are told.
fn break_evens(study: &Study, answer: ItemAnswer<'_>) -> Vec<BreakEven> {
    let own = answer.recommended as usize;
    let cost = |strategy: usize| answer.strategies[strategy].measures.cost.mean;
    let mut all = Vec::new();
    for (price, part) in PRICES {
        let part = |strategy: usize| part(&answer.strategies[strategy].measures.parts);
        let others = (0..study.strategies.len()).filter(|&other| other != own);
        let times = others.filter_map(|other| {
            let (dearer, less) = (cost(other) - cost(own), part(own) - part(other));
            let times = 1.0 + dearer / less;
            (dearer > 0.0 && times.is_finite() && times > 0.0).then_some((times, other))
        });
        let times: Vec<(f64, usize)> = times.collect();
        let above = times.iter().filter(|(times, _)| *times > 1.0);
        let below = times.iter().filter(|(times, _)| *times < 1.0);
        let nearest = [
            above.min_by(|left, right| left.0.total_cmp(&right.0)),
            below.max_by(|left, right| left.0.total_cmp(&right.0)),
        ];
        all.extend(nearest.into_iter().flatten().map(|&(times, other)| BreakEven {
            price,
            times,
            strategy: study.strategies[other].name,
        }));
    }
    all
}

/// A part of a cost.
type PartOf = fn(&CostParts) -> Money;

/// Prices, and the part of the cost that each is a factor of.
const PRICES: [(Price, PartOf); 3] = [
    (Price::Shortage, |parts| parts.shortage),
    (Price::Holding, |parts| parts.holding),
    (Price::Order, |parts| parts.ordering),
];
