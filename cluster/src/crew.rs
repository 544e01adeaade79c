//! The threads of a process, at work on the rows that are ready.

use std::any::Any;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytemuck::Pod;

use crate::journal::Journal;
use crate::rehearsal::rehearse;
use crate::sums::Sums;
use crate::table::{Batch, RowFailure, Table};

/// Where rows wait for threads, and finished ones for the main thread.
pub(crate) struct Desk<T> {
    state: Mutex<State<T>>,
    /// There are rows, or there will be none.
    ready: Condvar,
    /// Something happened that the main thread may want to know.
    news: Condvar,
    halted: AtomicBool,
    threads: usize,
}

struct State<T> {
    ready: VecDeque<usize>,
    /// No more rows will come.
    closed: bool,
    finished: Vec<Batch<T>>,
    /// Threads that wait for rows, and that left.
    idle: usize,
    left: usize,
}

/// What the main thread sees when it looks.
pub(crate) struct News<T> {
    pub(crate) finished: Vec<Batch<T>>,
    /// Rows that wait.
    pub(crate) ready: usize,
    /// All threads have left.
    pub(crate) over: bool,
}

/// How the rows of a table are computed.
pub(crate) struct Job<'a, W> {
    pub(crate) table: Table,
    pub(crate) stage: u32,
    pub(crate) work: W,
    pub(crate) journal: Option<&'a Journal>,
    /// A row that panics fails instead of ending the job.
    pub(crate) survives: bool,
    /// Nothing else is in work.
    pub(crate) alone: bool,
}

/// Work that is taken at a time lasts about so long, where rows are short.
const TAKEN: Duration = Duration::from_micros(200);

/// How long sums are gathered before they are handed over.
const HANDED: Duration = Duration::from_secs(1);

/// Cells that are handed over at once.
const MEGABYTE: usize = 1 << 20;

thread_local! {
    /// What this thread is at work on.
    static AT_WORK: RefCell<Option<AtWork>> = const { RefCell::new(None) };
}

/// What a thread is at work on.
#[derive(Clone, Debug)]
pub(crate) struct AtWork {
    pub(crate) table: &'static str,
    pub(crate) row: usize,
    /// Whether a panic is only this row's failure.
    pub(crate) survives: bool,
}

/// What this thread is at work on, for the panic hook.
pub(crate) fn at_work() -> Option<AtWork> {
    AT_WORK.with(|at| at.try_borrow().ok()?.clone())
}

