//! From text to records: CSV as RFC 4180 has it, with the place of everything.
//!
//! The `csv` crate is the oracle of the tests here and not the reader, because a
//! message needs what it does not keep: its line numbers are those before blank
//! lines and carriage returns, a quote that is never closed swallows the rest of
//! the file in silence, and text after a closing quote is joined to the field.

use std::io::Read;

/// Longest record \[bytes\].
const LONGEST: u64 = 1 << 20;

/// Why reading cannot go on, and where.
#[derive(Debug, PartialEq)]
pub(super) struct Stop {
    pub(super) line: u64,
    pub(super) message: String,
}

/// One record: its fields, unquoted.
#[derive(Default)]
pub(super) struct Record {
    text: Vec<u8>,
    ends: Vec<usize>,
    /// Bytes of `text` between two fields: 1 where a line was taken as it stands.
    between: usize,
    /// Line on which it starts, from 1.
    pub(super) line: u64,
    /// Line on which it ends.
    pub(super) last_line: u64,
    /// Whether text follows a closing quote.
    pub(super) misquoted: bool,
}

impl Record {
    /// Number of fields.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Field `index`; empty if there is none.
    pub(super) fn field(&self, index: usize) -> &[u8] {
        let Some(end) = self.ends.get(index) else { return &[] };
        let start = if index == 0 { 0 } else { self.ends[index - 1] + self.between };
        &self.text[start..*end]
    }

    /// Field `index` as text.
    pub(super) fn text(&self, index: usize) -> String {
        String::from_utf8_lossy(self.field(index)).into_owned()
    }

    /// Whether every field is empty.
    pub(super) fn is_blank(&self) -> bool {
        self.text.len() == self.between * self.ends.len().saturating_sub(1)
    }

    fn end_field(&mut self) {
        self.ends.push(self.text.len());
    }
}

/// Where in a record the next byte falls.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// Before the first byte of a record.
    Start,
    /// Before the first byte of a field.
    Field,
    /// In a field without quotes.
    Plain,
    /// Between quotes.
    Quoted,
    /// After a quote between quotes: the end, or the first of two.
    Quote,
}

/// The records of a text.
pub(super) struct Records<R> {
    source: R,
    delimiter: u8,
    special: Special,
    buffer: Vec<u8>,
    /// Next byte in the buffer.
    at: usize,
    /// End of what is checked to be UTF-8 in the buffer.
    end: usize,
    /// End of what was read into the buffer.
    filled: usize,
    /// A byte that is not UTF-8 follows `end`.
    spoiled: bool,
    /// Bytes of the text before the buffer.
    before: u64,
    /// Line of the next byte.
    line: u64,
    /// Bytes of the text before that line.
    line_start: u64,
    /// The last byte was a carriage return that ended a line.
    after_return: bool,
}

impl<R: Read> Records<R> {
    pub(super) fn new(source: R, delimiter: u8) -> Records<R> {
        Records {
            source,
            delimiter,
            special: Special::new(delimiter),
            buffer: vec![0; 1 << 16],
            at: 0,
            end: 0,
            filled: 0,
            spoiled: false,
            before: 0,
            line: 1,
            line_start: 0,
            after_return: false,
        }
    }

    /// Line of the next byte.
    pub(super) fn next_line(&self) -> u64 {
        self.line
    }

    /// Bytes of the text that were read.
    pub(super) fn end(&self) -> usize {
        self.before as usize + self.at
    }

    /// Reads the next record that is no blank line into `record`; `false` at the end.
    ///
    /// # Errors
    ///
    /// [`Stop`] if the rest cannot be read.
    pub(super) fn next(&mut self, record: &mut Record) -> Result<bool, Stop> {
        record.text.clear();
        record.ends.clear();
        record.misquoted = false;
        if self.whole_line(record) {
            return Ok(true);
        }
        record.ends.clear();
        record.between = 0;
        let mut state = State::Start;
        let mut quote_line = 0;
        let mut start = self.before + self.at as u64;
        loop {
            if self.at == self.end {
                let long = state != State::Start && self.before + self.at as u64 - start > LONGEST;
                if long || !self.fill()? {
                    return self.last(record, state, quote_line, long);
                }
            }
            let byte = self.buffer[self.at];
            if std::mem::take(&mut self.after_return) && byte == b'\n' {
                self.at += 1;
                self.line_start += 1;
                continue;
            }
            if state == State::Start && !matches!(byte, b'\n' | b'\r') {
                record.line = self.line;
                start = self.before + self.at as u64;
                state = State::Field;
            }
            match (state, byte) {
                (State::Plain, _) if !self.ends_field(byte) => {
                    self.take_run(record, |byte, delimiter| {
                        byte == delimiter || matches!(byte, b'\n' | b'\r')
                    });
                    continue;
                }
                (State::Quoted, b'"') => state = State::Quote,
                (State::Quoted, b'\n') => {
                    record.text.push(byte);
                    self.at += 1;
                    self.new_line();
                    continue;
                }
                (State::Quoted, _) => {
                    self.take_run(record, |byte, _| matches!(byte, b'\n' | b'"'));
                    continue;
                }
                (State::Quote, b'"') => {
                    record.text.push(byte);
                    state = State::Quoted;
                }
                (State::Field, b'"') => {
                    quote_line = self.line;
                    state = State::Quoted;
                }
                (_, b'\n' | b'\r') => {
                    self.at += 1;
                    record.last_line = self.line;
                    self.new_line();
                    self.after_return = byte == b'\r';
                    if state != State::Start {
                        record.end_field();
                        return Ok(true);
                    }
                    continue;
                }
                (_, _) if byte == self.delimiter => {
                    record.end_field();
                    state = State::Field;
                }
                (_, _) => {
                    record.misquoted |= state == State::Quote;
                    record.text.push(byte);
                    state = State::Plain;
                }
            }
            self.at += 1;
        }
    }

