//! All items ordered together at each review, beside each item's own policy.

use serde::Serialize;

use super::Interval;
use super::tables::Column::{self, Estimate, Number, Text};

/// What ways of ordering do, under everything that items share.
#[derive(Clone, Debug, Serialize)]
pub struct Programmed {
    /// Fresh scenarios on which they were compared.
    pub scenarios: usize,
    /// The most that all orders of a review may cost \[currency\].
    pub cash_per_review: Option<f64>,
    /// The most room that stock on hand and on order may take \[volume\].
    pub warehouse_space: Option<f64>,
    /// Limit on average stock value \[currency\].
    pub stock_budget: Option<f64>,
    /// Charge on stock value that the program reckons with beside holding
    /// \[currency/currency/period\].
    pub stock_price: f64,
    /// What one more unit of a review's cash would save, mean of the periods; at the program's prices.
    pub price_of_cash: Interval,
    /// What one more unit of room would save, likewise.
    pub price_of_space: Interval,
    /// The program, then the others from the cheapest on.
    pub lines: Vec<ProgramLine>,
}

/// What one way of ordering does.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ProgramLine {
    /// Its name: `program`, `selected`, `plan`, `ordered together`, or a strategy.
    pub way: &'static str,
    /// Cost of all items and of the suppliers' orders \[currency/period\].
    pub cost: Interval,
    /// What it costs more than the program, on the same scenarios \[currency/period\].
    pub more_than_program: Interval,
    /// Part of the cost: charges of suppliers for orders, whatever their size \[currency/period\].
    pub supplier_order_cost: f64,
    /// Share of demand met at once.
    pub fill_rate: Interval,
    /// Average stock at unit cost \[currency\].
    pub stock_value: Interval,
    /// Share of periods at whose review cash or room was too little.
    pub short: f64,
}

/// Columns of `program.csv`.
pub(crate) const PROGRAM: &[Column<ProgramLine>] = &[
    Text("way", |line| line.way.to_owned()),
    Estimate("cost_per_period", |line| line.cost),
    Estimate("more_than_program_per_period", |line| line.more_than_program),
    Number("supplier_order_cost_per_period", |line| line.supplier_order_cost),
    Estimate("fill_rate", |line| line.fill_rate),
    Estimate("stock_value", |line| line.stock_value),
    Number("short_share", |line| line.short),
];
