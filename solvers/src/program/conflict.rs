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
    /// The cheapest change that gives a solution: by how much each side must give way. Empty if the sides
    /// miss each other by no more than rows may be off.
    pub repair: Vec<(Side, f64)>,
    /// Cost of that change, at the prices of the sides.
    pub repair_cost: f64,
    /// Whether it is proved that no change is cheaper and that no side could be left out; not if a search
    /// over whole columns stopped at a limit.
    pub proved: bool,
}

/// What is below this may be rounding \[the side's own unit, beside its size\].
const NOTHING: f64 = 1e-7;

/// What is below this is \[likewise\].
const ROUNDING: f64 = 1e-15;

/// Why `program` has no solution; `None` if it has one, or if what may give way does not suffice.
///
/// `price` says what a unit costs by which a side gives way; `None` for what must hold. Sides
/// without a bound are not asked for.
///
/// # Errors
///
/// The first datum of the program that cannot be computed with, or [`ProgramError::Unexplained`] if a
/// search ended without a repair or without a proof that one is needed, as it does at prices below zero.
pub fn conflict(
    program: &Program,
    price: impl Fn(Side) -> Option<f64>,
) -> Result<Option<Conflict>, ProgramError> {
    program.check()?;
    let elastic = Elastic::of(program, price);
    let solution = elastic.program.solve(Effort::default())?;
    match solution.status {
        Status::Optimal | Status::Limit => {}
        Status::Infeasible => return Ok(None),
        status => return Err(ProgramError::Unexplained(status)),
    }
    let mut solver = plain(program)?;
    let mut repair = elastic.repair(program, &solution.x, NOTHING);
    if repair.is_empty() || solution.status == Status::Limit {
        // Little beside the sides, or more than is needed: whether it is too much, the program itself says.
        match solve(&mut solver) {
            Status::Infeasible => {}
            Status::Optimal | Status::Limit => return Ok(None),
            status if solution.bound <= NOTHING => return Err(ProgramError::Unexplained(status)),
            _ => {}
        }
    }
    if repair.is_empty() {
        repair = elastic.repair(program, &solution.x, ROUNDING);
    }
    let (sides, needed) = irreducible(program, &elastic, &solution.row_dual, &mut solver);
    let proved = needed && solution.status == Status::Optimal;
    Ok(Some(Conflict { sides, repair, repair_cost: solution.objective, proved }))
}

/// A solver of a program without costs.
fn plain(program: &Program) -> Result<Solver, ProgramError> {
    let mut plain = program.clone();
    plain.cost.fill(0.0);
    Solver::new(plain)
}

fn solve(solver: &mut Solver) -> Status {
    solver.solve(Effort::default()).status
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

    /// By how much each side gives way in a solution, where that is more than a share of its bound.
    fn repair(&self, program: &Program, x: &[f64], share: f64) -> Vec<(Side, f64)> {
        let given = self.sides.iter().zip(&x[program.columns()..]);
        given
            .filter(|(side, by)| **by > share * side.bound(program).abs().max(1.0))
            .map(|(&side, &by)| (side, by))
            .collect()
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

/// Soft sides that cannot hold together, none of which could be left out; and whether each solve that says
/// so came to an end.
fn irreducible(
    program: &Program,
    elastic: &Elastic,
    row_dual: &[f64],
    solver: &mut Solver,
) -> (Vec<Side>, bool) {
    // What has no price is left out at once, if the rest still cannot hold.
    let (mut suspects, others): (Vec<Side>, Vec<Side>) =
        elastic.sides.iter().partition(|side| elastic.priced(**side, row_dual));
    for side in &others {
        side.set(solver, side.none());
    }
    if solve(solver) != Status::Infeasible {
        for side in &others {
            side.set(solver, side.bound(program));
        }
        suspects.clone_from(&elastic.sides);
    }
    let (mut conflict, mut proved) = (Vec::new(), true);
    for side in suspects {
        side.set(solver, side.none());
        let status = solve(solver);
        if status != Status::Infeasible {
            side.set(solver, side.bound(program));
            conflict.push(side);
            proved &= matches!(status, Status::Optimal | Status::Limit);
        }
    }
    (conflict, proved)
}
