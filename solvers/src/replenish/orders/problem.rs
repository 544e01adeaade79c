//! What is known before orders are planned.

use engine::{Money, Units};

use super::OrderError;

/// Goods that lie in one place, and the terms on which more of them are ordered.
#[derive(Clone, Debug, PartialEq)]
pub struct Stock {
    /// Price of a unit without any discount \[currency/unit\].
    pub cost: Money,
    /// Lower prices of larger orders.
    pub discounts: Discounts,
    /// Charge on stock left at the end of a period \[currency/unit/period\].
    pub holding: Money,
    /// Charge on each order, whatever its size \[currency\].
    pub set_up: Money,
    /// Least order \[units\].
    pub least: Units,
    /// Orders are multiples of this; 0 if any quantity can be ordered \[units\].
    pub multiple: Units,
    /// Largest order; infinite if there is no limit \[units\].
    pub most: Units,
    /// Periods from an order to its arrival, before the demand of that period \[periods\].
    pub lead_time: usize,
    /// Stock before the first period; below zero, demand that waits \[units\].
    pub opening: Units,
    /// What arrives of earlier orders, by period; empty if nothing does \[units\].
    pub arriving: Vec<Units>,
    /// Room that a unit takes, in a warehouse and on a truck \[volume/unit\].
    pub volume: f64,
    /// What a unit weighs on a truck \[weight/unit\].
    pub weight: f64,
    /// Periods in which a unit can be sold, that of its arrival included; `None`: for ever.
    pub life: Option<usize>,
    /// Charge on a unit that spoils, what was paid for it included \[currency/unit\].
    pub waste: Money,
    /// Projected stock — what is there, comes and is ordered, less expected demand — at the end of each
    /// period from the first in which an order can arrive, at least \[units\].
    pub floor: Units,
    /// The source that it is ordered from, if that has terms of its own.
    pub source: Option<usize>,
    /// What a unit counts in the least and the largest order of the source.
    pub counts: f64,
    /// Time of the source that a unit takes \[time/unit\].
    pub unit_time: f64,
    /// Time of the source that an order takes \[time/order\].
    pub set_up_time: f64,
}

/// Prices that fall with the size of an order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Discounts {
    /// From how many units on, and the price then, both in order \[units, currency/unit\].
    pub tiers: Vec<(Units, Money)>,
    /// Whether a price holds for the units beyond only; else for the whole order.
    pub incremental: bool,
}

/// Demand that is met from a stock; several may share one.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// The stock.
    pub stock: usize,
    /// Loss on a unit that is not met \[currency/unit\], or that waits \[currency/unit/period\].
    pub shortage: Money,
}

/// Who delivers, and on which terms for all goods of an order together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Source {
    /// Charge on each order, however many goods are on it \[currency\].
    pub order_cost: Money,
    /// Least order, in what units count.
    pub least: f64,
    /// Largest, likewise; infinite if there is no limit.
    pub most: f64,
    /// Charge on a truck \[currency\].
    pub truck_cost: Money,
    /// What a truck holds; infinite if volume does not count.
    pub truck_volume: f64,
    /// What it carries; infinite if weight does not count.
    pub truck_weight: f64,
    /// Trucks a period at most; may be infinite.
    pub most_trucks: f64,
    /// Time for making what is ordered, a period; infinite if there is no limit \[time\].
    pub capacity: f64,
}

impl Source {
    /// A source without terms.
    pub const FREE: Source = Source {
        order_cost: 0.0,
        least: 0.0,
        most: f64::INFINITY,
        truck_cost: 0.0,
        truck_volume: f64::INFINITY,
        truck_weight: f64::INFINITY,
        most_trucks: f64::INFINITY,
        capacity: f64::INFINITY,
    };

    /// Whether its goods come on trucks.
    pub fn has_trucks(&self) -> bool {
        self.truck_volume.is_finite() || self.truck_weight.is_finite()
    }
}

