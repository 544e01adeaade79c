//! Intermittent demand beside anofox-forecast at equal parameters.
//!
//! It starts where statsforecast does: at the first size, the first interval, and the first period's
//! occurrence, which is 0 or 1.

use std::hint::black_box;
use std::ops::Add;
use std::time::{Duration, Instant};

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::intermittent::{ADIDA, Croston, IMAPA, TSB};
use benches::intermittent::intermittent;
use scenarios::demand::{NegativeBinomial, Sample, cells};
use scenarios::forecast::{
    Bucket, Noise, SizeAndInterval, SizeAndOccurrence, SizeAndProbability, mean_interval,
};
use scenarios::{Purpose, Random, Streams};

/// Times a day apart, of whatever type is wanted.
fn days<T: Default + Add<Duration, Output = T>>(count: usize) -> Vec<T> {
    let day = |number: usize| T::default() + Duration::from_secs(86_400 * number as u64);
    (0..count).map(day).collect()
}

/// What `model` foresees after `demand`.
fn foreseen(mut model: impl Forecaster, demand: &[f64]) -> f64 {
    let series = TimeSeries::univariate(days(demand.len()), demand.to_vec());
    model.fit(&series.expect("times that grow")).expect("enough");
    model.predict(1).expect("a forecast").primary()[0]
}

/// Two hundred series of which one period in 1.3 to 13 has demand.
fn simulated() -> impl Iterator<Item = (u32, Vec<f64>)> {
    (0..200).map(|number| {
        let probability = 0.75 * 0.1_f64.powf(f64::from(number % 20) / 20.0);
        (number, intermittent(100 + 5 * number as usize, probability, number))
    })
}

/// A share between 0.02 and 0.5.
fn share(number: u32) -> f64 {
    0.02 + 0.48 * f64::from(number % 17) / 16.0
}

#[track_caller]
fn same(ours: f64, theirs: f64) {
    assert!((ours - theirs).abs() <= 1e-9 * theirs.abs(), "{ours} {theirs}");
}

#[test]
fn croston_and_sba_are_the_same() {
    for (number, demand) in simulated() {
        let share = share(number);
        let shares = SizeAndOccurrence { size: share, occurrence: share };
        let first = demand.iter().position(|demand| *demand > 0.0).expect("some demand");
        let interval = (first + 1) as f64;
        let ours = SizeAndInterval { size: demand[first], interval, since: 0.0 };
        let ours = ours.after(&demand, shares);
        same(ours.rate(), foreseen(Croston::new().with_alpha(share), &demand));
        same(ours.unbiased_rate(shares), foreseen(Croston::new().with_alpha(share).sba(), &demand));
    }
}

#[test]
fn tsb_is_the_same() {
    for (number, demand) in simulated() {
        let shares = SizeAndOccurrence { size: share(number), occurrence: share(number / 3) };
        let first = demand.iter().find(|demand| **demand > 0.0).expect("some demand");
        let probability = f64::from(u8::from(demand[0] > 0.0));
        let ours = SizeAndProbability { size: *first, probability }.after(&demand, shares);
        let theirs = TSB::new().with_params(shares.size, shares.occurrence);
        same(ours.rate(), foreseen(theirs, &demand));
    }
}

/// The level from the first bucket on, buckets ending with the past; without a share given, theirs
/// is the best of a hundred between 0.1 and 0.3.
fn level(demand: &[f64], periods: usize, share: f64) -> f64 {
    let opening = &demand[demand.len() % periods..][..periods];
    let first = opening.iter().sum::<f64>() / periods as f64;
    Bucket { periods, share, first }.level_after(demand)
}

#[test]
fn adida_is_the_same_at_an_equal_share() {
    for (number, demand) in simulated() {
        let ours = level(&demand, mean_interval(&demand), share(number));
        same(ours, foreseen(ADIDA::new().with_alpha(share(number)), &demand));
    }
}

