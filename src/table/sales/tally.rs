//! What is said of all series together.

use scenarios::Date;

use crate::table::{counted, shown};

/// What is worth a note over all series.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) periods: usize,
    pub(super) out_of_stock: usize,
    /// Periods with more returns than sales.
    pub(super) returned: usize,
    /// Rows of fractional units.
    pub(super) fractions: usize,
    pub(super) fraction_items: usize,
    /// The first of them.
    pub(super) fraction: Option<(String, Date, f64)>,
}

impl Tally {
    pub(super) fn note(&self, file: &str, period: &str, notes: &mut Vec<String>) {
        if self.out_of_stock > 0 {
            notes.push(format!(
                "{file}: out of stock in {} of {} item {period}s, where demand was at least what was sold",
                self.out_of_stock, self.periods
            ));
        }
        if self.returned > 0 {
            notes.push(format!(
                "{file}: more returns than sales in {}, counted as 0",
                counted(self.returned, &format!("item {period}"), &format!("item {period}s"))
            ));
        }
        if let Some((item, date, units)) = &self.fraction {
            notes.push(format!(
                "{file}: fractional units in {} of {}, first `{}` on {date}: {units}",
                counted(self.fractions, "row", "rows"),
                counted(self.fraction_items, "item", "items"),
                shown(item)
            ));
        }
    }
}
