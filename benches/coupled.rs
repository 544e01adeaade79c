//! The loop of items that share a supplier: one group, demand already drawn.
//!
//! Throughput is in item-periods: one item, one period, one scenario, all measures taken. With
//! nothing coupled, it is the price of stepping together; `lane_loop` has that of an item alone.
#![allow(missing_docs)]

use benches::item;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engine::policy::family;
use engine::{
    Block, Coordinates, Detail, Events, Group, GroupOutcomes, GroupScratch, Joint, Member,
    Outcomes, Outlook, Policy, ScenarioSource, Shortfall,
};
use scenarios::Scenarios;
use scenarios::demand::{Demand, Poisson};

/// Mean demand of every item \[units/period\].
const MEAN: f64 = 5.0;

fn policy(name: &str, values: &[f64]) -> Policy {
    let outlook = Outlook { demand: &[MEAN], protection_periods: 8 };
    (family(name).expect("a family").build)(values, &outlook).expect("increasing values")
}

/// A year of demand for each of `items`.
fn years(items: usize, scenarios: usize) -> Vec<Block> {
    let first = Coordinates { set: 0, first_scenario: 0 };
    let year = |item: usize| {
        let masses = Poisson { mean: MEAN }.masses(1.0);
        let mut block = Block::zeros(scenarios, 364, 0);
        Scenarios::new(1, &format!("item {item}"), &[masses], vec![0]).fill(first, &mut block);
        block
    };
    (0..items).map(year).collect()
}

fn coupled(c: &mut Criterion) {
    let item = item();
    let [min_max, can_order] =
        [policy("min-max", &[45.0, 75.0]), policy("can-order", &[45.0, 55.0, 75.0])];
    let (mut scratch, mut together) = (GroupScratch::default(), GroupOutcomes::default());
    for items in [10, 100, 1_000] {
        let blocks = years(items, 64);
        let mut outcomes = vec![Outcomes::default(); items];
        // A little more than mean demand: it binds in most periods.
        let capacity = items as f64 * MEAN * 1.02;
        let tight = Joint { capacity, ..Joint::NOTHING };
        let full = Joint { minimum: 0.8 * capacity, shortfall: Shortfall::TopUp, ..tight };
        for (name, events) in [("lost", Events::LOST), ("backorder", Events::BACKORDER)] {
            let mut bench = c.benchmark_group(format!("coupled/{name}"));
            bench.throughput(Throughput::Elements((items * 64 * 364) as u64));
            for (coupling, policy, joint) in [
                ("nothing", &min_max, Joint::NOTHING),
                ("joins", &can_order, Joint::NOTHING),
                ("capacity", &min_max, tight),
                ("everything", &can_order, full),
            ] {
                let member = |block| Member { item: &item, policy, block, weight: 1.0 };
                let members = blocks.iter().map(member).collect();
                let group = Group { members, events, joint }.checked().expect("it makes sense");
                bench.bench_function(BenchmarkId::new(coupling, items), |b| {
                    b.iter(|| {
                        outcomes.iter_mut().for_each(Outcomes::clear);
                        together.clear();
                        group.simulate(Detail::Cost, &mut scratch, &mut outcomes, &mut together);
                    });
                });
            }
            bench.finish();
        }
    }
}

criterion_group!(benches, coupled);
criterion_main!(benches);
