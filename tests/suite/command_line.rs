//! The program as its users meet it: arguments in; files, words and exit codes out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Names that somebody else's program might obey.
const HOSTILE: [&str; 3] = ["<script>alert(1)</script>", "=cmd|' /C calc'!A1", "../../etc/x"];
const HARMLESS: [&str; 3] = ["lamp", "rope, 5 m", "Straße 7"];
const DAYS: u32 = 120;

const STUDY: &str = r#"schema = 1
name = "corner shop"
seed = 7

[sales]
file = "sales.csv"
gaps = "zero"

[items]
file = "items.csv"

[items.defaults]
lead_time_periods = 3
order_cost = 5.0
holding_rate_per_year = 0.25

[simulation]
periods = 28
warm_up_periods = 14
scenarios = 64
search_scenarios = 32
"#;

/// A folder with a study of six items and 120 days.
struct Shop {
    place: TempDir,
}

impl Shop {
    fn new() -> Shop {
        let shop = Shop { place: tempfile::tempdir().expect("a folder") };
        shop.write("study.toml", STUDY);
        shop.write("items.csv", &items());
        shop.write("sales.csv", &sales(|rows| rows));
        shop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).expect("written");
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        parstock(self.place.path(), arguments)
    }

    /// What the program does; a panic is never acceptable.
    fn ask(&self, arguments: &[&str]) -> Output {
        asked(self.command(arguments))
    }

    /// Standard output of what must end well.
    fn told(&self, arguments: &[&str]) -> String {
        let output = self.ask(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", words(&output.stderr));
        words(&output.stdout)
    }

    /// Standard error of what must end with the code `exit` and print nothing.
    fn refused(&self, arguments: &[&str], exit: i32) -> String {
        let output = self.ask(arguments);
        let message = words(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {message}");
        assert!(output.stdout.is_empty(), "{arguments:?} prints");
        assert!(message.starts_with("error: "), "{arguments:?}: {message}");
        message
    }
}

fn parstock(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_parstock"));
    command.args(arguments).current_dir(folder);
    for variable in ["PARSTOCK_RUN", "PARSTOCK_THREADS", "SLURM_CPUS_PER_TASK"] {
        command.env_remove(variable);
    }
    command
}

fn asked(mut command: Command) -> Output {
    let output = command.stdin(Stdio::null()).output().expect("the program starts");
    let message = words(&output.stderr);
    assert!(!message.contains("panicked"), "{message}");
    assert!(output.status.code().is_some_and(|code| code != 101), "{}", output.status);
    output
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program speaks UTF-8")
}

/// A text as a field of a table.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn names() -> impl Iterator<Item = &'static str> {
    HOSTILE.into_iter().chain(HARMLESS)
}

fn items() -> String {
    let row = |(place, name): (usize, &str)| {
        let cost = place + 1;
        format!("{},{cost}.50,{}.00,toys\n", quoted(name), 2 * cost)
    };
    let rows: String = names().enumerate().map(row).collect();
    format!("item,unit_cost,price,category\n{rows}")
}

/// The sales table, its rows in the order that `order` gives them.
fn sales(order: fn(Vec<String>) -> Vec<String>) -> String {
    let mut rows = Vec::new();
    for (place, name) in names().enumerate() {
        for day in 0..DAYS {
            let month = 1 + day / 28;
            let units = (day * 7 + day / 3 * 5 + place as u32 * 11) % (5 + 2 * place as u32);
            rows.push(format!("2025-{month:02}-{:02},{},{units}\n", 1 + day % 28, quoted(name)));
        }
    }
    // Every month has 28 days here; the others are gaps, counted as days without sales.
    format!("date,item,units\n{}", order(rows).concat())
}

