//! What a search found, told.

use super::first::lot;
use super::search::{Search, TOLERANCE};
use super::{Limit, OrderError, Ordered};
use crate::program::{Effort, Method, Status};

/// Terms from which on an interior point is quicker than simplex.
const LARGE: usize = 400_000;

impl Search<'_> {
    /// The best plan, with the cheapest quantities for its integers.
    pub(super) fn ordered(self) -> Result<Ordered, OrderError> {
        let Some((cost, mut x)) = self.best.clone() else {
            return Err(OrderError::Unfound(self.nodes));
        };
        let (problem, first) = (self.problem, &self.model.first);
        let mut program = self.model.program.clone();
        for column in 0..program.columns() {
            if program.whole[column] {
                (program.lower[column], program.upper[column]) = (x[column], x[column]);
            }
        }
        program.whole.fill(false);
        let method = if program.terms() > LARGE { Method::InteriorPoint } else { Method::Simplex };
        let found = program.solve(Effort { method, tolerance: TOLERANCE, ..Effort::default() })?;
        let mut upper = cost;
        if found.status == Status::Optimal && found.objective <= cost {
            (upper, x) = (found.objective, found.x);
        }
        let scenarios = problem.scenarios as f64;
        let mut ordered = Ordered::empty(problem);
        ordered.lower = self.bound.min(upper) / scenarios;
        ordered.upper = upper / scenarios;
        ordered.closed = self.closes(upper);
        (ordered.nodes, ordered.iterations) = (self.nodes, self.iterations + found.iterations);
        let costs = self.model.program.cost[..first.columns].iter();
        ordered.first_cost = costs.zip(&x).map(|(cost, x)| cost * x).sum::<f64>() / scenarios;
        for stock in 0..problem.stocks.len() {
            for period in 0..problem.periods {
                let Some(order) = first.order(stock, period) else { continue };
                let at = stock * problem.periods + period;
                for part in &order.parts {
                    let units = part.units * x[part.column];
                    // What the solver leaves of nothing.
                    let units = if units > 1e-7 * order.most { units } else { 0.0 };
                    ordered.orders[at] += units;
                    ordered.paid[at] += part.price * units;
                }
            }
        }
        for (at, (_, trucks)) in first.sources.iter().enumerate() {
            ordered.trucks[at] = trucks.map_or(0.0, |column| x[column].round());
        }
        for (lane, way) in problem.lanes.iter().enumerate() {
            let today = first.sent_today[lane];
            ordered.sent_today[lane] = lot(way.multiple) * x[today];
            // The evaluation charges it where it happens.
            ordered.first_cost -= way.unit_cost * ordered.sent_today[lane];
            for period in 0..problem.periods {
                let at = lane * problem.periods + period;
                let shipment = first.shipment(lane, period);
                ordered.shipments[at] = shipment.map_or(0.0, |column| x[column].round());
                let sent = |w| {
                    let (column, units) = self.model.sent(problem, (w, lane, period));
                    units * x[column]
                };
                ordered.sent[at] = (0..problem.scenarios).map(sent).sum::<f64>() / scenarios;
            }
        }
        // Of the relaxation: with whole lots, a little more of a limit may save nothing, and more much.
        for &(row, limit) in &self.model.limits {
            let price = (-self.root.duals[row]).max(0.0) / scenarios;
            match limit {
                Limit::Cash(period) => ordered.cash_prices[period] = price,
                Limit::Room(room, period) => {
                    ordered.room_prices[room * problem.periods + period] += price;
                }
                _ => {}
            }
        }
        Ok(ordered)
    }
}
