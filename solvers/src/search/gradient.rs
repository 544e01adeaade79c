//! Stochastic approximation: down the slope of a few scenarios, with ever shorter steps.
//!
//! Robbins & Monro, *A Stochastic Approximation Method*, Annals of Mathematical Statistics 22 (1951)
//! 400–407, with the mean of the later places as answer (Polyak & Juditsky, SIAM Journal on Control and
//! Optimization 30 (1992) 838–855). The slope is the pathwise derivative of Glasserman & Tayur, *Sensitivity
//! Analysis for Base-Stock Levels*, Management Science 41 (1995) 263–281. Stock, orders and what is unmet
//! are, on every path, linear in the level between two whole ones if demand is whole; so there the
//! derivative is the difference of the costs of both, on that path, exactly, and is taken so.

use super::{Found, Method, Problem};

pub(super) const METHOD: Method = Method {
    name: "gradient",
    summary: "for families of one parameter: down the slope of few scenarios at a time",
    fits: |family| family.parameters.len() == 1,
    run,
};

/// Steps taken.
const STEPS: usize = 32;
/// Places whose mean is the answer.
const LATER: usize = 12;
/// Steps become shorter as this power of their number.
const POWER: f64 = 0.7;

fn run(problem: &mut Problem<'_>) -> Found {
    let step = problem.step(0);
    let mut place = problem.start[0];
    let (mut steepest, mut sum) = (0.0_f64, 0.0);
    for number in 0..STEPS {
        let level = (place / step).floor() * step;
        let Some(slope) = problem.slope([level, 0.0, 0.0], number) else { break };
        steepest = steepest.max(slope.abs());
        if steepest > 0.0 {
            let reach = 2.0 * problem.scale[0] / libm::pow(number as f64 + 1.0, POWER);
            place -= reach * slope / steepest;
        }
        if number >= STEPS - LATER {
            sum += place / LATER as f64;
        }
    }
    let values = problem.whole([sum, 0.0, 0.0]);
    Found { values, cost: problem.price(values) }
}
