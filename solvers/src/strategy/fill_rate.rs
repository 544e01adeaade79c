//! Fill rate: the stock at which so much of demand is met at once, as if it were normal.
//!
//! Units short in a cycle are the normal loss at the level; over a cycle's demand `Q` they are to be
//! `1 − β` of it, or `(1 − β)/β` where unmet demand is lost: Silver, Pyke & Thomas, *Inventory and
//! Production Management in Supply Chains*, 4th ed. (2017), §6.7, the `P₂` measure.

use engine::Unmet;

use super::{Method, Strategy, round_up};
use crate::exact::normal_loss;

pub(super) const STRATEGY: Strategy = Strategy {
    name: "fill-rate",
    summary: "the stock that meets a share of demand at once, as if demand were normal",
    method: Method::Level(|known, protection| {
        let (mean, variance) = known.moments(protection);
        let short = match known.events.unmet {
            Unmet::Backorder => 1.0 - known.targets.fill_rate,
            _ => (1.0 - known.targets.fill_rate) / known.targets.fill_rate,
        };
        round_up(level(mean, variance.sqrt(), known.cycle_demand() * short))
    }),
};

/// The least level at which no more than `short` units are missing on average.
fn level(mean: f64, deviation: f64, short: f64) -> f64 {
    let missing = |level: f64| normal_loss(level, mean, deviation);
    if missing(0.0) <= short {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, mean + 9.0 * deviation);
    while high - low > 1e-9 * (1.0 + mean) {
        let middle = 0.5 * (low + high);
        if missing(middle) > short { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The unit normal loss is 0.05059 at 1.25, as every table has it.
    #[test]
    fn the_level_is_that_of_the_table_of_losses() {
        let found = level(100.0, 20.0, 20.0 * 0.050_59);
        assert!((found - 125.0).abs() < 0.01, "{found}");
        assert_eq!(level(100.0, 20.0, 200.0), 0.0);
        assert!((level(100.0, 0.0, 4.0) - 96.0).abs() < 1e-6);
    }
}
