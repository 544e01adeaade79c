//! Models that go through demand period by period.

use super::frame::{At, Frame};
use super::noise::Noise;
use super::{Forecast, Past};
use crate::random::Random;

/// A model that is a state: what it expects next, and what it learns from what came.
pub trait Recursion: Clone + Send + Sync + 'static {
    /// Expected demand of the period `at` \[counts/period\].
    fn mean(&self, at: At) -> f64;

    /// Learns that `demand` came in the period `at` \[counts/period\].
    fn observe(&mut self, at: At, demand: f64);

    /// Goes on beyond the period `at` as if `mean`, which was expected, had come \[counts/period\].
    fn expect(&mut self, at: At, mean: f64) {
        self.observe(at, mean);
    }

    /// Passes the period `at`, of whose demand nothing is known.
    fn pass(&mut self, _at: At) {}

    /// How many periods' demand the state is an average of: its own uncertainty is the noise's
    /// variance divided by that.
    fn periods_averaged(&self) -> f64;

    /// Demand of the period `at`, drawn \[counts/period\].
    fn draw(&self, at: At, level: f64, noise: &Noise, random: &mut Random) -> f64 {
        noise.draw(level * self.mean(at), random)
    }
}

/// Takes `model` through `past`; what it expected of each period whose demand was seen, and what
/// came.
///
/// A sold-out period in which less was sold than expected teaches nothing: demand was at least that.
pub fn replayed<M: Recursion>(model: &mut M, past: &Past<'_>) -> Vec<(f64, f64)> {
    let mut pairs = Vec::with_capacity(past.periods());
    for (period, &demand) in past.demand.iter().enumerate() {
        let at = past.frame.at(period);
        if past.seen[period] {
            pairs.push((model.mean(at), demand));
            model.observe(at, demand);
        } else if past.sold_out[period] && demand > model.mean(at) {
            model.observe(at, demand);
        } else {
            model.pass(at);
        }
    }
    pairs
}

/// What a recursion foresees.
pub struct Recursive<M> {
    model: M,
    noise: Noise,
    /// The first period that is foreseen.
    next: usize,
    /// Shape of the gamma-distributed factor between the level that is known and the true one.
    certainty: f64,
}

impl<M: Recursion> Recursive<M> {
    /// What `model` foresees after `past`, which it is taken through.
    ///
    /// The first `burn_in` forecasts do not count for the noise: the state had not been found yet.
    pub fn new(mut model: M, past: &Past<'_>, burn_in: usize) -> Recursive<M> {
        let pairs = replayed(&mut model, past);
        let noise = Noise::of(&pairs[burn_in.min(pairs.len() / 2)..]);
        Recursive::with_noise(model, noise, past)
    }

    /// The same for a model that has been taken through `past`, with its noise.
    pub fn with_noise(model: M, noise: Noise, past: &Past<'_>) -> Recursive<M> {
        let next = past.periods();
        let mean = past.mean().max(1e-9);
        let spread = noise.variance(mean) / (mean * mean) / model.periods_averaged().max(1.0);
        Recursive { model, noise, next, certainty: (1.0 / spread.max(1e-9)).max(MOST_UNCERTAIN) }
    }

    /// The same for a model that knows how uncertain its level is: the true one is as many times it as
    /// a gamma-distributed number of mean 1 and shape `certainty`.
    pub fn with_certainty(model: M, noise: Noise, past: &Past<'_>, certainty: f64) -> Recursive<M> {
        Recursive { model, noise, next: past.periods(), certainty: certainty.max(LEAST_CERTAIN) }
    }
}

/// Shape of the most uncertain level: a factor with a coefficient of variation of 1.
const MOST_UNCERTAIN: f64 = 1.0;
/// The same of a model that knows how uncertain it is.
const LEAST_CERTAIN: f64 = 0.1;
/// Shapes beyond which a level is as good as known.
const CERTAIN: f64 = 1e4;

impl<M: Recursion> Forecast for Recursive<M> {
    fn means(&self, frame: &Frame, means: &mut [f64]) {
        let mut model = self.model.clone();
        for (ahead, mean) in means.iter_mut().enumerate() {
            let at = frame.at(self.next + ahead);
            *mean = model.mean(at).max(0.0);
            model.expect(at, *mean);
        }
    }

    fn path(&self, frame: &Frame, random: &mut Random, path: &mut [f64]) {
        let mut model = self.model.clone();
        let level = match self.certainty < CERTAIN {
            true => random.gamma(self.certainty),
            false => 1.0,
        };
        for (ahead, demand) in path.iter_mut().enumerate() {
            let at = frame.at(self.next + ahead);
            *demand = model.draw(at, level, &self.noise, random);
            // What the level adds is a matter of knowledge, not of demand: the state learns without.
            model.observe(at, *demand / level);
        }
    }
}
