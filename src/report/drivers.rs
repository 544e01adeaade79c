//! Why an item gets the policy it gets, in numbers; `words/explanation.rs` has the words.

use serde::Serialize;

use super::tables::Column::{self, Number, Optional, OptionalEstimate, Text};
use super::{Interval, Recommendation, Report, words};

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

/// What speaks for the policy that `searched` found, on the scenarios that it was searched on.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SearchEvidence {
    /// How it was searched.
    pub method: &'static str,
    /// Candidates that were priced on all scenarios, and on few alone.
    pub priced: [u64; 2],
    /// Neighbours that it was compared with.
    pub neighbours: u64,
    /// Those of them that are not cheaper.
    pub not_cheaper: u64,
    /// What the cheapest of them costs more, paired \[currency/period\].
    pub nearest: Interval,
    /// The cheapest candidates, which met scenarios that the search had not seen.
    pub finalists: u64,
    /// Those of them that are not surely worse than the one that was taken.
    pub not_worse: u64,
    /// Whether that one is within the zone of the best of them with the study's probability.
    pub guaranteed: bool,
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
    search: Option<SearchEvidence>,
}

/// Every item with its paragraph.
pub(super) fn explained(report: &Report) -> impl Iterator<Item = Explained> + '_ {
    let explain = move |line: &Recommendation| Explained {
        item: line.item.clone(),
        strategy: line.strategy.clone(),
        text: words::explanation(report, line),
        drivers: line.drivers.clone(),
        search: line.search,
    };
    report.recommendations.iter().map(explain)
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
    Text("search_method", |of| of.search.map_or_else(String::new, |of| of.method.to_owned())),
    Optional("search_policies_priced", |of| of.search.map(|of| of.priced[0] as f64)),
    Optional("search_policies_glanced_at", |of| of.search.map(|of| of.priced[1] as f64)),
    Optional("search_neighbours", |of| of.search.map(|of| of.neighbours as f64)),
    Optional("search_neighbours_not_cheaper", |of| of.search.map(|of| of.not_cheaper as f64)),
    OptionalEstimate("search_nearest_neighbour_costs_more_per_period", |of| {
        of.search.map(|of| of.nearest)
    }),
    Optional("search_finalists", |of| of.search.map(|of| of.finalists as f64)),
    Optional("search_finalists_not_worse", |of| of.search.map(|of| of.not_worse as f64)),
];
