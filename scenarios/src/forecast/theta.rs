//! The Theta method: a level that is smoothed, with a share of the trend of all demand so far.

use std::sync::Arc;

use super::factors::{Adjusted, Factors, adjusted};
use super::frame::At;
use super::options::{Scale, Setting, Tunable};
use super::recursive::{Recursion, Recursive};
use super::simple::{lasting, least};
use super::{Family, Fitted, Forecast, Past};

mod line;

use line::Line;

pub(super) const FAMILY: Family = Family {
    name: "theta",
    summary: "a smoothed level with a share of the trend of all demand so far",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(Theta::fit(past, setting)?)),
};

const OPTIONS: &[Tunable] =
    &[Tunable { name: "share", least: 0.005, most: 0.9, scale: Scale::Logarithmic }];

/// Its parameters, fitted to demand less its season.
///
/// Assimakopoulos & Nikolopoulos, *The theta model: a decomposition approach to forecasting*, IJF 16
/// (2000) 521–530, as the smoothing that it is (Hyndman & Billah, *Unmasking the Theta method*, IJF
/// 19 (2003) 287–290), with θ estimated and the trend line brought up to date with each demand:
/// the dynamic optimised Theta model of Fiorucci, Pellegrini, Louzada, Petropoulos & Koehler,
/// *Models for optimising the theta method and their relationship to state space models*, IJF 32
/// (2016) 1151–1161, equations (12) to (16).
///
/// With `w = 1 − 1/θ` and the line `A + B·t` through demand of the first `t − 1` periods:
///
/// ```text
/// mean_t  = level_{t−1} + w·pull_t
/// pull_t  = (1 − α)^{t−1}·A + (1 − (1 − α)^t)/α·B
/// level_t = level_{t−1} + α·(demand_t − level_{t−1})
/// ```
struct Theta {
    parameters: Parameters,
    factors: Arc<Factors>,
}

/// What is estimated.
#[derive(Clone, Copy, Debug)]
pub struct Parameters {
    /// Share `α` of the error by which the level moves.
    pub share: f64,
    /// Share `w = 1 − 1/θ` of the trend: 0 leaves simple smoothing, ½ is the Theta method of 2000.
    pub weight: f64,
    /// The level at first \[counts/period\].
    pub first: f64,
}

/// Fewest observations to fit to.
const FEW: usize = 10;
/// Forecasts that do not count: the line is not one yet.
const OPENING: usize = 5;
/// Largest share of the trend: θ is 1000.
const HEAVIEST: f64 = 0.999;
/// Smallest and largest share of the error.
const SHARES: (f64, f64) = (0.005, 0.9);

impl Theta {
    fn fit(past: &Past<'_>, setting: &Setting) -> Option<Theta> {
        let (seen, sold) = past.seen_and_sold();
        if seen < FEW || sold < 2 {
            return None;
        }
        let factors = Factors::of(past);
        let demand = adjusted(past, &factors);
        let parameters = Parameters::of(&demand, past.seen, setting.get(0))?;
        Some(Theta { parameters, factors: Arc::new(factors) })
    }
}

/// The parameters of `demand` less its season, as far as it was `seen`.
pub fn trend_and_level(demand: &[f64], seen: &[bool]) -> Option<Parameters> {
    Parameters::of(demand, seen, None)
}

impl Parameters {
    /// Those with the least squared error of one-step forecasts.
    ///
    /// Given `α`, forecasts are linear in the first level and in `w`: these two solve normal
    /// equations, and only `α` is searched, unless it is set to `share`.
    fn of(demand: &[f64], seen: &[bool], share: Option<f64>) -> Option<Parameters> {
        let lines = lines(demand, seen);
        let squares = |share| Normal::of(demand, seen, &lines, share).least().2;
        let share = share.unwrap_or_else(|| least(SHARES.0, SHARES.1, squares));
        let (first, weight, squares) = Normal::of(demand, seen, &lines, share).least();
        let known = first.is_finite() && weight.is_finite() && squares.is_finite();
        known.then_some(Parameters { share, weight, first })
    }
}

/// The line known before each period.
fn lines(demand: &[f64], seen: &[bool]) -> Vec<(f64, f64)> {
    let mut line = Line::default();
    let periods = demand.iter().zip(seen);
    let lines = periods.map(|(demand, seen)| {
        let known = line.coefficients();
        line.next(seen.then_some(*demand));
        known
    });
    lines.collect()
}

/// Normal equations of the first level and the weight of the trend.
#[derive(Default)]
struct Normal {
    /// Products of regressors: level with itself, level with weight, weight with itself.
    level: f64,
    cross: f64,
    pull: f64,
    /// Products with demand: of level, of weight, of itself.
    level_demand: f64,
    pull_demand: f64,
    demand: f64,
}

