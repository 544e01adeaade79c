//! Orders that are decided for all items at once, by whoever it is.

use super::books::{Books, Part};
use super::order::Counted;
use super::setting::Clock;
use crate::Units;

/// Decides the orders of all items of a group at each of its reviews.
pub trait Buyer {
    /// Fills `orders`, zero at first, one an item: whole numbers where demand is, none below zero.
    fn buy(&mut self, review: &Review<'_>, orders: &mut [Units]);

    /// The highest position just after an order that it ever brings an item to \[units\].
    fn most(&self) -> Units;
}

/// What is known at a review of one scenario.
#[derive(Clone, Copy, Debug)]
pub struct Review<'a> {
    /// The period, warm-up included.
    pub period: usize,
    /// Whether what happens in it is measured.
    pub measured: bool,
    /// Place of the scenario in the items' blocks.
    pub scenario: usize,
    /// On hand − waiting + on order of each item \[units\].
    pub positions: &'a [Units],
}

/// What passes between the loop and a buyer.
#[derive(Default)]
pub(super) struct Desk {
    positions: Vec<Units>,
    orders: Vec<Units>,
}

impl Desk {
    /// Orders at a review of the first `lanes` scenarios, from that of `review` on; one where any
    /// item was ordered.
    pub(super) fn order<L: Counted, const N: usize>(
        &mut self,
        buyer: &mut dyn Buyer,
        (review, lanes): (&Review<'_>, usize),
        waits: &[u32],
        (clocks, books): (&[Clock], &mut [Books<L, N>]),
        pipeline: &mut [Part<L, N>],
    ) -> Part<f64, N> {
        let mut any = Part::<f64, N>::ZERO;
        for lane in 0..lanes {
            self.positions.clear();
            self.positions.extend(books.iter().map(|books| books.position.0[lane].value()));
            self.orders.clear();
            self.orders.resize(books.len(), 0.0);
            let scenario = review.scenario + lane;
            buyer
                .buy(&Review { scenario, positions: &self.positions, ..*review }, &mut self.orders);
            for ((books, clock), &order) in books.iter_mut().zip(clocks).zip(&self.orders) {
                let units = L::counted(order);
                let arriving = &mut pipeline[clock.slot_of_order(waits)].0[lane];
                books.orders.0[lane] = books.orders.0[lane].plus(units.any());
                books.position.0[lane] = books.position.0[lane].plus(units);
                *arriving = arriving.plus(units);
                any.0[lane] = if order > 0.0 { 1.0 } else { any.0[lane] };
            }
        }
        any
    }
}
