//! What holds for a whole run of a group: its items' rules, and when what is ordered arrives.

use super::advance::AHEAD;
use super::{Group, Joint, Member};
use crate::lane::{Lane, Width};
use crate::lanes::Plan;
use crate::outcomes::Detail;
use crate::rule::Laned;
use crate::simulate::MOST_NARROW;
use crate::{Block, Events, ReviewTime, Rule, Units};

/// Memory that the state of a group may take with two cache lines a number \[bytes\]: of a larger
/// one, fewer lanes advance together.
const CACHE: usize = 4 << 20;

/// Numbers of an item that every period touches, beside what is on order.
const NUMBERS: usize = 7;

/// Where stock is not counted in whole units, orders are scaled down to multiples of this.
const PARTICLE: Units = 1.0 / 1_048_576.0;

/// What is run.
pub(super) struct Setting<'a> {
    /// A plan an item, its rules widened to its can-order level.
    pub(super) plans: Vec<Plan<'a>>,
    /// What is run of which item.
    pub(super) members: &'a [Member<'a>],
    pub(super) events: &'a Events,
    pub(super) joint: Joint,
    pub(super) detail: Detail,
    /// Whether the order of one item depends on others.
    pub(super) couples: bool,
    /// Whether weights of orders matter.
    pub(super) weighs: bool,
    /// Whether any rule changes from period to period.
    pub(super) rhythmic: bool,
    /// Bound on what a running sum grows by in a period \[units\].
    pub(super) largest: Units,
    pub(super) width: Width,
}

/// What is ordered of an item at one review, in the numbers of the lanes.
#[derive(Clone, Copy)]
pub(super) struct Terms<L> {
    /// Position at or below which the item itself calls for an order.
    pub(super) trigger: L,
    /// The order if the group orders, at or below trigger or can-order level.
    pub(super) usual: Laned<L>,
    /// The order if the group tops up: whenever below the target.
    pub(super) filled: Laned<L>,
    /// Whether an order can be other than the difference to the target.
    pub(super) has_lots: bool,
    /// Weight of a unit.
    pub(super) weight: f64,
    /// Scaled orders are whole multiples of this \[units\].
    pub(super) lot: Units,
    /// Lots of that size in a weight of one.
    pub(super) lots_per_weight: f64,
    /// Smallest order \[units\].
    pub(super) least: Units,
}

/// Where an item stands in its pipeline and in its rhythm: places in vectors of all items.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    /// What is received next.
    pub(super) slot: u32,
    slots: [u32; 2],
    /// The rule of this period.
    pub(super) rule: u32,
    rules: [u32; 2],
    lead_time: u32,
}

impl Clock {
    /// A period later.
    #[inline(always)]
    pub(super) fn pass(&mut self) {
        let [first, end] = self.slots;
        self.slot = if self.slot + 1 == end { first } else { self.slot + 1 };
    }

    /// The next period's rule.
    pub(super) fn next_rule(&mut self) {
        let [first, end] = self.rules;
        self.rule = if self.rule + 1 == end { first } else { self.rule + 1 };
    }

    /// Where an order goes; `waits` says how long what is due in a period waits for its arrival,
    /// from the next reception on.
    #[inline(always)]
    pub(super) fn slot_of_order(&self, waits: &[u32]) -> usize {
        let [first, end] = self.slots;
        let slot = self.slot + self.lead_time + waits[self.lead_time as usize];
        (if slot >= end { slot - (end - first) } else { slot }) as usize
    }
}

/// What happens when.
#[derive(Default)]
pub(super) struct Schedule {
    /// Whether the group is reviewed, by period.
    pub(super) reviewed: Vec<bool>,
    /// How long what is due in a period waits for the next receiving day \[periods\].
    waits: Vec<u32>,
    /// Whether an order placed in a period counts from the next.
    after: usize,
}

impl Schedule {
    pub(super) fn set(&mut self, setting: &Setting<'_>) {
        let (events, periods) = (setting.events, setting.block().periods());
        let longest = setting.plans.iter().map(|plan| plan.item.lead_time_periods).max();
        self.reviewed.clear();
        self.reviewed.extend((0..periods).map(|period| events.reviewed(period)));
        self.waits.clear();
        let due = 0..periods + longest.unwrap_or(0) + 2;
        self.waits.extend(due.map(|due| (events.receiving_days.from(due) - due) as u32));
        self.after = usize::from(events.review == ReviewTime::AfterDemand);
    }

    /// Waits of what is due from the first period on in which an order of `period` can arrive.
    pub(super) fn waits_from(&self, period: usize) -> &[u32] {
        &self.waits[period + self.after..]
    }
}

