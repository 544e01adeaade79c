//! The wrapper against programs whose answers are known.

use super::*;

const FREE: f64 = f64::INFINITY;

fn solved(program: &Program) -> Solution {
    program.solve(Effort::default()).expect("data that can be computed with")
}

/// min −3a − 2b, a + b ≤ 1.5, both between 0 and 1.
fn small() -> Program {
    let mut program = Program::new();
    program.column(-3.0, 0.0, 1.0);
    program.column(-2.0, 0.0, 1.0);
    program.row(-FREE, 1.5, [(0, 1.0), (1, 1.0)]);
    program
}

#[test]
fn a_small_program_is_solved_and_priced() {
    for method in [Method::Simplex, Method::InteriorPoint] {
        let solution = small().solve(Effort { method, ..Effort::default() }).expect("numbers");
        assert_eq!(solution.status, Status::Optimal);
        assert!((solution.objective + 4.0).abs() < 1e-6, "{method:?} {solution:?}");
        assert!((solution.row_dual[0] + 2.0).abs() < 1e-6, "{method:?} {solution:?}");
    }
    let effort = Effort { method: Method::FirstOrder, ..Effort::default() };
    let rough = small().solve(effort).expect("numbers");
    assert_eq!(rough.status, Status::Optimal);
    assert!((rough.objective + 4.0).abs() < 1e-2, "{rough:?}");
    let mut whole = small();
    whole.whole.fill(true);
    let solution = solved(&whole);
    assert_eq!((solution.status, &solution.x[..]), (Status::Optimal, &[1.0, 0.0][..]));
    assert!((solution.objective + 3.0).abs() < 1e-9 && (solution.bound + 3.0).abs() < 1e-9);
}

/// `HiGHS` 1.14.0 answered 15: presolve, on a whole and a fractional column.
#[test]
fn a_wrong_answer_of_an_earlier_solver_is_not_given() {
    let mut program = Program::new();
    program.column(2.0, 0.0, FREE);
    program.whole_column(3.0, 0.0, FREE);
    program.row(4.5, FREE, [(0, 1.0), (1, 1.0)]);
    for presolve in [true, false] {
        let effort = Effort { presolve, ..Effort::default() };
        let solution = program.solve(effort).expect("numbers");
        assert_eq!((solution.status, solution.objective), (Status::Optimal, 9.0));
    }
}

/// Changes of cost, bounds and rows, each solved again from where the last solve ended.
#[test]
fn a_program_is_changed_and_solved_again() {
    let mut solver = Solver::new(small()).expect("numbers");
    assert!((solver.solve(Effort::default()).objective + 4.0).abs() < 1e-9);
    let basis = solver.basis();
    solver.set_cost(1, -4.0);
    assert!((solver.solve(Effort::default()).objective + 5.5).abs() < 1e-9);
    solver.set_costs(0, &[-3.0, -2.0]);
    solver.set_row_bounds(0, -FREE, 1.0);
    assert!((solver.solve(Effort::default()).objective + 3.0).abs() < 1e-9);
    solver.set_bounds(0, 0.0, 0.25);
    assert!((solver.solve(Effort::default()).objective + 2.25).abs() < 1e-9);
    let cut = solver.add_row(-FREE, 0.5, [(1, 1.0)]);
    let solution = solver.solve(Effort::default());
    assert!((solution.objective + 1.75).abs() < 1e-9);
    assert!((solution.row_dual[cut] + 2.0).abs() < 1e-9);
    assert!(!solver.set_basis(&basis), "a basis of fewer rows");

    let mut again = Solver::new(small()).expect("numbers");
    assert!(again.set_basis(&basis));
    let solution = again.solve(Effort { presolve: false, ..Effort::default() });
    assert_eq!((solution.iterations, solution.objective), (0, -4.0));
}

#[test]
fn rays_prove_what_cannot_be_and_what_never_ends() {
    let raw = Effort { presolve: false, ..Effort::default() };
    let mut program = small();
    program.row(3.0, 4.0, [(0, 1.0), (1, 1.0)]);
    let mut solver = Solver::new(program).expect("numbers");
    assert_eq!(solver.solve(raw).status, Status::Infeasible);
    let ray = solver.dual_ray().expect("a proof");
    // y·(Ax) is at most −3y₁ … of x between 0 and 1 by the signs of y: here a + b ≥ 3 alone, or
    // against a + b ≤ 1.5.
    let most: f64 = (0..2).map(|_| (ray[0] + ray[1]).max(0.0)).sum();
    let least = 3.0 * ray[1].max(0.0) + 1.5 * ray[0].min(0.0);
    assert!(ray[1] > 0.0 && least > most - 1e-9, "{ray:?}");

    let mut program = Program::new();
    program.column(-1.0, 0.0, FREE);
    program.column(1.0, 0.0, FREE);
    program.row(-FREE, 2.0, [(0, 1.0), (1, -1.0)]);
    program.cost[1] = 0.5;
    let mut solver = Solver::new(program).expect("numbers");
    assert_eq!(solver.solve(raw).status, Status::Unbounded);
    let ray = solver.primal_ray().expect("a direction");
    assert!(ray[0] > 0.0 && ray[0] <= ray[1] + 1e-9, "{ray:?}");
    assert_eq!(solver.solve(Effort::default()).status, Status::Unbounded);
}

