//! Programs with printed answers.

use super::super::*;
use crate::program::{Effort, Program};

const FREE: f64 = f64::INFINITY;

/// The farmer (Birge and Louveaux, *Introduction to Stochastic Programming*, 2nd ed., §1.1).
pub(super) fn farmer(yields: &[f64]) -> TwoStage {
    let mut first = Program::new();
    for cost in [150.0, 230.0, 260.0] {
        first.column(cost, 0.0, 500.0);
    }
    first.row(-FREE, 500.0, (0..3).map(|crop| (crop, 1.0)));
    let mut two_stage = TwoStage::new(first);
    for &factor in yields {
        let mut scenario = Scenario::new(1.0 / yields.len() as f64);
        for (crop, (each, need, buy, sell)) in
            [(2.5, 200.0, 238.0, -170.0), (3.0, 240.0, 210.0, -150.0)].into_iter().enumerate()
        {
            let bought = scenario.column(buy, 0.0, FREE);
            let sold = scenario.column(sell, 0.0, FREE);
            scenario.row(need, FREE, [(crop, each * factor)], [(bought, 1.0), (sold, -1.0)]);
        }
        let dear = scenario.column(-36.0, 0.0, 6_000.0);
        let cheap = scenario.column(-10.0, 0.0, FREE);
        scenario.row(0.0, FREE, [(2, 20.0 * factor)], [(dear, -1.0), (cheap, -1.0)]);
        two_stage.scenarios.push(scenario);
    }
    two_stage
}

/// Stock after each month of an air conditioner's maker, who learns the demand of two later months one
/// after the other: the program that SDDP.jl's tutorial takes from `JuMP`'s.
fn air_conditioner() -> TwoStage {
    const DEMANDS: [(f64, f64); 2] = [(100.0, 0.5), (300.0, 0.5)];
    let mut first = Program::new();
    let usual = first.column(100.0, 0.0, 200.0);
    let extra = first.column(300.0, 0.0, FREE);
    let stock = first.column(50.0, 0.0, FREE);
    first.row(100.0, 100.0, [(usual, 1.0), (extra, 1.0), (stock, -1.0)]);
    let mut two_stage = TwoStage::new(first);
    for (demand, probability) in DEMANDS {
        let mut scenario = Scenario::new(probability);
        let month = |scenario: &mut Scenario, weight: f64| {
            let usual = scenario.column(weight * 100.0, 0.0, 200.0);
            let extra = scenario.column(weight * 300.0, 0.0, FREE);
            let left = scenario.column(weight * 50.0, 0.0, FREE);
            (left, [(usual, 1.0), (extra, 1.0), (left, -1.0)])
        };
        let (before, terms) = month(&mut scenario, 1.0);
        scenario.row(demand, demand, [(stock, 1.0)], terms);
        for (demand, probability) in DEMANDS {
            let (_, terms) = month(&mut scenario, probability);
            scenario.row(demand, demand, [], terms.into_iter().chain([(before, 1.0)]));
        }
        two_stage.scenarios.push(scenario);
    }
    two_stage
}

fn extensive(two_stage: &TwoStage) -> f64 {
    let program = two_stage.extensive().expect("numbers").program;
    program.solve(Effort::default()).expect("numbers").objective
}

/// Every way agrees, and every lower bound is one.
fn every_way(two_stage: &TwoStage, cost: f64) {
    let near = |found: f64, gap: f64| (found - cost).abs() <= gap * cost.abs();
    assert!(near(extensive(two_stage), 1e-6));
    for groups in [1, 2, usize::MAX] {
        let effort = BendersEffort { groups, ..BendersEffort::default() };
        let found = benders(two_stage, effort, &Serial).expect("solved");
        assert_eq!(found.certificate.verdict, Verdict::Optimal);
        assert!(near(found.certificate.bounds.upper, 1e-5), "{found:?}");
        assert!(near(found.certificate.bounds.lower, 1e-5), "{found:?}");
    }
    let found = hedging(two_stage, HedgingEffort::default(), &Serial).expect("solved");
    let bounds = found.certificate.bounds;
    assert!(bounds.lower <= cost + 1.0 && bounds.upper >= cost - 1.0, "{bounds:?}");
    assert!(bounds.gap() < 1e-3, "{:?}", found.certificate);
    let blocks = two_stage.blocks().expect("numbers");
    let found = blocks.solve(BlocksEffort::default(), &Serial).expect("solved");
    assert_eq!(found.certificate.verdict, Verdict::Optimal);
    assert!(near(found.certificate.bounds.upper, 1e-5), "{:?}", found.certificate);
}

