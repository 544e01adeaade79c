//! Whether two tables speak of the same items.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use scenarios::History;

use super::ItemRow;
use crate::table::names::folded;
use crate::table::{Problem, Problems, counted, listed, shown};

/// Most items a note lists.
const LISTED: usize = 20;

/// Finds items that are in only one of the two tables, both of which are in order of their names.
///
/// With `warn`, returns notes that list them: they are to be left out.
///
/// # Errors
///
/// Each of them without `warn`; with it, only that no item is in both tables.
pub fn match_items(
    sales: &History,
    items: &[ItemRow],
    sales_file: &str,
    items_file: &str,
    warn: bool,
) -> Result<Vec<String>, Problems> {
    let sold = || sales.series.names();
    let known = || items.iter().map(|row| row.item.as_str());
    let unknown: Vec<&str> = sold().filter(absent(known())).collect();
    let mut is_unsold = absent(sold());
    let unsold: Vec<&ItemRow> = items.iter().filter(|row| is_unsold(&row.item.as_str())).collect();
    if warn && unknown.len() < sales.series.len() {
        let unsold = unsold.iter().map(|row| row.item.as_str()).collect();
        let left_out = [(unknown, sales_file, items_file), (unsold, items_file, sales_file)];
        return Ok(left_out.into_iter().filter_map(left_out_note).collect());
    }
    let mut problems = Problems::default();
    if warn {
        let message = format!("nothing to do: none of its items is in {items_file}; {EXACTLY}");
        problems.add(Problem::of_file(sales_file, message));
    }
    let likeness = OnceCell::new();
    for item in unknown {
        let likeness = likeness.get_or_init(|| Likeness::new(known()));
        let hint = likeness.hint(item, items_file);
        if warn && hint.is_none() {
            continue;
        }
        let message = format!(
            "has sales but no row in {items_file}; {}",
            hint.unwrap_or_else(|| {
                "add one, or set `unmatched = \"warn\"` to leave it out".into()
            })
        );
        problems.add(Problem { value: item.into(), ..Problem::of_file(sales_file, message) });
    }
    let likeness = OnceCell::new();
    for row in unsold {
        let likeness = likeness.get_or_init(|| Likeness::new(sold()));
        let hint = likeness.hint(&row.item, sales_file);
        if warn && hint.is_none() {
            continue;
        }
        let message = format!(
            "has no sales in {sales_file}; {}",
            hint.unwrap_or_else(|| {
                "remove the row, or set `unmatched = \"warn\"` to leave it out".into()
            })
        );
        let problem = Problem::of_line(items_file, row.line, message);
        problems.add(Problem { value: row.item.clone(), ..problem });
    }
    if problems.is_empty() { Ok(Vec::new()) } else { Err(problems) }
}

/// Whether a name is none of `names`, to be asked of names in order; these are in order, too.
fn absent<'a>(names: impl Iterator<Item = &'a str>) -> impl FnMut(&&'a str) -> bool {
    let mut names = names.peekable();
    move |name| {
        while names.next_if(|other| other < name).is_some() {}
        names.peek() != Some(name)
    }
}

const EXACTLY: &str = "names must be equal byte for byte";

fn left_out_note((items, file, other): (Vec<&str>, &str, &str)) -> Option<String> {
    (!items.is_empty()).then(|| {
        format!(
            "{}: {} not in {}, left out: {}",
            shown(file),
            counted(items.len(), "item", "items"),
            shown(other),
            listed(items, LISTED)
        )
    })
}

/// Names of the other table, to be found although they are written otherwise.
struct Likeness<'a> {
    folds: BTreeMap<String, &'a str>,
}

impl<'a> Likeness<'a> {
    fn new(names: impl Iterator<Item = &'a str>) -> Likeness<'a> {
        Likeness { folds: names.map(|name| (fold(name), name)).collect() }
    }

    fn hint(&self, item: &str, file: &str) -> Option<String> {
        if let Some(like) = self.folds.get(&fold(item)) {
            return Some(format!("{file} has `{}`: {EXACTLY}", shown(like)));
        }
        let (name, location) = item.rsplit_once('@')?;
        self.folds.get(&fold(name)).map(|_| {
            format!(
                "sales have locations: give {file} a row for each item and location, such as \
                 `{}@{}`",
                shown(name),
                shown(location)
            )
        })
    }
}

/// What is left of a name without case, blanks and leading zeros.
fn fold(name: &str) -> String {
    folded(name).trim_start_matches('0').to_string()
}
