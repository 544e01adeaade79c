//! The books of one scenario after the other: everything that can happen to an item, in plain
//! steps.
//!
//! The lane loop is some thirty times faster and knows less. What it does know, it must measure
//! as this does: a test compares them for every policy, sequence of events and lead time.
//!
//! # Beyond the lane loop
//!
//! * **Yield**: a share of an order never arrives. The buyer learns of it on arrival.
//! * **Outages**: while the supplier is closed, reviews pass without an order.
//! * **Parts**: a share of an order arrives on time, the rest later.
//! * **Two sources**: the faster one is asked first, see [`Expedite`].
//! * **Waiting customers** leave at once, with some probability, or after some periods.
//! * **Shelf life**: units spoil at the end of their last period, before stock is charged.

use std::collections::VecDeque;

use crate::lane::LANES;
use crate::lanes::Plan;
use crate::outcomes::Detail;
use crate::policy::Expedite;
use crate::{Issue, Outcomes, ReviewTime, Units, Unmet};

/// Working memory of a run.
#[derive(Default)]
pub(crate) struct Memory {
    /// What is due, by period, in a ring.
    due: Vec<Due>,
    /// Stock by how many periods it still keeps, the freshest last; one place if it keeps for ever.
    shelf: Vec<Units>,
    /// Waiting demand by how long it waits, the newest first; one place if that does not matter.
    queue: VecDeque<Units>,
    /// Stock by batch, one scenario after the other; empty unless a course was asked for.
    pub(crate) course: Vec<f64>,
}

/// What is due in a period.
#[derive(Clone, Copy, Default)]
struct Due {
    arriving: Units,
    /// Ordered with it, and known on arrival not to come.
    failing: Units,
}

/// What a scenario measured.
#[derive(Default)]
struct Totals {
    stock: f64,
    waiting: f64,
    unmet: Units,
    lost: Units,
    stockouts: f64,
    orders: f64,
    ordered: Units,
    expedited: Units,
    wasted: Units,
    received: Units,
    failed: Units,
    on_order: f64,
    peak: Units,
    cycles: f64,
    short_cycles: f64,
    opening: Units,
    /// Stock by batch.
    course: Vec<f64>,
}

/// Runs `plan` and appends what it measured to `outcomes`.
pub(crate) fn run(plan: &Plan<'_>, memory: &mut Memory, outcomes: &mut Outcomes) {
    memory.course.clear();
    for scenario in 0..plan.block.scenarios() {
        Books::open(plan, memory, scenario).keep(outcomes);
    }
}

/// The books of one scenario.
struct Books<'a> {
    plan: &'a Plan<'a>,
    memory: &'a mut Memory,
    scenario: usize,
    /// How far it is ahead in the policy's rhythm.
    ahead: usize,
    on_order: Units,
    /// The period in which the last order arrives.
    last_arrival: usize,
    /// Whether demand was not met since the last arrival.
    short: bool,
    totals: Totals,
}

