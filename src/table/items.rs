//! Items: one row each, with what it costs to buy, keep and miss.

use std::collections::{BTreeMap, HashMap};

use super::header::Column;
use super::reader::Reader;
use super::{Problems, counted, listed, names, shown};

mod matching;

pub use matching::match_items;

/// How a table of items is to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemOptions {
    /// The file's names of our columns: ours = theirs.
    pub columns: BTreeMap<String, String>,
    /// The character between fields.
    pub delimiter: u8,
    /// The character before decimals.
    pub decimal: u8,
}

impl Default for ItemOptions {
    fn default() -> ItemOptions {
        ItemOptions { columns: BTreeMap::new(), delimiter: b',', decimal: b'.' }
    }
}

/// What the table says about an item; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ItemRow {
    /// Line in the file.
    pub line: u64,
    /// Name, byte for byte.
    pub item: String,
    /// What one unit costs \[currency/unit\].
    pub unit_cost: Option<f64>,
    /// What one unit sells for \[currency/unit\].
    pub price: Option<f64>,
    /// From order to arrival \[periods\].
    pub lead_time_periods: Option<f64>,
    /// Standard deviation of that \[periods\].
    pub lead_time_deviation_periods: Option<f64>,
    /// Periods in which a unit can be sold, the one of its arrival included.
    pub shelf_life_periods: Option<f64>,
    /// What one order costs \[currency/order\].
    pub order_cost: Option<f64>,
    /// What keeping one unit costs \[currency/unit/period\].
    pub holding_cost_per_unit_period: Option<f64>,
    /// The same as a share of unit cost \[1/year\].
    pub holding_rate_per_year: Option<f64>,
    /// What missing one unit costs \[currency/unit\].
    pub shortage_cost_per_unit: Option<f64>,
    /// Least quantity of an order \[units\].
    pub minimum_order: Option<f64>,
    /// Orders are multiples of this \[units\].
    pub order_multiple: Option<f64>,
    /// Largest quantity of an order \[units\].
    pub maximum_order: Option<f64>,
    /// What a unit of demand that waits costs, where some is lost and some waits
    /// \[currency/unit/period\].
    pub waiting_cost_per_unit_period: Option<f64>,
    /// Room one unit takes \[volume/unit\].
    pub volume: Option<f64>,
    /// Stock at the start \[units\]; negative if customers wait.
    pub on_hand: Option<f64>,
    /// Ordered and not yet arrived at the start \[units\].
    pub on_order: Option<f64>,
    /// What one unit weighs \[weight/unit\].
    pub weight: Option<f64>,
    /// What making one unit takes \[time/unit\].
    pub unit_time: Option<f64>,
    /// What preparing for an order takes \[time/order\].
    pub set_up_time: Option<f64>,
    /// Least expected stock at the end of a period \[units\].
    pub safety_stock: Option<f64>,
    /// The item whose stock it is sold from, if it is a sales channel of it.
    pub stock_of: Option<String>,
    /// Who delivers it.
    pub supplier: Option<String>,
    /// What it is sold as.
    pub category: Option<String>,
}

/// A number of a row.
pub(crate) type Cell = fn(&mut ItemRow) -> &mut Option<f64>;

/// A column of numbers: where its value goes, and what it may be.
struct Amount {
    name: &'static str,
    place: Cell,
    fits: fn(f64) -> bool,
    /// What it may be, and in what unit, to be said after `must be`.
    range: &'static str,
}

