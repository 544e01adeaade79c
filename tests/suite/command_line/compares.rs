//! Two runs beside each other, and the totals by scenario that they are compared by.

use std::collections::BTreeMap;

use super::Shop;

/// A table: cells by column, row by row.
fn table(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names = reader.headers().expect("names").clone();
    let row = |record: csv::StringRecord| {
        names.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect()
    };
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

fn number(row: &BTreeMap<String, String>, name: &str) -> f64 {
    row[name].parse().unwrap_or_else(|_| panic!("{name}: {row:?}"))
}

/// Totals by scenario have the means that the comparison of strategies has, interval and all.
#[test]
fn scenarios_add_up_to_what_is_reported() {
    let shop = Shop::new();
    shop.told(&["run", "study.toml", "--run", "out"]);
    let scenarios = table(&shop.read("out/scenarios.csv"));
    let strategies = table(&shop.read("out/strategies.csv"));
    assert_eq!(strategies.len(), 5);
    let of = |plan: &str, column: &str| -> Vec<f64> {
        let own = scenarios.iter().filter(|row| row["plan"] == plan);
        own.map(|row| number(row, column)).collect()
    };
    for row in &strategies {
        let costs = of(&row["strategy"], "cost_per_period");
        assert_eq!(costs.len(), 64);
        let mean = costs.iter().sum::<f64>() / 64.0;
        assert!((mean - number(row, "cost_per_period")).abs() < 1e-9 * mean, "{row:?}");
        // Items are independent, so totals scatter as the sum of what items do, more or less.
        let spread = costs.iter().map(|cost| (cost - mean).powi(2)).sum::<f64>();
        let half = 2.0 * (spread / 63.0 / 64.0).sqrt();
        let told = number(row, "cost_per_period_high") - mean;
        assert!((0.5..2.0).contains(&(half / told)), "{half} {told}");
        let sum = |column: &str| of(&row["strategy"], column).iter().sum::<f64>();
        let met = 1.0 - sum("unmet_units_per_period") / sum("demand_units_per_period");
        assert!((met - number(row, "fill_rate")).abs() < 1e-9, "{row:?}");
        let value = sum("stock_value") / 64.0;
        assert!((value - number(row, "stock_value")).abs() < 1e-9 * value, "{row:?}");
    }
    // Each item's own choice is no dearer than one for all, but for chance.
    let mean = |plan: &str| of(plan, "cost_per_period").iter().sum::<f64>() / 64.0;
    assert!(mean("selected") < 1.02 * mean(&strategies[0]["strategy"]));
}

/// Higher levels mean more stock and more service, and the strategy itself is among its own points.
#[test]
fn frontiers_rise() {
    let shop = Shop::new();
    shop.told(&["run", "study.toml", "--run", "out"]);
    let points = table(&shop.read("out/frontier.csv"));
    let strategies = table(&shop.read("out/strategies.csv"));
    assert_eq!(points.len(), 6 * 9);
    for curve in points.chunks(9) {
        for pair in curve.windows(2) {
            for column in ["moved_deviations", "fill_rate", "stock_value", "safety_stock_value"] {
                assert!(number(&pair[0], column) <= number(&pair[1], column), "{column} {pair:?}");
            }
        }
        let own = &curve[4];
        assert_eq!(number(own, "moved_deviations"), 0.0);
        if let Some(line) = strategies.iter().find(|row| row["strategy"] == own["strategy"]) {
            for column in ["cost_per_period", "stock_value", "fill_rate"] {
                let (here, there) = (number(own, column), number(line, column));
                assert!((here - there).abs() < 1e-9 * there, "{column} {here} {there}");
            }
        }
    }
    let service = table(&shop.read("out/service.csv"));
    assert_eq!(service.len(), 5);
    assert!(service.iter().all(|row| row["compared_with"] == "z-sigma"));
}

#[test]
fn a_run_does_not_differ_from_itself() {
    let shop = Shop::new();
    shop.told(&["run", "study.toml", "--run", "out"]);
    let text = shop.told(&["compare", "out", "out"]);
    assert!(text.contains("are the same.") && text.contains("0 of 6 items"), "{text}");
    let plans = table(&shop.told(&["compare", "out", "out", "--format", "csv"]));
    assert_eq!(plans.len(), 6);
    for row in &plans {
        for column in ["cost_difference_per_period", "stock_value_difference_high"] {
            assert_eq!(number(row, column), 0.0, "{row:?}");
        }
    }
}

/// What was changed is named, and its effect is surer than both costs.
#[test]
fn what_differs_is_told_with_what_it_costs() {
    let shop = Shop::new();
    shop.told(&["run", "study.toml", "--run", "one"]);
    let study = shop.read("study.toml") + "[strategies]\nservice_level = 0.7\n";
    shop.write("study.toml", &study);
    shop.told(&["run", "study.toml", "--run", "two"]);
    let text = shop.told(&["compare", "one", "two"]);
    assert!(text.contains("strategies.service_level: 0.95 → 0.7"), "{text}");
    let csv = |table_name: &str| {
        let asked = ["compare", "one", "two", "--format", "csv", "--table", table_name];
        table(&shop.told(&asked))
    };
    assert_eq!(csv("settings")[0]["setting"], "strategies.service_level");
    let plans = csv("plans");
    let line = |plan: &str| plans.iter().find(|row| row["plan"] == plan).expect("a plan");
    let (same, other) = (line("days-of-cover"), line("z-sigma"));
    assert_eq!(number(same, "cost_difference_per_period"), 0.0);
    assert!(number(other, "stock_value_difference_high") < 0.0, "{other:?}");
    let less = number(other, "fill_rate_difference");
    let apart = number(other, "fill_rate_second") - number(other, "fill_rate_first");
    assert!(less < 0.0 && (less - apart).abs() < 1e-12);
    let first = table(&shop.read("one/strategies.csv"));
    let own = first.iter().find(|row| row["strategy"] == "z-sigma").expect("it");
    let width = |row: &BTreeMap<String, String>, name: &str| {
        number(row, &format!("{name}_high")) - number(row, &format!("{name}_low"))
    };
    assert!(width(other, "stock_value_difference") < width(own, "stock_value"));
    assert_eq!(csv("items").len(), 6);
    let json = shop.told(&["compare", "one", "two", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["scenarios"], 64);
}

#[test]
fn what_is_no_run_is_not_compared() {
    let shop = Shop::new();
    shop.told(&["run", "study.toml", "--run", "out"]);
    assert!(shop.refused(&["compare", "out", "nowhere"], 2).contains("not a run folder"));
    std::fs::remove_file(shop.path("out/scenarios.csv")).expect("removed");
    assert!(shop.refused(&["compare", "out", "out"], 2).contains("an older version made it"));
    shop.write("out/scenarios.csv", "scenario,plan\n0,selected\n");
    assert!(shop.refused(&["compare", "out", "out"], 2).contains("not whole"));
}

/// Prices at which the choice would change are those at which both cost the same.
#[test]
fn break_evens_break_even() {
    let shop = Shop::new();
    shop.told(&["run", "study.toml", "--run", "out"]);
    let report: serde_json::Value =
        serde_json::from_str(&shop.read("out/report.json")).expect("JSON");
    let measures = report["measures"].as_array().expect("a list");
    let parts = |item: &str, strategy: &str| {
        let own = |line: &&serde_json::Value| line["item"] == item && line["strategy"] == strategy;
        let line = measures.iter().find(own).expect("measures");
        let part = |name: &str| line[name].as_f64().expect("a number");
        let cost = line["cost"]["mean"].as_f64().expect("a number");
        (cost, [part("shortage_cost"), part("holding_cost"), part("order_cost")])
    };
    let mut told = 0;
    for line in report["recommendations"].as_array().expect("a list") {
        let item = line["item"].as_str().expect("text");
        let drivers = &line["drivers"];
        let share = |name: &str| drivers[name].as_f64().expect("a share");
        let shares = share("lead_time_demand_share")
            + share("review_share")
            + share("lead_time_deviation_share");
        assert!((shares - 1.0).abs() < 1e-9, "{line}");
        let own = parts(item, line["strategy"].as_str().expect("text"));
        for at in drivers["break_evens"].as_array().expect("a list") {
            let place = match at["price"].as_str() {
                Some("shortage") => 0,
                Some("holding") => 1,
                _ => 2,
            };
            let times = at["times"].as_f64().expect("a number");
            let other = parts(item, at["strategy"].as_str().expect("text"));
            let at_price = |(cost, parts): (f64, [f64; 3])| cost + (times - 1.0) * parts[place];
            let (here, there) = (at_price(own), at_price(other));
            assert!((here - there).abs() < 1e-9 * here.abs().max(1.0), "{item} {at}");
            told += 1;
        }
    }
    assert!(told > 6, "{told}");
    let rows = table(&shop.read("out/explanations.csv"));
    assert_eq!(rows.len(), 6);
    for row in &rows {
        assert!(row["explanation"].contains("Demand over lead time and review"), "{row:?}");
        assert_eq!(row["search_method"], "grid");
        assert_eq!(row["search_neighbours"], row["search_neighbours_not_cheaper"]);
    }
}

/// The search is of the study's policy, and by the method that the study names.
#[test]
fn methods_of_search_are_named_and_checked() {
    let shop = Shop::new();
    let plain = shop.read("study.toml");
    let method = |policy: &str, search: &str| {
        let more = format!("[strategies]\npolicy = \"{policy}\"\nsearch = \"{search}\"\n");
        shop.write("study.toml", &(plain.clone() + &more));
    };
    method("periodic-min-max", "cma-es");
    shop.told(&["run", "study.toml", "--run", "out"]);
    let rows = table(&shop.read("out/items.csv"));
    let searched = |row: &&BTreeMap<String, String>| row["strategy"] == "searched";
    assert!(rows.iter().filter(searched).all(|row| row["policy"] == "periodic-min-max"));
    method("min-max", "golden-section");
    let told = shop.refused(&["check", "study.toml"], 2);
    assert!(told.contains("has 2 parameters") && told.contains("grid"), "{told}");
    method("min-max", "nelder-meat");
    assert!(shop.refused(&["check", "study.toml"], 2).contains("did you mean `nelder-mead`"));
}
