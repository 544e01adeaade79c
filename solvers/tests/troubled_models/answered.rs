//! Models that look bad and have an answer, which is known exactly.

use solvers::program::{Effort, Method, Program, Solver, Status};

use crate::exact::{broken, dot};
use crate::{FREE, purchase};

/// A name, a program, and its least cost.
type Case = (&'static str, fn() -> Program, f64);

const CASES: &[Case] = &[
    ("two equal rows differ by rounding only", || equal(0.3, 0.1 + 0.2), 0.3),
    ("two equal rows differ by less than rows may be off", || equal(0.3, 0.3 + 1e-11), 0.3),
    ("all prices are millionths of millionths", || three(1e-12), 1e-11),
    ("all prices are thousandths of millionths", || three(1e-9), 1e-8),
    ("all prices are millions of millions", || three(1e12), 1e13),
    (
        "capacity is what is asked for, to the unit",
        || purchase(70.0, &[(2.0, 0.0, 70.0)], 140.0),
        140.0,
    ),
    ("a thousand items share a budget without slack", tight, 1_000_499.5),
    (
        "one price is far above the others, and is paid",
        || purchase(3.0, &[(1.0, 0.0, 1.0), (1e9, 2.0, 2.0)], FREE),
        2e9 + 1.0,
    ),
    ("an order of a million times a yes", || big(1e6), 101.0),
    (
        "amounts are in thousands of millions",
        || purchase(5e9, &[(2.0, 0.0, 4e9), (3.0, 0.0, FREE)], FREE),
        11e9,
    ),
    (
        "amounts are in millionths",
        || purchase(5e-6, &[(2.0, 0.0, 4e-6), (3.0, 0.0, FREE)], FREE),
        11e-6,
    ),
    (
        "rows say the same a hundred times",
        || {
            let mut program = purchase(10.0, &[(1.0, 0.0, FREE), (2.0, 0.0, FREE)], FREE);
            for times in 1..100 {
                let times = f64::from(times);
                program.row(10.0 * times, FREE, [(0, times), (1, times)]);
            }
            program
        },
        10.0,
    ),
    (
        "a factor that is taken for zero is one, where its column is small",
        || {
            let mut program = purchase(10.0, &[(1.0, 0.0, 8.0), (2.0, 0.0, FREE)], FREE);
            program.row(-FREE, 1.0, [(0, 1e-11)]);
            program
        },
        12.0,
    ),
    ("nothing is asked for, and nothing decided", Program::new, 0.0),
];

fn equal(first: f64, second: f64) -> Program {
    let mut program = Program::new();
    let stocks = [0, 1].map(|_| program.column(1.0, 0.0, FREE));
    for count in [first, second] {
        program.row(count, count, stocks.map(|stock| (stock, 1.0)));
    }
    program
}

/// Five units, of which one supplier has one, and one three: 1 + 2 · 3 + 3.
fn three(unit: f64) -> Program {
    purchase(5.0, &[(3.0 * unit, 0.0, FREE), (2.0 * unit, 0.0, 3.0), (unit, 0.0, 1.0)], FREE)
}

fn tight() -> Program {
    let mut program = Program::new();
    for item in 0..1_000 {
        program.column(f64::from(item % 3 + 1), 0.0, FREE);
        let item = program.columns() - 1;
        program.row(500.5, FREE, [(item, 1.0)]);
    }
    let money: Vec<(usize, f64)> = program.cost.iter().copied().enumerate().collect();
    let budget = dot(money.iter().map(|(_, price)| (*price, 500.5)));
    program.row(-FREE, budget, money);
    program
}

fn big(most: f64) -> Program {
    let mut program = Program::new();
    let order = program.column(1.0, 0.0, FREE);
    let yes = program.whole_column(100.0, 0.0, 1.0);
    program.row(1.0, FREE, [(order, 1.0)]);
    program.row(-FREE, 0.0, [(order, 1.0), (yes, -most)]);
    program
}

#[test]
fn answers_are_the_known_ones() {
    for &(name, build, cost) in CASES {
        let program = build();
        for presolve in [true, false] {
            let solution = program.solve(Effort { presolve, ..Effort::default() }).expect(name);
            assert_eq!(solution.status, Status::Optimal, "{name}: {solution:?}");
            let paid = dot(program.cost.iter().copied().zip(solution.x.iter().copied()));
            for told in [paid, solution.objective, solution.bound] {
                assert!((told - cost).abs() <= 1e-8 * cost, "{name}: {told}, not {cost}");
            }
            let size = solution.x.iter().fold(1.0_f64, |most, x| most.max(x.abs()));
            assert!(broken(&program, &solution.x) <= 1e-9 * size, "{name}: {solution:?}");
        }
    }
}

/// Methods that end near an optimum prove a bound from their duals, or none.
#[test]
fn what_is_nearly_optimal_has_a_bound_that_holds() {
    for &(name, build, cost) in CASES {
        let program = build();
        for method in [Method::InteriorPoint, Method::FirstOrder] {
            let effort =
                Effort { method, iterations: 100_000, presolve: false, ..Effort::default() };
            let solution = program.solve(effort).expect(name);
            let most = cost + 1e-6 * cost.abs();
            assert!(solution.bound <= most, "{name}, {method:?}: {solution:?}");
        }
    }
}

/// Whatever the factor, a yes that is nearly a no is not called an optimum.
#[test]
fn a_fraction_of_a_yes_is_no_answer() {
    for most in [1e7, 1e8, 1e9, 1e10, 1e12] {
        for presolve in [true, false] {
            let solution = big(most).solve(Effort { presolve, ..Effort::default() });
            let solution = solution.expect("numbers");
            let right = solution.status == Status::Optimal && solution.objective == 101.0;
            assert!(right || solution.status == Status::Troubled, "{most:e}: {solution:?}");
        }
    }
}

/// Without the check of the scale, an answer among costs of very different sizes is proved or not given.
#[test]
fn a_cost_that_is_lost_beside_others_is_not_answered_wrongly() {
    for costs in [[2e-12, 1e-12, 1e12], [1e-12, 2e-12, 1e12], [2e-9, 1e-9, 1.0], [0.0, -1e-11, 1e3]]
    {
        let most = if costs[1] < 0.0 { 5.0 } else { FREE };
        let program = purchase(1.0, &costs.map(|cost| (cost, 0.0, most)), FREE);
        let least = costs[0].min(costs[1]) * if costs[1] < 0.0 { 5.0 } else { 1.0 };
        for presolve in [true, false] {
            let solution = program.solve(Effort { presolve, ..Effort::default() });
            let solution = solution.expect("numbers");
            let apart = (solution.objective - least).abs();
            let right = solution.status == Status::Optimal && apart <= 1e-6 * least.abs();
            assert!(right || solution.status == Status::Troubled, "{costs:?}: {solution:?}");
        }
    }
}

/// Small costs are counted in other units inside only: duals, events and changes are in the program's.
#[test]
fn small_costs_are_told_in_their_own_units() {
    let mut solver = Solver::new(three(1e-9)).expect("numbers");
    let solution = solver.solve(Effort::default());
    assert!((solution.row_dual[0] - 3e-9).abs() < 1e-18, "{solution:?}");
    assert!((solution.column_dual[2] + 2e-9).abs() < 1e-18, "{solution:?}");
    solver.set_cost(0, 1.5e-9);
    assert!((solver.solve(Effort::default()).objective - 7e-9).abs() < 1e-18);
    solver.set_costs(0, &[3.0, 2.0, 1.0]);
    assert!((solver.solve(Effort::default()).objective - 10.0).abs() < 1e-9);
    solver.set_costs(0, &[3e-12, 2e-12, 1e-12]);
    assert!((solver.solve(Effort::default()).objective - 1e-11).abs() < 1e-20);
}

/// A start that is no solution, or no numbers, changes nothing.
#[test]
fn a_start_that_is_none_is_not_taken_for_an_answer() {
    for start in [[0.0, 0.0], [5.0, 0.4], [-1.0, 7.0], [f64::NAN, 1.0], [FREE, FREE]] {
        let mut solver = Solver::new(big(1e3)).expect("numbers");
        solver.start_from(&start);
        let solution = solver.solve(Effort::default());
        assert_eq!((solution.status, solution.objective), (Status::Optimal, 101.0), "{start:?}");
    }
}

/// Settings that are none are taken for the nearest that are.
#[test]
fn efforts_without_sense_do_no_harm() {
    for (tolerance, relative_gap) in [(0.0, -1.0), (-1.0, 0.0), (1e3, 1e-9), (1e-20, 0.0)] {
        let effort = Effort { tolerance, relative_gap, ..Effort::default() };
        let solution = big(1e3).solve(effort).expect("numbers");
        assert_eq!((solution.status, solution.objective), (Status::Optimal, 101.0));
        let effort = Effort { nodes: -5, iterations: -1, presolve: false, ..effort };
        let solution = big(1e3).solve(effort).expect("numbers");
        assert!(solution.status != Status::Optimal || solution.objective == 101.0, "{solution:?}");
    }
}

/// `HiGHS` 1.15.0 finds no solution of the first and a cost of 5 of the second, by presolve.
#[test]
fn what_presolve_loses_is_found() {
    let mut program = Program::new();
    for (cost, lower, upper, whole) in [
        (-2.0, -1.0, 2.0, true),
        (-2.0, 0.0, 2.0, false),
        (-3.0, 0.0, 3.0, true),
        (-3.0, 1.0, 5.0, true),
    ] {
        let column = program.column(cost, lower, upper);
        program.whole[column] = whole;
    }
    program.row(5.0, 5.0, [(0, 1.0), (1, 1.0), (2, 1.0), (3, 2.0)]);
    program.row(-3.0, 1.0, [(0, -1.0), (1, -1.0), (2, 3.0)]);
    program.row(-2.0, FREE, [(0, 2.0), (1, -3.0), (2, 1.0)]);
    program.row(-3.0, 0.0, [(1, 3.0), (2, -1.0)]);
    program.row(3.0, 6.0, [(0, -3.0), (1, 2.0), (2, -1.0)]);
    let solution = program.solve(Effort::default()).expect("numbers");
    assert_eq!((solution.status, solution.objective), (Status::Optimal, -7.0), "{solution:?}");

    let mut program = Program::new();
    for (cost, lower, upper, whole) in [
        (0.0, 0.0, 6.0, true),
        (-3.0, 1.0, 5.0, false),
        (6.0, 1.0, 6.0, true),
        (4.0, -1.0, -1.0, false),
    ] {
        let column = program.column(cost, lower, upper);
        program.whole[column] = whole;
    }
    program.row(-FREE, 4.0, [(0, -3.0), (1, -2.0), (2, 1.0), (3, 2.0)]);
    program.row(-FREE, 0.0, [(0, -2.0), (1, 2.0), (3, 3.0)]);
    program.row(-6.0, FREE, [(0, -3.0), (1, -2.0), (3, -1.0)]);
    program.row(6.0, FREE, [(1, 1.0), (2, 3.0), (3, 1.0)]);
    program.row(-4.0, -4.0, [(0, -1.0), (1, 1.0), (2, -2.0), (3, 1.0)]);
    let solution = program.solve(Effort::default()).expect("numbers");
    assert_eq!((solution.status, solution.objective), (Status::Optimal, 2.0), "{solution:?}");
}
