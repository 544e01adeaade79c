//! Processes that share nothing but the folder where rows are kept: a team where there is no MPI.
//!
//! Each begins with rows of its own. Then it takes what the others have kept meanwhile, and computes what
//! is still missing, of whomever it was: so none waits for one that will never come, and each ends with
//! the whole table. Rows that two computed have the same bits, so it does not matter whose are taken.

use std::time::{Duration, Instant};

use bytemuck::Pod;

use crate::crew::Desk;
use crate::deal::{Spread, share};
use crate::error::TeamError;
use crate::keeping::Kept;
use crate::stage::{Own, Pending, Stop};
use crate::table::Table;

/// How often a part looks for what others have done.
const OTHERS: Duration = Duration::from_secs(2);

/// How a part computes some rows; the last argument is called now and then meanwhile.
pub(crate) type Run<'a, T> =
    &'a mut dyn FnMut(&Pending, &mut Own<T>, &mut dyn FnMut(&Desk<T>)) -> Option<Stop>;

/// Computes rows of this part, then those that no other has kept meanwhile, until none is missing.
pub(crate) fn with_others<T: Pod + Send>(
    (stage, table): (u32, Table),
    (part, parts): (usize, usize),
    kept: &Kept,
    (own, given): (&mut Own<T>, &mut [Option<u32>]),
    run: Run<'_, T>,
) -> Result<Option<Stop>, TeamError> {
    for round in 0.. {
        let left = kept.left(stage, table, |row| given[row].is_some());
        own.failures.extend(left.failed);
        let count = left.pending.len();
        if count == 0 {
            break;
        }
        let (spread, mine) = (Spread::new(count), share(count, part, parts));
        let end = if round == 0 { mine.end } else { mine.start + count };
        let places = (mine.start..end).map(|place| spread.at(place % count));
        let pending = Pending::Some(places.map(|place| left.pending.at(place)).collect());
        let before = own.rows.len();
        let mut looked = Instant::now();
        let stop = run(&pending, own, &mut |desk| {
            if looked.elapsed() < OTHERS {
                return;
            }
            looked = Instant::now();
            if let Some(mut reader) = kept.reader()
                && reader.refresh().is_ok()
            {
                let known = reader.rows(stage);
                desk.retain(|row| !known.contains(&(row as u64)));
            }
        });
        for row in &own.rows[before..] {
            // What cannot be read back is found when the table is settled.
            let cells = own.cells.bytes(*row..row + 1).unwrap_or_default();
            given[*row] = Some(crc32fast::hash(&cells));
        }
        if stop.is_some() {
            return Ok(stop);
        }
        kept.journal.sync().map_err(TeamError::Journal)?;
        if let Some(mut reader) = kept.reader() {
            reader.refresh().map_err(|reason| kept.unreadable(&reason))?;
        }
        kept.take(stage, table, own, given)?;
    }
    Ok(None)
}
