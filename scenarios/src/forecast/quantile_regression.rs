//! Quantile regression: many quantiles of demand, each a sum of its own of levels, season and price.
//!
//! Koenker & Bassett, *Regression Quantiles*, Econometrica 46 (1978) 33–50; for counts, smoothed by
//! what is added to each: Machado & Santos Silva, *Quantiles for Counts*, JASA 100 (2005) 1226–1237.
//!
//! Features are proportional to demand, so that an item sold by the dozen gets the same forecast.

use std::sync::Arc;

use super::factors::Factors;
use super::frame::At;
use super::noise::Noise;
use super::recursive::{Recursion, Recursive, replayed};
use super::regression::lags::{Lags, Windows};
use super::{Family, Fitted, Forecast, Past, Random};
use check::Check;
use spread::{LEVELS, Spread};

mod check;
mod spread;

pub(super) const FAMILY: Family = Family {
    name: "quantile-regression",
    summary: "quantiles of demand, each from levels, season, price and promotion",
    tried: true,
    options: &[],
    fit: |past, _| Some(Box::new(Quantiles::fit(past)?)),
};

/// The most features: a constant, two levels and two regressors, each times the season's factor.
const MOST: usize = 5;
/// Features without regressors.
const PLAIN: usize = 3;
/// Least observed periods, and of these with demand.
const FEW: (usize, usize) = (24, 6);
/// How many times the largest demand may come.
const LARGEST: f64 = 3.0;

/// Its coefficients.
struct Quantiles {
    factors: Arc<Factors>,
    windows: Windows,
    /// Mean demand, by which features and demand are divided \[counts/period\].
    unit: f64,
    /// Number of each regressor that varies, its mean, and its least and largest value so far.
    regressors: Vec<(usize, [f64; 3])>,
    /// Of each quantile.
    coefficients: Arc<[[f64; MOST]; LEVELS.len()]>,
    used: usize,
}

impl Quantiles {
    fn fit(past: &Past<'_>) -> Option<Quantiles> {
        let (seen, sold) = past.seen_and_sold();
        if seen < FEW.0 || sold < FEW.1 {
            return None;
        }
        let regressors = regressors(past);
        let usual = usual(past, &regressors);
        let factors = Arc::new(Factors::of(&Past { seen: &usual, ..*past }));
        let mut model = Quantiles {
            factors,
            windows: Windows::of(past),
            unit: past.mean(),
            regressors,
            coefficients: Arc::new([[0.0; MOST]; LEVELS.len()]),
            used: MOST,
        };
        let (rows, targets) = model.table(past);
        // Without regressors there are fewer features.
        model.coefficients = Arc::new(if model.regressors.is_empty() {
            let rows: Vec<[f64; PLAIN]> = rows.iter().map(first).collect();
            let few = coefficients(&Check::new(&rows, &targets)?);
            model.used = PLAIN;
            few.each_ref().map(first)
        } else {
            coefficients(&Check::new(&rows, &targets)?)
        });
        Some(model)
    }

    /// Features of each period in which demand was seen, and its demand with what is added.
    fn table(&self, past: &Past<'_>) -> (Vec<[f64; MOST]>, Vec<f64>) {
        let (mut rows, mut targets) = (Vec::new(), Vec::new());
        let beforehand = self.beforehand(past);
        let skipped = self.windows.short.min(past.periods() / 4);
        let mut state = self.levels(past, Arc::clone(&beforehand));
        for (period, &demand) in past.demand.iter().enumerate() {
            let at = past.frame.at(period);
            if past.seen[period] {
                if period >= skipped {
                    rows.push(state.features(at));
                    // Between 0 and 1, and evenly spread over any number of periods.
                    let added = (0.5 + period as f64 * 0.618_033_988_749_894_9).fract();
                    targets.push((demand + added) / self.unit);
                }
                state.observe(at, demand);
            } else if past.sold_out[period] && demand > state.level(at) {
                state.observe(at, demand);
            } else {
                state.pass(at);
            }
        }
        (rows, targets)
    }

    /// What is known of each period beforehand.
    fn beforehand(&self, past: &Past<'_>) -> Arc<[Known]> {
        let known = (0..past.frame.periods()).map(|period| {
            let mut known =
                Known { factor: self.factors.at(past.frame.at(period)), values: [0.0; 2] };
            for (to, (number, [mean, low, high])) in known.values.iter_mut().zip(&self.regressors) {
                let value = past.frame.regressors[*number].at(period, past.periods());
                *to = value.clamp(*low, *high) - mean;
            }
            known
        });
        known.collect()
    }

    fn levels(&self, past: &Past<'_>, known: Arc<[Known]>) -> Levels {
        let most = past.observations().map(|(_, demand)| demand).fold(0.0, f64::max);
        let averaged = past.seen_and_sold().0 as f64 / self.used as f64;
        Levels {
            known,
            lags: Lags::new(self.windows),
            unit: self.unit,
            coefficients: Arc::clone(&self.coefficients),
            most: LARGEST * most.max(1.0),
            averaged,
        }
    }
}

