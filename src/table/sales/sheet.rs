//! Rows laid over a calendar: gaps are found, and periods become series.

use scenarios::{Calendar, Date, Length, PackedSeries, Series};

use super::assemble::same_day;
use super::book::Book;
use super::by_item::ByItem;
use super::days::Days;
use super::row::Row;
use super::tally::Tally;
use super::{Duplicates, Gaps, MOST_UNITS, SalesOptions};
use crate::table::{Problem, Problems, counted, listed, shown};

/// Periods of all items together beyond which dates are checked for mistypings.
const MANY_CELLS: u64 = 1 << 28;

/// Periods per row beyond which dates are mistyped rather than sales rare.
const CELLS_PER_ROW: u64 = 200;

/// Rows on open days and where they fall.
pub(super) struct Sheet<'a> {
    file: &'a str,
    pub(super) calendar: Calendar,
    pub(super) periods: usize,
    items: Vec<String>,
    first: Date,
    last: Date,
    /// Of each day from the first to the last row, its period.
    period_of_day: Vec<Option<u32>>,
}

impl<'a> Sheet<'a> {
    /// Lays the calendar over the rows, and takes out those on closed days.
    pub(super) fn new(
        file: &'a str,
        calendar: Calendar,
        rows: ByItem,
        closed: &mut Vec<Row>,
        items: Vec<String>,
        notes: &mut Vec<String>,
    ) -> Result<(Sheet<'a>, ByItem), Problems> {
        let mut rows = rows;
        let nothing = || Problems::from(Problem::of_file(file, "has no row on an open day"));
        let (mut first, mut last) = rows.span().ok_or_else(nothing)?;
        let period = |day| calendar.period_of(Date::from_days(day)).map(|period| period as u32);
        let mut period_of_day: Vec<_> = (first.days()..=last.days()).map(period).collect();
        let before = rows.len();
        let is_open = |row: &Row| period_of_day[days_from(first, row.date)].is_some();
        let mut all_open = true;
        if period_of_day.iter().any(Option::is_none) {
            rows.each(|rows| all_open &= rows.iter().all(is_open));
        }
        if !all_open {
            let others;
            (rows, others) = rows.without(is_open);
            closed.extend(others);
            let (opens, ends) = rows.span().ok_or_else(nothing)?;
            period_of_day.truncate(days_from(first, ends) + 1);
            period_of_day.drain(..days_from(first, opens));
            (first, last) = (opens, ends);
        }
        if rows.len() < before {
            notes.push(format!(
                "{}: {} without a sale on closed days left out",
                shown(file),
                counted(before - rows.len(), "row", "rows")
            ));
        }
        let mut missing = vec![true; items.len()];
        for item in rows.items() {
            missing[item as usize] = false;
        }
        let names = items.iter().zip(&missing).filter(|(_, missing)| **missing);
        let names: Vec<&str> = names.map(|(item, _)| item.as_str()).collect();
        if !names.is_empty() {
            notes.push(format!(
                "{}: items without a row on an open day left out: {}",
                shown(file),
                listed(names, 20)
            ));
        }
        let periods = calendar.period_of(last).map_or(0, |period| period + 1);
        let sheet = Sheet { file, calendar, periods, items, first, last, period_of_day };
        Ok((sheet, rows))
    }

    /// The name of an item.
    pub(super) fn item(&self, number: u32) -> &str {
        &self.items[number as usize]
    }

    fn period(&self, row: &Row) -> usize {
        self.period_of_day[days_from(self.first, row.date)]
            .expect("rows on closed days were taken out") as usize
    }

    /// Whether each period from an item's first row on has one row, of no negative units and nothing beside: most
    /// tables are like that, and are done with sooner.
    fn is_plain(&self, rows: &[Row]) -> bool {
        let start = self.period(&rows[0]);
        let is_plain = |(row, period): (&Row, usize)| {
            let of_row = self.period_of_day[days_from(self.first, row.date)];
            row.marks == 0 && row.units >= 0.0 && of_row == Some(period as u32)
        };
        rows.len() == self.periods - start && rows.iter().zip(start..).all(is_plain)
    }

