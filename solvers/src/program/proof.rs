//! What a solution, duals or a direction prove of a program, whoever found them.

use super::{Effort, Program, Status};

impl Program {
    /// How far `x` is outside its bounds and rows at most: a column's excess by its size, a row's by
    /// its largest term or bound, each at least one; and how far whole columns are from whole.
    pub fn violation(&self, x: &[f64]) -> f64 {
        let outside = |value: f64, low: f64, high: f64| (low - value).max(value - high).max(0.0);
        let mut worst = 0.0_f64;
        for (column, &x) in x.iter().enumerate() {
            let off = outside(x, self.lower[column], self.upper[column]) / x.abs().max(1.0);
            let fraction = if self.whole[column] { (x - x.round()).abs() } else { 0.0 };
            worst = worst.max(off).max(fraction);
            if x.is_nan() {
                return f64::INFINITY;
            }
        }
        for row in 0..self.rows() {
            let (mut value, mut size) = (0.0, 1.0_f64);
            for (column, factor) in self.terms_of(row) {
                value += factor * x[column];
                size = size.max((factor * x[column]).abs());
            }
            worst = worst.max(outside(value, self.row_low[row], self.row_high[row]) / size);
        }
        worst
    }

    /// What the duals of the rows prove: a lower bound on the cost, or with `costs` left out a number
    /// that is positive only if no solution exists; and how far the duals are from proving it.
    ///
    /// The sum of `y · bounds` and the least of `(q − Wᵀ y) · x` between the bounds of the columns. Duals on
    /// a side that has no bound are set to zero.
    pub(crate) fn weak_dual(&self, dual: &mut [f64], costs: bool) -> (f64, f64) {
        let columns = self.columns();
        let mut reduced = if costs { self.cost.clone() } else { vec![0.0; columns] };
        let (mut total, mut off) = (0.0, 0.0_f64);
        for row in 0..self.rows() {
            let bound = if dual[row] > 0.0 { self.row_low[row] } else { self.row_high[row] };
            if !bound.is_finite() {
                dual[row] = 0.0;
            }
            if dual[row] == 0.0 {
                continue;
            }
            total += dual[row] * bound;
            for (column, factor) in self.terms_of(row) {
                reduced[column] -= dual[row] * factor;
            }
        }
        for (column, &reduced) in reduced.iter().enumerate() {
            let bound = if reduced > 0.0 { self.lower[column] } else { self.upper[column] };
            if bound.is_finite() {
                total += reduced * bound;
            } else {
                off = off.max(reduced.abs());
            }
        }
        (total, off)
    }

    /// A direction in which costs fall for ever and fractions meet every bound, if there is one: the cheapest of
    /// those whose largest step is one.
    pub(crate) fn direction(&self) -> Option<Vec<f64>> {
        let side = |bound: f64, none: f64| if bound.is_finite() { 0.0 } else { none };
        let mut cone = Program::new();
        for column in 0..self.columns() {
            let (lower, upper) = (side(self.lower[column], -1.0), side(self.upper[column], 1.0));
            cone.column(self.cost[column], lower, upper);
        }
        for row in 0..self.rows() {
            let low = side(self.row_low[row], f64::NEG_INFINITY);
            let high = side(self.row_high[row], f64::INFINITY);
            cone.row(low, high, self.terms_of(row));
        }
        let solution = cone.solve(Effort::default()).ok()?;
        let falls = solution.status == Status::Optimal && solution.objective < 0.0;
        falls.then_some(solution.x)
    }

    /// The lower bound on the cost of any solution that the duals of the rows prove; minus infinity if a
    /// column without a bound is worth more of, beyond rounding.
    pub(super) fn proved(&self, dual: &[f64]) -> f64 {
        /// Reduced cost that is rounding, as a share of what it is the difference of.
        const ROUNDING: f64 = 1e-9;
        let mut dual = dual.to_vec();
        let (bound, _) = self.weak_dual(&mut dual, true);
        let mut reduced: Vec<[f64; 2]> = self.cost.iter().map(|cost| [*cost, cost.abs()]).collect();
        for row in 0..self.rows() {
            for (column, factor) in self.terms_of(row) {
                reduced[column][0] -= dual[row] * factor;
                reduced[column][1] += (dual[row] * factor).abs();
            }
        }
        let mut columns = reduced.into_iter().enumerate();
        let endless = columns.any(|(column, [reduced, size])| {
            let bound = if reduced > 0.0 { self.lower[column] } else { self.upper[column] };
            bound.is_infinite() && reduced.abs() > ROUNDING * size
        });
        if endless { f64::NEG_INFINITY } else { bound }
    }
}