/// The regressors that vary, two at most.
fn regressors(past: &Past<'_>) -> Vec<(usize, [f64; 3])> {
    let all = past.frame.regressors.iter().enumerate();
    let varying = all.filter_map(|(number, regressor)| {
        let values = || past.observations().map(|(at, _)| regressor.at(at, past.periods()));
        let (low, high) =
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::MIN, f64::max));
        let mean = values().sum::<f64>() / values().count() as f64;
        (high > low).then_some((number, [mean, low, high]))
    });
    varying.take(2).collect()
}

/// Periods in which demand was seen and no regressor is further than half its range from its mean:
/// what promotions did is no season. All that were seen, if too few are left.
fn usual(past: &Past<'_>, regressors: &[(usize, [f64; 3])]) -> Vec<bool> {
    let near = |period: usize| {
        regressors.iter().all(|&(number, [mean, low, high])| {
            let value = past.frame.regressors[number].at(period, past.periods());
            (value - mean).abs() <= 0.5 * (high - low)
        })
    };
    let usual: Vec<bool> =
        past.seen.iter().enumerate().map(|(period, seen)| *seen && near(period)).collect();
    let count = |seen: &[bool]| seen.iter().filter(|seen| **seen).count();
    if 3 * count(&usual) < 2 * count(past.seen) { past.seen.to_vec() } else { usual }
}

/// The first of `values`, and 0 for those it has not.
fn first<const FROM: usize, const TO: usize>(values: &[f64; FROM]) -> [f64; TO] {
    std::array::from_fn(|place| values.get(place).copied().unwrap_or(0.0))
}

/// The coefficients of every quantile, each found from its neighbour's, the middle one first.
fn coefficients<const SIZE: usize>(check: &Check<'_, SIZE>) -> [[f64; SIZE]; LEVELS.len()] {
    let mut found = [[0.0; SIZE]; LEVELS.len()];
    let middle = LEVELS.len() / 2;
    let first = check.least_squares();
    found[middle] = check.minimum(LEVELS[middle], first);
    for place in middle + 1..LEVELS.len() {
        found[place] = check.minimum(LEVELS[place], found[place - 1]);
    }
    for place in (0..middle).rev() {
        found[place] = check.minimum(LEVELS[place], found[place + 1]);
    }
    found
}

impl Fitted for Quantiles {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let mut model = self.levels(past, self.beforehand(past));
        let pairs = replayed(&mut model, past);
        let noise = Noise::of(&pairs[self.windows.short.min(pairs.len() / 4)..]);
        Box::new(Recursive::with_noise(model, noise, past))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }
}

/// What is known of a period beforehand.
#[derive(Clone, Copy)]
struct Known {
    factor: f64,
    /// Regressors, less their means.
    values: [f64; 2],
}

/// Levels on their way through demand less its season.
#[derive(Clone)]
struct Levels {
    known: Arc<[Known]>,
    lags: Lags,
    unit: f64,
    coefficients: Arc<[[f64; MOST]; LEVELS.len()]>,
    /// The most that may come \[counts/period\].
    most: f64,
    averaged: f64,
}

impl Levels {
    fn known(&self, at: At) -> Known {
        self.known[at.period.min(self.known.len() - 1)]
    }

    /// The level, with its season \[counts/period\].
    fn level(&self, at: At) -> f64 {
        self.known(at).factor * self.lags.short
    }

    fn features(&self, at: At) -> [f64; MOST] {
        let Known { factor, values: [first, second] } = self.known(at);
        let (short, long) =
            (factor * self.lags.short / self.unit, factor * self.lags.long / self.unit);
        [factor, short, long, first * long, second * long]
    }

    /// Quantiles of demand with what was added, in order \[counts/period\].
    fn spread(&self, at: At) -> Spread {
        let features = self.features(at);
        let quantile = |coefficients: &[f64; MOST]| {
            let sum: f64 = features.iter().zip(coefficients).map(|(x, b)| x * b).sum();
            (sum * self.unit).clamp(0.0, self.most)
        };
        Spread::of(self.coefficients.each_ref().map(quantile), self.most)
    }
}

impl Recursion for Levels {
    fn mean(&self, at: At) -> f64 {
        self.spread(at).mean()
    }

    fn observe(&mut self, at: At, demand: f64) {
        self.lags.observe(demand / self.known(at).factor);
    }

    fn pass(&mut self, _: At) {
        self.lags.pass();
    }

    fn periods_averaged(&self) -> f64 {
        self.averaged
    }

    fn draw(&self, at: At, level: f64, _: &Noise, random: &mut Random) -> f64 {
        let demand = self.spread(at).at(random.uniform()).floor();
        if level == 1.0 { demand } else { random.rounded(level * demand) }
    }
}
