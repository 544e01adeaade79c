//! What the benches share.
#![allow(missing_docs)]

pub mod demand;
pub mod intermittent;

use engine::{Block, Coordinates, Item, ScenarioSource};
use scenarios::demand::{Demand, Poisson};
use scenarios::{Masses, Scenarios};

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