const AMOUNTS: [Amount; 20] = [
    Amount {
        name: "unit_cost",
        place: |row| &mut row.unit_cost,
        fits: |value| value >= 0.0,
        range: "0 or more [currency/unit]",
    },
    Amount {
        name: "price",
        place: |row| &mut row.price,
        fits: |value| value >= 0.0,
        range: "0 or more [currency/unit]",
    },
    Amount {
        name: "lead_time_periods",
        place: |row| &mut row.lead_time_periods,
        fits: |value| (0.0..=10_000.0).contains(&value) && value.fract() == 0.0,
        range: "a whole number of periods from 0 to 10000",
    },
    Amount {
        name: "lead_time_deviation_periods",
        place: |row| &mut row.lead_time_deviation_periods,
        fits: |value| (0.0..=1_000.0).contains(&value),
        range: "a number of periods from 0 to 1000",
    },
    Amount {
        name: "shelf_life_periods",
        place: |row| &mut row.shelf_life_periods,
        fits: |value| (1.0..=10_000.0).contains(&value) && value.fract() == 0.0,
        range: "a whole number of periods from 1 to 10000, the one of arrival included",
    },
    Amount {
        name: "order_cost",
        place: |row| &mut row.order_cost,
        fits: |value| value >= 0.0,
        range: "0 or more [currency/order]",
    },
    Amount {
        name: "holding_cost_per_unit_period",
        place: |row| &mut row.holding_cost_per_unit_period,
        fits: |value| value >= 0.0,
        range: "0 or more [currency/unit/period]",
    },
    Amount {
        name: "holding_rate_per_year",
        place: |row| &mut row.holding_rate_per_year,
        fits: |value| (0.0..=10.0).contains(&value),
        range: "a share of unit cost per year from 0 to 10; is this per cent? 25 % is 0.25",
    },
    Amount {
        name: "shortage_cost_per_unit",
        place: |row| &mut row.shortage_cost_per_unit,
        fits: |value| value >= 0.0,
        range: "0 or more [currency/unit]",
    },
    Amount {
        name: "minimum_order",
        place: |row| &mut row.minimum_order,
        fits: |value| value >= 0.0,
        range: "0 or more [units]",
    },
    Amount {
        name: "order_multiple",
        place: |row| &mut row.order_multiple,
        fits: |value| value > 0.0,
        range: "more than 0 [units]; leave it empty if any quantity can be ordered",
    },
    Amount {
        name: "maximum_order",
        place: |row| &mut row.maximum_order,
        fits: |value| value > 0.0,
        range: "more than 0 [units]; leave it empty if any quantity can be ordered",
    },
    Amount {
        name: "waiting_cost_per_unit_period",
        place: |row| &mut row.waiting_cost_per_unit_period,
        fits: |value| value >= 0.0,
        range: "0 or more [currency/unit/period]",
    },
    Amount {
        name: "volume",
        place: |row| &mut row.volume,
        fits: |value| value >= 0.0,
        range: "0 or more [volume/unit]",
    },
    Amount {
        name: "on_hand",
        place: |row| &mut row.on_hand,
        fits: |_| true,
        range: "a number [units]",
    },
    Amount {
        name: "on_order",
        place: |row| &mut row.on_order,
        fits: |value| value >= 0.0,
        range: "0 or more [units]",
    },
    Amount {
        name: "weight",
        place: |row| &mut row.weight,
        fits: |value| value >= 0.0,
        range: "0 or more [weight/unit]",
    },
    Amount {
        name: "unit_time",
        place: |row| &mut row.unit_time,
        fits: |value| value >= 0.0,
        range: "0 or more [time/unit]",
    },
    Amount {
        name: "set_up_time",
        place: |row| &mut row.set_up_time,
        fits: |value| value >= 0.0,
        range: "0 or more [time/order]",
    },
    Amount {
        name: "safety_stock",
        place: |row| &mut row.safety_stock,
        fits: |value| value >= 0.0,
        range: "0 or more [units]",
    },
];

const ITEM: usize = AMOUNTS.len();
const SUPPLIER: usize = ITEM + 1;
const CATEGORY: usize = ITEM + 2;
const STOCK_OF: usize = ITEM + 3;

/// Our columns: the amounts, then what is text.
fn columns() -> Vec<Column> {
    let optional = |name| Column { name, aliases: &[], required: false };
    let mut columns: Vec<Column> = AMOUNTS.iter().map(|amount| optional(amount.name)).collect();
    columns.push(Column { name: "item", aliases: &["sku", "unique_id"], required: true });
    columns.extend([optional("supplier"), optional("category"), optional("stock_of")]);
    columns
}

