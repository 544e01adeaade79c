//! Orders of a review that cost least for all items together, by the prices of what is shared.

use engine::{Buyer, Joint, Money, Review, Units};

use super::curve::Curve;
use super::site::Site;

/// Orders by the program of a review: see [`crate::together`].
pub struct Programme<'a> {
    site: &'a Site,
    curves: &'a [Curve],
    /// The cheapest position at or above each of a curve's own, without prices.
    targets: Vec<Vec<Units>>,
    /// What it does at each review.
    plan: Plan,
    /// What the suppliers charged in measured periods, scenario by scenario.
    pub charged: Vec<f64>,
    /// Measured reviews at which cash or room was too little, scenario by scenario.
    pub bound: Vec<f64>,
    /// Prices of cash and of room, added up over measured reviews, scenario by scenario.
    pub prices: [Vec<f64>; 2],
    positions: Vec<Units>,
}

/// Orders, and what they do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Orders of all items \[counts\].
    pub orders: Vec<Units>,
    /// Cost of the review, by the curves \[currency\].
    pub cost: Money,
    /// No orders within the limits cost less \[currency\].
    pub bound: Money,
    /// What one more unit of cash, and of room, would save.
    pub prices: [Money; 2],
}

/// Prices of cash and of room.
type Prices = [Money; 2];

/// What orders are made at.
#[derive(Clone, Copy)]
struct Tariff {
    /// Prices that count among what orders cost.
    charged: Prices,
    /// Prices that only make orders smaller.
    shown: Prices,
}

impl Tariff {
    fn charged(charged: Prices) -> Tariff {
        Tariff { charged, shown: [0.0; 2] }
    }

    fn shown(shown: Prices) -> Tariff {
        Tariff { charged: [0.0; 2], shown }
    }
}

/// Prices beside the best, as shares of these, whose plans are compared.
const SCALES: [f64; 5] = [1.0, 0.0, 0.4, 0.7, 1.5];

/// Halvings of the distance between two prices.
const HALVINGS: usize = 24;

