//! Which column of a file is which of ours.

use std::collections::BTreeMap;

use scenarios::Date;

use super::record::Record;
use super::{Problem, Problems, listed, shown};

/// Most columns a table may have.
const MOST: usize = 10_000;

/// A column that we read.
pub(super) struct Column {
    /// Our name.
    pub(super) name: &'static str,
    /// Names under which it is found too.
    pub(super) aliases: &'static [&'static str],
    /// Whether a table must have it.
    pub(super) required: bool,
}

/// The first line of a table.
#[derive(Debug)]
pub(super) struct Header {
    names: Vec<String>,
    /// Of each of our columns, its place in the file.
    places: Vec<Option<usize>>,
}

impl Header {
    /// Finds `columns` in the first record; `mapping` is the user's `columns`, ours to theirs, if the
    /// study can have any for this table.
    pub(super) fn find(
        file: &str,
        record: &Record,
        columns: &[Column],
        mapping: Option<&BTreeMap<String, String>>,
        delimiter: u8,
    ) -> Result<Header, Problems> {
        let line = record.line;
        if record.len() > MOST {
            let message = format!(
                "the header has {} columns, more than {MOST}; a table has one row an item (and \
                 date), not one column",
                record.len()
            );
            return Err(Problem::of_line(file, line, message).into());
        }
        let names: Vec<String> =
            (0..record.len()).map(|index| record.text(index).trim().to_string()).collect();
        let mut problems = Problems::default();
        let mut add = |message: String| problems.add(Problem::of_line(file, line, message));
        let can_map = mapping.is_some();
        let mut mapping = mapping.cloned().unwrap_or_default();
        unknown(columns, &mapping).into_iter().for_each(&mut add);
        // A misspelt name of ours takes no column away.
        mapping.retain(|name, _| columns.iter().any(|column| column.name == name));
        let whole =
            one_column(&names, delimiter, can_map).or_else(|| no_header(&names, columns, &mapping));
        if let Some(message) = whole {
            add(message);
            return Err(problems);
        }
        repeated(&names).into_iter().for_each(&mut add);
        let mut places = Vec::new();
        for column in columns {
            match place(column, &names, &mapping, can_map) {
                Ok(place) => places.push(place),
                Err(message) => add(message),
            }
        }
        if problems.is_empty() { Ok(Header { names, places }) } else { Err(problems) }
    }

    /// Number of columns in the file.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Place in the file of our column `column`.
    pub(super) fn place(&self, column: usize) -> Option<usize> {
        self.places[column]
    }

    /// The file's name of our column `column`.
    pub(super) fn name(&self, column: usize) -> &str {
        self.places[column].map_or("", |place| &self.names[place])
    }

    /// A note on the columns nobody reads.
    pub(super) fn unread(&self, file: &str) -> Option<String> {
        let unread = |(place, name): &(usize, &String)| {
            !name.is_empty() && !self.places.contains(&Some(*place))
        };
        let names: Vec<&str> =
            (self.names.iter().enumerate()).filter(unread).map(|(_, name)| name.as_str()).collect();
        let file = shown(file);
        (!names.is_empty()).then(|| format!("{file}: columns not read: {}", listed(names, 10)))
    }
}

/// Where `column` is, `None` if it is not there and need not be.
fn place(
    column: &Column,
    names: &[String],
    mapping: &BTreeMap<String, String>,
    can_map: bool,
) -> Result<Option<usize>, String> {
    let find = |wanted: &str| names.iter().position(|name| name == wanted);
    if let Some(theirs) = mapping.get(column.name) {
        let missing = || {
            let hint = match near(theirs, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the header has {}", listed(named(names), 10)),
            };
            let (theirs, ours) = (shown(theirs), column.name);
            format!("there is no column `{theirs}`, which `columns` gives for `{ours}`; {hint}")
        };
        return find(theirs.trim()).map(Some).ok_or_else(missing);
    }
    // What the user named something else is not found by its name.
    let free = |name: &&str| !mapping.values().any(|theirs| theirs.trim() == *name);
    if let Some(place) = Some(column.name).filter(free).and_then(find) {
        return Ok(Some(place));
    }
    let aliases = column.aliases.iter().copied().filter(free);
    let found: Vec<&str> = aliases.filter(|alias| find(alias).is_some()).collect();
    match found[..] {
        [alias] => Ok(find(alias)),
        [] if !column.required => Ok(None),
        [] => {
            let ours = column.name;
            Err(match near(ours, names) {
                Some(theirs) if !can_map => {
                    format!("there is no column `{ours}`; did you mean `{theirs}`? Then rename it")
                }
                None if !can_map => format!(
                    "there is no column `{ours}`; the header has {}: add it, or rename one",
                    listed(named(names), 10)
                ),
                Some(theirs) => format!(
                    "there is no column `{ours}`; did you mean `{theirs}`? Then set `columns = \
                     {{ {ours} = \"{theirs}\" }}`"
                ),
                None => format!(
                    "there is no column `{ours}`; the header has {}: say which it is with \
                     `columns = {{ {ours} = \"…\" }}`",
                    listed(named(names), 10)
                ),
            })
        }
        [first, ..] => Err(format!(
            "{} could each be `{}`; say which with `columns = {{ {} = \"{first}\" }}`",
            listed(found.iter().copied(), 5),
            column.name,
            column.name,
        )),
    }
}

