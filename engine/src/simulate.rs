//! Runs a policy on a block: the fast loop where it can, the ledger where it must.
//!
//! [`lanes`](crate::lanes) advances 64 scenarios together and knows one source, stock that keeps,
//! and demand that waits or is lost as a whole. [`ledger`](crate::ledger) keeps the books of one
//! scenario at a time and knows everything. Where both can run, they measure the same.

use crate::lane::{LANES, Row, Width};
use crate::lanes::{self, Plan};
use crate::outcomes::Detail;
use crate::policy::Policy;
use crate::{Block, Events, Item, Outcomes, Rule, Supply, Units, Unmet, ledger};

/// Working memory of a simulation; make one per thread and reuse it.
#[derive(Default)]
pub struct Scratch {
    pub(crate) narrow: lanes::Memory<i16>,
    pub(crate) middle: lanes::Memory<i32>,
    pub(crate) wide: lanes::Memory<f64>,
    pub(crate) ledger: ledger::Memory,
}

impl Policy {
    /// Runs the policy on every scenario of `block` and appends what it measured to `outcomes`.
    pub fn simulate(
        &self,
        item: &Item,
        events: &Events,
        block: &Block,
        detail: Detail,
        scratch: &mut Scratch,
        outcomes: &mut Outcomes,
    ) {
        self.plan(item, events, block, detail).run(scratch, outcomes);
    }

    /// Average stock of each batch of `batch` periods over the scenarios of `block`, of which none
    /// is skipped: what shows how long the opening stock matters \[units\].
    ///
    /// # Panics
    ///
    /// If `block` has a warm-up, `batch` is zero, or the scenarios do not fill whole tiles.
    pub fn course(
        &self,
        item: &Item,
        events: &Events,
        block: &Block,
        batch: usize,
        scratch: &mut Scratch,
    ) -> Vec<f64> {
        let scenarios = block.scenarios();
        assert!(block.warm_up() == 0 && batch > 0, "every period counts");
        assert!(scenarios.is_multiple_of(LANES), "every lane counts");
        let plan = Plan { batch, ..self.plan(item, events, block, Detail::Cost) };
        let stock = plan.run(scratch, &mut Outcomes::default());
        // One course after the other, of tiles or of scenarios.
        let batches = block.periods().div_ceil(batch);
        let mut course = vec![0.0; batches];
        for (place, stock) in stock.iter().enumerate() {
            course[place % batches] += stock / (scenarios * batch) as f64;
        }
        let last = block.periods() - (batches - 1) * batch;
        course[batches - 1] *= batch as f64 / last as f64;
        course
    }

    /// The same by the ledger, whatever the loop could do: slow, and the lane loop's witness.
    pub fn simulate_by_ledger(
        &self,
        item: &Item,
        events: &Events,
        block: &Block,
        scratch: &mut Scratch,
        outcomes: &mut Outcomes,
    ) {
        let plan = self.plan(item, events, block, Detail::Full);
        ledger::run(&plan, &mut scratch.ledger, outcomes);
    }

    fn plan<'a>(
        &'a self,
        item: &'a Item,
        events: &'a Events,
        block: &'a Block,
        detail: Detail,
    ) -> Plan<'a> {
        let rules = self.rules.iter().map(|rule| rule.agreed(item)).collect();
        let opening = self.opening_range(item);
        Plan { policy: self, rules, item, events, block, detail, opening, batch: 0 }
    }
}

