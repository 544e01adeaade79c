//! What is no TOML, in the words of somebody who has not read its specification.

use std::ops::Range;

use crate::table::Problem;

/// How the TOML reader begins, and what we say instead.
const WORDS: [(&str, &str); 13] = [
    ("duplicate key", "is given twice; keep one"),
    ("string values must be quoted", "is neither a number nor text in quotes, such as \"text\""),
    ("invalid boolean", "is neither a number nor text in quotes, such as \"text\""),
    ("unexpected leading zero", "begins a number, which needs no leading zero; remove it"),
    ("invalid mantissa", "a number needs digits before its point, such as 0.5"),
    ("invalid fraction", "a number needs digits after its point, such as 5.0"),
    ("invalid basic string", "text in quotes is not closed on this line; close it with `\"`"),
    (
        "missing escaped value",
        "`\\` begins a special character in double quotes; write `/` in paths, or use single \
         quotes",
    ),
    ("key with no value", "a key needs `=` and a value after it, such as `seed = 1`"),
    ("unclosed table", "a section is not closed; write it such as `[sales]`"),
    ("missing comma between array elements", "a comma is missing in the list"),
    (
        "unexpected key or value",
        "the line goes on after its value; write one key a line, and a number with a point, such \
         as 5.0",
    ),
    ("cannot recurse further", "lists are nested too deeply"),
];

/// What the TOML reader did not understand.
pub(super) fn problem(text: &str, name: &str, error: &toml::de::Error) -> Problem {
    let span = error.span();
    let (line, column) = span.clone().map_or((0, 0), |span| place(text, span));
    let value = span.map_or("", |span| written(text, span));
    let said = error.message();
    let message = match WORDS.iter().find(|(start, _)| said.starts_with(start)) {
        Some(("string values must be quoted", _)) if value.is_empty() => {
            "a value is missing after `=`".to_owned()
        }
        Some((_, ours)) => (*ours).to_owned(),
        None => said.replace('\n', "; "),
    };
    Problem {
        file: name.to_owned(),
        line,
        column: if line == 0 { String::new() } else { column.to_string() },
        value: value.to_owned(),
        message,
    }
}

/// What is written at `span`; nothing where it is too long for a message.
pub(super) fn written(text: &str, span: Range<usize>) -> &str {
    let short = |value: &&str| !value.contains('\n') && value.len() < 60;
    text.get(span).filter(short).unwrap_or("")
}

/// Line and column, from 1, of the start of `span`; columns count characters.
pub(super) fn place(text: &str, span: Range<usize>) -> (u64, usize) {
    let before = text.get(..span.start).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1;
    (line, column)
}
