//! The cheapest orders of one item when each has a charge of its own.
//!
//! What stock and losses cost is bounded by the item's cuts in orders and set-ups ([`super::facets`]), in which a
//! set-up may be paid in part: little is lost by that. What is left is searched by branch and bound over the
//! periods with an order (Land & Doig, Econometrica 28 (1960) 497–520). Cuts hold whatever periods are
//! settled and whatever the prices, so that all nodes and all passes share them.

use super::charged::{Charged, Settled};
use super::item::{Least, Memory};
use super::problem::View;
use super::store::Store;

/// What an item's search may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort<'a> {
    /// What the bound may be off \[currency\].
    pub(super) tolerance: f64,
    /// Nodes at most.
    pub(super) nodes: usize,
    /// Whether set-ups may stay paid in part.
    pub(super) partly: bool,
    /// What is settled of each order; empty if nothing is.
    pub(super) settled: &'a [Settled],
}

/// A part of the search.
struct Node {
    bound: f64,
    settled: Vec<Settled>,
    /// The order to branch on, unless nothing is left to settle.
    branch: Option<usize>,
}

/// What a part of the search comes to.
struct Solved {
    bound: f64,
    /// What the best point costs, and the point.
    cost: f64,
    units: Vec<f64>,
    paid: Vec<f64>,
}

impl Solved {
    /// Takes a point if it is the cheapest so far.
    fn offer(&mut self, cost: f64, units: &[f64], paid: &[f64]) {
        if cost < self.cost {
            self.cost = cost;
            self.units.copy_from_slice(units);
            self.paid.copy_from_slice(paid);
        }
    }
}

struct Search<'a, 'b> {
    store: &'a mut Store,
    view: View<'b>,
    most: Vec<f64>,
    costs: Vec<f64>,
    tolerance: f64,
    memory: &'a mut Memory,
    program: Charged,
    /// The best plan, in which every order is paid for in full.
    best: Vec<f64>,
    cost: f64,
}

/// The cheapest orders at the charges in memory, left there with their stock and the shares that are paid for.
pub(super) fn minimize(
    store: &mut Store,
    view: View<'_>,
    most: &[f64],
    effort: Effort<'_>,
    memory: &mut Memory,
) -> Least {
    memory.size(view);
    if most.is_empty() {
        memory.paid.clear();
        let cost = memory.value(view);
        return Least { bound: cost, cost };
    }
    let mut most = most.to_vec();
    memory.facets.set(view, &memory.charges.stock);
    memory.facets.tighten(view, &mut most);
    store.reprice(view, &mut memory.facets, &memory.charges.stock);
    let costs = std::mem::take(&mut memory.charges.order);
    let program = std::mem::take(&mut memory.program);
    let (tolerance, orders) = (effort.tolerance, view.orders());
    let (best, cost) = (vec![0.0; orders], f64::INFINITY);
    let mut search = Search { store, view, most, costs, tolerance, memory, program, best, cost };
    let root = search.root(effort.settled);
    let (least, units, paid) = if effort.partly {
        let solved = search.solve(&root, ROOT_CUTS, f64::INFINITY);
        (Least { bound: solved.bound, cost: solved.cost }, solved.units, solved.paid)
    } else {
        let bound = search.run(root, effort.nodes);
        let best = std::mem::take(&mut search.best);
        let paid = best.iter().map(|units| if *units > 0.0 { 1.0 } else { 0.0 }).collect();
        (Least { bound, cost: search.cost }, best, paid)
    };
    let Search { costs, program, .. } = search;
    memory.facets.simulate(view, &units, &paid);
    memory.facets.total_stock(view, &mut memory.stock);
    memory.orders.copy_from_slice(&units);
    memory.paid.clear();
    memory.paid.extend_from_slice(&paid);
    memory.charges.order = costs;
    memory.program = program;
    store.forget(view);
    least
}

/// Cuts that the root may add.
const ROOT_CUTS: usize = 400;

impl Search<'_, '_> {
    /// What is settled before the search.
    fn root(&self, settled: &[Settled]) -> Vec<Settled> {
        let free = self.view.item.set_up <= 0.0;
        let of = |(order, most): (usize, &f64)| match settled.get(order) {
            _ if *most <= 0.0 => Settled::Banned,
            Some(Settled::Open) | None if free => Settled::Placed,
            Some(settled) => *settled,
            None => Settled::Open,
        };
        self.most.iter().enumerate().map(of).collect()
    }

