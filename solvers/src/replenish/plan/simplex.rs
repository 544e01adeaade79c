//! The cheapest orders under cuts: a linear program with a row an order and a column a cut.
//!
//! `min c·x + θ` with `θ >= b_k + g_k·x` for every cut and `0 <= x <= most` is solved as its dual:
//! weights of the cuts that add up to one, and for each order either a reduced cost or, where it is at
//! its most, what it saves. A new cut is a new column, so that the last weights stay a solution. The
//! primal simplex method with an explicit inverse (Dantzig 1951; Chvátal, *Linear Programming*, 1983,
//! chapter 7) serves: there are as many rows as orders and one more.

use super::recourse::{Cut, dot, least};

/// Weights of cuts, and what they came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Simplex {
    orders: usize,
    /// Of reduced costs `j`, savings `orders + j`, cuts `2 orders + k`.
    basis: Basis,
    /// Prices of the rows: minus the orders, then the value of the cuts.
    prices: Vec<f64>,
}

/// Columns that solve the rows, of which the last adds up weights.
#[derive(Clone, Debug, Default)]
pub(super) struct Basis {
    stride: usize,
    /// Inverse of the basis, row by row.
    inverse: Vec<f64>,
    /// Columns of the basis.
    columns: Vec<usize>,
    /// Their values.
    levels: Vec<f64>,
    /// What one unit of the column that enters takes of each.
    direction: Vec<f64>,
}

impl Basis {
    /// Nothing yet.
    pub(super) fn clear(&mut self, rows: usize, stride: usize) {
        self.stride = stride;
        self.inverse.clear();
        self.inverse.resize((rows + 1) * stride, 0.0);
        self.columns.clear();
        self.levels.clear();
    }

    /// Begins with a column at a level that takes so much of rows, besides the one cut.
    pub(super) fn begin(
        &mut self,
        column: usize,
        level: f64,
        entries: &[(usize, f64)],
        cut: &[f64],
    ) {
        let (place, rows) = (self.columns.len(), self.inverse.len() / self.stride - 1);
        let inverse = &mut self.inverse[place * self.stride..(place + 1) * self.stride];
        for (row, entry) in entries {
            inverse[*row] = *entry;
            inverse[rows] -= entry * cut[*row];
        }
        self.columns.push(column);
        self.levels.push(level);
    }

    /// The one cut, which has all weight.
    pub(super) fn end(&mut self, column: usize) {
        let place = self.columns.len();
        self.inverse[place * self.stride + place] = 1.0;
        self.columns.push(column);
        self.levels.push(1.0);
    }

    /// Prices of the rows, from what columns earn.
    pub(super) fn prices(&self, prices: &mut Vec<f64>, profit: impl Fn(usize) -> f64) {
        prices.clear();
        prices.resize(self.stride, 0.0);
        for (column, row) in self.columns.iter().zip(self.inverse.chunks_exact(self.stride)) {
            let profit = profit(*column);
            if profit != 0.0 {
                for (price, entry) in prices.iter_mut().zip(row) {
                    *price += profit * entry;
                }
            }
        }
    }

    /// Turns to a whole column.
    pub(super) fn point(&mut self, column: &[f64]) {
        self.direction.clear();
        let inverse = self.inverse.chunks_exact(self.stride);
        self.direction.extend(inverse.map(|row| dot(row, column)));
    }

    /// Turns to a column of one entry, or two of which the other is its negative.
    pub(super) fn point_at(&mut self, at: usize, entry: f64, other: Option<usize>) {
        self.direction.clear();
        let inverse = self.inverse.chunks_exact(self.stride);
        match other {
            None => self.direction.extend(inverse.map(|row| entry * row[at])),
            Some(other) => {
                self.direction.extend(inverse.map(|row| entry * (row[at] - row[other])));
            }
        }
    }

    /// Takes the column in, as far as no level falls below zero; not if nothing limits it.
    pub(super) fn enter(&mut self, column: usize) -> bool {
        let row = self.leaving();
        if let Some(row) = row {
            self.pivot(row, column);
        }
        row.is_some()
    }

    fn leaving(&self) -> Option<usize> {
        let (mut row, mut step, mut size) = (None, f64::INFINITY, 0.0);
        for (place, (level, pace)) in self.levels.iter().zip(&self.direction).enumerate() {
            if *pace > 1e-9 {
                let ratio = level.max(0.0) / pace;
                // Of equals, the largest divisor is the safest.
                if ratio < step || (ratio == step && *pace > size) {
                    (row, step, size) = (Some(place), ratio, *pace);
                }
            }
        }
        row
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let stride = self.stride;
        let pace = self.direction[row];
        let step = self.levels[row].max(0.0) / pace;
        for entry in &mut self.inverse[row * stride..(row + 1) * stride] {
            *entry /= pace;
        }
        let (before, rest) = self.inverse.split_at_mut(row * stride);
        let (pivot, after) = rest.split_at_mut(stride);
        let others = before.chunks_exact_mut(stride).chain(after.chunks_exact_mut(stride));
        let paces = self.direction[..row].iter().chain(&self.direction[row + 1..]);
        for (entries, pace) in others.zip(paces) {
            for (entry, pivot) in entries.iter_mut().zip(pivot.iter()) {
                *entry -= pace * pivot;
            }
        }
        for (level, pace) in self.levels.iter_mut().zip(&self.direction) {
            *level -= pace * step;
        }
        self.levels[row] = step;
        self.columns[row] = column;
    }

