//! What is printed and written: the same figures everywhere, and nothing that does harm.

use std::collections::BTreeSet;
use std::fs;
use std::process::Stdio;

use super::{HOSTILE, Shop, items, names, sales, words};

/// Cells of a CSV text.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader
        .records()
        .map(|record| record.expect("a row").iter().map(str::to_owned).collect())
        .collect()
}

#[test]
fn every_format_has_the_same_figures() {
    let shop = Shop::new();
    let told = shop.told(&["run", "study.toml", "--run", "out"]);
    assert_eq!(shop.told(&["report", "out"]), told);
    let json = shop.told(&["report", "out", "--format", "json"]);
    assert_eq!(json, shop.read("out/report.json"));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["study"], "corner shop");

    for (table, list, name) in [
        ("recommendations", "recommendations", "item"),
        ("strategies", "strategies", "strategy"),
        ("items", "measures", "item"),
    ] {
        let csv = shop.told(&["report", "out", "--format", "csv", "--table", table]);
        assert_eq!(csv, shop.read(&format!("out/{table}.csv")));
        let by_run = ["run", "study.toml", "--run", "out", "--format", "csv", "--table", table];
        assert_eq!(csv, shop.told(&by_run));
        let (rows, lines) = (cells(&csv), json[list].as_array().expect("a list"));
        assert_eq!(rows.len(), lines.len() + 1);
        let column = |name: &str| rows[0].iter().position(|n| n == name).expect("a column");
        for (row, line) in rows[1..].iter().zip(lines) {
            let text = line[name].as_str().expect("text");
            assert_eq!(row[column(name)].trim_start_matches('\''), text);
            for (ours, theirs) in [("cost_per_period", "mean"), ("cost_per_period_low", "low")] {
                let figure: f64 = row[column(ours)].parse().expect("a number");
                assert_eq!(Some(figure), line["cost"][theirs].as_f64(), "{table}: {text}");
            }
            let value: f64 = row[column("fill_rate")].parse().expect("a number");
            assert_eq!(Some(value), line["fill_rate"]["mean"].as_f64());
        }
    }
    assert_eq!(json["recommendations"].as_array().map(Vec::len), Some(6));
}

/// A check tells what was changed and how good the sales are; a run keeps the latter.
#[test]
fn what_is_done_to_sales_is_told() {
    let shop = Shop::new();
    let study = fs::read_to_string(shop.path("study.toml")).expect("the study");
    shop.write("study.toml", &study.replace("[items]", "duplicates = \"sum\"\n[items]"));
    let extra = sales(|rows| rows).lines().nth(3).expect("a row").to_owned() + "\n";
    shop.write("sales.csv", &(sales(|rows| rows) + &extra));
    let told = shop.told(&["check", "study.toml"]);
    assert!(told.contains("data: 100.0 % of item days say how much was demanded"), "{told}");
    let changes = shop.told(&["check", "study.toml", "--table", "changes"]);
    assert!(changes.contains("duplicate") && changes.contains("missing"), "{changes}");
    let table = |which| shop.told(&["check", "study.toml", "--table", which, "--format", "csv"]);
    let rows = cells(&table("changes"));
    assert_eq!(
        rows[0].join(","),
        "item,finding,from,to,count,counted,units_in_table,units_used,factor"
    );
    assert_eq!(rows.iter().filter(|row| row[1] == "duplicate").count(), 1);
    let json = shop.told(&["check", "study.toml", "--table", "changes", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json.as_array().map(Vec::len), Some(rows.len() - 1));
    let quality = table("quality");
    assert_eq!(cells(&quality).len(), 7);
    assert!(shop.told(&["check", "study.toml", "--table", "quality"]).contains("timely"));
    let summary = shop.told(&["run", "study.toml", "--run", "out"]);
    let words = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("Sales: 100.0 % of item days say how much was demanded"), "{summary}");
    assert_eq!(quality, shop.read("out/quality.csv"));
}

