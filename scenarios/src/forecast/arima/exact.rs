//! The Gaussian likelihood of a series, exactly.

use super::Series;
use super::filter::Filter;
use super::linear::{Step, dot};
use super::order::{ALL, Coefficients, Order};

/// An order with its coefficients, and how likely they make a series.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// The coefficients.
    pub coefficients: Coefficients,
    /// Mean of the differenced series \[counts/period\].
    pub mean: f64,
    /// Variance of errors \[counts²/period²\].
    pub variance: f64,
    /// Logarithm of the likelihood.
    pub log_likelihood: f64,
    /// Akaike's criterion, corrected for small samples (Hurvich & Tsai, Biometrika 76 (1989)
    /// 297–307).
    pub criterion: f64,
}

/// Errors in units of their own deviation, and what they say.
struct Score {
    errors: Vec<f64>,
    mean: f64,
    /// Sum of their squares.
    squares: f64,
    /// Mean logarithm of their variances, for errors of variance 1.
    logarithm: f64,
}

impl Score {
    /// `None` if the coefficients are too close to those of no stationary process.
    ///
    /// The mean is that of generalised least squares: errors are linear in it.
    fn of(series: &Series, coefficients: &Coefficients) -> Option<Score> {
        let mut filter = Filter::new(coefficients, series.places)?;
        let mut errors = Vec::with_capacity(series.values.len());
        let constant = coefficients.order.constant;
        let mut units = Vec::with_capacity(if constant { series.values.len() } else { 0 });
        let (mut product, mut logarithm) = (1.0_f64, 0.0);
        for (&value, &seen) in series.values.iter().zip(&series.seen) {
            if !seen {
                filter.pass();
                continue;
            }
            let variance = filter.variance();
            let (error, unit) = filter.observe(value);
            let scale = 1.0 / variance.sqrt();
            errors.push(error * scale);
            if constant {
                units.push(unit * scale);
            }
            product *= variance;
            if !(1e-100..1e100).contains(&product) {
                logarithm += libm::log(product);
                product = 1.0;
            }
        }
        logarithm += libm::log(product);
        let mut mean = 0.0;
        if constant {
            mean = dot(&units, &errors) / dot(&units, &units);
            errors.iter_mut().zip(&units).for_each(|(error, unit)| *error -= mean * unit);
        }
        let squares = dot(&errors, &errors);
        let logarithm = logarithm / errors.len() as f64;
        let known = squares.is_finite() && squares > 0.0 && logarithm.is_finite();
        known.then_some(Score { errors, mean, squares, logarithm })
    }

    /// What is least where the likelihood is greatest.
    fn objective(&self) -> f64 {
        self.squares * libm::exp(self.logarithm)
    }

    fn fit(&self, coefficients: Coefficients) -> Option<Fit> {
        let count = self.errors.len() as f64;
        let variance = self.squares / count;
        let log_likelihood =
            -0.5 * count * (libm::log(core::f64::consts::TAU * variance) + 1.0 + self.logarithm);
        let estimated = coefficients.order.estimated() as f64;
        let left = count - estimated - 1.0;
        let criterion = 2.0 * estimated * (1.0 + (estimated + 1.0) / left) - 2.0 * log_likelihood;
        let fit = Fit { coefficients, mean: self.mean, variance, log_likelihood, criterion };
        (left > 0.0 && criterion.is_finite()).then_some(fit)
    }
}

/// How likely these coefficients make the series, with the best mean and variance.
pub(super) fn likelihood(series: &Series, coefficients: Coefficients) -> Option<Fit> {
    Score::of(series, &coefficients)?.fit(coefficients)
}

/// How far the greatest likelihood is searched for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    /// Steps, at most.
    steps: usize,
    /// Relative gain below which the search ends.
    gain: f64,
}

/// Until nothing changes.
pub(super) const THOROUGH: Effort = Effort { steps: 40, gain: 1e-9 };
/// As far as it takes to tell orders apart.
pub(super) const BRIEF: Effort = Effort { steps: 5, gain: 1e-4 };

/// Difference of a number without bounds that derivatives are made of.
const NUDGE: f64 = 1e-5;
/// Numbers without bounds that are as good as infinite.
const FAR: f64 = 5.0;

/// The coefficients of the greatest likelihood near `start`.
///
/// `S·(Π f)^{1/n}` is a sum of squares, so it is made least as one.
pub(super) fn most_likely(series: &Series, start: Coefficients, effort: Effort) -> Option<Fit> {
    let order = start.order;
    let size = order.coefficients();
    let mut free = start.free();
    let mut best = Score::of(series, &Coefficients::of_free(order, &free))?;
    let mut slopes: Vec<Vec<f64>> = vec![Vec::new(); size];
    let mut damping = 1e-3;
    for _ in 0..effort.steps {
        if size == 0 || !differentiate(series, order, &free, &best, &mut slopes) {
            break;
        }
        let before = best.objective();
        let step = Step::of(&slopes, &scaled(&best));
        while damping < 1e6 {
            let next = step.damped(damping, 1e-9 * before).map(|step| {
                let mut next = free;
                for k in 0..size {
                    next[k] = (next[k] + step[k].clamp(-1.0, 1.0)).clamp(-FAR, FAR);
                }
                next
            });
            let scored = next.and_then(|next| {
                Some((next, Score::of(series, &Coefficients::of_free(order, &next))?))
            });
            match scored.filter(|(_, score)| score.objective() < before) {
                Some(better) => {
                    (free, best) = better;
                    damping = (0.1 * damping).max(1e-9);
                    break;
                }
                None => damping *= 10.0,
            }
        }
        if best.objective() > before * (1.0 - effort.gain) {
            break;
        }
    }
    best.fit(Coefficients::of_free(order, &free))
}

/// Errors whose squares add up to the objective.
fn scaled(score: &Score) -> Vec<f64> {
    let scale = libm::exp(0.5 * score.logarithm);
    score.errors.iter().map(|error| scale * error).collect()
}

/// How errors change with each number; whether that is known.
fn differentiate(
    series: &Series,
    order: Order,
    free: &[f64; ALL],
    score: &Score,
    slopes: &mut [Vec<f64>],
) -> bool {
    let errors = scaled(score);
    for (k, slope) in slopes.iter_mut().enumerate() {
        let mut nudged = *free;
        // Towards the middle, where there is always room.
        let nudge = if free[k] > 0.0 { -NUDGE } else { NUDGE };
        nudged[k] += nudge;
        let Some(other) = Score::of(series, &Coefficients::of_free(order, &nudged)) else {
            return false;
        };
        *slope = scaled(&other);
        slope.iter_mut().zip(&errors).for_each(|(slope, error)| *slope = (*slope - error) / nudge);
    }
    true
}
