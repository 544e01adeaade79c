//! What is decided before demand is known: orders, trucks, and what leaves today.

use super::Limit;
use super::model::Asked;
use super::problem::{OrderProblem, Source, Stock};
use super::reach::Reach;
use crate::program::Program;

/// The columns of what holds in all scenarios, which are the program's first.
#[derive(Clone, Debug)]
pub(super) struct First {
    periods: usize,
    /// By stock, then period; `None` where no order is possible.
    orders: Vec<Option<Order>>,
    /// Columns of a source's order and of its trucks, by source, then period.
    pub(super) sources: Vec<(Option<usize>, Option<usize>)>,
    /// Columns of what leaves today, in lots, by lane.
    pub(super) sent_today: Vec<usize>,
    /// The most that a lane can be worth using for.
    pub(super) most_sent: Vec<f64>,
    shipments: Vec<Option<usize>>,
    /// The stock that each column is of.
    owners: Vec<usize>,
    /// The period of each column.
    times: Vec<usize>,
    /// Columns that are zero or one, trucks, and all others that are whole: lots.
    kinds: Vec<Kind>,
    /// Number of columns.
    pub(super) columns: usize,
}

/// What a column decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whether there is an order to a source.
    Joint,
    /// Whether there is an order, or a shipment.
    Placed,
    /// How much.
    Amount,
    /// How many trucks.
    Trucks,
}

/// An order of a stock in a period.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// What it is the sum of.
    pub(super) parts: Vec<Part>,
    /// Columns of which one is one if there is an order; none if nothing needs to know.
    pub(super) placed: Vec<usize>,
    /// When it arrives.
    pub(super) arrival: usize,
    /// No better plan orders more \[units\].
    pub(super) most: f64,
}

/// A part of an order at one price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub(super) column: usize,
    /// Units that one of the column is.
    pub(super) units: f64,
    /// Price of a unit.
    pub(super) price: f64,
}

impl First {
    /// The order of a stock in a period.
    pub(super) fn order(&self, stock: usize, period: usize) -> Option<&Order> {
        self.orders[stock * self.periods + period].as_ref()
    }

    /// All orders of a stock.
    pub(super) fn orders_of(&self, stock: usize) -> impl Iterator<Item = &Order> {
        self.orders[stock * self.periods..][..self.periods].iter().flatten()
    }

    /// Column of the shipment on a lane in a period, if it has a charge.
    pub(super) fn shipment(&self, lane: usize, period: usize) -> Option<usize> {
        self.shipments[lane * self.periods + period]
    }

    /// The stock that a column of orders is of.
    pub(super) fn stock_of(&self, column: usize) -> Option<usize> {
        self.owners.get(column).copied().filter(|stock| *stock != NOBODY)
    }

    /// What a column decides.
    pub(super) fn kind_of(&self, column: usize) -> Kind {
        self.kinds[column]
    }

    /// The period that a column is decided for.
    pub(super) fn period_of(&self, column: usize) -> usize {
        self.times[column]
    }
}

/// What a unit of a stock takes of something.
type Measure = fn(&Stock) -> f64;

const NOBODY: usize = usize::MAX;

/// Units of one of a column of lots.
pub(super) fn lot(multiple: f64) -> f64 {
    if multiple > 0.0 { multiple } else { 1.0 }
}

