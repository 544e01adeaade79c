use super::*;
use crate::report::sample;

fn manifest(sha256: &str) -> Manifest {
    Manifest {
        schema: 1,
        state: "complete",
        version: "0.1.0",
        commit: "abc",
        features: "threads only",
        target: "x86_64".into(),
        seed: 1,
        inputs: vec![InputFile {
            table: "sales",
            file: "s.csv".into(),
            sha256: sha256.into(),
            bytes: 10,
            rows: 1,
        }],
        attempt: 1,
        host: "here".into(),
        job: None,
        ranks: 1,
        threads: 1,
        started: 0,
        seconds: 0.0,
    }
}

const RESOLVED: &str = "seed = 1\n[simulation]\nperiods = 364\n";

#[test]
fn a_finished_run_is_found_and_another_study_is_refused_with_the_differences() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a/b");
    let open = |resolved: &str, sha: &str| RunFolder::open(&path, resolved, &manifest(sha), false);
    let (folder, found) = open(RESOLVED, "1234567890abcdef").unwrap();
    assert_eq!(found, Found::Open);
    folder.begin(RESOLVED, &manifest("1234567890abcdef")).unwrap();
    assert!(RunFolder::existing(&path).is_err(), "not finished");
    folder
        .finish(&sample::report(3), &manifest("1234567890abcdef"), &Team::solo(2).unwrap())
        .unwrap();
    assert_eq!(open(RESOLVED, "1234567890abcdef").unwrap().1, Found::Complete);
    assert!(RunFolder::existing(&path).is_ok());

    let other = RESOLVED.replace("364", "52");
    let refusal = open(&other, "ffffffffffffffff").err().unwrap().to_string();
    assert!(refusal.contains("simulation.periods: 364 → 52"), "{refusal}");
    assert!(refusal.contains("contents of s.csv: sha256 1234567890ab…"), "{refusal}");
    let fresh = RunFolder::open(&path, RESOLVED, &manifest("1"), true).err().unwrap();
    assert_eq!(fresh.exit_code(), 2);
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    std::fs::write(place.path().join("thesis.tex"), "years of work").unwrap();
    let refusal = RunFolder::open(place.path(), RESOLVED, &manifest("1"), false).err().unwrap();
    assert!(refusal.to_string().contains("not a run folder"), "{refusal}");
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn the_digest_is_what_b3sum_checks() {
    let place = tempfile::tempdir().unwrap();
    let (folder, _) = RunFolder::open(place.path(), RESOLVED, &manifest("1"), false).unwrap();
    folder.finish(&sample::report(3), &manifest("1"), &Team::solo(1).unwrap()).unwrap();
    let digest = std::fs::read_to_string(place.path().join(DIGEST)).unwrap();
    assert_eq!(digest.lines().count(), tables::TABLES.len() + 1);
    for line in digest.lines() {
        let (hash, name) = line.split_once("  ").unwrap();
        let bytes = std::fs::read(place.path().join(name)).unwrap();
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash);
    }
}

#[test]
fn a_path_that_is_a_file_cannot_be_a_folder() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("taken");
    std::fs::write(&path, "").unwrap();
    let error = RunFolder::open(&path, RESOLVED, &manifest("1"), false).err().unwrap();
    assert_eq!(error.exit_code(), 4);
}
