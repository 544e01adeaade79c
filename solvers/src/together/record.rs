//! What is kept of reviews.

use engine::{Money, Review, Units};

use super::site::Site;

/// Sums over the reviews of measured periods, a number a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What the suppliers charged for orders, whatever their size \[currency\].
    pub charged: Vec<Money>,
    /// Reviews at which cash or room was too little.
    pub short: Vec<f64>,
    /// Prices of cash and of room.
    pub prices: [Vec<Money>; 2],
}

impl Record {
    pub(super) fn new(scenarios: usize) -> Record {
        let zeros = || vec![0.0; scenarios];
        Record { charged: zeros(), short: zeros(), prices: [zeros(), zeros()] }
    }

    /// Adds a review, whose orders were decided at these prices of cash and room.
    pub(super) fn add(
        &mut self,
        (site, review): (&Site, &Review<'_>),
        orders: &[Units],
        short: bool,
        prices: [Money; 2],
    ) {
        if !review.measured {
            return;
        }
        self.charged[review.scenario] += site.charges(orders);
        self.short[review.scenario] += f64::from(short);
        for (sums, price) in self.prices.iter_mut().zip(prices) {
            sums[review.scenario] += price;
        }
    }
}
