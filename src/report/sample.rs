//! A made-up report for the tests of every format.

use scenarios::cleaning::Quality;

use super::drivers::{BreakEven, Drivers, Price, SearchEvidence};
use super::order_plan::{DeliveryLine, FirstOrder, OrderPlan, OrderPlanLine, TransferLine};
use super::programmed::{ProgramLine, Programmed};
use super::quality::QualityLine;
use super::replayed::{Replay, ReplayLine};
use super::service::{CurvePoint, Exchange, ExchangeLine};
use super::{
    ClassLine, ExactTotals, FrontierPoint, Interval, ItemMeasures, ParameterValue, PlanTotals,
    Recommendation, Report, Scarcity, Selected, StrategyLine, SupplierLine, SupplierTotals,
};

/// Names that must not be trusted, then ordinary ones.
const NAMES: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(2)>",
    "</script><script>alert(3)</script>",
    "=cmd|' /C calc'!A1",
    "\x1b[31mred\x1b[0m",
    "{{ 7 * 7 }} \u{2028} & <!-- ",
    "INFLATABLE POLITICAL GLOBE, ASSORTED COLOURS, BOX OF TWELVE",
    "Größe 5 µm",
    "22423 REGENCY CAKESTAND",
];

pub(crate) fn interval(mean: f64, half: f64) -> Interval {
    Interval { mean, low: mean - half, high: mean + half }
}

/// A report on this many items.
pub(crate) fn report(items: usize) -> Report {
    Report {
        schema: 1,
        study: "quickstart <b>&</b>".to_string(),
        events: "review, demand, delivery; unmet demand is lost; holding on stock at the end"
            .to_string(),
        period: "day",
        history_from: "2010-12-01".to_string(),
        history_to: "2011-12-09".to_string(),
        items,
        periods: 364,
        warm_up_periods: 56,
        scenarios: 1000,
        confidence_level: 0.95,
        selection_probability: 0.95,
        indifference_share: 0.005,
        failures: Vec::new(),
        warnings: vec![
            "3 items sold on fewer than 8 days; their demand models are weak: 10002, 10080, 21"
                .to_string(),
            "item `</script><script>alert(4)</script>`: half-width is 6 % of its cost".to_string(),
        ],
        strategies: strategies(items),
        frontier: frontier(),
        curves: curves(),
        exchange: Some(exchange()),
        selected: Selected {
            totals: PlanTotals { cost: interval(804.1, 3.1), ..PlanTotals::default() },
            difference: interval(-8.3, 1.2),
            chosen_by: 798.2,
            cheapest_probability: 0.9987,
        },
        futures: Vec::new(),
        scarcity: Some(scarcity(items)),
        together: Some(SupplierTotals {
            cost: interval(81.4, 0.9),
            cost_alone: interval(95.7, 1.1),
            saving: interval(14.3, 0.4),
        }),
        classes: vec![ClassLine {
            class: "A",
            items,
            value_share: 1.0,
            cost: 831.9,
            stock_value: 78_311.0,
            patterns: [items, 0, 0, 0],
        }],
        exact: Some(ExactTotals {
            items: items / 3,
            cost: 211.32,
            estimated: interval(211.4, 0.6),
            optimum_items: items / 4,
            optimum_items_cost: 170.1,
            optimum: 169.3,
        }),
        suppliers: suppliers(items),
        recommendations: (0..items).map(recommendation).collect(),
        measures: (0..items).map(measures).collect::<Vec<_>>().into(),
        quality: (0..items).map(quality).collect(),
        programmed: Some(programmed()),
        order_plan: Some(order_plan()),
        replay: Some(replay(items)),
    }
}

