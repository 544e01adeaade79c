//! A team that keeps its rows: what it found of earlier attempts, and what it adds.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytemuck::Pod;

use crate::error::TeamError;
use crate::interrupt::IN_WORK;
use crate::journal::{Damage, Identity, Journal, Reader, next_attempt, suspects};
use crate::stage::{Own, Pending};
use crate::table::Table;
use crate::wire::Wire;

/// Where and how rows are kept.
#[derive(Clone, Debug)]
pub struct Keeping<'a> {
    /// The folder of the journals, which exists.
    pub folder: &'a Path,
    /// What they are journals of.
    pub identity: Identity,
    /// A file that exists once the run is finished, by whomever.
    pub finished: PathBuf,
    /// Rows that failed in earlier attempts are computed again.
    pub retries: bool,
}

/// What was found where rows are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Number of this attempt, from 1.
    pub attempt: usize,
    /// What could not be read.
    pub damage: Damage,
    /// Rows that are kept.
    pub rows: usize,
}

/// The journal of a team, and those of earlier attempts.
pub(crate) struct Kept {
    pub(crate) journal: Journal,
    /// On the ranks that read: the root, and each part.
    reader: Option<Mutex<Reader>>,
    /// The first table that no earlier attempt had anything of.
    end: u32,
    /// Rows that may have ended processes.
    suspects: Suspects,
    pub(crate) finished: PathBuf,
    pub(crate) folder: PathBuf,
}

/// Rows that may have ended processes, by table and row, and how often they were alone when one ended.
type Suspects = BTreeMap<(u32, u64), usize>;

/// A row that was alone in work at the ends of so many processes has ended them. Once may be chance.
const SURELY: usize = 2;

/// What is to do of a table after earlier attempts.
#[derive(Clone, Debug)]
pub(crate) struct Left {
    pub(crate) pending: Pending,
    /// Rows to be computed last, one after another, with nothing beside them.
    pub(crate) alone: Vec<usize>,
    /// Rows that are not computed again.
    pub(crate) failed: BTreeMap<usize, String>,
}

impl Left {
    pub(crate) fn all(rows: usize) -> Left {
        Left { pending: Pending::All(rows), alone: Vec::new(), failed: BTreeMap::new() }
    }
}

impl Kept {
    /// Begins to keep rows on this rank; `part` names one of several processes without connection.
    pub(crate) fn begin(
        keeping: &Keeping<'_>,
        (wire, part): (Option<&dyn Wire>, Option<usize>),
        threads: usize,
    ) -> io::Result<(Kept, Found)> {
        let Keeping { folder, identity, finished, .. } = keeping;
        let reads = wire.is_none_or(|wire| wire.rank() == 0);
        let name = match part {
            Some(part) => format!("part-{part:05}"),
            None => format!("rank-{:05}", wire.map_or(0, Wire::rank)),
        };
        let mut found = Found::default();
        // The others learn of the attempt even if it cannot begin: they wait for a word.
        let mut read = Ok(None);
        let mut words = [0_u64; 2];
        if reads {
            read = Kept::read(keeping, part.map(|_| &name[..])).map(Some);
            if let Ok(Some((attempt, reader, suspects))) = &read {
                let blamed = suspects.last_key_value().map_or(0, |((stage, _), _)| stage + 1);
                words = [*attempt as u64, u64::from(blamed.max(reader.end()))];
            }
        }
        if let Some(wire) = wire {
            let bytes = wire.broadcast(bytemuck::bytes_of(&words).to_vec());
            words = bytemuck::pod_read_unaligned(&bytes);
        }
        found.attempt = words[0] as usize;
        let (reader, suspects) = match read? {
            Some((_, reader, suspects)) => (Some(reader), suspects),
            None => (None, BTreeMap::new()),
        };
        if let Some(reader) = &reader {
            found.damage = reader.damage.clone();
            found.rows = reader.stages().map(|stage| reader.rows(stage).len()).sum();
        }
        let journal = Journal::begin(folder, found.attempt, &name, threads, identity)?;
        let _ = IN_WORK.set(journal.slots.path.clone());
        let kept = Kept {
            journal,
            reader: reader.map(Mutex::new),
            end: words[1] as u32,
            suspects,
            finished: finished.clone(),
            folder: (*folder).to_owned(),
        };
        Ok((kept, found))
    }

