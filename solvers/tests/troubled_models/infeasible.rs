//! Models without a solution: which sides are in conflict, and what would mend it.

use solvers::program::{Effort, Method, Program, Side, Status, conflict};

use crate::exact::{broken, least_cost, repaired, sides};
use crate::{FREE, purchase};

type Prices = fn(Side) -> Option<f64>;

struct Case {
    name: &'static str,
    build: fn() -> Program,
    /// What giving way costs.
    price: Prices,
    /// Number of sides of the conflict; zero where conflicts of several sizes are right.
    sides: usize,
    /// Cost of the cheapest repair.
    repair: f64,
}

const ANY: Prices = |_| Some(1.0);

/// Rows may give way, columns not.
const ROWS: Prices = |side| matches!(side, Side::RowLow(_) | Side::RowHigh(_)).then_some(1.0);

const CASES: &[Case] = &[
    Case {
        name: "the budget is below the smallest order",
        build: || purchase(20.0, &[(12.0, 50.0, 200.0)], 400.0),
        price: ROWS,
        sides: 1,
        repair: 200.0,
    },
    Case {
        name: "two suppliers' smallest orders are above the budget",
        build: || purchase(0.0, &[(3.0, 100.0, FREE), (5.0, 80.0, FREE)], 650.0),
        price: ANY,
        sides: 3,
        repair: 10.0,
    },
    Case {
        name: "the warehouse is smaller than the opening stock",
        build: warehouse,
        price: ROWS,
        sides: 2,
        repair: 20.0,
    },
    Case {
        name: "demand is above the capacity of all periods so far",
        build: capacity,
        price: |side| match side {
            Side::Upper(order) if order < 3 => Some(2.0),
            Side::RowLow(_) => Some(5.0),
            _ => None,
        },
        sides: 0,
        repair: 40.0,
    },
    Case {
        name: "nothing arrives before the lead time is over",
        build: lead_time,
        price: ROWS,
        sides: 1,
        repair: 7.0,
    },
    Case {
        name: "lots of twelve make no order of thirty",
        build: || whole_lots(&[12.0], 30.0, 30.0),
        price: ROWS,
        sides: 2,
        repair: 6.0,
    },
    Case {
        name: "lots of six and of ten make nothing odd",
        build: || whole_lots(&[6.0, 10.0], 29.0, 29.0),
        price: ROWS,
        sides: 2,
        repair: 1.0,
    },
    Case {
        name: "between 1.2 and 1.8 lorries there is no whole one",
        build: || {
            let mut program = Program::new();
            program.whole_column(80.0, 1.2, 1.8);
            program
        },
        price: ANY,
        sides: 2,
        repair: 0.2,
    },
    Case {
        name: "three loads of six do not fit two lorries of ten",
        build: lorries,
        price: |side| matches!(side, Side::RowHigh(row) if row >= 3).then_some(1.0),
        sides: 2,
        repair: 2.0,
    },
    Case {
        name: "whole loads have no end and no solution",
        build: || {
            let mut program = Program::new();
            let bought = program.whole_column(-1.0, 0.0, FREE);
            let sold = program.whole_column(0.0, 0.0, FREE);
            program.row(1.0, 1.0, [(bought, 2.0), (sold, -2.0)]);
            program
        },
        price: ROWS,
        sides: 2,
        repair: 1.0,
    },
    Case {
        name: "there is no solution, and costs would fall for ever",
        build: || {
            let mut program = counts(3.0, 5.0);
            program.column(-1.0, 0.0, FREE);
            program
        },
        price: ROWS,
        sides: 2,
        repair: 2.0,
    },
    Case {
        name: "two counts of the same stock differ",
        build: || counts(0.3, 0.300_001),
        price: ROWS,
        sides: 2,
        repair: 1e-6,
    },
    Case {
        name: "two counts differ by little more than rounding",
        build: || counts(0.3, 0.300_000_01),
        price: ROWS,
        sides: 2,
        repair: 1e-8,
    },
    Case {
        name: "two counts of a thousand million differ by one",
        build: || counts(1e9, 1e9 + 1.0),
        price: ROWS,
        sides: 2,
        repair: 1.0,
    },
    Case {
        name: "an item is asked for that nobody supplies",
        build: || {
            let mut program = Program::new();
            program.column(1.0, 0.0, 10.0);
            program.row(5.0, FREE, []);
            program
        },
        price: ROWS,
        sides: 1,
        repair: 5.0,
    },
    Case {
        name: "there is demand and nothing to decide",
        build: || {
            let mut program = Program::new();
            program.row(1.0, FREE, []);
            program
        },
        price: ANY,
        sides: 1,
        repair: 1.0,
    },
    Case {
        name: "each of three orders is larger than the next",
        build: || {
            let mut program = Program::new();
            let orders = [0, 1, 2].map(|_| program.column(1.0, 0.0, FREE));
            for at in 0..3 {
                program.row(1.0, FREE, [(orders[at], 1.0), (orders[(at + 1) % 3], -1.0)]);
            }
            program
        },
        price: ANY,
        sides: 3,
        repair: 3.0,
    },
    Case {
        name: "forty items' smallest orders are above the budget",
        build: || {
            let suppliers: Vec<_> = (0..40).map(|at| (f64::from(at % 7 + 1), 10.0, FREE)).collect();
            purchase(0.0, &suppliers, 1_500.0)
        },
        price: |side| match side {
            Side::RowHigh(_) => Some(1.0),
            Side::Lower(at) => Some(50.0 + at as f64),
            _ => None,
        },
        sides: 0,
        repair: 50.0,
    },
    Case {
        name: "room is cheaper than money",
        build: || {
            let mut program = purchase(100.0, &[(4.0, 0.0, FREE)], 500.0);
            program.row(-FREE, 30.0, [(0, 0.5)]);
            program
        },
        price: |side| match side {
            Side::RowHigh(1) => Some(10.0),
            Side::RowHigh(2) => Some(3.0),
            _ => None,
        },
        sides: 1,
        repair: 60.0,
    },
];

