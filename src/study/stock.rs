//! What is stocked: the items table with the study's defaults, ready for the engine.

use std::collections::BTreeMap;

use engine::{Expedited, Item, Supply};
use scenarios::History;

use super::terms::mixes;
use super::{Study, channels};
use crate::table::items::ItemRow;
use crate::table::{Problem, Problems, counted};

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
    /// Supplier; empty if none.
    pub supplier: String,
    /// Stock today, if the items table tells \[units\].
    pub on_hand: Option<f64>,
    /// What is ordered and has not arrived \[units\].
    pub on_order: f64,
    /// Standard deviation of lead times, if the items table gives one \[periods\].
    pub lead_time_deviation: Option<f64>,
    /// Weight of a unit.
    pub weight: f64,
    /// What making a unit takes \[time/unit\].
    pub unit_time: f64,
    /// What preparing for an order takes \[time/order\].
    pub set_up_time: f64,
    /// Least expected stock at the end of each period that an order can still change \[units\].
    pub safety_stock: f64,
    /// Place of the item whose stock it is sold from, if it is a sales channel of it.
    pub stock_of: Option<usize>,
}

impl StockedItem {
    /// Where it is: what follows `@` in its name.
    pub fn location(&self) -> Option<&str> {
        self.item.name.rsplit_once('@').map(|(_, location)| location)
    }
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
    let mut refusals: BTreeMap<Refusal, Vec<&ItemRow>> = BTreeMap::new();
    let mut items = Vec::new();
    let mut next = 0;
    for row in rows {
        // Both are in order of their names, and mostly the same.
        let is_next = next < history.series.len() && history.series.name(next) == row.item;
        let place = if is_next { Some(next) } else { history.series.find(&row.item) };
        let Some(place) = place else { continue };
        next = place + 1;
        match stocked(study, history, place, row) {
            Ok(item) => items.push(item),
            Err(refused) => {
                for refusal in refused {
                    refusals.entry(refusal).or_default().push(row);
                }
            }
        }
    }
    let mut problems = Problems::default();
    let keeps = items.iter().all(|stocked| stocked.item.shelf.is_none());
    if let Some(key) = study.terms.spoiling_key.filter(|_| keeps) {
        let message = format!(
            "has no shelf_life_periods for any item, but the study gives {key}; give the column, \
             or shelf.life_periods"
        );
        problems.add(Problem::of_file(&study.file.items.file, message));
    }
    // An item that is refused is named once, not again for each of its channels.
    if refusals.is_empty() && study.order_plan.is_some() {
        channels::resolve(study, rows, &mut items, &mut problems);
    }
    if refusals.is_empty() && problems.is_empty() {
        return Ok(items);
    }
    // What is said of many items in the same words is said once.
    for ((column, message), rows) in refusals {
        let others = match rows.len() - 1 {
            0 => String::new(),
            others => format!(" ({} like it)", counted(others, "more item", "more items")),
        };
        problems.add(Problem {
            file: study.file.items.file.clone(),
            line: rows[0].line,
            column: column.to_owned(),
            value: rows[0].item.clone(),
            message: message + &others,
        });
    }
    Err(problems.in_order())
}

