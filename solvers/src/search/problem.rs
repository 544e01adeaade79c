//! What is searched: a family's parameters, and what candidates cost.

use std::collections::HashMap;

use engine::policy::{Family, MAX_PARAMETERS};
use engine::{Block, Detail, Estimate, Money, Outcomes, Policy, Scratch, Units};

use super::{Evidence, Found};
use crate::strategy::{Knowledge, newsvendor, sizing};

/// A family's parameters, and what candidates cost.
pub struct Problem<'a> {
    /// What is known of the item; `known.scenarios` are those searched on.
    pub known: &'a Knowledge<'a>,
    /// The family whose parameters are searched.
    pub family: &'static Family,
    /// Where a search starts \[the parameters' units\].
    pub start: [f64; MAX_PARAMETERS],
    /// How far it is from there to policies that are quite different \[the parameters' units\]
    pub scale: [f64; MAX_PARAMETERS],
    /// Policies with given values; `None` if these make no sense.
    build: &'a dyn Fn([f64; MAX_PARAMETERS]) -> Option<Policy>,
    /// Scenarios of the search, in part.
    draw: Drawn<'a>,
    /// The first of them; absent only while they are simulated.
    few: Option<Block>,
    scratch: Scratch,
    outcomes: Outcomes,
    /// What was priced on all scenarios, and on few.
    priced: [HashMap<[i64; MAX_PARAMETERS], Money>; 2],
    best: Option<Found>,
}

/// Draws so many scenarios of the search from a first one on.
pub type Drawn<'a> = &'a dyn Fn(usize, usize) -> Block;

/// Scenarios on which a search takes its first, wide look.
const FEW: usize = 64;

