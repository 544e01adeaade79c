//! The books of one scenario as a stock clerk would keep them: a list of shipments, a list of
//! batches on the shelf, a list of customers who wait.
//!
//! Written from the documentation of [`Rule`], [`Item`] and [`Events`], with none of the engine's
//! own steps, so that a misreading there and here would have to be the same.

use engine::{Block, Events, Issue, Item, LANES, Policy, ReviewTime, Rule, Supply, Unmet};

use super::cells::Measures;

/// Units that came at the same time, or are wanted since then.
#[derive(Clone, Copy)]
struct Batch {
    since: usize,
    units: f64,
}

/// What is to come in a period, and what was ordered with it and will not.
#[derive(Clone, Copy)]
struct Shipment {
    due: usize,
    units: f64,
    missing: f64,
}

/// What is run, and in which of the scenarios.
pub(crate) struct Case<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) item: &'a Item,
    pub(crate) events: &'a Events,
    pub(crate) block: &'a Block,
    pub(crate) scenario: usize,
}

/// The state of the books, and what they measured.
struct Clerk<'a> {
    case: &'a Case<'a>,
    shipments: Vec<Shipment>,
    shelf: Vec<Batch>,
    customers: Vec<Batch>,
    last_due: usize,
    short: bool,
    /// Whether the period is measured: one or zero.
    counts: f64,
    measured: Measured,
}

#[derive(Default)]
struct Measured {
    stock: f64,
    waiting: f64,
    unmet: f64,
    lost: f64,
    stockouts: f64,
    orders: f64,
    ordered: f64,
    expedited: f64,
    wasted: f64,
    demand: f64,
    received: f64,
    failed: f64,
    on_order: f64,
    peak: f64,
    cycles: f64,
    short_cycles: f64,
    opening: f64,
}

/// The books of one scenario, kept by hand.
pub(crate) fn kept_by_hand(case: &Case<'_>) -> Measures {
    let opening = Batch { since: 0, units: case.opening() };
    let mut clerk = Clerk {
        case,
        shipments: Vec::new(),
        shelf: vec![opening],
        customers: Vec::new(),
        last_due: 0,
        short: false,
        counts: 0.0,
        measured: Measured::default(),
    };
    let demand: Vec<f64> = case.block.scenario(case.scenario).collect();
    for (period, &wanted) in demand.iter().enumerate() {
        if period == case.block.warm_up() {
            clerk.counts = 1.0;
            clerk.measured.opening = clerk.net();
        }
        clerk.live_through(period, wanted);
    }
    clerk.closed()
}

/// Bits of a number below the point in reverse: 0, ½, ¼, ¾, ⅛ …
fn share(number: usize) -> f64 {
    let bits = (0..32).filter(|bit| number >> bit & 1 == 1);
    bits.map(|bit| 0.5_f64.powi(bit + 1)).sum()
}

fn total(batches: &[Batch]) -> f64 {
    batches.iter().map(|batch| batch.units).sum()
}

/// Takes up to `units` from the batches in turn and returns what was there.
fn take<'a>(batches: impl Iterator<Item = &'a mut Batch>, units: f64) -> f64 {
    let mut taken = 0.0;
    for batch in batches {
        let some = batch.units.min(units - taken);
        batch.units -= some;
        taken += some;
    }
    taken
}