/// The name that `wanted` may have been meant to be, as a message shows it.
fn near(wanted: &str, names: &[String]) -> Option<String> {
    nearest(wanted, named(names)).map(shown)
}

fn named(names: &[String]) -> impl Iterator<Item = &str> {
    names.iter().map(String::as_str).filter(|name| !name.is_empty())
}

/// A first line that is data already, or that has a column for each date.
fn no_header(
    names: &[String],
    columns: &[Column],
    mapping: &BTreeMap<String, String>,
) -> Option<String> {
    let required: Vec<&str> = columns.iter().filter(|c| c.required).map(|c| c.name).collect();
    let required = listed(required, 10);
    let dates = named(names).filter(|name| name.parse::<Date>().is_ok()).count();
    if dates > 1 {
        return Some(format!(
            "the header has {dates} dates; a table has one row an item and date, under {required}"
        ));
    }
    let ours = |name: &str| {
        columns.iter().any(|column| column.name == name || column.aliases.contains(&name))
            || mapping.values().any(|theirs| theirs.trim() == name)
    };
    let number =
        |name: &str| name.starts_with(|c: char| c.is_ascii_digit()) && name.parse::<f64>().is_ok();
    let no_text = |name: &str| name.contains(|c: char| c.is_control() && c != '\t');
    if named(names).any(ours) {
        return None;
    }
    if named(names).any(no_text) {
        return Some("the first line has control characters; is this a CSV file?".into());
    }
    (dates > 0 || named(names).any(number)).then(|| {
        format!(
            "the first line is data ({}); a line with the names of the columns is needed above \
             it, among them {required}",
            listed(named(names), 3)
        )
    })
}

/// The one of `names` that `wanted` may have been meant to be.
pub(crate) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let near = names.filter(|name| name.chars().count() <= 64).map(|name| {
        let lower = name.to_lowercase();
        (distance(&wanted, &lower), name)
    });
    let (distance, name) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= wanted.chars().count().div_ceil(4)).then_some(name)
}

/// Letters to change, add or leave out to make `left` from `right`.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, from) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, to) in right.iter().enumerate() {
            let change = diagonal + usize::from(from != *to);
            diagonal = row[column + 1];
            row[column + 1] = change.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}

/// A header in one piece although it has another delimiter in it.
fn one_column(names: &[String], delimiter: u8, has_own: bool) -> Option<String> {
    let [name] = names else { return None };
    let other = [';', '\t', '|', ','].into_iter().find(|other| name.contains(*other))?;
    let other = if other == '\t' { "\\t".into() } else { other.to_string() };
    let delimiter = char::from(delimiter).escape_default();
    if !has_own {
        return Some(format!(
            "the header has 1 column `{}`; is the delimiter `{other}`? Then write \"{delimiter}\" \
             instead, the `delimiter` of [items]",
            shown(name)
        ));
    }
    Some(format!(
        "the header has 1 column `{}`; is the delimiter `{other}`? Then set `delimiter = \
         \"{other}\"` instead of \"{delimiter}\"",
        shown(name)
    ))
}

fn repeated(names: &[String]) -> Vec<String> {
    let mut first = BTreeMap::new();
    let mut messages = Vec::new();
    for (index, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(before) = first.insert(name, index + 1) {
            let name = shown(name);
            messages.push(format!(
                "columns {before} and {} are both named `{name}`; rename or remove one",
                index + 1
            ));
        }
    }
    messages
}

