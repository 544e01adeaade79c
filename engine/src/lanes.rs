//! The main loop: one policy against every scenario of a block, 64 at a time.
//!
//! # Sequence of events
//!
//! In each period `t`, with lead time `L` ([`Events`] says which of the two holds):
//!
//! | before demand                             | after demand                              |
//! |-------------------------------------------|-------------------------------------------|
//! | 1. the order placed in `t − L` arrives    | 1. the order placed in `t − 1 − L` arrives |
//! | 2. the policy reviews the item, may order | 3. demand is met from stock                |
//! | 3. demand is met from stock               | 4. stock and shortage are measured         |
//! | 4. stock and shortage are measured        | 2. the policy reviews the item, may order  |
//!
//! With `L = 0` before demand, the order is there at once.
//!
//! # Invariants
//!
//! Lanes never touch each other, and each operation is one operation on one lane. So a scenario
//! measures the same on AVX2 and AVX-512, in every [`Width`](crate::lane::Width) that holds it, and
//! for any [`LANES`]. `mul_add` is banned here: it fuses on some machines and not on others.
//!
//! State lives in local arrays, not in slices: the compiler then knows that lanes
//! do not alias. `scripts/vectorized.sh` checks that the loop is vectorized.

mod measured;
mod place;
mod schedule;

use multiversion::multiversion;

use measured::{Part, Sums, Totals};
use place::place;
use schedule::Schedule;

use crate::lane::{LANES, Lane, Row, Width};
use crate::outcomes::Detail;
use crate::policy::Policy;
use crate::rule::Laned;
use crate::{Block, Days, Events, Item, Outcomes, ReviewTime, Rule, Units, Unmet};

/// What is run.
pub(crate) struct Plan<'a> {
    pub(crate) policy: &'a Policy,
    /// The policy's rules, as the supplier lets them.
    pub(crate) rules: Vec<Rule>,
    pub(crate) item: &'a Item,
    pub(crate) events: &'a Events,
    pub(crate) block: &'a Block,
    pub(crate) detail: Detail,
    /// Positions between two orders, from low to high \[units\].
    pub(crate) opening: [Units; 2],
    /// Periods in a batch whose stock is added up by itself; 0 for none.
    pub(crate) batch: usize,
}

/// Working memory of a run.
#[derive(Default)]
pub(crate) struct Memory<L> {
    /// Orders under way, by period of arrival \[units\].
    pipeline: Vec<Row<L>>,
    /// Demand of a tile, if it comes in another width.
    copy: Vec<Row<L>>,
    /// The rules in the numbers of the lanes.
    rules: Vec<Laned<L>>,
    schedule: Schedule,
    /// What a tile measured.
    totals: Totals,
    /// Stock by batch, one tile after the other; empty unless a course was asked for.
    pub(crate) course: Vec<f64>,
}

/// State of some lanes between periods.
struct State<L, const N: usize> {
    /// On hand − backordered \[units\].
    net: Part<L, N>,
    /// Net + on order \[units\].
    position: Part<L, N>,
    /// One if demand was not met since the last arrival.
    short: Part<L, N>,
    /// Periods until the last order arrives.
    held: Part<i16, N>,
}

/// The way of some lanes of a tile through all periods.
struct Way<'a, L> {
    rules: &'a [Laned<L>],
    schedule: &'a Schedule,
    demand: &'a [Row<L>],
    lead_times: LeadTimes<'a>,
    /// Whether an order waits for earlier ones.
    in_order: bool,
    /// Whether each period is like the other: one rule, a review, and an order that is due a fixed
    /// number of periods later, not at once.
    plain: bool,
    warm_up: usize,
    /// Periods after which running sums are emptied.
    until_full: usize,
    /// Place of the first period's rule.
    first_rule: usize,
    /// The first lane.
    offset: usize,
    /// Periods in a batch; 0 for none.
    batch: usize,
}

/// Lead times of orders, by period of the order.
#[derive(Clone, Copy)]
struct LeadTimes<'a> {
    /// The shortest and the longest \[periods\].
    range: [usize; 2],
    /// One row a period; empty if all are the same.
    rows: &'a [Row<i16>],
}

