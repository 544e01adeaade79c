//! `parstock plan`: what a run will take, before a job is submitted.

use std::fmt::Write;
use std::path::PathBuf;
use std::time::Instant;

use cluster::Team;
use serde::Serialize;

use super::check::read_study;
use super::{Format, folder_of, json, print};
use crate::doctor::size;
use crate::error::Error;
use crate::estimate::{Needs, Sample, Time};
use crate::inputs::Inputs;
use crate::report::figures::{count, percent};

/// Arguments of `parstock plan`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct PlanArguments {
    /// The study file.
    pub study: PathBuf,
    /// Numbers of nodes to say the time for.
    #[arg(long, value_delimiter = ',', default_value = "1,2,4,8,16",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub nodes: Vec<u32>,
    /// Cores of a node; those of this machine by default.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub cores_per_node: Option<u32>,
    /// About how many seconds to measure a sample of the items.
    #[arg(long, default_value_t = 5.0, value_parser = seconds)]
    pub seconds: f64,
    /// What an hour of a core costs.
    #[arg(long, value_parser = price)]
    pub price: Option<f64>,
    /// Threads to measure with; by default `SLURM_CPUS_PER_TASK`, or all cores this process may use.
    #[arg(long, env = "PARSTOCK_THREADS", value_parser = super::few())]
    pub threads: Option<usize>,
    /// How to print it.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

const EXAMPLES: &str = "\
Examples:
  parstock plan study.toml
  parstock plan study.toml --nodes 1,10,100 --cores-per-node 64 --price 0.05
A sample of the items is computed on this machine; cores of the cluster are taken to be as fast.";

fn seconds(text: &str) -> Result<f64, String> {
    within(text, 0.1, 3_600.0).ok_or_else(|| "must be a number from 0.1 to 3600".to_owned())
}

fn price(text: &str) -> Result<f64, String> {
    within(text, 0.0, 1e6).ok_or_else(|| "must be a number from 0 to 1000000".to_owned())
}

fn within(text: &str, least: f64, most: f64) -> Option<f64> {
    text.parse().ok().filter(|value| (least..=most).contains(value))
}

/// What a run will take.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// What was measured.
    pub sample: Sample,
    /// Fresh scenarios of each item.
    pub scenarios: usize,
    /// Strategies compared.
    pub strategies: usize,
    /// Time of all cores together \[h\].
    pub core_hours: f64,
    /// What that costs, if a price was given.
    pub cost: Option<f64>,
    /// What rank 0 needs beside the tables that are read.
    pub needs: Needs,
    /// Memory that reading the tables took \[B\]: rank 0 needs it, others at most as much.
    pub tables_bytes: u64,
    /// Fresh scenarios for the wanted precision, if there are too few.
    pub scenarios_wanted: Option<usize>,
    /// Time by number of nodes.
    pub nodes: Vec<OnNodes>,
}

/// Time on so many nodes.
#[derive(Clone, Debug, Serialize)]
pub struct OnNodes {
    /// How many.
    pub nodes: usize,
    /// All of it \[s\].
    pub seconds: f64,
    /// Its parts.
    pub parts: Time,
    /// Share of the cores' time that is spent on rows.
    pub efficiency: f64,
}

/// Measures a sample and prints what the run will take.
///
/// # Errors
///
/// Everything that is wrong with the study or its tables, or what the sample ended with.
pub fn command(arguments: &PlanArguments) -> Result<(), Error> {
    let team = Team::solo(super::run::threads(arguments.threads))?;
    let begin = Instant::now();
    let before = resident();
    let study = read_study(&arguments.study, &team)?;
    let inputs = Inputs::read(&study, folder_of(&arguments.study), &team)?;
    let (read_seconds, tables_bytes) =
        (begin.elapsed().as_secs_f64(), resident() - before.min(resident()));
    let sample = Sample::of(&study, &inputs, arguments.seconds, &team)?;
    let cores = arguments.cores_per_node.map_or_else(
        || std::thread::available_parallelism().map_or(1, usize::from),
        |cores| cores as usize,
    );
    let on = |nodes: &u32| {
        let parts = sample.time(*nodes as usize, cores, read_seconds);
        let seconds = parts.seconds();
        OnNodes { nodes: *nodes as usize, seconds, parts, efficiency: parts.work_seconds / seconds }
    };
    let core_hours = sample.items as f64 * sample.item_core_seconds / 3_600.0;
    let scenarios = study.file.simulation.scenarios;
    let wanted = study.file.report.half_width_share;
    let ratio = sample.half_width_share / wanted;
    let plan = Plan {
        scenarios,
        strategies: study.strategies.len(),
        core_hours,
        cost: arguments.price.map(|price| price * core_hours),
        needs: Needs::of(&study, sample.items),
        tables_bytes,
        scenarios_wanted: (ratio > 1.0).then(|| (scenarios as f64 * ratio * ratio).ceil() as usize),
        nodes: arguments.nodes.iter().map(on).collect(),
        sample,
    };
    print(&match arguments.format {
        Format::Text => text(&plan, cores),
        Format::Json => json(&plan),
        Format::Csv => csv(&plan),
    })
}

