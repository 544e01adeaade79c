//! The program as its users meet it: arguments in; files, words and exit codes out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

mod compares;
mod outputs;
mod replays;
mod runs;

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
    assert!(!message.contains("panicked") && !message.contains(['\x1b', '\r']), "{message}");
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
