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
    BendersEffort, Bounds, HedgingEffort, Recourses, Scenario, Serial, TwoStage, benders, hedging,
};
use solvers::program::{Effort, Program};

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
    const FREE: f64 = f64::INFINITY;
    let mut random = Random::new(Streams::new(1, Purpose::Example, 0, "farmer"), 0);
    let mut first = Program::new();
    for cost in [150.0, 230.0, 260.0] {
        first.column(cost, 0.0, 500.0);
    }
    first.row(-FREE, 500.0, (0..3).map(|crop| (crop, 1.0)));
    let mut two_stage = TwoStage::new(first);
    for _ in 0..scenarios {
        let factor = 0.6 + 0.8 * random.uniform();
        let mut scenario = Scenario::new(1.0 / scenarios as f64);
        for (crop, (each, need, buy, sell)) in
            [(2.5, 200.0, 238.0, -170.0), (3.0, 240.0, 210.0, -150.0)].into_iter().enumerate()
        {
            let bought = scenario.column(buy, 0.0, FREE);
            let sold = scenario.column(sell, 0.0, FREE);
            scenario.row(need, FREE, [(crop, each * factor)], [(bought, 1.0), (sold, -1.0)]);
        }
        let dear = scenario.column(-36.0, 0.0, 6_000.0);
        let cheap = scenario.column(-10.0, 0.0, FREE);
        scenario.row(0.0, FREE, [(2, 20.0 * factor)], [(dear, -1.0), (cheap, -1.0)]);
        two_stage.scenarios.push(scenario);
    }
    two_stage
}
