//! Names that a shell or Slurm might obey.

use std::fs;

use super::{Stage, words};

pub(super) const NASTY: [&str; 14] = [
    "two words",
    "it's",
    "say \"hi\"",
    "$(touch x)",
    "`touch x`",
    "a;touch x;b",
    "a & touch x",
    "back\\slash\\",
    "#SBATCH --hold",
    "%j %x",
    "-dash --option",
    "*?[a]{b,c}~",
    "$HOME ${x:?} $'a'",
    "Straße 日本 é",
];

#[test]
fn names_are_only_names() {
    for name in NASTY {
        for more in [&["--mpi", "pmix"][..], &["--array", "8"]] {
            let stage = Stage::named(name);
            let named = [more, &["--job-name", name, "--qos", name]].concat();
            let named: Vec<String> = named
                .iter()
                .map(
                    |word| if word.starts_with("-d") { format!("x{word}") } else { (*word).into() },
                )
                .collect();
            let named: Vec<&str> = named.iter().map(String::as_str).collect();
            let script = stage.script(&named);
            let (code, said) = stage.play(&script, "complete", 0);
            assert_eq!(code, 0, "{name}: {said}");
            let arguments = fs::read(stage.beside_program("arguments")).unwrap();
            let arguments = words(&arguments);
            let arguments: Vec<&str> = arguments.split('\0').collect();
            let (study, run) = (stage.study.to_str().unwrap(), stage.run.to_str().unwrap());
            assert_eq!(arguments[..4], ["run", study, "--run", run], "{name}");
            let here = fs::read_dir(stage.place.path().join("here")).unwrap();
            let strangers: Vec<_> = here.map(|entry| entry.unwrap().file_name()).collect();
            assert!(strangers.is_empty(), "{name}: {strangers:?}");
        }
    }
}

#[test]
fn a_line_break_is_refused() {
    let stage = Stage::new();
    for option in ["--job-name", "--partition", "--account", "--qos", "--module"] {
        for value in ["a\nb", "a\rb", "\u{1b}[2J", "a\tb"] {
            let output = stage.ask(&[option, value]);
            let said = words(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{option} {value:?}: {said}");
            assert!(output.stdout.is_empty(), "{option} {value:?}");
            assert!(said.contains("rename it"), "{option} {value:?}: {said}");
        }
    }
    let stage = Stage::named("two\nlines");
    let output = stage.ask(&[]);
    assert_eq!(output.status.code(), Some(2), "{}", words(&output.stderr));
}

#[test]
fn what_cannot_be_is_refused() {
    let stage = Stage::new();
    for arguments in [
        &["--time", "soon"][..],
        &["--time", "0"],
        &["--memory", "much"],
        &["--nodes", "0"],
        &["--mpi", "smoke-signals"],
        &["--qos", ""],
        &["--nodes", "2", "--mpi", "none"],
        &["--array", "2", "--nodes", "3"],
        &["--profile", "/dev/null/site.toml"],
    ] {
        let output = stage.ask(arguments);
        let code = if arguments[0] == "--profile" { 4 } else { 2 };
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {}", words(&output.stderr));
        assert!(output.stdout.is_empty(), "{arguments:?}");
    }
    if !cfg!(feature = "mpi") {
        let output = stage.ask(&["--nodes", "2"]);
        let said = words(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("--features mpi") && said.contains("--array 2"), "{said}");
    }
}

#[test]
fn a_profile_is_read_and_flags_win() {
    let stage = Stage::new();
    let site = stage.place.path().join("site.toml");
    let text = "[site]\npartition = \"cpu\"\nqos = \"low\"\nmodules = [\"gcc 12\"]\n\
                setup = [\"module() { echo \\\"loads $2\\\"; }\"]\nextra_sbatch = [\"--constraint=a b\"]\n";
    fs::write(&site, text).unwrap();
    let output = stage.ask(&["--profile", site.to_str().unwrap(), "--qos", "high"]);
    let script = words(&output.stdout);
    for line in [
        "#SBATCH --partition=cpu",
        "#SBATCH --qos=high",
        "#SBATCH --constraint=\"a b\"",
        "module load 'gcc 12' || exit 2",
    ] {
        assert!(script.lines().any(|other| other == line), "{line}\n{script}");
    }
    fs::write(&site, "[site]\npartion = \"cpu\"\n").unwrap();
    let output = stage.ask(&["--profile", site.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output.stderr).contains("did you mean `partition`?"));
}

#[test]
fn a_script_of_ones_own_is_not_replaced() {
    let stage = Stage::new();
    let mine = stage.place.path().join("mine.sh");
    let output = stage.ask(&["-o", mine.to_str().unwrap()]);
    assert!(output.status.success() && output.stdout.is_empty());
    assert!(stage.ask(&["-o", mine.to_str().unwrap()]).status.success());
    fs::write(&mine, "#!/bin/bash\n").unwrap();
    assert_eq!(stage.ask(&["-o", mine.to_str().unwrap()]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(&mine).unwrap(), "#!/bin/bash\n");
}

#[test]
fn a_submitted_script_is_kept_where_it_does_no_harm() {
    let stage = Stage::named("it's");
    let output = stage.ask(&["--submit"]);
    assert_eq!(words(&output.stdout), "42\n", "{}", words(&output.stderr));
    // The run folder is not made, and stays fit for a run.
    assert!(stage.study.with_file_name("it's.job.sh").is_file() && !stage.run.exists());
    fs::create_dir(&stage.run).unwrap();
    fs::write(stage.run.join("manifest.json"), "{}").unwrap();
    assert_eq!(words(&stage.ask(&["--submit"]).stdout), "42\n");
    assert!(stage.run.join("job.sh").is_file());
    super::executable(
        &stage.place.path().join("stubs/sbatch"),
        "#!/bin/bash\necho no >&2; exit 1\n",
    );
    let output = stage.ask(&["--submit"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty() && words(&output.stderr).contains("no\n"));
}
