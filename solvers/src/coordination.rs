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
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Coordination {
    /// Size of orders, in those of each item alone.
    pub order_factor: f64,
    /// Orders last for as long at least \[periods\].
    pub cover_periods: f64,
    /// How far up from its reorder level to its order-up-to level an item joins an order of
    /// another; negative if it never does.
    joins_at: f64,
}

impl Coordination {
    /// Each item as if it were alone.
    pub const NONE: Coordination =
        Coordination { order_factor: 1.0, cover_periods: 0.0, joins_at: -1.0 };

    /// All that are compared; the first is [`Coordination::NONE`]. `interval` is the time between
    /// joint orders that would be best if demand were certain \[periods\].
    pub fn all(interval: f64) -> Vec<Coordination> {
        let shares = [-1.0, 0.25, 0.5, 0.75, 1.0];
        let factors = [1.0, 0.5, 0.7, 1.4, 2.0, 2.8, 4.0].map(|factor| (factor, 0.0));
        let covers = [0.7, 1.0, 1.4].map(|factor| (1.0, factor * interval));
        let sizes = factors.into_iter().chain(covers.into_iter().filter(|&(_, c)| c > 0.0));
        let with = |(order_factor, cover_periods)| {
            shares.map(|joins_at| Coordination { order_factor, cover_periods, joins_at })
        };
        sizes.flat_map(with).collect()
    }

    /// How far up from its reorder level to its order-up-to level an item joins an order of
    /// another; `None` if never.
    pub fn joins_at_share(self) -> Option<f64> {
        (self.joins_at >= 0.0).then_some(self.joins_at)
    }

    /// Reorder level, level at or below which it joins an order of another item, and
    /// order-up-to level of an item that would follow `rule` alone, with its mean demand
    /// \[counts/period\], in counts; the second is `None` if it never joins. `None` for policies
    /// that have no such levels, which stay as they are.
    pub fn levels(self, rule: Rule, mean: Units) -> Option<(f64, Option<f64>, f64)> {
        let [first, second, third] = rule.values;
        let (min, max) = match CATALOGUE[rule.family as usize].name {
            "min-max" => (first, second),
            "can-order" => (first, third),
            "base-stock" => (first - 1.0, first),
            _ => return None,
        };
        let least = (self.cover_periods * mean).round().max(1.0);
        let span = (self.order_factor * (max - min)).round().max(least);
        // At the order-up-to level itself nothing could be ordered.
        let joins = |share: f64| min + (share * span).floor().min(span - 1.0);
        Some((min, self.joins_at_share().map(joins), min + span))
    }

    /// The policy of an item that would follow `rule` alone, with its mean demand
    /// \[counts/period\]; `None` where it stays as it is.
    pub fn policy(self, rule: Rule, mean: Units) -> Option<Policy> {
        let (min, joins_at, max) = self.levels(rule, mean)?;
        Some(Policy { joins_at, ..Policy::constant(OrderRule::at(min, max), [min, max]) })
    }

    /// The item's policy under it.
    fn of(self, item: &SupplierItem<'_>) -> Policy {
        self.policy(item.rule, item.mean).unwrap_or_else(|| item.policy.clone())
    }
}

/// An item of the supplier; stock and demand in counts.
pub struct SupplierItem<'a> {
    /// The item; its own order cost is that of its line on an order.
    pub item: &'a Item,
    /// Its demand.
    pub source: &'a dyn ScenarioSource,
    /// Its mean demand \[counts/period\].
    pub mean: Units,
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
    /// The coordination that was cheapest on the scenarios of the choice.
    pub chosen: Coordination,
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
        let all = Coordination::all(self.interval());
        let chosen = all[self.choose(&all)?];
        let fresh = self.run(FRESH_SET, 0..self.scenarios, &[Coordination::NONE, chosen])?;
        let [alone, together] = &fresh[..] else { unreachable!("two were run") };
        Ok(SupplierAnswer {
            chosen,
            together: together.measures(self.periods),
            alone: alone.measures(self.periods),
            saving: Estimate::difference(&alone.cost, &together.cost),
        })
    }

    /// The time between joint orders of all items that costs least if demand is certain,
    /// `√(2 (K + Σ k) / Σ h λ)` (Silver, *A Simple Method of Determining Order Quantities in Joint
    /// Replenishments Under Deterministic Demand*, Management Science 22 (1976) 1351–1361, with one
    /// cycle for all) \[periods\].
    fn interval(&self) -> f64 {
        let lines: Money = self.items.iter().map(|item| item.item.order_cost).sum();
        let holding: Money =
            self.items.iter().map(|item| item.item.holding_cost_per_unit_period * item.mean).sum();
        let interval = (2.0 * (self.joint.order_cost + lines) / holding).sqrt();
        // Longer than what is simulated cannot be told apart.
        if interval.is_finite() { interval.min(self.periods as f64) } else { 0.0 }
    }

    /// Place of the cheapest coordination on the scenarios of the choice.
    ///
    /// A first look at a few scenarios leaves the best, on which all scenarios decide.
    fn choose(&self, all: &[Coordination]) -> Result<usize, GroupError> {
        if self.items.iter().all(|item| Coordination::NONE.levels(item.rule, item.mean).is_none()) {
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
            .map(|how| self.items.iter().map(|item| how.of(item)).collect())
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
        SupplierMeasures {
            cost: Estimate::of(&self.cost),
            fill_rate: Estimate::ratio(&self.unmet, &self.demand).complement(),
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
