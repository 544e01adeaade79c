//! Windows of the past that are foreseen as if they had not come yet.

use super::{Forecast, Past};
use crate::random::Random;
use crate::stream::{Purpose, Streams};

/// The most windows an item is judged by.
pub const MOST_WINDOWS: usize = 16;
/// The set that paths belong to.
const SET: u32 = 0;
/// Least periods that are known before a window.
const LEAST: usize = 8;

/// Windows of equal length at the end of a history, in order of time, each with demand that was seen.
///
/// They are parted in two: what is learned in the earlier part is judged in the later one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// Length of each \[periods\].
    pub length: usize,
    /// How many periods are known when each begins.
    pub origins: Vec<usize>,
    /// How many of them belong to the earlier part.
    pub earlier: usize,
}

/// A part of the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Those that are learned from.
    Earlier,
    /// Those that are judged by.
    Later,
}

impl Part {
    /// Both, in order of time.
    pub const ALL: [Part; 2] = [Part::Earlier, Part::Later];

    /// This part and those before it.
    pub fn and_before(self) -> &'static [Part] {
        match self {
            Part::Earlier => &Part::ALL[..1],
            Part::Later => &Part::ALL,
        }
    }
}

impl Windows {
    /// The last `count` windows of `length` periods before the end of `past`, or as many as half of it
    /// holds: models that are judged know at least as much as they are judged by. Windows in which
    /// demand was not seen are left out; the first half is the earlier part.
    pub fn last(past: &Past<'_>, length: usize, count: usize) -> Windows {
        let periods = past.periods();
        let count = count.min(periods / 2 / length.max(1));
        let known = |window: usize| periods.checked_sub(window * length);
        let (mut origins, mut earlier) = (Vec::new(), 0);
        for window in (1..=count.min(MOST_WINDOWS)).rev() {
            let Some(known) = known(window).filter(|known| *known >= LEAST) else {
                continue;
            };
            if past.seen[known..known + length].iter().all(|seen| *seen) {
                earlier += usize::from(2 * window > count);
                origins.push(known);
            }
        }
        Windows { length, origins, earlier }
    }

    /// The windows of a part, and their places among all.
    pub fn part(&self, part: Part) -> impl Iterator<Item = (usize, usize)> + '_ {
        let (earlier, all) = (self.earlier, self.origins.len());
        let places = match part {
            Part::Earlier => 0..earlier,
            Part::Later => earlier..all,
        };
        places.map(|place| (place, self.origins[place]))
    }
}

/// Sorted totals of `paths` paths of what `forecast` foresees of the `length` periods that follow
/// `past` \[counts\]; every model draws from the same random numbers.
pub fn totals(
    forecast: &dyn Forecast,
    past: &Past<'_>,
    streams: Streams,
    length: usize,
    paths: usize,
) -> Vec<f64> {
    let mut path = vec![0.0; length];
    let mut totals: Vec<f64> = (0..paths)
        .map(|number| {
            let scenario = (past.periods() * paths + number) as u32;
            forecast.path(past.frame, &mut Random::new(streams, scenario), &mut path);
            path.iter().sum()
        })
        .collect();
    totals.sort_by(f64::total_cmp);
    totals
}

/// The random numbers of an item's forecasts.
pub fn streams(seed: u64, item: &str) -> Streams {
    Streams::new(seed, Purpose::Forecast, SET, item)
}
