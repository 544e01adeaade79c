//! What is kept of each item between periods, for some lanes at a time.
//!
//! A number of an item fills two cache lines, or one in large groups: 64 or 32 of the narrowest
//! lanes advance together, and 16 or 8 of the widest. So a thousand items stay in the cache.

use multiversion::multiversion;

use super::setting::{Clock, Setting};
use crate::lane::Lane;
use crate::outcomes::Detail;
use crate::{Outcomes, Unmet};

/// One number for each of some lanes.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Part<L, const N: usize>(pub(super) [L; N]);

impl<L: Lane, const N: usize> Part<L, N> {
    pub(super) const ZERO: Part<L, N> = Part([L::ZERO; N]);
    pub(super) const ONE: Part<L, N> = Part([L::ONE; N]);

    /// Whether `holds` of the number in any lane.
    pub(super) fn any(&self, holds: impl Fn(L) -> bool) -> bool {
        self.0.iter().fold(false, |any, &number| any | holds(number))
    }
}

/// The books of an item.
#[derive(Clone, Copy)]
pub(super) struct Books<L, const N: usize> {
    /// On hand − backordered \[units\].
    pub(super) net: Part<L, N>,
    /// Net + on order \[units\].
    pub(super) position: Part<L, N>,
    /// Running sums since they were last taken.
    stock: Part<L, N>,
    unmet: Part<L, N>,
    stockouts: Part<L, N>,
    pub(super) orders: Part<L, N>,
    waiting: Part<L, N>,
}

/// What is kept for [`Detail::Full`] only.
#[derive(Clone, Copy)]
pub(super) struct Details<L, const N: usize> {
    /// One if demand was not met since the last arrival.
    short: Part<L, N>,
    received: Part<L, N>,
    on_order: Part<L, N>,
    cycles: Part<L, N>,
    short_cycles: Part<L, N>,
    /// The highest stock so far, no sum.
    peak: Part<L, N>,
}

/// What some lanes of an item measured.
#[derive(Clone, Copy)]
pub(super) struct Totals<const N: usize> {
    stock: Part<f64, N>,
    waiting: Part<f64, N>,
    unmet: Part<f64, N>,
    stockouts: Part<f64, N>,
    orders: Part<f64, N>,
    received: Part<f64, N>,
    on_order: Part<f64, N>,
    cycles: Part<f64, N>,
    short_cycles: Part<f64, N>,
    peak: Part<f64, N>,
    /// Net and position before the first measured period.
    opening: [Part<f64, N>; 2],
}

/// Receives what is due, meets demand and measures, for every item; moves the clocks on.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
pub(super) fn meet<L: Lane, const N: usize, const LOST: bool, const FULL: bool>(
    demand: &[Part<L, N>],
    clocks: &mut [Clock],
    pipeline: &mut [Part<L, N>],
    books: &mut [Books<L, N>],
    details: &mut [Details<L, N>],
) {
    for (item, ((books, clock), wanted)) in books.iter_mut().zip(clocks).zip(demand).enumerate() {
        let slot = &mut pipeline[clock.slot as usize];
        let here = *slot;
        *slot = Part::ZERO;
        clock.pass();

        // Copies, so that the compiler knows that lanes do not alias.
        let Books { mut net, mut position, mut stock, mut unmet, mut stockouts, .. } = *books;
        let mut missing = Part::<L, N>::ZERO;
        if LOST {
            for lane in 0..N {
                let available = net.0[lane].plus(here.0[lane]);
                let sold = wanted.0[lane].least(available);
                let missed = wanted.0[lane].minus(sold);
                net.0[lane] = available.minus(sold);
                position.0[lane] = position.0[lane].minus(sold);
                stock.0[lane] = stock.0[lane].plus(net.0[lane]);
                unmet.0[lane] = unmet.0[lane].plus(missed);
                missing.0[lane] = missed.any();
                stockouts.0[lane] = stockouts.0[lane].plus(missing.0[lane]);
            }
        } else {
            let mut waiting = books.waiting;
            for lane in 0..N {
                net.0[lane] = net.0[lane].plus(here.0[lane]).minus(wanted.0[lane]);
                position.0[lane] = position.0[lane].minus(wanted.0[lane]);
                let late = L::ZERO.minus(net.0[lane]).most(L::ZERO);
                let missed = late.least(wanted.0[lane]);
                waiting.0[lane] = waiting.0[lane].plus(late);
                stock.0[lane] = stock.0[lane].plus(net.0[lane].most(L::ZERO));
                unmet.0[lane] = unmet.0[lane].plus(missed);
                missing.0[lane] = missed.any();
                stockouts.0[lane] = stockouts.0[lane].plus(missing.0[lane]);
            }
            books.waiting = waiting;
        }
        if FULL {
            let mut kept = details[item];
            for lane in 0..N {
                kept.received.0[lane] = kept.received.0[lane].plus(here.0[lane]);
                kept.peak.0[lane] = kept.peak.0[lane].most(net.0[lane]);
                let arrived = here.0[lane] > L::ZERO;
                kept.cycles.0[lane] = kept.cycles.0[lane].plus(L::one_if(arrived));
                let ended = if arrived { kept.short.0[lane] } else { L::ZERO };
                kept.short_cycles.0[lane] = kept.short_cycles.0[lane].plus(ended);
                let before = if arrived { L::ZERO } else { kept.short.0[lane] };
                kept.short.0[lane] = before.most(missing.0[lane]);
            }
            details[item] = kept;
        }
        books.net = net;
        books.position = position;
        books.stock = stock;
        books.unmet = unmet;
        books.stockouts = stockouts;
    }
}

