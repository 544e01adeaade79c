//! Exponential smoothing: level, trend and season, each of which moves by a share of every error.
//!
//! Hyndman, Koehler, Ord & Snyder, *Forecasting with Exponential Smoothing* (2008). Which of the
//! forms fits an item is chosen by Akaike's corrected criterion, as by Hyndman & Khandakar,
//! *Automatic Time Series Forecasting: The forecast Package for R*, Journal of Statistical Software
//! 27 (2008).
//!
//! | step          | where                 | what happens                                              |
//! |---------------|-----------------------|-----------------------------------------------------------|
//! | what is there | `series.rs`           | demand, the place of each period, a start for the search  |
//! | which forms   | `choose.rs`           | fitted from simple to complex; hopeless ones are given up |
//! | one form      | `search.rs`           | its most likely parameters, first states among them       |
//! | one point     | `local.rs`, `sums.rs` | likelihood, gradient and curvature, in one pass           |
//! | forecasts     | `state.rs`            | the form as a [`Recursion`](super::Recursion)             |

use std::sync::Arc;

use super::factors::{Adjusted, Factors, adjusted};
use super::recursive::Recursive;
use super::{Family, Fitted, Forecast, Past};

mod choose;
mod form;
mod local;
mod search;
mod series;
mod state;
mod sums;
#[cfg(test)]
mod tests;

pub(super) use choose::seasonal;
pub use choose::{best, choose};
pub use form::{Error, Form, Parameters, Season, Trend};
pub use search::{Fit, fit_from, penalty};
pub use series::Series;
pub use state::{State, log_likelihood};

pub(super) const FAMILY: Family = Family {
    name: "ets",
    summary: "exponential smoothing: error, trend and season chosen by Akaike's criterion",
    tried: true,
    options: &[],
    fit: |past, _| {
        let year = past.frame.outer.places > 1;
        let factors = year.then(|| Factors::of(past).of_year());
        Smoothing::fit(past, factors, choose)
    },
};

/// A fitted form, and the factors of the seasons that it does not have itself.
struct Smoothing {
    fit: Fit,
    factors: Option<Arc<Factors>>,
    /// Largest demand, less those factors \[counts/period\].
    largest: f64,
}

/// Fewest observations to fit to.
const FEW: usize = 8;

impl Smoothing {
    fn fit(
        past: &Past<'_>,
        factors: Option<Factors>,
        choose: impl Fn(&Series) -> Option<Fit>,
    ) -> Option<Box<dyn Fitted>> {
        let (seen, sold) = past.seen_and_sold();
        if seen < FEW || sold < 2 {
            return None;
        }
        let series = match &factors {
            Some(factors) => Series::of(past, &adjusted(past, factors)),
            None => Series::of(past, past.demand),
        };
        let fit = choose(&series)?;
        let largest = series.largest();
        Some(Box::new(Smoothing { fit, factors: factors.map(Arc::new), largest }))
    }
}

/// Fits the form that `choose` likes best to demand less `factors`.
pub(super) fn smoothing(
    past: &Past<'_>,
    factors: Option<Factors>,
    choose: impl Fn(&Series) -> Option<Fit>,
) -> Option<Box<dyn Fitted>> {
    Smoothing::fit(past, factors, choose)
}

impl Fitted for Smoothing {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let state = State::new(self.fit.form, &self.fit.parameters, self.largest);
        match &self.factors {
            Some(factors) => {
                Box::new(Recursive::new(Adjusted::new(state, Arc::clone(factors)), past, 0))
            }
            None => Box::new(Recursive::new(state, past, 0)),
        }
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        let Fit { form, parameters, criterion, .. } = &self.fit;
        let flag = |is: bool| f64::from(u8::from(is));
        let mut named = vec![
            ("multiplicative_error", flag(form.error == Error::Multiplicative)),
            ("alpha", parameters.alpha),
            ("first_level", parameters.level),
        ];
        if form.trended() {
            named.extend([("beta", parameters.beta), ("first_trend", parameters.trend)]);
        }
        if form.trend == Trend::Damped {
            named.push(("phi", parameters.phi));
        }
        if form.seasonal() {
            let multiplicative = flag(form.season == Season::Multiplicative);
            named.extend([("gamma", parameters.gamma), ("multiplicative_season", multiplicative)]);
        }
        named.push(("criterion", *criterion));
        named
    }
}
