//! What ranks tell each other when a table is done.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use bytemuck::Pod;

use crate::error::TeamError;
use crate::interrupt::Cause;
use crate::journal::Journal;
use crate::stage::{Own, Stop};
use crate::sums::Sums;
use crate::table::{RowFailure, Table};
use crate::team::{Computed, Team};
use crate::wire::Wire;

impl Team {
    /// All ranks agree on whether the table is done, and wait for nobody in vain.
    pub(crate) fn settle<T>(
        &self,
        table: Table,
        (stop, survives): (Option<Stop>, bool),
        own: &Own<T>,
    ) -> Result<(), TeamError> {
        let journal = self.journal();
        let mut disk = journal.map_or(Ok(()), Journal::check);
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

    /// Gives every rank what all ranks computed.
    pub(crate) fn gathered<T: Pod>(
        &self,
        table: Table,
        survives: bool,
        own: Own<T>,
    ) -> Computed<T> {
        let places: Vec<usize> = (0..own.rows.len()).map(|place| own.at(place)).collect();
        let Own { mut cells, rows, mut sums, mut failures, .. } = own;
        if let Some(wire) = self.wire() {
            let width = table.width;
            let mut of_ranks: Vec<Vec<u32>> = vec![Vec::new(); wire.size()];
            let mine: Vec<u32> = rows.iter().map(|row| *row as u32).collect();
            let everywhere = !table.at_root;
            let words = |range: Range<usize>| bytemuck::cast_slice(&mine[range]).to_vec();
            wire.gather(mine.len(), 4, everywhere, &words, &mut |rank, _, bytes| {
                of_ranks[rank].extend(bytemuck::allocation::pod_collect_to_vec::<u8, u32>(bytes));
            });
            let own_rank = wire.rank();
            // Both are called in turn; a rank's own rows are not touched by others'.
            let packed = RefCell::new(&mut cells);
            let pack = |range: Range<usize>| {
                let cells = packed.borrow();
                let cells_of = |at: &usize| &cells[at * width..(at + 1) * width];
                let of_rows = places[range].iter().map(cells_of);
                of_rows.flat_map(bytemuck::cast_slice::<T, u8>).copied().collect()
            };
            let unit = width * size_of::<T>();
            wire.gather(rows.len(), unit, everywhere, &pack, &mut |rank, first, bytes| {
                if rank == own_rank {
                    return;
                }
                let mut cells = packed.borrow_mut();
                let table: &mut [u8] = bytemuck::cast_slice_mut(&mut cells[..]);
                let rows = of_ranks[rank][first..].iter();
                for (row, bytes) in rows.zip(bytes.chunks_exact(unit.max(1))) {
                    let at = *row as usize * unit;
                    table[at..at + unit].copy_from_slice(bytes);
                }
            });
            if table.at_root && own_rank > 0 {
                cells = Vec::new();
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
        let failures = failures.into_iter().map(|(row, reason)| RowFailure { row, reason });
        (cells, sums, failures.collect())
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
