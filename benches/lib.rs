//! What the benches share.
#![allow(missing_docs)]

use engine::{Block, Coordinates, Item, ScenarioSource};
use scenarios::demand::{Demand, Poisson};
use scenarios::{Masses, Scenarios};

pub fn item() -> Item {
    Item {
        name: "bench".into(),
        lead_time_periods: 7,
        holding_cost_per_unit_period: 0.1,
        shortage_cost_per_unit: 2.0,
        order_cost: 20.0,
        minimum_order: 0.0,
        order_multiple: 0.0,
        opening: None,
    }
}

/// Scenarios of one distribution in every period.
pub fn source(masses: Masses) -> Scenarios {
    Scenarios::new(1, "bench", 1.0, &[masses], vec![0])
}

/// A year of Poisson(5) demand.
pub fn year(scenarios: usize) -> Block {
    let mut block = Block::zeros(scenarios, 364, 0);
    let first = Coordinates { set: 0, first_scenario: 0 };
    source(Poisson { mean: 5.0 }.masses(1.0)).fill(first, &mut block);
    block
}
