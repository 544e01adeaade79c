//! Group fill rate: one share of all demand met at once, with stock where it does most good.
//!
//! Holding costs of all items are least for a fill rate over all of them if every item's level `S` has
//! `h = λ (μ/Q) P(D > S)`: one more unit held costs as much, for each unit that it saves, everywhere.
//! `λ` is found over all items; see [`curve`]. Thonemann, Brown & Hausman, *Easy Quantification of Improved
//! Spare Parts Inventory Policies*, Management Science 48 (2002) 1213–1225; Sherbrooke, *Optimal Inventory
//! Modeling of Systems*, 2nd ed. (2004), chapter 2.

use engine::{Units, percentile};

use super::{Knowledge, Method, Strategy, round_up};

/// Its name, by which a study is known to need `λ`.
pub const NAME: &str = "group-fill-rate";

pub(super) const STRATEGY: Strategy = Strategy {
    name: NAME,
    summary: "a share of all items' demand met at once, with stock where it does most good",
    method: Method::Level(|known, protection| {
        let demand = known.model_demand(protection);
        level(known, &demand, known.shortage_price)
    }),
};

/// Number of values of `λ` that a curve is told for.
pub const PRICES: usize = 65;

/// The values of `λ`: from a hundredth to ten million of currency a unit, evenly in their logarithms.
pub fn price(place: usize) -> f64 {
    libm::pow(10.0, -2.0 + 9.0 * place as f64 / (PRICES - 1) as f64)
}

fn level(known: &Knowledge<'_>, sorted: &[Units], price: f64) -> Units {
    let short = known.item.holding_cost_per_unit_period * known.cycle_demand() / known.mean / price;
    if short >= 1.0 { 0.0 } else { round_up(percentile(sorted, 1.0 - short)) }
}

/// Demand that is not met at once under each value of `λ` \[counts/period\]; `λ` is currency a count.
pub fn curve(
    known: &Knowledge<'_>,
    protection: usize,
    price_of: impl Fn(usize) -> f64,
) -> [f64; PRICES] {
    let demand = known.model_demand(protection);
    let cycles = known.mean / known.cycle_demand();
    std::array::from_fn(|place| {
        let level = level(known, &demand, price_of(place));
        let short = demand.iter().map(|demand| (demand - level).max(0.0)).sum::<f64>();
        (cycles * short / demand.len() as f64).min(known.mean)
    })
}

/// The least `λ` under which no more than `allowed` of demand goes unmet, by the sum of all items'
/// curves \[units/period\]; between two values, in their logarithms.
pub fn price_for(unmet: &[f64; PRICES], allowed: f64) -> f64 {
    let Some(place) = (0..PRICES).find(|place| unmet[*place] <= allowed) else {
        return price(PRICES - 1);
    };
    if place == 0 {
        return price(0);
    }
    let (before, after) = (unmet[place - 1], unmet[place]);
    let share = (before - allowed) / (before - after);
    let [low, high] = [price(place - 1), price(place)].map(libm::log);
    libm::exp(low + share * (high - low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_is_where_the_curve_meets_what_is_allowed() {
        let unmet: [f64; PRICES] = std::array::from_fn(|place| 100.0 - place as f64);
        assert!((price_for(&unmet, 60.0) - price(40)).abs() < 1e-9 * price(40));
        let between = price_for(&unmet, 59.5);
        assert!(between > price(40) && between < price(41));
        assert_eq!(price_for(&unmet, 200.0), price(0));
        assert_eq!(price_for(&unmet, 1.0), price(PRICES - 1));
        assert!((price(0) - 0.01).abs() < 1e-12 && (price(PRICES - 1) - 1e7).abs() < 1e-3);
    }
}