impl Case<'_> {
    fn opening(&self) -> f64 {
        let sells_out = self.events.unmet == Unmet::Lost && !self.policy.orders_from_nothing();
        let own =
            if sells_out { 0.0 } else { self.policy.opening(self.item, share(self.scenario)) };
        self.item.opening.unwrap_or(own)
    }

    /// A period's row among those of chance.
    fn row(&self, period: usize) -> usize {
        self.scenario / LANES * self.block.periods() + period
    }

    fn lane(&self) -> usize {
        self.scenario % LANES
    }

    /// Whether an order can be placed at all.
    fn reviewed(&self, period: usize) -> bool {
        let Events { review_every_periods, review_phase, ordering_days, .. } = *self.events;
        let mut reviews = (review_phase..=period).step_by(review_every_periods);
        ordering_days.include(period) && reviews.any(|review| review == period)
    }

    /// The rule of `period`; scenarios of a tile are at the same point of the policy's rhythm, tiles
    /// at different ones.
    fn rule(&self, period: usize) -> &Rule {
        let rhythm = self.policy.rules.len();
        if self.policy.calendar {
            return &self.policy.rules[period % rhythm];
        }
        // The rhythm counts from the first period in which an order is possible.
        let first = (0..=period).find(|&period| self.reviewed(period)).unwrap_or(period);
        let every = self.events.repeats_after();
        let ahead = (share(self.scenario / LANES) * (rhythm / every) as f64).floor() as usize;
        &self.policy.rules[(period - first + ahead * every) % rhythm]
    }

    /// The period in which goods that are due in one can come.
    fn receiving(&self, mut due: usize) -> usize {
        while !self.events.receiving_days.include(due) {
            due += 1;
        }
        due
    }

    /// A share of whole units: the fraction that is left is a whole one by chance, or none.
    fn part(&self, units: f64, share: f64, period: usize) -> f64 {
        let exact = units * share;
        let rounding = &self.block.chance().rounding;
        let chance = rounding.get(self.row(period)).map_or(0.5, |row| row.0[self.lane()]);
        let up = exact - exact.floor() + chance >= 1.0;
        exact.floor() + f64::from(u8::from(up))
    }
}

/// What is ordered at `position` by the definitions of a rule and of a supplier's terms.
fn quantity(rule: &Rule, item: &Item, position: f64) -> f64 {
    if position > rule.trigger || position >= rule.target {
        return 0.0;
    }
    let least = rule.least.max(item.minimum_order);
    let wanted = least.max(rule.target - position);
    let multiple = item.order_multiple;
    if rule.lot == 0.0 && multiple == 0.0 {
        return wanted.min(rule.most.max(least)).min(item.maximum_order);
    }
    // A container of the supplier's, or as many of them as hold the rule's own lot, if he sells so
    // many.
    let container = match multiple > 0.0 {
        true => {
            let most = (item.maximum_order / multiple).floor();
            (rule.lot / multiple).ceil().max(1.0).min(most) * multiple
        }
        false => rule.lot.min(item.maximum_order),
    };
    let holding = |units: f64| (units / container).ceil();
    let most = holding(rule.most.max(least)).min((item.maximum_order / container).floor());
    holding(wanted).min(most) * container
}

