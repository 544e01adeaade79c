use super::*;
use crate::calendar::{Date, Weekday};
use crate::demand::Poisson;
use crate::stream::{Purpose, Streams};

/// A history of one item from `units(period)`, on a calendar of every day.
fn history(periods: usize, units: impl Fn(usize) -> f64) -> History {
    let first = Date::from_ymd(2024, 1, 1).unwrap();
    let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
    History::new(calendar, vec![Series::new("bolts", 0, (0..periods).map(units).collect())])
}

fn model(history: &History) -> DemandModel {
    fit(&history.series.get(0), history, FitOptions::of(&history.calendar))
}

/// A uniform number for `draw`.
fn uniform(draw: usize) -> f64 {
    let word = Streams::new(5, Purpose::Demand, 9, "fit").words(draw as u32, 0)[0];
    (f64::from(word) + 0.5) / 4_294_967_296.0
}

/// A draw from `masses` by inversion.
fn draw(masses: &crate::Masses, uniform: f64) -> f64 {
    let total: f64 = masses.weights.iter().sum();
    let mut rest = uniform * total;
    for (value, weight) in masses.values.iter().zip(&masses.weights) {
        rest -= weight;
        if rest < 0.0 {
            return *value;
        }
    }
    *masses.values.last().unwrap()
}

#[test]
fn weekday_demand_gets_weekday_factors() {
    let masses: Vec<_> = [1.0, 0.5, 0.5, 1.0, 1.0, 2.0, 1.0]
        .map(|factor| Poisson { mean: 8.0 }.masses(factor))
        .into();
    let history = history(728, |t| draw(&masses[t % 7], uniform(t)));
    let model = model(&history);
    assert_eq!(model.season, Season::Weekday);
    assert!((model.factors[5] - 2.0).abs() < 0.2, "{:?}", model.factors);
    assert!((model.mean() - 8.0).abs() < 0.4, "{}", model.mean());
}

#[test]
fn bursts_are_not_poisson() {
    let masses = crate::demand::NegativeBinomial { mean: 4.0, size: 0.5 }.masses(1.0);
    let history = history(728, |t| draw(&masses, uniform(t)));
    let model = model(&history);
    assert_ne!(model.family, "poisson");
    assert!((model.deviation() - 6.0).abs() < 1.0, "{}", model.deviation());
}

#[test]
fn a_change_of_level_is_followed() {
    let low = Poisson { mean: 3.0 }.masses(1.0);
    let high = Poisson { mean: 12.0 }.masses(1.0);
    let history = history(728, |t| draw(if t < 560 { &low } else { &high }, uniform(t)));
    let model = model(&history);
    assert_ne!(model.level, Level::Whole, "{}", DemandModel::describe(model.code()));
    assert!((model.mean() - 12.0).abs() < 1.0, "{}", model.mean());
}

#[test]
fn periods_without_stock_do_not_count_as_zero() {
    let mut history = history(200, |t| if t % 4 == 0 { 0.0 } else { 5.0 + (t % 3) as f64 });
    history.series.change(0, |series| series.observed = (0..200).map(|t| t % 4 != 0).collect());
    assert!((model(&history).mean() - 6.0).abs() < 0.2);
}

#[test]
fn degenerate_histories_get_a_model_and_a_note() {
    let about = |history: &History| note(&history.series.get(0), &history.calendar);
    let never = history(100, |_| 0.0);
    assert!(model(&never).mean() > 0.0 && about(&never).starts_with("never sold"));
    let short = history(3, |_| 2.0);
    assert!((model(&short).mean() - 2.0).abs() < 1e-9 && about(&short).starts_with("short"));
    let constant = model(&history(300, |_| 7.0));
    assert!((constant.mean() - 7.0).abs() < 0.1, "{}", constant.mean());
    let gone = history(300, |t| if t < 100 { 3.0 } else { 0.0 });
    assert!(about(&gone).contains("not sold in the last 200 periods"), "{}", about(&gone));
    let rare = model(&history(300, |t| if t == 100 { 2.0 } else { 0.0 }));
    assert!((rare.mean() - 2.0 / 300.0).abs() < 0.002, "{} {}", rare.family, rare.mean());
}

#[test]
fn fractions_are_kept_and_large_numbers_are_coarse() {
    assert_eq!(quantum(&[1.5, 2.25]), 0.01);
    assert_eq!(quantum(&[3.0, 4.0]), 1.0);
    assert_eq!(quantum(&[4_000_000.0]), 100.0);
    let model = model(&history(200, |t| 0.5 + (t % 4) as f64 * 0.25));
    assert!((model.mean() * model.quantum - 0.875).abs() < 0.01, "{}", model.mean());
}
