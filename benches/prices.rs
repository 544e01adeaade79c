//! One candidate an item under five common limits: time, gap and passes over the table.
//!
//! ```text
//! cargo run --release -p benches --bin prices -- [--write FOLDER] [ITEMS…]
//! ```
//!
//! A hundred candidates an item, ten levels by ten quantities with noise; what two limits ask for comes from
//! all items, of the other three from two in five. `benches/peers/programs.py` gives the same tables, which
//! `--write` leaves, to HiGHS.

use std::time::Instant;

use scenarios::{Purpose, Random, Streams};
use solvers::prices::{Table, Wanted, search};

const CANDIDATES: usize = 100;
const LIMITS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.iter().position(|word| word == "--write");
    let folder = folder.and_then(|place| arguments.get(place + 1));
    let mut sizes: Vec<usize> = arguments.iter().filter_map(|word| word.parse().ok()).collect();
    if sizes.is_empty() {
        sizes = vec![2_000, 20_000, 100_000];
    }
    for items in sizes {
        let (table, limits, cells) = instance(items);
        if let Some(folder) = folder {
            let numbers = cells.iter().chain(&limits).flat_map(|number| number.to_le_bytes());
            let path = std::path::Path::new(folder).join(format!("prices-{items}.f64"));
            std::fs::write(path, numbers.collect::<Vec<u8>>()).expect("written");
        }
        drop(cells);
        let start = Instant::now();
        let found = search(&table, &limits, Wanted::default()).expect("a plan");
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "{{\"work\": \"{items} items x {CANDIDATES}, {LIMITS} limits\", \"seconds\": {seconds:.3}, \
             \"gap\": {:.2e}, \"bound\": {:.3}, \"passes\": {:?}, \"prices\": {:?}, \"ranges\": {:?}}}",
            found.objective / found.bound - 1.0,
            found.bound,
            found.passes,
            found.prices,
            found.price_ranges,
        );
    }
}

/// A table, limits that bind, and the table's numbers: costs, then what each limit is asked for, item by item.
fn instance(items: usize) -> (Table, Vec<f64>, Vec<f64>) {
    let mut table = Table::new(LIMITS);
    let mut cells = Vec::new();
    let mut free = [0.0; LIMITS];
    let streams = Streams::new(1, Purpose::Example, 0, "prices");
    for item in 0..items {
        let mut random = Random::new(streams, item as u32);
        let size = (2.0 + 1.2 * random.normal()).exp();
        let mut noise = || 0.9 + 0.2 * random.uniform();
        let mut rows: Vec<[f64; 3]> = Vec::with_capacity(CANDIDATES);
        for place in 0..CANDIDATES {
            let (level, quantity) = ((place / 10) as f64 / 9.0, (place % 10) as f64 / 9.0);
            rows.push([
                size * (1.0 + 2.0 * level + 3.0 * quantity) * noise(),
                size * 6.0 * (-4.0 * level).exp() * (1.0 - 0.3 * quantity) * noise(),
                size / (1.0 + 6.0 * quantity) * noise(),
            ]);
        }
        let costs: Vec<f64> = rows
            .iter()
            .map(|[stock, short, orders]| 0.3 * stock + 2.0 * short + 3.0 * orders)
            .collect();
        let weights: [f64; LIMITS] = std::array::from_fn(|_| {
            let (in_it, weight) = (random.uniform() < 0.4, 0.5 + 1.5 * random.uniform());
            if in_it { weight } else { 0.0 }
        });
        let takes = |candidate: usize, limit: usize| {
            let [stock, _, orders] = rows[candidate];
            [stock, orders].get(limit).copied().unwrap_or(weights[limit] * stock)
        };
        let best = (0..CANDIDATES).min_by(|&a, &b| costs[a].total_cmp(&costs[b])).unwrap_or(0);
        for (limit, free) in free.iter_mut().enumerate() {
            *free += takes(best, limit);
        }
        cells.extend_from_slice(&costs);
        for limit in 0..LIMITS {
            cells.extend((0..CANDIDATES).map(|candidate| takes(candidate, limit)));
        }
        table.push(&costs, takes);
    }
    let shares = [0.8, 1.1, 0.75, 0.75, 0.75];
    let limits = free.iter().zip(shares).map(|(free, share)| free * share).collect();
    (table, limits, cells)
}
