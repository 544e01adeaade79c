//! Random numbers that depend on where they are used, and on nothing else.
//!
//! A draw is a pure function of (study seed, purpose, set, item's name, scenario, draw):
//! Philox 4x32-10 of Salmon, Moraes, Dror & Shaw, *Parallel Random Numbers: As Easy as
//! 1, 2, 3*, SC'11. The key holds seed, purpose and set; the counter holds the item, the
//! scenario and the draw. So adding an item, a strategy or a scenario changes no other
//! number, and any rank may compute any of them in any order.

/// The largest seed: seeds stay exact in every file format that stores numbers as doubles.
pub const MAX_SEED: u64 = (1 << 53) - 1;

/// What a stream of random numbers is used for; equal coordinates with different purposes
/// are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Demand of an item.
    Demand = 1,
    /// Generated sales histories.
    Example = 2,
    /// Lead times of an item's orders.
    LeadTime = 3,
    /// What arrives of an order.
    Yield = 4,
    /// Whether the supplier is open.
    Outage = 5,
    /// Which fractions of a unit are rounded up.
    Rounding = 6,
}

/// The streams of one item for one purpose and set: one stream a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    key: [u32; 2],
    item: [u32; 2],
}

/// Scenarios that are drawn together: half a tile, which keeps the generator in registers.
pub(crate) const GROUP: usize = 16;

impl Streams {
    /// The streams of the item called `item` in the study with `seed`.
    ///
    /// The item counts by its name, hashed to 64 bits, not by its place in a file.
    ///
    /// # Panics
    ///
    /// If `seed` exceeds [`MAX_SEED`] or `set` does not fit in eight bits.
    pub fn new(seed: u64, purpose: Purpose, set: u32, item: &str) -> Streams {
        assert!(seed <= MAX_SEED && set < 256, "the study was checked");
        let key = seed | u64::from(purpose as u8) << 61 | u64::from(set) << 53;
        let hash = blake3::hash(item.as_bytes());
        let word = |at: usize| {
            let bytes = hash.as_bytes();
            u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        Streams { key: [key as u32, (key >> 32) as u32], item: [word(0), word(4)] }
    }

    /// Draws `4 · quad` to `4 · quad + 3` of one scenario.
    pub fn words(&self, scenario: u32, quad: u32) -> [u32; 4] {
        philox([quad, scenario, self.item[0], self.item[1]], self.key)
    }

    /// Draws `4 · quad + j` of scenarios `first..first + GROUP`, as `[j][scenario]`.
    #[inline(always)]
    pub(crate) fn group(&self, first: u32, quad: u32) -> [[u32; GROUP]; 4] {
        // 32-bit words in 64-bit lanes: the multiply the vector units have.
        let mut x0 = [u64::from(quad); GROUP];
        let mut x1 = [0; GROUP];
        let mut x2 = [u64::from(self.item[0]); GROUP];
        let mut x3 = [u64::from(self.item[1]); GROUP];
        for (lane, scenario) in x1.iter_mut().enumerate() {
            *scenario = u64::from(first.wrapping_add(lane as u32));
        }
        let [mut k0, mut k1] = self.key;
        for _ in 0..ROUNDS {
            for lane in 0..GROUP {
                let p0 = (x0[lane] & LOW) * u64::from(MULTIPLIER[0]);
                let p1 = (x2[lane] & LOW) * u64::from(MULTIPLIER[1]);
                let n0 = (p1 >> 32) ^ x1[lane] ^ u64::from(k0);
                let n2 = (p0 >> 32) ^ x3[lane] ^ u64::from(k1);
                x1[lane] = p1;
                x3[lane] = p0;
                x0[lane] = n0;
                x2[lane] = n2;
            }
            k0 = k0.wrapping_add(WEYL[0]);
            k1 = k1.wrapping_add(WEYL[1]);
        }
        [x0, x1, x2, x3].map(|wide| wide.map(|word| word as u32))
    }
}

const ROUNDS: usize = 10;
const LOW: u64 = 0xFFFF_FFFF;
const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Philox 4x32-10: a bijection of `counter` for each `key` that passes every known test.
pub fn philox(mut counter: [u32; 4], mut key: [u32; 2]) -> [u32; 4] {
    for _ in 0..ROUNDS {
        let p0 = u64::from(MULTIPLIER[0]) * u64::from(counter[0]);
        let p1 = u64::from(MULTIPLIER[1]) * u64::from(counter[2]);
        counter = [
            (p1 >> 32) as u32 ^ counter[1] ^ key[0],
            p1 as u32,
            (p0 >> 32) as u32 ^ counter[3] ^ key[1],
            p0 as u32,
        ];
        key = [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])];
    }
    counter
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The known answers that come with Random123 1.09 (`kat_vectors`).
    #[test]
    fn philox_gives_the_known_answers() {
        let all = u32::MAX;
        for (counter, key, answer) in [
            ([0; 4], [0; 2], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
            ([all; 4], [all; 2], [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
            (
                [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
                [0xa409_3822, 0x299f_31d0],
                [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1],
            ),
        ] {
            assert_eq!(philox(counter, key), answer);
        }
    }

    #[test]
    fn a_group_is_its_scenarios() {
        let streams = Streams::new(7, Purpose::Demand, 1, "85123A");
        let group = streams.group(96, 5);
        for lane in 0..GROUP {
            let alone = streams.words(96 + lane as u32, 5);
            assert_eq!(alone, [0, 1, 2, 3].map(|word: usize| group[word][lane]));
        }
    }

    /// If this fails, every published recommendation changes: bump the major version.
    #[test]
    fn streams_are_stable() {
        let words = |seed, set, item| Streams::new(seed, Purpose::Demand, set, item).words(3, 2)[1];
        let golden = [words(1, 0, "bolts"), words(1, 1, "bolts"), words(1, 0, "nuts")];
        assert_eq!(golden, GOLDEN);
    }

    const GOLDEN: [u32; 3] = [2_719_961_191, 1_451_871_625, 3_533_215_743];

    #[test]
    fn streams_are_distinct() {
        let mut seen = std::collections::BTreeSet::new();
        for item in 0..100 {
            for set in 0..2 {
                for seed in [0, 1, MAX_SEED] {
                    for scenario in 0..20 {
                        let streams = Streams::new(seed, Purpose::Demand, set, &item.to_string());
                        assert!(seen.insert(streams.words(scenario, 0)), "two streams agree");
                    }
                }
            }
        }
    }
}
