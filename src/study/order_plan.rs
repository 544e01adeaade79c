//! What the study file says of planning the orders of the coming periods.

use super::Checker;
use super::file::File;

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
