//! The same scripts under a real Slurm on this machine, with a stub in place of the program.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::names::NASTY;
use super::{Stage, words};

/// Whether a test cluster is up, see `tests/slurm/start-slurm.sh`.
fn is_up() -> bool {
    let up =
        std::env::var_os("SLURM_CONF").is_some() && std::env::var_os("PARSTOCK_SLURM").is_some();
    if !up {
        println!("skipped: slurm: no test cluster is up");
    }
    up
}

fn slurm(program: &str, arguments: &[&str], folder: &Path) -> String {
    let output = Command::new(program).args(arguments).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", words(&output.stderr));
    words(&output.stdout).trim_end_matches('\n').to_owned()
}

#[test]
fn sbatch_reads_names_as_they_are_written() {
    if !is_up() {
        return;
    }
    for name in NASTY {
        let stage = Stage::named(name);
        let job_name = format!("--job-name={name}");
        let script = stage.script(&[&job_name, "--time", "5", "--nodes", "1"]);
        let (script, here) = (script.to_str().unwrap(), stage.place.path());
        slurm("sbatch", &["--test-only", script], here);
        let job = slurm("sbatch", &["--parsable", "--hold", script], here);
        let seen = slurm("squeue", &["--noheader", "--job", &job, "--format=%j"], here);
        slurm("scancel", &[&job], here);
        assert_eq!(seen, name);
    }
}

#[test]
fn a_real_job_completes() {
    if !is_up() {
        return;
    }
    let stage = Stage::named("it's $(here)");
    let script = stage.script(&["--time", "5"]);
    fs::write(stage.beside_program("todo"), "complete").unwrap();
    let here = stage.place.path();
    let job = slurm("sbatch", &["--parsable", script.to_str().unwrap()], here);
    let log = here.join(format!("parstock-{job}.out"));
    let started = Instant::now();
    loop {
        let said = fs::read_to_string(&log).unwrap_or_default();
        if said.contains("rows_safe=5: complete") {
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{said}");
        std::thread::sleep(Duration::from_millis(100));
    }
}
