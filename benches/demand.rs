//! Simulated demand, for benches of forecasts and tests against other programs.

use scenarios::forecast::ets::Series;
use scenarios::{Purpose, Random, Streams};

/// What demand is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A level that wanders.
    Level,
    /// A level that rises or falls.
    Trend,
    /// A season by factors, and a level that wanders.
    Season,
    /// Mostly none.
    Intermittent,
}

/// Demand of `periods` periods of a cycle of `places`: series `number` of its shape.
pub fn demand(shape: Shape, places: usize, periods: usize, number: u32) -> Vec<f64> {
    let streams = Streams::new(11, Purpose::Forecast, places as u32, &format!("{shape:?}"));
    let mut random = Random::new(streams, number);
    let seasons: Vec<f64> = (0..places).map(|_| random.gamma(12.0)).collect();
    let drift = match shape {
        Shape::Trend => 1.2 * (random.uniform() - 0.4) / periods as f64,
        _ => 0.0,
    };
    let mut level = 40.0 + 80.0 * random.uniform();
    (0..periods)
        .map(|period| {
            level *= 1.0 + 0.03 * random.normal();
            level = level.max(5.0);
            let trend = 1.0 + drift * period as f64;
            match shape {
                Shape::Level | Shape::Trend => (level * trend * random.gamma(30.0)).ceil(),
                Shape::Season => (level * seasons[period % places] * random.gamma(30.0)).ceil(),
                Shape::Intermittent if random.uniform() < 0.7 => 0.0,
                Shape::Intermittent => (5.0 * random.gamma(1.5)).ceil(),
            }
        })
        .collect()
}

/// It as exponential smoothing takes it: all seen, and each cycle whole.
pub fn series(demand: &[f64], places: usize) -> Series {
    let of: Vec<u8> = (0..demand.len()).map(|period| (period % places) as u8).collect();
    Series::new(demand, &of, &vec![true; demand.len()], places)
}
