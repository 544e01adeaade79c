//! Distributions corrected by how often they were right.

use engine::normal_quantile;

use super::criterion::quantile;
use crate::special::normal_cdf;

/// Levels that a calibration is known at; between and beyond them it is linear in normal scores.
const KNOTS: [f64; 15] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.975, 0.99, 0.995];
/// Place of the median among them.
const MIDDLE: usize = 7;
/// Beyond this level a distribution that is known by its paths is continued by its width.
const TAIL: f64 = 0.99;
/// The largest normal score that counts.
const MOST: f64 = 5.0;

/// Where `sold` lay in the distribution of sorted `paths`, as a standard normal number; `uniform`
/// says where between equal paths.
///
/// Within the distribution it is the normal quantile of the probability integral transform (Smith,
/// *Diagnostic Checks of Non-standard Time Series Models*, Journal of Forecasting 4 (1985) 283–291);
/// beyond its 99 % quantile, how many times as far from the median as that.
pub fn normal_score(paths: &[f64], sold: f64, uniform: f64) -> f64 {
    let tails = Tails::of(paths);
    if sold > tails.high {
        return (tails.end * (sold - tails.median) / tails.above).min(MOST);
    }
    if sold < tails.low {
        return (tails.end * (sold - tails.median) / tails.below).max(-MOST);
    }
    let count = paths.len() as f64;
    let below = paths.partition_point(|path| *path < sold) as f64;
    let upto = paths.partition_point(|path| *path <= sold) as f64;
    let share =
        (below + uniform * (upto - below) + 0.5 * f64::from(u8::from(upto == below))) / count;
    normal_quantile(share.clamp(1.0 - TAIL, TAIL))
}

/// The ends of a distribution, and how it goes on beyond them.
struct Tails {
    median: f64,
    low: f64,
    high: f64,
    below: f64,
    above: f64,
    /// The normal score of the ends.
    end: f64,
}

impl Tails {
    fn of(paths: &[f64]) -> Tails {
        let median = quantile(paths, 0.5);
        let (low, high) = (quantile(paths, 1.0 - TAIL), quantile(paths, TAIL));
        let width = |end: f64| (end - median).abs().max(1.0);
        let end = normal_quantile(TAIL);
        Tails { median, low, high, below: width(low), above: width(high), end }
    }
}

/// A map from the levels that models state to those that came true.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The normal score that stands for each of the knots.
    scores: [f64; KNOTS.len()],
}

/// Scores below which a group says too little.
const FEW: usize = 40;

/// The least spread that all stretches of time together leave possible, at most that of models: the
/// mean of their mean absolute scores and two standard errors of it, in those of a normal number.
fn least_spread(scores: &[(usize, f64)]) -> f64 {
    /// Mean absolute value of a standard normal number, `√(2/π)`.
    const NORMAL: f64 = 0.797_884_560_802_865_4;
    let last = scores.iter().map(|(stretch, _)| *stretch).max().unwrap_or(0);
    let (mut spreads, mut all) = (vec![0.0; last + 1], vec![0.0; last + 1]);
    for (stretch, score) in scores {
        spreads[*stretch] += score.abs() / NORMAL;
        all[*stretch] += 1.0;
    }
    let means = spreads.iter().zip(&all).filter(|(_, all)| **all > 0.0).map(|(s, all)| s / all);
    let means: Vec<f64> = means.collect();
    let count = means.len() as f64;
    if means.len() < 2 {
        return 1.0;
    }
    let mean = means.iter().sum::<f64>() / count;
    let squares: f64 = means.iter().map(|spread| (spread - mean) * (spread - mean)).sum();
    (mean + 2.0 * (squares / (count - 1.0) / count).sqrt()).min(1.0)
}

