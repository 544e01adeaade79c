//! The orders of a group at one review: asked for, decided on, placed.

use multiversion::multiversion;

use super::books::{Books, Part};
use super::setting::{Clock, Terms};
use super::{Joint, Shortfall};
use crate::lane::Lane;
use crate::rule::Laned;

/// What the items of a group ask for together.
#[derive(Clone, Copy)]
pub(super) struct Asked<L, const N: usize> {
    /// One if any item is at or below its trigger.
    pub(super) triggered: Part<L, N>,
    /// Weight of their orders.
    pub(super) weight: Part<f64, N>,
}

/// What is decided on what they ask for.
pub(super) struct Decision<L, const N: usize> {
    /// One if orders are placed.
    pub(super) usual: Part<L, N>,
    /// One if they are orders up to the target of every item.
    pub(super) filled: Part<L, N>,
    /// The share of them that is placed.
    pub(super) share: Part<f64, N>,
    /// One if the minimum held them back.
    pub(super) waited: Part<f64, N>,
    /// Whether, in any lane, they are up to every target.
    pub(super) fills: bool,
    /// Whether, in any lane, they are scaled down.
    pub(super) scales: bool,
}

/// How far the orders of a review are placed.
pub(super) struct Placed<L, const N: usize> {
    /// Weight that earlier items were granted and could not use.
    left: Part<f64, N>,
    /// The largest order of any item.
    pub(super) largest: Part<L, N>,
}

/// Adds up what every item asks for; `FILLED` if whatever is below its target counts.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
pub(super) fn ask<L: Lane, const N: usize, const WEIGHED: bool, const FILLED: bool>(
    clocks: &[Clock],
    terms: &[Terms<L>],
    books: &[Books<L, N>],
) -> Asked<L, N> {
    let Asked { mut triggered, mut weight } = Asked::<L, N>::ZERO;
    for (clock, books) in clocks.iter().zip(books) {
        let terms = &terms[clock.rule as usize];
        let position = books.position;
        for lane in 0..N {
            let calls = L::one_if(position.0[lane] <= terms.trigger);
            triggered.0[lane] = triggered.0[lane].most(calls);
        }
        if WEIGHED {
            let rule = if FILLED { &terms.filled } else { &terms.usual };
            let wanted = orders(rule, terms.has_lots, &position);
            for lane in 0..N {
                weight.0[lane] += terms.weight * wanted.0[lane].value();
            }
        }
    }
    Asked { triggered, weight }
}

/// Decides on what is `asked`; `filled` says what it weighs if the group tops up.
pub(super) fn decide<L: Lane, const N: usize>(
    joint: &Joint,
    asked: &Asked<L, N>,
    filled: impl FnOnce() -> Part<f64, N>,
) -> Decision<L, N> {
    let mut decision = Decision { usual: asked.triggered, ..Decision::ALL };
    let mut weight = asked.weight;
    if joint.minimum > 0.0 {
        let short: [bool; N] = std::array::from_fn(|lane| {
            asked.triggered.0[lane] > L::ZERO && weight.0[lane] < joint.minimum
        });
        let topped = match joint.shortfall {
            Shortfall::TopUp if short.contains(&true) => filled(),
            Shortfall::TopUp | Shortfall::Wait => Part::ZERO,
        };
        for lane in 0..N {
            let enough = topped.0[lane] >= joint.minimum;
            let fills = short[lane] && enough;
            let waits = short[lane] && !enough;
            weight.0[lane] = if fills { topped.0[lane] } else { weight.0[lane] };
            decision.filled.0[lane] = L::one_if(fills);
            decision.waited.0[lane] = f64::one_if(waits);
            let usual = decision.usual.0[lane];
            decision.usual.0[lane] = if waits { L::ZERO } else { usual };
        }
        decision.fills = decision.filled.any(|fills| fills > L::ZERO);
    }
    for lane in 0..N {
        let too_much = weight.0[lane] > joint.capacity && decision.usual.0[lane] > L::ZERO;
        let share = joint.capacity / weight.0[lane];
        decision.share.0[lane] = if too_much { share } else { 1.0 };
    }
    decision.scales = decision.share.any(|share| share < 1.0);
    decision
}

