//! Which demand model an item gets.
//!
//! Candidates are every family of [`demand::CATALOGUE`](crate::demand::CATALOGUE), with no
//! season, a weekday or a month factor, and a level from the whole history, its recent part, or all
//! of it with old periods fading.
//! Each is fitted to the history less its last weeks; the one under which those weeks were most
//! likely is fitted again to everything. So a model is chosen by what it says of demand it has
//! not seen, spread and tail included, not by how well it remembers.

use crate::calendar::{Calendar, Length};
use crate::demand::{CATALOGUE, Cell, Demand, Sample};
use crate::history::{History, Series};
use crate::outliers::outliers;
use crate::table::Scenarios;

mod censored;
mod season;

use censored::{Filled, filled, log_survival};
pub use season::Season;
use season::factors;

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
        self.seasons(history, periods).into_iter().map(|s| means[usize::from(s)]).collect()
    }

    /// The season of each of the `periods` that follow the history; one if there are none.
    fn seasons(&self, history: &History, periods: usize) -> Vec<u8> {
        let season = |ahead| self.season.of(&history.calendar, history.periods + ahead) as u8;
        match self.season {
            Season::None => vec![0],
            _ => (0..periods).map(season).collect(),
        }
    }

    /// Probabilities of a period's demand of 0, 1, 2 and so on counts, if there is no season; `None`
    /// if there is one, or demand is spread over too many values.
    pub fn probabilities(&self) -> Option<Vec<f64>> {
        if self.season != Season::None {
            return None;
        }
        let masses = self.distribution.masses(1.0);
        let most = masses.values.last().copied().unwrap_or(0.0);
        let whole = masses.values.iter().all(|value| value.fract() == 0.0 && *value >= 0.0);
        if !whole || most > 100_000.0 {
            return None;
        }
        let mut probabilities = vec![0.0; most as usize + 1];
        let total: f64 = masses.weights.iter().sum();
        for (value, weight) in masses.values.iter().zip(&masses.weights) {
            probabilities[*value as usize] += weight / total;
        }
        Some(probabilities)
    }

    /// Scenarios in which every period is as one with factor 1: the level without its seasons.
    pub fn level(&self, seed: u64, item: &str) -> Scenarios {
        Scenarios::new(seed, item, &[self.distribution.masses(1.0)], vec![0])
    }

    /// Scenarios of the `periods` that follow the history, in counts.
    pub fn scenarios(&self, seed: u64, item: &str, history: &History, periods: usize) -> Scenarios {
        let masses: Vec<_> =
            self.factors.iter().map(|&factor| self.distribution.masses(factor)).collect();
        Scenarios::new(seed, item, &masses, self.seasons(history, periods))
    }
}

/// An observed period.
#[derive(Clone, Copy)]
struct Observation {
    period: usize,
    count: f64,
}

/// The model of `series` that its last periods were most likely under.
///
/// # Panics
///
/// Never: Poisson fits every sample.
pub fn fit(series: &Series, history: &History, options: FitOptions) -> DemandModel {
    let quantum = quantum(&series.units);
    let observation = |i: usize| Observation {
        period: series.first + i,
        count: (series.units[i] / quantum).round(),
    };
    let all = 0..series.units.len();
    let exact: Vec<Observation> =
        all.clone().filter(|&i| series.observed[i]).map(observation).collect();
    // That nothing was sold when there was nothing says nothing.
    let least: Vec<Observation> = all
        .filter(|&i| series.sold_out[i])
        .map(observation)
        .filter(|observation| observation.count > 0.0)
        .collect();
    let sales = Sales { exact: &exact, least: &least };
    let calendar = &history.calendar;

    let held_out = options.held_out(series);
    let (training, test) = sales.split(history.periods - held_out);
    let sold = training.exact.iter().any(|observation| observation.count > 0.0);
    let choice = if training.exact.len() >= FEW && sold && !test.exact.is_empty() {
        best(training, test, calendar, options)
    } else {
        // Too little to compare on: the plain level, and extra spread if it shows.
        Choice { family: place("negative-binomial"), season: Season::None, level: Level::Whole }
    };
    // All of the history may rule out what a part of it spoke for: the recent level then, or
    // Poisson, with the season that was chosen. Poisson fits everything.
    let steady = match choice.level {
        Level::Fading => Choice { level: Level::Recent, ..choice },
        Level::Whole | Level::Recent => choice,
    };
    let Fitted { family, level, factors, distribution } = choice
        .fit(sales, calendar, options, STEPS)
        .or_else(|| steady.fit(sales, calendar, options, STEPS))
        .or_else(|| {
            Choice { family: place("poisson"), ..steady }.fit(sales, calendar, options, STEPS)
        })
        .expect("Poisson fits every sample");
    let season = choice.season;
    let weights = season.weights(&exact, calendar);
    DemandModel { family, season, level, factors, weights, distribution, quantum }
}

