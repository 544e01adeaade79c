//! Seasonal factors: how demand on a weekday, or in a month, compares with the average.

use super::Observation;
use crate::calendar::{Calendar, Length};

/// What a seasonal factor follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// Nothing: every period is alike.
    None,
    /// The day of the week.
    Weekday,
    /// The month of the year.
    Month,
}

impl Season {
    /// The seasons worth trying on a history of so many observed periods.
    pub(super) fn candidates(calendar: &Calendar, observed: usize) -> Vec<Season> {
        let mut seasons = vec![Season::None];
        if calendar.length() == Length::Day && observed >= 28 {
            seasons.push(Season::Weekday);
        }
        // A month must have been seen twice before it is called a season.
        if observed as f64 >= 1.9 * calendar.periods_per_year() {
            seasons.push(Season::Month);
        }
        seasons
    }

    /// The season of `period`, from 0.
    pub fn of(self, calendar: &Calendar, period: usize) -> usize {
        match self {
            Season::None => 0,
            Season::Weekday => calendar.weekday_of(period).unwrap_or(0),
            Season::Month => calendar.month_of(period),
        }
    }

    fn count(self) -> usize {
        match self {
            Season::None => 1,
            Season::Weekday => 7,
            Season::Month => 12,
        }
    }
}

impl Season {
    /// Share of the observed periods that lie in each season.
    pub(super) fn weights(self, observations: &[Observation], calendar: &Calendar) -> Vec<f64> {
        let mut periods = vec![0.0; self.count()];
        for observation in observations {
            periods[self.of(calendar, observation.period)] += 1.0;
        }
        let count = observations.len() as f64;
        match observations.is_empty() {
            true => vec![1.0 / self.count() as f64; self.count()],
            false => periods.into_iter().map(|periods| periods / count).collect(),
        }
    }
}

/// Factor of each season, shrunk towards 1 by how noisy it is.
///
/// The posterior mean under a prior with mean 1 and standard deviation [`PRIOR`]: a season seen
/// `n` times has the sampling variance `cv²/n`, so the prior weighs as `cv²/PRIOR²` periods
/// (Efron & Morris, *Stein's Estimation Rule and Its Competitors*, JASA 68 (1973)).
pub(super) fn factors(
    season: Season,
    observations: &[Observation],
    calendar: &Calendar,
) -> Vec<f64> {
    let mut units = vec![0.0; season.count()];
    let mut periods = vec![0.0; season.count()];
    for observation in observations {
        let index = season.of(calendar, observation.period);
        units[index] += observation.count;
        periods[index] += 1.0;
    }
    let count = observations.len() as f64;
    let mean = units.iter().sum::<f64>() / count.max(1.0);
    if season == Season::None || mean == 0.0 {
        return vec![1.0; season.count()];
    }
    let spread: f64 = observations.iter().map(|o| (o.count - mean) * (o.count - mean)).sum();
    let weight = (spread / count / (mean * mean) / (PRIOR * PRIOR)).max(1.0);
    units.iter().zip(periods).map(|(u, n)| (u / mean + weight) / (n + weight)).collect()
}

/// Standard deviation of factors between seasons that is expected before looking.
const PRIOR: f64 = 0.3;
