//! Bootstrap demand: what happened may happen again, and a little of what did not.
//!
//! Efron, *Bootstrap Methods: Another Look at the Jackknife*, Annals of Statistics 7 (1979);
//! the chance of a demand never seen is Good's, *The Population Frequencies of Species and the
//! Estimation of Population Parameters*, Biometrika 40 (1953): the share of demands seen once.

use super::{Cell, Demand, Family, NegativeBinomial, keeps_mean, log_of};
use crate::Masses;

pub(super) const FAMILY: Family = Family {
    name: "bootstrap",
    summary: "past demands drawn again, with a chance of ones not yet seen",
    fit: |sample| {
        let mean = sample.level();
        let count = sample.len();
        let sold = sample.cells.iter().any(|cell| cell.count > 0.0);
        if count < 8.0 || !sold {
            return None;
        }
        let once: f64 = sample.cells.iter().filter(|cell| cell.times == 1.0).map(|_| 1.0).sum();
        let unseen = NegativeBinomial::fit(sample).unwrap_or(NegativeBinomial { mean, size: 1e4 });
        let mut seen: Vec<(f64, f64)> = sample.cells.iter().map(exposed).collect();
        seen.sort_by(|left, right| left.0.total_cmp(&right.0));
        let unseen_share = (once / count).clamp(1.0 / (count + 1.0), 0.5);
        let bootstrap = Bootstrap { seen, unseen_share, unseen };
        // Rounding `count / factor · factor` must not change what is sold on average.
        keeps_mean(&bootstrap, mean).then(|| Box::new(bootstrap) as Box<dyn Demand>)
    },
};

/// An observation at factor 1. It weighs as its season does, for a sale on a quiet weekday says
/// little of the busy ones; so the mean stays `Σ count / Σ factor`.
fn exposed(cell: &Cell) -> (f64, f64) {
    (cell.count / cell.factor, cell.times * cell.factor)
}

/// Observed demands at factor 1, and a negative binomial for what was not observed.
#[derive(Clone, Debug, PartialEq)]
pub struct Bootstrap {
    /// Demand over factor \[counts/period\], increasing, and the exposure it was observed in.
    pub seen: Vec<(f64, f64)>,
    /// Probability of a demand like none before.
    pub unseen_share: f64,
    /// What such a demand is like.
    pub unseen: NegativeBinomial,
}

impl Bootstrap {
    fn times(&self) -> f64 {
        self.seen.iter().map(|(_, times)| times).sum()
    }
}

impl Demand for Bootstrap {
    fn mean(&self, factor: f64) -> f64 {
        self.masses(factor).mean()
    }

    fn variance(&self, factor: f64) -> f64 {
        self.masses(factor).variance()
    }

    fn log_probability(&self, count: f64, factor: f64) -> f64 {
        let first = self.seen.partition_point(|(value, _)| (value * factor).round() < count);
        let equal = self.seen[first..].iter().take_while(|(v, _)| (v * factor).round() == count);
        let seen: f64 = equal.map(|(_, times)| times).sum();
        let unseen = libm::exp(self.unseen.log_probability(count, factor));
        log_of((1.0 - self.unseen_share) * seen / self.times() + self.unseen_share * unseen)
    }

    fn masses(&self, factor: f64) -> Masses {
        // The unseen part needs no finer table than this: it is a guess.
        let unseen = self.unseen.masses(factor).coarsened(1024);
        let total: f64 = unseen.weights.iter().sum();
        let unseen = unseen.values.into_iter().zip(unseen.weights);
        let times = self.times();
        let mut all: Vec<(f64, f64)> = unseen
            .map(|(value, weight)| (value, self.unseen_share * weight / total))
            .chain(self.seen.iter().map(|(value, count)| {
                ((value * factor).round(), (1.0 - self.unseen_share) * count / times)
            }))
            .collect();
        all.sort_by(|left, right| left.0.total_cmp(&right.0));
        let mut masses = Masses { values: Vec::new(), weights: Vec::new() };
        for (value, weight) in all {
            if masses.values.last() == Some(&value) {
                *masses.weights.last_mut().expect("as many weights as values") += weight;
            } else {
                masses.values.push(value);
                masses.weights.push(weight);
            }
        }
        masses.coarsened(crate::masses::MOST_VALUES)
    }
}
