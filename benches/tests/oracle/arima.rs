//! ARIMA of given orders against anofox-forecast, whose fit of an order is a port of that of R: least
//! squares to begin with, then the exact likelihood by quasi-Newton steps.
//!
//! It reports Akaike's corrected criterion, and none where R would refuse the fit: a mean or
//! coefficient without a standard error, or a root nearer than 1.01.

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::arima::{AutoARIMA, r_arima_aicc_for_tests};
use chrono::{DateTime, Duration};
use scenarios::forecast::arima::{Differences, Order, automatic, of_order};
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

/// Of 30 weekly series, those that both difference as often: the order that is chosen is about as
/// plausible as the one that they choose, but for a step that one walk takes and the other does not.
/// Their orders are fitted by us, because for less than 150 periods alone they go by the likelihood.
#[test]
fn chosen_orders() {
    const PERIODS: usize = 140;
    let (mut sum, mut largest) = (0.0, f64::NEG_INFINITY);
    let (mut compared, mut better, mut worse) = (0.0, 0, 0);
    for path in 0..30 {
        let demand = benches::demand(PERIODS, 1, path);
        let start = DateTime::from_timestamp(1_704_067_200, 0).expect("a date");
        let times = (0..PERIODS).map(|week| start + Duration::weeks(week as i64)).collect();
        let series = TimeSeries::univariate(times, demand.clone()).expect("a series");
        let mut model = AutoARIMA::new();
        model.fit(&series).expect("a fit");
        let theirs = model.selected_full_order().expect("an order");
        let ours = automatic(&demand, &[true; PERIODS], 1).expect("a fit");
        if theirs.d != ours.differences.plain {
            continue;
        }
        let fits = [false, true].into_iter().filter_map(|constant| {
            let order = Order::of([theirs.p, 0, theirs.q, 0], constant);
            let arima = of_order(&demand, &[true; PERIODS], ours.differences, order)?;
            // Both refuse unit roots.
            let [.., ma, _] = arima.fit.coefficients.blocks();
            (ma.iter().product::<f64>().abs() < 0.985).then_some(arima)
        });
        let theirs = fits.map(|arima| arima.fit.criterion).fold(f64::INFINITY, f64::min);
        if theirs.is_infinite() {
            continue;
        }
        let away = ours.fit.criterion - theirs;
        compared += 1.0;
        better += i32::from(away < -1e-3);
        worse += i32::from(away > 1e-3);
        sum += away;
        largest = f64::max(largest, away);
    }
    let mean = sum / compared;
    println!(
        "{compared} compared: {better} better, {worse} worse, mean {mean:.3}, most {largest:.3}"
    );
    assert!(compared >= 15.0 && mean < 1.0 && largest < 6.0);
}
