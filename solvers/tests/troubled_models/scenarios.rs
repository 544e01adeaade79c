//! Models over scenarios and blocks: the whole and its parts say the same.

use solvers::decompose::{
    BendersEffort, Block, Blocks, BlocksEffort, DecomposeError, HedgingEffort, Scenario, Serial,
    TwoStage, Verdict, benders, hedging, values,
};
use solvers::program::{Effort, Program, Side, Status, conflict};

use crate::exact::{least_cost, sides};
use crate::{FREE, says};

/// Orders now at 4 a unit, and at 7 later; demand in each of the scenarios, of which there may be no more later
/// than `later`.
fn orders(demands: &[f64], most: f64, later: f64) -> TwoStage {
    let mut first = Program::new();
    first.column(4.0, 0.0, most);
    let mut two_stage = TwoStage::new(first);
    for &demand in demands {
        let mut scenario = Scenario::new(1.0 / demands.len() as f64);
        let more = scenario.column(7.0, 0.0, later);
        let left = scenario.column(0.5, 0.0, FREE);
        scenario.row(demand, demand, [(0, 1.0)], [(more, 1.0), (left, -1.0)]);
        two_stage.scenarios.push(scenario);
    }
    two_stage
}

/// What Benders, hedging, the blocks and the whole program say.
#[track_caller]
fn agree(name: &str, two_stage: &TwoStage, verdict: Verdict, status: Status) {
    let decision = benders(two_stage, BendersEffort::default(), &Serial).expect(name);
    assert_eq!(decision.certificate.verdict, verdict, "{name}, Benders: {decision:?}");
    let decision = hedging(two_stage, HedgingEffort::default(), &Serial).expect(name);
    assert_eq!(decision.certificate.verdict, verdict, "{name}, hedging: {decision:?}");
    let blocks = two_stage.blocks().expect(name);
    let answer = blocks.solve(BlocksEffort::default(), &Serial).expect(name);
    assert_eq!(answer.certificate.verdict, verdict, "{name}, blocks: {answer:?}");
    assert!(answer.x.is_empty(), "{name}: {answer:?}");
    let extensive = two_stage.extensive().expect(name);
    let solution = extensive.program.solve(Effort::default()).expect(name);
    assert_eq!(solution.status, status, "{name}: {solution:?}");
    let error = values(two_stage, &Serial).expect_err(name);
    says(name, &error.to_string(), &[&format!("{status:?}"), "an optimum is expected"]);
}

#[test]
fn what_has_no_recourse_in_one_scenario_has_no_decision() {
    let two_stage = orders(&[50.0, 60.0, 130.0], 80.0, 30.0);
    agree("demand of one scenario", &two_stage, Verdict::Infeasible, Status::Infeasible);
    // It lacks 20 there, and nowhere else.
    let program = two_stage.extensive().expect("numbers").program;
    let demand = |side: Side| matches!(side, Side::RowLow(_)).then_some(1.0);
    let found = conflict(&program, demand).expect("numbers").expect("a conflict");
    assert_eq!(found.sides, [Side::RowLow(2)]);
    assert_eq!(found.repair, [(Side::RowLow(2), 20.0)]);
    assert!((least_cost(&program, &sides(&program), demand) - 20.0).abs() < 1e-9);
}

#[test]
fn what_cannot_be_decided_at_all_is_infeasible() {
    let mut two_stage = orders(&[50.0, 60.0], 80.0, 30.0);
    two_stage.first.row(90.0, FREE, [(0, 1.0)]);
    agree("the first stage", &two_stage, Verdict::Infeasible, Status::Infeasible);
    let mut two_stage = orders(&[50.0, 60.0], 80.0, 30.0);
    two_stage.scenarios[1].row(5.0, FREE, [], [(0, -1.0)]);
    agree("a scenario of itself", &two_stage, Verdict::Infeasible, Status::Infeasible);
}

#[test]
fn costs_that_fall_for_ever_are_no_answer() {
    let mut two_stage = orders(&[50.0, 60.0], 80.0, 30.0);
    two_stage.scenarios[1].recourse.cost[1] = -9.0;
    two_stage.scenarios[1].recourse.upper[0] = FREE;
    agree("a return above its price", &two_stage, Verdict::Unbounded, Status::Unbounded);
    let mut two_stage = orders(&[50.0, 60.0], FREE, 30.0);
    two_stage.first.cost[0] = -1.0;
    agree("an order that is paid for", &two_stage, Verdict::Unbounded, Status::Unbounded);
}

