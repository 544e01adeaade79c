//! Fitting ARIMA and Theta: a series of 156 weeks, and one of 365 days with a season of 7; beside
//! them the same with anofox-forecast, one thread each.
#![allow(missing_docs)]

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::arima::{AutoARIMA, AutoARIMAConfig};
use anofox_forecast::models::theta::{DynamicTheta, OptimizedTheta};
use benches::demand;
use chrono::{DateTime, Duration};
use criterion::{Criterion, criterion_group, criterion_main};
use scenarios::forecast::arima::automatic;
use scenarios::forecast::theta::trend_and_level;
use std::hint::black_box;

fn series(values: &[f64]) -> TimeSeries {
    let start = DateTime::from_timestamp(1_704_067_200, 0).expect("a date");
    let times = (0..values.len()).map(|day| start + Duration::days(day as i64)).collect();
    TimeSeries::univariate(times, values.to_vec()).expect("a series")
}

fn fit(c: &mut Criterion) {
    let mut group = c.benchmark_group("forecast");
    for (name, periods, places) in [("156 weeks", 156, 1), ("365 days", 365, 7)] {
        // A series at a time in turn: some walk further from order to order than others.
        let all: Vec<Vec<f64>> = (0..16).map(|path| demand(periods, places, path)).collect();
        let theirs: Vec<TimeSeries> = all.iter().map(|values| series(values)).collect();
        let seen = vec![true; periods];
        let mut turn = 0;
        let mut next = || {
            turn = (turn + 1) % all.len();
            turn
        };
        group.bench_function(format!("arima, {name}"), |b| {
            b.iter(|| automatic(black_box(&all[next()]), &seen, places));
        });
        group.bench_function(format!("theta, {name}"), |b| {
            b.iter(|| trend_and_level(black_box(&all[next()]), &seen));
        });
        group.sample_size(10);
        group.bench_function(format!("arima of anofox, {name}"), |b| {
            b.iter(|| {
                let config = AutoARIMAConfig::default();
                let config = match places {
                    1 => config,
                    _ => config.with_seasonal_period(places),
                };
                AutoARIMA::with_config(config).fit(black_box(&theirs[next()]))
            });
        });
        group.bench_function(format!("theta of anofox, {name}"), |b| {
            b.iter(|| {
                let series = black_box(&theirs[next()]);
                match places {
                    1 => OptimizedTheta::new().fit(series),
                    _ => OptimizedTheta::seasonal(places).fit(series),
                }
            });
        });
        group.bench_function(format!("dynamic theta of anofox, {name}"), |b| {
            b.iter(|| DynamicTheta::optimized().fit(black_box(&theirs[next()])));
        });
        group.sample_size(100);
    }
    group.finish();
}

criterion_group!(benches, fit);
criterion_main!(benches);
