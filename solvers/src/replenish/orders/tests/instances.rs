//! Instances with few orders, so that all can be tried.

use crate::replenish::orders::{
    Channel, Discounts, OrderProblem, Room, Service, Source, Stock, Unmet,
};

/// Numbers that are the same on every machine.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % count
    }

    pub(super) fn yes(&mut self) -> bool {
        self.below(2) == 0
    }

    /// One of `least ..= most`.
    pub(super) fn from(&mut self, least: usize, most: usize) -> f64 {
        (least + self.below(most - least + 1)) as f64
    }
}

/// A stock without any terms.
pub(super) fn plain(cost: f64, holding: f64) -> Stock {
    Stock {
        cost,
        discounts: Discounts::default(),
        holding,
        set_up: 0.0,
        least: 0.0,
        multiple: 0.0,
        most: f64::INFINITY,
        lead_time: 0,
        opening: 0.0,
        arriving: Vec::new(),
        volume: 1.0,
        weight: 1.0,
        life: None,
        waste: cost,
        floor: 0.0,
        source: None,
        counts: 1.0,
        unit_time: 0.0,
        set_up_time: 0.0,
    }
}

/// A problem without any terms.
pub(super) fn problem(
    stocks: Vec<Stock>,
    shortage: &[f64],
    (periods, scenarios): (usize, usize),
    demand: Vec<f64>,
) -> OrderProblem {
    let channel = |(stock, &shortage)| Channel { stock, shortage };
    OrderProblem {
        periods,
        scenarios,
        channels: shortage.iter().enumerate().map(channel).collect(),
        stocks,
        sources: Vec::new(),
        lanes: Vec::new(),
        rooms: Vec::new(),
        cash: vec![f64::INFINITY; periods],
        ordering: vec![true; periods],
        receiving: vec![true; periods],
        unmet: Unmet::Lost,
        service: Service::default(),
        demand,
    }
}

/// Two items, three periods, two scenarios, orders of up to three lots, and some of all terms.
pub(super) fn random(seed: u64) -> OrderProblem {
    let mut dice = Dice::new(seed);
    let (items, periods, scenarios) = (2, 3, 2);
    let waits = dice.below(4) == 0;
    let mut stocks = Vec::new();
    for _ in 0..items {
        let cost = dice.from(2, 6);
        let mut stock = plain(cost, 0.125 * dice.from(1, 4));
        stock.multiple = dice.from(1, 3);
        stock.most = 3.0 * stock.multiple;
        stock.set_up = if dice.yes() { dice.from(1, 6) } else { 0.0 };
        stock.least = if dice.below(3) == 0 { 2.0 * stock.multiple } else { 0.0 };
        stock.lead_time = dice.below(2);
        stock.opening = dice.from(0, 4);
        if waits && dice.yes() {
            stock.opening = -dice.from(0, 3);
        }
        if dice.yes() {
            stock.arriving = (0..periods).map(|_| dice.from(0, 1)).collect();
        }
        stock.volume = dice.from(0, 3);
        stock.weight = dice.from(0, 3);
        stock.waste = cost + dice.from(0, 2);
        stock.life = (dice.below(4) == 0).then(|| 1 + dice.below(3));
        if stock.life.is_some() {
            // Throwing away early what will spoil saves its holding, which the simulation does not do.
            stock.holding = 0.0;
        }
        if dice.below(3) == 0 {
            let from = stock.multiple * dice.from(1, 2);
            stock.discounts.tiers = vec![(from, cost - 1.0)];
            stock.discounts.incremental = dice.yes();
        }
        stock.floor = if dice.below(5) == 0 { dice.from(1, 2) } else { 0.0 };
        stocks.push(stock);
    }
    let shortage: Vec<f64> = (0..items).map(|_| dice.from(1, 12)).collect();
    let demand = (0..items * periods * scenarios).map(|_| dice.from(0, 6)).collect();
    let mut made = problem(stocks, &shortage, (periods, scenarios), demand);
    made.unmet = if waits { Unmet::Waits } else { Unmet::Lost };
    if dice.yes() {
        let mut source = Source { order_cost: dice.from(0, 8), ..Source::FREE };
        source.least = if dice.yes() { dice.from(2, 8) } else { 0.0 };
        source.most = if dice.below(3) == 0 { dice.from(6, 20) } else { f64::INFINITY };
        if dice.yes() {
            source.truck_cost = dice.from(1, 5);
            source.truck_volume = dice.from(4, 9);
            source.truck_weight = if dice.yes() { dice.from(4, 9) } else { f64::INFINITY };
            source.most_trucks = if dice.yes() { dice.from(1, 3) } else { f64::INFINITY };
        }
        made.sources = vec![source];
        for stock in &mut made.stocks {
            stock.source = Some(0);
            stock.counts = dice.from(1, 3);
        }
        if dice.below(3) == 0 {
            made.sources[0].capacity = dice.from(8, 20);
            for stock in &mut made.stocks {
                (stock.unit_time, stock.set_up_time) = (dice.from(1, 2), dice.from(0, 4));
            }
        }
    }
    if dice.below(3) == 0 {
        made.cash = (0..periods).map(|_| dice.from(5, 40)).collect();
    }
    made.ordering[2] = dice.yes();
    made.receiving[1] = dice.below(4) != 0;
    let keeps = made.stocks.iter().all(|stock| stock.life.is_none());
    if keeps && dice.below(3) == 0 {
        made.rooms = vec![Room { stocks: vec![0, 1], volume: dice.from(12, 30) }];
    }
    if !waits {
        made.service.fill_rate = (dice.below(4) == 0).then(|| 0.5 + 0.1 * dice.from(0, 3));
        made.service.stock_fill_rate = (dice.below(6) == 0).then_some(0.5);
    }
    if dice.below(4) == 0 {
        made.service.tail = Some((0.25 * dice.from(1, 4), dice.from(5, 60)));
    }
    made
}
