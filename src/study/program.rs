//! What the study file says of ordering all items together, review by review.

use super::Checker;
use super::file::File;

/// How items are ordered together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Program {
    /// Fresh scenarios on which ways of ordering are compared; 0 for none.
    pub scenarios: usize,
    /// The most that all orders of a review may cost \[currency\].
    pub cash: Option<f64>,
    /// The most room that stock on hand and on order may take \[volume\].
    pub space: Option<f64>,
}

/// Scenarios that ways of ordering are compared on if there are limits and nothing is said.
const USUAL: usize = 256;

/// The most of them: each takes as long as all items' simulation, and the program longer.
const MOST: usize = 100_000;

impl Checker<'_> {
    /// How items are ordered together.
    pub(super) fn program(&mut self, file: &File) -> Program {
        let limits = &file.constraints;
        let amounts = [
            ("constraints.cash_per_review", limits.cash_per_review),
            ("constraints.warehouse_space", limits.warehouse_space),
        ];
        for (key, amount) in amounts {
            if let Some(amount) = amount {
                let fits = amount > 0.0 && amount <= 1e15;
                self.within(
                    key,
                    amount,
                    fits,
                    "must be above zero; leave it out if there is no limit",
                );
            }
        }
        let limited = amounts.iter().any(|(_, amount)| amount.is_some());
        let scenarios = file.program.scenarios.unwrap_or(if limited { USUAL } else { 0 });
        if scenarios == 1 || scenarios > MOST {
            let expected = "must be 0, for no comparison, or from 2 to 100000";
            self.refuse("program.scenarios", &scenarios.to_string(), expected);
        }
        // A plan of the coming periods keeps them too, and knows what a simulation of all items does not.
        if limited && scenarios == 0 && file.order_plan.is_none() {
            let message = "must be 2 or more where [constraints] has cash_per_review or \
                           warehouse_space, which are limits of all items together";
            self.refuse("program.scenarios", "0", message);
        }
        if scenarios > 0 {
            self.known_to_groups(file, "items that are ordered together", "[program]");
        }
        let [cash, space] = amounts.map(|(_, amount)| amount);
        Program { scenarios, cash, space }
    }
}