    /// Searches; the bound that is proved.
    fn run(&mut self, root: Vec<Settled>, nodes: usize) -> f64 {
        /// Cuts that a plan and any node but the root may add.
        const PLAN_CUTS: usize = 20;
        const NODE_CUTS: usize = 6;
        let settle = |ordering: &dyn Fn(usize) -> bool| -> Vec<Settled> {
            let settled = root.iter().enumerate().map(|(order, settled)| match settled {
                Settled::Open if ordering(order) => Settled::Placed,
                Settled::Open => Settled::Banned,
                settled => *settled,
            });
            settled.collect()
        };
        let solved = self.solve(&root, ROOT_CUTS, f64::INFINITY);
        let rounded = settle(&|order| solved.paid[order] >= 0.5);
        self.solve(&rounded, PLAN_CUTS, f64::INFINITY);
        if self.store.ordering.len() == root.len() {
            let last = settle(&|order| self.store.ordering[order]);
            if last != rounded && solved.bound < self.cost - self.tolerance {
                self.solve(&last, PLAN_CUTS, self.cost - self.tolerance);
            }
        }
        let branch = undecided(&root, &solved.paid);
        let mut closed = f64::INFINITY;
        let mut open = vec![Node { bound: solved.bound, settled: root, branch }];
        for _ in 0..nodes {
            let lowest = (0..open.len()).min_by(|a, b| open[*a].bound.total_cmp(&open[*b].bound));
            let Some(lowest) = lowest else { break };
            if open[lowest].bound >= self.cost - self.tolerance {
                break;
            }
            let node = open.swap_remove(lowest);
            let Some(order) = node.branch else {
                closed = closed.min(node.bound);
                continue;
            };
            for decision in [Settled::Placed, Settled::Banned] {
                let mut settled = node.settled.clone();
                settled[order] = decision;
                let solved = self.solve(&settled, NODE_CUTS, self.cost - self.tolerance);
                let branch = undecided(&settled, &solved.paid);
                open.push(Node { bound: solved.bound.max(node.bound), settled, branch });
            }
        }
        let lowest = open.iter().map(|node| node.bound).fold(closed, f64::min);
        self.store.ordering.clear();
        self.store.ordering.extend(self.best.iter().map(|units| *units > 0.0));
        lowest.min(self.cost)
    }

    /// Solves what is left open, to within the tolerance or until the bound is at the `cutoff`.
    fn solve(&mut self, settled: &[Settled], most_cuts: usize, cutoff: f64) -> Solved {
        /// Prices for which a cut may have had no weight that is looked at first.
        const RECENT: u32 = 1;
        /// How far to go from the best point to the cheapest by the cuts, while that raises the bound: cuts in
        /// between say more (Ben-Ameur & Neto, Networks 49 (2007) 3–17).
        const FAR: f64 = 0.5;
        /// The first cuts: orders that cover up to so many periods.
        const COVERS: usize = 3;
        let (orders, set_up) = (self.view.orders(), self.view.item.set_up);
        let both = 2 * orders;
        let placed = settled.iter().filter(|settled| **settled == Settled::Placed).count();
        let fixed = set_up * placed as f64;
        self.program.open(settled, &self.costs, &self.most, set_up);
        for (slopes, constant) in self.store.slopes.chunks_exact(both).zip(&self.store.constants) {
            self.program.add(slopes, *constant);
        }
        for (cut, idle) in self.store.idle.iter().enumerate() {
            if *idle <= RECENT {
                self.program.heat(cut);
            }
        }
        let (mut units, mut paid) = (vec![0.0; orders], vec![0.0; orders]);
        let (bound, cost) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut solved = Solved { bound, cost, units: units.clone(), paid: paid.clone() };
        if self.store.constants.is_empty() {
            for cover in 1..=COVERS {
                self.cover(settled, cover, &mut units, &mut paid);
                solved.offer(self.evaluate(&units, &paid), &units, &paid);
                self.keep(&units, &paid);
            }
        }
        self.program.start();
        let (mut far, mut before) = (1.0, f64::NEG_INFINITY);
        for step in 0..most_cuts {
            self.program.improve(0.1 * self.tolerance);
            solved.bound = solved.bound.max(fixed + self.program.bound());
            if solved.bound >= cutoff {
                break;
            }
            self.program.point(&mut units, &mut paid);
            if solved.cost.is_finite() && far < 1.0 {
                mix(&mut units, &solved.units, far);
                mix(&mut paid, &solved.paid, far);
            }
            far = if solved.bound > before { FAR } else { 1.0 };
            before = solved.bound;
            solved.offer(self.evaluate(&units, &paid), &units, &paid);
            if solved.cost - solved.bound <= self.tolerance || step + 1 == most_cuts {
                break;
            }
            self.keep(&units, &paid);
        }
        for (cut, _) in self.program.weights() {
            self.store.idle[cut] = 0;
        }
        solved
    }