impl<T: Pod + Send> Desk<T> {
    pub(crate) fn new(threads: usize) -> Desk<T> {
        let state =
            State { ready: VecDeque::new(), closed: false, finished: Vec::new(), idle: 0, left: 0 };
        Desk {
            state: Mutex::new(state),
            ready: Condvar::new(),
            news: Condvar::new(),
            halted: AtomicBool::new(false),
            threads,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Number of threads.
    pub(crate) fn threads(&self) -> usize {
        self.threads
    }

    /// Adds rows.
    pub(crate) fn add(&self, rows: impl Iterator<Item = usize>) {
        self.lock().ready.extend(rows);
        self.ready.notify_all();
    }

    /// Says that no more rows will come.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.ready.notify_all();
    }

    /// Takes back what nobody has begun; each thread ends with the row it is at.
    pub(crate) fn halt(&self) {
        self.halted.store(true, Ordering::Release);
        self.lock().ready.clear();
    }

    /// Keeps only the rows that are still wanted.
    pub(crate) fn retain(&self, wanted: impl Fn(usize) -> bool) {
        self.lock().ready.retain(|row| wanted(*row));
    }

    /// Looks, or waits so long for something to look at.
    pub(crate) fn look(&self, patience: Duration) -> News<T> {
        let mut state = self.lock();
        if state.finished.is_empty() && state.left < self.threads && !patience.is_zero() {
            let waited = self.news.wait_timeout(state, patience);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        News {
            finished: std::mem::take(&mut state.finished),
            ready: state.ready.len(),
            over: state.left == self.threads,
        }
    }

    /// Works until there are no rows left. Called by each thread.
    pub(crate) fn work<S, E: Display>(
        &self,
        thread: usize,
        job: &Job<'_, impl Fn(usize, &mut [T], &mut Sums, &mut S) -> Result<(), E>>,
        make: impl Fn() -> S,
    ) {
        // Whatever happens to this thread, the main thread must not wait for it.
        let _leaving = Leaving(self);
        let mut memory = make();
        let mut hands = Hands::new(job.table.sums);
        // Where rows are too short to be told of, noting each would take as long as computing it.
        let journal = job.journal.filter(|_| !job.table.name.is_empty());
        while let Some(rows) = self.take(&mut hands) {
            for row in rows {
                if self.halted.load(Ordering::Acquire) {
                    break;
                }
                if let Some(journal) = journal {
                    journal.slots.begins(thread, job.stage, Some(row), job.alone);
                }
                hands.row(row, job, &mut memory);
            }
            let keeps_sums = hands.batch.sums.is_some();
            let long_ago = job.journal.is_some() && hands.since.elapsed() >= HANDED;
            let much = size_of_val(&hands.batch.cells[..]) >= MEGABYTE;
            if !keeps_sums || long_ago || much || !hands.batch.failures.is_empty() {
                self.hand_over(&mut hands);
            }
        }
        if let Some(journal) = journal {
            journal.slots.begins(thread, job.stage, None, false);
        }
    }

    fn take(&self, hands: &mut Hands<T>) -> Option<Vec<usize>> {
        let mut state = self.lock();
        loop {
            if !state.ready.is_empty() {
                let most = state.ready.len().div_ceil(2 * self.threads);
                let count = hands.fitting().clamp(1, most);
                let rows = state.ready.drain(..count).collect();
                if state.ready.len() < self.threads {
                    self.news.notify_all();
                }
                return Some(rows);
            }
            if !hands.batch.is_empty() {
                state.finished.push(hands.hand());
                self.news.notify_all();
            }
            if state.closed {
                return None;
            }
            state.idle += 1;
            self.news.notify_all();
            state = self.ready.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.idle -= 1;
        }
    }

    fn hand_over(&self, hands: &mut Hands<T>) {
        let batch = hands.hand();
        if !batch.is_empty() {
            self.lock().finished.push(batch);
            self.news.notify_all();
        }
    }
}

/// What a thread has in its hands.
struct Hands<T> {
    batch: Batch<T>,
    sums: usize,
    since: Instant,
    /// Mean time of a row \[s\], if any was computed.
    row_seconds: Option<f64>,
}

impl<T: Pod> Hands<T> {
    fn new(sums: usize) -> Hands<T> {
        Hands { batch: Batch::new(sums), sums, since: Instant::now(), row_seconds: None }
    }

    /// Rows that fit into the time of one taking.
    fn fitting(&self) -> usize {
        self.row_seconds.map_or(1, |seconds| (TAKEN.as_secs_f64() / seconds.max(1e-9)) as usize)
    }

    fn hand(&mut self) -> Batch<T> {
        self.since = Instant::now();
        // Sums of nothing are not made anew where nothing was added to them.
        if self.batch.is_empty() {
            return Batch::new(0);
        }
        std::mem::replace(&mut self.batch, Batch::new(self.sums))
    }

    fn row<S, E: Display>(
        &mut self,
        row: usize,
        job: &Job<'_, impl Fn(usize, &mut [T], &mut Sums, &mut S) -> Result<(), E>>,
        memory: &mut S,
    ) {
        let begin = Instant::now();
        let batch = &mut self.batch;
        let (from, width) = (batch.cells.len(), job.table.width);
        batch.cells.resize(from + width, T::zeroed());
        let mut none = Sums::new(0);
        let sums = batch.sums.as_mut().unwrap_or(&mut none);
        let cells = &mut batch.cells[from..];
        let at = AtWork { table: job.table.name, row, survives: job.survives };
        AT_WORK.set(Some(at));
        let mut work = || match rehearse(job.table.name, row) {
            Some(failed) => Err(failed),
            None => (job.work)(row, cells, sums, memory).map_err(|error| error.to_string()),
        };
        let outcome = if job.survives {
            // What the row had in its hands is thrown away with it: cells here, sums with the table.
            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(said(&*panic)))
        } else {
            work()
        };
        AT_WORK.set(None);
        match outcome {
            Ok(()) => batch.rows.push(row),
            Err(reason) => {
                batch.cells.truncate(from);
                batch.failures.push(RowFailure { row, reason });
            }
        }
        let seconds = begin.elapsed().as_secs_f64();
        batch.seconds += seconds;
        batch.longest = batch.longest.max(seconds);
        self.row_seconds =
            Some(self.row_seconds.map_or(seconds, |mean| 0.8 * mean + 0.2 * seconds));
    }
}

fn said(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    format!("internal error: {}", text.unwrap_or_else(|| "panic".to_owned()))
}

/// Tells the main thread that a thread has left, however it did.
struct Leaving<'a, T: Pod + Send>(&'a Desk<T>);

impl<T: Pod + Send> Drop for Leaving<'_, T> {
    fn drop(&mut self) {
        self.0.lock().left += 1;
        self.0.news.notify_all();
    }
}
