//! Candidates, how each is fitted, and which is chosen.

use super::censored::{Filled, filled, log_survival};
use super::season::factors;
use super::{FEW, FitOptions, LATE, Observation, Season};
use crate::calendar::Calendar;
use crate::demand::{CATALOGUE, Cell, Demand, Sample};

/// What was sold in periods that say how much was demanded, and in those that say at least how
/// much.
#[derive(Clone, Copy)]
pub(super) struct Sales<'a> {
    pub(super) exact: &'a [Observation],
    pub(super) least: &'a [Observation],
}

impl<'a> Sales<'a> {
    /// What was sold before `period`, and from it on.
    pub(super) fn split(self, period: usize) -> (Sales<'a>, Sales<'a>) {
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
pub(super) fn place(name: &str) -> usize {
    CATALOGUE.iter().position(|family| family.name == name).expect("in the catalogue")
}

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    pub(super) family: usize,
    pub(super) season: Season,
    pub(super) level: Level,
}

/// A fitted model.
pub(super) struct Fitted {
    pub(super) family: &'static str,
    pub(super) level: Level,
    pub(super) factors: Vec<f64>,
    pub(super) distribution: Box<dyn Demand>,
}

/// Steps of expectation and maximisation at most; the share of demand that is not seen decides how
/// many it takes, and a fifth is much.
pub(super) const STEPS: usize = 30;
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
    pub(super) fn fitted(
        self,
        sales: Sales<'_>,
        calendar: &Calendar,
        options: FitOptions,
        steps: usize,
    ) -> Option<Fitted> {
        let sold = Counted::sold(self.season, self.level, sales, calendar, options)?;
        self.fit_from(&sold, sales, calendar, options, steps)
    }

    /// The same, with what was sold counted already.
    fn fit_from(
        self,
        sold: &Counted,
        sales: Sales<'_>,
        calendar: &Calendar,
        options: FitOptions,
        steps: usize,
    ) -> Option<Fitted> {
        let mut fitted = self.maximised(sold)?;
        // If all were lower bounds, no demand would be too high to be likely.
        if sales.least.is_empty() || sales.exact.len() < FEW.max(sales.least.len()) {
            return Some(fitted);
        }
        for _ in 0..steps {
            let mean = fitted.distribution.mean(1.0);
            let expected = filled(&fitted, self.season, sales.least, calendar);
            let expected =
                Counted::of(self.season, self.level, sales, &expected, calendar, options);
            // A family may rule itself out by what the model itself expects.
            fitted = self.maximised(&expected)?;
            if (fitted.distribution.mean(1.0) - mean).abs() <= SETTLED * mean {
                break;
            }
        }
        Some(fitted)
    }

    /// The family's best fit to a sample.
    fn maximised(self, sample: &Counted) -> Option<Fitted> {
        let family = &CATALOGUE[self.family];
        let distribution = (family.fit)(&Sample { cells: &sample.cells })?;
        let factors = sample.factors.clone();
        Some(Fitted { family: family.name, level: self.level, factors, distribution })
    }
}

/// A sample, and the seasonal factors of its cells.
struct Counted {
    factors: Vec<f64>,
    cells: Vec<Cell>,
}

impl Counted {
    /// What was observed, and what was sold where demand was at least that; `None` if it does not
    /// speak of the level that is asked for.
    fn sold(
        season: Season,
        level: Level,
        sales: Sales<'_>,
        calendar: &Calendar,
        options: FitOptions,
    ) -> Option<Counted> {
        if level == Level::Fading && !sales.speak_of_late(options) {
            return None;
        }
        let sold: Vec<Filled> = sales.least.iter().map(Filled::sold).collect();
        Some(Counted::of(season, level, sales, &sold, calendar, options))
    }

    /// What was observed, and what is expected to have been demanded where it was not.
    fn of(
        season: Season,
        level: Level,
        sales: Sales<'_>,
        expected: &[Filled],
        calendar: &Calendar,
        options: FitOptions,
    ) -> Counted {
        let means = expected.iter().map(Filled::mean);
        let all: Vec<Observation> = sales.exact.iter().copied().chain(means).collect();
        let factors = factors(season, &all, calendar);
        let part = sales.level_part(level, options);
        let last = sales.exact.last().map_or(0, |observation| observation.period);
        let weight = |period: usize| match level {
            Level::Whole | Level::Recent => 1.0,
            Level::Fading => {
                let age = last.saturating_sub(period) as f64 / options.half_life_periods;
                libm::exp2(-age)
            }
        };
        let mut cells = match level {
            Level::Whole | Level::Recent => cells(part.exact, season, &factors, calendar),
            Level::Fading => merged(faded(part.exact, season, &factors, calendar, weight)),
        };
        let from = part.least.first().map_or(usize::MAX, |observation| observation.period);
        for filled in expected.iter().filter(|filled| filled.period() >= from) {
            let factor = factors[season.of(calendar, filled.period())];
            filled.add_to(&mut cells, factor, weight(filled.period()));
        }
        if !expected.is_empty() {
            cells = merged(cells);
        }
        Counted { factors, cells }
    }
}

/// The candidate under which `test` is most likely, fitted to `training`.
pub(super) fn best(
    training: Sales<'_>,
    test: Sales<'_>,
    calendar: &Calendar,
    options: FitOptions,
) -> Choice {
    let mut best = Choice { family: 0, season: Season::None, level: Level::Whole };
    let mut highest = f64::NEG_INFINITY;
    let long = training.exact.len() >= 2 * options.recent_periods;
    for season in Season::candidates(calendar, training.exact.len()) {
        let truth = |factors: &[f64]| cells(test.exact, season, factors, calendar);
        let levels = [Level::Whole, Level::Recent, Level::Fading];
        for level in levels.into_iter().take(if long { 3 } else { 1 }) {
            let Some(sold) = Counted::sold(season, level, training, calendar, options) else {
                continue;
            };
            // Where all demand was seen, every family has the factors of what was sold.
            let shared = training.least.is_empty().then(|| truth(&sold.factors));
            for family in 0..CATALOGUE.len() {
                let choice = Choice { family, season, level };
                let fitted = choice.fit_from(&sold, training, calendar, options, FEW_STEPS);
                let Some(fitted) = fitted else { continue };
                let own = shared.is_none().then(|| truth(&fitted.factors));
                let cells = own.as_ref().or(shared.as_ref()).expect("the one or the other");
                let likelihood = Sample { cells }.log_likelihood(&*fitted.distribution)
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

/// Equal observations, counted once.
fn cells(
    observations: &[Observation],
    season: Season,
    factors: &[f64],
    calendar: &Calendar,
) -> Vec<Cell> {
    let of =
        |observation: &Observation| (season.of(calendar, observation.period), observation.count);
    let observations: Vec<(usize, f64)> = observations.iter().map(of).collect();
    crate::demand::cells(&observations, factors)
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
