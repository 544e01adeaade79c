//! The plan as one program: orders that hold in all scenarios, and what follows in each.
//!
//! Costs are summed over scenarios, not averaged, so that small charges do not vanish beside others.

use super::first::{First, first_stage, lot};
use super::layout::Layout;
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
    /// What a unit of each stock is worth at the end.
    credits: Vec<f64>,
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

impl Model {
    pub(super) fn new(problem: &OrderProblem, asked: Asked) -> Result<Model, OrderError> {
        let mut program = Program::new();
        let mut limits = Vec::new();
        let first = first_stage(problem, asked, &mut program, &mut limits);
        let layout = Layout::of(problem, &program);
        let (scenarios, credits) = (problem.scenarios, problem.credits());
        let mut model = Model { program, first, layout, limits, scenarios, credits };
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
        let credits = &self.credits;
        let program = &mut self.program;
        for (place, stock) in problem.stocks.iter().enumerate() {
            for period in 0..periods {
                let credit = if period == last { credits[place] } else { 0.0 };
                program.column(stock.holding - credit, 0.0, f64::INFINITY);
            }
        }
        for (place, stock) in problem.stocks.iter().enumerate() {
            let Some(life) = stock.life else { continue };
            // What was paid for it is in the orders' cost.
            let cost = (stock.waste - stock.cost).max(-credits[place]);
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
                    right -= problem.asked(scenario, place, period);
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
        for (column, units) in self.transferred(problem, (scenario, place, period)) {
            add(column, units);
        }
    }

    /// Columns of what comes from other places in a period, with the units of each.
    pub(super) fn transferred(
        &self,
        problem: &OrderProblem,
        (scenario, place, period): (usize, usize, usize),
    ) -> Vec<(usize, f64)> {
        let mut terms = Vec::new();
        for (lane, way) in problem.lanes.iter().enumerate().filter(|(_, way)| way.to == place) {
            let arrives =
                |leaving: &usize| problem.arrival(*leaving, way.lead_time) == Some(period);
            let sent = |leaving| self.sent(problem, (scenario, lane, leaving));
            terms.extend((0..=period).filter(arrives).map(sent));
        }
        terms
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
pub(super) fn merged(mut terms: Vec<(usize, f64)>) -> Vec<(usize, f64)> {
    terms.sort_by_key(|(column, _)| *column);
    terms.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0.0 };
        same
    });
    terms
}
