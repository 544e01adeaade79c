//! The series of many items, in little memory.

use std::ops::Range;

use super::Series;
use crate::bytes::{Units, column, number, one, put, put_number, take};

/// The series of many items, each in as few bytes as keep its every bit: a day of whole units takes one.
///
/// A record is its length, what its head says, the item's name, and columns one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedSeries {
    bytes: Vec<u8>,
    /// Where each record ends.
    ends: Vec<usize>,
}

/// Bytes in front of a record that tell its length.
const LENGTH: usize = size_of::<u32>();

/// What is in a record.
const PRICED: u64 = 1;
const PROMOTED: u64 = 1 << 1;
/// Not every period was observed.
const GAPS: u64 = 1 << 2;
/// Some period was sold out.
const SOLD_OUT: u64 = 1 << 3;
/// How units are written; in the two bits from here on.
const UNITS: u32 = 4;

/// The numbers in front of a record.
struct Head {
    flags: u64,
    name: usize,
    first: usize,
    periods: usize,
    prices: usize,
    promotions: usize,
}

impl PackedSeries {
    /// Adds a series behind the others.
    ///
    /// # Panics
    ///
    /// If it takes more than 4 GiB.
    pub fn push(&mut self, series: &Series) {
        let start = self.bytes.len();
        let bytes = &mut self.bytes;
        bytes.extend([0; LENGTH]);
        let has_gaps = series.observed.iter().any(|observed| !observed);
        let sold_out = series.sold_out.iter().any(|out| *out);
        let units = series.units.iter().copied();
        let way = Units::of(&units);
        let flag = |flag: u64, is_set: bool| if is_set { flag } else { 0 };
        let flags = flag(PRICED, series.price.is_some())
            | flag(PROMOTED, series.promoted.to_bits() != 0)
            | flag(GAPS, has_gaps)
            | flag(SOLD_OUT, sold_out)
            | way.code() << UNITS;
        let lengths = [series.units.len(), series.prices.len(), series.promotions.len()];
        for number in [flags, series.item.len() as u64, series.first as u64] {
            put_number(bytes, number);
        }
        for length in lengths {
            put_number(bytes, length as u64);
        }
        bytes.extend_from_slice(series.item.as_bytes());
        if let Some(price) = series.price {
            put(bytes, &[price]);
        }
        if flags & PROMOTED != 0 {
            put(bytes, &[series.promoted]);
        }
        way.put(bytes, units);
        put(bytes, &series.prices);
        put(bytes, &series.promotions);
        for (there, column) in [(has_gaps, &series.observed), (sold_out, &series.sold_out)] {
            if there {
                let byte = |bits: &[bool]| {
                    bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))
                };
                bytes.extend(column.chunks(8).map(byte));
            }
        }
        let length = u32::try_from(bytes.len() - start).expect("a series is not that long");
        bytes[start..start + LENGTH].copy_from_slice(&length.to_ne_bytes());
        self.ends.push(bytes.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The series at a place.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn get(&self, place: usize) -> Series {
        let (head, mut rest) = self.record(place);
        let rest = &mut rest;
        let item = text(take(rest, head.name)).to_owned();
        let price = (head.flags & PRICED != 0).then(|| one(rest));
        let promoted = if head.flags & PROMOTED != 0 { one(rest) } else { 0.0 };
        let mut units = Vec::with_capacity(head.periods);
        Units::from_code(head.flags >> UNITS).take(rest, head.periods, |sold| units.push(sold));
        let prices = column(rest, head.prices).collect();
        let promotions = column(rest, head.promotions).collect();
        let mut bits = |flag: u64, otherwise: bool| {
            if head.flags & flag == 0 {
                return vec![otherwise; head.periods];
            }
            let bytes = take(rest, head.periods.div_ceil(8));
            (0..head.periods).map(|bit| bytes[bit / 8] >> (bit % 8) & 1 == 1).collect()
        };
        let observed = bits(GAPS, true);
        let sold_out = bits(SOLD_OUT, false);
        let first = head.first;
        Series { item, first, units, observed, sold_out, price, promoted, prices, promotions }
    }

    /// The name of the item at a place.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn name(&self, place: usize) -> &str {
        let (head, mut rest) = self.record(place);
        text(take(&mut rest, head.name))
    }

    /// The median price of the item at a place.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn price(&self, place: usize) -> Option<f64> {
        let (head, mut rest) = self.record(place);
        take(&mut rest, head.name);
        (head.flags & PRICED != 0).then(|| one(&mut rest))
    }

    /// The number of periods of the item at a place.
    ///
    /// # Panics
    ///
    /// If there is none.
    pub fn periods(&self, place: usize) -> usize {
        self.record(place).0.periods
    }

    /// The items' names, in order.
    pub fn names(&self) -> impl ExactSizeIterator<Item = &str> + Clone {
        (0..self.len()).map(|place| self.name(place))
    }

    /// The place of an item, if they are in order of their names.
    pub fn find(&self, item: &str) -> Option<usize> {
        let mut places = 0..self.len();
        while let Some(last) = places.len().checked_sub(1) {
            let middle = places.start + last / 2;
            match self.name(middle).cmp(item) {
                std::cmp::Ordering::Equal => return Some(middle),
                std::cmp::Ordering::Less => places.start = middle + 1,
                std::cmp::Ordering::Greater => places.end = middle,
            }
        }
        None
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Series> + '_ {
        (0..self.len()).map(|place| self.get(place))
    }

    /// Changes one of them.
    #[cfg(test)]
    pub(crate) fn change(&mut self, place: usize, change: impl FnOnce(&mut Series)) {
        let mut all: Vec<Series> = self.iter().collect();
        change(&mut all[place]);
        *self = all.into();
    }

    /// Their bytes, in pieces of so many at least.
    pub(super) fn pieces(&self, least: usize) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        let mut ends = self.ends.iter();
        std::iter::from_fn(move || {
            let end = ends.find(|end| **end - start >= least).or(self.ends.last())?;
            let piece = &self.bytes[start..*end];
            start = *end;
            (!piece.is_empty()).then_some(piece)
        })
    }

    /// Adds the records of such a piece.
    ///
    /// # Panics
    ///
    /// If these are not its bytes.
    pub(super) fn go_on(&mut self, piece: &[u8]) {
        self.bytes.extend_from_slice(piece);
        let mut end = self.bytes.len() - piece.len();
        while end < self.bytes.len() {
            let length: u32 = one(&mut &self.bytes[end..]);
            end += length as usize;
            self.ends.push(end);
        }
    }

    fn range(&self, place: usize) -> Range<usize> {
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        start + LENGTH..self.ends[place]
    }

    fn record(&self, place: usize) -> (Head, &[u8]) {
        let mut rest = &self.bytes[self.range(place)];
        let mut number = || number(&mut rest);
        let flags = number();
        let [name, first, periods, prices, promotions] = std::array::from_fn(|_| number() as usize);
        (Head { flags, name, first, periods, prices, promotions }, rest)
    }
}

