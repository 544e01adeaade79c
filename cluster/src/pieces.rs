//! Bytes that rank 0 has and many work on, such as a table that is read.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use crate::team::Team;
use crate::wire::Wire;

/// Threads beyond which rank 0 sends and receives for longer than it saves.
const THREADS: usize = 16;

/// A text in pieces, which can be worked on one by one.
pub struct Pieces<'a> {
    /// What whoever works on a piece needs beside it.
    pub head: &'a [u8],
    /// How many there are, about.
    pub about: usize,
    /// The next piece.
    pub next: &'a mut (dyn FnMut() -> Option<Arc<Vec<u8>>> + Send),
}

/// Kinds of messages between ranks that work on pieces; of those about tables the last byte is never zero.
const WANTS: u64 = 1 << 8;
const MADE: u64 = 2 << 8;

/// How long whoever waits for such a message sleeps.
const PATIENCE: Duration = Duration::from_micros(50);

/// Pieces that many take as they become free, and what they make of them.
struct Supply<'a> {
    next: Mutex<Next<'a>>,
    made: Mutex<Vec<(usize, Vec<u8>)>>,
}

/// The number of the next piece, and where it comes from, if there are more.
type Next<'a> = (usize, Option<&'a mut (dyn FnMut() -> Option<Arc<Vec<u8>>> + Send)>);

impl Supply<'_> {
    fn take(&self) -> Option<(usize, Arc<Vec<u8>>)> {
        let (number, next) = &mut *self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let piece = next.as_mut()?();
        if piece.is_none() {
            *next = None;
        }
        *number += 1;
        Some((*number - 1, piece?))
    }

    fn put(&self, number: usize, made: Vec<u8>) {
        if made.is_empty() {
            self.next.lock().unwrap_or_else(PoisonError::into_inner).1 = None;
        }
        self.made.lock().unwrap_or_else(PoisonError::into_inner).push((number, made));
    }

    fn made(self) -> Vec<Vec<u8>> {
        let mut made = self.made.into_inner().unwrap_or_else(PoisonError::into_inner);
        made.sort_unstable_by_key(|(number, _)| *number);
        made.into_iter().map(|(_, made)| made).collect()
    }
}

/// Jobs that many take as they become free, and what they make.
struct Jobs<R> {
    next: AtomicUsize,
    made: Vec<OnceLock<R>>,
}

impl<R> Jobs<R> {
    fn new(jobs: usize) -> Jobs<R> {
        Jobs { next: AtomicUsize::new(0), made: (0..jobs).map(|_| OnceLock::new()).collect() }
    }

    fn work(&self, job: impl Fn(usize) -> R) {
        loop {
            let place = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(made) = self.made.get(place) else { return };
            let _ = made.set(job(place));
        }
    }

    fn made(self) -> Vec<R> {
        self.made.into_iter().filter_map(OnceLock::into_inner).collect()
    }
}

impl Team {
    /// What `work(head, piece)` makes of each of the `pieces` that rank 0 passes, in order, on rank 0; nothing
    /// on the other ranks, which pass none. To be called on every rank.
    ///
    /// Threads take pieces as they become free; no other rank has more than one for each of its own. No
    /// further piece is taken once nothing is made of one.
    pub fn worked(
        &self,
        pieces: Option<Pieces<'_>>,
        work: impl Fn(&[u8], &[u8]) -> Vec<u8> + Sync,
    ) -> Vec<Vec<u8>> {
        let (head, about, next) = match pieces {
            Some(Pieces { head, about, next }) => (head, about, Some(next)),
            None => (&[][..], 0, None),
        };
        let supply = Supply { next: Mutex::new((0, next)), made: Mutex::default() };
        let own = || {
            while let Some((number, piece)) = supply.take() {
                supply.put(number, work(head, &piece));
            }
        };
        let Some(wire) = self.wire() else {
            self.on_every_thread(own, || {});
            return supply.made();
        };
        // Whoever has nothing to do yet sleeps.
        wire.meet();
        // Rank 0 decides who helps: other ranks may have other numbers of threads.
        let most = (THREADS / self.threads()).max(1);
        let helpers = wire.size().min(most).min(about.max(1));
        let said = wire.broadcast([&(helpers as u64).to_le_bytes(), head].concat());
        let (helpers, heard) = said.split_at(size_of::<u64>());
        let helpers: u64 = bytemuck::pod_read_unaligned(helpers);
        if self.is_root() {
            self.on_every_thread(own, || serve(wire, &supply, helpers as usize - 1));
            return supply.made();
        }
        if wire.rank() < helpers as usize {
            self.help(wire, heard, work);
        }
        Vec::new()
    }

    /// Works on pieces of rank 0 until there are none left.
    fn help(&self, wire: &dyn Wire, head: &[u8], work: impl Fn(&[u8], &[u8]) -> Vec<u8> + Sync) {
        loop {
            wire.send(0, [WANTS, self.threads() as u64, 0]);
            let count = loop {
                match wire.receive() {
                    Some((_, [WANTS, count, _])) => break count,
                    // Of a table before.
                    Some(_) => {}
                    None => std::thread::sleep(PATIENCE),
                }
            };
            if count == 0 {
                return;
            }
            let texts: Vec<Vec<u8>> = (0..count).map(|_| wire.taken(0)).collect();
            for made in self.by_threads(texts.len(), |place| work(head, &texts[place])) {
                wire.send(0, [MADE, 0, 0]);
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
fn serve(wire: &dyn Wire, supply: &Supply<'_>, mut helpers: usize) {
    // Numbers of the pieces that each rank has, in the order in which it gives back what it makes.
    let mut out: Vec<VecDeque<usize>> = vec![VecDeque::new(); wire.size()];
    while helpers > 0 {
        match wire.receive() {
            Some((from, [WANTS, count, _])) => {
                let given: Vec<_> = (0..count).map_while(|_| supply.take()).collect();
                helpers -= usize::from(given.is_empty());
                wire.send(from, [WANTS, given.len() as u64, 0]);
                for (number, piece) in given {
                    out[from].push_back(number);
                    wire.give(from, &piece);
                }
            }
            Some((from, [MADE, ..])) => {
                let made = wire.taken(from);
                if let Some(number) = out[from].pop_front() {
                    supply.put(number, made);
                }
            }
            Some(_) => {}
            None => std::thread::sleep(PATIENCE),
        }
    }
}
