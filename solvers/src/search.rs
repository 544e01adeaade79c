//! Good (s, S) parameters for one item, found by simulation.
//!
//! A wide grid around the newsvendor's level and the economic order quantity is priced on few
//! scenarios; the best of it are priced on all, and a pattern search (Hooke & Jeeves, *Direct
//! Search Solution of Numerical and Statistical Problems*, JACM 8 (1961) 212–229) goes from the
//! winner down to single units of sale. Every candidate meets the same demand, so differences
//! between them are those of the policies.

use engine::{Block, Detail, Estimate, Money, Outcomes, Policy, Rule, Scratch, percentile};

use crate::strategy::{Knowledge, round_up};

/// The best parameters found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Found {
    /// Reorder level `s` and order-up-to level `S` \[counts\].
    pub values: [f64; 2],
    /// Estimated cost on the scenarios searched \[currency/period\].
    pub cost: Money,
}

/// Probabilities of no stockout whose quantiles are tried as reorder levels.
const LEVELS: [f64; 9] = [0.05, 0.3, 0.55, 0.75, 0.87, 0.94, 0.975, 0.99, 0.998];

/// Multiples of the order quantity that are tried.
const QUANTITIES: [f64; 10] = [0.02, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0, 1.4, 2.0, 2.8];

/// How many of each valley of the grid are priced on all scenarios.
const FINALISTS: usize = 4;

/// How much dearer than the other a valley's best may be and still be searched.
const CLOSE: f64 = 1.05;

/// Moves of the pattern search at most; each tries eight neighbours.
const MOST_MOVES: usize = 40;

/// Working memory of a search.
#[derive(Default)]
pub struct SearchMemory {
    scratch: Scratch,
    outcomes: Outcomes,
}

/// Searches the cheapest (s, S) policy: first on `few` scenarios, then on those of `known`.
///
/// # Panics
///
/// Never: the grid is not empty and its minima lie below its maxima.
pub fn search(known: &Knowledge<'_>, few: &Block, memory: &mut SearchMemory) -> Found {
    let protection = known.events.protection_periods(known.item);
    let demand = known.model_demand(protection);
    let quantity = known.order_quantity();
    let mut grid: Vec<Found> = Vec::new();
    for level in LEVELS {
        // Demand at or below the order's own periods may be nil: a level below zero waits longer.
        let min = round_up(percentile(&demand, level)) - 1.0;
        for multiple in QUANTITIES {
            let max = min + round_up(multiple * quantity).max(1.0);
            if grid.iter().all(|found| found.values != [min, max]) {
                grid.push(Found {
                    values: [min, max],
                    cost: price(known, few, [min, max], memory),
                });
            }
        }
    }
    grid.sort_by(|left, right| left.cost.total_cmp(&right.cost));

    // Costs have two valleys, orders that last one review and orders that last several, and as
    // demand grows the best policy jumps from one to the other (Zheng & Federgruen 1991).
    let review = known.mean * known.events.review_every_periods as f64;
    let valley = |found: &&Found| found.values[1] - found.values[0] < review;
    let mut valleys = [true, false].map(|short| {
        let finalists = grid.iter().filter(|found| valley(found) == short).take(FINALISTS);
        finalists
            .map(|found| Found {
                cost: price(known, known.scenarios, found.values, memory),
                ..*found
            })
            .reduce(|best, next| if next.cost < best.cost { next } else { best })
    });
    let lowest = valleys.iter().flatten().map(|best| best.cost).fold(f64::INFINITY, f64::min);
    let spread = percentile(&demand, 0.94) - percentile(&demand, 0.75);
    let steps = [round_up(0.5 * spread), round_up(0.2 * quantity)];
    for best in valleys.iter_mut().flatten().filter(|best| best.cost <= CLOSE * lowest) {
        *best = refine(known, *best, steps.map(|step| step.max(1.0)), memory);
    }
    let bests = valleys.into_iter().flatten();
    let best = bests.reduce(|best, next| if next.cost < best.cost { next } else { best });
    best.expect("the grid is not empty")
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
    let mut moves = 0;
    loop {
        let centre = best;
        for [up, more] in MOVES {
            let [min, max] = centre.values;
            let lower = min + up * level;
            let upper = lower + (max - min + more * quantity).max(1.0);
            let cost = price(known, known.scenarios, [lower, upper], memory);
            if cost < best.cost {
                best = Found { values: [lower, upper], cost };
            }
        }
        if best.values != centre.values && moves < MOST_MOVES {
            moves += 1;
        } else if level <= 1.0 && quantity <= 1.0 {
            return best;
        } else {
            // Every halving may move again, so that single units are always tried.
            (level, quantity) = (round_up(0.5 * level), round_up(0.5 * quantity));
            moves = moves.min(MOST_MOVES - 2);
        }
    }
}

/// Mean cost of the (s, S) policy with `values` on `block` \[currency/period\].
pub(crate) fn price(
    known: &Knowledge<'_>,
    block: &Block,
    [min, max]: [f64; 2],
    memory: &mut SearchMemory,
) -> Money {
    let policy = Policy::constant(Rule::at(min, max), [min, max]);
    memory.outcomes.clear();
    let SearchMemory { scratch, outcomes } = memory;
    policy.simulate(known.item, known.events, block, Detail::Cost, scratch, outcomes);
    let costs = outcomes.costs(known.item, known.events, block.measured());
    Estimate::of(&costs).mean
}
