//! What an item's own policy wants at a review, for a buyer who decides for many.

use super::setting::{filled, joined};
use crate::{Item, Policy, Rule, Units};

/// What a policy wants, as the item's supplier lets it.
#[derive(Clone, Debug)]
pub struct Wants {
    rules: Vec<Rule>,
    joins_at: Option<Units>,
}

impl Wants {
    /// What `policy` wants for `item`.
    pub fn new(policy: &Policy, item: &Item) -> Wants {
        let rules = policy.rules.iter().map(|rule| rule.agreed(item)).collect();
        Wants { rules, joins_at: policy.joins_at }
    }

    fn rule(&self, period: usize) -> Rule {
        self.rules[period % self.rules.len()]
    }

    /// Whether the item itself calls for an order.
    pub fn calls(&self, period: usize, position: Units) -> bool {
        position <= self.rule(period).trigger
    }

    /// The order if any item calls for one: up to its own target, if it is at or below its trigger
    /// or the level at which it joins.
    pub fn usual(&self, period: usize, position: Units) -> Units {
        joined(self.rule(period), self.joins_at).order(position)
    }

    /// The order up to its target, whenever it is below it.
    pub fn filled(&self, period: usize, position: Units) -> Units {
        filled(self.rule(period)).order(position)
    }

    /// The highest position just after an order.
    pub fn most(&self) -> Units {
        self.rules.iter().map(|rule| filled(*rule).ceiling()).fold(0.0, f64::max)
    }
}
