//! Every model tried on an item's past, and which of them it gets.

use bytemuck::{Pod, Zeroable};

use super::combination::Combination;
use super::criterion::Criterion;
use super::prepared::Prepared;
use super::windows::{Part, Windows, streams, totals};
use super::{CATALOGUE, Fitted, Forecast, Past};

/// The most models in the catalogue.
pub const MOST_MODELS: usize = 32;
const _: () = assert!(CATALOGUE.len() <= MOST_MODELS);
/// Paths that a model's trial in a window takes.
const PATHS: usize = 128;
/// The most models that are combined.
pub const MOST_MEMBERS: usize = 5;

/// How models are tried and chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules {
    /// Whether each model of the catalogue takes part.
    pub models: Vec<bool>,
    /// What they are judged by.
    pub criterion: Criterion,
    /// How many of the best are combined.
    pub members: usize,
}

impl Rules {
    /// Every model, judged by the whole distribution, the best three combined.
    pub fn automatic() -> Rules {
        let models = CATALOGUE.iter().map(|family| family.tried).collect();
        Rules { models, criterion: Criterion::Crps, members: 3 }
    }
}

/// Losses of the models in an item's windows.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Trial {
    /// Number of windows in the earlier and the later part.
    pub windows: [f32; 2],
    /// Mean loss of each model, by part; not a number where it could not be fitted \[counts\].
    pub losses: [[f32; MOST_MODELS]; 2],
}

/// Tries every model that takes part: fitted to what is known before the first window of each part,
/// taken through to the beginning of each.
pub fn trial(item: &Prepared<'_>, windows: &Windows, rules: &Rules, seed: u64) -> Trial {
    let past = item.past();
    let streams = streams(seed, item.item);
    let mut trial = Trial { windows: [0.0; 2], losses: [[f32::NAN; MOST_MODELS]; 2] };
    for (at, part) in [Part::Earlier, Part::Later].into_iter().enumerate() {
        let Some((_, first)) = windows.part(part).next() else { continue };
        trial.windows[at] = windows.part(part).count() as f32;
        for (model, family) in CATALOGUE.iter().enumerate() {
            if !rules.models[model] {
                continue;
            }
            let Some(fitted) = (family.fit)(&past.until(first)) else { continue };
            let mut sum = 0.0;
            for (_, origin) in windows.part(part) {
                let known = past.until(origin);
                let forecast = fitted.forecast(&known);
                let paths = totals(&*forecast, &known, streams, windows.length, PATHS);
                let sold = past.demand[origin..origin + windows.length].iter().sum();
                sum += rules.criterion.loss(&paths, sold);
            }
            trial.losses[at][model] = (sum / f64::from(trial.windows[at])) as f32;
        }
    }
    trial
}

impl Trial {
    /// Logarithms of how many times the loss of the plain distribution each model's is, in the
    /// windows up to a part's end, and in how many windows; not a number where it is not known.
    fn ratios(&self, until: Part) -> ([f64; MOST_MODELS], f64) {
        let parts = match until {
            Part::Earlier => 1,
            Part::Later => 2,
        };
        let windows: f64 = self.windows[..parts].iter().map(|count| f64::from(*count)).sum();
        let loss = |model: usize| {
            let parts = self.windows[..parts].iter().zip(&self.losses[..parts]);
            let parts = parts.filter(|(count, _)| **count > 0.0);
            parts.map(|(count, losses)| f64::from(*count) * f64::from(losses[model])).sum::<f64>()
        };
        let plain = loss(reference());
        let ratio = |model: usize| {
            let own = loss(model);
            if own.is_nan() || windows == 0.0 {
                return f64::NAN;
            }
            // Both may be nothing: an item that is never sold.
            const LEAST: f64 = 1e-6;
            libm::log((own + LEAST) / (plain + LEAST)).clamp(-MOST, MOST)
        };
        (std::array::from_fn(ratio), windows)
    }
}

/// The largest ratio of losses that counts, as a logarithm.
const MOST: f64 = 1.5;
/// Windows that what is known of items alike weighs as many as.
const PRIOR_WINDOWS: f64 = 8.0;
/// Items below which those alike are all.
const FEW: f64 = 20.0;

