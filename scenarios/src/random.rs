//! Random numbers in a row, for paths that are drawn step by step.

use crate::stream::Streams;

/// The numbers of one scenario, one after the other.
///
/// Each is a pure function of the stream, the scenario and how many came before it.
#[derive(Clone, Debug)]
pub struct Random {
    streams: Streams,
    scenario: u32,
    quad: u32,
    words: [u32; 4],
    used: usize,
}

impl Random {
    /// The numbers of `scenario`, from the first on.
    pub fn new(streams: Streams, scenario: u32) -> Random {
        Random { streams, scenario, quad: 0, words: [0; 4], used: 4 }
    }

    fn word(&mut self) -> u32 {
        if self.used == 4 {
            self.words = self.streams.words(self.scenario, self.quad);
            self.quad += 1;
            self.used = 0;
        }
        self.used += 1;
        self.words[self.used - 1]
    }

    /// A number between 0 and 1, neither of which it ever is.
    pub fn uniform(&mut self) -> f64 {
        (f64::from(self.word()) + 0.5) / 4_294_967_296.0
    }

    /// A place below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        ((u64::from(self.word()) * count as u64) >> 32) as usize
    }

    /// A standard normal number: Box & Muller, *A Note on the Generation of Random Normal Deviates*,
    /// Annals of Mathematical Statistics 29 (1958) 610–611.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(self.uniform())).sqrt();
        radius * libm::cos(core::f64::consts::TAU * self.uniform())
    }

    /// A gamma-distributed number with mean 1: Marsaglia & Tsang, *A Simple Method for Generating
    /// Gamma Variables*, ACM TOMS 26 (2000) 363–372.
    ///
    /// # Panics
    ///
    /// If `shape` is not positive.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        assert!(shape > 0.0, "a gamma distribution has a positive shape");
        if shape < 1.0 {
            let power = libm::exp(libm::log(self.uniform()) / shape);
            return self.gamma(shape + 1.0) * (shape + 1.0) / shape * power;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let z = self.normal();
            let v = 1.0 + c * z;
            let v = v * v * v;
            if v > 0.0 && libm::log(self.uniform()) < 0.5 * z * z + d - d * v + d * libm::log(v) {
                return d * v / shape;
            }
        }
    }

    /// A whole number whose mean is `value`, one of its two neighbours.
    pub fn rounded(&mut self, value: f64) -> f64 {
        (value + self.uniform()).floor()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::Purpose;

    /// Means and variances of many draws, within five standard errors.
    #[test]
    fn draws_have_their_moments() {
        const DRAWS: usize = 100_000;
        let mut random = Random::new(Streams::new(1, Purpose::Forecast, 0, "any"), 7);
        let mut check = |mean: f64, variance: f64, draw: &mut dyn FnMut(&mut Random) -> f64| {
            let values: Vec<f64> = (0..DRAWS).map(|_| draw(&mut random)).collect();
            let found = values.iter().sum::<f64>() / DRAWS as f64;
            let squares: Vec<f64> = values.iter().map(|v| (v - found) * (v - found)).collect();
            let spread = squares.iter().sum::<f64>() / DRAWS as f64;
            let fourth: f64 = squares.iter().map(|s| (s - spread) * (s - spread)).sum();
            let error = (fourth / DRAWS as f64 / DRAWS as f64).sqrt();
            assert!(
                (found - mean).abs() <= 5.0 * (variance / DRAWS as f64).sqrt(),
                "{found} {mean}"
            );
            assert!((spread - variance).abs() <= 5.0 * error, "{spread} {variance} {error}");
        };
        check(0.5, 1.0 / 12.0, &mut Random::uniform);
        check(0.0, 1.0, &mut Random::normal);
        for shape in [0.2, 0.9, 1.0, 7.5] {
            check(1.0, 1.0 / shape, &mut |random| random.gamma(shape));
        }
        check(2.3, 0.21, &mut |random| random.rounded(2.3));
    }
}
