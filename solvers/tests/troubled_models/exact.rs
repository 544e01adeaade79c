//! Checks that do not lean on what they check.

use solvers::program::{Effort, Program, Side, Status};

use crate::FREE;

/// A sum in twice the digits (Dekker, Numerische Mathematik 18 (1971) 224–242).
#[derive(Clone, Copy, Default)]
struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let sum = self.high + value;
        let own = sum - self.high;
        self.low += (self.high - (sum - own)) + (value - own);
        self.high = sum;
    }

    fn add_product(&mut self, left: f64, right: f64) {
        let product = left * right;
        self.add(product);
        let ([a, b], [c, d]) = (halves(left), halves(right));
        self.low += b * d - (((product - a * c) - b * c) - a * d);
    }

    fn value(self) -> f64 {
        self.high + self.low
    }
}

/// Two numbers of half the digits whose sum is `value`.
fn halves(value: f64) -> [f64; 2] {
    const SPLIT: f64 = 134_217_729.0; // 2^27 + 1
    if value.abs() > 1e290 {
        return [value, 0.0];
    }
    let high = SPLIT * value - (SPLIT * value - value);
    [high, value - high]
}

/// The sum of the products.
pub(crate) fn dot(pairs: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    let mut sum = Sum::default();
    pairs.into_iter().for_each(|(left, right)| sum.add_product(left, right));
    sum.value()
}

/// Every side that a program has.
pub(crate) fn sides(program: &Program) -> Vec<Side> {
    let columns = (0..program.columns()).flat_map(|at| [Side::Lower(at), Side::Upper(at)]);
    let rows = (0..program.rows()).flat_map(|at| [Side::RowLow(at), Side::RowHigh(at)]);
    columns.chain(rows).filter(|side| side.bound(program).is_finite()).collect()
}

fn terms(program: &Program, side: Side) -> Vec<(usize, f64)> {
    match side {
        Side::RowLow(row) | Side::RowHigh(row) => program.terms_of(row).collect(),
        Side::Lower(column) | Side::Upper(column) => vec![(column, 1.0)],
    }
}

fn is_low(side: Side) -> bool {
    matches!(side, Side::RowLow(_) | Side::Lower(_))
}

/// By how much `x` breaks the worst side at most, in the side's own unit, and whole columns are off.
pub(crate) fn broken(program: &Program, x: &[f64]) -> f64 {
    let side = |side: Side| {
        let value = dot(terms(program, side).into_iter().map(|(at, factor)| (factor, x[at])));
        let excess = value - side.bound(program);
        if is_low(side) { -excess } else { excess }
    };
    let worst = sides(program).into_iter().map(side).fold(0.0, f64::max);
    let whole = x.iter().zip(&program.whole).filter(|(_, whole)| **whole);
    whole.map(|(x, _)| (x - x.round()).abs()).fold(worst, f64::max)
}

/// Least cost of giving way: a program of `sides` alone, a row each, that gives way at its price, or not at
/// all without one.
pub(crate) fn least_cost(
    program: &Program,
    sides: &[Side],
    price: impl Fn(Side) -> Option<f64>,
) -> f64 {
    let mut elastic = Program::new();
    for whole in &program.whole {
        let column = elastic.column(0.0, -FREE, FREE);
        elastic.whole[column] = *whole;
    }
    for &side in sides {
        let (low, high, sign) = match is_low(side) {
            true => (side.bound(program), FREE, 1.0),
            false => (-FREE, side.bound(program), -1.0),
        };
        let gives = price(side).map(|price| (elastic.column(price, 0.0, FREE), sign));
        let terms: Vec<(usize, f64)> = terms(program, side).into_iter().chain(gives).collect();
        elastic.row(low, high, terms);
    }
    let solution = elastic.solve(Effort::default()).expect("numbers");
    match solution.status {
        Status::Optimal => solution.objective,
        Status::Infeasible => FREE,
        status => panic!("{status:?}"),
    }
}

/// A program whose sides have given way.
pub(crate) fn repaired(program: &Program, repair: &[(Side, f64)]) -> Program {
    let mut program = program.clone();
    for &(side, by) in repair {
        match side {
            Side::RowLow(row) => program.row_low[row] -= by,
            Side::RowHigh(row) => program.row_high[row] += by,
            Side::Lower(column) => program.lower[column] -= by,
            Side::Upper(column) => program.upper[column] += by,
        }
    }
    program
}
