//! Each item's own policy, under what is shared.

use engine::{Buyer, Review, Shortfall, Units, Wants};

use super::programme::suppliers_ordered;
use super::site::Site;

/// Orders as each item's own policy wants them, cut to what there is.
///
/// 1. A supplier whose items call for less than its minimum waits, or is filled up to it, as its
///    terms say; one whose items call for more than its maximum delivers the same share of each.
/// 2. Suppliers, and items without one, get cash and room in turn, another first at each review.
///    Where they do not suffice for all of a supplier's orders, each gets the same share of what is
///    left; if that is less than the supplier's minimum, it waits.
pub struct Rationed<'a> {
    site: &'a Site,
    wants: Vec<Wants>,
    /// What the suppliers charged in measured periods, scenario by scenario.
    pub charged: Vec<f64>,
    /// Measured reviews at which cash or room was too little, scenario by scenario.
    pub bound: Vec<f64>,
    positions: Vec<Units>,
    orders: Vec<Units>,
}

impl<'a> Rationed<'a> {
    /// Orders for `site`, whose items want `wants`.
    pub fn new(site: &'a Site, wants: Vec<Wants>, scenarios: usize) -> Rationed<'a> {
        Rationed {
            site,
            wants,
            charged: vec![0.0; scenarios],
            bound: vec![0.0; scenarios],
            positions: Vec::new(),
            orders: Vec::new(),
        }
    }

    /// The orders at `positions`, and whether cash or room were too little.
    pub fn decide(&self, period: usize, positions: &[Units], orders: &mut [Units]) -> bool {
        orders.fill(0.0);
        let groups = self.site.groups();
        let taken = |item: usize| self.site.items[item].room * positions[item].max(0.0);
        let taken: f64 = (0..positions.len()).map(taken).sum();
        let mut cash = self.site.cash;
        let mut room = (self.site.space - taken).max(0.0);
        let mut short = false;
        for place in 0..groups.len() {
            let (supplier, items) = &groups[(place + period) % groups.len()];
            let terms = self.site.terms(*supplier);
            self.want(&terms, items, period, positions, orders);
            let sum = |orders: &[Units], of: &dyn Fn(usize) -> f64| {
                items.iter().map(|&item| of(item) * orders[item]).sum::<f64>()
            };
            let site = &self.site.items;
            let (cost, space) = (|item: usize| site[item].unit_cost, |item: usize| site[item].room);
            let (asked, fills) = (sum(orders, &cost), sum(orders, &space));
            let share = (cash / asked).min(room / fills).min(1.0);
            if share < 1.0 {
                short = true;
                self.scale(share, items, orders);
                let weight = sum(orders, &|item| site[item].weight);
                if weight < terms.minimum {
                    for &item in items {
                        orders[item] = 0.0;
                    }
                }
            }
            cash -= sum(orders, &cost);
            // Where an item's demand waits, some of what it gets takes no room.
            let filled = |item: usize| {
                site[item].room
                    * ((positions[item] + orders[item]).max(0.0) - positions[item].max(0.0))
            };
            room -= items.iter().map(|&item| filled(item)).sum::<f64>();
            room = room.max(0.0);
        }
        short
    }

    /// What the items of a supplier get of it, if cash and room suffice.
    fn want(
        &self,
        terms: &engine::Joint,
        items: &[usize],
        period: usize,
        positions: &[Units],
        orders: &mut [Units],
    ) {
        if !items.iter().any(|&item| self.wants[item].calls(period, positions[item])) {
            return;
        }
        let weigh = |orders: &[Units]| {
            items.iter().map(|&item| self.site.items[item].weight * orders[item]).sum::<f64>()
        };
        for &item in items {
            orders[item] = self.wants[item].usual(period, positions[item]);
        }
        let mut weight = weigh(orders);
        if weight < terms.minimum && terms.shortfall == Shortfall::TopUp {
            for &item in items {
                orders[item] = self.wants[item].filled(period, positions[item]);
            }
            weight = weigh(orders);
        }
        if weight < terms.minimum {
            for &item in items {
                orders[item] = 0.0;
            }
        } else if weight > terms.capacity {
            self.scale(terms.capacity / weight, items, orders);
        }
    }

    /// Cuts orders to a share of them, in whole lots; nothing where that is less than the least.
    fn scale(&self, share: f64, items: &[usize], orders: &mut [Units]) {
        for &item in items {
            let terms = &self.site.items[item];
            let part = (share * orders[item] / terms.lot).floor() * terms.lot;
            orders[item] = if part < terms.smallest() { 0.0 } else { part };
        }
    }
}

impl Buyer for Rationed<'_> {
    fn buy(&mut self, review: &Review<'_>, orders: &mut [Units]) {
        let scenarios = review.scenarios;
        let mut positions = std::mem::take(&mut self.positions);
        let mut own = std::mem::take(&mut self.orders);
        own.resize(self.wants.len(), 0.0);
        for scenario in 0..scenarios {
            positions.clear();
            positions.extend(review.positions.iter().skip(scenario).step_by(scenarios));
            let short = self.decide(review.period, &positions, &mut own);
            for (order, &own) in orders.iter_mut().skip(scenario).step_by(scenarios).zip(&own) {
                *order = own;
            }
            if review.measured {
                let place = review.first_scenario + scenario;
                self.charged[place] += suppliers_ordered(self.site, &own);
                self.bound[place] += f64::from(short);
            }
        }
        (self.positions, self.orders) = (positions, own);
    }

    fn most(&self) -> Units {
        self.wants.iter().map(Wants::most).fold(0.0, f64::max)
    }
}
