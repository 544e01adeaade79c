//! Bytes that rank 0 has and many work on, such as a table that is read.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::team::Team;
use crate::wire::Wire;

/// Threads beyond which rank 0 sends and receives for longer than it saves.
const THREADS: usize = 16;

/// A text in pieces, which can be worked on one by one.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pieces<'a> {
    /// What whoever works on a piece needs beside it.
    pub head: &'a [u8],
    /// All pieces, one after the other.
    pub text: &'a [u8],
    /// Where each of them ends in it, in order.
    pub ends: &'a [usize],
}

impl Pieces<'_> {
    fn at(&self, piece: usize) -> &[u8] {
        let start = piece.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[piece]]
    }
}

/// Kinds of messages between ranks that work on pieces; of those about tables the last byte is never zero.
const WANTS: u64 = 1 << 8;
const MADE: u64 = 2 << 8;

/// How long whoever waits for such a message sleeps.
const PATIENCE: Duration = Duration::from_micros(50);

/// Jobs that many take as they become free, and what they make.
struct Jobs<R> {
    next: AtomicUsize,
    made: Vec<OnceLock<R>>,
}

impl<R> Jobs<R> {
    fn new(jobs: usize) -> Jobs<R> {
        Jobs { next: AtomicUsize::new(0), made: (0..jobs).map(|_| OnceLock::new()).collect() }
    }

    /// The next so many, if there are as many left.
    fn take(&self, count: usize) -> Range<usize> {
        let first = self.next.fetch_add(count, Ordering::Relaxed).min(self.made.len());
        first..(first + count).min(self.made.len())
    }

    fn put(&self, job: usize, made: R) {
        let _ = self.made[job].set(made);
    }

    fn work(&self, job: impl Fn(usize) -> R) {
        while let Some(place) = self.take(1).next() {
            self.put(place, job(place));
        }
    }

    fn made(self) -> Vec<R> {
        self.made.into_iter().filter_map(OnceLock::into_inner).collect()
    }
}

impl Team {
    /// What `work(head, piece)` makes of each of the pieces that rank 0 has, in order, on rank 0; nothing on
    /// the other ranks, whatever they pass. To be called on every rank.
    ///
    /// Threads take pieces as they become free; no rank but rank 0 has more than one for each of its own.
    pub fn worked(
        &self,
        pieces: Pieces<'_>,
        work: impl Fn(&[u8], &[u8]) -> Vec<u8> + Sync,
    ) -> Vec<Vec<u8>> {
        let jobs = Jobs::new(pieces.ends.len());
        let own = || jobs.work(|place| work(pieces.head, pieces.at(place)));
        let Some(wire) = self.wire() else {
            self.on_every_thread(own, || {});
            return jobs.made();
        };
        // Whoever has nothing to do yet sleeps.
        wire.meet();
        // Rank 0 decides who helps: other ranks may have other numbers of threads.
        let most = (THREADS / self.threads()).max(1);
        let helpers = wire.size().min(most).min(pieces.ends.len().max(1));
        let said = wire.broadcast([&(helpers as u64).to_le_bytes(), pieces.head].concat());
        let (helpers, head) = said.split_at(size_of::<u64>());
        let helpers: u64 = bytemuck::pod_read_unaligned(helpers);
        if self.is_root() {
            self.on_every_thread(own, || serve(wire, pieces, &jobs, helpers as usize - 1));
            return jobs.made();
        }
        if wire.rank() < helpers as usize {
            self.help(wire, head, work);
        }
        Vec::new()
    }

    /// Works on pieces of rank 0 until there are none left.
    fn help(&self, wire: &dyn Wire, head: &[u8], work: impl Fn(&[u8], &[u8]) -> Vec<u8> + Sync) {
        loop {
            wire.send(0, [WANTS, self.threads() as u64, 0]);
            let [first, end] = loop {
                match wire.receive() {
                    Some((_, [WANTS, first, end])) => break [first, end],
                    // Of a table before.
                    Some(_) => {}
                    None => std::thread::sleep(PATIENCE),
                }
            };
            if first == end {
                return;
            }
            let texts: Vec<Vec<u8>> = (first..end).map(|_| wire.taken(0)).collect();
            let made = self.by_threads(texts.len(), |place| work(head, &texts[place]));
            for (place, made) in (first..end).zip(made) {
                wire.send(0, [MADE, place, 0]);
                wire.give(0, &made);
            }
        }
    }

    /// What `job` makes of each of `0..jobs`, in order, by the threads of this process, which take them in
    /// order as they become free.
    pub fn by_threads<R: Send + Sync>(
        &self,
        jobs: usize,
        job: impl Fn(usize) -> R + Sync,
    ) -> Vec<R> {
        let jobs = Jobs::new(jobs);
        self.on_every_thread(|| jobs.work(&job), || {});
        jobs.made()
    }
}

/// Gives other ranks pieces, and takes what they make, until each of them knows that there are none left.
fn serve(wire: &dyn Wire, pieces: Pieces<'_>, jobs: &Jobs<Vec<u8>>, mut helpers: usize) {
    while helpers > 0 {
        match wire.receive() {
            Some((from, [WANTS, count, _])) => {
                let given = jobs.take(count as usize);
                helpers -= usize::from(given.is_empty());
                wire.send(from, [WANTS, given.start as u64, given.end as u64]);
                given.for_each(|place| wire.give(from, pieces.at(place)));
            }
            Some((from, [MADE, place, _])) => jobs.put(place as usize, wire.taken(from)),
            Some(_) => {}
            None => std::thread::sleep(PATIENCE),
        }
    }
}
