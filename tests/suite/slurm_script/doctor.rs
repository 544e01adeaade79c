//! `parstock doctor` on this machine.

use std::process::{Command, Output};

use super::words;

fn doctor(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_parstock"))
        .arg("doctor")
        .args(arguments)
        .env_remove("PARSTOCK_RUN")
        .output()
        .unwrap()
}

#[test]
fn a_machine_that_can_run_tests_has_no_problem() {
    let place = tempfile::tempdir().unwrap();
    let run = place.path().join("runs/mine");
    let output = doctor(&["--run", run.to_str().unwrap()]);
    let said = words(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    for check in ["processor", "CPUs", "memory", "clock", "build", "run folder", "free space"] {
        assert!(said.lines().any(|line| line.contains(check)), "{check}\n{said}");
    }
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn a_problem_has_a_way_out_and_an_exit_code() {
    let place = tempfile::NamedTempFile::new().unwrap();
    let output = doctor(&["--run", place.path().to_str().unwrap(), "--format", "json"]);
    assert_eq!(output.status.code(), Some(4));
    assert!(words(&output.stderr).contains("1 problem"), "{}", words(&output.stderr));
    let findings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let problems: Vec<_> =
        findings.as_array().unwrap().iter().filter(|f| f["state"] == "problem").collect();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0]["check"], "run folder");
    assert!(problems[0]["advice"].as_str().unwrap().contains("--run"), "{problems:?}");
}
