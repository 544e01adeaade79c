use super::*;
use crate::calendar::{Calendar, Date, Length, Weekday};
use crate::demand::{Demand, NegativeBinomial};
use crate::stream::{Purpose, Streams};

fn history(series: Vec<Series>, periods: usize) -> History {
    let first = Date::from_ymd(2024, 1, 1).unwrap();
    let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
    History { calendar, rows: 0, periods, series, notes: Vec::new() }
}

/// Two years of draws.
fn drawn(number: usize, demand: &dyn Demand) -> Series {
    let masses = demand.masses(1.0);
    let total: f64 = masses.weights.iter().sum();
    let streams = Streams::new(2, Purpose::Demand, 6, "backtest");
    let draw = |day: usize| {
        let word = streams.words(number as u32, day as u32)[0];
        let mut rest = (f64::from(word) + 0.5) / 4_294_967_296.0 * total;
        let drawn = masses.values.iter().zip(&masses.weights).find(|(_, weight)| {
            rest -= *weight;
            rest < 0.0
        });
        *drawn.unwrap().0
    };
    let units: Vec<f64> = (0..600).map(draw).collect();
    let (observed, sold_out) = (vec![true; 600], vec![false; 600]);
    Series {
        item: format!("item {number}"),
        first: 0,
        units,
        observed,
        sold_out,
        price: None,
        promoted: 0.0,
        prices: Vec::new(),
        promotions: Vec::new(),
    }
}

/// By its definition: the integral of the squared distance between distribution and truth.
#[test]
fn the_score_is_the_integral_of_its_definition() {
    let paths = [0.0, 1.0, 1.0, 4.0, 7.0];
    for sold in [-2.0, 0.0, 0.5, 1.0, 3.0, 9.0] {
        let step = 1e-3;
        let integral: f64 = (-5_000..15_000)
            .map(|at| (f64::from(at) + 0.5) * step)
            .map(|x| {
                let below = paths.iter().filter(|path| **path <= x).count() as f64 / 5.0;
                let there = if sold <= x { 1.0 } else { 0.0 };
                (below - there).powi(2) * step
            })
            .sum();
        assert!((crps(&paths, sold) - integral).abs() < 1e-6, "{sold}");
    }
}

/// A model of the right family is unbiased, covers what it says, and beats the past a little.
#[test]
fn the_right_model_scores_as_it_should() {
    let demand = NegativeBinomial { mean: 9.0, size: 2.0 };
    let series: Vec<Series> = (0..80).map(|number| drawn(number, &demand)).collect();
    let history = history(series, 600);
    let scores = history
        .series
        .iter()
        .map(|series| backtest(series, &history, 1, 7, 5))
        .fold(Scores::default(), Scores::plus);
    assert_eq!(scores.windows, 400.0);
    // A window's standard deviation is 18.6 of 63; 400 windows are known to 1.5 %.
    assert!(scores.bias().abs() < 0.045, "{}", scores.bias());
    for (covered, level) in scores.coverage().into_iter().zip(INTERVALS) {
        let error = (level * (1.0 - level) / 400.0).sqrt();
        assert!((covered - level).abs() < 3.5 * error + 0.005, "{level}: {covered}");
    }
    assert!(scores.skill() > -0.02 && scores.skill() < 0.1, "{}", scores.skill());
    // The median's pinball loss is half of its absolute error, and no score is below zero.
    assert!(scores.crps > 0.0 && scores.pinball.iter().all(|loss| *loss > 0.0));
}

/// Demand explodes at the end: no model that is scored before knows of it.
#[test]
fn no_window_sees_the_future() {
    let demand = NegativeBinomial { mean: 9.0, size: 2.0 };
    let calm = history(vec![drawn(3, &demand)], 600);
    let mut wild = calm.clone();
    wild.series[0].units[593..].fill(1e6);
    let scored = |history: &History, windows| backtest(&history.series[0], history, 1, 7, windows);
    let last = |history: &History| {
        let (all, one) = (scored(history, 4), scored(history, 1));
        (all.windows - one.windows, all.crps - one.crps)
    };
    let (calm, wild) = (last(&calm), last(&wild));
    assert_eq!(calm.0, 3.0);
    assert!((calm.1 - wild.1).abs() < 1e-6 * wild.1.abs().max(1.0), "{calm:?}, {wild:?}");
}

#[test]
fn what_was_not_seen_is_not_scored() {
    let demand = NegativeBinomial { mean: 9.0, size: 2.0 };
    let mut history = history(vec![drawn(5, &demand)], 600);
    history.series[0].observed[597] = false;
    history.series[0].sold_out[597] = true;
    let scores = backtest(&history.series[0], &history, 1, 7, 4);
    assert_eq!(scores.windows, 3.0);
    history.series[0].units.truncate(15);
    history.series[0].observed.truncate(15);
    history.series[0].sold_out.truncate(15);
    assert_eq!(backtest(&history.series[0], &history, 1, 7, 4), Scores::default());
}
