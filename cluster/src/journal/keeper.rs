//! The thread that writes: what is given to it is on disk a second later.

use std::fs::File;
use std::io::{self, Write};
use std::mem;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::record::{Content, Header, body, write};

/// A place to write to.
pub(crate) trait Disk: Send + 'static {
    /// Writes all of it behind what is there.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns once all that was written would outlive the machine.
    fn sync(&mut self) -> io::Result<()>;
}

impl Disk for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }
}

/// Gives records to the thread that writes them.
#[derive(Debug)]
pub(super) struct Keeper {
    desk: Arc<Desk>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Desk {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Records that are complete.
    encoded: Vec<u8>,
    /// Rows of one table that will be one record.
    rows: Option<Together>,
    /// When the oldest of these was given.
    since: Option<Instant>,
    /// The table of the last rows, and when the first of them was given.
    table: Option<(u32, Instant)>,
    /// Somebody waits.
    hurry: bool,
    /// Numbers of the last that was given and the last that is safe.
    given: u64,
    safe: u64,
    failed: Option<(io::ErrorKind, String)>,
    ended: bool,
}

#[derive(Debug)]
struct Together {
    stage: u32,
    numbers: Vec<u64>,
    cells: Vec<u8>,
    sums: Option<Vec<i128>>,
}

/// How long rows may wait, and how many bytes of them.
const EVERY: Duration = Duration::from_secs(1);
const MEGABYTE: usize = 1 << 20;

impl Keeper {
    pub(super) fn begin(disk: impl Disk, header: &Header) -> Keeper {
        let desk = Arc::new(Desk::default());
        let shared = desk.clone();
        let thread = std::thread::Builder::new()
            .name("journal".into())
            .spawn(move || shared.keep(disk))
            .inspect_err(|reason| desk.fail(reason))
            .ok();
        let keeper = Keeper { desk, thread };
        keeper.add(&Content::Header(header.clone()));
        keeper
    }

    /// A record.
    pub(super) fn add(&self, content: &Content) {
        let mut state = self.desk.lock();
        state.close_rows();
        write(content, &mut state.encoded);
        self.desk.given(&mut state);
    }

    /// Rows, which may share a record with those before and after them.
    pub(super) fn rows(&self, stage: u32, rows: &[usize], cells: &[u8], sums: Option<&[i128]>) {
        let mut state = self.desk.lock();
        if state.rows.as_ref().is_some_and(|rows| rows.stage != stage) {
            state.close_rows();
        }
        if state.table.is_none_or(|(table, _)| table != stage) {
            state.table = Some((stage, Instant::now()));
        }
        let of = state.rows.get_or_insert_with(|| Together {
            stage,
            numbers: Vec::new(),
            cells: Vec::new(),
            sums: None,
        });
        of.numbers.extend(rows.iter().map(|row| *row as u64));
        of.cells.extend(cells);
        if let Some(sums) = sums {
            let all = of.sums.get_or_insert_with(|| vec![0; sums.len()]);
            all.iter_mut().zip(sums).for_each(|(all, sum)| *all += sum);
        }
        self.desk.given(&mut state);
    }

    /// Waits until all that was given is on disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        let mut state = self.desk.lock();
        let wanted = state.given;
        while state.safe < wanted && state.failed.is_none() {
            state.hurry = true;
            self.desk.changed.notify_all();
            state = self.desk.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.error().map_or(Ok(()), Err)
    }

    /// What went wrong, if anything has.
    pub(super) fn failed(&self) -> Option<io::Error> {
        self.desk.lock().error()
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.desk.lock().ended = true;
        self.desk.changed.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Desk {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn given(&self, state: &mut State) {
        state.given += 1;
        // The thread sleeps until there is something, then until it is time or there is much.
        if state.since.is_none() || state.bytes() >= MEGABYTE {
            self.changed.notify_all();
        }
        state.since.get_or_insert_with(Instant::now);
    }

    fn fail(&self, reason: &io::Error) {
        self.lock().failed = Some((reason.kind(), reason.to_string()));
        self.changed.notify_all();
    }

    fn keep(&self, mut disk: impl Disk) {
        loop {
            let mut state = self.lock();
            let left = loop {
                let due = state.since.map(|since| state.patience().saturating_sub(since.elapsed()));
                match due {
                    _ if state.ended => break due.is_some(),
                    Some(wait) if wait.is_zero() || state.hurry || state.bytes() >= MEGABYTE => {
                        break true;
                    }
                    Some(wait) => {
                        let waited = self.changed.wait_timeout(state, wait);
                        state = waited.unwrap_or_else(PoisonError::into_inner).0;
                    }
                    None => {
                        let waited = self.changed.wait(state);
                        state = waited.unwrap_or_else(PoisonError::into_inner);
                    }
                }
            };
            if !left {
                return;
            }
            state.close_rows();
            let bytes = mem::take(&mut state.encoded);
            let given = state.given;
            (state.since, state.hurry) = (None, false);
            drop(state);
            if let Err(reason) = disk.append(&bytes).and_then(|()| disk.sync()) {
                return self.fail(&reason);
            }
            self.lock().safe = given;
            self.changed.notify_all();
        }
    }
}

impl State {
    fn bytes(&self) -> usize {
        self.encoded.len() + self.rows.as_ref().map_or(0, |rows| rows.cells.len())
    }

    /// How long what was given may wait. Sums over scenarios are large, and are written anew with each
    /// record: a fiftieth of the time that their table has taken is lost at most, so that a table of hours
    /// has some hundred records and not thousands.
    fn patience(&self) -> Duration {
        let has_sums = self.rows.as_ref().is_some_and(|rows| rows.sums.is_some());
        let table = self.table.filter(|_| has_sums).map(|(_, begun)| begun.elapsed() / 50);
        table.unwrap_or_default().max(EVERY)
    }

    fn close_rows(&mut self) {
        if let Some(Together { stage, numbers, cells, sums }) = self.rows.take() {
            let body = body(&cells, sums.as_deref());
            write(&Content::Rows { stage, rows: numbers, body }, &mut self.encoded);
        }
    }

    fn error(&self) -> Option<io::Error> {
        self.failed.as_ref().map(|(kind, reason)| io::Error::new(*kind, reason.clone()))
    }
}
