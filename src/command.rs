//! The command line: one file a command.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use clap::builder::RangedU64ValueParser;
use clap::builder::styling::Styles;
use clap::{Parser, Subcommand, ValueEnum};

use crate::duration::parse_duration;
use crate::error::Error;

pub mod check;
pub mod compare;
pub mod doctor;
pub mod fit;
pub mod init;
pub mod plan;
pub mod replay;
pub mod report;
pub mod run;
pub mod slurm;
pub mod status;
pub mod verify;

/// Which replenishment policy and which safety stock for each item, at what cost, and how sure.
#[derive(Debug, Parser)]
#[command(name = "parstock", version, long_version = LONG_VERSION.as_str(), styles = Styles::plain())]
#[command(after_help = AFTER, max_term_width = 100)]
pub struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented study with example data, to start from.
    Init {
        /// What kind of study.
        #[arg(value_parser = templates())]
        template: String,
        /// Where to write it; a folder called like the template by default.
        folder: Option<PathBuf>,
        /// Overwrite files that are there.
        #[arg(long)]
        force: bool,
    },
    /// Read a study and its tables, and say everything that is wrong or odd; compute nothing.
    Check {
        /// The study file.
        study: PathBuf,
        /// What to print.
        #[arg(long, value_enum, default_value_t = CheckTable::Findings)]
        table: CheckTable,
        /// How to print it.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Forecast every item's demand, and say how well it would have been foreseen in the past.
    Fit(FitArguments),
    /// Hold out the last part of the history, and say what each strategy would have cost on it.
    Replay(ReplayArguments),
    /// Compare strategies and recommend a policy for every item.
    Run(RunArguments),
    /// Say what a run will take: core hours, memory, disk, precision, time on so many nodes.
    Plan(plan::PlanArguments),
    /// Say how far a run is, from any machine that sees its folder; compute nothing.
    Status(StatusArguments),
    /// Print the results of a finished run.
    Report {
        /// The run folder.
        run: PathBuf,
        /// How to print them.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Which table to print as CSV.
        #[arg(long, default_value = "recommendations", value_parser = tables())]
        table: String,
    },
    /// Compare two finished runs: which settings differ, and by how much costs, stock and service do.
    Compare {
        /// The first run folder.
        first: PathBuf,
        /// The second run folder.
        second: PathBuf,
        /// How to print it.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
        /// Which table to print as CSV.
        #[arg(long, value_enum, default_value_t = CompareTable::Plans)]
        table: CompareTable,
    },
    /// Compute published results and print them beside the published numbers.
    Verify {
        /// Which table of the literature; all by default.
        #[arg(value_parser = published())]
        table: Option<String>,
        /// Threads of this process; by default `SLURM_CPUS_PER_TASK`, or all cores it may use.
        #[arg(long, env = "PARSTOCK_THREADS", value_parser = few())]
        threads: Option<usize>,
        /// How to print them.
        #[arg(long, value_enum, default_value_t = Format::Text)]
        format: Format,
    },
    /// Print or submit a job script for Slurm that runs a study and continues it when it was ended.
    Slurm(slurm::SlurmArguments),
    /// Say what is wrong with this machine or cluster, before a job does.
    Doctor(doctor::DoctorArguments),
    /// Print a script that completes commands on the Tab key.
    Completions {
        /// For which shell.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
}

/// Arguments of `parstock fit`.
#[derive(Debug, clap::Args)]
pub struct FitArguments {
    /// The study file.
    pub study: PathBuf,
    /// Windows of lead time and review that are foreseen, the last ones of the history; by default
    /// as the study says in `forecast.windows`.
    #[arg(long, value_parser = windows())]
    pub windows: Option<usize>,
    /// Write a page with the tables and with pictures of items here.
    #[arg(long)]
    pub report: Option<PathBuf>,
    /// Threads of this process; by default `SLURM_CPUS_PER_TASK`, or all cores it may use.
    #[arg(long, env = "PARSTOCK_THREADS", value_parser = few())]
    pub threads: Option<usize>,
    /// How to print the results.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Which table to print as CSV or JSON.
    #[arg(long, value_enum, default_value_t = FitTable::Items)]
    pub table: FitTable,
}

/// What `parstock check` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckTable {
    /// What the study is about, and what is odd.
    Findings,
    /// The ledger: what was changed of the sales, or looks wrong in them.
    Changes,
    /// How good the sales of each item are: complete, timely, accurate.
    Quality,
}

/// Arguments of `parstock replay`.
#[derive(Debug, clap::Args)]
pub struct ReplayArguments {
    /// The study file.
    pub study: PathBuf,
    /// Periods at the end of the history that are held out; by default a quarter of a year, or of the
    /// history if that is less.
    #[arg(long)]
    pub periods: Option<usize>,
    /// Threads of this process; by default `SLURM_CPUS_PER_TASK`, or all cores it may use.
    #[arg(long, env = "PARSTOCK_THREADS", value_parser = few())]
    pub threads: Option<usize>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The tables of `parstock compare`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompareTable {
    /// A line a strategy or plan: its cost, stock and service in both runs.
    Plans,
    /// A line an item: what is recommended in both runs.
    Items,
    /// A line a setting that differs.
    Settings,
}

/// The tables of `parstock fit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FitTable {
    /// A line an item: its models, their scores, and what comes.
    Items,
    /// A line a model: how it did, and for how many items it is used.
    Models,
    /// A line a period that comes, of every item.
    Forecasts,
    /// A line a model whose options were searched for, of each pattern of demand.
    Tuning,
}

