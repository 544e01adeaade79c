//! Distribution functions, by a mathematics library whose bits do not depend on the machine.

use core::f64::consts::SQRT_2;

/// Distribution function of the standard normal.
pub(crate) fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// Distribution function of the gamma distribution with unit scale, `P(shape, x)`.
///
/// The series and the continued fraction of the NIST *Digital Library of Mathematical
/// Functions*, 8.7.1 and 8.9.2, each where it converges fast.
#[allow(clippy::many_single_char_names)] // as in the source
pub(crate) fn gamma_cdf(shape: f64, x: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    let front = libm::exp(shape * libm::log(x) - x - libm::lgamma(shape));
    if x < shape + 1.0 {
        let (mut term, mut sum, mut n) = (1.0 / shape, 1.0 / shape, shape);
        while term > sum * 1e-16 {
            n += 1.0;
            term *= x / n;
            sum += term;
        }
        return (front * sum).min(1.0);
    }
    // Lentz's method, as modified by Thompson & Barnett (1986).
    let mut b = x + 1.0 - shape;
    let mut c = 1e300;
    let mut d = 1.0 / b;
    let mut fraction = d;
    for i in 1..10_000 {
        let i = f64::from(i);
        let a = -i * (i - shape);
        b += 2.0;
        d = 1.0 / non_zero(a * d + b);
        c = non_zero(b + a / c);
        fraction *= d * c;
        if (d * c - 1.0).abs() < 1e-16 {
            break;
        }
    }
    (1.0 - front * fraction).max(0.0)
}

/// Derivative of the logarithm of the gamma function, of a positive number.
///
/// NIST *Digital Library of Mathematical Functions*, 5.5.2 up to where 5.11.2 is exact.
pub(crate) fn digamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < FAR {
        sum -= 1.0 / x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series =
        square * (1.0 / 12.0 - square * (1.0 / 120.0 - square * (1.0 / 252.0 - square / 240.0)));
    sum + libm::log(x) - 0.5 / x - series
}

/// Derivative of [`digamma`]: the same source, 5.15.5 and 5.15.8.
pub(crate) fn trigamma(x: f64) -> f64 {
    let (mut x, mut sum) = (x, 0.0);
    while x < FAR {
        sum += 1.0 / (x * x);
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series =
        square * (1.0 / 6.0 - square * (1.0 / 30.0 - square * (1.0 / 42.0 - square / 30.0)));
    sum + (1.0 + 0.5 / x + series) / x
}

/// Beyond, asymptotic series are exact to twelve digits.
const FAR: f64 = 12.0;

fn non_zero(value: f64) -> f64 {
    if value.abs() < 1e-300 { 1e-300 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Gamma, Normal};

    #[test]
    fn digamma_agrees_with_an_independent_library() {
        for i in 0..400 {
            let x = 1e-5 * 1.07_f64.powi(i);
            let expected = statrs::function::gamma::digamma(x);
            assert!((digamma(x) - expected).abs() <= 1e-12 * (1.0 + expected.abs()), "{x}");
        }
    }

    #[test]
    fn normal_and_gamma_agree_with_an_independent_library() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for i in -80..=80 {
            let z = f64::from(i) / 10.0;
            let (ours, theirs) = (normal_cdf(z), normal.cdf(z));
            assert!((ours - theirs).abs() <= 1e-9 * theirs, "{z}: {ours} {theirs}");
        }
        for shape in [0.05, 0.5, 1.0, 2.5, 30.0, 4_000.0] {
            let gamma = Gamma::new(shape, 1.0).unwrap();
            for i in 1..40 {
                let x = shape * f64::from(i) / 10.0;
                let (ours, theirs) = (gamma_cdf(shape, x), gamma.cdf(x));
                assert!((ours - theirs).abs() < 1e-10, "{shape} {x}: {ours} {theirs}");
            }
        }
    }

    #[test]
    fn digamma_and_its_derivative_agree_with_an_independent_library() {
        for x in [0.01, 0.3, 1.0, 2.5, 11.9, 12.1, 500.0] {
            let theirs = statrs::function::gamma::digamma(x);
            assert!((digamma(x) - theirs).abs() < 1e-10 * theirs.abs().max(1.0), "{x}");
            let h = 1e-4 * x;
            let slope = (digamma(x + h) - digamma(x - h)) / (2.0 * h);
            // The difference quotient errs by h² times a third derivative.
            assert!((trigamma(x) / slope - 1.0).abs() < 1e-6, "{x}");
        }
        assert!((trigamma(1.0) - core::f64::consts::PI.powi(2) / 6.0).abs() < 1e-12);
    }
}
