//! Teunter, Syntetos and Babai's method: size and probability of demand, each smoothed, the latter
//! in every period, so that what is not sold any more is forgotten.

use std::sync::Arc;

use super::croston::SizeAndOccurrence;
use super::factors::Factors;
use super::occurrence::{Occurring, Occurs, best_shares, occasions, opening};
use super::options::{Scale, Setting, Tunable};
use super::simple::lasting;
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "tsb",
    summary: "the size of demands and whether there are any, each smoothed",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(Tsb::fit(past, setting)?)),
};

const OPTIONS: &[Tunable] = &[
    Tunable { name: "share_of_sizes", least: 0.005, most: 0.5, scale: Scale::Logarithmic },
    Tunable { name: "share_of_probability", least: 0.005, most: 0.5, scale: Scale::Logarithmic },
];

/// Sizes of demands and their probability, smoothed.
///
/// Teunter, Syntetos & Babai, *Intermittent Demand: Linking Forecasting to Inventory Obsolescence*,
/// European Journal of Operational Research 214 (2011) 606–615.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeAndProbability {
    /// Expected size of a demand \[counts\].
    pub size: f64,
    /// Probability of a demand in a period.
    pub probability: f64,
}

impl SizeAndProbability {
    /// Goes through `demand` \[counts/period\], period by period.
    #[must_use]
    pub fn after(mut self, demand: &[f64], shares: SizeAndOccurrence) -> SizeAndProbability {
        for &demand in demand {
            self.learn(1.0, demand, shares);
        }
        self
    }

    #[inline]
    fn learn(&mut self, exposure: f64, size: f64, shares: SizeAndOccurrence) {
        // Each step waits for the last: so that it is one operation, and without a branch, which
        // nobody could predict.
        let occurs = size > 0.0;
        let moved = (1.0 - shares.size) * self.size + shares.size * size;
        self.size = if occurs { moved } else { self.size };
        let kept = 1.0 - shares.occurrence * exposure;
        let occurred = if occurs { shares.occurrence } else { 0.0 };
        self.probability = kept * self.probability + occurred;
    }

    /// Expected demand \[counts/period\].
    pub fn rate(&self) -> f64 {
        self.size * self.probability
    }
}

/// Its parameters.
struct Tsb {
    shares: SizeAndOccurrence,
    first: SizeAndProbability,
    factors: Arc<Factors>,
}

impl Tsb {
    fn fit(past: &Past<'_>, setting: &Setting) -> Option<Tsb> {
        let factors = Factors::of(past);
        let occasions = occasions(past, &factors)?;
        let opening = opening(&occasions);
        let first = SizeAndProbability { size: opening.size, probability: opening.probability };
        let [size, occurrence] = best_shares(&occasions, setting, |[size, occurrence]| Smoothed {
            levels: first,
            shares: SizeAndOccurrence { size, occurrence },
            demands: 0.0,
        });
        let shares = SizeAndOccurrence { size, occurrence };
        Some(Tsb { shares, first, factors: Arc::new(factors) })
    }
}

impl Fitted for Tsb {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let state = Smoothed { levels: self.first, shares: self.shares, demands: 0.0 };
        Occurring::forecast(state, &self.factors, past)
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("share_of_sizes", self.shares.size),
            ("share_of_probability", self.shares.occurrence),
            ("first_size", self.first.size),
            ("first_probability", self.first.probability),
        ]
    }
}

/// The state.
#[derive(Clone)]
struct Smoothed {
    levels: SizeAndProbability,
    shares: SizeAndOccurrence,
    demands: f64,
}

impl Occurs for Smoothed {
    fn probability(&self) -> f64 {
        self.levels.probability
    }

    fn size(&self) -> f64 {
        self.levels.size
    }

    fn learn(&mut self, exposure: f64, size: f64) {
        self.levels.learn(exposure, size, self.shares);
        self.demands += f64::from(u8::from(size > 0.0));
    }

    fn demands_averaged(&self) -> f64 {
        lasting(self.shares.size.min(self.shares.occurrence), self.demands)
    }
}
