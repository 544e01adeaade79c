//! What a forecast is judged by.

/// A loss: how far what was foreseen lay from what came.
///
/// All are proper (Gneiting & Raftery, *Strictly Proper Scoring Rules, Prediction, and Estimation*,
/// JASA 102 (2007) 359–378): who states what he believes does best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Criterion {
    /// Continuous ranked probability score: the whole distribution.
    Crps,
    /// Pinball loss at a level: one quantile; at the critical ratio, the cost of stock that covers
    /// it.
    Pinball(f64),
    /// Squared error of the mean.
    SquaredError,
}

impl Criterion {
    /// The loss of sorted `paths`, each as probable, if `sold` came.
    pub fn loss(self, paths: &[f64], sold: f64) -> f64 {
        match self {
            Criterion::Crps => crps(paths, sold),
            Criterion::Pinball(level) => pinball(quantile(paths, level), level, sold),
            Criterion::SquaredError => {
                let error = paths.iter().sum::<f64>() / paths.len() as f64 - sold;
                error * error
            }
        }
    }

    /// What a loss is measured by, if `deviation` is the standard deviation of demand.
    pub fn scale(self, deviation: f64) -> f64 {
        match self {
            Criterion::Crps | Criterion::Pinball(_) => deviation,
            Criterion::SquaredError => deviation * deviation,
        }
    }
}

/// The least of sorted `paths` that a share of `level` does not exceed.
pub fn quantile(paths: &[f64], level: f64) -> f64 {
    let place = (level * paths.len() as f64).ceil() as usize;
    paths[place.clamp(1, paths.len()) - 1]
}

/// Pinball loss of a quantile of `level`, if `sold` came.
pub fn pinball(quantile: f64, level: f64, sold: f64) -> f64 {
    let short = sold - quantile;
    if short > 0.0 { level * short } else { (level - 1.0) * short }
}

/// Continuous ranked probability score of sorted `paths`, each as probable, `E|X − y| − ½ E|X − X'|`.
pub fn crps(paths: &[f64], sold: f64) -> f64 {
    let count = paths.len() as f64;
    let away: f64 = paths.iter().map(|path| (path - sold).abs()).sum();
    let weighted = paths.iter().enumerate().map(|(i, path)| (2.0 * i as f64 + 1.0 - count) * path);
    away / count - weighted.sum::<f64>() / (count * count)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By its definition: the integral of the squared distance between distribution and truth.
    #[test]
    fn the_score_is_the_integral_of_its_definition() {
        let paths = [0.0, 1.0, 1.0, 4.0, 7.0];
        for sold in [-2.0, 0.0, 0.5, 1.0, 3.0, 9.0] {
            let step = 1e-3;
            let integral: f64 = (-5_000..15_000)
                .map(|at| (f64::from(at) + 0.5) * step)
                .map(|x| {
                    let below = paths.iter().filter(|path| **path <= x).count() as f64 / 5.0;
                    let there = if sold <= x { 1.0 } else { 0.0 };
                    (below - there).powi(2) * step
                })
                .sum();
            assert!((crps(&paths, sold) - integral).abs() < 1e-6, "{sold}");
        }
    }

    /// Twice the pinball loss, averaged over all levels, is the continuous ranked probability score.
    #[test]
    fn pinball_losses_add_up_to_the_score() {
        let paths = [0.0, 1.0, 1.0, 4.0, 7.0];
        const LEVELS: usize = 100_000;
        for sold in [0.0, 3.0, 9.0] {
            let levels = (0..LEVELS).map(|at| (at as f64 + 0.5) / LEVELS as f64);
            let loss = |level| Criterion::Pinball(level).loss(&paths, sold);
            let sum = levels.map(loss).sum::<f64>() / LEVELS as f64;
            assert!((2.0 * sum - crps(&paths, sold)).abs() < 1e-4, "{sold}");
        }
    }
}
