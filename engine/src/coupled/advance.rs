//! The loop: all items of a group through a period, then the next.

use super::books::{Books, Details, Part, Totals, count_on_order, meet};
use super::buyer::{Buyer, Desk, Review};
use super::order::{Counted, Decision, Placed, ask, decide, place};
use super::setting::{Clock, Schedule, Setting, Terms};
use super::{Group, GroupOutcomes};
use crate::lane::{LANES, Lane, Row, Rows, Width};
use crate::outcomes::Detail;
use crate::{Outcomes, ReviewTime, Unmet};

/// Periods whose demand is brought into the order of the loop at once.
///
/// The blocks hold one item after the other and the loop wants one period after the other: read
/// straight from them, every row would be waited for.
pub(super) const AHEAD: usize = 8;

/// Working memory of a group's simulation; make one per thread and reuse it.
///
/// Each width has one for groups that fit the cache, and one for larger groups.
#[derive(Default)]
pub struct GroupScratch {
    narrow: Memory<i16, 64>,
    narrow_few: Memory<i16, 32>,
    middle: Memory<i32, 32>,
    middle_few: Memory<i32, 16>,
    wide: Memory<f64, 16>,
    wide_few: Memory<f64, 8>,
}

/// Working memory for one width, some lanes at a time.
struct Memory<L, const N: usize> {
    schedule: Schedule,
    terms: Vec<Terms<L>>,
    clocks: Vec<Clock>,
    books: Vec<Books<L, N>>,
    /// Empty unless everything is measured.
    details: Vec<Details<L, N>>,
    /// Orders under way of all items, by period of arrival \[units\].
    pipeline: Vec<Part<L, N>>,
    /// Demand of some periods, one period after the other.
    demand: Vec<Part<L, N>>,
    totals: Vec<Totals<N>>,
    desk: Desk,
}

/// What some lanes measured of the group as a whole.
struct Counts<const N: usize> {
    orders: Part<f64, N>,
    bound: Part<f64, N>,
    waited: Part<f64, N>,
}

impl Group<'_> {
    /// Runs every scenario of the items' blocks and appends what it measured of each item to one
    /// of `outcomes`, and what it measured of all of them to `together`.
    ///
    /// The group is one that [`Group::checked`] returned.
    ///
    /// # Panics
    ///
    /// If there are not as many outcomes as items.
    pub fn simulate(
        &self,
        detail: Detail,
        scratch: &mut GroupScratch,
        outcomes: &mut [Outcomes],
        together: &mut GroupOutcomes,
    ) {
        self.simulated(None, detail, scratch, outcomes, together);
    }

    /// The same, but `buyer` decides what is ordered: the rules of the items' policies and what
    /// couples the group have no say, except where stock begins.
    ///
    /// # Panics
    ///
    /// If there are not as many outcomes as items.
    pub fn simulate_bought(
        &self,
        buyer: &mut dyn Buyer,
        detail: Detail,
        scratch: &mut GroupScratch,
        outcomes: &mut [Outcomes],
        together: &mut GroupOutcomes,
    ) {
        self.simulated(Some(buyer), detail, scratch, outcomes, together);
    }

    fn simulated(
        &self,
        mut buyer: Option<&mut dyn Buyer>,
        detail: Detail,
        scratch: &mut GroupScratch,
        outcomes: &mut [Outcomes],
        together: &mut GroupOutcomes,
    ) {
        assert_eq!(outcomes.len(), self.members.len(), "every item has its outcomes");
        let setting = Setting::of(self, detail, buyer.as_ref().map(|buyer| buyer.most()));
        let buyer = &mut buyer;
        let GroupScratch { narrow, narrow_few, middle, middle_few, wide, wide_few } = scratch;
        match (setting.width, setting.fits_cache()) {
            (Width::Narrow, true) => narrow.run(&setting, buyer, outcomes, together),
            (Width::Narrow, false) => narrow_few.run(&setting, buyer, outcomes, together),
            (Width::Middle, true) => middle.run(&setting, buyer, outcomes, together),
            (Width::Middle, false) => middle_few.run(&setting, buyer, outcomes, together),
            (Width::Wide, true) => wide.run(&setting, buyer, outcomes, together),
            (Width::Wide, false) => wide_few.run(&setting, buyer, outcomes, together),
        }
    }
}

impl<L: Counted, const N: usize> Memory<L, N> {
    fn run(
        &mut self,
        setting: &Setting<'_>,
        buyer: &mut Option<&mut dyn Buyer>,
        outcomes: &mut [Outcomes],
        together: &mut GroupOutcomes,
    ) {
        self.schedule.set(setting);
        setting.terms(&mut self.terms);
        let scenarios = setting.block().scenarios();
        for first in (0..scenarios).step_by(N) {
            let (tile, offset) = (first / LANES, first % LANES);
            self.open(setting, tile, offset);
            let lanes = N.min(scenarios - first);
            let counts = self.advance(setting, buyer, (tile, offset, lanes));
            for (item, outcomes) in outcomes.iter_mut().enumerate() {
                let demand = &setting.plans[item].block.totals()[tile].0[offset..offset + lanes];
                self.totals[item].append_to(outcomes, setting, &self.books[item], demand);
            }
            together.orders.extend_from_slice(&counts.orders.0[..lanes]);
            together.bound.extend_from_slice(&counts.bound.0[..lanes]);
            together.waited.extend_from_slice(&counts.waited.0[..lanes]);
        }
    }

