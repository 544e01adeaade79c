use cluster::Team;
use scenarios::History;

use super::*;
use crate::table::decode::tests::packed;
use crate::table::sales::tests::Dice;
use crate::table::sales::{SalesOptions, read_sales};

fn read(table: &str) -> Result<(Vec<ItemRow>, Vec<String>), String> {
    let read = |bytes: &[u8]| {
        read_items("items.csv", bytes, &ItemOptions::default())
            .map_err(|problems| problems.to_string())
    };
    let plain = read(table.as_bytes());
    assert_eq!(plain, read(&packed(table.as_bytes())));
    plain
}

fn refusal(table: &str) -> String {
    read(table).expect_err("refused")
}

#[test]
fn items_are_sorted_and_empty_values_are_none() {
    let table = "supplier,item,unit_cost,lead_time_periods,on_hand,category\n\
                 acme,b,1.5,0,-2,\n\
                 ,00123,,10,,toys\n";
    let (items, notes) = read(table).expect("valid");
    let first = ItemRow {
        line: 3,
        item: "00123".into(),
        lead_time_periods: Some(10.0),
        category: Some("toys".into()),
        ..ItemRow::default()
    };
    let second = ItemRow {
        line: 2,
        item: "b".into(),
        unit_cost: Some(1.5),
        lead_time_periods: Some(0.0),
        on_hand: Some(-2.0),
        supplier: Some("acme".into()),
        ..ItemRow::default()
    };
    assert_eq!((items, notes), (vec![first, second], vec![]));
}

#[test]
fn every_column_is_mapped_and_bounded() {
    for (column, value, expected) in [
        ("unit_cost", "-1", "is refused: it must be 0 or more [currency/unit]"),
        ("price", "-0.01", "is refused: it must be 0 or more [currency/unit]"),
        ("price", "1e13", "is more than 1e12; is it mistyped?"),
        (
            "lead_time_periods",
            "2.5",
            "is refused: it must be a whole number of periods from 0 to 10000",
        ),
        (
            "lead_time_periods",
            "-1",
            "is refused: it must be a whole number of periods from 0 to 10000",
        ),
        (
            "lead_time_periods",
            "10001",
            "is refused: it must be a whole number of periods from 0 to 10000",
        ),
        ("order_cost", "-5", "is refused: it must be 0 or more [currency/order]"),
        (
            "holding_cost_per_unit_period",
            "-1",
            "is refused: it must be 0 or more [currency/unit/period]",
        ),
        (
            "holding_rate_per_year",
            "25",
            "is refused: it must be a share of unit cost per year from 0 to 10; is this per cent? \
             25 % is 0.25",
        ),
        ("holding_rate_per_year", "25%", "is not a number; write per cent as a share, not `25%`"),
        ("shortage_cost_per_unit", "nan", "is not a finite number; leave it empty"),
        ("minimum_order", "-1", "is refused: it must be 0 or more [units]"),
        (
            "order_multiple",
            "0",
            "is refused: it must be more than 0 [units]; leave it empty if any quantity can be \
             ordered",
        ),
        ("volume", "-1", "is refused: it must be 0 or more [volume/unit]"),
        ("on_hand", "1e400", "is too large to be a finite number; is it mistyped?"),
        ("on_order", "-1", "is refused: it must be 0 or more [units]"),
        ("supplier", "a\u{1b}", "has a control character, which no name may have; remove it"),
    ] {
        let message = refusal(&format!("item,{column}\nA,{value}\n"));
        let value = shown(value);
        assert_eq!(message, format!("items.csv:2:{column}: `{value}` {expected}"));
    }
    for (column, amount) in AMOUNTS.iter().enumerate() {
        let (items, _) = read(&format!("item,{}\nA,{}\n", amount.name, column + 1)).expect("valid");
        let mut row = ItemRow { line: 2, item: "A".into(), ..ItemRow::default() };
        *(amount.place)(&mut row) = Some((column + 1) as f64);
        assert_eq!(items, [row], "{}", amount.name);
    }
}

#[test]
fn an_item_has_one_row_and_a_name() {
    let message = refusal("item,price\nA,1\n,2\nA,3\n \n");
    let expected = "items.csv:3:item: is empty; a name is needed\n\
                    items.csv:4:item: `A` has another row, in line 2; an item has one: remove the \
                    other\n\
                    items.csv:5: the row has 1 field, but the header has 2; is the line cut off?";
    assert_eq!(message, expected);
    assert_eq!(refusal("item,price\n"), "items.csv: has a header but no data rows");
    assert_eq!(refusal(""), "items.csv: is empty: no data rows, and no header such as `item`");
}

