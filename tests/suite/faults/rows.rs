//! Rows that fail, and processes without MPI that share the rows of a run.

use super::*;

/// F11: an item that cannot be computed ends the run with its name, or is recorded and counted; the others
/// are what they are in a study without it.
#[test]
fn failed_items_are_named_recorded_and_counted() {
    let study = study();
    let output = alone(study, &study.run("failing"))
        .env("PARSTOCK_REHEARSE", "fail@items:3")
        .output()
        .unwrap();
    let told = said(&output);
    assert_eq!(output.status.code(), Some(5), "{told}");
    assert!(
        told.contains("item `item-03`: PARSTOCK_REHEARSE: it fails; to go on without it"),
        "{told}"
    );

    let folder = tempfile::tempdir().unwrap();
    let copy = |without: &str| {
        for name in ["sales.csv", "items.csv"] {
            let text = fs::read_to_string(study.folder.path().join(name)).unwrap();
            let kept = text.lines().filter(|line| without.is_empty() || !line.contains(without));
            fs::write(folder.path().join(name), kept.collect::<Vec<_>>().join("\n") + "\n")
                .unwrap();
        }
        let text = fs::read_to_string(study.file()).unwrap();
        let text = text.replace("[simulation]", "[simulation]\non_row_failure = \"record\"");
        fs::write(folder.path().join("study.toml"), text).unwrap();
    };
    let run = |name: &str, rehearse: &str| {
        let run = folder.path().join(name);
        let mut command = Command::new(program());
        command.arg("run").arg(folder.path().join("study.toml")).arg("--run").arg(&run);
        let output = command.env("PARSTOCK_REHEARSE", rehearse).output().unwrap();
        (run, output)
    };
    copy("");
    let (recorded, output) = run("recorded", "fail@items:38,panic@items:39");
    let told = said(&output);
    assert_eq!(output.status.code(), Some(5), "{told}");
    assert!(told.contains("2 of 40 items could not be computed; they are recorded"), "{told}");
    let summary = fs::read_to_string(recorded.join("summary.txt")).unwrap();
    let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        summary.starts_with("Before you trust the figures ! 2 of 40 items could not"),
        "{summary}"
    );
    let read = |run: &Path, name: &str| fs::read_to_string(run.join(name)).unwrap();
    let failures = read(&recorded, "failures.csv");
    assert!(failures.contains("item-38,PARSTOCK_REHEARSE: it fails"), "{failures}");
    assert!(failures.contains("item-39,internal error: PARSTOCK_REHEARSE: a bug"), "{failures}");
    // As if the tables did not name them.
    copy("item-39");
    let (without, output) = run("without", "fail@items:38");
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    for table in ["recommendations.csv", "strategies.csv", "items.csv", "scenarios.csv"] {
        assert_eq!(read(&recorded, table), read(&without, table), "{table}");
    }
    let status = Command::new(program()).arg("status").arg(&recorded).output().unwrap();
    assert!(said(&status).starts_with("complete"));
}

/// Two parts of three, one of which is killed on the way; the third never comes. What is left is done by
/// whoever is there.
#[test]
fn parts_without_mpi_share_a_run() {
    let study = study();
    let run = study.run("parts");
    let part = |number: usize| {
        let mut command = alone(study, &run);
        command.args(["--part", &format!("{number}/3")]);
        command
    };
    let first = slow(&mut part(1), 40).spawn().unwrap();
    let mut second = slow(&mut part(2), 40).spawn().unwrap();
    until_safe(&run, 6);
    second.kill().unwrap();
    second.wait().unwrap();
    let output = ends_within(60, first);
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(digest(&run), study.digest);
    let late = part(2).output().unwrap();
    assert!(
        late.status.success() && said(&late).contains("is complete already"),
        "{}",
        said(&late)
    );
}