impl Normal {
    fn of(demand: &[f64], seen: &[bool], lines: &[(f64, f64)], share: f64) -> Normal {
        let mut normal = Normal::default();
        // The level is `known + kept · first + pulled · weight`.
        let (mut known, mut kept, mut pulled) = (0.0, 1.0, 0.0);
        let mut of_line = 1.0;
        for (period, &demand) in demand.iter().enumerate() {
            let (intercept, slope) = lines[period];
            let pull = pull(share, of_line, intercept, slope);
            of_line *= 1.0 - share;
            let regressor = pulled + pull;
            if seen[period] {
                if period >= OPENING {
                    normal.add(kept, regressor, demand - known);
                }
                known += share * (demand - known);
                kept *= 1.0 - share;
                pulled *= 1.0 - share;
            } else {
                pulled += share * pull;
            }
        }
        normal
    }

    fn add(&mut self, level: f64, pull: f64, demand: f64) {
        self.level += level * level;
        self.cross += level * pull;
        self.pull += pull * pull;
        self.level_demand += level * demand;
        self.pull_demand += pull * demand;
        self.demand += demand * demand;
    }

    /// First level, weight and sum of squares where that is least.
    fn least(&self) -> (f64, f64, f64) {
        let determinant = self.level * self.pull - self.cross * self.cross;
        let free = if determinant > 1e-12 * self.level * self.pull {
            (self.level * self.pull_demand - self.cross * self.level_demand) / determinant
        } else {
            0.0
        };
        let weight = free.clamp(0.0, HEAVIEST);
        let first = (self.level_demand - weight * self.cross) / self.level;
        let squares = self.demand - first * self.level_demand - weight * self.pull_demand
            + weight * (weight * self.pull + first * self.cross - self.pull_demand);
        (first, weight, squares)
    }
}

/// What a trend line with all its weight adds to the level, `kept` being `(1 − α)^{t−1}`.
fn pull(share: f64, kept: f64, intercept: f64, slope: f64) -> f64 {
    kept * intercept + (1.0 - kept * (1.0 - share)) / share * slope
}

impl Fitted for Theta {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let model = Adjusted::new(Smoothed::new(self.parameters), Arc::clone(&self.factors));
        Box::new(Recursive::new(model, past, 2 * OPENING))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        let Parameters { share, weight, first } = self.parameters;
        vec![("share", share), ("theta", 1.0 / (1.0 - weight)), ("first_level", first)]
    }
}

/// Level and trend line.
#[derive(Clone)]
struct Smoothed {
    parameters: Parameters,
    level: f64,
    /// `(1 − α)^{t−1}`.
    kept: f64,
    line: Line,
}

impl Smoothed {
    fn new(parameters: Parameters) -> Smoothed {
        Smoothed { parameters, level: parameters.first, kept: 1.0, line: Line::default() }
    }

    fn expected(&self) -> f64 {
        let (intercept, slope) = self.line.coefficients();
        let Parameters { share, weight, .. } = self.parameters;
        self.level + weight * pull(share, self.kept, intercept, slope)
    }

    fn step(&mut self, demand: f64) {
        self.level += self.parameters.share * (demand - self.level);
        self.kept *= 1.0 - self.parameters.share;
    }
}

impl Recursion for Smoothed {
    fn mean(&self, _: At) -> f64 {
        self.expected().max(0.0)
    }

    fn observe(&mut self, _: At, demand: f64) {
        self.step(demand);
        self.line.next(Some(demand));
    }

    /// As if what was expected had come, as far as the level goes.
    fn pass(&mut self, _: At) {
        self.step(self.expected());
        self.line.next(None);
    }

    fn periods_averaged(&self) -> f64 {
        lasting(self.parameters.share, self.line.observed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_straight_line_goes_on() {
        let demand: Vec<f64> = (0..60).map(|t| 10.0 + 2.0 * f64::from(t)).collect();
        let parameters = Parameters::of(&demand, &[true; 60], None).expect("enough demand");
        let mut model = Smoothed::new(parameters);
        for &demand in &demand {
            model.observe(At { period: 0, inner: 0, outer: 0 }, demand);
        }
        assert!((model.expected() - 130.0).abs() < 0.5, "{} {parameters:?}", model.expected());
    }

    /// The state's forecasts are those whose squares were summed.
    #[test]
    fn the_least_squares_are_those_of_the_recursion() {
        let demand: Vec<f64> = (0..40).map(|t| f64::from((t * t * 7 + 3) % 11 + t / 4)).collect();
        let seen: Vec<bool> = (0..40).map(|t| t % 6 != 4).collect();
        let lines = lines(&demand, &seen);
        let (first, weight, squares) = Normal::of(&demand, &seen, &lines, 0.2).least();
        let mut model = Smoothed::new(Parameters { share: 0.2, weight, first });
        let at = At { period: 0, inner: 0, outer: 0 };
        let mut sum = 0.0;
        for period in 0..40 {
            if seen[period] {
                let error = demand[period] - model.expected();
                sum += if period >= OPENING { error * error } else { 0.0 };
                model.observe(at, demand[period]);
            } else {
                model.pass(at);
            }
        }
        assert!((sum / squares - 1.0).abs() < 1e-9, "{sum} {squares}");
    }
}
