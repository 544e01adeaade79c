//! Prices of larger orders, as a plan of the coming periods knows them.

use super::named::{Named, Place, left_out};
use super::stock::StockedItem;
use crate::table::discounts::DiscountRow;
use crate::table::{Problem, Problems};

/// What units of an item cost from some quantity on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Discount {
    /// Place of the item among those that are stocked.
    pub item: usize,
    /// The smallest order that has the price \[units\].
    pub from_units: f64,
    /// The price \[currency/unit\].
    pub unit_cost: f64,
    /// Whether it is that of the units beyond `from_units` only, not of the whole order.
    pub incremental: bool,
}

/// The discounts that `rows` of the table `file` give, by item, then quantity; and what the user should
/// know.
///
/// # Errors
///
/// Every row of an item that is none, is not stocked itself, or costs less already.
pub fn discounts(
    named: &Named<'_>,
    file: &str,
    rows: &[DiscountRow],
) -> Result<(Vec<Discount>, Vec<String>), Problems> {
    let mut problems = Problems::default();
    let (mut discounts, mut absent) = (Vec::new(), Vec::new());
    for row in rows {
        let mut refuse = |column: &str, value: String, message: String| {
            let (file, column) = (file.to_owned(), column.to_owned());
            problems.add(Problem { file, line: row.line, column, value, message });
        };
        match named.place(&row.item) {
            Err(message) => refuse("item", row.item.clone(), message),
            Ok(Place::LeftOut) => absent.push(row.item.as_str()),
            Ok(Place::Stocked(item)) => {
                let StockedItem { unit_cost, .. } = named.stock[item];
                if row.unit_cost >= unit_cost {
                    let message = format!(
                        "is not below {unit_cost}, which a unit of `{}` costs in an order of any \
                         size; give a lower price, or remove the row",
                        row.item
                    );
                    refuse("unit_cost", row.unit_cost.to_string(), message);
                }
                let DiscountRow { from_units, unit_cost, incremental, .. } = *row;
                discounts.push(Discount { item, from_units, unit_cost, incremental });
            }
        }
    }
    if !problems.is_empty() {
        return Err(problems.in_order());
    }
    discounts.sort_by(|left, right| {
        left.item.cmp(&right.item).then(left.from_units.total_cmp(&right.from_units))
    });
    Ok((discounts, left_out(file, absent).into_iter().collect()))
}
