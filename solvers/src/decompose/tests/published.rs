//! Programs with printed answers.

use super::super::examples::{air_conditioner, farmer};
use super::super::*;
use crate::program::{Effort, Program};

const FREE: f64 = f64::INFINITY;

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
