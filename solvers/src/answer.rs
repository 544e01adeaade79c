//! What comes back about one item: plain numbers that travel between ranks as bytes.

use std::ops::{Deref, DerefMut};

use bytemuck::{Pod, Zeroable};
use engine::policy::{CATALOGUE, MAX_PARAMETERS};
use engine::{CostParts, Estimate, Money, Units};

use crate::reference::Reference;
use crate::search::Evidence;
use crate::strategy::MOST_STRATEGIES;

/// The most candidates an item offers when limits are shared.
pub(crate) const MOST_CANDIDATES: usize = 32;

/// Pairs of strategies.
const PAIRS: usize = MOST_STRATEGIES * (MOST_STRATEGIES - 1) / 2;

/// A policy: which family, and its parameter values in the family's order.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Rule {
    /// Index of the family in its catalogue.
    pub family: u64,
    /// Parameter values; zero beyond the family's number.
    pub values: [f64; MAX_PARAMETERS],
}

impl Rule {
    /// The rule with every parameter that is a stock multiplied by `factor`.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Rule {
        let parameters = CATALOGUE[self.family as usize].parameters;
        for (value, parameter) in self.values.iter_mut().zip(parameters) {
            if parameter.unit == "units" {
                *value *= factor;
            }
        }
        self
    }

    /// The rule in whole counts of `quantum` units.
    #[must_use]
    pub fn in_counts(self, quantum: Units) -> Rule {
        let mut counted = self.times(1.0 / quantum);
        let parameters = CATALOGUE[counted.family as usize].parameters;
        for (value, parameter) in counted.values.iter_mut().zip(parameters) {
            if parameter.unit == "units" {
                *value = value.round();
            }
        }
        counted
    }
}

/// What one strategy does to one item.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct StrategyAnswer {
    /// Its policy.
    pub rule: Rule,
    /// The level that protects the item less mean demand over the time it protects \[units\].
    pub safety_stock: Units,
    /// Mean cost on the scenarios of the search \[currency/period\].
    pub chosen_by: Money,
    /// The rest is measured on fresh scenarios.
    pub measures: Measures,
}

/// Measures of one policy for one item, on fresh scenarios.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Measures {
    /// Cost \[currency/period\].
    pub cost: Estimate,
    /// 5th percentile of a scenario's cost \[currency/period\].
    pub cost_p05: Money,
    /// 95th percentile of a scenario's cost \[currency/period\].
    pub cost_p95: Money,
    /// Mean cost of the worst 5 % of scenarios \[currency/period\].
    pub cost_cvar95: Money,
    /// What the cost is made of \[currency/period\].
    pub parts: CostParts,
    /// Share of demand met at once.
    pub fill_rate: Estimate,
    /// Share of periods without unmet demand.
    pub ready_rate: f64,
    /// Share of replenishment cycles without unmet demand.
    pub cycle_service: f64,
    /// Highest stock at the end of a period, mean over scenarios \[units\].
    pub peak_stock: Units,
    /// Units lost \[units/period\].
    pub lost: Units,
    /// Units that spoiled \[units/period\].
    pub wasted: Units,
    /// Units ordered from the faster source \[units/period\].
    pub expedited: Units,
    /// Average stock that holding is charged on \[units\].
    pub stock: Estimate,
    /// Orders \[orders/period\].
    pub orders: f64,
    /// Units ordered \[units/period\].
    pub ordered: Units,
    /// Demand not met at once \[units/period\].
    pub unmet: Units,
    /// Demand \[units/period\].
    pub demand: Units,
    /// Squared standard errors of `unmet` and `demand`, and the covariance of the two
    /// \[units²/period²\]: what the error of a total fill rate is made of.
    pub errors: [f64; 3],
}

/// A policy the item could have when limits are shared, measured on the scenarios of the choice.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct CandidateAnswer {
    /// The policy.
    pub rule: Rule,
    /// Its level less mean demand over the time it protects \[units\].
    pub safety_stock: Units,
    /// Cost \[currency/period\].
    pub cost: Money,
    /// Part of it that unmet demand causes \[currency/period\].
    pub shortage_cost: Money,
    /// Average stock \[units\].
    pub stock: Units,
    /// Demand not met at once \[units/period\].
    pub unmet: Units,
    /// Demand \[units/period\].
    pub demand: Units,
}

impl Measures {
    fn times(self, factor: f64) -> Measures {
        Measures {
            stock: self.stock.times(factor),
            ordered: self.ordered * factor,
            peak_stock: self.peak_stock * factor,
            lost: self.lost * factor,
            wasted: self.wasted * factor,
            expedited: self.expedited * factor,
            unmet: self.unmet * factor,
            demand: self.demand * factor,
            errors: self.errors.map(|error| error * factor * factor),
            ..self
        }
    }
}

