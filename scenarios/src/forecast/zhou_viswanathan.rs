//! Zhou and Viswanathan's bootstrap: times between demands and their sizes, each drawn from those
//! that were seen.

use std::sync::Arc;

use super::factors::Factors;
use super::frame::Frame;
use super::willemain::{Sizes, sizes};
use super::{Family, Fitted, Forecast, Past};
use crate::random::Random;

pub(super) const FAMILY: Family = Family {
    name: "zhou-viswanathan",
    summary: "sizes seen, after times without demand as they were seen",
    tried: true,
    options: &[],
    fit: |past, _| Some(Box::new(Bootstrap::fit(past)?)),
};

/// Times between demands and sizes of demands, as they were seen.
///
/// Zhou & Viswanathan, *Comparison of a New Bootstrapping Method with Parametric Approaches for Safety
/// Stock Determination in Service Parts Inventory Systems*, International Journal of Production
/// Economics 133 (2011) 481–485.
///
/// The first demand comes after one of the times that are longer than has passed already; if none
/// is, as if the last demand had been just now. A season, which they do not speak of, makes sizes
/// larger or smaller.
struct Bootstrap {
    /// In order \[periods\].
    intervals: Arc<[usize]>,
    sizes: Arc<[f64]>,
    factors: Arc<Factors>,
}

impl Bootstrap {
    fn fit(past: &Past<'_>) -> Option<Bootstrap> {
        let sizes = sizes(past)?;
        let mut intervals = intervals(past).0;
        intervals.sort_unstable();
        Some(Bootstrap { intervals: intervals.into(), sizes, factors: Arc::new(Factors::of(past)) })
    }
}

/// Times from each demand to the next, and since the last \[periods\], less periods that were not
/// seen.
///
/// The time to the first demand is not one of them, unless there is no other: what was before is not
/// known.
fn intervals(past: &Past<'_>) -> (Vec<usize>, usize) {
    let mut intervals = Vec::new();
    let mut since = 0;
    for (_, demand) in past.observations() {
        since += 1;
        if demand > 0.0 {
            intervals.push(since);
            since = 0;
        }
    }
    if intervals.len() > 1 {
        intervals.remove(0);
    }
    (intervals, since)
}

impl Fitted for Bootstrap {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let since = intervals(past).1;
        let shorter = self.intervals.partition_point(|interval| *interval <= since);
        let (shorter, since) =
            if shorter == self.intervals.len() { (0, 0) } else { (shorter, since) };
        Box::new(Renewed {
            intervals: Arc::clone(&self.intervals),
            sizes: Sizes::new(&self.sizes, &self.factors),
            shorter,
            since,
            next: past.periods(),
        })
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        let sum: usize = self.intervals.iter().sum();
        vec![("mean_interval", sum as f64 / self.intervals.len() as f64)]
    }
}

/// Demand after times that were seen.
struct Renewed {
    /// In order \[periods\].
    intervals: Arc<[usize]>,
    sizes: Sizes,
    /// How many of them have passed already.
    shorter: usize,
    /// Time since the last demand \[periods\].
    since: usize,
    /// The first period that is foreseen.
    next: usize,
}

impl Forecast for Renewed {
    /// The renewal equation `u(t) = f(t) + Σ q(s) u(t − s)` (Feller, *An Introduction to Probability
    /// Theory and Its Applications* 1 (1968), XIII.3), where `f` is of the first interval.
    fn means(&self, frame: &Frame, means: &mut [f64]) {
        let horizon = means.len();
        let share = |intervals: &[usize], passed: usize| {
            let mut shares = vec![0.0; horizon + 1];
            for interval in intervals {
                if let Some(share) = shares.get_mut(interval - passed) {
                    *share += 1.0 / intervals.len() as f64;
                }
            }
            shares
        };
        let again = share(&self.intervals, 0);
        let mut demands = share(&self.intervals[self.shorter..], self.since);
        for ahead in 1..=horizon {
            let repeated: f64 = (1..ahead).map(|ago| again[ago] * demands[ahead - ago]).sum();
            demands[ahead] += repeated;
        }
        for (ahead, mean) in means.iter_mut().enumerate() {
            *mean = demands[ahead + 1] * self.sizes.mean(frame, self.next + ahead);
        }
    }

    fn path(&self, frame: &Frame, random: &mut Random, path: &mut [f64]) {
        path.fill(0.0);
        let left = &self.intervals[self.shorter..];
        let mut ahead = left[random.below(left.len())] - self.since;
        while ahead <= path.len() {
            let size = self.sizes.draw(frame, self.next + ahead - 1, random);
            path[ahead - 1] = random.rounded(size);
            ahead += self.intervals[random.below(self.intervals.len())];
        }
    }
}
