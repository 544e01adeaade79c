//! The only file that names MPI.
//!
//! Few calls are used — initialize, all-reduce, all-gather, broadcast, barrier, send, probe, receive — so
//! that any MPI does. Only the main thread calls.

use std::ops::Range;
use std::time::Duration;

use mpi::collective::SystemOperation;
use mpi::datatype::PartitionMut;
use mpi::environment::{Universe, library_version};
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Root, Source};

use crate::launcher::REMEDY;
use crate::wire::{Message, Wire};

/// MPI, initialized for as long as this value lives.
pub(crate) struct World(Universe);

/// Bytes that are exchanged at once: counts are 32-bit in MPI, and what is exchanged is in memory twice.
const MESSAGE: usize = 1 << 23;

/// Marks bytes, and not messages about who computes what.
const GIVEN: i32 = 1;

/// How long a rank that waits sleeps, at first and at most.
const BRIEF: Duration = Duration::from_micros(10);
const LONG: Duration = Duration::from_millis(1);

impl World {
    /// Joins the ranks this process was launched with.
    ///
    /// # Panics
    ///
    /// If MPI was already initialized in this process, which only a bug can do.
    pub(crate) fn join() -> World {
        warn_of_launcher();
        let (universe, _) = mpi::initialize_with_threading(mpi::Threading::Funneled)
            .expect("MPI is initialized once, by Team::launched");
        World(universe)
    }

    /// Ends every rank of the job with `code`; a rank that only left would be waited for.
    pub(crate) fn abort(code: i32) -> ! {
        SimpleCommunicator::world().abort(code)
    }
}

/// An MPI that cannot reach the launcher ends the process from within, with its own words: where that is to be
/// expected, ours come first.
fn warn_of_launcher() {
    let is_set = |name| std::env::var_os(name).is_some();
    // Slurm's PMI-2, which few builds of Open MPI know.
    let by_pmi = is_set("PMI_FD") && is_set("SLURM_STEP_ID") && !is_set("PMIX_RANK");
    let speaks = std::env::var("PMI_RANK").is_ok_and(|rank| rank == "0");
    if by_pmi && speaks && library_version().is_ok_and(|version| version.contains("Open MPI")) {
        eprintln!(
            "note: `srun` did not start this program as Open MPI expects; if it ends here, {REMEDY}"
        );
    }
}

impl Wire for World {
    fn rank(&self) -> usize {
        self.0.world().rank() as usize
    }

    fn size(&self) -> usize {
        self.0.world().size() as usize
    }

    fn send(&self, to: usize, message: Message) {
        self.0.world().process_at_rank(to as i32).send(&message[..]);
    }

    fn receive(&self) -> Option<(usize, Message)> {
        let world = self.0.world();
        let status = world.any_process().immediate_probe_with_tag(0)?;
        let mut message = Message::default();
        let from = world.process_at_rank(status.source_rank());
        from.receive_into_with_tag(&mut message[..], 0);
        Some((status.source_rank() as usize, message))
    }

    fn meet(&self) {
        let mut barrier = self.0.world().immediate_barrier();
        let mut patience = BRIEF;
        while let Err(waits) = barrier.test() {
            barrier = waits;
            std::thread::sleep(patience);
            patience = LONG.min(2 * patience);
        }
    }

    fn give(&self, to: usize, bytes: &[u8]) {
        let world = self.0.world();
        let to = world.process_at_rank(to as i32);
        to.send_with_tag(&(bytes.len() as u64), GIVEN);
        for piece in bytes.chunks(MESSAGE) {
            to.send_with_tag(piece, GIVEN);
        }
    }

    fn taken(&self, from: usize) -> Vec<u8> {
        let world = self.0.world();
        let from = world.process_at_rank(from as i32);
        let mut length = 0_u64;
        from.receive_into_with_tag(&mut length, GIVEN);
        let mut bytes = vec![0; length as usize];
        for piece in bytes.chunks_mut(MESSAGE) {
            from.receive_into_with_tag(piece, GIVEN);
        }
        bytes
    }

