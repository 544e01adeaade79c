//! The jobs that `benches/peers/simulate.py` compares with other programs, as JSON lines.
//!
//! One item with lost sales, Poisson(5) demand a day, lead time of 3 days, review at the day's end,
//! (s, S) = (18, 45), 365 days.
//!
//! * `J1`: fresh demand for each scenario.
//! * `J2`: 100 (s, S) policies on the same 1,024 scenarios, which are drawn for it.
//! * `policy-only`: one policy, demand at hand.
//!
//! ```console
//! $ jobs J1 [--seconds 1]
//! ```
//!
//! Rates are item-periods a second of this process's own time on one core.

use std::time::{Duration, Instant};

use engine::{
    Block, Coordinates, Detail, Events, Item, Outcomes, Policy, ReviewTime, Rule, ScenarioSource,
    Scratch,
};
use scenarios::Scenarios;
use scenarios::demand::{Demand, Poisson};

const DAYS: usize = 365;
/// Scenarios drawn at a time: their demand stays in the first-level cache.
const BLOCK: usize = 64;

struct Job {
    item: Item,
    events: Events,
    source: Scenarios,
    block: Block,
    scratch: Scratch,
    outcomes: Outcomes,
    next: u32,
}

impl Job {
    fn new() -> Job {
        let masses = [Poisson { mean: 5.0 }.masses(1.0)];
        Job {
            item: Item { order_cost: 50.0, ..Item::plain("job", 2, 1.0, 10.0) },
            events: Events { review: ReviewTime::AfterDemand, ..Events::LOST },
            source: Scenarios::new(1, "job", &masses, vec![0]),
            block: Block::zeros(BLOCK, DAYS, 0),
            scratch: Scratch::default(),
            outcomes: Outcomes::default(),
            next: 0,
        }
    }

    fn draw(&mut self) {
        let at = Coordinates { set: 0, first_scenario: self.next };
        self.source.fill(at, &mut self.block);
        self.next += BLOCK as u32;
    }

    fn simulate(&mut self, min: f64, max: f64) {
        let policy = Policy::constant(Rule::at(min, max), [max, max]);
        let (scratch, outcomes) = (&mut self.scratch, &mut self.outcomes);
        policy.simulate(&self.item, &self.events, &self.block, Detail::Cost, scratch, outcomes);
    }

    /// 64 fresh scenarios under one policy.
    fn fresh(&mut self) {
        self.draw();
        self.outcomes.clear();
        self.simulate(18.0, 45.0);
    }

    /// The least mean cost of 100 policies on 1,024 scenarios \[currency/scenario\].
    fn best_of_hundred(&mut self) -> f64 {
        const SCENARIOS: usize = 1024;
        let mut costs = [0.0; 100];
        for _ in 0..SCENARIOS / BLOCK {
            self.draw();
            for (place, cost) in costs.iter_mut().enumerate() {
                self.outcomes.clear();
                self.simulate(13.0 + (place / 10) as f64, 40.0 + (place % 10) as f64);
                *cost += self.outcomes.costs(&self.item, &self.events, 1).iter().sum::<f64>();
            }
        }
        costs.into_iter().fold(f64::INFINITY, f64::min) / SCENARIOS as f64
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let seconds = arguments.iter().position(|word| word == "--seconds");
    let seconds = seconds.and_then(|at| arguments.get(at + 1)?.parse().ok()).unwrap_or(1.0);
    let mut job = Job::new();
    job.fresh();
    let work = arguments.first().map_or("", String::as_str);
    let (each, run): (usize, fn(&mut Job)) = match work {
        "J1" => (BLOCK * DAYS, Job::fresh),
        "J2" => (100 * 1024 * DAYS, |job| assert!(job.best_of_hundred() > 0.0)),
        "policy-only" => (BLOCK * DAYS, |job| {
            job.outcomes.clear();
            job.simulate(18.0, 45.0);
        }),
        _ => {
            eprintln!("usage: jobs J1|J2|policy-only [--seconds SECONDS]");
            std::process::exit(2);
        }
    };
    let (begin, least) = (Instant::now(), Duration::from_secs_f64(seconds));
    let mut times = 0;
    while begin.elapsed() < least || times == 0 {
        run(&mut job);
        times += 1;
    }
    let rate = (times * each) as f64 / begin.elapsed().as_secs_f64();
    println!(
        "{{\"work\":\"{work}\",\"who\":\"parstock\",\"value\":{rate},\"unit\":\"item-periods/s\",\
         \"check\":{{{}}}}}",
        check(&mut job, work)
    );
}

/// What shows that the work is the same as a peer's.
fn check(job: &mut Job, work: &str) -> String {
    job.next = 0;
    if work == "J2" {
        return format!("\"best_mean_cost\":{}", job.best_of_hundred());
    }
    let mut sums = [0.0; 4];
    for _ in 0..100 {
        job.fresh();
        let columns =
            [&job.outcomes.stock, &job.outcomes.unmet, &job.outcomes.demand, &job.outcomes.orders];
        for (sum, column) in sums.iter_mut().zip(columns) {
            *sum += column.iter().sum::<f64>();
        }
    }
    let [stock, unmet, demand, orders] = sums;
    let days = (100 * BLOCK * DAYS) as f64;
    format!(
        "\"fill_rate\":{},\"holding_per_day\":{},\"orders_per_day\":{}",
        1.0 - unmet / demand,
        stock / days,
        orders / days
    )
}