/// Runs `plan` and appends what it measured to `outcomes`.
pub(crate) fn run<L: Lane>(plan: &Plan<'_>, memory: &mut Memory<L>, outcomes: &mut Outcomes) {
    let Plan { item, events, block, .. } = plan;
    let periods = block.periods();
    let range = block.lead_times(item.lead_time_periods);
    let Memory { pipeline, copy, rules, schedule, totals, course } = memory;
    course.clear();
    schedule.set(events, periods, range[1] + 1);
    rules.clear();
    rules.extend(plan.rules.iter().map(|&rule| Laned::new(rule)));
    // A power of two, so that a period's place in the ring is a mask away.
    let ring = (range[1] + 1 + events.receiving_days.longest_gap() + 1).next_power_of_two();
    let largest = plan.most_stock() + plan.most_waiting();
    let until_full = L::periods_before_overflow(largest.max(block.largest()));

    let mut rest = block.scenarios();
    for tile in 0..block.tiles() {
        let (from, to) = (tile * periods, (tile + 1) * periods);
        let chance = &block.chance().lead_times;
        let rows = if chance.is_empty() { &chance[..] } else { &chance[from..to] };
        let (start, rhythm) = (plan.rhythm_starts(), rules.len());
        let mut way = Way {
            rules,
            schedule,
            demand: block.demand().of(from, to, copy),
            lead_times: LeadTimes { range, rows },
            in_order: !item.supply.orders_cross,
            plain: rows.is_empty()
                && rules.len() == 1
                && events.reviewed_always()
                && events.receiving_days == Days::ALL
                && (item.lead_time_periods > 0 || events.review == ReviewTime::AfterDemand),
            warm_up: block.warm_up(),
            until_full,
            first_rule: (plan.ahead(tile) + rhythm - start % rhythm) % rhythm,
            offset: 0,
            batch: plan.batch,
        };
        let opening = plan.opening(tile);
        pipeline.clear();
        pipeline.resize(ring, Row::ZERO);
        totals.forget(plan.detail);
        // Two AVX-512 registers a number, or four of the widest.
        match L::WIDTH {
            Width::Narrow => follow::<L, 64>(plan, &mut way, &opening, pipeline, totals),
            Width::Middle | Width::Wide => {
                follow::<L, 32>(plan, &mut way, &opening, pipeline, totals);
            }
        }
        let lanes = rest.min(LANES);
        rest -= lanes;
        totals.append_to(outcomes, plan, &block.totals()[tile], lanes);
        course.append(&mut totals.course);
    }
}

/// Follows all lanes of a tile, `N` at a time.
fn follow<L: Lane, const N: usize>(
    plan: &Plan<'_>,
    way: &mut Way<'_, L>,
    opening: &Row<f64>,
    pipeline: &mut [Row<L>],
    totals: &mut Totals,
) {
    use ReviewTime::{AfterDemand, BeforeDemand};
    let lots = plan.rules.iter().any(Rule::has_lots);
    let lost = plan.events.unmet == Unmet::Lost;
    let full = plan.detail == Detail::Full;
    // One compiled loop for each combination, chosen once a block: nothing branches on it inside.
    let advance = match (plan.events.review, lost, lots, full) {
        (BeforeDemand, false, false, false) => advance::<L, N, true, false, false, false>,
        (BeforeDemand, false, true, false) => advance::<L, N, true, false, true, false>,
        (BeforeDemand, true, false, false) => advance::<L, N, true, true, false, false>,
        (BeforeDemand, true, true, false) => advance::<L, N, true, true, true, false>,
        (AfterDemand, false, false, false) => advance::<L, N, false, false, false, false>,
        (AfterDemand, false, true, false) => advance::<L, N, false, false, true, false>,
        (AfterDemand, true, false, false) => advance::<L, N, false, true, false, false>,
        (AfterDemand, true, true, false) => advance::<L, N, false, true, true, false>,
        (BeforeDemand, false, _, true) => advance::<L, N, true, false, true, true>,
        (BeforeDemand, true, _, true) => advance::<L, N, true, true, true, true>,
        (AfterDemand, false, _, true) => advance::<L, N, false, false, true, true>,
        (AfterDemand, true, _, true) => advance::<L, N, false, true, true, true>,
    };
    for offset in (0..LANES).step_by(N) {
        way.offset = offset;
        let start = Part(std::array::from_fn(|lane| L::of(opening.0[offset + lane])));
        let short = Part::ZERO;
        let mut state = State { net: start, position: start, short, held: Part::ZERO };
        advance(way, pipeline, &mut state, totals);
    }
}