/// As theirs is fitted: among a hundred shares, by the squared errors of the sums.
fn their_share(demand: &[f64], periods: usize) -> f64 {
    let sums: Vec<f64> =
        demand[demand.len() % periods..].chunks(periods).map(|b| b.iter().sum()).collect();
    let squares = |share: f64| {
        let (mut level, mut squares) = (sums[0], 0.0);
        for sum in &sums[1..] {
            squares += (sum - level) * (sum - level);
            level = share * sum + (1.0 - share) * level;
        }
        squares
    };
    let shares = (0..=100).map(|at| 0.1 + (0.3 - 0.1) * (f64::from(at) / 100.0));
    shares.min_by(|l, r| squares(*l).total_cmp(&squares(*r))).expect("a hundred")
}

#[test]
fn imapa_is_the_same_with_their_shares() {
    for (_, demand) in simulated() {
        let longest = mean_interval(&demand);
        let levels =
            (1..=longest).map(|length| level(&demand, length, their_share(&demand, length)));
        same(levels.sum::<f64>() / longest as f64, foreseen(IMAPA::new(), &demand));
    }
}

/// Least time of a pass through a thousand days, of many: what others do on the machine does not
/// count \[µs\].
#[test]
#[ignore = "a measurement"]
fn times() {
    let all: Vec<Vec<f64>> = (0..64).map(|number| intermittent(1000, 0.3, number)).collect();
    let least = |name: &str, rounds: usize, pass: &dyn Fn(usize) -> f64| {
        let round = |_| {
            let start = Instant::now();
            let sum: f64 = (0..all.len()).map(pass).sum();
            black_box(sum);
            start.elapsed().as_secs_f64() * 1e6 / all.len() as f64
        };
        println!("{name}: {:.2} µs", (0..rounds).map(round).fold(f64::INFINITY, f64::min));
    };
    let shares = black_box(SizeAndOccurrence { size: 0.1, occurrence: 0.1 });
    let first = SizeAndInterval { size: 3.0, interval: 4.0, since: 0.0 };
    least("croston", 5000, &|number| first.after(&all[number], shares).rate());
    least("croston-sba", 5000, &|number| first.after(&all[number], shares).unbiased_rate(shares));
    let first = SizeAndProbability { size: 3.0, probability: 0.25 };
    least("tsb", 5000, &|number| first.after(&all[number], shares).rate());
    let seasonless: Vec<Vec<(usize, f64)>> = (0..64).map(busy).collect();
    let counted: Vec<_> = seasonless.iter().map(|series| cells(series, &[1.0])).collect();
    least("negative binomial fit", 2000, &|number| {
        let found = NegativeBinomial::fit(&Sample { cells: &counted[number] });
        found.map_or(0.0, |found| found.size)
    });
    least("negative binomial cells and fit", 2000, &|number| {
        let cells = cells(&seasonless[number], &[1.0]);
        NegativeBinomial::fit(&Sample { cells: &cells }).map_or(0.0, |found| found.size)
    });
    // Theirs: the model only, the series being made beforehand.
    let series = |demand: &Vec<f64>| TimeSeries::univariate(days(1000), demand.clone());
    let dated: Vec<_> = all.iter().map(|demand| series(demand).expect("times that grow")).collect();
    let fitted = |mut model: Box<dyn Forecaster>, number: usize| {
        model.fit(&dated[number]).expect("enough");
        model.predict(1).expect("a forecast").primary()[0]
    };
    least("anofox croston", 500, &|number| {
        fitted(Box::new(Croston::new().with_alpha(0.1)), number)
    });
    least("anofox sba", 500, &|number| {
        fitted(Box::new(Croston::new().with_alpha(0.1).sba()), number)
    });
    least("anofox tsb", 500, &|number| fitted(Box::new(TSB::new().with_params(0.1, 0.1)), number));
}

/// A thousand days of negative binomial demand with mean 3.
fn busy(number: u32) -> Vec<(usize, f64)> {
    let mut random = Random::new(Streams::new(5, Purpose::Forecast, 0, "bench"), number);
    let noise = Noise::NegativeBinomial { size: 1.5 };
    (0..1000).map(|_| (0, noise.draw(3.0, &mut random))).collect()
}