/// A knapsack that takes a search.
fn knapsack(items: usize) -> Program {
    let mut program = Program::new();
    let sizes = |item: usize| (30 + item * 37 % 71) as f64;
    for item in 0..items {
        program.whole_column(-sizes(item) - (item * 13 % 7) as f64, 0.0, 1.0);
    }
    for side in 0..3 {
        let terms = (0..items).map(|item| (item, sizes((item * (side + 3)) % items)));
        let high = (0..items).map(sizes).sum::<f64>() / 3.0 + 0.5;
        program.row(-FREE, high.floor(), terms.collect::<Vec<_>>());
    }
    program
}

#[test]
fn a_search_is_watched_started_and_stopped() {
    use std::sync::{Arc, Mutex};
    let program = knapsack(40);
    let mut solver = Solver::new(program.clone()).expect("numbers");
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    solver.watch(move |event| {
        heard.lock().expect("no panic").push(event);
        true
    });
    let best = solver.solve(Effort::default());
    assert_eq!(best.status, Status::Optimal);
    let better = |event: &Event| matches!(event, Event::Better(_));
    assert!(told.lock().expect("no panic").iter().any(better));

    // One node, from nothing and from the best: never called optimal without proof.
    let short = Effort { nodes: 1, ..Effort::default() };
    let stopped = solved_with(&program, short, None);
    assert!(stopped.bound <= best.objective + 1e-6 && stopped.objective >= best.objective - 1e-6);
    let started = solved_with(&program, short, Some(&best.x));
    assert!((started.objective - best.objective).abs() < 1e-6);

    let mut solver = Solver::new(program).expect("numbers");
    solver.watch(|_| false);
    let stopped = solver.solve(Effort::default()).status;
    assert!(matches!(stopped, Status::Limit | Status::LimitWithout), "{stopped:?}");
}

fn solved_with(program: &Program, effort: Effort, start: Option<&[f64]>) -> Solution {
    let mut solver = Solver::new(program.clone()).expect("numbers");
    if let Some(x) = start {
        solver.start_from(x);
    }
    solver.solve(effort)
}

#[test]
fn data_that_cannot_be_computed_with_are_named() {
    let mut program = small();
    program.cost[1] = f64::NAN;
    assert!(matches!(program.check(), Err(ProgramError::Cost(1, _))));
    let mut program = small();
    program.upper[0] = -1.0;
    assert_eq!(program.check(), Err(ProgramError::Bounds(0, 0.0, -1.0)));
    let mut program = small();
    program.row_low[0] = 2.0;
    assert_eq!(program.check(), Err(ProgramError::RowBounds(0, 2.0, 1.5)));
    let mut program = small();
    program.row(0.0, 1.0, [(7, 1.0)]);
    assert_eq!(program.check(), Err(ProgramError::Column(1, 7, 2)));
    let mut program = small();
    program.row(0.0, 1.0, [(0, 1e300)]);
    assert_eq!(program.check(), Err(ProgramError::Factor(1, 0, 1e300)));
    let mut program = small();
    program.row(0.0, 1.0, [(0, 1e-5), (1, 1e6)]);
    assert!(program.check().is_ok());
    assert!(matches!(program.check_scale(), Err(ProgramError::Scale { row: 1, .. })));
}

/// a + b ≥ 3 against a ≤ 1 and b ≤ 1; a third row has no part in it.
#[test]
fn a_conflict_is_named_and_its_cheapest_repair() {
    let mut program = Program::new();
    program.column(1.0, 0.0, 1.0);
    program.column(1.0, 0.0, 1.0);
    program.column(1.0, 0.0, 1.0);
    program.row(3.0, FREE, [(0, 1.0), (1, 1.0)]);
    program.row(0.5, FREE, [(2, 1.0), (0, 1.0)]);
    let soft = |side: Side| match side {
        Side::RowLow(_) => Some(10.0),
        Side::Upper(0) => Some(4.0),
        Side::Upper(1) => Some(3.0),
        _ => None,
    };
    let found = conflict(&program, soft).expect("numbers").expect("a conflict");
    assert_eq!(found.sides, [Side::RowLow(0), Side::Upper(0), Side::Upper(1)]);
    assert_eq!(found.repair, [(Side::Upper(1), 1.0)]);
    assert!((found.repair_cost - 3.0).abs() < 1e-9);
    // With whole columns likewise: 2a = 1 has fractions only.
    let mut whole = Program::new();
    whole.whole_column(0.0, 0.0, 5.0);
    whole.row(1.0, 1.0, [(0, 2.0)]);
    let found = conflict(&whole, |side| matches!(side, Side::RowHigh(_)).then_some(1.0));
    let found = found.expect("numbers").expect("a conflict");
    assert_eq!(
        (found.sides, found.repair),
        (vec![Side::RowHigh(0)], vec![(Side::RowHigh(0), 1.0)])
    );
    // What has a solution has no conflict; what nothing may change is not repaired.
    assert_eq!(conflict(&small(), |_| Some(1.0)).expect("numbers"), None);
    let never = conflict(&program, |_| None).expect("numbers");
    assert_eq!(never, None);
}
