//! Why an item gets the policy it gets, in numbers; [`super::words::explanation`] has the words.

use serde::Serialize;

use super::tables::Column::{self, Number, Optional, Text};
use super::{Recommendation, Report, words};

/// What drives an item's safety stock, and what it would take to change the choice.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Drivers {
    /// Lead time \[periods\].
    pub lead_time_periods: usize,
    /// Periods whose demand a reorder level has to last for, lead time and review \[periods\].
    pub protection_periods: usize,
    /// Mean demand over them \[units\].
    pub protected_demand: f64,
    /// Its standard deviation, that of lead times included \[units\].
    pub protected_deviation: f64,
    /// Share of its variance that is demand while an order is under way.
    pub lead_time_demand_share: f64,
    /// Share that is demand between two reviews.
    pub review_share: f64,
    /// Share that is lead times that vary.
    pub lead_time_deviation_share: f64,
    /// Periods of the last quarter of a year that say what was demanded.
    pub recent_periods: usize,
    /// Mean demand in them \[units/period\]; `None` if there are none.
    pub recent_demand: Option<f64>,
    /// Prices at which another strategy would be as cheap.
    pub break_evens: Vec<BreakEven>,
}

/// A price at which another strategy would be as cheap, the policies as they are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BreakEven {
    /// Which price.
    pub price: Price,
    /// As a multiple of today's.
    pub times: f64,
    /// The strategy that would be as cheap.
    pub strategy: &'static str,
}

/// What something costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Price {
    /// A unit of demand that is not met.
    Shortage,
    /// A unit in stock.
    Holding,
    /// An order.
    Order,
}

/// An item and the paragraph about it.
pub(super) struct Explained {
    item: String,
    strategy: String,
    text: String,
    drivers: Drivers,
}

/// Every item with its paragraph.
pub(super) fn explained(report: &Report) -> Vec<Explained> {
    let explain = |line: &Recommendation| Explained {
        item: line.item.clone(),
        strategy: line.strategy.clone(),
        text: words::explanation(report, line),
        drivers: line.drivers.clone(),
    };
    report.recommendations.iter().map(explain).collect()
}

/// Columns of `explanations.csv`.
pub(super) const EXPLANATIONS: &[Column<Explained>] = &[
    Text("item", |of| of.item.clone()),
    Text("strategy", |of| of.strategy.clone()),
    Text("explanation", |of| of.text.clone()),
    Number("protection_periods", |of| of.drivers.protection_periods as f64),
    Number("protected_demand_units", |of| of.drivers.protected_demand),
    Number("protected_deviation_units", |of| of.drivers.protected_deviation),
    Number("lead_time_demand_share", |of| of.drivers.lead_time_demand_share),
    Number("review_share", |of| of.drivers.review_share),
    Number("lead_time_deviation_share", |of| of.drivers.lead_time_deviation_share),
    Optional("recent_demand_units_per_period", |of| of.drivers.recent_demand),
];
