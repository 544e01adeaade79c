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
    /// Paths of demand that forecasts are made of.
    Forecast = 7,
}

/// The streams of one item for one purpose and set: one stream a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Streams {
    key: [u32; 2],
    item: [u32; 2],
}

/// Scenarios that are drawn together: half a tile, which keeps a wide processor busy.
pub(crate) const GROUP: usize = 32;

/// What a group's scenarios contribute to its draws, whatever the draw.
///
/// After two rounds, words 0 and 1 depend on the draw alone, word 3 on the scenario alone, and
/// word 2 is the exclusive or of a part of each. So these rounds need not be repeated.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub(crate) struct Opening {
    /// Word 2, less what it is for scenario 0.
    pub(crate) word2: [u64; GROUP],
    pub(crate) word3: [u64; GROUP],
}

/// Four draws in the scenarios of a group, as `[draw][scenario]`.
///
/// Aligned to a cache line: so is then all that a function which holds them spills to the stack,
/// which costs a fifth of the speed if it is not.
#[repr(C, align(64))]
pub(crate) struct Words(pub(crate) [[u32; GROUP]; 4]);

/// The state after two rounds of a draw in scenario 0, and the key of the next round.
pub(crate) struct Draw {
    pub(crate) state: [u32; 4],
    pub(crate) key: [u32; 2],
}

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

    /// What scenarios `first..first + GROUP` contribute to their draws.
    pub(crate) fn opening(&self, first: u32) -> Opening {
        let state =
            |scenario| after(OPENING, [0, scenario, self.item[0], self.item[1]], self.key).0;
        let zero = state(0);
        let mut opening = Opening { word2: [0; GROUP], word3: [0; GROUP] };
        for lane in 0..GROUP {
            let state = state(first.wrapping_add(lane as u32));
            opening.word2[lane] = u64::from(state[2] ^ zero[2]);
            opening.word3[lane] = u64::from(state[3]);
        }
        opening
    }

    /// What draws `4 · quad` to `4 · quad + 3` are made of, whatever the scenario.
    #[inline(always)]
    pub(crate) fn draw(&self, quad: u32) -> Draw {
        let (state, key) = after(OPENING, [quad, 0, self.item[0], self.item[1]], self.key);
        Draw { state, key }
    }
}

impl Draw {
    /// The four draws in the scenarios of `opening`.
    #[inline(always)]
    pub(crate) fn group(&self, opening: &Opening) -> Words {
        /// Scenarios at a time: what the registers of AVX2 hold, or nearly.
        const STEP: usize = 16;
        let mut words = Words([[0; GROUP]; 4]);
        for step in 0..GROUP / STEP {
            // 32-bit words in 64-bit lanes: the multiply the vector units have.
            let [mut x0, mut x1, mut x2, mut x3] = self.state.map(|word| [u64::from(word); STEP]);
            for lane in 0..STEP {
                x2[lane] ^= opening.word2[step * STEP + lane];
                x3[lane] = opening.word3[step * STEP + lane];
            }
            let mut key = self.key;
            for _ in OPENING..ROUNDS {
                for lane in 0..STEP {
                    let p0 = (x0[lane] & LOW) * u64::from(MULTIPLIER[0]);
                    let p1 = (x2[lane] & LOW) * u64::from(MULTIPLIER[1]);
                    let n0 = (p1 >> 32) ^ x1[lane] ^ u64::from(key[0]);
                    let n2 = (p0 >> 32) ^ x3[lane] ^ u64::from(key[1]);
                    x1[lane] = p1;
                    x3[lane] = p0;
                    x0[lane] = n0;
                    x2[lane] = n2;
                }
                key = next(key);
            }
            for (words, state) in words.0.iter_mut().zip([x0, x1, x2, x3]) {
                for lane in 0..STEP {
                    words[step * STEP + lane] = state[lane] as u32;
                }
            }
        }
        words
    }
}

pub(crate) const ROUNDS: usize = 10;
/// Rounds that scenarios and draws can be taken through apart from each other.
pub(crate) const OPENING: usize = 2;
const LOW: u64 = 0xFFFF_FFFF;
pub(crate) const MULTIPLIER: [u32; 2] = [0xD251_1F53, 0xCD9E_8D57];
const WEYL: [u32; 2] = [0x9E37_79B9, 0xBB67_AE85];

/// Philox 4x32-10: a bijection of `counter` for each `key` that passes every known test.
pub fn philox(counter: [u32; 4], key: [u32; 2]) -> [u32; 4] {
    after(ROUNDS, counter, key).0
}

/// The state after some rounds, and the key of the next one.
#[inline(always)]
fn after(rounds: usize, mut counter: [u32; 4], mut key: [u32; 2]) -> ([u32; 4], [u32; 2]) {
    for _ in 0..rounds {
        let p0 = u64::from(MULTIPLIER[0]) * u64::from(counter[0]);
        let p1 = u64::from(MULTIPLIER[1]) * u64::from(counter[2]);
        counter = [
            (p1 >> 32) as u32 ^ counter[1] ^ key[0],
            p1 as u32,
            (p0 >> 32) as u32 ^ counter[3] ^ key[1],
            p0 as u32,
        ];
        key = next(key);
    }
    (counter, key)
}

/// The key of the round after one with `key`.
#[inline(always)]
pub(crate) fn next(key: [u32; 2]) -> [u32; 2] {
    [key[0].wrapping_add(WEYL[0]), key[1].wrapping_add(WEYL[1])]
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
        let Words(group) = streams.draw(5).group(&streams.opening(96));
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
