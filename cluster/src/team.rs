//! The team: who computes which row.

use std::fmt::Display;
use std::path::Path;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::time::Instant;

use bytemuck::Pod;

use crate::crew::{Desk, Job, at_work};
use crate::deal::share;
use crate::error::{Failure, TeamError};
use crate::interrupt::Interrupt;
use crate::journal::{Journal, JournalError};
use crate::keeping::{Found, Keeping, Kept, Left};
use crate::launcher::{REMEDY, launch};
use crate::memo::ASIDE;
#[cfg(feature = "mpi")]
use crate::mpi::World;
use crate::parts::{Run, with_others};
use crate::rows::{HELD, Rows};
use crate::stage::{Course, Foreman, Own, Pending, Stop};
use crate::sums::Sums;
use crate::table::{RowFailure, Table};
use crate::watch::Watch;
use crate::wire::Wire;

/// The processes and threads that work on a study together.
pub struct Team {
    wire: Option<Box<dyn Wire>>,
    /// This process's number and the number of all, if they share nothing but a folder.
    part: Option<(usize, usize)>,
    threads: rayon::ThreadPool,
    interrupt: Interrupt,
    watch: OnceLock<Box<dyn Watch>>,
    kept: OnceLock<Kept>,
    /// Number of the next table.
    next: AtomicU32,
    /// The same of those that are not kept by themselves, and whether the next is one of these.
    next_aside: AtomicU32,
    pub(crate) is_aside: AtomicBool,
    /// Time of the longest row this process has computed \[s\], as bits.
    longest: AtomicU64,
    /// Bytes of a table above which it lies in a file, where only rank 0 needs it.
    pub(crate) held: usize,
}

/// Every row that was computed or kept, with what all of them add to sums, and the rows that failed.
pub(crate) type Computed<T> = (Rows<T>, Sums, Vec<RowFailure>);

/// What this build can do, for `--version`.
pub fn build_features() -> &'static str {
    if cfg!(feature = "mpi") { "mpi" } else { "threads only" }
}

impl Team {
    /// One process with `threads` threads; 0 means as many as it may use.
    ///
    /// # Errors
    ///
    /// [`TeamError::Threads`] if the system refuses the threads.
    pub fn solo(threads: usize) -> Result<Team, TeamError> {
        Team::of(None, None, threads)
    }

    /// One of `parts` processes, from 0, that share nothing but the folder where rows are kept: each
    /// begins with rows of its own and goes on with what is missing of the others'.
    ///
    /// # Errors
    ///
    /// [`TeamError::Threads`] if the system refuses the threads.
    pub fn part(part: usize, parts: usize, threads: usize) -> Result<Team, TeamError> {
        let team = Team::of(None, Some((part, parts)), threads)?;
        team.end_together();
        Ok(team)
    }

    pub(crate) fn of(
        wire: Option<Box<dyn Wire>>,
        part: Option<(usize, usize)>,
        threads: usize,
    ) -> Result<Team, TeamError> {
        Ok(Team::with(wire, part, pool(threads)?))
    }

    fn with(
        wire: Option<Box<dyn Wire>>,
        part: Option<(usize, usize)>,
        threads: rayon::ThreadPool,
    ) -> Team {
        Team {
            wire,
            part,
            threads,
            interrupt: Interrupt::default(),
            watch: OnceLock::new(),
            kept: OnceLock::new(),
            next: AtomicU32::new(0),
            next_aside: AtomicU32::new(ASIDE),
            is_aside: AtomicBool::new(false),
            longest: AtomicU64::new(0),
            held: HELD,
        }
    }

    /// The team this process was launched in, by `mpirun` or `srun` or alone.
    ///
    /// From here on a panic in any thread of any rank ends the whole job: with MPI, a rank
    /// that merely left would be waited for, for ever.
    ///
    /// # Errors
    ///
    /// [`TeamError::Launch`] if it was launched as one of several processes and cannot reach
    /// them: better to stop than to run the study several times over.
    pub fn launched(threads: usize) -> Result<Team, TeamError> {
        #[cfg(feature = "mpi")]
        let wire = Some(Box::new(World::join()) as Box<dyn Wire>);
        #[cfg(not(feature = "mpi"))]
        let wire = None;
        let threads = match pool(threads) {
            #[cfg(feature = "mpi")]
            Err(error) => {
                // The others would wait for this rank, and it has nothing to offer them.
                eprintln!("error: {error}");
                World::abort(crate::EXIT_FATAL);
            }
            pool => pool?,
        };
        let team = Team::with(wire, None, threads);
        team.end_together();
        if let Some(launch) = launch()
            && launch.size > 1
            && team.size() == 1
        {
            return Err(TeamError::Launch {
                variable: launch.variable,
                says: launch.size,
                sees: 1,
                remedy: REMEDY,
            });
        }
        Ok(team)
    }

