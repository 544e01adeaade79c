//! Search for what is best set of a model, by how well it would have foreseen the past.
//!
//! A few windows of one item say next to nothing of an option: what is set is set for all items whose
//! demand comes in the same pattern. Each of them may estimate an option from its own past as well,
//! which is what a setting has to beat, on the same windows and with the same random numbers.
//!
//! # Rounds
//!
//! 1. [`Tuning::proposals`] says which settings an item is to be tried with;
//! 2. their losses are computed, anywhere and in any order: [`loss`](super::loss());
//! 3. [`Tuning::learn`] takes them in order of the items, and what is proposed next depends on them
//!    and the seed alone.

use super::options::{MOST_OPTIONS, Setting};
use super::{CATALOGUE as MODELS, MOST_MODELS};
use crate::random::Random;
use crate::stream::{Purpose, Streams};

mod bayesian;
mod grid;
mod process;
mod random;

/// The ways to search, simplest first.
pub const CATALOGUE: &[Search] = &[grid::SEARCH, random::SEARCH, bayesian::SEARCH];

/// A way to search.
#[derive(Debug)]
pub struct Search {
    /// Name in the study file.
    pub name: &'static str,
    /// One line of help.
    pub summary: &'static str,
    /// What is tried next; nothing if enough was.
    pub propose: fn(&Asked<'_>) -> Vec<Point>,
}

/// A place from 0 to 1 for each option.
pub type Point = [f64; MOST_OPTIONS];

/// What a search is asked.
pub struct Asked<'a> {
    /// Number of options; only so many coordinates of a point count.
    pub options: usize,
    /// The most points that are tried.
    pub trials: usize,
    /// Points that were tried, with their losses; these are finite.
    pub tried: &'a [(Point, f64)],
    /// Random numbers, one scenario a round.
    pub streams: Streams,
}

impl Asked<'_> {
    /// The random numbers of this round.
    fn random(&self) -> Random {
        Random::new(self.streams, self.tried.len() as u32)
    }

    /// The same in every round.
    fn constant_random(&self) -> Random {
        Random::new(self.streams, u32::MAX)
    }
}

/// The set of streams that searches draw from.
const SET: u32 = 1;
/// The most items of a group that are tried.
const MOST_ITEMS: usize = 400;
/// The largest difference that counts, of a single item.
const MOST_EXCESS: f64 = 3.0;
/// Items below which nothing is set.
const FEW: f64 = 8.0;

/// A search for each model and group of items.
pub struct Tuning {
    search: &'static Search,
    trials: usize,
    groups: Vec<Vec<Sought>>,
}

/// A search for what is best set of a model in a group.
struct Sought {
    model: usize,
    streams: Streams,
    tried: Vec<Tried>,
    /// What is being tried.
    proposed: Vec<Point>,
}

/// A point that was tried.
#[derive(Clone, Copy)]
struct Tried {
    point: Point,
    /// How much more is lost than with what items estimate.
    excess: Sums,
}

/// Sums of differences.
#[derive(Clone, Copy, Default)]
struct Sums {
    count: f64,
    sum: f64,
    squares: f64,
}

impl Sums {
    fn add(&mut self, difference: f64) {
        if !difference.is_nan() {
            let difference = difference.clamp(-MOST_EXCESS, MOST_EXCESS);
            self.count += 1.0;
            self.sum += difference;
            self.squares += difference * difference;
        }
    }

    fn mean(&self) -> f64 {
        if self.count > 0.0 { self.sum / self.count } else { MOST_EXCESS }
    }

    /// Standard error of the mean.
    fn error(&self) -> f64 {
        let mean = self.mean();
        let variance = (self.squares / self.count - mean * mean).max(0.0);
        (variance / (self.count - 1.0)).sqrt()
    }
}

/// What was found of a model in a group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Number of the group.
    pub group: usize,
    /// Place of the model in the catalogue.
    pub model: usize,
    /// Points that were tried.
    pub trials: usize,
    /// Items they were tried on.
    pub items: usize,
    /// The best setting.
    pub best: Setting,
    /// How much more it lost than what items estimate, in standard deviations of what was
    /// sold; less is better.
    pub excess: f64,
    /// Its standard error.
    pub error: f64,
}

impl Found {
    /// What is set: the best, if it is better than what items estimate by more than its standard
    /// error, and else [`Setting::OWN`].
    pub fn setting(&self) -> Setting {
        if self.excess < -self.error { self.best } else { Setting::OWN }
    }
}

