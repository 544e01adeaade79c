//! How one table is computed: by this process's threads, with whatever ranks there are.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::time::Duration;

use bytemuck::Pod;

use crate::crew::{Desk, Job};
use crate::deal::{Dealer, Spread, opening};
use crate::interrupt::Cause;
use crate::rows::Cells;
use crate::sums::Sums;
use crate::table::{Batch, RowFailure};
use crate::wire::Wire;

/// Rows to compute, and how it goes.
pub(crate) struct Course<'a> {
    /// The rows that are neither kept nor to be left out.
    pub(crate) pending: &'a Pending,
    /// Why to stop, if there is a reason, given how long a row may take.
    pub(crate) wanted: &'a dyn Fn(Duration) -> Option<Cause>,
    /// Whether something is wrong with this process that makes going on useless.
    pub(crate) broken: &'a dyn Fn() -> bool,
    /// Is told how many rows were done, by all ranks as far as is known.
    pub(crate) done: &'a mut dyn FnMut(usize),
    /// Whether rows that fail end the table.
    pub(crate) stops: bool,
}

/// Rows to compute.
#[derive(Clone, Debug)]
pub(crate) enum Pending {
    /// All of so many.
    All(usize),
    /// These.
    Some(Vec<usize>),
}

impl Pending {
    pub(crate) fn len(&self) -> usize {
        match self {
            Pending::All(rows) => *rows,
            Pending::Some(rows) => rows.len(),
        }
    }

    pub(crate) fn at(&self, place: usize) -> usize {
        match self {
            Pending::All(_) => place,
            Pending::Some(rows) => rows[place],
        }
    }
}

/// Why a table was not computed to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    Interrupted(Cause),
    /// A row failed, or the disk.
    Failed,
}

impl Stop {
    fn code(stop: Option<Stop>) -> u64 {
        match stop {
            None => 0,
            Some(Stop::Failed) => 1,
            Some(Stop::Interrupted(cause)) => 1 + Cause::code(Some(cause)),
        }
    }

    fn from_code(code: u64) -> Option<Stop> {
        match code {
            0 => None,
            1 => Some(Stop::Failed),
            code => Cause::from_code(code - 1).map(Stop::Interrupted),
        }
    }
}

/// What this process computed.
pub(crate) struct Own<T> {
    pub(crate) cells: Cells<T>,
    pub(crate) rows: Vec<usize>,
    pub(crate) sums: Sums,
    pub(crate) failures: BTreeMap<usize, String>,
    pub(crate) longest: f64,
    /// Cells lie in the order of `rows`, and there are none of other rows.
    pub(crate) in_order: bool,
}

impl<T: Pod> Own<T> {
    /// Rows of a table that is this rank's in the end, or only on its way to another, and then no larger
    /// than what is there of it; with a `folder`, they lie in a file there.
    pub(crate) fn new(table: crate::Table, stays: bool, folder: Option<&Path>) -> Own<T> {
        let rows = if stays { table.rows } else { 0 };
        Own {
            cells: match folder {
                Some(folder) => Cells::in_file(rows, table.width, folder),
                None => Cells::in_memory(rows, table.width),
            },
            in_order: !stays,
            rows: Vec::new(),
            sums: Sums::new(table.sums),
            failures: BTreeMap::new(),
            longest: 0.0,
        }
    }

    pub(crate) fn put(&mut self, row: usize, cells: &[T]) {
        self.rows.push(row);
        self.cells.put(self.at(self.rows.len() - 1), cells);
    }

    /// Where among all cells those of the row lie that came as number `place`, in rows.
    fn at(&self, place: usize) -> usize {
        if self.in_order { place } else { self.rows[place] }
    }

    fn absorb(&mut self, batch: Batch<T>, width: usize) {
        for (place, row) in batch.rows.iter().enumerate() {
            self.put(*row, &batch.cells[place * width..(place + 1) * width]);
        }
        if let Some(sums) = &batch.sums {
            self.sums.merge(sums.steps());
        }
        let failures = batch.failures.into_iter();
        self.failures.extend(failures.map(|RowFailure { row, reason }| (row, reason)));
        self.longest = self.longest.max(batch.longest);
    }
}

/// How long the main thread sleeps where only its own threads can have news.
const PATIENCE: Duration = Duration::from_millis(50);
/// How long it sleeps at least and at most where other ranks may have.
const BRIEF: Duration = Duration::from_micros(20);
const LONG: Duration = Duration::from_millis(2);

/// Kinds of messages.
const ASK: u64 = 1;
const DEAL: u64 = 2;
const STOP: u64 = 3;

/// The main thread of a process, which sees to it that the rows of one table are computed.
pub(crate) struct Foreman<'a, 'b, T, W> {
    desk: &'a Desk<T>,
    job: &'a Job<'b, W>,
    own: &'a mut Own<T>,
    stop: Option<Stop>,
    /// Rows that wait for threads of this process.
    ready: usize,
    /// Its threads have left.
    over: bool,
}

impl<'a, 'b, T: Pod + Send, W> Foreman<'a, 'b, T, W> {
    pub(crate) fn new(desk: &'a Desk<T>, job: &'a Job<'b, W>, own: &'a mut Own<T>) -> Self {
        Foreman { desk, job, own, stop: None, ready: 0, over: false }
    }

