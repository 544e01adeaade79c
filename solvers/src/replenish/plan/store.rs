//! Cuts of an item in orders and set-ups, from one set of prices to the next.
//!
//! A cut is kept as what is done with one more unit, and where it was made, as that is a bound at any prices.

use super::facets::Facets;
use super::item::{is_busy, keep_busy};
use super::problem::View;

/// Cuts of an item.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    /// What is done with one more unit, by cut, then period, then scenario.
    choices: Vec<u8>,
    /// Orders and set-ups where each was made.
    points: Vec<f64>,
    /// By cut, then order, then set-up.
    pub(super) slopes: Vec<f64>,
    pub(super) constants: Vec<f64>,
    /// Prices for which each has had no weight.
    pub(super) idle: Vec<u32>,
    /// Where orders were placed in the last plan.
    pub(super) ordering: Vec<bool>,
}

impl Store {
    /// Computes all cuts anew, at charges on stock, and counts one more set of prices.
    pub(super) fn reprice(&mut self, view: View<'_>, facets: &mut Facets, charges: &[f64]) {
        let (cells, both) = (view.periods * view.scenarios, 2 * view.orders());
        for (place, constant) in self.constants.iter_mut().enumerate() {
            let choices = &self.choices[place * cells..(place + 1) * cells];
            let (units, paid) =
                self.points[place * both..(place + 1) * both].split_at(view.orders());
            let slopes = &mut self.slopes[place * both..(place + 1) * both];
            *constant = facets.cut(view, (choices, units, paid), charges, slopes);
        }
        for idle in &mut self.idle {
            *idle += 1;
        }
    }

    /// Forgets cuts that have had no weight for long.
    pub(super) fn forget(&mut self, view: View<'_>) {
        let (cells, both) = (view.periods * view.scenarios, 2 * view.orders());
        let idle = &self.idle;
        keep_busy(&mut self.choices, cells, idle);
        keep_busy(&mut self.points, both, idle);
        keep_busy(&mut self.slopes, both, idle);
        keep_busy(&mut self.constants, 1, idle);
        self.idle.retain(|idle| is_busy(*idle));
    }

    /// Adds the cut made last.
    pub(super) fn push(
        &mut self,
        choices: &[u8],
        (units, paid): (&[f64], &[f64]),
        (slopes, constant): (&[f64], f64),
    ) {
        self.choices.extend_from_slice(choices);
        self.points.extend(units.iter().chain(paid));
        self.slopes.extend_from_slice(slopes);
        self.constants.push(constant);
        self.idle.push(0);
    }
}
