//! The same study gives the same bits, however many workers run it.
//!
//! `scripts/invariance.sh` repeats this with the whole program over MPI ranks.

use std::io::Write;
use std::path::Path;
use std::process::Command;

use cluster::Team;
use parstock::{inputs::Inputs, run::run, study::Study};

const STUDY: &str = r#"
schema = 1
name = "small"
seed = 5
[sales]
file = "sales.csv"
[items]
file = "items.csv"
[items.defaults]
lead_time_periods = 4
order_cost = 3.0
holding_rate_per_year = 0.3
unit_cost_share_of_price = 0.6
[simulation]
periods = 100
warm_up_periods = 20
scenarios = 100
search_scenarios = 64
[suppliers.defaults]
order_cost = 10
[suppliers.named.south]
minimum_order = 40
[constraints]
stock_budget_share = 0.8
"#;

/// Seven items over 120 days, with ups and downs that no clock or generator has a part in.
fn tables(order: impl Fn(usize) -> usize) -> (String, String) {
    let mut rows = Vec::new();
    for item in 0..7_usize {
        for day in 0..120_usize {
            let units = (day * (item + 3) * 7919 + item * 104_729) % 17 * (item + 1) / 4;
            let (month, date) = (1 + day / 28, 1 + day % 28);
            rows.push(format!("2024-{month:02}-{date:02},item-{item},{units}\n"));
        }
    }
    let mut sales = "date,item,units\n".to_owned();
    for place in 0..rows.len() {
        sales += &rows[order(place) % rows.len()];
    }
    let supplier = |item| if item % 2 == 0 { "north" } else { "south" };
    let items = (0..7)
        .map(|item| format!("item-{item},{},{},{}\n", 2 + 3 * item, supplier(item), 9 * item));
    (sales, "item,price,supplier,on_hand\n".to_owned() + &items.collect::<String>())
}

pub(crate) fn written(order: impl Fn(usize) -> usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (sales, items) = tables(order);
    // Months of 28 days leave the rest of each month closed.
    let study = STUDY.replace("[sales]", "[calendar]\nclosed = \"auto\"\n[sales]");
    std::fs::write(folder.path().join("study.toml"), study).unwrap();
    std::fs::write(folder.path().join("sales.csv"), sales).unwrap();
    std::fs::write(folder.path().join("items.csv"), items).unwrap();
    folder
}

fn report(folder: &Path, threads: usize) -> String {
    let team = Team::solo(threads).unwrap();
    let text = std::fs::read_to_string(folder.join("study.toml")).unwrap();
    let study = Study::parse(&text, "study.toml").unwrap();
    let inputs = Inputs::read(&study, folder, &team).unwrap();
    // JSON prints floats exactly, so equal text means equal bits.
    serde_json::to_string(&run(&study, &inputs, &team).unwrap().report.unwrap()).unwrap()
}

/// The study with as many strategies as there may be, one that all items decide on together among them, and
/// with the last part of its history replayed.
fn written_in_full() -> tempfile::TempDir {
    let folder = written(|place| place);
    let study = folder.path().join("study.toml");
    let names = solvers::strategy::CATALOGUE.iter().map(|strategy| strategy.name);
    let names: Vec<String> = names.rev().take(16).map(|name| format!("\"{name}\"")).collect();
    assert!(names.contains(&"\"group-fill-rate\"".to_owned()));
    let more =
        format!("[strategies]\ncompare = [{}]\n[report]\nreplay_periods = 30\n", names.join(", "));
    let text = std::fs::read_to_string(&study).unwrap() + &more;
    let together = "stock_budget_share = 0.8\ncash_per_review = 30\n[program]\nscenarios = 70\n\
                    [order_plan]\nmethod = \"prices\"\nscenarios = 20\nreplications = 2\n";
    std::fs::write(&study, text.replace("stock_budget_share = 0.8\n", together)).unwrap();
    folder
}

/// The shop with a plan by the program: suppliers' terms, trucks, cash and a share of demand to be met.
fn written_for_a_program() -> tempfile::TempDir {
    let folder = written(|place| place);
    let study = folder.path().join("study.toml");
    let items = folder.path().join("items.csv");
    let table = std::fs::read_to_string(&items).unwrap();
    let table = table.replace("on_hand\n", "on_hand,volume\n").replace('\n', ",2\n");
    std::fs::write(&items, table.replacen("volume,2", "volume", 1)).unwrap();
    let text = std::fs::read_to_string(&study).unwrap();
    let trucks = "[suppliers.defaults]\ntruck_cost = 5\ntruck_volume = 60";
    let plan = "cash_per_review = 150\n[program]\nscenarios = 0\n[strategies]\ncompare = [\"newsvendor\"]\n\
                [order_plan]\nmethod = \"program\"\nperiods = 8\nscenarios = 4\nreplications = 2\n\
                nodes = 20\nfill_rate = 0.3\n";
    let text = text.replace("stock_budget_share = 0.8\n", plan);
    std::fs::write(&study, text.replace("[suppliers.defaults]", trucks)).unwrap();
    folder
}

