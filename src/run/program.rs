//! All items ordered together at each review, beside each item's own policy, under everything that
//! they share.

use cluster::{Table, Team};
use engine::{Estimate, GroupError, Item, LANES, Policy};
use solvers::together::{
    CURVE_CELLS, Curve, CurveQuestion, MEASURES, Reckoning, Site, SiteItem, Trial, TrialItem,
    Tried, Way,
};
use solvers::{FRESH_SET, Rule, SEARCH_SET, Settings};

use super::modelled::{Known, Modelled, Models};
use super::{Outcome, of_tables};
use crate::error::Error;
use crate::study::suppliers::Supplier;
use crate::table::Problems;

/// What came of the ways of ordering.
pub struct Programmed {
    /// What each way is called, and what it did; the program first.
    pub ways: Vec<(&'static str, Tried)>,
    /// Charge on stock value that the program reckons with beside holding
    /// \[currency/currency/period\].
    pub stock_price: f64,
}

/// Scenarios on which the program's reckoning is chosen: as many policies as these differ widely.
const FEW: usize = 16;

/// Shares of a supplier's order cost that curves reckon with, in those of one of its items.
const SHARES: [f64; 6] = [0.0, 1.0, 2.0, 4.0, 8.0, f64::INFINITY];

/// Prices of stock that are tried, in that of the plan within the budget.
const STOCK_PRICES: [f64; 4] = [0.0, 0.5, 1.0, 2.0];

/// What all items' curves reckon with.
#[derive(Clone, Copy)]
struct Shared {
    /// Share of the supplier's order cost, in those of one of its items.
    share: f64,
    /// Charge on stock value beside holding.
    stock_price: f64,
}

/// What ways of ordering do; `None` unless the study asks for it.
pub(super) fn programmed(
    known: &Known<'_>,
    models: &Models<'_>,
    (settings, outcome): (&Settings<'_>, &Outcome),
    team: &Team,
) -> Result<Option<Programmed>, Error> {
    let Known { study, inputs, .. } = *known;
    let terms = study.program;
    if terms.scenarios == 0 {
        return Ok(None);
    }
    let count = inputs.stock.len();
    let models: Vec<&Modelled> = (0..count).map(|row| models.get(row)).collect();
    let policies = |rule: &dyn Fn(usize) -> Rule| {
        let built = |row: usize| {
            let model = models[row];
            let question = model.question(settings);
            question.built(rule(row).in_counts(model.demand.quantum))
        };
        (0..count).map(built).collect::<Vec<_>>()
    };
    let own = policies(&|row| outcome.selected(row));
    let trial = Trial {
        events: study.events,
        periods: study.periods,
        warm_up_periods: study.warm_up_periods,
        site: site(known, &models),
        items: models
            .iter()
            .zip(&own)
            .enumerate()
            .map(|(row, (model, policy))| TrialItem {
                item: &model.item,
                source: &*model.demand.source,
                policy: policy.clone(),
                unit_cost: model.demand.quantum * inputs.stock[row].unit_cost,
                quantum: model.demand.quantum,
            })
            .collect(),
    };

    let reckonings = reckonings(&inputs.suppliers, outcome);
    let curves = curves(&trial, &reckonings, team)?;
    let mut ways = curves.into_iter().map(Way::Programme).collect::<Vec<_>>();
    let few = FEW.min(settings.search_scenarios);
    let searched = tried(&trial, SEARCH_SET, few, &ways, "program", team)?;
    let budget = outcome.plan.as_ref().and_then(|plan| plan.limits[0]);
    let best = choose(&searched, budget);

    let mut names = vec!["program"];
    ways = vec![ways.swap_remove(best), Way::Own(own)];
    names.push("selected");
    if outcome.plan.is_some() {
        ways.push(Way::Own(policies(&|row| outcome.rule(row))));
        names.push("plan");
    }
    if !inputs.suppliers.is_empty() {
        ways.push(Way::Own(coordinated(known, settings, outcome, &models)));
        names.push("ordered together");
    }
    for (place, strategy) in study.strategies.iter().enumerate() {
        ways.push(Way::Own(policies(&|row| {
            outcome.answers.get(row).answer().strategies[place].rule
        })));
        names.push(strategy.name);
    }
    let fresh = tried(&trial, FRESH_SET, terms.scenarios, &ways, "ways of ordering", team)?;
    let stock_price = reckonings[best].stock_price;
    Ok(Some(Programmed { ways: names.into_iter().zip(fresh).collect(), stock_price }))
}

/// What all items share.
fn site(known: &Known<'_>, models: &[&Modelled]) -> Site {
    let Known { study, inputs, .. } = *known;
    let mut supplied = vec![None; models.len()];
    for (place, Supplier { items, .. }) in inputs.suppliers.iter().enumerate() {
        for &item in items {
            supplied[item] = Some(place);
        }
    }
    let item = |(row, model): (usize, &&Modelled)| {
        let (stocked, quantum) = (&inputs.stock[row], model.demand.quantum);
        let weight =
            supplied[row].map_or(1.0, |place| inputs.suppliers[place].terms.weight(stocked));
        let Item { order_cost, minimum_order, order_multiple, maximum_order, .. } = model.item;
        SiteItem {
            supplier: supplied[row],
            weight: quantum * weight,
            unit_cost: quantum * stocked.unit_cost,
            room: quantum * stocked.volume,
            order_cost,
            least: minimum_order,
            lot: if order_multiple > 0.0 { order_multiple } else { 1.0 },
            most: maximum_order,
        }
    };
    let items = models.iter().enumerate().map(item).collect();
    let suppliers = inputs.suppliers.iter().map(|supplier| supplier.terms.joint).collect();
    let most = |limit: Option<f64>| limit.unwrap_or(f64::INFINITY);
    Site::new(items, suppliers, most(study.program.cash), most(study.program.space))
}

/// What curves may reckon with: where suppliers charge for orders, shares of that; where stock has
/// a budget, prices of it.
fn reckonings(suppliers: &[Supplier], outcome: &Outcome) -> Vec<Shared> {
    let charged = suppliers.iter().any(|supplier| supplier.terms.joint.order_cost > 0.0);
    let shares = if charged { &SHARES[..] } else { &SHARES[..1] };
    let price = outcome.plan.as_ref().map_or(0.0, |plan| plan.allocation.prices[0]);
    let prices = if price > 0.0 { &STOCK_PRICES[..] } else { &STOCK_PRICES[..1] };
    let with = |share: &f64| {
        let share = *share;
        prices.iter().map(move |factor| Shared { share, stock_price: factor * price })
    };
    shares.iter().flat_map(with).collect()
}

/// The curves of all items, for each reckoning.
fn curves(trial: &Trial<'_>, reckonings: &[Shared], team: &Team) -> Result<Vec<Vec<Curve>>, Error> {
    let count = trial.items.len();
    let sharing = |supplier: usize| {
        trial.site.items.iter().filter(|item| item.supplier == Some(supplier)).count() as f64
    };
    let items: Vec<f64> = (0..trial.site.suppliers.len()).map(sharing).collect();
    let cells: Vec<f64> = team.rows(
        Table::new(count, CURVE_CELLS * reckonings.len()).named("curves"),
        || (),
        |row, cells: &mut [f64], ()| {
            let TrialItem { item, source, unit_cost, .. } = &trial.items[row];
            let own = |shared: &Shared| Reckoning {
                order_cost: item.order_cost
                    + trial.site.items[row].supplier.map_or(0.0, |supplier| {
                        let share = (shared.share / items[supplier]).min(1.0);
                        share * trial.site.suppliers[supplier].order_cost
                    }),
                stock_price: shared.stock_price * unit_cost,
            };
            let question = CurveQuestion {
                item,
                source: *source,
                events: trial.events,
                periods: [trial.periods + trial.warm_up_periods, trial.warm_up_periods],
            };
            let curves = question.curves(reckonings.iter().map(own));
            for (curve, cells) in curves.iter().zip(cells.chunks_mut(CURVE_CELLS)) {
                curve.pack(cells);
            }
            Ok::<(), std::convert::Infallible>(())
        },
    )?;
    let mut all = vec![Vec::with_capacity(count); reckonings.len()];
    for (place, cells) in cells.chunks(CURVE_CELLS).enumerate() {
        all[place % reckonings.len()].push(Curve::unpack(cells));
    }
    Ok(all)
}

/// The cheapest of those that keep within the budget, or the one with the least stock.
fn choose(tried: &[Tried], budget: Option<f64>) -> usize {
    let mean = |values: &[f64]| Estimate::of(values).mean;
    let within = |tried: &Tried| budget.is_none_or(|budget| mean(&tried.stock_value) <= budget);
    let places = || 0..tried.len();
    let by = |of: &dyn Fn(&Tried) -> f64, left: usize, right: usize| {
        of(&tried[left]).total_cmp(&of(&tried[right])).then(left.cmp(&right))
    };
    places()
        .filter(|&place| within(&tried[place]))
        .min_by(|&l, &r| by(&|tried| mean(&tried.cost), l, r))
        .or_else(|| places().min_by(|&l, &r| by(&|tried| mean(&tried.stock_value), l, r)))
        .unwrap_or(0)
}

/// Policies as they are recommended for items that are ordered together.
fn coordinated(
    known: &Known<'_>,
    settings: &Settings<'_>,
    outcome: &Outcome,
    models: &[&Modelled],
) -> Vec<Policy> {
    let Known { inputs, .. } = *known;
    let mut hows = vec![solvers::Coordination::NONE; models.len()];
    for (supplier, answer) in inputs.suppliers.iter().zip(&outcome.suppliers) {
        for &item in &supplier.items {
            hows[item] = answer.chosen;
        }
    }
    let built = |(row, model): (usize, &&Modelled)| {
        let rule = outcome.rule(row).in_counts(model.demand.quantum);
        let own = model.question(settings).built(rule);
        hows[row].policy(rule, model.demand.mean).unwrap_or(own)
    };
    models.iter().enumerate().map(built).collect()
}

/// What each way does in `scenarios` of a set: a row for some scenarios of one way.
fn tried(
    trial: &Trial<'_>,
    set: u32,
    scenarios: usize,
    ways: &[Way],
    what: &'static str,
    team: &Team,
) -> Result<Vec<Tried>, Error> {
    let parts = scenarios.div_ceil(LANES);
    let rows = parts * ways.len();
    let cells = team.rows(
        Table::new(rows, MEASURES * LANES).named(what),
        || (),
        |row, cells: &mut [f64], ()| {
            let (way, first) = (row / parts, row % parts * LANES);
            let these = first..scenarios.min(first + LANES);
            let tried = trial.run(set, these, &ways[way])?;
            for (cells, column) in cells.chunks_mut(LANES).zip(tried.columns()) {
                cells[..column.len()].copy_from_slice(column);
            }
            Ok::<(), GroupError>(())
        },
    );
    let cells = cells.map_err(|error| {
        of_tables(error, |reason| {
            Problems::of_file("[program]", format!("items cannot be ordered together: {reason}"))
        })
    })?;
    let mut all = vec![Tried::default(); ways.len()];
    for (row, cells) in cells.chunks(MEASURES * LANES).enumerate() {
        let count = LANES.min(scenarios - row % parts * LANES);
        let columns = all[row / parts].columns_mut();
        for (column, cells) in columns.into_iter().zip(cells.chunks(LANES)) {
            column.extend_from_slice(&cells[..count]);
        }
    }
    Ok(all)
}
