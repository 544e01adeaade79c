//! Fill rate: the stock at which so much of demand is met at once, by the moments of demand.
//!
//! Between orders of `Q` the position is anywhere from the level to `Q` above it, evenly (Hadley & Whitin,
//! *Analysis of Inventory Systems* (1963), chapter 5). What a review's demand leaves unmet from a position
//! `y` is what is short after lead time and review, less what was short already before, after the lead time:
//! `E(D(L + R) − y)⁺ − E(D(L) − y)⁺`, the `P₂` measure of Silver, Pyke & Thomas, *Inventory and Production
//! Management in Supply Chains*, 4th ed. (2017), §6.7, without its assumption that reviews find stock at the
//! level. Demand is normal, or gamma where it varies by more than half its mean (Tijms & Groenevelt, European
//! Journal of Operational Research 17 (1984) 175–190).

use engine::Unmet;
use engine::special::gamma_cdf;

use super::{Method, Strategy, round_up};
use crate::exact::normal_loss;

pub(super) const STRATEGY: Strategy = Strategy {
    name: "fill-rate",
    summary: "the stock that meets a share of demand at once, by the moments of demand",
    method: Method::Level(|known, protection| {
        let review = known.events.review_every_periods.min(protection);
        let [after, before] = [protection, protection - review].map(|periods| {
            let (mean, variance) = known.moments(periods);
            Moments { mean, deviation: variance.sqrt() }
        });
        let quantity = if known.batches { known.order_quantity() } else { 0.0 };
        let short = match known.events.unmet {
            Unmet::Backorder => 1.0 - known.targets.fill_rate,
            _ => (1.0 - known.targets.fill_rate) / known.targets.fill_rate,
        };
        let demand = after.mean - before.mean;
        round_up(level(after, before, quantity, demand * short))
    }),
};

/// Mean and standard deviation of demand \[counts\].
#[derive(Clone, Copy)]
struct Moments {
    mean: f64,
    deviation: f64,
}

impl Moments {
    /// Units short on average of a stock.
    fn loss(&self, stock: f64) -> f64 {
        /// Coefficient of variation from which on a normal would be negative too often.
        const MOST_NORMAL: f64 = 0.5;
        let Moments { mean, deviation } = *self;
        if mean <= 0.0 {
            return 0.0;
        }
        if deviation <= MOST_NORMAL * mean {
            return normal_loss(stock, mean, deviation);
        }
        let shape = mean * mean / (deviation * deviation);
        let scaled = stock * shape / mean;
        mean * (1.0 - gamma_cdf(shape + 1.0, scaled)) - stock * (1.0 - gamma_cdf(shape, scaled))
    }
}

/// The least level at which a review leaves no more than `short` units unmet on average.
fn level(after: Moments, before: Moments, quantity: f64, short: f64) -> f64 {
    /// Positions between two orders that are looked at.
    const POSITIONS: u32 = 16;
    let unmet = |level: f64| {
        let at = |place: u32| {
            let position = level + quantity * (f64::from(place) + 0.5) / f64::from(POSITIONS);
            after.loss(position) - before.loss(position)
        };
        let count = if quantity > 0.0 { POSITIONS } else { 1 };
        (0..count).map(at).sum::<f64>() / f64::from(count)
    };
    if unmet(0.0) <= short {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, after.mean + 9.0 * after.deviation);
    while unmet(high) > short && high < 1e12 {
        high *= 2.0;
    }
    while high - low > 1e-9 * (1.0 + after.mean) {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if unmet(middle) > short { low = middle } else { high = middle }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Moments = Moments { mean: 0.0, deviation: 0.0 };

    /// The unit normal loss is 0.05059 at 1.25, as every table has it.
    #[test]
    fn the_level_is_that_of_the_table_of_losses() {
        let demand = Moments { mean: 100.0, deviation: 20.0 };
        let found = level(demand, NONE, 0.0, 20.0 * 0.050_59);
        assert!((found - 125.0).abs() < 0.01, "{found}");
        assert_eq!(level(demand, NONE, 0.0, 200.0), 0.0);
        let certain = Moments { mean: 100.0, deviation: 0.0 };
        assert!((level(certain, NONE, 0.0, 4.0) - 96.0).abs() < 1e-6);
        // What was short before does not count again.
        let before = Moments { mean: 90.0, deviation: 0.0 };
        assert!((level(certain, before, 0.0, 4.0) - 96.0).abs() < 1e-6);
    }

    /// An exponential distribution has the loss `m e^(−x/m)`.
    #[test]
    fn lumpy_demand_has_the_loss_of_a_gamma() {
        let demand = Moments { mean: 10.0, deviation: 10.0 };
        for x in [0.0, 3.0, 40.0] {
            let exact = 10.0 * libm::exp(-x / 10.0);
            assert!((demand.loss(x) - exact).abs() < 1e-9, "{x}");
        }
        let found = level(demand, NONE, 0.0, 1.0);
        assert!((found - 10.0 * libm::log(10.0)).abs() < 1e-6);
    }
}
