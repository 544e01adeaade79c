//! Newsvendor: the level of stock at which one more unit costs what it saves.
//!
//! Lost sales: a unit that is needed in a cycle of `T` periods saves a shortage `p`, one that is
//! not costs holding `hT`, so the level is the quantile of lead-time demand at the critical ratio
//! `p / (p + hT)` (Silver, Pyke & Thomas, *Inventory and Production Management in Supply Chains*,
//! 4th ed. (2017), §6.6–6.7).
//!
//! Backorders cost `p` a period as stock costs `h`: the chance of no shortage, averaged over the
//! positions `s` to `s + Q` between two orders, is to be `p / (p + h)` (Zheng, *On Properties of
//! Stochastic Inventory Systems*, Management Science 38 (1992) 87–103); with orders at every
//! review, `Q = 0`, it is the quantile of Arrow, Harris & Marschak, *Optimal Inventory Policy*,
//! Econometrica 19 (1951) 250–272.

use engine::{Units, Unmet, percentile};

use super::{Knowledge, Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "newsvendor",
    summary: "the model's lead-time demand at the critical ratio of shortage and holding costs",
    method: Method::Level(level),
};

/// The level that protects for so many periods \[counts\].
pub(crate) fn level(known: &Knowledge<'_>, protection: usize) -> Units {
    let demand = known.model_demand(protection);
    let quantity = if known.batches { known.order_quantity() } else { 0.0 };
    match known.events.unmet {
        Unmet::Lost | Unmet::PartlyLost { .. } | Unmet::Patient { .. } => {
            round_up(percentile(&demand, known.critical_ratio()))
        }
        Unmet::Backorder => averaged(&demand, quantity, known.item.critical_ratio()),
    }
}

/// The least whole `s` for which demand is met with probability `ratio`, averaged over positions
/// from `s` to `s + quantity`.
fn averaged(sorted: &[Units], quantity: Units, ratio: f64) -> Units {
    let met = |s: f64| {
        let part = |&demand: &f64| match quantity > 0.0 {
            true => ((s + quantity - demand) / quantity).clamp(0.0, 1.0),
            false => f64::from(u8::from(demand <= s)),
        };
        sorted.iter().map(part).sum::<f64>() / sorted.len() as f64
    };
    let (mut low, mut high) = (-1.0, sorted[sorted.len() - 1].ceil().max(0.0));
    // Nothing below `low` meets enough; `high` meets everything.
    while high - low > 1.0 {
        let middle = (0.5 * (low + high)).floor();
        if met(middle) >= ratio {
            high = middle;
        } else {
            low = middle;
        }
    }
    high
}
