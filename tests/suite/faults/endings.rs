//! Runs that are asked to end, or cannot go on.

use super::*;

fn wait_and_signal(signal: &str, run: &Path, child: Child) -> Output {
    until_safe(run, 4);
    let _ = child.id();
    signal_all(signal, run);
    ends_within(10, child)
}

/// F4: TERM, USR1 and INT end a run between rows, and say how far it came.
#[test]
fn signals_end_a_run_between_rows() {
    let study = study();
    for signal in ["TERM", "USR1", "INT"] {
        let run = study.run(&format!("signal-{signal}"));
        let child = slow(&mut alone(study, &run), 400).spawn().unwrap();
        let output = wait_and_signal(signal, &run, child);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(75), "{told}");
        assert!(told.contains(&format!("stopped by signal {signal}: ")), "{told}");
        assert!(
            told.contains("of 40 rows (items) are done")
                && told.contains("the same command goes on")
        );
        let safe = safe_rows(&run);
        assert!((4..40).contains(&safe));
        assert!(
            told.contains(&format!("{safe} of 40 rows")),
            "what it says is safe is safe: {told}"
        );
        let told = finishes_alone(study, &run);
        assert!(told.contains(&format!("attempt 2: {safe} rows are there from before")), "{told}");
    }
}

/// F4: a second signal ends it at once, and costs only what was in work.
#[test]
fn a_second_signal_ends_a_run_at_once() {
    let study = study();
    let run = study.run("two-signals");
    let child = slow(&mut alone(study, &run), 8_000).spawn().unwrap();
    let begin = Instant::now();
    while !run.join("journal").is_dir() && begin.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(20));
    }
    sleep(Duration::from_millis(300));
    signal_all("TERM", &run);
    sleep(Duration::from_millis(1_300));
    signal_all("TERM", &run);
    let output = ends_within(2, child);
    assert_eq!(output.status.code(), Some(143), "{}", said(&output));
    finishes_alone(study, &run);
}

/// F4 over ranks: whichever rank hears of it, all end together with what is done.
#[test]
fn ranks_end_together() {
    let study = study();
    for mpi in mpis() {
        let run = study.run(&format!("ranks-stopped-{}", mpi.0.replace(' ', "-")));
        let child = slow(&mut ranks(&mpi, 3, study, &run), 1_500).spawn().unwrap();
        until_safe(&run, 6);
        // One rank only, the newest.
        let pattern = format!("^{} run .*--run {}", mpi.1, run.display());
        let one = Command::new("pkill").args(["-USR1", "-n", "-f", "--", &pattern]).status();
        assert!(one.unwrap().success());
        let output = ends_within(10, child);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(75), "{}: {told}", mpi.0);
        assert!(told.contains("stopped by"), "{told}");
        finishes(&mpi.1, study, &run);
    }
}

/// F5: a run that may take a second is done in time, and says so.
#[test]
fn a_time_limit_is_kept() {
    let study = study();
    let run = study.run("time-limit");
    let begin = Instant::now();
    let output = slow(alone(study, &run).args(["--max-time", "2s"]), 300).output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(75), "{told}");
    assert!(told.contains("stopped by time limit: "), "{told}");
    assert!(begin.elapsed() < Duration::from_secs(3));
    // The end of a Slurm job is one, too.
    let end =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs() + 22;
    let mut command = alone(study, &run);
    command.args(["--max-time", "auto"]).env("SLURM_JOB_END_TIME", end.to_string());
    let output = slow(&mut command, 500).output().unwrap();
    assert_eq!(output.status.code(), Some(75), "{}", said(&output));
    finishes_alone(study, &run);
}

/// F3: a bug on one rank ends all of them with a word on where it was.
#[test]
fn a_panic_ends_all_ranks() {
    let study = study();
    for mpi in mpis() {
        let run = study.run(&format!("panic-{}", mpi.0.replace(' ', "-")));
        let mut command = ranks(&mpi, 3, study, &run);
        command.env("PARSTOCK_REHEARSE", "panic@items:21,slow@items:50");
        let output = ends_within(10, command.spawn().unwrap());
        let told = said(&output);
        assert!(!output.status.success(), "{told}");
        assert!(told.contains("fatal: internal error on rank "), "{}: {told}", mpi.0);
        assert!(
            told.contains("of 3, row 21 of items") && told.contains("a bug at row 21"),
            "{told}"
        );
        assert!(told.contains("rehearsal.rs:"), "where it happened: {told}");
        finishes(&mpi.1, study, &run);
    }
}

