//! How well demand would have been foreseen: by models fitted to what was known before a day, compared
//! with what was sold after it, at several days.
//!
//! What is foreseen is the demand of a whole window of periods, lead time and review together, as a
//! distribution: that is what a safety stock is made of. Scores are proper (Gneiting & Raftery,
//! *Strictly Proper Scoring Rules, Prediction, and Estimation*, Journal of the American Statistical
//! Association 102 (2007) 359–378): who states what he believes does best.

use bytemuck::{Pod, Zeroable};

use crate::forecast::automatic::windows_foreseen;
use crate::forecast::{
    Calibration, Part, Past, Paths, Prepared, Rules, Windows, crps, pinball, quantile, streams,
};

/// Levels of the quantiles that are scored.
pub const LEVELS: [f64; 5] = [0.5, 0.8, 0.9, 0.95, 0.99];
/// Levels of the central intervals that are counted.
pub const INTERVALS: [f64; 4] = [0.8, 0.9, 0.95, 0.99];
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
    /// Windows that lay within the central interval, by [`INTERVALS`]; in parts where they lay on its
    /// end.
    pub covered: [f64; 4],
    /// Windows of items whose demand had changed from one period to the next.
    pub scaled: f64,
    /// In these, mean absolute errors by period, in mean absolute changes.
    pub absolute: f64,
    /// In these, root mean squared errors by period, in root mean squared changes.
    pub squared: f64,
    /// Cost of stock that covers windows at the critical ratio \[currency\].
    pub cost: f64,
    /// The same of stock by the past, in windows that are compared \[currency\].
    pub past_cost: f64,
    /// The same as `cost`, in windows that are compared \[currency\].
    pub compared_cost: f64,
}

/// What a unit costs, for an item whose stock covers a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitCosts {
    /// Of a unit that is left at the end of the window \[currency/unit\].
    pub over: f64,
    /// Of a unit that is missing \[currency/unit\].
    pub under: f64,
}

impl UnitCosts {
    /// Probability of no shortage at which one more unit costs what it saves.
    pub fn critical_ratio(self) -> f64 {
        (self.under / (self.under + self.over).max(f64::MIN_POSITIVE)).clamp(0.01, 0.999)
    }

    /// What stock at the critical ratio of sorted `paths` costs if `sold` is demanded.
    fn of(self, paths: &[f64], sold: f64) -> f64 {
        let left = quantile(paths, self.critical_ratio()) - sold;
        if left > 0.0 { self.over * left } else { -self.under * left }
    }
}

impl Scores {
    /// The sum of both.
    #[must_use]
    pub fn plus(self, other: Scores) -> Scores {
        let [left, right]: [[f64; Scores::NUMBERS]; 2] =
            [bytemuck::cast(self), bytemuck::cast(other)];
        bytemuck::cast(std::array::from_fn::<f64, { Scores::NUMBERS }, _>(|at| {
            left[at] + right[at]
        }))
    }

    const NUMBERS: usize = size_of::<Scores>() / size_of::<f64>();

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

    /// Pinball losses as shares of demand, by [`LEVELS`].
    pub fn pinball_share(&self) -> [f64; 5] {
        self.pinball.map(|loss| loss / self.demand)
    }

    /// Mean absolute scaled error of a period (Hyndman & Koehler, *Another Look at Measures of
    /// Forecast Accuracy*, International Journal of Forecasting 22 (2006) 679–688).
    pub fn mase(&self) -> f64 {
        self.absolute / self.scaled
    }

    /// Root mean squared scaled error of a period (Makridakis, Spiliotis & Assimakopoulos, *The M5
    /// Competition*, International Journal of Forecasting 38 (2022) 1325–1336).
    pub fn rmsse(&self) -> f64 {
        self.squared / self.scaled
    }

    /// Cost less than that of stock by the past, as a share of it.
    pub fn saving(&self) -> f64 {
        1.0 - self.compared_cost / self.past_cost
    }

