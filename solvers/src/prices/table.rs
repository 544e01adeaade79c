//! Candidates of all items as one table, and passes over it.

use engine::Money;

/// Candidates of all items: what each costs, and what it takes of each limit.
#[derive(Clone, Debug, Default)]
pub struct Table {
    limits: usize,
    /// Where each item's candidates start, and one more.
    pub(super) starts: Vec<usize>,
    /// Item by item: costs of its candidates, then what they take of the first limit, and so on.
    cells: Vec<f64>,
}

impl Table {
    /// An empty table of items under so many limits.
    pub fn new(limits: usize) -> Table {
        Table { limits, starts: vec![0], cells: Vec::new() }
    }

    /// Adds an item by the costs of its candidates, and what they take of each limit.
    ///
    /// # Panics
    ///
    /// If there is no candidate.
    pub fn push(&mut self, costs: &[Money], uses: impl Fn(usize, usize) -> f64) {
        assert!(!costs.is_empty(), "an item has a candidate");
        self.cells.extend_from_slice(costs);
        for limit in 0..self.limits {
            self.cells.extend((0..costs.len()).map(|candidate| uses(candidate, limit)));
        }
        self.starts.push(self.starts[self.starts.len() - 1] + costs.len());
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.starts.len() - 1
    }

    /// Costs of an item's candidates, then what they take of each limit.
    pub(super) fn item(&self, item: usize) -> (&[f64], &[f64]) {
        let [from, to] = [self.starts[item], self.starts[item + 1]];
        let width = self.limits + 1;
        self.cells[from * width..to * width].split_at(to - from)
    }

    pub(super) fn cost(&self, item: usize, candidate: usize) -> f64 {
        self.item(item).0[candidate]
    }

    pub(super) fn takes(&self, item: usize, candidate: usize, limit: usize) -> f64 {
        let (costs, uses) = self.item(item);
        uses[limit * costs.len() + candidate]
    }

    /// What each candidate of an item costs at `prices`, into `values`.
    pub(super) fn values(&self, item: usize, prices: &[f64], values: &mut Vec<f64>) {
        let (costs, uses) = self.item(item);
        values.clear();
        values.extend_from_slice(costs);
        for (price, uses) in prices.iter().zip(uses.chunks_exact(costs.len())) {
            for (value, take) in values.iter_mut().zip(uses) {
                *value += price * take;
            }
        }
    }

    /// One pass: the cheapest candidate of each item at `prices`, and their totals.
    pub(super) fn pass(&self, prices: &[f64], chosen: &mut Vec<usize>) -> Totals {
        let mut totals = Totals { cost: 0.0, uses: vec![0.0; self.limits] };
        let mut values = Vec::new();
        chosen.clear();
        for item in 0..self.items() {
            self.values(item, prices, &mut values);
            let least = least(&values);
            chosen.push(least);
            totals.cost += self.cost(item, least);
            for (limit, used) in totals.uses.iter_mut().enumerate() {
                *used += self.takes(item, least, limit);
            }
        }
        totals
    }

    /// Every `step`-th item.
    pub(super) fn sample(&self, step: usize) -> Table {
        let mut table = Table::new(self.limits);
        for item in (0..self.items()).step_by(step) {
            let (costs, uses) = self.item(item);
            table.push(costs, |candidate, limit| uses[limit * costs.len() + candidate]);
        }
        table
    }

    /// The candidates that may be the cheapest at some prices between `low` and `high`, and which they are.
    ///
    /// One is left out if that which is the cheapest in the middle is cheaper at every corner.
    pub(super) fn near(&self, low: &[f64], high: &[f64]) -> (Table, Vec<u32>) {
        let middle: Vec<f64> = low.iter().zip(high).map(|(l, h)| 0.5 * (l + h)).collect();
        let (mut table, mut places) = (Table::new(self.limits), Vec::new());
        let (mut values, mut kept, mut costs) = (Vec::new(), Vec::new(), Vec::new());
        for item in 0..self.items() {
            self.values(item, &middle, &mut values);
            let best = least(&values);
            let (all, uses) = self.item(item);
            let count = all.len();
            // How much less than the best in the middle each can cost at a corner.
            for (candidate, value) in values.iter_mut().enumerate() {
                *value = all[candidate] - all[best];
            }
            for ((low, high), uses) in low.iter().zip(high).zip(uses.chunks_exact(count)) {
                let own = uses[best];
                for (value, take) in values.iter_mut().zip(uses) {
                    let more = take - own;
                    *value += if more > 0.0 { low * more } else { high * more };
                }
            }
            kept.clear();
            kept.extend((0..count).filter(|&candidate| values[candidate] <= 0.0));
            costs.clear();
            costs.extend(kept.iter().map(|&candidate| all[candidate]));
            table.push(&costs, |place, limit| uses[limit * count + kept[place]]);
            places.extend(kept.iter().map(|&candidate| candidate as u32));
        }
        (table, places)
    }
}

/// Place of the least value, the first of several.
fn least(values: &[f64]) -> usize {
    // The minimum first, without a branch a value; then where it stands.
    let least = values
        .iter()
        .fold(f64::INFINITY, |least, value| if *value < least { *value } else { least });
    values.iter().position(|value| *value <= least).unwrap_or(0)
}

/// What a plan costs, and takes of each limit.
#[derive(Clone, Debug)]
pub(super) struct Totals {
    pub(super) cost: f64,
    pub(super) uses: Vec<f64>,
}

impl Totals {
    /// Lagrange's bound at the prices that the plan is the cheapest at.
    pub(super) fn bound(&self, prices: &[f64], limits: &[f64]) -> f64 {
        let over = prices.iter().zip(&self.uses).zip(limits);
        self.cost + over.map(|((price, used), limit)| price * (used - limit)).sum::<f64>()
    }
}