/// Places orders of all items whose `clocks` and `books` are given.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
pub(super) fn place<L: Counted, const N: usize, const SCALED: bool, const FILLED: bool>(
    decision: &Decision<L, N>,
    waits: &[u32],
    terms: &[Terms<L>],
    clocks: &[Clock],
    books: &mut [Books<L, N>],
    pipeline: &mut [Part<L, N>],
    placed: &mut Placed<L, N>,
) {
    let (usual, filled, share) = (decision.usual, decision.filled, decision.share);
    let Placed { mut left, mut largest } = *placed;
    for (clock, books) in clocks.iter().zip(books) {
        let terms = &terms[clock.rule as usize];
        let Books { mut position, orders: mut count, .. } = *books;
        let mut order = orders(&terms.usual, terms.has_lots, &position);
        for lane in 0..N {
            order.0[lane] = if usual.0[lane] > L::ZERO { order.0[lane] } else { L::ZERO };
        }
        if FILLED {
            let wanted = orders(&terms.filled, terms.has_lots, &position);
            for lane in 0..N {
                let fills = filled.0[lane] > L::ZERO;
                order.0[lane] = if fills { wanted.0[lane] } else { order.0[lane] };
            }
        }
        if SCALED {
            let mut given = Part::<f64, N>::ZERO;
            for lane in 0..N {
                given.0[lane] = order.0[lane].value();
            }
            for lane in 0..N {
                let wanted = given.0[lane];
                let granted = left.0[lane] + share.0[lane] * (terms.weight * wanted);
                let lots = (granted * terms.lots_per_weight).floor();
                let part = (lots * terms.lot).least(wanted);
                let part = if part < terms.least { 0.0 } else { part };
                let scaled = share.0[lane] < 1.0;
                left.0[lane] = if scaled { granted - part * terms.weight } else { 0.0 };
                given.0[lane] = if scaled { part } else { wanted };
            }
            for lane in 0..N {
                order.0[lane] = L::counted(given.0[lane]);
            }
        }
        let slot = &mut pipeline[clock.slot_of_order(waits)];
        let mut arriving = *slot;
        for lane in 0..N {
            count.0[lane] = count.0[lane].plus(order.0[lane].any());
            position.0[lane] = position.0[lane].plus(order.0[lane]);
            arriving.0[lane] = arriving.0[lane].plus(order.0[lane]);
            largest.0[lane] = largest.0[lane].most(order.0[lane]);
        }
        *slot = arriving;
        books.orders = count;
        books.position = position;
    }
    *placed = Placed { left, largest };
}

/// What a rule orders at `position`.
#[inline(always)]
fn orders<L: Lane, const N: usize>(
    rule: &Laned<L>,
    has_lots: bool,
    position: &Part<L, N>,
) -> Part<L, N> {
    let mut order = Part::ZERO;
    if has_lots {
        for lane in 0..N {
            order.0[lane] = rule.order::<true>(position.0[lane]);
        }
    } else {
        for lane in 0..N {
            order.0[lane] = rule.order::<false>(position.0[lane]);
        }
    }
    order
}

impl<L: Lane, const N: usize> Asked<L, N> {
    pub(super) const ZERO: Asked<L, N> = Asked { triggered: Part::ZERO, weight: Part::ZERO };
}

impl<L: Lane, const N: usize> Decision<L, N> {
    /// Whatever is asked for is placed.
    pub(super) const ALL: Decision<L, N> = Decision {
        usual: Part::ONE,
        filled: Part::ZERO,
        share: Part::ONE,
        waited: Part::ZERO,
        fills: false,
        scales: false,
    };
}

impl<L: Lane, const N: usize> Placed<L, N> {
    pub(super) const NOTHING: Placed<L, N> = Placed { left: Part::ZERO, largest: Part::ZERO };
}

/// A lane that takes whole numbers from floating point at full speed.
pub(super) trait Counted: Lane {
    /// `number`, whole and within the width where lanes are integers.
    fn counted(number: f64) -> Self;
}

/// Added to a whole number of magnitude below 2⁵¹, leaves it in the low bits of the sum.
const TO_LOW_BITS: f64 = 6_755_399_441_055_744.0;

impl Counted for i16 {
    #[inline(always)]
    fn counted(number: f64) -> i16 {
        (number + TO_LOW_BITS).to_bits() as i16
    }
}

impl Counted for i32 {
    #[inline(always)]
    fn counted(number: f64) -> i32 {
        (number + TO_LOW_BITS).to_bits() as i32
    }
}

impl Counted for f64 {
    #[inline(always)]
    fn counted(number: f64) -> f64 {
        number
    }
}
