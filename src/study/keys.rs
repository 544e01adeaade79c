//! Which keys a study file has, where they stand in it, and values that cannot be theirs.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::syntax::{self, place};
use crate::table::{Problem, Problems};
use Kind::{
    Amounts, Closed, Columns, Flag, Named, Number, Numbers, Section, Settings, Text, Texts, Whole,
    Wholes,
};
pub(super) use list::KEYS;

mod list;

/// What the value of a key may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A section of the file.
    Section,
    /// A section of sections, each with a name of the user's.
    Named,
    /// A section of sections of numbers, each with the name of a model.
    Settings,
    /// A section of numbers, each with a name of the user's.
    Amounts,
    /// Text.
    Text,
    /// A list of texts.
    Texts,
    /// A whole number, 0 or more.
    Whole,
    /// A list of whole numbers, 0 or more.
    Wholes,
    /// True or false.
    Flag,
    /// Any number.
    Number,
    /// A list of numbers.
    Numbers,
    /// Our names of columns and the file's.
    Columns,
    /// A word, or a list of days.
    Closed,
}

/// Keys that no study can do without, each with an example.
const REQUIRED: [(&str, &str); 5] = [
    ("schema", "schema = 1"),
    ("name", "name = \"shop\""),
    ("seed", "seed = 1"),
    ("sales.file", "file = \"sales.csv\""),
    ("items.file", "file = \"items.csv\""),
];

impl Kind {
    /// What a value must be, if it is something else.
    fn refusal(self, path: &str, value: &DeValue<'_>) -> Option<String> {
        let texts = |value: &DeValue<'_>| {
            value.as_array().is_some_and(|array| array.iter().all(|text| text.get_ref().is_str()))
        };
        let (fits, expected) = match (self, value) {
            (Named, DeValue::Table(names)) => {
                let sections = names.values().all(|section| section.get_ref().is_table());
                (sections, "must hold a section for each name: write `[suppliers.named.\"ACME\"]`")
            }
            (Settings, DeValue::Table(models)) => {
                let numbers = |model: &DeValue<'_>| {
                    model.as_table().is_some_and(|options| {
                        let mut options = options.values();
                        options.all(|option| Number.refusal(path, option.get_ref()).is_none())
                    })
                };
                (
                    models.values().all(|model| numbers(model.get_ref())),
                    "must hold a section of numbers for each model: write \
                     `[forecast.options.moving-average]` and `window = 13` below it",
                )
            }
            (Amounts, DeValue::Table(names)) => {
                let mut amounts = names.values();
                (
                    amounts.all(|amount| Number.refusal(path, amount.get_ref()).is_none()),
                    "must hold a number for each location: write `north = 100` below \
                     `[order_plan.space_by_location]`",
                )
            }
            (Section | Named | Settings | Amounts, _) if !value.is_table() => {
                return Some(format!("must be a section: write `[{path}]` and its keys below it"));
            }
            (Section | Named | Settings | Amounts, _) => (true, ""),
            (Text, _) => (value.is_str(), "must be text, in quotes"),
            (Texts, _) => (texts(value), "must be a list of texts, such as [\"a\", \"b\"]"),
            (Columns, _) => (
                value.as_table().is_some_and(|table| table.values().all(|v| v.get_ref().is_str())),
                "must be our names and the file's, such as { item = \"sku\" }",
            ),
            (Closed, _) => (
                value.is_str() || texts(value),
                "must be \"auto\" or a list of weekdays and dates, each in quotes",
            ),
            (Flag, _) => (value.is_bool(), "must be true or false, without quotes"),
            (Wholes, _) => (
                value.as_array().is_some_and(|array| {
                    array.iter().all(|number| Whole.refusal(path, number.get_ref()).is_none())
                }),
                "must be a list of whole numbers, 0 or more, such as [3, 5, 4]",
            ),
            (Numbers, _) => (
                value.as_array().is_some_and(|array| {
                    array.iter().all(|number| Number.refusal(path, number.get_ref()).is_none())
                }),
                "must be a list of numbers, such as [0.98, 0.95, 0.9]",
            ),
            (Whole, DeValue::Integer(number)) => (
                u64::from_str_radix(number.as_str(), number.radix()).is_ok(),
                if number.as_str().starts_with('-') { NATURAL } else { LARGEST },
            ),
            (Whole, _) => (false, NATURAL),
            // Written as a number, but infinite as one: `1e400`.
            (Number, DeValue::Float(number)) => (
                number.as_str().replace('_', "").parse().is_ok_and(f64::is_finite),
                "is not a finite number; write one, or leave the key out",
            ),
            (Number, _) => (value.is_integer(), "must be a number, without quotes"),
        };
        (!fits).then(|| expected.to_owned())
    }
}

const NATURAL: &str = "must be a whole number, 0 or more";
const LARGEST: &str = "is too large; whole numbers end at 9007199254740991 (2^53 - 1)";

/// Line and column of every key's value.
pub(super) struct Places(BTreeMap<String, (u64, usize)>);

/// A walk over a whole file.
struct Walk<'a> {
    text: &'a str,
    name: &'a str,
    places: BTreeMap<String, (u64, usize)>,
    problems: Problems,
}

impl Places {
    /// Walks over the whole file.
    ///
    /// # Errors
    ///
    /// What is no TOML, or else every key that means nothing, is missing, or has a value that
    /// cannot be its own.
    pub(super) fn read(text: &str, name: &str) -> Result<Places, Problems> {
        let table = DeTable::parse(text).map_err(|error| syntax::problem(text, name, &error))?;
        let mut walk = Walk { text, name, places: BTreeMap::new(), problems: Problems::default() };
        walk.schema(table.get_ref());
        if walk.problems.is_empty() {
            walk.section("", "", table.get_ref());
        }
        if walk.problems.is_empty() {
            walk.required();
        }
        if walk.problems.is_empty() {
            Ok(Places(walk.places))
        } else {
            Err(walk.problems.in_order())
        }
    }

