//! What must hold for every demand model in the catalogue, including ones not yet written.

use std::collections::BTreeSet;

use engine::{Block, Coordinates, ScenarioSource};
use scenarios::demand::{
    CATALOGUE, Cell, Demand, Gamma, NegativeBinomial, Normal, Poisson, Sample,
};
use scenarios::{Masses, Scenarios};

/// A sample that every family can be fitted to: skewed counts with zeros, two seasons.
fn sample() -> Vec<Cell> {
    let mut cells = Vec::new();
    for (factor, shift) in [(0.8, 0.0), (1.25, 1.0)] {
        for (count, times) in [
            (0.0, 21.0),
            (1.0, 16.0),
            (2.0, 15.0),
            (4.0, 12.0),
            (6.0, 9.0),
            (9.0, 5.0),
            (15.0, 2.0),
            (24.0, 1.0),
        ] {
            cells.push(Cell { factor, count: count + shift, times });
        }
    }
    cells
}

fn fitted() -> Vec<(&'static str, Box<dyn Demand>)> {
    let cells = sample();
    let sample = Sample { cells: &cells };
    let fit = |family: &scenarios::demand::Family| Some((family.name, (family.fit)(&sample)?));
    CATALOGUE.iter().filter_map(fit).collect()
}

/// A million draws of a distribution, in its own units.
fn drawn(masses: &Masses, seed: u64) -> Vec<f64> {
    let source = Scenarios::new(seed, "draws", std::slice::from_ref(masses), vec![0]);
    let mut values = Vec::new();
    for first in (0..2048).step_by(256) {
        let mut block = Block::zeros(256, 488, 0);
        source.fill(Coordinates { set: 0, first_scenario: first }, &mut block);
        for scenario in 0..256 {
            values.extend(block.scenario(scenario));
        }
    }
    values
}

/// Checks mean, variance, skewness and several quantiles of draws against the declared ones.
#[track_caller]
fn assert_drawn_as_declared(name: &str, masses: &Masses) {
    let total: f64 = masses.weights.iter().sum();
    let moment = |power: i32, centre: f64| -> f64 {
        let each = masses.values.iter().zip(&masses.weights);
        each.map(|(v, w)| (v - centre).powi(power) * w).sum::<f64>() / total
    };
    let mean = moment(1, 0.0);
    let [second, third, fourth, sixth] = [2, 3, 4, 6].map(|power| moment(power, mean));
    let values = drawn(masses, 11);
    let count = values.len() as f64;
    let sample = |power: i32| values.iter().map(|v| (v - mean).powi(power)).sum::<f64>() / count;
    // Four standard errors of the sample moments around the true mean.
    for (power, declared, spread) in
        [(1, 0.0, second), (2, second, fourth - second * second), (3, third, sixth - third * third)]
    {
        let found = sample(power);
        let allowed = 4.0 * (spread / count).sqrt();
        assert!(
            (found - declared).abs() <= allowed,
            "{name}: central moment {power} is {found}, declared {declared} ± {allowed}"
        );
    }
    // Shares at or below the declared quantiles.
    for level in [0.01, 0.1, 0.5, 0.9, 0.99, 0.999] {
        let mut below = 0.0;
        let place = masses.weights.iter().position(|weight| {
            below += weight / total;
            below >= level
        });
        let value = masses.values[place.expect("weights sum to the total")];
        let found = values.iter().filter(|&&drawn| drawn <= value).count() as f64 / count;
        let allowed = 4.0 * (below * (1.0 - below) / count).sqrt() + 1e-9;
        assert!((found - below).abs() <= allowed, "{name}: P(≤ {value}) is {found}, not {below}");
    }
}

#[test]
fn every_family_is_drawn_as_declared() {
    for (name, demand) in fitted() {
        for factor in [0.5, 1.0, 3.0] {
            assert_drawn_as_declared(name, &demand.masses(factor));
        }
    }
}

