//! A mean, and how well it is known.

/// A sample mean with its standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub struct Estimate {
    /// Sample mean.
    pub mean: f64,
    /// Standard error of the mean.
    pub error: f64,
}

impl Estimate {
    /// Mean of `values`, summed in their order.
    pub fn of(values: &[f64]) -> Estimate {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        Estimate { mean, error: standard_error(values.iter().map(|value| value - mean), count) }
    }

    /// Mean of `left − right`, scenario by scenario: the paired difference.
    pub fn difference(left: &[f64], right: &[f64]) -> Estimate {
        let differences: Vec<f64> = left.iter().zip(right).map(|(l, r)| l - r).collect();
        Estimate::of(&differences)
    }

    /// Covariance of the means of `left` and `right`, scenario by scenario.
    pub fn covariance(left: &[f64], right: &[f64]) -> f64 {
        let count = left.len() as f64;
        let mean = |values: &[f64]| values.iter().sum::<f64>() / count;
        let (l, r) = (mean(left), mean(right));
        let sum: f64 = left.iter().zip(right).map(|(x, y)| (x - l) * (y - r)).sum();
        sum / (count - 1.0) / count
    }

    /// `Σ numerator / Σ denominator`; 0 ± 0 where the denominator is zero throughout.
    ///
    /// The standard error is the delta method's: that of `numerator − ratio · denominator`,
    /// over the mean denominator (Law, *Simulation Modeling and Analysis*, 5th ed., §9.5).
    pub fn ratio(numerator: &[f64], denominator: &[f64]) -> Estimate {
        let total: f64 = denominator.iter().sum();
        if total == 0.0 {
            return Estimate::default();
        }
        let mean = numerator.iter().sum::<f64>() / total;
        let residuals = numerator.iter().zip(denominator).map(|(n, d)| n - mean * d);
        let count = denominator.len() as f64;
        Estimate { mean, error: standard_error(residuals, count) / (total / count) }
    }

    /// The share that is left of one: `1 − share`.
    pub fn complement(self) -> Estimate {
        Estimate { mean: 1.0 - self.mean, ..self }
    }

    /// Upper end of the one-sided interval of a mean of `count` values, by Student's quantile.
    pub fn at_most(self, confidence: f64, count: usize) -> f64 {
        self.mean + student_quantile(confidence, (count - 1) as f64) * self.error
    }

    /// The sum of independent estimates.
    pub fn plus(self, other: Estimate) -> Estimate {
        let error = (self.error * self.error + other.error * other.error).sqrt();
        Estimate { mean: self.mean + other.mean, error }
    }

    /// The estimate of `factor` times the quantity.
    pub fn times(self, factor: f64) -> Estimate {
        Estimate { mean: self.mean * factor, error: self.error * factor.abs() }
    }
}

fn standard_error(deviations: impl Iterator<Item = f64>, count: f64) -> f64 {
    if count < 2.0 {
        return f64::INFINITY;
    }
    let spread: f64 = deviations.map(|deviation| deviation * deviation).sum();
    (spread / (count - 1.0) / count).sqrt()
}

/// The `share` quantile of `values`, linear between order statistics (type 7 of Hyndman &
/// Fan, *Sample Quantiles in Statistical Packages*, The American Statistician 50 (1996)).
///
/// # Panics
///
/// If there is no value.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (low, rest) = (place.floor() as usize, place - place.floor());
    let high = (low + 1).min(sorted.len() - 1);
    sorted[low] + rest * (sorted[high] - sorted[low])
}

/// Conditional value at risk: mean of the largest `1 − share` of `sorted`.
///
/// Rockafellar & Uryasev, *Optimization of Conditional Value-at-Risk*, Journal of Risk 2 (2000).
pub fn conditional_tail_mean(sorted: &[f64], share: f64) -> f64 {
    let count = (((1.0 - share) * sorted.len() as f64).ceil() as usize).clamp(1, sorted.len());
    sorted[sorted.len() - count..].iter().sum::<f64>() / count as f64
}

