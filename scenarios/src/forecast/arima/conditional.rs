//! Coefficients by least squares, given what came first: fast, and close to the most likely ones.

use super::Series;
use super::linear::{Step, dot, solve_definite};
use super::order::{ALL, Coefficients, Order};

/// A series around its mean, with what all orders need of it.
pub(super) struct Conditional<'a> {
    series: &'a Series,
    centred: Vec<f64>,
    /// Errors of a long autoregression, 0 as long as it lacks a past.
    innovations: Vec<f64>,
    /// Length of that autoregression.
    long: usize,
}

/// What is filled anew for every order.
#[derive(Default)]
pub(super) struct Work {
    errors: Vec<f64>,
    slopes: Vec<Vec<f64>>,
    inner: Vec<f64>,
    outer: Vec<f64>,
}

/// Steps of the search for the least squares, at most.
const STEPS: usize = 12;
/// Relative gain below which the search ends.
const GAIN: f64 = 1e-5;
/// Least modulus of the roots of a polynomial.
const RADIUS: f64 = 1.0005;

impl<'a> Conditional<'a> {
    /// The series around `mean`.
    pub(super) fn new(series: &'a Series, mean: f64) -> Conditional<'a> {
        let centred: Vec<f64> = series.values.iter().map(|value| value - mean).collect();
        let long = (2 * series.places + 2).max(12).min(centred.len() / 4);
        let innovations = long_autoregression(&centred, long);
        Conditional { series, centred, innovations, long }
    }

    /// Coefficients of least squares, from the better of a regression and of `near`.
    pub(super) fn least(
        &self,
        order: Order,
        near: Option<&Coefficients>,
        work: &mut Work,
    ) -> Option<Coefficients> {
        let size = order.coefficients();
        let mut best = Coefficients::zero(order);
        if size == 0 {
            return Some(best);
        }
        let mut least = f64::INFINITY;
        let starts = [near.map(|near| near.extended(order)), self.regressed(order), Some(best)];
        for mut start in starts.into_iter().flatten() {
            start.tame();
            let squares = self.squares(&start, work);
            if squares < least {
                (best, least) = (start, squares);
            }
        }
        let mut damping = 1e-3;
        for _ in 0..STEPS {
            let before = self.squares(&best, work);
            self.differentiate(&best, work);
            let step = Step::of(&work.slopes[..size], &work.errors);
            while damping < 1e5 {
                let next = step.damped(damping, 0.0).map(|step| {
                    let mut next = best;
                    next.values_mut().iter_mut().zip(step).for_each(|(value, step)| *value += step);
                    next
                });
                let next = next.filter(|next| next.roots_beyond(RADIUS));
                let squares = next.map(|next| self.squares(&next, work));
                match next.zip(squares).filter(|(_, squares)| *squares < least) {
                    Some(better) => {
                        (best, least) = better;
                        damping = (0.1 * damping).max(1e-9);
                        break;
                    }
                    None => damping *= 10.0,
                }
            }
            if least > before * (1.0 - GAIN) {
                break;
            }
        }
        least.is_finite().then_some(best)
    }

    /// Sum of squared errors, which are 0 before the coefficients reach the first value.
    fn squares(&self, coefficients: &Coefficients, work: &mut Work) -> f64 {
        let [ar, seasonal_ar, ma, seasonal_ma] = coefficients.blocks();
        let places = self.series.places;
        let reach = coefficients.order.reach(places);
        let Work { errors, inner, .. } = work;
        apply(&self.centred, seasonal_ar, places, inner);
        apply(inner, ar, 1, errors);
        errors[..reach].fill(0.0);
        undo(errors, seasonal_ma, places);
        undo(errors, ma, 1);
        let all: f64 = dot(errors, errors);
        let unseen = self.unseen().map(|period| errors[period] * errors[period]);
        all - unseen.sum::<f64>()
    }

    fn unseen(&self) -> impl Iterator<Item = usize> + '_ {
        let seen = if self.series.complete { &[] } else { &self.series.seen[..] };
        seen.iter().enumerate().filter(|(_, seen)| !**seen).map(|(period, _)| period)
    }

    /// How the errors in `work`, which are those of `coefficients`, change with each of these.
    ///
    /// A coefficient of a past value or error changes them by that value or error, passed through
    /// the inverse of the moving average.
    fn differentiate(&self, coefficients: &Coefficients, work: &mut Work) {
        let [ar, seasonal_ar, ma, seasonal_ma] = coefficients.blocks();
        let places = self.series.places;
        let reach = coefficients.order.reach(places);
        let Work { errors, slopes, inner, outer } = work;
        let periods = errors.len();
        slopes.resize_with(slopes.len().max(ALL), Vec::new);
        apply(&self.centred, seasonal_ar, places, inner);
        apply(&self.centred, ar, 1, outer);
        let lags = (1..=ar.len()).map(|lag| (&*inner, lag));
        let seasons = (1..=seasonal_ar.len()).map(|season| (&*outer, season * places));
        for ((values, lag), slope) in lags.chain(seasons).zip(&mut *slopes) {
            slope.clear();
            slope.resize(reach, 0.0);
            slope.extend(values[reach - lag..periods - lag].iter().map(|value| -value));
            undo(slope, seasonal_ma, places);
            undo(slope, ma, 1);
        }
        let slopes_of_errors = &mut slopes[ar.len() + seasonal_ar.len()..];
        inner.clone_from(errors);
        undo(inner, ma, 1);
        outer.clone_from(errors);
        undo(outer, seasonal_ma, places);
        let lags = (1..=ma.len()).map(|lag| (&*inner, lag));
        let seasons = (1..=seasonal_ma.len()).map(|season| (&*outer, season * places));
        for ((values, lag), slope) in lags.chain(seasons).zip(slopes_of_errors) {
            slope.clear();
            slope.resize(lag, 0.0);
            slope.extend(values[..periods - lag].iter().map(|value| -value));
        }
        for period in self.unseen() {
            errors[period] = 0.0;
            for slope in &mut slopes[..coefficients.order.coefficients()] {
                slope[period] = 0.0;
            }
        }
    }

