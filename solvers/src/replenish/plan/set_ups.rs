//! The cheapest orders of one item when each has a charge of its own.
//!
//! Branch and bound over the periods with an order (Land & Doig, Econometrica 28 (1960) 497–520): a period
//! without one is banned, one with an order pays for it, and in between an order pays in proportion to
//! the largest. What stock and losses cost is bounded by the item's cuts, which hold whatever
//! periods are banned, so that all nodes and all prices share them.

use super::item::{Least, Memory, Pool};
use super::problem::View;
use super::simplex::Simplex;

/// Periods that can be branched on.
const MOST_PERIODS: usize = 128;

/// Orders below this share of the largest are none.
const NONE: f64 = 1e-9;

#[derive(Clone, Copy)]
struct Node {
    bound: f64,
    paid: u128,
    banned: u128,
    /// The period to branch on.
    branch: u32,
}

struct Search<'a, 'b> {
    pool: &'a mut Pool,
    view: View<'b>,
    most: &'a [f64],
    costs: Vec<f64>,
    tolerance: f64,
    memory: &'a mut Memory,
    simplex: Simplex,
    node_costs: Vec<f64>,
    node_most: Vec<f64>,
    best: Vec<f64>,
    cost: f64,
}

/// The cheapest orders at the charges in memory, left there with their simulation.
pub(super) fn minimize(
    pool: &mut Pool,
    view: View<'_>,
    most: &[f64],
    (tolerance, nodes): (f64, usize),
    memory: &mut Memory,
) -> Least {
    memory.size(view);
    pool.begin(view, memory);
    pool.age();
    let costs = std::mem::take(&mut memory.charges.order);
    let simplex = std::mem::take(&mut memory.simplex);
    let orders = view.orders();
    let mut search = Search {
        pool,
        view,
        most,
        costs,
        tolerance,
        memory,
        simplex,
        node_costs: Vec::new(),
        node_most: Vec::new(),
        best: vec![0.0; orders],
        cost: f64::INFINITY,
    };
    let bound = search.run(nodes);
    let Search { costs, simplex, best, cost, .. } = search;
    memory.orders.copy_from_slice(&best);
    memory.value(view);
    memory.charges.order = costs;
    memory.simplex = simplex;
    pool.ordering = (0..orders.min(MOST_PERIODS))
        .filter(|order| best[*order] > 0.0)
        .fold(0, |mask, order| mask | 1 << order);
    pool.forget(view);
    Least { bound, cost }
}

impl Search<'_, '_> {
    /// Searches; the bound that is proved.
    fn run(&mut self, nodes: usize) -> f64 {
        let orders = self.view.orders();
        let all = if orders >= MOST_PERIODS { u128::MAX } else { (1 << orders) - 1 };
        // The periods of the last plan first: what is cheap stays cheap when prices change little.
        if self.pool.ordering != 0 {
            let ordering = self.pool.ordering;
            self.solve(ordering, all & !ordering);
        }
        let Some(root) = self.solve(0, 0) else { return self.cost };
        if self.cost.is_finite() {
            let ordering = self.support();
            self.solve(ordering, all & !ordering);
        }
        let mut open = vec![root];
        let mut closed = f64::INFINITY;
        for _ in 0..nodes {
            let lowest = (0..open.len()).min_by(|a, b| open[*a].bound.total_cmp(&open[*b].bound));
            let Some(lowest) = lowest else { break };
            if open[lowest].bound >= self.cost - self.tolerance {
                break;
            }
            let node = open.swap_remove(lowest);
            if node.branch as usize >= MOST_PERIODS {
                closed = closed.min(node.bound);
                continue;
            }
            let bit = 1 << node.branch;
            for (paid, banned) in [(node.paid | bit, node.banned), (node.paid, node.banned | bit)] {
                if let Some(mut child) = self.solve(paid, banned) {
                    child.bound = child.bound.max(node.bound);
                    // What is solved exactly needs no branch, and is counted where it is.
                    if child.branch == u32::MAX {
                        closed = closed.min(child.bound);
                    } else {
                        open.push(child);
                    }
                } else {
                    closed = closed.min(self.cost - self.tolerance);
                }
            }
        }
        let lowest = open.iter().map(|node| node.bound).fold(closed, f64::min);
        lowest.min(self.cost)
    }

    /// Periods with an order in the best plan.
    fn support(&self) -> u128 {
        let orders = self.best.len().min(MOST_PERIODS);
        (0..orders).filter(|at| self.best[*at] > 0.0).fold(0, |mask, at| mask | 1 << at)
    }

    /// Solves a node; none if it cannot be better than the best plan by more than the tolerance.
    fn solve(&mut self, paid: u128, banned: u128) -> Option<Node> {
        /// Cuts that the root and any other node may add.
        const CUTS: [usize; 2] = [40, 4];
        let set_up = self.view.item.set_up;
        let is = |mask: u128, order: usize| order < MOST_PERIODS && mask >> order & 1 == 1;
        self.node_costs.clear();
        self.node_most.clear();
        for (order, (cost, most)) in self.costs.iter().zip(self.most).enumerate() {
            let share = if is(paid, order) || *most <= 0.0 { 0.0 } else { set_up / most };
            self.node_costs.push(cost + share);
            self.node_most.push(if is(banned, order) { 0.0 } else { *most });
        }
        let fixed = set_up * f64::from(paid.count_ones());
        let mut bound = f64::NEG_INFINITY;
        self.simplex.start(self.pool.cuts(&self.node_costs, &self.node_most));
        for _ in 0..CUTS[usize::from(paid | banned != 0)] {
            let cuts = self.pool.cuts(&self.node_costs, &self.node_most);
            self.simplex.improve(cuts, 0.1 * self.tolerance);
            bound = bound.max(fixed + self.simplex.bound(cuts, &mut self.memory.slopes));
            if bound >= self.cost - self.tolerance {
                self.pool.mark(&self.simplex);
                return None;
            }
            self.simplex.orders(&self.node_most, &mut self.memory.orders);
            for (order, most) in self.memory.orders.iter_mut().zip(self.most) {
                *order = if *order <= NONE * most { 0.0 } else { *order };
            }
            let value = self.memory.value(self.view);
            let orders = self.memory.orders.iter();
            let relaxed: f64 = orders.clone().zip(&self.node_costs).map(|(x, c)| x * c).sum();
            let placed = orders.clone().filter(|order| **order > 0.0).count();
            let plain: f64 = orders.zip(&self.costs).map(|(x, c)| x * c).sum();
            let cost = value + plain + set_up * placed as f64;
            if cost < self.cost {
                self.cost = cost;
                self.best.copy_from_slice(&self.memory.orders);
            }
            if value + relaxed + fixed - bound <= 0.3 * self.tolerance {
                break;
            }
            self.pool.add(self.view, self.memory);
        }
        self.pool.mark(&self.simplex);
        let mut branch = (u32::MAX, 1e-6);
        for (order, units) in self.memory.orders.iter().enumerate().take(MOST_PERIODS) {
            if *units > 0.0 && !is(paid, order) {
                let unpaid = 1.0 - units / self.most[order];
                // The charge that is missing, and how much hangs on the answer.
                let score = unpaid * (units / self.most[order]).max(0.05);
                if score > branch.1 {
                    branch = (order as u32, score);
                }
            }
        }
        Some(Node { bound, paid, banned, branch: branch.0 })
    }
}
