//! Demand taken together over several periods, smoothed, and shared out again.

use std::sync::Arc;

use super::factors::{Adjusted, Factors, seen};
use super::frame::At;
use super::options::{Scale, Setting, Tunable};
use super::recursive::{Recursion, Recursive};
use super::simple::{lasting, least};
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "adida",
    summary: "demand of several periods together, smoothed and shared out again",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(Adida::fit(past, setting)?)),
};

const OPTIONS: &[Tunable] = &[
    Tunable { name: "bucket", least: 1.0, most: 52.0, scale: Scale::Whole },
    Tunable { name: "share", least: 0.001, most: 0.8, scale: Scale::Logarithmic },
];

/// Fewest buckets: a longer one is not smoothed.
const BUCKETS: usize = 4;
/// Buckets whose mean is the level at first.
const OPENING: usize = 5;

/// The mean time from one demand to the next, the first counted from before the first period, in
/// whole periods \[periods\]; a bucket that is that long has one demand on average.
pub fn mean_interval(demand: &[f64]) -> usize {
    let last = demand.iter().rposition(|demand| *demand > 0.0).map_or(0, |last| last + 1);
    let count = demand.iter().filter(|demand| **demand > 0.0).count();
    ((last as f64 / count.max(1) as f64).round() as usize).max(1)
}

/// The same, so that there are some buckets.
pub(super) fn longest(demand: &[f64]) -> usize {
    mean_interval(demand).min(demand.len() / BUCKETS).max(1)
}

/// Its parameters.
///
/// Nikolopoulos, Syntetos, Boylan, Petropoulos & Assimakopoulos, *An Aggregate–Disaggregate
/// Intermittent Demand Approach (ADIDA) to Forecasting*, Journal of the Operational Research Society
/// 62 (2011) 544–554: buckets that do not overlap, the last of which ends with the past, as long as
/// the mean time between demands, and the same demand in each period of a bucket.
struct Adida {
    bucket: Bucket,
    factors: Arc<Factors>,
}

impl Adida {
    fn fit(past: &Past<'_>, setting: &Setting) -> Option<Adida> {
        let factors = Factors::of(past);
        let demand = seen(past, &factors)?;
        let most = (demand.len() / BUCKETS).max(1);
        let periods =
            setting.whole(0).map_or_else(|| longest(&demand), |periods| periods.min(most));
        let bucket = Bucket::fit(&demand, periods, setting.get(1));
        Some(Adida { bucket, factors: Arc::new(factors) })
    }
}

impl Fitted for Adida {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let model = Bucketed::new(self.bucket, past.seen_and_sold().0);
        let model = Adjusted::new(model, Arc::clone(&self.factors));
        Box::new(Recursive::new(model, past, OPENING * self.bucket.periods))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("bucket", self.bucket.periods as f64),
            ("share", self.bucket.share),
            ("first_level", self.bucket.first),
        ]
    }
}

/// How demand of several periods together is smoothed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// Length \[periods\].
    pub periods: usize,
    /// Share of the error by which the level moves.
    pub share: f64,
    /// The level at first \[counts/period\].
    pub first: f64,
}

impl Bucket {
    /// The `share`, or the one with the least squared error of forecasts of the next bucket.
    pub(super) fn fit(demand: &[f64], periods: usize, share: Option<f64>) -> Bucket {
        let buckets = demand.rchunks_exact(periods).rev();
        let means: Vec<f64> =
            buckets.map(|bucket| bucket.iter().sum::<f64>() / periods as f64).collect();
        let opening = &means[..OPENING.min(means.len())];
        let first = opening.iter().sum::<f64>() / opening.len() as f64;
        let squares = |share: f64| {
            let (mut level, mut sum) = (first, 0.0);
            for mean in &means {
                sum += (mean - level) * (mean - level);
                level += share * (mean - level);
            }
            sum
        };
        let share = share.unwrap_or_else(|| least(0.001, 0.8, squares));
        Bucket { periods, share, first }
    }

    /// The level after `demand` \[counts/period\], whose first periods are left out so that the
    /// last bucket ends with it.
    pub fn level_after(&self, demand: &[f64]) -> f64 {
        let buckets = demand.rchunks_exact(self.periods).rev();
        buckets.fold(self.first, |level, bucket| {
            let mean = bucket.iter().sum::<f64>() / self.periods as f64;
            level + self.share * (mean - level)
        })
    }
}

/// A level that moves when a bucket is full, along a path as in the past: so demand of the periods
/// that come depends on what is drawn, if the horizon is longer than a bucket.
#[derive(Clone)]
pub(super) struct Bucketed {
    bucket: Bucket,
    level: f64,
    /// Periods before the first bucket.
    skipped: usize,
    filled: usize,
    sum: f64,
    observed: f64,
}

impl Bucketed {
    /// At the beginning of a past in which demand of `seen` periods was seen.
    pub(super) fn new(bucket: Bucket, seen: usize) -> Bucketed {
        let skipped = seen % bucket.periods;
        Bucketed { bucket, level: bucket.first, skipped, filled: 0, sum: 0.0, observed: 0.0 }
    }
}

impl Recursion for Bucketed {
    fn mean(&self, _: At) -> f64 {
        self.level
    }

    fn observe(&mut self, _: At, demand: f64) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        self.sum += demand;
        self.filled += 1;
        if self.filled == self.bucket.periods {
            let mean = self.sum / self.filled as f64;
            self.level += self.bucket.share * (mean - self.level);
            self.observed += 1.0;
            (self.sum, self.filled) = (0.0, 0);
        }
    }

    fn periods_averaged(&self) -> f64 {
        self.bucket.periods as f64 * lasting(self.bucket.share, self.observed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: buckets of 3, the first two periods left out; levels 2, then 2 + ½ (4 − 2), then
    /// 3 + ½ (1 − 3).
    #[test]
    fn buckets_end_with_the_past() {
        let bucket = Bucket { periods: 3, share: 0.5, first: 2.0 };
        let demand = [100.0, 100.0, 0.0, 12.0, 0.0, 0.0, 0.0, 3.0];
        assert_eq!(bucket.level_after(&demand), 2.0);
        let mut state = Bucketed::new(bucket, demand.len());
        let at = At { period: 0, inner: 0, outer: 0 };
        for demand in demand {
            state.observe(at, demand);
        }
        assert_eq!(state.mean(at), 2.0);
        // Demands in periods 1, 2, 4 and 8: two periods on average.
        assert_eq!(mean_interval(&demand), 2);
    }
}
