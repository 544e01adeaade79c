//! What the study file says of planning the orders of the coming periods.

use std::collections::BTreeMap;

use super::file::{self, File};
use super::{Checker, share};

mod method;
mod periods;

/// How the orders of the coming periods are planned.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderPlan {
    /// Length of the plan; `None`: the longest lead time and some more \[periods\].
    pub periods: Option<usize>,
    /// Scenarios that it is made from; `None`: as many as suit the method.
    pub scenarios: Option<usize>,
    /// Samples of as many scenarios, by which it is judged.
    pub replications: usize,
    /// Gap to the bound that is small enough, as a share of the cost.
    pub gap: f64,
    /// How it is made, as the study says.
    pub method: Method,
    /// Branch-and-bound nodes of each search of the program.
    pub nodes: i32,
    /// Least expected share of demand met in the plan, of all items together.
    pub fill_rate: Option<f64>,
    /// The same of each item.
    pub item_fill_rate: Option<f64>,
    /// Limit on shortage in the worst scenarios.
    pub tail: Option<Tail>,
    /// Room at a location, by what follows `@` in the names of its items \[volume\].
    pub space_by_location: BTreeMap<String, f64>,
}

/// How a plan is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// By the program where it alone knows what is given; by prices otherwise.
    Automatic,
    /// Prices of cash and room, at which each item is planned for itself.
    Prices,
    /// One mixed-integer program over all items, periods and scenarios.
    Program,
}

/// A limit on the mean cost of shortage over the worst scenarios.
///
/// The conditional value at risk of Rockafellar & Uryasev, *Optimization of Conditional
/// Value-at-Risk*, Journal of Risk 2 (2000) 21–41.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tail {
    /// What the mean is at most \[currency\].
    pub limit: f64,
    /// The share of the scenarios that are the worst, between 0 and 1.
    pub share: f64,
}

impl OrderPlan {
    /// Scenarios that a plan is made from by `method`.
    pub fn scenarios_of(&self, method: Method) -> usize {
        self.scenarios.unwrap_or(match method {
            Method::Program => SCENARIOS_OF_PROGRAM,
            Method::Automatic | Method::Prices => SCENARIOS_OF_PRICES,
        })
    }
}

/// Scenarios that a plan by prices is made from unless the study says.
const SCENARIOS_OF_PRICES: usize = 64;

/// Scenarios that a program is made of unless the study says: it grows with them.
const SCENARIOS_OF_PROGRAM: usize = 16;

/// Samples that a plan is judged by unless the study says.
const REPLICATIONS: usize = 4;

/// The gap that is small enough unless the study says.
const GAP: f64 = 0.01;

/// Periods that are planned at most, and scenarios.
const MOST: usize = 1_000;

/// Nodes of each search unless the study says, and at most.
const NODES: [usize; 2] = [200, 1_000_000];

/// Share of the scenarios that are the worst unless the study says.
const TAIL_SHARE: f64 = 0.1;

const METHODS: [(&str, Method); 3] =
    [("automatic", Method::Automatic), ("prices", Method::Prices), ("program", Method::Program)];

