//! What the user gets: one value that every output format reads.
//!
//! [`text`] prints it on the terminal, [`tables`] writes it as CSV, [`html`] as one
//! self-contained page, and `serde` as JSON. No format computes a figure of its own.

use drivers::{Drivers, SearchEvidence};
use engine::Estimate;
use lines::Lines;
use order_plan::OrderPlan;
use programmed::Programmed;
use quality::QualityLine;
use replayed::Replay;
use serde::Serialize;
use service::{CurvePoint, Exchange, FutureLine};

pub mod drivers;
pub mod fans;
pub(crate) mod figures;
pub mod html;
pub mod lines;
pub mod order_plan;
pub mod programmed;
pub mod quality;
pub mod replayed;
#[cfg(test)]
pub(crate) mod sample;
pub mod service;
pub mod tables;
pub mod text;
mod words;

/// A mean and its confidence interval at the study's level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Interval {
    /// The estimate.
    pub mean: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The estimate, and as many standard errors to both sides.
    pub fn around(estimate: Estimate, width: f64) -> Interval {
        let half = width * estimate.error;
        Interval { mean: estimate.mean, low: estimate.mean - half, high: estimate.mean + half }
    }

    /// The same with the other sign.
    #[must_use]
    pub fn turned(self) -> Interval {
        Interval { mean: -self.mean, low: -self.high, high: -self.low }
    }
}

/// Everything a finished run says.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Version of this layout; grows when a field changes its meaning.
    pub schema: u32,
    /// Name of the study.
    pub study: String,
    /// The sequence of events, in words.
    pub events: String,
    /// Name of one period: `day`, `week` or `month`.
    pub period: &'static str,
    /// First date of the sales history, `YYYY-MM-DD`.
    pub history_from: String,
    /// Last date of the sales history, `YYYY-MM-DD`.
    pub history_to: String,
    /// Number of items in the study.
    pub items: usize,
    /// Measured length of each scenario \[periods\].
    pub periods: usize,
    /// Periods simulated before measuring starts.
    pub warm_up_periods: usize,
    /// Fresh scenarios every figure is estimated on.
    pub scenarios: usize,
    /// Level of every interval in the report, for example 0.95.
    pub confidence_level: f64,
    /// Probability with which each item's strategy is within the zone of the cheapest.
    pub selection_probability: f64,
    /// Difference of costs that does not matter, as a share of an item's.
    pub indifference_share: f64,
    /// Things the user should know before trusting the figures; shown first.
    pub warnings: Vec<String>,
    /// Items that could not be computed and are in no figure; in order of name within each attempt.
    pub failures: Vec<FailureLine>,
    /// The comparison of strategies over all items, cheapest first.
    pub strategies: Vec<StrategyLine>,
    /// Efficient plans, from little stock to much: what service costs.
    pub frontier: Vec<FrontierPoint>,
    /// The same for each strategy, its levels moved up and down; last, each item's own choice.
    pub curves: Vec<CurvePoint>,
    /// What stock strategies need for the same service, and what service they give for the same stock.
    pub exchange: Option<Exchange>,
    /// Each item's selected strategy, before any limit.
    pub selected: Selected,
    /// What a shared budget or volume limit does; `None` without constraints.
    pub scarcity: Option<Scarcity>,
    /// All suppliers whose terms couple their items; `None` without any.
    pub together: Option<SupplierTotals>,
    /// What the classes A, B and C are, most valuable first.
    pub classes: Vec<ClassLine>,
    /// What is exactly known beside the estimates; `None` if nothing is.
    pub exact: Option<ExactTotals>,
    /// One line per supplier whose terms couple its items, in order of name.
    pub suppliers: Vec<SupplierLine>,
    /// One line per item, in order of item name.
    pub recommendations: Vec<Recommendation>,
    /// One line per item and strategy, in order of item name and strategy.
    pub measures: Lines<ItemMeasures>,
    /// All items ordered together at each review, beside their own policies; `None` unless the study
    /// asks for it.
    pub programmed: Option<Programmed>,
    /// Orders of the coming periods; `None` unless the study asks for them.
    pub order_plan: Option<OrderPlan>,
    /// The last part of the history, replayed; `None` unless the study asks for it.
    pub replay: Option<Replay>,
    /// How good the sales of each item are, in order of item name.
    pub quality: Vec<QualityLine>,
    /// Totals over items in each fresh scenario; only in their own table.
    #[serde(skip)]
    pub futures: Vec<FutureLine>,
}

