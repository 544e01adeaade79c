//! The plan as one program: orders that hold in all scenarios, and what follows in each.
//!
//! Costs are summed over scenarios, not averaged, so that small charges do not vanish beside others.

use super::first::{First, first_stage, lot};
use super::problem::{OrderProblem, Unmet};
use super::{Limit, OrderError};
use crate::program::{Program, ProgramError};

/// A program, and where in it everything is.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) program: Program,
    pub(super) first: First,
    pub(super) layout: Layout,
    /// Rows of limits that all goods share, in order of rows.
    pub(super) limits: Vec<(usize, Limit)>,
    pub(super) scenarios: usize,
}

/// What is asked of scenarios beside their balances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// Room and service: for a plan.
    All,
    /// The same, with bounds on orders that follow from no limit: to find which limits conflict.
    Limits,
    /// Nothing: for what becomes of a plan, whatever that is.
    Nothing,
}

/// Where the columns and rows of a scenario are, counted from its first.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    first_column: usize,
    first_row: usize,
    columns: usize,
    rows: usize,
    stock: Vec<usize>,
    waste: Vec<Option<usize>>,
    unmet: Vec<usize>,
    served: Vec<usize>,
    sent: Vec<usize>,
    balance: Vec<usize>,
    waiting: Vec<usize>,
}

impl Layout {
    fn of(problem: &OrderProblem, program: &Program) -> Layout {
        let periods = problem.periods;
        let (mut columns, mut rows) = (0, 0);
        let span = |count: &mut usize| std::mem::replace(count, *count + periods);
        let stock = problem.stocks.iter().map(|_| span(&mut columns)).collect();
        let spoils = problem.stocks.iter().map(|stock| stock.life.map(|_| span(&mut columns)));
        let waste = spoils.collect();
        let unmet = problem.channels.iter().map(|_| span(&mut columns)).collect();
        let waits = problem.unmet == Unmet::Waits;
        let served = match waits {
            true => problem.channels.iter().map(|_| span(&mut columns)).collect(),
            false => Vec::new(),
        };
        let sent = problem.lanes.iter().map(|_| span(&mut columns)).collect();
        let balance = problem.stocks.iter().map(|_| span(&mut rows)).collect();
        let waiting = match waits {
            true => problem.channels.iter().map(|_| span(&mut rows)).collect(),
            false => Vec::new(),
        };
        Layout {
            first_column: program.columns(),
            first_row: program.rows(),
            columns,
            rows,
            stock,
            waste,
            unmet,
            served,
            sent,
            balance,
            waiting,
        }
    }

    fn column(&self, scenario: usize, at: usize) -> usize {
        self.first_column + scenario * self.columns + at
    }

    fn row(&self, scenario: usize, at: usize) -> usize {
        self.first_row + scenario * self.rows + at
    }

    /// Column of stock at the end of a period.
    pub(super) fn stock(&self, scenario: usize, stock: usize, period: usize) -> usize {
        self.column(scenario, self.stock[stock] + period)
    }

    /// Column of what spoils at the end of a period.
    pub(super) fn waste(&self, scenario: usize, stock: usize, period: usize) -> Option<usize> {
        Some(self.column(scenario, self.waste[stock]? + period))
    }

    /// Column of demand that is not met in a period, or waits at its end.
    pub(super) fn unmet(&self, scenario: usize, channel: usize, period: usize) -> usize {
        self.column(scenario, self.unmet[channel] + period)
    }

    /// Column of what leaves in a period; that of the first is shared by all scenarios.
    pub(super) fn sent(&self, scenario: usize, lane: usize, period: usize) -> usize {
        self.column(scenario, self.sent[lane] + period)
    }

    /// Row of a stock's balance.
    pub(super) fn balance(&self, scenario: usize, stock: usize, period: usize) -> usize {
        self.row(scenario, self.balance[stock] + period)
    }

    /// Row of what waits, where demand does.
    pub(super) fn waiting(&self, scenario: usize, channel: usize, period: usize) -> Option<usize> {
        Some(self.row(scenario, *self.waiting.get(channel)? + period))
    }
}

