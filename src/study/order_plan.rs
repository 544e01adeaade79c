//! What the study file says of planning the orders of the coming periods.

use engine::ReviewTime;

use super::file::File;
use super::stock::StockedItem;
use super::{Checker, Study};
use crate::table::{Problem, Problems};

/// How the orders of the coming periods are planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrderPlan {
    /// Length of the plan; `None`: the longest lead time and some more \[periods\].
    pub periods: Option<usize>,
    /// Scenarios that it is made from.
    pub scenarios: usize,
    /// Samples of as many scenarios, by which it is judged.
    pub replications: usize,
    /// Gap to the bound that is small enough, as a share of the cost.
    pub gap: f64,
}

/// Scenarios that a plan is made from unless the study says.
const SCENARIOS: usize = 64;

/// Samples that it is judged by unless the study says.
const REPLICATIONS: usize = 4;

/// The gap that is small enough unless the study says.
const GAP: f64 = 0.01;

/// Periods that are planned at most, and scenarios.
const MOST: usize = 1_000;

/// Periods of a plan beside the longest lead time at least, unless the study says.
const BEYOND: usize = 12;

/// Numbers of demand at most: on every rank.
const MOST_CELLS: usize = 100_000_000;

/// Which items a plan does not know, what is said of them, and what may be done.
type Unfit<'a> = (&'a dyn Fn(&StockedItem) -> bool, &'static str, &'static str);

impl Study {
    /// From an order to the period before whose demand it is there \[periods\].
    pub(crate) fn wait_for_order(&self, stocked: &StockedItem) -> usize {
        let after = usize::from(self.events.review == ReviewTime::AfterDemand);
        stocked.item.lead_time_periods + after
    }

    /// How many periods are planned of these items.
    ///
    /// # Errors
    ///
    /// What keeps a plan of them from being made.
    pub(crate) fn planned_periods(&self, stock: &[StockedItem]) -> Result<usize, Problems> {
        let Some(terms) = self.order_plan else { return Ok(0) };
        let wait = |stocked: &StockedItem| self.wait_for_order(stocked);
        let longest = stock.iter().map(wait).max().unwrap_or(0);
        let beyond = BEYOND.max(2 * self.events.review_interval());
        let simulated = self.periods + self.warm_up_periods;
        let periods = terms.periods.unwrap_or((longest + beyond).min(simulated));
        let mut problems = Problems::default();
        let unfit: [Unfit<'_>; 4] = [
            (
                &|stocked| stocked.on_hand.is_none(),
                "has no on_hand",
                "a plan of the coming periods starts from today's stock: give the column",
            ),
            (
                &|stocked| stocked.on_hand.is_some_and(|units| units < 0.0),
                "has an on_hand below 0",
                "customers who wait are not known to plans of the coming periods: give what is \
                 there",
            ),
            (
                &|stocked| stocked.item.shelf.is_some(),
                "has a shelf life",
                "plans of the coming periods do not know it",
            ),
            (
                &|stocked| self.terms.lead_time_deviation(stocked.lead_time_deviation) > 0.0,
                "has lead times that vary",
                "plans of the coming periods do not know them",
            ),
        ];
        for (is_unfit, what, instead) in unfit {
            let mut unfit = stock.iter().filter(|stocked| is_unfit(stocked));
            let Some(first) = unfit.next() else { continue };
            let others = match unfit.count() {
                0 => String::new(),
                others => format!(" and {others} more"),
            };
            let name = &first.item.name;
            let message = format!("{what} for `{name}`{others}; {instead}, or remove [order_plan]");
            problems.add(Problem::of_file(&self.file.items.file, message));
        }
        let arrives = |stocked: &StockedItem| {
            let reviews = (0..periods).filter(|period| self.events.reviewed(*period));
            reviews.map(|period| period + wait(stocked)).any(|arrival| arrival < periods)
        };
        let late = stock.iter().filter(|stocked| !arrives(stocked));
        if let Some(stocked) = late.max_by_key(|stocked| wait(stocked)) {
            let instead = match terms.periods {
                Some(_) => "plan for more periods",
                None => "lengthen simulation.periods",
            };
            let (name, wait) = (&stocked.item.name, wait(stocked));
            let message = format!(
                "no order of `{name}`, which takes {wait} periods, arrives within {periods} \
                 periods; {instead}"
            );
            problems.add(Problem::of_file("[order_plan]", message));
        }
        let cells = stock.len().saturating_mul(periods * terms.scenarios);
        if cells > MOST_CELLS {
            let message = format!(
                "{} items, {periods} periods and {} scenarios are {cells} numbers of demand; at \
                 most {MOST_CELLS} are held: plan fewer periods, or for fewer scenarios",
                stock.len(),
                terms.scenarios
            );
            problems.add(Problem::of_file("[order_plan]", message));
        }
        if problems.is_empty() { Ok(periods) } else { Err(problems.in_order()) }
    }
}

impl Checker<'_> {
    /// How the orders of the coming periods are planned; `None` unless the study asks for it.
    pub(super) fn order_plan(
        &mut self,
        file: &File,
        simulated: usize,
        every_day_is_open: bool,
    ) -> Option<OrderPlan> {
        let wanted = file.order_plan.as_ref()?;
        let scenarios = wanted.scenarios.unwrap_or(SCENARIOS);
        if !(2..=MOST).contains(&scenarios) {
            let expected = "must be from 2 to 1000 scenarios";
            self.refuse("order_plan.scenarios", &scenarios.to_string(), expected);
        }
        let replications = wanted.replications.unwrap_or(REPLICATIONS);
        if replications == 1 || replications > MOST {
            let expected = "must be 0, for no judgement, or from 2 to 1000 samples";
            self.refuse("order_plan.replications", &replications.to_string(), expected);
        }
        let gap = wanted.gap.unwrap_or(GAP);
        let fits = (1e-6..1.0).contains(&gap);
        self.within("order_plan.gap", gap, fits, "must be a share of the cost from 0.000001 to 1");
        if let Some(periods) = wanted.periods
            && !(1..=simulated.min(MOST)).contains(&periods)
        {
            let message = format!(
                "must be from 1 to {} periods: simulation.periods and warm_up_periods are \
                 {simulated} together",
                simulated.min(MOST)
            );
            self.refuse("order_plan.periods", &periods.to_string(), message);
        }
        self.known_to_groups(file, "plans of the coming periods", "[order_plan]");
        if file.events.unmet == "backorder" {
            let message = "is not known to plans of the coming periods, in which unmet demand is \
                           lost; write unmet = \"lost\", or remove [order_plan]";
            self.refuse("events.unmet", "backorder", message);
        }
        if !every_day_is_open {
            let message = "is not known to plans of the coming periods; let goods arrive in every \
                           period, or remove [order_plan]";
            self.refuse("events.receiving_days", &file.events.receiving_days, message);
        }
        Some(OrderPlan { periods: wanted.periods, scenarios, replications, gap })
    }
}
