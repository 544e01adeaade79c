//! Job scripts for Slurm.
//!
//! [`Job`] is what is asked for; [`Job::script`] writes it as a script of bash. The directives and the
//! values are written here, each value quoted in `quote.rs`; what the script does with them lies
//! beside this file as bash, to be read and checked as such:
//!
//! | file | |
//! |---|---|
//! | `ranks.sh` | how ranks of one job start, and how they are asked to stop |
//! | `array.sh` | the same for an element of an array |
//! | `attempt.sh` | signals, progress, and whether the job is requeued |

use std::fmt::Write;
use std::time::Duration;

use crate::duration::slurm_time;
use crate::error::Error;

pub mod launcher;
pub mod profile;
mod quote;
pub mod submit;

use quote::{directive, printable, shell};

/// First words of every script, by which one is known.
pub const TITLE: &str = "# A job of Parstock";

/// Longest notice that is given before the time limit \[s\].
const NOTICE_SECONDS: u64 = 120;

/// A job that is asked for.
#[derive(Clone, Debug)]
pub struct Job {
    /// Absolute path of the program.
    pub program: String,
    /// Absolute path of the study file.
    pub study: String,
    /// Absolute path of the run folder.
    pub run: String,
    /// What the queue shows.
    pub name: String,
    /// How processes are laid out.
    pub layout: Layout,
    /// CPUs of each process; `None` for an equal share of whole nodes.
    pub cpus_per_rank: Option<u32>,
    /// Time limit; `None` for the partition's.
    pub time: Option<Duration>,
    /// Memory of each node, such as `4G`.
    pub memory: Option<String>,
    /// The partition.
    pub partition: Option<String>,
    /// The account that is charged.
    pub account: Option<String>,
    /// The quality of service.
    pub qos: Option<String>,
    /// More options of `sbatch`, such as `--constraint=cpu`.
    pub extra_sbatch: Vec<String>,
    /// Modules that are loaded.
    pub modules: Vec<String>,
    /// Lines of bash that are run as they are, after the modules are loaded.
    pub setup: Vec<String>,
}

/// How processes are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One job of ranks that work together by MPI.
    Ranks {
        /// Number of nodes.
        nodes: u32,
        /// Ranks on each.
        per_node: u32,
        /// The kind of `srun --mpi`.
        mpi: &'static str,
    },
    /// An array of processes without MPI that share a run folder.
    Array {
        /// Number of processes.
        elements: u32,
    },
}

impl Job {
    /// The job as a script for `sbatch`.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] about a value that no script can hold.
    pub fn script(&self) -> Result<String, Error> {
        let mut script = format!(
            "#!/bin/bash\n{TITLE}, written by `parstock slurm` {}; submit it with sbatch.\n",
            env!("CARGO_PKG_VERSION")
        );
        self.directives(&mut script)?;
        script.push_str("set -u\n\n");
        for (name, value) in
            [("program", &self.program), ("study", &self.study), ("run", &self.run)]
        {
            let _ = writeln!(script, "{name}={}", shell(name, value)?);
        }
        match &self.layout {
            Layout::Ranks { mpi, .. } => {
                let _ = writeln!(script, "mpi={}", shell("--mpi", mpi)?);
            }
            Layout::Array { elements } => {
                let _ = writeln!(script, "elements={elements}");
            }
        }
        self.surroundings(&mut script)?;
        if self.cpus_per_rank.is_none() {
            script.push_str(&self.whole_nodes());
        }
        script.push('\n');
        script.push_str(match self.layout {
            Layout::Ranks { .. } => include_str!("slurm/ranks.sh"),
            Layout::Array { .. } => include_str!("slurm/array.sh"),
        });
        script.push('\n');
        script.push_str(include_str!("slurm/attempt.sh"));
        Ok(script)
    }

