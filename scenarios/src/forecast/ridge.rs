//! Ridge regression: a sum of seasons, trend, price, promotion and what came last.
//!
//! Hoerl & Kennard, *Ridge Regression: Biased Estimation for Nonorthogonal Problems*, Technometrics
//! 12 (1970) 55–67.

use super::options::{Scale, Setting, Tunable};
use super::regression::Regression;
use super::regression::cholesky::Cholesky;
use super::regression::design::{Design, Link};
use super::regression::table::Table;
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "ridge",
    summary: "a sum of season, trend, price, promotion and what was sold last, each held back",
    tried: true,
    options: OPTIONS,
    fit: |past, setting| Some(Box::new(Ridge::fit(past, setting)?)),
};

const OPTIONS: &[Tunable] =
    &[Tunable { name: "penalty", least: 0.001, most: 100.0, scale: Scale::Logarithmic }];

/// Its coefficients.
struct Ridge {
    regression: Regression,
    /// What coefficients of standardised features cost, a period.
    penalty: f64,
}

/// Penalties that are tried, per period: from hardly any to as good as no feature.
const PENALTIES: [f64; 7] = [0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0];

impl Ridge {
    fn fit(past: &Past<'_>, setting: &Setting) -> Option<Ridge> {
        let design = Design::of(past, Link::Identity)?;
        let table = design.table(past).standardised();
        let set = setting.get(0).map(|penalty| [penalty]);
        let tried = set.as_ref().map_or(&PENALTIES[..], |set| &set[..]);
        let found = Solution::best(&table, tried, &design.penalties())?;
        let regression = Regression::new(design, &table, found.coefficients, found.freedom);
        Some(Ridge { regression, penalty: found.penalty })
    }
}

/// Coefficients under one penalty.
struct Solution {
    coefficients: Vec<f64>,
    penalty: f64,
    freedom: f64,
    /// Generalised cross-validation: `n·RSS / (n − freedom)²`.
    error: f64,
}

impl Solution {
    /// Of the penalties that are tried, the one with the least error of generalised cross-validation: Golub, Heath & Wahba, *Generalized
    /// Cross-Validation as a Method for Choosing a Good Ridge Parameter*, Technometrics 21 (1979)
    /// 215–223.
    fn best(table: &Table, tried: &[f64], penalties: &[f64]) -> Option<Solution> {
        let left: Vec<f64> = table
            .targets
            .iter()
            .zip(&table.offsets)
            .map(|(target, offset)| target - offset)
            .collect();
        let (gram, moments) = table.gram(&vec![1.0; table.rows()], &left);
        let squares: f64 = left.iter().map(|left| left * left).sum();
        let rows = table.rows() as f64;
        let solutions = tried.iter().filter_map(|&penalty| {
            Solution::of(&gram, &moments, squares, rows, (penalty, penalties))
        });
        solutions.min_by(|left, right| left.error.total_cmp(&right.error))
    }

    /// Solves `(XᵀX + n·penalty·P)·b = Xᵀy`, whose trace of the hat matrix is the number of features
    /// less `n·penalty·Σ P·diag((XᵀX + n·penalty·P)⁻¹)`.
    fn of(
        gram: &[f64],
        moments: &[f64],
        squares: f64,
        rows: f64,
        (penalty, penalties): (f64, &[f64]),
    ) -> Option<Solution> {
        let size = moments.len();
        let mut matrix = gram.to_vec();
        for (column, by) in penalties.iter().enumerate() {
            matrix[column * (size + 1)] += rows * penalty * by;
        }
        let cholesky = Cholesky::of(&matrix, size)?;
        let mut coefficients = moments.to_vec();
        cholesky.solve(&mut coefficients);
        let held = cholesky.inverse_diagonal();
        let held: f64 = held.iter().zip(penalties).map(|(inverse, by)| inverse * by).sum();
        let freedom = size as f64 - rows * penalty * held;
        // RSS = y'y − b'(X'y) − b'(n·penalty·P)b.
        let explained: f64 = coefficients.iter().zip(moments).map(|(b, m)| b * m).sum();
        let shrunk: f64 = coefficients.iter().zip(penalties).map(|(b, by)| b * b * by).sum();
        let residual = (squares - explained - rows * penalty * shrunk).max(0.0);
        let left = (rows - freedom).max(1.0);
        Some(Solution { coefficients, penalty, freedom, error: rows * residual / (left * left) })
    }
}

impl Fitted for Ridge {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        self.regression.forecast(past, None)
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![("penalty", self.penalty), ("freedom", self.regression.freedom)]
    }
}

#[cfg(test)]
mod tests {
    use super::super::regression::sample::{assert_close, table};
    use super::*;

    /// `Ridge(alpha=4)` of scikit-learn 1.9.1 on standardised features; trace of the hat matrix and
    /// error by their definitions, in `NumPy`.
    #[test]
    fn coefficients_and_error_are_those_of_another_program() {
        let table = table().standardised();
        let (gram, moments) = table.gram(&[1.0; 40], &table.targets);
        let squares: f64 = table.targets.iter().map(|y| y * y).sum();
        let penalty = (0.1, &[0.0, 1.0, 1.0][..]);
        let found = Solution::of(&gram, &moments, squares, 40.0, penalty).expect("a solution");
        let expected = [2.525, 0.347_588_700_394_003_2, -0.533_832_880_743_065_8];
        assert_close(&found.coefficients, &expected, 1e-12);
        let numbers = [found.freedom, found.error];
        assert_close(&numbers, &[2.814_062_101_630_841, 1.878_149_969_907_650_5], 1e-11);
    }
}
