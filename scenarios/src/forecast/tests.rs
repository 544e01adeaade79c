//! What every model must do, whatever it is.

use super::*;
use crate::calendar::{Length, Weekday};
use crate::stream::{Purpose, Streams};

/// A series of some kind of item.
struct Kind {
    name: &'static str,
    demand: Vec<f64>,
}

fn kinds() -> Vec<Kind> {
    let many = |value: &dyn Fn(usize) -> f64| (0..120).map(value).collect::<Vec<f64>>();
    let kind = |name, demand| Kind { name, demand };
    vec![
        kind("all zero", many(&|_| 0.0)),
        kind("one sale ever", many(&|t| f64::from(t == 70))),
        kind("one sale at the end", many(&|t| f64::from(t == 119))),
        kind("one observation", vec![3.0]),
        kind("two observations", vec![3.0, 5.0]),
        kind("nothing at all", Vec::new()),
        kind("constant", many(&|_| 7.0)),
        kind("a single spike", many(&|t| if t == 60 { 1000.0 } else { 5.0 })),
        kind("shorter than the season", vec![3.0, 4.0, 2.0, 5.0, 1.0]),
        kind("a thousand million units", many(&|t| 1e9 + 1e7 * (t % 7) as f64)),
        kind("fractional", many(&|t| 0.1 * (t % 5) as f64)),
        kind("weekly", many(&|t| [9.0, 4.0, 3.0, 4.0, 6.0, 12.0, 0.0][t % 7])),
        kind("rising", many(&|t| t as f64)),
        kind("falling to nothing", many(&|t| (60.0 - t as f64).max(0.0))),
        kind("now and then", many(&|t| if t % 9 == 4 { (t % 4) as f64 } else { 0.0 })),
    ]
}

fn calendar(length: Length) -> Calendar {
    let first = "2024-01-01".parse().expect("a date");
    Calendar::new(length, Weekday::Monday, &[], &[], first)
}