/// What is known of an item whatever its strategies are.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Head {
    /// Units that a count stands for: what the answer was counted in.
    pub quantum: Units,
    /// Mean demand of the model \[units/period\].
    pub mean: Units,
    /// Standard deviation of the model \[units/period\].
    pub deviation: Units,
    /// Periods in which the opening stock still shows, if these are more than the warm-up; 0 if
    /// not. One more than all periods of a scenario if it shows to the end.
    pub unsettled_periods: u64,
    /// What is exactly known of the recommended policy.
    pub reference: Reference,
    /// What the caller wants to remember of the model.
    pub model: [u64; 3],
    /// What speaks for the result of the search, if there was one.
    pub search: Evidence,
    /// Index of the strategy that was selected.
    pub recommended: u64,
    /// How it was.
    pub selection: SelectionAnswer,
    /// Number of candidates.
    pub candidate_count: u64,
}

/// Everything about one item.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Answer {
    /// What does not depend on the number of strategies.
    pub head: Head,
    /// Strategies, in the study's order; as many as the study compares.
    pub strategies: [StrategyAnswer; MOST_STRATEGIES],
    /// Standard errors of the paired cost differences, by [`Answer::pair`] \[currency/period\].
    pub pair_errors: [Money; PAIRS],
    /// Candidates, the strategies' own first.
    pub candidates: [CandidateAnswer; MOST_CANDIDATES],
}

impl Deref for Answer {
    type Target = Head;

    fn deref(&self) -> &Head {
        &self.head
    }
}

impl DerefMut for Answer {
    fn deref_mut(&mut self) -> &mut Head {
        &mut self.head
    }
}

/// How a strategy was selected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct SelectionAnswer {
    /// A bit for each strategy, in the study's order, that is not surely worse.
    pub left: u64,
    /// Scenarios it took, over all strategies.
    pub scenarios: u64,
    /// 1 if there were scenarios enough for the guarantee, else 0.
    pub guaranteed: u64,
}

impl SelectionAnswer {
    /// Places of the strategies that are not surely worse.
    pub fn left(&self) -> impl Iterator<Item = usize> + '_ {
        (0..MOST_STRATEGIES).filter(|strategy| self.left >> strategy & 1 == 1)
    }
}

/// One policy priced again on fresh scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct PlanAnswer {
    /// Measures on fresh scenarios.
    pub measures: Measures,
    /// Cost minus that of the item's recommended strategy, paired \[currency/period\].
    pub difference: Estimate,
}

impl PlanAnswer {
    /// The answer to a question in counts of `quantum` units, in units.
    #[must_use]
    pub fn in_units(self, quantum: Units) -> PlanAnswer {
        PlanAnswer { measures: self.measures.times(quantum), ..self }
    }
}

impl Answer {
    /// Place of the pair of strategies `left` and `right` among the pairs.
    ///
    /// # Panics
    ///
    /// If they are the same strategy.
    pub fn pair(left: usize, right: usize) -> usize {
        let (low, high) = (left.min(right), left.max(right));
        assert_ne!(low, high, "a strategy does not differ from itself");
        high * (high - 1) / 2 + low
    }

    /// Whether every strategy's cost is a number: it is not where numbers of the item are so large or small
    /// that computing with them fails.
    pub fn costs_are_numbers(&self) -> bool {
        self.strategies.iter().all(|strategy| strategy.measures.cost.mean.is_finite())
    }

    /// The answer to a question in counts of `quantum` units, in units.
    #[must_use]
    pub fn in_units(mut self, quantum: Units) -> Answer {
        self.quantum = quantum;
        self.mean *= quantum;
        self.deviation *= quantum;
        for strategy in &mut self.strategies {
            strategy.rule = strategy.rule.times(quantum);
            strategy.safety_stock *= quantum;
            strategy.measures = strategy.measures.times(quantum);
        }
        for candidate in &mut self.candidates {
            candidate.rule = candidate.rule.times(quantum);
            candidate.safety_stock *= quantum;
            candidate.stock *= quantum;
            candidate.unmet *= quantum;
            candidate.demand *= quantum;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Only units are counted: a cover of 5.3 periods stays one.
    #[test]
    fn what_is_no_stock_is_not_rounded() {
        let place = |name: &str| CATALOGUE.iter().position(|family| family.name == name);
        let rule = |name: &str, values| Rule { family: place(name).expect("known") as u64, values };
        assert_eq!(rule("cover", [5.3, 0.0, 0.0]).in_counts(2.0).values[0], 5.3);
        assert_eq!(rule("min-max", [4.0, 9.0, 0.0]).in_counts(2.0).values, [2.0, 5.0, 0.0]);
    }

    #[test]
    fn every_pair_has_its_own_place() {
        let mut places = std::collections::BTreeSet::new();
        for left in 0..MOST_STRATEGIES {
            for right in 0..left {
                assert_eq!(Answer::pair(left, right), Answer::pair(right, left));
                places.insert(Answer::pair(left, right));
            }
        }
        assert_eq!(places.len(), PAIRS);
        assert_eq!(places.last(), Some(&(PAIRS - 1)));
    }
}
