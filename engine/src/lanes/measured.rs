//! What some lanes measure: running sums, and the totals of a tile.

use super::Plan;
use crate::lane::{LANES, Lane, Row};
use crate::outcomes::Detail;
use crate::simulate::append;
use crate::{Outcomes, Unmet};

/// Some lanes of a row.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct Part<L, const N: usize>(pub(super) [L; N]);

impl<L: Lane, const N: usize> Part<L, N> {
    pub(super) const ZERO: Part<L, N> = Part([L::ZERO; N]);
}

/// Running sums of some lanes.
pub(super) struct Sums<L, const N: usize> {
    pub(super) stock: Part<L, N>,
    pub(super) waiting: Part<L, N>,
    pub(super) unmet: Part<L, N>,
    pub(super) stockouts: Part<L, N>,
    pub(super) orders: Part<L, N>,
    pub(super) received: Part<L, N>,
    pub(super) on_order: Part<L, N>,
    pub(super) cycles: Part<L, N>,
    pub(super) short_cycles: Part<L, N>,
    /// The highest stock so far, no sum.
    pub(super) peak: Part<L, N>,
}

impl<L: Lane, const N: usize> Sums<L, N> {
    pub(super) const ZERO: Sums<L, N> = Sums {
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
    };
}

/// What a tile measured, one number a lane.
pub(super) struct Totals {
    pub(super) stock: Row<f64>,
    pub(super) waiting: Row<f64>,
    pub(super) unmet: Row<f64>,
    pub(super) stockouts: Row<f64>,
    pub(super) orders: Row<f64>,
    pub(super) received: Row<f64>,
    pub(super) on_order: Row<f64>,
    pub(super) cycles: Row<f64>,
    pub(super) short_cycles: Row<f64>,
    pub(super) peak: Row<f64>,
    /// Stock of all lanes, by batch.
    pub(super) course: Vec<f64>,
    /// Net and position before the first measured period, and after the last.
    pub(super) opening: [Row<f64>; 2],
    pub(super) closing: [Row<f64>; 2],
}

impl Totals {
    const ZERO: Totals = Totals {
        stock: Row::ZERO,
        waiting: Row::ZERO,
        unmet: Row::ZERO,
        stockouts: Row::ZERO,
        orders: Row::ZERO,
        received: Row::ZERO,
        on_order: Row::ZERO,
        cycles: Row::ZERO,
        short_cycles: Row::ZERO,
        peak: Row::ZERO,
        course: Vec::new(),
        opening: [Row::ZERO; 2],
        closing: [Row::ZERO; 2],
    };
}

impl Default for Totals {
    fn default() -> Totals {
        Totals::ZERO
    }
}

impl Totals {
    /// Back to zero, where what is measured goes.
    pub(super) fn forget(&mut self, detail: Detail) {
        if detail == Detail::Full {
            *self = Totals::ZERO;
            return;
        }
        self.stock = Row::ZERO;
        self.waiting = Row::ZERO;
        self.unmet = Row::ZERO;
        self.stockouts = Row::ZERO;
        self.orders = Row::ZERO;
    }

    pub(super) fn open<L: Lane, const N: usize>(
        &mut self,
        offset: usize,
        net: &Part<L, N>,
        position: &Part<L, N>,
    ) {
        for lane in 0..N {
            self.opening[0].0[offset + lane] = net.0[lane].value();
            self.opening[1].0[offset + lane] = position.0[lane].value();
        }
    }

    pub(super) fn close<L: Lane, const N: usize>(
        &mut self,
        offset: usize,
        net: &Part<L, N>,
        position: &Part<L, N>,
    ) {
        for lane in 0..N {
            self.closing[0].0[offset + lane] = net.0[lane].value();
            self.closing[1].0[offset + lane] = position.0[lane].value();
        }
    }

    /// Adds running sums of stock to those of a batch.
    #[cold]
    pub(super) fn follow<L: Lane, const N: usize>(&mut self, batch: usize, stock: &Part<L, N>) {
        self.course.resize(self.course.len().max(batch + 1), 0.0);
        self.course[batch] += stock.0.iter().map(|sum| sum.sum()).sum::<f64>();
    }

    /// Adds running sums.
    #[inline(never)]
    pub(super) fn take<L: Lane, const N: usize, const FULL: bool>(
        &mut self,
        offset: usize,
        sums: &Sums<L, N>,
    ) {
        let add = |total: &mut Row<f64>, sum: &Part<L, N>| {
            for (total, sum) in total.0[offset..offset + N].iter_mut().zip(&sum.0) {
                *total += sum.sum();
            }
        };
        add(&mut self.stock, &sums.stock);
        add(&mut self.waiting, &sums.waiting);
        add(&mut self.unmet, &sums.unmet);
        add(&mut self.stockouts, &sums.stockouts);
        add(&mut self.orders, &sums.orders);
        if FULL {
            add(&mut self.received, &sums.received);
            add(&mut self.on_order, &sums.on_order);
            add(&mut self.cycles, &sums.cycles);
            add(&mut self.short_cycles, &sums.short_cycles);
            let peaks = self.peak.0[offset..offset + N].iter_mut().zip(&sums.peak.0);
            peaks.for_each(|(most, peak)| *most = most.max(peak.value()));
        }
    }

    pub(super) fn append_to(
        &self,
        outcomes: &mut Outcomes,
        plan: &Plan<'_>,
        demand: &Row<f64>,
        lanes: usize,
    ) {
        let lost = if plan.events.unmet == Unmet::Lost { &self.unmet } else { &Row::ZERO };
        // What came into the position is what was ordered: nothing is created or lost.
        let mut ordered = Row::ZERO;
        for lane in 0..LANES {
            let raised = self.closing[1].0[lane] - self.opening[1].0[lane];
            ordered.0[lane] = raised + demand.0[lane] - lost.0[lane];
        }
        append(&mut outcomes.ordered, &ordered, lanes);
        append(&mut outcomes.stock, &self.stock, lanes);
        append(&mut outcomes.waiting, &self.waiting, lanes);
        append(&mut outcomes.unmet, &self.unmet, lanes);
        append(&mut outcomes.lost, lost, lanes);
        append(&mut outcomes.stockouts, &self.stockouts, lanes);
        append(&mut outcomes.orders, &self.orders, lanes);
        append(&mut outcomes.expedited, &Row::ZERO, lanes);
        append(&mut outcomes.wasted, &Row::ZERO, lanes);
        append(&mut outcomes.demand, demand, lanes);
        if plan.detail == Detail::Full {
            append(&mut outcomes.received, &self.received, lanes);
            append(&mut outcomes.failed, &Row::ZERO, lanes);
            append(&mut outcomes.on_order, &self.on_order, lanes);
            append(&mut outcomes.peak, &self.peak, lanes);
            append(&mut outcomes.cycles, &self.cycles, lanes);
            append(&mut outcomes.short_cycles, &self.short_cycles, lanes);
            append(&mut outcomes.opening, &self.opening[0], lanes);
            append(&mut outcomes.closing, &self.closing[0], lanes);
        }
    }
}
