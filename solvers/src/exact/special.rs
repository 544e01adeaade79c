//! Loss functions, demand tables and input checks that the exact algorithms share.
//!
//! The loss of a demand `D` at level `x` is `n(x) = E[(D − x)⁺]`, the second loss is
//! `E[((D − x)⁺)²] / 2`, the integral of the first from `x` on (Snyder & Shen, *Fundamentals of
//! Supply Chain Theory*, 2nd ed. (2019), appendix C). Stock left over is
//! `E[(x − D)⁺] = x − E[D] + n(x)`.
//!
//! A discrete demand is a slice of probabilities: the entry at index `k` is `P(D = k)`.
//!
//! Transcendental functions come from `libm`, whose bits do not depend on the machine.

use core::f64::consts::PI;

pub(super) use engine::special::normal_cdf;

/// Why an exact algorithm refuses its input.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InputError {
    /// An amount that must be positive is not.
    #[error("`{field}` is {value}, but must be positive and finite")]
    NotPositive {
        /// Name of the field or argument.
        field: &'static str,
        /// What it was.
        value: f64,
    },
    /// An amount that must not be negative is.
    #[error("`{field}` is {value}, but must be zero or more, and finite")]
    Negative {
        /// Name of the field or argument.
        field: &'static str,
        /// What it was.
        value: f64,
    },
    /// An amount lies outside its range.
    #[error("`{field}` is {value}, but must lie between {low} and {high}")]
    Outside {
        /// Name of the field or argument.
        field: &'static str,
        /// What it was.
        value: f64,
        /// Lower end of the range.
        low: f64,
        /// Upper end of the range.
        high: f64,
    },
    /// A table of probabilities is none.
    #[error(
        "the probabilities of `{field}` must be zero or more and add up to 1, but they add up to \
         {sum}"
    )]
    Probabilities {
        /// Name of the table.
        field: &'static str,
        /// What its entries add up to; not a number where an entry is negative.
        sum: f64,
    },
    /// A list has the wrong length.
    #[error("`{field}` has {found} entries, but needs {expected}")]
    Length {
        /// Name of the list.
        field: &'static str,
        /// Entries found.
        found: usize,
        /// Entries needed.
        expected: usize,
    },
    /// A cost falls without end, so nothing is optimal.
    #[error("no finite `{field}` is optimal; check that every unit short or left over costs money")]
    Unbounded {
        /// What was sought.
        field: &'static str,
    },
}

pub(super) fn positive(field: &'static str, value: f64) -> Result<(), InputError> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(InputError::NotPositive { field, value })
}

pub(super) fn not_negative(field: &'static str, value: f64) -> Result<(), InputError> {
    if value >= 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(InputError::Negative { field, value })
}

/// Refuses a value outside the open interval from `low` to `high`.
pub(super) fn between(
    field: &'static str,
    value: f64,
    (low, high): (f64, f64),
) -> Result<(), InputError> {
    if low < value && value < high {
        return Ok(());
    }
    Err(InputError::Outside { field, value, low, high })
}

pub(super) fn probabilities(field: &'static str, table: &[f64]) -> Result<(), InputError> {
    let valid = table.iter().all(|probability| *probability >= 0.0);
    let sum = if valid { table.iter().fold(0.0, |sum, p| sum + p) } else { f64::NAN };
    if (sum - 1.0).abs() <= 1e-6 {
        return Ok(());
    }
    Err(InputError::Probabilities { field, sum })
}

/// Where a rising function crosses zero between `low` and `high`, by halving down to two
/// neighbouring numbers; the upper one, where the function is no longer negative.
pub(super) fn root(mut low: f64, mut high: f64, rising: impl Fn(f64) -> f64) -> f64 {
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return high;
        }
        if rising(middle) < 0.0 { low = middle } else { high = middle }
    }
}

/// Density of the standard normal.
pub(super) fn normal_density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt()
}