    /// Every open order covers the demand of so many periods, amply, and is paid for in such a share.
    fn cover(&self, settled: &[Settled], periods: usize, units: &mut [f64], paid: &mut [f64]) {
        /// Cover, as a multiple of the mean demand.
        const AMPLE: f64 = 1.2;
        let (width, lead_time) = (self.view.scenarios, self.view.item.lead_time);
        for (order, settled) in settled.iter().enumerate() {
            paid[order] = match settled {
                Settled::Open => 1.0 / periods as f64,
                Settled::Placed => 1.0,
                Settled::Banned => 0.0,
            };
            let first = order + lead_time;
            let span = first * width..(first + periods).min(self.view.periods) * width;
            let demand = self.memory.facets.demand[span].iter().sum::<f64>() / width as f64;
            units[order] = paid[order] * (AMPLE * demand).min(self.most[order]);
        }
    }

    /// What a point costs, with its cut left in memory.
    fn evaluate(&mut self, units: &[f64], paid: &[f64]) -> f64 {
        let (view, memory) = (self.view, &mut *self.memory);
        memory.facets.simulate(view, units, paid);
        let choices = std::mem::take(&mut memory.facets.choices);
        memory.slopes.resize(2 * units.len(), 0.0);
        let charges = &memory.charges.stock;
        let point = (choices.as_slice(), units, paid);
        memory.constant = memory.facets.cut(view, point, charges, &mut memory.slopes);
        memory.facets.choices = choices;
        let (set_up, orders) = (view.item.set_up, units.len());
        let (slopes, savings) = memory.slopes.split_at(orders);
        let (mut cost, mut whole, mut idle) = (memory.constant, true, 0.0);
        for order in 0..orders {
            let (units, paid) = (units[order], paid[order]);
            cost += (slopes[order] + self.costs[order]) * units;
            cost += (savings[order] + set_up) * paid;
            whole &= units == 0.0 || paid >= 1.0;
            // Nobody pays for an order of nothing.
            idle += if units == 0.0 { (savings[order] + set_up) * paid } else { 0.0 };
        }
        if whole && cost - idle < self.cost {
            self.cost = cost - idle;
            self.best.copy_from_slice(units);
        }
        cost
    }

    /// Keeps the cut in memory, in the store and in the program.
    fn keep(&mut self, units: &[f64], paid: &[f64]) {
        let memory = &self.memory;
        let cut = (memory.slopes.as_slice(), memory.constant);
        self.store.push(&memory.facets.choices, (units, paid), cut);
        self.program.add(cut.0, cut.1);
        self.program.heat(self.store.idle.len() - 1);
    }
}

/// Goes `far` from `best`.
fn mix(numbers: &mut [f64], best: &[f64], far: f64) {
    for (number, best) in numbers.iter_mut().zip(best) {
        *number = far * *number + (1.0 - far) * best;
    }
}

/// The order whose set-up is paid for by half, or nearly.
fn undecided(settled: &[Settled], paid: &[f64]) -> Option<usize> {
    /// Shares as near to 0 or 1 are whole.
    const WHOLE: f64 = 1e-6;
    let open = (0..settled.len()).filter(|order| settled[*order] == Settled::Open);
    let off = |order: usize| paid[order].min(1.0 - paid[order]);
    let partly = open.filter(|order| off(*order) > WHOLE);
    partly.max_by(|a, b| off(*a).total_cmp(&off(*b)))
}
