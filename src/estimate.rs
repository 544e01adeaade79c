//! What a run needs, before it begins: memory and disk by the number of items, time by a sample of them.

use std::collections::BTreeSet;
use std::io::sink;
use std::path::Path;
use std::time::Instant;

use cluster::{HELD, Team, free};
use serde::Serialize;
use solvers::AnswerShape;

use crate::doctor::memory::Memory;
use crate::error::Error;
use crate::inputs::Inputs;
use crate::report::{Report, html, tables};
use crate::run::run;
use crate::study::{Limit, Study};

/// What a run needs of the machine of its first rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Needs {
    /// Memory beside the tables that are read \[B\].
    pub memory_bytes: u64,
    /// Results, and while it runs the journal, and answers that are too many for memory \[B\].
    pub disk_bytes: u64,
}

/// What rank 0 keeps of an item \[B\].
fn answer_bytes(study: &Study) -> u64 {
    8 * AnswerShape::new(study.strategies.len()).words() as u64
}

impl Needs {
    /// What a run of so many items needs, about.
    pub fn of(study: &Study, items: usize) -> Needs {
        // Measured on results of 300 to 100,000 items: kilobytes an item, and more for each strategy.
        const RESULT_BYTES: u64 = 3_000;
        const STRATEGY_BYTES: u64 = 1_600;
        const SCENARIO_BYTES: u64 = 120;
        // What is known of an item, and said of it.
        const LINE_BYTES: u64 = 2_500;
        let (items, strategies) = (items as u64, study.strategies.len() as u64);
        let scenarios =
            (study.file.simulation.scenarios as u64).min(solvers::kept(usize::MAX)[0] as u64);
        let results = items * (RESULT_BYTES + STRATEGY_BYTES * strategies)
            + scenarios * SCENARIO_BYTES * (strategies + 1);
        let plan = study.order_plan.as_ref().map_or(0, |plan| {
            let periods = plan.periods.unwrap_or(study.periods).min(study.periods) as u64;
            // Demand of a sample, and of another that judges it.
            2 * 8 * items * periods * plan.scenarios_of(plan.method) as u64
        });
        let answers = items * answer_bytes(study);
        // Rank 0 alone needs them, unless all items are ordered together; then they may lie in a file.
        let in_file = study.program.scenarios == 0 && answers > HELD as u64;
        Needs {
            memory_bytes: items * LINE_BYTES + if in_file { 0 } else { answers } + plan,
            // In the journal, on the ranks that found them, and where they are gathered.
            disk_bytes: results + answers * if in_file { 3 } else { 1 },
        }
    }

    /// Refuses a run that does not fit into this machine's memory or onto the disk of its folder.
    ///
    /// # Errors
    ///
    /// [`Error::Needs`] with both numbers.
    pub fn fit(&self, folder: &Path) -> Result<(), Error> {
        let memory = Memory::here();
        let there = memory.available.into_iter().chain(memory.limit).min();
        self.fit_into(there, free(folder), folder)
    }

    fn fit_into(&self, memory: Option<u64>, disk: Option<u64>, folder: &Path) -> Result<(), Error> {
        let lacks = |needed: u64, there: Option<u64>| there.filter(|there| needed > *there);
        if let Some(there) = lacks(self.memory_bytes, memory) {
            let (what, needed) = ("memory".to_owned(), self.memory_bytes);
            let remedy = "split the items over several studies, or use a machine with more";
            return Err(Error::Needs { what, needed, there, remedy });
        }
        if let Some(there) = lacks(self.disk_bytes, disk) {
            let what = format!("disk in `{}`", folder.display());
            let remedy = "name a folder on another disk with --run, or make room";
            return Err(Error::Needs { what, needed: self.disk_bytes, there, remedy });
        }
        Ok(())
    }
}

/// What was measured on a sample of a study's items.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Sample {
    /// Items of the study.
    pub items: usize,
    /// Items that were computed.
    pub sampled: usize,
    /// Time of one core for an item, all its tables together \[s\].
    pub item_core_seconds: f64,
    /// The longest row \[s\].
    pub longest_row_seconds: f64,
    /// What rank 0 gets of an item \[B\].
    pub answer_bytes: u64,
    /// What rank 0 alone does for an item, making results mostly, on one thread \[s\].
    pub item_serial_seconds: f64,
    /// Half of the interval of total cost, as a share of it, that the whole study will have.
    pub half_width_share: f64,
}

impl Sample {
    /// Computes a sample of the items, as many as fit into about `seconds`.
    ///
    /// # Errors
    ///
    /// Whatever a run of them ends with.
    pub fn of(study: &Study, inputs: &Inputs, seconds: f64, team: &Team) -> Result<Sample, Error> {
        let items = inputs.stock.len();
        let mut sampled = (4 * team.threads()).min(items);
        loop {
            let (sample, spent) = measured(study, inputs, sampled, team)?;
            if spent > 0.4 * seconds || sampled == items {
                return Ok(sample);
            }
            let grown = sampled as f64 * (0.8 * seconds / spent).clamp(1.5, 10.0);
            sampled = (grown.ceil() as usize).min(items);
        }
    }

