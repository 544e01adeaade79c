//! Distribution functions, by a mathematics library whose bits do not depend on the machine.

pub(crate) use engine::special::{gamma_cdf, normal_cdf};

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digamma_agrees_with_an_independent_library() {
        for i in 0..400 {
            let x = 1e-5 * 1.07_f64.powi(i);
            let expected = statrs::function::gamma::digamma(x);
            assert!((digamma(x) - expected).abs() <= 1e-12 * (1.0 + expected.abs()), "{x}");
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
