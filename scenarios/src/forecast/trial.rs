//! Every model tried on an item's past, and which of them it gets.

use bytemuck::{Pod, Zeroable};

use super::combination::Combination;
use super::criterion::Criterion;
use super::options::Setting;
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
    /// What is set of each model of the catalogue.
    pub settings: Vec<Setting>,
}

impl Rules {
    /// Every model, judged by the whole distribution, the best five combined.
    pub fn automatic() -> Rules {
        let models = CATALOGUE.iter().map(|family| family.tried).collect();
        let settings = vec![Setting::OWN; CATALOGUE.len()];
        Rules { models, criterion: Criterion::Crps, members: MOST_MEMBERS, settings }
    }

    /// The first of `best` that can be fitted to `past`, as many as are to be combined.
    ///
    /// # Panics
    ///
    /// Never: the plain distribution fits every past.
    pub fn fitted(&self, past: &Past<'_>, best: &[usize]) -> Vec<(usize, Box<dyn Fitted>)> {
        let fit = |model: usize| {
            (CATALOGUE[model].fit)(past, &self.settings[model]).map(|fitted| (model, fitted))
        };
        let members = self.members.clamp(1, MOST_MEMBERS);
        let mut fitted: Vec<_> =
            best.iter().filter_map(|model| fit(*model)).take(members).collect();
        if fitted.is_empty() {
            fitted.push(fit(reference()).expect("the distribution fits every past"));
        }
        fitted
    }
}

/// Losses of the models in an item's windows.
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
#[repr(C)]
pub struct Trial {
    /// Number of windows in the earlier and the later part.
    pub windows: [f32; 2],
    /// Mean loss of each model, by part, in standard deviations of what was sold in windows before; not
    /// a number where it could not be fitted.
    pub losses: [[f32; MOST_MODELS]; 2],
}

/// Tries every model that takes part: fitted to what is known before the first window of each part,
/// taken through to the beginning of each.
pub fn trial(item: &Prepared<'_>, windows: &Windows, rules: &Rules, seed: u64) -> Trial {
    let mut trial = Trial { windows: [0.0; 2], losses: [[f32::NAN; MOST_MODELS]; 2] };
    for (count, part) in trial.windows.iter_mut().zip(Part::ALL) {
        *count = windows.part(part).count() as f32;
    }
    trial.enter(item, windows, rules, seed, |model| rules.models[model]);
    trial
}

/// Mean loss of a model with a `setting` in the windows of a part, in standard deviations of what was
/// sold before; not a number where there is no window or the model cannot be fitted.
pub fn loss(
    item: &Prepared<'_>,
    windows: &Windows,
    part: Part,
    (model, setting): (usize, &Setting),
    criterion: Criterion,
    seed: u64,
) -> f64 {
    let past = item.past();
    let Some((_, first)) = windows.part(part).next() else { return f64::NAN };
    let known = past.until(first);
    let Some(fitted) = (CATALOGUE[model].fit)(&known, setting) else { return f64::NAN };
    let streams = streams(seed, &item.item);
    let (mut sum, mut count) = (0.0, 0.0);
    for (_, origin) in windows.part(part) {
        let known = past.until(origin);
        let forecast = fitted.forecast(&known);
        let paths = totals(&*forecast, &known, streams, windows.length, PATHS);
        let sold = past.demand[origin..origin + windows.length].iter().sum();
        sum += criterion.loss(&paths, sold);
        count += 1.0;
    }
    sum / criterion.scale(deviation(&known, windows.length)) / count
}

/// Standard deviation of demand in windows of `length` periods, if periods are independent; of one
/// unit in all, if nothing varied \[counts\].
fn deviation(past: &Past<'_>, length: usize) -> f64 {
    let mean = past.mean();
    let (squares, count) = past.observations().fold((0.0, 0.0), |(squares, count), (_, demand)| {
        (squares + (demand - mean) * (demand - mean), count + 1.0)
    });
    let least = 1.0 / f64::max(count, 1.0);
    (length as f64 * f64::max(squares / f64::max(count - 1.0, 1.0), least)).sqrt()
}

impl Trial {
    /// The same, after some models were tried again.
    #[must_use]
    pub fn again(
        mut self,
        item: &Prepared<'_>,
        windows: &Windows,
        rules: &Rules,
        seed: u64,
        which: impl Fn(usize) -> bool,
    ) -> Trial {
        self.enter(item, windows, rules, seed, which);
        self
    }

    fn enter(
        &mut self,
        item: &Prepared<'_>,
        windows: &Windows,
        rules: &Rules,
        seed: u64,
        which: impl Fn(usize) -> bool,
    ) {
        for (losses, part) in self.losses.iter_mut().zip(Part::ALL) {
            for model in (0..CATALOGUE.len()).filter(|model| which(*model)) {
                let setting = (model, &rules.settings[model]);
                losses[model] = loss(item, windows, part, setting, rules.criterion, seed) as f32;
            }
        }
    }

