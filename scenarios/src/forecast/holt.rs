//! Trends and seasons of a given form: Holt's and Winters' methods.
//!
//! Holt, *Forecasting Seasonals and Trends by Exponentially Weighted Moving Averages* (1957),
//! International Journal of Forecasting 20 (2004) 5–10; Gardner & `McKenzie`, *Forecasting Trends in
//! Time Series*, Management Science 31 (1985) 1237–1246; Winters, *Forecasting Sales by
//! Exponentially Weighted Moving Averages*, Management Science 6 (1960) 324–342.

use super::ets::{Error, Form, Season, Series, Trend, best, seasonal, smoothing};
use super::factors::Factors;
use super::{Family, Fitted, Past};

pub(super) const FAMILY: Family = Family {
    name: "holt",
    summary: "a level and a trend that move towards what is sold",
    tried: true,
    options: &[],
    fit: |past, _| trended(past, Trend::Additive),
};

pub(super) const DAMPED: Family = Family {
    name: "damped-holt",
    summary: "a level and a trend that dies out",
    tried: true,
    options: &[],
    fit: |past, _| trended(past, Trend::Damped),
};

pub(super) const WINTERS: Family = Family {
    name: "holt-winters",
    summary: "a level, a trend and a season that all move",
    tried: true,
    options: &[],
    fit: |past, _| {
        let factors = (past.frame.outer.places > 1).then(|| Factors::of(past).of_year());
        smoothing(past, factors, winters)
    },
};

/// Demand less its season, with the least squared error of one-step forecasts.
fn trended(past: &Past<'_>, trend: Trend) -> Option<Box<dyn Fitted>> {
    let form = Form::new(Error::Additive, trend, Season::None);
    smoothing(past, Some(Factors::of(past)), |series| best(form, series, f64::INFINITY))
}

/// The likelier of additive and multiplicative seasons; each has errors of its kind.
fn winters(series: &Series) -> Option<super::ets::Fit> {
    if !seasonal(series) {
        return None;
    }
    let additive = Form::new(Error::Additive, Trend::Additive, Season::Additive);
    let additive = best(additive, series, f64::INFINITY);
    if !series.positive() {
        return additive;
    }
    let hopeless = additive.as_ref().map_or(f64::INFINITY, |fit| fit.criterion);
    let multiplicative = Form::new(Error::Multiplicative, Trend::Additive, Season::Multiplicative);
    best(multiplicative, series, hopeless).or(additive)
}
