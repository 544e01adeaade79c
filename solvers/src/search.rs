//! Good (s, S) parameters for one item, found by simulation.
//!
//! A wide grid around the newsvendor's level and the economic order quantity is priced on few
//! scenarios; the best of it are priced on all, and a pattern search (Hooke & Jeeves, *Direct
//! Search Solution of Numerical and Statistical Problems*, JACM 8 (1961) 212–229) goes from the
//! winner down to single units of sale. Every candidate meets the same demand, so differences
//! between them are those of the policies.

use engine::policy::{MAX_PARAMETERS, family};
use engine::{Block, Estimate, Money, Outcomes, Scratch, percentile};

use crate::strategy::Knowledge;

/// The best parameters found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Reorder level `s` and order-up-to level `S` \[units\].
    pub values: [f64; MAX_PARAMETERS],
    /// Estimated cost on the scenarios searched \[currency/period\].
    pub cost: Money,
}

/// Probabilities of no stockout whose quantiles are tried as reorder levels.
const LEVELS: [f64; 9] = [0.05, 0.3, 0.55, 0.75, 0.87, 0.94, 0.975, 0.99, 0.998];

/// Multiples of the order quantity that are tried.
const QUANTITIES: [f64; 7] = [0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8];

/// How many of the grid are priced on all scenarios.
const FINALISTS: usize = 6;

/// Rounds of the pattern search at most; each tries eight neighbours.
const ROUNDS: usize = 24;

/// Working memory of a search.
#[derive(Default)]
pub struct SearchMemory {
    scratch: Scratch,
    outcomes: Outcomes,
}

/// Searches the cheapest (s, S) policy: first on `few` scenarios, then on those of `known`.
pub fn search(known: &Knowledge<'_>, few: &Block, memory: &mut SearchMemory) -> Found {
    let protection = known.events.protection_periods(known.item);
    let demand = known.model_demand(protection);
    let quantity = known.order_quantity();
    let mut grid: Vec<Found> = Vec::new();
    for level in LEVELS {
        // Demand at or below the order's own periods may be nil: a level below zero waits longer.
        let min = known.round_up(percentile(&demand, level)) - known.quantum;
        for multiple in QUANTITIES {
            let max = min + known.round_up(multiple * quantity).max(known.quantum);
            if grid.iter().all(|found| found.values != [min, max]) {
                grid.push(Found {
                    values: [min, max],
                    cost: price(known, few, [min, max], memory),
                });
            }
        }
    }
    grid.sort_by(|left, right| left.cost.total_cmp(&right.cost));
    grid.truncate(FINALISTS);
    let finalists = grid
        .into_iter()
        .map(|found| Found { cost: price(known, known.scenarios, found.values, memory), ..found });
    let best = finalists.reduce(|best, next| if next.cost < best.cost { next } else { best });
    let best = best.expect("the grid is not empty");

    let spread = percentile(&demand, 0.94) - percentile(&demand, 0.75);
    let steps = [known.round_up(0.5 * spread), known.round_up(0.2 * quantity)];
    refine(known, best, steps.map(|step| step.max(known.quantum)), memory)
}

/// Moves to the best neighbour while there is a better one, then halves the steps.
fn refine(
    known: &Knowledge<'_>,
    mut best: Found,
    [mut level, mut quantity]: [f64; 2],
    memory: &mut SearchMemory,
) -> Found {
    const MOVES: [[f64; 2]; 8] = [
        [1.0, 0.0],
        [-1.0, 0.0],
        [0.0, 1.0],
        [0.0, -1.0],
        [1.0, 1.0],
        [-1.0, -1.0],
        [1.0, -1.0],
        [-1.0, 1.0],
    ];
    for _ in 0..ROUNDS {
        let centre = best;
        for [up, more] in MOVES {
            let [min, max] = centre.values;
            let min = min + up * level;
            let max = min + (max - centre.values[0] + more * quantity).max(known.quantum);
            let cost = price(known, known.scenarios, [min, max], memory);
            if cost < best.cost {
                best = Found { values: [min, max], cost };
            }
        }
        if best.values == centre.values {
            if level <= known.quantum && quantity <= known.quantum {
                break;
            }
            let halved = |step: f64| known.round_up(0.5 * step).max(known.quantum);
            (level, quantity) = (halved(level), halved(quantity));
        }
    }
    best
}

/// Mean cost of the (s, S) policy with `values` on `block` \[currency/period\].
pub(crate) fn price(
    known: &Knowledge<'_>,
    block: &Block,
    values: [f64; MAX_PARAMETERS],
    memory: &mut SearchMemory,
) -> Money {
    let family = family("min-max").expect("in the catalogue");
    let policy = (family.build)(&values).expect("min lies below max");
    memory.outcomes.clear();
    let SearchMemory { scratch, outcomes } = memory;
    policy.simulate(known.item, known.events, block, scratch, outcomes);
    let costs = outcomes.costs(known.item, known.events, block.measured());
    Estimate::of(&costs).mean
}
