//! What the benches share.
#![allow(missing_docs)]

pub mod demand;
pub mod intermittent;

use engine::{Block, Coordinates, Item, ScenarioSource};
use scenarios::demand::{Demand, Poisson};
use scenarios::{Masses, Purpose, Random, Scenarios, Streams};

pub fn item() -> Item {
    Item { order_cost: 20.0, ..Item::plain("bench", 7, 0.1, 2.0) }
}

/// Scenarios of one distribution in every period.
pub fn source(masses: Masses) -> Scenarios {
    Scenarios::new(1, "bench", &[masses], vec![0])
}

/// A year of Poisson(5) demand.
pub fn year(scenarios: usize) -> Block {
    let mut block = Block::zeros(scenarios, 364, 0);
    let first = Coordinates { set: 0, first_scenario: 0 };
    source(Poisson { mean: 5.0 }.masses(1.0)).fill(first, &mut block);
    block
}

/// Demand of an item whose level wanders, with a season of `places` periods: whole counts.
pub fn demand(periods: usize, places: usize, path: u32) -> Vec<f64> {
    let mut random = Random::new(Streams::new(1, Purpose::Example, 0, "bench"), path);
    let (mut level, mut error) = (50.0, 0.0);
    let seasons: Vec<f64> = (0..places).map(|_| 1.0 + 0.3 * random.normal()).collect();
    let demand = (0..periods).map(|period| {
        let innovation = random.normal();
        error = 0.5 * error + 6.0 * innovation;
        level += 0.6 * random.normal() + 0.02;
        let season = if places > 1 { seasons[period % places] } else { 1.0 };
        (level * season + error).max(0.0).round()
    });
    demand.collect()
}