/// A way from one stock to another of the same goods.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lane {
    /// Where goods leave.
    pub from: usize,
    /// Where they arrive.
    pub to: usize,
    /// Periods from leaving to arrival, before the demand of that period \[periods\].
    pub lead_time: usize,
    /// Charge on a unit \[currency/unit\].
    pub unit_cost: Money,
    /// Charge on a shipment, whatever its size \[currency\].
    pub shipment_cost: Money,
    /// Shipments of today are multiples of this; 0 for any quantity \[units\].
    pub multiple: Units,
}

/// A warehouse that several stocks lie in.
#[derive(Clone, Debug, PartialEq)]
pub struct Room {
    /// The stocks.
    pub stocks: Vec<usize>,
    /// What they may take at the end of each period, in every scenario \[volume\].
    pub volume: f64,
}

/// What becomes of demand that is not met at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// It is lost.
    Lost,
    /// It waits.
    Waits,
}

/// How much demand must be met.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Service {
    /// Least expected share of all demand that is met.
    pub fill_rate: Option<f64>,
    /// The same of each stock.
    pub stock_fill_rate: Option<f64>,
    /// The mean shortage cost of the worst share of scenarios at most: share, and limit
    /// \[currency\].
    pub tail: Option<(f64, Money)>,
}

/// Orders that are to be planned, with scenarios of demand.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderProblem {
    /// Length of the horizon \[periods\].
    pub periods: usize,
    /// Number of scenarios; each is as likely as any other.
    pub scenarios: usize,
    /// What is stocked.
    pub stocks: Vec<Stock>,
    /// Who buys it.
    pub channels: Vec<Channel>,
    /// Who delivers it.
    pub sources: Vec<Source>,
    /// Ways between stocks.
    pub lanes: Vec<Lane>,
    /// Warehouses.
    pub rooms: Vec<Room>,
    /// Money for the goods ordered in each period; may be infinite \[currency\].
    pub cash: Vec<Money>,
    /// Whether orders can be placed in each period.
    pub ordering: Vec<bool>,
    /// Whether goods can arrive in each period; what is due in another waits for the next.
    pub receiving: Vec<bool>,
    /// What becomes of demand that is not met.
    pub unmet: Unmet,
    /// How much of it must be.
    pub service: Service,
    /// Demand, by channel, then period, then scenario \[units\].
    pub demand: Vec<Units>,
}

impl OrderProblem {
    /// When what is sent in `period` on a way of `lead_time` arrives, if it does within the horizon.
    pub fn arrival(&self, period: usize, lead_time: usize) -> Option<usize> {
        let due = period + lead_time;
        (due..self.periods).find(|&arrival| self.receiving[arrival])
    }

    /// The first period in which an order can arrive at a stock, whatever it costs.
    pub(super) fn first_arrival(&self, stock: usize) -> Option<usize> {
        let Stock { most, lead_time, .. } = self.stocks[stock];
        let open = (0..self.periods).filter(|&period| self.ordering[period] && most > 0.0);
        open.filter_map(|period| self.arrival(period, lead_time)).min()
    }

    /// Demand of a channel in a period, by scenario.
    pub(super) fn demand_of(&self, channel: usize, period: usize) -> &[Units] {
        &self.demand[(channel * self.periods + period) * self.scenarios..][..self.scenarios]
    }

    /// Demand from a stock in a period.
    pub(super) fn asked(&self, scenario: usize, stock: usize, period: usize) -> Units {
        let of = |channel| self.demand_of(channel, period)[scenario];
        self.channels_of(stock).map(of).sum()
    }

    /// What arrives of earlier orders.
    pub(super) fn arriving(&self, stock: usize, period: usize) -> Units {
        self.stocks[stock].arriving.get(period).copied().unwrap_or(0.0)
    }

