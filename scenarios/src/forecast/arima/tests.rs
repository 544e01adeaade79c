//! The likelihood against its definition, and known processes.

use super::linear::dot;
use super::polynomial::covariances;
use super::*;
use crate::random::Random;
use crate::stream::{Purpose, Streams};

fn random(path: u32) -> Random {
    Random::new(Streams::new(5, Purpose::Forecast, 0, "arima"), path)
}

/// Values of a process with mean 0 and errors of variance 1, `reach` of which are thrown away.
fn simulated(coefficients: &Coefficients, places: usize, periods: usize, path: u32) -> Vec<f64> {
    const REACH: usize = 300;
    let mut random = random(path);
    let (ar, ma) = (coefficients.autoregression(places), coefficients.moving_average(places));
    let (mut values, mut errors) = (vec![0.0; ar.len()], vec![0.0; ma.len()]);
    for _ in 0..periods + REACH {
        let error = random.normal();
        let past: f64 = ar.iter().zip(values.iter().rev()).map(|(c, v)| c * v).sum();
        let shocks: f64 = ma.iter().zip(errors.iter().rev()).map(|(c, e)| c * e).sum();
        values.push(past + shocks + error);
        errors.push(error);
    }
    values.split_off(values.len() - periods)
}

fn coefficients(order: [usize; 4], values: &[f64], constant: bool) -> Coefficients {
    let mut coefficients = Coefficients::zero(Order::of(order, constant));
    coefficients.values_mut().copy_from_slice(values);
    coefficients
}

/// The processes that tests are about, with their places in a season.
fn processes(constant: bool) -> Vec<(Coefficients, usize)> {
    let process = |order, values: &[f64], places| (coefficients(order, values, constant), places);
    vec![
        process([0, 0, 0, 0], &[], 1),
        process([1, 0, 0, 0], &[0.9], 1),
        process([0, 0, 1, 0], &[-0.8], 1),
        process([2, 0, 1, 0], &[0.5, 0.3, 0.6], 1),
        process([0, 0, 5, 0], &[0.5, -0.2, 0.3, 0.1, -0.4], 1),
        process([3, 0, 2, 0], &[0.5, -0.6, 0.2, 0.6, 0.3], 1),
        process([0, 1, 0, 1], &[0.7, -0.3], 7),
        process([1, 1, 1, 1], &[0.6, 0.5, 0.3, -0.7], 7),
        process([2, 2, 2, 2], &[0.4, 0.2, 0.3, 0.2, -0.3, 0.2, -0.5, -0.2], 7),
        process([1, 0, 1, 1], &[0.5, -0.3, -0.6], 12),
    ]
}

/// Log-likelihood by Cholesky's factor of the covariance matrix of the values that were seen, with
/// mean and variance concentrated out.
fn by_definition(series: &Series, coefficients: &Coefficients) -> f64 {
    let places = series.places;
    let (ar, ma) = (coefficients.autoregression(places), coefficients.moving_average(places));
    let periods = series.values.len();
    let (_, gamma) = covariances(&ar, &ma, periods).expect("stationary");
    let seen: Vec<usize> = (0..periods).filter(|period| series.seen[*period]).collect();
    let size = seen.len();
    let mut factor = vec![0.0; size * size];
    let mut determinant = 0.0;
    for row in 0..size {
        for column in 0..=row {
            let known = dot(&factor[row * size..][..column], &factor[column * size..][..column]);
            let rest = gamma[seen[row] - seen[column]] - known;
            factor[row * size + column] =
                if row == column { rest.sqrt() } else { rest / factor[column * size + column] };
        }
        determinant += 2.0 * libm::log(factor[row * size + row]);
    }
    let whitened = |value: &dyn Fn(usize) -> f64| {
        let mut white: Vec<f64> = Vec::new();
        for row in 0..size {
            let known = dot(&factor[row * size..][..row], &white);
            white.push((value(seen[row]) - known) / factor[row * size + row]);
        }
        white
    };
    let mut values = whitened(&|period| series.values[period]);
    if coefficients.order.constant {
        let units = whitened(&|_| 1.0);
        let mean = dot(&units, &values) / dot(&units, &units);
        values.iter_mut().zip(units).for_each(|(value, unit)| *value -= mean * unit);
    }
    let count = size as f64;
    let variance = dot(&values, &values) / count;
    -0.5 * (count * (libm::log(core::f64::consts::TAU * variance) + 1.0) + determinant)
}

