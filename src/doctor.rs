//! What is wrong with a machine or a cluster, before a job finds out.
//!
//! Each check is a function from facts to a [`Finding`]; facts are gathered apart, so that tests
//! can make them up. A fact that this system does not tell is `None`, and no reason to end.

use std::path::Path;
use std::time::SystemTime;

use serde::Serialize;

mod disk;
mod job;
mod launchers;
mod limits;
pub(crate) mod memory;
mod mounts;
mod outside;
mod processor;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How bad it is.
    pub state: State,
    /// What was found.
    pub found: String,
    /// The way out, if there is one to take.
    pub advice: Option<String>,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Fine.
    Ok,
    /// Worth knowing.
    Note,
    /// A run works, but badly, or may be lost.
    Warning,
    /// A run does not work.
    Problem,
}

impl State {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            State::Ok => "ok",
            State::Note => "note",
            State::Warning => "warning",
            State::Problem => "problem",
        }
    }
}

impl Finding {
    /// All is well.
    pub fn ok(check: &'static str, found: impl Into<String>) -> Finding {
        Finding { check, state: State::Ok, found: found.into(), advice: None }
    }

    /// Worth knowing.
    pub fn note(check: &'static str, found: impl Into<String>) -> Finding {
        Finding { state: State::Note, ..Finding::ok(check, found) }
    }

    /// A run works, but badly, or may be lost.
    pub fn warning(
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Finding {
        Finding { state: State::Warning, advice: Some(advice.into()), ..Finding::ok(check, found) }
    }

    /// A run does not work.
    pub fn problem(
        check: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) -> Finding {
        Finding { state: State::Problem, ..Finding::warning(check, found, advice) }
    }
}

/// Everything that can be found here, for runs written to `folder`.
pub fn examine(folder: &Path) -> Vec<Finding> {
    let variable = |name: &str| std::env::var(name).ok();
    let seconds =
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |t| t.as_secs());
    let cpuinfo = read("/proc/cpuinfo");
    let mut findings = vec![
        processor::instructions(std::env::consts::ARCH, cpuinfo.as_deref()),
        processor::cpus(&processor::Cpus::here(cpuinfo.as_deref(), variable)),
        memory::free(&memory::Memory::here()),
        clock(seconds),
    ];
    findings.extend(launchers::check(&launchers::Launchers::here(variable)));
    findings.extend(job::check(&job::Job::here(variable), seconds));
    findings.extend(limits::check(read("/proc/self/limits").as_deref()));
    findings.extend(disk::check(folder));
    findings.push(disk::temporary(&std::env::temp_dir()));
    findings
}

/// A file of `/proc` or `/sys`, if this system has it.
fn read(path: impl AsRef<Path>) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

/// `bytes` in the largest unit that leaves a whole number.
pub(crate) fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KiB", "MiB", "GiB", "TiB"];
    let power = (bytes.max(1).ilog2() / 10).min(4);
    format!("{} {}", bytes >> (10 * power), UNITS[power as usize])
}

/// Files written by a clock that is off are thought older than those before them.
fn clock(seconds_since_1970: u64) -> Finding {
    const YEAR_2025: u64 = 1_735_689_600;
    let year = 1970 + seconds_since_1970 / 31_556_952;
    if seconds_since_1970 >= YEAR_2025 {
        Finding::ok("clock", format!("the year is {year}"))
    } else {
        let found = format!("the clock says that the year is {year}");
        Finding::warning("clock", found, "set it; times in run folders will be wrong")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_of_the_past_is_noticed() {
        assert_eq!(clock(1_735_689_600), Finding::ok("clock", "the year is 2025"));
        assert_eq!(clock(0).state, State::Warning);
    }

    #[test]
    fn sizes_are_short() {
        let shown = [0, 1023, 1024, 5 << 30, u64::MAX].map(size);
        assert_eq!(shown, ["0 B", "1023 B", "1 KiB", "5 GiB", "16777215 TiB"]);
    }

    #[test]
    fn an_examination_ends_well_and_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let findings = examine(&place.path().join("runs/here"));
        assert!(findings.len() > 8, "{findings:?}");
        assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    }
}
