//! A grid of (s, S) policies, then pattern searches in both valleys of its cost.
//!
//! A wide grid around the newsvendor's level and the economic order quantity is priced on few scenarios;
//! the best of it are priced on all, and a pattern search (Hooke & Jeeves, *Direct Search Solution of
//! Numerical and Statistical Problems*, Journal of the ACM 8 (1961) 212–229) goes from the winner down to
//! single units of sale, in levels and quantities.

use engine::percentile;

use super::{Found, Method, Problem};
use crate::strategy::round_up;

pub(super) const METHOD: Method = Method {
    name: "grid",
    summary: "for (s, S): a wide grid, then a pattern search in both of its valleys",
    fits: |family| family.name == "min-max",
    run,
};

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

fn run(problem: &mut Problem<'_>) -> Found {
    let known = problem.known;
    let protection = known.events.protection_periods(known.item);
    let demand = known.model_demand(protection);
    let quantity = known.order_quantity();
    let mut grid: Vec<Found> = Vec::new();
    for level in LEVELS {
        // Demand at or below the order's own periods may be nil: a level below zero waits longer.
        let min = round_up(percentile(&demand, level)) - 1.0;
        for multiple in QUANTITIES {
            let values = [min, min + round_up(multiple * quantity).max(1.0), 0.0];
            if grid.iter().all(|found| found.values != values) {
                grid.push(Found { values, cost: problem.glance(values) });
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
            .map(|found| Found { cost: problem.price(found.values), ..*found })
            .reduce(|best, next| if next.cost < best.cost { next } else { best })
    });
    let lowest = valleys.iter().flatten().map(|best| best.cost).fold(f64::INFINITY, f64::min);
    let spread = percentile(&demand, 0.94) - percentile(&demand, 0.75);
    let steps = [round_up(0.5 * spread), round_up(0.2 * quantity)];
    for best in valleys.iter_mut().flatten().filter(|best| best.cost <= CLOSE * lowest) {
        *best = refine(problem, *best, steps.map(|step| step.max(1.0)));
    }
    let bests = valleys.into_iter().flatten();
    let best = bests.reduce(|best, next| if next.cost < best.cost { next } else { best });
    best.unwrap_or_else(|| problem.best())
}

/// Moves to the best neighbour while there is a better one, then halves the steps.
fn refine(
    problem: &mut Problem<'_>,
    mut best: Found,
    [mut level, mut quantity]: [f64; 2],
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
            let [min, max, _] = centre.values;
            let lower = min + up * level;
            let upper = lower + (max - min + more * quantity).max(1.0);
            let values = [lower, upper, 0.0];
            let cost = problem.price(values);
            if cost < best.cost {
                best = Found { values, cost };
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
