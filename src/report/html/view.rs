//! What the template shows, as text: the report with its digits chosen.

use serde::Serialize;

use super::comparison::Comparison;
use super::frontier::Frontier;
use super::service::Service;
use crate::report::figures::{
    self, NONE, column_decimals, count, half_width, margin, number, percent, plain,
    shared_decimals, visible, with_half_width,
};
use crate::report::order_plan::OrderPlan;
use crate::report::programmed::Programmed;
use crate::report::replayed::Replay;
use crate::report::{
    CostOf, Interval, OTHER_COSTS, PlanTotals, Recommendation, Report, Scarcity, ShareOf,
    StrategyLine, SupplierLine, WAITS, words,
};

/// Items that stand in the page itself; the script draws the others when asked.
const DRAWN: usize = 500;
/// Items that are explained; the others are in a table.
const EXPLAINED: usize = 10;
/// Warnings shown before the reader unfolds the rest.
const WARNINGS: usize = 12;

/// Everything on the page, from top to bottom.
#[derive(Serialize)]
pub(super) struct Page {
    study: String,
    period: &'static str,
    level: String,
    subtitle: String,
    warnings: Vec<String>,
    more_warnings: Vec<String>,
    answer: String,
    tiles: Vec<Tile>,
    /// Columns of the strategies that most reports do not have.
    other_costs: Vec<&'static str>,
    strategies: Vec<Strategy>,
    exact: Option<String>,
    search: Option<String>,
    classes: Option<String>,
    data: Option<String>,
    selection: Option<String>,
    comparison: Option<Comparison>,
    frontier: Option<Frontier>,
    service: Option<Service>,
    programmed: Option<Told<[String; 6]>>,
    order_plan: Option<Told<[String; 4]>>,
    replay: Option<Told<[String; 7]>>,
    scarcity: Option<Limits>,
    together: Option<Together>,
    pub(super) items: Items,
    /// The items that cost most, and why they get what they get.
    explained: Vec<(String, String)>,
    provenance: Vec<(&'static str, String)>,
}

/// A figure that stands on its own.
#[derive(Serialize)]
struct Tile {
    name: String,
    value: String,
    margin: String,
}

/// A line of the table of strategies.
#[derive(Serialize)]
struct Strategy {
    name: &'static str,
    summary: &'static str,
    cost: Figure,
    holding: String,
    orders: String,
    shortage: String,
    /// In the order of the page's `other_costs`.
    others: Vec<String>,
    fill_rate: Figure,
    stock_value: Figure,
    difference: Figure,
    verdict: &'static str,
    recommended_for: String,
}

/// A number and its half-width.
#[derive(Serialize)]
struct Figure {
    mean: String,
    half: String,
}

/// What the limits do.
#[derive(Serialize)]
struct Limits {
    sentences: Vec<String>,
    has_volume: bool,
    plans: Vec<Plan>,
}

/// A sentence and its table: a name and cells a line.
#[derive(Serialize)]
struct Told<Cells> {
    sentence: String,
    lines: Vec<(String, Cells)>,
}

/// What ordering together does.
#[derive(Serialize)]
struct Together {
    sentence: String,
    /// Columns that most reports do not have.
    waits: Vec<&'static str>,
    suppliers: Vec<Supplier>,
}

/// A line of the table of suppliers.
#[derive(Serialize)]
struct Supplier {
    name: String,
    what: String,
    items: String,
    cost: Figure,
    saving: Figure,
    orders: String,
    orders_alone: String,
    fill_rate: Figure,
    stock_value: Figure,
    /// In the order of `waits`.
    waits: Vec<String>,
}

/// A plan with or without limits.
#[derive(Serialize)]
struct Plan {
    name: &'static str,
    cost: Figure,
    stock_value: Figure,
    volume: Figure,
    fill_rate: Figure,
}

/// The table of items.
#[derive(Serialize)]
pub(super) struct Items {
    total: String,
    drawn: String,
    columns: Vec<(String, bool)>,
    rows: Vec<Vec<Cell>>,
    has_rest: bool,
}

/// Text, smaller text below it, and what the column is sorted by (empty: the text).
#[derive(Serialize)]
pub(super) struct Cell(String, String, String);

/// Chooses what the page says.
pub(super) fn page(report: &Report) -> Page {
    let mut warnings: Vec<String> = report.warnings.iter().map(|text| visible(text)).collect();
    let more_warnings = warnings.split_off(warnings.len().min(WARNINGS));
    Page {
        study: visible(&report.study),
        period: report.period,
        level: level(report),
        subtitle: words::simulated(report),
        warnings,
        more_warnings,
        answer: words::answer(report),
        tiles: tiles(report),
        other_costs: other_costs(report).map(|(name, _)| name).collect(),
        strategies: strategies(report),
        exact: words::exact(report),
        search: words::search(report),
        classes: words::classes(report),
        data: words::data(report),
        selection: words::selection(report),
        comparison: Comparison::of(report),
        frontier: Frontier::of(report),
        service: Service::of(report),
        programmed: report.programmed.as_ref().map(|ways| programmed(report, ways)),
        order_plan: report.order_plan.as_ref().map(|plan| order_plan(report, plan)),
        replay: report.replay.as_ref().map(|replay| replayed(report, replay)),
        scarcity: report.scarcity.as_ref().map(|limits| scarcity(report, limits)),
        together: words::together(report).map(|sentence| together(report, sentence)),
        items: items(report),
        explained: explained(report),
        provenance: provenance(report),
    }
}

fn figure(interval: &Interval, decimals: usize) -> Figure {
    Figure { mean: number(interval.mean, decimals), half: margin(interval, decimals) }
}

/// A share as a percentage with its half-width in percentage points.
fn share(interval: &Interval) -> Figure {
    let Interval { mean, low, high } = *interval;
    let points = Interval { mean: 100.0 * mean, low: 100.0 * low, high: 100.0 * high };
    let half = half_width(&points);
    let decimals = if half > 0.0 && half < 0.1 { 2 } else { 1 };
    Figure { mean: percent(mean, decimals), half: margin(&points, decimals) }
}

/// The plan to follow in four figures: the one within limits, or the cheapest strategy.
fn tiles(report: &Report) -> Vec<Tile> {
    let (whose, cost, value, fill_rate) = match (&report.scarcity, report.strategies.first()) {
        (Some(Scarcity { constrained, .. }), _) => {
            ("plan within limits", constrained.cost, constrained.stock_value, constrained.fill_rate)
        }
        (None, Some(first)) => (first.strategy, first.cost, first.stock_value, first.fill_rate),
        (None, None) => return Vec::new(),
    };
    let tile = |name: String, Figure { mean, half }, unit: &str| Tile {
        name,
        value: mean + unit,
        margin: half,
    };
    vec![
        tile(
            format!("cost a {}, {whose}", report.period),
            figure(&cost, shared_decimals([&cost])),
            "",
        ),
        tile("stock value".to_string(), figure(&value, shared_decimals([&value])), ""),
        tile("fill rate".to_string(), share(&fill_rate), "\u{a0}%"),
        Tile { name: "items".to_string(), value: count(report.items), margin: String::new() },
    ]
}

/// Parts of the cost that some strategy has, beside those that all have.
fn other_costs(report: &Report) -> impl Iterator<Item = (&'static str, CostOf)> {
    let any = |part: CostOf| report.strategies.iter().any(|s| part(s) > 0.0);
    OTHER_COSTS.into_iter().filter(move |(_, part)| any(*part))
}

fn strategies(report: &Report) -> Vec<Strategy> {
    let lines = || report.strategies.iter();
    let cost = shared_decimals(lines().map(|line| &line.cost));
    let value = shared_decimals(lines().map(|line| &line.stock_value));
    let apart = shared_decimals(lines().map(|line| &line.difference));
    let show = |line: &StrategyLine| Strategy {
        name: line.strategy,
        summary: line.summary,
        cost: figure(&line.cost, cost),
        holding: number(line.holding_cost, cost),
        orders: number(line.order_cost, cost),
        shortage: number(line.shortage_cost, cost),
        others: other_costs(report).map(|(_, part)| number(part(line), cost)).collect(),
        fill_rate: share(&line.fill_rate),
        stock_value: figure(&line.stock_value, value),
        difference: match line.verdict {
            "cheapest" => Figure { mean: NONE.to_string(), half: String::new() },
            _ => figure(&line.difference, apart),
        },
        verdict: line.verdict,
        recommended_for: count(line.recommended_for),
    };
    lines().map(show).collect()
}

fn scarcity(report: &Report, limits: &Scarcity) -> Limits {
    let both = [&limits.unconstrained, &limits.constrained];
    let cost = shared_decimals(both.map(|plan| &plan.cost));
    let value = shared_decimals(both.map(|plan| &plan.stock_value));
    let volume = shared_decimals(both.map(|plan| &plan.volume));
    let show = |name, plan: &PlanTotals| Plan {
        name,
        cost: figure(&plan.cost, cost),
        stock_value: figure(&plan.stock_value, value),
        volume: figure(&plan.volume, volume),
        fill_rate: share(&plan.fill_rate),
    };
    Limits {
        sentences: words::scarcity(report, limits),
        has_volume: limits.volume_limit.is_some(),
        plans: vec![
            show("without limits", &limits.unconstrained),
            show("within the limits", &limits.constrained),
        ],
    }
}

fn together(report: &Report, sentence: String) -> Together {
    let lines = || report.suppliers.iter();
    let cost = shared_decimals(lines().map(|line| &line.cost));
    let saving = shared_decimals(lines().map(|line| &line.saving));
    let value = shared_decimals(lines().map(|line| &line.stock_value));
    let any = |of: ShareOf| lines().any(|line| of(line) > 0.0);
    let waits: Vec<(&str, ShareOf)> = WAITS.into_iter().filter(|(_, of)| any(*of)).collect();
    let show = |line: &SupplierLine| Supplier {
        name: visible(&line.supplier),
        what: words::coordination(line, report.period),
        items: count(line.items),
        cost: figure(&line.cost, cost),
        saving: figure(&line.saving, saving),
        orders: plain(line.orders),
        orders_alone: plain(line.orders_alone),
        fill_rate: share(&line.fill_rate),
        stock_value: figure(&line.stock_value, value),
        waits: waits.iter().map(|(_, of)| percent(of(line), 1)).collect(),
    };
    Together {
        sentence,
        suppliers: lines().map(show).collect(),
        waits: waits.iter().map(|(name, _)| *name).collect(),
    }
}

fn programmed(report: &Report, programmed: &Programmed) -> Told<[String; 6]> {
    let names = programmed.lines.iter().map(|line| line.way.to_owned());
    Told {
        sentence: words::programmed(report.period, programmed),
        lines: names.zip(words::ways(programmed)).collect(),
    }
}

fn order_plan(report: &Report, plan: &OrderPlan) -> Told<[String; 4]> {
    Told { sentence: words::order_plan(report.period, plan), lines: words::first_orders(plan) }
}

fn replayed(report: &Report, replay: &Replay) -> Told<[String; 7]> {
    let names = replay.lines.iter().map(|line| line.strategy.to_owned());
    Told {
        sentence: words::replay(report.period, replay),
        lines: names.zip(words::replayed(replay)).collect(),
    }
}

/// The items that cost most, with a paragraph each.
fn explained(report: &Report) -> Vec<(String, String)> {
    let mut dearest: Vec<&Recommendation> = report.recommendations.iter().collect();
    dearest.sort_by(|left, right| right.cost.mean.total_cmp(&left.cost.mean));
    let explain = |line: &Recommendation| (visible(&line.item), words::explanation(report, line));
    dearest.into_iter().take(EXPLAINED).map(explain).collect()
}

fn items(report: &Report) -> Items {
    let columns = [
        ("Item".to_string(), false),
        ("What to do".to_string(), false),
        (format!("Cost a {}", report.period), true),
        ("Saving over the next".to_string(), true),
        ("Fill rate, %".to_string(), true),
        ("Stock, units".to_string(), true),
        ("Stock value".to_string(), true),
        ("Safety stock, units".to_string(), true),
        (format!("Demand a {}", report.period), true),
    ];
    let digits = Digits::of(&report.recommendations);
    let rows: Vec<Vec<Cell>> =
        report.recommendations.iter().take(DRAWN).map(|line| digits.row(line)).collect();
    Items {
        total: count(report.recommendations.len()),
        drawn: count(rows.len()),
        columns: columns.to_vec(),
        has_rest: report.recommendations.len() > DRAWN,
        rows,
    }
}

/// The rows of items that the script draws.
pub(super) fn rest(report: &Report) -> impl Iterator<Item = Vec<Cell>> + '_ {
    let digits = Digits::of(&report.recommendations);
    report.recommendations.iter().skip(DRAWN).map(move |line| digits.row(line))
}

