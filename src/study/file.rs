//! The study file as it is written: one struct a section, every default in one place.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A study file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Format of this file; 1.
    pub schema: u32,
    /// Name of the study, in reports.
    pub name: String,
    /// Seed of every scenario, `0 ..= 2^53 − 1`.
    pub seed: u64,
    /// `[sales]`
    pub sales: Sales,
    /// `[calendar]`
    #[serde(default)]
    pub calendar: Calendar,
    /// `[items]`
    pub items: Items,
    /// `[forecast]`
    #[serde(default)]
    pub forecast: Forecast,
    /// `[events]`
    #[serde(default)]
    pub events: Events,
    /// `[supply]`
    #[serde(default)]
    pub supply: Supply,
    /// `[shelf]`
    #[serde(default)]
    pub shelf: Shelf,
    /// `[suppliers]`
    #[serde(default)]
    pub suppliers: Suppliers,
    /// `[simulation]`
    #[serde(default)]
    pub simulation: Simulation,
    /// `[strategies]`
    #[serde(default)]
    pub strategies: Strategies,
    /// `[selection]`
    #[serde(default)]
    pub selection: Selection,
    /// `[program]`
    #[serde(default)]
    pub program: Program,
    /// `[order_plan]`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_plan: Option<OrderPlan>,
    /// `[constraints]`
    #[serde(default)]
    pub constraints: Constraints,
    /// `[report]`
    #[serde(default)]
    pub report: Report,
}

/// What was sold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sales {
    /// Path of the table, relative to the study file.
    pub file: String,
    /// Our names of columns = the file's.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// What a period without a row means.
    #[serde(default = "error")]
    pub gaps: String,
    /// What two rows of one item and date mean.
    #[serde(default = "error")]
    pub duplicates: String,
    /// What negative units mean.
    #[serde(default = "error")]
    pub returns: String,
    /// What becomes of sales far above the usual.
    #[serde(default = "keep")]
    pub outliers: String,
    /// What becomes of sales in another unit.
    #[serde(default = "keep")]
    pub unit_mistakes: String,
    /// The character between fields.
    #[serde(default = "comma")]
    pub delimiter: String,
    /// The character before decimals.
    #[serde(default = "point")]
    pub decimal: String,
    /// Order of year, month and day.
    #[serde(default = "iso")]
    pub date_format: String,
}

/// What a period is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Calendar {
    /// `day`, `week` or `month`.
    pub period: String,
    /// First day of a week.
    pub week_starts: String,
    /// Days that are no periods.
    pub closed: Closed,
}

/// Days that are no periods: listed, or found in the sales.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Closed {
    /// `"auto"`: dates on which nobody sold anything.
    Word(String),
    /// Weekdays and dates.
    List(Vec<String>),
}

/// What is stocked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Items {
    /// Path of the table, relative to the study file.
    pub file: String,
    /// Our names of columns = the file's.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// What an item in only one of the two tables means.
    #[serde(default = "error")]
    pub unmatched: String,
    /// The character between fields.
    #[serde(default = "comma")]
    pub delimiter: String,
    /// The character before decimals.
    #[serde(default = "point")]
    pub decimal: String,
    /// `[items.defaults]`
    #[serde(default)]
    pub defaults: Defaults,
}

/// What holds where the items table has no value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Defaults {
    /// Lead time \[periods\].
    pub lead_time_periods: Option<usize>,
    /// Cost of an order, whatever its size \[currency/order\].
    pub order_cost: Option<f64>,
    /// Holding, as a share of unit cost \[1/year\].
    pub holding_rate_per_year: Option<f64>,
    /// Holding \[currency/unit/period\].
    pub holding_cost_per_unit_period: Option<f64>,
    /// Unit cost as a share of price.
    pub unit_cost_share_of_price: Option<f64>,
    /// Cost of unmet demand \[currency/unit\], and per period while it waits.
    pub shortage_cost_per_unit: Option<f64>,
    /// Smallest order \[units\].
    pub minimum_order: Option<f64>,
    /// Orders are multiples of this \[units\].
    pub order_multiple: Option<f64>,
    /// Largest order \[units\].
    pub maximum_order: Option<f64>,
    /// Cost of demand that waits, where some is lost and some waits \[currency/unit/period\].
    pub waiting_cost_per_unit_period: Option<f64>,
    /// Volume of a unit.
    pub volume: Option<f64>,
}

/// How demand is foreseen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Forecast {
    /// Names of models that are tried; `automatic` for those that usually are.
    pub models: Vec<String>,
    /// What a model is chosen by: `crps`, `cost` or `squared-error`.
    pub judged_by: String,
    /// How many of the best are combined.
    pub combine: usize,
    /// Windows of lead time and review at the end of the history that they are tried on.
    pub windows: usize,
    /// Whether distributions are corrected by how often they were right.
    pub calibrate: bool,
    /// What the demand of a run is drawn from: `distribution` or `forecast`.
    pub scenarios_from: String,
    /// How options of models are searched for: `none`, `grid`, `random` or `bayesian`.
    pub tuning: String,
    /// Settings that are tried of each model, for each pattern of demand.
    pub tuning_trials: usize,
    /// What is set of models, by model and option.
    pub options: BTreeMap<String, BTreeMap<String, f64>>,
}

