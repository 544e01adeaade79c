//! What an autoregressive moving average expects next, and how surely.

use super::order::Coefficients;
use super::polynomial::covariances;

/// Kalman's filter of a stationary process in the form of Gardner, Harvey & Phillips, *Algorithm AS
/// 154*, Applied Statistics 29 (1980) 311–322, for errors of variance 1.
///
/// With `r = max(p, q + 1)` the state at time `t` holds the value and, in place `i`, what is known by
/// then of the value `i` periods later. Once a value is seen nothing of it is uncertain, so the
/// covariance of the next state is that of the others, moved up by a place, plus `θθᵀ`: the
/// autoregression has no part in it. When only `θθᵀ` is left the filter is as cheap as the
/// recursion of the process itself.
pub(super) struct Filter {
    ar: Vec<f64>,
    /// `1, θ_1, …`.
    ma: Vec<f64>,
    /// Expected state, and that of a process whose mean is 1 where that of the state is 0.
    state: Vec<f64>,
    unit: Vec<f64>,
    /// Upper triangle of the state's covariance, row by row with a stride of its size.
    covariance: Vec<f64>,
    first_row: Vec<f64>,
    /// Whether the covariance is `θθᵀ`.
    steady: bool,
    step: usize,
}

/// Variance of knowledge that is none.
const NOTHING: f64 = 1e-11;

impl Filter {
    /// Before the first value; `None` if the process is too close to none.
    pub(super) fn new(coefficients: &Coefficients, places: usize) -> Option<Filter> {
        let mut ar = coefficients.autoregression(places);
        let moving = coefficients.moving_average(places);
        let size = ar.len().max(moving.len() + 1);
        let (psi, gamma) = covariances(&ar, &moving, size)?;
        ar.resize(size, 0.0);
        let mut ma = vec![1.0];
        ma.extend(&moving);
        ma.resize(size, 0.0);
        let mut filter = Filter {
            state: vec![0.0; size + 1],
            unit: vec![0.0; size + 1],
            covariance: vec![0.0; size * size],
            first_row: vec![0.0; size + 1],
            steady: false,
            step: 0,
            ar,
            ma,
        };
        filter.open(&psi, &gamma);
        Some(filter)
    }

    /// The covariance of a state of which nothing is known.
    ///
    /// Its first row follows from the autocovariances `γ` and the weights `ψ`, the others from the
    /// condition that the covariance stays as it is.
    fn open(&mut self, psi: &[f64], gamma: &[f64]) {
        let size = self.ar.len();
        let Filter { ar, ma, covariance, .. } = self;
        covariance[0] = gamma[0];
        for i in 1..size {
            let sum = (i..size).map(|j| ar[j] * gamma[j + 1 - i] + ma[j] * psi[j - i]);
            covariance[i] = sum.sum();
        }
        let first: Vec<f64> = covariance[..size].iter().copied().chain([0.0]).collect();
        for i in (1..size).rev() {
            for j in i..size {
                let later = if i + 1 < size && j + 1 < size {
                    covariance[(i + 1) * size + j + 1]
                } else {
                    0.0
                };
                covariance[i * size + j] = later
                    + ar[i] * ar[j] * first[0]
                    + ar[i] * first[j + 1]
                    + ar[j] * first[i + 1]
                    + ma[i] * ma[j];
            }
        }
    }

    /// The value that is expected next, if the mean is 0.
    pub(super) fn expected(&self) -> f64 {
        self.state[0]
    }

    /// Variance of the next value, for errors of variance 1.
    pub(super) fn variance(&self) -> f64 {
        if self.steady { 1.0 } else { self.covariance[0] }
    }

    /// Learns the next value; its error if the mean is 0, and how much of a mean of 1 is still in it.
    pub(super) fn observe(&mut self, value: f64) -> (f64, f64) {
        let size = self.ar.len();
        let (error, unit) = (value - self.state[0], 1.0 - self.unit[0]);
        if self.steady {
            self.advance_steadily(value, error, unit);
            return (error, unit);
        }
        self.first_row[..size].copy_from_slice(&self.covariance[..size]);
        let certainty = 1.0 / self.first_row[0];
        for i in 0..size {
            let gain = self.first_row[i + 1] * certainty;
            self.state[i] = self.state[i + 1] + self.ar[i] * value + gain * error;
            self.unit[i] = self.unit[i + 1] + self.ar[i] + gain * unit;
        }
        for i in 0..size {
            let gain = self.first_row[i + 1] * certainty;
            let (upper, lower) = self.covariance.split_at_mut((i + 1) * size);
            let row = &mut upper[i * size + i..];
            let ma = &self.ma[i..size];
            let factor = ma[0];
            let last = row.len() - 1;
            if i + 1 < size {
                let below = &lower[i + 1..size];
                let first = &self.first_row[i + 1..size];
                for j in 0..last {
                    row[j] = below[j] - gain * first[j] + factor * ma[j];
                }
            }
            row[last] = factor * ma[last];
        }
        self.step += 1;
        if self.step.is_multiple_of(4) {
            let rest = |i: usize| self.covariance[i * size + i] - self.ma[i] * self.ma[i];
            self.steady = (0..size).all(|i| rest(i) < NOTHING);
        }
        (error, unit)
    }

    fn advance_steadily(&mut self, value: f64, error: f64, unit: f64) {
        let size = self.ar.len();
        let (ar, ma) = (&self.ar[..size], &self.ma[1..size]);
        for i in 0..size - 1 {
            self.state[i] = self.state[i + 1] + ar[i] * value + ma[i] * error;
            self.unit[i] = self.unit[i + 1] + ar[i] + ma[i] * unit;
        }
        self.state[size - 1] = ar[size - 1] * value;
        self.unit[size - 1] = ar[size - 1];
    }

    /// Passes a value that was not seen.
    pub(super) fn pass(&mut self) {
        let size = self.ar.len();
        if self.steady {
            for i in 0..size {
                for j in i..size {
                    self.covariance[i * size + j] = self.ma[i] * self.ma[j];
                }
            }
            self.steady = false;
        }
        let (value, unit) = (self.state[0], self.unit[0]);
        for i in 0..size {
            self.state[i] = self.state[i + 1] + self.ar[i] * value;
            self.unit[i] = self.unit[i + 1] + self.ar[i] * unit;
        }
        self.first_row[..size].copy_from_slice(&self.covariance[..size]);
        let Filter { ar, ma, first_row: first, covariance, .. } = self;
        for i in 0..size {
            for j in i..size {
                let below = if j + 1 < size { covariance[(i + 1) * size + j + 1] } else { 0.0 };
                covariance[i * size + j] = below
                    + ar[i] * (ar[j] * first[0] + first[j + 1])
                    + ar[j] * first[i + 1]
                    + ma[i] * ma[j];
            }
        }
    }
}