/// Decimals of the item table's columns.
struct Digits {
    cost: usize,
    stock: usize,
    value: usize,
    safety: usize,
    demand: usize,
}

impl Digits {
    fn of(lines: &[Recommendation]) -> Digits {
        let column = |value: fn(&Recommendation) -> f64| column_decimals(lines.iter().map(value));
        Digits {
            cost: column(|line| line.cost.mean),
            stock: column(|line| line.stock_units.mean).min(1),
            value: column(|line| line.stock_value).min(2),
            safety: column(|line| line.safety_stock).min(1),
            demand: column(|line| line.demand_mean).min(2),
        }
    }

    fn row(&self, line: &Recommendation) -> Vec<Cell> {
        let class = format!("{}{} {}", line.value_class, line.variability_class, line.pattern);
        let about = [&line.category, &class, &line.note].map(|text| visible(text));
        let about: Vec<&str> =
            about.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        let cost = figure(&line.cost, self.cost);
        let fill_rate = share(&line.fill_rate);
        let stock = figure(&line.stock_units, self.stock);
        let deviation = number(line.demand_deviation, self.demand);
        let model = format!("s.d.\u{a0}{deviation}; {}", visible(&line.demand_model));
        vec![
            Cell(visible(&line.item), about.join(" · "), String::new()),
            Cell(
                words::item(line),
                match line.together.as_slice() {
                    [_, _] => format!("for orders of {}", visible(&line.supplier)),
                    [] => line.strategy.clone(),
                    _ => format!("with others of {}", visible(&line.supplier)),
                },
                String::new(),
            ),
            Cell(cost.mean, cost.half, key(line.cost.mean)),
            self.saving(line),
            Cell(fill_rate.mean, fill_rate.half, key(line.fill_rate.mean)),
            Cell(stock.mean, stock.half, key(line.stock_units.mean)),
            Cell(number(line.stock_value, self.value), String::new(), key(line.stock_value)),
            Cell(number(line.safety_stock, self.safety), String::new(), key(line.safety_stock)),
            Cell(number(line.demand_mean, self.demand), model, key(line.demand_mean)),
        ]
    }