    /// From now on signals ask the team to stop; a second one ends this process at once.
    pub fn listen(&self) {
        self.interrupt.listen(self.is_root());
    }

    /// Stops the team in time to be done at `end`.
    pub fn until(&self, end: Instant) {
        self.interrupt.until(end);
    }

    /// Tells `watch` from now on how far the work is, on the rank that speaks.
    pub fn watched_by(&self, watch: impl Watch + 'static) {
        if self.is_root() {
            let _ = self.watch.set(Box::new(watch));
        }
    }

    /// Keeps finished rows from now on, and takes those that earlier attempts kept.
    ///
    /// To be called once, before the first table, on every rank.
    ///
    /// # Errors
    ///
    /// If journals cannot be read or written, on every rank.
    pub fn keep(&self, keeping: &Keeping<'_>) -> Result<Found, TeamError> {
        let wire = self.wire.as_deref();
        let begun = Kept::begin(keeping, (wire, self.part.map(|(part, _)| part)), self.threads());
        let first = self.first_failed(begun.is_err());
        let begun = begun.map_err(|reason| {
            let error = TeamError::Journal(JournalError::new(keeping.folder, &reason));
            self.or_finished(error, &keeping.finished)
        });
        let (kept, found) = begun?;
        if let Some(rank) = first {
            return Err(TeamError::Peer { rank, disk: true });
        }
        let _ = self.kept.set(kept);
        Ok(found)
    }

    #[cfg(test)]
    pub(crate) fn interrupt(&self) -> &Interrupt {
        &self.interrupt
    }

    /// Says that the tables from here on are others than those of an attempt that did not fail in `what`:
    /// what was kept of these is not taken for them.
    ///
    /// To be called with the same bytes on every rank.
    pub fn branch(&self, what: &[u8]) {
        const BRANCHES: u32 = (1 << 19) - 1;
        let branch = 1 << 31 | (crc32fast::hash(what) & BRANCHES) << 12;
        self.next.store(branch, Ordering::Relaxed);
    }

    /// This process's number, from 0.
    pub fn rank(&self) -> usize {
        self.wire.as_ref().map_or(0, |wire| wire.rank())
    }

    /// Number of processes.
    pub fn size(&self) -> usize {
        self.wire.as_ref().map_or(1, |wire| wire.size())
    }

    /// Number of threads of this process.
    pub fn threads(&self) -> usize {
        self.threads.current_num_threads()
    }

    /// Time of the longest row that this process has computed \[s\].
    pub fn longest_row_seconds(&self) -> f64 {
        f64::from_bits(self.longest.load(Ordering::Relaxed))
    }

    /// Whether this process speaks for the team: prints, writes files.
    pub fn is_root(&self) -> bool {
        self.rank() == 0
    }

    /// Runs `work` once on each thread of this process, and `beside` on the main one.
    pub(crate) fn on_every_thread(&self, work: impl Fn() + Sync, beside: impl FnOnce()) {
        let work = &work;
        self.threads.in_place_scope(|scope| {
            scope.spawn_broadcast(move |_, _| work());
            beside();
        });
    }