/// A shop whose sales are megabytes, so that they are read in pieces; or packed, so that they are not.
fn written_at_length(packed: bool) -> tempfile::TempDir {
    let folder = written(|place| place);
    let (mut sales, mut items) = (Vec::new(), Vec::new());
    writeln!(sales, "date,item,units,price,location").unwrap();
    writeln!(items, "item,unit_cost").unwrap();
    for item in 0..440_usize {
        for (location, cost) in [("n", 1 + item % 7), ("s", 2 + item % 5)] {
            writeln!(items, "item-{item}@{location},{cost}").unwrap();
        }
        for day in 0..200_usize {
            let (month, date) = (1 + day / 28, 1 + day % 28);
            let units = (day * (item + 3) * 7919 + item * 104_729) % 17;
            let (price, location) = (13 + (item + day) % 4, ["n", "s"][day % 2]);
            writeln!(sales, "2024-{month:02}-{date:02},item-{item},{units},{price},{location}")
                .unwrap();
        }
    }
    let study = STUDY.replace("[sales]", "[sales]\ngaps = \"zero\"");
    let (study, _) = study.split_once("[simulation]").unwrap();
    let study = format!(
        "{study}[strategies]\ncompare = [\"z-sigma\"]\n[simulation]\nperiods = 20\nscenarios = 8\n\
         search_scenarios = 8\n"
    );
    assert!(sales.len() > 2 << 20, "{}", sales.len());
    if packed {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(&sales).unwrap();
        sales = packer.finish().unwrap();
    }
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write("sales.csv", &sales);
    write("items.csv", &items);
    write("study.toml", study.as_bytes());
    folder
}

#[test]
fn pieces_of_a_table_are_the_table() {
    let whole = report(written_at_length(true).path(), 2);
    assert!(whole.contains("item-399@s"));
    let folder = written_at_length(false);
    assert_eq!(whole, report(folder.path(), 1));
    assert_eq!(whole, report(folder.path(), 3));
}

