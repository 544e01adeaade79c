//! What is asked about every item, with what all items have to know of each other.

use std::convert::Infallible;

use cluster::{Table, Team};
use scenarios::History;
use scenarios::classes::Value;
use solvers::Settings;
use solvers::strategy::group_fill_rate;

use super::modelled::{Known, Modelled};
use crate::error::Error;
use crate::foresight::Foresight;
use crate::inputs::Inputs;
use crate::study::Study;
use crate::study::stock::StockedItem;

/// What is asked about every item of a study.
pub(crate) struct Asked<'a> {
    pub(super) known: Known<'a>,
    pub(crate) settings: Settings<'a>,
}

impl<'a> Asked<'a> {
    /// With what all items have to know of each other.
    pub(crate) fn new(
        study: &'a Study,
        inputs: &'a Inputs,
        foresight: Option<&'a Foresight<'a>>,
        team: &Team,
    ) -> Result<Asked<'a>, Error> {
        let mut settings = settings(study, &inputs.history);
        let known = Known { study, inputs, foresight, classes: classes(inputs) };
        if study.strategies.iter().any(|strategy| strategy.name == group_fill_rate::NAME) {
            settings.shortage_price = shortage_price(&known, &settings, team)?;
        }
        Ok(Asked { known, settings })
    }

    pub(crate) fn modelled(&self, row: usize) -> Modelled {
        self.known.modelled(row)
    }
}

fn settings<'a>(study: &'a Study, history: &History) -> Settings<'a> {
    Settings {
        events: study.events,
        periods: study.periods,
        warm_up_periods: study.warm_up_periods,
        scenarios: study.file.simulation.scenarios,
        search_scenarios: study.file.simulation.search_scenarios,
        strategies: &study.strategies,
        family: study.family,
        search: study.search,
        targets: study.targets,
        selecting: study.selecting,
        shortage_price: 0.0,
        periods_per_year: history.calendar.periods_per_year(),
    }
}

/// Classes of value of the items, by the value of what was sold.
fn classes(inputs: &Inputs) -> Vec<usize> {
    let value = |item: &StockedItem| {
        let series = inputs.history.series.get(item.series);
        let seen = series.units.iter().zip(&series.observed).filter(|(_, seen)| **seen);
        let (sum, count) = seen.fold((0.0, 0.0), |(sum, count), (u, _)| (sum + u, count + 1.0));
        item.unit_cost * sum / f64::max(count, 1.0)
    };
    let values: Vec<f64> = inputs.stock.iter().map(value).collect();
    Value::of(&values).into_iter().map(|class| class as usize).collect()
}

/// What a unit that is not met at once has to cost, so that all items together meet the wanted share of
/// demand with the least holding cost \[currency/unit\].
fn shortage_price(known: &Known<'_>, settings: &Settings<'_>, team: &Team) -> Result<f64, Error> {
    let items = known.inputs.stock.len();
    let width = group_fill_rate::PRICES + 1;
    let cells: Vec<f64> = team.rows(
        Table::new(items, width).named("group fill rate"),
        || (),
        |row, cells, ()| {
            let modelled = known.modelled(row);
            let question = modelled.question(settings);
            let (demand, curve) = cells.split_at_mut(1);
            demand[0] = modelled.demand.mean * modelled.demand.quantum;
            curve.copy_from_slice(&question.unmet_by_price());
            Ok::<(), Infallible>(())
        },
    )?;
    // In order of the items, so that sums have the same bits everywhere.
    let (mut demand, mut unmet) = (0.0, [0.0; group_fill_rate::PRICES]);
    for cells in cells.chunks(width) {
        demand += cells[0];
        for (sum, cell) in unmet.iter_mut().zip(&cells[1..]) {
            *sum += cell;
        }
    }
    Ok(group_fill_rate::price_for(&unmet, (1.0 - settings.targets.fill_rate) * demand))
}