/// What was sold in periods that say how much was demanded, and in those that say at least how
/// much.
#[derive(Clone, Copy)]
struct Sales<'a> {
    exact: &'a [Observation],
    least: &'a [Observation],
}

impl<'a> Sales<'a> {
    /// What was sold before `period`, and from it on.
    fn split(self, period: usize) -> (Sales<'a>, Sales<'a>) {
        let at = |all: &'a [Observation]| all.split_at(all.partition_point(|o| o.period < period));
        let ((before, after), (least_before, least_after)) = (at(self.exact), at(self.least));
        (Sales { exact: before, least: least_before }, Sales { exact: after, least: least_after })
    }

    /// Whether enough was sold of late for a level that forgets.
    fn speak_of_late(self, options: FitOptions) -> bool {
        let Some(last) = self.exact.last() else { return false };
        let late = (LATE * options.half_life_periods).ceil() as usize;
        let late = self.split((last.period + 1).saturating_sub(late)).1.exact;
        late.iter().filter(|observation| observation.count > 0.0).count() >= FEW / 2
    }

    /// What a level is taken from.
    fn level_part(self, level: Level, options: FitOptions) -> Sales<'a> {
        let recent = level == Level::Recent;
        let Some(last) = self.exact.last().filter(|_| recent) else { return self };
        self.split((last.period + 1).saturating_sub(options.recent_periods)).1
    }
}

/// Place of the family called `name`.
fn place(name: &str) -> usize {
    CATALOGUE.iter().position(|family| family.name == name).expect("in the catalogue")
}

/// Fewest observations that models are compared on, and that say how high unseen demand was.
const FEW: usize = 16;

/// What a level is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// All periods, each as much as the others.
    Whole,
    /// The recent periods.
    Recent,
    /// All periods, older ones less: half as much for each half-life.
    Fading,
}

/// A candidate: which family, season and level.
#[derive(Clone, Copy)]
struct Choice {
    family: usize,
    season: Season,
    level: Level,
}

/// A fitted model.
struct Fitted {
    family: &'static str,
    level: Level,
    factors: Vec<f64>,
    distribution: Box<dyn Demand>,
}

/// Steps of expectation and maximisation at most; the share of demand that is not seen decides how
/// many it takes, and a fifth is much.
const STEPS: usize = 30;
/// The same while models are compared: what is left to gain is less than what tells them apart.
const FEW_STEPS: usize = 2;
/// A step that changes the mean by less, relative to it, is the last.
const SETTLED: f64 = 1e-4;