    fn saving(&self, line: &Recommendation) -> Cell {
        match (line.runner_up, line.significant) {
            ("", _) => Cell(NONE.to_string(), String::new(), key(0.0)),
            (next, true) => Cell(
                with_half_width(&line.saving, self.cost),
                format!("over {next}"),
                key(line.saving.mean),
            ),
            (next, false) => Cell("none".to_string(), format!("same as {next}"), key(0.0)),
        }
    }
}

/// A number to sort by; digits that decide nothing would only fill the page.
fn key(value: f64) -> String {
    format!("{:e}", format!("{value:.5e}").parse::<f64>().unwrap_or(value))
}

/// The level of the intervals, as a percentage.
fn level(report: &Report) -> String {
    format!("{}\u{a0}%", plain(100.0 * report.confidence_level))
}

fn provenance(report: &Report) -> Vec<(&'static str, String)> {
    vec![
        ("Study", visible(&report.study)),
        ("Sales history", format!("{} to {}", report.history_from, report.history_to)),
        ("Period", report.period.to_string()),
        ("Sequence of events", visible(&report.events)),
        ("Simulated", words::several(report.periods, report.period)),
        ("Warm-up, not measured", words::several(report.warm_up_periods, report.period)),
        ("Fresh scenarios", count(report.scenarios)),
        ("Confidence level", level(report)),
        ("Version of the report's layout", figures::count(report.schema as usize)),
    ]
}
