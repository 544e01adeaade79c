//! Drawing demand: a year of 256 scenarios from the tables of one item.
//!
//! Throughput is in draws: one item, one period, one scenario. A draw is one Philox word and one
//! look-up, so distributions differ only by how their tables fit the caches.
#![allow(missing_docs)]

use benches::source;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use engine::{Block, Coordinates, ScenarioSource};
use scenarios::demand::{Demand, Gamma, NegativeBinomial, Normal, Poisson};

fn draw(c: &mut Criterion) {
    let mut group = c.benchmark_group("draw");
    let mut block = Block::zeros(256, 364, 0);
    group.throughput(Throughput::Elements(256 * 364));
    let models: [(&str, Box<dyn Demand>); 5] = [
        ("poisson 5", Box::new(Poisson { mean: 5.0 })),
        ("poisson 60", Box::new(Poisson { mean: 60.0 })),
        ("negative-binomial 20", Box::new(NegativeBinomial { mean: 20.0, size: 2.0 })),
        ("gamma 20", Box::new(Gamma { shape: 2.0, scale: 10.0 })),
        ("normal 50000", Box::new(Normal { mean: 50_000.0, deviation: 8_000.0 })),
    ];
    for (name, model) in models {
        let source = source(model.masses(1.0));
        let mut first = 0;
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| {
                source.fill(Coordinates { set: 0, first_scenario: first }, &mut block);
                first += 256;
            });
        });
    }
    group.finish();
}

criterion_group!(benches, draw);
criterion_main!(benches);
