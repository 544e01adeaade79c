//! Which strategy an item gets: the cheapest, with a stated chance of being right.

use engine::{Money, Policy};

use super::{Proposal, Question, SELECTION_SET};
use crate::select::{Effort, Guarantee, Memory, Policies, Selection, fully_sequential};

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

impl Question<'_> {
    /// Selects among `proposals` on scenarios that none of them was made with; the least of their costs
    /// on others is about `cost`.
    pub(super) fn select(&self, proposals: &[Proposal], cost: Money) -> Selected {
        let policies = proposals.iter().map(|proposal| &proposal.policy).collect();
        let found = self.select_on(SELECTION_SET, policies, cost);
        Selected {
            best: found.best,
            left: found.left.iter().fold(0, |bits, strategy| bits | 1 << strategy),
            scenarios: found.scenarios,
            guaranteed: found.guaranteed,
        }
    }

    /// The cheapest of `policies` on the scenarios of a set, or one within the zone of it.
    pub(super) fn select_on(&self, set: u32, policies: Vec<&Policy>, cost: Money) -> Selection {
        let count = policies.len();
        let Selecting { alpha, indifference_share, most_scenarios } = self.settings.selecting;
        let settings = self.settings;
        let mut priced = Policies {
            policies,
            item: self.item,
            events: &settings.events,
            source: self.source,
            set,
            lengths: (settings.periods, settings.warm_up_periods),
            memory: Memory::default(),
        };
        let zone = (indifference_share * cost.abs()).max(f64::MIN_POSITIVE);
        let effort = Effort { first: FIRST, step: STEP, most: most_scenarios };
        let guarantee = Guarantee { alpha, zone };
        fully_sequential(count, guarantee, effort, &mut priced)
    }
}
