//! Transfers: ways on which goods of one item become goods of another, a row each.

use std::collections::HashMap;

use super::header::Column;
use super::reader::Reader;
use super::{Problems, shown};

/// What the table says of a way.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferRow {
    /// Line in the file.
    pub line: u64,
    /// Name of the item whose goods leave, byte for byte.
    pub from: String,
    /// Name of the item whose goods arrive, byte for byte.
    pub to: String,
    /// From leaving to arrival \[periods\].
    pub lead_time_periods: usize,
    /// Cost of a unit \[currency/unit\].
    pub cost_per_unit: f64,
    /// Cost of a shipment, whatever its size \[currency/shipment\].
    pub cost_per_shipment: f64,
}

const FROM: usize = 0;
const TO: usize = 1;
const LEAD_TIME: usize = 2;
const PER_UNIT: usize = 3;
const PER_SHIPMENT: usize = 4;

const COLUMNS: [Column; 5] = [
    Column { name: "item_from", aliases: &[], required: true },
    Column { name: "item_to", aliases: &[], required: true },
    Column { name: "lead_time_periods", aliases: &[], required: false },
    Column { name: "cost_per_unit", aliases: &[], required: false },
    Column { name: "cost_per_shipment", aliases: &[], required: false },
];

/// Reads a table of transfers from the bytes of `file`, plain or gzipped, with this delimiter and decimal.
///
/// Returns them as they stand in the file, and what the user should know.
///
/// # Errors
///
/// Everything that is wrong with the table.
pub fn read_transfers(
    file: &str,
    bytes: &[u8],
    text: (u8, u8),
) -> Result<(Vec<TransferRow>, Vec<String>), Problems> {
    let mut reader = Reader::open(file, bytes, &COLUMNS, None, text)?;
    let mut rows = Vec::new();
    let mut lines: HashMap<(String, String), u64> = HashMap::new();
    while reader.advance() {
        let Some(row) = row(&mut reader) else { continue };
        let way = (row.from.clone(), row.to.clone());
        if let Some(before) = lines.get(&way) {
            let message = format!(
                "has another row from `{}`, in line {before}; a way has one: remove the other",
                shown(&row.from)
            );
            reader.complain(TO, message);
            continue;
        }
        lines.insert(way, row.line);
        rows.push(row);
    }
    let notes = reader.unread();
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    Ok((rows, notes.into_iter().collect()))
}

/// The row at hand, if nothing is wrong with it.
fn row(reader: &mut Reader) -> Option<TransferRow> {
    let (from, to) = (reader.name(FROM), reader.name(TO));
    let whole = |periods: f64| (0.0..=10_000.0).contains(&periods) && periods.fract() == 0.0;
    let mut amount = |column, fits: fn(f64) -> bool, range| {
        let problems = reader.problems.count;
        let value = reader.amount(column, fits, range).unwrap_or(0.0);
        (reader.problems.count == problems).then_some(value)
    };
    let lead_time = amount(LEAD_TIME, whole, "a whole number of periods from 0 to 10000");
    let per_unit = amount(PER_UNIT, |cost| cost >= 0.0, "0 or more [currency/unit]");
    let per_shipment = amount(PER_SHIPMENT, |cost| cost >= 0.0, "0 or more [currency/shipment]");
    let (from, to) = (from?, to?);
    if from == to {
        reader.complain(TO, "is where the goods are already; name another item, or remove the row");
        return None;
    }
    Some(TransferRow {
        line: reader.line(),
        from,
        to,
        lead_time_periods: lead_time? as usize,
        cost_per_unit: per_unit?,
        cost_per_shipment: per_shipment?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::sales::tests::Dice;

    fn read(table: &str) -> Result<Vec<TransferRow>, String> {
        let read = read_transfers("t.csv", table.as_bytes(), (b';', b','));
        read.map(|(rows, _)| rows).map_err(|problems| problems.to_string())
    }

    #[test]
    fn what_is_not_said_is_nothing() {
        let row = |line, from: &str, to: &str| TransferRow {
            line,
            from: from.into(),
            to: to.into(),
            lead_time_periods: 0,
            cost_per_unit: 0.0,
            cost_per_shipment: 0.0,
        };
        let back = TransferRow { lead_time_periods: 3, cost_per_unit: 0.5, ..row(3, "b", "a") };
        let table = "item_to;item_from;lead_time_periods;cost_per_unit\nb;a;;\na;b;3;0,5\n";
        assert_eq!(read(table), Ok(vec![row(2, "a", "b"), back]));
        assert_eq!(read("item_from;item_to\na;b\n"), Ok(vec![row(2, "a", "b")]));
    }

    #[test]
    fn a_way_leads_elsewhere_and_has_one_row() {
        let refusal = |rows: &str| {
            let columns = "item_from;item_to;lead_time_periods;cost_per_unit;cost_per_shipment";
            read(&format!("{columns}\n{rows}")).unwrap_err()
        };
        assert_eq!(
            refusal("a;a;;;\n"),
            "t.csv:2:item_to: `a` is where the goods are already; name another item, or remove \
             the row"
        );
        assert_eq!(
            refusal("a;b;;;\nb;a;;;\na;b;;;\n"),
            "t.csv:4:item_to: `b` has another row from `a`, in line 2; a way has one: remove the \
             other"
        );
        let message = refusal("a;b;1,5;-1;x\n;b;;;\n");
        for expected in [
            "t.csv:2:lead_time_periods: `1,5` is refused: it must be a whole number of periods \
             from 0 to 10000\n",
            "t.csv:2:cost_per_unit: `-1` is refused: it must be 0 or more [currency/unit]\n",
            "t.csv:2:cost_per_shipment: `x` is not a number",
            "t.csv:3:item_from: is empty; a name is needed",
        ] {
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused() {
        let table = b"item_from,item_to,lead_time_periods\n\"a\"\"b\",B,2\nB,c,\n";
        let mut dice = Dice::new(7);
        for _ in 0..4_000 {
            let bytes = dice.mutated(table);
            if let Err(problems) = read_transfers("t\u{1b}.csv", &bytes, (b',', b'.')) {
                let text = problems.to_string();
                assert!(problems.count > 0 && !text.contains(['\u{1b}', '\0', '\r']), "{text:?}");
            }
        }
    }
}
