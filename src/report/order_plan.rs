//! Orders of all items in the coming periods.

use serde::Serialize;

use super::Interval;
use super::tables::Column::{self, Number, Optional, Text};

/// Orders of the coming periods, what they cost and how far that may be from the best.
#[derive(Clone, Debug, Serialize)]
pub struct OrderPlan {
    /// How it was made: `prices` or `program`.
    pub method: &'static str,
    /// Length \[periods\].
    pub periods: usize,
    /// Scenarios that it was made from.
    pub scenarios: usize,
    /// Fresh scenarios on which its cost was estimated.
    pub fresh_scenarios: usize,
    /// The most that the orders of a period may cost \[currency\].
    pub cash_per_review: Option<f64>,
    /// The most room that stock may take \[volume\].
    pub warehouse_space: Option<f64>,
    /// Whether suppliers have terms, which the plan does not know.
    pub suppliers_left_out: bool,
    /// Confidence level of `most_saving`.
    pub confidence_level: f64,
    /// Whether today is a review.
    pub reviewed_today: bool,
    /// Value of the orders of today \[currency\].
    pub today: f64,
    /// Holding, orders and shortage on fresh scenarios \[currency/period\].
    pub cost: Interval,
    /// Part of the cost: stock \[currency/period\].
    pub holding_cost: f64,
    /// Part of the cost: orders, whatever their size \[currency/period\].
    pub order_cost: f64,
    /// Part of the cost: demand that is not met \[currency/period\].
    pub shortage_cost: f64,
    /// Part of the cost: what spoils \[currency/period\].
    pub waste_cost: f64,
    /// Part of the cost: units that go from place to place \[currency/period\].
    pub transfer_cost: f64,
    /// Share of demand met at once, on fresh scenarios; `None` if demand waits.
    pub fill_rate: Option<Interval>,
    /// What waits at the end of a period, on average; `None` if it is lost \[units\].
    pub waiting: Option<f64>,
    /// Share of fresh scenarios that once need more room than there is.
    pub over_space: f64,
    /// On the scenarios that it was made from: no plan costs less \[currency/period\].
    pub bound: f64,
    /// What the plan costs there \[currency/period\].
    pub cost_of_sample: f64,
    /// Samples of their own by which it was judged.
    pub replications: usize,
    /// Upper end of the one-sided interval of what a better plan could save; `None` if nobody asked
    /// \[currency/period\].
    pub most_saving: Option<f64>,
    /// What a plan for expected demand alone costs more, on the same fresh scenarios; `None` if there is none
    /// \[currency/period\].
    pub more_of_expected: Option<Interval>,
    /// What one more unit of cash at one review would save, at most over the periods
    /// \[currency/currency\].
    pub price_of_cash: f64,
    /// The same for room \[currency/volume\].
    pub price_of_space: f64,
    /// Orders, by item, then period.
    #[serde(skip)]
    pub lines: Vec<OrderPlanLine>,
    /// Orders to suppliers with terms, by supplier, then period.
    #[serde(skip)]
    pub suppliers: Vec<DeliveryLine>,
    /// Suppliers with an order today.
    pub first_suppliers: Vec<DeliveryLine>,
    /// What goes from place to place, by transfer, then period.
    #[serde(skip)]
    pub transfers: Vec<TransferLine>,
    /// What leaves today.
    pub first_transfers: Vec<TransferLine>,
    /// Items with the dearest orders today.
    pub first: Vec<FirstOrder>,
    /// Items with an order today.
    pub items_today: usize,
}

/// The order of an item in a period, and what is expected then.
#[derive(Clone, Debug, Serialize)]
pub struct OrderPlanLine {
    /// Item name.
    pub item: String,
    /// Its supplier; empty if none.
    pub supplier: String,
    /// The period; 1 is the first after the history.
    pub period: usize,
    /// Its first day.
    pub date: String,
    /// Order \[units\].
    pub order: f64,
    /// Its value at unit cost \[currency\].
    pub order_value: f64,
    /// Expected stock at the end of the period \[units\].
    pub expected_stock: f64,
    /// Expected demand that is not met in the period \[units\].
    pub expected_unmet: f64,
}

/// The order to a supplier in a period.
#[derive(Clone, Debug, Serialize)]
pub struct DeliveryLine {
    /// Its name.
    pub supplier: String,
    /// The period; 1 is the first after the history.
    pub period: usize,
    /// Its first day.
    pub date: String,
    /// Items on the order.
    pub items: usize,
    /// What it costs at the prices of its sizes \[currency\].
    pub value: f64,
    /// Its volume.
    pub volume: f64,
    /// Its weight.
    pub weight: f64,
    /// Trucks that bring it; `None` if it comes without.
    pub trucks: Option<f64>,
}

/// What goes from place to place in a period.
#[derive(Clone, Debug, Serialize)]
pub struct TransferLine {
    /// The item where it leaves.
    pub from: String,
    /// The item where it arrives.
    pub to: String,
    /// The period in which it leaves; 1 is the first after the history.
    pub period: usize,
    /// Its first day.
    pub date: String,
    /// Units of today, or expected ones later.
    pub units: f64,
}

/// What is ordered today of an item.
#[derive(Clone, Debug, Serialize)]
pub struct FirstOrder {
    /// Item name.
    pub item: String,
    /// Order today \[units\].
    pub order: f64,
    /// Its value \[currency\].
    pub value: f64,
    /// Ordered in the other periods of the plan \[units\].
    pub later: f64,
    /// Expected stock at the end of the plan \[units\].
    pub stock_at_end: f64,
}

/// Columns of `order_plan.csv`.
pub(crate) const ORDER_PLAN: &[Column<OrderPlanLine>] = &[
    Text("item", |line| line.item.clone()),
    Text("supplier", |line| line.supplier.clone()),
    Number("period", |line| line.period as f64),
    Text("date", |line| line.date.clone()),
    Number("order_units", |line| line.order),
    Number("order_value", |line| line.order_value),
    Number("expected_stock_units", |line| line.expected_stock),
    Number("expected_unmet_units", |line| line.expected_unmet),
];

/// Columns of `order_plan_suppliers.csv`.
pub(crate) const DELIVERIES: &[Column<DeliveryLine>] = &[
    Text("supplier", |line| line.supplier.clone()),
    Number("period", |line| line.period as f64),
    Text("date", |line| line.date.clone()),
    Number("items", |line| line.items as f64),
    Number("order_value", |line| line.value),
    Number("order_volume", |line| line.volume),
    Number("order_weight", |line| line.weight),
    Optional("trucks", |line| line.trucks),
];

/// Columns of `order_plan_transfers.csv`.
pub(crate) const TRANSFERS: &[Column<TransferLine>] = &[
    Text("item_from", |line| line.from.clone()),
    Text("item_to", |line| line.to.clone()),
    Number("period", |line| line.period as f64),
    Text("date", |line| line.date.clone()),
    Number("units", |line| line.units),
];
