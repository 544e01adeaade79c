//! The main loop alone: one policy, one block, demand already drawn.
//!
//! Throughput is in item-periods: one item, one period, one scenario, all measures taken. A
//! regression here is a regression everywhere.
#![allow(missing_docs)]

use benches::{item, year};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engine::{Events, Outcomes, Scratch, policy::CATALOGUE};

fn lane_loop(c: &mut Criterion) {
    let item = item();
    let (mut scratch, mut outcomes) = (Scratch::default(), Outcomes::default());
    for (name, events) in [("lost", Events::LOST), ("backorder", Events::BACKORDER)] {
        let mut group = c.benchmark_group(format!("lane_loop/{name}"));
        for scenarios in [32, 256] {
            let block = year(scenarios);
            group.throughput(Throughput::Elements((scenarios * block.periods()) as u64));
            for family in CATALOGUE {
                let values: Vec<f64> =
                    (0..family.parameters.len()).map(|i| 14.0 + 32.0 * i as f64).collect();
                let policy = (family.build)(&values).expect("increasing values suit every family");
                group.bench_function(BenchmarkId::new(family.name, scenarios), |b| {
                    b.iter(|| {
                        outcomes.clear();
                        policy.simulate(&item, &events, &block, &mut scratch, &mut outcomes);
                    });
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, lane_loop);
criterion_main!(benches);
