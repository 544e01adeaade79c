//! What a plan comes to in scenarios that it was not made for.

use cluster::{Table, Team};
use engine::{Money, Units};

use super::first::lot;
use super::model::{Asked, Model};
use super::problem::{OrderProblem, Unmet};
use super::{OrderError, Ordered};
use crate::program::{Effort, Solver, Status};

/// What orders come to, scenario by scenario, and stock by stock.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Courses {
    /// Cost beside purchases at full price, by scenario \[currency\].
    pub costs: Vec<Money>,
    /// Charges on stock \[currency\].
    pub holding: Vec<Money>,
    /// Losses on demand that is not met, or waits \[currency\].
    pub shortage: Vec<Money>,
    /// Charges on what spoils \[currency\].
    pub waste: Vec<Money>,
    /// Charges on transferred units \[currency\].
    pub transfers: Vec<Money>,
    /// Demand \[units\].
    pub demand: Vec<Units>,
    /// The part of it that is lost, or units times periods that it waits \[units\].
    pub unmet: Vec<Units>,
    /// Largest share of its room that stock takes in any warehouse; 0 if there is no limit.
    pub fullest: Vec<f64>,
    /// Expected stock at the end, by stock, then period \[units\].
    pub stock: Vec<Units>,
    /// Expected demand that is not met, or waits, by channel, then period \[units\].
    pub short: Vec<Units>,
}

/// Scenarios that one solver goes through: the bits depend on it.
const CHUNK: usize = 16;

/// Numbers of a scenario.
const NUMBERS: usize = 8;

/// What `ordered` comes to in the scenarios of `problem`, where nothing more is ordered and the rest is done as
/// well as possible: which channel is served, what goes from place to place after today.
///
/// Rooms and service are not asked for: they are as they come.
///
/// # Errors
///
/// [`OrderError`] if a number cannot be computed with, or the ranks failed.
pub fn courses(
    problem: &OrderProblem,
    ordered: &Ordered,
    team: &Team,
) -> Result<Courses, OrderError> {
    let (periods, scenarios) = (problem.periods, problem.scenarios);
    let means = (problem.stocks.len() + problem.channels.len()) * periods;
    let width = means + NUMBERS * CHUNK;
    let rows = scenarios.div_ceil(CHUNK);
    let table = team.rows(
        Table::new(rows, width),
        || (),
        |row, cells: &mut [f64], ()| {
            let end = scenarios.min((row + 1) * CHUNK);
            chunk(problem, ordered, row * CHUNK..end, cells)
        },
    )?;
    let mut means_of = vec![0.0; means];
    let mut numbers: Vec<Vec<f64>> = vec![Vec::new(); NUMBERS];
    for cells in table.chunks(width) {
        let (sums, each) = cells.split_at(means);
        means_of.iter_mut().zip(sums).for_each(|(mean, sum)| *mean += sum / scenarios as f64);
        for (numbers, column) in numbers.iter_mut().zip(each.chunks(CHUNK)) {
            let left = scenarios - numbers.len();
            numbers.extend(&column[..CHUNK.min(left)]);
        }
    }
    let short = means_of.split_off(problem.stocks.len() * periods);
    let mut numbers = numbers.into_iter();
    let mut next = || numbers.next().unwrap_or_default();
    Ok(Courses {
        costs: next(),
        holding: next(),
        shortage: next(),
        waste: next(),
        transfers: next(),
        demand: next(),
        unmet: next(),
        fullest: next(),
        stock: means_of,
        short,
    })
}

/// The problem in one scenario, where what is ordered comes anyway.
fn recourse(problem: &OrderProblem, ordered: &Ordered, scenario: usize) -> OrderProblem {
    let demand = problem.demand.iter().skip(scenario).step_by(problem.scenarios).copied();
    let mut alone = OrderProblem {
        scenarios: 1,
        demand: demand.collect(),
        stocks: problem.stocks.clone(),
        channels: problem.channels.clone(),
        sources: problem.sources.clone(),
        lanes: problem.lanes.clone(),
        rooms: problem.rooms.clone(),
        cash: problem.cash.clone(),
        ordering: vec![false; problem.periods],
        receiving: problem.receiving.clone(),
        unmet: problem.unmet,
        service: problem.service,
        periods: problem.periods,
    };
    for (place, stock) in alone.stocks.iter_mut().enumerate() {
        stock.arriving.resize(problem.periods, 0.0);
        for period in 0..problem.periods {
            let arrival = problem.arrival(period, stock.lead_time);
            if let Some(arrival) = arrival {
                stock.arriving[arrival] += ordered.orders[place * problem.periods + period];
            }
        }
    }
    for lane in &mut alone.lanes {
        lane.shipment_cost = 0.0;
    }
    alone
}

