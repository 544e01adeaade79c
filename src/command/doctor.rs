//! `parstock doctor`: what is wrong with a machine, before a job finds out.

use std::fmt::Write;
use std::path::PathBuf;

use clap::ValueEnum;

use super::{json, print};
use crate::doctor::{Finding, State, examine};
use crate::error::Error;

/// Arguments of `parstock doctor`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct DoctorArguments {
    /// The folder that runs are, or will be, written to.
    #[arg(long, env = "PARSTOCK_RUN", default_value = "runs")]
    pub run: PathBuf,
    /// How to print what is found.
    #[arg(long, value_enum, default_value_t = DoctorFormat::Text)]
    pub format: DoctorFormat,
}

const EXAMPLES: &str = "\
Examples:
  parstock doctor --run /scratch/me/runs
  srun --nodes 1 --cpus-per-task 8 parstock doctor
Where jobs will run is the place to ask. Exit code 4 if there is a problem, otherwise 0.";

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    /// For people: a line a check.
    Text,
    /// For programs.
    Json,
}

/// Examines this machine and prints what it finds.
///
/// # Errors
///
/// [`Error::Machine`] if there is a problem.
pub fn command(arguments: &DoctorArguments) -> Result<(), Error> {
    let findings = examine(&arguments.run);
    print(&match arguments.format {
        DoctorFormat::Text => text(&findings),
        DoctorFormat::Json => json(&findings),
    })?;
    match findings.iter().filter(|finding| finding.state == State::Problem).count() {
        0 => Ok(()),
        problems => Err(Error::Machine(problems)),
    }
}

fn text(findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        // Paths and what other programs say are not ours: they must not disturb a terminal.
        let mut line =
            format!("{:<8} {:<13} {}", finding.state.word(), finding.check, finding.found);
        if let Some(advice) = &finding.advice {
            let _ = write!(line, "; {advice}");
        }
        let _ = crate::table::escape(&line, &mut text);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_is_one_line_whatever_it_names() {
        let findings = [
            Finding::problem("folder", "`a\nb\u{1b}` is a file", "name another with --run"),
            Finding::ok("clock", "2026"),
        ];
        let text = text(&findings);
        assert_eq!(text.lines().count(), 2, "{text}");
        assert!(text.starts_with("problem  folder        `a\\x0ab\\x1b` is a file; name another"));
        assert_eq!(text.lines().nth(1).unwrap(), "ok       clock         2026");
    }
}
