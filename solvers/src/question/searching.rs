//! The policy that a search finds for an item.

use engine::policy::MAX_PARAMETERS;
use engine::{Policy, Units};

use super::{FINAL_SET, Proposal, Question, place};
use crate::answer::Rule;
use crate::search::{Evidence, Problem, search};
use crate::strategy::Knowledge;

/// Candidates of a search that meet scenarios which it has not seen.
const FINALISTS: usize = 64;

impl Question<'_> {
    /// The cheapest policy of the study's family, and what speaks for it: of the best that were searched,
    /// the cheapest on scenarios of its own, or one within the zone of it.
    pub(super) fn searched(&self, known: &Knowledge<'_>) -> (Proposal, Evidence) {
        let family = self.settings.family;
        let index = place(family.name);
        let build =
            |values: [f64; MAX_PARAMETERS]| self.try_built(Rule { family: index, values }).ok();
        let draw = |first, scenarios| self.drawn_from(first, scenarios);
        let mut problem = Problem::new(known, family, &build, &draw);
        let (found, mut evidence) = search(&mut problem, self.settings.search);
        // Where no whole steps make sense, as with next to no demand, the start still does.
        let mut values = if found.cost.is_finite() { found.values } else { problem.start };
        let finalists = problem.finalists(FINALISTS);
        if finalists.len() > 1 {
            // The cheapest of many on the same scenarios has had luck; on others the best is seen.
            let rules = finalists.iter().map(|found| Rule { family: index, values: found.values });
            let policies: Vec<Policy> = rules.map(|rule| self.built(rule)).collect();
            let selected = self.select_on(FINAL_SET, policies.iter().collect(), found.cost);
            values = finalists[selected.best].values;
            evidence.finalists = finalists.len() as u64;
            evidence.not_worse = selected.left.len() as u64;
            evidence.guaranteed = u64::from(selected.guaranteed);
        }
        let rule = Rule { family: index, values };
        let safety_stock = self.safety_stock(&self.built(rule));
        (self.proposal(rule, safety_stock, known.order_quantity()), evidence)
    }

    /// The level at which `policy` orders, less mean demand until the order after arrives \[counts\].
    fn safety_stock(&self, policy: &Policy) -> Units {
        let events = &self.settings.events;
        let rhythm = if policy.calendar { 1 } else { policy.rhythm() };
        // A rhythm of its own makes orders rarer than reviews.
        let rarer = rhythm.saturating_sub(events.review_interval());
        let protection = events.protection_periods(self.item) + rarer;
        let levels = policy.rules.iter().map(|rule| rule.trigger.min(rule.target));
        let levels: Vec<Units> = levels.filter(|level| *level > f64::NEG_INFINITY).collect();
        let level = levels.iter().sum::<f64>() / levels.len().max(1) as f64;
        match policy.expedite {
            // What is always ordered protects nothing; the faster source does.
            Some(fast) if level.is_infinite() => {
                let lead_time = self.item.supply.expedited.map_or(0, |fast| fast.lead_time_periods);
                fast.level
                    - self.mean * (protection - self.item.lead_time_periods + lead_time) as f64
            }
            _ => level - self.mean * protection as f64,
        }
    }
}