    /// This process computes all rows; `seen` is called now and then.
    pub(crate) fn alone(
        mut self,
        course: &mut Course<'_>,
        seen: &mut dyn FnMut(&Desk<T>),
    ) -> Option<Stop> {
        let pending = course.pending;
        self.desk.add((0..pending.len()).map(|place| pending.at(place)));
        self.desk.close();
        while !self.over {
            let done = self.look(course, PATIENCE);
            (course.done)(done);
            seen(self.desk);
        }
        self.stop
    }

    /// All ranks compute the rows; rank 0 deals them.
    pub(crate) fn among(mut self, course: &mut Course<'_>, wire: &dyn Wire) -> Option<Stop> {
        let (rank, size, pending) = (wire.rank(), wire.size(), course.pending);
        let spread = Spread::new(pending.len());
        let add = |desk: &Desk<T>, places: Range<usize>| {
            desk.add(places.map(|place| pending.at(spread.at(place))));
        };
        let own = opening(pending.len(), rank, size);
        self.ready = own.len();
        add(self.desk, own);
        // Messages of another table were late, and mean nothing here.
        let stage = u64::from(self.job.stage);
        let message = |kind: u64, first: u64, second: u64| [kind | stage << 8, first, second];
        let mut root = (rank == 0).then(|| Root {
            dealer: Dealer::new(pending.len(), size),
            dismissed: 1,
            stopped: false,
        });
        let mut asking = Asking::default();
        let mut patience = BRIEF;
        loop {
            if self.over {
                std::thread::sleep(patience);
            }
            let done = self.look(course, patience);
            asking.unreported += done as u64;
            let mut busy = done > 0;
            while let Some((from, [head, first, second])) = wire.receive() {
                if head >> 8 != stage {
                    continue;
                }
                busy = true;
                match (head & 0xff, &mut root) {
                    (ASK, Some(root)) => {
                        (course.done)(first as usize);
                        self.halt(Stop::from_code(second));
                        let dealt = if self.stop.is_some() { 0..0 } else { root.dealer.deal() };
                        root.dismissed += usize::from(dealt.is_empty());
                        wire.send(from, message(DEAL, dealt.start as u64, dealt.end as u64));
                    }
                    (DEAL, None) => {
                        asking.asked = false;
                        if first == second {
                            asking.closed = true;
                            self.desk.close();
                        } else if self.stop.is_none() {
                            self.ready += (second - first) as usize;
                            add(self.desk, first as usize..second as usize);
                        }
                    }
                    (STOP, None) => self.halt(Stop::from_code(first)),
                    _ => {}
                }
            }
            let short = self.ready < self.desk.threads();
            let code = Stop::code(self.stop);
            if let Some(root) = &mut root {
                (course.done)(asking.unreported as usize);
                asking.unreported = 0;
                if self.stop.is_some() && !root.stopped {
                    root.stopped = true;
                    root.dealer.stop();
                    (1..size).for_each(|to| wire.send(to, message(STOP, code, 0)));
                }
                if !asking.closed && short {
                    let dealt = root.dealer.deal();
                    if dealt.is_empty() {
                        asking.closed = true;
                        self.desk.close();
                    } else {
                        add(self.desk, dealt);
                    }
                }
                if self.over && root.dismissed == size {
                    return self.stop;
                }
            } else {
                if !asking.asked && !asking.closed && (short || code > asking.told) {
                    wire.send(0, message(ASK, asking.unreported, code));
                    asking = Asking { asked: true, told: code, unreported: 0, ..asking };
                }
                if self.over {
                    return self.stop;
                }
            }
            patience = if busy { BRIEF } else { LONG.min(2 * patience) };
        }
    }

    /// Looks at what the threads did, or waits so long for it; returns the number of rows.
    fn look(&mut self, course: &Course<'_>, patience: Duration) -> usize {
        let news = self.desk.look(patience);
        let mut done = 0;
        for batch in news.finished {
            if let Some(journal) = self.job.journal {
                journal.rows(self.job.stage, &batch);
            }
            done += batch.rows.len() + batch.failures.len();
            self.own.absorb(batch, self.job.table.width);
        }
        (self.ready, self.over) = (news.ready, news.over);
        if self.stop.is_none() {
            let failed = course.stops && !self.own.failures.is_empty()
                || (course.broken)()
                || self.own.cells.failed().is_some();
            let ahead = Duration::try_from_secs_f64(self.own.longest).unwrap_or_default();
            let interrupted = || (course.wanted)(ahead).map(Stop::Interrupted);
            self.halt(if failed { Some(Stop::Failed) } else { interrupted() });
        }
        done
    }

    fn halt(&mut self, stop: Option<Stop>) {
        if self.stop.is_none() && stop.is_some() {
            self.stop = stop;
            self.desk.halt();
        }
    }
}

/// What rank 0 knows of the others.
struct Root {
    dealer: Dealer,
    /// Ranks that know that there is nothing left, itself among them.
    dismissed: usize,
    /// Whether all were told to stop.
    stopped: bool,
}

/// What a rank has asked for and told.
#[derive(Default)]
struct Asking {
    asked: bool,
    /// No more rows will come.
    closed: bool,
    /// The last reason to stop that it told.
    told: u64,
    /// Rows that are done, and not yet told.
    unreported: u64,
}
