//! What strategies would have cost on the last part of the history, which none of them saw.

use serde::Serialize;

use super::Interval;
use super::tables::Column::{self, Estimate, Number, Text};

/// The last part of the history, replayed.
#[derive(Clone, Debug, Serialize)]
pub struct Replay {
    /// Periods that were held out.
    pub periods: usize,
    /// Last day that models and policies know.
    pub known_to: String,
    /// Last day of the history.
    pub history_to: String,
    /// Items that are not known for long enough before.
    pub left_out: usize,
    /// Each item's own choice, then strategies by what they really cost.
    pub lines: Vec<ReplayLine>,
}

/// A strategy over all items, as the model promised and as it came.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ReplayLine {
    /// Its name; `selected` for each item's own.
    pub strategy: &'static str,
    /// Items.
    pub items: usize,
    /// Mean cost on fresh scenarios \[currency/period\].
    pub promised_cost: f64,
    /// Cost on the real periods \[currency/period\].
    pub real_cost: f64,
    /// The one less the other, if items are independent \[currency/period\].
    pub difference: Interval,
    /// Share of demand met at once on fresh scenarios.
    pub promised_fill_rate: f64,
    /// The same on the real periods.
    pub real_fill_rate: f64,
    /// Average stock at unit cost on fresh scenarios \[currency\].
    pub promised_stock_value: f64,
    /// The same on the real periods.
    pub real_stock_value: f64,
}

/// Columns of `replay.csv`.
pub(crate) const REPLAY: &[Column<ReplayLine>] = &[
    Text("strategy", |line| line.strategy.to_owned()),
    Number("items", |line| line.items as f64),
    Number("promised_cost_per_period", |line| line.promised_cost),
    Number("real_cost_per_period", |line| line.real_cost),
    Estimate("real_less_promised_per_period", |line| line.difference),
    Number("promised_fill_rate", |line| line.promised_fill_rate),
    Number("real_fill_rate", |line| line.real_fill_rate),
    Number("promised_stock_value", |line| line.promised_stock_value),
    Number("real_stock_value", |line| line.real_stock_value),
];
