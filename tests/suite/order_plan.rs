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

/// Whatever ends a run after its plan was made, the plan is there when it goes on, and no byte is another.
#[test]
fn a_plan_outlives_its_process() {
    let folder = written(|place| place);
    let text = std::fs::read_to_string(folder.path().join("study.toml")).unwrap()
        + "[program]\nscenarios = 2\n[order_plan]\nmethod = \"prices\"\nperiods = 9\nscenarios = 30\n\
           replications = 2\n[report]\nreplay_periods = 14\n";
    let study = folder.path().join("planned.toml");
    std::fs::write(&study, text.replace("stock_budget_share = 0.8", "cash_per_review = 120"))
        .unwrap();
    let run = |name: &str, rehearse: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_parstock"));
        command.arg("run").arg(&study).arg("--run").arg(folder.path().join(name));
        command.env("PARSTOCK_REHEARSE", rehearse).output().unwrap()
    };
    let digest = |name: &str| std::fs::read_to_string(folder.path().join(name).join("digest.txt"));
    let undisturbed = run("undisturbed", "");
    assert!(undisturbed.status.success(), "{}", String::from_utf8_lossy(&undisturbed.stderr));
    // Items are replayed after orders are planned, and what is done is on disk a second later.
    assert_eq!(run("killed", "slow@replayed:1500,kill@replayed:0").status.code(), None, "killed");
    assert!(digest("killed").is_err());
    let journals: Vec<u8> = std::fs::read_dir(folder.path().join("killed/journal"))
        .unwrap()
        .flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect();
    assert!(run("killed", "").status.success());
    assert_eq!(digest("killed").unwrap(), digest("undisturbed").unwrap());
    // The orders of the plan are among what was kept, where zeros are only counted.
    let table = std::fs::read_to_string(folder.path().join("killed/order_plan.csv")).unwrap();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let orders: Vec<f64> = reader.records().map(|row| row.unwrap()[4].parse().unwrap()).collect();
    let mut kept: Vec<u8> = Vec::new();
    for alike in orders.chunk_by(|left, right| (*left == 0.0) == (*right == 0.0)) {
        kept.push(alike.len() as u8);
        if alike[0] > 0.0 {
            kept.extend(alike.iter().flat_map(|units| units.to_le_bytes()));
        }
    }
    // What is before the first order is counted with zeros before it.
    let kept = &kept[usize::from(orders[0] == 0.0)..kept.len() - 1];
    assert!(kept.len() > 20, "{orders:?}");
    assert!(journals.windows(kept.len()).any(|window| window == kept));
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

fn table(folder: &Path, name: &str) -> Vec<csv::StringRecord> {
    let text = std::fs::read_to_string(folder.join("run").join(name)).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().map(Result::unwrap).collect()
}

