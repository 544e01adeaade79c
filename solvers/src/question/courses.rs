//! What policies do scenario by scenario: what sums over items are made of.
//!
//! Items are drawn independently of each other, so scenario `s` of all items together is one future of
//! the whole assortment. Sums over items by scenario are therefore a sample, and whatever is made of
//! them, paired differences and ratios included, has an interval.

use engine::policy::CATALOGUE;
use engine::{Detail, Money, Outcomes, Policy, Units};

use super::{Proposal, Question, Spare};
use crate::answer::{PlanAnswer, Rule};

/// How far levels are moved for the frontier, in standard deviations of demand over lead time and review.
pub const MOVES: [f64; 8] = [-3.0, -2.0, -1.0, -0.5, 0.5, 1.0, 2.0, 3.0];

/// Scenarios that totals are kept of; more do not make them any better for what they are used for.
const MOST_KEPT: usize = 4_000;
/// Scenarios that moved levels are priced on.
const MOST_MOVED: usize = 256;

/// A policy's figures in each scenario.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// Cost \[currency/period\].
    pub cost: Vec<Money>,
    /// Demand not met at once \[units/period\].
    pub unmet: Vec<Units>,
    /// Average stock that holding is charged on \[units\].
    pub stock: Vec<Units>,
}

/// The courses of an item's strategies, in the study's order, on fresh scenarios.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Courses {
    /// Demand in each scenario \[units/period\].
    pub demand: Vec<Units>,
    /// Of each strategy's policy.
    pub own: Vec<Course>,
    /// The same with its levels moved, by [`MOVES`].
    pub moved: Vec<[Course; MOVES.len()]>,
}

impl Course {
    pub(super) fn of(question: &Question<'_>, outcomes: &Outcomes, most: usize) -> Course {
        let periods = question.settings.periods;
        let count = outcomes.len().min(most);
        let events = &question.settings.events;
        let mut cost = outcomes.costs(question.item, events, periods);
        cost.truncate(count);
        let stock = |scenario| outcomes.charged_stock(events, scenario) / periods as f64;
        Course {
            cost,
            unmet: per_period(&outcomes.unmet[..count], periods),
            stock: (0..count).map(stock).collect(),
        }
    }

    /// The course of an item counted in `quantum` units, in units.
    #[must_use]
    pub fn in_units(mut self, quantum: Units) -> Course {
        for value in self.unmet.iter_mut().chain(&mut self.stock) {
            *value *= quantum;
        }
        self
    }
}

impl Courses {
    /// The courses of an item counted in `quantum` units, in units.
    #[must_use]
    pub fn in_units(self, quantum: Units) -> Courses {
        Courses {
            demand: self.demand.iter().map(|counts| counts * quantum).collect(),
            own: self.own.into_iter().map(|course| course.in_units(quantum)).collect(),
            moved: self
                .moved
                .into_iter()
                .map(|moves| moves.map(|course| course.in_units(quantum)))
                .collect(),
        }
    }
}

/// How many scenarios have a course, and how many with levels moved, of a study with `scenarios`.
pub fn kept(scenarios: usize) -> [usize; 2] {
    [MOST_KEPT, MOST_MOVED].map(|most| scenarios.min(most))
}

fn per_period(column: &[f64], periods: usize) -> Vec<f64> {
    column.iter().map(|value| value / periods as f64).collect()
}

impl Question<'_> {
    /// The courses of `proposals`, which did `outcomes`.
    pub(super) fn courses(&self, proposals: &[Proposal], outcomes: &[Outcomes]) -> Courses {
        let [most, _] = kept(self.settings.scenarios);
        let demand = outcomes.first().map_or(&[][..], |outcomes| &outcomes.demand);
        Courses {
            demand: per_period(&demand[..demand.len().min(most)], self.settings.periods),
            own: outcomes.iter().map(|outcomes| Course::of(self, outcomes, most)).collect(),
            moved: self.moved(proposals),
        }
    }

    /// The courses of `proposals` with their levels moved.
    fn moved(&self, proposals: &[Proposal]) -> Vec<[Course; MOVES.len()]> {
        let protection = self.settings.events.protection_periods(self.item) as f64;
        let deviation = self.deviation * protection.sqrt();
        let policies: Vec<Policy> = proposals
            .iter()
            .flat_map(|proposal| MOVES.map(|moves| self.moved_by(proposal, moves * deviation)))
            .collect();
        let policies: Vec<&Policy> = policies.iter().collect();
        let [_, scenarios] = kept(self.settings.scenarios);
        let mut spare = Spare::default();
        let outcomes = self.simulated(&policies, scenarios, Detail::Cost, &mut spare);
        let courses = outcomes.chunks(MOVES.len()).map(|outcomes| {
            std::array::from_fn(|place| Course::of(self, &outcomes[place], scenarios))
        });
        courses.collect()
    }

    /// The policy of `proposal` with its levels `by` counts higher.
    fn moved_by(&self, proposal: &Proposal, by: Units) -> Policy {
        // Rounded up by some items and down by others, so that the sum moves by as much as it should.
        let by = (by + name_share(&self.item.name)).floor();
        let Rule { family, mut values } = proposal.rule;
        let protection = self.settings.events.protection_periods(self.item) as f64;
        let level = self.mean * protection + proposal.safety_stock;
        let size = |by: Units| {
            let level = |_: usize| level + by;
            (CATALOGUE[family as usize].size)(&self.sizing(&level, proposal.order_quantity))
        };
        let [at, above] = [0.0, by].map(size);
        for (value, (at, above)) in values.iter_mut().zip(at.into_iter().zip(above)) {
            *value += above - at;
        }
        self.try_built(Rule { family, values }).unwrap_or_else(|_| proposal.policy.clone())
    }

    /// Prices `chosen` on the fresh scenarios, and against `recommended`; and the courses of both.
    pub fn price(&self, recommended: Rule, chosen: Rule) -> (PlanAnswer, [Course; 2]) {
        let policies = [recommended, chosen].map(|rule| self.built(rule));
        let scenarios = self.settings.scenarios;
        let mut spare = Spare::default();
        let pair = [&policies[0], &policies[1]];
        let outcomes = self.simulated(&pair, scenarios, Detail::Full, &mut spare);
        let [old, new] = [&outcomes[0], &outcomes[1]].map(|outcomes| self.costs(outcomes));
        let answer = PlanAnswer {
            measures: self.measures(&outcomes[1], &new),
            difference: engine::Estimate::difference(&new, &old),
        };
        let [most, _] = kept(scenarios);
        (answer, [&outcomes[0], &outcomes[1]].map(|outcomes| Course::of(self, outcomes, most)))
    }
}

/// A number from 0 to below 1 that looks like chance: Fowler, Noll & Vo's hash of the name (FNV-1a).
fn name_share(name: &str) -> f64 {
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    (hash >> 11) as f64 / (1_u64 << 53) as f64
}