#[test]
fn the_farmer_earns_what_the_book_says() {
    let farmer = farmer(&[1.2, 1.0, 0.8]);
    every_way(&farmer, -108_390.0);
    let values = values(&farmer, &Serial).expect("solved");
    assert!((values.here_and_now + 108_390.0).abs() < 0.5, "{values:?}");
    assert!((values.perfect_information() - 7_015.56).abs() < 0.01, "{values:?}");
    assert!((values.stochastic_solution() - 1_150.0).abs() < 0.5, "{values:?}");
    for (found, printed) in values.decision.iter().zip([170.0, 80.0, 250.0]) {
        assert!((found - printed).abs() < 1e-6, "{values:?}");
    }
}

#[test]
fn the_air_conditioners_cost_what_the_tutorial_says() {
    every_way(&air_conditioner(), 62_500.0);
}

#[test]
fn whole_fields_are_sown() {
    let mut farmer = farmer(&[1.2, 1.0, 0.8]);
    // In lots of 30 acres: the land's 16 lots are not all of it.
    for column in 0..3 {
        farmer.first.cost[column] *= 30.0;
        farmer.first.upper[column] = 16.0;
        farmer.first.whole[column] = true;
    }
    let mut first = Program::new();
    for column in 0..3 {
        first.whole_column(farmer.first.cost[column], 0.0, 16.0);
    }
    first.row(-FREE, 500.0, (0..3).map(|crop| (crop, 30.0)));
    farmer.first = first;
    for scenario in &mut farmer.scenarios {
        scenario.technology.iter_mut().for_each(|(_, _, factor)| *factor *= 30.0);
    }
    let cost = extensive(&farmer);
    let found = benders(&farmer, BendersEffort::default(), &Serial).expect("solved");
    assert_eq!(found.certificate.verdict, Verdict::Optimal);
    assert!((found.certificate.bounds.upper - cost).abs() < 0.5, "{found:?} {cost}");
    assert!(found.x.iter().all(|x| x.fract() == 0.0), "{found:?}");
    let effort = HedgingEffort { most_iterations: 10, ..HedgingEffort::default() };
    let hedged = hedging(&farmer, effort, &Serial).expect("solved");
    let bounds = hedged.certificate.bounds;
    assert!(bounds.lower <= cost + 1e-3 && bounds.upper >= cost - 1e-3, "{bounds:?} {cost}");
    // Whole recourse: hedged, not cut.
    farmer.scenarios[1].recourse.whole[1] = true;
    let refused = benders(&farmer, BendersEffort::default(), &Serial);
    assert_eq!(refused, Err(DecomposeError::WholeRecourse(1)));
    let cost = extensive(&farmer);
    let bounds = hedging(&farmer, effort, &Serial).expect("solved").certificate.bounds;
    assert!(bounds.lower <= cost + 1e-3 && bounds.upper >= cost - 1e-3, "{bounds:?} {cost}");
}

#[test]
fn answers_are_the_same_bits_on_any_number_of_threads() {
    let yields: Vec<f64> = (0..12).map(|each| 0.7 + 0.05 * f64::from(each)).collect();
    let farmer = farmer(&yields);
    let teams = [1, 2].map(|threads| cluster::Team::solo(threads).expect("threads"));
    let hedged = HedgingEffort { most_iterations: 10, ..HedgingEffort::default() };
    let answers = teams.map(|team| {
        let blocks = farmer.blocks().expect("numbers");
        (
            benders(&farmer, BendersEffort::default(), &team).expect("solved"),
            hedging(&farmer, hedged, &team).expect("solved"),
            blocks.solve(BlocksEffort::default(), &team).expect("solved"),
        )
    });
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0].0, benders(&farmer, BendersEffort::default(), &Serial).expect("solved"));
}

#[test]
fn data_that_cannot_be_computed_with_are_named() {
    let good = farmer(&[1.0, 1.1]);
    let mut bad = good.clone();
    bad.scenarios[1].probability = 0.4;
    assert_eq!(bad.check(), Err(DecomposeError::Probabilities(0.9)));
    bad.scenarios[1].probability = 0.0;
    assert_eq!(bad.check(), Err(DecomposeError::Probability(1, 0.0)));
    let mut bad = good.clone();
    bad.scenarios[0].technology.push((7, 0, 1.0));
    let term = DecomposeError::Term { part: 0, row: 7, column: 0, factor: 1.0 };
    assert_eq!(bad.check(), Err(term));
    let mut bad = good.clone();
    bad.scenarios[1].column(1.0, 0.0, 1.0);
    assert_eq!(values(&bad, &Serial), Err(DecomposeError::Unlike(1)));
    bad.scenarios.clear();
    assert_eq!(bad.check(), Err(DecomposeError::Empty));
    assert_eq!(Blocks::default().check(), Err(DecomposeError::Empty));
}
