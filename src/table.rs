//! Tables that users bring: sales and items, as CSV, plain or gzipped.
//!
//! | read | to learn |
//! |---|---|
//! | [`sales`] | how rows of sales become a history |
//! | [`items`] | what is known about an item, and which values are refused |
//! | [`discounts`], [`transfers`] | what a plan of the coming periods is told beside |
//! | `reader` | what is asked of every row of every table |
//! | `record` | how bytes become records |
//! | `value` | how text becomes a number, a date or yes and no |
//!
//! A table is read to its end and every problem is collected, so the user mends
//! the file once. Nothing here touches the disk: bytes come in, a value goes out.

use std::fmt::{self, Write};

mod date_format;
mod decode;
pub mod discounts;
mod header;
pub mod items;
mod names;
mod reader;
mod record;
pub mod sales;
pub mod transfers;
mod value;

pub use date_format::DateFormat;
pub(crate) use header::nearest;

/// Something in a file that cannot be read as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problem {
    /// The file, as the user named it.
    pub file: String,
    /// Line from 1; 0 if it is none in particular.
    pub line: u64,
    /// The file's own name of the column; empty if it is none in particular.
    pub column: String,
    /// The value found; empty if it is none in particular.
    pub value: String,
    /// What is wrong with it, what was expected, and the way out.
    pub message: String,
}

impl Problem {
    /// A problem of a whole file.
    pub(crate) fn of_file(file: &str, message: impl Into<String>) -> Problem {
        Problem { file: file.into(), message: message.into(), ..Problem::default() }
    }

    /// A problem of a whole line.
    fn of_line(file: &str, line: u64, message: impl Into<String>) -> Problem {
        Problem { line, ..Problem::of_file(file, message) }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        escape(&self.file, f)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.column.is_empty() {
            f.write_char(':')?;
            escape(&self.column, f)?;
        }
        f.write_str(": ")?;
        if !self.value.is_empty() {
            write!(f, "`{}` ", shown(&self.value))?;
        }
        escape(&self.message, f)
    }
}

/// Every problem of a table; the first few of them in full.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Problems {
    /// The first, at most [`Problems::SHOWN`].
    pub first: Vec<Problem>,
    /// How many there are in all.
    pub count: u64,
}

impl Problems {
    /// How many problems are kept in full.
    pub const SHOWN: usize = 20;

    /// One problem of a whole file.
    pub(crate) fn of_file(file: &str, message: String) -> Problems {
        let mut problems = Problems::default();
        problems.add(Problem::of_file(file, message));
        problems
    }

    /// Counts a problem, and keeps it if it is among the first.
    pub fn add(&mut self, problem: Problem) {
        self.count += 1;
        if self.first.len() < Problems::SHOWN {
            self.first.push(problem);
        }
    }

    /// Adds the problems of another table after these.
    pub fn append(&mut self, other: Problems) {
        let room = Problems::SHOWN - self.first.len().min(Problems::SHOWN);
        self.count += other.count;
        self.first.extend(other.first.into_iter().take(room));
    }

    /// The same, in order of lines: they were found in another.
    pub(crate) fn in_order(mut self) -> Problems {
        self.first.sort_by_key(|problem| problem.line);
        self
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Problems {
        Problems { first: vec![problem], count: 1 }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        for (index, problem) in self.first.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{problem}")?;
        }
        match self.count.saturating_sub(self.first.len() as u64) {
            0 => Ok(()),
            1 => f.write_str("\nand 1 more problem"),
            more => write!(f, "\nand {more} more problems"),
        }
    }
}

impl std::error::Error for Problems {}

/// `text` for a message: what is invisible is escaped, what is long is cut.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut out = String::new();
    let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(end, _)| end);
    escape(&text[..end], &mut out).expect("a string takes everything");
    if end < text.len() {
        out.push('…');
    }
    out
}

/// The first `at_most` names in backticks, and how many more there are.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>, at_most: usize) -> String {
    let mut names = names.into_iter();
    let first: Vec<_> =
        names.by_ref().take(at_most).map(|name| format!("`{}`", shown(name))).collect();
    match names.count() {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// `count` and the word that goes with it.
pub(crate) fn counted(count: usize, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// Writes `text` with what is invisible escaped.
pub(crate) fn escape(text: &str, out: &mut impl Write) -> fmt::Result {
    for character in text.chars() {
        match character {
            _ if character.is_ascii_control() => write!(out, "\\x{:02x}", u32::from(character))?,
            _ if is_invisible(character) => write!(out, "\\u{{{:x}}}", u32::from(character))?,
            _ => out.write_char(character)?,
        }
    }
    Ok(())
}

/// Whether `character` leaves no mark, or changes how its neighbours are shown.
fn is_invisible(character: char) -> bool {
    let formats = matches!(character, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{2069}' | '\u{feff}');
    character.is_control() || formats
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: u64, column: &str, value: &str, message: &str) -> Problem {
        let [column, value, message] = [column, value, message].map(str::to_string);
        Problem { file: "sales.csv".into(), line, column, value, message }
    }

    #[test]
    fn a_problem_says_where_what_and_the_way_out() {
        let full = problem(17, "units", "nan", "is not a finite number; write 0 or remove the row");
        let expected =
            "sales.csv:17:units: `nan` is not a finite number; write 0 or remove the row";
        assert_eq!(full.to_string(), expected);
        assert_eq!(problem(0, "", "", "is empty").to_string(), "sales.csv: is empty");
        assert_eq!(problem(3, "", "", "is ragged").to_string(), "sales.csv:3: is ragged");
    }

    #[test]
    fn what_could_disturb_a_terminal_is_escaped() {
        let shown = problem(1, "a\u{7}", "\u{1b}[31mred\u{202e}\u{9b}\n", "m\r").to_string();
        let expected = "sales.csv:1:a\\x07: `\\x1b[31mred\\u{202e}\\u{9b}\\x0a` m\\x0d";
        assert_eq!(shown, expected);
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(shown(&"é".repeat(80)), "é".repeat(80));
        assert_eq!(shown(&"é".repeat(81)), "é".repeat(80) + "…");
    }

    #[test]
    fn twenty_problems_are_shown_and_the_others_counted() {
        let mut problems = Problems::default();
        for line in 1..=21 {
            problems.add(problem(line, "", "", "is bad"));
        }
        let text = problems.to_string();
        assert!(text.ends_with("sales.csv:20: is bad\nand 1 more problem"), "{text}");
        problems.append(problems.clone());
        assert!(problems.to_string().ends_with("\nand 22 more problems"));
        assert_eq!((problems.first.len(), problems.count), (20, 42));
    }

    #[test]
    fn names_are_listed_up_to_a_number() {
        assert_eq!(listed(["a", "b\u{1b}", "c"], 2), "`a`, `b\\x1b` and 1 more");
        assert_eq!(listed(["a"], 2), "`a`");
    }
}
