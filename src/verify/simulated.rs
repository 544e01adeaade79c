//! Simulation as the published tables are compared with.

use engine::{
    Block, Coordinates, Detail, Estimate, Events, Item, Outcomes, Policy, ScenarioSource, Scratch,
};
use scenarios::demand::{Demand, Poisson};
use scenarios::{Masses, Scenarios, Supply};

/// Standard errors to either side of a mean: a hundred thousand such intervals contain all but
/// four of their values, so that one of some hundred rows that does not is no chance.
pub const WIDTH: f64 = 4.06;

const SCENARIOS: usize = 1024;
/// Scenarios drawn at a time.
const BLOCK: usize = 256;
/// Periods until the opening stock is forgotten.
const WARM_UP: usize = 300;
const PERIODS: usize = 2_000;

/// What is simulated.
pub(super) struct Case<'a> {
    pub(super) item: &'a Item,
    pub(super) events: Events,
    pub(super) masses: &'a Masses,
    pub(super) supply: Supply,
}

impl Case<'_> {
    /// Mean cost of `policy` \[currency/period\].
    pub(super) fn cost(&self, policy: &Policy) -> Estimate {
        let masses = std::slice::from_ref(self.masses);
        let source = Scenarios::new(1, &self.item.name, masses, vec![0]);
        let source = source.with_supply(self.supply.clone());
        let (mut scratch, mut outcomes) = (Scratch::default(), Outcomes::default());
        for first in (0..SCENARIOS).step_by(BLOCK) {
            let mut block = Block::zeros(BLOCK, PERIODS + WARM_UP, WARM_UP);
            source.fill(Coordinates { set: 0, first_scenario: first as u32 }, &mut block);
            let detail = Detail::Cost;
            policy.simulate(self.item, &self.events, &block, detail, &mut scratch, &mut outcomes);
        }
        Estimate::of(&outcomes.costs(self.item, &self.events, PERIODS))
    }
}

/// Poisson demand.
pub(super) fn poisson(mean: f64) -> Masses {
    Poisson { mean }.masses(1.0)
}

/// Probabilities of 0, 1, 2 and so on.
pub(super) fn probabilities(masses: &Masses) -> Vec<f64> {
    let total: f64 = masses.weights.iter().sum();
    let largest = masses.values.last().copied().unwrap_or(0.0) as usize;
    let mut probabilities = vec![0.0; largest + 1];
    for (value, weight) in masses.values.iter().zip(&masses.weights) {
        probabilities[*value as usize] = weight / total;
    }
    probabilities
}