impl<'a> Programme<'a> {
    /// Orders for `site`, whose items have `curves`.
    pub fn new(site: &'a Site, curves: &'a [Curve], scenarios: usize) -> Programme<'a> {
        let targets = curves.iter().map(targets).collect();
        Programme {
            site,
            curves,
            targets,
            plan: Plan::default(),
            charged: vec![0.0; scenarios],
            bound: vec![0.0; scenarios],
            prices: [vec![0.0; scenarios], vec![0.0; scenarios]],
            positions: Vec::new(),
        }
    }

    /// The orders at `positions`.
    pub fn decide(&mut self, positions: &[Units]) -> &Plan {
        let mut plan = std::mem::take(&mut self.plan);
        plan.orders.clear();
        plan.orders.resize(positions.len(), 0.0);
        plan.prices = [0.0; 2];
        plan.bound = self.respond(positions, [0.0; 2], &mut plan.orders);
        if !self.shares(positions, &plan.orders) {
            self.price(positions, &mut plan);
        }
        plan.cost = self.cost(positions, &plan.orders);
        plan.bound = plan.bound.min(plan.cost);
        self.plan = plan;
        &self.plan
    }

    /// What `orders` cost at `positions`, by the curves.
    pub fn cost(&self, positions: &[Units], orders: &[Units]) -> Money {
        let mut cost = 0.0;
        for (supplier, items) in self.site.groups() {
            let mut any = false;
            for &item in items {
                let (position, order) = (positions[item], orders[item]);
                any |= order > 0.0;
                let fixed = if order > 0.0 { self.site.items[item].order_cost } else { 0.0 };
                cost += fixed + self.curves[item].at(position + order);
            }
            cost += if any { self.site.terms(*supplier).order_cost } else { 0.0 };
        }
        cost
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

    /// Orders that cost least if cash and room have prices, and the cost of a review at them,
    /// without what the limits are worth.
    fn respond(&self, positions: &[Units], prices: Prices, orders: &mut [Units]) -> Money {
        let mut cost = 0.0;
        for (supplier, items) in self.site.groups() {
            let terms = self.site.terms(*supplier);
            cost += self.supply(&terms, items, positions, Tariff::charged(prices), orders);
        }
        cost
    }

    /// The same for the items of a supplier: all ordered nothing, or what is best within its terms.
    fn supply(
        &self,
        terms: &Joint,
        items: &[usize],
        positions: &[Units],
        tariff: Tariff,
        orders: &mut [Units],
    ) -> Money {
        let [mut gain, mut weight, mut nothing] = [0.0; 3];
        for &item in items {
            let (order, saved) = self.item(item, positions[item], tariff, 0.0);
            orders[item] = order;
            gain += saved;
            weight += self.site.items[item].weight * order;
            nothing += self.curves[item].at(positions[item]);
        }
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

    /// The order of an item and what it saves, if a count of weight is paid for with `subsidy`
    /// beside the prices; the subsidy is no part of what is saved.
    fn item(&self, item: usize, position: Units, tariff: Tariff, subsidy: Money) -> (Units, Money) {
        let (terms, curve) = (&self.site.items[item], &self.curves[item]);
        let of = |prices: Prices| prices[0] * terms.unit_cost + prices[1] * terms.room;
        let price = of(tariff.charged);
        let pays = price + of(tariff.shown) - subsidy * terms.weight;
        let target =
            if pays == 0.0 { self.target(item, position) } else { curve.best(position, pays) };
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

    fn target(&self, item: usize, position: Units) -> Units {
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
        let mut respond = |subsidy: Money| {
            let [mut weight, mut gain] = [0.0; 2];
            for &item in items {
                let (order, saved) = self.item(item, positions[item], tariff, subsidy);
                orders[item] = order;
                weight += self.site.items[item].weight * order;
                gain += saved;
            }
            (weight, gain)
        };
        // What a count of weight must be worth, so that enough is ordered.
        let size = items
            .iter()
            .map(|&item| self.site.items[item].order_cost + terms.order_cost)
            .fold(1e-6, f64::max);
        let mut subsidy = size / terms.minimum;
        for _ in 0..40 {
            if respond(subsidy).0 >= terms.minimum {
                enough = subsidy;
                break;
            }
            subsidy *= 2.0;
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
        let mut respond = |tax: Money| {
            let [mut weight, mut gain] = [0.0; 2];
            for &item in items {
                let (order, saved) = self.item(item, positions[item], tariff, -tax);
                orders[item] = order;
                weight += self.site.items[item].weight * order;
                gain += saved;
            }
            (weight, gain)
        };
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

    /// Orders within cash and room, by their prices.
    fn price(&self, positions: &[Units], plan: &mut Plan) {
        let mut prices = [0.0; 2];
        // One price after the other, each with the other as it is.
        for _ in 0..2 {
            for shared in 0..2 {
                let over = |this: &Self, price: Money, orders: &mut [Units]| {
                    let mut all = prices;
                    all[shared] = price;
                    this.respond(positions, all, orders);
                    this.over(positions, orders)[shared] > 0.0
                };
                if !over(self, 0.0, &mut plan.orders) {
                    prices[shared] = 0.0;
                    continue;
                }
                let (mut low, mut high) = (0.0, 1e-6);
                while over(self, high, &mut plan.orders) && high < 1e12 {
                    (low, high) = (high, 2.0 * high);
                }
                for _ in 0..HALVINGS {
                    let middle = 0.5 * (low + high);
                    if over(self, middle, &mut plan.orders) { low = middle } else { high = middle }
                }
                prices[shared] = high;
            }
        }
        let priced = self.respond(positions, prices, &mut plan.orders);
        let taken: f64 =
            self.site.items.iter().zip(positions).map(|(i, x)| i.room * x.max(0.0)).sum();
        // Prices are of orders, so room is what is left.
        let worth = |price: Money, left: f64| if price > 0.0 { price * left.max(0.0) } else { 0.0 };
        let left = [self.site.cash, self.site.space - taken];
        // What waits takes no room, but its order is priced as if it did: no bound then.
        let waits = self.site.items.iter().zip(positions).any(|(item, x)| item.room * x < 0.0);
        if prices[1] == 0.0 || !waits {
            let worth = worth(prices[0], left[0]) + worth(prices[1], left[1]);
            plan.bound = plan.bound.max(priced - worth);
        }
        plan.prices = prices;
        // Prices leave jumps where a supplier is ordered from or not: plans at others are compared.
        let mut best: Option<(Money, Vec<Units>)> = None;
        for scale in SCALES {
            let near = prices.map(|price| scale * price);
            self.respond(positions, near, &mut plan.orders);
            self.repair(positions, &mut plan.orders);
            self.fill(positions, &mut plan.orders);
            self.raise(positions, &mut plan.orders);
            let cost = self.cost(positions, &plan.orders);
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, plan.orders.clone()));
            }
        }
        if let Some((_, orders)) = best {
            plan.orders = orders;
        }
    }

    /// Raises orders of suppliers that are ordered from, and of items without one, as far as what
    /// is left goes and saves something.
    fn raise(&self, positions: &[Units], orders: &mut [Units]) {
        let over = self.over(positions, orders);
        let mut left = over.map(|over| (-over).max(0.0));
        for (supplier, items) in self.site.groups() {
            let terms = self.site.terms(*supplier);
            let open = terms.order_cost == 0.0 && terms.minimum == 0.0
                || items.iter().any(|&item| orders[item] > 0.0);
            if !open {
                continue;
            }
            let weigh = |item: usize| self.site.items[item].weight * orders[item];
            let mut weight = terms.capacity - items.iter().map(|&item| weigh(item)).sum::<f64>();
            for &item in items {
                let (own, x, q) = (&self.site.items[item], positions[item], orders[item]);
                let most =
                    |left: f64, each: f64| if each > 0.0 { left / each } else { f64::INFINITY };
                let more = most(left[0], own.unit_cost)
                    .min(most(left[1], own.room))
                    .min(most(weight, own.weight));
                let raised = own.order((self.target(item, x) - x).min(q + more));
                let cost = |order: Units| {
                    let fixed = if order > 0.0 { own.order_cost } else { 0.0 };
                    fixed + self.curves[item].at(x + order)
                };
                if raised > q && raised - q <= more && cost(raised) < cost(q) {
                    left[0] -= own.unit_cost * (raised - q);
                    left[1] -= own.room * (raised - q);
                    weight -= own.weight * (raised - q);
                    orders[item] = raised;
                }
            }
        }
    }

    /// Leaves out suppliers, those first that save least for what they take, until cash and room
    /// suffice: prices leave a jump where a supplier is ordered from or not.
    fn repair(&self, positions: &[Units], orders: &mut [Units]) {
        while !self.shares(positions, orders) {
            let over = self.over(positions, orders);
            let mut worst: Option<(f64, usize)> = None;
            for (group, (supplier, items)) in self.site.groups().iter().enumerate() {
                let mut saved = -self.site.terms(*supplier).order_cost;
                let mut takes = 0.0;
                for &item in items.iter().filter(|&&item| orders[item] > 0.0) {
                    let terms = &self.site.items[item];
                    let (x, q) = (positions[item], orders[item]);
                    saved +=
                        self.curves[item].at(x) - self.curves[item].at(x + q) - terms.order_cost;
                    let shares = [terms.unit_cost * q, terms.room * q];
                    takes +=
                        (0..2).filter(|&s| over[s] > 0.0).map(|s| shares[s] / over[s]).sum::<f64>();
                }
                if takes > 0.0 && worst.is_none_or(|(rate, _)| saved / takes < rate) {
                    worst = Some((saved / takes, group));
                }
            }
            let Some((_, group)) = worst else { return };
            self.site.groups()[group].1.iter().for_each(|&item| orders[item] = 0.0);
        }
    }

    /// Uses what is left: orders from suppliers, and of items, that the prices closed out, one by one,
    /// as dear as they must be to fit, as far as they save something.
    fn fill(&self, positions: &[Units], orders: &mut [Units]) {
        let mut left = self.over(positions, orders).map(|over| (-over).max(0.0));
        for (supplier, items) in self.site.groups() {
            if items.iter().any(|&item| orders[item] > 0.0) || !self.fits_any(items, left) {
                continue;
            }
            let terms = self.site.terms(*supplier);
            let mut respond = |price: f64| {
                let each = left.map(|left| if left > 0.0 { price / left } else { 0.0 });
                self.supply(&terms, items, positions, Tariff::shown(each), orders);
                let takes = self.takes(items, orders);
                (takes, (0..2).all(|shared| takes[shared] <= left[shared]))
            };
            let (mut takes, mut fits) = respond(0.0);
            if !fits {
                let (mut much, mut little) = (0.0, 1e-3);
                while !respond(little).1 {
                    (much, little) = (little, 4.0 * little);
                }
                for _ in 0..HALVINGS / 2 {
                    let middle = 0.5 * (much + little);
                    if respond(middle).1 { little = middle } else { much = middle }
                }
                (takes, fits) = respond(little);
            }
            if !fits {
                for &item in items {
                    orders[item] = 0.0;
                }
                continue;
            }
            for (left, takes) in left.iter_mut().zip(takes) {
                *left -= takes;
            }
        }
    }

    /// Cash and room that the orders of some items take.
    fn takes(&self, items: &[usize], orders: &[Units]) -> [f64; 2] {
        items.iter().fold([0.0; 2], |[cash, room], &item| {
            let (own, order) = (&self.site.items[item], orders[item]);
            [cash + own.unit_cost * order, room + own.room * order]
        })
    }

    /// Whether the smallest order of any of the items fits what is left.
    fn fits_any(&self, items: &[usize], left: [f64; 2]) -> bool {
        items.iter().any(|&item| {
            let own = &self.site.items[item];
            own.unit_cost * own.smallest() <= left[0] && own.room * own.smallest() <= left[1]
        })
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
        let scenarios = review.scenarios;
        for scenario in 0..scenarios {
            let mut positions = std::mem::take(&mut self.positions);
            positions.clear();
            positions.extend(review.positions.iter().skip(scenario).step_by(scenarios));
            self.decide(&positions);
            self.positions = positions;
            for (order, &plan) in
                orders.iter_mut().skip(scenario).step_by(scenarios).zip(&self.plan.orders)
            {
                *order = plan;
            }
            if review.measured {
                let place = review.first_scenario + scenario;
                self.charged[place] += suppliers_ordered(self.site, &self.plan.orders);
                self.bound[place] += f64::from(self.plan.prices != [0.0; 2]);
                for (sums, price) in self.prices.iter_mut().zip(self.plan.prices) {
                    sums[place] += price;
                }
            }
        }
    }

    fn most(&self) -> Units {
        let items = self.curves.iter().zip(&self.site.items);
        items.map(|(curve, item)| curve.highest() + item.smallest() + item.lot).fold(0.0, f64::max)
    }
}

/// What the suppliers charge for `orders`.
pub(super) fn suppliers_ordered(site: &Site, orders: &[Units]) -> Money {
    let ordered = |items: &[usize]| items.iter().any(|&item| orders[item] > 0.0);
    let charged = site.groups().iter().filter(|(_, items)| ordered(items));
    charged.map(|(supplier, _)| site.terms(*supplier).order_cost).sum()
}
