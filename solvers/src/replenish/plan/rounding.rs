//! Plans with set-ups, from those that prices gave.

use cluster::Team;

use super::bundle::Bundle;
use super::decompose::{ITEMS_SHARE, Search};
use super::item::Memory;
use super::passes::Passes;
use super::problem::{PlanError, Replenishment};
use super::repair::Known;

/// A plan of each item from the mixture, so that together they take next to what the mixture takes: items take
/// turns between the plans that are mixed, each making up for those before.
pub(super) fn turns(problem: &Replenishment, bundle: &Bundle, prices: &[f64]) -> Vec<f64> {
    let periods = problem.periods;
    let plans: Vec<(&[f64], f64)> = bundle.plans().collect();
    let mean = prices.iter().sum::<f64>() / prices.len() as f64;
    let worth: Vec<f64> = prices.iter().map(|price| (price + 0.1 * mean).powi(2)).collect();
    let mut ahead = vec![0.0; prices.len()];
    let mut chosen = vec![0.0; problem.items.len() * periods];
    let mut memory = Memory::default();
    for place in 0..problem.items.len() {
        let (view, item) = (problem.view(place), &problem.items[place]);
        let span = place * periods..place * periods + view.orders();
        memory.size(view);
        let mut options: Vec<(&[f64], Vec<f64>)> = Vec::new();
        for (plan, weight) in &plans {
            let own = &plan[span.clone()];
            memory.orders.copy_from_slice(own);
            super::recourse::simulate(view, own, &mut memory.stock, &mut memory.kept);
            let stock = memory.stock[view.scenarios..].iter().map(|stock| item.volume * stock);
            let money = own.iter().map(|order| item.cost * order);
            let rest = std::iter::repeat_n(0.0, periods - view.orders());
            let uses: Vec<f64> = stock.chain(money).chain(rest).collect();
            for (ahead, used) in ahead.iter_mut().zip(&uses) {
                *ahead -= weight * used;
            }
            options.push((own, uses));
        }
        let off = |uses: &[f64]| -> f64 {
            let cells = ahead.iter().zip(uses).zip(&worth);
            cells.map(|((ahead, used), worth)| worth * (ahead + used) * (ahead + used)).sum()
        };
        let best = options.iter().min_by(|a, b| off(&a.1).total_cmp(&off(&b.1)));
        if let Some((own, uses)) = best {
            chosen[span].copy_from_slice(own);
            for (ahead, used) in ahead.iter_mut().zip(uses) {
                *ahead += used;
            }
        }
    }
    chosen
}

/// The best quantities if every item orders in the periods of `plan` only: a plan within the limits, and prices
/// at which it is nearly the cheapest.
pub(super) fn quantities<'a>(
    problem: &'a Replenishment,
    team: &'a Team,
    plan: &[f64],
    prices: Vec<f64>,
    gap: f64,
    most_passes: usize,
) -> Result<(Known, Vec<f64>), PlanError> {
    let mut passes = Passes::new(problem, team, ITEMS_SHARE * gap);
    let mut fixed = 0.0;
    for ((most, order), item) in passes
        .most
        .iter_mut()
        .zip(plan)
        .zip(problem.items.iter().flat_map(|item| std::iter::repeat_n(item, problem.periods)))
    {
        if *order > 0.0 {
            fixed += item.set_up;
        } else {
            *most = 0.0;
        }
    }
    let mut search = Search::new(passes, Some(prices), None)?;
    search.fixed = fixed;
    search.run(gap, most_passes)?;
    Ok((search.best, search.prices))
}
