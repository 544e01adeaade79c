//! What selection costs beside pricing every candidate on every scenario, and what it loses.
//!
//!     cargo run --release -p benches --bin selection [ITEMS]
//!
//! Random items with Poisson or negative binomial demand, backorders and an order cost; a hundred (s, S)
//! candidates each around the best one, whose exact costs are known. The full grid is a thousand
//! scenarios of a year for each candidate; selection takes what it takes. Prints a JSON line for each.

use std::time::Instant;

use engine::policy::family;
use engine::{Events, Item, Outlook, Policy};
use scenarios::demand::{Demand, NegativeBinomial, Poisson};
use scenarios::{Purpose, Random, Scenarios, Streams};
use solvers::exact::min_max::MinMaxItem;
use solvers::select::{
    Costs, Effort, Guarantee, Memory, Policies, Selection, fully_sequential, knock_out,
};

const PERIODS: usize = 364;
const WARM_UP: usize = 56;
const GRID: usize = 1_000;
const SIDE: i64 = 10;

/// An item's candidates.
struct Candidates {
    policies: Vec<Policy>,
    item: Item,
    source: Scenarios,
}

impl Candidates {
    fn priced(&self) -> Policies<'_> {
        Policies {
            policies: self.policies.iter().collect(),
            item: &self.item,
            events: &Events::BACKORDER,
            source: &self.source,
            set: 0,
            lengths: (PERIODS, WARM_UP),
            memory: Memory::default(),
        }
    }
}

/// A random item, its candidates and their exact costs.
fn drawn(number: usize) -> (Candidates, Vec<f64>) {
    let name = format!("item {number}");
    let mut random = Random::new(Streams::new(1, Purpose::Example, 9, &name), 0);
    let mean = (3.0 * random.uniform()).exp();
    let masses = match number % 2 {
        0 => Poisson { mean }.masses(1.0),
        _ => NegativeBinomial { mean, size: 0.5 + 3.0 * random.uniform() }.masses(1.0),
    };
    let (shortage, order_cost) = (5.0 + 30.0 * random.uniform(), 2.0 + 60.0 * random.uniform());
    let lead_time = random.below(6);
    let demand = masses.probabilities().expect("whole counts");
    let exact = MinMaxItem { demand: &demand, lead_time, holding: 1.0, shortage, order_cost };
    let best = exact.optimum().expect("a sound item");
    let step = (mean * (lead_time as f64 + 1.0) / 12.0).ceil() as i64;
    let wider = ((best.max - best.min) / 8).max(1);
    let mut levels = Vec::new();
    for low in 0..SIDE {
        for wide in 0..SIDE {
            let min = best.min + (low - SIDE / 2) * step;
            levels.push([min, min + (best.max - best.min + (wide - SIDE / 2) * wider).max(1)]);
        }
    }
    let truth = levels.iter().map(|[min, max]| exact.cost(*min, *max).expect("sound levels"));
    let truth: Vec<f64> = truth.collect();
    let outlook = Outlook { demand: &[mean], protection_periods: lead_time + 1 };
    let build = family("min-max").expect("in the catalogue").build;
    let policy = |[min, max]: &[i64; 2]| build(&[*min as f64, *max as f64], &outlook);
    let candidates = Candidates {
        policies: levels.iter().map(|levels| policy(levels).expect("sound levels")).collect(),
        item: Item { order_cost, ..Item::plain(&name, lead_time, 1.0, shortage) },
        source: Scenarios::new(1, &name, std::slice::from_ref(&masses), vec![0]),
    };
    (candidates, truth)
}

fn full_grid(count: usize, costs: &mut dyn Costs) -> Selection {
    let mut sums = vec![0.0; count];
    let mut more = Vec::new();
    // Block by block, so that every candidate meets a block while it is in cache.
    for from in (0..GRID).step_by(250) {
        for (candidate, sum) in sums.iter_mut().enumerate() {
            more.clear();
            costs.append(candidate, from..from + 250, &mut more);
            *sum += more.iter().sum::<f64>();
        }
    }
    let best = (0..count).min_by(|l, r| sums[*l].total_cmp(&sums[*r])).expect("candidates");
    Selection { best, left: vec![best], scenarios: count * GRID, guaranteed: true }
}

fn main() {
    let items: usize = std::env::args().nth(1).map_or(300, |text| text.parse().expect("a number"));
    for (who, share, procedure) in [
        ("full grid", 0.0, 0),
        ("fully sequential, zone 1 %", 0.01, 1),
        ("fully sequential, zone 0.2 %", 0.002, 1),
        ("knock-out, zone 1 %", 0.01, 2),
    ] {
        let (mut scenarios, mut regret, mut seconds, mut within) = (0, 0.0, 0.0, 0);
        for number in 0..items {
            let (candidates, truth) = drawn(number);
            let mut priced = candidates.priced();
            let least = truth.iter().copied().fold(f64::INFINITY, f64::min);
            let start = Instant::now();
            let guarantee = Guarantee { alpha: 0.05, zone: f64::max(share * least, 1e-9) };
            let effort = Effort { first: 32, step: 64, most: GRID };
            let found = match procedure {
                0 => full_grid(truth.len(), &mut priced),
                1 => fully_sequential(truth.len(), guarantee, effort, &mut priced),
                _ => knock_out(truth.len(), guarantee, effort, &mut priced),
            };
            seconds += start.elapsed().as_secs_f64();
            scenarios += found.scenarios;
            let lost = truth[found.best] / least - 1.0;
            regret += lost;
            within += usize::from(lost <= f64::max(share, 0.002));
        }
        let count = items as f64;
        println!(
            "{{\"work\": \"selection among 100 of {items} items\", \"who\": \"{who}\", \
             \"share_of_grid\": {:.4}, \"mean_regret_percent\": {:.4}, \"within_zone\": {:.4}, \
             \"seconds\": {seconds:.2}}}",
            scenarios as f64 / (count * 100.0 * GRID as f64),
            100.0 * regret / count,
            within as f64 / count,
        );
    }
}