/// Quantile of the standard normal distribution, to about 16 digits; infinite at 0 and 1.
///
/// Algorithm AS 241 of Wichura, Applied Statistics 37 (1988) 477–484.
pub fn normal_quantile(probability: f64) -> f64 {
    const NEAR: [[f64; 8]; 2] = [
        [
            3.387_132_872_796_366_5,
            133.141_667_891_784_38,
            1_971.590_950_306_551_3,
            13_731.693_765_509_46,
            45_921.953_931_549_87,
            67_265.770_927_008_7,
            33_430.575_583_588_13,
            2_509.080_928_730_122_7,
        ],
        [
            1.0,
            42.313_330_701_600_91,
            687.187_007_492_057_9,
            5_394.196_021_424_751,
            21_213.794_301_586_597,
            39_307.895_800_092_71,
            28_729.085_735_721_943,
            5_226.495_278_852_854,
        ],
    ];
    const MIDDLE: [[f64; 8]; 2] = [
        [
            1.423_437_110_749_683_5,
            4.630_337_846_156_546,
            5.769_497_221_460_691,
            3.647_848_324_763_204_5,
            1.270_458_252_452_368_4,
            0.241_780_725_177_450_6,
            0.022_723_844_989_269_184,
            7.745_450_142_783_414e-4,
        ],
        [
            1.0,
            2.053_191_626_637_759,
            1.676_384_830_183_803_8,
            0.689_767_334_985_1,
            0.148_103_976_427_480_08,
            0.015_198_666_563_616_457,
            5.475_938_084_995_345e-4,
            1.050_750_071_644_416_9e-9,
        ],
    ];
    const FAR: [[f64; 8]; 2] = [
        [
            6.657_904_643_501_103,
            5.463_784_911_164_114,
            1.784_826_539_917_291_3,
            0.296_560_571_828_504_87,
            0.026_532_189_526_576_124,
            0.001_242_660_947_388_078_4,
            2.711_555_568_743_487_6e-5,
            2.010_334_399_292_288_1e-7,
        ],
        [
            1.0,
            0.599_832_206_555_888,
            0.136_929_880_922_735_8,
            0.014_875_361_290_850_615,
            7.868_691_311_456_133e-4,
            1.846_318_317_510_054_8e-5,
            1.421_511_758_316_446e-7,
            2.044_263_103_389_939_7e-15,
        ],
    ];
    let polynomial = |coefficients: &[f64; 8], x: f64| {
        coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient)
    };
    let rational =
        |[top, bottom]: &[[f64; 8]; 2], x: f64| polynomial(top, x) / polynomial(bottom, x);
    let centred = probability - 0.5;
    if centred.abs() <= 0.425 {
        return centred * rational(&NEAR, 0.180_625 - centred * centred);
    }
    let tail = probability.min(1.0 - probability);
    if tail <= 0.0 {
        return if centred < 0.0 { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let depth = (-libm::log(tail)).sqrt();
    let value =
        if depth <= 5.0 { rational(&MIDDLE, depth - 1.6) } else { rational(&FAR, depth - 5.0) };
    if centred < 0.0 { -value } else { value }
}

/// Quantile of Student's t distribution with `freedom` degrees of freedom.
///
/// The expansion of Abramowitz & Stegun, *Handbook of Mathematical Functions* (1964) 26.7.5:
/// four digits from 10 degrees of freedom on, more with more; exact for 1 and 2.
pub fn student_quantile(probability: f64, freedom: f64) -> f64 {
    let z = normal_quantile(probability);
    if freedom <= 1.0 {
        let angle = core::f64::consts::PI * (probability - 0.5);
        return libm::tan(angle);
    }
    if freedom <= 2.0 {
        let spread = 2.0 * probability * (1.0 - probability);
        return (2.0 * probability - 1.0) / spread.sqrt();
    }
    let (z3, z5) = (z * z * z, z * z * z * z * z);
    let (z7, z9) = (z5 * z * z, z5 * z * z * z * z);
    let terms = [
        (z3 + z) / 4.0,
        (5.0 * z5 + 16.0 * z3 + 3.0 * z) / 96.0,
        (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / 384.0,
        (79.0 * z9 + 776.0 * z7 + 1482.0 * z5 - 1920.0 * z3 - 945.0 * z) / 92_160.0,
    ];
    let mut power = 1.0;
    terms.iter().fold(z, |sum, term| {
        power *= freedom;
        sum + term / power
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_are_the_tabled_ones() {
        // Printed in the paper's own check, and R's qnorm.
        for (probability, expected) in [
            (0.25, -0.674_489_750_196_081_7),
            (0.001, -3.090_232_306_167_813_5),
            (1e-20, -9.262_340_089_798_408),
            (0.975, 1.959_963_984_540_054),
            (0.5, 0.0),
        ] {
            let ours = normal_quantile(probability);
            assert!((ours - expected).abs() < 1e-14 * (1.0 + ours.abs()), "{probability}: {ours}");
        }
    }

    #[test]
    fn student_quantiles_are_the_tabled_ones() {
        // Abramowitz & Stegun (1964), Table 26.10.
        for (freedom, expected) in [(1.0, 12.706), (2.0, 4.303), (10.0, 2.228), (30.0, 2.042)] {
            let ours = student_quantile(0.975, freedom);
            assert!((ours - expected).abs() < 6e-4, "{freedom}: {ours}");
        }
    }

    #[test]
    fn a_difference_of_equal_columns_is_certain() {
        let column = [3.0, 1.0, 4.0, 1.0];
        assert_eq!(Estimate::difference(&column, &column), Estimate { mean: 0.0, error: 0.0 });
        assert_eq!(Estimate::of(&column).mean, 2.25);
    }

    #[test]
    fn a_ratio_weighs_scenarios_by_their_denominator() {
        let ratio = Estimate::ratio(&[1.0, 3.0], &[2.0, 6.0]);
        assert_eq!(ratio, Estimate { mean: 0.5, error: 0.0 });
        assert_eq!(Estimate::ratio(&[0.0], &[0.0]), Estimate::default());
    }

    #[test]
    fn percentiles_interpolate_and_tails_average() {
        let sorted = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(percentile(&sorted, 0.5), 3.0);
        assert_eq!(percentile(&sorted, 0.9), 4.6);
        assert_eq!(conditional_tail_mean(&sorted, 0.6), 4.5);
    }
}