fn chunk(
    problem: &OrderProblem,
    ordered: &Ordered,
    scenarios: std::ops::Range<usize>,
    cells: &mut [f64],
) -> Result<(), OrderError> {
    let alone = recourse(problem, ordered, scenarios.start);
    let model = Model::new(&alone, Asked::Nothing)?;
    let mut solver = Solver::new(model.program.relaxed())?;
    for (lane, way) in problem.lanes.iter().enumerate() {
        let lots = ordered.sent_today[lane] / lot(way.multiple);
        solver.set_bounds(model.first.sent_today[lane], lots, lots);
        for period in 1..problem.periods {
            let planned = ordered.shipments[lane * problem.periods + period] > 0.5;
            if way.shipment_cost > 0.0 && !planned {
                solver.set_bounds(model.layout.sent(0, lane, period), 0.0, 0.0);
            }
        }
    }
    let start = scenarios.start;
    for scenario in scenarios {
        if scenario > start {
            ask(problem, &alone, &model, scenario, &mut solver);
        }
        let found = solver.solve(Effort { tolerance: 1e-7, ..Effort::default() });
        if found.status != Status::Optimal {
            return Err(OrderError::Unfound(0));
        }
        let view = View { problem, model: &model, x: &found.x, scenario };
        let mut numbers = view.numbers(cells);
        numbers[0] = ordered.first_cost + found.objective - problem.purchases(scenario);
        let means = cells.len() - NUMBERS * CHUNK;
        for (column, number) in numbers.into_iter().enumerate() {
            cells[means + column * CHUNK + scenario - start] = number;
        }
    }
    Ok(())
}

/// Changes what is asked for to that of another scenario.
fn ask(
    problem: &OrderProblem,
    alone: &OrderProblem,
    model: &Model,
    scenario: usize,
    solver: &mut Solver,
) {
    let layout = &model.layout;
    for period in 0..problem.periods {
        if problem.unmet == Unmet::Lost {
            for stock in 0..problem.stocks.len() {
                let opening = if period == 0 { alone.stocks[stock].opening.max(0.0) } else { 0.0 };
                let demand = problem.asked(scenario, stock, period);
                let right = opening + alone.arriving(stock, period) - demand;
                solver.set_row_bounds(layout.balance(0, stock, period), right, right);
            }
        }
        for channel in 0..problem.channels.len() {
            let demand = problem.demand_of(channel, period)[scenario];
            match layout.waiting(0, channel, period) {
                None => solver.set_bounds(layout.unmet(0, channel, period), 0.0, demand),
                Some(row) => {
                    let before = alone.demand_of(channel, period)[0];
                    // What waits already is in the first row.
                    let waiting = model.program.row_low[row] - before;
                    solver.set_row_bounds(row, waiting + demand, waiting + demand);
                }
            }
        }
    }
}

struct View<'a> {
    problem: &'a OrderProblem,
    model: &'a Model,
    x: &'a [f64],
    scenario: usize,
}

impl View<'_> {
    /// The numbers of a scenario but for its cost; stock and shortage are added to the first cells.
    fn numbers(&self, cells: &mut [f64]) -> [f64; NUMBERS] {
        let View { problem, model, x, scenario } = *self;
        let (periods, layout) = (problem.periods, &model.layout);
        let [mut holding, mut shortage, mut waste, mut transfers] = [0.0; 4];
        let [mut demand, mut unmet, mut fullest] = [0.0_f64; 3];
        for (place, stock) in problem.stocks.iter().enumerate() {
            for period in 0..periods {
                let units = x[layout.stock(0, place, period)];
                holding += stock.holding * units;
                cells[place * periods + period] += units;
                waste +=
                    layout.waste(0, place, period).map_or(0.0, |column| stock.waste * x[column]);
            }
        }
        let rest = &mut cells[problem.stocks.len() * periods..];
        for (place, channel) in problem.channels.iter().enumerate() {
            for period in 0..periods {
                let units = x[layout.unmet(0, place, period)];
                shortage += channel.shortage * units;
                unmet += units;
                demand += problem.demand_of(place, period)[scenario];
                rest[place * periods + period] += units;
            }
        }
        for (lane, way) in problem.lanes.iter().enumerate() {
            for period in 0..periods {
                let (column, units) = model.sent(problem, (0, lane, period));
                transfers += way.unit_cost * units * x[column];
            }
        }
        for room in problem.rooms.iter().filter(|room| room.volume.is_finite()) {
            for period in 0..periods {
                let volume = |&stock: &usize| {
                    problem.stocks[stock].volume * x[layout.stock(0, stock, period)]
                };
                let taken: f64 = room.stocks.iter().map(volume).sum();
                let share = if taken > 0.0 { taken / room.volume } else { 0.0 };
                fullest = fullest.max(share);
            }
        }
        [0.0, holding, shortage, waste, transfers, demand, unmet, fullest]
    }
}
