//! From rows to a history: named, sorted, rid of duplicates, and laid over a calendar.

use scenarios::{Calendar, Date, History};

use super::book::Book;
use super::by_item::{ByItem, Rows, sort};
use super::row::Row;
use super::sheet::Sheet;
use super::{Duplicates, Ledger, SalesOptions};
use crate::table::{Problem, Problems, counted, names, shown};

/// Makes the history of the rows of a table.
///
/// # Errors
///
/// The `problems` so far, and those of rows that do not fit together.
pub(super) fn history(
    file: &str,
    (mut ledger, mut rows): (Ledger, Rows),
    options: &SalesOptions,
    mut notes: Vec<String>,
    mut problems: Problems,
) -> Result<History, Problems> {
    ledger.note(file, &mut notes);
    let count = rows.len();
    let items = name_items(file, (&mut ledger, &mut rows), &mut notes, &mut problems);
    let rows = rows.sorted(options.duplicates);
    duplicates(file, &rows, &items, options.duplicates, &mut notes, &mut problems);
    // A row that was refused would leave a gap of its own.
    if !problems.is_empty() {
        return Err(problems);
    }
    let calendar = calendar(file, &rows, options, &mut notes)?;
    let closed = &mut ledger.closed;
    let (sheet, rows) = Sheet::new(file, calendar, rows, closed, items, &mut notes)?;
    sheet.gaps(options.gaps, &rows, &mut notes)?;
    sheet.incomplete(&rows, &mut notes);
    let mut book = Book::new(options);
    let series = sheet.series(&rows, &ledger.prices, options, &mut book, &mut notes)?;
    if options.ledger {
        sort(&mut ledger.closed, Duplicates::Sum);
        book.closed(&ledger.closed, |item: u32| series.find(sheet.item(item)));
    }
    notes.extend(names::notes(file, series.names()));
    let Book { mut changes, quality, .. } = book;
    changes.sort_by_key(|change| (change.series, change.from, change.kind));
    let (calendar, periods) = (sheet.calendar, sheet.periods);
    Ok(History { calendar, rows: count, periods, series, quality, changes, notes })
}

/// The names of the items, sorted; rows are renumbered to match.
fn name_items(
    file: &str,
    (ledger, rows): (&mut Ledger, &mut Rows),
    notes: &mut Vec<String>,
    problems: &mut Problems,
) -> Vec<String> {
    let mut items = std::mem::take(&mut ledger.names).into_names();
    if ledger.located {
        let mut locations: Vec<&str> =
            items.iter().filter_map(|item| item.split_once('\0')).map(|(_, place)| place).collect();
        locations.sort_unstable();
        locations.dedup();
        let several = locations.len() > 1;
        if several {
            notes.push(format!(
                "{}: {} locations, so items are `item@location`; name them so in other files too",
                shown(file),
                locations.len()
            ));
        }
        for item in &mut items {
            let end = item.find('\0').unwrap_or(item.len());
            if several {
                item.replace_range(end..=end, "@");
            } else {
                item.truncate(end);
            }
        }
    }
    let mut order: Vec<u32> = (0..items.len() as u32).collect();
    order.sort_unstable_by(|left, right| items[*left as usize].cmp(&items[*right as usize]));
    let mut ranks = vec![0; items.len()];
    for (rank, number) in order.iter().enumerate() {
        ranks[*number as usize] = rank as u32;
    }
    if !order.is_sorted() {
        rows.renumber(&ranks);
        for row in &mut ledger.closed {
            row.item = ranks[row.item as usize];
        }
    }
    items.sort_unstable();
    for pair in items.windows(2).filter(|pair| pair[0] == pair[1]) {
        problems.add(Problem {
            value: pair[0].clone(),
            ..Problem::of_file(file, "is two items and locations joined by `@`; rename one")
        });
    }
    items
}

pub(super) fn same_day(left: &Row, right: &Row) -> bool {
    (left.item, left.date) == (right.item, right.date)
}

/// Treats several rows of one item and date as the study says.
fn duplicates(
    file: &str,
    rows: &ByItem,
    items: &[String],
    rule: Duplicates,
    notes: &mut Vec<String>,
    problems: &mut Problems,
) {
    if !rows.has_duplicates() {
        return;
    }
    let mut extra = 0;
    rows.each(|rows| {
        for day in rows.chunk_by(same_day).filter(|day| day.len() > 1) {
            extra += day.len() - 1;
            for row in day.iter().skip(1).filter(|_| rule == Duplicates::Error) {
                let message = format!(
                    "has another row on {}, in line {}; set `duplicates = \"sum\"` or \
                     `duplicates = \"first\"`, or remove one",
                    row.date, day[0].line
                );
                let value = items[row.item as usize].clone();
                problems.add(Problem { value, ..Problem::of_line(file, row.line.into(), message) });
            }
        }
    });
    let done = match rule {
        Duplicates::Error => return,
        Duplicates::Sum => "added to the first",
        Duplicates::First => "left out",
    };
    if extra > 0 {
        notes.push(format!(
            "{}: {} of an item and date that already had one, {done} (`duplicates`)",
            shown(file),
            counted(extra, "row", "rows")
        ));
    }
}

/// Dates beyond which those that are there already are looked for.
const MANY: usize = 1 << 16;

/// The periods of the table.
fn calendar(
    file: &str,
    rows: &ByItem,
    options: &SalesOptions,
    notes: &mut Vec<String>,
) -> Result<Calendar, Problems> {
    let closed = &options.closed;
    if !closed.auto {
        let Some((first, _)) = rows.span() else {
            let message = "has no row on an open day; take days off `closed`";
            return Err(Problem::of_file(file, message).into());
        };
        let (length, starts) = (options.period, options.week_starts);
        return Ok(Calendar::new(length, starts, &closed.weekdays, &closed.dates, first));
    }
    let mut open: Vec<Date> = Vec::new();
    let known_once = |open: &mut Vec<Date>| {
        open.sort_unstable();
        open.dedup();
    };
    let mut most = MANY;
    rows.each(|rows| {
        open.extend(rows.iter().filter(|row| row.units > 0.0).map(|row| row.date));
        if open.len() > most {
            known_once(&mut open);
            most = MANY.max(2 * open.len());
        }
    });
    known_once(&mut open);
    let Some(calendar) = Calendar::observed(&open, &closed.weekdays, &closed.dates) else {
        let message = "has no units above 0, so `closed = \"auto\"` leaves no day open";
        return Err(Problem::of_file(file, message).into());
    };
    let weekdays: Vec<_> = calendar.closed_weekdays().map(|day| format!("every {day}")).collect();
    let last = open.last().copied();
    let dates = calendar.closed_dates().iter().filter(|date| Some(**date) < last).count();
    let dates = (dates > 0).then(|| counted(dates, "other date", "other dates"));
    let closures: Vec<String> = weekdays.into_iter().chain(dates).collect();
    if !closures.is_empty() {
        notes.push(format!("{}: closed: {} (`auto`)", shown(file), closures.join(", ")));
    }
    Ok(calendar)
}
