//! Orders that are decided for all items at once, by whoever it is.

use super::books::{Books, Part};
use super::order::Counted;
use super::setting::Clock;
use crate::Units;

/// Decides the orders of all items of a group at each of its reviews.
pub trait Buyer {
    /// Fills `orders`, zero at first, which lie as [`Review::positions`] do; whole numbers where
    /// demand is, none below zero.
    fn buy(&mut self, review: &Review<'_>, orders: &mut [Units]);

    /// The highest position just after an order that it ever brings an item to \[units\].
    fn most(&self) -> Units;
}

/// What is known at a review.
#[derive(Clone, Copy, Debug)]
pub struct Review<'a> {
    /// The period, warm-up included.
    pub period: usize,
    /// Whether what happens in it is measured.
    pub measured: bool,
    /// Place of the first scenario in the items' blocks.
    pub first_scenario: usize,
    /// Scenarios that are reviewed.
    pub scenarios: usize,
    /// On hand − waiting + on order \[units\], of each item in each scenario: those of the first
    /// item in all scenarios, then those of the second.
    pub positions: &'a [Units],
}

/// What passes between the loop and a buyer.
#[derive(Default)]
pub(super) struct Desk {
    positions: Vec<Units>,
    orders: Vec<Units>,
}

impl Desk {
    /// Orders at a review of the first `scenarios` lanes; one where any item was ordered.
    pub(super) fn order<L: Counted, const N: usize>(
        &mut self,
        buyer: &mut dyn Buyer,
        review: &Review<'_>,
        waits: &[u32],
        (clocks, books): (&[Clock], &mut [Books<L, N>]),
        pipeline: &mut [Part<L, N>],
    ) -> Part<f64, N> {
        let lanes = review.scenarios;
        self.positions.clear();
        for books in books.iter() {
            self.positions
                .extend(books.position.0[..lanes].iter().map(|position| position.value()));
        }
        self.orders.clear();
        self.orders.resize(self.positions.len(), 0.0);
        buyer.buy(&Review { positions: &self.positions, ..*review }, &mut self.orders);
        let mut any = Part::<f64, N>::ZERO;
        let items = books.iter_mut().zip(clocks);
        for ((books, clock), orders) in items.zip(self.orders.chunks_exact(lanes)) {
            let slot = &mut pipeline[clock.slot_of_order(waits)];
            for (lane, &order) in orders.iter().enumerate() {
                let units = L::counted(order);
                books.orders.0[lane] = books.orders.0[lane].plus(units.any());
                books.position.0[lane] = books.position.0[lane].plus(units);
                slot.0[lane] = slot.0[lane].plus(units);
                any.0[lane] = if order > 0.0 { 1.0 } else { any.0[lane] };
            }
        }
        any
    }
}
