//! What was done to rows and periods on their way into series.

use scenarios::cleaning::{Change, Kind, Quality};
use scenarios::{Calendar, Date};

use super::row::Row;
use super::{Gaps, Returns, SalesOptions};

/// A book of what was done, and how good what is left is.
#[derive(Default)]
pub(super) struct Book {
    /// Whether each change is written down, and not only counted.
    detailed: bool,
    pub(super) changes: Vec<Change>,
    /// One a series so far.
    pub(super) quality: Vec<Quality>,
}

/// The pages of one item.
pub(super) struct Pages<'a> {
    book: &'a mut Book,
    series: usize,
    options: &'a SalesOptions,
    quality: Quality,
    /// Whether each period has a row.
    rowed: Vec<bool>,
}

impl Book {
    pub(super) fn new(options: &SalesOptions) -> Book {
        Book { detailed: options.ledger, ..Book::default() }
    }

    /// Enters the next item, of which there is nothing to say but a row a period.
    pub(super) fn plain(&mut self, periods: usize, options: &SalesOptions) {
        self.quality.push(Quality { rows: periods, ..empty(periods, options) });
    }

    /// Opens the pages of the next item.
    pub(super) fn item<'a>(&'a mut self, periods: usize, options: &'a SalesOptions) -> Pages<'a> {
        let quality = empty(periods, options);
        let series = self.quality.len();
        Pages { book: self, series, options, quality, rowed: vec![false; periods] }
    }

    /// Rows on closed days, sorted by item and date; `series` is the place of an item's series.
    pub(super) fn closed(&mut self, rows: &[Row], series: impl Fn(u32) -> Option<usize>) {
        for rows in rows.chunk_by(|left, right| left.item == right.item) {
            let Some(series) = series(rows[0].item) else { continue };
            for row in rows {
                let kind = Kind::Closed;
                self.enter(change(series, kind, (row.date, row.date), 1, Some(0.0), Some(0.0)));
            }
        }
    }

    fn enter(&mut self, change: Change) {
        if self.detailed {
            self.changes.push(change);
        }
    }
}

fn empty(periods: usize, options: &SalesOptions) -> Quality {
    let missing_is_unknown = options.gaps == Gaps::Missing;
    Quality { periods, missing_is_unknown, ..Quality::default() }
}

fn change(
    series: usize,
    kind: Kind,
    (from, to): (Date, Date),
    count: usize,
    found: Option<f64>,
    used: Option<f64>,
) -> Change {
    Change { series, kind, from, to, count, found, used, factor: None }
}

impl Pages<'_> {
    /// The rows of a `day` in a period, of which the `kept` count.
    pub(super) fn day(&mut self, place: usize, day: &[Row], kept: &[Row]) {
        self.rowed[place] = true;
        self.quality.rows += day.len();
        if let [row] = day
            && row.units >= 0.0
        {
            return;
        }
        let dates = (day[0].date, day[0].date);
        let units = |row: &Row| self.options.returns.counted(row.units);
        if day.len() > 1 {
            self.quality.duplicates += day.len() - 1;
            let [found, used] = [day, kept].map(|rows| Some(rows.iter().map(units).sum()));
            let change = change(self.series, Kind::Duplicate, dates, day.len() - 1, found, used);
            self.book.enter(change);
        }
        for row in kept.iter().filter(|row| row.units < 0.0) {
            self.quality.returns += 1;
            self.quality.returned_units -= row.units;
            let used = Some(self.options.returns.counted(row.units));
            let change = change(self.series, Kind::Return, dates, 1, Some(row.units), used);
            self.book.enter(change);
        }
    }

    /// More was returned than sold in a period: it counts as 0.
    pub(super) fn negative(&mut self, date: Date, units: f64) {
        self.quality.negative += 1;
        let dates = (date, date);
        let change = change(self.series, Kind::Return, dates, 1, Some(units), Some(0.0));
        self.book.enter(change);
    }

    /// All rows were told: enters what is missing and where the item was `sold_out`, of periods from
    /// the `first` on.
    pub(super) fn close(
        mut self,
        calendar: &Calendar,
        first: usize,
        units: &[f64],
        sold_out: &[bool],
    ) {
        let last = self.rowed.iter().rposition(|rowed| *rowed);
        self.quality.since_last_row = self.rowed.len() - last.map_or(0, |last| last + 1);
        self.quality.missing = self.rowed.iter().filter(|rowed| !**rowed).count();
        self.quality.sold_out = sold_out.iter().filter(|out| **out).count();
        if self.book.detailed {
            let used = (!self.quality.missing_is_unknown).then_some(0.0);
            let dates = |from: usize, to: usize| {
                (calendar.start_of(first + from), calendar.start_of(first + to - 1))
            };
            for (from, to) in runs(&self.rowed, false) {
                let dates = dates(from, to);
                self.book.enter(change(self.series, Kind::Missing, dates, to - from, None, used));
            }
            for (from, to) in runs(sold_out, true) {
                let sold = Some(units[from..to].iter().sum());
                let dates = dates(from, to);
                self.book.enter(change(self.series, Kind::SoldOut, dates, to - from, sold, None));
            }
        }
        self.book.quality.push(self.quality);
    }
}

/// Beginnings and ends of the runs of `value`.
fn runs(values: &[bool], value: bool) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for place in (0..values.len()).filter(|place| values[*place] == value) {
        match runs.last_mut() {
            Some((_, to)) if *to == place => *to += 1,
            _ => runs.push((place, place + 1)),
        }
    }
    runs
}

impl Returns {
    /// What a row's units count as.
    pub(super) fn counted(self, units: f64) -> f64 {
        if self == Returns::Drop { units.max(0.0) } else { units }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_at_both_ends() {
        let values = [false, true, true, false, true];
        assert_eq!(runs(&values, true), [(1, 3), (4, 5)]);
        assert_eq!(runs(&values, false), [(0, 1), (3, 4)]);
        assert_eq!(runs(&[], true), []);
    }
}
