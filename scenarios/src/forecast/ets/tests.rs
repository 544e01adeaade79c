use super::form::MOST_PLACES;
use super::local::{Local, Row, parameters, pass_of, point};
use super::*;
use crate::Random;
use crate::stream::{Purpose, Streams};

fn forms() -> Vec<Form> {
    let mut forms = Vec::new();
    for error in [Error::Additive, Error::Multiplicative] {
        for trend in [Trend::None, Trend::Additive, Trend::Damped] {
            for season in [Season::None, Season::Additive, Season::Multiplicative] {
                forms.push(Form::new(error, trend, season));
            }
        }
    }
    forms
}

/// Demand with level, trend and season, of which some periods were not seen and a cycle is
/// irregular.
fn series(places: usize, periods: usize) -> Series {
    let mut random = Random::new(Streams::new(7, Purpose::Forecast, 0, "ets"), places as u32);
    let place = |t: usize| (if t > 40 { t + 2 } else { t }) % places;
    let demand: Vec<f64> = (0..periods)
        .map(|t| {
            let season = 1.0 + 0.4 * ((place(t) * place(t)) % 5) as f64 / 5.0;
            (60.0 + 0.2 * t as f64) * season * random.gamma(40.0)
        })
        .collect();
    let seen: Vec<bool> = (0..periods).map(|t| t % 17 != 11).collect();
    let of: Vec<u8> = (0..periods).map(|t| place(t) as u8).collect();
    Series::new(&demand, &of, &seen, places)
}

fn some_parameters(form: Form, series: &Series) -> Parameters {
    let mut start = series.start(form, 0.3);
    if form.trended() {
        (start.beta, start.trend) = (0.05, 0.1);
    }
    if form.seasonal() {
        start.gamma = 0.2;
    }
    start
}

/// The fast pass has the plain likelihood, and its gradient is that of differences.
#[test]
fn the_pass_is_the_likelihood() {
    fn check<const W: usize>(form: Form, series: &Series) {
        let start = some_parameters(form, series);
        let at: Row<W> = point(&start);
        let mut local = Local::<W>::new();
        let pass = pass_of::<W>(form);
        assert!(pass(series, &at, &mut local), "{form:?}");
        let plain = -2.0 * log_likelihood(form, &start, series);
        assert!((local.value / plain - 1.0).abs() < 1e-12, "{form:?} {} {plain}", local.value);
        let mut beside = Local::<W>::new();
        let free = if form.seasonal() { 5 + series.places() } else { 6 };
        for c in 0..free {
            if !form.trended() && [1, 3, 5].contains(&c) || !form.seasonal() && c == 2 {
                continue;
            }
            let by = 1e-6 * at[c].abs().max(0.1);
            let mut value = |by: f64| {
                let mut to = at;
                to[c] += by;
                assert!(pass(series, &to, &mut beside));
                beside.value
            };
            let slope = (value(by) - value(-by)) / (2.0 * by);
            let away = (slope - local.gradient[c]).abs();
            assert!(
                away < 1e-4 * slope.abs().max(1.0),
                "{form:?} {c}: {slope} {}",
                local.gradient[c]
            );
        }
    }
    for places in [5, 7, 12] {
        let series = series(places, 150);
        for form in forms() {
            match (form.seasonal(), places) {
                (false, _) => check::<8>(form, &series),
                (true, ..=7) => check::<12>(form, &series),
                (true, _) => check::<20>(form, &series),
            }
        }
    }
}

/// A point and the parameters it stands for.
#[test]
fn points_are_parameters() {
    let series = series(7, 150);
    for form in forms().into_iter().filter(|form| form.seasonal()) {
        let start = some_parameters(form, &series);
        let back = parameters::<12>(form, 7, &point(&start));
        let pairs = back.seasons.iter().zip(&start.seasons);
        assert!(pairs.clone().count() == 7 && 7 <= MOST_PLACES);
        for (there, here) in pairs {
            assert!((there - here).abs() < 1e-9, "{form:?} {back:?} {start:?}");
        }
        assert!((back.gamma - start.gamma).abs() < 1e-12 && (back.beta - start.beta).abs() < 1e-12);
    }
}

/// No other start finds a likelihood that is much higher: not by a tenth, in its logarithm.
#[test]
fn starts_do_not_matter() {
    for places in [1, 7] {
        let series = series(places, 200);
        for form in forms().into_iter().filter(|form| places > 1 || !form.seasonal()) {
            let found = best(form, &series, f64::INFINITY).expect("a fit");
            for alpha in [0.02, 0.2, 0.4, 0.6, 0.9] {
                let start = series.start(form, alpha);
                let Some(other) = fit_from(form, &series, &start, f64::INFINITY) else { continue };
                let more = other.log_likelihood - found.log_likelihood;
                assert!(more < 0.1, "{form:?} from {alpha}: {more}");
            }
        }
    }
}

/// Giving up forms early does not change what is chosen.
#[test]
fn nothing_that_is_better_is_given_up() {
    for places in [1, 7] {
        let series = series(places, 200);
        let chosen = choose(&series).expect("a fit");
        let allowed = forms().into_iter().filter(|form| {
            let unstable = form.error == Error::Additive && form.season == Season::Multiplicative;
            !unstable && (places > 1 || !form.seasonal())
        });
        for form in allowed {
            let fit = best(form, &series, f64::INFINITY).expect("a fit");
            assert!(chosen.criterion < fit.criterion + 0.01, "{chosen:?} {fit:?}");
        }
    }
}

/// Along a path a trend ends at three times the largest demand, and never leaves the numbers.
#[test]
fn trends_do_not_go_on_for_ever() {
    use crate::forecast::{At, Recursion};
    let series = series(7, 150);
    for form in forms() {
        let start = Parameters { trend: 5.0, ..some_parameters(form, &series) };
        let mut state = State::new(form, &start, 100.0);
        let mut random = Random::new(Streams::new(7, Purpose::Forecast, 0, "paths"), 1);
        for period in 0..5_000 {
            let at = At { period, inner: period % 7, outer: 0 };
            let mean = state.mean(at);
            let most = if form.season == Season::Multiplicative { 15.0 } else { 2.0 };
            assert!((0.0..=most * 300.0).contains(&mean), "{form:?} {period}: {mean}");
            state.observe(at, mean * random.gamma(4.0));
        }
    }
}