impl From<Vec<Series>> for PackedSeries {
    fn from(series: Vec<Series>) -> PackedSeries {
        series.into_iter().collect()
    }
}

impl FromIterator<Series> for PackedSeries {
    fn from_iter<I: IntoIterator<Item = Series>>(series: I) -> PackedSeries {
        let mut packed = PackedSeries::default();
        series.into_iter().for_each(|series| packed.push(&series));
        packed
    }
}

/// Names were text when they were packed.
fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Series> {
        let units: [&[f64]; 9] = [
            &[],
            &[0.0],
            &[1.0, 255.0, 0.0],
            &[256.0, 65_535.0],
            &[65_536.0],
            &[-0.0],
            &[2.5, 1e30],
            &[0.1, 7.0],
            &[-3.0, 1e300],
        ];
        let mut all = Vec::new();
        for (number, units) in units.into_iter().enumerate() {
            let plain = Series::new(format!("item {number}"), 7_000 * number, units.to_vec());
            let odd = Series {
                observed: (0..units.len()).map(|period| period % 2 == 1).collect(),
                sold_out: (0..units.len()).map(|period| period % 2 == 0).collect(),
                price: Some(-0.0),
                promoted: 0.25,
                prices: vec![1.5; units.len()],
                promotions: vec![0.1; units.len()],
                ..Series::new(format!("item {number} ä@b"), number, units.to_vec())
            };
            all.extend([plain, odd]);
        }
        let long = Series::new("z", 0, vec![3.0; 1_000]);
        let sold_out = (0..1_000).map(|period| period % 3 == 0).collect();
        all.extend([Series { sold_out, ..long.clone() }, Series { item: "zz".into(), ..long }]);
        all
    }

    #[test]
    fn what_is_packed_comes_out_bit_for_bit() {
        let all = all();
        let packed: PackedSeries = all.clone().into();
        assert_eq!(packed.len(), all.len());
        assert!(PackedSeries::default().is_empty() && !packed.is_empty());
        for (place, series) in all.iter().enumerate() {
            let found = packed.get(place);
            let bits = |series: &Series| -> Vec<u64> {
                series.units.iter().chain(&series.price).map(|units| units.to_bits()).collect()
            };
            assert_eq!((bits(&found), &found), (bits(series), series));
            assert_eq!(packed.name(place), series.item);
            assert_eq!(packed.price(place), series.price);
            assert_eq!(packed.periods(place), series.units.len());
            assert_eq!(packed.find(&series.item), Some(place));
        }
        assert_eq!(packed.find(""), None);
        assert_eq!(packed.find("item 3 "), None);
        assert_eq!(packed.find("zzz"), None);
        assert_eq!(PackedSeries::default().find("a"), None);
        assert!(packed.iter().eq(all.iter().cloned()));
        assert!(packed.names().eq(all.iter().map(|series| &series.item[..])));
        for least in [1, 100, 100_000] {
            let mut heard = PackedSeries::default();
            packed.pieces(least).for_each(|piece| heard.go_on(piece));
            assert_eq!(heard, packed);
        }
    }

    /// A day of whole units is a byte.
    #[test]
    fn series_are_small() {
        let mut packed = PackedSeries::default();
        packed.push(&Series::new("SKU0000001", 0, vec![12.0; 365]));
        assert!(packed.bytes.len() < 365 + 30, "{}", packed.bytes.len());
    }
}
