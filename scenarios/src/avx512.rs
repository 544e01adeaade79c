//! Drawing with the instructions of AVX-512, where compilers find a slow way or none.
//!
//! Every function gives what its portable counterpart gives, bit for bit. They are safe to call
//! where the compiler knows of the features: in the variant that `multiversion` compiles for such
//! processors. A program that is compiled for them as a whole has no such variant, and is left
//! with the portable functions.

/// Cells of the tables that fit in registers.
pub(crate) const CELLS: usize = 64;

#[cfg(all(target_arch = "x86_64", not(target_feature = "avx512f")))]
pub(crate) use instructions::{Registers, group, look_up, look_up_in_registers};
#[cfg(all(target_arch = "x86_64", target_feature = "avx512f"))]
pub(crate) use portable::{group, look_up, look_up as look_up_in_registers};

/// An alias table of the smallest size.
#[cfg(any(not(target_arch = "x86_64"), target_feature = "avx512f"))]
pub(crate) type Registers = [u64; CELLS];

#[cfg(all(target_arch = "x86_64", target_feature = "avx512f"))]
mod portable {
    use crate::stream::{Draw, Opening, Words};
    pub(crate) use crate::table::look_up;

    /// [`Draw::group`].
    #[inline(always)]
    pub(crate) fn group(draw: &Draw, opening: &Opening) -> Words {
        draw.group(opening)
    }
}

#[cfg(all(target_arch = "x86_64", not(target_feature = "avx512f")))]
mod instructions {
    use core::arch::x86_64::{
        __m512i, _mm_cvtsi32_si128, _mm512_cmpeq_epi16_mask, _mm512_cmpge_epu32_mask,
        _mm512_cmplt_epu16_mask, _mm512_cvtepi32_epi16, _mm512_mask_blend_epi16,
        _mm512_mask_cmplt_epu16_mask, _mm512_mask_srli_epi32, _mm512_mul_epu32,
        _mm512_permutex2var_epi16, _mm512_permutex2var_epi32, _mm512_set_epi64, _mm512_set1_epi32,
        _mm512_sll_epi32, _mm512_srli_epi16, _mm512_srli_epi64, _mm512_ternarylogic_epi32,
        _mm512_ternarylogic_epi64, _mm512_xor_si512,
    };

    use bytemuck::must_cast;

    use super::CELLS;
    use crate::stream::{Draw, GROUP, MULTIPLIER, OPENING, Opening, ROUNDS, Words, next};

