//! The cheapest orders under cuts when orders are paid for in part: a linear program with two rows an order.
//!
//! `min c·x + K·y + θ` with `θ >= b_k + g_k·x + f_k·y` for every cut and `0 <= x <= most y`, `y <= 1`, is solved
//! as its dual, as in [`super::simplex`]. Orders are measured by their most, so that all is in money. An order
//! that is certainly placed has no row of its set-up, one that is certainly not has none at all.

use super::recourse::dot;
use super::simplex::{Basis, stride};

/// No row.
const NONE: usize = usize::MAX;

/// What is settled about an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// Nothing.
    Open,
    /// It is placed and paid for.
    Placed,
    /// It is not placed.
    Banned,
}

/// Cuts of the orders that are not banned.
#[derive(Clone, Debug, Default)]
pub(super) struct Charged {
    /// Order, row of its set-up or none, and largest value, by row of orders.
    orders: Vec<(usize, usize, f64)>,
    /// Number of rows, and the same with the row of weights as a multiple of four.
    rows: usize,
    stride: usize,
    /// Cost of each row, and what an error of it is measured by.
    costs: Vec<f64>,
    scales: Vec<f64>,
    /// By cut.
    columns: Vec<f64>,
    constants: Vec<f64>,
    /// Orders that are placed for certain.
    placed: Vec<usize>,
    /// Cuts that are looked at first, and whether each cut is one.
    hot: Vec<usize>,
    is_hot: Vec<bool>,
    overs: Vec<f64>,
    basis: Basis,
    /// Minus the values of the rows, then the value of the cuts.
    prices: Vec<f64>,
    sums: Vec<f64>,
}

/// One end of what an order with its set-up may be, with the least cost there.
fn vertex(slope: f64, set_up: f64) -> (f64, u8) {
    let whole = slope + set_up;
    if whole < set_up.min(0.0) {
        (whole, 2)
    } else if set_up < 0.0 {
        (set_up, 1)
    } else {
        (0.0, 0)
    }
}

impl Charged {
    /// A program without cuts.
    pub(super) fn open(&mut self, settled: &[Settled], costs: &[f64], most: &[f64], set_up: f64) {
        self.orders.clear();
        self.placed.clear();
        self.costs.clear();
        self.scales.clear();
        for (order, settled) in settled.iter().enumerate() {
            if *settled != Settled::Banned {
                self.orders.push((order, NONE, most[order]));
                self.costs.push(costs[order] * most[order]);
                self.scales.push(costs[order].abs() * most[order]);
            }
            if *settled == Settled::Placed {
                self.placed.push(order);
            }
        }
        for place in 0..self.orders.len() {
            if settled[self.orders[place].0] == Settled::Open {
                self.orders[place].1 = self.costs.len();
                self.costs.push(set_up);
                self.scales.push(set_up);
            }
        }
        self.rows = self.costs.len();
        self.stride = stride(self.rows);
        self.columns.clear();
        self.constants.clear();
        self.hot.clear();
        self.is_hot.clear();
    }

    /// Adds a cut: slopes by order, then by set-up.
    pub(super) fn add(&mut self, slopes: &[f64], constant: f64) {
        let (first, all) = (self.columns.len(), slopes.len() / 2);
        self.columns.resize(first + self.stride, 0.0);
        for (row, (order, set_up, most)) in self.orders.iter().enumerate() {
            self.columns[first + row] = slopes[*order] * most;
            if *set_up != NONE {
                self.columns[first + set_up] = slopes[all + order];
            }
        }
        self.columns[first + self.rows] = 1.0;
        let placed: f64 = self.placed.iter().map(|order| slopes[all + order]).sum();
        self.constants.push(constant + placed);
        self.is_hot.push(false);
    }

    /// Looks at a cut first.
    pub(super) fn heat(&mut self, cut: usize) {
        self.is_hot[cut] = true;
        self.hot.push(cut);
    }

    fn column(&self, cut: usize) -> &[f64] {
        &self.columns[cut * self.stride..(cut + 1) * self.stride]
    }

    /// The least of a bound that is linear in the rows.
    fn least(&self, slopes: &[f64], constant: f64) -> f64 {
        let least = self.orders.iter().enumerate().map(|(row, (_, set_up, _))| {
            let slope = slopes[row] + self.costs[row];
            match *set_up {
                NONE => slope.min(0.0),
                set_up => vertex(slope, slopes[set_up] + self.costs[set_up]).0,
            }
        });
        constant + least.sum::<f64>()
    }

    /// Starts from the cut with the highest bound.
    pub(super) fn start(&mut self) {
        let (mut best, mut highest) = (0, f64::NEG_INFINITY);
        for (cut, constant) in self.constants.iter().enumerate() {
            let least = self.least(self.column(cut), *constant);
            if least > highest {
                (best, highest) = (cut, least);
            }
        }
        let (rows, stride) = (self.rows, self.stride);
        self.basis.clear(rows, stride);
        let cut = &self.columns[best * stride..(best + 1) * stride];
        for (row, (_, set_up, _)) in self.orders.iter().enumerate() {
            let slope = cut[row] + self.costs[row];
            if *set_up == NONE {
                let (column, sign) = if slope >= 0.0 { (row, -1.0) } else { (rows + row, 1.0) };
                self.basis.begin(column, slope.abs(), &[(row, sign)], cut);
                continue;
            }
            let y = *set_up;
            let charge = cut[y] + self.costs[y];
            match vertex(slope, charge).1 {
                0 => {
                    let level = slope + charge;
                    self.basis.begin(row, level, &[(row, -1.0), (y, -1.0)], cut);
                    self.basis.begin(rows + row, charge, &[(y, -1.0)], cut);
                }
                1 => {
                    self.basis.begin(row, slope, &[(row, -1.0)], cut);
                    self.basis.begin(y, -charge, &[(y, 1.0)], cut);
                }
                _ => {
                    self.basis.begin(rows + row, -slope, &[(row, 1.0)], cut);
                    self.basis.begin(y, -slope - charge, &[(row, 1.0), (y, 1.0)], cut);
                }
            }
        }
        self.basis.end(2 * rows + best);
    }

