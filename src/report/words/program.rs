//! What ordering all items together does, in words.

use super::{limited, more_or_less, several};
use crate::report::figures::{
    alone, column_decimals, number, percent, shared_decimals, with_half_width,
};
use crate::report::programmed::{ProgramLine, Programmed};

/// What was compared, and what came of it.
pub(in crate::report) fn programmed(period: &str, programmed: &Programmed) -> String {
    let limits = [
        (programmed.cash_per_review, "a review's orders cost at most"),
        (programmed.warehouse_space, "stock on hand and on order takes at most"),
        (programmed.stock_budget, "average stock is worth at most"),
    ];
    let limits = limited(&limits);
    let mut text = format!(
        "All items together, on {}: a program that chooses the orders of each review for all of them, and \
         each item's own policy, cut to what there is.",
        several(programmed.scenarios, "fresh scenario")
    );
    if !limits.is_empty() {
        text = format!("{text} Limits: {limits}.");
    }
    let own = programmed.lines.iter().filter(|line| line.way != "program");
    let cheapest = own.min_by(|left, right| left.cost.mean.total_cmp(&right.cost.mean));
    if let Some(line) = cheapest {
        let (size, word) = more_or_less(&line.more_than_program);
        text = format!(
            "{text} The program costs {} a {period}; the cheapest of the others, {}, costs {} {word}.",
            alone(&programmed.lines[0].cost),
            line.way,
            alone(&size)
        );
    }
    let prices = [
        (programmed.cash_per_review, programmed.price_of_cash, "cash at a review"),
        (programmed.warehouse_space, programmed.price_of_space, "room"),
    ];
    for (limit, price, what) in prices {
        if limit.is_some() {
            text = format!("{text} One more unit of {what} saves {} a {period}.", alone(&price));
        }
    }
    text
}

/// Cost, what it is more than the program's, fill rate \[%\], stock value, charges of suppliers, and
/// share of periods with too little cash or room \[%\], of each line.
pub(in crate::report) fn ways(programmed: &Programmed) -> Vec<[String; 6]> {
    let lines = || programmed.lines.iter();
    let cost = shared_decimals(lines().map(|line| &line.cost));
    let more = shared_decimals(lines().map(|line| &line.more_than_program));
    let value = shared_decimals(lines().map(|line| &line.stock_value));
    let charged = column_decimals(lines().map(|line| line.supplier_order_cost));
    let cells = |line: &ProgramLine| {
        let apart = match line.way {
            "program" => String::new(),
            _ => with_half_width(&line.more_than_program, more),
        };
        [
            with_half_width(&line.cost, cost),
            apart,
            percent(line.fill_rate.mean, 1),
            with_half_width(&line.stock_value, value),
            number(line.supplier_order_cost, charged),
            percent(line.short, 1),
        ]
    };
    lines().map(cells).collect()
}