/// Suppliers' minimums and trucks are kept; what their lines add up to is what they are told.
#[test]
fn a_program_keeps_suppliers_terms() {
    let folder = written(|place| place);
    let items = folder.path().join("items.csv");
    let text = std::fs::read_to_string(&items).unwrap();
    let text = text.replace("on_hand\n", "on_hand,volume\n").replace('\n', ",2\n");
    std::fs::write(&items, text.replacen("volume,2", "volume", 1)).unwrap();
    let output = run(folder.path(), |text| {
        text.replace(
            "[suppliers.defaults]",
            "[suppliers.defaults]\ntruck_cost = 5\ntruck_volume = 60",
        )
        .replace("stock_budget_share = 0.8", "cash_per_review = 150")
            + "[program]\nscenarios = 0\n[order_plan]\nperiods = 8\nscenarios = 4\nreplications = 2\nnodes = 20\n"
    });
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let printed = String::from_utf8(output.stdout).unwrap();
    for words in ["Suppliers today: ", " truck", "no plan costs less than"] {
        assert!(printed.contains(words), "{words}: {printed}");
    }
    let number = |row: &csv::StringRecord, at: usize| row[at].parse::<f64>().unwrap();
    let mut value = std::collections::BTreeMap::new();
    let mut spent = [0.0; 8];
    for row in table(folder.path(), "order_plan.csv") {
        let (period, units) = (number(&row, 2) as usize, number(&row, 4));
        assert_eq!(units.fract(), 0.0, "{row:?}");
        *value.entry((row[1].to_owned(), period)).or_insert(0.0) += number(&row, 5);
        spent[period - 1] += number(&row, 5);
    }
    assert!(spent.iter().all(|spent| *spent <= 150.0 * (1.0 + 1e-9)), "{spent:?}");
    let rows = table(folder.path(), "order_plan_suppliers.csv");
    assert_eq!(rows.len(), 2 * 8);
    let mut orders = 0;
    for row in &rows {
        let told = number(row, 4);
        let summed = value[&(row[0].to_owned(), number(row, 1) as usize)];
        assert!((told - summed).abs() < 1e-9, "{row:?} {summed}");
        assert!(number(row, 5) <= 60.0 * number(row, 7) + 1e-9, "{row:?}");
        orders += usize::from(told > 0.0);
        if &row[0] == "south" && told > 0.0 {
            assert!(told >= 40.0 - 1e-9, "{row:?}");
        }
    }
    assert!(orders > 2, "{rows:?}");
    assert!(table(folder.path(), "order_plan_transfers.csv").is_empty());
}

/// The bundled example of a buyer: channels, places, discounts, shelf lives and a share of demand.
#[test]
fn the_buyers_example_keeps_its_terms() {
    let folder = tempfile::tempdir().unwrap();
    let text = std::fs::read_to_string("examples/program/buying.toml").unwrap();
    let tables = std::path::absolute("examples/program/buying").unwrap();
    let text = text.replace("\"buying/", &format!("\"{}/", tables.display()));
    let text =
        text.replace("periods = 8\n", "periods = 6\nscenarios = 3\nreplications = 2\nnodes = 20\n");
    std::fs::write(folder.path().join("study.toml"), text).unwrap();
    let output = run(folder.path(), |text| text);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    let lines = table(folder.path(), "order_plan.csv");
    // A channel orders nothing of its own, and what it misses is its own.
    let mut of_web = lines.iter().filter(|row| &row[0] == "tea@web");
    assert!(of_web.all(|row| &row[4] == "0" && &row[6] == "0"));
    let price = |row: &csv::StringRecord| {
        let [units, value] = [4, 5].map(|at| row[at].parse::<f64>().unwrap());
        (units > 0.0).then(|| (units, value / units))
    };
    for (units, price) in lines.iter().filter(|row| &row[0] == "oil@north").filter_map(price) {
        let expected = match units {
            units if units >= 72.0 => 5.76,
            units if units >= 36.0 => 6.08,
            _ => 6.4,
        };
        assert!((price - expected).abs() < 1e-9, "{units} at {price}");
    }
    assert_eq!(table(folder.path(), "order_plan_transfers.csv").len(), 2 * 6);
}

#[test]
fn a_share_of_demand_is_none_where_demand_waits() {
    let said = refused(|text| {
        let text = text.replace(
            "[suppliers.defaults]",
            "[events]\nunmet = \"backorder\"\n[suppliers.defaults]",
        );
        text.replace("[items.defaults]", "[items.defaults]\nshortage_cost_per_unit = 1")
            + "[order_plan]\nfill_rate = 0.9\n"
    });
    assert!(said.contains("order_plan.fill_rate") && said.contains("unmet demand waits"), "{said}");
}

#[test]
fn a_share_that_cannot_be_met_is_told() {
    let said = refused(|text| {
        text.replace("stock_budget_share = 0.8", "cash_per_review = 30")
            + "[program]\nscenarios = 0\n[order_plan]\nperiods = 8\nscenarios = 4\nfill_rate = 0.99\n"
    });
    assert!(said.contains("order_plan.fill_rate"), "{said}");
    assert!(said.contains("the least change that makes it possible: "), "{said}");
}
