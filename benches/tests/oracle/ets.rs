//! Exponential smoothing beside anofox-forecast, which shows likelihoods and states.

use std::ops::Add;
use std::time::Duration;

use anofox_forecast::core::TimeSeries;
use anofox_forecast::models::Forecaster;
use anofox_forecast::models::exponential::{AutoETS, AutoETSConfig, ETS, ETSSpec};
use benches::demand::{Shape, demand, series};
use scenarios::forecast::ets::{self, Error, Form, Season, Series, Trend};

/// Times a day apart, of whatever type is wanted.
fn days<T: Default + Add<Duration, Output = T>>(count: usize) -> Vec<T> {
    let day = |number: usize| T::default() + Duration::from_secs(86_400 * number as u64);
    (0..count).map(day).collect()
}

fn dated(demand: &[f64]) -> TimeSeries {
    TimeSeries::univariate(days(demand.len()), demand.to_vec()).expect("times that grow")
}

fn peer(form: Form) -> ETSSpec {
    let error = if form.error == Error::Additive { "A" } else { "M" };
    let trend = match form.trend {
        Trend::None => "N",
        Trend::Additive => "A",
        Trend::Damped => "Ad",
    };
    let season = match form.season {
        Season::None => "N",
        Season::Additive => "A",
        Season::Multiplicative => "M",
    };
    ETSSpec::from_notation(&format!("{error}{trend}{season}")).expect("a form")
}

/// Two hundred series, forty each, with the places of their cycle.
fn simulated() -> impl Iterator<Item = (Shape, usize, Vec<f64>)> {
    let kinds = [
        (Shape::Level, 1, 156),
        (Shape::Trend, 1, 156),
        (Shape::Season, 7, 365),
        (Shape::Season, 12, 60),
        (Shape::Intermittent, 7, 140),
    ];
    kinds.into_iter().flat_map(|(shape, places, periods)| {
        (0..40).map(move |number| (shape, places, demand(shape, places, periods, number)))
    })
}

/// Forms that the choice is among.
fn forms(series: &Series) -> Vec<Form> {
    let mut forms = Vec::new();
    for error in [Error::Additive, Error::Multiplicative] {
        for trend in [Trend::None, Trend::Additive, Trend::Damped] {
            for season in [Season::None, Season::Additive, Season::Multiplicative] {
                let form = Form::new(error, trend, season);
                let unstable = error == Error::Additive && season == Season::Multiplicative;
                let seasonal = series.places() > 1 || !form.seasonal();
                if !unstable && seasonal && (series.positive() || !form.wants_positive()) {
                    forms.push(form);
                }
            }
        }
    }
    forms
}

/// With the same parameters and first states, likelihoods are the same but for rounding.
#[test]
fn likelihoods_are_the_same() {
    let mut compared = 0;
    for (shape, places, demand) in simulated().step_by(4) {
        let series = series(&demand, places);
        for form in forms(&series) {
            let mut start = series.start(form, 0.3);
            if form.seasonal() {
                start.gamma = 0.1;
            }
            let mut other = ETS::with_params_and_states(
                peer(form),
                if form.seasonal() { places } else { 1 },
                start.alpha,
                form.trended().then_some(start.beta),
                form.seasonal().then_some(start.gamma),
                (form.trend == Trend::Damped).then_some(start.phi),
                start.level,
                start.trend,
                start.seasons.clone(),
            );
            other.fit(&dated(&demand)).expect("a fit");
            let theirs = other.log_likelihood().expect("a likelihood");
            let ours = ets::log_likelihood(form, &start, &series);
            assert!((ours / theirs - 1.0).abs() < 1e-9, "{shape:?} {form:?}: {ours} {theirs}");
            let criterion = ets::penalty(form, &series) - 2.0 * ours;
            let theirs = other.aicc().expect("a criterion");
            assert!((criterion / theirs - 1.0).abs() < 1e-9, "{form:?}: {criterion} {theirs}");
            compared += 1;
        }
    }
    assert!(compared > 300, "{compared}");
}

/// Ninety-eight of a hundred fits are at least as likely, but for a hundredth in the logarithm; the
/// others have found another optimum, by 2 at most.
#[test]
fn fits_are_as_likely() {
    let mut gaps = Vec::new();
    for (shape, places, demand) in simulated() {
        let series = series(&demand, places);
        let dated = dated(&demand);
        for form in forms(&series) {
            let mut other = ETS::new(peer(form), if form.seasonal() { places } else { 1 });
            other.fit(&dated).expect("a fit");
            let theirs = other.log_likelihood().expect("a likelihood");
            let ours = ets::best(form, &series, f64::INFINITY).map(|fit| fit.log_likelihood);
            gaps.push((shape, places, form, ours.unwrap_or(f64::NEG_INFINITY) - theirs));
        }
    }
    report(&gaps);
    let worse = gaps.iter().filter(|gap| gap.3 < -0.01).count();
    assert!(50 * worse <= gaps.len(), "{worse} of {}", gaps.len());
    assert!(gaps.iter().all(|gap| gap.3 > -2.0));
}

/// Prints how much more likely our fits are, by shape and form.
fn report(gaps: &[(Shape, usize, Form, f64)]) {
    let mut names: Vec<(Shape, usize, Form)> = Vec::new();
    for (shape, places, form, _) in gaps {
        if !names.contains(&(*shape, *places, *form)) {
            names.push((*shape, *places, *form));
        }
    }
    for (shape, places, form) in names {
        let of = gaps.iter().filter(|gap| (gap.0, gap.1, gap.2) == (shape, places, form));
        let mut of: Vec<f64> = of.map(|gap| gap.3).collect();
        of.sort_by(f64::total_cmp);
        let (least, median, most) = (of[0], of[of.len() / 2], of[of.len() - 1]);
        let spec = peer(form).short_name();
        println!("{shape:?} {places} {spec}: {least:.4} {median:.4} {most:.4}");
    }
}

/// By the criterion the choice is at least as good, but for a hundredth.
#[test]
fn choices_are_as_good() {
    let (mut same, mut gains) = (0, Vec::new());
    for (shape, places, demand) in simulated() {
        let chosen = ets::choose(&series(&demand, places)).expect("a choice");
        let config = AutoETSConfig::with_period(places);
        // Without its guard against spikes, which leaves out forms.
        let config = AutoETSConfig { spike_trend_guard: false, ..config };
        let mut other = AutoETS::with_config(config);
        other.fit(&dated(&demand)).expect("a fit");
        let scores = other.model_scores().iter().map(|(_, score)| *score);
        let gain = scores.fold(f64::INFINITY, f64::min) - chosen.criterion;
        let spec = other.selected_spec().expect("a choice");
        assert!(gain > -0.01, "{shape:?} {places}: {:?}, not {spec:?}: {gain}", chosen.form);
        same += usize::from(spec == peer(chosen.form));
        gains.push(gain);
    }
    let mean = gains.iter().sum::<f64>() / gains.len() as f64;
    println!("the same form {same} times of {}; better by {mean:.3}", gains.len());
}
