//! Nelder & Mead: a simplex that turns away from its dearest corner.
//!
//! *A Simplex Method for Function Minimization*, The Computer Journal 7 (1965) 308–313; started twice, the
//! second time around what the first found.

use engine::policy::MAX_PARAMETERS;

use super::{Found, Method, Problem};

pub(super) const METHOD: Method = Method {
    name: "nelder-mead",
    summary: "a simplex that turns away from its dearest corner",
    fits: |_| true,
    run,
};

/// Steps of each start.
const STEPS: usize = 40;

type Place = [f64; MAX_PARAMETERS];

fn run(problem: &mut Problem<'_>) -> Found {
    for size in [1.0, 0.4] {
        let best = problem.best().values;
        let centre = std::array::from_fn(|place| match problem.scale[place] > 0.0 {
            true => (best[place] - problem.start[place]) / problem.scale[place],
            false => 0.0,
        });
        start(problem, centre, size);
    }
    problem.best()
}

fn start(problem: &mut Problem<'_>, centre: Place, size: f64) {
    let count = problem.dimension();
    let mut price = |at: &Place| {
        let values = problem.values(at);
        problem.price(values)
    };
    let mut corners: Vec<(Place, f64)> = (0..=count)
        .map(|corner| {
            let mut at = centre;
            if corner > 0 {
                at[corner - 1] += size;
            }
            (at, price(&at))
        })
        .collect();
    for _ in 0..STEPS {
        corners.sort_by(|left, right| left.1.total_cmp(&right.1));
        let middle: Place = std::array::from_fn(|place| {
            corners[..count].iter().map(|(at, _)| at[place]).sum::<f64>() / count as f64
        });
        let (worst, cost) = corners[count];
        let mut along = |factor: f64| {
            let at: Place = std::array::from_fn(|p| middle[p] + factor * (middle[p] - worst[p]));
            (at, price(&at))
        };
        let turned = along(1.0);
        let new = if turned.1 < corners[0].1 {
            let further = along(2.0);
            Some(if further.1 < turned.1 { further } else { turned })
        } else if turned.1 < corners[count - 1].1 {
            Some(turned)
        } else {
            let nearer = if turned.1 < cost { along(0.5) } else { along(-0.5) };
            (nearer.1 < cost.min(turned.1)).then_some(nearer)
        };
        if let Some(corner) = new {
            corners[count] = corner;
            continue;
        }
        let best = corners[0].0;
        for corner in &mut corners[1..] {
            corner.0 = std::array::from_fn(|p| 0.5 * (corner.0[p] + best[p]));
            corner.1 = price(&corner.0);
        }
    }
}
