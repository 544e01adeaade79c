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
