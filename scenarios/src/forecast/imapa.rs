//! Demand taken together over each of several numbers of periods: the average of what is foreseen.

use std::sync::Arc;

use super::adida::{Bucket, Bucketed, longest};
use super::factors::{Adjusted, Factors, seen};
use super::frame::At;
use super::recursive::{Recursion, Recursive};
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "imapa",
    summary: "the average of adida over buckets of every length up to its own",
    tried: true,
    options: &[],
    fit: |past, _| Some(Box::new(Imapa::fit(past)?)),
};

/// Most lengths of buckets: beyond them every so many-th is taken.
const LENGTHS: usize = 16;

/// A bucket of each length.
///
/// Petropoulos & Kourentzes, *Forecast Combinations for Intermittent Demand*, Journal of the
/// Operational Research Society 66 (2015) 914–924: simple smoothing at each level of aggregation, the
/// forecasts of a period averaged.
struct Imapa {
    buckets: Vec<Bucket>,
    factors: Arc<Factors>,
}

impl Imapa {
    fn fit(past: &Past<'_>) -> Option<Imapa> {
        let factors = Factors::of(past);
        let demand = seen(past, &factors)?;
        let buckets = lengths(longest(&demand)).map(|periods| Bucket::fit(&demand, periods, None));
        Some(Imapa { buckets: buckets.collect(), factors: Arc::new(factors) })
    }
}

/// Every length up to the longest, or so many of them, evenly spaced.
fn lengths(longest: usize) -> impl Iterator<Item = usize> {
    let count = longest.min(LENGTHS);
    (0..count).map(move |at| if count == 1 { 1 } else { 1 + at * (longest - 1) / (count - 1) })
}

impl Fitted for Imapa {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let seen = past.seen_and_sold().0;
        let levels = self.buckets.iter().map(|bucket| Bucketed::new(*bucket, seen)).collect();
        let model = Adjusted::new(Averaged { levels }, Arc::clone(&self.factors));
        Box::new(Recursive::new(model, past, 10))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        let count = self.buckets.len() as f64;
        let shares: f64 = self.buckets.iter().map(|bucket| bucket.share).sum();
        let longest = self.buckets.iter().map(|bucket| bucket.periods).max().unwrap_or(1);
        vec![("longest_bucket", longest as f64), ("mean_share", shares / count)]
    }
}

/// Levels that move each when its bucket is full.
#[derive(Clone)]
struct Averaged {
    levels: Vec<Bucketed>,
}

impl Averaged {
    fn average(&self, value: impl Fn(&Bucketed) -> f64) -> f64 {
        self.levels.iter().map(value).sum::<f64>() / self.levels.len() as f64
    }
}

impl Recursion for Averaged {
    fn mean(&self, at: At) -> f64 {
        self.average(|level| level.mean(at))
    }

    fn observe(&mut self, at: At, demand: f64) {
        self.levels.iter_mut().for_each(|level| level.observe(at, demand));
    }

    fn periods_averaged(&self) -> f64 {
        // The levels are of the same demand: their average is about as uncertain as each is.
        1.0 / self.average(|level| 1.0 / level.periods_averaged().max(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_spread_evenly() {
        assert_eq!(lengths(1).collect::<Vec<_>>(), [1]);
        assert_eq!(lengths(5).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
        let many: Vec<usize> = lengths(100).collect();
        assert_eq!((many.len(), many[0], many[LENGTHS - 1]), (LENGTHS, 1, 100));
        assert!(many.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