/// The middle of the scores, as far as stretches of time agree on it: the mean of their medians,
/// shrunk by how they differ (James & Stein (1961), the positive part).
fn agreed(scores: &[(usize, f64)]) -> f64 {
    let last = scores.iter().map(|(stretch, _)| *stretch).max().unwrap_or(0);
    let medians: Vec<f64> = (0..=last)
        .filter_map(|stretch| {
            let own = scores.iter().filter(|(of, _)| *of == stretch).map(|(_, score)| *score);
            let mut own: Vec<f64> = own.collect();
            own.sort_by(f64::total_cmp);
            own.get(own.len() / 2).copied()
        })
        .collect();
    let count = medians.len() as f64;
    if medians.len() < 2 {
        return 0.0;
    }
    let mean = medians.iter().sum::<f64>() / count;
    let squares: f64 = medians.iter().map(|median| (median - mean) * (median - mean)).sum();
    let error = squares / (count - 1.0) / count;
    // Four errors: as stretches that follow one another are alike, they say less than they seem to.
    mean * (1.0 - 4.0 * error / (mean * mean).max(1e-12)).max(0.0)
}

impl Calibration {
    /// No correction.
    pub fn none() -> Calibration {
        Calibration { scores: KNOTS.map(normal_quantile) }
    }

    /// The correction by the normal scores of windows in the past, each with the number of the
    /// stretch of time it lay in.
    ///
    /// Each level becomes its quantile of the scores, with the finite-sample correction of split
    /// conformal prediction, the `⌈(n + 1)τ⌉`-th smallest (Vovk, Gammerman & Shafer, *Algorithmic
    /// Learning in a Random World* (2005); for distributions Chernozhukov, Wüthrich & Zhu,
    /// *Distributional Conformal Prediction*, PNAS 118 (2021)). Levels that so few cannot tell go on
    /// as the last that can be told.
    ///
    /// What comes at the same time is not independent: a good month is good for many items. So the
    /// middle is moved, and the spread narrowed, only as far as stretches of time agree on it.
    pub fn of(scores: &[(usize, f64)]) -> Calibration {
        let mut calibration = Calibration::none();
        if scores.len() < FEW {
            return calibration;
        }
        let (middle, least) = (agreed(scores), least_spread(scores));
        let mut scores: Vec<f64> = scores.iter().map(|(_, score)| *score).collect();
        scores.sort_by(f64::total_cmp);
        let count = scores.len() as f64;
        let at = |rank: f64| {
            let place = (rank - 1.0).clamp(0.0, count - 1.0);
            let (left, share) = (place.floor(), place.fract());
            let right = scores[(left as usize + 1).min(scores.len() - 1)];
            scores[left as usize] * (1.0 - share) + right * share
        };
        let moved = middle - at(0.5 * (count + 1.0));
        for (score, level) in calibration.scores.iter_mut().zip(KNOTS) {
            let told = (level * (count + 1.0)).min((1.0 - level) * (count + 1.0)) >= 2.0;
            *score = if told { moved + at(level * (count + 1.0)) } else { f64::NAN };
        }
        calibration.continued();
        for (score, level) in calibration.scores.iter_mut().zip(KNOTS) {
            let normal = least * normal_quantile(level);
            let away = *score - middle;
            *score = middle + if level > 0.5 { away.max(normal) } else { away.min(normal) };
        }
        calibration
    }

    /// Ends that were not told: as far beyond the last that was as a normal distribution would be,
    /// by the ratio there.
    fn continued(&mut self) {
        let told = |score: &f64| !score.is_nan();
        let first = self.scores.iter().position(told).expect("the median is told");
        let last = self.scores.iter().rposition(told).expect("the median is told");
        let middle = self.scores[MIDDLE];
        for knot in (0..first).chain(last + 1..KNOTS.len()) {
            let end = if knot < first { first } else { last };
            let ratio = (self.scores[end] - middle) / normal_quantile(KNOTS[end]);
            self.scores[knot] = middle + normal_quantile(KNOTS[knot]) * ratio.max(0.5);
        }
    }

    /// The score that `score` stands for.
    fn corrected(&self, score: f64) -> f64 {
        let normal = KNOTS.map(normal_quantile);
        let right = normal.partition_point(|knot| *knot < score).clamp(1, KNOTS.len() - 1);
        let (left, share) =
            (right - 1, (score - normal[right - 1]) / (normal[right] - normal[right - 1]));
        self.scores[left] + share * (self.scores[right] - self.scores[left])
    }

