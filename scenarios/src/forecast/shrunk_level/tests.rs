use super::*;
use crate::calendar::{Calendar, Length, Weekday};
use crate::forecast::{Frame, Pool, Setting};
use crate::random::Random;
use crate::stream::{Purpose, Streams};

fn pool() -> Pool {
    Pool { items: 99, shape: 2.0, mean: 5.0, size: 4.0, seasons: Seasons::none() }
}

/// Gives `check` a past of weekly demand.
fn with_past<R>(demand: &[f64], pool: Option<&Pool>, check: impl FnOnce(&Past<'_>) -> R) -> R {
    let first = "2024-01-01".parse().expect("a date");
    let calendar = Calendar::new(Length::Week, Weekday::Monday, &[], &[], first);
    let (seen, sold_out) = (vec![true; demand.len()], vec![false; demand.len()]);
    let frame = Frame::new(&calendar, 0, demand.len(), demand.len() + 4);
    check(&Past {
        demand,
        seen: &seen,
        sold_out: &sold_out,
        frame: &frame,
        calendar: &calendar,
        first: 0,
        pool,
    })
}

/// The posterior of a gamma prior and Poisson counts is `(a + d·Σy)/(b + d·n)`, Gelman et al.,
/// *Bayesian Data Analysis*, 3rd edition (2013), 2.6, each count weighing `d`.
#[test]
fn the_level_is_the_posterior_mean() {
    let demand = [3.0, 0.0, 4.0, 2.0];
    with_past(&demand, Some(&pool()), |past| {
        let mut model = ShrunkLevel::fit(past, &Setting::OWN).expect("a pool");
        model.kept = 1.0;
        let weight = model.weight;
        let expected = (2.0 + weight * 9.0) / (2.0 / 5.0 + weight * 4.0);
        let mut means = [0.0; 4];
        model.forecast(past).means(past.frame, &mut means);
        for mean in means {
            assert!((mean - expected).abs() < 1e-12, "{mean} {expected}");
        }
        let level = (2.0 + 9.0) / (0.4 + 4.0);
        assert!((weight - 1.0 / (1.0 + level / model.size)).abs() < 1e-12);
    });
}

/// Of an item that is new the pool says all: totals of four periods with the mean and variance of a
/// gamma-distributed level and negative binomial counts around it, within five standard errors or so.
#[test]
fn a_new_item_is_as_uncertain_as_items_are_different() {
    const PATHS: u32 = 20_000;
    let totals: Vec<f64> = with_past(&[], Some(&pool()), |past| {
        let forecast = ShrunkLevel::fit(past, &Setting::OWN).expect("a pool").forecast(past);
        let streams = Streams::new(1, Purpose::Forecast, 0, "any");
        let total = |path| {
            let mut demand = [0.0; 4];
            forecast.path(past.frame, &mut Random::new(streams, path), &mut demand);
            demand.iter().sum()
        };
        (0..PATHS).map(total).collect()
    });
    let count = f64::from(PATHS);
    let mean = totals.iter().sum::<f64>() / count;
    let variance = totals.iter().map(|t| (t - mean) * (t - mean)).sum::<f64>() / count;
    // 16·25/2 of the level; 4·(5 + E[level²]/4) of the counts, E[level²] = 25 + 25/2.
    let expected = 200.0 + 4.0 * (5.0 + 37.5 / 4.0);
    assert!((mean - 20.0).abs() < 5.0 * (expected / count).sqrt(), "{mean}");
    assert!((variance / expected - 1.0).abs() < 0.1, "{variance} {expected}");
}

#[test]
fn without_a_pool_the_item_alone_decides() {
    with_past(&[], None, |past| assert!(ShrunkLevel::fit(past, &Setting::OWN).is_none()));
    with_past(&[8.0; 30], None, |past| {
        let mut means = [0.0; 4];
        ShrunkLevel::fit(past, &Setting::OWN)
            .expect("demand")
            .forecast(past)
            .means(past.frame, &mut means);
        assert!((means[0] / 8.0 - 1.0).abs() < 0.02, "{means:?}");
    });
}

#[test]
fn a_level_that_rose_is_followed() {
    let demand: Vec<f64> = (0..80).map(|t| if t < 50 { 2.0 } else { 12.0 }).collect();
    with_past(&demand, Some(&pool()), |past| {
        let model = ShrunkLevel::fit(past, &Setting::OWN).expect("demand");
        let mut means = [0.0; 4];
        model.forecast(past).means(past.frame, &mut means);
        assert!(model.kept < 1.0 && means[0] > 9.0, "{} {means:?}", model.kept);
    });
}
