//! Plans by prices against all plans there are, and on random tables.

use super::*;
use crate::program::{Effort, Program, Status};

/// Numbers that look like chance.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Candidates of an item: the more stock, the fewer shortages; and limits that bind.
fn random(items: usize, candidates: usize, limits: usize, seed: u64) -> (Table, Vec<f64>) {
    let mut chance = Chance(seed);
    let mut table = Table::new(limits);
    for _ in 0..items {
        let size = 1.0 + 9.0 * chance.next();
        let stocks: Vec<f64> = (0..candidates)
            .map(|place| {
                size * (1.0 + 3.0 * place as f64 / candidates as f64) * (0.9 + 0.2 * chance.next())
            })
            .collect();
        let costs: Vec<f64> =
            stocks.iter().map(|stock| 0.3 * stock + 8.0 * size * size / (stock * stock)).collect();
        let weights: Vec<f64> = (0..limits * candidates).map(|_| 0.4 + chance.next()).collect();
        table.push(&costs, |candidate, limit| {
            weights[limit * candidates + candidate] * stocks[candidate]
        });
    }
    let mut chosen = Vec::new();
    let free = table.pass(&vec![0.0; limits], &mut chosen);
    let limits = free.uses.iter().map(|used| used * (0.75 + 0.1 * chance.next())).collect();
    (table, limits)
}

fn within(table: &Table, chosen: &[usize], limits: &[f64]) -> bool {
    limits.iter().enumerate().all(|(limit, value)| {
        let used: f64 =
            chosen.iter().enumerate().map(|(item, &c)| table.takes(item, c, limit)).sum();
        used <= value * (1.0 + 1e-8)
    })
}

/// Of six items with four candidates all 4,096 plans can be tried: the bound is never above the best, the
/// plan never below it.
#[test]
fn bound_and_plan_enclose_the_best() {
    let (mut solved, mut excess) = (0, 0.0);
    for seed in 0..200 {
        let (table, limits) = random(6, 4, 2, seed);
        let mut best = f64::INFINITY;
        for code in 0..4_usize.pow(6) {
            let plan: Vec<usize> = (0..6).map(|item| code / 4_usize.pow(item) % 4).collect();
            if within(&table, &plan, &limits) {
                let cost: f64 = plan.iter().enumerate().map(|(i, &c)| table.cost(i, c)).sum();
                best = best.min(cost);
            }
        }
        match search(&table, &limits, Wanted::default()) {
            Ok(found) => {
                assert!(best.is_finite());
                assert!(found.bound <= best * (1.0 + 1e-9), "{seed}: {} {best}", found.bound);
                assert!(found.objective >= best * (1.0 - 1e-9), "{seed}");
                assert!(within(&table, &found.chosen, &limits), "{seed}");
                solved += 1;
                excess += found.objective / best - 1.0;
            }
            // Six items leave little room: swaps may not find the few plans that fit.
            Err(error) => assert_eq!(error, PriceError::Infeasible, "{seed}"),
        }
    }
    println!("{solved} of 200 solved, {:.2} % over the best", 100.0 * excess / f64::from(solved));
    assert!(solved >= 150 && excess / f64::from(solved) < 0.05, "{solved} {excess}");
}

/// With many items the plan is within a ten-thousandth of its bound, and prices are what limits are worth.
#[test]
fn many_items_leave_no_gap() {
    for (items, limits) in [(2_000, 5), (9_000, 3), (9_000, 1)] {
        let (table, values) = random(items, 40, limits, 3);
        let wanted = Wanted { price_gap: 1e-8, ..Wanted::default() };
        let found = search(&table, &values, wanted).expect("a plan");
        let gap = found.objective / found.bound - 1.0;
        println!("{items} items, {limits} limits: gap {gap:e}, passes {:?}", found.passes);
        assert!((0.0..1e-4).contains(&gap), "{gap}");
        assert!(within(&table, &found.chosen, &values));
        // A little more of a limit saves what its price says.
        for limit in 0..limits {
            let mut looser = values.clone();
            looser[limit] *= 1.0 + 1e-3;
            let more = search(&table, &looser, wanted).expect("a plan");
            let saved = (found.bound - more.bound) / (looser[limit] - values[limit]);
            let price = found.prices[limit];
            assert!(price > 0.0, "{:?}", found.prices);
            assert!((saved - price).abs() < 0.05 * price, "{saved} {price}");
        }
        let sum = |end: usize| found.price_ranges.iter().map(|range| range[end]).sum::<f64>();
        let all: f64 = found.prices.iter().sum();
        assert!(sum(0) < all && all < sum(1), "{:?} {:?}", found.prices, found.price_ranges);
    }
}

/// The bound is that of the linear program, which `HiGHS` solves.
#[test]
fn the_bound_is_the_linear_programs() {
    let (table, limits) = random(300, 12, 3, 8);
    let mut program = Program::new();
    let mut rows: Vec<Vec<(usize, f64)>> = vec![Vec::new(); limits.len()];
    for item in 0..table.items() {
        let start = program.columns();
        for candidate in 0..12 {
            for (limit, terms) in rows.iter_mut().enumerate() {
                terms.push((program.columns(), table.takes(item, candidate, limit)));
            }
            program.column(table.cost(item, candidate), 0.0, 1.0);
        }
        program.row(1.0, 1.0, (start..start + 12).map(|variable| (variable, 1.0)));
    }
    for (terms, high) in rows.into_iter().zip(&limits) {
        program.row(f64::NEG_INFINITY, *high, terms);
    }
    let exact = program.solve(Effort::default()).expect("finite numbers");
    let found = search(&table, &limits, Wanted::default()).expect("a plan");
    assert_eq!(exact.status, Status::Optimal);
    let apart = (exact.objective - found.bound) / exact.objective;
    assert!((-1e-9..1e-5).contains(&apart), "{} {}", exact.objective, found.bound);
}

/// Items that cost nothing and take nothing are no reason to stop.
#[test]
fn nothing_has_a_price() {
    let mut table = Table::new(2);
    for _ in 0..5 {
        table.push(&[0.0, 1.0], |candidate, _| candidate as f64);
    }
    for limits in [[0.0, 0.0], [3.0, 1e-9]] {
        let found = search(&table, &limits, Wanted::default()).expect("a plan");
        assert_eq!((found.chosen, found.objective), (vec![0; 5], 0.0));
    }
}

#[test]
fn limits_that_cannot_be_met_are_told() {
    let (table, limits) = random(500, 10, 2, 5);
    let none: Vec<f64> = limits.iter().map(|limit| 0.1 * limit).collect();
    assert_eq!(search(&table, &none, Wanted::default()), Err(PriceError::Infeasible));
    let loose: Vec<f64> = limits.iter().map(|limit| 10.0 * limit).collect();
    let found = search(&table, &loose, Wanted::default()).expect("a plan");
    assert_eq!(found.prices, [0.0, 0.0]);
    assert!((found.objective - found.bound).abs() < 1e-9 * found.objective);
}
