//! What items share.

use engine::{Joint, Money, Units};

/// What an item takes of what is shared, in counts.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteItem {
    /// Place of its supplier; `None` if it has none with terms.
    pub supplier: Option<usize>,
    /// What a count weighs towards its supplier's minimum and maximum.
    pub weight: f64,
    /// What a count costs \[currency/count\].
    pub unit_cost: Money,
    /// Room of a count \[volume/count\].
    pub room: f64,
    /// Of an order, whatever its size \[currency/order\].
    pub order_cost: Money,
    /// Smallest order \[counts\].
    pub least: Units,
    /// Orders are multiples of this \[counts\].
    pub lot: Units,
    /// Largest order \[counts\]; infinite if there is none.
    pub most: Units,
}

/// What items share at every review.
#[derive(Clone, Debug, PartialEq)]
pub struct Site {
    /// The items.
    pub items: Vec<SiteItem>,
    /// Terms of each supplier.
    pub suppliers: Vec<Joint>,
    /// The most that all orders of a review may cost \[currency\]; infinite if there is no limit.
    pub cash: Money,
    /// The most room that stock on hand and on order may take \[volume\]; likewise.
    pub space: f64,
    /// Items of each supplier, and those without, one by one.
    groups: Vec<(Option<usize>, Vec<usize>)>,
}

/// What orders take of what is shared.
#[derive(Clone, Debug, PartialEq)]
pub struct Usage {
    /// Cost of all orders \[currency\].
    pub cash: Money,
    /// Room of all stock on hand and on order after them \[volume\].
    pub space: f64,
    /// Weight of what is ordered from each supplier.
    pub weights: Vec<f64>,
}

/// What is above a limit by less than this share of it is rounding.
const ROUNDING: f64 = 1e-9;

impl SiteItem {
    /// The smallest order that may be placed \[counts\].
    pub fn smallest(&self) -> Units {
        (self.least / self.lot).ceil().max(1.0) * self.lot
    }

    /// The order nearest to `wanted` from below, or the smallest; zero if that is above the
    /// largest.
    pub fn order(&self, wanted: Units) -> Units {
        let largest = (self.most / self.lot).floor() * self.lot;
        let order = ((wanted / self.lot).floor() * self.lot).min(largest).max(self.smallest());
        if order > largest { 0.0 } else { order }
    }
}

impl Site {
    /// A site of `items`, whose suppliers are places in `suppliers`.
    pub fn new(items: Vec<SiteItem>, suppliers: Vec<Joint>, cash: Money, space: f64) -> Site {
        let mut groups: Vec<(Option<usize>, Vec<usize>)> =
            (0..suppliers.len()).map(|supplier| (Some(supplier), Vec::new())).collect();
        for (place, item) in items.iter().enumerate() {
            match item.supplier {
                Some(supplier) => groups[supplier].1.push(place),
                None => groups.push((None, vec![place])),
            }
        }
        Site { items, suppliers, cash, space, groups }
    }

    /// Items that are ordered together: those of each supplier, and each without one.
    pub(super) fn groups(&self) -> &[(Option<usize>, Vec<usize>)] {
        &self.groups
    }

    /// The terms of a group.
    pub(super) fn terms(&self, supplier: Option<usize>) -> Joint {
        supplier.map_or(Joint::NOTHING, |supplier| self.suppliers[supplier])
    }

    /// Cash and room before any order.
    pub(super) fn left(&self, positions: &[Units]) -> [f64; 2] {
        let taken = self.items.iter().zip(positions);
        let taken: f64 = taken.map(|(item, position)| item.room * position.max(0.0)).sum();
        [self.cash, (self.space - taken).max(0.0)]
    }

    /// What the suppliers charge for `orders`, whatever their size \[currency\].
    pub(super) fn charges(&self, orders: &[Units]) -> Money {
        let ordered = |items: &[usize]| items.iter().any(|&item| orders[item] > 0.0);
        let charged = self.groups.iter().filter(|(_, items)| ordered(items));
        charged.map(|(supplier, _)| self.terms(*supplier).order_cost).sum()
    }

    /// What `orders` take at `positions`.
    pub fn usage(&self, positions: &[Units], orders: &[Units]) -> Usage {
        let mut usage = Usage { cash: 0.0, space: 0.0, weights: vec![0.0; self.suppliers.len()] };
        for ((item, position), order) in self.items.iter().zip(positions).zip(orders) {
            usage.cash += item.unit_cost * order;
            usage.space += item.room * (position + order).max(0.0);
            if let Some(supplier) = item.supplier {
                usage.weights[supplier] += item.weight * order;
            }
        }
        usage
    }

    /// Whether `orders` at `positions` keep within everything that is shared, and each within its
    /// own terms. Stock that is over the space already is not the orders' fault.
    pub fn allows(&self, positions: &[Units], orders: &[Units]) -> bool {
        let usage = self.usage(positions, orders);
        let before = self.usage(positions, &vec![0.0; orders.len()]).space;
        let at_most = |value: f64, limit: f64| value <= limit * (1.0 + ROUNDING);
        let supplied = self.suppliers.iter().zip(&usage.weights).all(|(terms, &weight)| {
            weight == 0.0 || at_most(terms.minimum, weight) && at_most(weight, terms.capacity)
        });
        let own = self.items.iter().zip(orders).all(|(item, &order)| {
            let whole = (order / item.lot).fract() == 0.0;
            order == 0.0 || order >= item.smallest() && order <= item.most && whole
        });
        supplied
            && own
            && at_most(usage.cash, self.cash)
            && at_most(usage.space, self.space.max(before))
    }
}
