use solvers::strategy;

use super::*;

const LEAST: &str = "schema = 1\nname = \"shop\"\nseed = 7\n[sales]\nfile = \"s.csv\"\n[items]\n\
                     file = \"i.csv\"\n";

fn refusal(text: &str) -> String {
    Study::parse(text, "study.toml").expect_err("refused").to_string()
}

#[test]
fn a_short_study_has_sensible_defaults_and_survives_its_resolved_form() {
    let study = Study::parse(LEAST, "study.toml").unwrap();
    assert_eq!((study.periods, study.warm_up_periods), (364, 56));
    assert_eq!(study.strategies.len(), strategy::USUAL.len());
    let again = Study::parse(&study.resolved(), "study.toml").unwrap();
    assert_eq!(study.file, again.file);
}

#[test]
fn every_problem_is_named_in_one_pass() {
    let text = format!(
        "{LEAST}gapz = 1\n[simulation]\nperiods = 0\nscenarois = 5\n[events]\nunmet = \"los\"\n\
         [strategies]\nservice_level = 95\npolicy = \"minmax\"\n"
    );
    // Values are looked at once every key means something.
    let message = refusal(&text);
    assert!(message.contains("study.toml:8:1: `gapz` is not a key of [items]"), "{message}");
    assert!(message.contains("did you mean `scenarios`?"), "{message}");
    let text = text.replace("gapz = 1\n", "").replace("scenarois = 5\n", "");
    let message = refusal(&text);
    assert_eq!(message.lines().count(), 4, "{message}");
    assert!(
        message.contains("study.toml:9:11: simulation.periods: `0` must be a whole number"),
        "{message}"
    );
    assert!(message.contains("did you mean `lost`?"), "{message}");
    assert!(message.contains("did you mean 0.95?"), "{message}");
    assert!(message.contains("did you mean `min-max`?"), "{message}");
}

#[test]
fn numbers_that_are_none_are_refused_where_they_stand() {
    for value in ["nan", "inf", "-inf", "1e400"] {
        let message = refusal(&format!("{LEAST}[report]\nconfidence_level = {value}\n"));
        assert!(message.starts_with("study.toml:9:20: report.confidence_level: "), "{message}");
    }
    let message = refusal(&LEAST.replace("seed = 7", "seed = 9007199254740992"));
    assert!(message.contains("2^53"), "{message}");
}

#[test]
fn the_list_of_keys_is_the_list_that_is_read() {
    for (section, keys) in keys::KEYS {
        for (key, _) in *keys {
            let text = if section.is_empty() {
                format!("{key} = 1\n")
            } else {
                format!("[{section}]\n{key} = 1\n")
            };
            let error = toml::from_str::<File>(&text).unwrap_err();
            assert!(!error.message().starts_with("unknown field"), "{section}.{key}: {error}");
        }
        let text = if section.is_empty() {
            "nonsense = 1\n".to_owned()
        } else {
            format!("[{section}]\nnonsense = 1\n")
        };
        let message = toml::from_str::<File>(&text).unwrap_err().message().to_owned();
        let read = message.matches('`').count() / 2 - 1;
        assert_eq!(read, keys.len(), "[{section}]: {message}");
    }
}

#[test]
fn deep_nesting_and_nonsense_end_in_an_error() {
    for text in ["[".repeat(100_000), format!("a = {}", "[".repeat(100_000)), "\u{0}".into()] {
        assert!(Study::parse(&text, "study.toml").is_err());
    }
}
