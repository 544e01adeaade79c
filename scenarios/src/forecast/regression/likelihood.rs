//! Log-linear regression of counts by penalised maximum likelihood.

use super::Regression;
use super::cholesky::Cholesky;
use super::design::{Design, Link};
use super::table::Table;
use crate::forecast::Past;
use crate::forecast::options::{Scale, Setting, Tunable};

/// Standard deviation that effects of standardised features have before looking \[log counts\].
const PRIOR: f64 = 0.2;
pub(in crate::forecast) const OPTIONS: &[Tunable] =
    &[Tunable { name: "deviation_of_effects", least: 0.01, most: 2.0, scale: Scale::Logarithmic }];

/// Steps at most.
const STEPS: usize = 25;
/// Steps between estimates of the size.
const ROUNDS: usize = 3;
/// A size beyond is Poisson.
const LARGEST: f64 = 1e4;
/// The least size.
const LEAST: f64 = 1e-2;

/// A log-linear regression and the size of its counts' scatter.
pub(in crate::forecast) struct LogLinear {
    pub(in crate::forecast) regression: Regression,
    /// Size `k` of the variance `μ + μ²/k`.
    pub(in crate::forecast) size: f64,
    /// Standard deviation of effects of standardised features beforehand.
    pub(in crate::forecast) deviation: f64,
}

impl LogLinear {
    /// Poisson regression of `past`.
    pub(in crate::forecast) fn poisson(past: &Past<'_>, setting: &Setting) -> Option<LogLinear> {
        let design = Design::of(past, Link::Logarithm)?;
        let deviation = setting.get(0).unwrap_or(PRIOR);
        let table = design.table(past).standardised();
        let costs = costs(&design, deviation);
        // Counts that scatter more than Poisson ones say less: the prior weighs as much more.
        let first = Likelihood { size: f64::INFINITY, prior: costs.clone() };
        let start = first.fit(&table, start(&table)?)?;
        let scatter = scatter(&table, &start.means, start.freedom);
        let costs: Vec<f64> = costs.iter().map(|cost| scatter * cost).collect();
        let fit =
            Likelihood { size: f64::INFINITY, prior: costs }.fit(&table, start.coefficients)?;
        Some(fit.log_linear(&table, design, (f64::INFINITY, deviation)))
    }

    /// Negative binomial regression of `past`.
    pub(in crate::forecast) fn negative_binomial(
        past: &Past<'_>,
        setting: &Setting,
    ) -> Option<LogLinear> {
        let design = Design::of(past, Link::Logarithm)?;
        let deviation = setting.get(0).unwrap_or(PRIOR);
        let table = design.table(past).standardised();
        let mut likelihood = Likelihood { size: f64::INFINITY, prior: costs(&design, deviation) };
        let mut fit = likelihood.fit(&table, start(&table)?)?;
        for _ in 0..ROUNDS {
            likelihood.size = size(&table, &fit.means, fit.freedom);
            fit = likelihood.fit(&table, fit.coefficients)?;
        }
        let size = size(&table, &fit.means, fit.freedom);
        Some(fit.log_linear(&table, design, (size, deviation)))
    }
}

fn costs(design: &Design, deviation: f64) -> Vec<f64> {
    design.penalties().iter().map(|penalty| penalty / (deviation * deviation)).collect()
}

/// A constant alone.
fn start(table: &Table) -> Option<Vec<f64>> {
    let expected: f64 = table.offsets.iter().map(|offset| libm::exp(*offset)).sum();
    let share = table.targets.iter().sum::<f64>() / expected;
    let mut coefficients = vec![0.0; table.columns];
    coefficients[0] = libm::log(share);
    (share > 0.0).then_some(coefficients)
}

/// Pearson's `Σ(y − μ)²/μ / (n − freedom)`: how many times the Poisson variance the counts have.
fn scatter(table: &Table, means: &[f64], freedom: f64) -> f64 {
    let pairs = table.targets.iter().zip(means);
    let sum: f64 = pairs.map(|(y, mean)| (y - mean) * (y - mean) / mean.max(1e-9)).sum();
    (sum / (table.rows() as f64 - freedom).max(1.0)).clamp(0.05, 1e6)
}

