//! Which supplier's orders get how much of cash and room.

use engine::{Money, Units};

use super::offers::Tariff;
use super::{Plan, Prices, Programme};

/// What orders of a supplier are offered at, in what a unit of cash or room saves on average without a
/// price: the dearer, the smaller.
const OFFERS: [f64; 6] = [0.0, 0.2, 0.5, 0.9, 1.5, 2.5];

/// Halvings of the distance between two prices.
const HALVINGS: usize = 24;

/// Orders of a supplier's items that might be placed.
struct Offer {
    /// In order of its items \[counts\].
    orders: Vec<Units>,
    /// What it saves, beside ordering nothing \[currency\].
    saved: Money,
    /// Cash and room that it takes.
    takes: [f64; 2],
}

impl Programme<'_> {
    /// Orders within cash and room: each supplier has a few offers, the prices of cash and room choose
    /// among them, and what prices leave is used.
    pub(super) fn share(&self, positions: &[Units], plan: &mut Plan) {
        let left = self.site.left(positions);
        let menus = self.menus(positions, &mut plan.orders);
        let (chosen, prices) = priced(&menus, left);
        let chosen = improved(&menus, chosen, left);
        plan.orders.fill(0.0);
        for (((_, items), menu), choice) in self.site.groups().iter().zip(&menus).zip(chosen) {
            if let Some(offer) = choice.map(|choice| &menu[choice]) {
                for (&item, &order) in items.iter().zip(&offer.orders) {
                    plan.orders[item] = order;
                }
            }
        }
        plan.prices = prices;
        self.raise(positions, &mut plan.orders);
    }

    /// The offers of each supplier, and of each item without one; none where nothing pays.
    fn menus(&self, positions: &[Units], orders: &mut [Units]) -> Vec<Vec<Offer>> {
        let limits = [self.site.cash, self.site.space];
        let count = limits.iter().filter(|limit| limit.is_finite()).count() as f64;
        let groups = self.site.groups().iter();
        groups
            .map(|(supplier, items)| {
                let terms = self.site.terms(*supplier);
                let mut menu: Vec<Offer> = Vec::new();
                let mut worth = [0.0; 2];
                for dearness in OFFERS {
                    let shown: Prices = worth.map(|worth| dearness * worth);
                    self.supply(&terms, items, positions, Tariff::shown(shown), orders);
                    let offer = self.offer(terms.order_cost, items, positions, orders);
                    if offer.takes == [0.0; 2] {
                        break;
                    }
                    if dearness == 0.0 {
                        // Half of it is worth the one, half the other, if both are limits.
                        worth = std::array::from_fn(|shared| match offer.takes[shared] {
                            takes if takes > 0.0 && limits[shared].is_finite() => {
                                offer.saved / takes / count
                            }
                            _ => 0.0,
                        });
                    }
                    if menu.last().is_none_or(|last| last.takes != offer.takes) {
                        menu.push(offer);
                    }
                }
                menu
            })
            .collect()
    }

    fn offer(
        &self,
        order_cost: Money,
        items: &[usize],
        positions: &[Units],
        orders: &[Units],
    ) -> Offer {
        let mut offer =
            Offer { orders: Vec::with_capacity(items.len()), saved: -order_cost, takes: [0.0; 2] };
        for &item in items {
            let (own, order, position) = (&self.site.items[item], orders[item], positions[item]);
            offer.orders.push(order);
            if order > 0.0 {
                let curve = &self.curves[item];
                offer.saved += curve.at(position) - curve.at(position + order) - own.order_cost;
                offer.takes[0] += own.unit_cost * order;
                offer.takes[1] += own.room * order;
            }
        }
        offer
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
}

/// The offers that are best at the lowest prices at which they fit, one of the two limits after the
/// other, and these prices.
fn priced(menus: &[Vec<Offer>], left: [f64; 2]) -> (Vec<Option<usize>>, Prices) {
    let mut prices = [0.0; 2];
    for _ in 0..2 {
        for shared in 0..2 {
            let over = |price: Money| {
                let mut all = prices;
                all[shared] = price;
                let chosen = best(menus, all);
                takes(menus, &chosen)[shared] > left[shared]
            };
            if !over(0.0) {
                prices[shared] = 0.0;
                continue;
            }
            let (mut low, mut high) = (0.0, 1e-3);
            while over(high) && high < 1e12 {
                (low, high) = (high, 4.0 * high);
            }
            for _ in 0..HALVINGS {
                let middle = 0.5 * (low + high);
                if over(middle) { low = middle } else { high = middle }
            }
            prices[shared] = high;
        }
    }
    (best(menus, prices), prices)
}