impl<'a> Books<'a> {
    fn open(plan: &'a Plan<'a>, memory: &'a mut Memory, scenario: usize) -> Books<'a> {
        let fast = plan.item.supply.expedited.map_or(0, |source| source.lead_time_periods);
        let longest = plan.block.lead_times(plan.item.lead_time_periods)[1].max(fast);
        let gap = plan.events.receiving_days.longest_gap();
        let ring = longest + plan.item.supply.rest_after_periods + gap + 2;
        memory.due.clear();
        memory.due.resize(ring, Due::default());
        memory.shelf.clear();
        memory.shelf.resize(plan.item.shelf.map_or(1, |shelf| shelf.life_periods), 0.0);
        memory.queue.clear();
        let ages = match plan.events.unmet {
            Unmet::Patient { periods } => periods + 1,
            _ => 1,
        };
        memory.queue.resize(ages, 0.0);
        let (tile, lane) = (scenario / LANES, scenario % LANES);
        // Opening stock is fresh.
        *memory.shelf.last_mut().expect("a shelf has a place") = plan.opening(tile).0[lane];
        Books {
            plan,
            memory,
            scenario,
            ahead: plan.ahead(tile),
            on_order: 0.0,
            last_arrival: 0,
            short: false,
            totals: Totals::default(),
        }
    }

    /// Keeps the books to the last period and closes them.
    fn keep(mut self, outcomes: &mut Outcomes) {
        let block = self.plan.block;
        let before = self.plan.events.review == ReviewTime::BeforeDemand;
        let demand: Vec<Units> = block.scenario(self.scenario).collect();
        for (period, &wanted) in demand.iter().enumerate() {
            if period == block.warm_up() {
                self.totals = Totals { opening: self.net(), ..Totals::default() };
            }
            if before {
                self.review(period, period);
            }
            self.receive(period);
            self.meet(period, wanted);
            self.lose_patience();
            self.spoil();
            self.charge(period);
            if !before {
                self.review(period, period + 1);
            }
            self.totals.on_order += self.on_order;
        }
        self.close(outcomes);
    }

    fn on_hand(&self) -> Units {
        self.memory.shelf.iter().sum()
    }

    fn waiting(&self) -> Units {
        self.memory.queue.iter().sum()
    }

    fn net(&self) -> Units {
        self.on_hand() - self.waiting()
    }

    /// Orders of both sources; a lead time counts from period `start`.
    fn review(&mut self, period: usize, start: usize) {
        let plan = self.plan;
        if !plan.events.reviewed(period) {
            return;
        }
        if let (Some(source), Some(expedite)) = (plan.item.supply.expedited, plan.policy.expedite) {
            let order = self.missing(expedite, start, source.lead_time_periods);
            self.totals.expedited += order;
            self.place(order, start + source.lead_time_periods, 1.0, period);
        }
        if !self.supplier_open(period) {
            return;
        }
        let rule = plan.rules[plan.rule_at(period, self.ahead)];
        let order = rule.order(self.net() + self.on_order);
        if order > 0.0 {
            let due = start + self.lead_time(period);
            let due = if plan.item.supply.orders_cross { due } else { due.max(self.last_arrival) };
            self.last_arrival = due;
            self.place(order, due, plan.item.supply.first_share, period);
        }
    }

    /// What is missing to the level of the faster source.
    fn missing(&self, expedite: Expedite, start: usize, lead_time: usize) -> Units {
        let ring = self.memory.due.len();
        let soon = |period: usize| self.memory.due[period % ring];
        // Goods that are due on other days come with it on the next receiving day.
        let until = self.plan.events.receiving_days.from(start + lead_time);
        let coming = match expedite.counts_all {
            true => self.on_order,
            false => (start..=until).map(|p| soon(p).arriving + soon(p).failing).sum(),
        };
        (expedite.level - self.net() - coming).max(0.0)
    }

    /// Puts an order on the books: `first_share` of it is due in period `due`.
    fn place(&mut self, order: Units, due: usize, first_share: f64, period: usize) {
        if order <= 0.0 {
            return;
        }
        self.totals.orders += 1.0;
        self.totals.ordered += order;
        self.on_order += order;
        let arriving = self.whole_part(order, self.yield_of(period), period);
        let first = match first_share < 1.0 {
            true => (first_share * arriving).round().min(arriving),
            false => arriving,
        };
        let rest_due = due + self.plan.item.supply.rest_after_periods;
        let parts = [(due, first, order - arriving), (rest_due, arriving - first, 0.0)];
        for (due, arriving, failing) in parts {
            let day = self.plan.events.receiving_days.from(due);
            let ring = self.memory.due.len();
            let slot = &mut self.memory.due[day % ring];
            slot.arriving += arriving;
            slot.failing += failing;
        }
    }

    /// Takes in what is due: waiting demand first, the oldest before the others.
    fn receive(&mut self, period: usize) {
        let ring = self.memory.due.len();
        let Due { arriving, failing } = std::mem::take(&mut self.memory.due[period % ring]);
        self.on_order -= arriving + failing;
        self.totals.received += arriving;
        self.totals.failed += failing;
        if arriving > 0.0 {
            self.totals.cycles += 1.0;
            self.totals.short_cycles += f64::from(u8::from(self.short));
            self.short = false;
        }
        let mut left = arriving;
        for waiting in self.memory.queue.iter_mut().rev() {
            let served = left.min(*waiting);
            *waiting -= served;
            left -= served;
        }
        *self.memory.shelf.last_mut().expect("a shelf has a place") += left;
    }

    /// Meets demand from the shelf.
    fn meet(&mut self, period: usize, wanted: Units) {
        let mut left = wanted;
        let mut sell = |stock: &mut Units| {
            let sold = left.min(*stock);
            *stock -= sold;
            left -= sold;
        };
        match self.plan.item.shelf.map(|shelf| shelf.issue) {
            Some(Issue::Lifo) => self.memory.shelf.iter_mut().rev().for_each(&mut sell),
            Some(Issue::Fifo) | None => self.memory.shelf.iter_mut().for_each(&mut sell),
        }
        if left > 0.0 {
            self.totals.unmet += left;
            self.totals.stockouts += 1.0;
            self.short = true;
        }
        let lost = match self.plan.events.unmet {
            Unmet::Lost => left,
            Unmet::Backorder | Unmet::Patient { .. } => 0.0,
            Unmet::PartlyLost { lost_fraction } => self.whole_part(left, lost_fraction, period),
        };
        self.totals.lost += lost;
        self.memory.queue[0] += left - lost;
    }

    /// Who waited long enough leaves, the others wait a period longer.
    fn lose_patience(&mut self) {
        if let Unmet::Patient { .. } = self.plan.events.unmet {
            let left = self.memory.queue.pop_back().expect("a queue has a place");
            self.totals.lost += left;
            self.memory.queue.push_front(0.0);
        }
    }

    /// What kept until now is wasted, the rest keeps a period less.
    fn spoil(&mut self) {
        if self.plan.item.shelf.is_some() {
            self.totals.wasted += self.memory.shelf[0];
            self.memory.shelf[0] = 0.0;
            self.memory.shelf.rotate_left(1);
        }
    }

    fn charge(&mut self, period: usize) {
        let on_hand = self.on_hand();
        if let Some(batch) = period.checked_div(self.plan.batch) {
            let course = &mut self.totals.course;
            course.resize(course.len().max(batch + 1), 0.0);
            course[batch] += on_hand;
        }
        self.totals.stock += on_hand;
        self.totals.peak = self.totals.peak.max(on_hand);
        self.totals.waiting += self.waiting();
    }

    /// Place of this scenario's `period` among the rows of chance, and its lane.
    fn place_of(&self, period: usize) -> (usize, usize) {
        (self.scenario / LANES * self.plan.block.periods() + period, self.scenario % LANES)
    }

    fn lead_time(&self, period: usize) -> usize {
        let (row, lane) = self.place_of(period);
        let drawn = self.plan.block.chance().lead_times.get(row);
        drawn.map_or(self.plan.item.lead_time_periods, |row| row.0[lane] as usize)
    }

    fn yield_of(&self, period: usize) -> f64 {
        let (row, lane) = self.place_of(period);
        self.plan.block.chance().yields.get(row).map_or(1.0, |row| row.0[lane])
    }

    fn supplier_open(&self, period: usize) -> bool {
        let (row, lane) = self.place_of(period);
        self.plan.block.chance().open.get(row).is_none_or(|row| row.0[lane] != 0)
    }

    /// `share` of whole `units`, in whole units: on average just that, by chance one up or down.
    fn whole_part(&self, units: Units, share: f64, period: usize) -> Units {
        if share >= 1.0 {
            return units;
        }
        let (row, lane) = self.place_of(period);
        let chance = self.plan.block.chance().rounding.get(row).map_or(0.5, |row| row.0[lane]);
        (share * units + chance).floor().min(units)
    }

    fn close(self, outcomes: &mut Outcomes) {
        let closing = self.net();
        let block = self.plan.block;
        let (tile, lane) = (self.scenario / LANES, self.scenario % LANES);
        let totals = self.totals;
        outcomes.stock.push(totals.stock);
        outcomes.waiting.push(totals.waiting);
        outcomes.unmet.push(totals.unmet);
        outcomes.lost.push(totals.lost);
        outcomes.stockouts.push(totals.stockouts);
        outcomes.orders.push(totals.orders);
        outcomes.ordered.push(totals.ordered);
        outcomes.expedited.push(totals.expedited);
        outcomes.wasted.push(totals.wasted);
        outcomes.demand.push(block.totals()[tile].0[lane]);
        self.memory.course.extend(totals.course);
        if self.plan.detail == Detail::Full {
            outcomes.received.push(totals.received);
            outcomes.failed.push(totals.failed);
            outcomes.on_order.push(totals.on_order);
            outcomes.peak.push(totals.peak);
            outcomes.cycles.push(totals.cycles);
            outcomes.short_cycles.push(totals.short_cycles);
            outcomes.opening.push(totals.opening);
            outcomes.closing.push(closing);
        }
    }
}