/// An item that could not be computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FailureLine {
    /// Name of the item.
    pub item: String,
    /// Why not.
    pub reason: String,
}

/// What one strategy does to the whole assortment.
#[derive(Clone, Debug, Serialize)]
pub struct StrategyLine {
    /// Name in the study file.
    pub strategy: &'static str,
    /// One line of explanation.
    pub summary: &'static str,
    /// Total cost \[currency/period\].
    pub cost: Interval,
    /// Part of the cost: holding \[currency/period\].
    pub holding_cost: f64,
    /// Part of the cost: orders \[currency/period\].
    pub order_cost: f64,
    /// Part of the cost: unmet demand \[currency/period\].
    pub shortage_cost: f64,
    /// Part of the cost: units bought, the premium of a faster source included
    /// \[currency/period\].
    pub purchase_cost: f64,
    /// Part of the cost: units that spoiled \[currency/period\].
    pub waste_cost: f64,
    /// Share of demand met at once from stock (type 2, beta).
    pub fill_rate: Interval,
    /// Average stock \[units\].
    pub stock_units: Interval,
    /// Average stock at unit cost \[currency\].
    pub stock_value: Interval,
    /// Orders placed \[orders/period\].
    pub orders: f64,
    /// Cost minus the cheapest strategy's, on the same scenarios \[currency/period\]; zero for the cheapest.
    pub difference: Interval,
    /// `cheapest`, `dearer` or `no significant difference`.
    pub verdict: &'static str,
    /// Number of items for which this strategy is recommended, before any limit.
    pub recommended_for: usize,
}

/// A part of a strategy's cost \[currency/period\].
pub(crate) type CostOf = fn(&StrategyLine) -> f64;

/// Parts of the cost that most studies do not have, shown where there are any.
pub(crate) const OTHER_COSTS: [(&str, CostOf); 2] =
    [("premium", |line| line.purchase_cost), ("waste", |line| line.waste_cost)];

/// A share of a supplier's periods.
pub(crate) type ShareOf = fn(&SupplierLine) -> f64;

/// What holds a supplier's orders back, shown where anything does.
pub(crate) const WAITS: [(&str, ShareOf); 2] =
    [("held by minimum %", |line| line.waited), ("cut by maximum %", |line| line.bound)];

/// One plan on the frontier between cost, service and stock.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct FrontierPoint {
    /// Average stock at unit cost \[currency\].
    pub stock_value: f64,
    /// Total cost \[currency/period\].
    pub cost: f64,
    /// Share of demand met at once from stock.
    pub fill_rate: f64,
}

/// Totals of each item's selected strategy.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Selected {
    /// Their totals.
    pub totals: PlanTotals,
    /// Their cost less that of the cheapest strategy for all items, paired \[currency/period\].
    pub difference: Interval,
    /// Their cost on the scenarios that parameters were set with \[currency/period\].
    pub chosen_by: f64,
    /// Probability, at least, that the cheapest strategy is the cheapest for all items, or within the
    /// zone of it.
    pub cheapest_probability: f64,
}

/// The totals of a plan that the constraints speak about.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct PlanTotals {
    /// Total cost on fresh scenarios \[currency/period\].
    pub cost: Interval,
    /// Average stock at unit cost, on fresh scenarios \[currency\].
    pub stock_value: Interval,
    /// Average stock volume, on fresh scenarios \[volume\].
    pub volume: Interval,
    /// Share of demand met at once from stock.
    pub fill_rate: Interval,
}

/// Sharing what is scarce: the exact choice of one policy per item under common limits.
#[derive(Clone, Debug, Serialize)]
pub struct Scarcity {
    /// Limit on average stock value \[currency\].
    pub stock_budget: Option<f64>,
    /// Limit on average stock volume \[volume\].
    pub volume_limit: Option<f64>,
    /// The plan without limits.
    pub unconstrained: PlanTotals,
    /// The plan within the limits.
    pub constrained: PlanTotals,
    /// Cost saved by one more unit of currency in the budget \[currency/period per currency\].
    pub price_of_budget: f64,
    /// Cost saved by one more unit of volume \[currency/period per volume\].
    pub price_of_volume: f64,
    /// The price of the budget if all limits were 1 % looser, and 1 % tighter; `None` if not known.
    pub price_of_budget_range: Option<[f64; 2]>,
    /// The same of volume.
    pub price_of_volume_range: Option<[f64; 2]>,
    /// What the solver said, for example `optimal`.
    pub status: String,
    /// Cost of the plan as the program sees it \[currency/period\].
    pub objective: f64,
    /// Proved lower bound of the same \[currency/period\].
    pub bound: f64,
    /// Items whose policy differs from the unconstrained plan.
    pub changed_items: usize,
}

