//! Results of many tables, kept as a whole: what remembers its passes cannot be kept row by row.

use std::sync::atomic::Ordering;
use std::time::Instant;

use bytemuck::Pod;

use crate::error::TeamError;
use crate::stage::Own;
use crate::table::{Batch, Table};
use crate::team::Team;

/// Where tables are counted whose rows are not kept.
pub(crate) const ASIDE: u32 = 1 << 30;

/// Bytes of a result beyond which it is no record of a journal.
const LARGEST: usize = 1 << 29;

impl Team {
    /// What `make` makes, which is `width` cells and the same on every rank; where an earlier attempt kept
    /// it, it is not made again.
    ///
    /// To be called on every rank. Tables within are computed by all as ever, and not kept by themselves.
    ///
    /// # Errors
    ///
    /// Those of `make`, or if what was kept cannot be read.
    pub fn once<T: Pod + Send, E: From<TeamError>>(
        &self,
        width: usize,
        make: impl FnOnce() -> Result<Vec<T>, E>,
    ) -> Result<Vec<T>, E> {
        let stage = self.next_stage();
        let table = Table::new(1, width);
        // One within another is kept with that.
        let Some(kept) = self.kept().filter(|_| !self.is_aside()) else { return make() };
        let finished = |error| self.or_finished(error, &kept.finished);
        if self.is_finished() {
            return Err(TeamError::Finished.into());
        }
        let mut own: Own<T> = Own::new(table, self.is_root(), None);
        let mut given = vec![None; usize::from(kept.reader().is_some())];
        self.left((stage, table), Some(kept), &mut own, &mut given).map_err(finished)?;
        // Rank 0 knows, or each part.
        let there = || {
            let is_there = given.first().is_some_and(Option::is_some);
            Ok(if is_there { own.cells.bytes(0..1).unwrap_or_default() } else { Vec::new() })
        };
        let found = self.from_root(there).map_err(finished)?;
        if !found.is_empty() {
            return Ok(bytemuck::allocation::pod_collect_to_vec(&found));
        }
        let begun = Instant::now();
        let made = self.aside(make)?;
        if self.is_root() && made.len() == width && size_of_val(&made[..]) < LARGEST {
            let mut batch = Batch::new(0);
            batch.rows.push(0);
            batch.cells.clone_from(&made);
            batch.seconds = begun.elapsed().as_secs_f64();
            kept.journal.table(stage, &table);
            kept.journal.rows(stage, &batch);
        }
        Ok(made)
    }

    /// Calls `make`; tables that it computes are not kept.
    fn aside<R>(&self, make: impl FnOnce() -> R) -> R {
        self.is_aside.store(true, Ordering::Relaxed);
        let made = make();
        self.is_aside.store(false, Ordering::Relaxed);
        made
    }
}