/// The best offer of each supplier at some prices; `None` for no orders.
fn best(menus: &[Vec<Offer>], prices: Prices) -> Vec<Option<usize>> {
    let of = |menu: &Vec<Offer>| {
        let mut best = (0.0, None);
        for (place, offer) in menu.iter().enumerate() {
            let saved = offer.saved - prices[0] * offer.takes[0] - prices[1] * offer.takes[1];
            if saved > best.0 {
                best = (saved, Some(place));
            }
        }
        best.1
    };
    menus.iter().map(of).collect()
}

fn takes(menus: &[Vec<Offer>], chosen: &[Option<usize>]) -> [f64; 2] {
    let offers = menus.iter().zip(chosen).filter_map(|(menu, choice)| Some(&menu[(*choice)?]));
    offers.fold([0.0; 2], |[cash, room], offer| [cash + offer.takes[0], room + offer.takes[1]])
}

/// Offers that fit, from `chosen` on: those that fit least are given up, then whatever still fits and
/// saves more takes the place of what is there, alone or for another that it displaces.
fn improved(
    menus: &[Vec<Offer>],
    mut chosen: Vec<Option<usize>>,
    left: [f64; 2],
) -> Vec<Option<usize>> {
    let of = |group: usize, choice: Option<usize>| match choice {
        Some(place) => (menus[group][place].saved, menus[group][place].takes),
        None => (0.0, [0.0; 2]),
    };
    let mut used = takes(menus, &chosen);
    let fits = |used: [f64; 2]| (0..2).all(|s| used[s] <= left[s] * (1.0 + 1e-12));
    while !fits(used) {
        // What saves least for what it takes beyond the limits.
        let rate = |group: usize| {
            let (saved, takes) = of(group, chosen[group]);
            let over =
                (0..2).filter(|&s| used[s] > left[s]).map(|s| takes[s] / used[s]).sum::<f64>();
            if over > 0.0 { saved / over } else { f64::INFINITY }
        };
        let worst = (0..menus.len()).min_by(|&a, &b| rate(a).total_cmp(&rate(b)));
        let Some(worst) = worst.filter(|&group| chosen[group].is_some()) else { break };
        let (_, takes) = of(worst, chosen[worst]);
        used = [used[0] - takes[0], used[1] - takes[1]];
        chosen[worst] = None;
    }
    // Each step saves more than the last plan, so it ends; sites of many gain little from many.
    for _ in 0..64 {
        let mut found: Option<(f64, usize, Option<usize>, Option<usize>)> = None;
        for group in 0..menus.len() {
            let (saved, takes) = of(group, chosen[group]);
            for place in 0..menus[group].len() {
                let (more, wants) = of(group, Some(place));
                let gain = more - saved;
                if gain <= 1e-9 || found.is_some_and(|best| gain <= best.0) {
                    continue;
                }
                let then = [used[0] - takes[0] + wants[0], used[1] - takes[1] + wants[1]];
                if fits(then) {
                    found = Some((gain, group, Some(place), None));
                    continue;
                }
                for other in (0..menus.len()).filter(|&other| other != group) {
                    let (lost, freed) = of(other, chosen[other]);
                    let gain = gain - lost;
                    let then = [then[0] - freed[0], then[1] - freed[1]];
                    if gain > 1e-9 && found.is_none_or(|best| gain > best.0) && fits(then) {
                        found = Some((gain, group, Some(place), Some(other)));
                    }
                }
            }
        }
        let Some((_, group, choice, displaced)) = found else { break };
        chosen[group] = choice;
        if let Some(other) = displaced {
            chosen[other] = None;
        }
        used = takes(menus, &chosen);
    }
    chosen
}
