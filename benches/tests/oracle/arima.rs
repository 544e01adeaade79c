//! ARIMA of given orders against anofox-forecast, whose fit of an order is a port of that of R: least
//! squares to begin with, then the exact likelihood by quasi-Newton steps.
//!
//! It reports Akaike's corrected criterion, and none where R would refuse the fit: a mean or
//! coefficient without a standard error, or a root nearer than 1.01.

use anofox_forecast::models::arima::r_arima_aicc_for_tests;
use scenarios::forecast::arima::{Differences, Order, of_order};
use scenarios::{Purpose, Random, Streams};

/// A process and how it is fitted.
struct Process {
    name: &'static str,
    places: usize,
    /// Coefficients of past values and of past errors, with their lags.
    ar: &'static [(usize, f64)],
    ma: &'static [(usize, f64)],
    /// `p`, `P`, `q`, `Q`.
    order: [usize; 4],
    plain: usize,
    seasonal: usize,
}

const PLAIN: Process =
    Process { name: "", places: 1, ar: &[], ma: &[], order: [0; 4], plain: 0, seasonal: 0 };

const PROCESSES: [Process; 10] = [
    Process { name: "ar1", ar: &[(1, 0.7)], order: [1, 0, 0, 0], ..PLAIN },
    Process { name: "ar3", ar: &[(1, 0.5), (2, -0.3), (3, 0.4)], order: [3, 0, 0, 0], ..PLAIN },
    Process { name: "ma1", ma: &[(1, -0.6)], order: [0, 0, 1, 0], ..PLAIN },
    Process { name: "ma2", ma: &[(1, 0.4), (2, 0.3)], order: [0, 0, 2, 0], ..PLAIN },
    Process { name: "arma", ar: &[(1, 0.8)], ma: &[(1, -0.4)], order: [1, 0, 1, 0], ..PLAIN },
    Process {
        name: "arma22",
        ar: &[(1, 0.5), (2, 0.2)],
        ma: &[(1, 0.4), (2, 0.5)],
        order: [2, 0, 2, 0],
        ..PLAIN
    },
    Process { name: "arima011", ma: &[(1, -0.7)], order: [0, 0, 1, 0], plain: 1, ..PLAIN },
    Process { name: "arima110", ar: &[(1, 0.4)], order: [1, 0, 0, 0], plain: 1, ..PLAIN },
    Process {
        name: "weekly",
        places: 7,
        ar: &[(1, 0.5)],
        ma: &[(7, -0.6)],
        order: [1, 0, 0, 1],
        seasonal: 1,
        ..PLAIN
    },
    Process {
        name: "airline",
        places: 12,
        ma: &[(1, -0.4), (12, -0.5), (13, 0.2)],
        order: [0, 0, 1, 1],
        plain: 1,
        seasonal: 1,
        ..PLAIN
    },
];

fn simulated(process: &Process, periods: usize, path: u32) -> Vec<f64> {
    const OPENING: usize = 200;
    let mut random = Random::new(Streams::new(2, Purpose::Example, 0, process.name), path);
    let (mut values, mut errors) = (vec![0.0_f64; 30], vec![0.0_f64; 30]);
    let past = |series: &[f64], weights: &[(usize, f64)]| -> f64 {
        weights.iter().map(|(lag, weight)| weight * series[series.len() - lag]).sum()
    };
    for _ in 0..OPENING + periods {
        let error = random.normal();
        values.push(past(&values, process.ar) + past(&errors, process.ma) + error);
        errors.push(error);
    }
    // Differenced once, a drift is a mean; not at all, it is a level.
    let mean = if process.plain + process.seasonal < 2 { 0.3 } else { 0.0 };
    let mut demand: Vec<f64> = values[values.len() - periods..].iter().map(|v| v + mean).collect();
    let lags = [(process.plain, 1), (process.seasonal, process.places)];
    for lag in lags.into_iter().filter(|(times, _)| *times > 0).map(|(_, lag)| lag) {
        for period in lag..periods {
            demand[period] += demand[period - lag];
        }
    }
    demand
}

/// Log-likelihoods of 200 series: never more than a ten-thousandth below theirs.
#[test]
fn likelihoods_of_given_orders() {
    const PERIODS: usize = 180;
    let (mut compared, mut lower) = (0, Vec::new());
    for process in &PROCESSES {
        let (mut worst, mut best, mut refused) = (0.0_f64, 0.0_f64, 0);
        for path in 0..20 {
            let demand = simulated(process, PERIODS, path);
            let Process { places, plain, seasonal, order, .. } = *process;
            let constant = plain + seasonal < 2;
            let differences = Differences { plain, seasonal, places };
            let order = Order::of(order, constant);
            let ours = of_order(&demand, &[true; PERIODS], differences, order).expect("a fit").fit;
            let [p, seasonal_p, q, seasonal_q] = order.counts();
            let theirs = r_arima_aicc_for_tests(
                &demand,
                (p, plain, q),
                (seasonal_p, seasonal, seasonal_q),
                if places > 1 { places } else { 0 },
                constant,
                false,
            );
            let Some(theirs) = theirs else {
                refused += 1;
                continue;
            };
            // The number of estimated values is the same, so the criteria differ by the likelihood.
            let gain = 0.5 * (theirs - ours.criterion);
            compared += 1;
            worst = worst.min(gain);
            best = best.max(gain);
            if gain < -1e-4 {
                lower.push((process.name, path, gain));
            }
        }
        println!("{}: ours less theirs {worst:.6} to {best:.6}; {refused} refused", process.name);
    }
    println!("{compared} compared, lower: {lower:?}");
    assert!(compared >= 180 && lower.is_empty(), "{compared} {lower:?}");
}