/// Opening stock 120, demand 20, room for 80.
fn warehouse() -> Program {
    let mut program = Program::new();
    let order = program.column(1.0, 0.0, FREE);
    let stock = program.column(0.1, 0.0, FREE);
    program.row(-100.0, -100.0, [(order, 1.0), (stock, -1.0)]);
    program.row(-FREE, 80.0, [(stock, 1.0)]);
    program
}

/// Three periods of at most 30 each, for demands of 10, 60 and 40, without backlog.
fn capacity() -> Program {
    let mut program = Program::new();
    let orders = [0, 1, 2].map(|_| program.column(1.0, 0.0, 30.0));
    let stocks = [0, 1, 2].map(|_| program.column(0.1, 0.0, FREE));
    for (at, demand) in [10.0, 60.0, 40.0].into_iter().enumerate() {
        let before = (at > 0).then(|| (stocks[at.max(1) - 1], 1.0));
        let terms = [(orders[at], 1.0), (stocks[at], -1.0)];
        program.row(demand, FREE, before.into_iter().chain(terms));
    }
    program
}

/// Stock of 4 for a demand of 5 a period; what is ordered now arrives in the third.
fn lead_time() -> Program {
    let mut program = Program::new();
    let order = program.column(1.0, 0.0, FREE);
    for (at, arrives) in [false, false, true].into_iter().enumerate() {
        let needed = 5.0 * (at + 1) as f64 - 4.0;
        program.row(needed, FREE, arrives.then_some((order, 1.0)));
    }
    program
}

fn whole_lots(sizes: &[f64], least: f64, most: f64) -> Program {
    let mut program = Program::new();
    let lots: Vec<(usize, f64)> =
        sizes.iter().map(|&size| (program.whole_column(1.0, 0.0, FREE), size)).collect();
    program.row(least, most, lots);
    program
}

fn lorries() -> Program {
    let mut program = Program::new();
    let on: Vec<usize> = (0..6).map(|_| program.whole_column(0.0, 0.0, 1.0)).collect();
    for load in 0..3 {
        program.row(1.0, 1.0, [(on[2 * load], 1.0), (on[2 * load + 1], 1.0)]);
    }
    for lorry in 0..2 {
        program.row(-FREE, 10.0, (0..3).map(|load| (on[2 * load + lorry], 6.0)));
    }
    program
}

