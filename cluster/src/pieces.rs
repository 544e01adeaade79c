//! Bytes that rank 0 has and many work on, such as a table that is read.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::deal::share;
use crate::team::Team;

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
    fn range(&self, piece: usize) -> Range<usize> {
        let start = piece.checked_sub(1).map_or(0, |before| self.ends[before]);
        start..self.ends[piece]
    }
}

impl Team {
    /// What `work(head, piece)` makes of each of the pieces that rank 0 has, in order, on rank 0; nothing on
    /// the other ranks, whatever they pass. To be called on every rank.
    pub fn worked(
        &self,
        pieces: Pieces<'_>,
        work: impl Fn(&[u8], &[u8]) -> Vec<u8> + Sync,
    ) -> Vec<Vec<u8>> {
        let Some(wire) = self.wire() else { return self.among_threads(pieces, work) };
        // Whoever has nothing to do yet sleeps.
        wire.meet();
        let (rank, root) = (wire.rank(), wire.rank() == 0);
        // Rank 0 decides who helps: other ranks may have other numbers of threads.
        let most = (THREADS / self.threads()).max(1);
        let helpers = wire.size().min(most).min(pieces.ends.len().max(1));
        let words: Vec<u64> = std::iter::once(&helpers)
            .chain(pieces.ends)
            .filter(|_| root)
            .map(|word| *word as u64)
            .collect();
        let words = wire.broadcast(bytemuck::cast_slice(&words).to_vec());
        let words: Vec<u64> = bytemuck::allocation::pod_collect_to_vec(&words);
        let mut ends: Vec<usize> = words.into_iter().map(|word| word as usize).collect();
        let helpers = ends.remove(0);
        let all = Pieces { ends: &ends, ..pieces };
        let part = |rank: usize| {
            let pieces = share(ends.len(), rank, helpers);
            let bytes = match pieces.is_empty() {
                true => 0..0,
                false => all.range(pieces.start).start..all.range(pieces.end - 1).end,
            };
            (pieces, bytes)
        };
        let mut mine = Vec::new();
        if root {
            for helper in 1..helpers {
                wire.give(helper, pieces.head);
                wire.give(helper, &pieces.text[part(helper).1]);
            }
            let (pieces, bytes) = part(0);
            let own = Pieces { ends: &ends[pieces], text: &all.text[bytes], ..all };
            mine = self.among_threads(own, &work);
        } else if rank < helpers {
            let (head, text) = (wire.taken(0), wire.taken(0));
            let (pieces, bytes) = part(rank);
            let ends: Vec<usize> = ends[pieces].iter().map(|end| end - bytes.start).collect();
            mine = self.among_threads(Pieces { head: &head, text: &text, ends: &ends }, &work);
        }
        if helpers == 1 {
            return mine;
        }
        wire.meet();
        if root {
            mine.extend((1..helpers).flat_map(|helper| {
                let pieces = part(helper).0;
                pieces.map(move |_| wire.taken(helper))
            }));
        } else {
            mine.drain(..).for_each(|made| wire.give(0, &made));
        }
        mine
    }

    fn among_threads(
        &self,
        pieces: Pieces<'_>,
        work: impl Fn(&[u8], &[u8]) -> Vec<u8> + Sync,
    ) -> Vec<Vec<u8>> {
        let work = |piece| work(pieces.head, &pieces.text[pieces.range(piece)]);
        self.by_threads(pieces.ends.len(), work)
    }

    /// What `job` makes of each of `0..jobs`, in order, by the threads of this process, which take them in
    /// order as they become free.
    pub fn by_threads<R: Send + Sync>(
        &self,
        jobs: usize,
        job: impl Fn(usize) -> R + Sync,
    ) -> Vec<R> {
        let made: Vec<OnceLock<R>> = (0..jobs).map(|_| OnceLock::new()).collect();
        let next = AtomicUsize::new(0);
        self.on_every_thread(|| {
            loop {
                let place = next.fetch_add(1, Ordering::Relaxed);
                let Some(made) = made.get(place) else { return };
                let _ = made.set(job(place));
            }
        });
        made.into_iter().filter_map(OnceLock::into_inner).collect()
    }
}
