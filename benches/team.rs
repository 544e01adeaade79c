//! What a team and its journal cost beside a plain loop over threads.
//!
//! ```text
//! cargo run --release -p benches --bin team -- [--rounds N] [MILLISECONDS…]
//! ```
//!
//! Each round does the same rows by a plain loop, whose threads share a counter, by a team, and by a team
//! that keeps its rows; the medians of the paired ratios are printed.

use std::convert::Infallible;
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use cluster::{Identity, Keeping, Sums, Table, Team};

/// Cells of a row and sums over rows: about what an item's answer and the totals of scenarios take.
const CELLS: usize = 1_000;
const SUMS: usize = 12_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let rounds = match arguments.iter().position(|word| word == "--rounds") {
        Some(place) => arguments.get(place + 1).and_then(|word| word.parse().ok()).unwrap_or(9),
        None => 9,
    };
    let mut lengths: Vec<f64> = arguments.iter().filter_map(|word| word.parse().ok()).collect();
    if arguments.iter().any(|word| word == "--rounds") {
        lengths.remove(0);
    }
    if lengths.is_empty() {
        lengths = vec![50.0, 5.0, 0.5];
    }
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let steps_per_millisecond = calibrated();
    for milliseconds in lengths {
        let steps = (steps_per_millisecond * milliseconds) as u64;
        let rows = ((4_000.0 / milliseconds) as usize).clamp(40, 4_000) * threads / 2;
        let mut ratios = [Vec::new(), Vec::new()];
        for _ in 0..rounds {
            let plain = plain(rows, steps, threads);
            for (kept, ratios) in [false, true].into_iter().zip(&mut ratios) {
                ratios.push(by_team(rows, steps, threads, kept) / plain);
            }
        }
        for (who, ratios) in ["team", "team and journal"].iter().zip(&mut ratios) {
            ratios.sort_by(f64::total_cmp);
            let (least, middle, most) = (ratios[0], ratios[rounds / 2], ratios[rounds - 1]);
            println!(
                "{rows} rows of {milliseconds} ms, {threads} threads: {who} {middle:.4} of the plain loop \
                 ({least:.4} to {most:.4})"
            );
        }
    }
}

/// So many dependent steps that nothing can shorten.
fn work(row: usize, steps: u64) -> f64 {
    let mut state = row as u64 + 1;
    for _ in 0..steps {
        state = black_box(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
    }
    state as f64
}

fn calibrated() -> f64 {
    const STEPS: u64 = 20_000_000;
    let begin = Instant::now();
    black_box(work(1, STEPS));
    STEPS as f64 / begin.elapsed().as_secs_f64() / 1e3
}

fn plain(rows: usize, steps: u64, threads: usize) -> f64 {
    let begin = Instant::now();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut table = Vec::new();
                let mut sums = vec![0.0; SUMS];
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= rows {
                        break;
                    }
                    let mut cells = vec![0.0; CELLS];
                    cells[0] = work(at, steps);
                    sums[at % SUMS] += 1.0;
                    table.push(cells);
                }
                black_box((table, sums));
            });
        }
    });
    begin.elapsed().as_secs_f64()
}

fn by_team(rows: usize, steps: u64, threads: usize, kept: bool) -> f64 {
    let team = Team::solo(threads).expect("threads");
    let folder = std::env::temp_dir().join(format!("parstock-bench-{}", std::process::id()));
    if kept {
        std::fs::create_dir_all(&folder).expect("a folder");
        let identity = Identity { key: [1; 32], writer: "bench".to_owned() };
        let finished = folder.join("finished");
        let keeping = Keeping { folder: &folder, identity, finished, retries: false };
        team.keep(&keeping).expect("a journal");
    }
    let begin = Instant::now();
    let work = |at: usize, cells: &mut [f64], sums: &mut Sums, (): &mut ()| {
        cells[0] = work(at, steps);
        sums.add(at % SUMS, 1.0);
        Ok::<(), Infallible>(())
    };
    let table = Table::new(rows, CELLS).named("rows").with_sums(SUMS);
    black_box(team.rows_and_sums(table, || (), work).expect("rows"));
    let seconds = begin.elapsed().as_secs_f64();
    drop(team);
    if kept {
        std::fs::remove_dir_all(&folder).expect("ours");
    }
    seconds
}