    /// Coefficients by regression on past values and on errors of the long autoregression: Hannan &
    /// Rissanen, *Recursive estimation of mixed autoregressive-moving average order*, Biometrika 69
    /// (1982) 81–94.
    fn regressed(&self, order: Order) -> Option<Coefficients> {
        let [p, seasonal_p, q, seasonal_q] = order.counts();
        let places = self.series.places;
        let lags = |count: usize, step: usize| (1..=count).map(move |k| k * step);
        let own = lags(p, 1).chain(lags(seasonal_p, places)).map(|lag| (&self.centred, lag));
        let errors = lags(q, 1).chain(lags(seasonal_q, places)).map(|lag| (&self.innovations, lag));
        let farthest = (p.max(q)).max(seasonal_p.max(seasonal_q) * places);
        let start = farthest + if q + seasonal_q > 0 { self.long } else { 0 };
        let size = order.coefficients();
        let periods = self.centred.len();
        if periods < start + 2 * size + 4 {
            return None;
        }
        let columns: Vec<&[f64]> =
            own.chain(errors).map(|(values, lag)| &values[start - lag..periods - lag]).collect();
        let target = &self.centred[start..];
        let mut matrix = [0.0; ALL * ALL];
        let mut solved = Coefficients::zero(order);
        let right = solved.values_mut();
        for row in 0..size {
            right[row] = dot(columns[row], target);
            for column in 0..=row {
                matrix[row * size + column] = dot(columns[row], columns[column]);
            }
            matrix[row * size + row] *= 1.0 + 1e-6;
        }
        solve_definite(&mut matrix[..size * size], right).then_some(solved)
    }
}

/// `filtered = (1 − Σ c_i·B^{i·step}) values`, values before the first being 0.
fn apply(values: &[f64], coefficients: &[f64], step: usize, filtered: &mut Vec<f64>) {
    filtered.clear();
    filtered.extend_from_slice(values);
    for (k, coefficient) in coefficients.iter().enumerate() {
        let lag = ((k + 1) * step).min(values.len());
        for (filtered, value) in filtered[lag..].iter_mut().zip(values) {
            *filtered -= coefficient * value;
        }
    }
}

/// `values = (1 + Σ c_i·B^{i·step})⁻¹ values`, values before the first being 0.
fn undo(values: &mut [f64], coefficients: &[f64], step: usize) {
    match *coefficients {
        [] => {}
        [first] => {
            for t in step..values.len() {
                values[t] -= first * values[t - step];
            }
        }
        [first, second] if values.len() >= 2 * step => {
            for t in step..2 * step {
                values[t] -= first * values[t - step];
            }
            for t in 2 * step..values.len() {
                values[t] = values[t] - second * values[t - 2 * step] - first * values[t - step];
            }
        }
        _ => {
            for t in step..values.len() {
                let mut value = values[t];
                // The latest last: the others need not wait for it.
                for k in (0..coefficients.len().min(t / step)).rev() {
                    value -= coefficients[k] * values[t - (k + 1) * step];
                }
                values[t] = value;
            }
        }
    }
}

/// Errors of an autoregression on the last `long` values, by the recursion of Levinson and Durbin
/// (Durbin, *The Fitting of Time-Series Models*, Revue ISI 28 (1960) 233–244).
fn long_autoregression(values: &[f64], long: usize) -> Vec<f64> {
    let periods = values.len();
    let covariance: Vec<f64> =
        (0..=long).map(|lag| dot(&values[lag..], &values[..periods - lag])).collect();
    let mut coefficients: Vec<f64> = Vec::with_capacity(long);
    let mut variance = covariance[0];
    for order in 0..long {
        if variance <= 1e-12 * covariance[0] {
            break;
        }
        let known = coefficients.iter().zip(covariance[1..=order].iter().rev());
        let rest = covariance[order + 1] - known.map(|(c, g)| c * g).sum::<f64>();
        let partial = rest / variance;
        let reversed: Vec<f64> = coefficients.iter().rev().copied().collect();
        coefficients.iter_mut().zip(reversed).for_each(|(c, back)| *c -= partial * back);
        coefficients.push(partial);
        variance *= 1.0 - partial * partial;
    }
    let mut errors = Vec::new();
    apply(values, &coefficients, 1, &mut errors);
    errors[..long.min(periods)].fill(0.0);
    errors
}
