//! Where things stand in a study file, and keys that mean nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::table::{Problem, Problems};

/// Every section and the keys it may have; a test compares them with what is read.
pub(super) const KEYS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "schema",
            "name",
            "seed",
            "sales",
            "calendar",
            "items",
            "events",
            "simulation",
            "strategies",
            "constraints",
            "report",
        ],
    ),
    (
        "sales",
        &[
            "file",
            "columns",
            "gaps",
            "duplicates",
            "returns",
            "delimiter",
            "decimal",
            "date_format",
        ],
    ),
    ("calendar", &["period", "week_starts", "closed"]),
    ("items", &["file", "columns", "unmatched", "delimiter", "decimal", "defaults"]),
    (
        "items.defaults",
        &[
            "lead_time_periods",
            "order_cost",
            "holding_rate_per_year",
            "holding_cost_per_unit_period",
            "unit_cost_share_of_price",
            "shortage_cost_per_unit",
            "minimum_order",
            "order_multiple",
            "volume",
        ],
    ),
    ("events", &["review", "unmet", "holding_on", "review_every_periods", "review_phase"]),
    ("simulation", &["periods", "warm_up_periods", "scenarios", "search_scenarios"]),
    ("strategies", &["compare", "policy", "days_of_cover", "service_level"]),
    ("constraints", &["stock_budget", "stock_budget_share", "volume_limit", "volume_limit_share"]),
    ("report", &["confidence_level"]),
];

/// Line and column of every key's value.
pub(super) struct Places {
    places: BTreeMap<String, (u64, usize)>,
    unknown: Vec<(String, u64, usize)>,
    infinite: Vec<(String, String)>,
}

impl Places {
    /// Walks over the whole file.
    pub(super) fn read(text: &str, name: &str) -> Result<Places, Problems> {
        let table = DeTable::parse(text).map_err(|error| syntax(text, name, &error))?;
        let mut places =
            Places { places: BTreeMap::new(), unknown: Vec::new(), infinite: Vec::new() };
        places.walk(text, "", table.get_ref());
        Ok(places)
    }

    fn walk(&mut self, text: &str, section: &str, table: &DeTable<'_>) {
        let known = KEYS.iter().find(|(name, _)| *name == section).map(|(_, keys)| *keys);
        for (key, value) in table {
            let path = if section.is_empty() {
                key.get_ref().to_string()
            } else {
                format!("{section}.{}", key.get_ref())
            };
            let (line, column) = place(text, key.span());
            if known.is_some_and(|keys| !keys.contains(&key.get_ref().as_ref())) {
                self.unknown.push((path.clone(), line, column));
            }
            self.places.insert(path.clone(), place(text, value.span()));
            self.value(text, &path, value);
        }
    }

    fn value(&mut self, text: &str, path: &str, value: &Spanned<DeValue<'_>>) {
        match value.get_ref() {
            DeValue::Table(table) => self.walk(text, path, table),
            DeValue::Array(array) => {
                for value in array.iter() {
                    self.value(text, path, value);
                }
            }
            DeValue::Float(float) => {
                let word = float.as_str();
                // Written as a number, but infinite as one: `1e400`.
                if !word.replace('_', "").parse().is_ok_and(f64::is_finite) {
                    self.infinite.push((path.to_owned(), word.to_owned()));
                }
            }
            _ => {}
        }
    }

    /// Line and column of the value of `key`; the line is 0 where it is not in the file.
    pub(super) fn of(&self, key: &str) -> (u64, usize) {
        self.places.get(key).copied().unwrap_or((0, 0))
    }

    /// What the walk found: keys that mean nothing, numbers that are none.
    pub(super) fn problems(&self, name: &str) -> Problems {
        let mut problems = Problems::default();
        for (path, line, column) in &self.unknown {
            let (section, key) = path.rsplit_once('.').unwrap_or(("", path));
            let keys = KEYS.iter().find(|(name, _)| *name == section).map_or(&[][..], |(_, k)| k);
            let hint = match nearest(key, keys) {
                Some(known) => format!("; did you mean `{known}`?"),
                None => format!("; there are {}", keys.join(", ")),
            };
            let place = if section.is_empty() { String::new() } else { format!(" of [{section}]") };
            problems.add(Problem {
                file: name.to_owned(),
                line: *line,
                column: column.to_string(),
                value: key.to_owned(),
                message: format!("is not a key{place}{hint}"),
            });
        }
        for (path, value) in &self.infinite {
            let (line, column) = self.of(path);
            problems.add(Problem {
                file: name.to_owned(),
                line,
                column: format!("{column}: {path}"),
                value: value.clone(),
                message: "is not a finite number; write one, or leave the key out".into(),
            });
        }
        problems
    }
}

/// What the TOML reader did not understand.
pub(super) fn syntax(text: &str, name: &str, error: &toml::de::Error) -> Problem {
    let (line, column) = error.span().map_or((0, 0), |span| place(text, span));
    let value = error
        .span()
        .and_then(|span| text.get(span))
        .filter(|value| !value.is_empty() && !value.contains('\n') && value.len() < 60)
        .unwrap_or("");
    Problem {
        file: name.to_owned(),
        line,
        column: if line == 0 { String::new() } else { column.to_string() },
        value: value.to_owned(),
        message: error.message().replace('\n', "; "),
    }
}

/// Line and column, from 1, of the start of `span`; columns count characters.
fn place(text: &str, span: Range<usize>) -> (u64, usize) {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    (line, column)
}

/// The name most like `word`, if one is alike enough to be meant.
pub(super) fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace(['_', ' '], "-");
    let distance = |name: &str| edits(&word, &name.replace('_', "-"));
    let best = names.iter().copied().min_by_key(|name| distance(name))?;
    let allowed = 1 + word.chars().count() / 4;
    (distance(best) <= allowed || (word.len() > 3 && best.replace('_', "-").starts_with(&word)))
        .then_some(best)
}

/// Least number of single-character changes from `left` to `right`: Levenshtein (1966).
fn edits(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, r) in right.iter().enumerate() {
            let changed = diagonal + usize::from(l != *r);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognised_and_a_guess_is_not_made() {
        assert_eq!(nearest("scenarois", &["scenarios", "periods"]), Some("scenarios"));
        assert_eq!(nearest("minmax", &["base-stock", "min-max"]), Some("min-max"));
        assert_eq!(nearest("Before Demand", &["before-demand"]), Some("before-demand"));
        assert_eq!(nearest("colour", &["scenarios", "periods"]), None);
    }
}
