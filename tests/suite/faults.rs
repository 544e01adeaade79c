//! Whatever ends a run, the same command finishes it, with the bytes of a run that nothing disturbed.
//!
//! The numbers F1 to F21 are those of docs/faults.md.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::thread::sleep;
use std::time::{Duration, Instant};

mod endings;
mod kills;
mod rows;

const STUDY: &str = r#"schema = 1
name = "faults"
seed = 11
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
periods = 60
warm_up_periods = 20
scenarios = 100
search_scenarios = 64
[strategies]
compare = ["newsvendor", "searched"]
[constraints]
stock_budget_share = 0.8
"#;

/// Items of the study.
const ITEMS: usize = 40;

/// A study of many small items, and the digest of a run that nothing disturbed.
struct Study {
    folder: tempfile::TempDir,
    digest: String,
}

/// The study, made and run undisturbed once a process of tests.
fn study() -> &'static Study {
    static STUDY_AND_DIGEST: OnceLock<Study> = OnceLock::new();
    STUDY_AND_DIGEST.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let (mut sales, mut items) = ("date,item,units\n".to_owned(), "item,price\n".to_owned());
        for item in 0..ITEMS {
            for day in 0..84 {
                let units = (day * (item + 3) * 7919 + item * 104_729) % 17 * (item % 5 + 1) / 4;
                let (month, date) = (1 + day / 28, 1 + day % 28);
                let _ = writeln!(sales, "2024-{month:02}-{date:02},item-{item:02},{units}");
            }
            let _ = writeln!(items, "item-{item:02},{}", 2 + item % 7);
        }
        write("sales.csv", &sales);
        write("items.csv", &items);
        // Months of 28 days leave the rest of each month without sales.
        write(
            "study.toml",
            &STUDY.replace("file = \"sales.csv\"", "file = \"sales.csv\"\ngaps = \"zero\""),
        );
        let mut study = Study { folder, digest: String::new() };
        let run = study.run("undisturbed");
        let output = alone(&study, &run).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
        study.digest = digest(&run);
        study
    })
}

impl Study {
    fn file(&self) -> PathBuf {
        self.folder.path().join("study.toml")
    }

    /// A run folder of this study.
    fn run(&self, name: &str) -> PathBuf {
        self.folder.path().join("runs").join(name)
    }
}

fn digest(run: &Path) -> String {
    fs::read_to_string(run.join("digest.txt")).unwrap_or_default()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_parstock")
}

/// A program with MPI and the command that starts so many ranks of it, for each MPI there is.
fn mpis() -> Vec<(&'static str, String)> {
    let of = |name, variable: &str| Some((name, std::env::var(variable).ok()?));
    let all = [of("Open MPI", "PARSTOCK_MPI_PROGRAM"), of("MPICH", "PARSTOCK_MPICH_PROGRAM")];
    let found: Vec<_> = all.into_iter().flatten().collect();
    if found.is_empty() {
        println!("skipped: ranks: PARSTOCK_MPI_PROGRAM names no program built with MPI");
    }
    found
}

fn run_of(mut command: Command, study: &Study, run: &Path) -> Command {
    command.arg("run").arg(study.file()).arg("--run").arg(run).args(["--threads", "2"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::null());
    command
}

/// One process.
fn alone(study: &Study, run: &Path) -> Command {
    run_of(Command::new(program()), study, run)
}

/// So many ranks.
fn ranks((mpi, program): &(&str, String), ranks: usize, study: &Study, run: &Path) -> Command {
    let mut command = match *mpi {
        "MPICH" => Command::new("mpirun.mpich"),
        _ => Command::new("mpirun"),
    };
    if *mpi != "MPICH" {
        command.args(["--oversubscribe", "--bind-to", "none"]);
    }
    command.args(["-n", &ranks.to_string(), program]);
    run_of(command, study, run)
}

/// Items take this long, so that there is time to disturb them.
fn slow(command: &mut Command, milliseconds: usize) -> &mut Command {
    command.env("PARSTOCK_REHEARSE", format!("slow@items:{milliseconds}"))
}

/// Sends a signal to every process that has the run folder in its command line.
fn signal_all(signal: &str, run: &Path) {
    let pattern = format!("--run {}", run.display());
    let status = Command::new("pkill").args([&format!("-{signal}"), "-f", "--", &pattern]).status();
    assert!(status.is_ok(), "pkill is part of procps");
}

/// Waits until so many rows of the run are safe.
fn until_safe(run: &Path, rows: usize) {
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(30) {
        if safe_rows(run) >= rows {
            return;
        }
        sleep(Duration::from_millis(50));
    }
    panic!("{rows} rows are not safe after half a minute");
}

fn safe_rows(run: &Path) -> usize {
    let output =
        Command::new(program()).arg("status").arg(run).arg("--safe-rows").output().unwrap();
    String::from_utf8_lossy(&output.stdout).trim().parse().unwrap_or(0)
}

/// The output of a process that has to end soon by itself.
fn ends_within(seconds: u64, mut child: Child) -> Output {
    let begin = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if begin.elapsed() > Duration::from_secs(seconds) {
            let _ = child.kill();
            panic!("it hangs: {}", said(&child.wait_with_output().unwrap()));
        }
        sleep(Duration::from_millis(20));
    }
    child.wait_with_output().unwrap()
}

/// The run is finished by the same command in one process, and nothing can be seen of what happened.
fn finishes_alone(study: &Study, run: &Path) -> String {
    finishes(program(), study, run)
}

fn finishes(program: &str, study: &Study, run: &Path) -> String {
    let output = run_of(Command::new(program), study, run).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(digest(run), study.digest, "{}", said(&output));
    said(&output)
}
