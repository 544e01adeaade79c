//! Sales: one row an item and date, turned into a [`History`].
//!
//! # Sequence
//!
//! 1. every row is checked, whatever the rows before it were like;
//! 2. rows are sorted, so their order in the file is forgotten;
//! 3. the calendar is laid over their dates, and periods without a row are treated
//!    as the study says.

use std::collections::{BTreeMap, HashMap};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use std::sync::Arc;

use cluster::Team;
use scenarios::{Date, History, Length, Weekday};
use serde::Deserialize;

use super::header::Column;
use super::names::Names;
use super::reader::Reader;
use super::{DateFormat, Problem, Problems, counted, shown, value};
use by_item::Rows;
use pieces::{Cut, PIECE};
use row::Row;

mod assemble;
mod book;
mod by_item;
mod days;
mod pieces;
mod row;
mod sheet;
mod stretch;
mod tally;
#[cfg(test)]
pub(super) mod tests;

/// Most units one row may have \[units\].
const MOST_UNITS: f64 = 1e9;

/// What a period without a row means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gaps {
    /// Nothing: it is a mistake.
    #[default]
    Error,
    /// Nothing was sold.
    Zero,
    /// Nobody knows.
    Missing,
}

/// What several rows of one item and date mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicates {
    /// Nothing: it is a mistake.
    #[default]
    Error,
    /// Parts of the same day's sales.
    Sum,
    /// All but the first are mistakes.
    First,
}

/// What negative units mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Returns {
    /// Nothing: they are a mistake.
    #[default]
    Error,
    /// Returns, subtracted from the sales of their period.
    Net,
    /// Returns, counted as 0.
    Drop,
}

/// Days that are no periods.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closed {
    /// Closed every week.
    pub weekdays: Vec<Weekday>,
    /// Closed once.
    pub dates: Vec<Date>,
    /// Whether days on which nobody sold anything are closed too.
    pub auto: bool,
}

/// How a table of sales is to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct SalesOptions {
    /// The file's names of our columns: ours = theirs.
    pub columns: BTreeMap<String, String>,
    /// What a period without a row means.
    pub gaps: Gaps,
    /// What several rows of one item and date mean.
    pub duplicates: Duplicates,
    /// What negative units mean.
    pub returns: Returns,
    /// The character between fields.
    pub delimiter: u8,
    /// The character before decimals.
    pub decimal: u8,
    /// Order of year, month and day; see [`DateFormat`].
    pub date_format: String,
    /// Length of a period.
    pub period: Length,
    /// First day of a week.
    pub week_starts: Weekday,
    /// Days that are no periods.
    pub closed: Closed,
    /// Whether every change is written down, and not only counted.
    pub ledger: bool,
}

impl Default for SalesOptions {
    fn default() -> SalesOptions {
        SalesOptions {
            columns: BTreeMap::new(),
            gaps: Gaps::Error,
            duplicates: Duplicates::Error,
            returns: Returns::Error,
            delimiter: b',',
            decimal: b'.',
            date_format: "YYYY-MM-DD".into(),
            period: Length::Day,
            week_starts: Weekday::Monday,
            closed: Closed::default(),
            ledger: false,
        }
    }
}

const DATE: usize = 0;
const ITEM: usize = 1;
const UNITS: usize = 2;
const PRICE: usize = 3;
const PROMOTION: usize = 4;
const IN_STOCK: usize = 5;
const LOCATION: usize = 6;
const ON_HAND: usize = 7;

const COLUMNS: [Column; 8] = [
    Column { name: "date", aliases: &["ds"], required: true },
    Column { name: "item", aliases: &["sku", "unique_id"], required: true },
    Column { name: "units", aliases: &["demand", "y"], required: true },
    Column { name: "price", aliases: &[], required: false },
    Column { name: "promotion", aliases: &[], required: false },
    Column { name: "in_stock", aliases: &[], required: false },
    Column { name: "location", aliases: &[], required: false },
    Column { name: "on_hand", aliases: &[], required: false },
];

