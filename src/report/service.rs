//! What service costs, strategy by strategy; and totals by scenario, which runs are compared by.

use serde::Serialize;

use super::Interval;
use super::tables::Column::{self, Estimate, Number, OptionalEstimate, Text};

/// What a strategy does to the whole assortment when all its levels are moved.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CurvePoint {
    /// Name in the study file; `selected` for each item's own choice.
    pub strategy: &'static str,
    /// How far levels are moved \[standard deviations of demand over lead time and review\].
    pub moved_deviations: f64,
    /// Total cost \[currency/period\].
    pub cost: Interval,
    /// Share of demand met at once from stock.
    pub fill_rate: Interval,
    /// Average stock at unit cost \[currency\].
    pub stock_value: Interval,
    /// Safety stock at unit cost \[currency\].
    pub safety_stock_value: f64,
}

/// What strategies exchange stock and service for.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// The strategy that the others are compared with.
    pub reference: &'static str,
    /// Its share of demand met at once.
    pub fill_rate: f64,
    /// Its average stock at unit cost \[currency\].
    pub stock_value: f64,
    /// Its safety stock at unit cost \[currency\].
    pub safety_stock_value: f64,
    /// The others.
    pub lines: Vec<ExchangeLine>,
}

/// A strategy with its levels moved until it gives the same service, or ties up the same stock; `None`
/// where no level does.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ExchangeLine {
    /// Name in the study file; `selected` for each item's own choice.
    pub strategy: &'static str,
    /// The strategy that it is compared with.
    pub reference: &'static str,
    /// Stock value for the same service, more or less than the reference's, as a share of it.
    pub stock_for_same_service: Option<Interval>,
    /// The same of safety stock.
    pub safety_stock_for_same_service: Option<Interval>,
    /// Share of demand met with the same stock value, more or less than the reference's.
    pub service_for_same_stock: Option<Interval>,
}

/// Totals over all items in one fresh scenario.
#[derive(Clone, Copy, Debug)]
pub struct FutureLine {
    /// Number of the scenario.
    pub scenario: usize,
    /// A strategy, `selected`, or `within limits`.
    pub plan: &'static str,
    /// Cost \[currency/period\].
    pub cost: f64,
    /// Demand \[units/period\].
    pub demand: f64,
    /// Demand not met at once \[units/period\].
    pub unmet: f64,
    /// Average stock at unit cost \[currency\].
    pub stock_value: f64,
}

/// Columns of `frontier.csv`.
pub(super) const FRONTIER: &[Column<CurvePoint>] = &[
    Text("strategy", |line| line.strategy.to_owned()),
    Number("moved_deviations", |line| line.moved_deviations),
    Estimate("cost_per_period", |line| line.cost),
    Estimate("fill_rate", |line| line.fill_rate),
    Estimate("stock_value", |line| line.stock_value),
    Number("safety_stock_value", |line| line.safety_stock_value),
];

/// Columns of `service.csv`.
pub(super) const SERVICE: &[Column<ExchangeLine>] = &[
    Text("strategy", |line| line.strategy.to_owned()),
    Text("compared_with", |line| line.reference.to_owned()),
    OptionalEstimate("stock_for_same_service_share", |line| line.stock_for_same_service),
    OptionalEstimate("safety_stock_for_same_service_share", |line| {
        line.safety_stock_for_same_service
    }),
    OptionalEstimate("fill_rate_for_same_stock", |line| line.service_for_same_stock),
];

/// Columns of `scenarios.csv`.
pub(super) const SCENARIOS: &[Column<FutureLine>] = &[
    Number("scenario", |line| line.scenario as f64),
    Text("plan", |line| line.plan.to_owned()),
    Number("cost_per_period", |line| line.cost),
    Number("demand_units_per_period", |line| line.demand),
    Number("unmet_units_per_period", |line| line.unmet),
    Number("stock_value", |line| line.stock_value),
];