/// The size `k` with `Σ(y − μ)²/(μ + μ²/k) = n − freedom`: Breslow, *Extra-Poisson Variation in
/// Log-Linear Models*, Applied Statistics 33 (1984) 38–44. By bisection in its logarithm.
fn size(table: &Table, means: &[f64], freedom: f64) -> f64 {
    let left = (table.rows() as f64 - freedom).max(1.0);
    let excess = |size: f64| {
        let pairs = table.targets.iter().zip(means);
        let square = |(y, mean): (&f64, &f64)| {
            let mean = mean.max(1e-9);
            (y - mean) * (y - mean) / (mean + mean * mean / size)
        };
        pairs.map(square).sum::<f64>() - left
    };
    if excess(LARGEST) <= 0.0 {
        return LARGEST;
    }
    // A smaller size has a larger variance, so the excess grows with it.
    let (mut low, mut high) = (libm::log(LEAST), libm::log(LARGEST));
    for _ in 0..30 {
        let middle = 0.5 * (low + high);
        if excess(libm::exp(middle)) > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
    }
    libm::exp(0.5 * (low + high))
}

/// Of counts, with a normal prior of the coefficients.
struct Likelihood {
    /// Size of the negative binomial; infinite for Poisson.
    size: f64,
    /// Inverse variance of each coefficient beforehand.
    prior: Vec<f64>,
}

/// Coefficients of most likelihood.
struct Fit {
    coefficients: Vec<f64>,
    means: Vec<f64>,
    freedom: f64,
}

impl Fit {
    fn log_linear(self, table: &Table, design: Design, (size, deviation): (f64, f64)) -> LogLinear {
        let regression = Regression::new(design, table, self.coefficients, self.freedom);
        LogLinear { regression, size, deviation }
    }
}

impl Likelihood {
    /// Iteratively reweighted least squares from `coefficients`, with halved steps where a whole one
    /// goes too far: Nelder & Wedderburn, *Generalized Linear Models*, JRSS A 135 (1972) 370–384.
    fn fit(&self, table: &Table, mut coefficients: Vec<f64>) -> Option<Fit> {
        let size = table.columns;
        let mut means = vec![0.0; table.rows()];
        let mut value = self.value(table, &coefficients, &mut means);
        let mut solved = None;
        for _ in 0..STEPS {
            let (mut matrix, gradient) = self.system(table, &coefficients, &means);
            for (column, prior) in self.prior.iter().enumerate() {
                // Features that do not vary have no weight of their own.
                matrix[column * (size + 1)] += prior.max(1e-9);
            }
            let cholesky = Cholesky::of(&matrix, size)?;
            let mut step = gradient;
            cholesky.solve(&mut step);
            solved = Some(cholesky);
            let before = value;
            let mut share = 1.0;
            for _ in 0..12 {
                let moved = coefficients.iter().zip(&step).map(|(b, by)| b + share * by);
                let moved: Vec<f64> = moved.collect();
                let there = self.value(table, &moved, &mut means);
                if there >= before - 1e-9 * before.abs() {
                    (coefficients, value) = (moved, there);
                    break;
                }
                share *= 0.5;
            }
            if value - before <= 1e-8 * before.abs() {
                break;
            }
        }
        let value = self.value(table, &coefficients, &mut means);
        let held = solved?.inverse_diagonal();
        let held: f64 = held.iter().zip(&self.prior).map(|(inverse, by)| inverse * by).sum();
        let freedom = (size as f64 - held).clamp(1.0, size as f64);
        value.is_finite().then_some(Fit { coefficients, means, freedom })
    }

    /// Logarithm of the likelihood and the prior, less what does not depend on the coefficients;
    /// writes the means \[counts/period\].
    fn value(&self, table: &Table, coefficients: &[f64], means: &mut [f64]) -> f64 {
        let mut sum = 0.0;
        let rows = table.cells.chunks(table.columns).zip(&table.targets);
        for (((row, target), offset), mean) in rows.zip(&table.offsets).zip(means) {
            let found: f64 = row.iter().zip(coefficients).map(|(x, b)| x * b).sum();
            let predictor = offset + found;
            *mean = libm::exp(predictor.min(60.0));
            sum += target * predictor;
            sum -= if self.size.is_finite() {
                (target + self.size) * libm::log1p(*mean / self.size)
            } else {
                *mean
            };
        }
        let prior: f64 = coefficients.iter().zip(&self.prior).map(|(b, by)| b * b * by).sum();
        sum - 0.5 * prior
    }

    /// The matrix of the Fisher information, and the gradient.
    fn system(&self, table: &Table, coefficients: &[f64], means: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let variances = means.iter().map(|mean| 1.0 + mean / self.size);
        let weights: Vec<f64> =
            means.iter().zip(variances).map(|(mean, by)| (mean / by).max(1e-12)).collect();
        let errors: Vec<f64> =
            table.targets.iter().zip(means).map(|(y, mean)| (y - mean) / mean.max(1e-12)).collect();
        let (matrix, mut gradient) = table.gram(&weights, &errors);
        for ((slope, b), prior) in gradient.iter_mut().zip(coefficients).zip(&self.prior) {
            *slope -= prior * b;
        }
        (matrix, gradient)
    }
}

#[cfg(test)]
mod tests;