/// Why a table of sales was not read.
#[derive(Debug)]
pub enum Unread {
    /// The file could not be read.
    Disk(io::Error),
    /// Everything that is wrong with the table.
    Table(Problems),
}

impl From<Problems> for Unread {
    fn from(problems: Problems) -> Unread {
        Unread::Table(problems)
    }
}

/// Reads a table of sales from the bytes of `file`, plain or gzipped.
///
/// The order of the rows does not matter, except where `duplicates` is `first`.
///
/// # Errors
///
/// Everything that is wrong with the table.
pub fn read_sales(
    file: &str,
    bytes: &[u8],
    options: &SalesOptions,
    team: &Team,
) -> Result<Option<History>, Problems> {
    let read = in_pieces(file, Some(&mut Cursor::new(bytes)), options, (team, &|_| {}), PIECE);
    read.map_err(|unread| match unread {
        Unread::Table(problems) => problems,
        Unread::Disk(reason) => Problem::of_file(file, reason.to_string()).into(),
    })
}

/// What is heard of the bytes of a table while it is read.
#[derive(Debug)]
pub enum Heard {
    /// The next of them.
    Bytes(Arc<Vec<u8>>),
    /// They are read once more from the first on.
    Again,
}

/// The same from a file that rank 0 has open. Every rank calls it; the history is rank 0's, and the others
/// help to read a large table, of which no rank has much in memory. `hear` is told its bytes.
///
/// # Errors
///
/// If the file cannot be read, or everything that is wrong with the table.
pub fn read_sales_of(
    file: &str,
    source: Option<&mut (impl Read + Seek + Send)>,
    options: &SalesOptions,
    team: &Team,
    hear: &(dyn Fn(Heard) + Sync),
) -> Result<Option<History>, Unread> {
    in_pieces(file, source, options, (team, hear), PIECE)
}

/// The same in pieces of about so many bytes.
fn in_pieces<R: Read + Seek + Send>(
    file: &str,
    source: Option<&mut R>,
    options: &SalesOptions,
    (team, hear): (&Team, &(dyn Fn(Heard) + Sync)),
    piece: usize,
) -> Result<Option<History>, Unread> {
    let format = checked(file, options)?;
    let heard = |bytes: Arc<Vec<u8>>| hear(Heard::Bytes(bytes));
    let Some(source) = source else {
        pieces::read::<R>(None, options, &format, (team, &heard));
        return Ok(None);
    };
    let text = (options.delimiter, options.decimal);
    // Whatever is wrong with it, the other ranks wait for the pieces.
    let begun = beginning(source, 2 * piece);
    let cut = begun.as_ref().ok().and_then(|(bytes, size)| {
        let reader = Reader::open(file, bytes, &COLUMNS, Some(&options.columns), text).ok()?;
        let mark = if bytes.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 };
        let cut = Cut::new(source, bytes.clone(), mark + reader.end(), (*size, piece))?;
        Some((cut, reader.unread()))
    });
    let (mut cut, unread) = cut.unzip();
    let read = pieces::read(cut.as_mut(), options, &format, (team, &heard));
    begun.map_err(Unread::Disk)?;
    if let Some((ledger, packed)) = read {
        let notes = unread.flatten().into_iter().collect();
        let rows = Rows::Packed(packed);
        return Ok(assemble::history(file, (ledger, rows), options, notes, Problems::default())
            .map(Some)?);
    }
    hear(Heard::Again);
    let bytes = Arc::new(whole(source).map_err(Unread::Disk)?);
    hear(Heard::Bytes(bytes.clone()));
    let mut reader = Reader::open(file, &bytes, &COLUMNS, Some(&options.columns), text)?;
    let mut ledger = Ledger::default();
    while reader.advance() {
        ledger.enter(&mut reader, options, &format);
    }
    let rows = Rows::Plain(std::mem::take(&mut ledger.rows));
    let notes = reader.unread().into_iter().collect();
    Ok(assemble::history(file, (ledger, rows), options, notes, reader.problems).map(Some)?)
}