impl Choice {
    /// The family's best fit.
    ///
    /// Where demand was at least what was sold, by expectation and maximisation: what it may have
    /// been under the model so far, by its probabilities, makes the sample of the next fit
    /// (Dempster, Laird & Rubin, *Maximum Likelihood from Incomplete Data via the EM Algorithm*,
    /// Journal of the Royal Statistical Society B 39 (1977) 1–38).
    fn fit(
        self,
        sales: Sales<'_>,
        calendar: &Calendar,
        options: FitOptions,
        steps: usize,
    ) -> Option<Fitted> {
        if self.level == Level::Fading && !sales.speak_of_late(options) {
            return None;
        }
        let sold: Vec<Filled> = sales.least.iter().map(Filled::sold).collect();
        let mut fitted = self.maximised(sales, &sold, calendar, options)?;
        // If all were lower bounds, no demand would be too high to be likely.
        if sales.least.is_empty() || sales.exact.len() < FEW.max(sales.least.len()) {
            return Some(fitted);
        }
        for _ in 0..steps {
            let mean = fitted.distribution.mean(1.0);
            let expected = filled(&fitted, self.season, sales.least, calendar);
            // A family may rule itself out by what the model itself expects.
            fitted = self.maximised(sales, &expected, calendar, options)?;
            if (fitted.distribution.mean(1.0) - mean).abs() <= SETTLED * mean {
                break;
            }
        }
        Some(fitted)
    }

    /// The family's best fit to what was observed, and to what is expected to have been demanded
    /// where it was not.
    fn maximised(
        self,
        sales: Sales<'_>,
        expected: &[Filled],
        calendar: &Calendar,
        options: FitOptions,
    ) -> Option<Fitted> {
        let means = expected.iter().map(Filled::mean);
        let all: Vec<Observation> = sales.exact.iter().copied().chain(means).collect();
        let factors = factors(self.season, &all, calendar);
        let level = sales.level_part(self.level, options);
        let last = sales.exact.last().map_or(0, |observation| observation.period);
        let weight = |period: usize| match self.level {
            Level::Whole | Level::Recent => 1.0,
            Level::Fading => {
                let age = last.saturating_sub(period) as f64 / options.half_life_periods;
                libm::exp2(-age)
            }
        };
        let mut cells = match self.level {
            Level::Whole | Level::Recent => cells(level.exact, self.season, &factors, calendar),
            Level::Fading => merged(faded(level.exact, self.season, &factors, calendar, weight)),
        };
        let from = level.least.first().map_or(usize::MAX, |observation| observation.period);
        for filled in expected.iter().filter(|filled| filled.period() >= from) {
            let factor = factors[self.season.of(calendar, filled.period())];
            filled.add_to(&mut cells, factor, weight(filled.period()));
        }
        if !expected.is_empty() {
            cells = merged(cells);
        }
        let family = &CATALOGUE[self.family];
        let distribution = (family.fit)(&Sample { cells: &cells })?;
        Some(Fitted { family: family.name, level: self.level, factors, distribution })
    }
}

/// The candidate under which `test` is most likely, fitted to `training`.
fn best(training: Sales<'_>, test: Sales<'_>, calendar: &Calendar, options: FitOptions) -> Choice {
    let mut best = Choice { family: 0, season: Season::None, level: Level::Whole };
    let mut highest = f64::NEG_INFINITY;
    let long = training.exact.len() >= 2 * options.recent_periods;
    for season in Season::candidates(calendar, training.exact.len()) {
        let levels = [Level::Whole, Level::Recent, Level::Fading];
        for level in levels.into_iter().take(if long { 3 } else { 1 }) {
            for family in 0..CATALOGUE.len() {
                let choice = Choice { family, season, level };
                let Some(fitted) = choice.fit(training, calendar, options, FEW_STEPS) else {
                    continue;
                };
                let Fitted { factors, distribution, .. } = &fitted;
                let truth = cells(test.exact, season, factors, calendar);
                let likelihood = Sample { cells: &truth }.log_likelihood(&**distribution)
                    + log_survival(&fitted, season, test.least, calendar);
                if likelihood > highest {
                    highest = likelihood;
                    best = choice;
                }
            }
        }
    }
    best
}

