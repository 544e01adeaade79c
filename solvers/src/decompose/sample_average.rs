//! How good a decision from a sample is.

use engine::{Estimate, normal_quantile};

use super::value::best;
use super::{DecomposeError, Recourses, Spread, TwoStage};

/// A sample that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its number: samples of different numbers are independent.
    pub number: u64,
    /// How many equiprobable scenarios it has.
    pub scenarios: usize,
}

/// How much is sampled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SampleAverageEffort {
    /// Scenarios that the first decision is made from.
    pub scenarios: usize,
    /// Most scenarios a decision is made from; each next one is made from twice as many.
    pub most_scenarios: usize,
    /// Samples of as many scenarios, by which a decision is judged; at least two.
    pub replications: usize,
    /// Scenarios of the fresh sample on which its cost is estimated.
    pub fresh: usize,
    /// Probability that the gap is within its interval.
    pub confidence: f64,
    /// Upper end of the interval, relative to the cost, that is small enough.
    pub gap: f64,
}

impl Default for SampleAverageEffort {
    fn default() -> SampleAverageEffort {
        SampleAverageEffort {
            scenarios: 50,
            most_scenarios: 3_200,
            replications: 20,
            fresh: 10_000,
            confidence: 0.95,
            gap: 0.01,
        }
    }
}

/// A decision from a sample, and how far it may be from the best.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleAverage {
    /// The decision.
    pub x: Vec<f64>,
    /// Scenarios that it was made from.
    pub scenarios: usize,
    /// Expected optimum of a sample, which no decision's cost is below in expectation \[currency\].
    pub lower: Estimate,
    /// Cost of the decision on the fresh sample \[currency\].
    pub cost: Estimate,
    /// Upper end of the one-sided interval of that cost \[currency\].
    pub most_cost: f64,
    /// What it costs beyond the optimum of each sample, on the same scenarios \[currency\].
    pub gap: Estimate,
    /// Upper end of the one-sided interval of the gap, whose lower end is zero \[currency\].
    pub most_gap: f64,
    /// Whether that was small enough before the scenarios were too many.
    pub is_small: bool,
}

/// A decision from a sample, judged on others: from more scenarios, until the gap is surely small.
///
/// The gap of a decision is estimated by its cost less the optimum in each of several independent samples,
/// both on the same scenarios; with probability `confidence` it is at most the mean and Student's quantile
/// times its standard error (Mak, Morton and Wood, Operations Research Letters 24 (1999) 47–56, §3.2).
/// `generate` makes equiprobable scenarios, the same of the same sample.
///
/// # Errors
///
/// If the effort cannot be spent so, or a sample cannot be solved.
pub fn sample_average(
    generate: &(dyn Fn(Sample) -> TwoStage + Sync),
    effort: SampleAverageEffort,
    spread: &dyn Spread,
) -> Result<SampleAverage, DecomposeError> {
    check(effort)?;
    let mut number = 0;
    let mut draw = |scenarios| {
        number += 1;
        generate(Sample { number: number - 1, scenarios })
    };
    let mut scenarios = effort.scenarios;
    loop {
        let (x, _) = best(&draw(scenarios), spread)?;
        let (mut optima, mut gaps) = (Vec::new(), Vec::new());
        for _ in 0..effort.replications {
            let sample = draw(scenarios);
            let (_, optimum) = best(&sample, spread)?;
            let cost = Recourses::new(&sample, 0)?.expected_cost(&x, spread)?;
            optima.push(optimum);
            // Below zero by rounding only.
            gaps.push((cost - optimum).max(0.0));
        }
        let gap = Estimate::of(&gaps);
        let most_gap = gap.at_most(effort.confidence, gaps.len());
        // Not by the fresh sample: it is for a decision that is made.
        let lower = Estimate::of(&optima);
        let is_small = most_gap <= effort.gap * lower.mean.abs();
        if is_small || 2 * scenarios > effort.most_scenarios {
            let fresh = draw(effort.fresh);
            let costs = Recourses::new(&fresh, 0)?.costs(&x, spread)?;
            let cost = Estimate::of(&costs);
            let most_cost = cost.mean + normal_quantile(effort.confidence) * cost.error;
            return Ok(SampleAverage {
                x,
                scenarios,
                lower,
                cost,
                most_cost,
                gap,
                most_gap,
                is_small,
            });
        }
        scenarios *= 2;
    }
}

fn check(effort: SampleAverageEffort) -> Result<(), DecomposeError> {
    let counts = [
        ("scenarios", effort.scenarios, 1, "at least 1"),
        ("replications", effort.replications, 2, "at least 2"),
        ("fresh", effort.fresh, 2, "at least 2"),
    ];
    for (name, value, least, expected) in counts {
        if value < least {
            return Err(DecomposeError::Setting { name, value: value as f64, expected });
        }
    }
    if !(effort.confidence > 0.5 && effort.confidence < 1.0) {
        let (name, expected) = ("confidence", "a number above 0.5 and below 1");
        return Err(DecomposeError::Setting { name, value: effort.confidence, expected });
    }
    Ok(())
}
