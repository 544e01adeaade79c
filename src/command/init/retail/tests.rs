use std::collections::BTreeMap;

use super::*;

/// If these fail, the folder of the first steps changes, and the figures quoted from it.
#[test]
fn every_machine_makes_the_same_shop() {
    let Shop { items, sales } = shop();
    assert_eq!(blake3::hash(sales.as_bytes()).to_string(), SALES);
    assert_eq!(blake3::hash(items.as_bytes()).to_string(), ITEMS);
}

const SALES: &str = "974030e7d25eb2e51855f1dd8d0bf8914779d8b5f2a0a7e77b500340e8bea06b";
const ITEMS: &str = "b510dba541bbd16ee3d9ba9b48c0bc4412e3da9cc2f07c7b071e8991b319a536";

struct Sale {
    date: String,
    units: u32,
    price: f64,
    promotion: bool,
    in_stock: bool,
}

fn sales_by_item() -> BTreeMap<String, Vec<Sale>> {
    let text = shop().sales;
    let mut items: BTreeMap<String, Vec<Sale>> = BTreeMap::new();
    for record in csv::Reader::from_reader(text.as_bytes()).records() {
        let record = record.expect("CSV");
        items.entry(record[1].to_owned()).or_default().push(Sale {
            date: record[0].to_owned(),
            units: record[2].parse().expect("units"),
            price: record[3].parse().expect("a price"),
            promotion: &record[4] == "1",
            in_stock: &record[5] == "1",
        });
    }
    items
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[test]
fn every_open_day_from_the_first_on_has_a_row() {
    let days = open_days();
    let items = sales_by_item();
    assert_eq!(items.len(), 300);
    for (item, sales) in items {
        assert!(sales.len() >= 60, "{item}: {}", sales.len());
        let expected = &days[days.len() - sales.len()..];
        assert!(sales.iter().map(|sale| &sale.date).eq(expected.iter().map(|day| &day.date)));
        assert!(sales[0].in_stock, "{item} begins with a gap");
    }
}

#[test]
fn stock_outs_and_promotions_are_as_common_as_the_readme_says() {
    let items = sales_by_item();
    let rows: Vec<&Sale> = items.values().flatten().collect();
    let part = |which: fn(&Sale) -> bool| {
        share(rows.iter().filter(|sale| which(sale)).count(), rows.len())
    };
    let out = part(|sale| !sale.in_stock);
    let promoted = part(|sale| sale.promotion);
    let nothing = part(|sale| sale.units == 0);
    println!(
        "{} rows, {nothing:.3} without sales, {out:.3} out of stock, {promoted:.3} promoted",
        rows.len()
    );
    assert!((0.075..0.085).contains(&out), "{out}");
    assert!((0.05..0.065).contains(&promoted), "{promoted}");
    assert!((0.37..0.39).contains(&nothing), "{nothing}");
}

#[test]
fn promotions_cut_the_price_and_sell_more() {
    let (mut regular, mut promoted) = ([0.0; 2], [0.0; 2]);
    for (item, sales) in sales_by_item() {
        let price = sales.iter().map(|sale| sale.price).fold(0.0, f64::max);
        for sale in sales.iter().filter(|sale| sale.in_stock) {
            let cut = 1.0 - sale.price / price;
            assert_eq!(sale.promotion, cut > 0.0, "{item} {}", sale.date);
            // Prices are whole cents.
            assert!(!sale.promotion || (0.14..0.31).contains(&cut), "{item} {}: {cut}", sale.date);
            let sums = if sale.promotion { &mut promoted } else { &mut regular };
            sums[0] += f64::from(sale.units);
            sums[1] += 1.0;
        }
    }
    assert!(promoted[0] / promoted[1] > 1.5 * regular[0] / regular[1]);
}

#[test]
fn stock_outs_last_two_to_ten_days() {
    let (mut spells, mut days) = (0, 0);
    for (item, sales) in sales_by_item() {
        let ends = sales.last().is_some_and(|sale| !sale.in_stock);
        let mut all: Vec<_> = sales.chunk_by(|one, next| one.in_stock == next.in_stock).collect();
        if ends {
            all.pop();
        }
        for spell in all.into_iter().filter(|spell| !spell[0].in_stock) {
            assert!((2..=10).contains(&spell.len()), "{item} {}", spell[0].date);
            spells += 1;
            days += spell.len();
        }
    }
    assert!((5.5..6.5).contains(&share(days, spells)), "{}", share(days, spells));
}

#[test]
fn the_items_file_is_complete_where_it_must_be() {
    let Shop { items, .. } = shop();
    let mut reader = csv::Reader::from_reader(items.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut empty: BTreeMap<String, usize> = BTreeMap::new();
    for record in reader.records() {
        let record = record.expect("CSV");
        for (column, cell) in header.iter().zip(&record) {
            *empty.entry(column.to_owned()).or_default() += usize::from(cell.is_empty());
        }
    }
    for (column, empty) in empty {
        let may_be = ["order_cost", "holding_rate_per_year", "shortage_cost_per_unit"];
        assert_eq!(empty > 0, may_be.contains(&&*column), "{column}: {empty}");
        assert!(empty < 300, "{column}");
    }
}

/// A key without its `# ` is valid, so that nobody must know TOML to use it.
#[test]
fn every_optional_key_is_one_hash_away() {
    let mut keys = 0;
    let text: Vec<_> = STUDY
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(key) if key.split_once(" = ").is_some_and(|(name, _)| is_name(name)) => {
                keys += 1;
                key
            }
            _ => line,
        })
        .collect();
    let study: toml::Table = text.join("\n").parse().expect("TOML");
    assert!(keys >= 10, "{keys}");
    let sections = ["sales", "calendar", "items", "events", "simulation", "strategies"];
    for section in sections.into_iter().chain(["constraints", "report"]) {
        assert!(study[section].is_table(), "{section}");
    }
    assert!(study["constraints"].get("volume_limit").is_some());
    assert!(study["items"]["defaults"].get("holding_cost_per_unit_period").is_some());
}

fn is_name(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')
}
