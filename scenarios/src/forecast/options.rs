//! What may be set of a model instead of being estimated from each item's own past.

use super::Past;
use super::{Family, Fitted};

/// The most options of a model.
pub const MOST_OPTIONS: usize = 2;

/// Something that a model usually estimates, and that may be set.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tunable {
    /// Name in reports and in the study file.
    pub name: &'static str,
    /// Least value.
    pub least: f64,
    /// Largest value.
    pub most: f64,
    /// How values between these are spread.
    pub scale: Scale,
}

/// How values are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Evenly.
    Linear,
    /// Evenly in their logarithms.
    Logarithmic,
    /// The same, and each is a whole number.
    Whole,
}

impl Tunable {
    /// The value at a place from 0, the least, to 1, the largest.
    pub fn value(&self, place: f64) -> f64 {
        let between = |low: f64, high: f64| low + place.clamp(0.0, 1.0) * (high - low);
        let value = match self.scale {
            Scale::Linear => between(self.least, self.most),
            Scale::Logarithmic => libm::exp(between(libm::log(self.least), libm::log(self.most))),
            Scale::Whole => {
                // Each whole number has room around it, the ends as well.
                let ends = [self.least - 0.49, self.most + 0.49].map(libm::log);
                libm::exp(between(ends[0], ends[1])).round()
            }
        };
        value.clamp(self.least, self.most)
    }
}

/// Values of a model's options, in the order of its [`Family::options`].
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(transparent)]
pub struct Setting([f64; MOST_OPTIONS]);

impl Setting {
    /// Every option as each item's own past has it.
    pub const OWN: Setting = Setting([f64::NAN; MOST_OPTIONS]);

    /// The values at a `point`, whose coordinates are places from 0 to 1.
    pub fn at(options: &[Tunable], point: &[f64]) -> Setting {
        let mut setting = Setting::OWN;
        for ((value, option), place) in setting.0.iter_mut().zip(options).zip(point) {
            *value = option.value(*place);
        }
        setting
    }

    /// The same with one option set.
    #[must_use]
    pub fn with(mut self, place: usize, value: f64) -> Setting {
        self.0[place] = value;
        self
    }

    /// The value of the option at `place`; `None` if it is to be estimated.
    pub fn get(&self, place: usize) -> Option<f64> {
        (!self.0[place].is_nan()).then_some(self.0[place])
    }

    /// The same as a whole number.
    pub fn whole(&self, place: usize) -> Option<usize> {
        self.get(place).map(|value| value as usize)
    }

    /// Whether every option is estimated.
    pub fn is_own(&self) -> bool {
        self.0.iter().all(|value| value.is_nan())
    }
}

impl Family {
    /// The model with every option estimated from `past`; `None` if that says too little.
    pub fn estimated(&self, past: &Past<'_>) -> Option<Box<dyn Fitted>> {
        (self.fit)(past, &Setting::OWN)
    }
}

#[cfg(test)]
mod tests {
    use super::super::CATALOGUE;
    use super::*;

    #[test]
    fn places_reach_every_value_and_no_other() {
        let window = Tunable { name: "window", least: 1.0, most: 6.0, scale: Scale::Whole };
        let mut values: Vec<f64> =
            (0..=1_000).map(|place| window.value(f64::from(place) / 1e3)).collect();
        assert!(values.is_sorted());
        values.dedup();
        assert_eq!(values, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        let share = Tunable { name: "share", least: 0.01, most: 1.0, scale: Scale::Logarithmic };
        let near = |found: f64, value: f64| assert!((found - value).abs() < 1e-12, "{found}");
        near(share.value(0.5), 0.1);
        near(share.value(-1.0), 0.01);
        near(share.value(2.0), 1.0);
        near(Tunable { scale: Scale::Linear, ..share }.value(0.25), 0.2575);
        let setting = Setting::at(&[share], &[0.5]);
        near(setting.get(0).expect("it was set"), 0.1);
        assert!(setting.get(1).is_none() && !setting.is_own() && Setting::OWN.is_own());
    }

    #[test]
    fn options_fit_into_a_setting_and_have_room() {
        for family in CATALOGUE {
            assert!(family.options.len() <= MOST_OPTIONS, "{}", family.name);
            for option in family.options {
                let sound = option.least < option.most && option.least.is_finite();
                let positive = option.scale == Scale::Linear || option.least > 0.0;
                assert!(sound && positive, "{} {}", family.name, option.name);
            }
        }
    }
}
