//! What a run measures: one number a scenario and measure.

use crate::{Estimate, Events, Item, Money, Units, Unmet};

/// Totals over the measured periods, one column a measure, in scenario order.
///
/// Columns of several blocks are appended in block order, so a statistic taken over
/// them has the same bits whoever ran the blocks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcomes {
    /// Stock on the shelf at the ends of periods, summed \[units · periods\].
    pub stock: Vec<f64>,
    /// Demand waiting at the ends of periods, summed \[units · periods\]; zero if it is lost.
    pub waiting: Vec<f64>,
    /// Demand not met at once \[units\].
    pub unmet: Vec<Units>,
    /// Periods with unmet demand.
    pub stockouts: Vec<f64>,
    /// Orders placed.
    pub orders: Vec<f64>,
    /// Units ordered.
    pub ordered: Vec<Units>,
    /// Demand \[units\].
    pub demand: Vec<Units>,
}

/// Parts of the cost of a scenario \[currency/period\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Parts {
    holding: Money,
    ordering: Money,
    shortage: Money,
}

impl Outcomes {
    /// Forgets all scenarios and keeps the memory.
    pub fn clear(&mut self) {
        for column in self.columns() {
            column.clear();
        }
    }

    /// Number of scenarios.
    pub fn len(&self) -> usize {
        self.demand.len()
    }

    /// Whether there is no scenario.
    pub fn is_empty(&self) -> bool {
        self.demand.is_empty()
    }

    fn columns(&mut self) -> [&mut Vec<f64>; 7] {
        [
            &mut self.stock,
            &mut self.waiting,
            &mut self.unmet,
            &mut self.stockouts,
            &mut self.orders,
            &mut self.ordered,
            &mut self.demand,
        ]
    }

    fn parts(&self, scenario: usize, item: &Item, events: &Events, periods: f64) -> Parts {
        let unmet = self.unmet[scenario];
        let stock = events.charged_stock(self.stock[scenario], self.demand[scenario], unmet);
        let short = match events.unmet {
            Unmet::Backorder => self.waiting[scenario],
            Unmet::Lost => unmet,
        };
        Parts {
            holding: item.holding_cost_per_unit_period * stock / periods,
            ordering: item.order_cost * self.orders[scenario] / periods,
            shortage: item.shortage_cost_per_unit * short / periods,
        }
    }

    /// Cost of each scenario \[currency/period\]: holding, orders and shortage.
    pub fn costs(&self, item: &Item, events: &Events, periods: usize) -> Vec<Money> {
        let cost = |scenario| {
            let parts = self.parts(scenario, item, events, periods as f64);
            parts.holding + parts.ordering + parts.shortage
        };
        (0..self.len()).map(cost).collect()
    }

    /// Mean holding, order and shortage cost \[currency/period\].
    pub fn cost_parts(&self, item: &Item, events: &Events, periods: usize) -> [Money; 3] {
        let mut sums = [0.0; 3];
        for scenario in 0..self.len() {
            let parts = self.parts(scenario, item, events, periods as f64);
            for (sum, part) in sums.iter_mut().zip([parts.holding, parts.ordering, parts.shortage])
            {
                *sum += part;
            }
        }
        sums.map(|sum| sum / self.len() as f64)
    }

    /// Fill rate (type 2, beta): share of demand met at once.
    pub fn fill_rate(&self) -> Estimate {
        let unmet = Estimate::ratio(&self.unmet, &self.demand);
        Estimate { mean: 1.0 - unmet.mean, error: unmet.error }
    }

    /// Average stock \[units\], as holding is charged on it.
    pub fn average_stock(&self, events: &Events, periods: usize) -> Estimate {
        let stock: Vec<f64> = (0..self.len())
            .map(|s| events.charged_stock(self.stock[s], self.demand[s], self.unmet[s]))
            .map(|total| total / periods as f64)
            .collect();
        Estimate::of(&stock)
    }

    /// Ready rate: share of periods without unmet demand.
    pub fn ready_rate(&self, periods: usize) -> f64 {
        1.0 - Estimate::of(&self.stockouts).mean / periods as f64
    }
}
