//! Random small programs: each way against the extensive form.

use scenarios::{Purpose, Random, Streams};

use super::super::*;
use crate::program::{Effort, Program, Status};

const FREE: f64 = f64::INFINITY;

/// Few columns and rows with small whole factors; some have no recourse for some decisions, some none at
/// all, and of some costs have no end.
fn program(number: u32, whole: bool) -> TwoStage {
    let mut random = Random::new(Streams::new(1, Purpose::Example, 0, "two-stage"), number);
    let mut below = |count: usize| (random.uniform() * count as f64) as usize;
    let columns = 1 + below(3);
    let mut first = Program::new();
    for _ in 0..columns {
        let upper = if below(6) == 0 { FREE } else { (1 + below(9)) as f64 };
        let place = first.column(below(11) as f64 - 4.0, 0.0, upper);
        first.whole[place] = whole && below(2) == 0;
    }
    let terms: Vec<(usize, f64)> = (0..columns).map(|column| (column, 1.0)).collect();
    first.row(below(3) as f64, (4 + below(9)) as f64, terms);
    let count = 1 + below(4);
    let mut two_stage = TwoStage::new(first);
    for _ in 0..count {
        let mut scenario = Scenario::new(1.0 / count as f64);
        let own = 1 + below(3);
        for _ in 0..own {
            let upper = if below(3) == 0 { (1 + below(5)) as f64 } else { FREE };
            scenario.column(below(12) as f64 - 1.0, 0.0, upper);
        }
        for _ in 0..=below(3) {
            let links: Vec<_> =
                (0..columns).map(|column| (column, below(5) as f64 - 1.0)).collect();
            let terms: Vec<_> = (0..own).map(|column| (column, below(5) as f64 - 1.0)).collect();
            let low = below(9) as f64 - 1.0;
            let high = if below(3) == 0 { low + below(6) as f64 } else { FREE };
            scenario.row(low, high, links, terms);
        }
        two_stage.scenarios.push(scenario);
    }
    two_stage
}

fn exact(two_stage: &TwoStage) -> (Verdict, f64) {
    let program = two_stage.extensive().expect("numbers").program;
    let solution = program.solve(Effort::default()).expect("numbers");
    match solution.status {
        Status::Optimal => (Verdict::Optimal, solution.objective),
        Status::Infeasible => (Verdict::Infeasible, FREE),
        Status::Unbounded => (Verdict::Unbounded, -FREE),
        status => panic!("{status:?}"),
    }
}

fn near(left: f64, right: f64) -> bool {
    left == right || (left - right).abs() <= 1e-5 * right.abs().max(1.0)
}

#[test]
fn cuts_find_what_the_extensive_form_finds() {
    let mut ended = [0; 3];
    for number in 0..600 {
        let two_stage = program(number, number % 3 == 2);
        let (verdict, cost) = exact(&two_stage);
        ended[match verdict {
            Verdict::Infeasible => 1,
            Verdict::Unbounded => 2,
            _ => 0,
        }] += 1;
        let groups = if number % 2 == 0 { usize::MAX } else { 1 };
        let effort = BendersEffort { groups, most_iterations: 300, ..BendersEffort::default() };
        let found = benders(&two_stage, effort, &Serial);
        let found = found.unwrap_or_else(|error| panic!("{number}: {error}"));
        assert_eq!(found.certificate.verdict, verdict, "{number}: {cost} {found:?}");
        assert!(near(found.certificate.bounds.upper, cost), "{number}: {cost} {found:?}");
        if verdict == Verdict::Optimal {
            let recourses = Recourses::new(&two_stage, 0).expect("numbers");
            let again = recourses.expected_cost(&found.x, &Serial).expect("solved");
            assert!(near(again, cost), "{number}: {again} {cost}");
            for bounds in &found.certificate.history {
                assert!(bounds.lower <= cost + 1e-5 * cost.abs().max(1.0), "{number}");
            }
        }
    }
    assert!(ended.iter().all(|count| *count >= 20), "{ended:?}");
}

#[test]
fn prices_find_what_the_extensive_form_finds() {
    for number in 0..300 {
        let two_stage = program(number, false);
        let (verdict, cost) = exact(&two_stage);
        let blocks = two_stage.blocks().expect("numbers");
        let found = blocks.solve(BlocksEffort::default(), &Serial);
        let found = found.unwrap_or_else(|error| panic!("{number}: {error}"));
        assert_eq!(found.certificate.verdict, verdict, "{number}: {cost} {found:?}");
        assert!(near(found.certificate.bounds.upper, cost), "{number}: {cost} {found:?}");
        if verdict == Verdict::Optimal {
            let own = blocks.blocks.iter().zip(&found.x);
            let sum: f64 = own.map(|(block, x)| block.program.cost_of(x)).sum();
            assert!(near(sum, cost), "{number}: {sum} {cost}");
        }
    }
}

#[test]
fn hedged_bounds_enclose_the_extensive_form() {
    let (mut tried, mut closed) = (0, 0);
    for number in 0..50 {
        let two_stage = program(number, number % 3 == 2);
        let (verdict, cost) = exact(&two_stage);
        let effort = HedgingEffort { most_iterations: 20, ..HedgingEffort::default() };
        let found = hedging(&two_stage, effort, &Serial);
        let found = found.unwrap_or_else(|error| panic!("{number}: {error}"));
        let bounds = found.certificate.bounds;
        let rounding = if cost.is_finite() { 1e-6 * cost.abs().max(1.0) } else { 0.0 };
        assert!(bounds.lower <= cost + rounding, "{number}: {cost} {found:?}");
        assert!(bounds.upper >= cost - rounding, "{number}: {cost} {found:?}");
        if verdict == Verdict::Optimal {
            tried += 1;
            closed += usize::from(bounds.gap() < 0.01);
        }
    }
    assert!(closed * 10 >= tried * 7, "{closed} of {tried}");
}
