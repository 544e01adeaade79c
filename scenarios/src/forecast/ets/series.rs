//! Demand as the fit reads it, and where the search for parameters starts.

use super::form::{Form, MOST_PLACES, Parameters, Season, Trend};
use crate::forecast::Past;

/// A period of a [`Series`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub(super) demand: f64,
    pub(super) place: u8,
    pub(super) seen: bool,
}

/// Demand, with the place of each period in the cycle.
#[derive(Clone, Debug)]
pub struct Series {
    periods: Vec<Period>,
    places: usize,
    seen: usize,
    positive: bool,
    largest: f64,
    /// Square root of the mean square \[counts/period\].
    scale: f64,
}

impl Series {
    /// `demand` as a series of the cycle `past` has, which may be adjusted demand.
    pub fn of(past: &Past<'_>, demand: &[f64]) -> Series {
        let places = &past.frame.inner.of;
        Series::new(demand, &places[..demand.len()], past.seen, past.frame.inner.places)
    }

    /// Demand of periods at `places` of a cycle that has `count` of them.
    pub fn new(demand: &[f64], places: &[u8], seen: &[bool], count: usize) -> Series {
        let periods = demand.iter().zip(places).zip(seen);
        let periods: Vec<Period> = periods
            .map(|((&demand, &place), &seen)| Period {
                demand,
                place: place % MOST_PLACES as u8,
                seen,
            })
            .collect();
        let known = || periods.iter().filter(|period| period.seen).map(|period| period.demand);
        let seen = known().count();
        let squares: f64 = known().map(|demand| demand * demand).sum();
        Series {
            places: count,
            seen,
            positive: known().all(|demand| demand > 0.0),
            largest: known().fold(0.0, f64::max),
            scale: (squares / seen.max(1) as f64).sqrt(),
            periods,
        }
    }

    pub(super) fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// Places in the cycle.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Periods whose demand was seen.
    pub fn seen(&self) -> usize {
        self.seen
    }

    /// Whether demand was positive whenever it was seen.
    pub fn positive(&self) -> bool {
        self.positive
    }

    /// Largest demand \[counts/period\].
    pub fn largest(&self) -> f64 {
        self.largest
    }

    pub(super) fn scale(&self) -> f64 {
        self.scale
    }

    fn known(&self) -> impl Iterator<Item = (f64, &Period)> + Clone {
        let periods = self.periods.iter().enumerate().filter(|(_, period)| period.seen);
        periods.map(|(number, period)| ((number + 1) as f64, period))
    }

    /// Intercept and slope of the line of least squares; its slope is 0 if `flat`.
    fn line(&self, flat: bool) -> (f64, f64) {
        let count = self.seen.max(1) as f64;
        let (time, demand) = self.known().fold((0.0, 0.0), |(time, demand), (number, period)| {
            (time + number, demand + period.demand)
        });
        let (time, demand) = (time / count, demand / count);
        let (mut with_demand, mut with_time) = (0.0, 0.0);
        for (number, period) in self.known() {
            with_demand += (number - time) * (period.demand - demand);
            with_time += (number - time) * (number - time);
        }
        let slope = if flat || with_time <= 0.0 { 0.0 } else { with_demand / with_time };
        (demand - slope * time, slope)
    }

    /// Mean deviation from the line, or ratio to it, of each place.
    fn seasons(&self, season: Season) -> Vec<f64> {
        let (level, slope) = self.line(false);
        let multiplicative = season == Season::Multiplicative;
        let (mut sums, mut counts) = (vec![0.0; self.places], vec![0.0; self.places]);
        for (number, period) in self.known() {
            let line = level + slope * number;
            let place = usize::from(period.place);
            let ratio = || period.demand / line.max(0.05 * self.scale).max(1e-9);
            sums[place] += if multiplicative { ratio() } else { period.demand - line };
            counts[place] += 1.0;
        }
        let neutral = if multiplicative { 1.0 } else { 0.0 };
        let mut seasons: Vec<f64> = (sums.iter().zip(&counts))
            .map(|(sum, count)| if *count > 0.0 { sum / count } else { neutral })
            .collect();
        let mean = |seasons: &[f64]| seasons.iter().sum::<f64>() / seasons.len() as f64;
        if multiplicative {
            seasons = seasons.into_iter().map(|season| season.max(0.02)).collect();
            let mean = mean(&seasons);
            seasons.into_iter().map(|season| season / mean).collect()
        } else {
            let mean = mean(&seasons);
            seasons.into_iter().map(|season| season - mean).collect()
        }
    }

    /// Where the search for the parameters of `form` may start, with a level that moves by `alpha`.
    ///
    /// The states are those of a straight line with seasons that do not change; the level of a
    /// form without trend starts with the mean of the first periods, if it moves at all.
    pub fn start(&self, form: Form, alpha: f64) -> Parameters {
        let (mut level, trend) = self.line(!form.trended());
        if !form.trended() && alpha > 0.001 {
            let opening = 10.max(2 * self.places).min(self.seen.max(1));
            let first = self.known().take(opening).map(|(_, period)| period.demand);
            let mean = first.sum::<f64>() / opening as f64;
            if mean > 0.0 {
                level = mean;
            }
        }
        let seasonal = form.seasonal();
        Parameters {
            alpha,
            beta: if form.trended() { 0.1 * alpha } else { 0.0 },
            gamma: if seasonal { 0.1 * (1.0 - alpha) } else { 0.0 },
            phi: if form.trend == Trend::Damped { 0.95 } else { 1.0 },
            level,
            trend,
            seasons: if seasonal { self.seasons(form.season) } else { Vec::new() },
        }
    }
}
