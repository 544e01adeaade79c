//! How well a demand model would have foreseen what came: fitted to the history before a day,
//! compared with what was sold after it, at several days.
//!
//! What is foreseen is the demand of a whole window of periods, lead time and review together, as a
//! distribution: that is what a safety stock is made of. Scores are proper (Gneiting & Raftery,
//! *Strictly Proper Scoring Rules, Prediction, and Estimation*, Journal of the American Statistical
//! Association 102 (2007) 359–378): who states what he believes does best.

use bytemuck::{Pod, Zeroable};
use engine::{Block, Coordinates, ScenarioSource};

use crate::fit::{FitOptions, fit};
use crate::history::{History, Series};

/// Levels of the quantiles that are scored.
pub const LEVELS: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 0.99];
/// Levels of the central intervals that are counted.
pub const INTERVALS: [f64; 4] = [0.8, 0.9, 0.95, 0.99];
/// Paths drawn from a model for each window.
const PATHS: usize = 512;
/// The set of scenarios they belong to.
const SET: u32 = 2;
/// Windows of the past that a comparison takes at least.
const FEWEST: usize = 10;

/// Sums over windows; see the methods for what they mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Scores {
    /// Windows that were scored.
    pub windows: f64,
    /// What was sold in them \[units\].
    pub demand: f64,
    /// Expected less sold \[units\].
    pub excess: f64,
    /// Continuous ranked probability scores \[units\].
    pub crps: f64,
    /// The same of windows that are compared with the past \[units\].
    pub compared: f64,
    /// The scores of the past in these: of all its windows, each as probable \[units\].
    pub past: f64,
    /// Pinball losses by [`LEVELS`] \[units\].
    pub pinball: [f64; 5],
    /// Windows that lay within the central interval, by [`INTERVALS`].
    pub covered: [f64; 4],
}

impl Scores {
    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Scores) -> Scores {
        let add = |l: f64, r: f64| l + r;
        Scores {
            windows: self.windows + other.windows,
            demand: self.demand + other.demand,
            excess: self.excess + other.excess,
            crps: self.crps + other.crps,
            compared: self.compared + other.compared,
            past: self.past + other.past,
            pinball: std::array::from_fn(|at| add(self.pinball[at], other.pinball[at])),
            covered: std::array::from_fn(|at| add(self.covered[at], other.covered[at])),
        }
    }

    /// Continuous ranked probability score as a share of demand.
    pub fn crps_share(&self) -> f64 {
        self.crps / self.demand
    }

    /// Expected less sold, as a share of demand.
    pub fn bias(&self) -> f64 {
        self.excess / self.demand
    }

    /// Score less than that of the past, as a share of it.
    pub fn skill(&self) -> f64 {
        1.0 - self.compared / self.past
    }

    /// Share of windows within the central interval, by [`INTERVALS`].
    pub fn coverage(&self) -> [f64; 4] {
        self.covered.map(|covered| covered / self.windows)
    }

    /// Adds a window in which `sold` was sold and the sorted `paths` were foreseen.
    fn add(&mut self, paths: &[f64], sold: f64) {
        let quantile = |level: f64| {
            let place = (level * paths.len() as f64).ceil() as usize;
            paths[place.clamp(1, paths.len()) - 1]
        };
        self.windows += 1.0;
        self.demand += sold;
        self.excess += paths.iter().sum::<f64>() / paths.len() as f64 - sold;
        self.crps += crps(paths, sold);
        for (sum, level) in self.pinball.iter_mut().zip(LEVELS) {
            let short = sold - quantile(level);
            *sum += if short > 0.0 { level * short } else { (level - 1.0) * short };
        }
        for (count, level) in self.covered.iter_mut().zip(INTERVALS) {
            let (low, high) = (quantile(0.5 - 0.5 * level), quantile(0.5 + 0.5 * level));
            *count += f64::from(u8::from((low..=high).contains(&sold)));
        }
    }
}

/// Continuous ranked probability score of sorted `paths`, each as probable, `E|X − y| − ½ E|X − X'|`.
fn crps(paths: &[f64], sold: f64) -> f64 {
    let count = paths.len() as f64;
    let away: f64 = paths.iter().map(|path| (path - sold).abs()).sum();
    let weighted = paths.iter().enumerate().map(|(i, path)| (2.0 * i as f64 + 1.0 - count) * path);
    away / count - weighted.sum::<f64>() / (count * count)
}

/// Scores of the models that `series` would have had at the beginnings of its last `windows` windows
/// of `length` periods; a window in which demand was not seen is left out, and so is one before which
/// less than twice its length is known.
pub fn backtest(
    series: &Series,
    history: &History,
    seed: u64,
    length: usize,
    windows: usize,
) -> Scores {
    let mut scores = Scores::default();
    for window in (1..=windows).rev() {
        let Some(known) = series.units.len().checked_sub(window * length) else { continue };
        let truth = known..known + length;
        if known < 2 * length || !series.observed[truth.clone()].iter().all(|&seen| seen) {
            continue;
        }
        let sold: f64 = series.units[truth].iter().sum();
        // Nothing of what comes later is handed on.
        let before = Series {
            units: series.units[..known].to_vec(),
            observed: series.observed[..known].to_vec(),
            sold_out: series.sold_out[..known].to_vec(),
            prices: series.prices.iter().take(known).copied().collect(),
            promotions: series.promotions.iter().take(known).copied().collect(),
            ..series.clone()
        };
        let past = History {
            calendar: history.calendar.clone(),
            rows: 0,
            periods: series.first + known,
            series: Vec::new(),
            notes: Vec::new(),
        };
        let model = fit(&before, &past, FitOptions::of(&past.calendar));
        let mut block = Block::zeros(PATHS, length, 0);
        let first = Coordinates { set: SET, first_scenario: 0 };
        model.scenarios(seed, &series.item, &past, length).fill(first, &mut block);
        let total = |path: usize| model.quantum * block.scenario(path).sum::<f64>();
        let paths = sorted((0..PATHS).map(total));
        scores.add(&paths, sold);
        let seen = before.units.windows(length).zip(before.observed.windows(length));
        let whole = seen.filter(|(_, seen)| seen.iter().all(|&seen| seen));
        let all = sorted(whole.map(|(units, _)| units.iter().sum()));
        if all.len() >= FEWEST {
            scores.compared += crps(&paths, sold);
            scores.past += crps(&all, sold);
        }
    }
    scores
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

#[cfg(test)]
mod tests;
