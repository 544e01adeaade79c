//! The template `retail`: a shop that is open six days a week, and its sales of two years.
//!
//! Generated, not recorded, so that it may be given away; with what makes real sales hard:
//! seasons, promotions, slow movers, stock-outs that hide demand, items that come and go.

mod assortment;
mod chance;
mod history;
mod open_days;

use std::fmt::Write;

use assortment::{Article, assortment};
use chance::About;
use history::{Row, history};
use open_days::{OpenDay, open_days};

/// The study file.
pub(super) const STUDY: &str = include_str!("retail/study.toml");
/// What is in the folder.
pub(super) const README: &str = include_str!("retail/README.md");

const ITEMS_HEADER: &str = "item,category,supplier,price,unit_cost,lead_time_periods,order_cost,\
    holding_rate_per_year,shortage_cost_per_unit,minimum_order,order_multiple,volume,on_hand,on_order\n";
const SALES_HEADER: &str = "date,item,units,price,promotion,in_stock\n";

/// The two tables, as CSV.
pub(super) struct Shop {
    pub(super) items: String,
    pub(super) sales: String,
}

/// Generates the shop.
pub(super) fn shop() -> Shop {
    let days = open_days();
    let mut items = ITEMS_HEADER.to_owned();
    let mut sales = SALES_HEADER.to_owned();
    for article in assortment(days.len()) {
        let rows = history(&article, &days);
        write_sales(&mut sales, &article, &rows, &days);
        write_item(&mut items, &article, &rows);
    }
    Shop { items, sales }
}

fn write_sales(text: &mut String, article: &Article, rows: &[Row], days: &[OpenDay]) {
    for row in rows {
        let date = &days[row.day].date;
        let price = money(row.price);
        let (promotion, in_stock) = (u8::from(row.promotion), u8::from(row.in_stock));
        let (name, units) = (&article.name, row.units);
        writeln!(text, "{date},{name},{units},{price},{promotion},{in_stock}")
            .expect("a string takes every byte");
    }
}

fn write_item(text: &mut String, article: &Article, rows: &[Row]) {
    let (on_hand, on_order) = stock(article, rows);
    let cells = [
        article.name.clone(),
        article.category.name.to_owned(),
        format!("supplier-{:02}", article.supplier + 1),
        money(article.price),
        money(article.unit_cost),
        article.lead_time.to_string(),
        article.order_cost.map_or_else(String::new, money),
        article.category.holding_rate.unwrap_or_default().to_owned(),
        article.shortage_cost.map_or_else(String::new, money),
        article.minimum_order.to_string(),
        article.order_multiple.to_string(),
        format!("{}.{:02}", article.volume / 1000, article.volume % 1000 / 10),
        on_hand.to_string(),
        on_order.to_string(),
    ];
    text.push_str(&cells.join(","));
    text.push('\n');
}

/// Stock on hand and on order after the last day, of a size with what was sold lately.
fn stock(article: &Article, rows: &[Row]) -> (u32, u32) {
    let lately = &rows[rows.len().saturating_sub(72)..];
    let (mut units, mut periods) = (0, 0);
    for row in lately.iter().filter(|row| row.in_stock) {
        units += row.units;
        periods += 1;
    }
    let cover = f64::from(article.lead_time + 6);
    let usual = f64::from(units) / f64::from(periods.max(1)) * cover;
    let out = rows.last().is_some_and(|row| !row.in_stock);
    let chance = article.chance;
    let on_hand =
        if out { 0 } else { (usual * chance.between(About::OnHand, (0.3, 1.5)) + 0.5) as u32 };
    let orders = units > 0 && (out || chance.happens(About::OnOrder, 0, 0.4));
    let multiples = (usual / f64::from(article.order_multiple)) as u32;
    let on_order = (multiples * article.order_multiple).max(article.minimum_order);
    (on_hand, if orders { on_order } else { 0 })
}

fn money(cents: u32) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

#[cfg(test)]
mod tests;
