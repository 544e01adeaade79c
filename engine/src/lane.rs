//! What the lanes of the main loop count in: 16-bit or 32-bit integers where they are exact,
//! 64-bit floating point otherwise.
//!
//! Demand and stock are whole counts, so all three give the same figures; the narrow ones give
//! more of them at a time. [`Width`] is chosen for each item from bounds on what can occur.

use crate::Units;

mod rows;

pub(crate) use rows::{Rows, WithRows};

/// Scenarios that advance together, one lane each.
///
/// Two AVX-512 registers of the narrowest width; the results do not depend on it.
pub const LANES: usize = 64;

/// One number for each of [`LANES`] scenarios, aligned to a cache line: unaligned state makes the
/// speed of the lane loop depend on where the stack happens to lie.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Row<L>(pub [L; LANES]);

impl<L: Lane> Row<L> {
    /// Zero in every lane.
    pub const ZERO: Row<L> = Row([L::ZERO; LANES]);

    /// Each number turned into another one.
    #[inline(always)]
    fn map<To>(&self, turn: impl Fn(L) -> To) -> Row<To> {
        Row(self.0.map(turn))
    }
}

/// How wide the numbers of a block or of a run are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// 16-bit integers.
    Narrow,
    /// 32-bit integers.
    Middle,
    /// 64-bit floating point; whole numbers below 2⁵³ are exact in it, and fractions are allowed.
    Wide,
}

impl Width {
    /// Largest magnitude that narrow lanes may hold: sums of two stay within 16 bits.
    const NARROW: Units = 16_383.0;
    /// The same for 32 bits.
    const MIDDLE: Units = 1_073_741_823.0;

    /// The narrowest width for whole numbers of magnitude at most `largest`.
    pub fn for_whole(largest: Units) -> Width {
        match largest {
            largest if largest <= Width::NARROW => Width::Narrow,
            largest if largest <= Width::MIDDLE => Width::Middle,
            _ => Width::Wide,
        }
    }
}

/// A number in a lane.
///
/// Additions of integers wrap: running sums are unsigned and emptied before they can overflow,
/// see [`Lane::periods_before_overflow`].
pub trait Lane: Copy + Default + PartialOrd + Send + Sync + 'static {
    /// Its width.
    const WIDTH: Width;
    /// Zero.
    const ZERO: Self;
    /// One.
    const ONE: Self;

    /// `value`, which the width was chosen for; what is too large, such as infinity, becomes the
    /// largest number the width may hold.
    fn of(value: Units) -> Self;
    /// A count below 2¹⁵ that was drawn.
    fn drawn(count: u32) -> Self;
    /// A number of a narrow lane.
    fn from_narrow(number: i16) -> Self;
    /// A number of a middle lane, if it fits.
    fn from_middle(number: i32) -> Self;
    /// The number.
    fn value(self) -> Units;
    /// The number as a running sum, which is never negative.
    fn sum(self) -> Units;
    /// `self + other`.
    #[must_use]
    fn plus(self, other: Self) -> Self;
    /// `self − other`.
    #[must_use]
    fn minus(self, other: Self) -> Self;
    /// `self`, which is not negative, rounded up to a multiple of `lot`.
    #[must_use]
    fn rounded_up(self, lot: Lot<Self>) -> Self;
    /// The rows, if they are of this width.
    fn rows(rows: &Rows) -> Option<&[Row<Self>]>;
    /// After how many additions of at most `largest` a running sum must be emptied.
    fn periods_before_overflow(largest: Units) -> usize;

    /// The smaller one.
    #[inline(always)]
    #[must_use]
    fn least(self, other: Self) -> Self {
        if self < other { self } else { other }
    }

    /// The larger one.
    #[inline(always)]
    #[must_use]
    fn most(self, other: Self) -> Self {
        if self > other { self } else { other }
    }

    /// One if there is any of `self`, which is not negative, else zero.
    #[inline(always)]
    #[must_use]
    fn any(self) -> Self {
        Self::one_if(self > Self::ZERO)
    }

    /// One if it holds, else zero.
    #[inline(always)]
    fn one_if(holds: bool) -> Self {
        if holds { Self::ONE } else { Self::ZERO }
    }
}

/// A lot size, ready to divide by: the quotient of integers is a multiplication and a shift.
///
/// Granlund & Montgomery, *Division by Invariant Integers using Multiplication*, PLDI (1994),
/// theorem 4.2, for dividends of one bit less than the word.
#[derive(Clone, Copy, Debug)]
pub struct Lot<L> {
    size: L,
    magic: u32,
    shift: u32,
}

impl<L: Lane> Lot<L> {
    /// The lot of `size`, a positive number of counts within the width.
    pub fn new(size: Units) -> Lot<L> {
        let bits = match L::WIDTH {
            Width::Narrow => 15,
            Width::Middle => 31,
            Width::Wide => return Lot { size: L::of(size), magic: 0, shift: 0 },
        };
        let divisor = size as u64;
        let shift = divisor.next_power_of_two().trailing_zeros();
        let magic = (1_u64 << (bits + shift)).div_ceil(divisor);
        Lot { size: L::of(size), magic: magic as u32, shift }
    }
}

