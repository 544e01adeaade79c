//! A large table read in pieces, by many threads and ranks.
//!
//! A piece is read as a table of its own. Where that could differ from the whole, or anything is wrong with
//! it, the whole table is read in one go instead, so that messages are the same for tables of all sizes.

use bytemuck::Pod;
use cluster::{Pieces, Team};

use super::row::Row;
use super::{COLUMNS, Ledger, SalesOptions};
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
) -> Option<Ledger> {
    let pieces = cut.map_or(Pieces::default(), |cut| Pieces {
        head: cut.head,
        text: cut.body,
        ends: &cut.ends,
    });
    let parts = team.worked(pieces, |head, piece| {
        part(head, piece, options, format).map_or_else(Vec::new, Ledger::packed)
    });
    let is_refused = parts.iter().any(Vec::is_empty);
    if parts.is_empty() || is_refused { None } else { merged(parts) }
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

/// Numbers in front of a packed ledger.
const COUNTS: usize = 10;

/// A packed ledger.
struct Part<'a> {
    /// Lines, rows of negative units, of 0 units on closed days, and of nothing left.
    lines: u64,
    dropped: u64,
    idle: u64,
    inferred: u64,
    located: bool,
    rows: &'a [u8],
    closed: &'a [u8],
    prices: Vec<f64>,
    names: Vec<&'a [u8]>,
}

impl Ledger {
    fn packed(self) -> Vec<u8> {
        let names = self.names.into_bytes();
        let lengths: Vec<u32> = names.iter().map(|name| name.len() as u32).collect();
        let names = names.concat();
        let counts: [usize; COUNTS] = [
            self.lines as usize,
            self.dropped,
            self.idle,
            self.inferred,
            usize::from(self.located),
            self.rows.len(),
            self.closed.len(),
            self.prices.len(),
            lengths.len(),
            names.len(),
        ];
        [
            bytemuck::cast_slice(&counts.map(|count| count as u64)),
            bytemuck::cast_slice(&self.rows),
            bytemuck::cast_slice(&self.closed),
            bytemuck::cast_slice(&self.prices),
            bytemuck::cast_slice(&lengths),
            &names[..],
        ]
        .concat()
    }
}

impl<'a> Part<'a> {
    /// `None` if these are not the bytes of one.
    fn unpacked(mut bytes: &'a [u8]) -> Option<Part<'a>> {
        let mut take = |count: u64, size: usize| {
            let (taken, rest) = bytes.split_at_checked(count as usize * size)?;
            bytes = rest;
            Some(taken)
        };
        let counts: [u64; COUNTS] = bytemuck::pod_read_unaligned(take(COUNTS as u64, 8)?);
        let [lines, dropped, idle, inferred, located, rows, closed, prices, lengths, names] =
            counts;
        let rows = take(rows, size_of::<Row>())?;
        let closed = take(closed, size_of::<Row>())?;
        let prices = bytemuck::allocation::pod_collect_to_vec(take(prices, 8)?);
        let lengths: Vec<u32> = bytemuck::allocation::pod_collect_to_vec(take(lengths, 4)?);
        let mut rest = take(names, 1)?;
        let mut names = Vec::with_capacity(lengths.len());
        for length in lengths {
            let (name, others) = rest.split_at_checked(length as usize)?;
            names.push(name);
            rest = others;
        }
        let located = located == 1;
        Some(Part { lines, dropped, idle, inferred, located, rows, closed, prices, names })
    }
}

/// The ledger of the whole table: names and prices are numbered in order of first appearance.
fn merged(parts: Vec<Vec<u8>>) -> Option<Ledger> {
    let mut all = Ledger::default();
    let rows_at_most = parts.iter().map(|bytes| bytes.len() / size_of::<Row>()).sum();
    all.rows.reserve_exact(rows_at_most);
    // Each is freed before the next is looked at.
    for bytes in parts {
        let part = Part::unpacked(&bytes)?;
        let items: Vec<u32> = part.names.iter().map(|name| all.names.number(name).0).collect();
        let prices: Vec<u32> = part.prices.iter().map(|price| all.price_number(*price)).collect();
        let before = all.lines;
        let placed = |row: Row| row.placed(&items, &prices, before);
        all.rows.extend(rows(part.rows).map(placed));
        // Rows on closed days have no line, and no price.
        all.closed.extend(rows(part.closed).map(|row: Row| row.placed(&items, &prices, 0)));
        all.lines += part.lines;
        all.dropped += part.dropped as usize;
        all.idle += part.idle as usize;
        all.inferred += part.inferred as usize;
        all.located |= part.located;
    }
    Some(all)
}

/// Rows as they travelled, wherever they lie.
fn rows<T: Pod>(bytes: &[u8]) -> impl Iterator<Item = T> {
    bytes.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned)
}