    /// Improves the weights until no column betters the value by more than `tolerance`.
    pub(super) fn improve(&mut self, tolerance: f64) {
        for _ in 0..60 * (self.rows + 1) {
            self.price();
            let Some(column) = self.entering(tolerance) else { return };
            let (rows, stride) = (self.rows, self.stride);
            if column >= 2 * rows {
                let cut = column - 2 * rows;
                self.basis.point(&self.columns[cut * stride..(cut + 1) * stride]);
            } else if column >= rows {
                let row = column - rows;
                self.basis.point_at(row, 1.0, Some(self.orders[row].1).filter(|y| *y != NONE));
            } else {
                let sign = if column < self.orders.len() { -1.0 } else { 1.0 };
                self.basis.point_at(column, sign, None);
            }
            if !self.basis.enter(column) {
                return;
            }
        }
        self.price();
    }

    fn price(&mut self) {
        let (rows, orders) = (self.rows, &self.orders);
        let constants = &self.constants;
        self.basis.prices(&mut self.prices, |column| {
            if column >= 2 * rows {
                constants[column - 2 * rows]
            } else if column >= rows {
                if orders[column - rows].1 == NONE { -1.0 } else { 0.0 }
            } else if column < orders.len() {
                0.0
            } else {
                -1.0
            }
        });
    }

    /// The column that betters the value the most, each in money.
    fn entering(&mut self, tolerance: f64) -> Option<usize> {
        /// Share of the largest gain of a cut from which on others are looked at first from then on.
        const HOT: f64 = 0.3;
        let (mut best, mut column) = (tolerance, None);
        let mut offer = |gain: f64, place: usize| {
            if gain > best {
                (best, column) = (gain, Some(place));
            }
        };
        for (row, (_, set_up, _)) in self.orders.iter().enumerate() {
            let (units, scale) = (-self.prices[row], self.scales[row]);
            offer(-units * scale, row);
            if *set_up == NONE {
                offer((units - 1.0) * scale, self.rows + row);
            } else {
                let paid = -self.prices[*set_up];
                offer((units - paid) * (scale + self.scales[*set_up]), self.rows + row);
                offer((paid - 1.0) * self.scales[*set_up], *set_up);
            }
        }
        let mut overs = std::mem::take(&mut self.overs);
        let over = |cut: usize| self.constants[cut] - dot(self.column(cut), &self.prices);
        for cut in &self.hot {
            offer(over(*cut), 2 * self.rows + cut);
        }
        if column.is_some() || self.hot.len() == self.constants.len() {
            self.overs = overs;
            return column;
        }
        overs.clear();
        overs.extend((0..self.constants.len()).map(over));
        let largest = overs.iter().copied().fold(tolerance, f64::max);
        for (cut, over) in overs.iter().enumerate() {
            if *over > HOT * largest && *over > tolerance {
                if column.is_none() && *over >= largest {
                    column = Some(2 * self.rows + cut);
                }
                if !self.is_hot[cut] {
                    self.is_hot[cut] = true;
                    self.hot.push(cut);
                }
            }
        }
        self.overs = overs;
        column
    }

    /// Lower bound that the weights prove, whatever led to them.
    pub(super) fn bound(&mut self) -> f64 {
        let mut sums = std::mem::take(&mut self.sums);
        sums.clear();
        sums.resize(self.stride, 0.0);
        let mut constant = 0.0;
        for (cut, weight) in self.weights() {
            constant += weight * self.constants[cut];
            for (sum, slope) in sums.iter_mut().zip(self.column(cut)) {
                *sum += weight * slope;
            }
        }
        let bound = self.least(&sums, constant);
        self.sums = sums;
        bound
    }

    /// The cuts that have weight, and their weights, which add up to one.
    pub(super) fn weights(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.basis.weights(2 * self.rows)
    }

    /// The orders at the present prices, and the shares of them that are paid for.
    pub(super) fn point(&self, units: &mut [f64], paid: &mut [f64]) {
        /// Shares below this, or as near to 1, are rounding.
        const ROUNDING: f64 = 1e-9;
        units.fill(0.0);
        paid.fill(0.0);
        for order in &self.placed {
            paid[*order] = 1.0;
        }
        for (row, (order, set_up, most)) in self.orders.iter().enumerate() {
            let share = if *set_up == NONE { 1.0 } else { -self.prices[*set_up] };
            let share = match share {
                share if share > 1.0 - ROUNDING => 1.0,
                share if share >= ROUNDING => share,
                _ => 0.0,
            };
            paid[*order] = share;
            let taken = (-self.prices[row]).clamp(0.0, share);
            units[*order] = if taken >= ROUNDING { taken * most } else { 0.0 };
        }
    }
}