macro_rules! integer_lane {
    ($signed:ty, $unsigned:ty, $double:ty, $width:ident, $largest:expr) => {
        impl Lane for $signed {
            const WIDTH: Width = Width::$width;
            const ZERO: Self = 0;
            const ONE: Self = 1;

            #[inline(always)]
            fn of(value: Units) -> Self {
                value.clamp(-$largest, $largest) as Self
            }

            #[inline(always)]
            fn drawn(count: u32) -> Self {
                count as Self
            }

            #[inline(always)]
            fn from_narrow(number: i16) -> Self {
                number.into()
            }

            #[inline(always)]
            fn from_middle(number: i32) -> Self {
                number as Self
            }

            #[inline(always)]
            fn value(self) -> Units {
                self.into()
            }

            #[inline(always)]
            fn sum(self) -> Units {
                (self as $unsigned).into()
            }

            #[inline(always)]
            fn plus(self, other: Self) -> Self {
                self.wrapping_add(other)
            }

            #[inline(always)]
            fn minus(self, other: Self) -> Self {
                self.wrapping_sub(other)
            }

            #[inline(always)]
            fn rounded_up(self, lot: Lot<Self>) -> Self {
                // The dividend is below half the width's range, so twice it fits the word.
                let dividend = self.wrapping_add(lot.size).wrapping_sub(1) as $unsigned;
                let product =
                    <$double>::from(dividend << 1) * <$double>::from(lot.magic as $unsigned);
                let lots = ((product >> <$unsigned>::BITS) as $unsigned) >> lot.shift;
                (lots as Self).wrapping_mul(lot.size)
            }

            fn rows(rows: &Rows) -> Option<&[Row<Self>]> {
                match rows {
                    Rows::$width(rows) => Some(rows),
                    _ => None,
                }
            }

            // The smaller of two takes one instruction, a comparison that is counted takes two.
            #[inline(always)]
            fn any(self) -> Self {
                self.least(Self::ONE)
            }

            fn periods_before_overflow(largest: Units) -> usize {
                (Units::from(<$unsigned>::MAX) / largest.max(1.0)) as usize
            }
        }
    };
}

integer_lane!(i16, u16, u32, Narrow, Width::NARROW);
integer_lane!(i32, u32, u64, Middle, Width::MIDDLE);

impl Lane for f64 {
    const WIDTH: Width = Width::Wide;
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;

    #[inline(always)]
    fn of(value: Units) -> Self {
        value
    }

    #[inline(always)]
    fn drawn(count: u32) -> Self {
        count.into()
    }

    #[inline(always)]
    fn from_narrow(number: i16) -> Self {
        number.into()
    }

    #[inline(always)]
    fn from_middle(number: i32) -> Self {
        number.into()
    }

    #[inline(always)]
    fn value(self) -> Units {
        self
    }

    #[inline(always)]
    fn sum(self) -> Units {
        self
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }

    #[inline(always)]
    fn rounded_up(self, lot: Lot<Self>) -> Self {
        (self / lot.size).ceil() * lot.size
    }

    fn rows(rows: &Rows) -> Option<&[Row<Self>]> {
        match rows {
            Rows::Wide(rows) => Some(rows),
            _ => None,
        }
    }

    fn periods_before_overflow(_largest: Units) -> usize {
        usize::MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn every_quotient<L: Lane>(dividends: &[u32], lots: &[u32]) {
        for &lot in lots {
            let size = Lot::new(f64::from(lot));
            for &dividend in dividends {
                let rounded = L::of(f64::from(dividend)).rounded_up(size);
                let expected = f64::from(dividend.div_ceil(lot)) * f64::from(lot);
                assert_eq!(rounded.value(), expected, "{dividend} in lots of {lot}");
            }
        }
    }

    /// Every dividend and a wide choice of lots, against integer division.
    #[test]
    fn lots_are_exact_in_every_width() {
        let lots: Vec<u32> = (1..200).chain([255, 256, 257, 1_000, 4_095, 8_191]).collect();
        every_quotient::<i16>(&(0..8_192).collect::<Vec<_>>(), &lots);
        let wide = [1, 3, 7, 12, 1_000, 65_537, 1_000_000, 299_999_999];
        let far = (0..2_000).map(|k| 134_217 * k).chain([536_870_911]);
        let dividends: Vec<u32> = (0..2_000).chain(far).collect();
        every_quotient::<i32>(&dividends, &wide);
        every_quotient::<f64>(&dividends, &wide);
    }

    #[test]
    fn running_sums_are_emptied_in_time() {
        let periods = i16::periods_before_overflow(900.0);
        let mut sum = 0_i16;
        for _ in 0..periods {
            sum = sum.plus(900);
        }
        assert_eq!(sum.sum(), 900.0 * periods as f64);
    }

    #[test]
    fn what_is_too_large_stays_a_number() {
        assert_eq!(i16::of(f64::INFINITY).value(), 16_383.0);
        assert_eq!(i32::of(-1e12).value(), -1_073_741_823.0);
        assert_eq!(Width::for_whole(16_384.0), Width::Middle);
    }
}