/// Equal observations, counted once: likelihoods cost what is distinct, not what is long.
fn cells(
    observations: &[Observation],
    season: Season,
    factors: &[f64],
    calendar: &Calendar,
) -> Vec<Cell> {
    let mut keys: Vec<(usize, f64)> = observations
        .iter()
        .map(|observation| (season.of(calendar, observation.period), observation.count))
        .collect();
    keys.sort_by(|left, right| left.0.cmp(&right.0).then(left.1.total_cmp(&right.1)));
    let runs = keys.chunk_by(|left, right| left == right);
    runs.map(|run| Cell { factor: factors[run[0].0], count: run[0].1, times: run.len() as f64 })
        .collect()
}

/// A cell for each observation, with its weight.
fn faded(
    observations: &[Observation],
    season: Season,
    factors: &[f64],
    calendar: &Calendar,
    weight: impl Fn(usize) -> f64,
) -> Vec<Cell> {
    let cell = |observation: &Observation| Cell {
        factor: factors[season.of(calendar, observation.period)],
        count: observation.count,
        times: weight(observation.period),
    };
    observations.iter().map(cell).collect()
}

/// The same with equal cells taken together.
fn merged(mut cells: Vec<Cell>) -> Vec<Cell> {
    let equal =
        |left: &Cell, right: &Cell| left.factor == right.factor && left.count == right.count;
    cells.sort_by(|left, right| {
        left.factor.total_cmp(&right.factor).then(left.count.total_cmp(&right.count))
    });
    cells.dedup_by(|next, kept| {
        let same = equal(next, kept);
        if same {
            kept.times += next.times;
        }
        same
    });
    cells
}

/// The item's smallest unit of sale \[units\]: one, or a tenth, hundredth or thousandth if
/// fractions were sold; tens and more where whole units would be needlessly fine.
fn quantum(units: &[f64]) -> f64 {
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

/// What the user should know about an item's history, in words; empty if nothing.
pub fn note(series: &Series, calendar: &Calendar) -> String {
    let seen: Vec<f64> = series
        .units
        .iter()
        .zip(&series.observed)
        .filter_map(|(&units, &observed)| observed.then_some(units))
        .collect();
    let Some(last_sale) = seen.iter().rposition(|&units| units > 0.0) else {
        let periods = seen.len();
        return format!(
            "never sold in {periods} observed periods; half a unit in that time is assumed"
        );
    };
    let mut notes = Vec::new();
    let held_out = FitOptions::of(calendar).held_out(series);
    let training = &series.observed[..series.units.len() - held_out];
    if training.iter().filter(|&&observed| observed).count() < FEW {
        let periods = seen.len();
        notes
            .push(format!("short history of {periods} observed periods; models were not compared"));
    }
    let idle = seen.len() - 1 - last_sale;
    if idle as f64 > calendar.periods_per_year() / 4.0 {
        notes.push(format!("not sold in the last {idle} periods; discontinued?"));
    }
    if let Some(note) = far_above(series, calendar) {
        notes.push(note);
    }
    let said = (0..series.units.len())
        .filter(|&i| series.observed[i] || (series.sold_out[i] && series.units[i] > 0.0));
    let unobserved = series.units.len() - said.count();
    if 4 * unobserved > series.units.len() {
        let share = 100 * unobserved / series.units.len();
        notes.push(format!("{share} % of its periods say nothing of demand (no stock or no row)"));
    }
    notes.join("; ")
}

/// What is said of sales far above the usual.
fn far_above(series: &Series, calendar: &Calendar) -> Option<String> {
    let found = outliers(series, calendar);
    let largest = found.iter().max_by(|l, r| l.units.total_cmp(&r.units))?;
    let date = calendar.start_of(series.first + largest.place);
    let others = match found.len() - 1 {
        0 => String::new(),
        others => format!(", and {others} more"),
    };
    let (units, most) = (largest.units, largest.most);
    Some(format!(
        "sales far above the usual: {units} on {date}, where {most} would be much{others}"
    ))
}

#[cfg(test)]
mod tests;
