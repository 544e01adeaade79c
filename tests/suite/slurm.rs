//! The whole program as a job step of a real Slurm on this machine.

use std::process::Command;

/// `srun --mpi=pmix` gives the bytes of a process alone.
#[test]
fn a_job_step_gives_the_same_bytes() {
    let program = std::env::var("PARSTOCK_MPI_PROGRAM");
    let (Ok(program), Ok(_)) = (program, std::env::var("PARSTOCK_SLURM")) else {
        println!("skipped: slurm: no test cluster is up, or no program was built with MPI");
        return;
    };
    let folder = crate::invariance::written(|place| place);
    let output = Command::new("tests/slurm/run.sh")
        .arg(program)
        .arg(folder.path().join("study.toml"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    if output.status.code() == Some(77) {
        println!("{said}");
        return;
    }
    assert!(output.status.success(), "{said}");
}