impl<'a> Problem<'a> {
    /// A search of the parameters of `family`, around what the newsvendor's level and the economic order
    /// quantity make of them.
    pub fn new(
        known: &'a Knowledge<'a>,
        family: &'static Family,
        build: &'a dyn Fn([f64; MAX_PARAMETERS]) -> Option<Policy>,
        draw: Drawn<'a>,
    ) -> Problem<'a> {
        let protection = known.events.protection_periods(known.item) as f64;
        let spread = (known.deviation * protection.sqrt()).max(1.0);
        let size = |by: Units, times: f64| {
            let level = |periods: usize| newsvendor::level(known, periods) + by;
            let quantity = (times * known.order_quantity()).ceil();
            (family.size)(&sizing(known.item, known.events, known.mean, &level, quantity))
        };
        let (start, higher, larger) = (size(0.0, 1.0), size(spread, 1.0), size(0.0, 1.5));
        let mut scale = [0.0; MAX_PARAMETERS];
        for (place, parameter) in family.parameters.iter().enumerate() {
            let away = [higher, larger].map(|values| (values[place] - start[place]).abs());
            scale[place] = away[0].max(away[1]).max(parameter.step);
        }
        let few = draw(0, FEW.min(known.scenarios.scenarios()));
        Problem {
            known,
            family,
            start,
            scale,
            build,
            draw,
            few: Some(few),
            scratch: Scratch::default(),
            outcomes: Outcomes::default(),
            priced: Default::default(),
            best: None,
        }
    }

    /// Number of parameters.
    pub fn dimension(&self) -> usize {
        self.family.parameters.len()
    }

    /// What `of` says of each parameter; nothing beyond their number.
    pub fn each<T: Default>(&self, of: impl Fn(usize) -> T) -> [T; MAX_PARAMETERS] {
        let count = self.dimension();
        std::array::from_fn(|place| if place < count { of(place) } else { T::default() })
    }

    /// The smallest step of a parameter.
    pub fn step(&self, parameter: usize) -> f64 {
        self.family.parameters[parameter].step
    }

    /// The nearest values that parameters can have.
    pub fn whole(&self, values: [f64; MAX_PARAMETERS]) -> [f64; MAX_PARAMETERS] {
        self.each(|place| (values[place] / self.step(place)).round() * self.step(place))
    }

    /// Values at a place `at` of the search, in scales from its start.
    pub fn values(&self, at: &[f64; MAX_PARAMETERS]) -> [f64; MAX_PARAMETERS] {
        let values = std::array::from_fn(|place| self.start[place] + self.scale[place] * at[place]);
        self.whole(values)
    }

    /// Mean cost on all scenarios \[currency/period\]; infinite if the values make no sense.
    pub fn price(&mut self, values: [f64; MAX_PARAMETERS]) -> Money {
        let cost = self.cost(values, false);
        if self.best.is_none_or(|best| cost < best.cost) {
            self.best = Some(Found { values, cost });
        }
        cost
    }

    /// Mean cost on few scenarios \[currency/period\]; infinite if the values make no sense.
    pub fn glance(&mut self, values: [f64; MAX_PARAMETERS]) -> Money {
        self.cost(values, true)
    }

    /// The cheapest candidate that was priced on all scenarios; the start if there was none.
    pub fn best(&mut self) -> Found {
        let start = self.whole(self.start);
        match self.best {
            Some(best) => best,
            None => Found { values: start, cost: self.price(start) },
        }
    }

    /// The cheapest `most` candidates that were priced on all scenarios, cheapest first.
    pub fn finalists(&self, most: usize) -> Vec<Found> {
        let values =
            |key: &[i64; MAX_PARAMETERS]| self.each(|place| key[place] as f64 * self.step(place));
        let mut keys: Vec<(&[i64; MAX_PARAMETERS], &Money)> =
            self.priced[0].iter().filter(|(_, cost)| cost.is_finite()).collect();
        keys.sort_by(|left, right| left.1.total_cmp(right.1).then(left.0.cmp(right.0)));
        keys.truncate(most);
        keys.into_iter().map(|(key, cost)| Found { values: values(key), cost: *cost }).collect()
    }

    fn cost(&mut self, values: [f64; MAX_PARAMETERS], glance: bool) -> Money {
        let key = self.each(|place| (values[place] / self.step(place)).round() as i64);
        if let Some(cost) = self.priced[usize::from(glance)].get(&key) {
            return *cost;
        }
        let few = self.few.take();
        let scenarios = few.as_ref().filter(|_| glance).unwrap_or(self.known.scenarios);
        let costs = self.costs(values, scenarios);
        self.few = few;
        let cost = costs.map_or(f64::INFINITY, |costs| Estimate::of(&costs).mean);
        self.priced[usize::from(glance)].insert(key, cost);
        cost
    }

    /// Cost in each scenario of a block \[currency/period\]; `None` if the values make no sense.
    pub(super) fn costs(
        &mut self,
        values: [f64; MAX_PARAMETERS],
        block: &Block,
    ) -> Option<Vec<Money>> {
        let policy = (self.build)(values)?;
        let (item, events) = (self.known.item, self.known.events);
        self.outcomes.clear();
        let (scratch, outcomes) = (&mut self.scratch, &mut self.outcomes);
        policy.simulate(item, events, block, Detail::Cost, scratch, outcomes);
        Some(outcomes.costs(item, events, block.measured()))
    }

    /// How much more the cost is with the first parameter a step higher, in the `batch`-th part of the
    /// scenarios, a step \[currency/period\].
    pub(super) fn slope(&mut self, values: [f64; MAX_PARAMETERS], batch: usize) -> Option<f64> {
        let parts = (self.known.scenarios.scenarios() / FEW).max(1);
        let block = (self.draw)(batch % parts * FEW, FEW.min(self.known.scenarios.scenarios()));
        let mut higher = values;
        higher[0] += self.step(0);
        let [low, high] = [self.costs(values, &block)?, self.costs(higher, &block)?];
        Some(Estimate::difference(&high, &low).mean)
    }

    /// What speaks for `found`.
    pub(super) fn evidence(&mut self, found: &Found) -> Evidence {
        let scenarios = self.known.scenarios;
        let neighbours = super::pattern::neighbours(self, found.values);
        let mut evidence = Evidence {
            priced: [0, 1].map(|which| self.priced[which].len() as u64),
            ..Evidence::default()
        };
        let mut nearest: Option<Found> = None;
        for values in neighbours {
            let cost = self.price(values);
            if cost.is_finite() {
                evidence.neighbours += 1;
                evidence.not_cheaper += u64::from(cost >= found.cost);
                if nearest.is_none_or(|nearest| cost < nearest.cost) {
                    nearest = Some(Found { values, cost });
                }
            }
        }
        let own = self.costs(found.values, scenarios);
        let next = nearest.and_then(|nearest| self.costs(nearest.values, scenarios));
        if let (Some(own), Some(next)) = (own, next) {
            evidence.nearest = Estimate::difference(&next, &own);
        }
        evidence
    }
}
