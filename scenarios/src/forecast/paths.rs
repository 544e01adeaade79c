//! Demand of the periods that come, in many paths.

use super::calibration::Calibration;
use super::criterion::quantile;
use super::{Forecast, Past};
use crate::random::Random;
use crate::stream::Streams;

/// Paths of demand, each as probable, in order of their totals.
pub struct Paths {
    length: usize,
    /// Path after path \[counts\].
    demand: Vec<f64>,
    totals: Vec<f64>,
}

impl Paths {
    /// `count` paths of what `forecast` foresees of the `length` periods that follow `past`.
    pub fn drawn(
        forecast: &dyn Forecast,
        past: &Past<'_>,
        streams: Streams,
        length: usize,
        count: usize,
    ) -> Paths {
        let mut drawn: Vec<(f64, Vec<f64>)> = (0..count)
            .map(|number| {
                let mut path = vec![0.0; length];
                let scenario = (past.periods() * count + number) as u32;
                forecast.path(past.frame, &mut Random::new(streams, scenario), &mut path);
                (path.iter().sum(), path)
            })
            .collect();
        drawn.sort_by(|left, right| left.0.total_cmp(&right.0));
        let totals = drawn.iter().map(|(total, _)| *total).collect();
        Paths { length, demand: drawn.into_iter().flat_map(|(_, path)| path).collect(), totals }
    }

    /// The same with totals as they should have been: each path is stretched to its own.
    #[must_use]
    pub fn calibrated(mut self, calibration: &Calibration, streams: Streams) -> Paths {
        let totals = calibration.applied(&self.totals);
        let paths = self.demand.chunks_mut(self.length);
        for (number, (path, (total, is))) in paths.zip(totals.iter().zip(&self.totals)).enumerate()
        {
            if total == is {
                continue;
            }
            // What is left over by rounding goes where rounding puts it: running sums are rounded.
            let even = *is <= 0.0;
            let mut random = Random::new(streams, u32::MAX - number as u32);
            let shift = random.uniform();
            let (mut upto, mut given) = (0.0, 0.0);
            for demand in path.iter_mut() {
                upto += if even { total / self.length as f64 } else { *demand * total / is };
                let sum = (upto + shift).floor().min(*total);
                *demand = sum - given;
                given = sum;
            }
            // The last period takes what the shift left.
            if let Some(last) = path.last_mut() {
                *last += total - given;
            }
        }
        self.totals = totals;
        self
    }

    /// Totals, in order \[counts\].
    pub fn totals(&self) -> &[f64] {
        &self.totals
    }

    /// Demand of the period `ahead` in each path \[counts/period\].
    pub fn unsorted(&self, ahead: usize) -> Vec<f64> {
        self.demand.chunks(self.length).map(|path| path[ahead]).collect()
    }

    /// Demand of the period `ahead`, in order \[counts/period\].
    pub fn period(&self, ahead: usize) -> Vec<f64> {
        let mut demand = self.unsorted(ahead);
        demand.sort_by(f64::total_cmp);
        demand
    }

    /// Mean demand of the period `ahead` \[counts/period\].
    pub fn mean(&self, ahead: usize) -> f64 {
        let paths = self.demand.chunks(self.length);
        paths.map(|path| path[ahead]).sum::<f64>() / self.totals.len() as f64
    }

    /// Quantiles of the demand of the period `ahead` \[counts/period\].
    pub fn quantiles(&self, ahead: usize, levels: &[f64]) -> Vec<f64> {
        let demand = self.period(ahead);
        levels.iter().map(|level| quantile(&demand, *level)).collect()
    }

    /// A quantile of the totals \[counts\].
    pub fn total(&self, level: f64) -> f64 {
        quantile(&self.totals, level)
    }
}
