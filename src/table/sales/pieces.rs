//! A large table read in pieces, by many threads and ranks.
//!
//! A piece is read as a table of its own. Where that could differ from the whole, or anything is wrong with
//! it, the whole table is read in one go instead, so that messages are the same for tables of all sizes.

use cluster::{Pieces, Team};
use scenarios::bytes::{column, number, put, put_number, take};

use super::by_item::{Packed, sort};
use super::row::Row;
use super::stretch::pack;
use super::{COLUMNS, Duplicates, Ledger, SalesOptions};
use crate::table::DateFormat;
use crate::table::reader::Reader;

/// Least bytes of a piece.
pub(super) const LEAST: usize = 1 << 20;

/// A table in pieces.
pub(super) struct Cut<'a> {
    head: &'a [u8],
    body: &'a [u8],
    ends: Vec<usize>,
}

impl<'a> Cut<'a> {
    /// Cuts `bytes`, whose header ends at `start`, at ends of lines; small and packed tables are left whole.
    pub(super) fn new(bytes: &'a [u8], mut start: usize, least: usize) -> Option<Cut<'a>> {
        if bytes.len() < 2 * least || bytes.starts_with(&[0x1f, 0x8b]) {
            return None;
        }
        // The header is read up to the first of two characters that end it.
        start += usize::from(bytes[..start].ends_with(b"\r") && bytes[start..].starts_with(b"\n"));
        let (head, body) = bytes.split_at(start);
        if head.ends_with(b"\r") {
            // A line end at the start of a piece would be taken for a part of the header's.
            return None;
        }
        // A table with quotes mostly has them from the start; late ones are found by whoever reads the piece.
        let first = &body[..body.len().min(least)];
        if head.contains(&b'"') || first.contains(&b'"') {
            return None;
        }
        let mut ends = Vec::new();
        let mut from = 0;
        while from < body.len() {
            let at = body.len().min(from + least);
            let line = body[at..].iter().position(|byte| *byte == b'\n');
            from = line.map_or(body.len(), |line| at + line + 1);
            ends.push(from);
        }
        Some(Cut { head, body, ends })
    }
}

/// Everything the rows of the pieces that rank 0 has say, there; `None` if they must be read in one go.
pub(super) fn read(
    cut: Option<&Cut<'_>>,
    options: &SalesOptions,
    format: &DateFormat,
    team: &Team,
) -> Option<(Ledger, Packed)> {
    let pieces = cut.map_or(Pieces::default(), |cut| Pieces {
        head: cut.head,
        text: cut.body,
        ends: &cut.ends,
    });
    let parts = team.worked(pieces, |head, piece| {
        part(head, piece, options, format).map_or_else(Vec::new, Ledger::packed)
    });
    let is_refused = parts.iter().any(Vec::is_empty);
    if parts.is_empty() || is_refused { None } else { Some(merged(parts)) }
}

/// A piece as a ledger of its own, if nothing is wrong or unusual in it.
fn part(head: &[u8], piece: &[u8], options: &SalesOptions, format: &DateFormat) -> Option<Ledger> {
    // A field in quotes may go on in the next line, which may lie in the next piece.
    if piece.contains(&b'"') {
        return None;
    }
    let text = (options.delimiter, options.decimal);
    let columns = Some(&options.columns);
    let mut reader = Reader::continued("", (head, piece), &COLUMNS, columns, text).ok()?;
    let mut ledger = Ledger::default();
    let first = reader.next_line();
    while reader.problems.is_empty() && reader.advance() {
        ledger.enter(&mut reader, options, format);
    }
    ledger.lines = reader.next_line() - first;
    reader.problems.is_empty().then_some(ledger)
}

impl Ledger {
    /// What a piece says: numbers, names, prices, rows on closed days, and the rows of each item.
    fn packed(mut self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.rows.len() * 2);
        let located = usize::from(self.located);
        for count in [self.dropped, self.idle, self.inferred, located, self.rows.len()] {
            put_number(&mut bytes, count as u64);
        }
        put_number(&mut bytes, self.lines);
        let names = self.names.into_bytes();
        put_number(&mut bytes, names.len() as u64);
        for name in names {
            put_number(&mut bytes, name.len() as u64);
            put(&mut bytes, &name);
        }
        put_number(&mut bytes, self.prices.len() as u64);
        put(&mut bytes, &self.prices);
        put_number(&mut bytes, self.closed.len() as u64);
        put(&mut bytes, &self.closed);
        sort(&mut self.rows, Duplicates::Error);
        let rows = || self.rows.chunk_by(|left, right| left.item == right.item);
        put_number(&mut bytes, rows().count() as u64);
        let mut stretch = Vec::new();
        for rows in rows() {
            stretch.clear();
            pack(rows, &mut stretch);
            put_number(&mut bytes, u64::from(rows[0].item));
            put_number(&mut bytes, stretch.len() as u64);
            put(&mut bytes, &stretch);
        }
        bytes
    }
}

/// The whole table: names and prices are numbered in order of first appearance.
fn merged(pieces: Vec<Vec<u8>>) -> (Ledger, Packed) {
    let mut all = Ledger::default();
    let mut packed = Packed::default();
    for bytes in pieces {
        let mut rest = &bytes[..];
        let [dropped, idle, inferred, located, rows, lines, names] =
            std::array::from_fn(|_| number(&mut rest));
        all.dropped += dropped as usize;
        all.idle += idle as usize;
        all.inferred += inferred as usize;
        all.located |= located == 1;
        let items: Vec<u32> = (0..names)
            .map(|_| {
                let length = number(&mut rest) as usize;
                all.names.number(take(&mut rest, length)).0
            })
            .collect();
        let prices = number(&mut rest) as usize;
        let prices: Vec<u32> =
            column(&mut rest, prices).map(|price| all.price_number(price)).collect();
        let closed = number(&mut rest) as usize;
        // Rows on closed days have no line, and no price.
        let with_item = |row: Row| Row { item: items[row.item as usize], ..row };
        all.closed.extend(column(&mut rest, closed).map(with_item));
        let stretches = number(&mut rest);
        let places: Vec<(u32, u32)> = (0..stretches)
            .map(|_| {
                let item = items[number(&mut rest) as usize];
                let length = number(&mut rest) as usize;
                let at = (bytes.len() - rest.len()) as u32;
                take(&mut rest, length);
                (item, at)
            })
            .collect();
        packed.push(bytes, rows as usize, (prices, all.lines), places.into_iter());
        all.lines += lines;
    }
    (all, packed)
}
