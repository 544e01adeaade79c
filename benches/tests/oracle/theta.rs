//! Theta against anofox-forecast.
//!
//! Its dynamic model differs in the start: the first line is through ten periods, the first level is
//! the first demand, and θ is at most 10; ours estimates the level, and takes the line as it comes.

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::theta::DynamicTheta;
use chrono::{DateTime, Duration};
use scenarios::forecast::{CATALOGUE, Frame, Past};
use scenarios::{Calendar, Length, Purpose, Random, Streams, Weekday};

const PERIODS: usize = 90;
const AHEAD: usize = 12;

fn simulated(path: u32) -> Vec<f64> {
    let mut random = Random::new(Streams::new(2, Purpose::Example, 0, "theta"), path);
    let drift = 0.5 * random.normal();
    let (mut level, wander) = (200.0, 3.0 * random.uniform());
    let demand = (0..PERIODS).map(|_| {
        level += drift + wander * random.normal();
        (level + 10.0 * random.normal()).max(1.0)
    });
    demand.collect()
}

fn ours(demand: &[f64]) -> Vec<f64> {
    let first = "2024-01-01".parse().expect("a date");
    let calendar = Calendar::new(Length::Week, Weekday::Monday, &[], &[], first);
    let frame = Frame::new(&calendar, 0, PERIODS, PERIODS + AHEAD);
    let (seen, sold_out) = ([true; PERIODS], [false; PERIODS]);
    let past = Past {
        demand,
        seen: &seen,
        sold_out: &sold_out,
        frame: &frame,
        calendar: &calendar,
        first: 0,
        pool: None,
    };
    let theta = CATALOGUE.iter().find(|family| family.name == "theta").expect("in the catalogue");
    let fitted = theta.estimated(&past).expect("enough demand");
    let mut means = vec![0.0; AHEAD];
    fitted.forecast(&past).means(&frame, &mut means);
    means
}

fn theirs(demand: &[f64]) -> Vec<f64> {
    let start = DateTime::from_timestamp(1_704_067_200, 0).expect("a date");
    let times = (0..PERIODS).map(|week| start + Duration::weeks(week as i64)).collect();
    let series = TimeSeries::univariate(times, demand.to_vec()).expect("a series");
    let mut model = DynamicTheta::optimized();
    model.fit(&series).expect("a fit");
    model.predict(AHEAD).expect("a forecast").primary().to_vec()
}

/// Forecasts of 200 series differ by a third of the noise of one period in the mean of all series, and
/// in none by more than two and a half times that noise, where trends are weighed otherwise.
#[test]
fn forecasts_are_about_the_same() {
    let away: Vec<f64> = (0..200)
        .map(|path| {
            let demand = simulated(path);
            let pairs = ours(&demand).into_iter().zip(theirs(&demand));
            pairs.map(|(ours, theirs)| (ours - theirs).abs()).sum::<f64>() / AHEAD as f64
        })
        .collect();
    let mean = away.iter().sum::<f64>() / away.len() as f64;
    let largest = away.iter().copied().fold(0.0, f64::max);
    let mut sorted = away.clone();
    sorted.sort_by(f64::total_cmp);
    println!("mean {mean:.3}, median {:.3}, largest {largest:.3} units", sorted[100]);
    assert!(mean < 10.0 / 3.0 && largest < 25.0, "{mean} {largest}");
}
