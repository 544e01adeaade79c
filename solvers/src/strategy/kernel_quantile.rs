//! Kernel quantile: past demand over lead time and review, smoothed.
//!
//! Each past window stands for a normal distribution around it, as wide as Silverman's rule says
//! (*Density Estimation for Statistics and Data Analysis* (1986), equation 3.31): `0.9 min(σ, IQR / 1.34)
//! n^(−1/5)`. Trapero, Cardós & Kourentzes, *Empirical Safety Stock Estimation Based on Kernel and GARCH
//! Models*, Omega 84 (2019) 199–211.

use engine::percentile;
use engine::special::normal_cdf;

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "kernel-quantile",
    summary: "a quantile of past demand over lead time and review, smoothed; the model's if too few",
    method: Method::Level(|known, protection| {
        let mut windows = known.past_demand(protection);
        if windows.len() < FEWEST {
            windows = known.model_demand(protection);
        }
        windows.sort_by(f64::total_cmp);
        round_up(quantile(&windows, known.targets.service_level).max(0.0))
    }),
};

/// Fewest past windows that say more than the model does.
const FEWEST: usize = 20;

/// The quantile of the smoothed distribution of `sorted` values.
fn quantile(sorted: &[f64], level: f64) -> f64 {
    let width = width(sorted);
    if width == 0.0 {
        return percentile(sorted, level);
    }
    let below = |x: f64| {
        sorted.iter().map(|value| normal_cdf((x - value) / width)).sum::<f64>()
            / sorted.len() as f64
    };
    let (mut low, mut high) = (sorted[0] - 9.0 * width, sorted[sorted.len() - 1] + 9.0 * width);
    while high - low > 1e-6 * width {
        let middle = 0.5 * (low + high);
        if below(middle) < level { low = middle } else { high = middle }
    }
    high
}

fn width(sorted: &[f64]) -> f64 {
    let count = sorted.len() as f64;
    let mean = sorted.iter().sum::<f64>() / count;
    let squares: f64 = sorted.iter().map(|value| (value - mean) * (value - mean)).sum();
    let deviation = (squares / (count - 1.0).max(1.0)).sqrt();
    let between = (percentile(sorted, 0.75) - percentile(sorted, 0.25)) / 1.34;
    let scale = if between > 0.0 { deviation.min(between) } else { deviation };
    0.9 * scale * libm::pow(count, -0.2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two values of which each is half: the median lies between them, and three quarters at the upper.
    #[test]
    fn quantiles_are_those_of_a_mixture_of_normals() {
        let sorted = [vec![0.0; 50], vec![100.0; 50]].concat();
        let width = width(&sorted);
        // σ = 50.25, IQR/1.34 = 74.6; 100^(−1/5) = 0.3981.
        assert!(
            (width - 0.9 * 50.251_890_762_960_6 * 0.398_107_170_553_497).abs() < 1e-6,
            "{width}"
        );
        assert!((quantile(&sorted, 0.5) - 50.0).abs() < 1e-3);
        let upper = quantile(&sorted, 0.75);
        let below = 0.5 * (normal_cdf(upper / width) + normal_cdf((upper - 100.0) / width));
        assert!((below - 0.75).abs() < 1e-6 && (upper - 100.0).abs() < 1.0, "{upper}");
        assert_eq!(quantile(&[7.0; 30], 0.9), 7.0);
    }
}
