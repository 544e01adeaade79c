//! A genetic algorithm: candidates are crossed and mutated, and the cheaper ones survive.
//!
//! Real-coded, with tournaments of two and blend crossover (Eshelman & Schaffer, *Real-Coded Genetic
//! Algorithms and Interval-Schemata*, Foundations of Genetic Algorithms 2 (1993) 187–202).

use engine::policy::MAX_PARAMETERS;

use super::chance::Chance;
use super::{Found, Method, Problem};

pub(super) const METHOD: Method = Method {
    name: "genetic",
    summary: "candidates are crossed and mutated, and the cheaper ones survive",
    fits: |_| true,
    run,
};

/// Candidates of a generation.
const MANY: usize = 20;
/// Generations.
const GENERATIONS: usize = 16;
/// How far beyond its parents a child may lie, as a share of their distance.
const BEYOND: f64 = 0.5;

fn run(problem: &mut Problem<'_>) -> Found {
    let mut chance = Chance::new();
    let mut spread =
        |width: f64| -> [f64; MAX_PARAMETERS] { std::array::from_fn(|_| width * chance.normal()) };
    let mut priced = Vec::with_capacity(2 * MANY);
    for number in 0..MANY {
        let at = if number == 0 { [0.0; MAX_PARAMETERS] } else { spread(1.0) };
        priced.push((at, price(problem, &at)));
    }
    for generation in 0..GENERATIONS {
        let noise = 0.5 / (1.0 + generation as f64);
        for _ in 0..MANY {
            let mut parent = || {
                let pair = [chance.below(MANY), chance.below(MANY)].map(|place| priced[place]);
                if pair[1].1 < pair[0].1 { pair[1].0 } else { pair[0].0 }
            };
            let (mother, father) = (parent(), parent());
            let child = std::array::from_fn(|place| {
                let share = (1.0 + 2.0 * BEYOND) * chance.uniform() - BEYOND;
                let between = mother[place] + share * (father[place] - mother[place]);
                between + noise * chance.normal()
            });
            priced.push((child, price(problem, &child)));
        }
        priced.sort_by(|left, right| left.1.total_cmp(&right.1));
        priced.truncate(MANY);
    }
    problem.best()
}

fn price(problem: &mut Problem<'_>, at: &[f64; MAX_PARAMETERS]) -> f64 {
    let values = problem.values(at);
    problem.price(values)
}