    /// Time of a run on so many nodes \[s\], by the model of docs/scaling.md, and its parts.
    pub fn time(&self, nodes: usize, cores_per_node: usize, read_seconds: f64) -> Time {
        /// What a node sends and receives at least \[B/s\].
        const NETWORK: f64 = 1e9;
        /// What starting ranks takes, and a little more for each doubling of them \[s\].
        const START: f64 = 0.3;
        let (items, cores) = (self.items as f64, (nodes * cores_per_node) as f64);
        let busy = cores.min(items);
        let gathered = if nodes > 1 { items * self.answer_bytes as f64 / NETWORK } else { 0.0 };
        let start = if nodes > 1 { START * (1.0 + (nodes as f64).log2()) } else { 0.0 };
        Time {
            read_seconds: read_seconds + start,
            work_seconds: items * self.item_core_seconds / busy,
            // Ranks end within a row of each other; on average half of one is waited for.
            wait_seconds: if busy > 1.0 { 0.5 * self.longest_row_seconds } else { 0.0 },
            merge_seconds: gathered + items * self.item_serial_seconds,
        }
    }
}

/// Time of a run by its parts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Time {
    /// Starting, and reading the tables, which rank 0 does for all.
    pub read_seconds: f64,
    /// Rows, shared by all cores.
    pub work_seconds: f64,
    /// Waiting for the last row.
    pub wait_seconds: f64,
    /// What rank 0 does alone: gathering, and writing results.
    pub merge_seconds: f64,
}

impl Time {
    /// All of it \[s\].
    pub fn seconds(&self) -> f64 {
        self.read_seconds + self.work_seconds + self.wait_seconds + self.merge_seconds
    }
}

fn measured(
    study: &Study,
    inputs: &Inputs,
    sampled: usize,
    team: &Team,
) -> Result<(Sample, f64), Error> {
    let items = inputs.stock.len();
    let kept: BTreeSet<usize> = (0..sampled).map(|place| place * items / sampled).collect();
    let others = (0..items).filter(|row| !kept.contains(row)).collect();
    let some = inputs.without(study, &others);
    let share = some.stock.len() as f64 / items as f64;
    let mut study = study.clone();
    for limit in [&mut study.stock_budget, &mut study.volume_limit] {
        if let Some(Limit::Amount(amount)) = limit {
            *amount *= share;
        }
    }
    let begin = Instant::now();
    let finished = run(&study, &some, team)?;
    let run_seconds = begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let half_width_share = match &finished.report {
        Some(report) => {
            written(report);
            half_width_share(report) * share.sqrt()
        }
        None => 0.0,
    };
    let serial = begin.elapsed().as_secs_f64();
    let count = some.stock.len() as f64;
    // Rows longer than their share of a thread leave others idle at the end of a small sample.
    let idle = team.longest_row_seconds() * 0.5;
    let busy = (run_seconds - idle).max(0.5 * run_seconds) * team.threads() as f64;
    let sample = Sample {
        items,
        sampled: some.stock.len(),
        item_core_seconds: busy / count,
        longest_row_seconds: team.longest_row_seconds(),
        answer_bytes: answer_bytes(&study),
        item_serial_seconds: serial / count,
        half_width_share,
    };
    Ok((sample, run_seconds + serial))
}

/// Makes every file of a run folder, and writes none.
fn written(report: &Report) {
    for name in tables::TABLES {
        let _ = tables::write(report, name, false, &mut sink());
    }
    let _ = serde_json::to_writer(sink(), report);
    let _ = html::page(report);
}

fn half_width_share(report: &Report) -> f64 {
    let cost = report.selected.totals.cost;
    if cost.mean > 0.0 { 0.5 * (cost.high - cost.low) / cost.mean } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_with_both_numbers() {
        let needs = Needs { memory_bytes: 5 << 30, disk_bytes: 3 << 20 };
        let place = Path::new("runs/here");
        assert!(needs.fit_into(Some(6 << 30), Some(4 << 20), place).is_ok());
        assert!(needs.fit_into(None, None, place).is_ok());
        let memory = needs.fit_into(Some(1 << 30), None, place).unwrap_err();
        assert_eq!(memory.exit_code(), 4);
        let told = memory.to_string();
        assert!(
            told.starts_with("the run needs about 5 GiB of memory, and 1 GiB are there; "),
            "{told}"
        );
        let told = needs.fit_into(None, Some(1 << 20), place).unwrap_err().to_string();
        assert!(told.contains("3 MiB of disk in `runs/here`, and 1 MiB are there"), "{told}");
    }

    /// More nodes never take longer by the model, until reading and writing are all that is left.
    #[test]
    fn time_falls_to_what_one_rank_does_alone() {
        let sample = Sample {
            items: 100_000,
            sampled: 100,
            item_core_seconds: 0.4,
            longest_row_seconds: 2.0,
            answer_bytes: 3_000,
            item_serial_seconds: 1e-4,
            half_width_share: 0.01,
        };
        let on = |nodes: usize| sample.time(nodes, 64, 3.0).seconds();
        assert!((on(1) - (3.0 + 625.0 + 1.0 + 10.0)).abs() < 1e-9, "{}", on(1));
        assert!(on(1) > on(10) && on(10) > on(100) && on(100) > on(1_000));
        assert!(on(1_000) > 3.0 + 10.0 + 1.0);
    }
}
