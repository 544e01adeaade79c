//! Costs that plans can have: where data are whole, so are the costs of the best plans.

use super::LotSizing;

/// Steps in which costs of cheapest plans come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    /// Step \[currency\]; zero for none.
    pub(super) step: f64,
}

/// Relative error that sums of costs may have.
const ROUNDING: f64 = 1e-9;

/// Relative error that bounds of searches may have, which are off their rows by as much.
const SEARCH_ROUNDING: f64 = 1e-7;

/// Fractions of a currency unit that are looked for: hundredths.
const PARTS: f64 = 100.0;

/// The steps of a problem.
///
/// With given set-ups, what remains is a flow through a network if every item needs the same time a
/// unit. If demands, capacities and set-up times are whole in units that this time makes, one of the
/// cheapest flows is whole, and a whole sum of the costs of units, holding and set-ups.
pub(super) fn of(problem: &LotSizing) -> Grid {
    let none = Grid { step: 0.0 };
    let Some(first) = problem.items.first() else { return none };
    let unit = first.unit_time;
    let alike = problem.items.iter().all(|item| item.unit_time == unit);
    let whole = |value: f64| value.fract() == 0.0 && value < 1e12;
    let times = problem.items.iter().map(|item| item.set_up_time);
    let mut times = times.chain(problem.capacity.iter().copied());
    let demands = problem.items.iter().flat_map(|item| &item.demand);
    if !alike || unit != 1.0 || !times.all(whole) || !demands.copied().all(whole) {
        return none;
    }
    let mut common = 0_u64;
    for item in &problem.items {
        for cost in [item.set_up_cost, item.holding_cost].iter().chain(&item.unit_cost) {
            let parts = (cost * PARTS).round();
            // A decimal fraction is no double: as near as one can be is near enough.
            if parts / PARTS != *cost || parts > 1e15 {
                return none;
            }
            common = greatest_common_divisor(common, parts as u64);
        }
    }
    Grid { step: common as f64 / PARTS }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

impl Grid {
    /// The least cost on the grid that is not below a bound.
    pub(super) fn up(self, bound: f64) -> f64 {
        let safe = bound - SEARCH_ROUNDING * bound.abs().max(1.0);
        if self.step > 0.0 { (safe / self.step).ceil() * self.step } else { safe }
    }

    /// Whether no cost between a bound and a plan's is possible.
    pub(super) fn closed(self, cost: f64, bound: f64) -> bool {
        let rounding = 10.0 * ROUNDING * cost.abs().max(1.0);
        cost - self.step.max(0.0) < bound - rounding || cost <= bound + 10.0 * rounding
    }

    /// Gap, as a share of `cost`, that proves it the least.
    pub(super) fn relative_gap(self, cost: f64) -> f64 {
        (0.99 * self.step / cost.abs().max(1.0)).max(1e-8)
    }
}
