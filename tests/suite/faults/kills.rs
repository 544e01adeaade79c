//! Processes that are killed.

use super::*;

/// F1, F2: fifty kills at moments that no clock has a part in choosing, ten runs of five each, and each time on another
/// number of ranks; then the run is finished.
#[test]
fn killed_anywhere_it_is_finished_with_the_same_bytes() {
    let study = study();
    let mpis = mpis();
    // Of a run that takes about half a second, from its first steps on to beyond its end.
    let mut state = 12_345_u64;
    let mut moment = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Duration::from_millis(20 + (state >> 33) % 600)
    };
    let (mut begun, mut kept, mut blamed) = (0, 0, 0);
    for number in 0..10 {
        let run = study.run(&format!("killed-{number}"));
        let mpi = mpis.get(number % mpis.len().max(1));
        // The same program throughout: builds for an MPI may be older than that of the tests.
        let program = mpi.map_or(program(), |mpi| &mpi.1);
        for kill in 0..5 {
            let mut command = match mpi {
                Some(mpi) if kill != number % 5 => ranks(mpi, 1 + (number + kill) % 4, study, &run),
                _ => run_of(Command::new(program), study, &run),
            };
            let child = slow(&mut command, 15).spawn().unwrap();
            sleep(moment());
            signal_all("KILL", &run);
            ends_within(10, child);
            begun += 1;
            kept += usize::from(safe_rows(&run) > 0);
        }
        // Five kills from outside may twice hit an item that is alone, which is then blamed for its process's
        // end, as if it were the cause: whoever knows better says `--retry`.
        let output = run_of(Command::new(program), study, &run).output().unwrap();
        if said(&output).contains("it ended the process 2 times") {
            assert_eq!(output.status.code(), Some(5), "{}", said(&output));
            let again = run_of(Command::new(program), study, &run).arg("--retry").output().unwrap();
            assert!(again.status.success(), "{}", said(&again));
            blamed += 1;
        }
        finishes(program, study, &run);
    }
    println!("{begun} kills, {kept} of them with rows that were safe, {blamed} items blamed");
    assert!(begun == 50 && kept > 5 && blamed <= 2, "{kept}, {blamed}");
}

/// F1: one rank of several is killed: the job ends at once, and goes on with another number of ranks.
#[test]
fn a_killed_rank_ends_the_job_and_loses_a_second() {
    let study = study();
    for mpi in mpis() {
        let run = study.run(&format!("rank-killed-{}", mpi.0.replace(' ', "-")));
        let child = slow(&mut ranks(&mpi, 3, study, &run), 1_500).spawn().unwrap();
        until_safe(&run, 6);
        let before = safe_rows(&run);
        let pattern = format!("^{} run .*--run {}", mpi.1, run.display());
        let one = Command::new("pkill").args(["-KILL", "-n", "-f", "--", &pattern]).status();
        assert!(one.unwrap().success());
        let output = ends_within(10, child);
        assert!(!output.status.success(), "{}: {}", mpi.0, said(&output));
        assert!(safe_rows(&run) >= before);
        let told = finishes(&mpi.1, study, &run);
        assert!(told.contains("rows are there from before"), "{told}");
    }
}

/// F12: a row that ends the process every time is found after two attempts alone; all others are computed.
#[test]
fn a_row_that_kills_is_found() {
    let study = study();
    let run = study.run("poisoned");
    let poisoned = || {
        let mut command = alone(study, &run);
        command.env("PARSTOCK_REHEARSE", "kill@items:7,slow@items:5").output().unwrap()
    };
    // With others beside it, then twice alone, the last time when all others were safe.
    for _ in 0..3 {
        assert_eq!(poisoned().status.code(), None, "killed");
    }
    assert_eq!(safe_rows(&run), ITEMS - 1);
    let output = poisoned();
    assert_eq!(output.status.code(), Some(5));
    let told = said(&output);
    assert!(told.contains("item `item-07`: it ended the process 2 times"), "{told}");
    // To go on without it is another way to end the same run.
    let text = fs::read_to_string(study.file()).unwrap();
    let recording = study.folder.path().join("recording.toml");
    fs::write(
        &recording,
        text.replace("[simulation]", "[simulation]\non_row_failure = \"record\""),
    )
    .unwrap();
    let mut command = Command::new(program());
    let output = command.arg("run").arg(recording).arg("--run").arg(&run).output().unwrap();
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    let failures = fs::read_to_string(run.join("failures.csv")).unwrap();
    assert!(failures.contains("item-07,it ended the process"), "{failures}");
    assert!(said(&output).contains("1 of 40 items could not be computed"), "{}", said(&output));
}
