//! Intermittent demand beside anofox-forecast at equal parameters.
//!
//! It starts where statsforecast does: at the first size, the first interval, and the first period's
//! occurrence, which is 0 or 1.

use std::ops::Add;
use std::time::Duration;

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::intermittent::{ADIDA, Croston, IMAPA, TSB};
use benches::intermittent::intermittent;
use scenarios::forecast::{
    Bucket, SizeAndInterval, SizeAndOccurrence, SizeAndProbability, mean_interval,
};

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
