//! Orders of all items in the coming periods, from today's stock.

use std::convert::Infallible;

use cluster::{Table, Team, TeamError};
use engine::{Block, Coordinates, LANES};
use solvers::SEARCH_SET;

use super::modelled::{Known, Models};
use crate::error::Error;
use crate::study::order_plan::Method;
use crate::study::stock::StockedItem;
use crate::table::Problems;

mod prices;
mod program;
mod refusal;

/// Orders of the coming periods, and what they do.
pub struct OrderPlanned {
    /// How they were planned.
    pub method: Method,
    /// Length of the plan \[periods\].
    pub periods: usize,
    /// Scenarios that it was made from.
    pub scenarios: usize,
    /// Orders, by item, then period \[units\].
    pub orders: Vec<f64>,
    /// What they cost at the prices of their size, likewise \[currency\].
    pub values: Vec<f64>,
    /// What they do in fresh scenarios.
    pub fresh: Outcomes,
    /// What orders that are made for expected demand cost there, by scenario; empty if there are none
    /// \[currency\].
    pub of_means: Vec<f64>,
    /// On the scenarios that the plan was made from: no plan costs less, and what it costs
    /// \[currency\].
    pub bounds: [f64; 2],
    /// What the plan costs beyond the bound, on samples of their own \[currency\].
    pub gaps: Vec<f64>,
    /// What a further unit of a period's cash saves \[currency/currency\].
    pub cash_prices: Vec<f64>,
    /// What a further unit of room in a period saves \[currency/volume\].
    pub room_prices: Vec<f64>,
    /// Orders to suppliers with terms, by supplier, then period, none left out.
    pub deliveries: Vec<Delivery>,
    /// What goes from place to place, by transfer, then period, none left out.
    pub moves: Vec<Move>,
}

/// What orders come to, scenario by scenario, and item by item.
#[derive(Default)]
pub struct Outcomes {
    /// Cost beside what is bought, by scenario \[currency\].
    pub costs: Vec<f64>,
    /// Charges on stock, by scenario \[currency\].
    pub holding: Vec<f64>,
    /// Losses on demand that is not met, or waits, by scenario \[currency\].
    pub shortage: Vec<f64>,
    /// Charges on what spoils, by scenario; empty if nothing does \[currency\].
    pub waste: Vec<f64>,
    /// Charges on transferred units, by scenario; empty if there are none \[currency\].
    pub transfers: Vec<f64>,
    /// Demand, by scenario \[units\].
    pub demand: Vec<f64>,
    /// The part of it that is not met, or units times periods that it waits \[units\].
    pub unmet: Vec<f64>,
    /// Largest share of its room that stock takes in any place, by scenario; 0 if there is no limit.
    pub fullest: Vec<f64>,
    /// Expected stock at the end, by item, then period \[units\].
    pub stock: Vec<f64>,
    /// Expected demand that is not met, or waits, by item, then period \[units\].
    pub short: Vec<f64>,
}

/// The order to a supplier in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// Its name.
    pub supplier: String,
    /// The period, from 0.
    pub period: usize,
    /// Items on the order.
    pub items: usize,
    /// What it costs at the prices of its sizes \[currency\].
    pub value: f64,
    /// Its volume.
    pub volume: f64,
    /// Its weight.
    pub weight: f64,
    /// Trucks that bring it; `None` if it comes without.
    pub trucks: Option<f64>,
}

/// What goes from one item's place to another's in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Move {
    /// Place of the transfer among those of the study.
    pub transfer: usize,
    /// The period in which it leaves, from 0.
    pub period: usize,
    /// What leaves today, or is expected to later \[units\].
    pub units: f64,
}

/// Fresh scenarios at most.
const FRESH: usize = 1_024;

/// Orders of the coming periods; `None` unless the study asks for them.
pub(super) fn order_plan(
    known: &Known<'_>,
    models: &Models<'_>,
    team: &Team,
) -> Result<Option<OrderPlanned>, Error> {
    let Some(terms) = &known.study.order_plan else { return Ok(None) };
    // Paths of a forecast are as long as an order is waited for, and begin anew after that.
    let plain = Known { foresight: None, classes: known.classes.clone(), ..*known };
    let fitted = Models::new(&plain);
    let models = if known.foresight.is_some() { &fitted } else { models };
    match known.inputs.plan_method {
        Method::Program => program::planned(known, terms, models, team).map(Some),
        Method::Automatic | Method::Prices => prices::planned(known, terms, models, team).map(Some),
    }
}

fn refused(reason: String) -> Error {
    Error::Data(Problems::of_file("[order_plan]", reason))
}

/// The smallest amount in which each item is sold \[units\].
fn quanta(models: &Models<'_>, items: usize, team: &Team) -> Result<Vec<f64>, TeamError> {
    let work = |row: usize, cells: &mut [f64], (): &mut ()| {
        cells[0] = models.get(row).quantum();
        Ok::<(), Infallible>(())
    };
    team.rows(Table::new(items, 1), || (), work)
}

/// What orders of an item are multiples of, where it is sold in multiples of `quantum` \[units\].
fn lot(stocked: &StockedItem, quantum: f64) -> f64 {
    let multiple = stocked.item.order_multiple;
    if multiple > 0.0 { multiple } else { quantum }
}

/// Where a sample of as many scenarios is: the first is a plan's own, the others judge it.
fn sample_at(number: usize, scenarios: usize) -> (u32, usize) {
    (SEARCH_SET, number * scenarios.next_multiple_of(LANES))
}

/// Demand of an item in `scenarios` scenarios of a set from `first` on, by period, then scenario.
fn draw(
    models: &Models<'_>,
    row: usize,
    (set, first): (u32, usize),
    scenarios: usize,
    cells: &mut [f64],
) {
    let model = models.get(row);
    let mut block = Block::zeros(scenarios, cells.len() / scenarios, 0);
    let at = Coordinates { set, first_scenario: first as u32 };
    model.demand.source.fill(at, &mut block);
    for scenario in 0..scenarios {
        for (period, counts) in block.scenario(scenario).enumerate() {
            cells[period * scenarios + scenario] = counts * model.quantum();
        }
    }
}

/// Demand of all items, by item, then period, then scenario.
fn demand_of_all(
    models: &Models<'_>,
    (items, periods): (usize, usize),
    sample: (u32, usize),
    scenarios: usize,
    team: &Team,
) -> Result<Vec<f64>, TeamError> {
    let work = |row: usize, cells: &mut [f64], (): &mut ()| {
        draw(models, row, sample, scenarios, cells);
        Ok::<(), Infallible>(())
    };
    team.rows(Table::new(items, periods * scenarios), || (), work)
}

/// Mean demand: one scenario for many.
fn means(demand: &[f64], scenarios: usize) -> Vec<f64> {
    demand.chunks(scenarios).map(|row| row.iter().sum::<f64>() / row.len() as f64).collect()
}
