//! The cheapest orders of one item at given prices, with a bound that is proved.
//!
//! Kelley's cutting planes (Journal of the SIAM 8 (1960) 703–712). A cut is kept as what it keeps and
//! sells in each period and scenario, which is a bound at any prices: when prices change, its slopes are
//! computed anew, and most of the work is done already.

use super::charged::Charged;
use super::facets::Facets;
use super::problem::View;
use super::recourse::{Charges, cost, cut, simulate};
use super::simplex::{Cuts, Simplex, stride};

/// Cuts of an item, from one set of prices to the next.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool {
    /// Kept (1) or sold (0), by cut, then period, then scenario.
    kept: Vec<u8>,
    slopes: Vec<f64>,
    constants: Vec<f64>,
    /// Prices for which each has had no weight.
    idle: Vec<u32>,
}

/// Working memory of a thread.
#[derive(Clone, Debug, Default)]
pub(super) struct Memory {
    pub(super) charges: Charges,
    pub(super) stock: Vec<f64>,
    pub(super) kept: Vec<u8>,
    pub(super) lanes: Vec<f64>,
    pub(super) simplex: Simplex,
    pub(super) orders: Vec<f64>,
    pub(super) slopes: Vec<f64>,
    /// Where orders have charges of their own: stock, cuts, the cut made last, and the shares paid for.
    pub(super) facets: Facets,
    pub(super) program: Charged,
    pub(super) constant: f64,
    pub(super) paid: Vec<f64>,
}

/// What the cheapest orders cost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Least {
    /// No orders cost less, at these prices.
    pub(super) bound: f64,
    /// What the orders cost.
    pub(super) cost: f64,
}

impl Memory {
    /// Room for an item.
    pub(super) fn size(&mut self, view: View<'_>) {
        self.stock.resize((view.periods + 1) * view.scenarios, 0.0);
        self.kept.resize(view.periods * view.scenarios, 0);
        self.orders.resize(view.orders(), 0.0);
    }

    /// Simulates `orders`.
    pub(super) fn stock_of(&mut self, view: View<'_>) {
        simulate(view, &self.orders, &mut self.stock, &mut self.kept);
    }

    /// What the orders that were simulated last take of the limits: volume by period and scenario, then budget by
    /// period.
    pub(super) fn uses(&self, view: View<'_>) -> impl Iterator<Item = f64> + use<'_> {
        let (volume, cost) = (view.item.volume, view.item.cost);
        let stock = self.stock[view.scenarios..].iter().map(move |stock| volume * stock);
        stock.chain(self.orders.iter().map(move |order| cost * order))
    }

    /// Simulates `orders`, and says what stock and losses cost at the charges on stock.
    pub(super) fn value(&mut self, view: View<'_>) -> f64 {
        simulate(view, &self.orders, &mut self.stock, &mut self.kept);
        cost(view, &self.orders, &self.stock, &self.charges.stock, &mut self.lanes)
    }
}

/// Whether a cut has had weight lately, by the prices for which it has had none.
pub(super) fn is_busy(idle: u32) -> bool {
    idle <= 2
}

/// Keeps of a table, `width` a cut, what belongs to cuts that have had weight lately.
pub(super) fn keep_busy<T: Copy>(table: &mut Vec<T>, width: usize, idle: &[u32]) {
    let mut left = 0;
    for (place, _) in idle.iter().enumerate().filter(|(_, idle)| is_busy(**idle)) {
        table.copy_within(place * width..(place + 1) * width, left * width);
        left += 1;
    }
    table.truncate(left * width);
}

impl Pool {
    /// Computes all cuts anew, at the charges in memory.
    fn reprice(&mut self, view: View<'_>, memory: &mut Memory) {
        let (cells, stride) = (view.periods * view.scenarios, stride(view.orders()));
        for (place, constant) in self.constants.iter_mut().enumerate() {
            let kept = &self.kept[place * cells..(place + 1) * cells];
            let slopes = &mut self.slopes[place * stride..(place + 1) * stride];
            *constant = cut(view, kept, &memory.charges.stock, slopes, &mut memory.lanes);
        }
    }