/// Arguments of `parstock run`.
#[derive(Debug, clap::Args)]
pub struct RunArguments {
    /// The study file.
    pub study: PathBuf,
    /// Where results go; `runs/` and the study's name by default.
    #[arg(long, env = "PARSTOCK_RUN")]
    pub run: Option<PathBuf>,
    /// Threads of this process; by default `SLURM_CPUS_PER_TASK`, or all cores it may use.
    #[arg(long, env = "PARSTOCK_THREADS", value_parser = few())]
    pub threads: Option<usize>,
    /// Refuse a run folder that is not empty, even one of the same study.
    #[arg(long)]
    pub fresh: bool,
    /// Stop in time to be done after so long, such as 90m or 2h, with exit code 75; `auto` is the end of
    /// the Slurm job.
    #[arg(long, env = "PARSTOCK_MAX_TIME", value_name = "TIME", value_parser = limit)]
    pub max_time: Option<MaxTime>,
    /// Compute rows again that failed, or that ended the process, in earlier attempts.
    #[arg(long)]
    pub retry: bool,
    /// Be one of N processes without MPI that work on one run folder, K of 1 to N.
    #[arg(long, value_name = "K/N", value_parser = part)]
    pub part: Option<(usize, usize)>,
    /// How to print the results.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Which table to print as CSV.
    #[arg(long, default_value = "recommendations", value_parser = tables())]
    pub table: String,
}

/// Arguments of `parstock status`.
#[derive(Debug, clap::Args)]
pub struct StatusArguments {
    /// The run folder.
    pub run: PathBuf,
    /// Look again every other second until the run is complete.
    #[arg(long, conflicts_with_all = ["safe_rows"])]
    pub watch: bool,
    /// End with 75 if the run is not complete.
    #[arg(long)]
    pub exit_code: bool,
    /// Print nothing but the number of rows whose results are safe on disk.
    #[arg(long)]
    pub safe_rows: bool,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// How long a run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxTime {
    /// Until the end of the Slurm job.
    Auto,
    /// So long from its start.
    After(Duration),
}

/// How results are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs; every figure of the text and more.
    Json,
    /// For spreadsheets; cells that a spreadsheet would take for formulas begin with `'`.
    Csv,
}

const AFTER: &str = "\
Exit codes: 0 done; 1 internal error; 2 command line or study file; 3 input tables; 4 disk, permissions, or \
a problem that `doctor` found; 5 limits that cannot be met, items that could not be computed, or a \
published result that is not reproduced; 70 fatal on a rank; 75 stopped before it was done, the same \
command goes on; 130, 138, 143 ended at once by a second signal.
Results go to standard output, everything else to standard error.
The guide is in docs/; `parstock init retail` writes an example to try.";

/// More threads than any machine has would be started for minutes, to no use.
fn few() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(0..=4096)
}

fn limit(text: &str) -> Result<MaxTime, String> {
    match text {
        "auto" => Ok(MaxTime::Auto),
        time => parse_duration(time).map(MaxTime::After).map_err(|why| why + ", or auto"),
    }
}

fn part(text: &str) -> Result<(usize, usize), String> {
    let numbers = text
        .split_once('/')
        .and_then(|(part, parts)| Some((part.parse().ok()?, parts.parse().ok()?)));
    match numbers {
        Some((part, parts)) if (1..=parts).contains(&part) && parts <= 100_000 => Ok((part, parts)),
        _ => Err("must be K/N with K from 1 to N, such as 3/16, and N at most 100000".to_owned()),
    }
}

fn windows() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(2..=scenarios::forecast::MOST_WINDOWS as u64)
}

fn templates() -> Vec<&'static str> {
    init::TEMPLATES.iter().map(|(name, _)| *name).collect()
}

fn published() -> Vec<&'static str> {
    crate::verify::CATALOGUE.iter().map(|table| table.name).collect()
}

fn tables() -> Vec<&'static str> {
    crate::report::tables::TABLES.to_vec()
}

/// What `--version` says: which source, for which machine, with what.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{} ({})\nfeatures: {}\ntarget: {}",
        env!("CARGO_PKG_VERSION"),
        env!("PARSTOCK_COMMIT"),
        cluster::build_features(),
        target()
    )
});

/// Target and compiler flags of this build.
pub fn target() -> String {
    format!("{} {}", env!("PARSTOCK_TRIPLE"), env!("PARSTOCK_TARGET")).trim().to_owned()
}

/// A plain value as JSON, a line at the end.
fn json<T: serde::Serialize + ?Sized>(value: &T) -> String {
    serde_json::to_string_pretty(value).expect("plain values are always JSON") + "\n"
}

/// Prints data on standard output. A reader that has left, such as `head`, is no error.
///
/// # Errors
///
/// [`Error::Disk`] if the data cannot be written for another reason: the disk may be full.
pub fn print(data: &str) -> Result<(), Error> {
    use std::io::Write;
    let mut output = std::io::stdout().lock();
    match output.write_all(data.as_bytes()).and_then(|()| output.flush()) {
        Err(reason) if reason.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Error::disk("write to", "standard output", &reason))
        }
        _ => Ok(()),
    }
}

/// Says something on standard error, without control characters that came from a name or a path.
/// A reader that has left is no error here either.
pub fn tell(words: std::fmt::Arguments<'_>) {
    use std::io::Write;
    let mut text = String::new();
    for line in words.to_string().split('\n') {
        let _ = crate::table::escape(line, &mut text);
        text.push('\n');
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Where the results of a study go: where they are asked to, or `runs/` and its name.
fn run_folder(asked: Option<&Path>, study: &str) -> PathBuf {
    asked.map_or_else(|| PathBuf::from("runs").join(study.replace(' ', "-")), Path::to_owned)
}

/// The folder a study's paths are relative to.
fn folder_of(study: &Path) -> &Path {
    study.parent().unwrap_or(Path::new(""))
}
