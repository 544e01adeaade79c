//! `parstock slurm`: what its scripts do, with stubs in place of Slurm and of the program; and
//! `parstock doctor`.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

mod cluster;
mod doctor;
mod names;

const STUDY: &str = "schema = 1\nname = \"corner shop\"\nseed = 7\n\n[sales]\nfile = \"sales.csv\"\n\n\
                     [items]\nfile = \"items.csv\"\n";

/// In place of the program: says how far a run is, and does what `todo` beside it says.
const PROGRAM: &str = r#"#!/bin/bash
here=${0%/*}
case $1 in
  status)
    case $3 in
      --safe-rows) cat "$2/rows" 2>/dev/null || echo 0 ;;
      --exit-code) [[ -e $2/complete ]] && exit 0; exit 75 ;;
    esac
    ;;
  run)
    printf '%s\0' "$@" >"$here/arguments"
    echo "${SLURM_JOB_END_TIME:-unknown}" >"$here/end"
    run=$4
    gain() { mkdir -p "$run"; echo $(($(cat "$run/rows" 2>/dev/null || echo 0) + 5)) >"$run/rows"; }
    case $(<"$here/todo") in
      complete) gain; touch "$run/complete" ;;
      refuse) echo 'error: no' >&2; exit 2 ;;
      part) gain ;;
      gain-and-die) gain; kill -KILL $$ ;;
      die) mkdir -p "$run"; kill -KILL $$ ;;
      wait)
        trap 'gain; exit 75' USR1
        trap 'exit 75' TERM
        echo $$ >"$here/pid"
        for _ in {1..1000}; do command -p sleep 0.02; done
        ;;
    esac
    ;;
esac
"#;

const SRUN: &str = r#"#!/bin/bash
[[ $* != --mpi=list ]] || { echo 'MPI plugin types are... none pmix pmi2' >&2; exit 0; }
printf '%s\n' "$*" >>"$STUBS/srun.log"
while [[ $1 == -* ]]; do shift; done
exec "$@"
"#;

const SCONTROL: &str = r#"#!/bin/bash
printf '%s\n' "$*" >>"$STUBS/scontrol.log"
[[ $1 != show ]] || cat "$STUBS/job" 2>/dev/null
"#;

/// Signals the program, as Slurm would signal the steps.
const SCANCEL: &str = r#"#!/bin/bash
printf '%s\n' "$*" >>"$STUBS/scancel.log"
kill -USR1 "$(<"$PROGRAM_ID")"
"#;

/// A study, a program, a job script for them, and stubs of Slurm.
struct Stage {
    place: TempDir,
    program: PathBuf,
    study: PathBuf,
    run: PathBuf,
}

impl Stage {
    fn new() -> Stage {
        Stage::named("plain")
    }

    /// A stage where everything has `name` in its path.
    fn named(name: &str) -> Stage {
        // Beside the program, so that it can be linked rather than copied.
        let place = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let folder = place.path().join(format!("in {name}"));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join(format!("{name}.program"));
        fs::hard_link(env!("CARGO_BIN_EXE_parstock"), &program).unwrap();
        let study = folder.join(format!("{name}.toml"));
        fs::write(&study, STUDY).unwrap();
        let run = folder.join(format!("run {name}"));
        let stubs = place.path().join("stubs");
        fs::create_dir(&stubs).unwrap();
        fs::create_dir(place.path().join("here")).unwrap();
        for (stub, text) in [
            ("srun", SRUN),
            ("scontrol", SCONTROL),
            ("scancel", SCANCEL),
            ("sleep", "#!/bin/bash\n"),
            (
                "squeue",
                "#!/bin/bash\n[[ $SLURM_TIME_FORMAT = %s && $* = *--format=%e ]] && cat \"$STUBS/end\"\n",
            ),
            ("sbatch", "#!/bin/bash\n[[ $1 = --parsable && -r $2 ]] && echo '42;here'\n"),
        ] {
            executable(&stubs.join(stub), text);
        }
        Stage { place, program, study, run }
    }

    /// What `parstock slurm` does with `arguments`, for this stage's study and run.
    fn ask(&self, arguments: &[&str]) -> Output {
        Command::new(&self.program)
            .arg("slurm")
            .arg(&self.study)
            .arg("--run")
            .arg(&self.run)
            .args(arguments)
            .current_dir(self.place.path().join("here"))
            .env("PATH", self.path())
            .env("PARSTOCK_SITE", "")
            .env_remove("PARSTOCK_RUN")
            .output()
            .unwrap()
    }

    /// The job script for `arguments`; then a stub takes the program's place.
    fn script(&self, arguments: &[&str]) -> PathBuf {
        let output = self.ask(arguments);
        assert!(output.status.success(), "{}", words(&output.stderr));
        let script = self.place.path().join("job.sh");
        fs::write(&script, &output.stdout).unwrap();
        let checked = Command::new("bash").arg("-n").arg(&script).output().unwrap();
        assert!(checked.status.success(), "{}", words(&checked.stderr));
        assert!(checked.stderr.is_empty(), "{}", words(&checked.stderr));
        fs::remove_file(&self.program).unwrap();
        executable(&self.program, PROGRAM);
        script
    }

    /// Starts the script as Slurm would, for the `restart`th time after the first.
    fn start(&self, script: &Path, todo: &str, restart: u32) -> Child {
        let stubs = self.place.path().join("stubs");
        fs::write(self.beside_program("todo"), todo).unwrap();
        let mut command = Command::new("bash");
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("SLURM_") {
                command.env_remove(name);
            }
        }
        if restart > 0 {
            command.env("SLURM_RESTART_COUNT", restart.to_string());
        }
        command
            .arg(script)
            .current_dir(self.place.path().join("here"))
            .env("PATH", self.path())
            .env("STUBS", &stubs)
            .env("PROGRAM_ID", self.beside_program("pid"))
            .env("SLURM_JOB_ID", "42")
            .env("SLURM_ARRAY_JOB_ID", "40")
            .env("SLURM_ARRAY_TASK_ID", "3")
            .env("SLURM_JOB_CPUS_PER_NODE", "72(x2),36")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// Runs the script to its end: its exit code and what it says.
    fn play(&self, script: &Path, todo: &str, restart: u32) -> (i32, String) {
        ended(self.start(script, todo, restart))
    }

    /// Where commands are looked for: among the stubs first.
    fn path(&self) -> String {
        let stubs = self.place.path().join("stubs");
        format!("{}:{}", stubs.display(), std::env::var("PATH").unwrap())
    }

    fn beside_program(&self, name: &str) -> PathBuf {
        self.program.with_file_name(name)
    }

    /// What was asked of a stub so far.
    fn log(&self, stub: &str) -> String {
        let path = self.place.path().join("stubs").join(format!("{stub}.log"));
        fs::read_to_string(path).unwrap_or_default()
    }

    /// Waits until the program runs.
    fn running(&self) {
        let pid = self.beside_program("pid");
        let started = Instant::now();
        while fs::read_to_string(&pid).unwrap_or_default().is_empty() {
            assert!(started.elapsed() < Duration::from_secs(20), "the program does not start");
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

fn executable(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn ended(child: Child) -> (i32, String) {
    let output = child.wait_with_output().unwrap();
    let said = words(&output.stdout) + &words(&output.stderr);
    (output.status.code().unwrap_or_else(|| panic!("killed: {said}")), said)
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_run_that_completes_ends_its_job() {
    let stage = Stage::new();
    let script = stage.script(&["--mpi", "pmix", "--time", "2h"]);
    let (code, said) = stage.play(&script, "complete", 0);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("job=42 restart=0 rows_safe=0: starts"), "{said}");
    assert!(said.contains("rows_safe=5: complete"), "{said}");
    assert_eq!(stage.log("scontrol"), "");
    let srun = stage.log("srun");
    // The smallest node has 36 CPUs.
    assert!(srun.starts_with("--mpi=pmix --kill-on-bad-exit=1 --cpus-per-task=36 "), "{srun}");
    assert!(srun.trim_end().ends_with("--max-time auto"), "{srun}");
    let left: Vec<_> = fs::read_dir(&stage.run).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| name == "rows" || name == "complete"), "{left:?}");
}

#[test]
fn the_program_learns_when_its_job_ends() {
    let stage = Stage::new();
    let script = stage.script(&[]);
    for (end, learned) in [("1795773235\n", "1795773235\n"), ("N/A\n", "unknown\n")] {
        fs::write(stage.place.path().join("stubs/end"), end).unwrap();
        let (code, said) = stage.play(&script, "complete", 0);
        assert_eq!(code, 0, "{said}");
        assert_eq!(fs::read_to_string(stage.beside_program("end")).unwrap(), learned);
    }
}

#[test]
fn what_the_user_must_mend_is_not_requeued() {
    let stage = Stage::new();
    let script = stage.script(&[]);
    let (code, said) = stage.play(&script, "refuse", 0);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("error: no"), "{said}");
    // A complete folder of another study: the command is refused all the same.
    fs::create_dir_all(&stage.run).unwrap();
    fs::write(stage.run.join("complete"), "").unwrap();
    assert_eq!(stage.play(&script, "refuse", 0).0, 2);
    assert_eq!(stage.log("scontrol"), "");
}

#[test]
fn a_run_that_is_killed_goes_on_as_long_as_it_gains() {
    let stage = Stage::new();
    let script = stage.script(&[]);
    for restart in 0..6 {
        let (code, said) = stage.play(&script, "gain-and-die", restart);
        assert_eq!(code, 137, "{said}");
        assert!(said.contains("rows gained 5; requeued"), "{said}");
    }
    assert_eq!(stage.log("scontrol"), "requeue 42\n".repeat(6));
}

#[test]
fn a_run_that_gains_nothing_is_requeued_once() {
    let stage = Stage::new();
    let script = stage.script(&[]);
    stage.play(&script, "gain-and-die", 0);
    // The first that gains nothing may have met a bad node.
    assert!(stage.play(&script, "die", 1).1.contains("; requeued"));
    let (code, said) = stage.play(&script, "die", 2);
    assert_eq!(code, 137, "{said}");
    assert!(said.contains("not requeued"), "{said}");
    assert_eq!(stage.log("scontrol"), "requeue 42\n".repeat(2));
}

#[test]
fn a_run_that_never_begins_is_requeued_once() {
    let stage = Stage::new();
    let script = stage.script(&[]);
    fs::write(stage.beside_program("broken"), "").unwrap();
    // No folder is made, so only Slurm's count tells the second attempt from the first.
    assert!(stage.play(&script, "nothing", 0).1.contains("; requeued"));
    let (code, said) = stage.play(&script, "nothing", 1);
    assert_eq!(code, 75, "{said}");
    assert!(said.contains("not requeued"), "{said}");
    assert_eq!(stage.log("scontrol"), "requeue 42\n");
}

#[test]
fn a_job_that_takes_its_nodes_down_is_given_up() {
    let stage = Stage::new();
    let script = stage.script(&[]);
    fs::create_dir_all(&stage.run).unwrap();
    for restart in 0..5 {
        let mut child = stage.start(&script, "wait", restart);
        stage.running();
        // The loss of a node: nothing of the script is run any more.
        child.kill().unwrap();
        child.wait().unwrap();
        let program = fs::read_to_string(stage.beside_program("pid")).unwrap();
        Command::new("kill").args(["-KILL", program.trim()]).status().unwrap();
        fs::remove_file(stage.beside_program("pid")).unwrap();
    }
    let (code, said) = stage.play(&script, "complete", 5);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("given up"), "{said}");
    // Another job of the same run begins anew.
    let other =
        fs::read_to_string(&script).unwrap().replace("set -u\n", "set -u\nSLURM_JOB_ID=43\n");
    fs::write(&script, other).unwrap();
    assert_eq!(stage.play(&script, "complete", 0).0, 0);
}

#[test]
fn notice_of_the_time_limit_is_passed_on() {
    let stage = Stage::new();
    let script = stage.script(&[]);
    let child = stage.start(&script, "wait", 0);
    stage.running();
    signal(&child, "-USR1");
    let (code, said) = ended(child);
    assert_eq!(code, 75, "{said}");
    assert_eq!(stage.log("scancel"), "--quiet --signal=USR1 42\n");
    assert!(said.contains("code 75, signal USR1, rows gained 5; requeued"), "{said}");
    assert_eq!(stage.log("scontrol"), "requeue 42\n");
}

#[test]
fn a_job_that_its_owner_cancels_stays_cancelled() {
    let stage = Stage::new();
    let script = stage.script(&[]);
    // As Slurm 22.05 shows them: cancelled, at the time limit, in the grace of a preemption.
    for (state, reason, requeued) in [
        ("COMPLETING", "None", false),
        ("CANCELLED", "None", false),
        ("COMPLETING", "TimeLimit", true),
        ("RUNNING", "None", true),
    ] {
        let described = format!("JobId=42 JobName=x\n   JobState={state} Reason={reason}\n");
        let _ = fs::remove_file(stage.place.path().join("stubs/scontrol.log"));
        let _ = fs::remove_dir_all(&stage.run);
        fs::write(stage.place.path().join("stubs/job"), described).unwrap();
        let _ = fs::remove_file(stage.beside_program("pid"));
        let child = stage.start(&script, "wait", 0);
        stage.running();
        signal(&child, "-TERM");
        let program = fs::read_to_string(stage.beside_program("pid")).unwrap();
        Command::new("kill").args(["-TERM", program.trim()]).status().unwrap();
        let (code, said) = ended(child);
        assert_eq!(code, 75, "{said}");
        assert_eq!(
            stage.log("scontrol").contains("requeue 42"),
            requeued,
            "{state} {reason}: {said}"
        );
    }
}

#[test]
fn an_unsuitable_mpi_is_named_before_ranks_start() {
    let stage = Stage::new();
    let script = stage.script(&["--mpi", "cray_shasta"]);
    let (code, said) = stage.play(&script, "complete", 0);
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("no --mpi=cray_shasta") && said.contains("none pmix pmi2"), "{said}");
    assert_eq!(stage.log("srun"), "");
}

#[test]
fn an_element_of_an_array_does_its_part_without_srun() {
    let stage = Stage::new();
    let script = stage.script(&["--array", "8", "--cpus-per-rank", "4"]);
    let (code, said) = stage.play(&script, "part", 0);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("job=40_3") && said.contains("this part is done"), "{said}");
    let arguments = fs::read_to_string(stage.beside_program("arguments")).unwrap();
    assert!(arguments.contains("\0--part\x003/8\0--max-time\0auto\0"), "{arguments:?}");
    assert_eq!(stage.log("srun") + &stage.log("scontrol"), "");
}

#[test]
fn an_element_is_requeued_alone() {
    let stage = Stage::new();
    let script = stage.script(&["--array", "8"]);
    let child = stage.start(&script, "wait", 0);
    stage.running();
    signal(&child, "-USR1");
    let (code, said) = ended(child);
    assert_eq!(code, 75, "{said}");
    assert_eq!(stage.log("scontrol"), "requeue 40_3\n");
    assert_eq!(stage.log("scancel"), "", "the other elements are not meant");
}
