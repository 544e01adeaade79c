//! Automatic exponential smoothing: three years of weeks, and a year of days with their weekday.
//!
//! Beside it the same by anofox-forecast, which chooses among the same forms.
#![allow(missing_docs)]

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::exponential::{AutoETS, AutoETSConfig};
use std::ops::Add;
use std::time::Duration;

use benches::demand::{Shape, demand, series};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use scenarios::forecast::ets;

/// Times a day apart, of whatever type is wanted.
fn days<T: Default + Add<Duration, Output = T>>(count: usize) -> Vec<T> {
    let day = |number: usize| T::default() + Duration::from_secs(86_400 * number as u64);
    (0..count).map(day).collect()
}

fn dated(demand: &[f64]) -> TimeSeries {
    TimeSeries::univariate(days(demand.len()), demand.to_vec()).expect("times that grow")
}

fn forecast_ets(c: &mut Criterion) {
    let mut group = c.benchmark_group("ets");
    let cases = [
        ("weekly 156", Shape::Level, 1, 156),
        ("weekly 156 trend", Shape::Trend, 1, 156),
        ("weekly 156 intermittent", Shape::Intermittent, 1, 156),
        ("daily 365", Shape::Season, 7, 365),
        ("daily 365 intermittent", Shape::Intermittent, 7, 365),
        ("monthly 60", Shape::Season, 12, 60),
    ];
    for (name, shape, places, periods) in cases {
        let all: Vec<Vec<f64>> =
            (0..20).map(|number| demand(shape, places, periods, number)).collect();
        let mut number = 0;
        group.bench_function(BenchmarkId::new("parstock", name), |b| {
            b.iter(|| {
                number += 1;
                ets::choose(&series(&all[number % all.len()], places))
            });
        });
        let mut number = 0;
        group.bench_function(BenchmarkId::new("anofox", name), |b| {
            b.iter(|| {
                number += 1;
                let series = dated(&all[number % all.len()]);
                let config = AutoETSConfig::with_period(places);
                // Without its guard against spikes, which leaves out forms.
                let config = AutoETSConfig { spike_trend_guard: false, ..config };
                AutoETS::with_config(config).fit(&series)
            });
        });
    }
    group.finish();
}

criterion_group!(benches, forecast_ets);
criterion_main!(benches);
