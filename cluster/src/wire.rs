//! What ranks need of whatever connects them.

/// Messages between ranks: the same for MPI and for the virtual ranks of tests.
///
/// Only the main thread of a rank uses it.
pub(crate) trait Wire: Send + Sync {
    fn rank(&self) -> usize;

    fn size(&self) -> usize;

    /// Sends words to a rank; messages from one rank to another arrive in their order.
    fn send(&self, to: usize, message: Message);

    /// A message that has arrived, with its sender.
    fn receive(&self) -> Option<(usize, Message)>;

    /// Waits for all ranks without burning a core: others may need it.
    fn meet(&self);

    /// What rank 0 passes, on every rank.
    fn broadcast(&self, bytes: Vec<u8>) -> Vec<u8>;

    /// Sends bytes to a rank that takes them; may wait until it does.
    fn give(&self, to: usize, bytes: &[u8]);

    /// The next bytes that a rank gives.
    fn taken(&self, from: usize) -> Vec<u8>;

    /// The least of all ranks' words, place by place.
    fn least(&self, words: &[u64]) -> Vec<u64>;

    /// Sums over all ranks, number by number.
    fn sum(&self, numbers: &[i128]) -> Vec<i128>;

    /// Gives rank 0, or `everywhere` every rank, all units of all ranks: `pack` makes a range of this rank's `count` units of
    /// `unit` bytes each, `take` gets units of a rank, with the number of the first.
    fn gather(
        &self,
        count: usize,
        unit: usize,
        everywhere: bool,
        pack: &dyn Fn(std::ops::Range<usize>) -> Vec<u8>,
        take: &mut dyn FnMut(usize, usize, &[u8]),
    );
}

/// A message about who computes what: its kind, and two numbers.
pub(crate) type Message = [u64; 3];
