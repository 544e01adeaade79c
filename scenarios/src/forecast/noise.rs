//! How demand scatters around what is expected of it.

use crate::random::Random;

/// How demand scatters around its mean, learned from one-step forecasts of the past.
#[derive(Clone, Debug, PartialEq)]
pub enum Noise {
    /// Negative binomial with this size; Poisson if it is infinite.
    NegativeBinomial {
        /// Size `k` of the variance `μ + μ²/k`.
        size: f64,
    },
    /// As many times its mean as it was in a past period, each as probable.
    Ratios(Vec<f64>),
    /// As much above its mean as it was in a past period, each as probable \[counts/period\].
    Errors(Vec<f64>),
}

/// Forecasts that ratios take at least: fewer know too little of the tail.
const FEWEST: usize = 40;
/// Share of demand that errors may cut off below zero.
const CUT: f64 = 0.02;
/// Errors are paired with means so far apart, a prime number.
const STRIDE: usize = 101;
/// Sizes beyond are Poisson.
const LARGEST: f64 = 1e4;
/// A mean above which counts are drawn from the gamma distribution, rounded.
const MANY: f64 = 60.0;

impl Noise {
    /// The noise in `pairs` of an expected and an observed demand \[counts/period\].
    ///
    /// The size follows from the moments: `k = Σμ² / Σ((y − μ)² − μ)`.
    pub fn of(pairs: &[(f64, f64)]) -> Noise {
        if pairs.len() < FEWEST {
            return Noise::NegativeBinomial { size: size(pairs) };
        }
        let overall: f64 = pairs.iter().map(|(mean, _)| mean).sum::<f64>() / pairs.len() as f64;
        let ratio = |(mean, demand): &(f64, f64)| demand / mean.max(0.05 * overall).max(1e-9);
        let mut ratios: Vec<f64> = pairs.iter().map(ratio).collect();
        let mean = ratios.iter().sum::<f64>() / ratios.len() as f64;
        if mean > 0.0 {
            for ratio in &mut ratios {
                *ratio /= mean;
            }
            Noise::Ratios(ratios)
        } else {
            Noise::NegativeBinomial { size: LARGEST }
        }
    }

    /// The noise in `pairs` if it need not grow with the mean.
    ///
    /// Errors of a steady size are chosen if they explain demand better than [`Noise::of`] does, by
    /// the likelihood of normal numbers, and if demand hardly ever fell to zero: where it does, means
    /// of what is cut off at zero would be too large.
    pub fn of_errors(pairs: &[(f64, f64)]) -> Noise {
        if pairs.len() < FEWEST {
            return Noise::of(pairs);
        }
        let count = pairs.len() as f64;
        let overall = pairs.iter().map(|(mean, _)| mean).sum::<f64>() / count;
        let bias = pairs.iter().map(|(mean, demand)| demand - mean).sum::<f64>() / count;
        let errors: Vec<f64> = pairs.iter().map(|(mean, demand)| demand - mean - bias).collect();
        let (mut squares, mut of_ratios, mut logarithms, mut cut) = (0.0, 0.0, 0.0, 0.0);
        for (place, (error, (mean, _))) in errors.iter().zip(pairs).enumerate() {
            let mean = mean.max(0.05 * overall).max(1e-9);
            squares += error * error;
            of_ratios += error * error / (mean * mean);
            logarithms += libm::log(mean);
            // Another period's error, all of them in turn.
            cut += (-(mean + errors[(place * STRIDE + 1) % errors.len()])).max(0.0);
        }
        let steady = 0.5 * count * libm::log(squares / of_ratios) <= logarithms;
        if (steady || squares == 0.0) && cut <= CUT * count * overall {
            Noise::Errors(errors)
        } else {
            Noise::of(pairs)
        }
    }

    /// Variance of demand with mean `mean` \[counts²/period²\].
    pub fn variance(&self, mean: f64) -> f64 {
        match self {
            Noise::NegativeBinomial { size } => mean + mean * mean / size,
            Noise::Ratios(ratios) => {
                let squares: f64 = ratios.iter().map(|ratio| (ratio - 1.0) * (ratio - 1.0)).sum();
                mean * mean * squares / ratios.len() as f64
            }
            Noise::Errors(errors) => {
                errors.iter().map(|error| error * error).sum::<f64>() / errors.len() as f64
            }
        }
    }

    /// Demand with mean `mean`: a whole count \[counts/period\].
    pub fn draw(&self, mean: f64, random: &mut Random) -> f64 {
        if let Noise::Errors(errors) = self {
            let error = errors[random.below(errors.len())];
            return random.rounded((mean + error).max(0.0));
        }
        if mean <= 0.0 {
            return 0.0;
        }
        match self {
            Noise::Errors(_) => 0.0,
            Noise::NegativeBinomial { size } => negative_binomial(mean, *size, random),
            Noise::Ratios(ratios) => {
                let ratio = ratios[random.below(ratios.len())];
                random.rounded(mean * ratio)
            }
        }
    }
}

