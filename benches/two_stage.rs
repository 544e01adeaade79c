//! The farmer with many scenarios: extensive form, cuts, hedging; and one recourse solved again.
//!
//! ```text
//! cargo run --release -p benches --bin two_stage -- [SCENARIOS…]
//! ```
//!
//! Birge and Louveaux's farmer, with yields drawn evenly from 0.6 to 1.4 times the mean. Times are those of
//! one thread.

use std::time::Instant;

use scenarios::{Purpose, Random, Streams};
use solvers::decompose::{
    BendersEffort, Bounds, HedgingEffort, Recourses, Serial, TwoStage, benders, examples, hedging,
};
use solvers::program::Effort;

fn main() {
    let mut sizes: Vec<usize> =
        std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![100, 1_000];
    }
    for scenarios in sizes {
        let farmer = farmer(scenarios);
        let say = |way: &str, start: Instant, bounds: Bounds, iterations: usize| {
            println!(
                "{{\"work\": \"farmer x {scenarios}, {way}\", \"seconds\": {:.3}, \"cost\": {:.3}, \
                 \"gap\": {:.2e}, \"iterations\": {iterations}}}",
                start.elapsed().as_secs_f64(),
                bounds.upper,
                bounds.gap(),
            );
        };
        let start = Instant::now();
        let program = farmer.extensive().expect("numbers").program;
        let whole = program.solve(Effort::default()).expect("numbers");
        let bounds = Bounds { lower: whole.bound, upper: whole.objective };
        say("extensive form", start, bounds, 1);
        for (way, groups) in [("multi-cut", usize::MAX), ("10 groups", 10), ("one cut", 1)] {
            let start = Instant::now();
            let effort = BendersEffort { groups, ..BendersEffort::default() };
            let found = benders(&farmer, effort, &Serial).expect("solved").certificate;
            say(&format!("cuts, {way}"), start, found.bounds, found.iterations());
        }
        let start = Instant::now();
        let effort = HedgingEffort { gap: 1e-3, most_iterations: 100, ..HedgingEffort::default() };
        let found = hedging(&farmer, effort, &Serial).expect("solved").certificate;
        say("hedging", start, found.bounds, found.iterations());
        again(&farmer, scenarios);
    }
}

/// Every recourse at one decision after another.
fn again(farmer: &TwoStage, scenarios: usize) {
    const TIMES: usize = 20;
    let recourses = Recourses::new(farmer, usize::MAX).expect("numbers");
    let decision = |time: usize| {
        let more = 10.0 * (time % 5) as f64;
        [150.0 + more, 80.0 - more, 250.0]
    };
    let mut sum = recourses.expected_cost(&decision(0), &Serial).expect("solved");
    let start = Instant::now();
    for time in 0..TIMES {
        sum += recourses.expected_cost(&decision(time), &Serial).expect("solved");
    }
    let each = start.elapsed().as_secs_f64() / (TIMES * scenarios) as f64;
    println!(
        "{{\"work\": \"farmer x {scenarios}, a recourse solved again\", \"microseconds\": {:.2}, \
         \"mean\": {:.3}}}",
        1e6 * each,
        sum / (TIMES + 1) as f64,
    );
}

/// Costs and needs are the book's.
fn farmer(scenarios: usize) -> TwoStage {
    let mut random = Random::new(Streams::new(1, Purpose::Example, 0, "farmer"), 0);
    let yields: Vec<f64> = (0..scenarios).map(|_| 0.6 + 0.8 * random.uniform()).collect();
    examples::farmer(&yields)
}