    /// Sorted `paths` as they should have been, as many.
    pub fn applied(&self, paths: &[f64]) -> Vec<f64> {
        if *self == Calibration::none() {
            return paths.to_vec();
        }
        let tails = Tails::of(paths);
        let count = paths.len() as f64;
        let corrected = (0..paths.len()).map(|place| {
            let score = self.corrected(normal_quantile((place as f64 + 0.5) / count));
            let beyond = score.abs() > tails.end;
            let value = if beyond && score > 0.0 {
                tails.median.max(tails.high + (score / tails.end - 1.0) * tails.above)
            } else if beyond {
                tails.low + (score / tails.end + 1.0) * tails.below
            } else {
                let rank = normal_cdf(score) * count - 0.5;
                let left = rank.floor().clamp(0.0, count - 1.0);
                let right = (left + 1.0).min(count - 1.0);
                let share = (rank - left).clamp(0.0, 1.0);
                paths[left as usize] * (1.0 - share) + paths[right as usize] * share
            };
            value.max(0.0).round()
        });
        let mut corrected: Vec<f64> = corrected.collect();
        corrected.sort_by(f64::total_cmp);
        corrected
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::stream::{Purpose, Streams};

    fn random(number: u32) -> Random {
        Random::new(Streams::new(5, Purpose::Forecast, 0, "calibration"), number)
    }

    fn sorted(mut values: Vec<f64>) -> Vec<f64> {
        values.sort_by(f64::total_cmp);
        values
    }

    /// A model that states half the true spread, and one that states twice, are put right: new
    /// truths lie below each quantile as often as it says, within four standard errors.
    #[test]
    fn a_wrong_spread_is_put_right() {
        for stated in [0.5, 2.0] {
            let mut draw = random(1);
            let mut truth = |spread: f64| (1000.0 + spread * draw.normal()).round();
            let paths = sorted((0..512).map(|_| truth(100.0 * stated)).collect());
            let score = |number: usize| (number % 8, normal_score(&paths, truth(100.0), 0.5));
            let scores: Vec<(usize, f64)> = (0..2_000).map(score).collect();
            let corrected = Calibration::of(&scores).applied(&paths);
            const NEW: usize = 20_000;
            let new: Vec<f64> = (0..NEW).map(|_| truth(100.0)).collect();
            for level in [0.05, 0.5, 0.8, 0.9, 0.95, 0.99] {
                let most = quantile(&corrected, level);
                let below = new.iter().filter(|new| **new <= most).count() as f64 / NEW as f64;
                let variance = level * (1.0 - level);
                // What is learned from 2,000 windows, and from 512 paths.
                let error = (variance / 2_000.0 + variance / 512.0).sqrt();
                assert!((below - level).abs() < 4.0 * error, "{stated}: {below} below {level}");
            }
        }
    }

    /// A model that is right stays as it is, within four standard errors of a quantile.
    #[test]
    fn a_right_model_is_left_alone() {
        let mut draw = random(2);
        let mut truth = || draw.rounded(8.0 * draw.clone().gamma(1.5));
        let paths = sorted((0..512).map(|_| truth()).collect());
        let mut uniform = random(3);
        let score = |number: usize| (number % 8, normal_score(&paths, truth(), uniform.uniform()));
        let scores: Vec<(usize, f64)> = (0..5_000).map(score).collect();
        let corrected = Calibration::of(&scores).applied(&paths);
        for level in [0.1, 0.5, 0.9, 0.95] {
            let share = |paths: &[f64], most: f64| {
                paths.iter().filter(|path| **path <= most).count() as f64 / paths.len() as f64
            };
            let before = quantile(&paths, level);
            let (was, is) = (share(&paths, before), share(&corrected, before));
            let error = (2.0 * level * (1.0 - level) / 512.0_f64).sqrt();
            assert!((was - is).abs() < 4.0 * error, "{level}: {was} {is}");
        }
    }

    #[test]
    fn too_few_windows_correct_nothing() {
        assert_eq!(Calibration::of(&[(0, 3.0); FEW - 1]), Calibration::none());
        let paths: Vec<f64> = (0..512).map(f64::from).collect();
        assert_eq!(Calibration::none().applied(&paths), paths);
    }
}
