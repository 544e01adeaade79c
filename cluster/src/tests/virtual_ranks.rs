//! Ranks that are threads of one process, whose messages take a while.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, Barrier, Mutex};
use std::time::{Duration, Instant};

use crate::wire::{Message, Wire};

/// A rank of a virtual machine.
pub(super) struct Virtual {
    rank: usize,
    machine: Arc<Machine>,
}

struct Machine {
    latency: Duration,
    /// What each rank says in a collective call.
    words: Vec<Mutex<Arc<Vec<u8>>>>,
    mail: Vec<Mutex<VecDeque<(Instant, usize, Message)>>>,
    given: Mutex<Given>,
    barrier: Barrier,
}

/// What `f` returns on each of `ranks` ranks.
pub(super) fn together<R: Send>(
    ranks: usize,
    latency: Duration,
    f: impl Fn(Box<dyn Wire>) -> R + Sync,
) -> Vec<R> {
    let machine = Arc::new(Machine {
        latency,
        words: (0..ranks).map(|_| Mutex::default()).collect(),
        mail: (0..ranks).map(|_| Mutex::default()).collect(),
        given: Mutex::default(),
        barrier: Barrier::new(ranks),
    });
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..ranks)
            .map(|rank| {
                let (f, machine) = (&f, machine.clone());
                let work = move || f(Box::new(Virtual { rank, machine }));
                std::thread::Builder::new().stack_size(1 << 20).spawn_scoped(scope, work).unwrap()
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// Bytes that wait to be taken, by sender and receiver.
type Given = BTreeMap<(usize, usize), VecDeque<Vec<u8>>>;

impl Virtual {
    /// Says something and hears what every rank says.
    fn exchange(&self, mine: Vec<u8>, mut hear: impl FnMut(usize, &[u8])) {
        *self.machine.words[self.rank].lock().unwrap() = Arc::new(mine);
        std::thread::sleep(self.machine.latency);
        self.machine.barrier.wait();
        for (rank, words) in self.machine.words.iter().enumerate() {
            let words = words.lock().unwrap().clone();
            hear(rank, &words);
        }
        self.machine.barrier.wait();
    }
}

impl Wire for Virtual {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.machine.words.len()
    }

    fn send(&self, to: usize, message: Message) {
        let due = Instant::now() + self.machine.latency;
        self.machine.mail[to].lock().unwrap().push_back((due, self.rank, message));
    }

    fn receive(&self) -> Option<(usize, Message)> {
        let mut mail = self.machine.mail[self.rank].lock().unwrap();
        let (due, ..) = mail.front()?;
        if *due > Instant::now() {
            return None;
        }
        mail.pop_front().map(|(_, from, message)| (from, message))
    }

    fn meet(&self) {
        self.machine.barrier.wait();
    }

    fn broadcast(&self, bytes: Vec<u8>) -> Vec<u8> {
        let mut said = Vec::new();
        self.exchange(bytes, |rank, words| {
            if rank == 0 {
                said = words.to_vec();
            }
        });
        said
    }

    fn give(&self, to: usize, bytes: &[u8]) {
        let given = || self.machine.given.lock().unwrap();
        given().entry((self.rank, to)).or_default().push_back(bytes.to_vec());
        // As MPI may, it waits for whoever takes them.
        while given().get(&(self.rank, to)).is_some_and(|waiting| !waiting.is_empty()) {
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    fn taken(&self, from: usize) -> Vec<u8> {
        loop {
            let mut given = self.machine.given.lock().unwrap();
            if let Some(bytes) = given.entry((from, self.rank)).or_default().pop_front() {
                return bytes;
            }
            drop(given);
            std::thread::sleep(Duration::from_micros(100));
        }
    }

    fn least(&self, words: &[u64]) -> Vec<u64> {
        let mut least = words.to_vec();
        self.exchange(bytemuck::cast_slice(words).to_vec(), |_, other| {
            let other: Vec<u64> = bytemuck::allocation::pod_collect_to_vec(other);
            least.iter_mut().zip(other).for_each(|(least, other)| *least = other.min(*least));
        });
        least
    }

    fn sum(&self, numbers: &[i128]) -> Vec<i128> {
        let mut sums = vec![0; numbers.len()];
        let words = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
        self.exchange(words, |_, other| {
            for (sum, bytes) in sums.iter_mut().zip(other.chunks(16)) {
                *sum += i128::from_le_bytes(bytes.try_into().unwrap());
            }
        });
        sums
    }

    fn gather(
        &self,
        count: usize,
        unit: usize,
        everywhere: bool,
        pack: &dyn Fn(Range<usize>) -> Vec<u8>,
        take: &mut dyn FnMut(usize, usize, &[u8]),
    ) {
        /// Bytes of a rank that are exchanged at once; as in MPI, rounds go on until the rank with most is done.
        const ROUND: usize = 1 << 12;
        let step = (ROUND / unit.max(1)).max(1);
        let least = self.least(&[u64::MAX - count as u64]);
        let most = (u64::MAX - least[0]) as usize;
        for from in (0..most).step_by(step) {
            let mine = pack(from.min(count)..(from + step).min(count));
            let mut all = Vec::new();
            self.exchange(mine, |rank, words| all.push((rank, words.to_vec())));
            let hears = everywhere || self.rank == 0;
            all.into_iter().filter(|_| hears).for_each(|(rank, words)| take(rank, from, &words));
        }
    }
}