/// Loss of the normal demand with `mean` and `deviation` at `level` \[units\].
pub(crate) fn normal_loss(level: f64, mean: f64, deviation: f64) -> f64 {
    if deviation == 0.0 {
        return (mean - level).max(0.0);
    }
    let z = (level - mean) / deviation;
    deviation * (normal_density(z) - z * normal_cdf(-z)).max(0.0)
}

/// Second loss of the normal demand with `mean` and `deviation` at `level` \[units²\].
pub(super) fn normal_second_loss(level: f64, mean: f64, deviation: f64) -> f64 {
    if deviation == 0.0 {
        let short = (mean - level).max(0.0);
        return 0.5 * short * short;
    }
    let z = (level - mean) / deviation;
    let standard = (z * z + 1.0) * normal_cdf(-z) - z * normal_density(z);
    0.5 * deviation * deviation * standard.max(0.0)
}

/// Probabilities of the Poisson distribution, from 0 to where less than 10⁻¹⁸ is left.
///
/// Grown from the mode by `p(k + 1) = p(k) · mean / (k + 1)` and then scaled to add up to 1.
///
/// # Errors
///
/// If `mean` is not positive, or above ten million, where the table would fill the memory.
pub(super) fn poisson(mean: f64) -> Result<Vec<f64>, InputError> {
    positive("mean", mean)?;
    if mean > 1e7 {
        return Err(InputError::Outside { field: "mean", value: mean, low: 0.0, high: 1e7 });
    }
    let mode = mean.floor() as usize;
    let length = (mean + 10.0 * mean.sqrt() + 30.0).ceil() as usize;
    let mut table = vec![0.0; length];
    table[mode] = 1.0;
    for k in mode + 1..length {
        table[k] = table[k - 1] * mean / k as f64;
    }
    for k in (0..mode).rev() {
        table[k] = table[k + 1] * (k + 1) as f64 / mean;
    }
    let sum: f64 = table.iter().sum();
    Ok(table.into_iter().map(|probability| probability / sum).collect())
}

/// Distribution of the sum of two independent demands.
pub(super) fn convolve(left: &[f64], right: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; left.len() + right.len() - 1];
    for (i, a) in left.iter().enumerate().filter(|(_, a)| **a > 0.0) {
        for (cell, b) in sum[i..].iter_mut().zip(right) {
            *cell += a * b;
        }
    }
    sum
}

/// Distribution of the demand of `periods` independent and equal periods; at least one.
pub(crate) fn demand_over(demand: &[f64], periods: usize) -> Vec<f64> {
    (1..periods).fold(demand.to_vec(), |sum, _| convolve(&sum, demand))
}

/// Mean of a discrete demand \[units\].
pub(super) fn mean_of(demand: &[f64]) -> f64 {
    demand.iter().enumerate().map(|(k, probability)| k as f64 * probability).sum()
}

/// Expected holding and shortage cost of one period, by its level before a discrete demand.
///
/// `G(y) = h E[(y − D)⁺] + p E[(D − y)⁺]` (Snyder & Shen (2019), equation (4.6)).
pub(super) struct OnePeriod {
    holding: f64,
    shortage: f64,
    mean: f64,
    /// Loss at 0, 1, 2, …; zero beyond.
    losses: Vec<f64>,
}

impl OnePeriod {
    pub(super) fn new(demand: &[f64], holding: f64, shortage: f64) -> OnePeriod {
        let mut losses = vec![0.0; demand.len()];
        let mut above = 0.0;
        for level in (0..demand.len() - 1).rev() {
            above += demand[level + 1];
            losses[level] = losses[level + 1] + above;
        }
        OnePeriod { holding, shortage, mean: losses[0], losses }
    }

    /// Expected units short at `level`.
    pub(super) fn loss(&self, level: i64) -> f64 {
        match usize::try_from(level) {
            Ok(index) => self.losses.get(index).copied().unwrap_or(0.0),
            Err(_) => self.mean - level as f64,
        }
    }

    pub(super) fn cost(&self, level: i64) -> f64 {
        let loss = self.loss(level);
        self.holding * (level as f64 - self.mean + loss) + self.shortage * loss
    }