/// The sequence of events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Events {
    /// When the item is reviewed.
    pub review: String,
    /// What becomes of unmet demand.
    pub unmet: String,
    /// Which stock holding is charged on.
    pub holding_on: String,
    /// Review period \[periods\].
    pub review_every_periods: usize,
    /// First reviewed period.
    pub review_phase: usize,
    /// Share of unmet demand that is lost, if unmet demand is `partly-lost`.
    pub lost_fraction: Option<f64>,
    /// Periods that unmet demand waits, if it is `patient` \[periods\].
    pub patience_periods: Option<usize>,
    /// Periods on which orders can be placed: a repeated pattern of `x` and `-`.
    pub ordering_days: String,
    /// Periods on which goods can arrive: a repeated pattern of `x` and `-`.
    pub receiving_days: String,
}

/// How orders arrive, where it is not all at once after a fixed lead time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Supply {
    /// Standard deviation of lead times around each item's own; gamma, in whole periods
    /// \[periods\].
    pub lead_time_deviation_periods: Option<f64>,
    /// Lead times as they were observed, for every item \[periods\].
    pub observed_lead_times: Vec<usize>,
    /// Whether a later order may arrive before an earlier one.
    pub orders_cross: bool,
    /// Least share of an order that arrives.
    pub yield_low: Option<f64>,
    /// Largest share of an order that arrives.
    pub yield_high: Option<f64>,
    /// Probability a period that an open supplier closes.
    pub failure_probability: Option<f64>,
    /// Probability a period that a closed supplier opens.
    pub recovery_probability: Option<f64>,
    /// Share of an order that arrives on time.
    pub first_delivery_share: Option<f64>,
    /// How much later the rest arrives \[periods\].
    pub rest_after_periods: Option<usize>,
    /// Lead time of a second, faster source \[periods\].
    pub expedited_lead_time_periods: Option<usize>,
    /// What a unit costs more there, as a share of its cost.
    pub expedited_premium_share: Option<f64>,
}

/// How long stock keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shelf {
    /// Periods in which a unit can be sold, the one of its arrival included.
    pub life_periods: Option<usize>,
    /// Which units are sold first: `fifo`, the oldest, or `lifo`, the freshest.
    pub issue: Option<String>,
    /// Cost of a unit that spoils \[currency/unit\]; the unit cost if it is left out.
    pub waste_cost_per_unit: Option<f64>,
}

/// What suppliers demand of all their items' orders together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Suppliers {
    /// Terms of every supplier.
    pub defaults: SupplierTerms,
    /// What single suppliers have instead, by name.
    pub named: BTreeMap<String, SupplierTerms>,
}

/// Terms of a supplier.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SupplierTerms {
    /// Cost of an order, however many items are on it, beside their own \[currency/order\].
    pub order_cost: Option<f64>,
    /// The least an order may be.
    pub minimum_order: Option<f64>,
    /// The most that is delivered of a period's orders.
    pub maximum_order: Option<f64>,
    /// What minimum and maximum count: `value`, `volume` or `units`.
    pub counts: Option<String>,
    /// What happens below the minimum: `wait` or `top-up`.
    pub below_minimum: Option<String>,
    /// Cost of a truck \[currency/truck\].
    pub truck_cost: Option<f64>,
    /// What a truck holds \[volume/truck\].
    pub truck_volume: Option<f64>,
    /// What a truck holds \[weight/truck\].
    pub truck_weight: Option<f64>,
    /// The most trucks \[1/period\].
    pub most_trucks: Option<usize>,
    /// Time for making what is ordered \[time/period\].
    pub capacity_time_per_period: Option<f64>,
}

/// How long and how often is simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Simulation {
    /// Measured length of a scenario \[periods\].
    pub periods: Option<usize>,
    /// Periods before measuring starts.
    pub warm_up_periods: Option<usize>,
    /// Fresh scenarios on which everything reported is priced.
    pub scenarios: usize,
    /// Scenarios on which parameters are searched.
    pub search_scenarios: usize,
    /// What becomes of the run if an item cannot be computed: `stop` or `record`.
    pub on_row_failure: String,
}

/// How one of the strategies is selected for an item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Selection {
    /// Probability of selecting one that is worse by more than the zone.
    pub alpha: f64,
    /// Difference that does not matter, as a share of the item's cost.
    pub indifference_share: f64,
    /// The most scenarios of each strategy.
    pub most_scenarios: usize,
}

/// What is compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Strategies {
    /// Names of strategies.
    pub compare: Vec<String>,
    /// Policy family whose parameters they set.
    pub policy: String,
    /// Reserve of `days-of-cover` \[periods\].
    pub days_of_cover: Option<f64>,
    /// Reserve of `percent-of-demand`, as a share of demand over lead time and review.
    pub demand_share: f64,
    /// Share of demand met at once that `fill-rate` and `group-fill-rate` aim at.
    pub fill_rate: f64,
    /// Probability of no stockout of `class-based`, for items of class A, B and C.
    pub class_service_levels: Vec<f64>,
    /// Share of outcomes that `tail-averse` leaves out.
    pub tail_share: f64,
    /// How `searched` searches: `automatic`, or a method.
    pub search: String,
    /// Probability of no stockout.
    pub service_level: f64,
}