    /// Counts periods without a row, and refuses them if they are a mistake.
    pub(super) fn gaps(
        &self,
        rule: Gaps,
        rows: &ByItem,
        notes: &mut Vec<String>,
    ) -> Result<(), Problems> {
        let (mut gaps, mut cells, mut holed, mut items) = (0, 0, 0_usize, 0_usize);
        let mut first_gap: Option<(u32, usize)> = None;
        let mut filled = vec![false; self.periods];
        rows.each(|rows| {
            let start = self.period(&rows[0]);
            if self.is_plain(rows) {
                filled[start..].fill(true);
                cells += rows.len() as u64;
                items += 1;
                return;
            }
            let mut next = start;
            let mut gap = None;
            let mut seen = 0;
            for row in rows {
                let period = self.period(row);
                filled[period] = true;
                if period >= next {
                    gap = gap.or((period > next).then_some(next));
                    next = period + 1;
                    seen += 1;
                }
            }
            gap = gap.or((self.periods > next).then_some(next));
            cells += (self.periods - start) as u64;
            gaps += self.periods - start - seen;
            items += 1;
            holed += usize::from(gap.is_some());
            first_gap = first_gap.or(gap.map(|gap| (rows[0].item, gap)));
        });
        let empty = filled.iter().filter(|filled| !**filled).count();
        if let Some((item, period)) = first_gap {
            let (item, name) = (&self.items[item as usize], self.calendar.length().name());
            let count = counted(gaps, "gap", "gaps");
            let message = format!(
                "{count}: {holed} of {} {} a {name} without a row; the first is `{}` on {}",
                counted(items, "item", "items"),
                if holed == 1 { "has" } else { "have" },
                shown(item),
                self.calendar.start_of(period),
            );
            match rule {
                Gaps::Error => {
                    let problem = message + "; " + &self.way_out(empty);
                    return Err(Problem::of_file(self.file, problem).into());
                }
                Gaps::Zero => notes.push(format!("{}: {message}; filled with 0", shown(self.file))),
                Gaps::Missing => {
                    notes.push(format!("{}: {message}; taken as unknown", shown(self.file)));
                }
            }
        }
        if cells > MANY_CELLS && cells > CELLS_PER_ROW * rows.len() as u64 {
            let message = format!(
                "{} of {items} items from {} to {} are too many for {} rows; is a date mistyped?",
                counted(self.periods, self.calendar.length().name(), "periods"),
                self.first,
                self.last,
                rows.len()
            );
            return Err(Problem::of_file(self.file, message).into());
        }
        Ok(())
    }

    /// What to do about gaps, of which `empty` periods are gaps of everybody.
    fn way_out(&self, empty: usize) -> String {
        let text = "set `gaps = \"zero\"` if no row means that nothing was sold, or `gaps = \
                    \"missing\"` if it is unknown";
        if empty == 0 || self.calendar.length() != Length::Day {
            return text.into();
        }
        let days = counted(empty, "day", "days");
        format!(
            "{text}; on {days} no item has a row: if nobody was open, set `closed = \"auto\"` or \
             list the days"
        )
    }

    /// Notes a first or last week or month that the rows do not fill.
    pub(super) fn incomplete(&self, rows: &ByItem, notes: &mut Vec<String>) {
        if self.calendar.length() == Length::Day {
            return;
        }
        let mut seen = vec![false; self.period_of_day.len()];
        rows.each(|rows| {
            for row in rows {
                seen[days_from(self.first, row.date)] = true;
            }
        });
        let dates = seen.iter().filter(|seen| **seen).count();
        // One date a period is a label: nothing is missing around it.
        if dates <= self.periods {
            return;
        }
        let open = |from: Date, to: Date| {
            (from.days()..to.days()).any(|day| self.calendar.is_open(Date::from_days(day)))
        };
        let (file, name) = (shown(self.file), self.calendar.length().name());
        let start = self.calendar.start_of(0);
        if open(start, self.first) {
            notes.push(format!(
                "{file}: the first {name} starts on {start}, but its rows on {}; it looks like \
                 a {name} of little demand",
                self.first
            ));
        }
        let end = self.calendar.start_of(self.periods).plus(-1);
        if open(self.last.plus(1), end.plus(1)) {
            notes.push(format!(
                "{file}: the last {name} ends on {end}, but its rows on {}; it looks like a \
                 {name} of little demand",
                self.last
            ));
        }
    }

