//! Values that are known exactly: simulated means lie within standard errors of closed forms.

use engine::{
    Block, Coordinates, Detail, Estimate, Events, Item, Outcomes, Outlook, Policy, ScenarioSource,
    Scratch, Unmet,
};
use scenarios::{Masses, Scenarios, Supply};

use super::cells::{KINDS, SIDES};

mod levels;
mod supplies;

/// Measured periods.
const MEASURED: usize = 240;

/// Policies whose outcomes are known, under which demand sides and kinds of supply; in either order
/// of events.
struct Known {
    policies: &'static [&'static str],
    sides: &'static [Unmet],
    kinds: &'static [&'static str],
}

/// Whether a test here knows the exact values of a cell of the grid.
pub(super) fn is_known(policy: &str, [_, side, kind]: [usize; 3]) -> bool {
    let same =
        |unmet: &Unmet| std::mem::discriminant(unmet) == std::mem::discriminant(&SIDES[side]);
    levels::KNOWN.iter().chain(supplies::KNOWN).any(|known| {
        known.policies.contains(&policy)
            && known.sides.iter().any(same)
            && known.kinds.contains(&KINDS[kind].name)
    })
}

/// Demand that is never zero, with every remainder by any lot.
fn wanted() -> Masses {
    Masses { values: vec![1.0, 2.0, 5.0, 9.0, 14.0], weights: vec![3.0, 2.0, 3.0, 2.0, 1.0] }
}

/// The same demand in every period.
fn steady(units: f64) -> Masses {
    Masses { values: vec![units], weights: vec![1.0] }
}

/// Scenarios of `demand` and `supply`.
fn drawn(demand: &Masses, supply: &Supply) -> Block {
    let source = Scenarios::new(11, "exact", std::slice::from_ref(demand), vec![0]);
    let mut block = Block::zeros(512, 80 + MEASURED, 80);
    let at = Coordinates { set: 0, first_scenario: 0 };
    source.with_supply(supply.clone()).fill(at, &mut block);
    block
}

/// The policy of family `name`; one unit a period is expected.
fn built(name: &str, values: &[f64], item: &Item, events: &Events) -> Policy {
    let protection_periods = events.protection_periods(item);
    let outlook = Outlook { demand: &[1.0], protection_periods };
    let family = engine::policy::family(name).expect("there is such a family");
    (family.build)(values, &outlook).expect("the values make a policy")
}

fn simulated(policy: &Policy, item: &Item, events: &Events, block: &Block) -> Outcomes {
    let mut outcomes = Outcomes::default();
    policy.simulate(item, events, block, Detail::Full, &mut Scratch::default(), &mut outcomes);
    outcomes
}

/// The mean of a measure a period is `expected`.
#[track_caller]
fn assert_mean(what: &str, measure: &[f64], expected: f64) {
    let periods = MEASURED as f64;
    let Estimate { mean, error } = Estimate::of(measure).times(1.0 / periods);
    let tolerance = 4.5 * error + 1e-9 * (1.0 + expected.abs());
    assert!((mean - expected).abs() <= tolerance, "{what}: {mean}, not {expected} ± {error}");
}

/// The mean of stock less waiting demand a period is `expected`.
#[track_caller]
fn assert_net(what: &str, outcomes: &Outcomes, expected: f64) {
    let pairs = outcomes.stock.iter().zip(&outcomes.waiting);
    let net: Vec<f64> = pairs.map(|(stock, waiting)| stock - waiting).collect();
    assert_mean(what, &net, expected);
}

/// Probability of each number of units, from none.
#[derive(Clone)]
struct Distribution(Vec<f64>);

impl Distribution {
    fn of(masses: &Masses) -> Distribution {
        let total: f64 = masses.weights.iter().sum();
        let most = masses.values.last().map_or(0, |value| *value as usize);
        let mut chances = vec![0.0; most + 1];
        for (value, weight) in masses.values.iter().zip(&masses.weights) {
            chances[*value as usize] += weight / total;
        }
        Distribution(chances)
    }

    /// None, for sure.
    fn nothing() -> Distribution {
        Distribution(vec![1.0])
    }

    /// The sum of this and an independent other.
    fn plus(&self, other: &Distribution) -> Distribution {
        let mut sum = vec![0.0; self.0.len() + other.0.len() - 1];
        for (here, chance) in self.0.iter().enumerate() {
            for (there, other) in other.0.iter().enumerate() {
                sum[here + there] += chance * other;
            }
        }
        Distribution(sum)
    }

    /// The sum of `count` that are independent.
    fn times(&self, count: usize) -> Distribution {
        (0..count).fold(Distribution::nothing(), |sum, _| sum.plus(self))
    }

    /// This with a probability, else none.
    fn if_chance(&self, chance: f64) -> Distribution {
        let mut thinned: Vec<f64> = self.0.iter().map(|own| chance * own).collect();
        thinned[0] += 1.0 - chance;
        Distribution(thinned)
    }

    fn mean(&self) -> f64 {
        self.beyond(0.0)
    }

    /// Mean of what exceeds `level`, `E (D − S)⁺`; a level may be negative.
    fn beyond(&self, level: f64) -> f64 {
        let each = self.0.iter().enumerate();
        each.map(|(units, chance)| chance * (units as f64 - level).max(0.0)).sum()
    }

    /// Mean of what is left of `level`, `E (S − D)⁺`.
    fn left_of(&self, level: f64) -> f64 {
        level - self.mean() + self.beyond(level)
    }

    /// Probability of more than `level`.
    fn exceeds(&self, level: f64) -> f64 {
        let each = self.0.iter().enumerate();
        each.filter(|(units, _)| *units as f64 > level).map(|(_, chance)| chance).sum()
    }
}