    /// What earlier attempts left: the number of this one, their rows, and those to be wary of.
    fn read(keeping: &Keeping<'_>, part: Option<&str>) -> io::Result<(usize, Reader, Suspects)> {
        let mut reader = Reader::open(keeping.folder, Some(keeping.identity.key))?;
        let attempt = next_attempt(keeping.folder)?;
        if keeping.retries {
            reader.forget_failures();
            return Ok((attempt, reader, Suspects::new()));
        }
        // Other parts may be at work: only what this one left behind tells of its end.
        let may = |writer: &str| part.is_none_or(|part| part == writer);
        let found = suspects(keeping.folder, attempt, may)?;
        let suspects = found.into_iter().map(|(row, (_, alone))| (row, alone)).collect();
        Ok((attempt, reader, suspects))
    }

    pub(crate) fn reader(&self) -> Option<MutexGuard<'_, Reader>> {
        self.reader.as_ref().map(|reader| reader.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts what journals have of a table, and was not given yet, where it belongs.
    pub(crate) fn take<T: Pod>(
        &self,
        stage: u32,
        table: Table,
        own: &mut Own<T>,
        given: &mut [Option<u32>],
    ) -> Result<(), TeamError> {
        let Some(mut reader) = self.reader() else { return Ok(()) };
        let row_bytes = table.width * size_of::<T>();
        let taken = reader.entries(stage, table, row_bytes, given, |entry| {
            let cells: Vec<T> = bytemuck::allocation::pod_collect_to_vec(&entry.cells);
            for (place, row) in entry.rows.iter().enumerate() {
                own.put(*row as usize, &cells[place * table.width..(place + 1) * table.width]);
            }
            own.sums.merge(&entry.sums);
        });
        drop(reader);
        taken.map_err(|reason| self.unreadable(&reason))
    }

    pub(crate) fn unreadable(&self, reason: &io::Error) -> TeamError {
        TeamError::Unreadable { folder: self.folder.clone(), reason: reason.to_string() }
    }

    /// Whether earlier attempts had anything of a table: then all ranks have to learn what is left of it.
    pub(crate) fn knows(&self, stage: u32) -> bool {
        stage < self.end
    }

    /// What is left of a table, as the rank that reads knows it; `is_given` says which rows are there.
    pub(crate) fn left(&self, stage: u32, table: Table, is_given: impl Fn(usize) -> bool) -> Left {
        let Some(reader) = self.reader() else { return Left::all(table.rows) };
        let mut failed: BTreeMap<usize, String> = BTreeMap::new();
        // A row that failed once and was computed later is there.
        for failure in reader.failures_of(stage, table) {
            if failure.row < table.rows && !is_given(failure.row) {
                failed.insert(failure.row, failure.reason);
            }
        }
        // Those that were alone least often come first: others are safe before one ends the process again.
        let mut alone = BTreeSet::new();
        let mut order = Vec::new();
        for (&(of, row), &times) in &self.suspects {
            let row = row as usize;
            if of != stage || row >= table.rows || is_given(row) || failed.contains_key(&row) {
                continue;
            }
            if times >= SURELY {
                let reason = format!(
                    "it ended the process {times} times with nothing beside it in work (`--retry` computes \
                     it again)"
                );
                failed.insert(row, reason);
            } else {
                alone.insert(row);
                order.push((times, row));
            }
        }
        let is_left =
            |row: &usize| !is_given(*row) && !failed.contains_key(row) && !alone.contains(row);
        let pending: Vec<usize> = (0..table.rows).filter(is_left).collect();
        let pending = match pending.len() == table.rows {
            true => Pending::All(table.rows),
            false => Pending::Some(pending),
        };
        order.sort_unstable();
        Left { pending, alone: order.into_iter().map(|(_, row)| row).collect(), failed }
    }
}

impl Left {
    /// As bytes for other ranks, which need to know only what they may be dealt.
    pub(crate) fn packed(&self) -> Vec<u8> {
        match &self.pending {
            Pending::All(_) => Vec::new(),
            Pending::Some(rows) => {
                let rows: Vec<u32> = rows.iter().map(|row| *row as u32).collect();
                let mut bytes = bytemuck::cast_slice(&rows).to_vec();
                bytes.push(0); // none left is not all left
                bytes
            }
        }
    }

    pub(crate) fn unpacked(rows: usize, bytes: &[u8]) -> Left {
        let Some((_, rows_left)) = bytes.split_last() else { return Left::all(rows) };
        let left: Vec<u32> = bytemuck::allocation::pod_collect_to_vec(rows_left);
        let pending = Pending::Some(left.into_iter().map(|row| row as usize).collect());
        Left { pending, ..Left::all(rows) }
    }
}
