//! Reading journals: what is safe, whoever wrote it.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::record::{Content, FRAME, MAGIC, frame, read, unfold};
use super::{ROWS, files};
use crate::table::{RowFailure, Table};

/// The journals of a run.
#[derive(Debug)]
pub(crate) struct Reader {
    folder: PathBuf,
    key: Option<[u8; 32]>,
    files: Vec<Source>,
    stages: BTreeMap<u32, Stage>,
    pub(crate) damage: Damage,
}

#[derive(Debug)]
struct Source {
    path: PathBuf,
    /// Where reading goes on.
    offset: u64,
    /// Whether it is a journal of this run; unknown until its first record is read.
    ours: Option<bool>,
    /// The last table that it began: its place among the tables, and what it is.
    table: Option<(u32, u64)>,
}

#[derive(Debug, Default)]
struct Stage {
    name: String,
    rows: u64,
    entries: Vec<Place>,
    /// Entries that were given, or cannot be.
    considered: usize,
    /// Rows that failed, of which table, and why.
    failures: BTreeMap<u64, (u64, String)>,
    last: u64,
}

/// Where rows lie.
#[derive(Clone, Debug)]
struct Place {
    file: usize,
    offset: u64,
    length: usize,
    rows: Vec<u64>,
    /// Of which table, should attempts have had different ones in this place.
    of: u64,
    /// When it was written.
    time: u64,
}

/// What of journals could not be read; rows that were there are computed again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Damage {
    /// Files whose last record is not whole, and the bytes that are dropped.
    pub torn: Vec<(PathBuf, u64)>,
    /// Files with damaged records before whole ones, and how many stretches of them.
    pub damaged: Vec<(PathBuf, usize)>,
    /// Files that are no journals of this run.
    pub foreign: Vec<PathBuf>,
    /// Rows that two records have different bytes for.
    pub conflicts: usize,
}

/// Rows as they were kept.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) rows: Vec<u64>,
    pub(crate) cells: Vec<u8>,
    pub(crate) sums: Vec<i128>,
}

impl Reader {
    /// The journals in `folder`; only those with this key, if there is one.
    pub(crate) fn open(folder: &Path, key: Option<[u8; 32]>) -> io::Result<Reader> {
        let mut reader = Reader {
            folder: folder.to_owned(),
            key,
            files: Vec::new(),
            stages: BTreeMap::new(),
            damage: Damage::default(),
        };
        reader.refresh()?;
        Ok(reader)
    }

    /// Reads what was appended since.
    pub(crate) fn refresh(&mut self) -> io::Result<()> {
        for path in files(&self.folder, ROWS)? {
            if !self.files.iter().any(|source| source.path == path) {
                self.files.push(Source { path, offset: 0, ours: None, table: None });
            }
        }
        self.damage.torn.clear();
        for file in 0..self.files.len() {
            if self.files[file].ours != Some(false) {
                self.scan(file)?;
            }
        }
        Ok(())
    }

    /// The first table that no journal has anything of, and of all after it.
    pub(crate) fn end(&self) -> u32 {
        self.stages.last_key_value().map_or(0, |(stage, _)| stage + 1)
    }

    /// The tables that journals have something of: few, though their numbers may be large.
    pub(crate) fn stages(&self) -> impl Iterator<Item = u32> {
        self.stages.keys().copied()
    }

