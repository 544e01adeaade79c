//! Names of items: given a number once, and looked at for what is easily overlooked.

use std::collections::HashMap;

use super::{counted, shown};

/// Most pairs of names a note lists.
const LISTED: usize = 5;

/// Gives each distinct name a number, in order of first appearance.
#[derive(Default)]
pub(super) struct Names {
    numbers: HashMap<Box<[u8]>, u32>,
    /// The name asked for last: rows of one item often follow each other.
    last: Vec<u8>,
    last_number: u32,
}

impl Names {
    /// The number of `name`, and whether it is new.
    pub(super) fn number(&mut self, name: &[u8]) -> (u32, bool) {
        if !name.is_empty() && self.last == name {
            return (self.last_number, false);
        }
        let known = self.numbers.get(name).copied();
        let number = known.unwrap_or(self.numbers.len() as u32);
        if known.is_none() {
            self.numbers.insert(name.into(), number);
        }
        self.last.clear();
        self.last.extend_from_slice(name);
        self.last_number = number;
        (number, known.is_none())
    }

    /// The names in order of their numbers, byte for byte.
    pub(super) fn into_bytes(self) -> Vec<Box<[u8]>> {
        let mut names: Vec<(Box<[u8]>, u32)> = self.numbers.into_iter().collect();
        names.sort_unstable_by_key(|(_, number)| *number);
        names.into_iter().map(|(name, _)| name).collect()
    }

    /// The same as text.
    pub(super) fn into_names(self) -> Vec<String> {
        let mut names = vec![String::new(); self.numbers.len()];
        for (name, number) in self.numbers {
            names[number as usize] = String::from_utf8_lossy(&name).into_owned();
        }
        names
    }
}

/// What two names that a reader may take for one have in common.
pub(super) fn folded(name: &str) -> String {
    let visible = |character: &char| !super::is_invisible(*character);
    name.trim().chars().filter(visible).flat_map(char::to_lowercase).collect()
}

/// What the user may have overlooked in `names`, which are sorted and distinct.
pub(super) fn notes<'a>(file: &str, names: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let file = shown(file);
    let mut notes = Vec::new();
    let mut note = |about: &str, found: Vec<String>| {
        let more = match found.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let first = found[..found.len().min(LISTED)].join(", ");
        if !found.is_empty() {
            notes.push(format!("{file}: {about}: {first}{more}"));
        }
    };
    note("items that differ only in case, blanks or invisible characters", alike(names.clone()));
    let quoted = |name: &str| format!("`{}`", shown(name));
    let blank = names.clone().filter(|name| name.trim() != *name);
    note(
        "items with blanks before or after their name, which are kept",
        blank.map(quoted).collect(),
    );
    let numbers = names.filter(|name| is_rewritten(name));
    note("items that look like numbers a spreadsheet has rewritten", numbers.map(quoted).collect());
    notes
}

/// Groups of names that are equal once folded, each in its own order.
fn alike<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    // Nothing is folded in most tables, whose names are numbers and capitals.
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !byte.is_ascii_lowercase();
    if names.clone().all(|name| name.bytes().all(is_plain)) {
        return Vec::new();
    }
    let mut folds: Vec<(String, &str)> = names.map(|name| (folded(name), name)).collect();
    folds.sort_unstable();
    let groups = folds.chunk_by(|left, right| left.0 == right.0).filter(|group| group.len() > 1);
    let quoted = |group: &[(String, &str)]| {
        let names: Vec<_> = group.iter().map(|(_, name)| format!("`{}`", shown(name))).collect();
        match names.len() {
            0..=3 => names.join(" and "),
            count => format!("{} and {} like it", names[0], counted(count - 1, "name", "names")),
        }
    };
    groups.map(quoted).collect()
}

/// Whether `name` is like `1.23457E+12`.
fn is_rewritten(name: &str) -> bool {
    let Some((mantissa, exponent)) = name.split_once("E+") else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(&mantissa.replacen(['.', ','], "", 1)) && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_their_numbers_and_bytes() {
        let mut names = Names::default();
        let numbers =
            [&b"00123"[..], b"123", b"123", b"00123", b"A "].map(|name| names.number(name));
        assert_eq!(numbers, [(0, true), (1, true), (1, false), (0, false), (2, true)]);
        assert_eq!(names.into_names(), ["00123", "123", "A "]);
    }

    #[test]
    fn names_that_look_alike_are_noted() {
        let names = [" A", "A", "B", "a", "a\u{200b}", "b", "c"];
        assert_eq!(
            notes("s.csv", names.into_iter()),
            [
                "s.csv: items that differ only in case, blanks or invisible characters: ` A` and \
                 3 names like it, `B` and `b`",
                "s.csv: items with blanks before or after their name, which are kept: ` A`",
            ]
        );
        let many: Vec<String> = (0..7).flat_map(|n| [format!("A{n}"), format!("a{n}")]).collect();
        let notes = notes("s.csv", many.iter().map(String::as_str));
        assert!(notes[0].ends_with("`A4` and `a4` and 2 more"), "{notes:?}");
    }

    #[test]
    fn numbers_rewritten_by_a_spreadsheet_are_noted() {
        let names = ["00123", "1.23457E+12", "1E5", "4E+05", "E+5", "MAR1"];
        let expected = "s.csv: items that look like numbers a spreadsheet has rewritten: \
         `1.23457E+12`, `4E+05`";
        assert_eq!(notes("s.csv", names.into_iter()), [expected]);
    }
}
