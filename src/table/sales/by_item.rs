//! The rows of a table, item by item: as they were read, or, of a large table, packed piece by piece.

use scenarios::Date;

use super::Duplicates;
use super::row::Row;
use super::stretch::unpack;

/// The rows of a table.
pub(super) enum Rows {
    /// As they were read.
    Plain(Vec<Row>),
    /// In little memory.
    Packed(Packed),
}

/// Rows that were read in pieces.
#[derive(Default)]
pub(super) struct Packed {
    pieces: Vec<Piece>,
    stretches: Vec<Stretch>,
    rows: usize,
}

/// A piece of the table, with the whole table's numbers of its prices, and how many lines are before it.
struct Piece {
    bytes: Vec<u8>,
    prices: Vec<u32>,
    lines_before: u64,
}

/// Rows of an item in a piece, and where they lie among its bytes.
#[derive(Clone, Copy)]
struct Stretch {
    item: u32,
    piece: u32,
    at: u32,
}

impl Packed {
    /// Adds a piece of so many rows behind those that are there; `stretches` are the items, and where in
    /// `bytes` their rows are.
    pub(super) fn push(
        &mut self,
        bytes: Vec<u8>,
        rows: usize,
        (prices, lines_before): (Vec<u32>, u64),
        stretches: impl Iterator<Item = (u32, u32)>,
    ) {
        let piece = self.pieces.len() as u32;
        self.stretches.extend(stretches.map(|(item, at)| Stretch { item, piece, at }));
        self.pieces.push(Piece { bytes, prices, lines_before });
        self.rows += rows;
    }
}

impl Rows {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        match self {
            Rows::Plain(rows) => rows.len(),
            Rows::Packed(packed) => packed.rows,
        }
    }

    /// Gives items other numbers.
    pub(super) fn renumber(&mut self, numbers: &[u32]) {
        let renumber = |item: &mut u32| *item = numbers[*item as usize];
        match self {
            Rows::Plain(rows) => rows.iter_mut().for_each(|row| renumber(&mut row.item)),
            Rows::Packed(packed) => {
                packed.stretches.iter_mut().for_each(|stretch| renumber(&mut stretch.item));
            }
        }
    }

    /// Sorts them by item and date, so that nothing depends on their order in the file.
    pub(super) fn sorted(mut self, duplicates: Duplicates) -> ByItem {
        match &mut self {
            Rows::Plain(rows) => sort(rows, duplicates),
            // Rows of an item are sorted when they are unpacked.
            Rows::Packed(packed) => {
                packed.stretches.sort_unstable_by_key(|stretch| (stretch.item, stretch.piece));
            }
        }
        ByItem { rows: self, duplicates, span: None, has_duplicates: false }.surveyed()
    }
}

/// The rows of a table, sorted by item and date.
pub(super) struct ByItem {
    rows: Rows,
    duplicates: Duplicates,
    span: Option<(Date, Date)>,
    has_duplicates: bool,
}

impl ByItem {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether an item has several rows on a day.
    pub(super) fn has_duplicates(&self) -> bool {
        self.has_duplicates
    }

    /// The first and the last date.
    pub(super) fn span(&self) -> Option<(Date, Date)> {
        self.span
    }

    /// Looks at all rows once.
    fn surveyed(mut self) -> ByItem {
        let mut span: Option<(Date, Date)> = None;
        let mut has_duplicates = false;
        self.each(|rows| {
            let (first, last) = (rows[0].date, rows[rows.len() - 1].date);
            let (opens, ends) = span.unwrap_or((first, last));
            span = Some((opens.min(first), ends.max(last)));
            has_duplicates |= rows.windows(2).any(|pair| pair[0].date == pair[1].date);
        });
        (self.span, self.has_duplicates) = (span, has_duplicates);
        self
    }

    /// Calls `hear` with the rows of each item.
    pub(super) fn each(&self, mut hear: impl FnMut(&[Row])) {
        match &self.rows {
            Rows::Plain(rows) => of_items(rows).for_each(hear),
            Rows::Packed(Packed { pieces, stretches, .. }) => {
                let mut rows = Vec::new();
                for stretches in stretches.chunk_by(|left, right| left.item == right.item) {
                    rows.clear();
                    for Stretch { item, piece, at } in stretches {
                        let piece = &pieces[*piece as usize];
                        let start = rows.len();
                        unpack(&piece.bytes[*at as usize..], *item, &mut rows);
                        let placed = rows[start..].iter_mut();
                        placed.for_each(|row| row.place(&piece.prices, piece.lines_before));
                    }
                    if stretches.len() > 1 || self.duplicates == Duplicates::Sum {
                        sort(&mut rows, self.duplicates);
                    }
                    hear(&rows);
                }
            }
        }
    }

    /// The numbers of the items that have rows, in order.
    pub(super) fn items(&self) -> Vec<u32> {
        match &self.rows {
            Rows::Plain(rows) => of_items(rows).map(|rows| rows[0].item).collect(),
            Rows::Packed(packed) => {
                let mut items: Vec<u32> =
                    packed.stretches.iter().map(|stretch| stretch.item).collect();
                items.dedup();
                items
            }
        }
    }

    /// All but the rows that are not to be kept, and these.
    pub(super) fn without(self, is_kept: impl Fn(&Row) -> bool) -> (ByItem, Vec<Row>) {
        let (mut kept, mut others) = (Vec::new(), Vec::new());
        self.each(|rows| {
            for row in rows {
                if is_kept(row) { kept.push(*row) } else { others.push(*row) }
            }
        });
        (ByItem { rows: Rows::Plain(kept), ..self }.surveyed(), others)
    }
}

/// Rows of one item each.
fn of_items(rows: &[Row]) -> impl Iterator<Item = &[Row]> {
    rows.chunk_by(|left, right| left.item == right.item)
}

/// Sorts rows by item and date, then by what decides among those of a day.
pub(super) fn sort(rows: &mut [Row], duplicates: Duplicates) {
    if duplicates == Duplicates::Sum {
        // Sums of fractions depend on their order: let the units decide it.
        rows.sort_unstable_by(|left, right| {
            let place = |row: &Row| (row.item, row.date);
            place(left).cmp(&place(right)).then(left.units.total_cmp(&right.units))
        });
    } else {
        rows.sort_unstable_by_key(|row| (row.item, row.date, row.line));
    }
}
