//! Pattern search: to the cheapest neighbour while there is a cheaper one, then with half the steps.
//!
//! Hooke & Jeeves, *Direct Search Solution of Numerical and Statistical Problems*, Journal of the ACM 8
//! (1961) 212–229; with all diagonals of two parameters, since levels are moved together.

use engine::policy::MAX_PARAMETERS;

use super::{Found, Method, Problem};

pub(super) const METHOD: Method = Method {
    name: "pattern",
    summary: "to the cheapest neighbour, with ever smaller steps, from several starts",
    fits: |_| true,
    run,
};

/// Moves at most, with each size of steps.
const MOST_MOVES: usize = 40;
/// Starts, in scales from the usual parameters.
const STARTS: [f64; 3] = [0.0, -1.0, 1.5];

type Values = [f64; MAX_PARAMETERS];

fn run(problem: &mut Problem<'_>) -> Found {
    // The most promising start, on few scenarios.
    let starts = STARTS.map(|start| problem.values(&[start; MAX_PARAMETERS]));
    let priced = starts.map(|values| Found { values, cost: problem.glance(values) });
    let best = priced.into_iter().reduce(|a, b| if b.cost < a.cost { b } else { a });
    let mut best = best.unwrap_or_else(|| problem.best());
    best.cost = problem.price(best.values);
    let mut factor = 1.0;
    loop {
        let steps = problem.each(|place| {
            let step = problem.step(place);
            ((factor * problem.scale[place] / step).round() * step).max(step)
        });
        best = descend(problem, best, steps);
        let smallest = (0..problem.dimension()).all(|place| steps[place] <= problem.step(place));
        if smallest {
            return best;
        }
        factor *= 0.5;
    }
}

/// Moves by single steps to the cheapest neighbour while there is a cheaper one.
pub fn polish(problem: &mut Problem<'_>, best: Found) -> Found {
    let steps = problem.each(|place| problem.step(place));
    descend(problem, best, steps)
}

fn descend(problem: &mut Problem<'_>, mut best: Found, steps: Values) -> Found {
    for _ in 0..MOST_MOVES {
        let centre = best;
        for values in around(problem, centre.values, steps) {
            let cost = problem.price(values);
            if cost < best.cost {
                best = Found { values, cost };
            }
        }
        if best.values == centre.values {
            break;
        }
    }
    best
}

/// The neighbours of `values`, a step away.
pub(super) fn neighbours(problem: &Problem<'_>, values: Values) -> Vec<Values> {
    let steps = problem.each(|place| problem.step(place));
    around(problem, values, steps)
}

/// Each parameter up and down, any two of them together, and levels with the interval they last for.
fn around(problem: &Problem<'_>, values: Values, steps: Values) -> Vec<Values> {
    let count = problem.dimension();
    let parameters = problem.family.parameters;
    let mut all = Vec::with_capacity(2 * count * count + 2);
    let mut add = |changes: &[(usize, f64)]| {
        let mut moved = values;
        for &(place, by) in changes {
            moved[place] += by;
        }
        all.push(problem.whole(moved));
    };
    for one in 0..count {
        for up in [steps[one], -steps[one]] {
            add(&[(one, up)]);
            for other in one + 1..count {
                add(&[(one, up), (other, steps[other])]);
                add(&[(one, up), (other, -steps[other])]);
            }
            if parameters[one].unit == "periods" && count > 1 {
                // An interval that is longer by a period asks for a period's demand more.
                let demand = up * problem.known.mean;
                let levels = (0..count).filter(|&level| parameters[level].unit == "units");
                let mut changes: Vec<(usize, f64)> = levels.map(|level| (level, demand)).collect();
                changes.push((one, up));
                add(&changes);
            }
        }
    }
    all
}