    /// Adds a window after `known` in which `truth` was sold and `paths` were foreseen; `means` are those
    /// of its periods before they were corrected.
    fn add(
        &mut self,
        known: &Past<'_>,
        truth: &[f64],
        paths: &Paths,
        means: &[f64],
        quantum: f64,
        costs: UnitCosts,
    ) {
        let totals: Vec<f64> = paths.totals().iter().map(|total| quantum * total).collect();
        let sold = quantum * truth.iter().sum::<f64>();
        let score = crps(&totals, sold);
        let cost = costs.of(&totals, sold);
        self.windows += 1.0;
        self.demand += sold;
        self.excess += quantum * means.iter().sum::<f64>() - sold;
        self.crps += score;
        self.cost += cost;
        for (sum, level) in self.pinball.iter_mut().zip(LEVELS) {
            *sum += pinball(quantile(&totals, level), level, sold);
        }
        for (count, level) in self.covered.iter_mut().zip(INTERVALS) {
            *count += inside(&totals, sold, level);
        }
        self.add_errors(known, truth, means);
        let seen = known.demand.windows(truth.len()).zip(known.seen.windows(truth.len()));
        let whole = seen.filter(|(_, seen)| seen.iter().all(|&seen| seen));
        let mut all: Vec<f64> =
            whole.map(|(demand, _)| quantum * demand.iter().sum::<f64>()).collect();
        all.sort_by(f64::total_cmp);
        if all.len() >= FEWEST {
            self.compared += score;
            self.past += crps(&all, sold);
            self.compared_cost += cost;
            self.past_cost += costs.of(&all, sold);
        }
    }

    /// Adds the errors of each period's mean, in changes from one period to the next before.
    fn add_errors(&mut self, known: &Past<'_>, truth: &[f64], means: &[f64]) {
        let seen: Vec<f64> = known.observations().map(|(_, demand)| demand).collect();
        let changes = seen.windows(2).map(|pair| pair[1] - pair[0]);
        let (mut absolute, mut squared, mut count) = (0.0, 0.0, 0.0);
        for change in changes {
            absolute += change.abs();
            squared += change * change;
            count += 1.0;
        }
        if absolute == 0.0 {
            return;
        }
        let (mut errors, mut squares) = (0.0, 0.0);
        for (sold, mean) in truth.iter().zip(means) {
            let error = sold - mean;
            errors += error.abs() / truth.len() as f64;
            squares += error * error / truth.len() as f64;
        }
        self.scaled += 1.0;
        self.absolute += errors / (absolute / count);
        self.squared += (squares / (squared / count)).sqrt();
    }
}

/// How much of `sold` lies in the central interval of `level` of sorted `paths`: all or nothing, or
/// where it is one of the interval's ends the share of their probability that belongs to it.
///
/// So the expectation is the level, whatever the probability of single values (Czado, Gneiting & Held,
/// *Predictive Model Assessment for Count Data*, Biometrics 65 (2009) 1254–1261).
pub fn inside(paths: &[f64], sold: f64, level: f64) -> f64 {
    let count = paths.len() as f64;
    let below = paths.partition_point(|path| *path < sold) as f64 / count;
    let upto = paths.partition_point(|path| *path <= sold) as f64 / count;
    let (low, high) = (0.5 - 0.5 * level, 0.5 + 0.5 * level);
    if upto > below {
        (upto.min(high) - below.max(low)).max(0.0) / (upto - below)
    } else {
        f64::from(u8::from((low..=high).contains(&below)))
    }
}

/// Scores, in the later part of the windows, of the `best` models, corrected by `calibration`.
pub fn judged(
    item: &Prepared<'_>,
    windows: &Windows,
    best: &[usize],
    rules: &Rules,
    calibration: &Calibration,
    costs: UnitCosts,
    seed: u64,
) -> Scores {
    let mut scores = Scores::default();
    let past = item.past();
    for (place, paths, _) in windows_foreseen(item, windows, Part::Later, best, rules, seed) {
        let origin = windows.origins[place];
        let means: Vec<f64> = (0..windows.length).map(|ahead| paths.mean(ahead)).collect();
        let paths = paths.calibrated(calibration, streams(seed, &item.item));
        let truth = &past.demand[origin..origin + windows.length];
        scores.add(&past.until(origin), truth, &paths, &means, item.quantum, costs);
    }
    scores
}

#[cfg(test)]
mod tests;
