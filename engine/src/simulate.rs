//! The main loop: one policy against every scenario of a block.
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
//! Lanes never touch each other, and each operation is one IEEE operation on one
//! lane. So a scenario measures the same bits on AVX2 and AVX-512, and for any
//! [`LANES`]. `mul_add` is banned here: it fuses on some machines and not on others.
//! Whole units stay exact: sums of integers below 2⁵³ do not round.
//!
//! State lives in local arrays, not in slices: the compiler then knows that lanes
//! do not alias. `scripts/vectorized.sh` checks that the loop is vectorized.

use multiversion::multiversion;

use crate::{Block, Events, Item, LANES, Lanes, Outcomes, Policy, Review, ReviewTime, Unmet};

/// Working memory of [`simulate()`]; make one per thread and reuse it.
#[derive(Default)]
pub struct Scratch {
    /// Orders under way, by period of arrival \[units\].
    pipeline: Vec<Lanes>,
}

/// What a tile measured, one number a lane.
struct Sums {
    stock: Lanes,
    waiting: Lanes,
    unmet: Lanes,
    stockouts: Lanes,
    orders: Lanes,
}

impl Sums {
    const ZERO: Sums = Sums {
        stock: Lanes::ZERO,
        waiting: Lanes::ZERO,
        unmet: Lanes::ZERO,
        stockouts: Lanes::ZERO,
        orders: Lanes::ZERO,
    };
}

/// State of a tile between periods, one number a lane.
struct State {
    /// On hand − backordered \[units\].
    net: Lanes,
    /// Net + on order \[units\].
    position: Lanes,
}

/// Runs `policy` on every scenario of `block` and appends what it measured to `outcomes`.
pub fn simulate<P: Policy>(
    policy: P,
    item: &Item,
    events: &Events,
    block: &Block,
    scratch: &mut Scratch,
    outcomes: &mut Outcomes,
) {
    use ReviewTime::{AfterDemand, BeforeDemand};
    use Unmet::{Backorder, Lost};
    // One compiled loop for each combination, chosen once a block: nothing branches on it inside.
    let advance = match (events.review, events.unmet, item.has_lots()) {
        (BeforeDemand, Backorder, false) => advance::<P, true, false, false>,
        (BeforeDemand, Backorder, true) => advance::<P, true, false, true>,
        (BeforeDemand, Lost, false) => advance::<P, true, true, false>,
        (BeforeDemand, Lost, true) => advance::<P, true, true, true>,
        (AfterDemand, Backorder, false) => advance::<P, false, false, false>,
        (AfterDemand, Backorder, true) => advance::<P, false, false, true>,
        (AfterDemand, Lost, false) => advance::<P, false, true, false>,
        (AfterDemand, Lost, true) => advance::<P, false, true, true>,
    };
    // A power of two, so that a period's place in the ring is a mask away.
    let ring = (item.lead_time_periods + 2).next_power_of_two();
    let mut rest = block.scenarios();
    let every = events.review_every_periods;
    // A policy that orders nothing when there is nothing will have nothing in the long run.
    let sells_out = events.unmet == Lost
        && policy.order(Review { period: 0, on_hand: 0.0, position: 0.0 }) <= 0.0;

    for (number, (tile, demand)) in block.tiles().zip(block.totals()).enumerate() {
        let first = block.first_scenario() + (number * LANES) as u32;
        let start = |lane: usize| match sells_out {
            true => 0.0,
            false => policy.opening(even_share(first + lane as u32)).max(0.0),
        };
        let opening =
            Lanes(std::array::from_fn(|lane| item.opening.unwrap_or_else(|| start(lane))));
        // Tiles start at different points of the policy's own rhythm.
        let reviews = (policy.rhythm() / every) as f64;
        let ahead = (even_share(first / LANES as u32) * reviews) as usize * every;
        scratch.pipeline.clear();
        scratch.pipeline.resize(ring, Lanes::ZERO);
        let mut state = State { net: opening, position: opening };
        let pipeline = &mut scratch.pipeline[..];

        let (warm_up, measured) = tile.split_at(block.warm_up());
        let mut sums = Sums::ZERO;
        advance(policy, item, events, warm_up, 0, ahead, pipeline, &mut state, &mut sums);
        sums = Sums::ZERO;
        let start = state.position;
        let first = warm_up.len();
        advance(policy, item, events, measured, first, ahead, pipeline, &mut state, &mut sums);

        let lanes = rest.min(LANES);
        rest -= lanes;
        for lane in 0..lanes {
            let lost = if events.unmet == Lost { sums.unmet.0[lane] } else { 0.0 };
            // What came into the position is what was ordered: nothing is created or lost.
            let ordered = state.position.0[lane] - start.0[lane] + demand.0[lane] - lost;
            outcomes.stock.push(sums.stock.0[lane]);
            outcomes.waiting.push(sums.waiting.0[lane]);
            outcomes.unmet.push(sums.unmet.0[lane]);
            outcomes.stockouts.push(sums.stockouts.0[lane]);
            outcomes.orders.push(sums.orders.0[lane]);
            outcomes.ordered.push(ordered);
            outcomes.demand.push(demand.0[lane]);
        }
    }
}

