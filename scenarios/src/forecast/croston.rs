//! Croston's method: the size of demands and the time between them, each smoothed.

use std::sync::Arc;

use super::factors::Factors;
use super::occurrence::{Occurring, Occurs, best_shares, occasions, opening};
use super::options::{Scale, Setting, Tunable};
use super::simple::lasting;
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "croston",
    summary: "the size of demands and the time between them, each smoothed",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(Croston::fit(past, setting, false)?)),
};

pub(super) const SBA: Family = Family {
    name: "croston-sba",
    summary: "as croston, less what the average of an inverse is too high",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(Croston::fit(past, setting, true)?)),
};

const OPTIONS: &[Tunable] = &[
    Tunable { name: "share_of_sizes", least: 0.005, most: 0.5, scale: Scale::Logarithmic },
    Tunable { name: "share_of_intervals", least: 0.005, most: 0.5, scale: Scale::Logarithmic },
];

/// How far smoothed values move towards what was seen: shares of the error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeAndOccurrence {
    /// Of sizes.
    pub size: f64,
    /// Of intervals, or of the probability.
    pub occurrence: f64,
}

/// Sizes of demands and the time between them, smoothed.
///
/// Croston, *Forecasting and Stock Control for Intermittent Demands*, Operational Research Quarterly
/// 23 (1972) 289–303; with a share for each, Schultz, *Forecasting and Inventory Control for Sporadic
/// Demand under Periodic Review*, Journal of the Operational Research Society 38 (1987) 453–458.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SizeAndInterval {
    /// Expected size of a demand \[counts\].
    pub size: f64,
    /// Expected time from one demand to the next \[periods\].
    pub interval: f64,
    /// Time since the last demand \[periods\].
    pub since: f64,
}

impl SizeAndInterval {
    /// Goes through `demand` \[counts/period\], period by period.
    #[must_use]
    pub fn after(mut self, demand: &[f64], shares: SizeAndOccurrence) -> SizeAndInterval {
        for &demand in demand {
            self.learn(1.0, demand, shares);
        }
        self
    }

    #[inline]
    fn learn(&mut self, exposure: f64, size: f64, shares: SizeAndOccurrence) {
        // Without a branch, which nobody could predict.
        let occurs = size > 0.0;
        let since = self.since + exposure;
        let moved = (1.0 - shares.size) * self.size + shares.size * size;
        let waited = (1.0 - shares.occurrence) * self.interval + shares.occurrence * since;
        self.size = if occurs { moved } else { self.size };
        self.interval = if occurs { waited } else { self.interval };
        self.since = if occurs { 0.0 } else { since };
    }

    /// Expected demand \[counts/period\], Croston (1972).
    pub fn rate(&self) -> f64 {
        self.size / self.interval
    }

    /// Expected demand less the bias of its inverse \[counts/period\], `(1 − β/2) z/p`: Syntetos &
    /// Boylan, *The Accuracy of Intermittent Demand Estimates*, International Journal of Forecasting
    /// 21 (2005) 303–314.
    pub fn unbiased_rate(&self, shares: SizeAndOccurrence) -> f64 {
        (1.0 - 0.5 * shares.occurrence) * self.rate()
    }
}

/// Parameters of Croston's method and of Syntetos and Boylan's.
struct Croston {
    shares: SizeAndOccurrence,
    first: SizeAndInterval,
    unbiased: bool,
    factors: Arc<Factors>,
}

impl Croston {
    fn fit(past: &Past<'_>, setting: &Setting, unbiased: bool) -> Option<Croston> {
        let factors = Factors::of(past);
        let occasions = occasions(past, &factors)?;
        let opening = opening(&occasions);
        let first =
            SizeAndInterval { size: opening.size, interval: 1.0 / opening.probability, since: 0.0 };
        let [size, occurrence] = best_shares(&occasions, setting, |[size, occurrence]| {
            Smoothed::new(first, SizeAndOccurrence { size, occurrence }, unbiased)
        });
        let shares = SizeAndOccurrence { size, occurrence };
        Some(Croston { shares, first, unbiased, factors: Arc::new(factors) })
    }
}

impl Fitted for Croston {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let state = Smoothed::new(self.first, self.shares, self.unbiased);
        Occurring::forecast(state, &self.factors, past)
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("share_of_sizes", self.shares.size),
            ("share_of_intervals", self.shares.occurrence),
            ("first_size", self.first.size),
            ("first_interval", self.first.interval),
        ]
    }
}

/// The state.
#[derive(Clone)]
struct Smoothed {
    levels: SizeAndInterval,
    shares: SizeAndOccurrence,
    /// What the inverse of the interval is multiplied by.
    correction: f64,
    probability: f64,
    demands: f64,
}

impl Smoothed {
    fn new(levels: SizeAndInterval, shares: SizeAndOccurrence, unbiased: bool) -> Smoothed {
        let correction = if unbiased { 1.0 - 0.5 * shares.occurrence } else { 1.0 };
        let probability = correction / levels.interval;
        Smoothed { levels, shares, correction, probability, demands: 0.0 }
    }
}

impl Occurs for Smoothed {
    fn probability(&self) -> f64 {
        self.probability
    }

    fn size(&self) -> f64 {
        self.levels.size
    }

    fn learn(&mut self, exposure: f64, size: f64) {
        self.levels.learn(exposure, size, self.shares);
        if size > 0.0 {
            self.probability = self.correction / self.levels.interval;
            self.demands += 1.0;
        }
    }

    fn demands_averaged(&self) -> f64 {
        lasting(self.shares.size.min(self.shares.occurrence), self.demands)
    }
}