    fn least(&self, words: &[u64]) -> Vec<u64> {
        let mut least = vec![0; words.len()];
        self.0.world().all_reduce_into(words, &mut least[..], SystemOperation::min());
        least
    }

    fn broadcast(&self, bytes: Vec<u8>) -> Vec<u8> {
        let world = self.0.world();
        let root = world.process_at_rank(0);
        let mut length = bytes.len() as u64;
        root.broadcast_into(&mut length);
        let mut bytes = bytes;
        bytes.resize(length as usize, 0);
        for piece in bytes.chunks_mut(MESSAGE) {
            root.broadcast_into(piece);
        }
        bytes
    }

    // MPI knows no integers of 128 bits: each is sent as four digits of 32 bits, whose sums over fewer
    // than two thousand million ranks fit into 64.
    fn sum(&self, numbers: &[i128]) -> Vec<i128> {
        const DIGITS: usize = 4;
        let digit = |number: i128, place: usize| match place {
            3 => (number >> 96) as i64,
            _ => i64::from((number >> (32 * place)) as u32),
        };
        let mine: Vec<i64> =
            numbers.iter().flat_map(|&n| (0..DIGITS).map(move |place| digit(n, place))).collect();
        let mut sums = vec![0_i64; mine.len()];
        for (mine, sums) in mine.chunks(MESSAGE / 8).zip(sums.chunks_mut(MESSAGE / 8)) {
            self.0.world().all_reduce_into(mine, sums, SystemOperation::sum());
        }
        let whole = |digits: &[i64]| {
            digits.iter().rev().fold(0_i128, |sum, &digit| (sum << 32) + i128::from(digit))
        };
        sums.chunks(DIGITS).map(whole).collect()
    }

    fn gather(
        &self,
        count: usize,
        unit: usize,
        everywhere: bool,
        pack: &dyn Fn(Range<usize>) -> Vec<u8>,
        take: &mut dyn FnMut(usize, usize, &[u8]),
    ) {
        let (world, size) = (self.0.world(), self.size());
        let mut counts = vec![0_u64; size];
        world.all_gather_into(&(count as u64), &mut counts[..]);
        let most = counts.iter().copied().max().unwrap_or(0) as usize;
        let step = (MESSAGE / (unit * size).max(1)).max(1);
        for from in (0..most).step_by(step) {
            // This round's bytes of each rank, and where they lie among the received.
            let bytes =
                |count: &u64| ((*count as usize).saturating_sub(from).min(step) * unit) as i32;
            let lengths: Vec<i32> = counts.iter().map(bytes).collect();
            let mut end = 0;
            let mut start_of = |length: &i32| {
                end += length;
                end - length
            };
            let starts: Vec<i32> = lengths.iter().map(&mut start_of).collect();
            let receives = everywhere || self.rank() == 0;
            let mut received = vec![0_u8; if receives { end as usize } else { 0 }];
            let mine = pack(from.min(count)..(from + step).min(count));
            // An empty vector lies at address 1, which Open MPI takes for its sign of "in place".
            let nothing = [0_u8];
            let mine = if mine.is_empty() { &nothing[..0] } else { &mine[..] };
            let root = world.process_at_rank(0);
            if !everywhere && self.rank() > 0 {
                root.gather_varcount_into(mine);
                continue;
            }
            {
                let mut parts = PartitionMut::new(&mut received[..], &lengths[..], &starts[..]);
                if everywhere {
                    world.all_gather_varcount_into(mine, &mut parts);
                } else {
                    root.gather_varcount_into_root(mine, &mut parts);
                }
            }
            for rank in 0..size {
                let (start, length) = (starts[rank] as usize, lengths[rank] as usize);
                take(rank, from, &received[start..start + length]);
            }
        }
    }
}