    /// Line and column of the value of `key`; the line is 0 where it is not in the file.
    pub(super) fn of(&self, key: &str) -> (u64, usize) {
        self.0.get(key).copied().unwrap_or((0, 0))
    }
}

impl Walk<'_> {
    fn add(&mut self, (line, column): (u64, usize), path: &str, value: &str, message: String) {
        let place = if path.is_empty() { column.to_string() } else { format!("{column}: {path}") };
        let (file, value) = (self.name.to_owned(), value.to_owned());
        self.problems.add(Problem { file, line, column: place, value, message });
    }

    /// A file of another schema may have other keys, so nothing else is said of it.
    fn schema(&mut self, table: &DeTable<'_>) {
        let schema = table.iter().find(|(key, _)| key.get_ref() == "schema").map(|(_, v)| v);
        let number = schema.and_then(|value| value.get_ref().as_integer());
        if let (Some(schema), Some(number)) = (schema, number)
            && number.as_str() != "1"
        {
            let message = concat!(
                "is not a schema that parstock ",
                env!("CARGO_PKG_VERSION"),
                " knows: it knows 1; a newer one needs a newer parstock"
            );
            let place = place(self.text, schema.span());
            self.add(place, "schema", number.as_str(), message.to_owned());
        }
    }

    /// The section at `path`, which may have the keys of `kind`.
    fn section(&mut self, kind: &str, section: &str, table: &DeTable<'_>) {
        let known = KEYS.iter().find(|(name, _)| *name == kind).map_or(&[][..], |(_, k)| *k);
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let path =
                if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") };
            if let Some((_, kind)) = known.iter().find(|(known, _)| *known == name) {
                self.value(&path, *kind, value);
            } else {
                let message = unknown(section, name, known);
                self.add(place(self.text, key.span()), "", name, message);
            }
        }
    }

    fn value(&mut self, path: &str, kind: Kind, value: &Spanned<DeValue<'_>>) {
        let place = place(self.text, value.span());
        self.places.insert(path.to_owned(), place);
        if let Some(message) = kind.refusal(path, value.get_ref()) {
            let written = syntax::written(self.text, value.span());
            self.add(place, path, written, message);
        } else if let (Kind::Section, DeValue::Table(table)) = (kind, value.get_ref()) {
            self.section(path, path, table);
        } else if let (Kind::Named, DeValue::Table(names)) = (kind, value.get_ref()) {
            let named = path;
            for (name, section) in names {
                let path = format!("{named}.{}", name.get_ref());
                self.places.insert(path.clone(), self::place(self.text, section.span()));
                if let DeValue::Table(table) = section.get_ref() {
                    self.section(&format!("{named}.any"), &path, table);
                }
            }
        } else if let (Kind::Amounts, DeValue::Table(names)) = (kind, value.get_ref()) {
            for (name, amount) in names {
                let place = self::place(self.text, amount.span());
                self.places.insert(format!("{path}.{}", name.get_ref()), place);
            }
        } else if let (Kind::Settings, DeValue::Table(models)) = (kind, value.get_ref()) {
            // What they mean depends on the model; here is only where they stand.
            for (model, options) in models {
                let path = format!("{path}.{}", model.get_ref());
                self.places.insert(path.clone(), self::place(self.text, model.span()));
                for (option, value) in options.get_ref().as_table().into_iter().flatten() {
                    let place = self::place(self.text, value.span());
                    self.places.insert(format!("{path}.{}", option.get_ref()), place);
                }
            }
        }
    }

    fn required(&mut self) {
        for (path, example) in REQUIRED {
            if self.places.contains_key(path) {
                continue;
            }
            let message = match path.split_once('.') {
                Some((section, key)) => {
                    format!("has no `{key}` in [{section}]; write, for example, `{example}` there")
                }
                None => format!("has no `{path}`; write, for example, `{example}` at the top"),
            };
            self.problems.add(Problem { file: self.name.into(), message, ..Problem::default() });
        }
    }
}

/// Why there is no `key` in `section`.
fn unknown(section: &str, key: &str, known: &[(&str, Kind)]) -> String {
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let hint = match nearest(key, &names) {
        Some(near) => format!("; did you mean `{near}`?"),
        None => match home(section, key) {
            Some("") => "; it belongs at the top, above every section".to_owned(),
            Some(home) => format!("; it belongs in [{home}]"),
            None => format!("; there are {}", names.join(", ")),
        },
    };
    let place = if section.is_empty() { String::new() } else { format!(" of [{section}]") };
    format!("is not a key{place}{hint}")
}

/// A section that has a key of this name; one below `section`, if there is one.
fn home(section: &str, key: &str) -> Option<&'static str> {
    let homes = || KEYS.iter().filter(|(_, keys)| keys.iter().any(|(name, _)| *name == key));
    let below = homes().find(|(home, _)| !section.is_empty() && home.starts_with(section));
    below.or_else(|| homes().next()).map(|(home, _)| *home)
}

/// The name most like `word`, if one is alike enough to be meant.
pub(super) fn nearest<'a>(word: &str, names: &[&'a str]) -> Option<&'a str> {
    let word = word.to_lowercase().replace(['_', ' '], "-");
    let distance = |name: &str| edits(&word, &name.to_lowercase().replace('_', "-"));
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