#[test]
fn textbook_distributions_are_drawn_as_declared() {
    let cases: [(&str, Box<dyn Demand>); 10] = [
        ("poisson 0.01", Box::new(Poisson { mean: 0.01 })),
        ("poisson 5", Box::new(Poisson { mean: 5.0 })),
        ("poisson 40000", Box::new(Poisson { mean: 40_000.0 })),
        ("negative binomial 20, 2", Box::new(NegativeBinomial { mean: 20.0, size: 2.0 })),
        ("negative binomial 1, 0.05", Box::new(NegativeBinomial { mean: 1.0, size: 0.05 })),
        ("normal 50000, 8000", Box::new(Normal { mean: 50_000.0, deviation: 8_000.0 })),
        ("gamma 0.5, 40", Box::new(Gamma { shape: 0.5, scale: 40.0 })),
        // Tails of tens of thousands of values, each rarer than one word in 2^32.
        ("negative binomial 20, 0.01", Box::new(NegativeBinomial { mean: 20.0, size: 0.01 })),
        ("negative binomial 100, 0.05", Box::new(NegativeBinomial { mean: 100.0, size: 0.05 })),
        ("negative binomial 100000, 1", Box::new(NegativeBinomial { mean: 1e5, size: 1.0 })),
    ];
    for (name, demand) in cases {
        assert_drawn_as_declared(name, &demand.masses(1.0));
    }
}

/// The moments a model declares are those of its table, but for what is cut off.
#[test]
fn moments_are_those_of_the_masses() {
    for (name, demand) in fitted() {
        for factor in [0.5, 1.0, 3.0] {
            let masses = demand.masses(factor);
            let (mean, variance) = (demand.mean(factor), demand.variance(factor));
            assert!((masses.mean() - mean).abs() < 1e-6 * mean, "{name}: mean");
            assert!((masses.variance() - variance).abs() < 1e-5 * variance, "{name}: variance");
        }
    }
    // Closed forms, computed by nothing of ours.
    let negative = NegativeBinomial { mean: 20.0, size: 2.0 }.masses(1.0);
    assert!((negative.mean() - 20.0).abs() < 1e-8 && (negative.variance() - 220.0).abs() < 1e-6);
    let poisson = Poisson { mean: 5.0 }.masses(2.0);
    assert!((poisson.mean() - 10.0).abs() < 1e-9 && (poisson.variance() - 10.0).abs() < 1e-8);
    let normal = Normal { mean: 50_000.0, deviation: 8_000.0 }.masses(1.0);
    assert!((normal.mean() - 50_000.0).abs() < 0.01);
    assert!((normal.variance().sqrt() - 8_000.0).abs() < 0.01);
    let gamma = Gamma { shape: 4.0, scale: 500.0 }.masses(1.0);
    assert!(
        (gamma.mean() - 2_000.0).abs() < 0.01 && (gamma.variance().sqrt() - 1_000.0).abs() < 0.01
    );
}

/// A model's likelihood is the probability of what it draws, so families compare fairly.
#[test]
fn likelihoods_are_probabilities() {
    for (name, demand) in fitted() {
        for factor in [0.8, 1.25] {
            let total: f64 = (0..4_000)
                .map(|count| demand.log_probability(f64::from(count), factor).exp())
                .sum();
            // Nothing is given less than a floor of 1e-12, which adds up a little.
            assert!((total - 1.0).abs() < 1e-6, "{name}: probabilities sum to {total}");
        }
    }
}

#[test]
fn names_are_unique() {
    let names: BTreeSet<_> = CATALOGUE.iter().map(|family| family.name).collect();
    assert_eq!(names.len(), CATALOGUE.len(), "two demand models share a name");
}

/// Demand depends on its coordinates alone: not on the block it is drawn in.
#[test]
fn blocks_are_cut_from_one_cloth() {
    let masses: Vec<Masses> = [0.5, 2.0].map(|factor| Poisson { mean: 6.0 }.masses(factor)).into();
    let source = Scenarios::new(3, "cloth", &masses, vec![0, 0, 1, 0, 1]);
    let block = |scenarios, first_scenario, set| {
        let mut block = Block::zeros(scenarios, 37, 0);
        source.fill(Coordinates { set, first_scenario }, &mut block);
        block
    };
    let (whole, part) = (block(128, 0, 1), block(50, 64, 1));
    for scenario in 0..50 {
        assert!(whole.scenario(64 + scenario).eq(part.scenario(scenario)), "{scenario}");
    }
    assert!(!whole.scenario(0).eq(block(1, 0, 0).scenario(0)), "sets are independent");
    // Seasons: periods of the second kind have four times the demand.
    let mean = |season: &[usize]| {
        let at = |scenario| whole.scenario(scenario).enumerate();
        let all: Vec<f64> = (0..128)
            .flat_map(|s| at(s).filter(|(t, _)| season.contains(&(t % 5))).map(|(_, d)| d))
            .collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    assert!((mean(&[0, 1, 3]) - 3.0).abs() < 0.15 && (mean(&[2, 4]) - 12.0).abs() < 0.4);
}