/// Reads a table of items from the bytes of `file`, plain or gzipped.
///
/// Returns the items in order of their bytes, and what the user should know.
///
/// # Errors
///
/// Everything that is wrong with the table.
pub fn read_items(
    file: &str,
    bytes: &[u8],
    options: &ItemOptions,
) -> Result<(Vec<ItemRow>, Vec<String>), Problems> {
    let text = (options.delimiter, options.decimal);
    let mut reader = Reader::open(file, bytes, &columns(), Some(&options.columns), text)?;
    let mut items = Vec::new();
    let mut lines: HashMap<String, u64> = HashMap::new();
    while reader.advance() {
        let row = item(&mut reader);
        if let Some(before) = lines.get(&row.item).filter(|_| !row.item.is_empty()) {
            reader.complain(
                ITEM,
                format!("has another row, in line {before}; an item has one: remove the other"),
            );
            continue;
        }
        lines.insert(row.item.clone(), row.line);
        items.push(row);
    }
    let notes = reader.unread();
    if !reader.problems.is_empty() {
        return Err(reader.problems);
    }
    items.sort_unstable_by(|left, right| left.item.cmp(&right.item));
    let mut notes: Vec<String> = notes.into_iter().collect();
    notes.extend(implausible(file, &items));
    notes.extend(names::notes(file, items.iter().map(|row| row.item.as_str())));
    Ok((items, notes))
}

/// The row at hand, as far as nothing is wrong with it.
fn item(reader: &mut Reader) -> ItemRow {
    let mut row = ItemRow { line: reader.line(), ..ItemRow::default() };
    row.item = reader.name(ITEM).unwrap_or_default();
    for (column, amount) in AMOUNTS.iter().enumerate() {
        *(amount.place)(&mut row) = reader.amount(column, amount.fits, amount.range);
    }
    if row.holding_cost_per_unit_period.is_some() && row.holding_rate_per_year.is_some() {
        reader.complain(
            ITEM,
            "has both holding_cost_per_unit_period and holding_rate_per_year; leave one of them \
             empty",
        );
    }
    row.supplier = name(reader, SUPPLIER);
    row.category = name(reader, CATEGORY);
    row.stock_of = name(reader, STOCK_OF);
    row
}

/// Columns of numbers, each with the cell of a row that it fills.
pub(crate) fn amounts() -> impl Iterator<Item = (&'static str, Cell)> {
    AMOUNTS.iter().map(|amount| (amount.name, amount.place))
}

fn name(reader: &mut Reader, column: usize) -> Option<String> {
    let text = reader.text(column);
    if text.trim_ascii().is_empty() { None } else { reader.name(column) }
}

/// Notes on values that are possible but odd.
fn implausible(file: &str, items: &[ItemRow]) -> Vec<String> {
    let file = shown(file);
    let mut notes = Vec::new();
    let mut note = |message: &str, odd: fn(&ItemRow) -> bool| {
        let names: Vec<&str> =
            items.iter().filter(|row| odd(row)).map(|row| row.item.as_str()).collect();
        if !names.is_empty() {
            let count = counted(names.len(), "item", "items");
            notes.push(format!("{file}: {message}: {count}, {}", listed(names, 5)));
        }
    };
    note("holding_rate_per_year above 2 (is this per cent? 25 % is 0.25)", |row| {
        row.holding_rate_per_year.is_some_and(|rate| rate > 2.0)
    });
    note("price below unit_cost", |row| {
        row.price.zip(row.unit_cost).is_some_and(|(price, cost)| price < cost)
    });
    note("lead_time_periods above 400 (are these days of a longer period?)", |row| {
        row.lead_time_periods.is_some_and(|periods| periods > 400.0)
    });
    notes
}

#[cfg(test)]
mod tests;