/// The size that gives forecasts the scatter they had.
fn size(pairs: &[(f64, f64)]) -> f64 {
    let squares: f64 = pairs.iter().map(|(mean, _)| mean * mean).sum();
    let excess: f64 =
        pairs.iter().map(|(mean, demand)| (demand - mean) * (demand - mean) - mean).sum();
    if excess <= 0.0 { LARGEST } else { (squares / excess).clamp(1e-3, LARGEST) }
}

/// A negative binomial count: by inversion, or as a rounded gamma number where counts are many.
fn negative_binomial(mean: f64, size: f64, random: &mut Random) -> f64 {
    let variance = mean + mean * mean / size;
    if mean > MANY {
        let factor = random.gamma(mean * mean / variance);
        return random.rounded(mean * factor);
    }
    let odds = mean / (size + mean);
    let mut probability = libm::exp(size * libm::log1p(-odds));
    let (mut count, mut left) = (0.0, random.uniform());
    while left > probability && (count < mean || probability > 1e-18) {
        left -= probability;
        probability *= (count + size) / (count + 1.0) * odds;
        count += 1.0;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Purpose, Streams};

    /// Means and variances of many draws, within five standard errors of the mean and a twentieth
    /// of the variance; the former are exact, the latter depend on the fourth moment.
    #[test]
    fn draws_have_their_mean() {
        const DRAWS: usize = 100_000;
        let mut random = Random::new(Streams::new(3, Purpose::Forecast, 0, "any"), 1);
        let ratios = Noise::Ratios(vec![0.0, 0.5, 2.5, 1.0]);
        for noise in [0.3, 2.0, LARGEST].map(|size| Noise::NegativeBinomial { size }) {
            for mean in [0.05, 3.0, 59.0, 200.0] {
                check(&noise, mean, &mut random, DRAWS);
            }
        }
        check(&ratios, 7.3, &mut random, DRAWS);
        check(&Noise::Errors(vec![-3.0, -0.5, 2.5, 1.0]), 7.3, &mut random, DRAWS);
    }

    fn check(noise: &Noise, mean: f64, random: &mut Random, draws: usize) {
        let values: Vec<f64> = (0..draws).map(|_| noise.draw(mean, random)).collect();
        assert!(values.iter().all(|value| *value >= 0.0 && value.fract() == 0.0));
        let found = values.iter().sum::<f64>() / draws as f64;
        // Rounding to whole counts adds a quarter at most.
        let error = ((noise.variance(mean) + 0.25) / draws as f64).sqrt();
        assert!((found - mean).abs() <= 5.0 * error, "{noise:?} {mean}: {found}");
    }

    /// Errors of one size around a changing mean, and errors in proportion to it; and demand that is
    /// mostly zero.
    #[test]
    fn errors_are_steady_or_grow() {
        let mut random = Random::new(Streams::new(3, Purpose::Forecast, 0, "any"), 4);
        let means: Vec<f64> = (0..200).map(|t| 50.0 + 40.0 * f64::from(t % 10)).collect();
        let mut pairs = |of: &dyn Fn(f64, f64) -> f64| -> Vec<(f64, f64)> {
            means.iter().map(|&mean| (mean, of(mean, random.normal()))).collect()
        };
        let steady = pairs(&|mean, normal| mean + 10.0 * normal);
        assert!(matches!(Noise::of_errors(&steady), Noise::Errors(_)));
        let growing = pairs(&|mean, normal| (mean * (1.0 + 0.3 * normal)).max(0.0));
        assert!(matches!(Noise::of_errors(&growing), Noise::Ratios(_)));
        let rare = pairs(&|_, normal| if normal > 1.5 { 5.0 } else { 0.0 });
        let unsure = |(place, (_, demand))| (0.1 + 0.46 * f64::from(place as u32 % 2), demand);
        let rare: Vec<(f64, f64)> = rare.into_iter().enumerate().map(unsure).collect();
        assert!(matches!(Noise::of_errors(&rare), Noise::Ratios(_)));
        let nothing_below = Noise::Errors(vec![-5.0, 5.0]).draw(1.0, &mut random);
        assert!(nothing_below == 0.0 || nothing_below == 6.0);
    }

    #[test]
    fn the_size_is_that_of_the_sample() {
        let mut random = Random::new(Streams::new(3, Purpose::Forecast, 0, "any"), 2);
        let noise = Noise::NegativeBinomial { size: 1.5 };
        let pairs: Vec<(f64, f64)> =
            (0..20_000).map(|_| (4.0, noise.draw(4.0, &mut random))).collect();
        // The relative error of a variance of n draws is √(2/n) or so, times four for the tail.
        assert!((size(&pairs) / 1.5 - 1.0).abs() < 8.0 * (2.0_f64 / 20_000.0).sqrt());
    }
}