/// Adds what is decided first to an empty program, and notes which rows are limits.
pub(super) fn first_stage(
    problem: &OrderProblem,
    asked: Asked,
    program: &mut Program,
    limits: &mut Vec<(usize, Limit)>,
) -> First {
    let mut builder = Builder { problem, asked, program, limits };
    let (mut owners, mut times) = (Vec::new(), Vec::new());
    let mut orders = Vec::with_capacity(problem.stocks.len() * problem.periods);
    let reach = Reach::of(problem);
    for (place, stock) in problem.stocks.iter().enumerate() {
        for period in 0..problem.periods {
            let order = builder.order(&reach, (place, stock), period);
            owners.resize(builder.program.columns(), place);
            times.resize(builder.program.columns(), period);
            orders.push(order);
        }
    }
    let mut sources = Vec::with_capacity(problem.sources.len() * problem.periods);
    for (place, source) in problem.sources.iter().enumerate() {
        let own: Vec<usize> = (0..problem.stocks.len())
            .filter(|&stock| problem.stocks[stock].source == Some(place))
            .collect();
        for period in 0..problem.periods {
            let of =
                |&stock: &usize| Some((stock, orders[stock * problem.periods + period].as_ref()?));
            let orders: Vec<(usize, &Order)> = own.iter().filter_map(of).collect();
            sources.push(builder.source((place, source), period, &orders));
            times.resize(builder.program.columns(), period);
        }
    }
    (0..problem.periods).for_each(|period| builder.cash(&orders, period));
    let (mut sent_today, mut shipments, mut most_sent) = (Vec::new(), Vec::new(), Vec::new());
    for lane in &problem.lanes {
        let (most, multiple) = (reach.sent(lane.from), lane.multiple);
        let arrives = problem.arrival(0, lane.lead_time).is_some();
        let upper = if arrives { (most / lot(multiple)).ceil() } else { 0.0 };
        let cost = lane.unit_cost * lot(multiple) * problem.scenarios as f64;
        let column = builder.program.column(cost, 0.0, upper);
        builder.program.whole[column] = multiple > 0.0;
        sent_today.push(column);
        times.resize(column + 1, 0);
        most_sent.push(most);
        for period in 0..problem.periods {
            let arrives = problem.arrival(period, lane.lead_time).is_some();
            let charged = arrives && lane.shipment_cost > 0.0;
            shipments.push(charged.then(|| builder.yes_or_no(lane.shipment_cost)));
            times.resize(builder.program.columns(), period);
        }
        if let Some(shipment) = shipments[shipments.len() - problem.periods] {
            let terms = [(column, lot(multiple)), (shipment, -most.max(lot(multiple)))];
            builder.program.row(f64::NEG_INFINITY, 0.0, terms);
        }
    }
    let columns = builder.program.columns();
    let mut kinds = vec![Kind::Amount; columns];
    for (joint, trucks) in &sources {
        for (column, kind) in [(joint, Kind::Joint), (trucks, Kind::Trucks)] {
            if let Some(column) = *column {
                kinds[column] = kind;
            }
        }
    }
    let placed = orders.iter().flatten().flat_map(|order| &order.placed);
    placed.chain(shipments.iter().flatten()).for_each(|&column| kinds[column] = Kind::Placed);
    owners.resize(columns, NOBODY);
    let periods = problem.periods;
    First {
        periods,
        orders,
        sources,
        sent_today,
        most_sent,
        shipments,
        owners,
        times,
        kinds,
        columns,
    }
}

struct Builder<'a> {
    problem: &'a OrderProblem,
    asked: Asked,
    program: &'a mut Program,
    limits: &'a mut Vec<(usize, Limit)>,
}

