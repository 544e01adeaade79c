//! One pass over all items, by the team: at prices, or with given orders.

use std::convert::Infallible;
use std::sync::{Mutex, PoisonError};

use cluster::{Sums, Table, Team};

use super::charged::Settled;
use super::item::{Memory, Pool};
use super::problem::{PlanError, Replenishment, View};
use super::set_ups;
use super::store::Store;

/// Items of a row of the team's table: what they use is summed in their order, so that the bits do not
/// depend on the team.
const CHUNK: usize = 16;

/// Passes over the items of a problem.
pub(super) struct Passes<'a> {
    pub(super) problem: &'a Replenishment,
    team: &'a Team,
    /// Largest orders, by item, then period.
    pub(super) most: Vec<f64>,
    /// What an item's bound may be off, as a share of what its demand costs.
    pub(super) tolerance: f64,
    /// What an order's own charge comes to in the items' problems.
    pub(super) set_ups: SetUps,
    /// Nodes of an item's search at most.
    pub(super) nodes: usize,
    /// What is settled of orders with charges of their own, by item, then period; empty if nothing is.
    pub(super) settled: Vec<Settled>,
    pools: Vec<Mutex<Vec<Pools>>>,
}

/// Cuts of an item, of either kind.
#[derive(Clone, Default)]
struct Pools {
    plain: Pool,
    charged: Store,
}

/// How orders pay their own charge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetUps {
    /// Not at all.
    Ignored,
    /// In part, as far as the items' cuts allow.
    Partly,
    /// In full.
    Whole,
}

/// What all items come to at prices.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    /// Sum of the items' bounds, at the prices.
    pub(super) bound: f64,
    /// What the orders cost, at the prices.
    pub(super) cost: f64,
    /// What the orders take of the limits: volume by period and scenario, then budget by period.
    pub(super) uses: Vec<f64>,
    /// Orders, by item, then period; and the same of the shares that are paid for, unless set-ups are ignored.
    pub(super) orders: Vec<f64>,
}

/// What orders come to.
#[derive(Clone, Debug)]
pub(super) struct Valued {
    /// Their cost.
    pub(super) cost: f64,
    /// What they take of the limits, as above.
    pub(super) uses: Vec<f64>,
}

