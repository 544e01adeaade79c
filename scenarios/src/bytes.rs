//! Numbers as bytes, in few of them: for what other processes are told, and for what there is much of.
//!
//! What is written in some order is read in the same. Readers panic on bytes that were not written so.

use bytemuck::{AnyBitPattern, NoUninit};

/// Adds values as they lie in memory.
pub fn put<T: NoUninit>(bytes: &mut Vec<u8>, values: &[T]) {
    bytes.extend_from_slice(bytemuck::cast_slice(values));
}

/// Adds a number in as many bytes as it needs, of seven bits each.
pub fn put_number(bytes: &mut Vec<u8>, number: u64) {
    let mut rest = number;
    while rest > 0x7f {
        bytes.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    bytes.push(rest as u8);
}

/// Takes so many bytes.
///
/// # Panics
///
/// If there are fewer.
pub fn take<'a>(rest: &mut &'a [u8], count: usize) -> &'a [u8] {
    let (taken, others) = rest.split_at(count);
    *rest = others;
    taken
}

/// Takes a value as it lies in memory.
///
/// # Panics
///
/// If there are too few bytes.
pub fn one<T: AnyBitPattern>(rest: &mut &[u8]) -> T {
    bytemuck::pod_read_unaligned(take(rest, size_of::<T>()))
}

/// Takes so many values.
///
/// # Panics
///
/// If there are too few bytes.
pub fn column<'a, T: AnyBitPattern>(
    rest: &mut &'a [u8],
    count: usize,
) -> impl ExactSizeIterator<Item = T> + 'a {
    let size = size_of::<T>();
    take(rest, count * size).chunks_exact(size).map(bytemuck::pod_read_unaligned)
}

/// Takes a number that [`put_number`] wrote.
///
/// # Panics
///
/// If there are too few bytes.
pub fn number(rest: &mut &[u8]) -> u64 {
    let mut number = 0;
    for place in 0.. {
        let byte = take(rest, 1)[0];
        number |= u64::from(byte & 0x7f) << (7 * place);
        if byte < 0x80 {
            break;
        }
    }
    number
}

/// How a column of units is written: in the fewest bytes that keep every bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// Whole numbers below 256.
    Bytes,
    /// Whole numbers below 65,536.
    Shorts,
    /// In single precision.
    Singles,
    /// In double precision.
    Doubles,
}

impl Units {
    const ALL: [Units; 4] = [Units::Bytes, Units::Shorts, Units::Singles, Units::Doubles];

    /// How these are written.
    pub fn of(units: &(impl Iterator<Item = f64> + Clone)) -> Units {
        let keeps = |written: fn(f64) -> f64| {
            units.clone().all(|units| written(units).to_bits() == units.to_bits())
        };
        if keeps(|units| f64::from(units as u8)) {
            Units::Bytes
        } else if keeps(|units| f64::from(units as u16)) {
            Units::Shorts
        } else if keeps(|units| f64::from(units as f32)) {
            Units::Singles
        } else {
            Units::Doubles
        }
    }

    /// The way of a number below 4; of others in its last two bits.
    pub fn from_code(code: u64) -> Units {
        Units::ALL[code as usize % 4]
    }

    /// Its number, below 4.
    pub fn code(self) -> u64 {
        self as u64
    }

    /// Adds units that can be written so.
    pub fn put(self, bytes: &mut Vec<u8>, units: impl Iterator<Item = f64>) {
        match self {
            Units::Bytes => bytes.extend(units.map(|units| units as u8)),
            Units::Shorts => units.for_each(|units| put(bytes, &[units as u16])),
            Units::Singles => units.for_each(|units| put(bytes, &[units as f32])),
            Units::Doubles => units.for_each(|units| put(bytes, &[units])),
        }
    }

    /// Takes so many units, and hands each over.
    ///
    /// # Panics
    ///
    /// If there are too few bytes.
    pub fn take(self, rest: &mut &[u8], count: usize, hear: impl FnMut(f64)) {
        match self {
            Units::Bytes => column::<u8>(rest, count).map(f64::from).for_each(hear),
            Units::Shorts => column::<u16>(rest, count).map(f64::from).for_each(hear),
            Units::Singles => column::<f32>(rest, count).map(f64::from).for_each(hear),
            Units::Doubles => column::<f64>(rest, count).for_each(hear),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_is_taken() {
        let columns: [(&[f64], Units); 7] = [
            (&[], Units::Bytes),
            (&[0.0, 255.0], Units::Bytes),
            (&[256.0, 65_535.0], Units::Shorts),
            (&[65_536.0, 2.5], Units::Singles),
            (&[-0.0], Units::Singles),
            (&[0.1], Units::Doubles),
            (&[f64::NAN, 1e300], Units::Doubles),
        ];
        let numbers = [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX];
        let mut bytes = Vec::new();
        for (units, way) in columns {
            assert_eq!(Units::of(&units.iter().copied()), way);
            assert_eq!(Units::from_code(way.code()), way);
            way.put(&mut bytes, units.iter().copied());
        }
        for number in numbers {
            put_number(&mut bytes, number);
        }
        put(&mut bytes, &[7_u32, 8]);
        let rest = &mut &bytes[..];
        for (units, way) in columns {
            let mut taken = Vec::new();
            way.take(rest, units.len(), |units| taken.push(units.to_bits()));
            assert!(taken.into_iter().eq(units.iter().map(|units| units.to_bits())));
        }
        for number in numbers {
            assert_eq!(super::number(rest), number);
        }
        assert!(column::<u32>(rest, 2).eq([7, 8]));
        assert!(rest.is_empty());
    }
}