fn strategies(items: usize) -> Vec<StrategyLine> {
    let lines = [
        ("searched", "min and max found by search on scenarios", 812.437, 0.974, 98_212.0),
        ("newsvendor", "level that balances shortage and holding", 824.55, 0.981, 109_332.0),
        ("empirical-quantile", "level from quantiles of past demand", 851.2, 0.962, 91_872.0),
        ("z-sigma", "mean demand and a multiple of its deviation", 902.81, 0.949, 88_040.0),
        ("days-of-cover", "stock for a fixed number of days", 1312.6, 0.913, 131_204.0),
    ];
    let shares = [items - items * 3 / 8, items * 9 / 40, items / 10, items / 20, 0];
    lines
        .into_iter()
        .zip(shares)
        .enumerate()
        .map(|(index, ((strategy, summary, cost, fill_rate, value), recommended_for))| {
            StrategyLine {
                strategy,
                summary,
                cost: interval(cost, 3.1 + index as f64),
                holding_cost: 0.4 * cost,
                order_cost: 0.25 * cost,
                shortage_cost: 0.35 * cost,
                purchase_cost: 0.0,
                waste_cost: 0.0,
                fill_rate: interval(fill_rate, 0.0021),
                stock_units: interval(value / 3.0, 120.0),
                stock_value: interval(value, 412.0),
                orders: 41.25,
                difference: match index {
                    0 => Interval::default(),
                    _ => interval(cost - 812.437, 1.3 + index as f64),
                },
                verdict: if index == 0 { "cheapest" } else { "dearer" },
                recommended_for,
            }
        })
        .collect()
}

fn frontier() -> Vec<FrontierPoint> {
    (0..14_u8)
        .map(|step| {
            let step = f64::from(step);
            FrontierPoint {
                stock_value: 61_000.0 + 4_900.0 * step,
                cost: 808.0 + (9.0 - step) * (9.0 - step) * if step < 9.0 { 3.2 } else { 2.1 },
                fill_rate: 1.0 - 0.11 / (1.0 + 0.5 * step),
            }
        })
        .collect()
}

fn curves() -> Vec<CurvePoint> {
    let point = |strategy: &'static str, worth: f64, by: f64| CurvePoint {
        strategy,
        moved_deviations: by,
        cost: interval(800.0 + 20.0 * by * by, 3.0),
        fill_rate: interval(1.0 - worth / (3.0 + by) / 10.0, 0.002),
        stock_value: interval(60_000.0 + 20_000.0 * by, 400.0),
        safety_stock_value: 30_000.0 + 20_000.0 * by,
    };
    let steps = [-2.0, -1.0, 0.0, 1.0, 2.0];
    ["searched", "z-sigma", "selected"]
        .into_iter()
        .zip([0.9, 1.2, 0.8])
        .flat_map(|(strategy, worth)| steps.map(|by| point(strategy, worth, by)))
        .collect()
}

fn exchange() -> Exchange {
    let line = |strategy, less: f64| ExchangeLine {
        strategy,
        reference: "z-sigma",
        stock_for_same_service: Some(interval(-less, 0.004)),
        safety_stock_for_same_service: (less > 0.1).then(|| interval(-2.0 * less, 0.01)),
        service_for_same_stock: Some(interval(0.1 * less, 0.001)),
    };
    Exchange {
        reference: "z-sigma",
        fill_rate: 0.949,
        stock_value: 88_040.0,
        safety_stock_value: 31_000.0,
        lines: vec![line("searched", 0.112), line("selected", 0.131), line("days-of-cover", -0.2)],
    }
}

fn order_plan() -> OrderPlan {
    let line = |period: usize, order: f64| OrderPlanLine {
        item: "<b>item</b>".to_owned(),
        supplier: "supplier".to_owned(),
        period,
        date: "2026-01-05".to_owned(),
        order,
        order_value: 3.5 * order,
        expected_stock: 12.25,
        expected_unmet: 0.5,
    };
    let delivery = || DeliveryLine {
        supplier: "<b>supplier</b>".to_owned(),
        period: 1,
        date: "2026-01-05".to_owned(),
        items: 1,
        value: 84.0,
        volume: 6.0,
        weight: 0.0,
        trucks: Some(1.0),
    };
    let transfer = || TransferLine {
        from: "<b>item</b>@north".to_owned(),
        to: "<b>item</b>@south".to_owned(),
        period: 1,
        date: "2026-01-05".to_owned(),
        units: 3.0,
    };
    OrderPlan {
        method: "program",
        periods: 2,
        scenarios: 64,
        fresh_scenarios: 512,
        cash_per_review: Some(9_500.0),
        warehouse_space: None,
        suppliers_left_out: false,
        confidence_level: 0.95,
        reviewed_today: true,
        today: 84.0,
        cost: interval(23.1, 0.4),
        holding_cost: 14.2,
        order_cost: 3.0,
        shortage_cost: 5.9,
        waste_cost: 0.25,
        transfer_cost: 0.125,
        fill_rate: Some(interval(0.982, 0.001)),
        waiting: None,
        over_space: 0.0,
        bound: 22.4,
        cost_of_sample: 22.9,
        replications: 4,
        most_saving: Some(0.8),
        more_of_expected: Some(interval(4.2, 0.3)),
        price_of_cash: 0.002,
        price_of_space: 0.0,
        lines: vec![line(1, 24.0), line(2, 0.0)],
        suppliers: vec![delivery()],
        first_suppliers: vec![delivery()],
        transfers: vec![transfer()],
        first_transfers: vec![transfer()],
        first: vec![FirstOrder {
            item: "<b>item</b>".to_owned(),
            order: 24.0,
            value: 84.0,
            later: 0.0,
            stock_at_end: 12.25,
        }],
        items_today: 1,
    }
}

