//! Each item's own policy, under what is shared.

use engine::{Buyer, Joint, Review, Shortfall, Units, Wants};

use super::record::Record;
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
    /// What it did at the reviews of each scenario.
    pub record: Record,
}

impl<'a> Rationed<'a> {
    /// Orders for `site`, whose items want `wants`.
    pub fn new(site: &'a Site, wants: Vec<Wants>, scenarios: usize) -> Rationed<'a> {
        Rationed { site, wants, record: Record::new(scenarios) }
    }

    /// The orders at `positions`, and whether cash or room were too little.
    pub fn decide(&self, period: usize, positions: &[Units], orders: &mut [Units]) -> bool {
        orders.fill(0.0);
        let groups = self.site.groups();
        let [mut cash, mut room] = self.site.left(positions);
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
        terms: &Joint,
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
        let short = self.decide(review.period, review.positions, orders);
        self.record.add((self.site, review), orders, short, [0.0; 2]);
    }

    fn most(&self) -> Units {
        self.wants.iter().map(Wants::most).fold(0.0, f64::max)
    }
}