    /// Registers of eight words that a group fills.
    const VECTORS: usize = GROUP / 8;
    /// Exclusive or of three, for the instruction that knows all functions of three bits.
    const PARITY: i32 = 0b1001_0110;
    /// Places of the even elements of two registers, taken one after the other.
    const EVEN: [u32; 16] = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30];
    const ODD: [u32; 16] = [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31];

    /// An alias table of the smallest size, in eight registers.
    ///
    /// A lane of 16 bits holds a cell in its upper bits, so that the words themselves can be compared
    /// with the limits.
    #[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
    #[repr(C, align(64))]
    pub(crate) struct Registers {
        /// Upper halves of the words from which on a cell's alias holds.
        upper: [u16; CELLS],
        /// Their lower halves.
        lower: [u16; CELLS],
        /// What the cell itself stands for \[counts\].
        own: [u16; CELLS],
        /// What its alias stands for \[counts\].
        other: [u16; CELLS],
    }

    impl From<[u64; CELLS]> for Registers {
        /// The same as a table of narrow draws.
        fn from(narrow: [u64; CELLS]) -> Registers {
            let bits = CELLS.trailing_zeros();
            let limit =
                |cell: usize| (cell as u32) << (32 - bits) | (narrow[cell] >> 32) as u32 >> bits;
            Registers {
                upper: std::array::from_fn(|cell| (limit(cell) >> 16) as u16),
                lower: std::array::from_fn(|cell| limit(cell) as u16),
                own: narrow.map(|entry| entry as u16),
                other: narrow.map(|entry| (entry >> 16) as u16),
            }
        }
    }

    /// [`Draw::group`].
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
    pub(crate) fn group(draw: &Draw, opening: &Opening) -> Words {
        let all = |word: u32| _mm512_set1_epi32(word as i32);
        let multiplier = MULTIPLIER.map(all);
        let word2: [__m512i; VECTORS] = must_cast(opening.word2);
        let word3: [__m512i; VECTORS] = must_cast(opening.word3);
        let [x0, x1, x2, _] = draw.state.map(all);
        let mut state = [[x0; 4]; VECTORS];
        for vector in 0..VECTORS {
            state[vector] = [x0, x1, _mm512_xor_si512(x2, word2[vector]), word3[vector]];
        }
        let mut keys = [draw.key; ROUNDS - OPENING];
        for round in 1..keys.len() {
            keys[round] = next(keys[round - 1]);
        }
        let [keys @ .., last] = keys.map(|key| key.map(all));
        for keys in keys {
            for vector in 0..VECTORS {
                // 32-bit words in 64-bit lanes; what the upper halves hold does not matter.
                let [x0, x1, x2, x3] = state[vector];
                let p0 = _mm512_mul_epu32(x0, multiplier[0]);
                let p1 = _mm512_mul_epu32(x2, multiplier[1]);
                let (high0, high1) = (_mm512_srli_epi64(p0, 32), _mm512_srli_epi64(p1, 32));
                let n0 = _mm512_ternarylogic_epi64(high1, x1, keys[0], PARITY);
                let n2 = _mm512_ternarylogic_epi64(high0, x3, keys[1], PARITY);
                state[vector] = [n0, p1, n2, p0];
            }
        }
        // The last round takes the halves of two registers together on the way.
        let low = |a, b| _mm512_permutex2var_epi32(a, must_cast(EVEN), b);
        let high = |a, b| _mm512_permutex2var_epi32(a, must_cast(ODD), b);
        let mut words = [[last[0]; VECTORS / 2]; 4];
        for (at, pair) in state.chunks_exact(2).enumerate() {
            let p0 = [0, 1].map(|half: usize| _mm512_mul_epu32(pair[half][0], multiplier[0]));
            let p1 = [0, 1].map(|half: usize| _mm512_mul_epu32(pair[half][2], multiplier[1]));
            let x1 = low(pair[0][1], pair[1][1]);
            let x3 = low(pair[0][3], pair[1][3]);
            words[0][at] = _mm512_ternarylogic_epi32(high(p1[0], p1[1]), x1, last[0], PARITY);
            words[1][at] = low(p1[0], p1[1]);
            words[2][at] = _mm512_ternarylogic_epi32(high(p0[0], p0[1]), x3, last[1], PARITY);
            words[3][at] = low(p0[0], p0[1]);
        }
        Words(words.map(must_cast))
    }

    /// [`look_up`](crate::table::look_up) without memory: permutations are look-ups in registers.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
    pub(crate) fn look_up_in_registers(words: &[u32; GROUP], table: &Registers) -> [u16; GROUP] {
        const LOWER: [u16; 32] = places(0);
        const UPPER: [u16; 32] = places(1);
        let [first, second]: [__m512i; 2] = must_cast(*words);
        let upper = _mm512_permutex2var_epi16(first, must_cast(UPPER), second);
        let lower = _mm512_permutex2var_epi16(first, must_cast(LOWER), second);
        let cells = _mm512_srli_epi16(upper, 16 - CELLS.trailing_zeros());
        let of_cells = |table: [u16; CELLS]| {
            let [first, second]: [__m512i; 2] = must_cast(table);
            _mm512_permutex2var_epi16(first, cells, second)
        };
        let limit = of_cells(table.upper);
        let equal = _mm512_cmpeq_epi16_mask(upper, limit);
        let own = _mm512_cmplt_epu16_mask(upper, limit)
            | _mm512_mask_cmplt_epu16_mask(equal, lower, of_cells(table.lower));
        must_cast(_mm512_mask_blend_epi16(own, of_cells(table.other), of_cells(table.own)))
    }

    /// Places of every second half-word of two registers.
    const fn places(from: u16) -> [u16; 32] {
        let mut places = [from; 32];
        let mut at = 1;
        while at < places.len() {
            places[at] = places[at - 1] + 2;
            at += 1;
        }
        places
    }

    /// [`look_up`](crate::table::look_up) with scalar loads, which are faster than a gather.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512bw,avx512vl")]
    pub(crate) fn look_up<const CELLS: usize>(
        words: &[u32; GROUP],
        table: &[u64; CELLS],
    ) -> [u16; GROUP] {
        let bits = CELLS.trailing_zeros();
        let mut drawn = [0; GROUP];
        let (from, _) = words.as_chunks::<16>();
        let (to, _) = drawn.as_chunks_mut::<16>();
        for (words, drawn) in from.iter().zip(to) {
            let at = |lane: usize| table[(words[lane] >> (32 - bits)) as usize] as i64;
            let first = _mm512_set_epi64(at(7), at(6), at(5), at(4), at(3), at(2), at(1), at(0));
            let second =
                _mm512_set_epi64(at(15), at(14), at(13), at(12), at(11), at(10), at(9), at(8));
            let values = _mm512_permutex2var_epi32(first, must_cast(EVEN), second);
            let limits = _mm512_permutex2var_epi32(first, must_cast(ODD), second);
            let fractions = _mm512_sll_epi32(must_cast(*words), _mm_cvtsi32_si128(bits as i32));
            let other = _mm512_cmpge_epu32_mask(fractions, limits);
            let values = _mm512_mask_srli_epi32(values, other, values, 16);
            *drawn = must_cast(_mm512_cvtepi32_epi16(values));
        }
        drawn
    }
}
