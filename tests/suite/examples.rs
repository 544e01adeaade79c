//! Every example that comes with the program runs, and every policy has one.

use std::path::Path;
use std::process::Command;

use engine::policy::CATALOGUE;

/// Runs the study and returns its table of strategies.
fn run(study: &Path, folder: &Path) -> String {
    table(study, folder, "strategies")
}

/// Runs the study and returns one of its tables.
fn table(study: &Path, folder: &Path, which: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_parstock"))
        .args(["run", "--format", "csv", "--table", which, "--run"])
        .arg(folder)
        .arg(study)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", study.display());
    String::from_utf8(output.stdout).unwrap()
}

/// Value of `column` in each line of a CSV table without quotes in its numbers.
fn column(table: &str, column: &str) -> Vec<f64> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let place = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    reader.records().map(|record| record.unwrap()[place].parse().unwrap()).collect()
}

#[test]
fn every_policy_has_a_study_that_runs() {
    let runs = tempfile::tempdir().unwrap();
    for family in CATALOGUE {
        let study = Path::new("examples/policies").join(format!("{}.toml", family.name));
        let table = run(&study, &runs.path().join(family.name));
        for (cost, fill_rate) in
            column(&table, "cost_per_period").into_iter().zip(column(&table, "fill_rate"))
        {
            assert!(cost > 0.0 && cost < 100.0, "{}: {cost}", family.name);
            assert!(fill_rate > 0.9 && fill_rate <= 1.0, "{}: {fill_rate}", family.name);
        }
        let premium: f64 = column(&table, "purchase_cost_per_period").iter().sum();
        assert_eq!(premium > 0.0, family.two_sources, "{}: {premium}", family.name);
    }
}

#[test]
fn every_kind_of_supply_has_a_study_that_runs() {
    let runs = tempfile::tempdir().unwrap();
    let mut waste = Vec::new();
    let mut studies = 0;
    for entry in std::fs::read_dir("examples/supply").unwrap() {
        let study = entry.unwrap().path();
        let name = study.file_stem().unwrap().to_str().unwrap().to_owned();
        let table = run(&study, &runs.path().join(&name));
        assert!(column(&table, "fill_rate").iter().all(|rate| *rate > 0.8), "{name}");
        let wasted: f64 = column(&table, "waste_cost_per_period").iter().sum();
        assert_eq!(wasted > 0.0, name.starts_with("shelf-life"), "{name}: {wasted}");
        waste.push((name, wasted));
        studies += 1;
    }
    assert!(studies >= 10);
    let wasted = |name: &str| waste.iter().find(|(study, _)| study == name).unwrap().1;
    assert!(wasted("shelf-life-lifo") > wasted("shelf-life"), "the freshest first spoils more");
}

/// Ordering together saves money where an order is dear, and every term leaves its trace.
#[test]
fn every_term_of_suppliers_has_a_study_that_runs() {
    let runs = tempfile::tempdir().unwrap();
    // The tables that these studies share are written, not kept.
    let tables = runs.path().join("examples/quickstart");
    let init = &mut Command::new(env!("CARGO_BIN_EXE_parstock"));
    let init = init.args(["init", "retail"]).arg(tables);
    assert!(init.output().unwrap().status.success());
    std::fs::create_dir(runs.path().join("examples/suppliers")).unwrap();
    let suppliers = |name: &str| {
        let kept = Path::new("examples/suppliers").join(format!("{name}.toml"));
        let study = runs.path().join(&kept);
        std::fs::copy(kept, &study).unwrap();
        table(&study, &runs.path().join(name), "suppliers")
    };
    let dear = suppliers("order-cost");
    let (saving, orders) = (column(&dear, "saving_per_period_low"), "orders_per_period");
    assert!(saving.len() > 20 && saving.iter().all(|low| *low > 0.0), "{dear}");
    let together: f64 = column(&dear, orders).iter().sum();
    let alone: f64 = column(&dear, "orders_alone_per_period").iter().sum();
    assert!(together < 0.5 * alone, "{together} of {alone} orders");
    let sum = |table: &str, name: &str| column(table, name).iter().sum::<f64>();
    let least = suppliers("minimum");
    assert!(sum(&least, "waited_share") > 0.0 && sum(&least, "bound_share") == 0.0, "{least}");
    let most = suppliers("capacity");
    assert!(sum(&most, "bound_share") > 0.0 && sum(&most, "waited_share") == 0.0, "{most}");
    let recommended = std::fs::read_to_string(runs.path().join("order-cost/recommendations.csv"));
    assert!(recommended.unwrap().contains(";can="));
}
