//! Which demand model an item gets.
//!
//! Candidates are every family of [`demand::CATALOGUE`](crate::demand::CATALOGUE), with no
//! season, a weekday or a month factor, and a level from the whole history, its recent part, or all
//! of it with old periods fading.
//! Each is fitted to the history less its last weeks; the one under which those weeks were most
//! likely is fitted again to everything. So a model is chosen by what it says of demand it has
//! not seen, spread and tail included, not by how well it remembers.

use crate::calendar::{Calendar, Length};
use crate::demand::{CATALOGUE, Demand};
use crate::history::{History, Series};
use crate::table::Scenarios;

mod censored;
mod choice;
mod note;
mod season;

pub use choice::{Choice, Level};
use choice::{Fitted, STEPS, Sales, best, place};
pub use note::note;
pub use season::Season;

/// How demand models are fitted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FitOptions {
    /// Last periods of the history, on which models are compared.
    pub holdout_periods: usize,
    /// Length of the recent part of the history.
    pub recent_periods: usize,
    /// Periods after which an observation counts half as much, where old ones fade.
    pub half_life_periods: f64,
}

/// Half-lives that are late: what is older weighs an eighth or less.
const LATE: f64 = 3.0;
/// Half-life of a fading level \[years\].
const HALF_LIFE: f64 = 4.0 / 52.0;

impl FitOptions {
    /// Eight weeks held out, the last quarter as recent and a half-life of four weeks, in the
    /// calendar's periods; for months half a year, a year and four months.
    pub fn of(calendar: &Calendar) -> FitOptions {
        let year = calendar.periods_per_year();
        let periods = |years: f64| (year * years).round() as usize;
        match calendar.length() {
            Length::Month => {
                FitOptions { holdout_periods: 6, recent_periods: 12, half_life_periods: 4.0 }
            }
            _ => FitOptions {
                holdout_periods: periods(8.0 / 52.0),
                recent_periods: periods(0.25),
                half_life_periods: year * HALF_LIFE,
            },
        }
    }

    /// Last periods of `series` that models are compared on: never more than a quarter.
    fn held_out(&self, series: &Series) -> usize {
        self.holdout_periods.min(series.units.len() / 4)
    }
}

/// The demand model of one item.
pub struct DemandModel {
    /// Name of its family.
    pub family: &'static str,
    /// What its factor follows.
    pub season: Season,
    /// What its level is taken from.
    pub level: Level,
    /// Factor of each season.
    pub factors: Vec<f64>,
    /// Share of periods in each season; none on weekdays that are closed.
    pub weights: Vec<f64>,
    /// Distribution of a period's demand at factor 1 \[counts\].
    pub distribution: Box<dyn Demand>,
    /// Units in a count: the item's smallest unit of sale \[units\].
    pub quantum: f64,
}

impl DemandModel {
    /// The model as three numbers, for [`DemandModel::describe`].
    pub fn code(&self) -> [u64; 3] {
        let family = CATALOGUE.iter().position(|family| family.name == self.family);
        [family.unwrap_or(0) as u64, self.season as u64, self.level as u64]
    }

    /// The model with a code, in words.
    pub fn describe([family, season, level]: [u64; 3]) -> String {
        let season = match season {
            1 => "weekday factors",
            2 => "month factors",
            _ => "no season",
        };
        let level = match level {
            1 => "recent level",
            2 => "fading level",
            _ => "level of the whole history",
        };
        format!("{}, {season}, {level}", CATALOGUE[family as usize].name)
    }

    /// Mean demand over the seasons \[counts/period\].
    pub fn mean(&self) -> f64 {
        let seasons = self.factors.iter().zip(&self.weights);
        seasons.map(|(&factor, weight)| weight * self.distribution.mean(factor)).sum()
    }

    /// Standard deviation of demand, seasons included \[counts/period\].
    pub fn deviation(&self) -> f64 {
        let seasons = self.factors.iter().zip(&self.weights);
        let square: f64 = seasons
            .map(|(&factor, weight)| {
                let mean = self.distribution.mean(factor);
                weight * (self.distribution.variance(factor) + mean * mean)
            })
            .sum();
        let mean = self.mean();
        (square - mean * mean).max(0.0).sqrt()
    }

    /// Expected demand of each of the `periods` that follow the history \[counts/period\]; one
    /// number if all are the same.
    pub fn expected(&self, history: &History, periods: usize) -> Vec<f64> {
        let means: Vec<f64> =
            self.factors.iter().map(|&factor| self.distribution.mean(factor)).collect();
        let seasons = self.seasons(&history.calendar, history.periods, periods);
        seasons.into_iter().map(|season| means[usize::from(season)]).collect()
    }

    /// The season of each of the `periods` from number `first` on; one if there are none.
    pub(crate) fn seasons(&self, calendar: &Calendar, first: usize, periods: usize) -> Vec<u8> {
        match self.season {
            Season::None => vec![0],
            _ => (first..first + periods).map(|at| self.season.of(calendar, at) as u8).collect(),
        }
    }

