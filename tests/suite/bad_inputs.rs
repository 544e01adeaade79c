//! What a user reads when an input is wrong, word for word.
//!
//! A case is a good study with something changed; the message it must give stands in
//! `tests/golden/<case>.txt`. `UPDATE=1 cargo test --test suite bad_inputs` writes the messages
//! anew: read each as the person who has to mend the file would.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

mod plans;
mod study;
mod tables;

/// A study with something wrong, or odd, in it.
struct Case {
    /// Its name, and that of the file with the message.
    name: &'static str,
    /// The exit code expected.
    exit: i32,
    /// What makes a good study bad.
    changes: &'static [Change],
}

/// What becomes of one file of the good study.
enum Change {
    /// The first text is replaced by the second, once.
    Swap(&'static str, &'static str, &'static str),
    /// Text is added at the end.
    Append(&'static str, &'static str),
    /// The file has these bytes.
    Write(&'static str, &'static [u8]),
    /// The file's bytes become others.
    Turn(&'static str, fn(&[u8]) -> Vec<u8>),
    /// There is no such file.
    Remove(&'static str),
    /// A folder has its place.
    Folder(&'static str),
}

const STUDY: &str = "study.toml";
const SALES: &str = "sales.csv";
const ITEMS: &str = "items.csv";

const GOOD_STUDY: &str = r#"schema = 1
name = "shop"
seed = 7

[sales]
file = "sales.csv"

[calendar]
period = "day"

[items]
file = "items.csv"

[items.defaults]
lead_time_periods = 2
order_cost = 5.0
holding_rate_per_year = 0.25

[events]
unmet = "lost"

[simulation]
periods = 28
warm_up_periods = 7
scenarios = 32
search_scenarios = 32

[strategies]
compare = ["z-sigma", "newsvendor"]
service_level = 0.95
"#;

const GOOD_ITEMS: &str = "item,unit_cost,price\nlamp,6.00,10.00\nrope,1.50,2.50\n";

const GOOD_SALES: &str = "\
date,item,units
2024-02-26,lamp,3
2024-02-27,lamp,1
2024-02-28,lamp,4
2024-02-29,lamp,1
2024-03-01,lamp,5
2024-03-02,lamp,9
2024-02-26,rope,2
2024-02-27,rope,6
2024-02-28,rope,5
2024-02-29,rope,3
2024-03-01,rope,5
2024-03-02,rope,8
";

/// Writes the good study, changed, into `folder`.
fn write(folder: &Path, changes: &[Change]) {
    for (name, text) in [(STUDY, GOOD_STUDY), (SALES, GOOD_SALES), (ITEMS, GOOD_ITEMS)] {
        fs::write(folder.join(name), text).expect("written");
    }
    let read = |name: &str| fs::read(folder.join(name)).expect("there");
    for change in changes {
        let (name, bytes) = match *change {
            Change::Swap(name, from, to) => {
                let text = String::from_utf8(read(name)).expect("text");
                assert!(text.contains(from), "{name} has no {from:?}");
                (name, text.replacen(from, to, 1).into_bytes())
            }
            Change::Append(name, text) => (name, [&read(name), text.as_bytes()].concat()),
            Change::Write(name, bytes) => (name, bytes.to_vec()),
            Change::Turn(name, turn) => (name, turn(&read(name))),
            Change::Remove(name) => {
                fs::remove_file(folder.join(name)).expect("removed");
                continue;
            }
            Change::Folder(name) => {
                fs::remove_file(folder.join(name)).expect("removed");
                fs::create_dir(folder.join(name)).expect("made");
                continue;
            }
        };
        fs::write(folder.join(name), bytes).expect("written");
    }
}

/// What `parstock` does with the study in `folder`.
fn parstock(folder: &Path, command: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_parstock"))
        .args([command, STUDY])
        .current_dir(folder)
        .env_remove("PARSTOCK_NO_SUCH_VARIABLE")
        .env_remove("PARSTOCK_RUN")
        .output()
        .expect("the program starts")
}

/// Text without what differs from one machine to the next.
fn settled(bytes: &[u8], folder: &Path) -> String {
    let text = String::from_utf8(bytes.to_vec()).expect("messages are UTF-8");
    text.replace(&folder.display().to_string(), "<folder>")
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.txt"))
}

/// Compares `text` with the golden file, or writes it there.
fn compare(name: &str, text: &str, faults: &mut Vec<String>) {
    if std::env::var_os("UPDATE").is_some() {
        fs::write(golden(name), text).expect("written");
    }
    let expected = fs::read_to_string(golden(name)).unwrap_or_default();
    if text != expected {
        faults.push(format!("{name}: expected\n{expected}but found\n{text}"));
    }
}

fn cases() -> impl Iterator<Item = &'static Case> {
    study::CASES.iter().chain(tables::CASES).chain(plans::CASES)
}

#[test]
fn every_bad_input_is_refused_in_the_right_words() {
    let mut faults = Vec::new();
    for case in cases() {
        let name = case.name;
        let place = tempfile::tempdir().expect("a folder");
        let folder = place.path();
        write(folder, case.changes);
        let output = parstock(folder, "check");
        let message = settled(&output.stderr, folder);
        compare(name, &message, &mut faults);
        let mut fault = |holds: bool, what: &str| {
            if !holds {
                faults.push(format!("{name}: {what}\n{message}"));
            }
        };
        fault(output.status.code() == Some(case.exit), &format!("ends with {}", output.status));
        fault(output.stdout.is_empty(), "prints to standard output");
        fault(message.starts_with("error: "), "does not begin with `error: `");
        fault(!message.contains("panicked"), "panics");
        fault(message.chars().all(|c| c == '\n' || !c.is_control()), "prints control characters");

        // A run says the same, and says it before it leaves anything behind.
        let run = parstock(folder, "run");
        fault(settled(&run.stderr, folder) == message, "is told otherwise by `run`");
        fault(run.status == output.status && run.stdout.is_empty(), "ends otherwise in `run`");
        fault(!folder.join("runs").exists(), "leaves a run folder");
    }
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_odd_input_is_accepted_with_a_note() {
    let mut faults = Vec::new();
    for case in tables::ODD.iter().chain(plans::ODD) {
        let place = tempfile::tempdir().expect("a folder");
        write(place.path(), case.changes);
        let output = parstock(place.path(), "check");
        let told = settled(&output.stdout, place.path());
        let notes: String = told
            .lines()
            .filter(|l| l.starts_with("note: "))
            .fold(String::new(), |notes, line| notes + line + "\n");
        compare(case.name, &notes, &mut faults);
        if output.status.code() != Some(case.exit) || !output.stderr.is_empty() {
            faults.push(format!("{}: ends with {}", case.name, output.status));
        }
    }
    assert!(faults.is_empty(), "{} faults\n\n{}", faults.len(), faults.join("\n"));
}

/// Limits that no choice of policies meets are found only when everything is priced.
#[test]
fn limits_that_cannot_be_met_are_named() {
    let place = tempfile::tempdir().expect("a folder");
    let limit = Change::Append(STUDY, "[constraints]\nstock_budget = 0.01\n");
    write(place.path(), &[limit]);
    let output = parstock(place.path(), "run");
    // How much stock the leanest policies need is the engine's affair.
    let message = settled(&output.stderr, place.path());
    let is_large = |word: &str| word.trim_end_matches(';').parse().is_ok_and(|n: f64| n > 1.0);
    let words = message.split(' ').map(|word| if is_large(word) { "<amount>;" } else { word });
    let mut faults = Vec::new();
    compare("limits_too_tight", &words.collect::<Vec<_>>().join(" "), &mut faults);
    assert_eq!(output.status.code(), Some(5));
    assert!(output.stdout.is_empty());
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The good study is good, or the cases would prove nothing.
#[test]
fn nothing_is_wrong_with_the_good_study() {
    let place = tempfile::tempdir().expect("a folder");
    write(place.path(), &[]);
    for command in ["check", "run"] {
        let output = parstock(place.path(), command);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty());
    }
}

#[test]
fn every_golden_file_has_a_case() {
    if std::env::var_os("UPDATE").is_some() {
        println!("skipped: the files are being written");
        return;
    }
    let names = cases().chain(tables::ODD).chain(plans::ODD).map(|case| case.name);
    let known: BTreeSet<String> =
        names.chain(["limits_too_tight"]).map(|name| format!("{name}.txt")).collect();
    let folder = golden("x").parent().expect("a folder").to_owned();
    let entries = fs::read_dir(folder).expect("there");
    let found: BTreeSet<String> = entries
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    assert_eq!(found, known);
}
