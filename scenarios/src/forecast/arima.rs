//! Demand as a sum of what was demanded and what was not expected of it, in past periods and past
//! seasons, of an order that is found automatically.

use std::sync::Arc;

use super::frame::At;
use super::noise::Noise;
use super::recursive::{Recursion, Recursive};
use super::{Family, Fitted, Forecast, Past};

mod conditional;
mod difference;
mod exact;
mod filter;
mod linear;
mod order;
mod polynomial;
mod search;
#[cfg(test)]
mod tests;

pub use difference::Differences;
pub use exact::Fit;
pub use order::{Coefficients, Order};

use filter::Filter;

pub(super) const FAMILY: Family = Family {
    name: "arima",
    summary: "autoregression and moving average of differences, with the season, of automatic order",
    tried: false,
    options: &[],
    fit: |past, _| {
        let (seen, sold) = past.seen_and_sold();
        if seen < FEW || sold < 2 {
            return None;
        }
        let places = past.frame.inner.places;
        let places = if past.periods() >= CYCLES * places { places } else { 1 };
        let arima = automatic(past.demand, past.seen, places)?;
        let likely = arima.expected_below_zero(past) <= BELOW_ZERO;
        likely.then(|| Box::new(arima) as Box<dyn Fitted>)
    },
};

/// Fewest observations to fit to.
const FEW: usize = 12;
/// Share of demand that may be expected below zero: beyond, paths that cannot go there would not
/// scatter around what is expected.
const BELOW_ZERO: f64 = 0.02;
/// Cycles that a season takes.
const CYCLES: usize = 3;

/// A stationary series, with missing values.
#[derive(Clone, Debug)]
struct Series {
    values: Vec<f64>,
    seen: Vec<bool>,
    /// Whether no value is missing.
    complete: bool,
    /// Values in a season: 1 if there is none.
    places: usize,
}

impl Series {
    fn new(values: Vec<f64>, seen: Vec<bool>, places: usize) -> Series {
        Series { complete: seen.iter().all(|seen| *seen), values, seen, places }
    }

    fn observations(&self) -> impl Iterator<Item = f64> + '_ {
        self.values.iter().zip(&self.seen).filter(|(_, seen)| **seen).map(|(value, _)| *value)
    }

    fn mean(&self) -> f64 {
        let (sum, count) = self.observations().fold((0.0, 0.0), |(s, n), v| (s + v, n + 1.0));
        sum / f64::max(count, 1.0)
    }
}

/// A seasonal autoregressive integrated moving average with its parameters (Box & Jenkins, *Time
/// Series Analysis: Forecasting and Control* (1970), chapter 9).
#[derive(Clone, Copy, Debug)]
pub struct Arima {
    /// What is taken before the rest is stationary.
    pub differences: Differences,
    /// What is left.
    pub fit: Fit,
}

/// The model of demand that is most plausible; unseen periods count as missing.
///
/// `places` periods make a season: 1 if there is none.
pub fn automatic(demand: &[f64], seen: &[bool], places: usize) -> Option<Arima> {
    let filled = difference::filled(demand, seen, places);
    let differences = Differences::of(&filled, places);
    let series = differences.series(&filled, seen);
    let constant = differences.count() < 2;
    let fit = match certain(&series, &filled, constant) {
        Some(fit) => fit,
        None => search::chosen(&series, constant)?,
    };
    Some(Arima { differences, fit })
}

/// The model of a given order; unseen periods count as missing.
pub fn of_order(
    demand: &[f64],
    seen: &[bool],
    differences: Differences,
    order: Order,
) -> Option<Arima> {
    let filled = difference::filled(demand, seen, differences.places);
    let series = differences.series(&filled, seen);
    Some(Arima { differences, fit: search::fitted(&series, order)? })
}

/// The model of a series that does not vary.
fn certain(series: &Series, demand: &[f64], constant: bool) -> Option<Fit> {
    let mean = if constant { series.mean() } else { 0.0 };
    let largest = demand.iter().fold(0.0_f64, |largest, demand| largest.max(demand.abs()));
    let still = series.observations().all(|value| (value - mean).abs() <= 1e-9 * largest);
    let coefficients = Coefficients::zero(Order::of([0; 4], constant));
    let fit = Fit { coefficients, mean, variance: 0.0, log_likelihood: 0.0, criterion: 0.0 };
    still.then_some(fit)
}

impl Arima {
    /// What was expected below zero, as a share of demand.
    fn expected_below_zero(&self, past: &Past<'_>) -> f64 {
        let Some((_, pairs)) = self.replay(past) else { return f64::INFINITY };
        let (below, all) = pairs.iter().fold((0.0, 0.0), |(below, all), (expected, came)| {
            (below + f64::max(-expected, 0.0), all + came)
        });
        below / all
    }

