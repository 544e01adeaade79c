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

/// The logarithmic derivative of the gamma function, of a positive number.
///
/// The recurrence and the asymptotic series of the NIST *Digital Library of Mathematical Functions*,
/// 5.5.2 and 5.11.2.
pub(crate) fn digamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < 10.0 {
        below += 1.0 / x;
        x += 1.0;
    }
    let z = 1.0 / (x * x);
    let series = 1.0 / 240.0 - z * (1.0 / 132.0 - z * (691.0 / 32_760.0 - z / 12.0));
    let series = z * (1.0 / 12.0 - z * (1.0 / 120.0 - z * (1.0 / 252.0 - z * series)));
    libm::log(x) - 0.5 / x - series - below
}

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
}