impl Model {
    pub(super) fn new(problem: &OrderProblem, asked: Asked) -> Result<Model, OrderError> {
        let mut program = Program::new();
        let mut limits = Vec::new();
        let first = first_stage(problem, asked, &mut program, &mut limits);
        let layout = Layout::of(problem, &program);
        let mut model = Model { program, first, layout, limits, scenarios: problem.scenarios };
        for scenario in 0..problem.scenarios {
            model.columns(problem, scenario);
        }
        for scenario in 0..problem.scenarios {
            model.balances(problem, scenario);
            model.queues(problem, scenario);
        }
        for scenario in 0..problem.scenarios {
            model.lives(problem, scenario);
            model.shipments(problem, scenario);
        }
        if asked != Asked::Nothing {
            model.rooms(problem);
            model.floors(problem);
            model.service(problem);
        }
        model.check_scale()?;
        Ok(model)
    }

    fn columns(&mut self, problem: &OrderProblem, scenario: usize) {
        let (periods, last) = (problem.periods, problem.periods - 1);
        let program = &mut self.program;
        for (place, stock) in problem.stocks.iter().enumerate() {
            for period in 0..periods {
                let credit = if period == last { problem.credit(place) } else { 0.0 };
                program.column(stock.holding - credit, 0.0, f64::INFINITY);
            }
        }
        for (place, stock) in problem.stocks.iter().enumerate() {
            let Some(life) = stock.life else { continue };
            // What was paid for it is in the orders' cost.
            let cost = (stock.waste - stock.cost).max(-problem.credit(place));
            for period in 0..periods {
                let upper = if period + 1 >= life { f64::INFINITY } else { 0.0 };
                program.column(cost, 0.0, upper);
            }
        }
        for (place, channel) in problem.channels.iter().enumerate() {
            let cost = problem.stocks[channel.stock].cost;
            for period in 0..periods {
                let demand = problem.demand_of(place, period)[scenario];
                let (cost, upper) = match problem.unmet {
                    // What is not sold need not be bought.
                    Unmet::Lost => (channel.shortage + cost, demand),
                    // What waits at the end is still to be bought.
                    Unmet::Waits if period == last => (channel.shortage + cost, f64::INFINITY),
                    Unmet::Waits => (channel.shortage, f64::INFINITY),
                };
                program.column(cost, 0.0, upper);
            }
        }
        if problem.unmet == Unmet::Waits {
            for _ in 0..problem.channels.len() * periods {
                program.column(0.0, 0.0, f64::INFINITY);
            }
        }
        for lane in &problem.lanes {
            for period in 0..periods {
                // What leaves today is decided for all scenarios.
                let later = period > 0 && problem.arrival(period, lane.lead_time).is_some();
                let upper = if later { f64::INFINITY } else { 0.0 };
                program.column(lane.unit_cost, 0.0, upper);
            }
        }
    }

    /// Stock at the end of a period, less that of the one before, less what comes, and what leaves.
    fn balances(&mut self, problem: &OrderProblem, scenario: usize) {
        let waits = problem.unmet == Unmet::Waits;
        for place in 0..problem.stocks.len() {
            for period in 0..problem.periods {
                let layout = &self.layout;
                let mut terms = vec![(layout.stock(scenario, place, period), 1.0)];
                if period > 0 {
                    terms.push((layout.stock(scenario, place, period - 1), -1.0));
                }
                terms.extend(layout.waste(scenario, place, period).map(|column| (column, 1.0)));
                for channel in problem.channels_of(place) {
                    terms.push(match layout.served.get(channel) {
                        Some(served) => (layout.column(scenario, served + period), 1.0),
                        None => (layout.unmet(scenario, channel, period), -1.0),
                    });
                }
                for (lane, way) in problem.lanes.iter().enumerate() {
                    if way.from == place {
                        terms.push(self.sent(problem, (scenario, lane, period)));
                    }
                }
                self.incoming(problem, (scenario, place, period), |column, units| {
                    terms.push((column, -units));
                });
                let opening =
                    if period == 0 { problem.stocks[place].opening.max(0.0) } else { 0.0 };
                let mut right = opening + problem.arriving(place, period);
                if !waits {
                    right -= self.demand(problem, (scenario, place, period));
                }
                self.program.row(right, right, merged(terms));
            }
        }
    }

