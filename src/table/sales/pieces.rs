//! A large table read in pieces, by many threads and ranks.
//!
//! A piece is read as a table of its own. Where that could differ from the whole, or anything is wrong with
//! it, the whole table is read in one go instead, so that messages are the same for tables of all sizes.

use std::io::{self, Read};
use std::sync::Arc;

use cluster::{Pieces, Team};
use scenarios::bytes::{column, number, put, put_number, take};

use super::by_item::{Packed, sort};
use super::row::Row;
use super::stretch::pack;
use super::{COLUMNS, Duplicates, Ledger, SalesOptions};
use crate::table::DateFormat;
use crate::table::reader::Reader;

/// Bytes of a piece beyond which it is no table that can be read in pieces.
const LONGEST: usize = 8 << 20;

/// Bytes of a piece, about.
pub(super) const PIECE: usize = 1 << 20;

/// A table that is read piece by piece.
pub(super) struct Cut<'a, R> {
    /// Its first line.
    head: Vec<u8>,
    source: &'a mut R,
    /// What was read behind the last whole line.
    rest: Vec<u8>,
    piece: usize,
    bytes: u64,
    ended: bool,
    failed: Option<io::Error>,
}

impl<'a, R: Read> Cut<'a, R> {
    /// A table of so many `bytes` in pieces of about `piece`, at ends of lines, from its `beginning`, which was
    /// taken from the source and whose header ends at `start`; `None` if it must be read in one go.
    pub(super) fn new(
        source: &'a mut R,
        mut beginning: Vec<u8>,
        mut start: usize,
        (bytes, piece): (u64, usize),
    ) -> Option<Cut<'a, R>> {
        let there = beginning.get(start..).filter(|there| !there.is_empty())?;
        if bytes < 2 * piece as u64 || beginning.starts_with(&[0x1f, 0x8b]) {
            return None;
        }
        // The header is read up to the first of two characters that end it.
        start += usize::from(beginning[..start].ends_with(b"\r") && there.starts_with(b"\n"));
        // A line end at the start of a piece would be taken for a part of the header's. And a table with
        // quotes mostly has them from the start; late ones are found by whoever reads the piece.
        if beginning[..start].ends_with(b"\r") || beginning.contains(&b'"') {
            return None;
        }
        let rest = beginning.split_off(start);
        let ended = false;
        Some(Cut { head: beginning, source, rest, piece, bytes, ended, failed: None })
    }

    fn next(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut piece = std::mem::take(&mut self.rest);
        while !self.ended {
            let before = piece.len();
            piece.reserve(self.piece);
            self.source.by_ref().take(self.piece as u64).read_to_end(&mut piece)?;
            self.ended = piece.len() == before;
            if piece.len() > LONGEST.max(8 * self.piece) {
                return Err(io::Error::other("lines do not end"));
            }
            if let Some(line) = piece[before..].iter().rposition(|byte| *byte == b'\n') {
                self.rest = piece.split_off(before + line + 1);
                return Ok(Some(piece));
            }
        }
        Ok(Some(piece).filter(|piece| !piece.is_empty()))
    }
}

/// Everything the rows of a table say that rank 0 has cut, there; `None` if they must be read in one go.
/// `hear` is told all bytes of the table in their order.
pub(super) fn read<R: Read + Send>(
    cut: Option<&mut Cut<'_, R>>,
    options: &SalesOptions,
    format: &DateFormat,
    (team, hear): (&Team, &(dyn Fn(Arc<Vec<u8>>) + Sync)),
) -> Option<(Ledger, Packed)> {
    let work = |head: &[u8], piece: &[u8]| {
        part(head, piece, options, format).map_or_else(Vec::new, Ledger::packed)
    };
    let Some(cut) = cut else {
        team.worked(None, work);
        return None;
    };
    let head = cut.head.clone();
    hear(Arc::new(head.clone()));
    let about = (cut.bytes as usize).div_ceil(cut.piece);
    let mut next = || match cut.next() {
        Ok(piece) => {
            let piece = Arc::new(piece?);
            hear(piece.clone());
            Some(piece)
        }
        Err(reason) => {
            cut.failed = Some(reason);
            None
        }
    };
    let parts = team.worked(Some(Pieces { head: &head, about, next: &mut next }), work);
    let is_refused = cut.failed.is_some() || parts.iter().any(Vec::is_empty);
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
        packed.begin(prices, all.lines, (rows as usize, rest.len()));
        for _ in 0..stretches {
            let item = items[number(&mut rest) as usize];
            let length = number(&mut rest) as usize;
            packed.push(item, take(&mut rest, length));
        }
        all.lines += lines;
    }
    (all, packed)
}