    /// The folder where rows are kept, if they are.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.kept.get().map(|kept| kept.folder.as_path())
    }

    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.kept.get()
    }

    pub(crate) fn journal(&self) -> Option<&Journal> {
        self.kept.get().map(|kept| &kept.journal)
    }

    pub(crate) fn is_aside(&self) -> bool {
        self.is_aside.load(Ordering::Relaxed)
    }

    /// Whether this is a part, and another has finished the run.
    pub(crate) fn is_finished(&self) -> bool {
        self.part.is_some() && self.kept().is_some_and(|kept| kept.finished.exists())
    }

    /// The number of the next table, the same on every rank, and of tables that are kept in every attempt.
    pub(crate) fn next_stage(&self) -> u32 {
        let counter = if self.is_aside() { &self.next_aside } else { &self.next };
        counter.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn wire(&self) -> Option<&dyn Wire> {
        self.wire.as_deref()
    }

    /// Computes a table and returns it, in row order, on every rank.
    ///
    /// `work(row, cells, memory)` must depend on nothing but `row`, unless the table is
    /// [`Table::remembering`]. `make` gives each thread its own working memory.
    ///
    /// # Errors
    ///
    /// If any row fails on any rank, or the team is asked to stop, every rank returns an error; none
    /// waits for a rank that will not come.
    pub fn rows<T: Pod + Send, S, E: Display>(
        &self,
        table: Table,
        make: impl Fn() -> S + Sync + Send,
        work: impl Fn(usize, &mut [T], &mut S) -> Result<(), E> + Sync + Send,
    ) -> Result<Vec<T>, TeamError> {
        let work =
            |row: usize, cells: &mut [T], _: &mut Sums, memory: &mut S| work(row, cells, memory);
        Ok(self.compute(table, false, make, work)?.0.into_vec())
    }

    /// The same as [`Team::rows`], and the table's sums over all rows: `work` may add to any of them.
    ///
    /// They are kept once a thread, not once a row, and are the same bits on any number of both.
    ///
    /// # Errors
    ///
    /// As [`Team::rows`].
    pub fn rows_and_sums<T: Pod + Send, S, E: Display>(
        &self,
        table: Table,
        make: impl Fn() -> S + Sync + Send,
        work: impl Fn(usize, &mut [T], &mut Sums, &mut S) -> Result<(), E> + Sync + Send,
    ) -> Result<(Vec<T>, Sums), TeamError> {
        let (cells, sums, _) = self.compute(table, false, make, work)?;
        Ok((cells.into_vec(), sums))
    }

    /// The same as [`Team::rows_and_sums`], of a table that may be too large for memory.
    ///
    /// If it `survives`, rows that fail do not end it, not even those that panic: they are returned, in order;
    /// their cells are zeros, and sums must not be used then.
    ///
    /// # Errors
    ///
    /// If a row fails and the table does not survive that, or the team is asked to stop.
    pub fn compute<T: Pod + Send, S, E: Display>(
        &self,
        table: Table,
        survives: bool,
        make: impl Fn() -> S + Sync + Send,
        work: impl Fn(usize, &mut [T], &mut Sums, &mut S) -> Result<(), E> + Sync + Send,
    ) -> Result<Computed<T>, TeamError> {
        let computed = self.computed(table, survives, make, work);
        computed.map_err(|error| match self.kept.get() {
            Some(kept) => self.or_finished(error, &kept.finished),
            None => error,
        })
    }

    /// What `error` means to a part: whoever finishes the run removes its journals, also from under those
    /// still at work.
    pub(crate) fn or_finished(&self, error: TeamError, finished: &Path) -> TeamError {
        if self.part.is_some() && finished.exists() { TeamError::Finished } else { error }
    }

    fn computed<T: Pod + Send, S, E: Display>(
        &self,
        table: Table,
        survives: bool,
        make: impl Fn() -> S + Sync + Send,
        work: impl Fn(usize, &mut [T], &mut Sums, &mut S) -> Result<(), E> + Sync + Send,
    ) -> Result<Computed<T>, TeamError> {
        let stage = self.next_stage();
        let kept = self.kept.get().filter(|_| !table.remembers && !self.is_aside());
        if self.is_finished() {
            return Err(TeamError::Finished);
        }
        let stays = self.is_root() || !table.at_root;
        let mut own = Own::new(table, stays, self.folder_of::<T>(table, stays));
        let reads = kept.is_some_and(|kept| kept.reader().is_some());
        let mut given = vec![None; if reads { table.rows } else { 0 }];
        let mut left = self.left((stage, table), kept, &mut own, &mut given)?;
        if table.remembers {
            left.pending = Pending::Some(share(table.rows, self.rank(), self.size()).collect());
        }
        own.failures.clone_from(&left.failed);
        let journal = kept.map(|kept| &kept.journal);
        if let Some(journal) = journal {
            journal.table(stage, &table);
        }
        let watch = self.watch.get().filter(|_| !table.name.is_empty());
        let mut done = own.rows.len() + own.failures.len();
        if let Some(watch) = watch {
            watch.begins(table.name, table.rows, done);
        }
        let mut tell = |rows: usize| {
            done += rows;
            if let Some(watch) = watch
                && rows > 0
            {
                watch.done(done.min(table.rows));
            }
        };
        let mut job = Job { table, stage, work: &work, journal, survives, alone: false };
        let mut run = |pending: &Pending,
                       job: &Job<'_, _>,
                       own: &mut Own<T>,
                       seen: &mut dyn FnMut(&Desk<T>)| {
            let mut course = Course {
                pending,
                wanted: &|ahead| self.interrupt.wanted(ahead),
                broken: &|| journal.is_some_and(|journal| journal.check().is_err()),
                done: &mut tell,
                stops: !survives,
            };
            let desk = Desk::new(if job.alone { 1 } else { self.threads() });
            self.threads.in_place_scope(|scope| {
                let (desk, make) = (&desk, &make);
                scope.spawn_broadcast(move |_, context| {
                    if context.index() < desk.threads() {
                        desk.work(context.index(), job, make);
                    }
                });
                let foreman = Foreman::new(desk, job, own);
                match self.wire.as_deref().filter(|_| !job.alone && !table.remembers) {
                    Some(wire) => foreman.among(&mut course, wire),
                    None => foreman.alone(&mut course, seen),
                }
            })
        };
        let mut stop = match (self.part, kept) {
            (Some(part), Some(kept)) => {
                let state = (&mut own, &mut given[..]);
                let run: Run<'_, T> = &mut |pending, own, seen| run(pending, &job, own, seen);
                with_others((stage, table), part, kept, state, run)?
            }
            _ => run(&left.pending, &job, &mut own, &mut |_| {}),
        };
        job.alone = true;
        for row in left.alone {
            if stop.is_none() && given.get(row).is_none_or(Option::is_none) {
                // What may end the process is computed when all else is safe, with nothing beside it.
                if journal.is_some_and(|journal| journal.sync().is_err()) {
                    stop = Some(Stop::Failed);
                    break;
                }
                stop = run(&Pending::Some(vec![row]), &job, &mut own, &mut |_| {});
            }
        }
        if let Some(watch) = watch {
            watch.ends();
        }
        // Times are positive: their bits are in order.
        self.longest.fetch_max(own.longest.to_bits(), Ordering::Relaxed);
        self.settle(table, (stop, survives), &own)?;
        self.gathered(table, survives, own)
    }

    /// Where rows of a table lie that are too many for memory.
    fn folder_of<T>(&self, table: Table, stays: bool) -> Option<&Path> {
        let bytes = table.rows * table.width * size_of::<T>();
        let mine = if stays { bytes } else { bytes / self.size() };
        self.folder().filter(|_| table.at_root && mine > self.held)
    }

    /// What is left of a table after earlier attempts; what they kept is put where it belongs.
    pub(crate) fn left<T: Pod>(
        &self,
        (stage, table): (u32, Table),
        kept: Option<&Kept>,
        own: &mut Own<T>,
        given: &mut [Option<u32>],
    ) -> Result<Left, TeamError> {
        let Some(kept) = kept.filter(|kept| kept.knows(stage)) else {
            return Ok(Left::all(table.rows));
        };
        let mut left = Left::all(table.rows);
        let shared = self.from_root(|| {
            let failure = |error: TeamError| Failure { exit_code: 4, message: error.to_string() };
            kept.take(stage, table, own, given).map_err(failure)?;
            left = kept.left(stage, table, |row| given[row].is_some());
            Ok(left.packed())
        })?;
        Ok(if self.is_root() { left } else { Left::unpacked(table.rows, &shared) })
    }

    /// Makes a panic anywhere end the job, with a word on where it happened.
    fn end_together(&self) {
        let (rank, size) = (self.rank(), self.size());
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let at = at_work();
            if at.as_ref().is_some_and(|at| at.survives) {
                return;
            }
            let place = at.map_or_else(String::new, |at| match at.table {
                "" => format!(", row {}", at.row),
                name => format!(", row {} of {name}", at.row),
            });
            eprintln!("fatal: internal error on rank {rank} of {size}{place}; please report it");
            usual(panic);
            #[cfg(feature = "mpi")]
            if size > 1 {
                World::abort(crate::EXIT_FATAL);
            }
            std::process::exit(if size > 1 { crate::EXIT_FATAL } else { 1 });
        }));
    }
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, TeamError> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| TeamError::Threads { threads, reason: error.to_string() })
}