/// `N` lanes of a row.
#[inline(always)]
fn part<L: Lane, const N: usize>(row: &Row<L>, offset: usize) -> &[L; N] {
    row.0[offset..offset + N].try_into().expect("a row has so many lanes")
}

/// `N` lanes of a row, to be written.
#[inline(always)]
fn part_mut<L: Lane, const N: usize>(row: &mut Row<L>, offset: usize) -> &mut [L; N] {
    (&mut row.0[offset..offset + N]).try_into().expect("a row has so many lanes")
}

/// Advances some lanes through all periods.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn advance<
    L: Lane,
    const N: usize,
    const BEFORE: bool,
    const LOST: bool,
    const LOTS: bool,
    const FULL: bool,
>(
    way: &Way<'_, L>,
    pipeline: &mut [Row<L>],
    state: &mut State<L, N>,
    totals: &mut Totals,
) {
    let mask = pipeline.len() - 1;
    // A whole tile at once begins at its first lane: known to the compiler, it costs nothing.
    let offset = if N == LANES { 0 } else { way.offset };
    let State { mut net, mut position, mut short, mut held } = *state;
    let mut peak = Part::<L, N>::ZERO;
    let mut rule = way.first_rule;
    let mut place_due = 0;
    let fixed = way.lead_times.rows.is_empty();
    let periods = way.demand.len();

    // From one emptying of the running sums to the next.
    let mut begin = 0;
    while begin < periods {
        let Sums {
            mut stock,
            mut waiting,
            mut unmet,
            mut stockouts,
            mut orders,
            mut received,
            mut on_order,
            mut cycles,
            mut short_cycles,
            ..
        } = Sums::<L, N>::ZERO;
        if begin == way.warm_up {
            peak = Part::ZERO;
            totals.open(offset, &net, &position);
        }
        let measures = begin >= way.warm_up;
        let rest = if measures { periods } else { way.warm_up } - begin;
        let mut end = begin + rest.min(way.until_full);
        if let Some(batch) = begin.checked_div(way.batch) {
            end = end.min((batch + 1) * way.batch);
        }

        // One loop over the lanes, so that a lane's numbers stay in registers: a period waits for
        // the one before it, and through memory it would wait three times as long.
        macro_rules! live {
            ($rule:ident, $wanted:ident, $here:ident, $placed:ident, $orders:expr, $at_once:expr) => {
                for lane in 0..N {
                    let mut owned = position.0[lane];
                    let mut order = L::ZERO;
                    if BEFORE && $orders {
                        order = $rule.order::<LOTS>(owned);
                        owned = owned.plus(order);
                    }
                    let here = $here.0[lane].plus(if $at_once { order } else { L::ZERO });
                    let available = net.0[lane].plus(here);
                    let wanted = $wanted[lane];
                    let missed = if LOST {
                        let sold = wanted.least(available);
                        net.0[lane] = available.minus(sold);
                        owned = owned.minus(sold);
                        stock.0[lane] = stock.0[lane].plus(net.0[lane]);
                        wanted.minus(sold)
                    } else {
                        net.0[lane] = available.minus(wanted);
                        owned = owned.minus(wanted);
                        let late = L::ZERO.minus(net.0[lane]).most(L::ZERO);
                        waiting.0[lane] = waiting.0[lane].plus(late);
                        stock.0[lane] = stock.0[lane].plus(net.0[lane].most(L::ZERO));
                        late.least(wanted)
                    };
                    unmet.0[lane] = unmet.0[lane].plus(missed);
                    let missing = missed.any();
                    stockouts.0[lane] = stockouts.0[lane].plus(missing);
                    if FULL {
                        received.0[lane] = received.0[lane].plus(here);
                        peak.0[lane] = peak.0[lane].most(net.0[lane]);
                        let arrived = here > L::ZERO;
                        cycles.0[lane] = cycles.0[lane].plus(here.any());
                        let ended = if arrived { short.0[lane] } else { L::ZERO };
                        short_cycles.0[lane] = short_cycles.0[lane].plus(ended);
                        let before = if arrived { L::ZERO } else { short.0[lane] };
                        short.0[lane] = before.most(missing);
                    }
                    if !BEFORE && $orders {
                        order = $rule.order::<LOTS>(owned);
                        owned = owned.plus(order);
                    }
                    if $orders {
                        orders.0[lane] = orders.0[lane].plus(order.any());
                        $placed.0[lane] = order;
                    }
                    position.0[lane] = owned;
                    if FULL {
                        let under_way = owned.minus(net.0[lane]);
                        on_order.0[lane] = on_order.0[lane].plus(under_way);
                    }
                }
            };
        }

        if way.plain {
            let length = way.lead_times.range[0] + usize::from(!BEFORE);
            let due = &mut pipeline[..length];
            let rule_now = way.rules[0];
            for demand in &way.demand[begin..end] {
                let wanted = part::<L, N>(demand, offset);
                let slot = part_mut::<L, N>(&mut due[place_due], offset);
                place_due = if place_due + 1 == length { 0 } else { place_due + 1 };
                let here = Part(*slot);
                let mut placed = Part([L::ZERO; N]);
                live!(rule_now, wanted, here, placed, true, false);
                *slot = placed.0;
            }
        } else {
            for period in begin..end {
                let reviewed = way.schedule.reviewed[period];
                let rule_now = way.rules[rule];
                rule = if rule + 1 == way.rules.len() { 0 } else { rule + 1 };
                let wanted = part::<L, N>(&way.demand[period], offset);
                let due = period + usize::from(!BEFORE);
                let arrival = way.schedule.arrival[due + way.lead_times.range[0]] as usize;
                let mut placed = Part([L::ZERO; N]);
                // An order without lead time is there at once, and others may be due together.
                let at_once = fixed && arrival == period;
                if reviewed && BEFORE && !fixed {
                    // Some lanes' orders may be there at once, so all are placed first.
                    for lane in 0..N {
                        let order = rule_now.order::<LOTS>(position.0[lane]);
                        orders.0[lane] = orders.0[lane].plus(order.any());
                        position.0[lane] = position.0[lane].plus(order);
                        placed.0[lane] = order;
                    }
                    place(way, period, due, &placed, &mut held, pipeline);
                }
                let arriving = part_mut::<L, N>(&mut pipeline[period & mask], offset);
                let here = Part(std::mem::replace(arriving, [L::ZERO; N]));
                if reviewed && (fixed || !BEFORE) {
                    live!(rule_now, wanted, here, placed, true, at_once);
                    if !fixed {
                        place(way, period, due, &placed, &mut held, pipeline);
                    } else if !at_once {
                        let slot = part_mut::<L, N>(&mut pipeline[arrival & mask], offset);
                        for lane in 0..N {
                            slot[lane] = slot[lane].plus(placed.0[lane]);
                        }
                    }
                } else {
                    live!(rule_now, wanted, here, placed, false, false);
                }
                if !fixed {
                    for lane in 0..N {
                        held.0[lane] = (held.0[lane] - 1).max(0);
                    }
                }
            }
        }
        if measures {
            let sums = Sums {
                stock,
                waiting,
                unmet,
                stockouts,
                orders,
                received,
                on_order,
                cycles,
                short_cycles,
                peak,
            };
            totals.take::<L, N, FULL>(offset, &sums);
        }
        if let Some(batch) = begin.checked_div(way.batch) {
            // Of a copy: what is asked for its address stays in memory, in the loop, too.
            totals.follow(batch, &Part(stock.0));
        }
        begin = end;
    }
    totals.close(offset, &net, &position);
}
