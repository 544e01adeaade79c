//! Models that have no solution, no end or no scale: each is explained, none ends in a panic, and none is
//! answered wrongly.
//!
//! | read             | to learn                                                                  |
//! |------------------|---------------------------------------------------------------------------|
//! | [`infeasible`]   | conflicts that cannot be made smaller, and repairs that are the cheapest    |
//! | [`unbounded`]    | directions in which costs fall for ever                                     |
//! | [`refused`]      | data that cannot be computed with, by name                                  |
//! | [`answered`]     | models that look bad and have an answer, which is known                     |
//! | [`random`]       | small random programs, most of which are troubled                           |
//! | [`stopped`]      | searches that end early, and are not called optimal                         |
//! | [`scenarios`]    | the same over scenarios and blocks                                          |
//! | [`plans`]        | the same of lots, plans and allocations                                     |
//!
//! What the crate says is checked by [`exact`], which sums to twice the digits and has elastic programs of
//! its own.

mod answered;
mod exact;
mod infeasible;
mod plans;
mod random;
mod refused;
mod scenarios;
mod stopped;
mod unbounded;

use solvers::program::Program;

const FREE: f64 = f64::INFINITY;

/// A program that meets demand from `suppliers`, by price, smallest and largest order, within a budget, which
/// may be infinite.
fn purchase(demand: f64, suppliers: &[(f64, f64, f64)], budget: f64) -> Program {
    let mut program = Program::new();
    let orders: Vec<usize> =
        suppliers.iter().map(|&(price, least, most)| program.column(price, least, most)).collect();
    program.row(demand, FREE, orders.iter().map(|&order| (order, 1.0)));
    if budget.is_infinite() {
        return program;
    }
    let money = orders.iter().zip(suppliers).map(|(&order, &(price, ..))| (order, price));
    program.row(-FREE, budget, money);
    program
}

/// Whether `text` has every one of `words` in it.
#[track_caller]
fn says(name: &str, text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{name}: `{text}` does not say `{word}`");
    }
}