    /// What waits at the end of a period, less that of the one before, and what is served.
    fn queues(&mut self, problem: &OrderProblem, scenario: usize) {
        if problem.unmet == Unmet::Lost {
            return;
        }
        for (place, channel) in problem.channels.iter().enumerate() {
            // What waits already has waited with the first of a stock's channels.
            let is_first = problem.channels_of(channel.stock).next() == Some(place);
            for period in 0..problem.periods {
                let layout = &self.layout;
                let before =
                    (period > 0).then(|| (layout.unmet(scenario, place, period - 1), -1.0));
                let served = layout.column(scenario, layout.served[place] + period);
                let terms = [(layout.unmet(scenario, place, period), 1.0), (served, 1.0)];
                let waiting = match period {
                    0 if is_first => (-problem.stocks[channel.stock].opening).max(0.0),
                    _ => 0.0,
                };
                let demand = problem.demand_of(place, period)[scenario] + waiting;
                self.program.row(demand, demand, before.into_iter().chain(terms));
            }
        }
    }

    /// Stock at the end of a period came in the last periods of its life.
    ///
    /// That is the oldest first; but what is to spoil may be thrown away earlier where that saves its holding.
    fn lives(&mut self, problem: &OrderProblem, scenario: usize) {
        for (place, stock) in problem.stocks.iter().enumerate() {
            let Some(life) = stock.life else { continue };
            for period in life - 1..problem.periods {
                let mut terms = vec![(self.layout.stock(scenario, place, period), 1.0)];
                let mut right = 0.0;
                for recent in period + 2 - life..=period {
                    right += problem.arriving(place, recent);
                    self.incoming(problem, (scenario, place, recent), |column, units| {
                        terms.push((column, -units));
                    });
                }
                self.program.row(f64::NEG_INFINITY, right, merged(terms));
            }
        }
    }

    /// What leaves later leaves with a shipment.
    fn shipments(&mut self, problem: &OrderProblem, scenario: usize) {
        for lane in 0..problem.lanes.len() {
            for period in 1..problem.periods {
                let Some(shipment) = self.first.shipment(lane, period) else { continue };
                let most = self.first.most_sent[lane];
                let sent = self.layout.sent(scenario, lane, period);
                let terms = [(sent, 1.0), (shipment, -most)];
                self.program.row(f64::NEG_INFINITY, 0.0, terms);
            }
        }
    }

    fn rooms(&mut self, problem: &OrderProblem) {
        for (place, room) in problem.rooms.iter().enumerate() {
            if room.volume.is_infinite() {
                continue;
            }
            for scenario in 0..problem.scenarios {
                for period in 0..problem.periods {
                    let volume = |&stock: &usize| {
                        let column = self.layout.stock(scenario, stock, period);
                        (column, problem.stocks[stock].volume)
                    };
                    let terms: Vec<(usize, f64)> = room.stocks.iter().map(volume).collect();
                    let row = self.program.row(f64::NEG_INFINITY, room.volume, terms);
                    self.limits.push((row, Limit::Room(place, period)));
                }
            }
        }
    }

