//! Models without an end: the direction in which costs fall for ever is one of the program's.

use solvers::program::{Effort, Program, Solver, Status};

use crate::FREE;
use crate::exact::dot;

/// A name, and the program.
type Case = (&'static str, fn() -> Program);

const CASES: &[Case] = &[
    ("transfers in a circle earn a little each", circle),
    ("a free column has a falling cost", || {
        let mut program = Program::new();
        program.column(-1.0, -FREE, FREE);
        program
    }),
    ("what is bought is sold for more, without limit", || {
        let mut program = Program::new();
        let (bought, sold) = (program.column(4.0, 0.0, FREE), program.column(-5.0, 0.0, FREE));
        program.row(0.0, FREE, [(bought, 1.0), (sold, -1.0)]);
        program
    }),
    ("the same in whole pallets", || {
        let mut program = Program::new();
        let bought = program.whole_column(40.0, 0.0, FREE);
        let sold = program.whole_column(-7.0, 0.0, FREE);
        program.row(0.0, 5.0, [(bought, 6.0), (sold, -1.0)]);
        program
    }),
    ("stock at the end is worth more than it costs", || {
        let mut program = Program::new();
        let (order, stock) = (program.column(2.0, 0.0, FREE), program.column(-2.5, 0.0, FREE));
        program.row(-30.0, -30.0, [(stock, 1.0), (order, -1.0)]);
        program
    }),
    ("backlog is paid for by the customer who waits", || {
        let mut program = Program::new();
        let order = program.column(3.0, 0.0, 50.0);
        let backlog = [program.column(1.0, 0.0, FREE), program.column(-1.5, 0.0, FREE)];
        program.row(20.0, 20.0, [(order, 1.0), (backlog[0], 1.0), (backlog[1], -1.0)]);
        program
    }),
    // `HiGHS` 1.15.0 calls it infeasible, by presolve.
    ("a stock that earns is limited by nothing that it does not widen", || {
        let mut program = Program::new();
        for (cost, lower, upper) in
            [(-2.0, 0.0, FREE), (-1.0, 0.0, 4.0), (0.0, 0.0, FREE), (-1.0, -1.0, FREE)]
        {
            program.column(cost, lower, upper);
        }
        program.row(-FREE, 6.0, [(0, -3.0), (2, -3.0), (3, 1.0)]);
        program.row(-6.0, FREE, [(0, 1.0), (1, -2.0), (2, -1.0), (3, 2.0)]);
        program.row(2.0, FREE, [(0, -1.0), (1, -1.0), (3, 2.0)]);
        program
    }),
    ("a refund without a cap, at costs of a millionth", || {
        let mut program = Program::new();
        let (order, refund) = (program.column(2e-9, 1.0, FREE), program.column(-3e-9, 0.0, FREE));
        program.row(-FREE, 0.0, [(refund, 1.0), (order, -1.0)]);
        program
    }),
];

/// Three warehouses; each transfer costs 2 to 4, and the next pays 5 for it.
fn circle() -> Program {
    let mut program = Program::new();
    let transfers = [2.0, 3.0, 4.0].map(|cost| program.column(cost - 5.0, 0.0, FREE));
    for at in 0..3 {
        let terms = [(transfers[at], 1.0), (transfers[(at + 1) % 3], -1.0)];
        program.row(-FREE, 10.0, terms);
    }
    program
}

#[test]
fn no_cost_is_told_where_there_is_no_end() {
    for (name, build) in CASES {
        for presolve in [true, false] {
            let effort = Effort { presolve, ..Effort::default() };
            let solution = build().solve(effort).expect(name);
            assert_eq!(solution.status, Status::Unbounded, "{name}: {solution:?}");
            assert_eq!(solution.bound, -FREE, "{name}");
        }
    }
}

#[test]
fn directions_without_end_keep_every_row_and_save_costs() {
    for (name, build) in CASES {
        let program = build();
        let mut solver = Solver::new(program.relaxed()).expect(name);
        let effort = Effort { presolve: false, ..Effort::default() };
        assert_eq!(solver.solve(effort).status, Status::Unbounded, "{name}");
        let ray = solver.primal_ray().expect(name);
        let size = ray.iter().fold(0.0_f64, |most, step| most.max(step.abs()));
        let keeps = |step: f64, low: f64, high: f64| {
            (low == -FREE || step >= -1e-9 * size) && (high == FREE || step <= 1e-9 * size)
        };
        for (column, &step) in ray.iter().enumerate() {
            assert!(keeps(step, program.lower[column], program.upper[column]), "{name}: {ray:?}");
        }
        for row in 0..program.rows() {
            let step = dot(program.terms_of(row).map(|(column, factor)| (factor, ray[column])));
            assert!(keeps(step, program.row_low[row], program.row_high[row]), "{name}: {ray:?}");
        }
        assert!(dot(program.cost.iter().copied().zip(ray)) < 0.0, "{name}");
        // And there is somewhere to start from.
        let mut start = program;
        start.cost.fill(0.0);
        assert_eq!(start.solve(Effort::default()).expect(name).status, Status::Optimal, "{name}");
    }
}