fn programmed() -> Programmed {
    let ways =
        [("program", 790.2, 0.0), ("ordered together", 822.7, 32.5), ("z-sigma", 911.0, 120.8)];
    let line = |(way, cost, more): (&'static str, f64, f64)| ProgramLine {
        way,
        cost: interval(cost, 2.1),
        more_than_program: interval(more, 0.9),
        supplier_order_cost: 21.4,
        fill_rate: interval(0.971, 0.001),
        stock_value: interval(97_120.0, 210.0),
        short: 0.043,
    };
    Programmed {
        scenarios: 256,
        cash_per_review: Some(9_500.0),
        warehouse_space: None,
        stock_budget: None,
        stock_price: 0.0,
        price_of_cash: interval(0.012, 0.001),
        price_of_space: interval(0.0, 0.0),
        lines: ways.into_iter().map(line).collect(),
    }
}

fn replay(items: usize) -> Replay {
    let line = |strategy, more: f64| ReplayLine {
        strategy,
        items,
        promised_cost: 804.1,
        real_cost: 804.1 + more,
        difference: interval(more, 20.0),
        promised_fill_rate: 0.974,
        real_fill_rate: 0.951,
        promised_stock_value: 98_000.0,
        real_stock_value: 91_300.0,
    };
    Replay {
        periods: 78,
        known_to: "2011-09-09".to_string(),
        history_to: "2011-12-09".to_string(),
        left_out: 1,
        lines: vec![line("selected", 41.3), line("searched", -12.0), line("z-sigma", 90.2)],
    }
}

fn scarcity(items: usize) -> Scarcity {
    Scarcity {
        stock_budget: Some(78_569.6),
        volume_limit: None,
        unconstrained: PlanTotals {
            cost: interval(808.2, 3.1),
            stock_value: interval(98_212.0, 412.0),
            volume: interval(0.0, 0.0),
            fill_rate: interval(0.974, 0.002),
        },
        constrained: PlanTotals {
            cost: interval(831.9, 3.2),
            stock_value: interval(78_311.0, 371.0),
            volume: interval(0.0, 0.0),
            fill_rate: interval(0.958, 0.002),
        },
        price_of_budget: 0.0021,
        price_of_volume: 0.0,
        price_of_budget_range: Some([0.0019, 0.0024]),
        price_of_volume_range: None,
        status: "optimal".to_string(),
        objective: 830.51,
        bound: 830.49,
        changed_items: items / 4,
    }
}

fn suppliers(items: usize) -> Vec<SupplierLine> {
    let line = |index: usize| SupplierLine {
        supplier: name(index),
        items: 12,
        order_factor: [1.0, 1.4, 0.7][index % 3],
        cover_periods: [0.0, 9.5][index % 2],
        joins_at_share: [None, Some(0.5), Some(1.0)][index % 3],
        cost: interval(40.7, 0.6),
        cost_alone: interval(47.85, 0.8),
        saving: interval(7.15, 0.3),
        fill_rate: interval(0.97, 0.003),
        stock_value: interval(5_310.0, 41.0),
        orders: 0.21,
        orders_alone: 0.83,
        lines: 1.3,
        waited: 0.0,
        bound: 0.031,
    };
    (0..items.min(15)).map(line).collect()
}

