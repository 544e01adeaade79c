//! Distribution functions, by a mathematics library whose bits do not depend on the machine.

use core::f64::consts::SQRT_2;

/// Distribution function of the standard normal.
pub fn normal_cdf(z: f64) -> f64 {
    0.5 * libm::erfc(-z / SQRT_2)
}

/// Distribution function of the gamma distribution with unit scale, `P(shape, x)`.
///
/// The series and the continued fraction of the NIST *Digital Library of Mathematical
/// Functions*, 8.7.1 and 8.9.2, each where it converges fast.
#[allow(clippy::many_single_char_names)] // as in the source
pub fn gamma_cdf(shape: f64, x: f64) -> f64 {
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

/// Quantile of the gamma distribution with unit scale: the least `x` with `P(shape, x) ≥ probability`,
/// to the last bit of its distribution function.
pub fn gamma_quantile(shape: f64, probability: f64) -> f64 {
    let mut high = shape.max(1.0);
    while gamma_cdf(shape, high) < probability && high < 1e300 {
        high *= 2.0;
    }
    let mut low = 0.0;
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if gamma_cdf(shape, middle) < probability { low = middle } else { high = middle }
    }
    high
}

fn non_zero(value: f64) -> f64 {
    if value.abs() < 1e-300 { 1e-300 } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Gamma, Normal};

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
    fn a_quantile_is_where_the_distribution_function_reaches_it() {
        for shape in [0.05, 0.7, 1.0, 12.0, 900.0] {
            for probability in [0.01, 0.5, 0.9, 0.999] {
                let x = gamma_quantile(shape, probability);
                assert!((gamma_cdf(shape, x) - probability).abs() < 1e-12, "{shape} {probability}");
            }
        }
        // An exponential distribution.
        assert!((gamma_quantile(1.0, 0.9) + 0.1_f64.ln()).abs() < 1e-12);
    }
}
