//! Level, trend and season as they are now.

use super::form::{Error, Form, MOST_PLACES, Parameters, Season, Trend};
use super::series::Series;
use crate::forecast::frame::At;
use crate::forecast::recursive::Recursion;
use crate::forecast::simple::lasting;

/// A form of exponential smoothing on its way through demand.
#[derive(Clone, Debug)]
pub struct State {
    form: Form,
    alpha: f64,
    beta: f64,
    gamma: f64,
    phi: f64,
    level: f64,
    trend: f64,
    seasons: [f64; MOST_PLACES],
    observed: f64,
    /// Levels beyond are not believed \[counts/period\].
    ceiling: f64,
}

/// How many times the largest demand of the past a level may become.
const BEYOND_THE_LARGEST: f64 = 3.0;

impl State {
    /// The state before the first period.
    ///
    /// Levels stay within `BEYOND_THE_LARGEST` times `largest`, the largest demand of the past: a
    /// trend does not go on for ever.
    pub fn new(form: Form, parameters: &Parameters, largest: f64) -> State {
        let mut seasons = [0.0; MOST_PLACES];
        for (season, first) in seasons.iter_mut().zip(&parameters.seasons) {
            *season = *first;
        }
        State {
            form,
            alpha: parameters.alpha,
            beta: parameters.beta,
            gamma: parameters.gamma,
            phi: parameters.phi,
            level: parameters.level,
            trend: parameters.trend,
            seasons,
            observed: 0.0,
            ceiling: BEYOND_THE_LARGEST * largest,
        }
    }

    /// Expected demand at a place in the cycle, be it negative.
    fn expected(&self, place: usize) -> f64 {
        let level = self.level + self.phi * self.trend;
        match self.form.season {
            Season::None => level,
            Season::Additive => level + self.seasons[place],
            Season::Multiplicative => level * self.seasons[place],
        }
    }

    /// Hyndman et al. (2008), tables 2.2 and 2.3: the states move alike with either error.
    fn learn(&mut self, place: usize, demand: f64) {
        let level = self.level + self.phi * self.trend;
        let error = demand - self.expected(place);
        let season = &mut self.seasons[place];
        let (of_level, of_season) = match self.form.season {
            Season::None => (error, 0.0),
            Season::Additive => (error, error),
            Season::Multiplicative => (error / *season, error / level),
        };
        *season += self.gamma * of_season;
        self.level = level + self.alpha * of_level;
        self.trend = self.phi * self.trend + self.beta * of_level;
    }

    fn go_on(&mut self) {
        self.level += self.phi * self.trend;
        self.trend *= self.phi;
    }

    /// Keeps the states where they make sense along paths, however long.
    fn confine(&mut self, place: usize) {
        let ceiling = self.ceiling;
        let multiplicative = self.form.season == Season::Multiplicative;
        let floor = if multiplicative { 1e-6 * ceiling } else { -ceiling };
        self.level = self.level.max(floor).min(ceiling);
        let (least, most) = (floor - self.level, ceiling - self.level);
        self.trend = self.trend.max(least).min(most);
        if multiplicative {
            self.seasons[place] = self.seasons[place].clamp(1e-3, MOST_PLACES as f64);
        }
    }
}

impl Recursion for State {
    fn mean(&self, at: At) -> f64 {
        self.expected(at.inner % MOST_PLACES).max(0.0)
    }

    fn observe(&mut self, at: At, demand: f64) {
        let place = at.inner % MOST_PLACES;
        self.learn(place, demand);
        self.confine(place);
        self.observed += 1.0;
    }

    fn pass(&mut self, at: At) {
        self.go_on();
        self.confine(at.inner % MOST_PLACES);
    }

    /// The end of a line through demand is four times as uncertain as the mean.
    fn periods_averaged(&self) -> f64 {
        let averaged = lasting(self.alpha, self.observed);
        if self.form.trend == Trend::Additive { averaged / 4.0 } else { averaged }
    }
}

/// Logarithm of the likelihood of `series`, concentrated: `-½ n log Σε² - Σ log |μ|`, the latter if
/// errors are multiplicative, without the constant that all forms share (Hyndman et al. 2008,
/// equation 5.3).
///
/// Plain and slow; `local` has its fast twin.
pub fn log_likelihood(form: Form, parameters: &Parameters, series: &Series) -> f64 {
    let mut state = State::new(form, parameters, f64::INFINITY);
    let (mut seen, mut squares, mut logarithms) = (0.0, 0.0, 0.0);
    for period in series.periods() {
        let place = usize::from(period.place);
        if !period.seen {
            state.go_on();
            continue;
        }
        let expected = state.expected(place);
        let mut error = period.demand - expected;
        if form.error == Error::Multiplicative {
            error /= expected;
            logarithms += libm::log(expected.abs());
        }
        squares += error * error;
        seen += 1.0;
        state.learn(place, period.demand);
    }
    -0.5 * seen * libm::log(squares) - logarithms
}