    /// Probabilities of a period's demand of 0, 1, 2 and so on counts, if there is no season; `None`
    /// if there is one, or demand is spread over too many values.
    pub fn probabilities(&self) -> Option<Vec<f64>> {
        if self.season != Season::None {
            return None;
        }
        self.distribution.masses(1.0).probabilities()
    }

    /// Scenarios in which every period is as one with factor 1: the level without its seasons.
    pub fn level(&self, seed: u64, item: &str) -> Scenarios {
        Scenarios::new(seed, item, &[self.distribution.masses(1.0)], vec![0])
    }

    /// Scenarios of the `periods` that follow the history, in counts.
    pub fn scenarios(&self, seed: u64, item: &str, history: &History, periods: usize) -> Scenarios {
        let masses: Vec<_> =
            self.factors.iter().map(|&factor| self.distribution.masses(factor)).collect();
        let seasons = self.seasons(&history.calendar, history.periods, periods);
        Scenarios::new(seed, item, &masses, seasons)
    }
}

/// An observed period.
#[derive(Clone, Copy)]
struct Observation {
    period: usize,
    count: f64,
}

/// Fewest observations that models are compared on, and that say how high unseen demand was.
const FEW: usize = 16;

/// The model of `series` that its last periods were most likely under.
pub fn fit(series: &Series, history: &History, options: FitOptions) -> DemandModel {
    choose(series, history, options).fit(series, history, options)
}

/// Which family, season and level the last periods of `series` were most likely under.
pub fn choose(series: &Series, history: &History, options: FitOptions) -> Choice {
    let observed = Observed::of(series);
    let (training, test) = observed.sales().split(history.periods - options.held_out(series));
    let sold = training.exact.iter().any(|observation| observation.count > 0.0);
    if training.exact.len() >= FEW && sold && !test.exact.is_empty() {
        best(training, test, &history.calendar, options)
    } else {
        // Too little to compare on: the plain level, and extra spread if it shows.
        Choice { family: place("negative-binomial"), season: Season::None, level: Level::Whole }
    }
}

impl Choice {
    /// The chosen model, fitted to all of `series`.
    ///
    /// # Panics
    ///
    /// Never: Poisson fits every sample.
    pub fn fit(self, series: &Series, history: &History, options: FitOptions) -> DemandModel {
        let observed = Observed::of(series);
        let (sales, calendar) = (observed.sales(), &history.calendar);
        // All of the history may rule out what a part of it spoke for: the recent level then, or
        // Poisson, with the season that was chosen. Poisson fits everything.
        let steady = match self.level {
            Level::Fading => Choice { level: Level::Recent, ..self },
            Level::Whole | Level::Recent => self,
        };
        let Fitted { family, level, factors, distribution } = self
            .fitted(sales, calendar, options, STEPS)
            .or_else(|| steady.fitted(sales, calendar, options, STEPS))
            .or_else(|| {
                let poisson = Choice { family: place("poisson"), ..steady };
                poisson.fitted(sales, calendar, options, STEPS)
            })
            .expect("Poisson fits every sample");
        let season = self.season;
        let weights = season.weights(&observed.exact, calendar);
        let quantum = observed.quantum;
        DemandModel { family, season, level, factors, weights, distribution, quantum }
    }
}

/// What a series says, in counts.
struct Observed {
    exact: Vec<Observation>,
    least: Vec<Observation>,
    quantum: f64,
}

impl Observed {
    fn of(series: &Series) -> Observed {
        let quantum = quantum(&series.units);
        let observation = |i: usize| Observation {
            period: series.first + i,
            count: (series.units[i] / quantum).round(),
        };
        let all = 0..series.units.len();
        let exact = all.clone().filter(|&i| series.observed[i]).map(observation).collect();
        // That nothing was sold when there was nothing says nothing.
        let least = all
            .filter(|&i| series.sold_out[i])
            .map(observation)
            .filter(|observation| observation.count > 0.0)
            .collect();
        Observed { exact, least, quantum }
    }

    fn sales(&self) -> Sales<'_> {
        Sales { exact: &self.exact, least: &self.least }
    }
}

/// The item's smallest unit of sale \[units\]: one, or a tenth, hundredth or thousandth if
/// fractions were sold; tens and more where whole units would be needlessly fine.
pub(crate) fn quantum(units: &[f64]) -> f64 {
    /// Counts of a mean and of a largest demand that tables are made for.
    const MOST: [f64; 2] = [1e5, 1e6];
    let whole =
        |per_unit: f64| units.iter().all(|u| (u * per_unit - (u * per_unit).round()).abs() < 1e-6);
    let per_unit = [1.0, 10.0, 100.0].into_iter().find(|&p| whole(p)).unwrap_or(1000.0);
    let mean = units.iter().sum::<f64>() / units.len().max(1) as f64;
    let largest = units.iter().copied().fold(0.0, f64::max);
    let mut quantum = 1.0 / per_unit;
    while mean / quantum > MOST[0] || largest / quantum > MOST[1] {
        quantum *= 10.0;
    }
    quantum
}

#[cfg(test)]
mod tests;
