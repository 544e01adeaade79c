//! Multi-item lot sizing with capacities and set-up times, on sets in the format of Trigeiro: cost, bound and time.
//!
//! ```text
//! cargo run --release -p benches --bin lot_sizing -- FOLDER [REFERENCE.csv] [NODES] [NAME…]
//! ```
//!
//! A line of JSON an instance, then a summary. The reference has columns `instance`, `best_objective`, `dual_bound`
//! and `seconds`; with nodes, searches have as many and any number of iterations; with names, only instances whose name
//! begins with one of them are solved.

use std::collections::BTreeMap;
use std::time::Instant;

use solvers::replenish::lot_sizing::{LotSizingEffort, read_trigeiro, solve};

/// What another program found.
#[derive(Clone, Copy)]
struct Reference {
    cost: f64,
    bound: f64,
    seconds: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().expect("a folder of instances");
    let is_csv =
        |word: &&String| std::path::Path::new(word).extension().is_some_and(|end| end == "csv");
    let references =
        arguments.get(1).filter(is_csv).map(|path| references(path)).unwrap_or_default();
    let names: Vec<&String> = arguments[1..].iter().filter(|word| !is_csv(word)).collect();
    let nodes = names.iter().find_map(|word| word.parse().ok());
    let names: Vec<&String> =
        names.into_iter().filter(|word| word.parse::<i32>().is_err()).collect();
    let mut effort = LotSizingEffort::default();
    if let Some(nodes) = nodes {
        let iterations = i64::MAX;
        effort = LotSizingEffort { nodes, search_iterations: iterations, iterations, ..effort };
    }
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|file| file.expect("a file").path())
        .collect();
    files.sort();
    let (mut solved, mut optimal, mut reached, mut in_time, mut beyond) = (0, 0, 0, 0, 0);
    let (mut seconds, mut gaps) = (0.0, 0.0);
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !names.is_empty() && !names.iter().any(|wanted| name.starts_with(wanted.as_str())) {
            continue;
        }
        let Ok(problem) = read_trigeiro(&std::fs::read_to_string(&file).expect("text")) else {
            continue;
        };
        let (start, clock) = (processor_seconds(), Instant::now());
        let plan = match solve(&problem, effort) {
            Ok(plan) => plan,
            Err(error) => {
                println!("{{\"instance\": \"{name}\", \"error\": \"{error}\"}}");
                continue;
            }
        };
        let took = match (start, processor_seconds()) {
            (Some(start), Some(end)) => end - start,
            _ => clock.elapsed().as_secs_f64(),
        };
        let none =
            Reference { cost: f64::INFINITY, bound: f64::NEG_INFINITY, seconds: f64::INFINITY };
        let reference = references.get(&name).copied().unwrap_or(none);
        let no_worse = plan.cost <= reference.cost * (1.0 + 1e-9);
        solved += 1;
        optimal += usize::from(plan.optimal);
        reached += usize::from(no_worse);
        in_time += usize::from(no_worse && took <= reference.seconds);
        beyond += usize::from(plan.bound > reference.cost * (1.0 + 1e-9));
        seconds += took;
        gaps += plan.gap();
        println!(
            "{{\"instance\": \"{name}\", \"cost\": {:.1}, \"bound\": {:.1}, \"gap\": {:.5}, \"optimal\": {}, \
             \"price_bound\": {:.1}, \"seconds\": {took:.2}, \"nodes\": {}, \"iterations\": {}, \"reference\": {}, \
             \"reference_bound\": {}, \"reference_seconds\": {}, \"no_worse\": {no_worse}}}",
            plan.cost,
            plan.bound,
            plan.gap(),
            plan.optimal,
            plan.price_bound,
            plan.nodes,
            plan.iterations,
            reference.cost,
            reference.bound,
            reference.seconds,
        );
    }
    println!(
        "{{\"instances\": {solved}, \"optimal\": {optimal}, \"no_worse\": {reached}, \"no_worse_in_time\": {in_time}, \
         \"bound_above_reference\": {beyond}, \"mean_gap\": {:.5}, \"seconds\": {seconds:.1}}}",
        gaps / f64::from(solved.max(1)),
    );
}

fn references(path: &str) -> BTreeMap<String, Reference> {
    let text = std::fs::read_to_string(path).expect("a reference");
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let head = lines.next().unwrap_or_default();
    let place =
        |name: &str| head.iter().position(|word| *word == name).expect("a column of the reference");
    let places = ["instance", "best_objective", "dual_bound", "seconds"].map(place);
    let read = |line: Vec<&str>| {
        let number = |at: usize| line[places[at]].parse().unwrap_or(f64::INFINITY);
        let reference = Reference { cost: number(1), bound: number(2), seconds: number(3) };
        (line[places[0]].to_owned(), reference)
    };
    lines.map(read).collect()
}

/// Time that this process computed, where the system tells.
fn processor_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}