fn counts(first: f64, second: f64) -> Program {
    let mut program = Program::new();
    let stocks = [0, 1].map(|_| program.column(1.0, 0.0, FREE));
    for count in [first, second] {
        program.row(count, count, stocks.map(|stock| (stock, 1.0)));
    }
    program
}

#[test]
fn no_solution_is_found_where_there_is_none() {
    for case in CASES {
        let program = (case.build)();
        for presolve in [true, false] {
            let effort = Effort { presolve, ..Effort::default() };
            let solution = program.solve(effort).expect(case.name);
            assert_eq!(solution.status, Status::Infeasible, "{}: {solution:?}", case.name);
            assert_eq!(solution.bound, FREE, "{}", case.name);
        }
        // Other methods need not prove it, but they do not answer either.
        for method in [Method::InteriorPoint, Method::FirstOrder] {
            let effort = Effort { method, iterations: 20_000, ..Effort::default() };
            let solution = program.solve(effort).expect(case.name);
            let answered = solution.status == Status::Optimal;
            assert!(!answered, "{}, {method:?}: {solution:?}", case.name);
        }
    }
}

#[test]
fn conflicts_cannot_be_made_smaller() {
    for case in CASES {
        let program = (case.build)();
        let found = conflict(&program, case.price).expect(case.name).expect(case.name);
        assert!(found.proved, "{}: {found:?}", case.name);
        assert!(case.sides == 0 || found.sides.len() == case.sides, "{}: {found:?}", case.name);
        // What must hold is part of every conflict.
        let must = sides(&program).into_iter().filter(|side| (case.price)(*side).is_none());
        let must: Vec<Side> = must.collect();
        let lacks =
            |sides: Vec<Side>| least_cost(&program, &sides, |side| (case.price)(side).map(|_| 1.0));
        let all = must.iter().chain(&found.sides).copied().collect();
        let lacked = lacks(all);
        assert!(lacked > 0.5e-8, "{}: {lacked} {found:?}", case.name);
        for left_out in &found.sides {
            let rest = found.sides.iter().filter(|side| *side != left_out);
            let lacked = lacks(must.iter().chain(rest).copied().collect());
            assert!(lacked < 1e-9, "{}: not without {left_out:?}: {lacked}", case.name);
        }
    }
}

#[test]
fn repairs_are_the_cheapest_and_repair() {
    for case in CASES {
        let program = (case.build)();
        let found = conflict(&program, case.price).expect(case.name).expect(case.name);
        let cheapest = least_cost(&program, &sides(&program), case.price);
        for cost in [found.repair_cost, cheapest] {
            let apart = (cost - case.repair).abs();
            assert!(apart < 1e-9 + 1e-6 * case.repair, "{}: {cost} {found:?}", case.name);
        }
        let priced = |&(side, by): &(Side, f64)| (case.price)(side).expect("a soft side") * by;
        let paid: f64 = found.repair.iter().map(priced).sum();
        assert!((paid - found.repair_cost).abs() <= 1e-9 * paid.max(1.0), "{}", case.name);
        let repaired = repaired(&program, &found.repair);
        let solution = repaired.solve(Effort::default()).expect(case.name);
        assert!(
            matches!(solution.status, Status::Optimal | Status::Unbounded),
            "{}: {solution:?}",
            case.name
        );
        if solution.status == Status::Optimal {
            assert!(broken(&repaired, &solution.x) < 2e-9, "{}: {solution:?}", case.name);
        }
    }
}

#[test]
fn what_may_not_give_way_is_not_repaired() {
    let found = conflict(&capacity(), |side| matches!(side, Side::RowHigh(_)).then_some(1.0));
    assert_eq!(found, Ok(None));
    let found = conflict(&capacity(), |_| Some(-1.0)).expect_err("money for giving way");
    crate::says(
        "negative prices",
        &found.to_string(),
        &["Unbounded", "prices of at least 0", "are expected"],
    );
}
