//! Newsvendors from samples.

use scenarios::{Purpose, Random, Streams};

use super::super::*;
use crate::program::Program;

const COST: f64 = 1.0;
const PRICE: f64 = 3.7;

/// Buys at a cost now, sells at a price up to a demand.
fn newsvendor(demands: &[f64]) -> TwoStage {
    let mut first = Program::new();
    first.column(COST, 0.0, f64::INFINITY);
    let mut two_stage = TwoStage::new(first);
    for &demand in demands {
        let mut scenario = Scenario::new(1.0 / demands.len() as f64);
        let sold = scenario.column(-PRICE, 0.0, demand);
        scenario.row(0.0, f64::INFINITY, [(0, 1.0)], [(sold, -1.0)]);
        two_stage.scenarios.push(scenario);
    }
    two_stage
}

/// Uniform demands between 0 and 100.
fn demands(seed: u64, sample: Sample) -> Vec<f64> {
    let streams = Streams::new(seed, Purpose::Example, 0, "newsvendor");
    let mut random = Random::new(streams, sample.number as u32);
    (0..sample.scenarios).map(|_| 100.0 * random.uniform()).collect()
}

#[test]
fn a_newsvendor_buys_the_quantile_of_the_sample() {
    for (seed, scenarios) in [(1, 7), (2, 50), (3, 331)] {
        let mut demands = demands(seed, Sample { number: 0, scenarios });
        let newsvendor = newsvendor(&demands);
        demands.sort_by(f64::total_cmp);
        let place = ((1.0 - COST / PRICE) * scenarios as f64).ceil() as usize - 1;
        let (x, _) = value::best(&newsvendor, &Serial).expect("solved");
        assert_eq!(x, [demands[place]], "{scenarios}");
        let found = benders(&newsvendor, BendersEffort::default(), &Serial).expect("solved");
        assert!((found.x[0] - demands[place]).abs() < 1e-3, "{found:?}");
    }
}

#[test]
fn intervals_cover_the_gap_as_often_as_they_say() {
    // Of x bought, the mean sold is x − x² / 200.
    let cost = |x: f64| COST * x - PRICE * (x - x * x / 200.0);
    let best = 100.0 * (1.0 - COST / PRICE);
    let effort = SampleAverageEffort {
        scenarios: 20,
        most_scenarios: 20,
        replications: 8,
        fresh: 60,
        confidence: 0.9,
        gap: 0.0,
    };
    let (mut covered, mut bounded) = (0, 0);
    for seed in 0..100 {
        let generate = |sample| newsvendor(&demands(seed, sample));
        let found = sample_average(&generate, effort, &Serial).expect("solved");
        covered += usize::from(cost(found.x[0]) - cost(best) <= found.most_gap);
        bounded += usize::from(cost(found.x[0]) <= found.most_cost);
    }
    // The gap is estimated with a bias upwards: at least 90, less what chance takes.
    assert!(covered >= 82, "{covered} of 100");
    assert!((80..=98).contains(&bounded), "{bounded} of 100");
}

#[test]
fn samples_grow_until_the_gap_is_small() {
    let generate = |sample| newsvendor(&demands(5, sample));
    let effort = SampleAverageEffort {
        scenarios: 10,
        replications: 5,
        fresh: 500,
        gap: 0.03,
        ..SampleAverageEffort::default()
    };
    let found = sample_average(&generate, effort, &Serial).expect("solved");
    assert!(found.is_small && found.scenarios > 10, "{found:?}");
    assert!(found.most_gap <= 0.03 * found.lower.mean.abs());
    let refused = SampleAverageEffort { replications: 1, ..effort };
    let refused = sample_average(&generate, refused, &Serial).map(|_| ());
    let expected = "at least 2";
    let setting = DecomposeError::Setting { name: "replications", value: 1.0, expected };
    assert_eq!(refused, Err(setting));
}
