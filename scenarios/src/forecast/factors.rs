//! Seasonal factors around a model that has none of its own.

use std::sync::Arc;

use super::frame::At;
use super::noise::Noise;
use super::recursive::Recursion;
use super::{Past, Random};

/// How many times the average is demanded, by place in the inner and the outer cycle.
#[derive(Clone, Debug, PartialEq)]
pub struct Factors {
    inner: Vec<f64>,
    outer: Vec<f64>,
}

/// Standard deviation of factors between seasons that is expected before looking.
const PRIOR: f64 = 0.3;

impl Factors {
    /// The factors of `past`: first those of the inner cycle, then those of the outer in what is
    /// left.
    ///
    /// Shrunk towards 1 by how noisy they are (Efron & Morris, *Stein's Estimation Rule and Its
    /// Competitors*, JASA 68 (1973) 117–130): the prior weighs as `cv²/PRIOR²` periods.
    pub fn of(past: &Past<'_>) -> Factors {
        let Past { frame, .. } = past;
        let inner = shrunk(frame.inner.places, past.observations(), |at| frame.at(at).inner);
        let left = past.observations().map(|(period, demand)| {
            let factor: f64 = inner[frame.at(period).inner];
            (period, if factor > 0.0 { demand / factor } else { demand })
        });
        let left: Vec<(usize, f64)> = left.collect();
        let outer = shrunk(frame.outer.places, left.into_iter(), |at| frame.at(at).outer);
        Factors { inner, outer }
    }

    /// The same without those of the inner cycle, for models that have that season themselves.
    #[must_use]
    pub fn of_year(mut self) -> Factors {
        self.inner.fill(1.0);
        self
    }

    /// The factor of the period `at`.
    pub fn at(&self, at: At) -> f64 {
        self.inner[at.inner] * self.outer[at.outer]
    }
}

fn shrunk(
    places: usize,
    observations: impl Iterator<Item = (usize, f64)>,
    place: impl Fn(usize) -> usize,
) -> Vec<f64> {
    if places == 1 {
        return vec![1.0];
    }
    let (mut units, mut periods) = (vec![0.0; places], vec![0.0; places]);
    let (mut count, mut sum, mut squares) = (0.0, 0.0, 0.0);
    for (period, demand) in observations {
        units[place(period)] += demand;
        periods[place(period)] += 1.0;
        count += 1.0;
        sum += demand;
        squares += demand * demand;
    }
    if sum <= 0.0 {
        return vec![1.0; places];
    }
    let mean = sum / count;
    let square_of_variation = (squares / count / (mean * mean) - 1.0).max(0.0);
    let weight = (square_of_variation / (PRIOR * PRIOR)).max(1.0);
    let factors = units.iter().zip(&periods).map(|(u, n)| (u / mean + weight) / (n + weight));
    factors.map(|factor| factor.max(1e-3)).collect()
}

/// A model of demand less its season, with its season.
#[derive(Clone)]
pub struct Adjusted<M> {
    model: M,
    factors: Arc<Factors>,
}

impl<M> Adjusted<M> {
    /// `model` of demand that `factors` were taken out of.
    pub fn new(model: M, factors: Arc<Factors>) -> Adjusted<M> {
        Adjusted { model, factors }
    }
}

impl<M: Recursion> Recursion for Adjusted<M> {
    fn mean(&self, at: At) -> f64 {
        self.factors.at(at) * self.model.mean(at)
    }

    fn observe(&mut self, at: At, demand: f64) {
        self.model.observe(at, demand / self.factors.at(at));
    }

    fn expect(&mut self, at: At, mean: f64) {
        self.model.expect(at, mean / self.factors.at(at));
    }

    fn pass(&mut self, at: At) {
        self.model.pass(at);
    }

    fn periods_averaged(&self) -> f64 {
        self.model.periods_averaged()
    }

    fn draw(&self, at: At, level: f64, noise: &Noise, random: &mut Random) -> f64 {
        self.model.draw(at, level * self.factors.at(at), noise, random)
    }
}

/// Fewest observations that a level is fitted to.
const FEW: usize = 8;

/// Demand that was seen, less its season; `None` if it is too little to fit a level to.
pub(super) fn seen(past: &Past<'_>, factors: &Factors) -> Option<Vec<f64>> {
    let (seen, sold) = past.seen_and_sold();
    if seen < FEW || sold < 2 {
        return None;
    }
    let demand = adjusted(past, factors);
    Some(demand.into_iter().zip(past.seen).filter(|(_, seen)| **seen).map(|(d, _)| d).collect())
}

/// Demand less its season, for fitting: unseen periods as they are.
pub fn adjusted(past: &Past<'_>, factors: &Factors) -> Vec<f64> {
    let demand = past.demand.iter().enumerate();
    demand.map(|(period, demand)| demand / factors.at(past.frame.at(period))).collect()
}
