//! Orders of items within suppliers' terms, cash and room as one program: seconds, bounds and gap.
//!
//! ```text
//! cargo run --release -p benches --bin orders -- [--nodes N] [--gap G] [--scenarios N] [--plain] [ITEMS…]
//! ```
//!
//! Fourteen periods; ten items a supplier; charges on orders and on items' lines, least orders, trucks and
//! discounts, unless the terms are plain: charges of suppliers alone. A line of JSON a size; the gap is a share of the cost
//! beside purchases.

use std::time::Instant;

use scenarios::{Purpose, Random, Streams};
use solvers::replenish::orders::{
    Channel, Discounts, OrderEffort, OrderProblem, Room, Service, Source, Stock, Unmet, solve,
};

const PERIODS: usize = 14;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let place = arguments.iter().position(|word| word == name)?;
        arguments.get(place + 1)?.parse::<f64>().ok()
    };
    let valued = ["--nodes", "--gap", "--scenarios"];
    let sizes = arguments.iter().enumerate().filter_map(|(place, word)| {
        let names_a_value = place > 0 && valued.contains(&arguments[place - 1].as_str());
        if names_a_value { None } else { word.parse::<usize>().ok() }
    });
    let mut sizes: Vec<usize> = sizes.collect();
    if sizes.is_empty() {
        sizes = vec![20, 60, 200];
    }
    let mut effort = OrderEffort::default();
    effort.nodes = value("--nodes").map_or(effort.nodes, |nodes| nodes as i32);
    effort.gap = value("--gap").unwrap_or(effort.gap);
    let scenarios = value("--scenarios").map_or(16, |count| count as usize);
    let plain = arguments.iter().any(|word| word == "--plain");
    for items in sizes {
        let problem = instance(items, scenarios, plain);
        let start = Instant::now();
        let plan = solve(&problem, effort).expect("a plan");
        let seconds = start.elapsed().as_secs_f64();
        let purchases: f64 = (0..scenarios).map(|w| problem.purchases(w)).sum();
        let rest = plan.upper - purchases / scenarios as f64;
        println!(
            "{{\"work\": \"{items} items x {PERIODS} x {scenarios}{}\", \"seconds\": {seconds:.2}, \
             \"cost\": {rest:.2}, \"gap\": {:.2e}, \"nodes\": {}, \"iterations\": {}}}",
            if plain { ", charges of suppliers" } else { "" },
            (plan.upper - plan.lower) / rest,
            plan.nodes,
            plan.iterations,
        );
    }
}

fn instance(items: usize, scenarios: usize, plain: bool) -> OrderProblem {
    let streams = Streams::new(1, Purpose::Example, 0, "orders");
    let (mut stocks, mut demand, mut channels) = (Vec::new(), Vec::new(), Vec::new());
    let (mut volume, mut money) = (0.0, 0.0);
    for item in 0..items {
        let mut random = Random::new(streams, item as u32);
        let mut between = |low: f64, high: f64| low + (high - low) * random.uniform();
        let (mean, cost) = (between(2.0, 20.0), between(2.0, 20.0).round());
        let pack = [1.0, 6.0, 12.0][between(0.0, 3.0) as usize];
        let lead_time = between(1.0, 4.0).floor();
        let discounted = !plain && between(0.0, 1.0) < 0.3;
        let tiers = if discounted {
            vec![((6.0 * mean / pack).ceil() * pack, 0.95 * cost)]
        } else {
            Vec::new()
        };
        stocks.push(Stock {
            cost,
            discounts: Discounts { tiers, incremental: false },
            holding: 0.01 * cost,
            set_up: if plain { 0.0 } else { between(1.0, 5.0).round() },
            least: 0.0,
            multiple: pack,
            most: f64::INFINITY,
            lead_time: lead_time as usize,
            opening: (mean * lead_time * between(0.8, 1.6)).round(),
            arriving: Vec::new(),
            volume: between(0.5, 2.0),
            weight: 1.0,
            life: None,
            waste: cost,
            floor: 0.0,
            source: Some(item / 10),
            counts: cost,
            unit_time: 0.0,
            set_up_time: 0.0,
        });
        channels.push(Channel { stock: item, shortage: 0.6 * cost });
        demand.extend((0..PERIODS * scenarios).map(|_| (mean * between(0.2, 1.8)).round()));
        volume += 9.0 * stocks[item].volume * mean;
        money += 5.0 * cost * mean;
    }
    let source = |of: usize| {
        let own = &stocks[10 * of..items.min(10 * of + 10)];
        let value: f64 = own.iter().map(|stock| stock.cost * 10.0).sum();
        let room: f64 = own.iter().map(|stock| stock.volume * 10.0).sum();
        let free = Source { order_cost: 60.0, ..Source::FREE };
        let trucked = Source {
            least: value,
            truck_cost: 40.0,
            truck_volume: 2.0 * room,
            most_trucks: 10.0,
            ..free
        };
        if plain { free } else { trucked }
    };
    OrderProblem {
        periods: PERIODS,
        scenarios,
        sources: (0..items.div_ceil(10)).map(source).collect(),
        rooms: vec![Room { stocks: (0..items).collect(), volume }],
        stocks,
        channels,
        lanes: Vec::new(),
        cash: vec![money; PERIODS],
        ordering: vec![true; PERIODS],
        receiving: vec![true; PERIODS],
        unmet: Unmet::Lost,
        service: Service::default(),
        demand,
    }
}