    /// The smallest level of least cost, for positive holding and shortage.
    pub(super) fn best(&self) -> i64 {
        let mut level = 0;
        while self.cost(level + 1) < self.cost(level) {
            level += 1;
        }
        level
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(ours: f64, expected: f64) {
        assert!((ours - expected).abs() <= 1e-11 * (1.0 + expected.abs()), "{ours} {expected}");
    }

    #[test]
    fn normal_losses_are_the_integrals_they_stand_for() {
        let (mean, deviation) = (50.0, 8.0);
        for level in [20.0, 45.0, 50.0, 61.0, 90.0] {
            let (mut first, mut second) = (0.0, 0.0);
            let step: f64 = 1e-3;
            for i in 0..150_000 {
                let demand = level + (f64::from(i) + 0.5) * step;
                let weight = normal_density((demand - mean) / deviation) / deviation * step;
                first += weight * (demand - level);
                second += weight * (demand - level) * (demand - level) / 2.0;
            }
            let ours = normal_loss(level, mean, deviation);
            assert!((ours - first).abs() < 1e-7, "{level}: {ours} {first}");
            let ours = normal_second_loss(level, mean, deviation);
            assert!((ours - second).abs() < 1e-6, "{level}: {ours} {second}");
        }
    }

    #[test]
    fn a_certain_demand_is_the_limit_of_a_normal_one() {
        close(normal_loss(3.0, 5.0, 0.0), normal_loss(3.0, 5.0, 1e-9));
        close(normal_second_loss(3.0, 5.0, 0.0), normal_second_loss(3.0, 5.0, 1e-9));
    }

    #[test]
    fn poisson_probabilities_are_those_of_the_formula() {
        for mean in [0.01, 1.0, 6.0, 75.5, 700.0] {
            let table = poisson(mean).unwrap();
            close(table.iter().sum(), 1.0);
            close(mean_of(&table), mean);
            let mode = mean.floor();
            let formula = mode * libm::log(mean) - mean - libm::lgamma(mode + 1.0);
            close(table[mode as usize], libm::exp(formula));
        }
    }

    #[test]
    fn poisson_demands_add_up_to_a_poisson_demand() {
        let sum = demand_over(&poisson(2.5).unwrap(), 4);
        for (k, probability) in poisson(10.0).unwrap().iter().enumerate() {
            close(sum[k], *probability);
        }
    }

    /// Snyder & Shen (2019), appendix C: for Poisson demand with distribution `F` and
    /// probabilities `f`, `n(x) = −(x − mean)(1 − F(x)) + mean · f(x)`.
    #[test]
    fn discrete_losses_agree_with_the_poisson_formula_and_with_sums() {
        let mean = 7.0;
        let table = poisson(mean).unwrap();
        let period = OnePeriod::new(&table, 1.0, 4.0);
        for level in 0..30 {
            let up_to: f64 = table[..=level].iter().sum();
            let x = level as f64;
            let ours = period.loss(level as i64);
            close(ours, mean * table[level] - (x - mean) * (1.0 - up_to));
            let sum: f64 = (level..table.len()).map(|k| (k - level) as f64 * table[k]).sum();
            close(ours, sum);
        }
        close(period.loss(-3), mean + 3.0);
        close(period.loss(10_000), 0.0);
        close(period.cost(-3), 4.0 * 10.0);
        close(period.cost(107), 100.0);
    }

    #[test]
    fn a_table_of_no_probabilities_is_refused() {
        assert!(probabilities("demand", &[]).is_err());
        assert!(probabilities("demand", &[0.5, 0.4]).is_err());
        assert!(probabilities("demand", &[1.5, -0.5]).is_err());
        assert!(probabilities("demand", &[f64::NAN]).is_err());
        assert_eq!(probabilities("demand", &[0.5, 0.5]), Ok(()));
        assert!(poisson(-1.0).is_err() && poisson(1e12).is_err() && poisson(f64::NAN).is_err());
    }
}