#[test]
fn the_likelihood_is_that_of_the_normal_distribution() {
    for constant in [false, true] {
        for (number, (process, places)) in processes(constant).into_iter().enumerate() {
            for unseen in [0, 4, 9] {
                let values = simulated(&process, places, 90, number as u32);
                let seen: Vec<bool> = (0..90)
                    .map(|t| unseen == 0 || t < 50 && t % unseen != 2 || t % 11 != 3)
                    .collect();
                let series = Series::new(values, seen, places);
                let fit = exact::likelihood(&series, process).expect("stationary");
                let expected = by_definition(&series, &process);
                let away = (fit.log_likelihood - expected).abs();
                assert!(away < 1e-7, "{process:?}: {} {expected}", fit.log_likelihood);
            }
        }
    }
}

/// Fitted coefficients are within five standard errors, taken as `1/√n`, and no less likely than the
/// true ones.
#[test]
fn coefficients_are_found_again() {
    for (number, (process, places)) in processes(true).into_iter().enumerate() {
        let values = simulated(&process, places, 600, 50 + number as u32);
        let series = Series::new(values, vec![true; 600], places);
        let fit = search::fitted(&series, process.order).expect("stationary");
        let truth = exact::likelihood(&series, process).expect("stationary");
        assert!(fit.log_likelihood >= truth.log_likelihood - 1e-6, "{process:?} {fit:?}");
        assert!((fit.variance - 1.0).abs() < 5.0 * (2.0_f64 / 600.0).sqrt(), "{fit:?}");
        if process.order.coefficients() <= 2 {
            for (found, truth) in fit.coefficients.values().iter().zip(process.values()) {
                assert!((found - truth).abs() < 5.0 / 600.0_f64.sqrt(), "{process:?} {fit:?}");
            }
        }
    }
}

/// The search finds an order that is at least as plausible as the true one, or nearly: it goes step
/// by step and may end before a long moving average.
#[test]
fn the_order_is_about_as_plausible_as_the_true_one() {
    let (mut worse, mut count) = (0.0, 0.0);
    for (number, (process, places)) in processes(true).into_iter().enumerate() {
        for path in 0..5 {
            let values = simulated(&process, places, 200, 100 + 10 * number as u32 + path);
            let series = Series::new(values, vec![true; 200], places);
            let chosen = search::chosen(&series, true).expect("a series");
            let truth = search::fitted(&series, process.order).expect("stationary");
            let away = chosen.criterion - truth.criterion;
            assert!(away < 13.0, "{process:?}: {away} {chosen:?} {truth:?}");
            worse += away.max(0.0);
            count += 1.0;
        }
    }
    assert!(worse / count < 0.5, "{}", worse / count);
}

#[test]
fn differences_are_those_that_steady_the_level() {
    let mut random = random(7);
    let errors: Vec<f64> = (0..300).map(|_| random.normal()).collect();
    let walk = |values: &[f64]| -> Vec<f64> {
        values
            .iter()
            .scan(0.0, |sum, value| {
                *sum += value;
                Some(*sum)
            })
            .collect()
    };
    let once = walk(&errors);
    let weekly: Vec<f64> = (0..300).map(|t| errors[t] + 4.0 * ((t % 7) as f64 - 3.0)).collect();
    for (demand, plain, seasonal) in
        [(&errors, 0, 0), (&once, 1, 0), (&walk(&once), 2, 0), (&weekly, 0, 1)]
    {
        let found = Differences::of(demand, 7);
        assert_eq!((found.plain, found.seasonal), (plain, seasonal));
    }
    let twice = Differences { plain: 1, seasonal: 1, places: 7 };
    let direct: Vec<f64> =
        (8..300).map(|t| weekly[t] - weekly[t - 1] - weekly[t - 7] + weekly[t - 8]).collect();
    for (found, expected) in twice.apply(&weekly).iter().zip(direct) {
        assert!((found - expected).abs() < 1e-9);
    }
}
