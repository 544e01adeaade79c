//! The rows of a table, item by item: as they were read, or, of a large table, packed piece by piece.

use scenarios::Date;

use super::Duplicates;
use super::row::Row;
use super::stretch::{days, unpack};

/// The rows of a table.
pub(super) enum Rows {
    /// As they were read.
    Plain(Vec<Row>),
    /// In little memory, if the table is sorted by item; in no more than the others if it is not.
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
    /// Begins a piece behind those that are there, of so many rows and bytes.
    pub(super) fn begin(
        &mut self,
        prices: Vec<u32>,
        lines_before: u64,
        (rows, bytes): (usize, usize),
    ) {
        self.pieces.push(Piece { bytes: Vec::with_capacity(bytes), prices, lines_before });
        self.rows += rows;
    }

    /// Adds packed rows of an item to the last piece. Pieces are far below 4 GiB.
    pub(super) fn push(&mut self, item: u32, packed: &[u8]) {
        let number = self.pieces.len() - 1;
        let piece = &mut self.pieces[number];
        self.stretches.push(Stretch { item, piece: number as u32, at: piece.bytes.len() as u32 });
        piece.bytes.extend_from_slice(packed);
    }

    /// Those of each item, once they are sorted.
    fn of_items(&self) -> impl Iterator<Item = &[Stretch]> {
        self.stretches.chunk_by(|left, right| left.item == right.item)
    }

    /// The bytes from the beginning of a stretch on.
    fn bytes(&self, Stretch { piece, at, .. }: Stretch) -> &[u8] {
        &self.pieces[piece as usize].bytes[at as usize..]
    }

    /// The rows of an item.
    fn unpack(&self, stretches: &[Stretch], duplicates: Duplicates, rows: &mut Vec<Row>) {
        rows.clear();
        for stretch in stretches {
            let start = rows.len();
            unpack(self.bytes(*stretch), stretch.item, rows);
            let piece = &self.pieces[stretch.piece as usize];
            rows[start..].iter_mut().for_each(|row| row.place(&piece.prices, piece.lines_before));
        }
        if stretches.len() > 1 || duplicates == Duplicates::Sum {
            sort(rows, duplicates);
        }
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
        ByItem { survey: Survey::of(&self, duplicates), rows: self, duplicates }
    }
}

/// The rows of a table, sorted by item and date.
pub(super) struct ByItem {
    rows: Rows,
    duplicates: Duplicates,
    survey: Survey,
}

/// What is known of all rows.
#[derive(Default)]
struct Survey {
    span: Option<(Date, Date)>,
    has_duplicates: bool,
}

impl Survey {
    fn of(rows: &Rows, duplicates: Duplicates) -> Survey {
        let mut survey = Survey::default();
        match rows {
            Rows::Plain(rows) => of_items(rows).for_each(|rows| survey.rows(rows)),
            Rows::Packed(packed) => {
                let mut rows = Vec::new();
                for stretches in packed.of_items() {
                    let days = match stretches {
                        [stretch] => days(packed.bytes(*stretch)),
                        _ => None,
                    };
                    if let Some((first, last)) = days {
                        survey.days(first, last);
                    } else {
                        packed.unpack(stretches, duplicates, &mut rows);
                        survey.rows(&rows);
                    }
                }
            }
        }
        survey
    }

    fn rows(&mut self, rows: &[Row]) {
        self.days(rows[0].date, rows[rows.len() - 1].date);
        self.has_duplicates |= rows.windows(2).any(|pair| pair[0].date == pair[1].date);
    }

    fn days(&mut self, first: Date, last: Date) {
        let (opens, ends) = self.span.unwrap_or((first, last));
        self.span = Some((opens.min(first), ends.max(last)));
    }
}

impl ByItem {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether an item has several rows on a day.
    pub(super) fn has_duplicates(&self) -> bool {
        self.survey.has_duplicates
    }

    /// The first and the last date.
    pub(super) fn span(&self) -> Option<(Date, Date)> {
        self.survey.span
    }

    /// Calls `hear` with the rows of each item.
    pub(super) fn each(&self, mut hear: impl FnMut(&[Row])) {
        match &self.rows {
            Rows::Plain(rows) => of_items(rows).for_each(hear),
            Rows::Packed(packed) => {
                let mut rows = Vec::new();
                for stretches in packed.of_items() {
                    packed.unpack(stretches, self.duplicates, &mut rows);
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
        self.each(|rows| others.extend(rows.iter().filter(|row| !is_kept(row))));
        match self.rows {
            Rows::Plain(rows) => {
                kept = rows;
                kept.retain(is_kept);
            }
            Rows::Packed(_) => {
                kept.reserve_exact(self.len() - others.len());
                self.each(|rows| kept.extend(rows.iter().filter(|row| is_kept(row))));
            }
        }
        (Rows::Plain(kept).sorted(self.duplicates), others)
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
