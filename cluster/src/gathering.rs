//! What ranks tell each other when a table is done.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::path::Path;

use bytemuck::Pod;

use crate::error::TeamError;
use crate::interrupt::Cause;
use crate::journal::{Journal, JournalError};
use crate::rows::Cells;
use crate::stage::{Own, Stop};
use crate::sums::Sums;
use crate::table::{RowFailure, Table};
use crate::team::{Computed, Team};
use crate::wire::Wire;

impl Team {
    /// All ranks agree on whether the table is done, and wait for nobody in vain.
    pub(crate) fn settle<T: Pod>(
        &self,
        table: Table,
        (stop, survives): (Option<Stop>, bool),
        own: &Own<T>,
    ) -> Result<(), TeamError> {
        let journal = self.journal();
        let mut disk = journal.map_or(Ok(()), Journal::check);
        disk = disk.and(own.cells.failed().map_or(Ok(()), |reason| Err(self.not_held(reason))));
        let mut interrupted = None;
        if let Some(Stop::Interrupted(cause)) = stop {
            interrupted = Some(cause);
            disk = disk.and_then(|()| journal.map_or(Ok(()), Journal::sync));
        }
        let failed = !survives && !own.failures.is_empty();
        let rank_if = |failed: bool| if failed { self.rank() as u64 } else { u64::MAX };
        let cause = Cause::code(interrupted);
        let mut words = vec![rank_if(failed), rank_if(disk.is_err()), u64::MAX - cause];
        let mut done = (own.rows.len() + own.failures.len()) as i128;
        if let Some(wire) = self.wire() {
            wire.meet();
            words = wire.least(&words);
            done = wire.sum(&[done])[0];
        }
        disk.map_err(TeamError::Journal)?;
        if failed && let Some((row, reason)) = own.failures.first_key_value() {
            return Err(TeamError::Row { row: *row, reason: reason.clone() });
        }
        for (rank, disk) in [(words[0], false), (words[1], true)] {
            if rank < u64::MAX {
                return Err(TeamError::Peer { rank: rank as usize, disk });
            }
        }
        // Whoever was done before he was asked to stop goes on to where there is something to stop.
        match Cause::from_code(u64::MAX - words[2]) {
            Some(cause) if (done as usize) < table.rows => Err(TeamError::Interrupted {
                cause,
                name: table.name,
                done: done as usize,
                rows: table.rows,
            }),
            _ => Ok(()),
        }
    }

    /// Gives every rank what all ranks computed, or rank 0 alone.
    pub(crate) fn gathered<T: Pod>(
        &self,
        table: Table,
        survives: bool,
        own: Own<T>,
    ) -> Result<Computed<T>, TeamError> {
        let mut there = table.rows;
        let mut unreadable = None;
        let Own { mut cells, rows, mut sums, mut failures, in_order, .. } = own;
        // Some file systems tell of a full disk only now; before, they would read zeros back.
        cells.sync();
        if let Some(wire) = self.wire() {
            let mut of_ranks: Vec<Vec<u32>> = vec![Vec::new(); wire.size()];
            let mine: Vec<u32> = rows.iter().map(|row| *row as u32).collect();
            let everywhere = !table.at_root;
            let words = |range: Range<usize>| bytemuck::cast_slice(&mine[range]).to_vec();
            wire.gather(mine.len(), 4, everywhere, &words, &mut |rank, _, bytes| {
                of_ranks[rank].extend(bytemuck::allocation::pod_collect_to_vec::<u8, u32>(bytes));
            });
            let own_rank = wire.rank();
            let unit = table.width * size_of::<T>();
            // Both are called in turn; a rank's own rows are not touched by others'.
            let shared = RefCell::new((&mut cells, &mut unreadable));
            let pack = |range: Range<usize>| {
                let (cells, unreadable) = &mut *shared.borrow_mut();
                let length = range.len() * unit;
                let mut bytes = Vec::with_capacity(length);
                let read = if !everywhere && own_rank == 0 {
                    Ok(()) // what has been here all along
                } else if in_order {
                    cells.add_bytes(range, &mut bytes)
                } else {
                    rows[range]
                        .iter()
                        .try_for_each(|row| cells.add_bytes(*row..row + 1, &mut bytes))
                };
                if let Err(reason) = read {
                    **unreadable = Some(reason);
                }
                bytes.resize(length, 0);
                bytes
            };
            wire.gather(rows.len(), unit, everywhere, &pack, &mut |rank, first, bytes| {
                if rank == own_rank {
                    return;
                }
                let (cells, _) = &mut *shared.borrow_mut();
                let rows = of_ranks[rank].iter().skip(first);
                for (row, bytes) in rows.zip(bytes.chunks_exact(unit.max(1))) {
                    cells.put_bytes(*row as usize, bytes);
                }
            });
            if table.at_root && own_rank > 0 {
                (cells, there) = (Cells::in_memory(0, table.width), 0);
            }
            if table.sums > 0 {
                let all = wire.sum(sums.steps());
                sums = Sums::new(table.sums);
                sums.merge(&all);
            }
            if survives {
                Team::share_failures(wire, &mut failures);
            }
        }
        if table.at_root {
            cells.sync();
            self.all_is_there(unreadable.as_ref(), cells.failed())?;
        }
        let failures = failures.into_iter().map(|(row, reason)| RowFailure { row, reason });
        Ok((cells.finished(there), sums, failures.collect()))
    }

    /// All ranks agree on whether rows on their way through files have arrived.
    fn all_is_there(
        &self,
        unreadable: Option<&io::Error>,
        unwritten: Option<&io::Error>,
    ) -> Result<(), TeamError> {
        let first = self.first_failed(unreadable.is_some() || unwritten.is_some());
        unwritten.map_or(Ok(()), |reason| Err(TeamError::Journal(self.not_held(reason))))?;
        if let (Some(reason), Some(kept)) = (unreadable, self.kept()) {
            return Err(kept.unreadable(reason));
        }
        first.map_or(Ok(()), |rank| Err(TeamError::Peer { rank, disk: true }))
    }

    /// Rows that are too many for memory could not be put into a file.
    fn not_held(&self, reason: &io::Error) -> JournalError {
        JournalError::new(self.folder().unwrap_or(Path::new(".")), reason)
    }

    /// Adds the rows that failed on other ranks to those of this one.
    fn share_failures(wire: &dyn Wire, failures: &mut BTreeMap<usize, String>) {
        let mut mine = Vec::new();
        for (row, reason) in &*failures {
            let head = [*row as u64, reason.len() as u64];
            mine.extend_from_slice(bytemuck::bytes_of(&head));
            mine.extend_from_slice(reason.as_bytes());
        }
        let pack = |range: Range<usize>| mine[range].to_vec();
        let mut all: Vec<Vec<u8>> = vec![Vec::new(); wire.size()];
        wire.gather(mine.len(), 1, true, &pack, &mut |rank, _, bytes| {
            all[rank].extend_from_slice(bytes);
        });
        for bytes in all {
            let mut rest = &bytes[..];
            while let Some((head, tail)) = rest.split_at_checked(16) {
                let [row, length]: [u64; 2] = bytemuck::pod_read_unaligned(head);
                let (reason, tail) = tail.split_at((length as usize).min(tail.len()));
                failures.insert(row as usize, String::from_utf8_lossy(reason).into_owned());
                rest = tail;
            }
        }
    }
}