fn parameters(index: usize) -> Vec<ParameterValue> {
    let min = (index * 7 % 90) as f64;
    vec![
        ParameterValue { name: "min", value: min, unit: "units" },
        ParameterValue { name: "max", value: min + 27.0, unit: "units" },
    ]
}

fn name(index: usize) -> String {
    match NAMES.get(index) {
        Some(name) => (*name).to_string(),
        None => format!("{} HEART OF WICKER, SMALL", 20_000 + index),
    }
}

fn recommendation(index: usize) -> Recommendation {
    let cost = 0.05 + (index * 37 % 101) as f64 / 7.0;
    let significant = !index.is_multiple_of(3);
    Recommendation {
        item: name(index),
        category: ["", "kitchen", "garden <i>"][index % 3].to_string(),
        value_class: ["A", "B", "C"][index % 3],
        variability_class: "Y",
        pattern: "erratic",
        life: "established",
        season: "none",
        supplier: ["", "ACME <u>"][index % 2].to_string(),
        strategy: ["searched", "newsvendor", "searched", "budget plan"][index % 4].to_string(),
        policy: "min-max",
        parameters: parameters(index),
        together: if index % 5 == 1 { parameters(index) } else { Vec::new() },
        safety_stock: (index % 17) as f64 - 2.5,
        cost: interval(cost, cost / 50.0),
        exact_cost: index.is_multiple_of(3).then_some(cost),
        optimal_cost: index.is_multiple_of(4).then_some(0.98 * cost),
        fill_rate: interval(1.0 - (index % 9) as f64 / 100.0, 0.003),
        ready_rate: 0.97,
        stock_units: interval(12.0 + (index % 57) as f64, 0.4),
        stock_value: 40.0 + (index * 13 % 907) as f64,
        orders: 0.031,
        runner_up: "newsvendor",
        saving: interval(0.4, if significant { 0.05 } else { 0.9 }),
        not_worse: vec!["searched", "newsvendor"][..=(index % 2)].to_vec(),
        guaranteed: index % 7 != 3,
        selection_scenarios: 320,
        significant,
        discovered: significant,
        search: Some(SearchEvidence {
            method: "grid",
            priced: [71, 90],
            neighbours: 8,
            not_cheaper: 8,
            nearest: interval(0.02, 0.01),
            finalists: 64,
            not_worse: 3,
            guaranteed: true,
        }),
        drivers: Drivers {
            lead_time_periods: 5,
            protection_periods: 6,
            protected_demand: 12.0,
            protected_deviation: 4.2,
            lead_time_demand_share: 0.83,
            review_share: 0.17,
            lead_time_deviation_share: 0.0,
            recent_periods: 78,
            recent_demand: Some(2.1),
            break_evens: vec![
                BreakEven { price: Price::Shortage, times: 0.4, strategy: "z-sigma" },
                BreakEven { price: Price::Order, times: 1e3, strategy: "days-of-cover" },
            ],
        },
        demand_model: "negative-binomial, weekday, recent level".to_string(),
        demand_mean: 0.4 + (index % 31) as f64 / 3.0,
        demand_deviation: 1.9,
        note: if index % 40 == 8 { "sold on 6 days only".to_string() } else { String::new() },
    }
}

fn quality(item: usize) -> QualityLine {
    let quality =
        Quality { periods: 300, rows: 280, sold_out: 30, outliers: 3, ..Quality::default() };
    QualityLine::of(name(item), &quality)
}

fn measures(index: usize) -> ItemMeasures {
    ItemMeasures {
        item: name(index),
        strategy: "searched",
        policy: "min-max",
        parameters: parameters(index),
        cost: interval(0.1 + 0.2, 0.01),
        cost_p05: 0.2,
        cost_p95: 0.5,
        cost_cvar95: 0.6,
        holding_cost: 0.1,
        order_cost: 0.1,
        shortage_cost: 0.1,
        purchase_cost: 0.0,
        waste_cost: 0.0,
        fill_rate: interval(0.97, 0.003),
        ready_rate: 0.98,
        cycle_service: 0.93,
        peak_stock_units: 250.0,
        lost_units: 0.05,
        wasted_units: 0.0,
        expedited_units: 0.0,
        stock_units: interval(12.0, 0.4),
        stock_value: 40.0,
        orders: 0.031,
        difference: interval(-5.0, 0.2),
    }
}