/// F7: a file that may not grow ends the run with its name; what was written is kept.
#[test]
fn a_full_disk_ends_a_run_and_loses_nothing() {
    let study = study();
    let run = study.run("full");
    let script = format!(
        "trap '' XFSZ; ulimit -f 150; exec \"$@\" run {} --run {} --threads 2",
        study.file().display(),
        run.display()
    );
    let mut command = Command::new("bash");
    let output = slow(command.args(["-c", &script, "bash", program()]), 150).output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains("cannot write `") && told.contains("rank-00000.rows"), "{told}");
    assert!(told.contains("bytes are free there") && told.contains("goes on from there"), "{told}");
    let safe = safe_rows(&run);
    assert!(safe > 0, "{told}");
    finishes_alone(study, &run);
}

/// F8: a torn tail and a flipped bit are told, and cost work and nothing else.
#[test]
fn damage_is_told_and_mended() {
    let study = study();
    let run = study.run("damaged");
    let child = slow(&mut alone(study, &run), 400).spawn().unwrap();
    until_safe(&run, 15);
    signal_all("TERM", &run);
    ends_within(10, child);
    let journal = run.join("journal").join("0001-rank-00000.rows");
    let mut bytes = fs::read(&journal).unwrap();
    let place = bytes.len() / 4;
    bytes[place] ^= 4;
    bytes.truncate(bytes.len() - 9);
    fs::write(&journal, bytes).unwrap();
    fs::write(run.join("journal").join("0001-rank-00009.rows"), "not a journal").unwrap();
    let status = Command::new(program()).arg("status").arg(&run).output().unwrap();
    let told = said(&status);
    for expected in ["stopped", "are torn", "damaged in 1 places", "no journal of this run"] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
    let told = finishes_alone(study, &run);
    for expected in ["are torn", "damaged in 1 places", "is no journal of this run"] {
        assert!(told.contains(expected), "{expected}: {told}");
    }
}

/// F10: a folder in which somebody is at work is refused, with his name; once he is dead it is not.
#[test]
fn two_runs_do_not_share_a_folder() {
    let study = study();
    let run = study.run("held");
    let child = slow(&mut alone(study, &run), 400).spawn().unwrap();
    until_safe(&run, 2);
    let second = alone(study, &run).output().unwrap();
    let told = said(&second);
    assert_eq!(second.status.code(), Some(2), "{told}");
    assert!(told.contains(&format!("is being worked on by process {} on ", child.id())), "{told}");
    let status =
        Command::new(program()).arg("status").arg(&run).arg("--exit-code").output().unwrap();
    let told = said(&status);
    assert_eq!(status.status.code(), Some(75));
    assert!(told.starts_with("running: process ") && told.contains("items: "), "{told}");
    signal_all("KILL", &run);
    ends_within(10, child);
    finishes_alone(study, &run);
    let status =
        Command::new(program()).arg("status").arg(&run).arg("--exit-code").output().unwrap();
    assert_eq!((status.status.code(), said(&status).starts_with("complete")), (Some(0), true));
}

/// F13: a launcher that starts processes which do not find each other.
#[test]
fn lonely_processes_of_many_are_refused() {
    let study = study();
    let output = alone(study, &study.run("lonely")).env("PMI_SIZE", "4").output().unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(
        told.contains("PMI_SIZE says that 4 processes were started, but this one sees 1"),
        "{told}"
    );
}

/// F16: neither time zone nor language is in any result.
#[test]
fn the_place_does_not_matter() {
    let study = study();
    let run = study.run("abroad");
    let mut command = alone(study, &run);
    let output =
        command.envs([("TZ", "Asia/Kathmandu"), ("LC_ALL", "de_DE.UTF-8")]).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(digest(&run), study.digest);
}

/// F17, F20: any number of ranks, also more than there are items.
#[test]
fn any_number_of_ranks_gives_the_same_bytes() {
    let study = study();
    for mpi in mpis() {
        for count in [1, 2, 3, 4, 8, 48] {
            let run = study.run(&format!("ranks-{count}-{}", mpi.0.replace(' ', "-")));
            let output = ranks(&mpi, count, study, &run).output().unwrap();
            assert!(output.status.success(), "{}", said(&output));
            assert_eq!(digest(&run), study.digest, "{count} ranks of {}", mpi.0);
            println!("{}: {count} ranks: {}", mpi.0, &digest(&run)[..16]);
        }
    }
}