/// Measures what is on order at the end of a period.
pub(super) fn count_on_order<L: Lane, const N: usize>(
    books: &[Books<L, N>],
    details: &mut [Details<L, N>],
) {
    for (books, details) in books.iter().zip(details) {
        for lane in 0..N {
            let under_way = books.position.0[lane].minus(books.net.0[lane]);
            details.on_order.0[lane] = details.on_order.0[lane].plus(under_way);
        }
    }
}

impl<L: Lane, const N: usize> Books<L, N> {
    /// The books of an item with `opening` in stock and nothing on order.
    pub(super) fn open(opening: Part<L, N>) -> Books<L, N> {
        Books {
            net: opening,
            position: opening,
            stock: Part::ZERO,
            unmet: Part::ZERO,
            stockouts: Part::ZERO,
            orders: Part::ZERO,
            waiting: Part::ZERO,
        }
    }

    /// Empties the running sums.
    pub(super) fn empty(&mut self) {
        *self = Books { net: self.net, position: self.position, ..Books::open(Part::ZERO) };
    }
}

impl<L: Lane, const N: usize> Details<L, N> {
    pub(super) const ZERO: Details<L, N> = Details {
        short: Part::ZERO,
        received: Part::ZERO,
        on_order: Part::ZERO,
        cycles: Part::ZERO,
        short_cycles: Part::ZERO,
        peak: Part::ZERO,
    };

    /// Empties the running sums; the highest stock is none.
    pub(super) fn empty(&mut self) {
        *self = Details { short: self.short, peak: self.peak, ..Details::ZERO };
    }

    /// Forgets what was measured.
    pub(super) fn forget(&mut self) {
        *self = Details { short: self.short, ..Details::ZERO };
    }
}

impl<const N: usize> Totals<N> {
    pub(super) const ZERO: Totals<N> = Totals {
        stock: Part::ZERO,
        waiting: Part::ZERO,
        unmet: Part::ZERO,
        stockouts: Part::ZERO,
        orders: Part::ZERO,
        received: Part::ZERO,
        on_order: Part::ZERO,
        cycles: Part::ZERO,
        short_cycles: Part::ZERO,
        peak: Part::ZERO,
        opening: [Part::ZERO; 2],
    };

    /// Notes where an item stands before the first measured period.
    pub(super) fn open<L: Lane>(&mut self, books: &Books<L, N>) {
        self.opening = [books.net, books.position].map(|part| Part(part.0.map(Lane::value)));
    }

    /// Adds running sums.
    pub(super) fn take<L: Lane>(&mut self, books: &Books<L, N>, details: Option<&Details<L, N>>) {
        let add = |total: &mut Part<f64, N>, sum: &Part<L, N>| {
            total.0.iter_mut().zip(&sum.0).for_each(|(total, sum)| *total += sum.sum());
        };
        add(&mut self.stock, &books.stock);
        add(&mut self.waiting, &books.waiting);
        add(&mut self.unmet, &books.unmet);
        add(&mut self.stockouts, &books.stockouts);
        add(&mut self.orders, &books.orders);
        if let Some(details) = details {
            add(&mut self.received, &details.received);
            add(&mut self.on_order, &details.on_order);
            add(&mut self.cycles, &details.cycles);
            add(&mut self.short_cycles, &details.short_cycles);
            self.peak = Part(details.peak.0.map(Lane::value));
        }
    }

    /// Appends what the first `lanes` lanes of an item measured, whose books are closed.
    pub(super) fn append_to<L: Lane>(
        &self,
        outcomes: &mut Outcomes,
        setting: &Setting<'_>,
        books: &Books<L, N>,
        demand: &[f64],
    ) {
        let lanes = demand.len();
        let append = |column: &mut Vec<f64>, part: &Part<f64, N>| {
            column.extend_from_slice(&part.0[..lanes]);
        };
        let lost = if setting.events.unmet == Unmet::Lost { &self.unmet } else { &Part::ZERO };
        for lane in 0..lanes {
            // What came into the position is what was ordered: nothing is created or lost.
            let raised = books.position.0[lane].value() - self.opening[1].0[lane];
            outcomes.ordered.push(raised + demand[lane] - lost.0[lane]);
        }
        append(&mut outcomes.stock, &self.stock);
        append(&mut outcomes.waiting, &self.waiting);
        append(&mut outcomes.unmet, &self.unmet);
        append(&mut outcomes.lost, lost);
        append(&mut outcomes.stockouts, &self.stockouts);
        append(&mut outcomes.orders, &self.orders);
        append(&mut outcomes.expedited, &Part::ZERO);
        append(&mut outcomes.wasted, &Part::ZERO);
        outcomes.demand.extend_from_slice(demand);
        if setting.detail == Detail::Full {
            append(&mut outcomes.received, &self.received);
            append(&mut outcomes.failed, &Part::ZERO);
            append(&mut outcomes.on_order, &self.on_order);
            append(&mut outcomes.peak, &self.peak);
            append(&mut outcomes.cycles, &self.cycles);
            append(&mut outcomes.short_cycles, &self.short_cycles);
            append(&mut outcomes.opening, &self.opening[0]);
            outcomes.closing.extend(books.net.0[..lanes].iter().map(|net| net.value()));
        }
    }
}