    /// How much more each model lost than the plain distribution, in the windows up to a part's end,
    /// and in how many windows; not a number where it is not known.
    fn excess(&self, until: Part) -> ([f64; MOST_MODELS], f64) {
        let parts = until.and_before().len();
        let windows: f64 = self.windows[..parts].iter().map(|count| f64::from(*count)).sum();
        let mean = |model: usize| self.mean_loss(model, parts, windows);
        let plain = mean(reference());
        (std::array::from_fn(|model| mean(model) - plain), windows)
    }

    fn mean_loss(&self, model: usize, parts: usize, windows: f64) -> f64 {
        if windows == 0.0 {
            return f64::NAN;
        }
        let parts = self.windows[..parts].iter().zip(&self.losses[..parts]);
        let parts = parts.filter(|(count, _)| **count > 0.0);
        let loss = |(count, losses): (&f32, &[f32; MOST_MODELS])| {
            f64::from(*count) * f64::from(losses[model])
        };
        parts.map(loss).sum::<f64>() / windows
    }
}

/// The largest excess that counts, of a single item.
const MOST: f64 = 3.0;
/// Windows that what is known of items alike weighs as many as.
const PRIOR_WINDOWS: f64 = 16.0;
/// Items below which those alike are all.
const FEW: f64 = 20.0;

/// Place of the model that others are compared with, which fits every past.
fn reference() -> usize {
    CATALOGUE.iter().position(|family| family.name == "distribution").expect("in the catalogue")
}

/// How the models did among items that are alike.
pub struct Standings {
    /// By group: sums of excess losses of models, and over how many items.
    groups: Vec<[[f64; 2]; MOST_MODELS]>,
    all: [[f64; 2]; MOST_MODELS],
    /// Mean loss of the plain distribution, over all items.
    plain: f64,
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
        let mut plain = [0.0; 2];
        let parts = until.and_before().len();
        for (group, trial) in trials {
            let (excess, windows) = trial.excess(until);
            if windows == 0.0 {
                continue;
            }
            plain[0] += trial.mean_loss(reference(), parts, windows);
            plain[1] += 1.0;
            for (model, excess) in excess.into_iter().enumerate().filter(|(_, e)| !e.is_nan()) {
                for sum in [&mut sums[group][model], &mut all[model]] {
                    sum[0] += excess.clamp(-MOST, MOST);
                    sum[1] += 1.0;
                }
            }
        }
        Standings { groups: sums, all, plain: plain[0] / f64::max(plain[1], 1.0), until }
    }

    /// Mean excess of a model in a group, shrunk towards that in all items.
    fn mean(&self, group: usize, model: usize) -> f64 {
        let [sum, count] = self.groups[group][model];
        let [all, of_all] = self.all[model];
        let overall = if of_all > 0.0 { all / of_all } else { 0.0 };
        (sum + FEW * overall) / (count + FEW)
    }

    /// How many times the loss of the plain distribution a model's is, over all items; `None` if it
    /// was not tried.
    pub fn overall(&self, model: usize) -> Option<f64> {
        let [sum, count] = self.all[model];
        (count > 0.0 && self.plain > 0.0).then(|| 1.0 + sum / count / self.plain)
    }

    /// The best models for an item, best first: its own losses, shrunk towards those of items alike.
    ///
    /// A few windows say little of a model, above all where most of them sell nothing: then one that
    /// foresees nothing seems perfect. Many items' windows say what that costs when something is sold.
    pub fn best(&self, group: usize, trial: &Trial, rules: &Rules) -> Vec<usize> {
        let (excess, windows) = trial.excess(self.until);
        let score = |model: usize| {
            let prior = self.mean(group, model);
            let own = if excess[model].is_nan() { 0.0 } else { windows * excess[model] };
            (own + PRIOR_WINDOWS * prior) / (windows + PRIOR_WINDOWS)
        };
        // Without a window nothing is known of whether a model can be fitted.
        let known =
            |model: &usize| rules.models[*model] && (windows == 0.0 || !excess[*model].is_nan());
        let mut models: Vec<usize> = (0..CATALOGUE.len()).filter(known).collect();
        models.sort_by(|left, right| score(*left).total_cmp(&score(*right)).then(left.cmp(right)));
        models
    }
}

/// What fitted models foresee together at the end of `past`.
pub fn combined(fitted: &[(usize, Box<dyn Fitted>)], past: &Past<'_>) -> Combination {
    let members: Vec<Box<dyn Forecast>> =
        fitted.iter().map(|(_, fitted)| fitted.forecast(past)).collect();
    Combination { members }
}