    fn scan(&mut self, file: usize) -> io::Result<()> {
        let path = self.files[file].path.clone();
        let mut from = match opened(&path) {
            Ok(from) => from,
            // A slow file system may list what is gone, or not show yet what is there.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let size = from.metadata()?.len();
        let mut offset = self.files[file].offset;
        from.seek(SeekFrom::Start(offset))?;
        let mut from = io::BufReader::with_capacity(1 << 20, from);
        while offset < size {
            if let Some((length, content)) = next(&mut from, size - offset)? {
                if !self.add(file, offset, length, &content) {
                    return Ok(());
                }
                offset += (FRAME + length) as u64;
                self.files[file].offset = offset;
                continue;
            }
            // Damaged, or not yet whole: is there a whole one behind it?
            let Some(whole) = next_whole(&path, offset, size)? else {
                self.damage.torn.push((path.clone(), size - offset));
                break;
            };
            match self.damage.damaged.iter_mut().find(|(damaged, _)| *damaged == path) {
                Some((_, stretches)) => *stretches += 1,
                None => self.damage.damaged.push((path.clone(), 1)),
            }
            offset = whole;
            from.seek(SeekFrom::Start(offset))?;
        }
        if self.files[file].ours.is_none() && size >= FRAME as u64 && !begins_as_ours(&path)? {
            self.damage.torn.retain(|(torn, _)| *torn != path);
            self.damage.foreign.push(path);
            self.files[file].ours = Some(false);
        }
        Ok(())
    }

    /// Whether the file is to be read on.
    fn add(&mut self, file: usize, offset: u64, length: usize, bytes: &[u8]) -> bool {
        let Some((time, content)) = read(bytes) else { return true };
        match content {
            Content::Header(header) => {
                let ours = self.key.is_none_or(|key| key == header.key);
                self.files[file].ours = Some(ours);
                if !ours {
                    self.damage.foreign.push(self.files[file].path.clone());
                }
                return ours;
            }
            // Behind a damaged header: whose rows these are is not known.
            _ if self.files[file].ours.is_none() => {}
            Content::Table { stage, rows, name } => {
                self.files[file].table = Some((stage, identity(&name, rows)));
                let stage = self.stages.entry(stage).or_default();
                (stage.name, stage.rows) = (name, rows);
                stage.seen(time);
            }
            Content::Rows { stage, rows, .. } => {
                let Some(of) = self.files[file].of(stage) else { return true };
                let stage = self.stages.entry(stage).or_default();
                stage.entries.push(Place { file, offset, length, rows, of, time });
                stage.seen(time);
            }
            Content::Failure { stage, row, reason } => {
                let Some(of) = self.files[file].of(stage) else { return true };
                let stage = self.stages.entry(stage).or_default();
                stage.failures.insert(row, (of, reason));
                stage.seen(time);
            }
        }
        true
    }

    /// As if no row had failed.
    pub(crate) fn forget_failures(&mut self) {
        self.stages.values_mut().for_each(|stage| stage.failures.clear());
    }

    /// Rows of a table that failed; none if another attempt had another table in its place.
    pub(crate) fn failures_of(&self, stage: u32, table: Table) -> Vec<RowFailure> {
        let of = identity(table.name, table.rows as u64);
        self.failures(stage, |other| other == of)
    }

    /// Rows of a table that failed.
    fn failures(&self, stage: u32, is_of: impl Fn(u64) -> bool) -> Vec<RowFailure> {
        let failures = self.stages.get(&stage).map(|stage| &stage.failures);
        let failures = failures.into_iter().flatten().filter(|(_, (of, _))| is_of(*of));
        let failure = |(row, (_, reason)): (&u64, &(u64, String))| RowFailure {
            row: *row as usize,
            reason: reason.clone(),
        };
        failures.map(failure).collect()
    }

    /// Which rows of a table are kept.
    pub(crate) fn rows(&self, stage: u32) -> HashSet<u64> {
        let entries = self.stages.get(&stage).map(|stage| &stage.entries);
        entries.into_iter().flatten().flat_map(|entry| entry.rows.iter().copied()).collect()
    }

    /// Gives kept rows of a table with `row_bytes` each, one record after another, that were not `given`
    /// yet; `given` has a hash of each row that was.
    ///
    /// Where records have sums, a record is given whole or not at all: the largest first, so that as few
    /// rows as can be are lost where records overlap. What was passed over is not looked at again.
    pub(crate) fn entries(
        &mut self,
        stage: u32,
        table: Table,
        row_bytes: usize,
        given: &mut [Option<u32>],
        mut give: impl FnMut(Entry),
    ) -> io::Result<()> {
        let Some(of_stage) = self.stages.get_mut(&stage) else { return Ok(()) };
        let sums = table.sums;
        // Another attempt may have gone another way: rows that failed then, or did not, lead to other tables.
        let of = identity(table.name, table.rows as u64);
        let mut places = of_stage.entries[of_stage.considered..].to_vec();
        of_stage.considered = of_stage.entries.len();
        if sums > 0 {
            // Stable: records of the same length stay in the order of their files.
            places.sort_by_key(|place| std::cmp::Reverse(place.rows.len()));
        }
        let mut open: Option<(usize, File)> = None;
        for place in places.into_iter().filter(|place| place.of == of) {
            let file = match &mut open {
                Some((file, open)) if *file == place.file => open,
                _ => &mut open.insert((place.file, opened(&self.files[place.file].path)?)).1,
            };
            let mut bytes = vec![0; place.length];
            file.seek(SeekFrom::Start(place.offset + FRAME as u64))?;
            file.read_exact(&mut bytes)?;
            let Some((_, Content::Rows { rows: of_record, body, .. })) = read(&bytes) else {
                continue;
            };
            let Some((cells, of_sums)) = unfold(&body) else { continue };
            // Of another table than this one: never, unless the program changed under the same name.
            if cells.len() != of_record.len() * row_bytes
                || of_sums.len() != sums
                || of_record.iter().any(|row| *row >= given.len() as u64)
            {
                self.damage.conflicts += of_record.len();
                continue;
            }
            let cells_of = |place: usize| &cells[place * row_bytes..(place + 1) * row_bytes];
            let hashes: Vec<u32> =
                (0..of_record.len()).map(|p| crc32fast::hash(cells_of(p))).collect();
            let known = |place: usize| given[of_record[place] as usize];
            let twice: Vec<bool> =
                (0..of_record.len()).map(|place| known(place).is_some()).collect();
            let differ = |place: &usize| known(*place).is_some_and(|hash| hash != hashes[*place]);
            self.damage.conflicts += (0..of_record.len()).filter(differ).count();
            if sums > 0 && twice.contains(&true) {
                continue;
            }
            let mut entry = Entry { rows: Vec::new(), cells: Vec::new(), sums: of_sums };
            for place in (0..of_record.len()).filter(|place| !twice[*place]) {
                // Once within a record too: writers never repeat a row, but nothing here relies on it.
                if given[of_record[place] as usize].replace(hashes[place]).is_none() {
                    entry.rows.push(of_record[place]);
                    entry.cells.extend(cells_of(place));
                }
            }
            if !entry.rows.is_empty() {
                give(entry);
            }
        }
        Ok(())
    }
}

impl Stage {
    fn seen(&mut self, time: u64) {
        self.last = self.last.max(time);
    }