impl<'a> Passes<'a> {
    pub(super) fn new(problem: &'a Replenishment, team: &'a Team, tolerance: f64) -> Passes<'a> {
        let items = problem.items.len();
        let most = (0..items).flat_map(|item| problem.most(item)).collect();
        let pools = (0..items.div_ceil(CHUNK)).map(|chunk| {
            let size = CHUNK.min(items - chunk * CHUNK);
            Mutex::new(vec![Pools::default(); size])
        });
        let (pools, settled) = (pools.collect(), Vec::new());
        let set_ups = SetUps::Ignored;
        Passes { problem, team, most, tolerance, set_ups, nodes: 0, settled, pools }
    }

    /// Number of limits: volumes by period and scenario, and budgets by period.
    pub(super) fn limits(&self) -> usize {
        self.problem.periods * (self.problem.scenarios + 1)
    }

    /// The cheapest orders of every item at prices of all limits.
    pub(super) fn price(&self, prices: &[f64]) -> Result<Priced, PlanError> {
        let (problem, limits) = (self.problem, self.limits());
        let (volume, budget) = prices.split_at(problem.periods * problem.scenarios);
        let tables = if self.set_ups == SetUps::Ignored { 1 } else { 2 };
        let table = CHUNK * problem.periods;
        // Items are minimized from the cuts of the pass before.
        let shape =
            Table::new(self.pools.len(), tables * table).with_sums(limits + 2).remembering();
        let work = |row: usize, cells: &mut [f64], sums: &mut Sums, memory: &mut Room| {
            let mut pools = self.pools[row].lock().unwrap_or_else(PoisonError::into_inner);
            memory.clear(limits + 2);
            for (pool, item) in pools.iter_mut().zip(row * CHUNK..) {
                let view = problem.view(item);
                let item_memory = &mut memory.item;
                item_memory.charges.set(view, volume, budget);
                let most = &self.most[item * problem.periods..][..view.orders()];
                let worth = if view.item.cost > 0.0 { view.item.cost } else { view.item.lost };
                let demand = view.demand.iter().sum::<f64>() / view.scenarios as f64;
                let tolerance = self.tolerance * worth * demand.max(1.0);
                let least = match self.set_ups {
                    SetUps::Ignored => pool.plain.minimize(view, most, tolerance, item_memory),
                    set_ups => {
                        let settled = self.settled.get(item * problem.periods..).unwrap_or(&[]);
                        let partly = set_ups == SetUps::Partly;
                        let nodes = self.nodes;
                        let effort = set_ups::Effort { tolerance, nodes, partly, settled };
                        set_ups::minimize(&mut pool.charged, view, most, effort, item_memory)
                    }
                };
                memory.sums[limits] += least.bound;
                memory.sums[limits + 1] += least.cost;
                memory.use_limits(view);
                let place = (item - row * CHUNK) * problem.periods;
                cells[place..place + view.orders()].copy_from_slice(&memory.item.orders);
                if tables == 2 {
                    let paid = &mut cells[table + place..][..view.orders()];
                    paid.copy_from_slice(&memory.item.paid);
                }
            }
            memory.tell(sums);
            Ok::<(), Infallible>(())
        };
        let (cells, sums) = self.team.rows_and_sums(shape, Room::default, work)?;
        let of = |kind: usize| {
            let rows = cells.chunks_exact(tables * table);
            let own = rows.flat_map(move |row| &row[kind * table..(kind + 1) * table]);
            own.take(problem.items.len() * problem.periods)
        };
        let orders = (0..tables).flat_map(of).copied().collect();
        let mut uses = sums.values();
        let cost = uses.pop().unwrap_or(0.0);
        let bound = uses.pop().unwrap_or(0.0);
        Ok(Priced { bound, cost, uses, orders })
    }

    /// What given orders cost, and take of the limits.
    pub(super) fn value(&self, orders: &[f64]) -> Result<Valued, PlanError> {
        let (problem, limits) = (self.problem, self.limits());
        let free = vec![0.0; limits];
        let (volume, budget) = free.split_at(problem.periods * problem.scenarios);
        let shape = Table::new(self.pools.len(), 1).with_sums(limits + 1);
        let work = |row: usize, _: &mut [f64], sums: &mut Sums, memory: &mut Room| {
            memory.clear(limits + 1);
            for item in row * CHUNK..(row * CHUNK + CHUNK).min(problem.items.len()) {
                let view = problem.view(item);
                let own = &mut memory.item;
                own.charges.set(view, volume, budget);
                own.size(view);
                own.orders.copy_from_slice(&orders[item * problem.periods..][..view.orders()]);
                let ordering = own.orders.iter().map(|order| {
                    let set_up = if *order > 0.0 { view.item.set_up } else { 0.0 };
                    set_up + view.item.cost * order
                });
                let ordering: f64 = ordering.sum();
                memory.sums[limits] += ordering + own.value(view);
                memory.use_limits(view);
            }
            memory.tell(sums);
            Ok::<(), Infallible>(())
        };
        let (_, sums) = self.team.rows_and_sums::<f64, _, _>(shape, Room::default, work)?;
        let mut uses = sums.values();
        let cost = uses.pop().unwrap_or(0.0);
        Ok(Valued { cost, uses })
    }
}

/// Working memory of a thread.
#[derive(Default)]
struct Room {
    item: Memory,
    sums: Vec<f64>,
}

impl Room {
    fn clear(&mut self, sums: usize) {
        self.sums.clear();
        self.sums.resize(sums, 0.0);
    }

    /// Adds what the item that was simulated last takes of the limits.
    fn use_limits(&mut self, view: View<'_>) {
        for (sum, used) in self.sums.iter_mut().zip(self.item.uses(view)) {
            *sum += used;
        }
    }

    fn tell(&self, sums: &mut Sums) {
        for (place, value) in self.sums.iter().enumerate() {
            sums.add(place, *value);
        }
    }
}
