//! Orders of the coming periods, in words.

use super::{limited, more_or_less, several};
use crate::report::figures::{
    NAME, alone, column_decimals, count, number, percent, plain, short, visible,
};
use crate::report::order_plan::{FirstOrder, OrderPlan};

/// What was planned, and how good it is.
pub(in crate::report) fn order_plan(period: &str, plan: &OrderPlan) -> String {
    let limits = [
        (plan.cash_per_review, "a review's orders cost at most"),
        (plan.warehouse_space, "stock at the end of a period takes at most"),
    ];
    let limits = limited(&limits);
    let mut text = format!(
        "Orders from today's stock, for {} ahead: {} of today, worth {}. ",
        several(plan.periods, period),
        several(plan.items_today, "order"),
        number(plan.today, 2)
    );
    if !plan.reviewed_today {
        text += "Today is no review. ";
    }
    if !limits.is_empty() {
        text = format!("{text}Limits: {limits}. ");
    }
    let mut parts = format!(
        "holding {}, orders {}, shortage {}",
        number(plan.holding_cost, 2),
        number(plan.order_cost, 2),
        number(plan.shortage_cost, 2)
    );
    for (cost, what) in [(plan.waste_cost, "waste"), (plan.transfer_cost, "transfers")] {
        if cost > 0.0 {
            parts = format!("{parts}, {what} {}", number(cost, 2));
        }
    }
    let served = match (&plan.fill_rate, plan.waiting) {
        (Some(fill_rate), _) => format!("meets {} % of demand", percent(fill_rate.mean, 1)),
        (None, waiting) => format!(
            "{} units wait at the end of a {period} on average",
            number(waiting.unwrap_or(0.0), 1)
        ),
    };
    text = format!(
        "{text}On {} the plan costs {} a {period} ({parts}) beside what is bought, and {served}.",
        several(plan.fresh_scenarios, "fresh scenario"),
        alone(&plan.cost),
    );
    let (cost, gap) = (plan.cost_of_sample, plan.cost_of_sample - plan.bound);
    text = format!(
        "{text} On the {} that it was made from it costs {}, and no plan costs less than {}{}.",
        several(plan.scenarios, "scenario"),
        number(cost, 2),
        number(plan.bound, 2),
        if cost > 0.0 { format!(" ({} % less)", percent(gap / cost, 1)) } else { String::new() }
    );
    if let Some(most) = plan.most_saving {
        text = format!(
            "{text} By {} of others, another plan of fixed orders saves at most {} a {period}, with {} % \
             confidence.",
            several(plan.replications, "sample"),
            number(most, 2),
            plain(100.0 * plan.confidence_level)
        );
    }
    if let Some(more) = &plan.more_of_expected {
        let (size, word) = more_or_less(more);
        text = format!(
            "{text} A plan for expected demand alone costs {} {word} on the same scenarios.",
            alone(&size)
        );
    }
    let prices = [
        (plan.cash_per_review, plan.price_of_cash, "cash at the tightest review"),
        (plan.warehouse_space, plan.price_of_space, "room in the tightest period"),
    ];
    for (limit, price, what) in prices {
        if limit.is_some() {
            text = format!("{text} One more unit of {what} saves {} over the plan.", plain(price));
        }
    }
    if plan.over_space > 0.0 {
        text = format!(
            "{text} In {} % of fresh scenarios stock once takes more room than there is.",
            percent(plan.over_space, 1)
        );
    }
    text += &suppliers_today(plan);
    text += &transfers_today(plan);
    if plan.suppliers_left_out {
        text += " Suppliers' terms are not in the plan.";
    }
    if plan.items_today > plan.first.len() {
        text = format!("{text} The dearest orders of today, of {}:", count(plan.items_today));
    }
    text
}

/// Orders of today to suppliers with terms, with their trucks.
fn suppliers_today(plan: &OrderPlan) -> String {
    let each = plan.first_suppliers.iter().map(|line| {
        let trucks = line
            .trucks
            .map_or(String::new(), |trucks| format!(" on {}", several(trucks as usize, "truck")));
        let (name, value) = (short(&visible(&line.supplier), NAME), number(line.value, 2));
        format!("{name} {value}{trucks}")
    });
    match some(each.collect()) {
        text if text.is_empty() => text,
        text => format!(" Suppliers today: {text}."),
    }
}

/// What leaves today for another place.
fn transfers_today(plan: &OrderPlan) -> String {
    let units = column_decimals(plan.first_transfers.iter().map(|line| line.units));
    let each = plan.first_transfers.iter().map(|line| {
        let [from, to] = [&line.from, &line.to].map(|name| short(&visible(name), NAME));
        format!("{} of {from} to {to}", number(line.units, units))
    });
    match some(each.collect()) {
        text if text.is_empty() => text,
        text => format!(" Transfers today: {text}."),
    }
}

/// The first of some words, and how many more there are.
fn some(words: Vec<String>) -> String {
    const MOST: usize = 6;
    let more = words.len().saturating_sub(MOST);
    let first = words.into_iter().take(MOST).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {} more", count(more)) } else { first }
}

/// Item; order of today, its value, orders later, and expected stock at the end.
pub(in crate::report) fn first_orders(plan: &OrderPlan) -> Vec<(String, [String; 4])> {
    let lines = || plan.first.iter();
    let units = column_decimals(lines().map(|line| line.order));
    let value = column_decimals(lines().map(|line| line.value));
    let end = column_decimals(lines().map(|line| line.stock_at_end));
    let cells = |line: &FirstOrder| {
        let cells = [
            number(line.order, units),
            number(line.value, value),
            number(line.later, units),
            number(line.stock_at_end, end),
        ];
        (short(&visible(&line.item), NAME), cells)
    };
    lines().map(cells).collect()
}