/// A name, a change of a sound program, and what the refusal says.
type Case = (&'static str, fn(&mut TwoStage), &'static [&'static str]);

const REFUSED: &[Case] = &[
    ("there is no scenario", |program| program.scenarios.clear(), &["no scenario", "at least one"]),
    (
        "probabilities sum to less than one",
        |program| program.scenarios[1].probability = 0.4,
        &["sum to 0.9", "1 is expected"],
    ),
    (
        "a scenario is impossible",
        |program| program.scenarios[0].probability = 0.0,
        &["scenario 0 has probability 0", "above 0"],
    ),
    (
        "a probability is not a number",
        |program| program.scenarios[1].probability = f64::NAN,
        &["scenario 1 has probability NaN"],
    ),
    (
        "a price of the first stage is not a number",
        |program| program.first.cost[0] = f64::NAN,
        &["first stage", "cost of column 0"],
    ),
    (
        "a demand is not a number",
        |program| program.scenarios[1].recourse.row_low[0] = f64::NAN,
        &["scenario or block 1", "row 0 must be at least NaN"],
    ),
    (
        "a link names a column that there is not",
        |program| program.scenarios[1].technology.push((0, 5, 1.0)),
        &["scenario or block 1", "row 0 and column 5"],
    ),
    (
        "a link is not a number",
        |program| program.scenarios[0].technology[0].2 = f64::NAN,
        &["scenario or block 0", "NaN"],
    ),
    (
        "an order counts a thousand millionth beside what is bought later",
        |program| program.scenarios[1].technology[0].2 = 1e-10,
        &["scenario 1", "from the first stage's on", "column 0", "measure in other units"],
    ),
    (
        "a later price is lost beside the other",
        |program| program.scenarios[1].recourse.cost[1] = 1e-11,
        &["scenario 1", "cost of column 2 is 1.0e-11", "make it 0"],
    ),
];

#[test]
fn scenarios_that_cannot_be_computed_with_are_named() {
    for (name, change, words) in REFUSED {
        let mut two_stage = orders(&[50.0, 60.0], 80.0, 30.0);
        change(&mut two_stage);
        let cuts = benders(&two_stage, BendersEffort::default(), &Serial).expect_err(name);
        let pulled = hedging(&two_stage, HedgingEffort::default(), &Serial).expect_err(name);
        let known = values(&two_stage, &Serial).expect_err(name);
        for error in [cuts, pulled, known] {
            says(name, &error.to_string(), words);
        }
    }
    let mut whole = orders(&[50.0, 60.0], 80.0, 30.0);
    whole.scenarios[1].recourse.whole[0] = true;
    let error = benders(&whole, BendersEffort::default(), &Serial).expect_err("whole recourse");
    says("whole recourse", &error.to_string(), &["scenario 1", "use progressive hedging"]);
}

/// Two plants that make up to 30 and 50 of what is asked for together.
fn plants(asked: f64) -> Blocks {
    let block = |cost: f64, most: f64| {
        let mut program = Program::new();
        program.column(cost, 0.0, most);
        Block { program, uses: vec![(0, 0, 1.0)] }
    };
    Blocks { shared: vec![(asked, FREE)], blocks: vec![block(2.0, 30.0), block(3.0, 50.0)] }
}

fn solved(blocks: &Blocks) -> Result<Verdict, DecomposeError> {
    let answer = blocks.solve(BlocksEffort::default(), &Serial)?;
    Ok(answer.certificate.verdict)
}

#[test]
fn blocks_that_cannot_be_brought_together_are_infeasible() {
    assert_eq!(solved(&plants(80.0)), Ok(Verdict::Optimal));
    assert_eq!(solved(&plants(80.01)), Ok(Verdict::Infeasible));
    let mut alone = plants(60.0);
    alone.blocks[1].program.row(55.0, FREE, [(0, 1.0)]);
    assert_eq!(solved(&alone), Ok(Verdict::Infeasible));
    let mut endless = plants(60.0);
    endless.blocks[0].program.column(-1.0, 0.0, FREE);
    assert_eq!(solved(&endless), Ok(Verdict::Unbounded));
}

#[test]
fn blocks_that_cannot_be_computed_with_are_named() {
    let refused = |change: fn(&mut Blocks), words: &[&str]| {
        let mut blocks = plants(60.0);
        change(&mut blocks);
        let error = solved(&blocks).expect_err(words[0]);
        says("blocks", &error.to_string(), words);
    };
    refused(|blocks| blocks.blocks.clear(), &["no scenario or block"]);
    refused(|blocks| blocks.shared[0] = (2.0, 1.0), &["as a whole", "row 0"]);
    refused(|blocks| blocks.blocks[1].uses[0].1 = 4, &["block 1", "row 0 and column 4"]);
    refused(|blocks| blocks.blocks[1].program.upper[0] = -1.0, &["block 1", "column 0"]);
    let words = ["as a whole", "row 0", "1.0e-11 of column 0", "1.0e0 of column 1"];
    refused(|blocks| blocks.blocks[0].uses[0].2 = 1e-11, &words);
}
