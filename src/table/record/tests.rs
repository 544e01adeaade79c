use super::*;
use crate::table::sales::tests::Dice;

/// Gives one to three bytes at a time, so that every boundary is crossed.
struct Drip<'a>(&'a [u8], usize);

impl Read for Drip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1 = self.1 % 3 + 1;
        let (now, rest) = self.0.split_at(self.1.min(self.0.len()));
        buffer[..now.len()].copy_from_slice(now);
        self.0 = rest;
        Ok(now.len())
    }
}

type Row = (u64, u64, Vec<String>);

fn rows(source: impl Read) -> Result<Vec<Row>, Stop> {
    let (mut records, mut record) = (Records::new(source, b','), Record::default());
    let mut rows = Vec::new();
    while records.next(&mut record)? {
        let fields = (0..record.len()).map(|index| record.text(index)).collect();
        rows.push((record.line, record.last_line, fields));
    }
    Ok(rows)
}

/// The rows of `text`, read at once and in drips.
fn read(text: &[u8]) -> Result<Vec<Row>, Stop> {
    let all = rows(text);
    assert_eq!(all, rows(Drip(text, 0)), "{text:?}");
    all
}

fn stop(text: &[u8]) -> (u64, String) {
    let stop = read(text).expect_err("stopped");
    (stop.line, stop.message)
}

fn row(line: u64, last_line: u64, fields: &[&str]) -> Row {
    (line, last_line, fields.iter().map(ToString::to_string).collect())
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let expected = [row(1, 1, &["a", "b"]), row(2, 2, &["1", "2"]), row(5, 5, &["3", ""])];
    for text in ["a,b\n1,2\n\n\n3,\n", "a,b\r\n1,2\r\n\r\n\r\n3,", "a,b\r1,2\r\r\r3,\r"] {
        assert_eq!(read(text.as_bytes()).as_deref(), Ok(&expected[..]), "{text:?}");
    }
    let quoted = read(b"\"a\n\n\",\"b\"\"c\",\"\"\r\nx\"y,z\n");
    assert_eq!(quoted, Ok(vec![row(1, 3, &["a\n\n", "b\"c", ""]), row(4, 4, &["x\"y", "z"])]));
    assert_eq!(read(b""), Ok(vec![]));
    assert_eq!(read(b"\n\r\n\n"), Ok(vec![]));
}

#[test]
fn a_quote_that_stays_open_is_named_by_its_line() {
    let (line, message) = stop(b"a,b\n1,2\n3,\"x\n4,5\n6,7\n");
    assert_eq!(
        (line, &*message),
        (3, "a quote opens on this line and is never closed; close it, or remove it")
    );
    let long = format!("a,b\n1,\"x\n{}", "4,5\n".repeat(1 << 19));
    let (line, message) = stop(long.as_bytes());
    assert_eq!(line, 2);
    assert!(message.contains("not closed within 1 MiB"), "{message}");
}

#[test]
fn a_gigantic_line_is_refused() {
    let (line, message) = stop(format!("a,b\n{}", "1".repeat(3 << 20)).as_bytes());
    assert_eq!(line, 2);
    assert!(message.starts_with("a row is longer than 1 MiB"), "{message}");
    // Blank lines are no record, however many there are.
    assert_eq!(read("\n".repeat(3 << 20).as_bytes()), Ok(vec![]));
}

#[test]
fn text_after_a_closing_quote_is_noticed() {
    let (mut records, mut record) =
        (Records::new(&b"\"5\" nail\",1\n2,3\n"[..], b','), Record::default());
    assert_eq!(records.next(&mut record), Ok(true));
    assert!(record.misquoted);
    assert_eq!(records.next(&mut record), Ok(true));
    assert!(!record.misquoted);
}

#[test]
fn the_first_byte_that_is_not_utf_8_is_named() {
    let latin = "not UTF-8 at line 2, byte 4 (looks like Latin-1; convert it with `iconv -f \
     ISO-8859-1 -t UTF-8`)";
    assert_eq!(stop(b"a,b\ncaf\xe9,1\n"), (2, latin.into()));
    assert_eq!(stop(b"a,b\r\ncaf\xe9,1\n"), (2, latin.into()));
    // The byte counts bytes, not characters: `é` has two.
    let (_, message) =
        stop("é,b\n".bytes().chain(*b"\"\n\xc3\xa9\x80\"").collect::<Vec<_>>().as_slice());
    assert!(
        message.starts_with("not UTF-8 at line 3, byte 3 (looks like Windows-1252"),
        "{message}"
    );
    let (_, message) = stop(b"a,b\n1,\xc3");
    assert!(message.starts_with("not UTF-8 at line 2, byte 3"), "{message}");
    let far = ["é\n".repeat(50_000).into_bytes(), vec![0xff]].concat();
    assert_eq!(stop(&far).0, 50_001);
}

/// Whatever the `csv` crate writes is read back, and both read the same records.
#[test]
fn records_are_those_of_the_csv_crate() {
    let mut dice = Dice::new(1);
    for _ in 0..2_000 {
        let width = 1 + dice.below(4);
        let ends = [csv::Terminator::CRLF, csv::Terminator::Any(b'\n')][dice.below(2)];
        let mut writer = csv::WriterBuilder::new().terminator(ends).from_writer(Vec::new());
        for _ in 0..dice.below(6) {
            let field =
                |_| ["", "a", "é", " ", "\"", ",", "\n", "\r\n", "x\"y", "12"][dice.below(10)];
            let fields: Vec<&str> = (0..width).map(field).collect();
            writer.write_record(fields).expect("memory takes everything");
        }
        let text = writer.into_inner().expect("memory takes everything");
        let mut oracle =
            csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
        let expected: Vec<Vec<String>> = oracle
            .records()
            .map(|record| record.expect("valid").iter().map(ToString::to_string).collect())
            .collect();
        let ours: Vec<_> =
            read(&text).expect("valid").into_iter().map(|(_, _, fields)| fields).collect();
        assert_eq!(ours, expected, "{:?}", String::from_utf8_lossy(&text));
    }
}
