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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::decode::tests::packed;
    use crate::table::sales::tests::Dice;

    fn read(table: &str) -> Result<(Vec<DiscountRow>, Vec<String>), String> {
        let read = |bytes: &[u8]| {
            read_discounts("d.csv", bytes, (b',', b'.')).map_err(|problems| problems.to_string())
        };
        let plain = read(table.as_bytes());
        assert_eq!(plain, read(&packed(table.as_bytes())));
        plain
    }

    #[test]
    fn discounts_are_sorted_by_item_and_quantity() {
        let table = "kind,item,from_units,unit_cost,colour\nall-units,b,50,1,\n,a,9,0,\n\
                     ,b,7.5,2,\nincremental,c,3,1,\n";
        let row = |line, item: &str, from_units, unit_cost, incremental| DiscountRow {
            line,
            item: item.into(),
            from_units,
            unit_cost,
            incremental,
        };
        let rows = vec![
            row(3, "a", 9.0, 0.0, false),
            row(4, "b", 7.5, 2.0, false),
            row(2, "b", 50.0, 1.0, false),
            row(5, "c", 3.0, 1.0, true),
        ];
        assert_eq!(read(table), Ok((rows, vec!["d.csv: columns not read: `colour`".to_owned()])));
    }

    #[test]
    fn every_value_is_bounded() {
        for (row, expected) in [
            ("a,0,1,", "from_units: `0` is refused: it must be more than 0 [units]"),
            ("a,,1,", "from_units: is empty; it must be more than 0 [units]"),
            ("a,1,-1,", "unit_cost: `-1` is refused: it must be 0 or more [currency/unit]"),
            ("a,2e12,1,", "from_units: `2e12` is more than 1e12; is it mistyped?"),
            (",2,1,", "item: is empty; a name is needed"),
            (
                "a,2,1,whole",
                "kind: `whole` is not a kind of discount; write all-units (the price holds for \
                 the whole order) or incremental (for the units beyond only)",
            ),
        ] {
            let message = read(&format!("item,from_units,unit_cost,kind\n{row}\n")).unwrap_err();
            assert_eq!(message, format!("d.csv:2:{expected}"));
        }
    }

    #[test]
    fn larger_orders_cost_less_a_unit() {
        let refusal =
            |rows: &str| read(&format!("item,from_units,unit_cost,kind\n{rows}")).unwrap_err();
        assert_eq!(
            refusal("a,20,3,\na,10,3,\n"),
            "d.csv:2:unit_cost: `3` is not below 3, which a unit of `a` costs from 10 units on \
             (line 3); larger orders must cost less a unit"
        );
        assert_eq!(
            refusal("a,20,3,\na,20,2,\n"),
            "d.csv:3:from_units: `20` is that of line 2 for `a` too; remove one of the rows"
        );
        assert_eq!(
            refusal("a,20,3,\na,30,2,incremental\n"),
            "d.csv:3:kind: `incremental` is another kind than all-units, that of `a` in line 2; \
             write the same kind for all discounts of an item"
        );
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        let table = b"item,from_units,unit_cost,kind\n\"a\"\"b\",1.5,2,\nB,7,3,incremental\n";
        let mut dice = Dice::new(5);
        for _ in 0..4_000 {
            let bytes = dice.mutated(table);
            if let Err(problems) = read_discounts("d\u{1b}.csv", &bytes, (b',', b'.')) {
                let text = problems.to_string();
                assert!(problems.count > 0 && !text.contains(['\u{1b}', '\0', '\r']), "{text:?}");
            }
        }
    }
}
