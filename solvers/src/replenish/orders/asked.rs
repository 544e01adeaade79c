//! What is asked of outcomes: room, safety stock, and service.

use super::Limit;
use super::model::{Model, merged};
use super::problem::{OrderProblem, Unmet};

impl Model {
    pub(super) fn rooms(&mut self, problem: &OrderProblem) {
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
    pub(super) fn floors(&mut self, problem: &OrderProblem) {
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
                terms.extend(self.exchanged(problem, place, period));
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
    fn exchanged(&self, problem: &OrderProblem, place: usize, period: usize) -> Vec<(usize, f64)> {
        let mut terms = Vec::new();
        for scenario in 0..problem.scenarios {
            terms.extend(self.transferred(problem, (scenario, place, period)));
            for (lane, _) in problem.lanes.iter().enumerate().filter(|(_, way)| way.from == place) {
                let (column, units) = self.sent(problem, (scenario, lane, period));
                terms.push((column, -units));
            }
        }
        terms
    }

    pub(super) fn service(&mut self, problem: &OrderProblem) {
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
}
