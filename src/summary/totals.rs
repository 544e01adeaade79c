//! Sums over items.

use engine::{CostParts, Estimate};
use solvers::Measures;

use super::Levels;
use crate::report::PlanTotals;
use crate::study::stock::StockedItem;

/// Sums over items, in their order.
#[derive(Clone, Copy, Default)]
pub(super) struct Totals {
    pub(super) cost: Estimate,
    pub(super) parts: CostParts,
    pub(super) unmet: f64,
    pub(super) demand: f64,
    /// Squared errors of `unmet` and `demand`, and their covariance.
    pub(super) errors: [f64; 3],
    pub(super) stock: Estimate,
    pub(super) stock_value: Estimate,
    pub(super) volume: Estimate,
    pub(super) orders: f64,
}

impl Totals {
    /// Items are simulated with demands of their own, so their errors are independent.
    pub(super) fn add(&mut self, stocked: &StockedItem, measures: &Measures) {
        self.cost = self.cost.plus(measures.cost);
        self.parts = self.parts.plus(measures.parts);
        self.unmet += measures.unmet;
        self.demand += measures.demand;
        for (sum, error) in self.errors.iter_mut().zip(measures.errors) {
            *sum += error;
        }
        self.stock = self.stock.plus(measures.stock);
        self.stock_value = self.stock_value.plus(measures.stock.times(stocked.unit_cost));
        self.volume = self.volume.plus(measures.stock.times(stocked.volume));
        self.orders += measures.orders;
    }

    /// Share of all demand met at once; its error is the delta method's, that of
    /// `unmet − share · demand` over demand.
    pub(super) fn fill_rate(&self) -> Estimate {
        let demand = self.demand.max(f64::MIN_POSITIVE);
        let short = self.unmet / demand;
        let [unmet, wanted, both] = self.errors;
        let variance = unmet - 2.0 * short * both + short * short * wanted;
        Estimate { mean: 1.0 - short, error: variance.max(0.0).sqrt() / demand }
    }

    pub(super) fn plan(&self, levels: &Levels) -> PlanTotals {
        PlanTotals {
            cost: levels.interval(self.cost),
            stock_value: levels.interval(self.stock_value),
            volume: levels.interval(self.volume),
            fill_rate: levels.share(self.fill_rate()),
        }
    }
}
