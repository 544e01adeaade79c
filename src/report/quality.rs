//! How good the sales of each item are.

use scenarios::cleaning::Quality;
use serde::Serialize;

use super::tables::Column::{self, Number, Text};

/// How good the history of an item is.
#[derive(Clone, Debug, Serialize)]
pub struct QualityLine {
    /// Name of the item.
    pub item: String,
    /// Periods from its first row to the end of the table.
    pub periods: usize,
    /// Rows of these.
    pub rows: usize,
    /// Periods without a row.
    pub missing_periods: usize,
    /// Periods in which it was sold out.
    pub sold_out_periods: usize,
    /// Rows beyond the first of a day.
    pub duplicate_rows: usize,
    /// Rows of negative units.
    pub return_rows: usize,
    /// Sum of these \[units\].
    pub returned_units: f64,
    /// Periods with more returns than sales.
    pub negative_periods: usize,
    /// Periods whose sales look entered in another unit.
    pub unit_mistake_periods: usize,
    /// Periods with sales far above the usual.
    pub outlier_periods: usize,
    /// Periods since the last one with a row.
    pub periods_since_last_row: usize,
    /// Share of periods that say how much was demanded.
    pub completeness: f64,
    /// Share of periods up to the last one with a row.
    pub timeliness: f64,
    /// Share of periods whose sales are plausible.
    pub accuracy: f64,
}

/// How good sales are, in a sentence: completeness, timeliness and accuracy in per cent, of periods with
/// this name.
pub(crate) fn sentence([complete, timely, accurate]: [String; 3], period: &str) -> String {
    format!(
        "{complete} % of item {period}s say how much was demanded, rows reach {timely} % of the way to the \
         end, {accurate} % are plausible"
    )
}

/// Its columns.
pub(crate) const QUALITY: &[Column<QualityLine>] = &[
    Text("item", |line| line.item.clone()),
    Number("periods", |line| line.periods as f64),
    Number("rows", |line| line.rows as f64),
    Number("missing_periods", |line| line.missing_periods as f64),
    Number("sold_out_periods", |line| line.sold_out_periods as f64),
    Number("duplicate_rows", |line| line.duplicate_rows as f64),
    Number("return_rows", |line| line.return_rows as f64),
    Number("returned_units", |line| line.returned_units),
    Number("negative_periods", |line| line.negative_periods as f64),
    Number("unit_mistake_periods", |line| line.unit_mistake_periods as f64),
    Number("outlier_periods", |line| line.outlier_periods as f64),
    Number("periods_since_last_row", |line| line.periods_since_last_row as f64),
    Number("completeness", |line| line.completeness),
    Number("timeliness", |line| line.timeliness),
    Number("accuracy", |line| line.accuracy),
];

impl QualityLine {
    /// The line of an item.
    pub fn of(item: String, quality: &Quality) -> QualityLine {
        QualityLine {
            item,
            periods: quality.periods,
            rows: quality.rows,
            missing_periods: quality.missing,
            sold_out_periods: quality.sold_out,
            duplicate_rows: quality.duplicates,
            return_rows: quality.returns,
            returned_units: quality.returned_units,
            negative_periods: quality.negative,
            unit_mistake_periods: quality.unit_mistakes,
            outlier_periods: quality.outliers,
            periods_since_last_row: quality.since_last_row,
            completeness: quality.completeness(),
            timeliness: quality.timeliness(),
            accuracy: quality.accuracy(),
        }
    }
}
