//! Items of one supplier: what its terms cost, and what ordering together saves.
//!
//! Each item brings the policy that is best for it alone. A [`Coordination`] turns these into
//! policies (s, c, S) of Balintfy, *On a Basic Class of Multi-Item Inventory Problems*, Management
//! Science 10 (1964) 287–297: when one item must order, those near their own reorder level order
//! too and share the cost of the order. As that cost is shared, larger or smaller orders may be
//! better than those of each item alone; so orders are scaled, too.
//!
//! All coordinations are simulated on the same scenarios, with the supplier's minimum and capacity;
//! the cheapest is priced again on fresh ones, beside the same items without coordination.

use bytemuck::{Pod, Zeroable};
use engine::policy::CATALOGUE;
use engine::{
    Block, Coordinates, Detail, Estimate, Events, Group, GroupError, GroupOutcomes, GroupScratch,
    Item, Joint, LANES, Member, Money, Outcomes, Policy, Rule as OrderRule, ScenarioSource, Units,
};

use crate::answer::Rule;
use crate::question::{FRESH_SET, SEARCH_SET};

/// How the items of a supplier follow one another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordination {
    /// Size of orders, in those of each item alone.
    pub order_factor: f64,
    /// How far up from its reorder level to its order-up-to level an item joins an order of
    /// another; `None` if never.
    pub joins_at_share: Option<f64>,
}

impl Coordination {
    /// Each item as if it were alone.
    pub const NONE: Coordination = Coordination { order_factor: 1.0, joins_at_share: None };

    /// All that are compared; the first is [`Coordination::NONE`].
    pub fn all() -> Vec<Coordination> {
        let shares = [None, Some(0.25), Some(0.5), Some(0.75), Some(1.0)];
        let factors = [1.0, 0.5, 0.7, 1.4, 2.0, 2.8, 4.0];
        let with = |order_factor| {
            shares.map(|joins_at_share| Coordination { order_factor, joins_at_share })
        };
        factors.into_iter().flat_map(with).collect()
    }

    /// Reorder level, level at or below which it joins an order of another item, and
    /// order-up-to level of an item that would follow `rule` alone \[counts\]; the second is
    /// `None` if it never joins. `None` for policies that have no such levels, which stay as they
    /// are.
    pub fn levels(self, rule: Rule) -> Option<(f64, Option<f64>, f64)> {
        let [first, second, third] = rule.values;
        let (min, max) = match CATALOGUE[rule.family as usize].name {
            "min-max" => (first, second),
            "can-order" => (first, third),
            "base-stock" => (first - 1.0, first),
            _ => return None,
        };
        let span = (self.order_factor * (max - min)).round().max(1.0);
        // At the order-up-to level itself nothing could be ordered.
        let joins = |share: f64| min + (share * span).floor().min(span - 1.0);
        Some((min, self.joins_at_share.map(joins), min + span))
    }

    /// The policy under it of an item that would follow `rule`, which is `policy`, alone.
    fn of(self, rule: Rule, policy: &Policy) -> Policy {
        let Some((min, joins_at, max)) = self.levels(rule) else { return policy.clone() };
        Policy { joins_at, ..Policy::constant(OrderRule::at(min, max), [min, max]) }
    }
}

/// An item of the supplier; stock and demand in counts.
pub struct SupplierItem<'a> {
    /// The item; its own order cost is that of its line on an order.
    pub item: &'a Item,
    /// Its demand.
    pub source: &'a dyn ScenarioSource,
    /// The rule that is best for it alone.
    pub rule: Rule,
    /// The policy that this is.
    pub policy: Policy,
    /// What a count weighs towards the supplier's minimum and capacity.
    pub weight: f64,
    /// What a count costs \[currency/count\].
    pub unit_cost: Money,
    /// Units that a count stands for.
    pub quantum: Units,
}

