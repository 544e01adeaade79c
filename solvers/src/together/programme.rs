//! Orders of a review that cost least for all items together, by the prices of what is shared.

use engine::{Buyer, Money, Review, Units};

use self::offers::Tariff;
use super::curve::Curve;
use super::record::Record;
use super::site::Site;

mod offers;
mod share;

/// Orders by the program of a review: see [`crate::together`].
pub struct Programme<'a> {
    site: &'a Site,
    curves: &'a [Curve],
    /// The cheapest position at or above each of a curve's own, without prices.
    targets: Vec<Vec<Units>>,
    /// What it did last.
    plan: Plan,
    /// What it did at the reviews of each scenario.
    pub record: Record,
    /// Items that would be ordered if nothing were shared: no price makes others worth ordering.
    wanted: Vec<bool>,
}

/// Orders, and what they do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Orders of all items \[counts\].
    pub orders: Vec<Units>,
    /// Cost of the review, by the curves \[currency\].
    pub cost: Money,
    /// No orders within the limits cost less \[currency\]; minus infinity where nobody asked.
    pub bound: Money,
    /// What one more unit of cash, and of room, would save.
    pub prices: [Money; 2],
}

/// Prices of cash and of room.
type Prices = [Money; 2];

impl<'a> Programme<'a> {
    /// Orders for `site`, whose items have `curves`.
    pub fn new(site: &'a Site, curves: &'a [Curve], scenarios: usize) -> Programme<'a> {
        let targets = curves.iter().map(targets).collect();
        Programme {
            site,
            curves,
            targets,
            plan: Plan::default(),
            record: Record::new(scenarios),
            wanted: vec![true; curves.len()],
        }
    }

    /// The orders at `positions`.
    pub fn decide(&mut self, positions: &[Units]) -> &Plan {
        let mut plan = std::mem::take(&mut self.plan);
        plan.orders.clear();
        plan.orders.resize(positions.len(), 0.0);
        plan.prices = [0.0; 2];
        plan.bound = f64::NEG_INFINITY;
        self.wanted.fill(true);
        self.respond(positions, Tariff::charged([0.0; 2]), &mut plan.orders);
        if !self.shares(positions, &plan.orders) {
            for item in 0..positions.len() {
                let (order, _) = self.item(item, positions[item], Tariff::charged([0.0; 2]), 0.0);
                self.wanted[item] = order > 0.0;
            }
            self.share(positions, &mut plan);
        }
        plan.cost = self.cost(positions, &plan.orders);
        self.plan = plan;
        &self.plan
    }

    /// The orders at `positions`, and a bound that no orders are below.
    pub fn decide_with_bound(&mut self, positions: &[Units]) -> Plan {
        let mut plan = self.decide(positions).clone();
        let mut orders = plan.orders.clone();
        let tried =
            [[0.0; 2], plan.prices].map(|prices| self.bound(positions, prices, &mut orders));
        plan.bound = tried[0].max(tried[1]).min(plan.cost);
        plan
    }

    /// What `orders` cost at `positions`, by the curves.
    pub fn cost(&self, positions: &[Units], orders: &[Units]) -> Money {
        let items = self.site.items.iter().zip(self.curves);
        let each = items.zip(positions).zip(orders).map(|(((item, curve), position), &order)| {
            let fixed = if order > 0.0 { item.order_cost } else { 0.0 };
            fixed + curve.at(position + order)
        });
        each.sum::<Money>() + self.site.charges(orders)
    }

    /// Whether cash and room suffice.
    fn shares(&self, positions: &[Units], orders: &[Units]) -> bool {
        self.over(positions, orders).iter().all(|over| *over <= 0.0)
    }

    /// By how much orders go beyond cash and room. Room that is taken already is nobody's order.
    fn over(&self, positions: &[Units], orders: &[Units]) -> [f64; 2] {
        let [mut cash, mut room, mut taken] = [0.0; 3];
        for ((item, position), order) in self.site.items.iter().zip(positions).zip(orders) {
            cash += item.unit_cost * order;
            room += item.room * (position + order).max(0.0);
            taken += item.room * position.max(0.0);
        }
        [cash - self.site.cash, room - self.site.space.max(taken)]
    }

    /// No orders within the limits cost less, at some prices of cash and room.
    fn bound(&self, positions: &[Units], prices: Prices, orders: &mut [Units]) -> Money {
        // What waits takes no room, but its order is priced as if it did: no bound then.
        let waits = self.site.items.iter().zip(positions).any(|(item, x)| item.room * x < 0.0);
        if prices[1] > 0.0 && waits {
            return f64::NEG_INFINITY;
        }
        let left = self.site.left(positions);
        let worth = |shared: usize| match prices[shared] > 0.0 {
            true => prices[shared] * left[shared],
            false => 0.0,
        };
        self.respond(positions, Tariff::exact(prices), orders) - worth(0) - worth(1)
    }
}

/// The cheapest position at or above each of the curve's own.
fn targets(curve: &Curve) -> Vec<Units> {
    let (low, step, levels) = curve.grid();
    let level = |at: usize| low + step * at as f64;
    let mut targets: Vec<Units> = (0..levels).map(level).collect();
    for at in (0..levels - 1).rev() {
        if curve.at(targets[at + 1]) < curve.at(level(at)) {
            targets[at] = targets[at + 1];
        }
    }
    targets
}

impl Buyer for Programme<'_> {
    fn buy(&mut self, review: &Review<'_>, orders: &mut [Units]) {
        self.decide(review.positions);
        orders.copy_from_slice(&self.plan.orders);
        let prices = self.plan.prices;
        self.record.add((self.site, review), orders, prices != [0.0; 2], prices);
    }

    fn most(&self) -> Units {
        let items = self.curves.iter().zip(&self.site.items);
        items.map(|(curve, item)| curve.highest() + item.smallest() + item.lot).fold(0.0, f64::max)
    }
}
