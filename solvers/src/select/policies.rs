//! Costs of an item's policies, all on the same scenarios.

use core::ops::Range;

use engine::{Block, Coordinates, Detail, Events, Item, Outcomes, Policy, ScenarioSource, Scratch};

use super::Costs;

/// Policies of an item, which meet the scenarios of one set.
pub struct Policies<'a> {
    /// The alternatives.
    pub policies: Vec<&'a Policy>,
    /// The item.
    pub item: &'a Item,
    /// The sequence of events.
    pub events: &'a Events,
    /// Its demand.
    pub source: &'a dyn ScenarioSource,
    /// The set of scenarios.
    pub set: u32,
    /// Measured length of a scenario, and periods simulated before \[periods\].
    pub lengths: (usize, usize),
    /// What they are simulated with.
    pub memory: Memory,
}

/// Working memory, and the scenarios at hand: a range that all alternatives ask for is drawn once.
#[derive(Default)]
pub struct Memory {
    drawn: Option<(Range<usize>, Block)>,
    scratch: Scratch,
    outcomes: Outcomes,
}

impl Costs for Policies<'_> {
    fn append(&mut self, alternative: usize, scenarios: Range<usize>, to: &mut Vec<f64>) {
        let (periods, warm_up) = self.lengths;
        let Memory { drawn, scratch, outcomes } = &mut self.memory;
        if drawn.as_ref().is_none_or(|(range, _)| *range != scenarios) {
            let mut block = Block::zeros(scenarios.len(), periods + warm_up, warm_up);
            let first_scenario = scenarios.start as u32;
            self.source.fill(Coordinates { set: self.set, first_scenario }, &mut block);
            *drawn = Some((scenarios, block));
        }
        let Some((_, block)) = drawn else { return };
        outcomes.clear();
        let policy = self.policies[alternative];
        policy.simulate(self.item, self.events, block, Detail::Cost, scratch, outcomes);
        to.extend(outcomes.costs(self.item, self.events, periods));
    }
}
