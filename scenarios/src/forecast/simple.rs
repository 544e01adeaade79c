//! Simple exponential smoothing: a level that moves towards each demand by a share of the error.

use std::sync::Arc;

use super::factors::{Adjusted, Factors, seen};
use super::frame::At;
use super::options::{Scale, Setting, Tunable};
use super::recursive::{Recursion, Recursive};
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "simple-smoothing",
    summary: "a level that moves towards what is sold by a share of the error",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(Smoothing::fit(past, setting)?)),
};

const OPTIONS: &[Tunable] =
    &[Tunable { name: "share", least: 0.001, most: 0.8, scale: Scale::Logarithmic }];

/// Its parameters, fitted to demand less its season (Brown, *Statistical Forecasting for Inventory
/// Control* (1959)).
struct Smoothing {
    /// Share of the error by which the level moves.
    share: f64,
    /// The level at first \[counts/period\].
    first: f64,
    factors: Arc<Factors>,
}

/// Periods whose mean is the level at first.
const OPENING: usize = 10;

impl Smoothing {
    /// The share that was set, or the one with the least squared error of one-step forecasts.
    fn fit(past: &Past<'_>, setting: &Setting) -> Option<Smoothing> {
        let factors = Factors::of(past);
        let seen = seen(past, &factors)?;
        let opening = &seen[..OPENING.min(seen.len())];
        let first = opening.iter().sum::<f64>() / opening.len() as f64;
        let squares = |share: f64| {
            let (mut level, mut sum) = (first, 0.0);
            for demand in &seen {
                let error = demand - level;
                sum += error * error;
                level += share * error;
            }
            sum
        };
        let share = setting.get(0).unwrap_or_else(|| least(0.001, 0.8, squares));
        Some(Smoothing { share, first, factors: Arc::new(factors) })
    }
}

/// Where `value` is least between `low` and `high`: the best of a coarse grid, refined by golden
/// section.
pub(super) fn least(low: f64, high: f64, value: impl Fn(f64) -> f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    const CELLS: usize = 8;
    let at = |cell: usize| low + (high - low) * cell as f64 / CELLS as f64;
    let values: Vec<f64> = (0..=CELLS).map(|cell| value(at(cell))).collect();
    let best = (0..=CELLS).min_by(|l, r| values[*l].total_cmp(&values[*r])).unwrap_or(0);
    let (mut low, mut high) = (at(best.saturating_sub(1)), at((best + 1).min(CELLS)));
    let width = high - low;
    while high - low > 1e-3 * width {
        let inner = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
        if value(inner[0]) <= value(inner[1]) {
            high = inner[1];
        } else {
            low = inner[0];
        }
    }
    0.5 * (low + high)
}

impl Fitted for Smoothing {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let state = Smoothed { level: self.first, share: self.share, observed: 0.0 };
        let model = Adjusted::new(state, Arc::clone(&self.factors));
        Box::new(Recursive::new(model, past, OPENING))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![("share", self.share), ("first_level", self.first)]
    }
}

/// The level.
#[derive(Clone)]
struct Smoothed {
    level: f64,
    share: f64,
    observed: f64,
}

impl Recursion for Smoothed {
    fn mean(&self, _: At) -> f64 {
        self.level
    }

    fn observe(&mut self, _: At, demand: f64) {
        self.level += self.share * (demand - self.level);
        self.observed += 1.0;
    }

    fn periods_averaged(&self) -> f64 {
        lasting(self.share, self.observed)
    }
}

/// How many periods a smoothed level is an average of, as far as errors do not tell: what is left of
/// the first level, which was a guess, `Σ(1 − α)²ᵗ / (1 − α)²ⁿ`.
pub(super) fn lasting(share: f64, observed: f64) -> f64 {
    let kept = (1.0 - share) * (1.0 - share);
    if kept >= 1.0 {
        return observed;
    }
    let last = libm::pow(kept, observed);
    if last < 1e-12 { f64::INFINITY } else { (1.0 - last) / (1.0 - kept) / last }
}