/// Why a key that the program alone knows is refused, if the plan is to be made by prices.
pub(super) fn only_of_program(plan: &file::OrderPlan) -> Option<&'static str> {
    let by_prices = plan.method.as_deref() == Some("prices");
    by_prices.then_some(
        "is not known to plans by prices; write method = \"program\" in [order_plan], or remove it",
    )
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
        if let Some(scenarios) = wanted.scenarios.filter(|number| !(2..=MOST).contains(number)) {
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
        let method = wanted.method.as_deref().unwrap_or("automatic");
        let method = self.choice("order_plan.method", method, &METHODS);
        let [usual, most] = NODES;
        let nodes = wanted.nodes.unwrap_or(usual);
        if !(1..=most).contains(&nodes) {
            let expected = "must be a whole number of nodes from 1 to 1000000";
            self.refuse("order_plan.nodes", &nodes.to_string(), expected);
        }
        self.known_to_plans(file, every_day_is_open);
        Some(OrderPlan {
            periods: wanted.periods,
            scenarios: wanted.scenarios,
            replications,
            gap,
            method,
            // In range, or the study is refused.
            nodes: nodes.min(most) as i32,
            fill_rate: self.least_share("order_plan.fill_rate", wanted.fill_rate),
            item_fill_rate: self.least_share("order_plan.item_fill_rate", wanted.item_fill_rate),
            tail: self.tail(wanted),
            space_by_location: self.space_by_location(wanted),
        })
    }

    /// A share of demand that is met at least.
    fn least_share(&mut self, key: &str, given: Option<f64>) -> Option<f64> {
        let value = given?;
        let expected =
            format!("must lie between 0 and 1, a share of demand that is met{}", share(value));
        self.within(key, value, value > 0.0 && value < 1.0, &expected);
        given
    }

    fn tail(&mut self, wanted: &file::OrderPlan) -> Option<Tail> {
        let (limit_key, share_key) =
            ("order_plan.shortage_tail_limit", "order_plan.shortage_tail_share");
        let worst = wanted.shortage_tail_share.unwrap_or(TAIL_SHARE);
        let expected = format!("must lie between 0 and 1, a share of scenarios{}", share(worst));
        self.within(share_key, worst, worst > 0.0 && worst < 1.0, &expected);
        let Some(limit) = wanted.shortage_tail_limit else {
            if wanted.shortage_tail_share.is_some() {
                let message = "is given without shortage_tail_limit, which says what shortage in \
                               these scenarios may cost; give both, or neither";
                self.refuse(share_key, &worst.to_string(), message);
            }
            return None;
        };
        let fits = (0.0..=1e15).contains(&limit);
        self.within(limit_key, limit, fits, "must be an amount of currency from 0 to 1e15");
        Some(Tail { limit, share: worst })
    }

    fn space_by_location(&mut self, wanted: &file::OrderPlan) -> BTreeMap<String, f64> {
        for (location, room) in &wanted.space_by_location {
            let key = format!("order_plan.space_by_location.{location}");
            let fits = (0.0..=1e12).contains(room);
            self.within(&key, *room, fits, "must be a volume from 0 to 1e12");
        }
        wanted.space_by_location.clone()
    }

    /// Refuses what no plan knows, and of a plan by prices what the program alone knows.
    fn known_to_plans(&mut self, file: &File, every_day_is_open: bool) {
        self.certain_supply(file, "plans of the coming periods", "[order_plan]");
        if file.shelf.issue.as_deref() == Some("lifo") {
            let message = "is not known to plans of the coming periods, in which the oldest units \
                           are sold first; write issue = \"fifo\", or remove [order_plan]";
            self.refuse("shelf.issue", "lifo", message);
        }
        let Some(plan) = &file.order_plan else { return };
        if file.events.unmet == "backorder" && only_of_program(plan).is_none() {
            let message = "is a share of demand that is not lost, but unmet demand waits; leave it out: \
                           what waiting costs is shortage_cost_per_unit, and shortage_tail_limit limits it";
            let rates = [("fill_rate", plan.fill_rate), ("item_fill_rate", plan.item_fill_rate)];
            for (key, rate) in rates {
                if let Some(rate) = rate {
                    self.refuse(&format!("order_plan.{key}"), &rate.to_string(), message);
                }
            }
        }
        let Some(message) = only_of_program(plan) else { return };
        let (events, number) = (&file.events, |value: f64| value.to_string());
        let given = [
            ("events.unmet", (events.unmet == "backorder").then(|| events.unmet.clone())),
            ("events.receiving_days", (!every_day_is_open).then(|| events.receiving_days.clone())),
            ("shelf.life_periods", file.shelf.life_periods.map(|life| life.to_string())),
            ("order_plan.fill_rate", plan.fill_rate.map(number)),
            ("order_plan.item_fill_rate", plan.item_fill_rate.map(number)),
            ("order_plan.shortage_tail_limit", plan.shortage_tail_limit.map(number)),
            ("order_plan.discounts", plan.discounts.clone()),
            ("order_plan.transfers", plan.transfers.clone()),
            (
                "order_plan.space_by_location",
                (!plan.space_by_location.is_empty()).then(String::new),
            ),
        ];
        for (key, value) in given {
            if let Some(value) = value {
                self.refuse(key, &value, message);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Study;

    fn parsed(more: &str) -> Result<Study, String> {
        let least = "schema = 1\nname = \"shop\"\nseed = 7\n[sales]\nfile = \"s.csv\"\n[items]\n\
                     file = \"i.csv\"\n";
        Study::parse(&format!("{least}{more}"), "study.toml")
            .map_err(|problems| problems.to_string())
    }

    #[test]
    fn a_plan_has_sensible_defaults() {
        assert_eq!(parsed("").unwrap().order_plan, None);
        let plan = parsed("[order_plan]\n").unwrap().order_plan.unwrap();
        assert_eq!((plan.method, plan.nodes, plan.tail), (Method::Automatic, 200, None));
        let scenarios = [Method::Prices, Method::Program].map(|method| plan.scenarios_of(method));
        assert_eq!(scenarios, [64, 16]);
        let plan = parsed("[order_plan]\nscenarios = 30\n").unwrap().order_plan.unwrap();
        assert_eq!(plan.scenarios_of(Method::Program), 30);
    }

    #[test]
    fn everything_that_is_said_survives_the_resolved_form() {
        let study = parsed(
            "[suppliers.defaults]\ntruck_cost = 90\ntruck_volume = 60\nmost_trucks = 2\n\
             [suppliers.named.line]\ncapacity_time_per_period = 8\ntruck_weight = 7\n\
             [order_plan]\nmethod = \"program\"\nnodes = 9\nfill_rate = 0.9\n\
             item_fill_rate = 0.8\nshortage_tail_limit = 500\nshortage_tail_share = 0.2\n\
             discounts = \"d.csv\"\ntransfers = \"t.csv\"\n\
             space_by_location = { north = 100, \"far south\" = 0.5 }\n",
        )
        .unwrap();
        let plan = study.order_plan.as_ref().unwrap();
        assert_eq!((plan.method, plan.nodes), (Method::Program, 9));
        assert_eq!((plan.fill_rate, plan.item_fill_rate), (Some(0.9), Some(0.8)));
        assert_eq!(plan.tail, Some(Tail { limit: 500.0, share: 0.2 }));
        assert_eq!(plan.space_by_location["far south"], 0.5);
        let load = study.suppliers.all_terms("line").load;
        assert_eq!((load.truck_cost, load.truck_volume, load.truck_weight), (90.0, 60.0, 7.0));
        assert_eq!((load.most_trucks, load.capacity_time_per_period), (2.0, 8.0));
        // They couple nothing in a simulation.
        assert!(!study.suppliers.any() && study.suppliers.terms("line").is_none());
        assert!(!study.suppliers.all_terms("").load.has_trucks());
        let again = Study::parse(&study.resolved(), "study.toml").unwrap();
        assert_eq!(study.file, again.file);
    }

    #[test]
    fn limits_of_a_plan_need_no_simulation_of_all_items() {
        let limited = "[constraints]\ncash_per_review = 9\n[program]\nscenarios = 0\n";
        assert!(parsed(limited).unwrap_err().contains("program.scenarios"));
        let spoils = format!("{limited}[shelf]\nlife_periods = 3\n[order_plan]\n");
        assert_eq!(parsed(&spoils).unwrap().program.scenarios, 0);
    }
}
