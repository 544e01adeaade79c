//! The same scripts under a real Slurm on this machine, with a stub in place of the program.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant, SystemTime};

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

/// Waits until `what` is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_secs(60), "not after a minute: {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A script that is submitted, with a program that does `todo`; and the number of its job.
fn submitted(stage: &Stage, todo: &str, arguments: &[&str]) -> String {
    let arguments = [arguments, &["--time", "10", "--cpus-per-rank", "1"]].concat();
    let script = stage.script(&arguments);
    fs::write(stage.beside_program("todo"), todo).unwrap();
    slurm("sbatch", &["--parsable", script.to_str().unwrap()], stage.place.path())
}

#[test]
fn a_real_job_completes() {
    if !is_up() {
        return;
    }
    let stage = Stage::named("it's $(here)");
    let job = submitted(&stage, "complete", &[]);
    let log = stage.place.path().join(format!("parstock-{job}.out"));
    let said = || fs::read_to_string(&log).unwrap_or_default();
    until("complete", || said().contains("rows_safe=5: complete"));
    let end = fs::read_to_string(stage.beside_program("end")).unwrap();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let left = end.trim().parse::<u64>().expect("seconds since 1970").saturating_sub(now);
    assert!((400..=600).contains(&left), "of ten minutes {left} s are left");
}

#[test]
fn a_real_job_is_requeued_after_notice_and_not_after_it_was_cancelled() {
    if !is_up() {
        return;
    }
    for (signal, state) in [(&["--batch", "--signal=USR1"][..], "PENDING"), (&[], "CANCELLED")] {
        let stage = Stage::new();
        let job = submitted(&stage, "wait", &[]);
        stage.running();
        let here = stage.place.path();
        slurm("scancel", &[signal, &[&job]].concat(), here);
        let shown = || slurm("scontrol", &["show", "job", &job], here);
        until(state, || shown().contains(&format!("JobState={state}")));
        slurm("scancel", &[&job], here);
    }
}

#[test]
fn a_real_element_is_requeued_alone() {
    if !is_up() {
        return;
    }
    let stage = Stage::new();
    let job = submitted(&stage, "wait", &["--array", "2"]);
    let here = stage.place.path();
    let state = |element: u32, state: &str| {
        let shown = slurm("scontrol", &["show", "job", &format!("{job}_{element}")], here);
        shown.contains(&format!("JobState={state}"))
    };
    let started = |element: u32| {
        let log = here.join(format!("parstock-{job}_{element}.out"));
        fs::read_to_string(log).is_ok_and(|said| said.contains("starts"))
    };
    until("both run", || started(1) && started(2));
    stage.running();
    // The last element has the number of the whole array, so it is the one to get wrong.
    std::thread::sleep(Duration::from_millis(300));
    slurm("scancel", &["--batch", "--signal=USR1", &format!("{job}_2")], here);
    until("the second is requeued", || state(2, "PENDING"));
    assert!(state(1, "RUNNING"), "the first goes on");
    slurm("scancel", &[&job], here);
}
