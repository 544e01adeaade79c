//! Records: how rows look on disk.
//!
//! `magic, length, CRC-32 of the content, content`, all numbers little endian. A record is read only if
//! its check sum is right, so that neither a tail that was torn nor a flipped bit is ever taken for a row.

use std::time::{SystemTime, UNIX_EPOCH};

/// Begins every record, so that reading can go on after a damaged one.
pub(super) const MAGIC: [u8; 4] = *b"par\x01";

/// Magic, length and check sum.
pub(super) const FRAME: usize = 12;

/// More is no record of ours.
pub(super) const LONGEST: usize = 1 << 30;

/// What a file is a journal of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) key: [u8; 32],
    pub(super) writer: String,
}

/// What a record says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    Header(Header),
    /// A table begins.
    Table {
        stage: u32,
        rows: u64,
        name: String,
    },
    /// Rows are done; `body` has their cells and what they add to sums.
    Rows {
        stage: u32,
        rows: Vec<u64>,
        body: Vec<u8>,
    },
    /// A row failed.
    Failure {
        stage: u32,
        row: u64,
        reason: String,
    },
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Appends a record with its time.
pub(super) fn write(content: &Content, to: &mut Vec<u8>) {
    let start = to.len();
    to.extend(MAGIC);
    to.extend([0; FRAME - 4]);
    number(now(), to);
    match content {
        Content::Header(Header { key, writer }) => {
            to.push(0);
            to.extend(key);
            to.extend(writer.as_bytes());
        }
        Content::Table { stage, rows, name } => {
            to.push(1);
            number(u64::from(*stage), to);
            number(*rows, to);
            to.extend(name.as_bytes());
        }
        Content::Rows { stage, rows, body } => {
            to.push(2);
            number(u64::from(*stage), to);
            number(rows.len() as u64, to);
            for row in rows {
                number(*row, to);
            }
            to.extend(body);
        }
        Content::Failure { stage, row, reason } => {
            to.push(3);
            number(u64::from(*stage), to);
            number(*row, to);
            to.extend(reason.as_bytes());
        }
    }
    let length = (to.len() - start - FRAME) as u32;
    let sum = crc32fast::hash(&to[start + FRAME..]);
    to[start + 4..start + 8].copy_from_slice(&length.to_le_bytes());
    to[start + 8..start + 12].copy_from_slice(&sum.to_le_bytes());
}

/// The length of the content that a frame announces, and its check sum.
pub(super) fn frame(frame: &[u8]) -> Option<(usize, u32)> {
    let word = |at: usize| Some(u32::from_le_bytes(frame.get(at..at + 4)?.try_into().ok()?));
    let length = word(4)? as usize;
    (frame.get(..4)? == MAGIC && length <= LONGEST).then_some((length, word(8)?))
}

/// What a record says, and when it was written; `None` if it makes no sense.
pub(super) fn read(mut bytes: &[u8]) -> Option<(u64, Content)> {
    let from = &mut bytes;
    let time = take(from)?;
    let (&kind, rest) = from.split_first()?;
    *from = rest;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let stage = |from: &mut &[u8]| u32::try_from(take(from)?).ok();
    let content = match kind {
        0 => {
            let (key, writer) = from.split_at_checked(32)?;
            Content::Header(Header { key: key.try_into().ok()?, writer: text(writer) })
        }
        1 => Content::Table { stage: stage(from)?, rows: take(from)?, name: text(from) },
        2 => {
            let (stage, count) = (stage(from)?, take(from)?);
            let rows = (0..count).map(|_| take(from)).collect::<Option<Vec<u64>>>()?;
            Content::Rows { stage, rows, body: from.to_vec() }
        }
        3 => Content::Failure { stage: stage(from)?, row: take(from)?, reason: text(from) },
        _ => return None,
    };
    Some((time, content))
}