/// How all items are ordered together.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Program {
    /// Fresh scenarios on which ways of ordering are compared.
    pub scenarios: Option<usize>,
}

/// How the orders of the coming periods are planned.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OrderPlan {
    /// Length of the plan \[periods\].
    pub periods: Option<usize>,
    /// Scenarios that it is made from.
    pub scenarios: Option<usize>,
    /// Samples of as many scenarios, by which it is judged.
    pub replications: Option<usize>,
    /// Gap to the bound that is small enough, as a share of the cost.
    pub gap: Option<f64>,
    /// How it is made: `automatic`, `prices` or `program`.
    pub method: Option<String>,
    /// Branch-and-bound nodes of each search of the program.
    pub nodes: Option<usize>,
    /// Least expected share of demand met, of all items together.
    pub fill_rate: Option<f64>,
    /// The same of each item.
    pub item_fill_rate: Option<f64>,
    /// Mean cost of shortage over the worst scenarios at most \[currency\].
    pub shortage_tail_limit: Option<f64>,
    /// Share of the scenarios that are the worst.
    pub shortage_tail_share: Option<f64>,
    /// Path of the table of discounts, relative to the study file.
    pub discounts: Option<String>,
    /// Path of the table of transfers, relative to the study file.
    pub transfers: Option<String>,
    /// Room at locations, by what follows `@` in an item's name \[volume\].
    pub space_by_location: BTreeMap<String, f64>,
}

/// What all items share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Constraints {
    /// Most average stock value \[currency\].
    pub stock_budget: Option<f64>,
    /// The same as a share of the plan without limits.
    pub stock_budget_share: Option<f64>,
    /// Most that all orders of a review may cost \[currency\].
    pub cash_per_review: Option<f64>,
    /// Most room that stock on hand and on order may take at any time.
    pub warehouse_space: Option<f64>,
    /// Most average stock volume.
    pub volume_limit: Option<f64>,
    /// The same as a share of the plan without limits.
    pub volume_limit_share: Option<f64>,
}

/// How figures are reported.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Report {
    /// Level of every confidence interval.
    pub confidence_level: f64,
    /// Half-width of the interval of total cost, as a share of it, above which the run is called
    /// too short.
    pub half_width_share: f64,
    /// Periods at the end of the history that are held out and replayed; 0 for none.
    pub replay_periods: usize,
}

impl Default for Calendar {
    fn default() -> Calendar {
        Calendar {
            period: "day".into(),
            week_starts: "monday".into(),
            closed: Closed::List(Vec::new()),
        }
    }
}

impl Default for Forecast {
    fn default() -> Forecast {
        Forecast {
            models: vec!["automatic".into()],
            judged_by: "crps".into(),
            combine: 5,
            windows: 8,
            calibrate: true,
            scenarios_from: "distribution".into(),
            tuning: "none".into(),
            tuning_trials: 16,
            options: BTreeMap::new(),
        }
    }
}

impl Default for Events {
    fn default() -> Events {
        Events {
            review: "before-demand".into(),
            unmet: "lost".into(),
            holding_on: "end".into(),
            review_every_periods: 1,
            review_phase: 0,
            lost_fraction: None,
            patience_periods: None,
            ordering_days: "x".into(),
            receiving_days: "x".into(),
        }
    }
}

impl Default for Simulation {
    fn default() -> Simulation {
        Simulation {
            periods: None,
            warm_up_periods: None,
            scenarios: 1000,
            search_scenarios: 256,
            on_row_failure: "stop".into(),
        }
    }
}

impl Default for Strategies {
    fn default() -> Strategies {
        let targets = solvers::Targets::default();
        Strategies {
            compare: solvers::strategy::USUAL.map(str::to_owned).to_vec(),
            policy: "min-max".into(),
            days_of_cover: None,
            demand_share: targets.demand_share,
            fill_rate: targets.fill_rate,
            class_service_levels: targets.class_service_levels.to_vec(),
            tail_share: targets.tail_share,
            search: solvers::search::AUTOMATIC.into(),
            service_level: targets.service_level,
        }
    }
}

impl Default for Selection {
    fn default() -> Selection {
        Selection { alpha: 0.05, indifference_share: 0.01, most_scenarios: 4_000 }
    }
}

impl Default for Report {
    fn default() -> Report {
        Report { confidence_level: 0.95, half_width_share: 0.02, replay_periods: 0 }
    }
}

fn error() -> String {
    "error".into()
}

fn keep() -> String {
    "keep".into()
}

fn comma() -> String {
    ",".into()
}

fn point() -> String {
    ".".into()
}

fn iso() -> String {
    "YYYY-MM-DD".into()
}
