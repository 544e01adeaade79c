//! What a run leaves behind, and what does not change it.

use std::collections::BTreeSet;
use std::fs;

use super::{STUDY, Shop, asked, sales, words};

#[test]
fn a_run_leaves_a_whole_folder_and_is_not_repeated() {
    let shop = Shop::new();
    let output = shop.ask(&["run", "study.toml"]);
    assert!(output.status.success(), "{}", words(&output.stderr));
    let told = words(&output.stdout);
    assert_eq!(told, shop.read("runs/corner-shop/summary.txt"));
    assert!(told.contains("corner shop: ") && !told.contains('\x1b'), "{told}");

    let entries = fs::read_dir(shop.path("runs/corner-shop")).expect("a folder");
    let found: BTreeSet<String> = entries
        .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
        .collect();
    let expected = [
        "digest.txt",
        "failures.csv",
        "items.csv",
        "manifest.json",
        "order_plan.csv",
        "order_plan_suppliers.csv",
        "order_plan_transfers.csv",
        "program.csv",
        "quality.csv",
        "explanations.csv",
        "frontier.csv",
        "replay.csv",
        "scenarios.csv",
        "service.csv",
        "recommendations.csv",
        "report.html",
        "report.json",
        "strategies.csv",
        "study.toml",
        "summary.txt",
        "suppliers.csv",
    ];
    assert_eq!(found, expected.map(str::to_owned).into());
    let digest = shop.read("runs/corner-shop/digest.txt");
    let mut digested = BTreeSet::new();
    for line in digest.lines() {
        let (hash, name) = line.split_once("  ").expect("a hash and a name");
        let bytes = fs::read(shop.path("runs/corner-shop").join(name)).expect("there");
        assert_eq!(blake3::hash(&bytes).to_hex().as_str(), hash, "{name}");
        digested.insert(name);
    }
    assert_eq!(
        digested,
        [
            "failures.csv",
            "items.csv",
            "order_plan.csv",
            "order_plan_suppliers.csv",
            "order_plan_transfers.csv",
            "program.csv",
            "quality.csv",
            "explanations.csv",
            "frontier.csv",
            "replay.csv",
            "scenarios.csv",
            "service.csv",
            "recommendations.csv",
            "report.json",
            "strategies.csv",
            "suppliers.csv"
        ]
        .into()
    );

    let written = || fs::metadata(shop.path("runs/corner-shop/digest.txt")).unwrap().modified();
    let before = written().expect("a time");
    let again = shop.ask(&["run", "study.toml"]);
    assert!(again.status.success() && words(&again.stdout) == told);
    assert!(words(&again.stderr).contains("is complete already"), "{}", words(&again.stderr));
    assert_eq!(written().expect("a time"), before);
}

#[test]
fn a_folder_of_another_study_is_refused_with_the_differences() {
    let shop = Shop::new();
    let run = ["run", "study.toml", "--run", "results"];
    shop.told(&run);
    let digest = shop.read("results/digest.txt");

    shop.write("study.toml", &STUDY.replace("seed = 7", "seed = 8"));
    let message = shop.refused(&run, 2);
    assert!(message.contains("seed: 7 → 8"), "{message}");
    shop.write("study.toml", STUDY);
    shop.write("sales.csv", &sales(|rows| rows).replacen(",0\n", ",1\n", 1));
    let message = shop.refused(&run, 2);
    assert!(message.contains("contents of sales.csv: sha256 "), "{message}");
    assert!(message.contains("--run"), "{message}");
    shop.write("sales.csv", &sales(|rows| rows));

    let message = shop.refused(&[&run[..], &["--fresh"]].concat(), 2);
    assert!(message.contains("--fresh wants an empty folder"), "{message}");
    shop.told(&["run", "study.toml", "--run", "results-2", "--fresh"]);
    assert_eq!(shop.read("results-2/digest.txt"), digest);
    assert_eq!(shop.read("results/digest.txt"), digest, "what was refused was not touched");
}

