//! What is asked of every row of every table, and where complaints are kept.

use std::collections::BTreeMap;
use std::io::Read;

use super::header::{Column, Header};
use super::record::{Record, Records};
use super::{Problem, Problems, counted, decode, value};

/// Longest value kept in a problem \[characters\].
const LONGEST_VALUE: usize = 200;

/// Above this, an amount is mistyped.
const MOST: f64 = 1e12;

/// The rows of one table.
pub(super) struct Reader<'a> {
    file: &'a str,
    decimal: u8,
    records: Records<Box<dyn Read + 'a>>,
    record: Record,
    header: Header,
    /// Everything that is wrong so far.
    pub(super) problems: Problems,
    /// Data rows so far, good and bad.
    pub(super) rows: u64,
}

impl<'a> Reader<'a> {
    /// Reads the header of a table and finds `columns` in it; without a `mapping`, by our names alone.
    ///
    /// # Errors
    ///
    /// Why no row of the table can be read.
    pub(super) fn open(
        file: &'a str,
        bytes: &'a [u8],
        columns: &[Column],
        mapping: Option<&BTreeMap<String, String>>,
        text: (u8, u8),
    ) -> Result<Reader<'a>, Problems> {
        Reader::continued(file, (bytes, &[]), columns, mapping, text)
    }

    /// The same of a table in two parts, of which the first has the header.
    pub(super) fn continued(
        file: &'a str,
        (bytes, after): (&'a [u8], &'a [u8]),
        columns: &[Column],
        mapping: Option<&BTreeMap<String, String>>,
        (delimiter, decimal): (u8, u8),
    ) -> Result<Reader<'a>, Problems> {
        let refuse = |message: String| Problems::from(Problem::of_file(file, message));
        if !delimiter.is_ascii() || matches!(delimiter, b'"' | b'\n' | b'\r' | 0) {
            return Err(refuse("`delimiter` must be one ASCII character, and no quote".into()));
        }
        if !matches!(decimal, b'.' | b',') {
            return Err(refuse("`decimal` must be \".\" or \",\"".into()));
        }
        let source = decode::text(bytes).map_err(refuse)?;
        let source = Box::new(source.chain(after)) as Box<dyn Read>;
        let mut records = Records::new(source, delimiter);
        let mut record = Record::default();
        match records.next(&mut record) {
            Ok(true) => {}
            Ok(false) => {
                let names: Vec<_> =
                    columns.iter().filter(|column| column.required).map(|c| c.name).collect();
                return Err(refuse(format!(
                    "is empty: no data rows, and no header such as `{}`",
                    names.join(&char::from(delimiter).to_string())
                )));
            }
            Err(stop) => return Err(Problem::of_line(file, stop.line, stop.message).into()),
        }
        let header = Header::find(file, &record, columns, mapping, delimiter)?;
        let problems = Problems::default();
        Ok(Reader { file, decimal, records, record, header, problems, rows: 0 })
    }

    /// Goes to the next row that has the header's shape; `false` at the end.
    pub(super) fn advance(&mut self) -> bool {
        loop {
            match self.records.next(&mut self.record) {
                Ok(true) => {}
                Ok(false) => {
                    if self.rows == 0 {
                        let message = "has a header but no data rows";
                        self.problems.add(Problem::of_file(self.file, message));
                    }
                    return false;
                }
                Err(stop) => {
                    self.problems.add(Problem::of_line(self.file, stop.line, stop.message));
                    return false;
                }
            }
            self.rows += 1;
            match self.misshapen() {
                None => return true,
                Some(message) => {
                    self.problems.add(Problem::of_line(self.file, self.record.line, message));
                }
            }
        }
    }

    /// What is wrong with the row as a whole.
    fn misshapen(&self) -> Option<String> {
        let (fields, columns) = (self.record.len(), self.header.len());
        let lines = if self.record.last_line > self.record.line {
            format!("; it goes on to line {}: is a quote left open?", self.record.last_line)
        } else {
            String::new()
        };
        if self.record.misquoted {
            return Some(format!(
                "text follows a closing quote; write a quote within quotes twice (\"\"){lines}"
            ));
        }
        if self.record.is_blank() {
            return Some("the row is empty; remove it".into());
        }
        if fields == columns {
            return None;
        }
        let hint = if !lines.is_empty() {
            lines
        } else if fields > columns {
            "; put a value that holds the delimiter in quotes".into()
        } else {
            "; is the line cut off?".into()
        };
        Some(format!(
            "the row has {}, but the header has {columns}{hint}",
            counted(fields, "field", "fields")
        ))
    }

    /// Whether the table has our column `column`.
    pub(super) fn has(&self, column: usize) -> bool {
        self.header.place(column).is_some()
    }

    /// The text in our column `column`; empty if the table has no such column.
    pub(super) fn text(&self, column: usize) -> &[u8] {
        self.header.place(column).map_or(&[], |place| self.record.field(place))
    }

    /// The number in our column `column`, if there is one; complains about what is none.
    ///
    /// `absent` says how to write that there is no number.
    pub(super) fn number(&mut self, column: usize, absent: &str) -> Option<f64> {
        match value::number(self.text(column), self.decimal, absent) {
            Ok(number) => number,
            Err(message) => {
                self.complain(column, message);
                None
            }
        }
    }

    /// The number in our column `column`, if there is one; complains about what is none, is not as `range`
    /// says, or is mistyped.
    pub(super) fn amount(
        &mut self,
        column: usize,
        fits: fn(f64) -> bool,
        range: &str,
    ) -> Option<f64> {
        let value = self.number(column, "leave it empty")?;
        if !fits(value) {
            self.complain(column, format!("is refused: it must be {range}"));
            return None;
        }
        if value.abs() > MOST {
            self.complain(column, "is more than 1e12; is it mistyped?");
            return None;
        }
        Some(value)
    }

    /// The same, of a column in which no cell may be empty.
    pub(super) fn needed(
        &mut self,
        column: usize,
        fits: fn(f64) -> bool,
        range: &str,
    ) -> Option<f64> {
        if self.text(column).trim_ascii().is_empty() {
            self.complain(column, format!("is empty; it must be {range}"));
            return None;
        }
        self.amount(column, fits, range)
    }

    /// The name in our column `column`; complains about what can be none.
    pub(super) fn name(&mut self, column: usize) -> Option<String> {
        let text = self.text(column);
        match value::name(text) {
            Ok(()) => Some(String::from_utf8_lossy(text).into_owned()),
            Err(message) => {
                self.complain(column, message);
                None
            }
        }
    }

    /// Yes or no in our column `column`, if the table has it; complains about what is neither.
    pub(super) fn flag(&mut self, column: usize) -> Option<bool> {
        if !self.has(column) {
            return None;
        }
        match value::flag(self.text(column)) {
            Ok(flag) => Some(flag),
            Err(message) => {
                self.complain(column, message);
                None
            }
        }
    }

    /// The line of the row.
    pub(super) fn line(&self) -> u64 {
        self.record.line
    }

    /// The line after the row.
    pub(super) fn next_line(&self) -> u64 {
        self.records.next_line()
    }

    /// Where the row ends in the text \[bytes\].
    pub(super) fn end(&self) -> usize {
        self.records.end()
    }

    /// Adds a problem with the row's value in our column `column`.
    #[cold]
    pub(super) fn complain(&mut self, column: usize, message: impl Into<String>) {
        let value = String::from_utf8_lossy(self.text(column));
        let value = value.chars().take(LONGEST_VALUE).collect();
        let column = self.header.name(column).to_string();
        let problem = Problem::of_line(self.file, self.record.line, message);
        self.problems.add(Problem { column, value, ..problem });
    }

    /// A note on the columns nobody reads.
    pub(super) fn unread(&self) -> Option<String> {
        self.header.unread(self.file)
    }
}
