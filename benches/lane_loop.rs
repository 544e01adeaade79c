//! The main loop alone: one policy, one block, demand already drawn.
//!
//! Throughput is in item-periods: one item, one period, one scenario. A regression here is a
//! regression everywhere.
//!
//! * `lane_loop/lost`, `/backorder`: every family, as the search runs it.
//! * `kernel`: (s, S) with lost sales by width of the lanes, with all measures, and with every
//!   option at once: random lead times, packs, a review a week. The ledger beside it.
#![allow(missing_docs)]

use benches::{item, source, year};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engine::{
    Block, Coordinates, Detail, Events, Item, Outcomes, Outlook, Policy, Rule, ScenarioSource,
    Scratch, policy::CATALOGUE,
};
use scenarios::demand::{Demand, Poisson};
use scenarios::{Supply, gamma_lead_times};

const OUTLOOK: Outlook<'_> = Outlook { demand: &[5.0], protection_periods: 8 };

fn lane_loop(c: &mut Criterion) {
    let item = item();
    let (mut scratch, mut outcomes) = (Scratch::default(), Outcomes::default());
    for (name, events) in [("lost", Events::LOST), ("backorder", Events::BACKORDER)] {
        let mut group = c.benchmark_group(format!("lane_loop/{name}"));
        let block = year(64);
        group.throughput(Throughput::Elements((64 * block.periods()) as u64));
        for family in CATALOGUE.iter().filter(|family| !family.two_sources) {
            let values: Vec<f64> =
                (0..family.parameters.len()).map(|i| 14.0 + 32.0 * i as f64).collect();
            let policy =
                (family.build)(&values, &OUTLOOK).expect("increasing values suit every family");
            group.bench_function(BenchmarkId::from_parameter(family.name), |b| {
                b.iter(|| {
                    outcomes.clear();
                    let detail = Detail::Cost;
                    policy.simulate(&item, &events, &block, detail, &mut scratch, &mut outcomes);
                });
            });
        }
        group.finish();
    }
}

/// A year of Poisson(5) demand, each unit counted `scale` times, with random lead times or not.
fn scaled(scale: f64, supply: Supply) -> Block {
    let mut masses = Poisson { mean: 5.0 }.masses(1.0);
    masses.values.iter_mut().for_each(|value| *value *= scale);
    let mut block = Block::zeros(64, 364, 0);
    let first = Coordinates { set: 0, first_scenario: 0 };
    source(masses).with_supply(supply).fill(first, &mut block);
    block
}

fn kernel(c: &mut Criterion) {
    let plain = Item { lead_time_periods: 3, ..item() };
    let packed = Item { order_multiple: 6.0, ..plain.clone() };
    let weekly = Events { review_every_periods: 7, ..Events::LOST };
    let random = || Supply::default().with_lead_times(&gamma_lead_times(3.0, 1.0));
    let fixed = Supply::default;
    let cases = [
        ("16 bits", 1.0, fixed(), &plain, Events::LOST, Detail::Cost),
        ("32 bits", 300.0, fixed(), &plain, Events::LOST, Detail::Cost),
        ("64 bits", 1e8, fixed(), &plain, Events::LOST, Detail::Cost),
        ("16 bits, backorders", 1.0, fixed(), &plain, Events::BACKORDER, Detail::Cost),
        ("16 bits, every measure", 1.0, fixed(), &plain, Events::LOST, Detail::Full),
        ("16 bits, packs", 1.0, fixed(), &packed, Events::LOST, Detail::Cost),
        ("16 bits, random lead time", 1.0, random(), &plain, Events::LOST, Detail::Cost),
        ("16 bits, every option", 1.0, random(), &packed, weekly, Detail::Cost),
        (
            "32 bits, every option",
            300.0,
            random(),
            &Item { order_multiple: 1800.0, ..packed.clone() },
            weekly,
            Detail::Cost,
        ),
    ];
    let mut group = c.benchmark_group("kernel");
    group.throughput(Throughput::Elements(64 * 364));
    let (mut scratch, mut outcomes) = (Scratch::default(), Outcomes::default());
    for (name, scale, supply, item, events, detail) in cases {
        let block = scaled(scale, supply);
        let policy =
            Policy::constant(Rule::at(18.0 * scale, 45.0 * scale), [18.0 * scale, 45.0 * scale]);
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| {
                outcomes.clear();
                policy.simulate(item, &events, &block, detail, &mut scratch, &mut outcomes);
            });
        });
    }
    let (block, policy) = (year(64), Policy::constant(Rule::at(18.0, 45.0), [18.0, 45.0]));
    group.bench_function("ledger", |b| {
        b.iter(|| {
            outcomes.clear();
            policy.simulate_by_ledger(&plain, &Events::LOST, &block, &mut scratch, &mut outcomes);
        });
    });
    group.finish();
}

criterion_group!(benches, lane_loop, kernel);
criterion_main!(benches);
