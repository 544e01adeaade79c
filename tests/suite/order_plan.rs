//! Orders of the coming periods, as users ask for them.

use std::path::Path;
use std::process::{Command, Output};

use super::invariance::written;

fn run(folder: &Path, change: impl Fn(String) -> String) -> Output {
    let study = folder.join("study.toml");
    let text = change(std::fs::read_to_string(&study).unwrap());
    let changed = folder.join("changed.toml");
    std::fs::write(&changed, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_parstock"));
    command.arg("run").arg(changed).arg("--run").arg(folder.join("run"));
    command.output().unwrap()
}

fn refused(change: impl Fn(String) -> String) -> String {
    let folder = written(|place| place);
    let output = run(folder.path(), change);
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

/// Limits are kept, orders are whole lots, and periods follow the history.
#[test]
fn a_plan_keeps_its_limits() {
    let folder = written(|place| place);
    let output = run(folder.path(), |text| {
        text.replace("stock_budget_share = 0.8", "cash_per_review = 120")
            + "[program]\nscenarios = 2\n[order_plan]\nmethod = \"prices\"\nperiods = 9\nscenarios = 30\n"
    });
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("Orders from today's stock, for 9 days ahead:"), "{printed}");
    assert!(printed.contains("another plan of fixed orders saves at most"), "{printed}");
    let table = std::fs::read_to_string(folder.path().join("run/order_plan.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 7 * 9);
    let mut spent = [0.0; 9];
    for row in &rows {
        let [period, units, value] = [2, 4, 5].map(|at| row[at].parse::<f64>().unwrap());
        assert_eq!(units.fract(), 0.0, "{row:?}");
        spent[period as usize - 1] += value;
    }
    assert!(spent.iter().all(|spent| *spent <= 120.0 * (1.0 + 1e-9)), "{spent:?}");
    // An order of the last four periods would come too late.
    assert!(spent[..4].iter().all(|spent| *spent > 100.0) && spent[5..] == [0.0; 4], "{spent:?}");
    assert_eq!((&rows[0][3], &rows[1][3]), ("2024-05-09", "2024-05-10"));
}

#[test]
fn what_cannot_be_planned_is_told() {
    let planned = |text: String| text + "[order_plan]\nmethod = \"prices\"\n";
    let folder = written(|place| place);
    let items = folder.path().join("items.csv");
    let table = std::fs::read_to_string(&items).unwrap().replace("on_hand", "minimum_order");
    std::fs::write(&items, table).unwrap();
    let output = run(folder.path(), planned);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("has no on_hand for `item-0` and 6 more"), "{said}");
    let said = refused(|text| text + "[order_plan]\nperiods = 4\n");
    assert!(
        said.contains("no order of `item-6`, which takes 4 periods, arrives within 4 periods"),
        "{said}"
    );
    let said = refused(|text| planned(text) + "[events]\nunmet = \"backorder\"\n");
    assert!(said.contains("`backorder` is not known to plans by prices"), "{said}");
    let said = refused(|text| {
        let room =
            "warehouse_space = 20\n[program]\nscenarios = 2\n[order_plan]\nmethod = \"prices\"\n";
        let text = text.replace("lead_time_periods", "volume = 1\nlead_time_periods");
        text.replace("stock_budget_share = 0.8\n", room)
    });
    assert!(said.contains("takes a room of 1") && said.contains("raise it"), "{said}");
    let folder = written(|place| place);
    let items = folder.path().join("items.csv");
    let table = std::fs::read_to_string(&items).unwrap();
    let table: Vec<String> = table.lines().map(|line| format!("{line},")).collect();
    let table = table.join("\n").replacen("on_hand,", "on_hand,shelf_life_periods", 1);
    std::fs::write(&items, table.replacen(",9,", ",9,3", 1)).unwrap();
    let output = run(folder.path(), |text| {
        text.replace(
            "[suppliers.defaults]\norder_cost = 10\n[suppliers.named.south]\nminimum_order = 40\n",
            "",
        ) + "[order_plan]\nmethod = \"prices\"\n"
    });
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("has a shelf life for `item-1`"), "{said}");
    let said = refused(|text| text + "[order_plan]\nscenarios = 1\nreplications = 1\ngap = 2\n");
    for key in ["order_plan.scenarios", "order_plan.replications", "order_plan.gap"] {
        assert!(said.contains(key), "{key}: {said}");
    }
}
