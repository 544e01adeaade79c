//! A distribution by its quantiles.

/// Levels of the quantiles.
pub(super) const LEVELS: [f64; 15] =
    [0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.94, 0.97, 0.99];
const LAST: usize = LEVELS.len() - 1;

/// Quantiles in order, linear between them and beyond the last an exponential tail; below the first
/// there is nothing less.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    quantiles: [f64; LEVELS.len()],
    /// Mean of what the tail exceeds the last quantile by.
    tail: f64,
}

impl Spread {
    /// Of estimated quantiles, sorted where they cross: Chernozhukov, Fernández-Val & Galichon,
    /// *Quantile and Probability Curves Without Crossing*, Econometrica 78 (2010) 1093–1125. The tail
    /// is that of the last two, and seldom exceeds `most`.
    pub(super) fn of(mut quantiles: [f64; LEVELS.len()], most: f64) -> Spread {
        quantiles.sort_unstable_by(f64::total_cmp);
        // ln((1 − 0.97) / (1 − 0.99)) = ln 3.
        let tail = (quantiles[LAST] - quantiles[LAST - 1]) / 1.098_612_288_668_11;
        Spread { quantiles, tail: tail.min(most - quantiles[LAST]).max(0.0) }
    }

    /// The quantile of the level `uniform`.
    pub(super) fn at(&self, uniform: f64) -> f64 {
        let above = LEVELS.partition_point(|level| *level < uniform);
        if above == 0 {
            return self.quantiles[0];
        }
        if above > LAST {
            let left = (1.0 - uniform) / (1.0 - LEVELS[LAST]);
            return self.quantiles[LAST] - self.tail * libm::log(left);
        }
        let share = (uniform - LEVELS[above - 1]) / (LEVELS[above] - LEVELS[above - 1]);
        self.quantiles[above - 1] + share * (self.quantiles[above] - self.quantiles[above - 1])
    }

    /// Mean of the whole part: the integral of `⌊q(u)⌋`.
    pub(super) fn mean(&self) -> f64 {
        let mut sum = LEVELS[0] * self.quantiles[0].floor();
        for place in 1..LEVELS.len() {
            let (low, high) = (self.quantiles[place - 1], self.quantiles[place]);
            let width = high - low;
            let floor = if width > 1e-9 * high.max(1.0) {
                (whole(high) - whole(low)) / width
            } else {
                low.floor()
            };
            sum += (LEVELS[place] - LEVELS[place - 1]) * floor;
        }
        let last = self.quantiles[LAST];
        // Of an exponential number with mean s above q: ⌊q⌋ + Σ exp(−(⌊q⌋ + j − q)/s).
        let beyond = if self.tail > 1e-9 * last.max(1.0) {
            let next = libm::exp(-(last.floor() + 1.0 - last) / self.tail);
            next / (-libm::expm1(-1.0 / self.tail))
        } else {
            0.0
        };
        sum + (1.0 - LEVELS[LAST]) * (last.floor() + beyond)
    }
}

/// The integral of `⌊x⌋` from 0 to `upto`.
fn whole(upto: f64) -> f64 {
    let floor = upto.floor();
    0.5 * floor * (floor - 1.0) + floor * (upto - floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums over a fine grid of levels, whose error is the grid's step times the range.
    #[test]
    fn the_mean_is_that_of_the_whole_parts_of_quantiles() {
        const STEPS: usize = 200_000;
        for scale in [0.05, 0.7, 13.0, 400.0] {
            let quantiles = LEVELS.map(|level| scale * level * level + 0.3);
            let spread = Spread::of(quantiles, 1e6);
            let levels = (0..STEPS).map(|step| (step as f64 + 0.5) / STEPS as f64);
            let sum: f64 = levels.map(|level| spread.at(level).floor()).sum();
            let found = sum / STEPS as f64;
            let away = (found - spread.mean()).abs();
            assert!(away < 1e-4 * scale.max(1.0), "{found} {}", spread.mean());
        }
    }

    #[test]
    fn crossing_quantiles_are_sorted() {
        let mut quantiles = LEVELS;
        quantiles.swap(3, 9);
        let spread = Spread::of(quantiles, 10.0);
        for level in [0.05, 0.1, 0.35, 0.9] {
            assert!((spread.at(level) - level).abs() < 1e-12);
        }
    }
}