impl Clerk<'_> {
    fn net(&self) -> f64 {
        total(&self.shelf) - total(&self.customers)
    }

    /// What was ordered and has not come by the end of period `until`.
    fn under_way(&self, until: usize) -> f64 {
        let due = self.shipments.iter().filter(|shipment| shipment.due <= until);
        due.map(|shipment| shipment.units + shipment.missing).sum()
    }

    fn live_through(&mut self, period: usize, wanted: f64) {
        let before = self.case.events.review == ReviewTime::BeforeDemand;
        if before {
            self.order(period, period);
        }
        self.unload(period);
        self.serve(period, wanted);
        self.clear_out(period);
        self.count_stock();
        if !before {
            self.order(period, period + 1);
        }
        self.measured.on_order += self.counts * self.under_way(usize::MAX);
    }

    fn unload(&mut self, period: usize) {
        let due = |shipment: &Shipment| shipment.due == period;
        let (here, later): (Vec<_>, Vec<_>) = self.shipments.iter().partition(|s| due(s));
        self.shipments = later;
        let units: f64 = here.iter().map(|shipment| shipment.units).sum();
        let missing: f64 = here.iter().map(|shipment| shipment.missing).sum();
        self.measured.received += self.counts * units;
        self.measured.failed += self.counts * missing;
        if units > 0.0 {
            self.measured.cycles += self.counts;
            self.measured.short_cycles += if self.short { self.counts } else { 0.0 };
            self.short = false;
        }
        let served = take(self.customers.iter_mut(), units);
        self.shelf.push(Batch { since: period, units: units - served });
    }

    fn serve(&mut self, period: usize, wanted: f64) {
        self.measured.demand += self.counts * wanted;
        let fresh_first = self.case.item.shelf.is_some_and(|shelf| shelf.issue == Issue::Lifo);
        let sold = match fresh_first {
            true => take(self.shelf.iter_mut().rev(), wanted),
            false => take(self.shelf.iter_mut(), wanted),
        };
        let unmet = wanted - sold;
        self.measured.unmet += self.counts * unmet;
        if unmet > 0.0 {
            self.measured.stockouts += self.counts;
            self.short = true;
        }
        let lost = match self.case.events.unmet {
            Unmet::Lost => unmet,
            Unmet::PartlyLost { lost_fraction } => self.case.part(unmet, lost_fraction, period),
            Unmet::Backorder | Unmet::Patient { .. } => 0.0,
        };
        self.measured.lost += self.counts * lost;
        self.customers.push(Batch { since: period, units: unmet - lost });
    }

    /// Customers who waited long enough go, and so does what has been on the shelf too long.
    fn clear_out(&mut self, period: usize) {
        if let Unmet::Patient { periods } = self.case.events.unmet {
            let gone = |batch: &Batch| batch.since + periods <= period;
            let (gone, stay): (Vec<_>, Vec<_>) = self.customers.iter().partition(|b| gone(b));
            self.measured.lost += self.counts * total(&gone);
            self.customers = stay;
        }
        if let Some(life) = self.case.item.shelf.map(|shelf| shelf.life_periods) {
            let bad = |batch: &Batch| period + 1 - batch.since >= life;
            let (bad, good): (Vec<_>, Vec<_>) = self.shelf.iter().partition(|b| bad(b));
            self.measured.wasted += self.counts * total(&bad);
            self.shelf = good;
        }
        self.shelf.retain(|batch| batch.units > 0.0);
        self.customers.retain(|batch| batch.units > 0.0);
    }

    fn count_stock(&mut self) {
        let stock = total(&self.shelf);
        self.measured.stock += self.counts * stock;
        self.measured.peak = self.measured.peak.max(self.counts * stock);
        self.measured.waiting += self.counts * total(&self.customers);
    }

    /// Orders in `period`; lead times run from period `start`.
    fn order(&mut self, period: usize, start: usize) {
        let Case { policy, item, block, .. } = self.case;
        if !self.case.reviewed(period) {
            return;
        }
        let (row, lane) = (self.case.row(period), self.case.lane());
        if let (Some(fast), Some(source)) = (policy.expedite, item.supply.expedited) {
            let due = start + source.lead_time_periods;
            // What comes no later than the order that might be placed now.
            let until = if fast.counts_all { usize::MAX } else { self.case.receiving(due) };
            let units = (fast.level - self.net() - self.under_way(until)).max(0.0);
            self.measured.expedited += self.counts * units;
            self.send(units, due, 1.0, period);
        }
        if block.chance().open.get(row).is_some_and(|row| row.0[lane] == 0) {
            return;
        }
        let position = self.net() + self.under_way(usize::MAX);
        let units = quantity(self.case.rule(period), item, position);
        if units > 0.0 {
            let drawn = block.chance().lead_times.get(row).map(|row| row.0[lane] as usize);
            let mut due = start + drawn.unwrap_or(item.lead_time_periods);
            if !item.supply.orders_cross {
                due = due.max(self.last_due);
                self.last_due = due;
            }
            self.send(units, due, item.supply.first_share, period);
        }
    }

    fn send(&mut self, units: f64, due: usize, first_share: f64, period: usize) {
        if units == 0.0 {
            return;
        }
        self.measured.orders += self.counts;
        self.measured.ordered += self.counts * units;
        let yields = &self.case.block.chance().yields;
        let good = match yields.get(self.case.row(period)) {
            Some(row) => self.case.part(units, row.0[self.case.lane()], period),
            None => units,
        };
        let first = (good * first_share).round();
        let Supply { rest_after_periods, .. } = self.case.item.supply;
        let missing = units - good;
        self.shipments.push(Shipment { due: self.case.receiving(due), units: first, missing });
        let rest = self.case.receiving(due + rest_after_periods);
        self.shipments.push(Shipment { due: rest, units: good - first, missing: 0.0 });
    }

    fn closed(self) -> Measures {
        let closing = self.net();
        let measured = self.measured;
        [
            ("stock", measured.stock),
            ("waiting", measured.waiting),
            ("unmet", measured.unmet),
            ("lost", measured.lost),
            ("stockouts", measured.stockouts),
            ("orders", measured.orders),
            ("ordered", measured.ordered),
            ("expedited", measured.expedited),
            ("wasted", measured.wasted),
            ("demand", measured.demand),
            ("received", measured.received),
            ("failed", measured.failed),
            ("on_order", measured.on_order),
            ("peak", measured.peak),
            ("cycles", measured.cycles),
            ("short_cycles", measured.short_cycles),
            ("opening", measured.opening),
            ("closing", closing),
        ]
    }
}