/// Place of the model that others are compared with, which fits every past.
fn reference() -> usize {
    CATALOGUE.iter().position(|family| family.name == "distribution").expect("in the catalogue")
}

/// How the models did among items that are alike.
pub struct Standings {
    /// By group: sums of ratios, and over how many items, weighted by windows.
    groups: Vec<[[f64; 2]; MOST_MODELS]>,
    all: [[f64; 2]; MOST_MODELS],
    until: Part,
}

impl Standings {
    /// The standings after the windows up to a part's end of items, each with the number of its
    /// group, below `groups`.
    pub fn of<'a>(
        trials: impl Iterator<Item = (usize, &'a Trial)>,
        groups: usize,
        until: Part,
    ) -> Standings {
        let mut sums = vec![[[0.0; 2]; MOST_MODELS]; groups];
        let mut all = [[0.0; 2]; MOST_MODELS];
        for (group, trial) in trials {
            let (ratios, windows) = trial.ratios(until);
            if windows == 0.0 {
                continue;
            }
            for (model, ratio) in ratios.into_iter().enumerate().filter(|(_, r)| !r.is_nan()) {
                for sum in [&mut sums[group][model], &mut all[model]] {
                    sum[0] += ratio;
                    sum[1] += 1.0;
                }
            }
        }
        Standings { groups: sums, all, until }
    }

    /// Mean ratio of a model in a group; in all items where the group is small.
    fn mean(&self, group: usize, model: usize) -> f64 {
        let [sum, count] = self.groups[group][model];
        let [all, of_all] = self.all[model];
        // Shrunk towards what is known of all.
        let overall = if of_all > 0.0 { all / of_all } else { 0.0 };
        (sum + FEW * overall) / (count + FEW)
    }

    /// How many times the loss of the plain distribution a model's is, over all items; `None` if it
    /// was not tried.
    pub fn overall(&self, model: usize) -> Option<f64> {
        let [sum, count] = self.all[model];
        (count > 0.0).then(|| libm::exp(sum / count))
    }

    /// The best models for an item, best first: its own losses, shrunk towards those of items alike.
    pub fn best(&self, group: usize, trial: &Trial, rules: &Rules) -> Vec<usize> {
        let (ratios, windows) = trial.ratios(self.until);
        let score = |model: usize| {
            let prior = self.mean(group, model);
            let own = if ratios[model].is_nan() { 0.0 } else { windows * ratios[model] };
            (own + PRIOR_WINDOWS * prior) / (windows + PRIOR_WINDOWS)
        };
        // Without a window nothing is known of whether a model can be fitted.
        let known =
            |model: &usize| rules.models[*model] && (windows == 0.0 || !ratios[*model].is_nan());
        let mut models: Vec<usize> = (0..CATALOGUE.len()).filter(known).collect();
        models.sort_by(|left, right| score(*left).total_cmp(&score(*right)).then(left.cmp(right)));
        models
    }
}

/// The first of `best` that can be fitted to `past`, as many as are to be combined.
pub fn fitted(past: &Past<'_>, best: &[usize], members: usize) -> Vec<(usize, Box<dyn Fitted>)> {
    let fit = |model: &usize| (CATALOGUE[*model].fit)(past).map(|fitted| (*model, fitted));
    let mut fitted: Vec<_> =
        best.iter().filter_map(fit).take(members.clamp(1, MOST_MEMBERS)).collect();
    if fitted.is_empty() {
        let plain = reference();
        let plain = (CATALOGUE[plain].fit)(past).map(|fitted| (plain, fitted));
        fitted.push(plain.expect("the distribution fits every past"));
    }
    fitted
}

/// What fitted models foresee together at the end of `past`.
pub fn combined(fitted: &[(usize, Box<dyn Fitted>)], past: &Past<'_>) -> Combination {
    let members: Vec<Box<dyn Forecast>> =
        fitted.iter().map(|(_, fitted)| fitted.forecast(past)).collect();
    Combination { members }
}