/// The first bytes of a file, and how many there are in all.
fn beginning(source: &mut (impl Read + Seek), bytes: usize) -> io::Result<(Vec<u8>, u64)> {
    let size = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let mut first = Vec::new();
    source.by_ref().take(bytes as u64).read_to_end(&mut first)?;
    Ok((first, size))
}

/// All bytes of a file.
fn whole(source: &mut (impl Read + Seek)) -> io::Result<Vec<u8>> {
    let size = source.seek(SeekFrom::End(0))?;
    source.rewind()?;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(size as usize)?;
    source.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What can be checked before the table is seen.
fn checked(file: &str, options: &SalesOptions) -> Result<DateFormat, Problems> {
    let refuse = |message: String| Problems::from(Problem::of_file(file, message));
    if options.closed.auto && options.period != Length::Day {
        let period = options.period.name();
        return Err(refuse(format!(
            "`closed = \"auto\"` needs `period = \"day\"`, but the period is {period}; list the \
             closed days, or none"
        )));
    }
    if Weekday::ALL.iter().all(|weekday| options.closed.weekdays.contains(weekday)) {
        return Err(refuse("`closed` lists every day of the week; leave one open".into()));
    }
    options
        .date_format
        .parse()
        .map_err(|error: super::date_format::DateFormatError| refuse(error.to_string()))
}

/// Everything the rows say, 24 bytes a row.
#[derive(Default)]
struct Ledger {
    rows: Vec<Row>,
    /// Items, each with its location behind a NUL if the table has locations.
    names: Names,
    /// The distinct prices, to which rows point.
    prices: Vec<f64>,
    price_numbers: HashMap<u64, u32>,
    /// The price asked for last, and its number plus 1: neighbours often cost the same.
    last_price: (f64, u32),
    /// Whether items have locations.
    located: bool,
    /// Rows of negative units that were counted as 0.
    dropped: usize,
    /// Rows of 0 units on days listed as closed.
    idle: usize,
    /// Rows without a sale on closed days; of listed days only if there is a ledger.
    closed: Vec<Row>,
    /// Rows of days that ended with nothing on hand.
    inferred: usize,
    /// Lines of a piece.
    lines: u64,
    /// The last row's item, unless it has none.
    sound: Option<u32>,
    /// The item and location of the row at hand.
    key: Vec<u8>,
}

impl Ledger {
    /// Checks a row, and keeps it if nothing is wrong with it.
    fn enter(&mut self, reader: &mut Reader, options: &SalesOptions, format: &DateFormat) {
        let item = self.item(reader);
        let date = match format.date(reader.text(DATE)) {
            Ok(date) => Some(date),
            Err(message) => {
                reader.complain(DATE, message);
                None
            }
        };
        let units = self.units(reader, options.returns);
        let price = self.price(reader);
        let promoted = reader.flag(PROMOTION).unwrap_or(false);
        let on_hand = reader.number(ON_HAND, "leave it empty");
        let in_stock = reader.flag(IN_STOCK).unwrap_or_else(|| {
            let sold_out = on_hand.is_some_and(|stock| stock <= 0.0);
            self.inferred += usize::from(sold_out);
            !sold_out
        });
        let (Some(item), Some(date), Some(units)) = (item, date, units) else { return };
        if let Some(closure) = closure(date, &options.closed) {
            if options.returns.counted(units) == 0.0 {
                self.idle += 1;
                if options.ledger {
                    self.closed.push(Row::new(item, date, 0.0, 0));
                }
            } else {
                reader.complain(
                    UNITS,
                    format!(
                        "units on {date}, which is closed: `closed` lists {closure}; remove the \
                         row, or take {closure} off the list"
                    ),
                );
            }
            return;
        }
        let line = u32::try_from(reader.line()).unwrap_or(u32::MAX);
        self.rows.push(Row::new(item, date, units, line).with(price, promoted, !in_stock));
    }

    /// The number of the row's item.
    fn item(&mut self, reader: &mut Reader) -> Option<u32> {
        self.located = reader.has(LOCATION);
        let (number, new) = if self.located {
            self.key.clear();
            self.key.extend_from_slice(reader.text(ITEM));
            self.key.push(0);
            self.key.extend_from_slice(reader.text(LOCATION));
            self.names.number(&self.key)
        } else {
            self.names.number(reader.text(ITEM))
        };
        if self.sound == Some(number) {
            return self.sound;
        }
        let mut known = true;
        for column in if self.located { &[ITEM, LOCATION][..] } else { &[ITEM] } {
            let text = reader.text(*column);
            // A bad name is one problem, but each row without a name is its own.
            let missing = text.trim_ascii().is_empty();
            known &= !missing;
            if (new || missing)
                && let Err(message) = value::name(text)
            {
                reader.complain(*column, message);
            }
        }
        let known = known.then_some(number);
        self.sound = known;
        known
    }

    fn units(&mut self, reader: &mut Reader, returns: Returns) -> Option<f64> {
        if reader.text(UNITS).trim_ascii().is_empty() {
            reader.complain(UNITS, "a number is missing; write 0 or remove the row");
        }
        let units = reader.number(UNITS, "write 0 or remove the row")?;
        if units.abs() > MOST_UNITS {
            reader.complain(UNITS, "is more than 1000000000 units in one row; is it mistyped?");
            return None;
        }
        if units >= 0.0 {
            return Some(units);
        }
        match returns {
            Returns::Net => Some(units),
            Returns::Drop => {
                self.dropped += 1;
                Some(units)
            }
            Returns::Error => {
                reader.complain(
                    UNITS,
                    "is negative; if it is a return, set `returns = \"net\"` (subtract it from \
                     the period's sales) or `returns = \"drop\"` (count it as 0)",
                );
                None
            }
        }
    }

    /// The number of the row's price, plus 1; 0 if it has none.
    fn price(&mut self, reader: &mut Reader) -> u32 {
        let Some(price) = reader.number(PRICE, "leave it empty") else { return 0 };
        if !(0.0..=1e12).contains(&price) {
            reader.complain(PRICE, "is not a price of 0 to 1e12 per unit; leave it empty");
            return 0;
        }
        self.price_number(price)
    }

    /// The number of a price, plus 1.
    fn price_number(&mut self, price: f64) -> u32 {
        if self.last_price.0 == price && self.last_price.1 > 0 {
            return self.last_price.1;
        }
        let prices = &mut self.prices;
        let number = *self.price_numbers.entry(price.to_bits()).or_insert_with(|| {
            prices.push(price);
            prices.len() as u32
        });
        self.last_price = (price, number);
        number
    }

    /// Notes what was done to rows on the way.
    fn note(&self, file: &str, notes: &mut Vec<String>) {
        let file = shown(file);
        let rows = |count| counted(count, "row", "rows");
        if self.dropped > 0 {
            let rows = rows(self.dropped);
            notes.push(format!("{file}: {rows} of negative units counted as 0 (`returns`)"));
        }
        if self.inferred > 0 {
            let rows = rows(self.inferred);
            notes.push(format!("{file}: {rows} with nothing left on hand taken as sold out"));
        }
        if self.idle > 0 {
            let rows = rows(self.idle);
            notes.push(format!("{file}: {rows} of 0 units on closed days left out"));
        }
    }
}

/// What closes `date`, in the words of the study file.
fn closure(date: Date, closed: &Closed) -> Option<String> {
    let weekday = date.weekday();
    if closed.dates.contains(&date) {
        return Some(format!("`{date}`"));
    }
    closed.weekdays.contains(&weekday).then(|| format!("`{weekday}`"))
}