    /// Opens the books for the lanes of a tile from `offset` on.
    fn open(&mut self, setting: &Setting<'_>, tile: usize, offset: usize) {
        setting.clocks(tile, &mut self.clocks);
        self.books.clear();
        self.books.extend(setting.plans.iter().map(|plan| {
            let opening = plan.opening(tile);
            Books::open(Part(std::array::from_fn(|lane| L::of(opening.0[offset + lane]))))
        }));
        let items = setting.plans.len();
        let detailed = if setting.detail == Detail::Full { items } else { 0 };
        self.details.clear();
        self.details.resize(detailed, Details::ZERO);
        self.pipeline.clear();
        self.pipeline.resize(setting.slots(), Part::ZERO);
        self.totals.clear();
        self.totals.resize(items, Totals::ZERO);
        self.demand.resize(AHEAD * items, Part::ZERO);
    }

    /// Advances some lanes of all items through all periods.
    fn advance(
        &mut self,
        setting: &Setting<'_>,
        buyer: &mut Option<&mut dyn Buyer>,
        (tile, offset, lanes): (usize, usize, usize),
    ) -> Counts<N> {
        let (periods, warm_up) = (setting.block().periods(), setting.block().warm_up());
        let before = setting.events.review == ReviewTime::BeforeDemand;
        let often = L::periods_before_overflow(setting.largest);
        let items = self.books.len();
        let mut counts = Counts::ZERO;
        let mut until_full = often;
        let scenario = tile * LANES + offset;
        let review = |period: usize| {
            let measured = period >= warm_up;
            (Review { period, measured, scenario, positions: &[] }, lanes)
        };

        for period in 0..periods {
            if period == warm_up {
                self.start_measuring();
                (counts, until_full) = (Counts::ZERO, often);
            }
            if period.is_multiple_of(AHEAD) {
                self.look_ahead(setting, tile * periods + period, periods - period, offset);
            }
            let reviewed = self.schedule.reviewed[period];
            if before && reviewed {
                self.bought(setting, buyer, review(period), &mut counts);
            }
            self.meet(setting, period % AHEAD * items);
            if !before && reviewed {
                self.bought(setting, buyer, review(period), &mut counts);
            }
            if setting.detail == Detail::Full {
                count_on_order(&self.books, &mut self.details);
            }
            if setting.rhythmic {
                self.clocks.iter_mut().for_each(Clock::next_rule);
            }
            until_full -= 1;
            if until_full == 0 || period + 1 == periods {
                self.take_sums();
                until_full = often;
            }
        }
        counts
    }

    /// Forgets what was measured so far.
    fn start_measuring(&mut self) {
        for (books, totals) in self.books.iter_mut().zip(&mut self.totals) {
            books.empty();
            *totals = Totals::ZERO;
            totals.open(books);
        }
        self.details.iter_mut().for_each(Details::forget);
    }

    /// Empties the running sums into the totals.
    fn take_sums(&mut self) {
        for (item, books) in self.books.iter_mut().enumerate() {
            self.totals[item].take(books, self.details.get(item));
            books.empty();
        }
        self.details.iter_mut().for_each(Details::empty);
    }

    /// Brings the demand of the next periods, from row `row` on, into the order of the loop.
    fn look_ahead(&mut self, setting: &Setting<'_>, row: usize, rest: usize, offset: usize) {
        let items = setting.plans.len();
        for (item, plan) in setting.plans.iter().enumerate() {
            let rows = row..row + rest.min(AHEAD);
            let parts = self.demand[item..].iter_mut().step_by(items);
            match (L::rows(plan.block.demand()), plan.block.demand()) {
                (Some(same), _) => parts.zip(&same[rows]).for_each(|(part, row)| {
                    part.0.copy_from_slice(&row.0[offset..offset + N]);
                }),
                (None, Rows::Narrow(narrow)) => copy(&narrow[rows], offset, parts),
                (None, Rows::Middle(middle)) => copy(&middle[rows], offset, parts),
                (None, Rows::Wide(wide)) => copy(&wide[rows], offset, parts),
            }
        }
    }

    /// Receives, meets the demand from row `first` on, and measures.
    fn meet(&mut self, setting: &Setting<'_>, first: usize) {
        let lost = setting.events.unmet == Unmet::Lost;
        let meet = match (lost, setting.detail) {
            (false, Detail::Cost) => meet::<L, N, false, false>,
            (true, Detail::Cost) => meet::<L, N, true, false>,
            (false, Detail::Full) => meet::<L, N, false, true>,
            (true, Detail::Full) => meet::<L, N, true, true>,
        };
        let Memory { clocks, pipeline, books, details, demand, .. } = self;
        meet(&demand[first..first + books.len()], clocks, pipeline, books, details);
    }

