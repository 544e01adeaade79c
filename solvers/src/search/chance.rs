//! Random numbers of searches: the same in every run.

/// `SplitMix64`: Steele, Lea & Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA (2014).
pub(super) struct Chance(u64);

impl Chance {
    /// The numbers of a search; every search has the same.
    pub(super) fn new() -> Chance {
        Chance(0x5eed_0f5e_a3c4_1e57)
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number between 0 and 1.
    pub(super) fn uniform(&mut self) -> f64 {
        ((self.word() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// A standard normal number (Box & Muller 1958).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(core::f64::consts::TAU * self.uniform())
    }

    /// A place below `count`.
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.word()) * count as u128) >> 64) as usize
    }
}