    /// Adds the cut at what was simulated last.
    fn add(&mut self, view: View<'_>, memory: &mut Memory) {
        let (stride, place) = (stride(view.orders()), self.constants.len());
        self.kept.extend_from_slice(&memory.kept);
        self.slopes.resize((place + 1) * stride, 0.0);
        self.slopes[place * stride + view.orders()] = 1.0;
        let slopes = &mut self.slopes[place * stride..];
        let charges = &memory.charges.stock;
        self.constants.push(cut(view, &memory.kept, charges, slopes, &mut memory.lanes));
        self.idle.push(0);
    }

    /// Counts one more set of prices.
    fn age(&mut self) {
        for idle in &mut self.idle {
            *idle += 1;
        }
    }

    /// Notes which cuts have weight.
    fn mark(&mut self, simplex: &Simplex) {
        for (cut, _) in simplex.weights() {
            self.idle[cut] = 0;
        }
    }

    /// Forgets cuts that have had no weight for long.
    fn forget(&mut self, view: View<'_>) {
        let (cells, stride) = (view.periods * view.scenarios, stride(view.orders()));
        let idle = &self.idle;
        keep_busy(&mut self.kept, cells, idle);
        keep_busy(&mut self.slopes, stride, idle);
        keep_busy(&mut self.constants, 1, idle);
        self.idle.retain(|idle| is_busy(*idle));
    }

    /// Brings the cuts to the charges in memory; there is one at least.
    fn begin(&mut self, view: View<'_>, memory: &mut Memory) {
        if self.constants.is_empty() {
            memory.orders.fill(0.0);
            memory.value(view);
            self.add(view, memory);
        } else {
            self.reprice(view, memory);
        }
    }

    /// The program of the cuts.
    fn cuts<'a>(&'a self, costs: &'a [f64], most: &'a [f64]) -> Cuts<'a> {
        Cuts { slopes: &self.slopes, constants: &self.constants, costs, most }
    }

    /// The cheapest orders, left in memory with their simulation, to within `tolerance` of the bound.
    ///
    /// Charges are those in memory.
    pub(super) fn minimize(
        &mut self,
        view: View<'_>,
        most: &[f64],
        tolerance: f64,
        memory: &mut Memory,
    ) -> Least {
        /// Cuts at most: rounding might keep the bound from closing in.
        const MOST_CUTS: usize = 200;
        memory.size(view);
        self.begin(view, memory);
        let costs = std::mem::take(&mut memory.charges.order);
        let mut simplex = std::mem::take(&mut memory.simplex);
        let mut best = vec![0.0; view.orders()];
        let mut least = Least { bound: f64::NEG_INFINITY, cost: f64::INFINITY };
        simplex.start(self.cuts(&costs, most));
        for step in 0..MOST_CUTS {
            simplex.improve(self.cuts(&costs, most), 0.1 * tolerance);
            let bound = simplex.bound(self.cuts(&costs, most), &mut memory.slopes);
            least.bound = least.bound.max(bound);
            simplex.orders(most, &mut memory.orders);
            let ordering = |orders: &[f64]| -> f64 {
                orders.iter().zip(&costs).map(|(order, cost)| order * cost).sum()
            };
            let total = memory.value(view) + ordering(&memory.orders);
            let better = total < least.cost;
            if better {
                least.cost = total;
                best.copy_from_slice(&memory.orders);
            }
            if least.cost - least.bound <= tolerance || step + 1 == MOST_CUTS {
                if !better {
                    memory.orders.copy_from_slice(&best);
                    memory.value(view);
                }
                break;
            }
            self.add(view, memory);
        }
        self.age();
        self.mark(&simplex);
        self.forget(view);
        memory.simplex = simplex;
        memory.charges.order = costs;
        least
    }
}
