//! Which strategy an item gets: the cheapest, with a stated chance of being right.

use engine::{Block, Coordinates, Detail, Money, Outcomes, Scratch};

use super::{Proposal, Question, SELECTION_SET};
use crate::select::{Costs, Effort, Guarantee, fully_sequential};

/// How strategies are selected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Selecting {
    /// Probability of selecting a strategy that is worse by more than the zone.
    pub alpha: f64,
    /// Difference that does not matter, as a share of the item's cost.
    pub indifference_share: f64,
    /// The most scenarios of each strategy.
    pub most_scenarios: usize,
}

/// Scenarios of the first look, and that are added at a time.
const FIRST: usize = 64;
const STEP: usize = 64;

/// What came of it.
pub(super) struct Selected {
    pub(super) best: usize,
    /// A bit for each strategy that is not surely worse.
    pub(super) left: u64,
    pub(super) scenarios: usize,
    pub(super) guaranteed: bool,
}

/// Costs of an item's policies.
struct Priced<'a> {
    question: &'a Question<'a>,
    proposals: &'a [Proposal],
    /// Scenarios at hand: every strategy meets the same.
    block: Option<(core::ops::Range<usize>, Block)>,
    scratch: Scratch,
    outcomes: Outcomes,
}

impl Costs for Priced<'_> {
    fn append(&mut self, strategy: usize, scenarios: core::ops::Range<usize>, to: &mut Vec<f64>) {
        let settings = self.question.settings;
        let block = match self.block.take() {
            Some((range, block)) if range == scenarios => block,
            _ => {
                let horizon = settings.periods + settings.warm_up_periods;
                let mut block = Block::zeros(scenarios.len(), horizon, settings.warm_up_periods);
                let first_scenario = scenarios.start as u32;
                let at = Coordinates { set: SELECTION_SET, first_scenario };
                self.question.source.fill(at, &mut block);
                block
            }
        };
        let (item, events) = (self.question.item, &settings.events);
        self.outcomes.clear();
        let (scratch, outcomes) = (&mut self.scratch, &mut self.outcomes);
        let policy = &self.proposals[strategy].policy;
        policy.simulate(item, events, &block, Detail::Cost, scratch, outcomes);
        to.extend(outcomes.costs(item, events, settings.periods));
        self.block = Some((scenarios, block));
    }
}

impl Question<'_> {
    /// Selects among `proposals` on scenarios that none of them was made with; the least of their costs
    /// on others is about `cost`.
    pub(super) fn select(&self, proposals: &[Proposal], cost: Money) -> Selected {
        let Selecting { alpha, indifference_share, most_scenarios } = self.settings.selecting;
        let mut priced = Priced {
            question: self,
            proposals,
            block: None,
            scratch: Scratch::default(),
            outcomes: Outcomes::default(),
        };
        let zone = (indifference_share * cost.abs()).max(f64::MIN_POSITIVE);
        let effort = Effort { first: FIRST, step: STEP, most: most_scenarios };
        let guarantee = Guarantee { alpha, zone };
        let found = fully_sequential(proposals.len(), guarantee, effort, &mut priced);
        Selected {
            best: found.best,
            left: found.left.iter().fold(0, |bits, strategy| bits | 1 << strategy),
            scenarios: found.scenarios,
            guaranteed: found.guaranteed,
        }
    }
}