    /// Rows a second of the last five minutes before the last record.
    fn rate_per_second(&self) -> Option<f64> {
        const RECENT: u64 = 300;
        let last = self.entries.iter().map(|entry| entry.time).max()?;
        let recent = || self.entries.iter().filter(|entry| entry.time + RECENT >= last);
        let first = recent().map(|entry| entry.time).min()?;
        // Rows of the first second were computed before it.
        let later = recent().filter(|entry| entry.time > first);
        let rows: usize = later.map(|entry| entry.rows.len()).sum();
        (last > first && rows > 0).then(|| rows as f64 / (last - first) as f64)
    }
}

/// Where the next record that is whole begins, after a damaged one.
fn next_whole(path: &Path, after: u64, size: u64) -> io::Result<Option<u64>> {
    let mut file = opened(path)?;
    file.seek(SeekFrom::Start(after))?;
    let mut bytes = Vec::new();
    file.take(size - after).read_to_end(&mut bytes)?;
    let whole = |at: &usize| {
        let Some((length, sum)) = frame(&bytes[*at..]) else { return false };
        let content = bytes.get(at + FRAME..at + FRAME + length);
        content.is_some_and(|content| crc32fast::hash(content) == sum)
    };
    let starts =
        (1..bytes.len().saturating_sub(FRAME)).filter(|at| bytes[*at..].starts_with(&MAGIC));
    Ok(starts.into_iter().find(whole).map(|at| after + at as u64))
}

/// What a table is, in short.
fn identity(name: &str, rows: u64) -> u64 {
    rows << 32 | u64::from(crc32fast::hash(name.as_bytes()))
}

impl Source {
    /// What a table is, if this file has said so.
    fn of(&self, stage: u32) -> Option<u64> {
        self.table.filter(|(table, _)| *table == stage).map(|(_, of)| of)
    }
}

/// Opens a file, and again if a network file system has lost hold of it meanwhile.
fn opened(path: &Path) -> io::Result<File> {
    const TIMES: usize = 3;
    for _ in 1..TIMES {
        match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::StaleNetworkFileHandle => {}
            opened => return opened,
        }
    }
    File::open(path)
}

fn begins_as_ours(path: &Path) -> io::Result<bool> {
    let mut start = MAGIC;
    opened(path)?.read_exact(&mut start)?;
    Ok(start == MAGIC)
}

/// The next record, with the length of its content; `None` if it is not whole.
fn next(from: &mut impl Read, left: u64) -> io::Result<Option<(usize, Vec<u8>)>> {
    let mut head = [0; FRAME];
    if left < FRAME as u64 {
        return Ok(None);
    }
    from.read_exact(&mut head)?;
    let Some((length, sum)) = frame(&head) else { return Ok(None) };
    if (length as u64) > left - FRAME as u64 {
        return Ok(None);
    }
    let mut content = vec![0; length];
    from.read_exact(&mut content)?;
    Ok((crc32fast::hash(&content) == sum).then_some((length, content)))
}

/// What journals say of a run, for those who only look.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptRows {
    /// Tables that were begun, in order.
    pub tables: Vec<KeptTable>,
    /// What could not be read.
    pub damage: Damage,
    /// Files.
    pub files: usize,
}

/// What journals say of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptTable {
    /// Its place among the tables of the run.
    pub stage: u32,
    /// What its rows are; empty where the program does not say.
    pub name: String,
    /// Rows it has.
    pub rows: u64,
    /// Rows that are kept.
    pub kept: u64,
    /// Rows that failed, and why.
    pub failures: Vec<RowFailure>,
    /// Rows a second in the last minutes in which any were written, if there were some.
    pub rate_per_second: Option<f64>,
    /// Seconds since 1970 at which the last was written.
    pub last: u64,
}

/// What the journals in `folder` say; only those with this key, if one is given.
///
/// # Errors
///
/// If the folder or a file in it cannot be read.
pub fn kept(folder: &Path, key: Option<[u8; 32]>) -> io::Result<KeptRows> {
    let reader = Reader::open(folder, key)?;
    let table = |(number, stage): (&u32, &Stage)| KeptTable {
        stage: *number,
        name: stage.name.clone(),
        rows: stage.rows,
        kept: reader.rows(*number).len() as u64,
        failures: reader.failures(*number, |_| true),
        rate_per_second: stage.rate_per_second(),
        last: stage.last,
    };
    Ok(KeptRows {
        tables: reader.stages.iter().map(table).collect(),
        damage: reader.damage.clone(),
        files: reader.files.len(),
    })
}
