//! By which method a plan is made, and whether it is too large for it.

use engine::{Days, Unmet};

use super::{Method, OrderPlan};
use crate::study::Study;
use crate::study::discounts::Discount;
use crate::study::stock::StockedItem;
use crate::study::transfers::Transfer;
use crate::table::Problems;

/// Items times periods times scenarios of a program at most: more take longer than a few minutes.
const MOST_OF_PROGRAM: usize = 20_000;

/// Numbers of demand of a plan by prices at most: each rank holds them.
const MOST_OF_PRICES: usize = 100_000_000;

/// How large a plan is.
#[derive(Clone, Copy)]
struct Size {
    items: usize,
    periods: usize,
    scenarios: usize,
}

impl Size {
    fn cells(self) -> usize {
        self.items.saturating_mul(self.periods).saturating_mul(self.scenarios)
    }

    fn fits_a_program(self) -> bool {
        self.cells() <= MOST_OF_PROGRAM
    }

    /// `7 items, 30 periods and 16 scenarios are 3360`.
    fn told(self) -> String {
        let Size { items, periods, scenarios } = self;
        let cells = self.cells();
        format!("{items} items, {periods} periods and {scenarios} scenarios are {cells}")
    }

    /// What would make it fit a program.
    fn ways_out(self) -> String {
        let most = |of: usize| MOST_OF_PROGRAM / of.max(1);
        let scenarios = most(self.items.saturating_mul(self.periods));
        let periods = most(self.items.saturating_mul(self.scenarios));
        match (scenarios >= 2, periods >= 1) {
            (true, true) => {
                format!("set scenarios to at most {scenarios}, or periods to at most {periods}")
            }
            (true, false) => format!("set scenarios to at most {scenarios}"),
            (false, true) => format!("set periods to at most {periods}"),
            (false, false) => "plan fewer items, periods and scenarios".to_owned(),
        }
    }
}

impl Study {
    /// By which method the orders of the coming periods are planned, and what the user should know of
    /// that. Without a plan, it is by prices.
    ///
    /// # Errors
    ///
    /// What keeps a plan of these items from being made.
    pub(crate) fn plan_method(
        &self,
        stock: &[StockedItem],
        discounts: &[Discount],
        transfers: &[Transfer],
    ) -> Result<(Method, Vec<String>), Problems> {
        let Some(plan) = &self.order_plan else { return Ok((Method::Prices, Vec::new())) };
        let periods = self.planned_periods(stock)?;
        let size = |method| Size {
            // What goes from place to place has columns of its own.
            items: stock.len() + transfers.len(),
            periods,
            scenarios: plan.scenarios_of(method),
        };
        let of_program = size(Method::Program);
        let alone = self.known_to_programs_alone(plan, stock, discounts, transfers);
        let suppliers = stock.iter().any(|item| self.suppliers.terms(&item.supplier).is_some());
        let by_program = match plan.method {
            Method::Program => true,
            Method::Prices => false,
            Method::Automatic => alone.is_some() || (suppliers && of_program.fits_a_program()),
        };
        if by_program {
            return match of_program.fits_a_program() {
                true => Ok((Method::Program, Vec::new())),
                false => Err(too_large(of_program, alone)),
            };
        }
        let of_prices = size(Method::Prices);
        if of_prices.cells() > MOST_OF_PRICES {
            let message = format!(
                "{} numbers of demand; at most {MOST_OF_PRICES} are held: plan fewer periods, or \
                 for fewer scenarios",
                of_prices.told()
            );
            return Err(Problems::of_file("[order_plan]", message));
        }
        let note = suppliers.then(|| left_out(of_program));
        Ok((Method::Prices, note.into_iter().collect()))
    }

    /// The first of what is given that the program alone knows, suppliers' terms apart.
    fn known_to_programs_alone(
        &self,
        plan: &OrderPlan,
        stock: &[StockedItem],
        discounts: &[Discount],
        transfers: &[Transfer],
    ) -> Option<&'static str> {
        let load = |item: &StockedItem| self.suppliers.all_terms(&item.supplier).load;
        let any = |of: &dyn Fn(&StockedItem) -> bool| stock.iter().any(of);
        let given = [
            ("trucks", any(&|item| load(item).has_trucks())),
            ("capacity_time_per_period", any(&|item| load(item).has_line())),
            ("discounts", !discounts.is_empty()),
            ("transfers", !transfers.is_empty()),
            ("stock_of", any(&|item| item.stock_of.is_some())),
            ("safety_stock", any(&|item| item.safety_stock > 0.0)),
            ("shelf lives", any(&|item| item.item.shelf.is_some())),
            ("fill_rate", plan.fill_rate.is_some()),
            ("item_fill_rate", plan.item_fill_rate.is_some()),
            ("shortage_tail_limit", plan.tail.is_some()),
            ("space_by_location", !plan.space_by_location.is_empty()),
            ("unmet = \"backorder\"", self.events.unmet == Unmet::Backorder),
            ("receiving_days", self.events.receiving_days != Days::ALL),
        ];
        given.into_iter().find(|(_, given)| *given).map(|(name, _)| name)
    }
}

fn too_large(size: Size, alone: Option<&str>) -> Problems {
    let instead = match alone {
        Some(name) => format!("; plans by prices may be larger, but do not know {name}"),
        None => ", or plan by prices: method = \"prices\"".to_owned(),
    };
    let message = format!(
        "{}, but a program is made for at most {MOST_OF_PROGRAM}; {}{instead}",
        size.told(),
        size.ways_out()
    );
    Problems::of_file("[order_plan]", message)
}

/// A plan by prices does not know the terms of suppliers: what does.
fn left_out(size: Size) -> String {
    let what = "[order_plan]: the plan is made by prices, which leaves out the order_cost, \
                minimum_order and maximum_order of suppliers; method = \"program\" knows them";
    if size.fits_a_program() {
        return what.to_owned();
    }
    let (told, ways) = (size.told(), size.ways_out());
    format!("{what}, but {told}, and it is made for at most {MOST_OF_PROGRAM}: {ways}")
}