#[test]
fn one_cost_of_holding_is_enough() {
    let message = refusal("item,holding_cost_per_unit_period,holding_rate_per_year\nA,1,0.2\n");
    assert!(
        message.starts_with("items.csv:2:item: `A` has both holding_cost_per_unit_period and"),
        "{message}"
    );
}

#[test]
fn odd_values_are_noted() {
    let (_, notes) =
        read("item,holding_rate_per_year,price,unit_cost,color\na,3,1,2,x\nA,0.2,3,2,x\n")
            .expect("valid");
    assert_eq!(
        notes,
        [
            "items.csv: columns not read: `color`",
            "items.csv: holding_rate_per_year above 2 (is this per cent? 25 % is 0.25): 1 item, \
             `a`",
            "items.csv: price below unit_cost: 1 item, `a`",
            "items.csv: items that differ only in case, blanks or invisible characters: `A` and \
             `a`",
        ]
    );
}

#[test]
fn decimal_commas_and_other_delimiters_are_read_when_told() {
    let options = ItemOptions {
        columns: [("item".to_string(), "Artikel".to_string())].into(),
        delimiter: b';',
        decimal: b',',
    };
    let (items, _) = read_items("i.csv", b"Artikel;price\nA;1,5\n", &options).expect("valid");
    assert_eq!(items[0].price, Some(1.5));
}

fn sold(items: &[&str]) -> History {
    let rows: Vec<_> = items.iter().map(|item| format!("2024-01-01,{item},1\n")).collect();
    let table = format!("date,item,units\n{}", rows.concat());
    let team = Team::solo(1).expect("a thread");
    let history = read_sales("sales.csv", table.as_bytes(), &SalesOptions::default(), &team);
    history.expect("valid").expect("this is rank 0")
}

fn matched(sales: &[&str], items: &[&str], warn: bool) -> Result<Vec<String>, String> {
    let (items, _) = read(&format!("item\n{}\n", items.join("\n"))).expect("valid");
    match_items(&sold(sales), &items, "sales.csv", "items.csv", warn)
        .map_err(|problems| problems.to_string())
}

#[test]
fn items_in_one_table_only_are_refused() {
    assert_eq!(matched(&["A", "B"], &["B", "A"], false), Ok(vec![]));
    let message = matched(&["A", "B", "c", "7", "X@N"], &["B", "C", "007", "D", "X"], false);
    let expected = "sales.csv: `7` has sales but no row in items.csv; items.csv has `007`: names \
     must be equal byte for byte\n\
                    sales.csv: `A` has sales but no row in items.csv; add one, or set `unmatched \
                    = \"warn\"` to leave it out\n\
                    sales.csv: `X@N` has sales but no row in items.csv; sales have locations: \
                    give items.csv a row for each item and location, such as `X@N`\n\
                    sales.csv: `c` has sales but no row in items.csv; items.csv has `C`: names \
                    must be equal byte for byte\n\
                    items.csv:4: `007` has no sales in sales.csv; sales.csv has `7`: names must \
                    be equal byte for byte\n\
                    items.csv:3: `C` has no sales in sales.csv; sales.csv has `c`: names must be \
                    equal byte for byte\n\
                    items.csv:5: `D` has no sales in sales.csv; remove the row, or set `unmatched \
                    = \"warn\"` to leave it out\n\
                    items.csv:6: `X` has no sales in sales.csv; remove the row, or set `unmatched \
                    = \"warn\"` to leave it out";
    assert_eq!(message, Err(expected.into()));
}

#[test]
fn items_in_one_table_only_are_listed_with_a_warning() {
    assert_eq!(
        matched(&["A", "B"], &["B", "C", "D"], true).expect("one is in both"),
        [
            "sales.csv: 1 item not in items.csv, left out: `A`",
            "items.csv: 2 items not in sales.csv, left out: `C`, `D`",
        ]
    );
    let message = matched(&["A"], &["a"], true).expect_err("none is in both");
    assert!(
        message.starts_with("sales.csv: nothing to do: none of its items is in items.csv; names"),
        "{message}"
    );
}

#[test]
fn any_bytes_are_read_or_refused() {
    let table = b"item,price,lead_time_periods,category\n\"a\"\"b\",1.5,2,x\nB,,3,\n";
    let mut dice = Dice::new(3);
    for _ in 0..4_000 {
        let bytes = dice.mutated(table);
        if let Err(problems) = read_items("i\u{1b}.csv", &bytes, &ItemOptions::default()) {
            let text = problems.to_string();
            assert!(problems.count > 0 && !text.contains(['\u{1b}', '\0', '\r']), "{text:?}");
        }
    }
}
