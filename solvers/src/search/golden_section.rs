//! Golden section: the bottom of a cost with one parameter and one valley.
//!
//! Kiefer, *Sequential Minimax Search for a Maximum*, Proceedings of the American Mathematical Society 4
//! (1953) 502–506, on whole steps. The cost of a base-stock level is convex with backorders (Arrow,
//! Harris & Marschak 1951), and nearly always has one valley with lost sales (Janakiraman & Roundy,
//! Operations Research 52 (2004) 795–803: convex, for every path of demand).

use super::{Found, Method, Problem};

pub(super) const METHOD: Method = Method {
    name: "golden-section",
    summary: "for families of one parameter: brackets the bottom of the valley",
    fits: |family| family.parameters.len() == 1,
    run,
};

/// Doublings of the bracket at most.
const MOST_DOUBLINGS: usize = 20;

fn run(problem: &mut Problem<'_>) -> Found {
    let step = problem.step(0);
    let middle = (problem.start[0] / step).round();
    let mut width = (problem.scale[0] / step).round().max(1.0);
    let mut price = |steps: f64| problem.price([steps * step, 0.0, 0.0]);
    let (mut low, mut best, mut high) = (middle - width, middle, middle + width);
    let mut costs = [price(low), price(best), price(high)];
    for _ in 0..MOST_DOUBLINGS {
        if costs[1] <= costs[0] && costs[1] <= costs[2] {
            break;
        }
        width *= 2.0;
        if costs[0] < costs[2] {
            (low, best, high) = (low - width, low, best);
            costs = [price(low), costs[0], costs[1]];
        } else {
            (low, best, high) = (best, high, high + width);
            costs = [costs[1], costs[2], price(high)];
        }
    }
    // The larger side is divided, until both ends are next to the best.
    let golden = 0.5 * (3.0 - 5.0_f64.sqrt());
    while high - low > 2.0 {
        let right = high - best > best - low;
        let side = if right { high - best } else { best - low };
        let away = (golden * side).round().clamp(1.0, side - 1.0);
        let tried = if right { best + away } else { best - away };
        let cost = price(tried);
        // Where both cost the same, the lower level ties up less.
        let better = cost < costs[1] || (cost == costs[1] && tried < best);
        match (better, right) {
            (true, true) => (low, best) = (best, tried),
            (true, false) => (high, best) = (best, tried),
            (false, true) => high = tried,
            (false, false) => low = tried,
        }
        if better {
            costs[1] = cost;
        }
    }
    Found { values: [best * step, 0.0, 0.0], cost: costs[1] }
}
