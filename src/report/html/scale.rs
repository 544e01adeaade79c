//! Scales of the charts: from values to places on a canvas 1,000 wide.

use serde::Serialize;

/// Width of a letter on the canvas, generously.
pub(in crate::report) const LETTER: f64 = 7.4;

/// A straight scale from values to places on the canvas, with round ticks.
pub(in crate::report) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    pub(in crate::report) to: f64,
    step: f64,
}

impl Scale {
    /// A scale that holds all the values between `from` and `to`, with about `wanted` ticks.
    pub(in crate::report) fn over(
        values: impl IntoIterator<Item = f64>,
        from: f64,
        to: f64,
        wanted: f64,
    ) -> Scale {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|value| value.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        let margin = if high > low { 0.04 * (high - low) } else { high.abs().max(1e-6) / 10.0 };
        let (low, high) = (low - margin, high + margin);
        Scale { low, high, from, to, step: round_step((high - low) / wanted) }
    }

    /// Where a value stands, to a tenth.
    pub(in crate::report) fn place(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.high - self.low);
        if share.is_nan() {
            return self.from;
        }
        tenth(self.from + share.clamp(0.0, 1.0) * (self.to - self.from))
    }

    /// The ticks, with the label that `label` gives a value and its decimals.
    pub(in crate::report) fn ticks(&self, label: impl Fn(f64, usize) -> String) -> Vec<Tick> {
        let decimals = (0..9).find(|&places| self.step >= power(-places)).unwrap_or(9) as usize;
        let first = (self.low / self.step).ceil();
        (0..24)
            .map(|index| (first + f64::from(index)) * self.step)
            .take_while(|value| *value <= self.high)
            .map(|value| Tick { at: self.place(value), label: label(value, decimals) })
            .collect()
    }
}

/// Ten to a whole power, without asking the machine's library.
fn power(exponent: i32) -> f64 {
    let size = (0..exponent.abs()).fold(1.0, |product, _| product * 10.0);
    if exponent < 0 { 1.0 / size } else { size }
}

/// The next of 1, 2, 5, 10, … that is no smaller.
fn round_step(size: f64) -> f64 {
    for exponent in -9..15 {
        for leading in [1.0, 2.0, 5.0] {
            if leading * power(exponent) >= size {
                return leading * power(exponent);
            }
        }
    }
    size
}

/// Places are written to a tenth.
pub(in crate::report) fn tenth(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

/// A labelled place on an axis.
#[derive(Serialize)]
pub(in crate::report) struct Tick {
    pub(super) at: f64,
    pub(super) label: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::figures::number;

    #[test]
    fn ticks_are_round_and_inside() {
        let scale = Scale::over([812.0, 1312.0], 100.0, 500.0, 5.0);
        let ticks = scale.ticks(number);
        let labels: Vec<&str> = ticks.iter().map(|tick| tick.label.as_str()).collect();
        assert_eq!(labels, ["800", "1,000", "1,200"]);
        assert!(ticks.iter().all(|tick| (100.0..=500.0).contains(&tick.at)));
    }

    #[test]
    fn scales_exist_for_no_value_one_value_and_no_number() {
        for values in [vec![], vec![0.0], vec![5.0, 5.0], vec![f64::NAN], vec![1e-9, 2e-9]] {
            let scale = Scale::over(values.iter().copied(), 0.0, 100.0, 5.0);
            assert!(!scale.ticks(number).is_empty(), "{values:?}");
            for value in values {
                assert!((0.0..=100.0).contains(&scale.place(value)), "{value}");
            }
        }
    }
}
