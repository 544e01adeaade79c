//! The average of the last periods.

use std::sync::Arc;

use super::factors::{Adjusted, Factors, seen};
use super::frame::At;
use super::options::{Scale, Setting, Tunable};
use super::recursive::{Recursion, Recursive};
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "moving-average",
    summary: "the average of the last periods, as many as foresaw best",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(MovingAverage::fit(past, setting)?)),
};

const OPTIONS: &[Tunable] =
    &[Tunable { name: "window", least: 2.0, most: 104.0, scale: Scale::Whole }];

/// Windows that are tried \[periods\]; the last is the whole past.
const WINDOWS: [usize; 6] = [4, 8, 13, 26, 52, usize::MAX];
/// First forecasts, which do not count for the noise: the average is not one of many yet.
const OPENING: usize = 8;

/// How many periods are averaged.
struct MovingAverage {
    window: usize,
    factors: Arc<Factors>,
}

impl MovingAverage {
    /// The window with the least squared error of one-step forecasts of the periods that all windows
    /// foresee; the longest of equals.
    ///
    /// A window that was set and is longer than half the past is the whole past.
    fn fit(past: &Past<'_>, setting: &Setting) -> Option<MovingAverage> {
        let factors = Factors::of(past);
        let seen = seen(past, &factors)?;
        let factors = Arc::new(factors);
        let fits = |window: &usize| 2 * window <= seen.len();
        if let Some(window) = setting.whole(0) {
            let window = Some(window).filter(fits).unwrap_or(usize::MAX);
            return Some(MovingAverage { window, factors });
        }
        let sums = sums(&seen);
        let fitting = WINDOWS.into_iter().filter(|window| *window == usize::MAX || fits(window));
        let from = fitting.clone().filter(|window| *window < usize::MAX).max().unwrap_or(1);
        let squares = |window: usize| -> f64 {
            let error = |period: usize| {
                let first = period.saturating_sub(window);
                seen[period] - (sums[period] - sums[first]) / (period - first) as f64
            };
            (from..seen.len()).map(|period| error(period) * error(period)).sum()
        };
        let (_, window) = fitting
            .map(|window| (squares(window), window))
            .min_by(|l, r| l.0.total_cmp(&r.0).then(r.1.cmp(&l.1)))?;
        Some(MovingAverage { window, factors })
    }
}

/// Sums of the values before each, and of all.
fn sums(values: &[f64]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    let mut sum = 0.0;
    sums.push(sum);
    for value in values {
        sum += value;
        sums.push(sum);
    }
    sums
}

impl Fitted for MovingAverage {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        match self.window {
            usize::MAX => {
                let model = Whole { mean: past.mean(), count: 0.0 };
                let model = Adjusted::new(model, Arc::clone(&self.factors));
                Box::new(Recursive::new(model, past, OPENING))
            }
            window => {
                let model = Window { last: vec![0.0; window], sum: 0.0, count: 0, next: 0 };
                let model = Adjusted::new(model, Arc::clone(&self.factors));
                Box::new(Recursive::new(model, past, window))
            }
        }
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        match self.window {
            usize::MAX => Vec::new(),
            window => vec![("window", window as f64)],
        }
    }
}

/// The average of everything.
#[derive(Clone)]
struct Whole {
    mean: f64,
    count: f64,
}

impl Recursion for Whole {
    fn mean(&self, _: At) -> f64 {
        self.mean
    }

    fn observe(&mut self, _: At, demand: f64) {
        self.count += 1.0;
        self.mean += (demand - self.mean) / self.count;
    }

    fn periods_averaged(&self) -> f64 {
        self.count
    }
}

/// The last periods, in a ring.
#[derive(Clone)]
struct Window {
    last: Vec<f64>,
    /// Of `last`.
    sum: f64,
    /// Periods in `last` so far.
    count: usize,
    /// Place of the oldest, which the next replaces.
    next: usize,
}

impl Recursion for Window {
    fn mean(&self, _: At) -> f64 {
        if self.count == 0 { 0.0 } else { (self.sum / self.count as f64).max(0.0) }
    }

    fn observe(&mut self, _: At, demand: f64) {
        self.sum += demand - self.last[self.next];
        self.last[self.next] = demand;
        self.next += 1;
        self.count = self.last.len().min(self.count + 1);
        if self.next == self.last.len() {
            self.next = 0;
            // What rounding has left in it.
            self.sum = self.last.iter().sum();
        }
    }

    fn periods_averaged(&self) -> f64 {
        self.count as f64
    }
}
