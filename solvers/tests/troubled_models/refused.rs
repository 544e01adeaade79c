//! Data that cannot be computed with: each is named, and what would be right.

use solvers::program::{Effort, Program, Solver, Status, conflict};

use crate::{FREE, purchase, says};

/// A name, a program, and what the refusal says.
type Case = (&'static str, fn() -> Program, &'static [&'static str]);

/// Three suppliers with a number changed.
fn changed(change: impl FnOnce(&mut Program)) -> Program {
    let suppliers = [(3.0, 0.0, 100.0), (4.0, 0.0, 100.0), (5.0, 0.0, FREE)];
    let mut program = purchase(150.0, &suppliers, 1_000.0);
    change(&mut program);
    program
}

const DATA: &[Case] = &[
    (
        "a price is not a number",
        || changed(|program| program.cost[1] = f64::NAN),
        &["cost of column 1", "NaN", "below 1e20"],
    ),
    (
        "a price is infinite",
        || changed(|program| program.cost[2] = FREE),
        &["cost of column 2", "inf", "below 1e20"],
    ),
    (
        "a price is astronomical",
        || changed(|program| program.cost[0] = -2e21),
        &["cost of column 0", "-2e21", "below 1e20"],
    ),
    (
        "a smallest order is above the largest",
        || changed(|program| program.lower[1] = 101.0),
        &["column 1", "at least 101.0", "at most 100.0"],
    ),
    (
        "a smallest order is infinite",
        || changed(|program| program.lower[2] = FREE),
        &["column 2", "at least inf"],
    ),
    (
        "a largest order is minus infinity",
        || changed(|program| (program.lower[2], program.upper[2]) = (-FREE, -FREE)),
        &["column 2", "at most -inf"],
    ),
    (
        "a largest order is not a number",
        || changed(|program| program.upper[0] = f64::NAN),
        &["column 0", "at most NaN"],
    ),
    (
        "demand is above what may be bought",
        || changed(|program| program.row_high[0] = 149.0),
        &["row 0", "at least 150.0", "at most 149.0"],
    ),
    (
        "demand is not a number",
        || changed(|program| program.row_low[0] = f64::NAN),
        &["row 0", "at least NaN"],
    ),
    (
        "a largest order stands for none",
        || changed(|program| program.upper[2] = 1e25),
        &["column 2", "1e25", "infinity for no bound"],
    ),
    (
        "demand is astronomical",
        || changed(|program| (program.row_low[0], program.row_high[0]) = (1e300, 1e300)),
        &["row 0", "1e300", "below 1e20"],
    ),
    (
        "a row has a factor that is not a number",
        || changed(|program| _ = program.row(0.0, 1.0, [(0, f64::NAN)])),
        &["column 0 in row 2", "NaN", "below 1e15"],
    ),
    (
        "a row has an infinite factor",
        || changed(|program| _ = program.row(0.0, 1.0, [(2, -FREE)])),
        &["column 2 in row 2", "-inf", "below 1e15"],
    ),
    (
        "a row has an astronomical factor",
        || changed(|program| _ = program.row(0.0, 1.0, [(1, 1e16)])),
        &["column 1 in row 2", "1e16", "below 1e15"],
    ),
    (
        "a row has a factor that is taken for zero",
        || changed(|program| _ = program.row(1.0, FREE, [(2, 1e-10)])),
        &["column 2 in row 2", "1e-10", "measure in other units"],
    ),
    (
        "a row names a supplier that there is not",
        || changed(|program| _ = program.row(0.0, 1.0, [(3, 1.0)])),
        &["row 2", "column 3", "there are 3"],
    ),
    (
        "a row names a supplier twice",
        || changed(|program| _ = program.row(0.0, 1.0, [(0, 1.0), (1, 1.0), (0, 1.0)])),
        &["row 2", "column 0 twice", "sum of both"],
    ),
];

#[test]
fn data_that_cannot_be_computed_with_are_named() {
    for (name, build, words) in DATA {
        let program = build();
        let refused = program.solve(Effort::default()).expect_err(name);
        says(name, &refused.to_string(), words);
        let explained = conflict(&program, |_| Some(1.0)).expect_err(name);
        assert_eq!(explained.to_string(), refused.to_string(), "{name}");
        assert!(Solver::new(program).is_err(), "{name}");
    }
}

const SCALES: &[Case] = &[
    (
        "prices run from a millionth of a millionth to a million millions",
        || changed(|program| program.cost.copy_from_slice(&[1e-12, 2e-12, 1e12])),
        &["cost of column 0 is 1.0e-12", "column 2 1.0e12", "measure in other units"],
    ),
    (
        "a price is a thousandth of a millionth beside ordinary ones",
        || changed(|program| program.cost[1] = 1e-9),
        &["cost of column 1 is 1.0e-9", "column 2 5.0e0", "or make it 0"],
    ),
    (
        "grams and thousands of tonnes are in one row",
        || changed(|program| _ = program.row(-FREE, 1e6, [(0, 1e-5), (1, 1.0), (2, 1e6)])),
        &["row 2", "1.0e-5 of column 0", "1.0e6 of column 2", "ratio of 1e9"],
    ),
    (
        "an order is allowed by ten thousand millions times a yes",
        || {
            changed(|program| {
                let yes = program.whole_column(100.0, 0.0, 1.0);
                program.row(-FREE, 0.0, [(0, 1.0), (yes, -1e10)]);
            })
        },
        &["row 2", "1.0e0 of column 0", "1.0e10 of column 3", "measure in other units"],
    ),
];

#[test]
fn numbers_that_cannot_be_told_from_rounding_are_named() {
    for (name, build, words) in SCALES {
        let program = build();
        assert_eq!(program.check(), Ok(()), "{name}");
        let refused = program.check_scale().expect_err(name);
        says(name, &refused.to_string(), words);
    }
    assert_eq!(changed(|_| ()).check_scale(), Ok(()));
    // A zero is no small number, and costs that are all small are told from each other.
    let zero = changed(|program| program.cost.copy_from_slice(&[0.0, 1.0, 1e-5]));
    assert_eq!(zero.check_scale(), Ok(()));
    let small = changed(|program| program.cost.copy_from_slice(&[1e-12, 2e-12, 1e-9]));
    assert_eq!(small.check_scale(), Ok(()));
}

/// A name, and a change.
type Change = (&'static str, fn(&mut Solver));

const CHANGES: &[Change] = &[
    ("a cost", |solver| solver.set_cost(0, f64::NAN)),
    ("costs", |solver| solver.set_costs(0, &[1.0, FREE, 1.0])),
    ("a bound", |solver| solver.set_bounds(0, f64::NAN, 1.0)),
    ("a row's bound", |solver| solver.set_row_bounds(0, 1.0, 1e300)),
    ("a factor", |solver| _ = solver.add_row(0.0, 1.0, [(0, f64::NAN)])),
    ("a column that there is not", |solver| _ = solver.add_row(0.0, 1.0, [(7, 1.0)])),
    ("a column twice", |solver| _ = solver.add_row(0.0, 1.0, [(0, 1.0), (0, 1.0)])),
];

#[test]
fn a_change_that_cannot_be_computed_with_is_not_passed_over() {
    for (name, change) in CHANGES {
        let mut solver = Solver::new(changed(|_| ())).expect(name);
        assert_eq!(solver.solve(Effort::default()).status, Status::Optimal, "{name}");
        change(&mut solver);
        for _ in 0..2 {
            assert_eq!(solver.solve(Effort::default()).status, Status::Troubled, "{name}");
        }
    }
}
