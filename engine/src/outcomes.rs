//! What a run measures: one number a scenario and measure.

use crate::{Estimate, Events, Item, Money, Units, Unmet};

/// How much is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What costs and fill rates are made of: enough to search by.
    Cost,
    /// Everything.
    Full,
}

/// Totals over the measured periods, one column a measure, in scenario order.
///
/// Columns of several blocks are appended in block order, so a statistic taken over
/// them has the same bits whoever ran the blocks. The columns from `received` on stay empty
/// unless [`Detail::Full`] was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcomes {
    /// Stock on the shelf at the ends of periods, summed \[units · periods\].
    pub stock: Vec<f64>,
    /// Demand waiting at the ends of periods, summed \[units · periods\]; zero if it is lost.
    pub waiting: Vec<f64>,
    /// Demand not met at once \[units\].
    pub unmet: Vec<Units>,
    /// The part of it that was lost \[units\].
    pub lost: Vec<Units>,
    /// Periods with unmet demand.
    pub stockouts: Vec<f64>,
    /// Orders placed.
    pub orders: Vec<f64>,
    /// Units ordered.
    pub ordered: Vec<Units>,
    /// The part of them ordered from the second, faster source.
    pub expedited: Vec<Units>,
    /// Units that spoiled.
    pub wasted: Vec<Units>,
    /// Demand \[units\].
    pub demand: Vec<Units>,
    /// Units that arrived.
    pub received: Vec<Units>,
    /// Units ordered that never arrived, because of the supplier's yield.
    pub failed: Vec<Units>,
    /// Units on order at the ends of periods, summed \[units · periods\].
    pub on_order: Vec<f64>,
    /// The highest stock on the shelf at the end of a period \[units\].
    pub peak: Vec<Units>,
    /// Replenishment cycles that ended: periods in which something arrived.
    pub cycles: Vec<f64>,
    /// Those during which demand was not met at once.
    pub short_cycles: Vec<f64>,
    /// Stock less waiting demand before the first measured period \[units\].
    pub opening: Vec<Units>,
    /// Stock less waiting demand after the last period \[units\].
    pub closing: Vec<Units>,
}

/// Parts of the cost of a scenario or of its mean \[currency/period\].
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct CostParts {
    /// Of stock on the shelf.
    pub holding: Money,
    /// Of placing orders.
    pub ordering: Money,
    /// Of demand that was not met, or not at once.
    pub shortage: Money,
    /// Of the units bought, the premium of a faster source included.
    pub purchase: Money,
    /// Of units that spoiled.
    pub waste: Money,
}

impl CostParts {
    /// Their sum.
    pub fn total(self) -> Money {
        self.holding + self.ordering + self.shortage + self.purchase + self.waste
    }

    /// Part by part, the sum of both.
    #[must_use]
    pub fn plus(self, other: CostParts) -> CostParts {
        CostParts {
            holding: self.holding + other.holding,
            ordering: self.ordering + other.ordering,
            shortage: self.shortage + other.shortage,
            purchase: self.purchase + other.purchase,
            waste: self.waste + other.waste,
        }
    }
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

    fn columns(&mut self) -> [&mut Vec<f64>; 18] {
        [
            &mut self.stock,
            &mut self.waiting,
            &mut self.unmet,
            &mut self.lost,
            &mut self.stockouts,
            &mut self.orders,
            &mut self.ordered,
            &mut self.expedited,
            &mut self.wasted,
            &mut self.demand,
            &mut self.received,
            &mut self.failed,
            &mut self.on_order,
            &mut self.peak,
            &mut self.cycles,
            &mut self.short_cycles,
            &mut self.opening,
            &mut self.closing,
        ]
    }

    fn parts(&self, scenario: usize, item: &Item, events: &Events, periods: f64) -> CostParts {
        let unmet = self.unmet[scenario];
        let stock = self.charged_stock(events, scenario);
        let shortage = match events.unmet {
            Unmet::Backorder => item.shortage_cost_per_unit * self.waiting[scenario],
            Unmet::Lost => item.shortage_cost_per_unit * unmet,
            Unmet::PartlyLost { .. } | Unmet::Patient { .. } => {
                item.shortage_cost_per_unit * self.lost[scenario]
                    + item.waiting_cost_per_unit_period * self.waiting[scenario]
            }
        };
        let premium = item.supply.expedited.map_or(0.0, |source| source.premium_per_unit);
        let waste = item.shelf.map_or(0.0, |shelf| shelf.waste_cost_per_unit);
        let bought = item.purchase_cost_per_unit * self.ordered[scenario];
        CostParts {
            holding: item.holding_cost_per_unit_period * stock / periods,
            ordering: item.order_cost * self.orders[scenario] / periods,
            shortage: shortage / periods,
            purchase: (bought + premium * self.expedited[scenario]) / periods,
            waste: waste * self.wasted[scenario] / periods,
        }
    }

    /// Cost of each scenario \[currency/period\].
    pub fn costs(&self, item: &Item, events: &Events, periods: usize) -> Vec<Money> {
        let cost = |scenario| self.parts(scenario, item, events, periods as f64).total();
        (0..self.len()).map(cost).collect()
    }

    /// Mean of each part of the cost \[currency/period\].
    pub fn cost_parts(&self, item: &Item, events: &Events, periods: usize) -> CostParts {
        let parts = |scenario| self.parts(scenario, item, events, periods as f64);
        let sums = (0..self.len()).map(parts).fold(CostParts::default(), CostParts::plus);
        let count = self.len() as f64;
        CostParts {
            holding: sums.holding / count,
            ordering: sums.ordering / count,
            shortage: sums.shortage / count,
            purchase: sums.purchase / count,
            waste: sums.waste / count,
        }
    }

    /// Fill rate (type 2, beta): share of demand met at once.
    pub fn fill_rate(&self) -> Estimate {
        Estimate::ratio(&self.unmet, &self.demand).complement()
    }

    /// Average stock \[units\], as holding is charged on it.
    pub fn average_stock(&self, events: &Events, periods: usize) -> Estimate {
        let average = |scenario| self.charged_stock(events, scenario) / periods as f64;
        Estimate::of(&(0..self.len()).map(average).collect::<Vec<f64>>())
    }

    /// Stock that holding is charged on in scenario `scenario`, summed over periods
    /// \[units · periods\].
    pub fn charged_stock(&self, events: &Events, scenario: usize) -> f64 {
        let (demand, unmet) = (self.demand[scenario], self.unmet[scenario]);
        events.charged_stock(self.stock[scenario], demand, unmet)
    }

    /// Ready rate: share of periods without unmet demand.
    pub fn ready_rate(&self, periods: usize) -> f64 {
        1.0 - Estimate::of(&self.stockouts).mean / periods as f64
    }

    /// Cycle service (type 1, alpha): share of replenishment cycles in which all demand was met at
    /// once; 1 if nothing ever arrived. Needs [`Detail::Full`].
    pub fn cycle_service(&self) -> Estimate {
        Estimate::ratio(&self.short_cycles, &self.cycles).complement()
    }

    /// Whether, in every scenario, what was there and what came is what went and what is left:
    /// `opening + received = demand − lost + wasted + closing`. Needs [`Detail::Full`].
    pub fn conserves_units(&self) -> bool {
        (0..self.len()).all(|s| {
            let went = self.demand[s] - self.lost[s] + self.wasted[s];
            self.opening[s] + self.received[s] == went + self.closing[s]
        })
    }
}