/// The reader may leave whenever it likes, as `head` does.
#[test]
fn readers_that_leave_early_are_no_error() {
    let shop = Shop::new();
    shop.told(&["run", "study.toml", "--run", "out"]);
    for arguments in [
        &["report", "out"][..],
        &["report", "out", "--format", "json"],
        &["check", "study.toml"],
        &["run", "study.toml", "--run", "new"],
        &["run", "study.toml", "--run", "out"],
        &["completions", "bash"],
        &["--help"],
    ] {
        let mut command = shop.command(arguments);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        assert!(!words(&output.stderr).contains("panicked"), "{}", words(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
    assert!(shop.path("new/digest.txt").exists());
    // As in `parstock run study.toml 2>&1 | head`.
    for (run, exit) in [("newer", 0), ("study.toml", 4)] {
        let mut command = shop.command(&["run", "study.toml", "--run", run]);
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().expect("it ends").code(), Some(exit), "{run}");
    }
    assert!(shop.path("newer/digest.txt").exists());
}

/// Every item has its models and its scores, the same for any number of threads; what cannot be
/// scored stays empty.
#[test]
fn fits_and_backtests_are_told() {
    let shop = Shop::new();
    shop.write("items.csv", &(items() + "never,1,2,toys\n"));
    let days = (1..=28).map(|day| format!("2025-04-{day:02},never,0\n"));
    shop.write("sales.csv", &(sales(|rows| rows) + &days.collect::<String>()));
    let told = shop.told(&["fit", "study.toml"]);
    for word in ["7 items;", "up to 8 beginnings", "never seen", "skill %", "in 95 %", "tsb: "] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert!(!told.contains("NaN") && !told.contains("inf"), "{told}");
    let csv = |threads: &str, table: &str| {
        let options = ["--windows", "6", "--format", "csv", "--threads", threads, "--table", table];
        shop.told(&[&["fit", "study.toml"], &options[..]].concat())
    };
    let table = csv("1", "items");
    assert_eq!(table, csv("2", "items"));
    let rows = cells(&table);
    assert_eq!(rows.len(), 8);
    let column = |name: &str| rows[0].iter().position(|header| header == name).expect("a column");
    for row in &rows[1..] {
        assert_eq!(row[column("window_periods")], "4");
        // Half of six; an item that is known for four weeks has fewer.
        assert!(row[column("windows")] == "3" || row[column("item")] == "never", "{row:?}");
        let scored = row[column("crps_share")].parse::<f64>().is_ok();
        assert_eq!(scored, row[column("item")] != "never", "{row:?}");
        assert!(!row[column("models")].is_empty());
        let note = &row[column("note")];
        assert_eq!(note.contains("never sold"), row[column("item")] == "never", "{note}");
    }
    let forecasts = csv("1", "forecasts");
    assert_eq!(forecasts, csv("2", "forecasts"));
    // Four periods an item, after the last day of the history.
    assert_eq!(cells(&forecasts).len(), 1 + 7 * 4);
    assert!(cells(&csv("1", "models")).len() > 10);
    let json = shop.told(&["fit", "study.toml", "--format", "json"]);
    let lines: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(lines.as_array().map(Vec::len), Some(7));
    assert_eq!(shop.ask(&["fit", "study.toml", "--windows", "1"]).status.code(), Some(2));
    shop.told(&["fit", "study.toml", "--report", "fans.html"]);
    let page = fs::read_to_string(shop.path("fans.html")).expect("the page");
    assert_eq!(page.matches("<svg").count(), 7);
}

/// Options are searched for, the same way on any number of threads; what the study sets is not.
#[test]
fn options_of_models_are_searched_for() {
    let shop = Shop::new();
    // As many items as it takes to tell chance from better.
    let items: Vec<String> = (0..12).map(|item| format!("more-{item},1,2,toys\n")).collect();
    shop.write("items.csv", &(self::items() + &items.concat()));
    let days = (0..12).flat_map(|item| (0..112_u32).map(move |day| (item, day)));
    let days = days.map(|(item, day)| {
        let units = (day * day + 5 * item) % 11 % 7;
        format!("2025-{:02}-{:02},more-{item},{units}\n", 1 + day / 28, 1 + day % 28)
    });
    shop.write("sales.csv", &(sales(|rows| rows) + &days.collect::<String>()));
    let study = fs::read_to_string(shop.path("study.toml")).expect("the study");
    let table = |search: &str, threads: &str, table: &str| {
        let tuned = format!(
            "{study}\n[forecast]\nmodels = [\"tsb\", \"moving-average\", \"ridge\"]\ntuning = \
             \"{search}\"\ntuning_trials = 9\n[forecast.options.moving-average]\nwindow = 13\n"
        );
        shop.write("study.toml", &tuned);
        let options = ["--format", "csv", "--threads", threads, "--table", table];
        shop.told(&[&["fit", "study.toml"], &options[..]].concat())
    };
    for search in ["grid", "random", "bayesian"] {
        let one = table(search, "1", "tuning");
        assert_eq!(one, table(search, "2", "tuning"));
        let rows = cells(&one);
        assert!(!rows[1..].is_empty(), "{one}");
        for row in &rows[1..] {
            assert!(row[0] == "tsb" || row[0] == "ridge", "{row:?}");
            assert_eq!(row[3], "9", "{row:?}");
            assert!(row[4].starts_with("share of sizes ") || row[4].starts_with("penalty "));
        }
        assert_eq!(table(search, "1", "items"), table(search, "2", "items"));
    }
    assert_eq!(cells(&table("none", "1", "tuning")).len(), 1);
}

/// A run may draw its demand from what is foreseen: the same on any number of threads, and told.
#[test]
fn scenarios_may_come_from_forecasts() {
    let shop = Shop::new();
    let study = fs::read_to_string(shop.path("study.toml")).expect("the study");
    shop.write("study.toml", &(study + "\n[forecast]\nscenarios_from = \"forecast\"\n"));
    let told = |threads: &str| {
        let run = format!("run-{threads}");
        shop.told(&["run", "study.toml", "--run", &run, "--threads", threads, "--format", "csv"])
    };
    let table = told("1");
    assert_eq!(table, told("2"));
    let rows = cells(&table);
    let model = rows[0].iter().position(|name| name == "demand_model").expect("a column");
    assert!(rows[1..].iter().all(|row| row[model].starts_with("forecast by ")), "{table}");
    let digest =
        |run: &str| fs::read_to_string(shop.path(run).join("digest.txt")).expect("a digest");
    assert_eq!(digest("run-1"), digest("run-2"));
}

/// What is lost because a disk is full must not look like success.
#[test]
fn output_that_cannot_be_written_is_an_error() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        println!("skipped: there is no /dev/full");
        return;
    };
    let shop = Shop::new();
    shop.told(&["run", "study.toml", "--run", "out"]);
    for arguments in [&["report", "out"][..], &["check", "study.toml"]] {
        let mut command = shop.command(arguments);
        let output = full.try_clone().expect("a second handle");
        let output = command.stdout(output).output().expect("it starts");
        let message = words(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{arguments:?}: {message}");
        assert!(message.starts_with("error: cannot write to `standard output`: "), "{message}");
    }
}

#[test]
fn hostile_names_stay_names() {
    let shop = Shop::new();
    let told = shop.told(&["run", "study.toml", "--run", "out"]);
    for name in HOSTILE {
        assert!(told.contains(name), "a terminal shows `{name}` as it is");
    }
    let page = shop.read("out/report.html");
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;"));
    for table in ["recommendations", "items"] {
        let rows = cells(&shop.read(&format!("out/{table}.csv")));
        let named: BTreeSet<&str> = rows[1..].iter().map(|row| row[0].as_str()).collect();
        let expected: BTreeSet<String> = names()
            .map(|name| if name.starts_with('=') { format!("'{name}") } else { name.into() })
            .collect();
        assert_eq!(named, expected.iter().map(String::as_str).collect());
    }
    let json: serde_json::Value =
        serde_json::from_str(&shop.read("out/report.json")).expect("JSON");
    let lines = json["recommendations"].as_array().expect("a list");
    let named: BTreeSet<&str> = lines.iter().filter_map(|line| line["item"].as_str()).collect();
    assert_eq!(named, names().collect());
    // No name became a path.
    let around = fs::read_dir(shop.place.path()).expect("a folder").count();
    assert_eq!(around, 4, "three files and a run folder");
}

/// What nothing is known about must not become a figure that is none.
#[test]
fn items_with_next_to_no_sales_are_flagged() {
    let shop = Shop::new();
    shop.write("items.csv", &(items() + "never,1,2,toys\nnew,1,2,toys\n"));
    let days = (1..=28).map(|day| format!("2025-04-{day:02},never,0\n"));
    shop.write(
        "sales.csv",
        &(sales(|rows| rows) + &days.collect::<String>() + "2025-05-08,new,4\n"),
    );
    let told = shop.told(&["run", "study.toml", "--run", "out"]);
    assert!(told.contains("`never`) were never sold"), "{told}");
    assert!(told.contains("too short a history"), "{told}");
    for name in ["report.json", "recommendations.csv", "items.csv", "strategies.csv"] {
        let mut text = shop.read(&format!("out/{name}"));
        // What a study may do without.
        for key in [
            "scarcity",
            "together",
            "exact",
            "exact_cost",
            "optimal_cost",
            "replay",
            "programmed",
            "order_plan",
            "recent_demand",
            "stock_for_same_service",
            "safety_stock_for_same_service",
            "service_for_same_stock",
        ] {
            text = text.replace(&format!("\"{key}\":null"), "");
        }
        assert!(!text.contains("NaN") && !text.contains("null") && !text.contains("inf"), "{name}");
    }
    let lines = cells(&shop.read("out/recommendations.csv"));
    let (header, rows) = lines.split_first().expect("a header");
    for row in rows {
        let cost = header.iter().position(|name| name == "cost_per_period").expect("a column");
        assert!(row[cost].parse::<f64>().is_ok_and(f64::is_finite), "{row:?}");
    }
}
