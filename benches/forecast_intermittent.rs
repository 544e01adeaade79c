//! A thousand days of intermittent demand: one pass at given parameters, fits, and paths; and the
//! likelihood of negative binomial demand. Beside the first the same by anofox-forecast.
#![allow(missing_docs)]

use std::hint::black_box;
use std::ops::Add;
use std::time::Duration;

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::intermittent::{ADIDA, Croston, IMAPA, TSB};
use benches::intermittent::intermittent;
use criterion::{Criterion, criterion_group, criterion_main};
use scenarios::demand::{NegativeBinomial, Sample, cells};
use scenarios::forecast::{
    CATALOGUE, Frame, Noise, Past, SizeAndInterval, SizeAndOccurrence, SizeAndProbability,
};
use scenarios::{Calendar, Length, Purpose, Random, Streams, Weekday};

const DAYS: usize = 1000;
const AHEAD: usize = 28;

/// Times a day apart, of whatever type is wanted.
fn days<T: Default + Add<Duration, Output = T>>(count: usize) -> Vec<T> {
    let day = |number: usize| T::default() + Duration::from_secs(86_400 * number as u64);
    (0..count).map(day).collect()
}

/// Different series one after the other: the same would teach the processor its branches.
fn series() -> impl FnMut() -> usize {
    let mut number = 0;
    move || {
        number = (number + 1) % 64;
        number
    }
}

fn passes(c: &mut Criterion) {
    let mut group = c.benchmark_group("intermittent pass");
    let all: Vec<Vec<f64>> = (0..64).map(|number| intermittent(DAYS, 0.3, number)).collect();
    let shares = SizeAndOccurrence { size: 0.1, occurrence: 0.1 };
    let first = black_box(SizeAndInterval { size: 3.0, interval: 4.0, since: 0.0 });
    let mut next = series();
    group.bench_function("croston", |b| b.iter(|| first.after(&all[next()], shares).rate()));
    group.bench_function("croston-sba", |b| {
        b.iter(|| first.after(&all[next()], shares).unbiased_rate(shares));
    });
    let first = black_box(SizeAndProbability { size: 3.0, probability: 0.25 });
    group.bench_function("tsb", |b| b.iter(|| first.after(&all[next()], shares).rate()));

    let dated = |demand: &Vec<f64>| TimeSeries::univariate(days(DAYS), demand.clone());
    let dated: Vec<TimeSeries> = all.iter().map(|d| dated(d).expect("times that grow")).collect();
    group.bench_function("anofox croston", |b| {
        b.iter(|| Croston::new().with_alpha(0.1).fit(&dated[next()]));
    });
    group.bench_function("anofox croston-sba", |b| {
        b.iter(|| Croston::new().with_alpha(0.1).sba().fit(&dated[next()]));
    });
    group.bench_function("anofox tsb", |b| {
        b.iter(|| TSB::new().with_params(0.1, 0.1).fit(&dated[next()]));
    });
    group.bench_function("anofox croston, fitted", |b| {
        b.iter(|| Croston::new().optimized().fit(&dated[next()]));
    });
    group.bench_function("anofox adida, fitted", |b| b.iter(|| ADIDA::new().fit(&dated[next()])));
    group.bench_function("anofox imapa, fitted", |b| b.iter(|| IMAPA::new().fit(&dated[next()])));
    group.finish();
}

fn models(c: &mut Criterion) {
    let mut group = c.benchmark_group("intermittent model");
    let all: Vec<Vec<f64>> = (0..64).map(|number| intermittent(DAYS, 0.3, number)).collect();
    let first = "2024-01-01".parse().expect("a date");
    let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
    let frame = Frame::new(&calendar, 0, DAYS, DAYS + AHEAD);
    let (seen, sold_out) = (vec![true; DAYS], vec![false; DAYS]);
    let past = |demand| Past {
        demand,
        seen: &seen,
        sold_out: &sold_out,
        frame: &frame,
        calendar: &calendar,
        first: 0,
        pool: None,
    };
    let ours = [
        "moving-average",
        "croston",
        "croston-sba",
        "tsb",
        "adida",
        "imapa",
        "willemain",
        "zhou-viswanathan",
    ];
    for family in CATALOGUE.iter().filter(|family| ours.contains(&family.name)) {
        let mut next = series();
        group.bench_function(format!("{} fit", family.name), |b| {
            b.iter(|| family.estimated(&past(&all[next()])));
        });
        let past = past(&all[0]);
        let fitted = family.estimated(&past).expect("enough");
        group.bench_function(format!("{} forecast", family.name), |b| {
            b.iter(|| fitted.forecast(&past));
        });
        let forecast = fitted.forecast(&past);
        let mut path = [0.0; AHEAD];
        let mut number = 0;
        group.bench_function(format!("{} path of {AHEAD}", family.name), |b| {
            b.iter(|| {
                number += 1;
                let streams = Streams::new(1, Purpose::Forecast, 0, "bench");
                forecast.path(&frame, &mut Random::new(streams, number), &mut path);
                path[AHEAD - 1]
            });
        });
    }
    group.finish();
}

fn negative_binomial(c: &mut Criterion) {
    let mut group = c.benchmark_group("negative binomial");
    let mut random = Random::new(Streams::new(5, Purpose::Forecast, 0, "bench"), 0);
    let noise = Noise::NegativeBinomial { size: 1.5 };
    let all: Vec<Vec<(usize, f64)>> =
        (0..64).map(|_| (0..DAYS).map(|_| (0, noise.draw(3.0, &mut random))).collect()).collect();
    let counted: Vec<_> = all.iter().map(|series| cells(series, &[1.0])).collect();
    let mut next = series();
    group.bench_function("likelihood", |b| {
        let demand = NegativeBinomial { mean: 3.0, size: black_box(1.5) };
        b.iter(|| Sample { cells: &counted[next()] }.log_likelihood(&demand));
    });
    group.bench_function("fit", |b| {
        b.iter(|| NegativeBinomial::fit(&Sample { cells: &counted[next()] }));
    });
    group.bench_function("cells", |b| b.iter(|| cells(&all[next()], &[1.0])));
    group.bench_function("cells and fit", |b| {
        b.iter(|| {
            let cells = cells(&all[next()], &[1.0]);
            NegativeBinomial::fit(&Sample { cells: &cells })
        });
    });
    group.finish();
}

criterion_group!(benches, passes, negative_binomial, models);
criterion_main!(benches);