    /// Safety stock: what there is, comes, and is ordered and sent, less expected demand.
    ///
    /// Of expected demand, not of what is left in each scenario: that could be raised by not selling.
    fn floors(&mut self, problem: &OrderProblem) {
        let all = problem.scenarios as f64;
        for (place, stock) in problem.stocks.iter().enumerate() {
            let Some(first) = problem.first_arrival(place) else { continue };
            if stock.floor <= 0.0 {
                continue;
            }
            let mut projected = stock.opening;
            let mut terms: Vec<(usize, f64)> = Vec::new();
            for period in 0..problem.periods {
                let demand: f64 = problem
                    .channels_of(place)
                    .map(|channel| problem.demand_of(channel, period).iter().sum::<f64>())
                    .sum();
                projected += problem.arriving(place, period) - demand / all;
                if period < first && problem.unmet == Unmet::Lost {
                    projected = projected.max(0.0);
                }
                for order in self.first.orders_of(place).filter(|order| order.arrival == period) {
                    terms.extend(order.parts.iter().map(|part| (part.column, all * part.units)));
                }
                terms.extend(self.transferred(problem, place, period));
                if period < first {
                    continue;
                }
                let low = all * (stock.floor - projected);
                let row = self.program.row(low, f64::INFINITY, merged(terms.clone()));
                self.limits.push((row, Limit::Floor(place, period)));
            }
        }
    }

    /// What comes from other places in a period less what leaves for them, in all scenarios together.
    fn transferred(
        &self,
        problem: &OrderProblem,
        place: usize,
        period: usize,
    ) -> Vec<(usize, f64)> {
        let mut terms = Vec::new();
        for (lane, way) in problem.lanes.iter().enumerate() {
            for leaving in 0..=period {
                let arrives = problem.arrival(leaving, way.lead_time) == Some(period);
                let sign = f64::from(u8::from(way.to == place && arrives))
                    - f64::from(u8::from(way.from == place && leaving == period));
                if sign != 0.0 {
                    let sent = |w| {
                        let (column, units) = self.sent(problem, (w, lane, leaving));
                        (column, sign * units)
                    };
                    terms.extend((0..problem.scenarios).map(sent));
                }
            }
        }
        terms
    }

    fn service(&mut self, problem: &OrderProblem) {
        let scenarios = problem.scenarios;
        let lost = |model: &Model, channels: &[usize]| {
            let mut terms = Vec::new();
            let mut demand = 0.0;
            for &channel in channels {
                for period in 0..problem.periods {
                    demand += problem.demand_of(channel, period).iter().sum::<f64>();
                    let column = |w| (model.layout.unmet(w, channel, period), 1.0);
                    terms.extend((0..scenarios).map(column));
                }
            }
            (terms, demand)
        };
        if let Some(fill_rate) = problem.service.fill_rate {
            let all: Vec<usize> = (0..problem.channels.len()).collect();
            let (terms, demand) = lost(self, &all);
            let row = self.program.row(f64::NEG_INFINITY, (1.0 - fill_rate) * demand, terms);
            self.limits.push((row, Limit::FillRate));
        }
        if let Some(fill_rate) = problem.service.stock_fill_rate {
            for stock in 0..problem.stocks.len() {
                let channels: Vec<usize> = problem.channels_of(stock).collect();
                let (terms, demand) = lost(self, &channels);
                let row = self.program.row(f64::NEG_INFINITY, (1.0 - fill_rate) * demand, terms);
                self.limits.push((row, Limit::StockFillRate(stock)));
            }
        }
        if let Some((worst, most)) = problem.service.tail {
            // Rockafellar & Uryasev, Journal of Risk 2 (2000) 21–41, equation 17.
            let threshold = self.program.column(0.0, 0.0, f64::INFINITY);
            let all = scenarios as f64;
            let mut mean = vec![(threshold, all)];
            for scenario in 0..scenarios {
                let beyond = self.program.column(0.0, 0.0, f64::INFINITY);
                mean.push((beyond, 1.0 / worst));
                let mut terms = vec![(threshold, 1.0), (beyond, 1.0)];
                for (place, channel) in problem.channels.iter().enumerate() {
                    let loss =
                        |period| (self.layout.unmet(scenario, place, period), -channel.shortage);
                    terms.extend((0..problem.periods).map(loss));
                }
                self.program.row(0.0, f64::INFINITY, terms);
            }
            let row = self.program.row(f64::NEG_INFINITY, all * most, mean);
            self.limits.push((row, Limit::Tail));
        }
    }