impl Builder<'_> {
    /// A column that is zero or one, with a charge in every scenario.
    fn yes_or_no(&mut self, charge: f64) -> usize {
        self.program.whole_column(charge * self.problem.scenarios as f64, 0.0, 1.0)
    }

    /// A part of an order at one price.
    fn part(&mut self, price: f64, multiple: f64, most: f64) -> Part {
        let units = lot(multiple);
        let upper = if multiple > 0.0 { (most / units + 1e-9).floor() } else { most };
        let cost = price * units * self.problem.scenarios as f64;
        let column = self.program.column(cost, 0.0, upper);
        self.program.whole[column] = multiple > 0.0;
        Part { column, units, price }
    }

    /// At most so much where there is an order, and at least so much.
    fn sized(&mut self, part: Part, [least, most]: [f64; 2], placed: usize) {
        let own = (part.column, part.units);
        self.program.row(f64::NEG_INFINITY, 0.0, [own, (placed, -most)]);
        if least > 0.0 {
            self.program.row(0.0, f64::INFINITY, [own, (placed, -least)]);
        }
    }

    fn order(
        &mut self,
        reach: &Reach,
        (place, stock): (usize, &Stock),
        period: usize,
    ) -> Option<Order> {
        let problem = self.problem;
        let arrival =
            problem.arrival(period, stock.lead_time).filter(|_| problem.ordering[period])?;
        let cheapest = problem.cheapest(place);
        let cash = problem.cash[period];
        let paid = match cash {
            _ if self.asked == Asked::Limits => f64::INFINITY,
            0.0 => 0.0,
            cash if cheapest > 0.0 => cash / cheapest,
            _ => f64::INFINITY,
        };
        let most = reach.ordered(place, arrival).min(stock.most).min(paid);
        let smallest = stock.least.max(if stock.multiple > 0.0 { stock.multiple } else { 0.0 });
        if most <= 0.0 || smallest > most * (1.0 + 1e-9) {
            return None;
        }
        let mut order = Order { parts: Vec::new(), placed: Vec::new(), arrival, most };
        let tiers = &stock.discounts.tiers;
        if tiers.is_empty() || tiers[0].0 > most {
            let needs =
                stock.set_up > 0.0 || stock.set_up_time > 0.0 || stock.least > stock.multiple;
            let part = self.part(stock.cost, stock.multiple, most);
            if needs {
                let placed = self.yes_or_no(stock.set_up);
                self.sized(part, [stock.least, most], placed);
                order.placed.push(placed);
            }
            order.parts.push(part);
        } else if stock.discounts.incremental {
            self.incremental(stock, &mut order);
        } else {
            self.whole_orders(stock, &mut order);
        }
        Some(order)
    }

    /// The price of a tier holds for the whole order: at most one tier.
    fn whole_orders(&mut self, stock: &Stock, order: &mut Order) {
        let tiers = &stock.discounts.tiers;
        for tier in 0..=tiers.len() {
            let (from, price) = match tier {
                0 => (0.0, stock.cost),
                _ => tiers[tier - 1],
            };
            let least = from.max(stock.least);
            let most = tiers.get(tier).map_or(order.most, |next| next.0.min(order.most));
            if least > most {
                continue;
            }
            let part = self.part(price, stock.multiple, most);
            let placed = self.yes_or_no(stock.set_up);
            self.sized(part, [least, most], placed);
            order.placed.push(placed);
            order.parts.push(part);
        }
        let each = order.placed.iter().map(|&placed| (placed, 1.0));
        self.program.row(f64::NEG_INFINITY, 1.0, each);
    }

    /// The price of a tier holds beyond its start: each tier is full before the next.
    fn incremental(&mut self, stock: &Stock, order: &mut Order) {
        let tiers = &stock.discounts.tiers;
        let mut before: Option<(Part, f64, usize)> = None;
        for tier in 0..=tiers.len() {
            let (from, price) = match tier {
                0 => (0.0, stock.cost),
                _ => tiers[tier - 1],
            };
            if from >= order.most {
                break;
            }
            let end = tiers.get(tier).map_or(order.most, |next| next.0.min(order.most));
            let part = self.part(price, 0.0, end - from);
            let placed = self.yes_or_no(if tier == 0 { stock.set_up } else { 0.0 });
            let least = if tier == 0 && tiers[0].0 >= stock.least { stock.least } else { 0.0 };
            self.sized(part, [least, end - from], placed);
            if let Some((full, width, earlier)) = before {
                let terms = [(full.column, 1.0), (placed, -width)];
                self.program.row(0.0, f64::INFINITY, terms);
                self.program.row(f64::NEG_INFINITY, 0.0, [(placed, 1.0), (earlier, -1.0)]);
            } else {
                order.placed.push(placed);
            }
            before = Some((part, end - from, placed));
            order.parts.push(part);
        }
        let all: Vec<(usize, f64)> = order.parts.iter().map(|part| (part.column, 1.0)).collect();
        if stock.least > tiers[0].0 {
            let least = (order.placed[0], -stock.least);
            self.program.row(0.0, f64::INFINITY, all.iter().copied().chain([least]));
        }
        if stock.multiple > 0.0 {
            let most = (order.most / stock.multiple + 1e-9).floor();
            let lots = self.program.whole_column(0.0, 0.0, most);
            let terms = all.into_iter().chain([(lots, -stock.multiple)]);
            self.program.row(0.0, 0.0, terms);
        }
    }

    /// The order to a source in a period, and its trucks.
    fn source(
        &mut self,
        (place, source): (usize, &Source),
        period: usize,
        orders: &[(usize, &Order)],
    ) -> (Option<usize>, Option<usize>) {
        let stocks = &self.problem.stocks;
        let weighed = |weight: fn(&Stock) -> f64| -> Vec<(usize, f64)> {
            let parts = orders.iter().flat_map(|(stock, order)| {
                let weight = weight(&stocks[*stock]);
                order.parts.iter().map(move |part| (part.column, weight * part.units))
            });
            parts.filter(|(_, factor)| *factor > 0.0).collect()
        };
        if orders.is_empty() {
            return (None, None);
        }
        let counted = weighed(|stock| stock.counts);
        let joint = (source.order_cost > 0.0 || source.least > 0.0)
            .then(|| self.yes_or_no(source.order_cost));
        if let Some(joint) = joint {
            for (_, order) in orders {
                if order.placed.is_empty() {
                    let parts = order.parts.iter().map(|part| (part.column, part.units));
                    let terms: Vec<_> = parts.chain([(joint, -order.most)]).collect();
                    self.program.row(f64::NEG_INFINITY, 0.0, terms);
                } else {
                    let placed = order.placed.iter().map(|&placed| (placed, 1.0));
                    let terms: Vec<_> = placed.chain([(joint, -1.0)]).collect();
                    self.program.row(f64::NEG_INFINITY, 0.0, terms);
                }
            }
            if source.least > 0.0 {
                let terms = counted.iter().copied().chain([(joint, -source.least)]);
                self.program.row(0.0, f64::INFINITY, terms);
            }
        }
        if source.most.is_finite() {
            let row = self.program.row(f64::NEG_INFINITY, source.most, counted);
            self.limits.push((row, Limit::Source(place, period)));
        }
        if source.capacity.is_finite() {
            let mut terms = weighed(|stock| stock.unit_time);
            for (stock, order) in orders {
                let time = stocks[*stock].set_up_time;
                terms.extend(order.placed.iter().map(|&placed| (placed, time)));
            }
            terms.retain(|(_, time)| *time > 0.0);
            let row = self.program.row(f64::NEG_INFINITY, source.capacity, terms);
            self.limits.push((row, Limit::Capacity(place, period)));
        }
        let trucks = source.has_trucks().then(|| {
            let holds: [(Measure, f64); 2] = [
                (|stock| stock.volume, source.truck_volume),
                (|stock| stock.weight, source.truck_weight),
            ];
            let needed = |(of, holds): &(Measure, f64)| {
                let load: f64 =
                    orders.iter().map(|(stock, order)| of(&stocks[*stock]) * order.most).sum();
                (load / holds).ceil()
            };
            let most = holds.iter().map(needed).fold(0.0, f64::max);
            let cost = source.truck_cost * self.problem.scenarios as f64;
            // As many trucks, whichever they are.
            let trucks = self.program.whole_column(cost, 0.0, most);
            for (of, holds) in holds {
                let load = weighed(of);
                if holds.is_finite() && !load.is_empty() {
                    let terms = load.into_iter().chain([(trucks, -holds)]);
                    self.program.row(f64::NEG_INFINITY, 0.0, terms);
                }
            }
            // An order that takes room comes on a truck at least.
            let all = orders.iter().all(|(stock, _)| self.problem.takes_room(*stock));
            let mut signs: Vec<Vec<usize>> = orders
                .iter()
                .filter(|(stock, _)| self.problem.takes_room(*stock))
                .map(|(_, order)| order.placed.clone())
                .collect();
            if let Some(joint) = joint.filter(|_| all) {
                signs = vec![vec![joint]];
            }
            for signs in signs.into_iter().filter(|signs| !signs.is_empty()) {
                let signs = signs.into_iter().map(|column| (column, -1.0));
                self.program.row(0.0, f64::INFINITY, signs.chain([(trucks, 1.0)]));
            }
            if source.most_trucks.is_finite() {
                let row = self.program.row(f64::NEG_INFINITY, source.most_trucks, [(trucks, 1.0)]);
                self.limits.push((row, Limit::Trucks(place, period)));
            }
            trucks
        });
        (joint, trucks)
    }

    /// The row of a period's cash.
    fn cash(&mut self, orders: &[Option<Order>], period: usize) {
        let cash = self.problem.cash[period];
        let orders = orders.iter().skip(period).step_by(self.problem.periods).flatten();
        let parts = orders.flat_map(|order| &order.parts);
        let terms: Vec<(usize, f64)> = parts
            .map(|part| (part.column, part.price * part.units))
            .filter(|(_, price)| *price > 0.0)
            .collect();
        if cash.is_infinite() || terms.is_empty() {
            return;
        }
        let row = self.program.row(f64::NEG_INFINITY, cash, terms);
        self.limits.push((row, Limit::Cash(period)));
    }
}