    /// Orders at a review: what the buyer decides, or what the rules want.
    fn bought(
        &mut self,
        setting: &Setting<'_>,
        buyer: &mut Option<&mut dyn Buyer>,
        (review, lanes): (Review<'_>, usize),
        counts: &mut Counts<N>,
    ) {
        let Some(buyer) = buyer else {
            return self.order(setting, review.period, counts);
        };
        let Memory { schedule, clocks, books, pipeline, desk, .. } = self;
        let waits = schedule.waits_from(review.period);
        let any = desk.order(&mut **buyer, (&review, lanes), waits, (clocks, books), pipeline);
        for lane in 0..N {
            counts.orders.0[lane] += any.0[lane];
        }
    }

    /// Orders at the review of `period`.
    fn order(&mut self, setting: &Setting<'_>, period: usize, counts: &mut Counts<N>) {
        let decision = if setting.couples { self.decide(setting) } else { Decision::ALL };
        let place = match (decision.fills, decision.scales) {
            (false, false) => place::<L, N, false, false>,
            (false, true) => place::<L, N, true, false>,
            (true, _) => place::<L, N, true, true>,
        };
        let Memory { schedule, terms, clocks, books, pipeline, .. } = self;
        let waits = schedule.waits_from(period);
        let mut placed = Placed::NOTHING;
        // Who comes first gets no remainder of others: everybody in turn.
        let first = if decision.scales { period % books.len() } else { 0 };
        let (later, sooner) = books.split_at_mut(first);
        let (later_clocks, sooner_clocks) = clocks.split_at(first);
        place(&decision, waits, terms, sooner_clocks, sooner, pipeline, &mut placed);
        place(&decision, waits, terms, later_clocks, later, pipeline, &mut placed);
        for lane in 0..N {
            counts.orders.0[lane] += f64::one_if(placed.largest.0[lane] > L::ZERO);
            counts.bound.0[lane] += f64::one_if(decision.share.0[lane] < 1.0);
            counts.waited.0[lane] += decision.waited.0[lane];
        }
    }

    /// What becomes of what the items ask for.
    fn decide(&self, setting: &Setting<'_>) -> Decision<L, N> {
        let ask = |filled: bool| {
            let ask = match (setting.weighs, filled) {
                (false, _) => ask::<L, N, false, false>,
                (true, false) => ask::<L, N, true, false>,
                (true, true) => ask::<L, N, true, true>,
            };
            ask(&self.clocks, &self.terms, &self.books)
        };
        decide(&setting.joint, &ask(false), || ask(true).weight)
    }
}

/// Copies some lanes of rows of whole numbers into wider lanes.
fn copy<'a, From: Lane, To: Lane, const N: usize>(
    rows: &[Row<From>],
    offset: usize,
    parts: impl Iterator<Item = &'a mut Part<To, N>>,
) {
    for (part, row) in parts.zip(rows) {
        for (to, from) in part.0.iter_mut().zip(&row.0[offset..offset + N]) {
            *to = To::of(from.value());
        }
    }
}

impl<L, const N: usize> Default for Memory<L, N> {
    fn default() -> Memory<L, N> {
        Memory {
            schedule: Schedule::default(),
            terms: Vec::new(),
            clocks: Vec::new(),
            books: Vec::new(),
            details: Vec::new(),
            pipeline: Vec::new(),
            demand: Vec::new(),
            totals: Vec::new(),
            desk: Desk::default(),
        }
    }
}

impl<const N: usize> Counts<N> {
    const ZERO: Counts<N> = Counts { orders: Part::ZERO, bound: Part::ZERO, waited: Part::ZERO };
}

/// What is measured with few lanes at a time, and with twice as many.
#[cfg(test)]
pub(super) fn both_ways(group: &Group<'_>) -> [(Vec<Outcomes>, GroupOutcomes); 2] {
    fn run<L: Counted, const N: usize>(setting: &Setting<'_>) -> (Vec<Outcomes>, GroupOutcomes) {
        let mut outcomes = vec![Outcomes::default(); setting.plans.len()];
        let mut together = GroupOutcomes::default();
        Memory::<L, N>::default().run(setting, &mut None, &mut outcomes, &mut together);
        (outcomes, together)
    }
    let setting = Setting::of(group, Detail::Full, None);
    match setting.width {
        Width::Narrow => [run::<i16, 32>(&setting), run::<i16, 64>(&setting)],
        Width::Middle => [run::<i32, 16>(&setting), run::<i32, 32>(&setting)],
        Width::Wide => [run::<f64, 8>(&setting), run::<f64, 16>(&setting)],
    }
}