    /// Takes the next line as it stands, if it lies well within the buffer and has no quote: most lines do.
    fn whole_line(&mut self, record: &mut Record) -> bool {
        let rest = &self.buffer[self.at..self.end];
        let (eights, _) = rest.as_chunks();
        if self.after_return || eights.is_empty() {
            return false;
        }
        for (place, eight) in eights.iter().enumerate() {
            let mut found = self.special.within(*eight);
            while found != 0 {
                let at = 8 * place + found.trailing_zeros() as usize / 8;
                found &= found - 1;
                let end = match (rest[at], rest.get(at + 1)) {
                    (byte, _) if byte == self.delimiter => {
                        record.ends.push(at);
                        continue;
                    }
                    (b'\n', _) => at + 1,
                    (b'\r', Some(b'\n')) => at + 2,
                    _ => return false,
                };
                if at == 0 {
                    return false;
                }
                record.ends.push(at);
                record.text.extend_from_slice(&rest[..at]);
                record.between = 1;
                (record.line, record.last_line) = (self.line, self.line);
                self.at += end;
                self.new_line();
                return true;
            }
        }
        false
    }

    fn ends_field(&self, byte: u8) -> bool {
        byte == self.delimiter || matches!(byte, b'\n' | b'\r')
    }

    /// Moves what comes before the next byte that `ends` into the record.
    fn take_run(&mut self, record: &mut Record, ends: impl Fn(u8, u8) -> bool) {
        let rest = &self.buffer[self.at..self.end];
        let run = rest.iter().position(|byte| ends(*byte, self.delimiter)).unwrap_or(rest.len());
        record.text.extend_from_slice(&rest[..run]);
        self.at += run;
    }

    /// Notes that the byte before the next one ended a line.
    fn new_line(&mut self) {
        self.line += 1;
        self.line_start = self.before + self.at as u64;
    }

    /// What the end of the text, or of the user's patience, makes of a record.
    fn last(
        &self,
        record: &mut Record,
        state: State,
        quote_line: u64,
        long: bool,
    ) -> Result<bool, Stop> {
        let stop = |line, message: &str| Err(Stop { line, message: message.into() });
        match state {
            State::Quoted if long => stop(
                quote_line,
                "a quote opens on this line and is not closed within 1 MiB; close it, or remove it",
            ),
            State::Quoted => stop(
                quote_line,
                "a quote opens on this line and is never closed; close it, or remove it",
            ),
            _ if long => stop(
                record.line,
                "a row is longer than 1 MiB; are its lines ended, and is this a CSV file?",
            ),
            State::Start => Ok(false),
            _ => {
                record.end_field();
                record.last_line = self.line;
                Ok(true)
            }
        }
    }

    /// Reads on, and checks that it is UTF-8; `false` at the end.
    fn fill(&mut self) -> Result<bool, Stop> {
        loop {
            if self.spoiled {
                return Err(self.not_utf_8());
            }
            // A character may be cut at the end of what was read: keep its start.
            self.before += self.end as u64;
            self.buffer.copy_within(self.end..self.filled, 0);
            let kept = self.filled - self.end;
            let read = self.source.read(&mut self.buffer[kept..]);
            let read =
                read.map_err(|error| Stop { line: self.line, message: error.to_string() })?;
            (self.at, self.end, self.filled) = (0, 0, kept + read);
            if self.filled == 0 {
                return Ok(false);
            }
            match std::str::from_utf8(&self.buffer[..self.filled]) {
                Ok(_) => self.end = self.filled,
                Err(error) => {
                    self.end = error.valid_up_to();
                    self.spoiled = error.error_len().is_some() || read == 0;
                }
            }
            if self.end > 0 {
                return Ok(true);
            }
        }
    }

    fn not_utf_8(&self) -> Stop {
        let byte = self.before + self.end as u64 - self.line_start + 1;
        let encoding = match self.buffer[self.end] {
            0x80..=0x9f => {
                "looks like Windows-1252; convert it with `iconv -f WINDOWS-1252 -t UTF-8`"
            }
            _ => "looks like Latin-1; convert it with `iconv -f ISO-8859-1 -t UTF-8`",
        };
        let line = self.line;
        Stop { line, message: format!("not UTF-8 at line {line}, byte {byte} ({encoding})") }
    }
}

/// The bytes that mean something in a line, each eight times.
struct Special([u64; 4]);

impl Special {
    fn new(delimiter: u8) -> Special {
        Special([delimiter, b'\n', b'\r', b'"'].map(|byte| EACH * u64::from(byte)))
    }

    /// Marks the high bit of each byte that is one of them.
    fn within(&self, eight: [u8; 8]) -> u64 {
        const LOW: u64 = EACH * 0x7f;
        let eight = u64::from_le_bytes(eight);
        // The sum carries into the high bit of every byte whose low bits are not all 0.
        let others = |wanted: &u64| {
            let rest = eight ^ wanted;
            ((rest & LOW) + LOW) | rest | LOW
        };
        !self.0.iter().map(others).fold(u64::MAX, |all, others| all & others)
    }
}

/// 1 in each byte.
const EACH: u64 = u64::MAX / 255;

#[cfg(test)]
mod tests;