impl Tuning {
    /// Searches among `models` of the catalogue that have options, at most `trials` points each.
    pub fn new(
        search: &'static Search,
        trials: usize,
        models: &[bool],
        groups: usize,
        seed: u64,
    ) -> Tuning {
        let tuned = (0..MODELS.len().min(MOST_MODELS))
            .filter(|model| models[*model] && !MODELS[*model].options.is_empty());
        let sought = |group: usize| {
            tuned.clone().map(move |model| {
                let name = format!("{group} {}", MODELS[model].name);
                let streams = Streams::new(seed, Purpose::Forecast, SET, &name);
                Sought { model, streams, tried: Vec::new(), proposed: Vec::new() }
            })
        };
        let groups = (0..groups).map(|group| sought(group).collect()).collect();
        let mut tuning = Tuning { search, trials, groups };
        tuning.propose();
        tuning
    }

    /// Which of the items with these groups are tried, in order: so many of each group, evenly spread.
    pub fn items(&self, groups: &[usize]) -> Vec<usize> {
        let mut counts = vec![0_usize; self.groups.len()];
        for group in groups {
            counts[*group] += 1;
        }
        let mut met = vec![0_usize; self.groups.len()];
        let chosen = groups.iter().enumerate().filter(|(_, group)| {
            let (count, at) = (counts[**group], met[**group]);
            met[**group] += 1;
            let wanted = count.min(MOST_ITEMS);
            // As many whole steps below this item as below the next but one.
            (at + 1) * wanted / count > at * wanted / count
        });
        chosen.map(|(item, _)| item).collect()
    }

    /// Models and settings that items of `group` are to be tried with.
    pub fn proposals(&self, group: usize) -> Vec<(usize, Setting)> {
        let all = self.groups[group].iter();
        all.flat_map(|sought| {
            sought.proposed.iter().map(|point| (sought.model, sought.setting(point)))
        })
        .collect()
    }

    /// The most proposals of any group; 0 if every search is done.
    pub fn width(&self) -> usize {
        let count = |group: &Vec<Sought>| group.iter().map(|sought| sought.proposed.len()).sum();
        self.groups.iter().map(count).max().unwrap_or(0)
    }

    /// Learns how much more than by its own estimates each item lost under the proposals of its group,
    /// in their order, and proposes what comes next.
    pub fn learn<'a>(&mut self, losses: impl Iterator<Item = (usize, &'a [f32])>) {
        let mut sums: Vec<Vec<Sums>> = (0..self.groups.len())
            .map(|group| vec![Sums::default(); self.proposals(group).len()])
            .collect();
        for (group, losses) in losses {
            for (sums, loss) in sums[group].iter_mut().zip(losses) {
                sums.add(f64::from(*loss));
            }
        }
        for (group, sums) in self.groups.iter_mut().zip(sums) {
            let mut sums = sums.into_iter();
            for sought in group {
                let points = std::mem::take(&mut sought.proposed);
                let tried = points.into_iter().zip(&mut sums);
                sought.tried.extend(tried.map(|(point, excess)| Tried { point, excess }));
            }
        }
        self.propose();
    }

    fn propose(&mut self) {
        for sought in self.groups.iter_mut().flatten() {
            // A group without items is not searched further.
            if sought.tried.iter().any(|tried| tried.excess.count < FEW) {
                continue;
            }
            let tried: Vec<(Point, f64)> =
                sought.tried.iter().map(|tried| (tried.point, tried.excess.mean())).collect();
            let asked = Asked {
                options: MODELS[sought.model].options.len(),
                trials: self.trials,
                tried: &tried,
                streams: sought.streams,
            };
            sought.proposed = (self.search.propose)(&asked);
        }
    }

    /// What is set of each model of the catalogue for items of `group`.
    pub fn settings(&self, group: usize) -> Vec<Setting> {
        let mut settings = vec![Setting::OWN; MODELS.len()];
        for sought in &self.groups[group] {
            if let Some(found) = sought.found(group) {
                settings[sought.model] = found.setting();
            }
        }
        settings
    }

    /// What was found, group by group.
    pub fn found(&self) -> Vec<Found> {
        let groups = self.groups.iter().enumerate();
        groups.flat_map(|(group, all)| all.iter().filter_map(move |s| s.found(group))).collect()
    }
}

impl Sought {
    fn setting(&self, point: &Point) -> Setting {
        Setting::at(MODELS[self.model].options, point)
    }

    /// The best point, if it was tried on enough items.
    fn found(&self, group: usize) -> Option<Found> {
        let known = self.tried.iter().filter(|tried| tried.excess.count >= FEW);
        let tried = known.min_by(|l, r| l.excess.mean().total_cmp(&r.excess.mean()))?;
        Some(Found {
            group,
            model: self.model,
            trials: self.tried.len(),
            items: tried.excess.count as usize,
            best: self.setting(&tried.point),
            excess: tried.excess.mean(),
            error: tried.excess.error(),
        })
    }
}

#[cfg(test)]
mod tests;