/// What is asked about a supplier.
pub struct SupplierQuestion<'a> {
    /// The sequence of events.
    pub events: Events,
    /// Measured length of a scenario \[periods\].
    pub periods: usize,
    /// Periods simulated before measuring starts.
    pub warm_up_periods: usize,
    /// Fresh scenarios.
    pub scenarios: usize,
    /// Scenarios to choose on.
    pub search_scenarios: usize,
    /// The supplier's terms.
    pub joint: Joint,
    /// What it delivers.
    pub items: Vec<SupplierItem<'a>>,
}

/// What one coordination does, on fresh scenarios.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct SupplierMeasures {
    /// Cost of all items and of the supplier's orders \[currency/period\].
    pub cost: Estimate,
    /// Share of all items' demand met at once.
    pub fill_rate: Estimate,
    /// Average stock at unit cost \[currency\].
    pub stock_value: Estimate,
    /// Orders to the supplier \[orders/period\].
    pub orders: f64,
    /// Lines on them: orders of items \[lines/period\].
    pub lines: f64,
    /// Share of periods in which an item had to order and the minimum held it back.
    pub waited: f64,
    /// Share of periods in which the items asked for more than the capacity.
    pub bound: f64,
}

/// What comes back about a supplier.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct SupplierAnswer {
    /// Place of the coordination among [`Coordination::all`] that was cheapest on the scenarios
    /// of the choice.
    pub chosen: u64,
    /// What it does.
    pub together: SupplierMeasures,
    /// What the same items do without it, under the same terms.
    pub alone: SupplierMeasures,
    /// Cost without it minus cost with it, paired \[currency/period\].
    pub saving: Estimate,
}

/// The coordinations that are still compared after the first scenarios.
const FINALISTS: usize = 5;

impl SupplierQuestion<'_> {
    /// The answer.
    ///
    /// # Errors
    ///
    /// [`GroupError`] if the items cannot be simulated together under these terms.
    pub fn answer(&self) -> Result<SupplierAnswer, GroupError> {
        let all = Coordination::all();
        let chosen = self.choose(&all)?;
        let fresh = self.run(FRESH_SET, 0..self.scenarios, &[Coordination::NONE, all[chosen]])?;
        let [alone, together] = &fresh[..] else { unreachable!("two were run") };
        Ok(SupplierAnswer {
            chosen: chosen as u64,
            together: together.measures(self.periods),
            alone: alone.measures(self.periods),
            saving: Estimate::difference(&alone.cost, &together.cost),
        })
    }

    /// Place of the cheapest coordination on the scenarios of the choice.
    ///
    /// A first look at a few scenarios leaves the best, on which all scenarios decide.
    fn choose(&self, all: &[Coordination]) -> Result<usize, GroupError> {
        if self.items.iter().all(|item| Coordination::NONE.levels(item.rule).is_none()) {
            return Ok(0);
        }
        let few = LANES.min(self.search_scenarios);
        let mean = |column: &Columns| Estimate::of(&column.cost).mean;
        let first = self.run(SEARCH_SET, 0..few, all)?;
        let mut ranked: Vec<(usize, f64)> = first.iter().map(mean).enumerate().collect();
        ranked.sort_by(|left, right| left.1.total_cmp(&right.1).then(left.0.cmp(&right.0)));
        ranked.truncate(FINALISTS);
        if few < self.search_scenarios {
            let finalists: Vec<Coordination> = ranked.iter().map(|&(at, _)| all[at]).collect();
            let rest = self.run(SEARCH_SET, few..self.search_scenarios, &finalists)?;
            let (few, others) = (few as f64, (self.search_scenarios - few) as f64);
            for ((_, cost), columns) in ranked.iter_mut().zip(&rest) {
                *cost = (few * *cost + others * mean(columns)) / (few + others);
            }
        }
        // Equally cheap ones: the first of all, which is the simplest.
        let best = ranked.iter().min_by(|l, r| l.1.total_cmp(&r.1).then(l.0.cmp(&r.0)));
        Ok(best.map_or(0, |&(at, _)| at))
    }

    /// What each coordination does on some scenarios of a set; as many at a time as fill the lanes.
    fn run(
        &self,
        set: u32,
        scenarios: std::ops::Range<usize>,
        coordinations: &[Coordination],
    ) -> Result<Vec<Columns>, GroupError> {
        let policies: Vec<Vec<Policy>> = coordinations
            .iter()
            .map(|how| self.items.iter().map(|item| how.of(item.rule, &item.policy)).collect())
            .collect();
        let mut columns = vec![Columns::default(); coordinations.len()];
        let mut scratch = GroupScratch::default();
        let mut outcomes = vec![Outcomes::default(); self.items.len()];
        let mut together = GroupOutcomes::default();
        let horizon = self.periods + self.warm_up_periods;
        for first in scenarios.clone().step_by(LANES) {
            let count = LANES.min(scenarios.end - first);
            let at = Coordinates { set, first_scenario: first as u32 };
            let blocks: Vec<Block> = self
                .items
                .iter()
                .map(|item| {
                    let mut block = Block::zeros(count, horizon, self.warm_up_periods);
                    item.source.fill(at, &mut block);
                    block
                })
                .collect();
            for (policies, columns) in policies.iter().zip(&mut columns) {
                let members = self.items.iter().zip(policies).zip(&blocks);
                let members = members
                    .map(|((item, policy), block)| Member {
                        item: item.item,
                        policy,
                        block,
                        weight: item.weight,
                    })
                    .collect();
                let group = Group { members, events: self.events, joint: self.joint }.checked()?;
                outcomes.iter_mut().for_each(Outcomes::clear);
                together.clear();
                group.simulate(Detail::Cost, &mut scratch, &mut outcomes, &mut together);
                columns.append(self, &group, &outcomes, &together);
            }
        }
        Ok(columns)
    }
}

