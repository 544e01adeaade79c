//! What a pass over demand adds up.

use super::local::{Local, Row};

/// Sums over the periods that were seen.
pub(super) struct Sums<const W: usize> {
    squares: f64,
    /// `Σ ε ∂μ`, or with multiplicative errors `Σ ε (1 + ε) ∂μ/μ`.
    slope: Row<W>,
    /// `Σ ∂μ/μ`.
    relative: Row<W>,
    /// `Σ log μ` of products that would have left the range of numbers.
    logarithms: f64,
    product: f64,
}

impl<const W: usize> Sums<W> {
    pub(super) fn new() -> Sums<W> {
        Sums { squares: 0.0, slope: [0.0; W], relative: [0.0; W], logarithms: 0.0, product: 1.0 }
    }

    #[inline(always)]
    /// Adds a period whose expected demand is `mean`, with the derivatives of that; `false` if it has no
    /// likelihood.
    pub(super) fn add<const RELATIVE: bool>(
        &mut self,
        demand: f64,
        mean: f64,
        derivatives: &Row<W>,
        curvature: &mut [Row<W>; W],
    ) -> bool {
        let mut error = demand - mean;
        let mut row = *derivatives;
        let mut weight = error;
        if RELATIVE {
            if mean <= 0.0 || mean.is_nan() {
                return false;
            }
            let inverse = 1.0 / mean;
            error *= inverse;
            weight = error * (1.0 + error);
            for c in 0..W {
                row[c] *= inverse;
                self.relative[c] += row[c];
            }
            self.product *= mean;
            if !(1e-150..1e150).contains(&self.product) {
                self.logarithms += libm::log(self.product);
                self.product = 1.0;
            }
        }
        self.squares += error * error;
        for c in 0..W {
            self.slope[c] = weight.mul_add(row[c], self.slope[c]);
        }
        outer(&row, curvature);
        true
    }

    /// Makes value, gradient and curvature of the sums, of which squares are `least` each at least.
    pub(super) fn finish<const RELATIVE: bool>(
        self,
        seen: f64,
        least: f64,
        local: &mut Local<W>,
    ) -> bool {
        let squares = self.squares.max(seen * least);
        local.value = seen * libm::log(squares);
        let precision = seen / squares;
        let weight = if RELATIVE { 2.0 * (precision + 2.0) } else { 2.0 * precision };
        let flat = if self.squares < squares { 0.0 } else { 1.0 };
        for c in 0..W {
            local.gradient[c] = -2.0 * flat * precision * self.slope[c];
        }
        if RELATIVE {
            local.value += 2.0 * (self.logarithms + libm::log(self.product));
            for c in 0..W {
                local.gradient[c] += 2.0 * self.relative[c];
            }
        }
        for row in &mut local.curvature {
            for curvature in row {
                *curvature *= weight;
            }
        }
        local.value.is_finite()
    }
}

/// Adds the lower triangle of `row rowᵀ`, by fours.
#[inline(always)]
fn outer<const W: usize>(row: &Row<W>, sums: &mut [Row<W>; W]) {
    const FOUR: usize = 4;
    for block in 0..W / FOUR {
        for r in block * FOUR..(block + 1) * FOUR {
            let factor = row[r];
            for c in 0..(block + 1) * FOUR {
                sums[r][c] = factor.mul_add(row[c], sums[r][c]);
            }
        }
    }
}
