//! A level that is drawn to those of items alike, the more so the less is known of it.
//!
//! Demand is Poisson around a gamma-distributed level, or scatters more: what a period says of the
//! level then counts `d = 1/(1 + μ/k)` of a Poisson one's. Robbins, *An Empirical Bayes Approach to
//! Statistics*, Proceedings of the Third Berkeley Symposium 1 (1956) 157–163; old periods fade as in
//! Harvey & Fernandes, *Time Series Models for Count or Qualitative Observations*, Journal of
//! Business & Economic Statistics 7 (1989) 407–417.

use std::sync::Arc;

use super::frame::At;
use super::noise::Noise;
use super::options::{Scale, Setting, Tunable};
use super::pool::{Seasons, Summary, information};
use super::recursive::{Recursion, Recursive, replayed};
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "shrunk-level",
    summary: "a level drawn to those of items alike, for items of which little is known",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(ShrunkLevel::fit(past, setting)?)),
};

const OPTIONS: &[Tunable] = &[
    Tunable { name: "kept", least: 0.8, most: 1.0, scale: Scale::Linear },
    Tunable { name: "prior_weight", least: 0.1, most: 10.0, scale: Scale::Logarithmic },
];

/// What is known before the item's own demand is looked at, and how fast that fades.
struct ShrunkLevel {
    /// How many times what items alike say weighs.
    prior_weight: f64,
    /// Shape of the level's gamma distribution.
    shape: f64,
    /// Its rate \[periods/count\].
    rate: f64,
    /// Size `k` of demand's variance `μ + μ²/k`.
    size: f64,
    /// Share of what is known that is still true a period later.
    kept: f64,
    seasons: Seasons,
    /// What a period counts of a Poisson one.
    weight: f64,
}

/// Shares that are tried.
const KEPT: [f64; 5] = [1.0, 0.99, 0.97, 0.93, 0.85];
/// Periods that what the pool says of scatter weighs as many as.
const PRIOR_PERIODS: f64 = 20.0;
/// The shape that stands for knowing nothing: Jeffreys' prior of a Poisson mean.
const NOTHING: f64 = 0.5;
/// Scatter that is expected without a pool.
const DISPERSION: f64 = 0.5;

impl ShrunkLevel {
    fn fit(past: &Past<'_>, setting: &Setting) -> Option<ShrunkLevel> {
        let own = Summary::of(past);
        if past.pool.is_none() && own.periods < 1.0 {
            return None;
        }
        let (shape, rate) =
            past.pool.map_or((NOTHING, 0.0), |pool| (pool.shape, pool.shape / pool.mean));
        let prior_weight = setting.get(1).unwrap_or(1.0);
        let (shape, rate) = (prior_weight * shape, prior_weight * rate);
        let none = Seasons::none();
        let before = past.pool.map_or(&none, |pool| &pool.seasons);
        let seasons = Seasons::of(&own.weekdays, &own.months, before);
        let expected = past.pool.map_or(DISPERSION, |pool| 1.0 / pool.size);
        let says = own.periods * information(own.mean);
        let dispersion =
            (says * own.dispersion + PRIOR_PERIODS * expected) / (says + PRIOR_PERIODS);
        let size = 1.0 / dispersion.clamp(1e-4, 1e3);
        let mut model =
            ShrunkLevel { prior_weight, shape, rate, size, kept: 1.0, seasons, weight: 1.0 };
        // The level that the item seems to have decides what a period says of it.
        let level = (shape + own.periods * own.mean) / (rate + own.periods);
        model.weight = 1.0 / (1.0 + level / size);
        model.kept = setting.get(0).unwrap_or_else(|| model.best(past));
        Some(model)
    }

    /// The share under which demand was most probable, each period given those before.
    fn best(&self, past: &Past<'_>) -> f64 {
        let factors = self.factors(past);
        let likelihood = |kept: f64| {
            let (mut state, mut sum) = (self.state(kept, Arc::clone(&factors)), 0.0);
            for (period, demand) in past.observations() {
                let at = past.frame.at(period);
                if state.rate > 0.0 {
                    sum += self.probability(state.mean(at), demand);
                }
                state.observe(at, demand);
            }
            sum
        };
        let values = KEPT.map(likelihood);
        let best = (0..KEPT.len()).max_by(|l, r| values[*l].total_cmp(&values[*r]).then(r.cmp(l)));
        KEPT[best.unwrap_or(0)]
    }

    /// Logarithm of the negative binomial's probability of `demand`, less what no mean changes.
    fn probability(&self, mean: f64, demand: f64) -> f64 {
        let mean = mean.max(1e-9);
        demand * libm::log(mean / (mean + self.size)) - self.size * libm::log1p(mean / self.size)
    }

    fn factors(&self, past: &Past<'_>) -> Arc<[f64]> {
        let periods = 0..past.frame.periods();
        periods.map(|period| self.seasons.at(past.calendar, past.first + period)).collect()
    }

    /// Before any demand.
    fn state(&self, kept: f64, factors: Arc<[f64]>) -> Level {
        let ShrunkLevel { shape, rate, weight, .. } = *self;
        Level { shape, rate, weight, kept, factors, ahead: false }
    }
}

impl Fitted for ShrunkLevel {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let mut level = self.state(self.kept, self.factors(past));
        replayed(&mut level, past);
        level.ahead = true;
        let noise = Noise::NegativeBinomial { size: self.size };
        let certainty = level.shape;
        Box::new(Recursive::with_certainty(level, noise, past, certainty))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("prior_weight", self.prior_weight),
            ("prior_shape", self.shape),
            ("prior_rate", self.rate),
            ("size", self.size),
            ("kept", self.kept),
        ]
    }
}

/// The gamma distribution of the level on its way through demand.
#[derive(Clone)]
struct Level {
    shape: f64,
    /// \[periods/count\]
    rate: f64,
    weight: f64,
    kept: f64,
    /// Seasonal factor of each period.
    factors: Arc<[f64]>,
    /// Whether demand is drawn by now: what is not known of the level is drawn apart from it, so
    /// only what changes from now on is learned.
    ahead: bool,
}

impl Level {
    fn factor(&self, at: At) -> f64 {
        self.factors.get(at.period).copied().unwrap_or(1.0)
    }
}

impl Recursion for Level {
    fn mean(&self, at: At) -> f64 {
        if self.rate > 0.0 { self.factor(at) * self.shape / self.rate } else { 0.0 }
    }

    fn observe(&mut self, at: At, demand: f64) {
        let factor = self.factor(at);
        if self.ahead {
            let level = self.shape / self.rate;
            let next = level + (1.0 - self.kept) * (demand / factor - level);
            self.shape = next.max(1e-12) * self.rate;
        } else {
            self.shape = self.kept * self.shape + self.weight * demand;
            self.rate = self.kept * self.rate + self.weight * factor;
        }
    }

    fn pass(&mut self, _: At) {
        self.shape *= self.kept;
        self.rate *= self.kept;
    }

    fn periods_averaged(&self) -> f64 {
        // The level's shape is told apart.
        f64::INFINITY
    }
}

#[cfg(test)]
mod tests;
