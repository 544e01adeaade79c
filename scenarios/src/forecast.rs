//! Forecasts: demand of the periods that come, as paths and not as points.
//!
//! # Adding a model
//!
//! 1. Copy `forecast/simple.rs` to `forecast/<name>.rs` and edit it.
//! 2. Add `mod <name>;` and one line to [`CATALOGUE`] below.
//!
//! The backtest, `parstock fit`, the tests that every model must pass and the bench read the
//! catalogue, so there is no third step.
//!
//! # How it works
//!
//! | step                    | what happens                                                        |
//! |-------------------------|---------------------------------------------------------------------|
//! | [`Family::fit`]         | parameters are estimated from a [`Past`]                            |
//! | [`Fitted::forecast`]    | with these, the model is taken through a past to its end            |
//! | [`Forecast::path`]      | demand of the next periods is drawn, one path after another         |
//!
//! Parameters that were fitted to an early past serve for later ones: so a backtest with many
//! origins fits once. Most models are a [`Recursion`]: a state, the demand it expects next, and
//! what it learns from the demand that came. Along a path the model learns from what was drawn, so
//! that demand depends on demand in time as the model says.
//!
//! # What else a model may know
//!
//! [`Frame::with_regressors`] says what demand may depend on besides the season; [`Past::pool`] says
//! what items alike are like. Either may be missing. A model asks a [`Regressor`] with the number of
//! periods that are known, so that a forecast of the past does not know what came.

use crate::calendar::Calendar;

mod adida;
pub mod arima;
pub mod automatic;
mod calibration;
mod combination;
mod criterion;
mod croston;
mod cycles;
mod distribution;
pub mod ets;
mod factors;
mod frame;
mod holt;
mod imapa;
mod moving_average;
mod naive;
mod negative_binomial_regression;
mod noise;
mod occurrence;
mod options;
mod paths;
mod poisson_regression;
mod pool;
mod prepared;
mod quantile_regression;
mod recursive;
mod regression;
mod regressor;
mod ridge;
mod shrunk_level;
mod simple;
pub mod theta;
mod trial;
mod tsb;
pub mod tuning;
mod willemain;
mod windows;
mod zhou_viswanathan;

pub use adida::{Bucket, mean_interval};
pub use calibration::{Calibration, normal_score};
pub use combination::Combination;
pub use criterion::{Criterion, crps, pinball, quantile};
pub use croston::{SizeAndInterval, SizeAndOccurrence};
pub use cycles::Cycles;
pub use factors::{Adjusted, Factors, adjusted};
pub use frame::{At, Cycle, Frame};
pub use noise::Noise;
pub use options::{MOST_OPTIONS, Scale, Setting, Tunable};
pub use paths::Paths;
pub use pool::{Pool, Seasons, Summary};
pub use prepared::Prepared;
pub use recursive::{Recursion, Recursive, replayed};
pub use regressor::{Ahead, Regressor};
pub use trial::{MOST_MEMBERS, MOST_MODELS, Rules, Standings, Trial, combined, loss, trial};
pub use tsb::SizeAndProbability;
pub use windows::{MOST_WINDOWS, Part, Windows, streams, totals};

use crate::random::Random;

/// Every model the program knows, simplest first: a tie goes to the first.
pub const CATALOGUE: &[Family] = &[
    naive::FAMILY,
    naive::SEASONAL,
    distribution::FAMILY,
    moving_average::FAMILY,
    simple::FAMILY,
    croston::FAMILY,
    croston::SBA,
    tsb::FAMILY,
    adida::FAMILY,
    imapa::FAMILY,
    willemain::FAMILY,
    zhou_viswanathan::FAMILY,
    holt::FAMILY,
    holt::DAMPED,
    holt::WINTERS,
    ets::FAMILY,
    theta::FAMILY,
    arima::FAMILY,
    shrunk_level::FAMILY,
    ridge::FAMILY,
    poisson_regression::FAMILY,
    negative_binomial_regression::FAMILY,
    quantile_regression::FAMILY,
];

/// A kind of model whose parameters are still free.
pub struct Family {
    /// Name in reports and in the study file.
    pub name: &'static str,
    /// One line of help.
    pub summary: &'static str,
    /// Whether it is tried unless the study names others.
    pub tried: bool,
    /// What of it may be set.
    pub options: &'static [Tunable],
    /// Its parameters for a past, as far as they are not set; `None` if that says too little about
    /// them.
    pub fit: fn(&Past<'_>, &Setting) -> Option<Box<dyn Fitted>>,
}

/// A model whose parameters are known.
pub trait Fitted: Send + Sync {
    /// What it foresees at the end of `past`, which may be another than it was fitted to.
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast>;

    /// Names and values of its parameters.
    fn parameters(&self) -> Vec<(&'static str, f64)>;
}

/// What is foreseen at the end of a past.
pub trait Forecast: Send + Sync {
    /// Expected demand of the periods that follow, one each \[counts/period\].
    fn means(&self, frame: &Frame, means: &mut [f64]);

    /// Draws demand of the `path.len()` periods that follow \[counts/period\].
    ///
    /// Whole counts, never negative.
    fn path(&self, frame: &Frame, random: &mut Random, path: &mut [f64]);
}

/// What is known of an item's demand when a forecast is made: periods 0 to `demand.len() - 1` of its
/// series, and nothing of later ones.
#[derive(Clone, Copy)]
pub struct Past<'a> {
    /// What was sold in each period \[counts/period\].
    pub demand: &'a [f64],
    /// Whether that says how much was demanded.
    pub seen: &'a [bool],
    /// Whether at least so much was demanded: the item was sold out.
    pub sold_out: &'a [bool],
    /// What is known of periods beforehand, later ones included.
    pub frame: &'a Frame,
    /// Numbers the periods of the study.
    pub calendar: &'a Calendar,
    /// Number, in the study, of the item's first period.
    pub first: usize,
    /// What items alike say, if they were asked.
    pub pool: Option<&'a Pool>,
}

impl<'a> Past<'a> {
    /// Number of periods.
    pub fn periods(&self) -> usize {
        self.demand.len()
    }

    /// The past as it was when only `periods` periods were known.
    #[must_use]
    pub fn until(&self, periods: usize) -> Past<'a> {
        Past {
            demand: &self.demand[..periods],
            seen: &self.seen[..periods],
            sold_out: &self.sold_out[..periods],
            ..*self
        }
    }

    /// Demand that was seen, with its period.
    pub fn observations(&self) -> impl DoubleEndedIterator<Item = (usize, f64)> + '_ {
        let all = self.demand.iter().zip(self.seen).enumerate();
        all.filter(|(_, (_, seen))| **seen).map(|(period, (demand, _))| (period, *demand))
    }

    /// Mean demand of the periods in which it was seen \[counts/period\]; 0 if there are none.
    pub fn mean(&self) -> f64 {
        let (sum, count) = self
            .observations()
            .fold((0.0, 0.0), |(sum, count), (_, demand)| (sum + demand, count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    }

    /// Periods in which demand was seen, and of these how many had any.
    pub fn seen_and_sold(&self) -> (usize, usize) {
        self.observations()
            .fold((0, 0), |(seen, sold), (_, demand)| (seen + 1, sold + usize::from(demand > 0.0)))
    }
}

#[cfg(test)]
mod intermittent_tests;
#[cfg(test)]
mod tests;
