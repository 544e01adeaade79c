//! Polynomials in the backshift operator.

use super::linear::solve;

/// Coefficients of `1 + Σ sign·plain_i·Bⁱ` times `1 + Σ sign·seasonal_j·B^{j·places}`, less the
/// leading 1 and times `sign` again.
///
/// With sign −1 these are the coefficients of past demand in a seasonal autoregression, with sign 1
/// those of past errors in a seasonal moving average (Box & Jenkins, *Time Series Analysis* (1970),
/// chapter 9).
pub(super) fn expanded(plain: &[f64], seasonal: &[f64], places: usize, sign: f64) -> Vec<f64> {
    let mut product = vec![0.0; plain.len() + seasonal.len() * places];
    product[..plain.len()].copy_from_slice(plain);
    for (season, outer) in seasonal.iter().enumerate() {
        let lag = (season + 1) * places;
        product[lag - 1] += outer;
        for (before, inner) in plain.iter().enumerate() {
            product[lag + before] += sign * outer * inner;
        }
    }
    product
}

/// Coefficients of past values in `(1 − Σ left_i·Bⁱ)·(1 − Σ right_j·Bʲ)`.
pub(super) fn product(left: &[f64], right: &[f64]) -> Vec<f64> {
    expanded(left, right, 1, -1.0)
}

/// Autoregression whose partial autocorrelations are `partial`, all of which are below 1 in size if
/// and only if it is stationary (Barndorff-Nielsen & Schou, *On the parametrization of
/// autoregressive models by partial autocorrelations*, J. Multivariate Analysis 3 (1973) 408–419;
/// used for fitting by Jones, Technometrics 22 (1980) 389–395).
pub(super) fn from_partial(partial: &mut [f64]) {
    for last in 1..partial.len() {
        let factor = partial[last];
        for low in 0..last.div_ceil(2) {
            let high = last - 1 - low;
            let (left, right) = (partial[low], partial[high]);
            partial[low] = left - factor * right;
            partial[high] = right - factor * left;
        }
    }
}

/// Partial autocorrelations of an autoregression, in its place; whether it is stationary.
pub(super) fn to_partial(coefficients: &mut [f64]) -> bool {
    for last in (0..coefficients.len()).rev() {
        let factor = coefficients[last];
        // Not a number is not below 1.
        if factor.abs().partial_cmp(&1.0) != Some(core::cmp::Ordering::Less) {
            return false;
        }
        let scale = 1.0 / (1.0 - factor * factor);
        for low in 0..last.div_ceil(2) {
            let high = last - 1 - low;
            let (left, right) = (coefficients[low], coefficients[high]);
            coefficients[low] = (left + factor * right) * scale;
            coefficients[high] = (right + factor * left) * scale;
        }
    }
    true
}

/// Longest block of coefficients: five of a kind.
pub(super) const BLOCK: usize = 5;

/// Whether all roots of `1 − Σ sign·c_i·zⁱ` are further than `radius` from 0.
pub(super) fn roots_beyond(radius: f64, coefficients: &[f64], sign: f64) -> bool {
    let mut scaled = [0.0; BLOCK];
    let mut power = sign;
    for (scaled, coefficient) in scaled.iter_mut().zip(coefficients) {
        power *= radius;
        *scaled = power * coefficient;
    }
    to_partial(&mut scaled[..coefficients.len()])
}

/// Weights `ψ_0 … ψ_lags` of past errors in a stationary process, and its autocovariances
/// `γ(0) … γ(lags)` for errors of variance 1; `None` if the process is too close to none.
///
/// Brockwell & Davis, *Time Series: Theory and Methods* (1991), section 3.3, second method.
pub(super) fn covariances(ar: &[f64], ma: &[f64], lags: usize) -> Option<(Vec<f64>, Vec<f64>)> {
    let (p, q) = (ar.len(), ma.len());
    let most = lags.max(p).max(q);
    let theta = |j: usize| if j == 0 { 1.0 } else { ma.get(j - 1).copied().unwrap_or(0.0) };
    let mut psi = vec![0.0; most + 1];
    for j in 0..=most {
        let past: f64 = (1..=j.min(p)).map(|i| ar[i - 1] * psi[j - i]).sum();
        psi[j] = theta(j) + past;
    }
    let with_errors = |k: usize| (k..=q).map(|j| theta(j) * psi[j - k]).sum::<f64>();
    let size = p + 1;
    let mut matrix = vec![0.0; size * size];
    for k in 0..size {
        matrix[k * size + k] += 1.0;
        for i in 1..=p {
            matrix[k * size + k.abs_diff(i)] -= ar[i - 1];
        }
    }
    let mut gamma: Vec<f64> = (0..size).map(with_errors).collect();
    if !solve(&mut matrix, &mut gamma) || gamma[0] <= 0.0 {
        return None;
    }
    for k in size..=most {
        let past: f64 = (1..=p).map(|i| ar[i - 1] * gamma[k - i]).sum();
        gamma.push(with_errors(k) + past);
    }
    Some((psi, gamma))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_autocorrelations_there_and_back() {
        let partial = [0.5, -0.3, 0.8, 0.1, -0.9];
        let mut block = partial;
        from_partial(&mut block);
        assert!(to_partial(&mut block));
        for (there, back) in partial.iter().zip(block) {
            assert!((there - back).abs() < 1e-12);
        }
        assert!(!to_partial(&mut [0.6, 0.5]));
        assert!(!to_partial(&mut [f64::NAN]));
    }

    #[test]
    fn products_have_their_cross_terms() {
        assert_eq!(expanded(&[0.5], &[0.2], 3, -1.0), [0.5, 0.0, 0.2, -0.1]);
        assert_eq!(expanded(&[0.5], &[0.2], 3, 1.0), [0.5, 0.0, 0.2, 0.1]);
        assert!(roots_beyond(1.01, &[0.98], 1.0) && !roots_beyond(1.01, &[0.995], 1.0));
    }

    /// Of an ARMA(1, 1): `γ(0) = (1 + 2φθ + θ²)/(1 − φ²)`.
    #[test]
    fn covariances_of_the_simplest_mixed_process() {
        let (psi, gamma) = covariances(&[0.7], &[0.4], 3).expect("stationary");
        assert!((gamma[0] - (1.0 + 0.56 + 0.16) / 0.51).abs() < 1e-12);
        assert!(
            (gamma[1] - 1.28 * 1.1 / 0.51).abs() < 1e-12
                && (gamma[2] / gamma[1] - 0.7).abs() < 1e-12
        );
        assert!((psi[2] - 0.77).abs() < 1e-12);
    }
}
