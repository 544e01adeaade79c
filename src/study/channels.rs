//! Sales channels: items that are sold from the stock of another.
//!
//! A channel has demand, a price and a cost of shortage of its own. All that is of the stock, from its
//! cost to its supplier, is that of the item that is stocked.

use scenarios::History;

use super::Study;
use super::stock::StockedItem;
use crate::table::items::{ItemRow, amounts};
use crate::table::{Problem, Problems, nearest, shown};

/// Columns that are a channel's own.
const OWN: [&str; 3] = ["price", "shortage_cost_per_unit", "waiting_cost_per_unit_period"];

/// Columns of stock that there is none of in a channel.
const STOCK: [&str; 3] = ["on_hand", "on_order", "safety_stock"];

/// Gives every channel among `rows`, which are in order of name, what is of the stock it is sold from.
///
/// # Errors
///
/// Every channel of an item that is none or a channel itself, and every value that contradicts that of the stock.
pub fn with_terms_of_stock(
    study: &Study,
    history: &History,
    rows: &mut [ItemRow],
) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for place in 0..rows.len() {
        let Some(name) = rows[place].stock_of.clone() else { continue };
        let line = rows[place].line;
        let mut refuse = |column: &str, value: String, message: String| {
            let (file, column) = (study.file.items.file.clone(), column.to_owned());
            problems.add(Problem { file, line, column, value, message });
        };
        match stocked(rows, place, &name) {
            Err(message) => refuse("stock_of", name, message),
            Ok(stock) => {
                let mut stock = rows[stock].clone();
                stock.unit_cost = study.unit_cost(history, &stock);
                for (column, value, message) in inherit(&mut rows[place], &mut stock) {
                    refuse(column, value, message);
                }
            }
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.in_order()) }
}

/// Place of the item called `name`, whose stock that at `place` is sold from.
fn stocked(rows: &[ItemRow], place: usize, name: &str) -> Result<usize, String> {
    let names = || rows.iter().map(|row| row.item.as_str());
    let Ok(stock) = rows.binary_search_by(|row| row.item.as_str().cmp(name)) else {
        let hint = match nearest(name, names().filter(|other| *other != rows[place].item)) {
            Some(near) => format!("did you mean `{}`?", shown(near)),
            None => "name the item whose stock it is sold from, or leave it empty".to_owned(),
        };
        return Err(format!("is not an item of this table; {hint}"));
    };
    if stock == place {
        let message = "is the item itself; leave it empty if it has a stock of its own, or name \
                       the item whose stock it is sold from";
        return Err(message.to_owned());
    }
    match &rows[stock].stock_of {
        None => Ok(stock),
        Some(other) => Err(format!(
            "is itself sold from the stock of `{}`; name an item that has a stock of its own",
            shown(other)
        )),
    }
}

/// Tells every channel among `items`, which are in order of name, the place of its stock.
pub(super) fn resolve(
    study: &Study,
    rows: &[ItemRow],
    items: &mut [StockedItem],
    problems: &mut Problems,
) {
    for row in rows {
        let Some(name) = &row.stock_of else { continue };
        let place = |name: &str| items.binary_search_by(|item| item.item.name.as_str().cmp(name));
        let Ok(channel) = place(&row.item) else { continue };
        let Ok(stock) = place(name) else {
            let message = "has no sales and is left out of the study, but its stock is what this \
                           item is sold from; give it a row of 0 units in the sales if it sells \
                           nothing itself, or leave stock_of empty";
            problems.add(Problem {
                file: study.file.items.file.clone(),
                line: row.line,
                column: "stock_of".to_owned(),
                value: name.clone(),
                message: message.to_owned(),
            });
            continue;
        };
        items[channel].stock_of = Some(stock);
    }
}

/// What is wrong with a value: its column, the value, and a message.
type Contradiction = (&'static str, String, String);

/// Fills what `channel` does not say with what is said of its stock.
fn inherit(channel: &mut ItemRow, stock: &mut ItemRow) -> Vec<Contradiction> {
    let name = shown(&stock.item);
    let mut wrong = Vec::new();
    for (column, cell) in amounts().filter(|(column, _)| !OWN.contains(column)) {
        let given = *cell(channel);
        if STOCK.contains(&column) {
            if let Some(value) = given.filter(|value| *value != 0.0) {
                let message = format!(
                    "is given, but the item is sold from the stock of `{name}`; give it there, and \
                     leave it empty here"
                );
                wrong.push((column, value.to_string(), message));
            }
            continue;
        }
        let theirs = *cell(stock);
        if let Some(value) = given.filter(|_| given != theirs) {
            wrong.push((column, value.to_string(), differs(&name, theirs)));
        }
        *cell(channel) = theirs;
    }
    if let Some(supplier) = channel.supplier.clone().filter(|_| channel.supplier != stock.supplier)
    {
        wrong.push(("supplier", supplier, differs(&name, stock.supplier.as_deref().map(shown))));
    }
    channel.supplier.clone_from(&stock.supplier);
    wrong
}

fn differs(name: &str, theirs: Option<impl std::fmt::Display>) -> String {
    let theirs = match theirs {
        Some(value) => format!("that of `{name}` is {value}"),
        None => format!("`{name}` has none"),
    };
    format!("differs from what holds for the stock it is sold from: {theirs}; leave it empty")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(item: &str, stock_of: Option<&str>) -> ItemRow {
        ItemRow { item: item.into(), stock_of: stock_of.map(str::to_owned), ..ItemRow::default() }
    }

    #[test]
    fn a_channel_is_sold_from_an_item_with_a_stock_of_its_own() {
        let rows = [row("a", None), row("b", Some("a")), row("c", Some("b"))];
        assert_eq!(stocked(&rows, 1, "a"), Ok(0));
        let refusal = |name: &str| stocked(&rows, 2, name).unwrap_err();
        assert!(refusal("b").starts_with("is itself sold from the stock of `a`"));
        assert!(refusal("c").starts_with("is the item itself"));
        assert!(refusal("stock").ends_with("it is sold from, or leave it empty"));
        let rows = [row("tea@north", None), row("web", None)];
        assert!(stocked(&rows, 1, "tea@norht").unwrap_err().ends_with("did you mean `tea@north`?"));
    }

    #[test]
    fn what_is_of_the_stock_is_inherited_and_nothing_else() {
        let mut stock = ItemRow {
            unit_cost: Some(5.0),
            price: Some(9.0),
            volume: Some(2.0),
            on_hand: Some(7.0),
            safety_stock: Some(3.0),
            supplier: Some("ACME".into()),
            ..row("a", None)
        };
        let mut channel = ItemRow { volume: Some(2.0), on_hand: Some(0.0), ..row("b", Some("a")) };
        assert_eq!(inherit(&mut channel, &mut stock), []);
        assert_eq!((channel.unit_cost, channel.price), (Some(5.0), None));
        assert_eq!((channel.on_hand, channel.safety_stock), (Some(0.0), None));
        assert_eq!(channel.supplier, stock.supplier);

        let given =
            ItemRow { volume: Some(1.0), weight: Some(1.0), on_order: Some(4.0), ..channel };
        let wrong = inherit(&mut given.clone(), &mut stock);
        let wrong: Vec<_> = wrong.iter().map(|(column, value, _)| (*column, &**value)).collect();
        assert_eq!(wrong, [("volume", "1"), ("on_order", "4"), ("weight", "1")]);
    }
}