    /// The series of every item.
    pub(super) fn series(
        &self,
        rows: &ByItem,
        prices: &[f64],
        options: &SalesOptions,
        book: &mut Book,
        notes: &mut Vec<String>,
    ) -> Result<PackedSeries, Problems> {
        let mut tally = Tally::default();
        let mut problems = Problems::default();
        let mut all = PackedSeries::default();
        rows.each(|rows| {
            let series = self.one_series(rows, prices, options, book, &mut tally);
            let high = series.units.iter().position(|units| *units > MOST_UNITS);
            if let Some(period) = high {
                let message = format!(
                    "has more than 1000000000 units in the {} of {}; is a row mistyped?",
                    self.calendar.length().name(),
                    self.calendar.start_of(series.first + period)
                );
                let value = series.item.clone();
                problems.add(Problem { value, ..Problem::of_file(self.file, message) });
            }
            all.push(&series);
        });
        tally.note(&shown(self.file), self.calendar.length().name(), notes);
        if problems.is_empty() { Ok(all) } else { Err(problems) }
    }

    fn one_series(
        &self,
        rows: &[Row],
        prices: &[f64],
        options: &SalesOptions,
        book: &mut Book,
        tally: &mut Tally,
    ) -> Series {
        let item = self.items[rows[0].item as usize].clone();
        let first = self.period(&rows[0]);
        let length = self.periods - first;
        if self.is_plain(rows) {
            book.plain(length, options);
            tally.periods += length;
            let is_fraction = |row: &&Row| row.units.fract() != 0.0;
            let fractions = rows.iter().filter(is_fraction).count();
            tally.fractions += fractions;
            tally.fraction_items += usize::from(fractions > 0);
            if let (None, Some(row)) = (&tally.fraction, rows.iter().find(is_fraction)) {
                tally.fraction = Some((item.clone(), row.date, row.units));
            }
            // No zero is negative.
            return Series::new(item, first, rows.iter().map(|row| 0.0 + row.units).collect());
        }
        let mut units = vec![0.0; length];
        let mut observed = vec![options.gaps != Gaps::Missing; length];
        let mut promotions = vec![false; length];
        let mut out_of_stock = vec![false; length];
        let mut paid = Vec::new();
        // Most tables have neither prices nor promotions.
        let mut days = rows.iter().any(|row| row.marks != 0).then(|| Days::new(length));
        let mut pages = book.item(length, options);
        let mut fractions = 0;
        for day in rows.chunk_by(same_day) {
            let place = self.period(&day[0]) - first;
            let kept = if options.duplicates == Duplicates::First { &day[..1] } else { day };
            pages.day(place, day, kept);
            if let Some(days) = &mut days {
                days.enter(place, kept, prices);
            }
            for row in kept {
                units[place] += options.returns.counted(row.units);
                observed[place] = true;
                promotions[place] |= row.promoted();
                out_of_stock[place] |= row.out_of_stock();
                paid.extend(row.price().and_then(|number| prices.get(number)));
                if row.units.fract() != 0.0 {
                    fractions += 1;
                    tally.fraction.get_or_insert_with(|| (item.clone(), row.date, row.units));
                }
            }
        }
        for (place, &out) in out_of_stock.iter().enumerate() {
            observed[place] &= !out;
            tally.out_of_stock += usize::from(out);
            if units[place] < 0.0 {
                pages.negative(self.calendar.start_of(first + place), units[place]);
                units[place] = 0.0;
                tally.returned += 1;
            }
        }
        pages.close(&self.calendar, first, &units, &out_of_stock);
        tally.periods += length;
        tally.fractions += fractions;
        tally.fraction_items += usize::from(fractions > 0);
        let promoted = promotions.iter().filter(|promoted| **promoted).count();
        let promoted = promoted as f64 / length as f64;
        let (sold_out, price) = (out_of_stock, median(&mut paid));
        let (prices, promotions) =
            days.map_or_else(Default::default, |days| (days.prices(), days.promotions()));
        Series { item, first, units, observed, sold_out, price, promoted, prices, promotions }
    }
}

/// Days from the `first` to a later date.
fn days_from(first: Date, date: Date) -> usize {
    (date.days() - first.days()) as usize
}

/// The middle value, or the mean of the two in the middle.
fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    let high = *values.get(middle)?;
    Some(if values.len() % 2 == 1 { high } else { f64::midpoint(values[middle - 1], high) })
}
