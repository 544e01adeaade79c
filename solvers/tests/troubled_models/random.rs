//! Small random programs, most of which have no solution or no end: every method says the same, and whatever is
//! said is proved anew. Then the same in other units.

use solvers::program::{Effort, Program, Side, Solution, Solver, Status, conflict};

use crate::FREE;
use crate::exact::{broken, dot, least_cost, repaired, sides};

/// Whole numbers by a linear congruence (Knuth, *The Art of Computer Programming* 2, §3.3.4).
struct Numbers(u64);

impl Numbers {
    fn between(&mut self, low: i32, high: i32) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(low) + ((self.0 >> 33) % (high - low + 1) as u64) as f64
    }

    fn chance(&mut self, percent: i32) -> bool {
        self.between(0, 99) < f64::from(percent)
    }
}

/// Columns and rows with small whole numbers; some columns whole, if wanted, and then all are bounded: a
/// search without bounds may not end.
fn program(seed: u64, whole: bool) -> Program {
    let mut numbers = Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let mut program = Program::new();
    for _ in 0..4 {
        let lower = if whole || numbers.chance(80) { numbers.between(-1, 1) } else { -FREE };
        let upper = if whole || numbers.chance(30) {
            lower.max(-3.0) + numbers.between(0, 6)
        } else {
            FREE
        };
        let column = program.column(numbers.between(-4, 4), lower, upper);
        program.whole[column] = whole && numbers.chance(60);
    }
    for _ in 0..3 {
        let terms: Vec<(usize, f64)> = (0..4)
            .map(|column| (column, numbers.between(-3, 3)))
            .filter(|term| term.1 != 0.0)
            .collect();
        let low = numbers.between(-6, 6);
        let (low, high) = match numbers.between(0, 3) as usize {
            0 => (low, low),
            1 => (low, low + numbers.between(1, 4)),
            2 => (low, FREE),
            _ => (-FREE, low),
        };
        program.row(low, high, terms);
    }
    program
}

fn solved(program: &Program, presolve: bool) -> Solution {
    program.solve(Effort { presolve, ..Effort::default() }).expect("whole numbers")
}

/// A direction that keeps every bound, and saves costs.
fn falls(name: &str, program: &Program) {
    let mut solver = Solver::new(program.relaxed()).expect("whole numbers");
    let told = solver.solve(Effort { presolve: false, ..Effort::default() });
    assert_eq!(told.status, Status::Unbounded, "{name}: {told:?}");
    let ray = solver.primal_ray().expect(name);
    let mut cone = program.clone();
    for side in sides(program) {
        match side {
            Side::RowLow(row) => cone.row_low[row] = 0.0,
            Side::RowHigh(row) => cone.row_high[row] = 0.0,
            Side::Lower(column) => cone.lower[column] = 0.0,
            Side::Upper(column) => cone.upper[column] = 0.0,
        }
    }
    cone.whole.fill(false);
    let size = ray.iter().fold(0.0_f64, |most, step| most.max(step.abs()));
    assert!(broken(&cone, &ray) <= 1e-9 * size, "{name}: {ray:?}");
    assert!(dot(program.cost.iter().copied().zip(ray)) < 0.0, "{name}");
}

fn explained(name: &str, program: &Program) {
    let whole = program.is_integer();
    let price = |side: Side| {
        let is_row = matches!(side, Side::RowLow(_) | Side::RowHigh(_));
        (is_row || !whole).then_some(1.0)
    };
    let found = conflict(program, price).expect(name).expect(name);
    assert!(found.proved, "{name}: {found:?}");
    let all = sides(program);
    let hard: Vec<Side> = all.iter().copied().filter(|side| price(*side).is_none()).collect();
    let lacks = |soft: &[Side]| least_cost(program, &[&hard, soft].concat(), price);
    assert!(lacks(&found.sides) > 1e-6, "{name}: {found:?}");
    for left_out in &found.sides {
        let rest: Vec<Side> =
            found.sides.iter().filter(|side| *side != left_out).copied().collect();
        assert!(lacks(&rest) < 1e-7, "{name}: not without {left_out:?}: {found:?}");
    }
    let least = least_cost(program, &all, price);
    assert!((least - found.repair_cost).abs() < 1e-7, "{name}: {least} {found:?}");
    let mended = solved(&repaired(program, &found.repair), true);
    assert!(matches!(mended.status, Status::Optimal | Status::Unbounded), "{name}: {mended:?}");
}

#[test]
fn random_models_are_answered_or_explained() {
    let mut counts = [0; 3];
    for seed in 0..120 {
        for whole in [false, true] {
            let (name, program) = (format!("{seed} {whole}"), program(seed, whole));
            let solution = solved(&program, true);
            let raw = solved(&program, false);
            assert_eq!(raw.status, solution.status, "{name}: {solution:?} {raw:?}");
            match solution.status {
                Status::Optimal => {
                    counts[0] += 1;
                    assert!((solution.objective - raw.objective).abs() < 1e-7, "{name}");
                    for told in [&solution, &raw] {
                        assert!(broken(&program, &told.x) < 1e-8, "{name}: {told:?}");
                        assert!(told.objective - told.bound < 1e-6, "{name}: {told:?}");
                    }
                    assert_eq!(conflict(&program, |_| Some(1.0)), Ok(None), "{name}");
                }
                Status::Infeasible => {
                    counts[1] += 1;
                    explained(&name, &program);
                }
                Status::Unbounded => {
                    counts[2] += 1;
                    falls(&name, &program);
                }
                status => panic!("{name}: {status:?}"),
            }
        }
    }
    assert!(counts.iter().all(|count| *count > 20), "{counts:?}");
}

/// The same in other units: columns in thousandths or thousands, rows and costs likewise.
#[test]
fn units_do_not_change_an_answer() {
    for seed in 0..400 {
        let program = program(seed, false);
        let known = solved(&program, true);
        let mut numbers = Numbers(seed);
        let mut unit = || 10.0_f64.powf(numbers.between(-3, 3));
        let columns: Vec<f64> = (0..program.columns()).map(|_| unit()).collect();
        let money = unit();
        let mut other = Program::new();
        for (column, size) in columns.iter().enumerate() {
            let cost = program.cost[column] * size * money;
            other.column(cost, program.lower[column] / size, program.upper[column] / size);
        }
        for row in 0..program.rows() {
            let size = unit();
            let terms = program.terms_of(row).map(|(at, factor)| (at, factor * columns[at] * size));
            other.row(program.row_low[row] * size, program.row_high[row] * size, terms);
        }
        if other.check_scale().is_err() {
            continue;
        }
        for presolve in [true, false] {
            let told = solved(&other, presolve);
            assert_eq!(told.status, known.status, "{seed}: {told:?} {known:?}");
            if told.status == Status::Optimal {
                let apart = (told.objective / money - known.objective).abs();
                assert!(
                    apart <= 1e-4 * known.objective.abs().max(1.0),
                    "{seed}: {told:?} {known:?}"
                );
            }
        }
    }
}
