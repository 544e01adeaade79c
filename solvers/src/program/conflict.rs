//! Why a program has no solution, and what would give it one.
//!
//! The cheapest repair comes from the elastic program: every bound that may give way does so at a
//! price, and everything else costs nothing (Brown & Graves, *Elastic Programming*, 1975; Chinneck,
//! *Feasibility and Infeasibility in Optimization*, 2008, chapter 6). The conflict is a set of bounds
//! that cannot be met together although any of them could be if one other were left out; it is found
//! by leaving out one after the other (the deletion filter of Chinneck & Dravnieks, ORSA Journal on
//! Computing 3 (1991) 157–168), beginning with those that the elastic program prices.

use super::{Effort, Program, ProgramError, Solver, Status};

/// One side of a row or a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The least value of a row.
    RowLow(usize),
    /// The largest value of a row.
    RowHigh(usize),
    /// The least value of a column.
    Lower(usize),
    /// The largest value of a column.
    Upper(usize),
}

/// Why a program has no solution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conflict {
    /// Sides that cannot hold together.
    pub sides: Vec<Side>,
    /// The cheapest change that gives a solution: by how much each side must give way.
    pub repair: Vec<(Side, f64)>,
    /// Cost of that change, at the prices of the sides.
    pub repair_cost: f64,
}

/// What is below this is rounding \[the side's own unit, beside its size\].
const NOTHING: f64 = 1e-7;

/// Why `program` has no solution; `None` if it has one, or if what may give way does not suffice.
///
/// `price` says what a unit costs by which a side gives way; `None` for what must hold. Sides
/// without a bound are not asked for.
///
/// # Errors
///
/// The first datum of the program that cannot be computed with.
pub fn conflict(
    program: &Program,
    price: impl Fn(Side) -> Option<f64>,
) -> Result<Option<Conflict>, ProgramError> {
    let elastic = Elastic::of(program, price);
    let solution = elastic.program.solve(Effort::default())?;
    if !matches!(solution.status, Status::Optimal | Status::Limit) {
        return Ok(None);
    }
    let given = elastic.sides.iter().enumerate().filter_map(|(place, &side)| {
        let by = solution.x[program.columns() + place];
        (by > NOTHING * side.bound(program).abs().max(1.0)).then_some((side, by))
    });
    let repair: Vec<(Side, f64)> = given.collect();
    if repair.is_empty() {
        return Ok(None);
    }
    let sides = irreducible(program, &elastic, &solution.row_dual)?;
    Ok(Some(Conflict { sides, repair, repair_cost: solution.objective }))
}

impl Side {
    /// The bound that it is.
    pub fn bound(self, program: &Program) -> f64 {
        match self {
            Side::RowLow(row) => program.row_low[row],
            Side::RowHigh(row) => program.row_high[row],
            Side::Lower(column) => program.lower[column],
            Side::Upper(column) => program.upper[column],
        }
    }

    /// Leaves it out, or puts it back.
    fn set(self, solver: &mut Solver, bound: f64) {
        let program = solver.program();
        match self {
            Side::RowLow(row) => {
                let high = program.row_high[row];
                solver.set_row_bounds(row, bound, high);
            }
            Side::RowHigh(row) => {
                let low = program.row_low[row];
                solver.set_row_bounds(row, low, bound);
            }
            Side::Lower(column) => {
                let upper = program.upper[column];
                solver.set_bounds(column, bound, upper);
            }
            Side::Upper(column) => {
                let lower = program.lower[column];
                solver.set_bounds(column, lower, bound);
            }
        }
    }

    /// Its value where it is left out.
    fn none(self) -> f64 {
        match self {
            Side::RowLow(_) | Side::Lower(_) => f64::NEG_INFINITY,
            Side::RowHigh(_) | Side::Upper(_) => f64::INFINITY,
        }
    }
}

/// A program whose sides may give way.
struct Elastic {
    program: Program,
    /// The side that each further column widens.
    sides: Vec<Side>,
    /// Row that stands for the bounds of a column, where they may give way.
    column_rows: Vec<Option<usize>>,
}

