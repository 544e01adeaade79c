//! Demand that was not seen: the item was sold out, and at least what was sold was wanted.

use super::choice::Fitted;
use super::{Observation, Season};
use crate::calendar::Calendar;
use crate::demand::{Cell, log_of};
use crate::masses::Masses;

/// What may have been demanded in a period, and how probable each count is.
pub(super) struct Filled {
    period: usize,
    /// Counts and their probabilities; a distribution's tail in a few values.
    counts: Vec<(f64, f64)>,
}

/// Values that stand for what may have been demanded, if it may have been more of them.
const VALUES: usize = 64;
/// Values that are rarer, as a share of all, are left out.
const RARE: f64 = 1e-9;

impl Filled {
    /// Just what was sold.
    pub(super) fn sold(observation: &Observation) -> Filled {
        Filled { period: observation.period, counts: vec![(observation.count, 1.0)] }
    }

    pub(super) fn period(&self) -> usize {
        self.period
    }

    /// The expected demand.
    pub(super) fn mean(&self) -> Observation {
        let count = self.counts.iter().map(|(count, share)| count * share).sum();
        Observation { period: self.period, count }
    }

    /// Adds what may have been demanded to a sample.
    pub(super) fn add_to(&self, cells: &mut Vec<Cell>, factor: f64, weight: f64) {
        let cell = |&(count, share): &(f64, f64)| Cell { factor, count, times: weight * share };
        cells.extend(self.counts.iter().map(cell));
    }
}

/// What may have been demanded where `least` was sold, under the model so far.
pub(super) fn filled(
    fitted: &Fitted,
    season: Season,
    least: &[Observation],
    calendar: &Calendar,
) -> Vec<Filled> {
    let masses = of_seasons(fitted);
    let fill = |observation: &Observation| {
        let tail = tail(&masses[season.of(calendar, observation.period)], observation.count);
        // What the model holds impossible was sold all the same.
        let Some(tail) = tail else { return Filled::sold(observation) };
        Filled { period: observation.period, counts: in_few(tail) }
    };
    least.iter().map(fill).collect()
}

/// Logarithm of the probability that at least so much was demanded, summed.
pub(super) fn log_survival(
    fitted: &Fitted,
    season: Season,
    least: &[Observation],
    calendar: &Calendar,
) -> f64 {
    if least.is_empty() {
        return 0.0;
    }
    let masses = of_seasons(fitted);
    let log = |observation: &Observation| {
        let masses = &masses[season.of(calendar, observation.period)];
        let total: f64 = masses.weights.iter().sum();
        let tail = tail(masses, observation.count);
        log_of(tail.map_or(0.0, |tail| tail.map(|(_, weight)| weight).sum::<f64>() / total))
    };
    least.iter().map(log).sum()
}

fn of_seasons(fitted: &Fitted) -> Vec<Masses> {
    fitted.factors.iter().map(|&factor| fitted.distribution.masses(factor)).collect()
}

/// Values of at least `count` and their weights; `None` if they weigh nothing.
fn tail(masses: &Masses, count: f64) -> Option<impl Iterator<Item = (f64, f64)> + Clone> {
    let first = masses.values.partition_point(|&value| value < count);
    let tail = masses.values[first..].iter().copied().zip(masses.weights[first..].iter().copied());
    (tail.clone().map(|(_, weight)| weight).sum::<f64>() > 0.0).then_some(tail)
}

/// The distribution in few values: all, or the mean of each of as many parts of equal weight.
fn in_few(tail: impl Iterator<Item = (f64, f64)> + Clone) -> Vec<(f64, f64)> {
    let total: f64 = tail.clone().map(|(_, weight)| weight).sum();
    let tail = tail.filter(|(_, weight)| *weight > RARE * total);
    if tail.clone().count() <= VALUES {
        return tail.map(|(value, weight)| (value, weight / total)).collect();
    }
    let mut counts: Vec<(f64, f64)> = Vec::new();
    let (mut weight, mut moment, mut below) = (0.0, 0.0, 0.0);
    for (value, each) in tail {
        weight += each;
        moment += each * value;
        // A part ends where the next share of the weight is reached.
        if (below + weight) / total * VALUES as f64 >= (counts.len() + 1) as f64 {
            counts.push(((moment / weight).round(), weight / total));
            below += weight;
            (weight, moment) = (0.0, 0.0);
        }
    }
    if weight > 0.0 {
        counts.push(((moment / weight).round(), weight / total));
    }
    counts
}

#[cfg(test)]
mod tests;
