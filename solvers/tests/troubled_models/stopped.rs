//! Searches that end early: what is at hand is no optimum, and the bound holds.

use solvers::program::{Effort, Program, ProgramError, Side, Solver, Status, conflict};

use crate::FREE;
use crate::exact::{broken, dot};

/// A search that takes many nodes: lots of many items within three budgets.
fn lots(items: usize) -> Program {
    let mut program = Program::new();
    let size = |item: usize| (30 + item * 37 % 71) as f64;
    for item in 0..items {
        program.whole_column(-size(item) - (item * 13 % 7) as f64, 0.0, 1.0);
    }
    for budget in 0..3 {
        let terms = (0..items).map(|item| (item, size((item * (budget + 3)) % items)));
        let high = (0..items).map(size).sum::<f64>() / 3.0 + 0.5;
        program.row(-FREE, high.floor(), terms.collect::<Vec<_>>());
    }
    program
}

/// The transport of `places` supplies to as many demands.
fn transport(places: usize) -> Program {
    let mut program = Program::new();
    for from in 0..places {
        for to in 0..places {
            program.column((from * 31 + to * 17) as f64 % 23.0 + 1.0, 0.0, FREE);
        }
    }
    for from in 0..places {
        program.row(-FREE, 10.0, (0..places).map(|to| (from * places + to, 1.0)));
    }
    for to in 0..places {
        program.row(9.0, FREE, (0..places).map(|from| (from * places + to, 1.0)));
    }
    program
}

#[test]
fn a_search_that_ends_at_its_nodes_is_not_called_optimal() {
    let program = lots(40);
    let best = program.solve(Effort::default()).expect("numbers");
    assert_eq!(best.status, Status::Optimal);
    for presolve in [true, false] {
        let effort = Effort { nodes: 1, presolve, relative_gap: 0.0, ..Effort::default() };
        let stopped = program.solve(effort).expect("numbers");
        match stopped.status {
            Status::Limit => {
                assert!(broken(&program, &stopped.x) < 1e-9, "{stopped:?}");
                let paid = dot(program.cost.iter().copied().zip(stopped.x.iter().copied()));
                assert!(paid >= best.objective, "{paid} {}", best.objective);
                assert!(stopped.bound < stopped.objective, "{stopped:?}");
            }
            Status::LimitWithout => {}
            status => panic!("{status:?}"),
        }
        assert!(stopped.bound <= best.objective + 1e-9, "{stopped:?}");
    }
}

#[test]
fn a_search_that_its_watcher_ends_is_not_called_optimal() {
    let mut solver = Solver::new(lots(40)).expect("numbers");
    solver.watch(|_| false);
    let stopped = solver.solve(Effort::default());
    assert!(matches!(stopped.status, Status::Limit | Status::LimitWithout), "{stopped:?}");
}

#[test]
fn a_linear_program_that_ends_at_its_iterations_has_no_optimum_and_no_bound() {
    let program = transport(30);
    for iterations in [0, 3, 30] {
        let effort = Effort { iterations, presolve: false, ..Effort::default() };
        let stopped = program.solve(effort).expect("numbers");
        assert!(matches!(stopped.status, Status::Limit | Status::LimitWithout), "{stopped:?}");
        assert_eq!(stopped.bound, -FREE);
        if stopped.status == Status::Limit {
            assert!(broken(&program, &stopped.x) < 1e-6, "{stopped:?}");
        }
    }
    assert_eq!(program.solve(Effort::default()).expect("numbers").status, Status::Optimal);
}

/// Whole columns whose relaxation has no end, and which are stopped before that is known: the search without
/// costs that asks whether there is a solution proves nothing about costs.
#[test]
fn a_bound_is_not_taken_from_a_search_without_costs() {
    let mut program = lots(40);
    let endless = program.whole_column(-1.0, 0.0, FREE);
    let paid = program.whole_column(0.0, 0.0, FREE);
    program.row(-FREE, 0.5, [(endless, 1.0), (paid, -1.0)]);
    for nodes in [0, 1, 20_000] {
        for presolve in [true, false] {
            let effort = Effort { nodes, presolve, ..Effort::default() };
            let solution = program.solve(effort).expect("numbers");
            assert_eq!(solution.bound, -FREE, "{solution:?}");
            assert_ne!(solution.status, Status::Optimal);
        }
    }
}

/// Lots that split three markets evenly (Cornuéjols and Dawande, INFORMS Journal on Computing 11 (1999)
/// 205–210) exist here, but are hard to find: what a search did not find is not called impossible.
#[test]
fn a_solution_that_is_hard_to_find_is_no_conflict() {
    let mut program = Program::new();
    for _ in 0..24 {
        program.whole_column(0.0, 0.0, 1.0);
    }
    let mut state = 7_u64;
    for _ in 0..3 {
        let mut size = |_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 33) % 100) as f64
        };
        let sizes: Vec<f64> = (0..24).map(&mut size).collect();
        let half = (sizes.iter().sum::<f64>() / 2.0).floor();
        program.row(half, half, sizes.into_iter().enumerate());
    }
    let found = conflict(&program, |side| matches!(side, Side::RowLow(_)).then_some(1.0));
    assert!(matches!(found, Ok(None) | Err(ProgramError::Unexplained(_))), "{found:?}");
}
