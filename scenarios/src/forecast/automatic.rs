//! The automatic forecast, round by round.
//!
//! | round | of each item                                             | then, of all                 |
//! |-------|----------------------------------------------------------|------------------------------|
//! | 1     | every model is tried: [`trial`](super::trial)            | [`Standings`](super::Standings) |
//! | 2     | the chosen ones are scored in its windows: [`scored`]    | [`Calibrations`]             |
//! | 3     | demand that comes is foreseen: [`foreseen`]              |                              |
//!
//! A round is a pure function of the item and of what all learned in the rounds before it, so items
//! can be worked on anywhere. In a backtest rounds 1 and 2 learn from the earlier windows, and what
//! they learned is judged in the later ones.

use super::calibration::{Calibration, normal_score};
use super::paths::Paths;
use super::prepared::Prepared;
use super::trial::{Rules, combined};
use super::windows::{MOST_WINDOWS, Part, Windows, streams};
use crate::random::Random;

/// Paths that a distribution is known by.
pub const PATHS: usize = 512;
/// Scores that a group takes for a correction of its own.
const FEW: usize = 200;

/// Normal scores of an item's windows, by their distance from the end of its history; not a number
/// where there is none.
pub type Scored = [f32; MOST_WINDOWS];

/// Paths of every window of a part, foreseen by the `best` models, fitted before the first of them;
/// with its place and with what came \[counts\].
pub fn windows_foreseen(
    item: &Prepared<'_>,
    windows: &Windows,
    part: Part,
    best: &[usize],
    rules: &Rules,
    seed: u64,
) -> Vec<(usize, Paths, f64)> {
    let past = item.past();
    let Some((_, first)) = windows.part(part).next() else { return Vec::new() };
    let models = rules.fitted(&past.until(first), best);
    let foreseen = windows.part(part).map(|(place, origin)| {
        let known = past.until(origin);
        let streams = streams(seed, &item.item);
        let paths =
            Paths::drawn(&combined(&models, &known), &known, streams, windows.length, PATHS);
        let sold = past.demand[origin..origin + windows.length].iter().sum();
        (place, paths, sold)
    });
    foreseen.collect()
}

/// Where what came lay in what the `best` models foresaw, in the windows of `parts`.
pub fn scored(
    item: &Prepared<'_>,
    windows: &Windows,
    parts: &[Part],
    best: &[usize],
    rules: &Rules,
    seed: u64,
) -> Scored {
    let mut scores = [f32::NAN; MOST_WINDOWS];
    let periods = item.past().periods();
    for part in parts {
        for (place, paths, sold) in windows_foreseen(item, windows, *part, best, rules, seed) {
            let stretch = (periods - windows.origins[place]) / windows.length - 1;
            let number = u32::MAX / 2 - stretch as u32;
            let uniform = Random::new(streams(seed, &item.item), number).uniform();
            scores[stretch] = normal_score(paths.totals(), sold, uniform) as f32;
        }
    }
    scores
}

/// The corrections of groups of items.
pub struct Calibrations {
    groups: Vec<Calibration>,
}

impl Calibrations {
    /// Those by the scores of all items, each with the number of its group, below `groups`; a group
    /// with few scores has that of all items.
    pub fn of<'a>(
        scores: impl Iterator<Item = (usize, &'a Scored)>,
        groups: usize,
    ) -> Calibrations {
        let mut of_group = vec![Vec::new(); groups];
        for (group, scored) in scores {
            let known = scored.iter().enumerate().filter(|(_, score)| !score.is_nan());
            of_group[group].extend(known.map(|(stretch, score)| (stretch, f64::from(*score))));
        }
        let every: Vec<(usize, f64)> = of_group.iter().flatten().copied().collect();
        let of_all = Calibration::of(&every);
        let own = |scores: &Vec<(usize, f64)>| match scores.len() < FEW {
            true => of_all.clone(),
            false => Calibration::of(scores),
        };
        Calibrations { groups: of_group.iter().map(own).collect() }
    }

    /// None for any of so many groups.
    pub fn none(groups: usize) -> Calibrations {
        Calibrations { groups: vec![Calibration::none(); groups] }
    }

    /// The correction of a group.
    pub fn group(&self, group: usize) -> &Calibration {
        &self.groups[group]
    }
}

/// What comes after all that is known.
pub struct Foreseen {
    /// Units in a count \[units\].
    pub quantum: f64,
    /// The models it is made of, by their places in the catalogue.
    pub models: Vec<usize>,
    /// Their parameters.
    pub parameters: Vec<Vec<(&'static str, f64)>>,
    /// Expected demand of each period \[counts/period\].
    pub means: Vec<f64>,
    /// Paths, corrected.
    pub paths: Paths,
}

/// Demand of the `length` periods after all that is known, as the `best` models foresee it.
pub fn foreseen(
    item: &Prepared<'_>,
    length: usize,
    best: &[usize],
    rules: &Rules,
    calibration: &Calibration,
    seed: u64,
) -> Foreseen {
    use super::Forecast;
    let past = item.past();
    let models = rules.fitted(&past, best);
    let forecast = combined(&models, &past);
    let mut means = vec![0.0; length];
    forecast.means(past.frame, &mut means);
    let streams = streams(seed, &item.item);
    let paths = Paths::drawn(&forecast, &past, streams, length, PATHS);
    Foreseen {
        quantum: item.quantum,
        parameters: models.iter().map(|(_, fitted)| fitted.parameters()).collect(),
        models: models.into_iter().map(|(model, _)| model).collect(),
        means,
        paths: paths.calibrated(calibration, streams),
    }
}