    /// Takes the model through `past`: its state at the end, and what it expected of each period
    /// whose demand was seen, and what came. Sold-out periods count as in [`super::replayed`].
    fn replay(&self, past: &Past<'_>) -> Option<(Walk, Vec<(f64, f64)>)> {
        let Arima { differences, fit } = self;
        let mut filter = Filter::new(&fit.coefficients, differences.places)?;
        let weights = differences.weights();
        let mut demand = vec![past.mean(); weights.len()];
        let mut errors = Vec::with_capacity(past.periods());
        let mut pairs = Vec::with_capacity(past.periods());
        for (period, &came) in past.demand.iter().enumerate() {
            let recent = demand[period..].iter().rev();
            let level: f64 = recent.zip(&weights).map(|(demand, weight)| demand * weight).sum();
            let expected = level + fit.mean + filter.expected();
            let seen = past.seen[period] || past.sold_out[period] && came > expected;
            if past.seen[period] {
                pairs.push((expected, came));
            }
            // What the first differences would be of is not known.
            let known = seen && period >= weights.len();
            let error = if known { filter.observe(came - level - fit.mean).0 } else { 0.0 };
            if !known && period >= weights.len() {
                filter.pass();
            }
            errors.push(error);
            demand.push(if seen { came } else { expected });
        }
        Some((Walk::new(self, &demand, &errors), pairs))
    }
}

impl Fitted for Arima {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let places = self.differences.places;
        let burn_in = self.differences.reach() + self.fit.coefficients.order.reach(places);
        // Coefficients that were fitted are stationary, so there is a filter.
        let (walk, mut pairs) =
            self.replay(past).unwrap_or_else(|| (Walk::new(self, &[], &[]), vec![]));
        for (expected, _) in &mut pairs {
            *expected = expected.max(0.0);
        }
        let noise = Noise::of_errors(&pairs[burn_in.min(pairs.len() / 2)..]);
        Box::new(Recursive::with_noise(walk, noise, past))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        const NAMES: [[&str; 5]; 4] = [
            ["ar1", "ar2", "ar3", "ar4", "ar5"],
            ["seasonal_ar1", "seasonal_ar2", "", "", ""],
            ["ma1", "ma2", "ma3", "ma4", "ma5"],
            ["seasonal_ma1", "seasonal_ma2", "", "", ""],
        ];
        let mut parameters = vec![
            ("differences", self.differences.plain as f64),
            ("seasonal_differences", self.differences.seasonal as f64),
        ];
        for (names, block) in NAMES.iter().zip(self.fit.coefficients.blocks()) {
            parameters.extend(names.iter().copied().zip(block.iter().copied()));
        }
        if self.fit.coefficients.order.constant {
            parameters.push(("mean", self.fit.mean));
        }
        parameters.extend([("variance", self.fit.variance), ("aicc", self.fit.criterion)]);
        parameters
    }
}

/// The recursion, as short as the past it looks back on.
#[derive(Clone)]
struct Walk {
    weights: Arc<Weights>,
    /// Past demand and then past errors, the latest first.
    recent: Vec<f64>,
    expected: f64,
}

/// Weights of past demand and then of past errors, the latest first, in what is expected.
struct Weights {
    values: Vec<f64>,
    /// How many are of demand.
    demands: usize,
    constant: f64,
}

impl Walk {
    /// After `demand` and `errors`, the latest last; before them they are 0.
    fn new(model: &Arima, demand: &[f64], errors: &[f64]) -> Walk {
        let Arima { differences, fit } = model;
        let ar = fit.coefficients.autoregression(differences.places);
        let constant = fit.mean * (1.0 - ar.iter().sum::<f64>());
        let mut values = polynomial::product(&differences.weights(), &ar);
        let demands = values.len();
        values.extend(fit.coefficients.moving_average(differences.places));
        let latest = |series: &[f64], count: usize| -> Vec<f64> {
            series.iter().rev().copied().chain(std::iter::repeat(0.0)).take(count).collect()
        };
        let mut recent = latest(demand, demands);
        recent.extend(latest(errors, values.len() - demands));
        let weights = Arc::new(Weights { values, demands, constant });
        let mut walk = Walk { weights, recent, expected: 0.0 };
        walk.expect();
        walk
    }

    fn expect(&mut self) {
        self.expected = self.weights.constant + linear::dot(&self.weights.values, &self.recent);
    }

    fn step(&mut self, demand: f64, error: f64) {
        let (demands, errors) = self.recent.split_at_mut(self.weights.demands);
        for (recent, latest) in [(demands, demand), (errors, error)] {
            if let Some(last) = recent.len().checked_sub(1) {
                recent.copy_within(..last, 1);
                recent[0] = latest;
            }
        }
        self.expect();
    }
}

impl Recursion for Walk {
    fn mean(&self, _: At) -> f64 {
        self.expected.max(0.0)
    }

    fn observe(&mut self, _: At, demand: f64) {
        self.step(demand, demand - self.expected);
    }

    fn pass(&mut self, _: At) {
        self.step(self.expected, 0.0);
    }

    fn periods_averaged(&self) -> f64 {
        // What it does not know of the level shows in its errors.
        f64::INFINITY
    }
}