/// Memory of this process that is in use \[B\]; 0 where the system does not say.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes =
        line.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1_024
}

fn text(plan: &Plan, cores: usize) -> String {
    let Sample { items, sampled, item_core_seconds, longest_row_seconds, .. } = plan.sample;
    let mut text = format!(
        "{} items, {} strategies, {} fresh scenarios; {} items were computed to measure\n",
        count(items),
        plan.strategies,
        count(plan.scenarios),
        count(sampled)
    );
    let _ = writeln!(
        text,
        "an item takes {} of a core, the longest {}; all together {}{}",
        time(item_core_seconds),
        time(longest_row_seconds),
        if plan.core_hours < 0.1 {
            format!("{:.0} core seconds", 3_600.0 * plan.core_hours)
        } else {
            format!("{:.2} core hours", plan.core_hours)
        },
        plan.cost.map_or_else(String::new, |cost| format!(", which cost {cost:.4}"))
    );
    let _ = writeln!(
        text,
        "memory: at most {} for the tables on a rank, {} more on the first",
        size(plan.tables_bytes),
        size(plan.needs.memory_bytes)
    );
    let _ = writeln!(text, "disk: {} in the run folder", size(plan.needs.disk_bytes));
    let _ =
        write!(text, "precision: total cost to ± {} %", percent(plan.sample.half_width_share, 2));
    if let Some(wanted) = plan.scenarios_wanted {
        let wanted = count(wanted);
        let asks = "; report.half_width_share asks for more: set simulation.scenarios to";
        let _ = write!(text, "{asks} {wanted}");
    }
    text += "\n";
    let _ = writeln!(
        text,
        "\n nodes of {cores} cores   wall time   reading   rows   waiting   writing   busy %"
    );
    for OnNodes { nodes, seconds, parts, efficiency } in &plan.nodes {
        let _ = writeln!(
            text,
            " {nodes:>18} {:>11} {:>9} {:>6} {:>9} {:>9} {:>8}",
            time(*seconds),
            time(parts.read_seconds),
            time(parts.work_seconds),
            time(parts.wait_seconds),
            time(parts.merge_seconds),
            percent(*efficiency, 0)
        );
    }
    text.replace('\u{a0}', " ")
}

/// A time in its usual unit.
fn time(seconds: f64) -> String {
    match seconds {
        s if s < 0.001 => format!("{:.0} us", 1e6 * s),
        s if s < 1.0 => format!("{:.0} ms", 1e3 * s),
        s if s < 600.0 => format!("{s:.1} s"),
        s if s < 36_000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.1} h", s / 3_600.0),
    }
}

fn csv(plan: &Plan) -> String {
    let mut text =
        "nodes,seconds,read_seconds,work_seconds,wait_seconds,merge_seconds,efficiency,core_hours,\
                    half_width_share,memory_bytes,disk_bytes\n"
            .to_owned();
    for OnNodes { nodes, seconds, parts, efficiency } in &plan.nodes {
        let Time { read_seconds, work_seconds, wait_seconds, merge_seconds } = parts;
        let (half, Needs { memory_bytes, disk_bytes }) = (plan.sample.half_width_share, plan.needs);
        let _ = writeln!(
            text,
            "{nodes},{seconds},{read_seconds},{work_seconds},{wait_seconds},{merge_seconds},{efficiency},{},\
             {half},{memory_bytes},{disk_bytes}",
            plan.core_hours
        );
    }
    text
}