/// Items of one class of value, under the policies recommended in the end.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ClassLine {
    /// `A`, `B` or `C`.
    pub class: &'static str,
    /// Number of items.
    pub items: usize,
    /// Value of their demand at unit cost, as a share of all.
    pub value_share: f64,
    /// Cost \[currency/period\].
    pub cost: f64,
    /// Average stock at unit cost \[currency\].
    pub stock_value: f64,
    /// Items whose demand is smooth, erratic, intermittent and lumpy.
    pub patterns: [usize; 4],
}

/// Items whose recommended policy, without limits, has an exact long-run cost.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct ExactTotals {
    /// Their number.
    pub items: usize,
    /// Exact cost of their recommended policies \[currency/period\].
    pub cost: f64,
    /// The same as it was estimated on fresh scenarios \[currency/period\].
    pub estimated: Interval,
    /// How many of them have a known least cost.
    pub optimum_items: usize,
    /// Exact cost of the recommended policies of these \[currency/period\].
    pub optimum_items_cost: f64,
    /// The least cost of any policy for these \[currency/period\].
    pub optimum: f64,
}

/// What the items of all suppliers with terms cost under these.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct SupplierTotals {
    /// Cost of items and orders, on fresh scenarios \[currency/period\].
    pub cost: Interval,
    /// The same if each item is ordered as if it were alone \[currency/period\].
    pub cost_alone: Interval,
    /// The one less the other, paired \[currency/period\].
    pub saving: Interval,
}

/// What the items of one supplier cost under its terms, and what ordering together saves.
#[derive(Clone, Debug, Serialize)]
pub struct SupplierLine {
    /// Name of the supplier, byte for byte.
    pub supplier: String,
    /// Number of its items.
    pub items: usize,
    /// Size of orders, in those of each item alone.
    pub order_factor: f64,
    /// Orders last for as long at least \[periods\].
    pub cover_periods: f64,
    /// How far up from its reorder level to its order-up-to level an item joins an order of
    /// another; `None` if never.
    pub joins_at_share: Option<f64>,
    /// Cost of its items and its orders, on fresh scenarios \[currency/period\].
    pub cost: Interval,
    /// The same if each item is ordered as if it were alone \[currency/period\].
    pub cost_alone: Interval,
    /// The one less the other, paired; zero if each item is to be ordered alone
    /// \[currency/period\].
    pub saving: Interval,
    /// Share of demand met at once from stock.
    pub fill_rate: Interval,
    /// Average stock at unit cost \[currency\].
    pub stock_value: Interval,
    /// Orders to the supplier \[orders/period\].
    pub orders: f64,
    /// The same if each item is ordered as if it were alone \[orders/period\].
    pub orders_alone: f64,
    /// Items on them \[lines/period\].
    pub lines: f64,
    /// Share of periods in which an item had to order and the minimum held it back.
    pub waited: f64,
    /// Share of periods in which the items asked for more than the maximum.
    pub bound: f64,
}

/// A named value of a policy.
#[derive(Clone, Debug, Serialize)]
pub struct ParameterValue {
    /// Name, for example `min`.
    pub name: &'static str,
    /// Value.
    pub value: f64,
    /// Unit, for example `units`.
    pub unit: &'static str,
}

