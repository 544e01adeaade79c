//! Orders of many items within volume and budget: seconds, bounds and gap.
//!
//! ```text
//! cargo run --release -p benches --bin plan -- [--set-ups] [--extensive] [--trace] [--gap G]
//!     [--threads N] [--passes N] [--nodes N] [--write FOLDER] [ITEMS…]
//! ```
//!
//! Twelve periods, twenty scenarios of demand that is negative binomial, lead times of one to three periods.
//! Warehouse and budget hold a little less than the items would like. `benches/peers/programs.py --plans` gives
//! what `--write` leaves to HiGHS.

use std::time::Instant;

use cluster::Team;
use scenarios::{Purpose, Random, Streams};
use solvers::program::Solver;
use solvers::replenish::plan::{Item, Replenishment, Wanted, decompose, extensive};

const PERIODS: usize = 12;
const SCENARIOS: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let flag = |name: &str| arguments.iter().any(|word| word == name);
    let value = |name: &str| {
        let place = arguments.iter().position(|word| word == name);
        place.and_then(|place| arguments.get(place + 1))
    };
    let threads = value("--threads").and_then(|word| word.parse().ok()).unwrap_or(1);
    let set_ups = flag("--set-ups");
    let gap = value("--gap").and_then(|word| word.parse().ok());
    let gap = gap.unwrap_or(if set_ups { 5e-3 } else { 1e-3 });
    let passes = value("--passes").and_then(|word| word.parse().ok()).unwrap_or(300);
    let nodes = value("--nodes").and_then(|word| word.parse().ok()).unwrap_or(40);
    let valued = ["--nodes", "--passes", "--threads", "--gap", "--write"];
    let mut sizes = Vec::new();
    for (place, word) in arguments.iter().enumerate() {
        let names_a_value = place > 0 && valued.contains(&arguments[place - 1].as_str());
        if !names_a_value && let Ok(size) = word.parse::<usize>() {
            sizes.push(size);
        }
    }
    if sizes.is_empty() {
        sizes = vec![200, 800, 5_000];
    }
    let team = Team::solo(threads).expect("threads");
    for items in sizes {
        let problem = instance(items, set_ups);
        let kind = if set_ups { ", set-ups" } else { "" };
        let work = format!("{items} items x {PERIODS} x {SCENARIOS}{kind}");
        if let Some(folder) = value("--write") {
            write(&problem, std::path::Path::new(folder));
        }
        if flag("--extensive") {
            let start = Instant::now();
            let program = extensive(&problem).expect("a program");
            let built = start.elapsed().as_secs_f64();
            let terms = program.terms();
            let start = Instant::now();
            let _solver = Solver::new(program).expect("a solver");
            let passed = start.elapsed().as_secs_f64();
            println!(
                "{{\"work\": \"{work}: build\", \"seconds\": {built:.4}, \"pass\": {passed:.4}, \
                 \"terms\": {terms}}}"
            );
            continue;
        }
        let start = Instant::now();
        let wanted = Wanted { gap, most_passes: passes, most_nodes: nodes };
        let plan = decompose(&problem, wanted, &team).expect("a plan");
        let seconds = start.elapsed().as_secs_f64();
        if flag("--trace") {
            for (pass, [lower, upper]) in plan.history.iter().enumerate() {
                println!("{pass} {lower:.2} {upper:.2} {:.5}", (upper - lower) / upper);
            }
        }
        println!(
            "{{\"work\": \"{work}\", \"seconds\": {seconds:.3}, \"threads\": {threads}, \
             \"lower\": {:.3}, \"upper\": {:.3}, \"gap\": {:.2e}, \"iterations\": {}, \"method\": \"{:?}\"}}",
            plan.lower,
            plan.upper,
            plan.gap(),
            plan.history.len(),
            plan.approach,
        );
    }
}

/// Leaves the numbers of a problem: those of each item, then all demand, then volume and budget.
fn write(problem: &Replenishment, folder: &std::path::Path) {
    let mut numbers = Vec::new();
    for item in &problem.items {
        let Item { cost, holding, lost, credit, set_up, volume, opening, lead_time, most } = *item;
        numbers.extend([
            cost,
            holding,
            lost,
            credit,
            set_up,
            volume,
            opening,
            lead_time as f64,
            most,
        ]);
    }
    numbers.extend(problem.demand.iter().chain(&problem.volume).chain(&problem.budget));
    let bytes: Vec<u8> = numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
    let path = folder.join(format!("plan-{}.f64", problem.items.len()));
    std::fs::write(path, bytes).expect("written");
}

/// A count with a mean.
fn poisson(random: &mut Random, mean: f64) -> f64 {
    let (mut count, mut left) = (0.0, mean);
    loop {
        left += random.uniform().ln();
        if left < 0.0 {
            return count;
        }
        count += 1.0;
    }
}

fn instance(items: usize, set_ups: bool) -> Replenishment {
    let mut problem = Replenishment {
        periods: PERIODS,
        scenarios: SCENARIOS,
        items: Vec::with_capacity(items),
        demand: Vec::with_capacity(items * PERIODS * SCENARIOS),
        arriving: Vec::new(),
        volume: Vec::new(),
        budget: Vec::new(),
    };
    let streams = Streams::new(1, Purpose::Example, 0, "plan");
    let (mut volume, mut budget) = (0.0, 0.0);
    for item in 0..items {
        let mut random = Random::new(streams, item as u32);
        let mut between = |low: f64, high: f64| low + (high - low) * random.uniform();
        let (mean, cost, space) = (between(5.0, 60.0), between(1.0, 10.0), between(0.5, 2.0));
        let (set_up, lead_time) = (between(20.0, 60.0), between(1.0, 4.0).floor());
        problem.items.push(Item {
            cost,
            holding: 0.02 * cost,
            lost: 2.5 * cost,
            credit: 0.98 * cost,
            set_up: if set_ups { set_up } else { 0.0 },
            volume: space,
            opening: (mean * lead_time * 1.1).round(),
            lead_time: lead_time as usize,
            most: 6.0 * mean,
        });
        for _ in 0..PERIODS * SCENARIOS {
            let rate = mean * random.gamma(mean / 2.0);
            problem.demand.push(poisson(&mut random, rate));
        }
        volume += 1.6 * space * mean;
        budget += 1.02 * cost * mean;
    }
    problem.volume = vec![volume; PERIODS];
    problem.budget = vec![budget; PERIODS];
    problem
}
