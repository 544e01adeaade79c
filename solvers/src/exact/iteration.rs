//! Relative value iteration, for every system whose states are numbered.

use super::lost_sales::{AverageCost, IterationError};

/// Bounds closer than this end an iteration \[currency/period\].
const CLOSE: f64 = 2e-6;

/// Iterates to the average cost over the states `reached` of `states`.
///
/// `step` makes their next values of those so far; it returns `false` if that is too much work.
pub(super) fn average_cost(
    states: usize,
    reached: &[usize],
    most_iterations: usize,
    mut step: impl FnMut(&[f64], &mut [f64]) -> bool,
) -> Result<AverageCost, IterationError> {
    let mut values = vec![0.0; states];
    let mut next = values.clone();
    let mut width = f64::INFINITY;
    for iterations in 1..=most_iterations {
        if !step(&values, &mut next) {
            return Err(IterationError::Slow { iterations, width });
        }
        let differences = || reached.iter().map(|&state| next[state] - values[state]);
        let low = differences().fold(f64::INFINITY, f64::min);
        let high = differences().fold(f64::NEG_INFINITY, f64::max);
        if high - low < CLOSE {
            return Ok(AverageCost { cost: 0.5 * (low + high), low, high, iterations });
        }
        width = high - low;
        // Only differences matter; half steps keep periodic policies from oscillating.
        let base = next[reached[0]];
        for &state in reached {
            values[state] = 0.5 * values[state] + 0.5 * (next[state] - base);
        }
    }
    Err(IterationError::Slow { iterations: most_iterations, width })
}