/// What to do for one item.
#[derive(Clone, Debug, Serialize)]
pub struct Recommendation {
    /// Name of the item, byte for byte.
    pub item: String,
    /// Category from the items file; empty if none.
    pub category: String,
    /// By value of demand at unit cost: `A`, `B` or `C`.
    pub value_class: &'static str,
    /// By variability of demand: `X`, `Y` or `Z`.
    pub variability_class: &'static str,
    /// `smooth`, `erratic`, `intermittent`, `lumpy` or `none`.
    pub pattern: &'static str,
    /// `new`, `established` or `dying`.
    pub life: &'static str,
    /// `none`, `week`, `year` or `week and year`.
    pub season: &'static str,
    /// Supplier from the items file; empty if none.
    pub supplier: String,
    /// The strategy that set the parameters; `budget plan` where a limit moved them.
    pub strategy: String,
    /// The policy family, for example `min-max`.
    pub policy: &'static str,
    /// Its parameters.
    pub parameters: Vec<ParameterValue>,
    /// The item's levels if it is ordered together with others of its supplier; empty if it is
    /// not. All other figures of the line are those of the item alone.
    pub together: Vec<ParameterValue>,
    /// Reorder level minus mean demand over lead time and review period \[units\].
    pub safety_stock: f64,
    /// Cost on fresh scenarios \[currency/period\].
    pub cost: Interval,
    /// Exact cost of the recommended policy in the long run, if it is known and no limit moved the
    /// item \[currency/period\].
    pub exact_cost: Option<f64>,
    /// The least cost of any policy in the long run, if it is known \[currency/period\].
    pub optimal_cost: Option<f64>,
    /// Share of demand met at once from stock.
    pub fill_rate: Interval,
    /// Share of periods that ended without unmet demand.
    pub ready_rate: f64,
    /// Average stock \[units\].
    pub stock_units: Interval,
    /// Average stock at unit cost \[currency\].
    pub stock_value: f64,
    /// Orders placed \[orders/period\].
    pub orders: f64,
    /// The strategy that comes next in cost.
    pub runner_up: &'static str,
    /// Runner-up's cost minus this one's, paired, on fresh scenarios \[currency/period\].
    pub saving: Interval,
    /// Strategies that are not surely worse than the one that was selected, it included.
    pub not_worse: Vec<&'static str>,
    /// Whether it is within the indifference zone of the best with the study's probability.
    pub guaranteed: bool,
    /// Scenarios that the selection took, over all strategies.
    pub selection_scenarios: u64,
    /// Whether the saving's interval excludes zero.
    pub significant: bool,
    /// Whether the saving counts if, of those that count in its class of value, only a share may be
    /// false: one less the confidence level.
    pub discovered: bool,
    /// What speaks for the policy that `searched` found; `None` if it was not compared.
    pub search: Option<SearchEvidence>,
    /// What drives its safety stock, and what it would take to change the choice.
    pub drivers: Drivers,
    /// Demand model chosen, in words, for example `negative-binomial, weekday, recent level`.
    pub demand_model: String,
    /// Mean demand of the model \[units/period\].
    pub demand_mean: f64,
    /// Standard deviation of the model \[units/period\].
    pub demand_deviation: f64,
    /// What is odd about this item's data; empty if nothing.
    pub note: String,
}

/// What one strategy does to one item, on fresh scenarios.
#[derive(Clone, Debug, Serialize)]
pub struct ItemMeasures {
    /// Name of the item.
    pub item: String,
    /// The strategy.
    pub strategy: &'static str,
    /// The policy family.
    pub policy: &'static str,
    /// Its parameters.
    pub parameters: Vec<ParameterValue>,
    /// Cost \[currency/period\].
    pub cost: Interval,
    /// 5th percentile of a scenario's cost \[currency/period\].
    pub cost_p05: f64,
    /// 95th percentile of a scenario's cost \[currency/period\].
    pub cost_p95: f64,
    /// Mean cost of the worst 5 % of scenarios \[currency/period\].
    pub cost_cvar95: f64,
    /// Holding \[currency/period\].
    pub holding_cost: f64,
    /// Orders \[currency/period\].
    pub order_cost: f64,
    /// Unmet demand \[currency/period\].
    pub shortage_cost: f64,
    /// Part of the cost: units bought, the premium of a faster source included
    /// \[currency/period\].
    pub purchase_cost: f64,
    /// Part of the cost: units that spoiled \[currency/period\].
    pub waste_cost: f64,
    /// Share of demand met at once.
    pub fill_rate: Interval,
    /// Share of periods without unmet demand.
    pub ready_rate: f64,
    /// Share of replenishment cycles without unmet demand (type 1, alpha).
    pub cycle_service: f64,
    /// Highest stock at the end of a period, mean over scenarios \[units\].
    pub peak_stock_units: f64,
    /// Demand that was lost \[units/period\].
    pub lost_units: f64,
    /// Stock that spoiled \[units/period\].
    pub wasted_units: f64,
    /// Units ordered from a faster source \[units/period\].
    pub expedited_units: f64,
    /// Average stock \[units\].
    pub stock_units: Interval,
    /// Average stock at unit cost \[currency\].
    pub stock_value: f64,
    /// Orders \[orders/period\].
    pub orders: f64,
    /// Cost minus the recommended strategy's, paired \[currency/period\].
    pub difference: Interval,
}