impl<'a> Setting<'a> {
    /// What is run; `most` is what a buyer brings a position to at most, if one decides.
    pub(super) fn of(group: &'a Group<'a>, detail: Detail, most: Option<f64>) -> Setting<'a> {
        let events = &group.events;
        let plan = |member: &Member<'a>| {
            let Member { item, policy, block, .. } = *member;
            let rules = policy.rules.iter().map(|rule| rule.agreed(item));
            let rules = rules.map(|rule| joined(rule, policy.joins_at)).collect();
            let opening = policy.opening_range(item);
            Plan { policy, rules, item, events, block, detail, opening, batch: 0 }
        };
        let plans: Vec<Plan<'a>> = group.members.iter().map(plan).collect();
        let joint = group.joint;
        let tops_up = joint.minimum > 0.0 && joint.shortfall == super::Shortfall::TopUp;
        let rules = plans.iter().flat_map(|plan| &plan.rules);
        let stock = |plan: &Plan<'_>| {
            let ceiling = |rule: &Rule| if tops_up { filled(*rule).ceiling() } else { 0.0 };
            let ceiling = plan.rules.iter().map(ceiling).fold(plan.most_stock(), f64::max);
            ceiling + plan.most_waiting()
        };
        let stock = plans.iter().map(stock).fold(most.unwrap_or(0.0), f64::max);
        let terms = rules.map(|rule| rule.lot.max(rule.least)).fold(stock, f64::max);
        let demand = plans.iter().map(|plan| plan.block.demand().width()).max();
        let width = match plans.iter().all(Plan::is_whole) {
            true => Width::for_whole(if terms > MOST_NARROW { terms.max(2e4) } else { terms }),
            false => Width::Wide,
        };
        let weighs = joint.minimum > 0.0 || joint.capacity < f64::INFINITY;
        let joins = plans.iter().any(|plan| plan.policy.joins_at.is_some());
        let daily = plans.iter().map(|plan| plan.block.largest()).fold(0.0, f64::max);
        Setting {
            members: &group.members,
            events,
            joint,
            detail,
            couples: weighs || joins,
            weighs,
            rhythmic: plans.iter().any(|plan| plan.rules.len() > 1),
            largest: stock.max(daily),
            width: width.max(demand.unwrap_or(Width::Narrow)),
            plans,
        }
    }

    /// The demand of one of the items: as long as that of the others.
    pub(super) fn block(&self) -> &'a Block {
        self.plans[0].block
    }

    /// Whether a cache holds the state of all items with two cache lines a number.
    pub(super) fn fits_cache(&self) -> bool {
        let numbers = self.plans.len() * (NUMBERS + AHEAD) + self.slots();
        numbers * 2 * 64 <= CACHE
    }

    /// The rules of all items, one item after the other.
    pub(super) fn terms<L: Lane>(&self, terms: &mut Vec<Terms<L>>) {
        terms.clear();
        for (plan, member) in self.plans.iter().zip(self.members) {
            let smallest = if plan.is_whole() { 1.0 } else { PARTICLE };
            terms.extend(plan.rules.iter().zip(&plan.policy.rules).map(|(&rule, own)| {
                let trigger = own.agreed(plan.item).trigger;
                let lot = if rule.lot > 0.0 { rule.lot } else { smallest };
                Terms {
                    // Positions are whole where lanes are integers, as in the rule itself.
                    trigger: L::of(if L::WIDTH == Width::Wide { trigger } else { trigger.floor() }),
                    usual: Laned::new(rule),
                    filled: Laned::new(filled(rule)),
                    has_lots: rule.has_lots(),
                    weight: member.weight,
                    lot,
                    lots_per_weight: 1.0 / (member.weight * lot),
                    least: rule.least,
                }
            }));
        }
    }

    /// The clocks of all items at the start of tile `tile`.
    pub(super) fn clocks(&self, tile: usize, clocks: &mut Vec<Clock>) {
        clocks.clear();
        let (mut slot, mut rule) = (0, 0);
        for plan in &self.plans {
            let (start, rhythm) = (plan.rhythm_starts(), plan.rules.len());
            let first_rule = (plan.ahead(tile) + rhythm - start % rhythm) % rhythm;
            let lead_time = plan.item.lead_time_periods as u32;
            let (slots, rules) = ([slot, slot + self.ring(plan)], [rule, rule + rhythm as u32]);
            clocks.push(Clock { slot, slots, rule: rule + first_rule as u32, rules, lead_time });
            (slot, rule) = (slots[1], rules[1]);
        }
    }

    /// Periods of the pipelines of all items.
    pub(super) fn slots(&self) -> usize {
        self.plans.iter().map(|plan| self.ring(plan) as usize).sum()
    }

    /// Periods of an item's pipeline: what is ordered last arrives in the last of them.
    fn ring(&self, plan: &Plan<'_>) -> u32 {
        (plan.item.lead_time_periods + self.events.receiving_days.longest_gap()) as u32
    }
}

/// The rule of an item that joins orders at or below `level`.
pub(super) fn joined(rule: Rule, level: Option<Units>) -> Rule {
    let level = level.unwrap_or(f64::NEG_INFINITY).min(rule.target.next_down());
    Rule { trigger: rule.trigger.max(level), ..rule }
}

/// The rule of an item whose group tops up; one that never orders does not now.
pub(super) fn filled(rule: Rule) -> Rule {
    match rule.trigger == f64::NEG_INFINITY {
        true => rule,
        false => Rule { trigger: rule.target.next_down(), ..rule },
    }
}
