//! The only file that names MPI.
//!
//! Uses four calls — initialize, all-reduce, all-gather, broadcast — so that any MPI does.

use bytemuck::Pod;
use mpi::collective::SystemOperation;
use mpi::datatype::PartitionMut;
use mpi::environment::Universe;
use mpi::traits::{Communicator, CommunicatorCollectives, Root};

use crate::team::{TeamError, share};

/// MPI, initialized for as long as this value lives.
pub(crate) struct World(Universe);

/// Bytes in one message: counts are 32-bit in MPI, and large messages need large buffers.
const MESSAGE: usize = 1 << 28;

impl World {
    /// Joins the ranks this process was launched with.
    ///
    /// # Panics
    ///
    /// If MPI was already initialized in this process, which only a bug can do.
    pub(crate) fn join() -> World {
        let (universe, _) = mpi::initialize_with_threading(mpi::Threading::Funneled)
            .expect("MPI is initialized once, by Team::launched");
        World(universe)
    }

    pub(crate) fn rank(&self) -> usize {
        self.0.world().rank() as usize
    }

    pub(crate) fn size(&self) -> usize {
        self.0.world().size() as usize
    }

    /// Ends every rank of the job with `code`; a rank that only left would be waited for.
    pub(crate) fn abort(code: i32) -> ! {
        use mpi::topology::SimpleCommunicator;
        SimpleCommunicator::world().abort(code)
    }

    /// The smallest rank whose `failed` is true, the same on every rank.
    pub(crate) fn first_failed(&self, failed: bool) -> Option<usize> {
        let world = self.0.world();
        let mine = if failed { world.rank() } else { i32::MAX };
        let mut first = i32::MAX;
        world.all_reduce_into(&mine, &mut first, SystemOperation::min());
        (first != i32::MAX).then_some(first as usize)
    }

    /// What rank 0 passes, on every rank.
    pub(crate) fn broadcast(&self, bytes: Vec<u8>) -> Vec<u8> {
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

    /// Sums over all ranks, number by number.
    ///
    /// MPI knows no integers of 128 bits: each is sent as four digits of 32 bits, whose sums over fewer
    /// than two thousand million ranks fit into 64.
    pub(crate) fn sum(&self, numbers: &[i128]) -> Vec<i128> {
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

    /// Gives every rank the cells of all ranks in row order, or an error if any rank failed.
    pub(crate) fn gather<T: Pod>(
        &self,
        outcome: Result<(), TeamError>,
        cells: &[T],
        rows: usize,
        width: usize,
    ) -> Result<Vec<T>, TeamError> {
        // First agree on whether everyone succeeded, so that nobody waits in vain.
        let first = self.first_failed(outcome.is_err());
        outcome?;
        if let Some(rank) = first {
            return Err(TeamError::Peer { rank });
        }

        let size = self.size();
        let row_bytes = width * size_of::<T>();
        let shares: Vec<_> = (0..size).map(|rank| share(rows, rank, size)).collect();
        let most = shares.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        let step = (MESSAGE / (row_bytes * size).max(1)).max(1);
        let mine: &[u8] = bytemuck::cast_slice(cells);
        let mut table = vec![T::zeroed(); rows * width];
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut table);

        for from in (0..most).step_by(step) {
            // This round's rows of each rank, and where they lie among the received.
            let lengths: Vec<usize> =
                shares.iter().map(|s| s.len().saturating_sub(from).min(step) * row_bytes).collect();
            let starts: Vec<usize> = lengths
                .iter()
                .scan(0, |end, length| {
                    let start = *end;
                    *end += length;
                    Some(start)
                })
                .collect();
            let counts: Vec<i32> = lengths.iter().map(|&length| length as i32).collect();
            let displacements: Vec<i32> = starts.iter().map(|&start| start as i32).collect();
            let mut received = vec![0_u8; lengths.iter().sum()];
            let own = from * row_bytes..from * row_bytes + lengths[self.rank()];
            let mine = mine.get(own).unwrap_or(&[]);
            {
                let mut parts =
                    PartitionMut::new(&mut received[..], &counts[..], &displacements[..]);
                self.0.world().all_gather_varcount_into(mine, &mut parts);
            }
            for (rank, share) in shares.iter().enumerate() {
                let to = (share.start + from) * row_bytes;
                let part = &received[starts[rank]..starts[rank] + lengths[rank]];
                if !part.is_empty() {
                    bytes[to..to + part.len()].copy_from_slice(part);
                }
            }
        }
        Ok(table)
    }
}