/// Gives `check` each kind of item, by day, week and month, as a past; and with periods unseen,
/// regressors and a pool.
fn each_past(mut check: impl FnMut(&str, &Past<'_>)) {
    let pool = Pool { items: 9, shape: 0.7, mean: 3.0, size: 0.5, seasons: Seasons::none() };
    for Kind { name, demand } in kinds() {
        for length in [Length::Day, Length::Week, Length::Month] {
            let calendar = calendar(length);
            let periods = demand.len();
            let plain = Frame::new(&calendar, 0, periods, periods + HORIZON);
            for unseen in [false, true] {
                // What else may be known, too.
                let frame = match unseen {
                    true => plain.clone().with_regressors(regressors(periods)),
                    false => plain.clone(),
                };
                let seen: Vec<bool> = (0..periods).map(|t| !unseen || t % 5 != 3).collect();
                let sold_out: Vec<bool> = seen.iter().map(|seen| !seen).collect();
                let past = Past {
                    demand: &demand,
                    seen: &seen,
                    sold_out: &sold_out,
                    frame: &frame,
                    calendar: &calendar,
                    first: 0,
                    pool: unseen.then_some(&pool),
                };
                check(name, &past);
            }
        }
    }
}

/// A price that changes and a promotion that is planned.
fn regressors(periods: usize) -> Vec<Regressor> {
    let values = |value: &dyn Fn(usize) -> f32| (0..periods + HORIZON).map(value).collect();
    let price = values(&|t| if t % 11 < 3 { 0.5 } else { 0.7 });
    let promotion = values(&|t| f32::from(t % 13 == 2));
    vec![
        Regressor { name: "price", values: price, ahead: Ahead::Stays },
        Regressor { name: "promotion", values: promotion, ahead: Ahead::Planned },
    ]
}

const HORIZON: usize = 21;

fn random(path: u32) -> Random {
    Random::new(Streams::new(1, Purpose::Forecast, 0, "any"), path)
}

#[test]
fn no_series_breaks_a_model() {
    for family in CATALOGUE {
        each_past(|kind, past| {
            let Some(fitted) = family.estimated(past) else { return };
            let forecast = fitted.forecast(past);
            let largest = past.demand.iter().copied().fold(1.0, f64::max);
            let mut means = [0.0; HORIZON];
            forecast.means(past.frame, &mut means);
            let mut path = [0.0; HORIZON];
            for seed in 0..20 {
                forecast.path(past.frame, &mut random(seed), &mut path);
                for demand in path {
                    let fine = demand >= 0.0 && demand.fract() == 0.0 && demand < 1e4 * largest;
                    assert!(fine, "{} of {kind}: {demand}", family.name);
                }
            }
            for mean in means {
                let fine = mean >= 0.0 && mean <= 100.0 * largest;
                assert!(fine, "{} of {kind}: mean {mean}", family.name);
            }
            for (parameter, value) in fitted.parameters() {
                assert!(value.is_finite(), "{} of {kind}: {parameter} {value}", family.name);
            }
        });
    }
}

/// Whatever is set, at either end of its range, breaks no model, and the model has it.
#[test]
fn what_is_set_is_what_a_model_has() {
    for family in CATALOGUE.iter().filter(|family| !family.options.is_empty()) {
        for (place, option) in family.options.iter().enumerate() {
            let mut kept = 0;
            for value in [option.least, option.value(0.4), option.most] {
                let setting = Setting::OWN.with(place, value);
                each_past(|kind, past| {
                    let Some(fitted) = (family.fit)(past, &setting) else { return };
                    let mut path = [0.0; HORIZON];
                    fitted.forecast(past).path(past.frame, &mut random(3), &mut path);
                    let fine = path.iter().all(|demand| *demand >= 0.0 && demand.is_finite());
                    assert!(fine, "{} of {kind}: {path:?}", family.name);
                    let parameters = fitted.parameters();
                    let own = parameters.iter().find(|(name, _)| *name == option.name);
                    kept += usize::from(own.is_some_and(|(_, own)| *own == value));
                });
            }
            assert!(kept > 10, "{} {}: {kept}", family.name, option.name);
        }
    }
}

/// Nothing of what comes later changes a forecast: the past has a spike after its end.
#[test]
fn the_future_is_not_seen() {
    let calendar = calendar(Length::Day);
    let calm: Vec<f64> = (0..150).map(|t| [4.0, 2.0, 0.0, 7.0, 5.0][t * t % 5]).collect();
    let mut spiked = calm.clone();
    spiked[100..].iter_mut().for_each(|demand| *demand += 5000.0);
    let frame = Frame::new(&calendar, 0, 150, 150 + HORIZON);
    let (seen, sold_out) = (vec![true; 150], vec![false; 150]);
    for family in CATALOGUE {
        let drawn = [&calm, &spiked].map(|demand| {
            let whole = Past {
                demand,
                seen: &seen,
                sold_out: &sold_out,
                frame: &frame,
                calendar: &calendar,
                first: 0,
                pool: None,
            };
            let past = whole.until(100);
            let forecast = family.estimated(&past)?.forecast(&past);
            let mut path = vec![0.0; HORIZON];
            forecast.path(&frame, &mut random(5), &mut path);
            Some(path)
        });
        assert_eq!(drawn[0], drawn[1], "{}", family.name);
    }
}

/// The mean of many paths' totals is that of the expected demand, within five standard errors; what
/// models learn along a path, and that demand is not negative, may shift it by a twentieth.
#[test]
fn paths_scatter_around_what_is_expected() {
    const PATHS: u32 = 2_000;
    each_past(|kind, past| {
        if !["weekly", "now and then", "a single spike"].contains(&kind) {
            return;
        }
        for family in CATALOGUE {
            let Some(fitted) = family.estimated(past) else { continue };
            let forecast = fitted.forecast(past);
            let mut means = [0.0; 7];
            forecast.means(past.frame, &mut means);
            let expected: f64 = means.iter().sum();
            let totals: Vec<f64> = (0..PATHS)
                .map(|path| {
                    let mut demand = [0.0; 7];
                    forecast.path(past.frame, &mut random(path), &mut demand);
                    demand.iter().sum()
                })
                .collect();
            let mean = totals.iter().sum::<f64>() / f64::from(PATHS);
            let squares: f64 = totals.iter().map(|t| (t - mean) * (t - mean)).sum();
            let error = (squares / f64::from(PATHS) / f64::from(PATHS)).sqrt();
            let away = (mean - expected).abs();
            let allowed = 5.0 * error + 0.05 * expected.max(mean);
            assert!(away <= allowed, "{} of {kind}: {mean}, not {expected}", family.name);
        }
    });
}