/// A column, and what is wrong with an item's value in it.
type Refusal = (&'static str, String);

impl Study {
    /// Units in a pack of an item: its orders are multiples of it.
    pub(crate) fn pack(&self, row: &ItemRow) -> Option<f64> {
        row.order_multiple.or(self.file.items.defaults.order_multiple)
    }

    /// What a unit of an item costs \[currency/unit\].
    pub(super) fn unit_cost(&self, history: &History, row: &ItemRow) -> Option<f64> {
        let of_sales = || history.series.price(history.series.find(&row.item)?);
        row.unit_cost.or_else(|| self.unit_cost_by_price(row.price.or_else(of_sales)))
    }

    fn unit_cost_by_price(&self, price: Option<f64>) -> Option<f64> {
        Some(price? * self.file.items.defaults.unit_cost_share_of_price?)
    }
}

fn stocked(
    study: &Study,
    history: &History,
    place: usize,
    row: &ItemRow,
) -> Result<StockedItem, Vec<Refusal>> {
    let defaults = &study.file.items.defaults;
    let mut missing = Vec::new();
    let mut given = |value: Option<f64>, column: &'static str, instead: &str| {
        value.unwrap_or_else(|| {
            missing.push((column, format!("has no {column}; give the column, or {instead}")));
            0.0
        })
    };
    let price = row.price.or(history.series.price(place));
    let unit_cost = row.unit_cost.or_else(|| study.unit_cost_by_price(price));
    let unit_cost =
        given(unit_cost, "unit_cost", "a price and items.defaults.unit_cost_share_of_price");
    let year = history.calendar.periods_per_year();
    let by_rate = |rate: Option<f64>| Some(rate? * unit_cost / year);
    let holding = row
        .holding_cost_per_unit_period
        .or_else(|| by_rate(row.holding_rate_per_year))
        .or(defaults.holding_cost_per_unit_period)
        .or_else(|| by_rate(defaults.holding_rate_per_year));
    let holding = given(holding, "holding_rate_per_year", "items.defaults.holding_rate_per_year");
    let lost = study.events.unmet.loses();
    // A backorder's cost is paid every period it waits, so a margin says nothing of it.
    let margin = price.filter(|_| lost).map(|price| price - unit_cost);
    let shortage = row.shortage_cost_per_unit.or(defaults.shortage_cost_per_unit).or(margin);
    let instead = match (lost, price) {
        (true, None) => "a price, or items.defaults.shortage_cost_per_unit",
        _ => "items.defaults.shortage_cost_per_unit [currency/unit/period]",
    };
    let shortage = given(shortage, "shortage_cost_per_unit", instead);
    let lead_time = row.lead_time_periods.or(defaults.lead_time_periods.map(|l| l as f64));
    let lead_time = given(lead_time, "lead_time_periods", "items.defaults.lead_time_periods");
    let waiting = match mixes(&study.events) {
        true => given(
            row.waiting_cost_per_unit_period.or(defaults.waiting_cost_per_unit_period),
            "waiting_cost_per_unit_period",
            "items.defaults.waiting_cost_per_unit_period",
        ),
        false => 0.0,
    };
    let order_cost = row.order_cost.or(defaults.order_cost);
    let order_cost = given(order_cost, "order_cost", "items.defaults.order_cost");
    if !missing.is_empty() {
        return Err(missing);
    }
    let terms = &study.terms;
    let lead_time = terms.mean_lead_time().unwrap_or(lead_time).round();
    let premium = |source: Expedited| Expedited {
        premium_per_unit: source.premium_per_unit * unit_cost,
        ..source
    };
    let deviation = row.lead_time_deviation_periods;
    if deviation.is_some() && terms.mean_lead_time().is_some() {
        let reason = "is given beside supply.observed_lead_times, which says more; keep one";
        return Err(vec![("lead_time_deviation_periods", reason.to_owned())]);
    }
    let horizon = study.periods + study.warm_up_periods;
    if lead_time as usize >= horizon {
        let reason = format!(
            "has lead_time_periods {lead_time}, but simulation.periods and warm_up_periods are \
             {horizon} together, so that nothing would arrive; lengthen simulation.periods, or \
             shorten the lead time"
        );
        return Err(vec![("lead_time_periods", reason)]);
    }
    let item = Item {
        waiting_cost_per_unit_period: waiting,
        order_cost,
        minimum_order: row.minimum_order.or(defaults.minimum_order).unwrap_or(0.0),
        order_multiple: study.pack(row).unwrap_or(0.0),
        maximum_order: row.maximum_order.or(defaults.maximum_order).unwrap_or(f64::INFINITY),
        supply: Supply { expedited: terms.supply.expedited.map(premium), ..terms.supply },
        shelf: terms.shelf(row.shelf_life_periods.map(|periods| periods as usize), unit_cost),
        ..Item::plain(&row.item, lead_time as usize, holding, shortage)
    };
    let item = item.checked().map_err(|error| {
        let text = error.to_string();
        let reason = text.split_once(": ").map_or(text.as_str(), |(_, reason)| reason).to_owned();
        vec![(error.field(), reason)]
    })?;
    let stocked = StockedItem {
        item,
        series: place,
        unit_cost,
        volume: row.volume.or(defaults.volume).unwrap_or(0.0),
        category: row.category.clone().unwrap_or_default(),
        supplier: row.supplier.clone().unwrap_or_default(),
        on_hand: row.on_hand,
        on_order: row.on_order.unwrap_or(0.0),
        lead_time_deviation: deviation,
        weight: row.weight.unwrap_or(0.0),
        unit_time: row.unit_time.unwrap_or(0.0),
        set_up_time: row.set_up_time.unwrap_or(0.0),
        safety_stock: row.safety_stock.unwrap_or(0.0),
        // Known once all items are.
        stock_of: None,
    };
    let terms = study.suppliers.terms(&stocked.supplier);
    let refused = terms.and_then(|terms| terms.refusal(&stocked.supplier, &stocked));
    refused.map_or(Ok(stocked), |refusal| Err(vec![refusal]))
}
