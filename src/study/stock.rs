//! What is stocked: the items table with the study's defaults, ready for the engine.

use engine::{Item, Unmet};
use scenarios::{History, Series};

use super::Study;
use crate::table::items::ItemRow;
use crate::table::{Problem, Problems};

/// An item with its demand history and what it costs.
#[derive(Clone, Debug)]
pub struct StockedItem {
    /// What the engine knows of it.
    pub item: Item,
    /// Place of its series in the history.
    pub series: usize,
    /// Cost of a unit \[currency/unit\].
    pub unit_cost: f64,
    /// Volume of a unit.
    pub volume: f64,
    /// Category; empty if none.
    pub category: String,
}

/// Combines the items table, the study's defaults and the prices seen in the sales, for every
/// item in both tables; in order of item name.
///
/// # Errors
///
/// Every item whose costs are missing or make no sense.
pub fn stocked_items(
    study: &Study,
    history: &History,
    rows: &[ItemRow],
) -> Result<Vec<StockedItem>, Problems> {
    let mut problems = Problems::default();
    let mut items = Vec::new();
    for row in rows {
        let place = history.series.binary_search_by(|s| s.item.as_bytes().cmp(row.item.as_bytes()));
        let Ok(place) = place else { continue };
        match stocked(study, history, &history.series[place], place, row) {
            Ok(item) => items.push(item),
            Err((column, message)) => problems.add(Problem {
                file: study.file.items.file.clone(),
                line: row.line,
                column: column.to_owned(),
                value: row.item.clone(),
                message,
            }),
        }
    }
    if problems.is_empty() { Ok(items) } else { Err(problems) }
}

type Refusal = (&'static str, String);

fn stocked(
    study: &Study,
    history: &History,
    series: &Series,
    place: usize,
    row: &ItemRow,
) -> Result<StockedItem, Refusal> {
    let defaults = &study.file.items.defaults;
    let missing = |column: &'static str, instead: &str| {
        let message = format!("has no {column}; give the column or {instead}");
        (column, message)
    };
    let price = row.price.or(series.price);
    let share = defaults.unit_cost_share_of_price;
    let unit_cost = row.unit_cost.or_else(|| Some(price? * share?)).ok_or_else(|| {
        missing("unit_cost", "a price and items.defaults.unit_cost_share_of_price")
    })?;
    let year = history.calendar.periods_per_year();
    let by_rate = |rate: Option<f64>| Some(rate? * unit_cost / year);
    let holding = row
        .holding_cost_per_unit_period
        .or_else(|| by_rate(row.holding_rate_per_year))
        .or(defaults.holding_cost_per_unit_period)
        .or_else(|| by_rate(defaults.holding_rate_per_year))
        .ok_or_else(|| missing("holding_rate_per_year", "items.defaults.holding_rate_per_year"))?;
    let margin = || {
        // A backorder's cost is paid every period it waits, so a margin says nothing of it.
        (study.events.unmet == Unmet::Lost).then_some(())?;
        Some(price? - unit_cost)
    };
    let shortage =
        row.shortage_cost_per_unit.or(defaults.shortage_cost_per_unit).or_else(margin).ok_or_else(
            || {
                missing(
                    "shortage_cost_per_unit",
                    "items.defaults.shortage_cost_per_unit (with lost sales, a price will do)",
                )
            },
        )?;
    let lead_time_periods = row
        .lead_time_periods
        .map(|periods| periods as usize)
        .or(defaults.lead_time_periods)
        .ok_or_else(|| missing("lead_time_periods", "items.defaults.lead_time_periods"))?;
    let order_cost = row
        .order_cost
        .or(defaults.order_cost)
        .ok_or_else(|| missing("order_cost", "items.defaults.order_cost"))?;
    let item = Item {
        name: row.item.clone(),
        lead_time_periods,
        holding_cost_per_unit_period: holding,
        shortage_cost_per_unit: shortage,
        order_cost,
        minimum_order: row.minimum_order.or(defaults.minimum_order).unwrap_or(0.0),
        order_multiple: row.order_multiple.or(defaults.order_multiple).unwrap_or(0.0),
        opening: None,
    };
    let item = item.checked().map_err(|error| {
        let column = match &error {
            engine::ItemError::Rate { field, .. } | engine::ItemError::Amount { field, .. } => {
                field
            }
        };
        let text = error.to_string();
        let reason = text.split_once(": ").map_or(text.as_str(), |(_, reason)| reason).to_owned();
        (*column, reason)
    })?;
    Ok(StockedItem {
        item,
        series: place,
        unit_cost,
        volume: row.volume.or(defaults.volume).unwrap_or(0.0),
        category: row.category.clone().unwrap_or_default(),
    })
}