/// What was measured of a supplier: one number a scenario.
#[derive(Clone, Default)]
struct Columns {
    cost: Vec<f64>,
    unmet: Vec<f64>,
    demand: Vec<f64>,
    stock_value: Vec<f64>,
    orders: Vec<f64>,
    lines: Vec<f64>,
    waited: Vec<f64>,
    bound: Vec<f64>,
}

impl Columns {
    fn append(
        &mut self,
        question: &SupplierQuestion<'_>,
        group: &Group<'_>,
        outcomes: &[Outcomes],
        together: &GroupOutcomes,
    ) {
        self.cost.extend(group.costs(outcomes, together));
        self.orders.extend_from_slice(&together.orders);
        self.waited.extend_from_slice(&together.waited);
        self.bound.extend_from_slice(&together.bound);
        let sum = |column: &mut Vec<f64>, each: &dyn Fn(&Outcomes, usize, &SupplierItem) -> f64| {
            column.extend((0..together.orders.len()).map(|scenario| {
                let items = outcomes.iter().zip(&question.items);
                items.map(|(outcomes, item)| each(outcomes, scenario, item)).sum::<f64>()
            }));
        };
        sum(&mut self.unmet, &|of, at, item| item.quantum * of.unmet[at]);
        sum(&mut self.demand, &|of, at, item| item.quantum * of.demand[at]);
        sum(&mut self.lines, &|of, at, _| of.orders[at]);
        sum(&mut self.stock_value, &|of, at, item| {
            let stock = of.charged_stock(&question.events, at);
            item.unit_cost * stock / question.periods as f64
        });
    }

    fn measures(&self, periods: usize) -> SupplierMeasures {
        let rate = |column: &[f64]| Estimate::of(column).mean / periods as f64;
        let short = Estimate::ratio(&self.unmet, &self.demand);
        SupplierMeasures {
            cost: Estimate::of(&self.cost),
            fill_rate: Estimate { mean: 1.0 - short.mean, ..short },
            stock_value: Estimate::of(&self.stock_value),
            orders: rate(&self.orders),
            lines: rate(&self.lines),
            waited: rate(&self.waited),
            bound: rate(&self.bound),
        }
    }
}

#[cfg(test)]
mod tests;
