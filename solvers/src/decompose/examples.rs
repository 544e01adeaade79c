//! Programs over scenarios with printed answers.

use super::{Scenario, TwoStage};
use crate::program::Program;

const FREE: f64 = f64::INFINITY;

/// The farmer (Birge and Louveaux, *Introduction to Stochastic Programming*, 2nd ed., §1.1).
pub fn farmer(yields: &[f64]) -> TwoStage {
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
pub fn air_conditioner() -> TwoStage {
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
