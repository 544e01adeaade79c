//! The whole program as jobs of a real Slurm on this machine.

use std::path::PathBuf;
use std::process::Command;

/// The program with MPI, if there is one and a cluster to run it on.
fn program() -> Option<PathBuf> {
    let program = std::env::var_os("PARSTOCK_MPI_PROGRAM").map(PathBuf::from);
    if program.is_none() || std::env::var_os("PARSTOCK_SLURM").is_none() {
        println!("skipped: slurm: no test cluster is up, or no program was built with MPI");
        return None;
    }
    program
}

/// Runs a script of `tests/slurm`, which skips by itself what the cluster cannot do.
fn passes(command: &mut Command) {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || output.status.code() == Some(77), "{said}");
    println!("{said}");
}

fn faults(cases: &[&str]) {
    if let Some(program) = program() {
        passes(Command::new("tests/slurm/faults.sh").arg(program).args(cases));
    }
}

/// `srun --mpi=pmix` gives the bytes of a process alone.
#[test]
fn a_job_step_gives_the_same_bytes() {
    if let Some(program) = program() {
        let folder = crate::invariance::written(|place| place);
        let study = folder.path().join("study.toml");
        passes(Command::new("tests/slurm/run.sh").arg(program).arg(study));
    }
}

/// F1, F2, F5, F6: whatever ends a job, it goes on by itself. A minute, most of it waiting, and so side by side.
#[test]
fn jobs_go_on_by_themselves() {
    faults(&["preemption", "time-limit", "max-time", "node-loss", "killed-rank"]);
}

/// F2, F6 for arrays: elements are requeued alone; one that never starts is done by the others.
#[test]
fn elements_of_an_array_are_not_needed_at_once() {
    faults(&["preempted-array", "missing-element"]);
}

/// F13: ranks that do not know of each other are refused; MPICH has the same bytes under its own launcher.
#[test]
fn launchers_are_right_or_refused() {
    faults(&["wrong-mpi", "mpich"]);
}
