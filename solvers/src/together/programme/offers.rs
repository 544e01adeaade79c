//! The orders of one supplier's items that cost least at some prices.

use engine::{Joint, Money, Units};

use super::{Prices, Programme};

/// Halvings of the distance between two prices.
const HALVINGS: usize = 12;

/// What orders are made at.
#[derive(Clone, Copy)]
pub(super) struct Tariff {
    /// Prices that count among what orders cost.
    charged: Prices,
    /// Prices that only make orders smaller.
    shown: Prices,
    /// Whether the cheapest order is looked for everywhere: a bound needs that. Otherwise it is the
    /// one up to the cheapest position, which is the same but for dents of the curve.
    exact: bool,
}

impl Tariff {
    pub(super) fn charged(charged: Prices) -> Tariff {
        Tariff { charged, shown: [0.0; 2], exact: false }
    }

    pub(super) fn exact(charged: Prices) -> Tariff {
        Tariff { exact: true, ..Tariff::charged(charged) }
    }

    pub(super) fn shown(shown: Prices) -> Tariff {
        Tariff { charged: [0.0; 2], shown, exact: false }
    }
}

impl Programme<'_> {
    /// Orders that cost least if cash and room have prices, and the cost of a review at them,
    /// without what the limits are worth.
    pub(super) fn respond(
        &self,
        positions: &[Units],
        tariff: Tariff,
        orders: &mut [Units],
    ) -> Money {
        let mut cost = 0.0;
        for (supplier, items) in self.site.groups() {
            let terms = self.site.terms(*supplier);
            cost += self.supply(&terms, items, positions, tariff, orders);
        }
        cost
    }

    /// The same for the items of a supplier: all ordered nothing, or what is best within its terms.
    pub(super) fn supply(
        &self,
        terms: &Joint,
        items: &[usize],
        positions: &[Units],
        tariff: Tariff,
        orders: &mut [Units],
    ) -> Money {
        let (weight, gain) = self.items(items, positions, tariff, 0.0, orders);
        let nothing: Money = items.iter().map(|&item| self.curves[item].at(positions[item])).sum();
        // No orders of this supplier save more than that.
        let bound = (gain - terms.order_cost).max(0.0);
        let mut best = bound;
        if gain > terms.order_cost && weight < terms.minimum {
            best = self.weigh(terms, items, positions, tariff, orders) - terms.order_cost;
        } else if gain > terms.order_cost && weight > terms.capacity {
            best =
                self.lighten(terms.capacity, items, positions, tariff, orders) - terms.order_cost;
        }
        if best <= 0.0 || gain <= terms.order_cost {
            for &item in items {
                orders[item] = 0.0;
            }
        }
        nothing - bound
    }

    /// The orders of some items, each for itself: their weight, and what they save.
    fn items(
        &self,
        items: &[usize],
        positions: &[Units],
        tariff: Tariff,
        subsidy: Money,
        orders: &mut [Units],
    ) -> (f64, Money) {
        let [mut weight, mut gain] = [0.0; 2];
        for &item in items {
            let (order, saved) = self.item(item, positions[item], tariff, subsidy);
            orders[item] = order;
            weight += self.site.items[item].weight * order;
            gain += saved;
        }
        (weight, gain)
    }

    /// The order of an item and what it saves, if a count of weight is paid for with `subsidy`
    /// beside the prices; the subsidy is no part of what is saved.
    pub(super) fn item(
        &self,
        item: usize,
        position: Units,
        tariff: Tariff,
        subsidy: Money,
    ) -> (Units, Money) {
        if !self.wanted[item] && subsidy <= 0.0 {
            return (0.0, 0.0);
        }
        let (terms, curve) = (&self.site.items[item], &self.curves[item]);
        let of = |prices: Prices| prices[0] * terms.unit_cost + prices[1] * terms.room;
        let price = of(tariff.charged);
        let pays = price + of(tariff.shown) - subsidy * terms.weight;
        // A price makes orders smaller.
        // A price makes orders smaller.
        let target = match pays {
            0.0 => self.target(item, position),
            price if !tariff.exact => curve.cheapest(price),
            price if price > 0.0 => curve.best(position, self.target(item, position), price),
            price => curve.best(position, curve.highest(), price),
        };
        let wanted = target - position;
        if wanted <= 0.0 {
            return (0.0, 0.0);
        }
        let now = curve.at(position);
        let saved = |order: Units, price: Money| match order > 0.0 {
            true => now - curve.at(position + order) - terms.order_cost - price * order,
            false => 0.0,
        };
        let below = terms.order(wanted);
        let above = terms.order(wanted + terms.lot);
        let order = if saved(above, pays) > saved(below, pays) { above } else { below };
        if saved(order, pays) > 0.0 { (order, saved(order, price)) } else { (0.0, 0.0) }
    }

    pub(super) fn target(&self, item: usize, position: Units) -> Units {
        let (low, step, levels) = self.curves[item].grid();
        let first = ((position - low) / step).ceil().max(0.0) as usize;
        if first >= levels { position } else { self.targets[item][first].max(position) }
    }

    /// Orders of at least the supplier's minimum, and what they save before its order cost; less
    /// than nothing if there are none.
    fn weigh(
        &self,
        terms: &Joint,
        items: &[usize],
        positions: &[Units],
        tariff: Tariff,
        orders: &mut [Units],
    ) -> Money {
        let mut enough = 0.0;
        let mut respond = |subsidy: Money| self.items(items, positions, tariff, subsidy, orders);
        // What a count of weight must be worth, so that enough is ordered.
        let size = items
            .iter()
            .map(|&item| self.site.items[item].order_cost + terms.order_cost)
            .fold(1e-6, f64::max);
        let mut subsidy = size / terms.minimum;
        for _ in 0..20 {
            if respond(subsidy).0 >= terms.minimum {
                enough = subsidy;
                break;
            }
            subsidy *= 4.0;
        }
        if enough == 0.0 {
            return f64::NEG_INFINITY;
        }
        let mut short = 0.0;
        for _ in 0..HALVINGS {
            let middle = 0.5 * (short + enough);
            if respond(middle).0 >= terms.minimum { enough = middle } else { short = middle }
        }
        let (weight, gain) = respond(enough);
        if weight > terms.capacity { f64::NEG_INFINITY } else { gain }
    }

    /// Orders of at most the supplier's maximum, and what they save before its order cost.
    fn lighten(
        &self,
        capacity: f64,
        items: &[usize],
        positions: &[Units],
        tariff: Tariff,
        orders: &mut [Units],
    ) -> Money {
        let mut respond = |tax: Money| self.items(items, positions, tariff, -tax, orders);
        let (mut much, mut little) = (0.0, 1e-6);
        while respond(little).0 > capacity && little < 1e15 {
            (much, little) = (little, 2.0 * little);
        }
        for _ in 0..HALVINGS {
            let middle = 0.5 * (much + little);
            if respond(middle).0 > capacity { much = middle } else { little = middle }
        }
        respond(little).1
    }
}
