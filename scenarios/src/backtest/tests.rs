use super::*;
use crate::calendar::{Calendar, Date, Length, Weekday};
use crate::demand::{Demand, NegativeBinomial};
use crate::forecast::CATALOGUE;
use crate::history::{History, Series};
use crate::stream::{Purpose, Streams};

fn history(series: Vec<Series>, periods: usize) -> History {
    let first = Date::from_ymd(2024, 1, 1).unwrap();
    let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
    History { periods, ..History::new(calendar, series) }
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
    Series::new(format!("item {number}"), 0, units)
}

/// No model is combined with others.
fn rules() -> Rules {
    Rules { members: 1, ..Rules::automatic() }
}

/// Scores of the plain distribution in the last `windows` windows of a week.
fn backtest(series: &Series, history: &History, windows: usize) -> Scores {
    let item = Prepared::new(series, &history.calendar, 7);
    let mut windows = Windows::last(&item.past(), 7, windows);
    windows.earlier = 0;
    let plain = CATALOGUE.iter().position(|family| family.name == "distribution").unwrap();
    judged(&item, &windows, &[plain], &rules(), &Calibration::none(), COSTS, 1)
}

const COSTS: UnitCosts = UnitCosts { over: 1.0, under: 9.0 };

/// A model of the right family is unbiased, covers what it says, and beats the past a little.
#[test]
fn the_right_model_scores_as_it_should() {
    let demand = NegativeBinomial { mean: 9.0, size: 2.0 };
    let series: Vec<Series> = (0..80).map(|number| drawn(number, &demand)).collect();
    let history = history(series, 600);
    let scores = history
        .series
        .iter()
        .map(|series| backtest(&series, &history, 5))
        .fold(Scores::default(), Scores::plus);
    assert_eq!(scores.windows, 400.0);
    // A window's standard deviation is 18.6 of 63; 400 windows are known to 1.5 %.
    assert!(scores.bias().abs() < 0.045, "{}", scores.bias());
    for (covered, level) in scores.coverage().into_iter().zip(INTERVALS) {
        let error = (level * (1.0 - level) / 400.0).sqrt();
        assert!((covered - level).abs() < 3.5 * error + 0.005, "{level}: {covered}");
    }
    assert!(scores.skill() > -0.03 && scores.skill() < 0.1, "{}", scores.skill());
    // A saving is as uncertain as the skill; stock that is right costs something all the same.
    assert!(scores.saving() > -0.1 && scores.saving() < 0.2, "{}", scores.saving());
    assert!(scores.cost > 0.0 && scores.scaled == 400.0);
    // Independent demand is foreseen by its mean: the error is 1/√2 of the change in the square.
    assert!((scores.rmsse() - 0.5_f64.sqrt()).abs() < 0.05, "{}", scores.rmsse());
    // The median's pinball loss is half of its absolute error, and no score is below zero.
    assert!(scores.crps > 0.0 && scores.pinball.iter().all(|loss| *loss > 0.0));
}

/// Demand explodes at the end: what every model had foreseen before does not change.
#[test]
fn no_window_sees_the_future() {
    let demand = NegativeBinomial { mean: 9.0, size: 2.0 };
    let calm = history(vec![drawn(3, &demand)], 600);
    let mut wild = calm.clone();
    wild.series.change(0, |series| series.units[593..].fill(1e5));
    for model in 0..CATALOGUE.len() {
        let foreseen = |history: &History| -> Vec<Vec<f64>> {
            let item = Prepared::new(&history.series.get(0), &history.calendar, 7);
            let mut windows = Windows::last(&item.past(), 7, 4);
            windows.earlier = 0;
            let paths = windows_foreseen(&item, &windows, Part::Later, &[model], &rules(), 1);
            paths.iter().map(|(_, paths, _)| paths.totals().to_vec()).collect()
        };
        let (calm, wild) = (foreseen(&calm), foreseen(&wild));
        assert_eq!(calm.len(), 4);
        assert!(calm == wild, "{}", CATALOGUE[model].name);
    }
}

#[test]
fn what_was_not_seen_is_not_scored() {
    let demand = NegativeBinomial { mean: 9.0, size: 2.0 };
    let mut history = history(vec![drawn(5, &demand)], 600);
    history.series.change(0, |series| series.observed[597] = false);
    history.series.change(0, |series| series.sold_out[597] = true);
    let scores = backtest(&history.series.get(0), &history, 4);
    assert_eq!(scores.windows, 3.0);
    history.series.change(0, |series| series.units.truncate(13));
    history.series.change(0, |series| series.observed.truncate(13));
    history.series.change(0, |series| series.sold_out.truncate(13));
    assert_eq!(backtest(&history.series.get(0), &history, 4), Scores::default());
}