    fn directives(&self, script: &mut String) -> Result<(), Error> {
        script.push_str(&directive("--job-name", &self.name)?);
        // A name or a path could have `%` in it, which here stands for something.
        let output = match self.layout {
            Layout::Ranks { nodes, per_node, .. } => {
                script.push_str(&directive("--nodes", &nodes.to_string())?);
                script.push_str(&directive("--ntasks-per-node", &per_node.to_string())?);
                "parstock-%j.out"
            }
            Layout::Array { elements } => {
                script.push_str(&directive("--array", &format!("1-{elements}"))?);
                script.push_str("#SBATCH --nodes=1\n#SBATCH --ntasks=1\n");
                "parstock-%A_%a.out"
            }
        };
        match self.cpus_per_rank {
            Some(cpus) => script.push_str(&directive("--cpus-per-task", &cpus.to_string())?),
            None => script.push_str("#SBATCH --exclusive\n"),
        }
        // Who has whole nodes to himself may use all of their memory.
        let whole = self.cpus_per_rank.is_none().then(|| "0".to_owned());
        let time = self.time.map(slurm_time);
        for (option, value) in [
            ("--mem", self.memory.as_ref().or(whole.as_ref())),
            ("--time", time.as_ref()),
            ("--partition", self.partition.as_ref()),
            ("--account", self.account.as_ref()),
            ("--qos", self.qos.as_ref()),
        ] {
            if let Some(value) = value {
                script.push_str(&directive(option, value)?);
            }
        }
        for extra in &self.extra_sbatch {
            if let Some((option, value)) = extra.split_once('=') {
                script.push_str(&directive(option, value)?);
            } else {
                printable("site.extra_sbatch", extra)?;
                let _ = writeln!(script, "#SBATCH {extra}");
            }
        }
        script.push_str(&directive("--output", output)?);
        script.push_str("#SBATCH --open-mode=append\n#SBATCH --requeue\n");
        let _ = writeln!(script, "#SBATCH --signal=B:USR1@{}\n", self.notice_seconds());
        Ok(())
    }

    /// How long before the time limit the job is told; less if that would be most of its time.
    fn notice_seconds(&self) -> u64 {
        self.time.map_or(NOTICE_SECONDS, |time| NOTICE_SECONDS.min(time.as_secs() / 5))
    }

    fn surroundings(&self, script: &mut String) -> Result<(), Error> {
        if !self.modules.is_empty() {
            // Scripts of modules use variables that are not set.
            script.push_str("\nset +u\n");
        }
        for module in &self.modules {
            let _ = writeln!(script, "module load {} || exit 2", shell("--module", module)?);
        }
        if !self.modules.is_empty() {
            script.push_str("set -u\n");
        }
        for line in &self.setup {
            printable("site.setup", line)?;
            let _ = writeln!(script, "{line}");
        }
        Ok(())
    }

    /// Bash that divides the CPUs of whole nodes among their ranks.
    fn whole_nodes(&self) -> String {
        let per_node = match self.layout {
            Layout::Ranks { per_node, .. } => per_node,
            Layout::Array { .. } => 1,
        };
        format!(
            "\n# The nodes are this job's alone: their ranks share all CPUs, as many as the smallest has.\n\
             smallest=$(tr , '\\n' <<<\"$SLURM_JOB_CPUS_PER_NODE\" | sed 's/(.*//' | sort -n | head -n 1)\n\
             export SLURM_CPUS_PER_TASK=$((smallest > {per_node} ? smallest / {per_node} : 1))\n"
        )
    }
}

/// Memory as Slurm reads it: a whole number, of megabytes or of the unit behind it.
///
/// # Errors
///
/// What would be right.
pub fn memory(text: &str) -> Result<String, String> {
    let digits = text.trim_end_matches(['K', 'M', 'G', 'T', 'k', 'm', 'g', 't']);
    let whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if whole && text.len() - digits.len() <= 1 {
        return Ok(text.to_owned());
    }
    Err("is not an amount of memory; write a whole number and K, M, G or T, such as 4G".to_owned())
}

#[cfg(test)]
mod tests;
