//! Ways of goods from one location to another, as a plan of the coming periods knows them.

use super::named::{Named, Place, left_out};
use crate::table::transfers::TransferRow;
use crate::table::{Problem, Problems};

/// A way on which goods of one item become goods of another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Transfer {
    /// Place of the item whose goods leave among those that are stocked.
    pub from: usize,
    /// Place of the item whose goods arrive.
    pub to: usize,
    /// From leaving to arrival \[periods\].
    pub lead_time_periods: usize,
    /// Cost of a unit \[currency/unit\].
    pub cost_per_unit: f64,
    /// Cost of a shipment, whatever its size \[currency/shipment\].
    pub cost_per_shipment: f64,
}

/// The ways that `rows` of the table `file` give, in order of the items' places; and what the user
/// should know.
///
/// # Errors
///
/// Every row of an item that is none, or is not stocked itself.
pub fn transfers(
    named: &Named<'_>,
    file: &str,
    rows: &[TransferRow],
) -> Result<(Vec<Transfer>, Vec<String>), Problems> {
    let mut problems = Problems::default();
    let (mut transfers, mut absent) = (Vec::new(), Vec::new());
    for row in rows {
        let mut ends = [None; 2];
        for (end, (column, item)) in
            ends.iter_mut().zip([("item_from", &row.from), ("item_to", &row.to)])
        {
            match named.place(item) {
                Ok(Place::Stocked(place)) => *end = Some(place),
                Ok(Place::LeftOut) => absent.push(item.as_str()),
                Err(message) => problems.add(Problem {
                    file: file.to_owned(),
                    line: row.line,
                    column: column.to_owned(),
                    value: item.clone(),
                    message,
                }),
            }
        }
        for (place, column) in ends.iter().zip(["item_from", "item_to"]) {
            let spoils = place.filter(|&place| named.stock[place].item.shelf.is_some());
            if let Some(place) = spoils {
                problems.add(Problem {
                    file: file.to_owned(),
                    line: row.line,
                    column: column.to_owned(),
                    value: named.stock[place].item.name.clone(),
                    message: "has a shelf life, but how old goods are does not go with them from place to \
                              place; remove the row, or the shelf life"
                        .to_owned(),
                });
            }
        }
        if let [Some(from), Some(to)] = ends {
            transfers.push(Transfer {
                from,
                to,
                lead_time_periods: row.lead_time_periods,
                cost_per_unit: row.cost_per_unit,
                cost_per_shipment: row.cost_per_shipment,
            });
        }
    }
    if !problems.is_empty() {
        return Err(problems.in_order());
    }
    transfers.sort_by_key(|transfer| (transfer.from, transfer.to));
    Ok((transfers, left_out(file, absent).into_iter().collect()))
}