    /// Columns of what arrives at a stock in a period, with the units of each.
    fn incoming(
        &self,
        problem: &OrderProblem,
        (scenario, place, period): (usize, usize, usize),
        mut add: impl FnMut(usize, f64),
    ) {
        for order in self.first.orders_of(place) {
            if order.arrival == period {
                order.parts.iter().for_each(|part| add(part.column, part.units));
            }
        }
        for (lane, way) in problem.lanes.iter().enumerate() {
            if way.to != place {
                continue;
            }
            for leaving in 0..=period {
                if problem.arrival(leaving, way.lead_time) == Some(period) {
                    let (column, units) = self.sent(problem, (scenario, lane, leaving));
                    add(column, units);
                }
            }
        }
    }

    /// Column of what leaves on a lane in a period, and its units.
    pub(super) fn sent(
        &self,
        problem: &OrderProblem,
        (scenario, lane, period): (usize, usize, usize),
    ) -> (usize, f64) {
        match period {
            0 => (self.first.sent_today[lane], lot(problem.lanes[lane].multiple)),
            _ => (self.layout.sent(scenario, lane, period), 1.0),
        }
    }

    /// Demand from a stock in a period.
    pub(super) fn demand(
        &self,
        problem: &OrderProblem,
        (scenario, place, period): (usize, usize, usize),
    ) -> f64 {
        let of = |channel| problem.demand_of(channel, period)[scenario];
        problem.channels_of(place).map(of).sum()
    }

    /// A number for each column: that of the stock that it is of or goods leave, or of the source; `None`
    /// where it is of all.
    pub(super) fn owners(
        &self,
        problem: &OrderProblem,
        of_stock: &[usize],
        of_source: &[usize],
    ) -> Vec<Option<usize>> {
        let mut owners = vec![None; self.program.columns()];
        for column in 0..self.first.columns {
            owners[column] = self.first.stock_of(column).map(|stock| of_stock[stock]);
        }
        for (at, (joint, trucks)) in self.first.sources.iter().enumerate() {
            for &column in joint.iter().chain(trucks) {
                owners[column] = Some(of_source[at / problem.periods]);
            }
        }
        for (lane, way) in problem.lanes.iter().enumerate() {
            let owner = Some(of_stock[way.from]);
            owners[self.first.sent_today[lane]] = owner;
            for period in 0..problem.periods {
                self.first.shipment(lane, period).iter().for_each(|&column| owners[column] = owner);
                for scenario in 0..problem.scenarios {
                    owners[self.layout.sent(scenario, lane, period)] = owner;
                }
            }
        }
        let layout = &self.layout;
        for scenario in 0..problem.scenarios {
            for period in 0..problem.periods {
                for (stock, &owner) in of_stock.iter().enumerate() {
                    owners[layout.stock(scenario, stock, period)] = Some(owner);
                    if let Some(column) = layout.waste(scenario, stock, period) {
                        owners[column] = Some(owner);
                    }
                }
                for (place, channel) in problem.channels.iter().enumerate() {
                    let owner = Some(of_stock[channel.stock]);
                    owners[layout.unmet(scenario, place, period)] = owner;
                    if let Some(served) = layout.served.get(place) {
                        owners[layout.column(scenario, served + period)] = owner;
                    }
                }
            }
        }
        owners
    }

    /// Whether the numbers can be told from rounding beside each other.
    fn check_scale(&self) -> Result<(), OrderError> {
        match self.program.check_scale() {
            Err(ProgramError::Scale { row, least, least_column, largest, largest_column }) => {
                let limit = self.limits.iter().find(|(at, _)| *at == row).map(|(_, limit)| *limit);
                let of = |column| self.first.stock_of(column);
                Err(OrderError::Scale {
                    limit,
                    stock: of(least_column),
                    value: least,
                    other_stock: of(largest_column),
                    other: largest,
                })
            }
            // The solver proves an optimum at such costs from its duals.
            Ok(()) | Err(ProgramError::SmallCost { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Terms with each column once: what leaves a stock may come back to it.
fn merged(mut terms: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    terms.sort_by_key(|(column, _)| *column);
    terms.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0.0 };
        same
    });
    terms
}