#[test]
fn a_run_folder_that_cannot_be_written_is_found_before_anything_is_computed() {
    let shop = Shop::new();
    shop.write("taken", "mine");
    for folder in ["taken", "taken/below"] {
        let message = shop.refused(&["run", "study.toml", "--run", folder], 4);
        assert!(message.contains(&format!("`{folder}`")), "{message}");
    }
    assert_eq!(shop.read("taken"), "mine");

    let locked = shop.path("locked");
    fs::create_dir(&locked).expect("made");
    let mut rights = fs::metadata(&locked).expect("there").permissions();
    rights.set_readonly(true);
    fs::set_permissions(&locked, rights).expect("set");
    if fs::write(locked.join("probe"), "").is_ok() {
        println!("skipped: this user may write in read-only folders");
        return;
    }
    let message = shop.refused(&["run", "study.toml", "--run", "locked"], 4);
    assert!(message.contains("locked"), "{message}");
}

#[test]
fn a_folder_without_a_finished_run_is_not_reported() {
    let shop = Shop::new();
    let message = shop.refused(&["report", "."], 2);
    assert!(message.contains("not a run folder"), "{message}");
    shop.told(&["run", "study.toml", "--run", "out"]);
    fs::remove_file(shop.path("out/digest.txt")).expect("removed");
    let message = shop.refused(&["report", "out"], 2);
    assert!(message.contains("not finished"), "{message}");
    // The command that started it finishes it.
    shop.told(&["run", "study.toml", "--run", "out"]);
    shop.told(&["report", "out"]);
}

/// The digest of a run with these variables and arguments.
fn digest(shop: &Shop, run: &str, variables: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = shop.command(&["run", "study.toml", "--run", run]);
    command.args(arguments).envs(variables.iter().copied());
    let output = asked(command);
    assert!(output.status.success(), "{}", words(&output.stderr));
    shop.read(&format!("{run}/digest.txt"))
}

#[test]
fn neither_threads_nor_places_change_a_byte() {
    let shop = Shop::new();
    let threads = |run: &str| -> serde_json::Value {
        let manifest = shop.read(&format!("{run}/manifest.json"));
        serde_json::from_str::<serde_json::Value>(&manifest).expect("JSON")["threads"].clone()
    };
    let one = digest(&shop, "one", &[], &["--threads", "1"]);
    assert_eq!(threads("one"), 1);
    assert_eq!(digest(&shop, "three", &[("PARSTOCK_THREADS", "3")], &[]), one);
    assert_eq!(threads("three"), 3);
    let both = [("PARSTOCK_THREADS", "3"), ("SLURM_CPUS_PER_TASK", "4")];
    assert_eq!(digest(&shop, "two", &both, &["--threads", "2"]), one);
    assert_eq!(threads("two"), 2, "the command line comes first");
    assert_eq!(digest(&shop, "four", &both[1..], &[]), one);
    assert_eq!(threads("four"), 4);
    let elsewhere =
        [("LC_ALL", "de_DE.UTF-8"), ("LANG", "de_DE.UTF-8"), ("TZ", "Pacific/Auckland")];
    assert_eq!(digest(&shop, "elsewhere", &elsewhere, &[]), one);
    assert_eq!(shop.read("elsewhere/summary.txt"), shop.read("one/summary.txt"));
    assert_eq!(shop.read("elsewhere/report.html"), shop.read("one/report.html"));
}

#[test]
fn the_order_of_rows_changes_no_byte_of_the_results() {
    let shop = Shop::new();
    let sorted = digest(&shop, "sorted", &[], &[]);
    shop.write(
        "sales.csv",
        &sales(|rows| {
            // 7 and the number of rows, 720, have no common factor: every row comes once.
            let count = rows.len();
            (0..count).map(|place| rows[(place * 7 + 5) % count].clone()).collect()
        }),
    );
    let shuffled = digest(&shop, "shuffled", &[], &[]);
    let table = |run: &str| shop.read(&format!("{run}/recommendations.csv"));
    assert_eq!(table("shuffled"), table("sorted"));
    assert_eq!(shuffled, sorted);
    // The manifest names the file by its bytes, which did change.
    let hash = |run: &str| -> serde_json::Value {
        let manifest = shop.read(&format!("{run}/manifest.json"));
        let manifest: serde_json::Value = serde_json::from_str(&manifest).expect("JSON");
        manifest["inputs"][0]["sha256"].clone()
    };
    assert_ne!(hash("shuffled"), hash("sorted"));
}