/// A number from 0 to below 1 for each scenario, spread evenly over any run of scenarios.
///
/// The radical inverse in base 2 of van der Corput, *Verteilungsfunktionen* (1935).
fn even_share(scenario: u32) -> f64 {
    f64::from(scenario.reverse_bits()) / 4_294_967_296.0
}

/// Advances a tile through `tile`, whose first row is period `first`; the policy's own rhythm is
/// `ahead` periods further.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
#[allow(clippy::too_many_arguments)] // the multiversioned loop takes plain arguments only
fn advance<P: Policy, const BEFORE: bool, const LOST: bool, const LOTS: bool>(
    policy: P,
    item: &Item,
    events: &Events,
    tile: &[Lanes],
    first: usize,
    ahead: usize,
    pipeline: &mut [Lanes],
    state: &mut State,
    sums: &mut Sums,
) {
    let mask = pipeline.len() - 1;
    let delay = item.lead_time_periods + usize::from(!BEFORE);
    let every = events.review_every_periods;
    let mut until_review = (events.review_phase + every - first % every) % every;
    let State { mut net, mut position } = *state;
    let Sums { mut stock, mut waiting, mut unmet, mut stockouts, mut orders } = *sums;

    for (row, demand) in tile.iter().enumerate() {
        let period = first + row;
        let reviewed = until_review == 0;
        until_review = if reviewed { every } else { until_review } - 1;

        if BEFORE {
            let mut placed = Lanes::ZERO;
            if reviewed {
                let rhythm = period - events.review_phase + ahead;
                let arriving = pipeline[period & mask];
                for lane in 0..LANES {
                    let here = if delay == 0 { 0.0 } else { arriving.0[lane] };
                    let on_hand = (net.0[lane] + here).max(0.0);
                    let review = Review { period: rhythm, on_hand, position: position.0[lane] };
                    let order = rounded::<LOTS>(policy.order(review), item);
                    orders.0[lane] += if order > 0.0 { 1.0 } else { 0.0 };
                    position.0[lane] += order;
                    placed.0[lane] = order;
                }
            }
            pipeline[(period + delay) & mask] = placed;
        }

        let arriving = pipeline[period & mask];
        for lane in 0..LANES {
            let available = net.0[lane] + arriving.0[lane];
            let wanted = demand.0[lane];
            let short = if LOST {
                let sold = wanted.min(available);
                net.0[lane] = available - sold;
                position.0[lane] -= sold;
                wanted - sold
            } else {
                net.0[lane] = available - wanted;
                position.0[lane] -= wanted;
                let late = (-net.0[lane]).max(0.0);
                waiting.0[lane] += late;
                late.min(wanted)
            };
            stock.0[lane] += net.0[lane].max(0.0);
            unmet.0[lane] += short;
            stockouts.0[lane] += if short > 0.0 { 1.0 } else { 0.0 };
        }

        if !BEFORE {
            let mut placed = Lanes::ZERO;
            if reviewed {
                let rhythm = period - events.review_phase + ahead;
                for lane in 0..LANES {
                    let on_hand = net.0[lane].max(0.0);
                    let review = Review { period: rhythm, on_hand, position: position.0[lane] };
                    let order = rounded::<LOTS>(policy.order(review), item);
                    orders.0[lane] += if order > 0.0 { 1.0 } else { 0.0 };
                    position.0[lane] += order;
                    placed.0[lane] = order;
                }
            }
            pipeline[(period + delay) & mask] = placed;
        }
    }
    *state = State { net, position };
    *sums = Sums { stock, waiting, unmet, stockouts, orders };
}

/// The order the supplier accepts: at least the minimum, in whole multiples.
#[inline(always)]
fn rounded<const LOTS: bool>(order: f64, item: &Item) -> f64 {
    if !LOTS {
        return order;
    }
    let enough = order.max(item.minimum_order);
    let whole = if item.order_multiple > 0.0 {
        (enough / item.order_multiple).ceil() * item.order_multiple
    } else {
        enough
    };
    if order > 0.0 { whole } else { 0.0 }
}