/// Keys of the user's `columns` that are none of ours.
fn unknown(columns: &[Column], mapping: &BTreeMap<String, String>) -> Vec<String> {
    let ours = || columns.iter().map(|column| column.name);
    let strange = mapping.keys().filter(|key| !ours().any(|name| name == *key));
    let message = |key: &String| {
        let hint = nearest(key, ours()).map_or_else(
            || format!("there are {}", ours().collect::<Vec<_>>().join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        format!("`columns` of the study names `{}`, which is no column; {hint}", shown(key))
    };
    strange.map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::record::Records;

    const COLUMNS: &[Column] = &[
        Column { name: "date", aliases: &["ds"], required: true },
        Column { name: "item", aliases: &["sku", "unique_id"], required: true },
        Column { name: "price", aliases: &[], required: false },
    ];

    fn find(header: &str, mapping: &[(&str, &str)]) -> Result<Header, String> {
        let mut record = Record::default();
        Records::new(header.as_bytes(), b',').next(&mut record).expect("text");
        let mapping = mapping.iter().map(|(ours, theirs)| ((*ours).into(), (*theirs).into()));
        Header::find("t.csv", &record, COLUMNS, Some(&mapping.collect()), b',')
            .map_err(|problems| problems.to_string())
    }

    fn places(header: &str, mapping: &[(&str, &str)]) -> [Option<usize>; 3] {
        let header = find(header, mapping).unwrap_or_else(|problems| panic!("{problems}"));
        [0, 1, 2].map(|column| header.place(column))
    }

    fn refusal(header: &str, mapping: &[(&str, &str)]) -> String {
        find(header, mapping).expect_err("refused")
    }

    #[test]
    fn columns_are_found_by_name_alias_or_mapping() {
        assert_eq!(places("item,date", &[]), [Some(1), Some(0), None]);
        assert_eq!(places(" ds , unique_id,price", &[]), [Some(0), Some(1), Some(2)]);
        assert_eq!(places("date,item,sku", &[]), [Some(0), Some(1), None]);
        assert_eq!(places("date,item,sku", &[("item", "sku")]), [Some(0), Some(2), None]);
        // A column given to one of ours is no longer found by its name.
        assert_eq!(places("date,price", &[("item", "price")]), [Some(0), Some(1), None]);
    }

    #[test]
    fn a_missing_column_is_answered_with_the_nearest() {
        let message = refusal("Date,artikel", &[]);
        let expected = "t.csv:1: there is no column `date`; did you mean `Date`? Then set \
         `columns = { date = \"Date\" }`\n\
                        t.csv:1: there is no column `item`; the header has `Date`, `artikel`: \
                        say which it is with `columns = { item = \"…\" }`";
        assert_eq!(message, expected);
        let message = refusal("date,item", &[("price", "prise"), ("itm", "item")]);
        let expected = "t.csv:1: `columns` of the study names `itm`, which is no column; did you \
         mean `item`?\n\
                        t.csv:1: there is no column `prise`, which `columns` gives for `price`; \
                        the header has `date`, `item`";
        assert_eq!(message, expected);
        let message = refusal("2024-01-01,A,3", &[]);
        assert!(message.contains("the first line is data (`2024-01-01`, `A`, `3`);"), "{message}");
        let message = refusal("item,2024-01-01,2024-01-02", &[]);
        assert!(message.contains("the header has 2 dates; a table has one row"), "{message}");
        let message = refusal("date,sku,unique_id", &[]);
        assert!(
            message.contains("`sku`, `unique_id` could each be `item`; say which"),
            "{message}"
        );
    }

    #[test]
    fn a_repeated_column_is_refused_unless_it_has_no_name() {
        let message = refusal("date,item,x,x", &[]);
        let expected = "t.csv:1: columns 3 and 4 are both named `x`; rename or remove one";
        assert_eq!(message, expected);
        assert_eq!(places("date,item,,", &[]), [Some(0), Some(1), None]);
    }

    #[test]
    fn another_delimiter_is_recognised() {
        let message = refusal("sku;date;qty", &[]);
        let expected = "t.csv:1: the header has 1 column `sku;date;qty`; is the delimiter `;`? \
         Then set `delimiter = \";\"` instead of \",\"";
        assert_eq!(message, expected);
        let message = refusal("sku\tdate", &[]);
        assert!(message.contains("`sku\\x09date`; is the delimiter `\\t`?"), "{message}");
    }

    #[test]
    fn too_many_columns_are_refused() {
        let message = refusal(&vec!["x"; 10_001].join(","), &[]);
        assert!(
            message.starts_with("t.csv:1: the header has 10001 columns, more than"),
            "{message}"
        );
    }

    #[test]
    fn columns_that_nobody_reads_are_noted() {
        let header = find("date,item,orders,,x\u{1b}", &[]).expect("found");
        let note = header.unread("t.csv");
        assert_eq!(note.as_deref(), Some("t.csv: columns not read: `orders`, `x\\x1b`"));
        assert_eq!(find("date,item", &[]).expect("found").unread("t.csv"), None);
    }

    #[test]
    fn near_names_are_near() {
        let names = || ["units", "price", "in_stock"].into_iter();
        assert_eq!(nearest("unit", names()), Some("units"));
        assert_eq!(nearest("Prise", names()), Some("price"));
        assert_eq!(nearest("weight", names()), None);
    }
}