    /// The channels of a stock.
    pub(super) fn channels_of(&self, stock: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.channels.len()).filter(move |&channel| self.channels[channel].stock == stock)
    }

    /// The first of the stocks that each is joined with, by lanes, and by sources if these count.
    pub(super) fn joined(&self, by_source: bool) -> Vec<usize> {
        let mut first: Vec<usize> = (0..self.stocks.len()).collect();
        loop {
            let before = first.clone();
            let mut of_source = vec![usize::MAX; self.sources.len()];
            let sourced = self.stocks.iter().map(|stock| stock.source.filter(|_| by_source));
            let sourced: Vec<Option<usize>> = sourced.collect();
            for (place, source) in sourced.iter().enumerate() {
                if let Some(source) = *source {
                    of_source[source] = of_source[source].min(first[place]);
                }
            }
            for (place, source) in sourced.iter().enumerate() {
                if let Some(source) = *source {
                    first[place] = of_source[source];
                }
            }
            for lane in &self.lanes {
                let least = first[lane.from].min(first[lane.to]);
                (first[lane.from], first[lane.to]) = (least, least);
            }
            if first == before {
                return first;
            }
        }
    }

    /// Whether goods fill the trucks of their source.
    pub(super) fn takes_room(&self, stock: usize) -> bool {
        let stock = &self.stocks[stock];
        stock.source.is_some_and(|source| {
            let Source { truck_volume, truck_weight, .. } = self.sources[source];
            (truck_volume.is_finite() && stock.volume > 0.0)
                || (truck_weight.is_finite() && stock.weight > 0.0)
        })
    }

    /// The lowest price of a unit, however many are ordered.
    pub(super) fn cheapest(&self, stock: usize) -> Money {
        let Stock { cost, discounts, .. } = &self.stocks[stock];
        discounts.tiers.iter().map(|(_, price)| *price).fold(*cost, f64::min)
    }

    /// What a unit of each stock is worth at the end: what it can be had for, there or by a lane. More would make
    /// goods that nobody asks for worth buying.
    pub(super) fn credits(&self) -> Vec<Money> {
        let mut credits: Vec<Money> = (0..self.stocks.len()).map(|at| self.cheapest(at)).collect();
        loop {
            let before = credits.clone();
            for lane in &self.lanes {
                credits[lane.to] = credits[lane.to].min(credits[lane.from] + lane.unit_cost);
            }
            if credits == before {
                return credits;
            }
        }
    }

    /// What is bought in a scenario whatever is planned: demand less what is there and comes, at
    /// prices without discounts. A plan's cost beside it is holding, shortage and ordering.
    pub fn purchases(&self, scenario: usize) -> Money {
        self.purchases_at(scenario, |stock| self.stocks[stock].cost)
    }

    /// The same at the lowest prices.
    pub(super) fn least_purchases(&self, scenario: usize) -> Money {
        self.purchases_at(scenario, |stock| self.cheapest(stock))
    }

    fn purchases_at(&self, scenario: usize, price: impl Fn(usize) -> Money) -> Money {
        let of = |(place, stock): (usize, &Stock)| {
            let mut units = -stock.opening;
            for period in 0..self.periods {
                units += self.asked(scenario, place, period) - self.arriving(place, period);
            }
            price(place) * units
        };
        self.stocks.iter().enumerate().map(of).sum()
    }

    /// The same with other demand.
    pub fn with_demand(&self, scenarios: usize, demand: Vec<Units>) -> OrderProblem {
        OrderProblem { scenarios, demand, ..self.clone() }
    }

    /// Checks every number once.
    ///
    /// # Errors
    ///
    /// The first [`OrderError`] that is found.
    pub fn check(&self) -> Result<(), OrderError> {
        let (periods, scenarios) = (self.periods, self.scenarios);
        if periods.min(scenarios).min(self.stocks.len()) == 0 {
            return Err(OrderError::Empty);
        }
        let lengths = [
            ("demand", self.demand.len(), self.channels.len() * periods * scenarios),
            ("cash", self.cash.len(), periods),
            ("ordering", self.ordering.len(), periods),
            ("receiving", self.receiving.len(), periods),
        ];
        for (field, found, expected) in lengths {
            if found != expected {
                return Err(OrderError::Length { field, found, expected });
            }
        }
        let Service { fill_rate, stock_fill_rate, .. } = self.service;
        if let (Unmet::Waits, Some(value)) = (self.unmet, fill_rate.or(stock_fill_rate)) {
            // Nothing is lost where demand waits.
            return Err(OrderError::Value { field: "fill rate", place: 0, value });
        }
        let stocks = self.stocks.len();
        let known = |field: &'static str, place: usize, count: usize| match place < count {
            true => Ok(()),
            false => Err(OrderError::Unknown { field, place, count }),
        };
        for (place, stock) in self.stocks.iter().enumerate() {
            self.check_stock(place, stock)?;
            stock.source.map_or(Ok(()), |at| known("source", at, self.sources.len()))?;
        }
        for (place, channel) in self.channels.iter().enumerate() {
            known("stock of a channel", channel.stock, stocks)?;
            amount("shortage cost", place, channel.shortage)?;
        }
        for (place, source) in self.sources.iter().enumerate() {
            amount("order cost of a source", place, source.order_cost)?;
            amount("least order of a source", place, source.least)?;
            amount("cost of a truck", place, source.truck_cost)?;
            limit("largest order of a source", place, source.most)?;
            limit("trucks", place, source.most_trucks)?;
            limit("capacity", place, source.capacity)?;
            for (field, holds) in
                [("truck volume", source.truck_volume), ("truck weight", source.truck_weight)]
            {
                if holds.is_nan() || holds <= 0.0 {
                    return Err(OrderError::Value { field, place, value: holds });
                }
            }
        }
        for (place, lane) in self.lanes.iter().enumerate() {
            known("start of a lane", lane.from, stocks)?;
            known("end of a lane", lane.to, stocks)?;
            amount("cost of a transfer", place, lane.unit_cost)?;
            amount("cost of a shipment", place, lane.shipment_cost)?;
            amount("lot of a transfer", place, lane.multiple)?;
            if let Some(life) = self.stocks[lane.from].life.or(self.stocks[lane.to].life) {
                // How old they are would have to go with them.
                let value = life as f64;
                return Err(OrderError::Value { field: "shelf life of what goes", place, value });
            }
        }
        for (place, room) in self.rooms.iter().enumerate() {
            limit("room", place, room.volume)?;
            room.stocks.iter().try_for_each(|&at| known("stock of a room", at, stocks))?;
        }
        self.cash.iter().enumerate().try_for_each(|(at, &cash)| limit("cash", at, cash))?;
        let each = self.demand.iter().enumerate();
        let width = periods * scenarios;
        each.into_iter().try_for_each(|(at, &units)| amount("demand", at / width, units))
    }

    fn check_stock(&self, place: usize, stock: &Stock) -> Result<(), OrderError> {
        let amounts = [
            ("unit cost", stock.cost),
            ("holding cost", stock.holding),
            ("order cost", stock.set_up),
            ("least order", stock.least),
            ("order multiple", stock.multiple),
            ("volume", stock.volume),
            ("weight", stock.weight),
            ("waste cost", stock.waste),
            ("safety stock", stock.floor),
            ("count", stock.counts),
            ("unit time", stock.unit_time),
            ("set-up time", stock.set_up_time),
        ];
        amounts.into_iter().try_for_each(|(field, value)| amount(field, place, value))?;
        limit("largest order", place, stock.most)?;
        stock.arriving.iter().try_for_each(|&units| amount("arriving units", place, units))?;
        match self.unmet {
            Unmet::Lost => amount("opening stock", place, stock.opening)?,
            Unmet::Waits => amount("opening stock", place, stock.opening.abs())?,
        }
        if stock.life == Some(0) {
            return Err(OrderError::Value { field: "shelf life", place, value: 0.0 });
        }
        let mut before = (0.0, stock.cost);
        for &(from, price) in &stock.discounts.tiers {
            amount("start of a discount", place, from)?;
            amount("price of a discount", place, price)?;
            if from <= before.0 || price >= before.1 {
                return Err(OrderError::Value { field: "discount", place, value: from });
            }
            before = (from, price);
        }
        Ok(())
    }
}

fn amount(field: &'static str, place: usize, value: f64) -> Result<(), OrderError> {
    let fits = (0.0..1e15).contains(&value);
    if fits { Ok(()) } else { Err(OrderError::Value { field, place, value }) }
}

fn limit(field: &'static str, place: usize, value: f64) -> Result<(), OrderError> {
    let fits = value >= 0.0;
    if fits { Ok(()) } else { Err(OrderError::Value { field, place, value }) }
}
