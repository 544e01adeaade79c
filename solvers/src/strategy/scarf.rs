//! Scarf's rule: best against the worst distribution with the same mean and variance.
//!
//! `m + s/2 (√(r/(1 − r)) − √((1 − r)/r))` at the critical ratio `r`, and nothing where `m²/(m² + s²)` is
//! below `1 − r`: Scarf, *A Min-Max Solution of an Inventory Problem*, in Arrow, Karlin & Scarf, *Studies
//! in the Mathematical Theory of Inventory and Production* (1958) 201–209; Gallego & Moon, *The
//! Distribution Free Newsboy Problem*, Journal of the Operational Research Society 44 (1993) 825–834.

use super::{Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "scarf",
    summary: "the cheapest level against the worst distribution with the same mean and variance",
    method: Method::Level(|known, protection| {
        let (mean, variance) = known.moments(protection);
        round_up(level(mean, variance.sqrt(), known.critical_ratio()))
    }),
};

fn level(mean: f64, deviation: f64, ratio: f64) -> f64 {
    let odds = (ratio / (1.0 - ratio)).sqrt();
    if mean * mean < (1.0 - ratio) * (mean * mean + deviation * deviation) {
        return 0.0;
    }
    (mean + 0.5 * deviation * (odds - 1.0 / odds)).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gallego & Moon (1993), their example: cost 35, price 50, salvage 25, mean 900, deviation 122: 925.
    #[test]
    fn the_level_is_the_published_one() {
        let found = level(900.0, 122.0, (50.0 - 35.0) / (50.0 - 25.0));
        assert_eq!(found.round(), 925.0, "{found}");
        assert_eq!(level(1.0, 10.0, 0.3), 0.0);
    }
}