#[test]
fn threads_do_not_change_a_program() {
    let folder = written_for_a_program();
    let one = report(folder.path(), 1);
    assert!(one.contains(r#""order_plan":{"method":"program","periods":8"#), "{one}");
    assert_eq!(one, report(folder.path(), 2));
}

#[test]
fn threads_do_not_change_a_bit() {
    let folder = written_in_full();
    let one = report(folder.path(), 1);
    assert!(one.contains(r#"{"supplier":"south","items":3,"#), "{one}");
    assert!(one.contains(r#"{"way":"program","cost":"#), "{one}");
    assert!(one.contains(r#""order_plan":{"method":"prices","periods":"#), "{one}");
    assert_eq!(one, report(folder.path(), 2));
    assert_eq!(one, report(folder.path(), 5));
}

#[test]
fn the_order_of_rows_does_not_change_a_bit() {
    let sorted = written(|place| place);
    let shuffled = written(|place| place * 11 + 5); // 11 and 840 share no factor
    assert_eq!(report(sorted.path(), 2), report(shuffled.path(), 2));
}

/// What a study says of all items, its items table may say of each.
#[test]
fn terms_of_all_items_are_those_of_each() {
    let folder = written(|place| place);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    let (study, items) = (read("study.toml"), read("items.csv"));
    let (study, _) = study.split_once("[suppliers.defaults]").unwrap();
    write("study.toml", study);
    let plain = report(folder.path(), 2);
    let of_all = "[supply]\nlead_time_deviation_periods = 1.5\n[shelf]\nlife_periods = 6\n";
    write("study.toml", &format!("{study}{of_all}issue = \"lifo\"\n"));
    let of_all = report(folder.path(), 2);
    write("study.toml", &format!("{study}[shelf]\nissue = \"lifo\"\n"));
    let (header, rows) = items.split_once('\n').unwrap();
    let rows = rows.replace('\n', ",1.5,6\n");
    let columns = "lead_time_deviation_periods,shelf_life_periods";
    write("items.csv", &format!("{header},{columns}\n{rows}"));
    let of_each = report(folder.path(), 2);
    assert_eq!(of_all, of_each);
    assert_ne!(of_all, plain);
}

/// Adding an item changes nothing about the others.
#[test]
fn items_do_not_disturb_each_other() {
    let folder = written(|place| place);
    let study = std::fs::read_to_string(folder.path().join("study.toml")).unwrap();
    let (study, _) = study.split_once("[suppliers.defaults]").unwrap();
    std::fs::write(folder.path().join("study.toml"), study).unwrap();
    let all: serde_json::Value = serde_json::from_str(&report(folder.path(), 2)).unwrap();
    for table in ["sales.csv", "items.csv"] {
        let path = folder.path().join(table);
        let text = std::fs::read_to_string(&path).unwrap();
        let kept: Vec<&str> = text.lines().filter(|line| !line.contains("item-3")).collect();
        std::fs::write(&path, kept.join("\n") + "\n").unwrap();
    }
    let fewer: serde_json::Value = serde_json::from_str(&report(folder.path(), 2)).unwrap();
    let lines = |report: &serde_json::Value| {
        let lines = report["recommendations"].as_array().unwrap().clone();
        lines.into_iter().filter(|line| line["item"] != "item-3").collect::<Vec<_>>()
    };
    assert_eq!(lines(&fewer).len(), 6);
    assert_eq!(lines(&all), lines(&fewer));
}

fn with_mpi() -> Option<String> {
    let program = std::env::var("PARSTOCK_MPI_PROGRAM").ok();
    if program.is_none() {
        println!("skipped: ranks: PARSTOCK_MPI_PROGRAM names no program built with MPI");
    }
    program
}

fn over_ranks(program: &str, ranks: &str) -> Command {
    let mut command = Command::new("mpirun");
    command.args(["--oversubscribe", "--bind-to", "none", "-n", ranks, program]);
    command
}

/// Forecasts, their backtest and what was found by tuning, over ranks.
#[test]
fn ranks_do_not_change_a_forecast() {
    let Some(program) = with_mpi() else { return };
    let folder = written(|place| place);
    let study = folder.path().join("study.toml");
    let text = std::fs::read_to_string(&study).unwrap();
    let tuned = "[forecast]\ntuning = \"bayesian\"\ntuning_trials = 7\n[simulation]";
    std::fs::write(&study, text.replace("[simulation]", tuned)).unwrap();
    let told = |table: &str, command: &mut Command| {
        command.arg("fit").arg(&study).args(["--format", "csv", "--table", table]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).unwrap()
    };
    for table in ["items", "forecasts"] {
        let alone = told(table, &mut Command::new(&program));
        assert!(alone.lines().count() > 7, "{alone}");
        for ranks in ["2", "4"] {
            assert_eq!(alone, told(table, &mut over_ranks(&program, ranks)), "{ranks} ranks");
        }
    }
}

/// The digest of one process is that of as many ranks.
fn ranks_change_nothing(folder: &Path, program: &str, ranks: &[&str]) {
    let digest = |run: &str, command: &mut Command| {
        let (out, study) = (folder.join(run), folder.join("study.toml"));
        let status = command.arg("run").arg(study).arg("--run").arg(&out).output().unwrap();
        let said = String::from_utf8_lossy(&status.stderr).into_owned();
        assert!(status.status.success(), "{run}: {said}");
        std::fs::read_to_string(out.join("digest.txt")).unwrap()
    };
    let alone = digest("alone", &mut Command::new(program));
    for ranks in ranks {
        let digest = digest(&format!("ranks-{ranks}"), &mut over_ranks(program, ranks));
        assert_eq!(alone, digest, "{ranks} ranks");
    }
}

/// The whole program over ranks: the digest of one process is that of one to four ranks.
#[test]
fn ranks_do_not_change_a_byte() {
    let Some(program) = with_mpi() else { return };
    ranks_change_nothing(written_in_full().path(), &program, &["1", "2", "3", "4"]);
}

/// Sales that ranks read together, and the history that rank 0 tells the others.
#[test]
fn ranks_that_read_together_change_nothing() {
    let Some(program) = with_mpi() else { return };
    ranks_change_nothing(written_at_length(false).path(), &program, &["2", "3", "4"]);
}

#[test]
fn ranks_do_not_change_a_program() {
    let Some(program) = with_mpi() else { return };
    ranks_change_nothing(written_for_a_program().path(), &program, &["2", "3"]);
}

/// Programs over scenarios, by cuts and by prices of blocks, over ranks.
#[test]
fn ranks_do_not_change_a_decomposition() {
    let Some(program) = with_mpi() else { return };
    let told = |command: &mut Command| {
        command.args(["verify", "stochastic-programs", "--format", "csv"]);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        String::from_utf8(output.stdout).unwrap()
    };
    let alone = told(&mut Command::new(&program));
    assert!(alone.lines().count() > 10, "{alone}");
    for ranks in ["1", "2", "3", "4"] {
        assert_eq!(alone, told(&mut over_ranks(&program, ranks)), "{ranks} ranks");
    }
}
