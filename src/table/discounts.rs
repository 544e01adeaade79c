//! Discounts: what units of an item cost in larger orders, a row for each quantity.

use super::header::Column;
use super::reader::Reader;
use super::{Problem, Problems};

/// What the table says of an item's price from some quantity on.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscountRow {
    /// Line in the file.
    pub line: u64,
    /// Name of the item, byte for byte.
    pub item: String,
    /// The smallest order that has the price \[units\].
    pub from_units: f64,
    /// The price \[currency/unit\].
    pub unit_cost: f64,
    /// Whether it is that of the units beyond `from_units` only, not of the whole order.
    pub incremental: bool,
}

const ITEM: usize = 0;
const FROM_UNITS: usize = 1;
const UNIT_COST: usize = 2;
const KIND: usize = 3;

const COLUMNS: [Column; 4] = [
    Column { name: "item", aliases: &[], required: true },
    Column { name: "from_units", aliases: &[], required: true },
    Column { name: "unit_cost", aliases: &[], required: true },
    Column { name: "kind", aliases: &[], required: false },
];

/// Names of the kinds: of the whole order, and of the units beyond.
const KINDS: [&str; 2] = ["all-units", "incremental"];

/// Reads a table of discounts from the bytes of `file`, plain or gzipped, with this delimiter and decimal.
///
/// Returns them by item, then quantity, and what the user should know.
///
/// # Errors
///
/// Everything that is wrong with the table.
pub fn read_discounts(
    file: &str,
    bytes: &[u8],
    text: (u8, u8),
) -> Result<(Vec<DiscountRow>, Vec<String>), Problems> {
    let mut reader = Reader::open(file, bytes, &COLUMNS, None, text)?;
    let mut rows = Vec::new();
    while reader.advance() {
        rows.extend(row(&mut reader));
    }
    let notes = reader.unread();
    let mut problems = reader.problems;
    rows.sort_by(|left, right| {
        left.item.cmp(&right.item).then(left.from_units.total_cmp(&right.from_units))
    });
    for pair in rows.windows(2).filter(|pair| pair[0].item == pair[1].item) {
        if let Some((column, value, message)) = at_odds(&pair[0], &pair[1]) {
            let (file, column) = (file.to_owned(), COLUMNS[column].name.to_owned());
            problems.add(Problem { file, line: pair[1].line, column, value, message });
        }
    }
    if problems.is_empty() {
        Ok((rows, notes.into_iter().collect()))
    } else {
        Err(problems.in_order())
    }
}

/// The row at hand, if nothing is wrong with it.
fn row(reader: &mut Reader) -> Option<DiscountRow> {
    let item = reader.name(ITEM);
    let from_units = reader.needed(FROM_UNITS, |units| units > 0.0, "more than 0 [units]");
    let unit_cost = reader.needed(UNIT_COST, |cost| cost >= 0.0, "0 or more [currency/unit]");
    let incremental = kind(reader);
    Some(DiscountRow {
        line: reader.line(),
        item: item?,
        from_units: from_units?,
        unit_cost: unit_cost?,
        incremental: incremental?,
    })
}

/// Whether the price is that of the units beyond only; complains about what is no kind.
fn kind(reader: &mut Reader) -> Option<bool> {
    match reader.text(KIND).trim_ascii() {
        b"" | b"all-units" => Some(false),
        b"incremental" => Some(true),
        _ => {
            let [whole, beyond] = KINDS;
            reader.complain(
                KIND,
                format!(
                    "is not a kind of discount; write {whole} (the price holds for the whole \
                     order) or {beyond} (for the units beyond only)"
                ),
            );
            None
        }
    }
}

/// What keeps two prices of an item from standing together: a column of the second, its value, and why.
fn at_odds(first: &DiscountRow, second: &DiscountRow) -> Option<(usize, String, String)> {
    let (item, line) = (super::shown(&first.item), first.line);
    if first.from_units >= second.from_units {
        let message = format!("is that of line {line} for `{item}` too; remove one of the rows");
        return Some((FROM_UNITS, second.from_units.to_string(), message));
    }
    if first.unit_cost <= second.unit_cost {
        let message = format!(
            "is not below {}, which a unit of `{item}` costs from {} units on (line {line}); \
             larger orders must cost less a unit",
            first.unit_cost, first.from_units
        );
        return Some((UNIT_COST, second.unit_cost.to_string(), message));
    }
    (first.incremental != second.incremental).then(|| {
        let [this, other] = [second, first].map(|row| KINDS[usize::from(row.incremental)]);
        let message = format!(
            "is another kind than {other}, that of `{item}` in line {line}; write the same kind \
             for all discounts of an item"
        );
        (KIND, this.to_owned(), message)
    })
}