#[test]
fn an_example_can_be_written_and_checked() {
    let place = tempfile::tempdir().expect("a folder");
    let output = asked(parstock(place.path(), &["init", "retail", "shop"]));
    assert!(output.status.success() && output.stdout.is_empty());
    assert!(words(&output.stderr).contains("next: parstock run shop/study.toml"));
    let output = asked(parstock(place.path(), &["check", "shop/study.toml"]));
    assert!(output.status.success(), "{}", words(&output.stderr));
    assert!(words(&output.stdout).contains("300 items"), "{}", words(&output.stdout));
    assert!(output.stderr.is_empty());

    // What is there is left alone.
    fs::write(place.path().join("shop/study.toml"), "mine").expect("written");
    let output = asked(parstock(place.path(), &["init", "retail", "shop"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("--force"));
    assert_eq!(fs::read(place.path().join("shop/study.toml")).expect("there"), b"mine");
}

#[test]
fn a_check_says_the_same_in_every_format() {
    let shop = Shop::new();
    let text = shop.told(&["check", "study.toml"]);
    assert!(text.starts_with("corner shop: 6 items"), "{text}");
    let json = shop.told(&["check", "study.toml", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["items"], 6);
    let notes = json["notes"].as_array().expect("a list").len();
    assert_eq!(notes, text.matches("\nnote: ").count());
    let csv = shop.told(&["check", "study.toml", "--format", "csv"]);
    assert!(csv.contains("items,6\n") && csv.matches("\nnote,").count() == notes, "{csv}");
    assert!(!shop.path("runs").exists(), "a check leaves nothing behind");
}

#[test]
fn a_run_leaves_a_whole_folder_and_is_not_repeated() {
    let shop = Shop::new();
    let output = shop.ask(&["run", "study.toml"]);
    assert!(output.status.success(), "{}", words(&output.stderr));
    let told = words(&output.stdout);
    assert_eq!(told, shop.read("runs/corner-shop/summary.txt"));
    assert!(told.contains("corner shop: ") && !told.contains('\x1b'), "{told}");

    let entries = fs::read_dir(shop.path("runs/corner-shop")).expect("a folder");
    let found: BTreeSet<String> = entries
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    let expected = [
        "digest.txt",
        "items.csv",
        "manifest.json",
        "recommendations.csv",
        "report.html",
        "report.json",
        "strategies.csv",
        "study.toml",
        "summary.txt",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
    let digest = shop.read("runs/corner-shop/digest.txt");
    let mut digested = BTreeSet::new();
    for line in digest.lines() {
        let (hash, name) = line.split_once("  ").expect("a hash and a name");
        let bytes = fs::read(shop.path("runs/corner-shop").join(name)).expect("there");
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash, "{name}");
        digested.insert(name);
    }
    assert_eq!(
        digested,
        ["items.csv", "recommendations.csv", "report.json", "strategies.csv"].into()
    );

    let written = || fs::metadata(shop.path("runs/corner-shop/digest.txt")).unwrap().modified();
    let before = written().expect("a time");
    let again = shop.ask(&["run", "study.toml"]);
    assert!(again.status.success() && words(&again.stdout) == told);
    assert!(words(&again.stderr).contains("is complete already"), "{}", words(&again.stderr));
    assert_eq!(written().expect("a time"), before);
}

#[test]
fn a_folder_of_another_study_is_refused_with_the_differences() {
    let shop = Shop::new();
    let run = ["run", "study.toml", "--run", "results"];
    shop.told(&run);
    let digest = shop.read("results/digest.txt");

    shop.write("study.toml", &STUDY.replace("seed = 7", "seed = 8"));
    let message = shop.refused(&run, 2);
    assert!(message.contains("seed: 7 → 8"), "{message}");
    shop.write("study.toml", STUDY);
    shop.write("sales.csv", &sales(|rows| rows).replacen(",0\n", ",1\n", 1));
    let message = shop.refused(&run, 2);
    assert!(message.contains("contents of sales.csv: sha256 "), "{message}");
    assert!(message.contains("--run"), "{message}");
    shop.write("sales.csv", &sales(|rows| rows));

    let message = shop.refused(&[&run[..], &["--fresh"]].concat(), 2);
    assert!(message.contains("--fresh wants an empty folder"), "{message}");
    shop.told(&["run", "study.toml", "--run", "results-2", "--fresh"]);
    assert_eq!(shop.read("results-2/digest.txt"), digest);
    assert_eq!(shop.read("results/digest.txt"), digest, "what was refused was not touched");
}

#[test]
fn a_run_folder_that_cannot_be_written_is_found_before_anything_is_computed() {
    let shop = Shop::new();
    shop.write("taken", "mine");
    for folder in ["taken", "taken/below"] {
        let message = shop.refused(&["run", "study.toml", "--run", folder], 4);
        assert!(message.contains(&format!("`{folder}`")), "{message}");
    }
    assert_eq!(shop.read("taken"), "mine");

    let locked = shop.path("locked");
    fs::create_dir(&locked).expect("made");
    let mut rights = fs::metadata(&locked).expect("there").permissions();
    rights.set_readonly(true);
    fs::set_permissions(&locked, rights).expect("set");
    if fs::write(locked.join("probe"), "").is_ok() {
        println!("skipped: this user may write in read-only folders");
        return;
    }
    let message = shop.refused(&["run", "study.toml", "--run", "locked"], 4);
    assert!(message.contains("locked"), "{message}");
}

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

#[test]
fn a_folder_without_a_finished_run_is_not_reported() {
    let shop = Shop::new();
    let message = shop.refused(&["report", "."], 2);
    assert!(message.contains("not a run folder"), "{message}");
    shop.told(&["run", "study.toml", "--run", "out"]);
    fs::remove_file(shop.path("out/digest.txt")).expect("removed");
    let message = shop.refused(&["report", "out"], 2);
    assert!(message.contains("not finished"), "{message}");
    // The command that started it finishes it.
    shop.told(&["run", "study.toml", "--run", "out"]);
    shop.told(&["report", "out"]);
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

/// The digest of a run with these variables and arguments.
fn digest(shop: &Shop, run: &str, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = shop.command(&["run", "study.toml", "--run", run]);
    command.args(arguments).envs(variables.iter().copied());
    let output = asked(command);
    assert!(output.status.success(), "{}", words(&output.stderr));
    shop.read(&format!("{run}/digest.txt"))
}

#[test]
fn neither_threads_nor_places_change_a_byte() {
    let shop = Shop::new();
    let threads = |run: &str| -> serde_json::Value {
        let manifest = shop.read(&format!("{run}/manifest.json"));
        serde_json::from_str::<serde_json::Value>(&manifest).expect("JSON")["threads"].clone()
    };
    let one = digest(&shop, "one", &[], &["--threads", "1"]);
    assert_eq!(threads("one"), 1);
    assert_eq!(digest(&shop, "three", &[("PARSTOCK_THREADS", "3")], &[]), one);
    assert_eq!(threads("three"), 3);
    let both = [("PARSTOCK_THREADS", "3"), ("SLURM_CPUS_PER_TASK", "4")];
    assert_eq!(digest(&shop, "two", &both, &["--threads", "2"]), one);
    assert_eq!(threads("two"), 2, "the command line comes first");
    assert_eq!(digest(&shop, "four", &both[1..], &[]), one);
    assert_eq!(threads("four"), 4);
    let elsewhere =
        [("LC_ALL", "de_DE.UTF-8"), ("LANG", "de_DE.UTF-8"), ("TZ", "Pacific/Auckland")];
    assert_eq!(digest(&shop, "elsewhere", &elsewhere, &[]), one);
    assert_eq!(shop.read("elsewhere/summary.txt"), shop.read("one/summary.txt"));
    assert_eq!(shop.read("elsewhere/report.html"), shop.read("one/report.html"));
}

#[test]
fn the_order_of_rows_changes_no_byte_of_the_results() {
    let shop = Shop::new();
    let sorted = digest(&shop, "sorted", &[], &[]);
    shop.write(
        "sales.csv",
        &sales(|rows| {
            // 7 and the number of rows, 720, have no common factor: every row comes once.
            let count = rows.len();
            (0..count).map(|place| rows[(place * 7 + 5) % count].clone()).collect()
        }),
    );
    let shuffled = digest(&shop, "shuffled", &[], &[]);
    let table = |run: &str| shop.read(&format!("{run}/recommendations.csv"));
    assert_eq!(table("shuffled"), table("sorted"));
    assert_eq!(shuffled, sorted);
    // The manifest names the file by its bytes, which did change.
    let hash = |run: &str| -> serde_json::Value {
        let manifest = shop.read(&format!("{run}/manifest.json"));
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        manifest["inputs"][0]["sha256"].clone()
    };
    assert_ne!(hash("shuffled"), hash("sorted"));
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
    assert!(
        page.contains("&lt;script&gt;alert(1)&lt;&#x2f;script&gt;")
            || page.contains("&lt;script&gt;alert(1)&lt;/script&gt;")
    );
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

#[test]
fn the_program_explains_itself() {
    let shop = Shop::new();
    assert!(shop.told(&["-V"]).starts_with("parstock 0."));
    let version = shop.told(&["--version"]);
    assert!(version.contains(env!("CARGO_PKG_VERSION")) && version.contains("target: "));
    let help = shop.told(&["--help"]);
    for word in ["init", "check", "run", "report", "completions", "Exit codes: 0 done; 1 internal"]
    {
        assert!(help.contains(word), "{word}");
    }
    for command in ["init", "check", "run", "report", "completions"] {
        assert!(shop.told(&[command, "--help"]).contains("Usage: parstock "), "{command}");
    }
    assert!(shop.told(&["run", "--help"]).contains("PARSTOCK_THREADS"));
    for shell in ["bash", "zsh", "fish"] {
        assert!(shop.told(&["completions", shell]).contains("recommendations"), "{shell}");
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused() {
    let shop = Shop::new();
    for (arguments, hint) in [
        (&["runn", "study.toml"][..], "run"),
        (&["run"], "<STUDY>"),
        (&["run", "study.toml", "--thread", "2"], "--threads"),
        (&["run", "study.toml", "--threads", "-1"], "-1"),
        (&["run", "study.toml", "--threads", "many"], "many"),
        (&["run", "study.toml", "--threads", "100000"], "0..=4096"),
        (&["run", "study.toml", "--format", "xml"], "json"),
        (&["report", "out", "--table", "recipes"], "recommendations"),
        (&["init", "restaurant"], "retail"),
        (&["completions", "cmd"], "bash"),
    ] {
        let message = shop.refused(arguments, 2);
        assert!(message.contains(hint), "{arguments:?}: {message}");
    }
    let output = shop.ask(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("Usage: parstock"));
    let mut command = shop.command(&["run", "study.toml"]);
    command.env("PARSTOCK_THREADS", "three");
    let output = asked(command);
    assert_eq!(output.status.code(), Some(2), "{}", words(&output.stderr));
}

#[test]
fn the_environment_names_folders() {
    let shop = Shop::new();
    fs::create_dir(shop.path("data")).expect("made");
    fs::rename(shop.path("sales.csv"), shop.path("data/sales.csv")).expect("moved");
    shop.write("study.toml", &STUDY.replace("sales.csv", "${SHOP_DATA}/sales.csv"));
    let mut command = shop.command(&["run", "study.toml"]);
    command.env("SHOP_DATA", shop.path("data")).env("PARSTOCK_RUN", shop.path("results/of today"));
    let output = asked(command);
    assert!(output.status.success(), "{}", words(&output.stderr));
    assert!(shop.path("results/of today/digest.txt").exists());
    assert!(!shop.path("runs").exists());
}