impl Elastic {
    fn of(program: &Program, price: impl Fn(Side) -> Option<f64>) -> Elastic {
        let mut elastic = Program::new();
        let mut sides = Vec::new();
        let columns = 0..program.columns();
        let wanted = |side: Side| {
            side.bound(program)
                .is_finite()
                .then(|| price(side))
                .flatten()
                .map(|price| (side, price))
        };
        let soft: Vec<[Option<(Side, f64)>; 2]> = columns
            .map(|column| [wanted(Side::Lower(column)), wanted(Side::Upper(column))])
            .collect();
        for (column, soft) in soft.iter().enumerate() {
            let lower = if soft[0].is_some() { f64::NEG_INFINITY } else { program.lower[column] };
            let upper = if soft[1].is_some() { f64::INFINITY } else { program.upper[column] };
            elastic.column(0.0, lower, upper);
            elastic.whole[column] = program.whole[column];
        }
        let mut widen = |elastic: &mut Program, soft: Option<(Side, f64)>, sign: f64| {
            soft.map(|(side, price)| {
                sides.push(side);
                (elastic.column(price, 0.0, f64::INFINITY), sign)
            })
        };
        for row in 0..program.rows() {
            let low = widen(&mut elastic, wanted(Side::RowLow(row)), 1.0);
            let high = widen(&mut elastic, wanted(Side::RowHigh(row)), -1.0);
            let terms: Vec<(usize, f64)> = program.terms_of(row).chain(low).chain(high).collect();
            elastic.row(program.row_low[row], program.row_high[row], terms);
        }
        let mut column_rows = vec![None; program.columns()];
        for (column, soft) in soft.iter().enumerate() {
            let low = widen(&mut elastic, soft[0], 1.0);
            let high = widen(&mut elastic, soft[1], -1.0);
            if low.is_some() || high.is_some() {
                let terms: Vec<(usize, f64)> =
                    std::iter::once((column, 1.0)).chain(low).chain(high).collect();
                let (lower, upper) = (program.lower[column], program.upper[column]);
                column_rows[column] = Some(elastic.row(lower, upper, terms));
            }
        }
        Elastic { program: elastic, sides, column_rows }
    }

    /// Whether a side has a price in a solution of the elastic program; those that have none are no
    /// part of a conflict of linear rows.
    fn priced(&self, side: Side, row_dual: &[f64]) -> bool {
        let row = match side {
            Side::RowLow(row) | Side::RowHigh(row) => Some(row),
            Side::Lower(column) | Side::Upper(column) => self.column_rows[column],
        };
        let dual = row.map_or(0.0, |row| row_dual[row]);
        match side {
            Side::RowLow(_) | Side::Lower(_) => dual > 1e-9,
            Side::RowHigh(_) | Side::Upper(_) => dual < -1e-9,
        }
    }
}

/// Soft sides that cannot hold together, none of which could be left out.
fn irreducible(
    program: &Program,
    elastic: &Elastic,
    row_dual: &[f64],
) -> Result<Vec<Side>, ProgramError> {
    let mut plain = program.clone();
    plain.cost.fill(0.0);
    let mut solver = Solver::new(plain)?;
    let infeasible =
        |solver: &mut Solver| solver.solve(Effort::default()).status == Status::Infeasible;
    // What has no price is left out at once, if the rest still cannot hold.
    let (mut suspects, others): (Vec<Side>, Vec<Side>) =
        elastic.sides.iter().partition(|side| elastic.priced(**side, row_dual));
    for side in &others {
        side.set(&mut solver, side.none());
    }
    if !infeasible(&mut solver) {
        for side in &others {
            side.set(&mut solver, side.bound(program));
        }
        suspects.clone_from(&elastic.sides);
    }
    let mut conflict = Vec::new();
    for side in suspects {
        side.set(&mut solver, side.none());
        if !infeasible(&mut solver) {
            side.set(&mut solver, side.bound(program));
            conflict.push(side);
        }
    }
    Ok(conflict)
}
