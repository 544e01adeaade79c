//! Sums whose bits do not depend on the order in which they were added up.

/// Numbers that are added up in whole steps of 2⁻⁴⁰: such sums are exact, so that any number of threads
/// and ranks comes to the same bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums(Vec<i128>);

/// Steps in one.
const STEPS: f64 = (1_u64 << 40) as f64;

impl Sums {
    /// As many sums of nothing.
    pub fn new(count: usize) -> Sums {
        Sums(vec![0; count])
    }

    /// Adds `value`, to the nearest step, to the sum at `place`.
    ///
    /// # Panics
    ///
    /// If there is no such place.
    pub fn add(&mut self, place: usize, value: f64) {
        debug_assert!(value.is_finite(), "{value} at {place}");
        self.0[place] += (value * STEPS).round_ties_even() as i128;
    }

    /// The sums.
    pub fn values(&self) -> Vec<f64> {
        self.0.iter().map(|sum| *sum as f64 / STEPS).collect()
    }

    pub(crate) fn steps(&self) -> &[i128] {
        &self.0
    }

    pub(crate) fn merge(&mut self, others: &[i128]) {
        for (sum, other) in self.0.iter_mut().zip(others) {
            *sum += other;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_does_not_matter() {
        let values: Vec<f64> = (0..1_000_u32).map(|i| 1e6 / f64::from(i + 1) - 300.7).collect();
        let sum = |values: &mut dyn Iterator<Item = &f64>| {
            let mut sums = Sums::new(2);
            values.for_each(|value| sums.add(1, *value));
            sums
        };
        let forth = sum(&mut values.iter());
        assert_eq!(forth, sum(&mut values.iter().rev()));
        let (odd, even): (Vec<f64>, Vec<f64>) = values.iter().partition(|value| **value > 0.0);
        let mut parts = sum(&mut odd.iter());
        parts.merge(sum(&mut even.iter()).steps());
        assert_eq!(forth, parts);
        let plain: f64 = values.iter().sum();
        assert!((forth.values()[1] - plain).abs() < 1e-6 && forth.values()[0] == 0.0);
    }
}