    /// The columns from `first` on that have weight, and their weights, which add up to one.
    pub(super) fn weights(&self, first: usize) -> impl Iterator<Item = (usize, f64)> + '_ {
        let weights = self.columns.iter().zip(&self.levels);
        let weights = weights.filter(move |(column, weight)| **column >= first && **weight > 0.0);
        let total: f64 = weights.clone().map(|(_, weight)| weight).sum();
        weights.map(move |(column, weight)| (column - first, weight / total))
    }
}

/// A program of cuts.
#[derive(Clone, Copy)]
pub(super) struct Cuts<'a> {
    /// Column of each cut, one after the other: its slopes, 1, and zeros up to [`stride`].
    pub(super) slopes: &'a [f64],
    /// Constant of each.
    pub(super) constants: &'a [f64],
    /// Cost of a unit of each order.
    pub(super) costs: &'a [f64],
    /// Largest value of each order.
    pub(super) most: &'a [f64],
}

/// Numbers of a cut's column: a multiple of four, which a register holds.
pub(super) fn stride(orders: usize) -> usize {
    (orders + 1).next_multiple_of(4)
}

impl Cuts<'_> {
    fn column(&self, cut: usize) -> &[f64] {
        let stride = stride(self.costs.len());
        &self.slopes[cut * stride..(cut + 1) * stride]
    }

    fn slopes_of(&self, cut: usize) -> &[f64] {
        &self.column(cut)[..self.costs.len()]
    }

    /// Lower bound by one cut alone.
    fn least(&self, cut: usize) -> f64 {
        let cut = Cut { slopes: self.slopes_of(cut), constant: self.constants[cut] };
        least(cut, self.costs, self.most)
    }
}

impl Simplex {
    /// Starts from the cut with the highest bound.
    pub(super) fn start(&mut self, cuts: Cuts<'_>) {
        let orders = cuts.costs.len();
        let stride = stride(orders);
        self.orders = orders;
        let (mut best, mut highest) = (0, f64::NEG_INFINITY);
        for cut in 0..cuts.constants.len() {
            let least = cuts.least(cut);
            if least > highest {
                (best, highest) = (cut, least);
            }
        }
        self.basis.clear(orders, stride);
        let column = cuts.column(best);
        for (order, slope) in cuts.slopes_of(best).iter().enumerate() {
            // Slope and cost are made up for by a reduced cost, or by a saving.
            let reduced = slope + cuts.costs[order];
            let (place, sign) = if reduced >= 0.0 { (order, -1.0) } else { (orders + order, 1.0) };
            self.basis.begin(place, reduced.abs(), &[(order, sign)], column);
        }
        self.basis.end(2 * orders + best);
    }

    /// Improves the weights until no column betters the value by more than `tolerance`.
    pub(super) fn improve(&mut self, cuts: Cuts<'_>, tolerance: f64) {
        let orders = self.orders;
        for _ in 0..60 * (orders + 1) {
            self.price(cuts);
            let Some(column) = self.entering(cuts, tolerance) else { return };
            if column < 2 * orders {
                let sign = if column < orders { -1.0 } else { 1.0 };
                self.basis.point_at(column % orders, sign, None);
            } else {
                self.basis.point(cuts.column(column - 2 * orders));
            }
            if !self.basis.enter(column) {
                return;
            }
        }
        self.price(cuts);
    }

    fn price(&mut self, cuts: Cuts<'_>) {
        let orders = self.orders;
        self.basis.prices(&mut self.prices, |column| match column {
            column if column < orders => 0.0,
            column if column < 2 * orders => -cuts.most[column - orders],
            column => cuts.constants[column - 2 * orders],
        });
    }

    /// The column that betters the value the most, each in money.
    fn entering(&self, cuts: Cuts<'_>, tolerance: f64) -> Option<usize> {
        let orders = self.orders;
        let prices = &self.prices[..orders];
        let (mut best, mut column) = (tolerance, None);
        for (order, price) in prices.iter().enumerate() {
            let (below, above) = (*price, -price - cuts.most[order]);
            let scale = cuts.costs[order].abs();
            if below * scale > best {
                (best, column) = (below * scale, Some(order));
            }
            if above * scale > best {
                (best, column) = (above * scale, Some(orders + order));
            }
        }
        for (cut, constant) in cuts.constants.iter().enumerate() {
            let over = constant - dot(cuts.column(cut), &self.prices);
            if over > best {
                (best, column) = (over, Some(2 * orders + cut));
            }
        }
        column
    }

    /// The orders at the present prices.
    pub(super) fn orders(&self, most: &[f64], orders: &mut [f64]) {
        for ((order, price), most) in orders.iter_mut().zip(&self.prices).zip(most) {
            *order = (-price).clamp(0.0, *most);
        }
    }

    /// The cuts that have weight, and their weights, which add up to one.
    pub(super) fn weights(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.basis.weights(2 * self.orders)
    }

    /// Lower bound that the weights prove, whatever led to them.
    pub(super) fn bound(&self, cuts: Cuts<'_>, slopes: &mut Vec<f64>) -> f64 {
        slopes.clear();
        slopes.resize(self.orders, 0.0);
        let mut constant = 0.0;
        for (cut, weight) in self.weights() {
            constant += weight * cuts.constants[cut];
            for (sum, slope) in slopes.iter_mut().zip(cuts.slopes_of(cut)) {
                *sum += weight * slope;
            }
        }
        least(Cut { slopes, constant }, cuts.costs, cuts.most)
    }
}