impl Plan<'_> {
    /// Appends what was measured to `outcomes`; returns stock by batch, if there are batches.
    fn run<'a>(&self, scratch: &'a mut Scratch, outcomes: &mut Outcomes) -> &'a [f64] {
        let Scratch { narrow, middle, wide, ledger } = scratch;
        if !self.fits_lanes() {
            ledger::run(self, ledger, outcomes);
            return &ledger.course;
        }
        match self.width() {
            Width::Narrow => {
                lanes::run(self, narrow, outcomes);
                &narrow.course
            }
            Width::Middle => {
                lanes::run(self, middle, outcomes);
                &middle.course
            }
            Width::Wide => {
                lanes::run(self, wide, outcomes);
                &wide.course
            }
        }
    }

    /// Stock of the scenarios of tile `tile` at their start \[units\].
    pub(crate) fn opening(&self, tile: usize) -> Row<f64> {
        // A policy that orders nothing when there is nothing will have nothing in the long run.
        let sells_out = self.events.unmet == Unmet::Lost && !self.policy.orders_from_nothing();
        match self.item.opening {
            Some(opening) => Row([opening; LANES]),
            None if sells_out => Row::ZERO,
            None => {
                let first = self.block.first_scenario() + (tile * LANES) as u32;
                let share = |lane: usize| even_share(first + lane as u32);
                let [low, high] = self.opening;
                Row(std::array::from_fn(|lane| opening_between(low, high, share(lane))))
            }
        }
    }

    /// How far tile `tile` is ahead in the policy's own rhythm \[periods\], in whole reviews.
    pub(crate) fn ahead(&self, tile: usize) -> usize {
        if self.policy.calendar {
            return 0;
        }
        let first = self.block.first_scenario() + (tile * LANES) as u32;
        // What is ahead must still meet the days on which orders are possible.
        let every = self.events.repeats_after();
        let reviews = (self.policy.rhythm() / every) as f64;
        (even_share(first / LANES as u32) * reviews) as usize * every
    }

    /// Place of the rule that holds in `period`, if the tile is `ahead`.
    pub(crate) fn rule_at(&self, period: usize, ahead: usize) -> usize {
        // Before the first review no rule is asked for.
        (period + ahead).saturating_sub(self.rhythm_starts()) % self.rules.len()
    }

    /// The period of the first rule.
    pub(crate) fn rhythm_starts(&self) -> usize {
        if self.policy.calendar { 0 } else { self.events.first_review() }
    }

    /// Whether the lane loop knows all that can happen.
    fn fits_lanes(&self) -> bool {
        let Plan { item, events, block, .. } = self;
        let Supply { first_share, .. } = item.supply;
        let chance = block.chance();
        let one_source = self.policy.expedite.is_none();
        let all_at_once = first_share >= 1.0 && chance.yields.is_empty() && chance.open.is_empty();
        let all_or_nothing = matches!(events.unmet, Unmet::Lost | Unmet::Backorder);
        let finite = |rule: &Rule| rule.target < f64::INFINITY;
        // Fractions of a unit and no lot: the lanes would round them up.
        let plain = |rule: &Rule| !rule.has_lots() && self.detail == Detail::Cost;
        let divides = |rule: &Rule| rule.lot > 0.0 || plain(rule) || self.is_whole();
        one_source
            && all_at_once
            && all_or_nothing
            && item.shelf.is_none()
            && self.rules.iter().all(|rule| finite(rule) && divides(rule))
    }

    /// Whether demand, stock and orders are whole counts.
    pub(crate) fn is_whole(&self) -> bool {
        let whole = |units: Units| units.fract() == 0.0;
        self.block.demand().width() != Width::Wide
            && self.rules.iter().all(Rule::is_whole)
            && self.opening.into_iter().all(whole)
            && self.item.opening.is_none_or(whole)
    }

    /// The most stock, or stock and orders under way, that there can be \[units\].
    pub(crate) fn most_stock(&self) -> Units {
        let ceiling = self.rules.iter().map(Rule::ceiling).fold(0.0, f64::max);
        let [low, high] = self.opening;
        let opening = self.item.opening.unwrap_or(opening_between(low, high, 0.0));
        ceiling.max(opening)
    }

    /// The most that can wait \[units\].
    pub(crate) fn most_waiting(&self) -> Units {
        if self.events.unmet == Unmet::Lost { 0.0 } else { self.block.largest_total() }
    }

    /// The narrowest lanes that hold whatever can occur.
    fn width(&self) -> Width {
        if !self.is_whole() {
            return Width::Wide;
        }
        let largest = self.rules.iter().map(|rule| rule.lot.max(rule.least)).fold(0.0, f64::max);
        let stock = (self.most_stock() + self.most_waiting()).max(largest);
        let narrow = stock <= MOST_NARROW;
        let least = if narrow { Width::Narrow } else { Width::Middle };
        Width::for_whole(stock).max(least).max(self.block.demand().width())
    }
}

/// Beyond this, 16-bit sums would have to be emptied so often that 32 bits are faster.
pub(crate) const MOST_NARROW: Units = 4_000.0;

/// Stock a scenario opens with, `share` of the way from `high` down to `low` \[units\].
pub(crate) fn opening_between(low: Units, high: Units, share: f64) -> Units {
    (high - (share * (high - low)).floor()).max(0.0)
}

/// A number from 0 to below 1 for each scenario, spread evenly over any run of scenarios.
///
/// The radical inverse in base 2 of van der Corput, *Verteilungsfunktionen* (1935).
pub(crate) fn even_share(scenario: u32) -> f64 {
    f64::from(scenario.reverse_bits()) / 4_294_967_296.0
}

/// Writes lane totals of `lanes` scenarios to a column.
pub(crate) fn append(column: &mut Vec<f64>, row: &Row<f64>, lanes: usize) {
    column.extend_from_slice(&row.0[..lanes]);
}