/// Cells and sums as the body of a record. Rows are mostly zeros where a study compares few strategies:
/// runs of zero words are written as their length.
pub(super) fn body(cells: &[u8], sums: Option<&[i128]>) -> Vec<u8> {
    let mut to = Vec::with_capacity(cells.len() / 4 + 64);
    number(cells.len() as u64, &mut to);
    let words: Vec<&[u8]> = cells.chunks(8).collect();
    let is_zero = |word: &&[u8]| word.iter().all(|byte| *byte == 0);
    let mut rest = &words[..];
    while !rest.is_empty() {
        let zeros = rest.iter().take_while(|word| is_zero(word)).count();
        let others = rest[zeros..].iter().take_while(|word| !is_zero(word)).count();
        number(zeros as u64, &mut to);
        number(others as u64, &mut to);
        rest[zeros..zeros + others].iter().for_each(|word| to.extend(*word));
        rest = &rest[zeros + others..];
    }
    let sums = sums.unwrap_or(&[]);
    number(sums.len() as u64, &mut to);
    for sum in sums {
        // Small numbers of either sign in few bytes.
        let mut zigzag = ((sum << 1) ^ (sum >> 127)) as u128;
        while zigzag >= 0x80 {
            to.push(zigzag as u8 | 0x80);
            zigzag >>= 7;
        }
        to.push(zigzag as u8);
    }
    to
}

/// Cells and sums of a body; `None` if it makes no sense.
pub(super) fn unfold(mut bytes: &[u8]) -> Option<(Vec<u8>, Vec<i128>)> {
    let from = &mut bytes;
    let length = usize::try_from(take(from)?).ok().filter(|length| *length <= LONGEST)?;
    let mut cells = Vec::with_capacity(length);
    while cells.len() < length {
        let (zeros, others) = (take(from)? as usize, take(from)? as usize);
        if zeros.max(others) > length || zeros + others == 0 {
            return None;
        }
        cells.resize((cells.len() + 8 * zeros).min(length), 0);
        let (words, rest) = from.split_at_checked((8 * others).min(length - cells.len()))?;
        cells.extend(words);
        *from = rest;
    }
    let count = take(from)? as usize;
    let mut sums = Vec::with_capacity(count.min(LONGEST / 16));
    for _ in 0..count {
        let (mut zigzag, mut shift) = (0_u128, 0);
        loop {
            let (&byte, rest) = from.split_first()?;
            *from = rest;
            zigzag |= u128::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte & 0x80 == 0 {
                break;
            }
        }
        sums.push((zigzag >> 1) as i128 ^ -((zigzag & 1) as i128));
    }
    from.is_empty().then_some((cells, sums))
}

fn number(mut value: u64, to: &mut Vec<u8>) {
    while value >= 0x80 {
        to.push(value as u8 | 0x80);
        value >>= 7;
    }
    to.push(value as u8);
}

fn take(from: &mut &[u8]) -> Option<u64> {
    let (mut value, mut shift) = (0_u64, 0);
    loop {
        let (&byte, rest) = from.split_first()?;
        *from = rest;
        value |= u64::from(byte & 0x7f).checked_shl(shift)?;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let contents = [
            Content::Header(Header { key: [7; 32], writer: "rank 3 on node".into() }),
            Content::Table { stage: 300, rows: 100_000, name: "items".into() },
            Content::Rows { stage: 2, rows: vec![0, 5, 1 << 40], body: vec![1, 2, 3] },
            Content::Failure { stage: 1, row: 9, reason: "no number".into() },
        ];
        for content in contents {
            let mut bytes = Vec::new();
            write(&content, &mut bytes);
            let (length, sum) = frame(&bytes).unwrap();
            assert_eq!((length, sum), (bytes.len() - FRAME, crc32fast::hash(&bytes[FRAME..])));
            assert_eq!(read(&bytes[FRAME..]).unwrap().1, content);
            // Cut anywhere, it says something shorter or nothing, and never ends the program.
            (FRAME..bytes.len()).for_each(|end| drop(read(&bytes[FRAME..end])));
        }
    }

    #[test]
    fn cells_and_sums_come_back() {
        let sums = [0, 1, -1, i128::MAX, i128::MIN, 1 << 70, -(1 << 50)];
        let mut cells = vec![0_u8; 203];
        for length in [0, 1, 8, 17, 203] {
            let body = super::body(&cells[..length], Some(&sums));
            assert_eq!(unfold(&body), Some((cells[..length].to_vec(), sums.to_vec())));
            assert_eq!(
                unfold(&super::body(&cells[..length], None)),
                Some((cells[..length].to_vec(), vec![]))
            );
            (0..body.len()).for_each(|end| assert_eq!(unfold(&body[..end]), None));
            cells[length.min(202)] = 9;
        }
        assert!(super::body(&vec![0; 80_000], None).len() < 20);
    }
}
