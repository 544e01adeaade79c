use super::problem::View;
use super::recourse::{Charges, cost, cut, simulate};
use super::*;
use crate::program::{Effort, Method, Status};
use scenarios::{Purpose, Random, Streams};

/// Items like those of the bench, but few.
pub(in crate::replenish) fn instance(
    items: usize,
    periods: usize,
    scenarios: usize,
    seed: u64,
) -> Replenishment {
    let mut problem = Replenishment {
        periods,
        scenarios,
        items: Vec::new(),
        demand: Vec::new(),
        arriving: Vec::new(),
        volume: Vec::new(),
        budget: Vec::new(),
    };
    let streams = Streams::new(seed, Purpose::Example, 0, "plan");
    let (mut volume, mut budget) = (0.0, 0.0);
    for item in 0..items {
        let mut random = Random::new(streams, item as u32);
        let mut between = |low: f64, high: f64| low + (high - low) * random.uniform();
        let (mean, cost) = (between(5.0, 60.0), between(1.0, 10.0));
        let (space, lead_time) = (between(0.5, 2.0), between(1.0, 4.0).floor());
        problem.items.push(Item {
            cost,
            holding: 0.02 * cost,
            lost: 2.5 * cost,
            credit: 0.98 * cost,
            set_up: 0.0,
            volume: space,
            opening: (mean * lead_time * 1.1).round(),
            lead_time: lead_time as usize,
            most: 6.0 * mean,
        });
        for _ in 0..periods * scenarios {
            problem.demand.push((mean * between(0.0, 2.0)).round());
        }
        for period in 0..periods {
            problem.arriving.push(if period == 1 { between(0.0, 4.0).floor() } else { 0.0 });
        }
        volume += 1.6 * space * mean;
        budget += 1.02 * cost * mean;
    }
    let opening: f64 = problem.items.iter().map(|item| item.volume * item.opening).sum();
    problem.volume = vec![volume.max(1.3 * opening); periods];
    problem.budget = vec![budget; periods];
    problem
}

fn within(plan: &Plan, problem: &Replenishment, optimum: f64, gap: f64) {
    let slack = 1e-6 * optimum.abs();
    assert!(plan.lower <= optimum + slack, "{:?}: {} {optimum}", plan.approach, plan.lower);
    assert!(plan.upper >= optimum - slack, "{:?}: {} {optimum}", plan.approach, plan.upper);
    assert!(plan.gap() <= gap, "{:?}: {}", plan.approach, plan.gap());
    for period in 0..problem.periods {
        let items = problem.items.iter().enumerate();
        let money = items.map(|(at, item)| item.cost * plan.orders[at * problem.periods + period]);
        assert!(money.sum::<f64>() <= problem.budget[period] * (1.0 + 1e-9));
    }
}

#[test]
fn bounds_enclose_the_optimum_of_the_whole_program() {
    let team = Team::solo(1).unwrap();
    for seed in 0..6 {
        let problem = instance(6, 6, 5, seed);
        let program = extensive(&problem).unwrap().solve(Effort::default()).unwrap();
        assert_eq!(program.status, Status::Optimal);
        let wanted = Wanted { gap: 1e-3, most_passes: 400, ..Wanted::default() };
        let plan = decompose(&problem, wanted, &team).unwrap();
        within(&plan, &problem, program.objective, 2e-3);
        for (method, gap) in
            [(Method::Simplex, 1e-6), (Method::InteriorPoint, 1e-3), (Method::FirstOrder, 2e-2)]
        {
            let plan = whole(&problem, Some(method), &team).unwrap();
            within(&plan, &problem, program.objective, gap);
        }
    }
}

/// A few items with set-ups of any size, and some with none.
fn with_set_ups(items: usize, periods: usize, scenarios: usize, seed: u64) -> Replenishment {
    let mut problem = instance(items, periods, scenarios, seed);
    let mut random = Random::new(Streams::new(seed, Purpose::Example, 1, "set-ups"), 0);
    for item in &mut problem.items {
        let share = (random.uniform() * 4.0).floor();
        item.set_up = share * random.uniform() * 40.0;
        item.opening = (item.opening * random.uniform()).floor();
    }
    problem
}

/// Few items leave a gap between prices and whole orders; the bounds hold whatever the gap.
#[test]
fn bounds_enclose_the_optimum_with_set_ups() {
    let team = Team::solo(1).unwrap();
    let (mut gaps, mut plans) = (0.0, 0.0);
    for seed in 0..50 {
        let mut random = Random::new(Streams::new(seed, Purpose::Example, 4, "sizes"), 0);
        let mut between = |low: f64, high: f64| (low + (high - low) * random.uniform()) as usize;
        let (items, periods, scenarios) = (between(1.0, 6.0), between(2.0, 7.0), between(1.0, 5.0));
        let mut problem = with_set_ups(items, periods, scenarios, seed);
        problem.items[0].set_up += 1.0;
        match seed % 7 {
            0 => problem.volume.fill(f64::INFINITY),
            1 => problem.budget.fill(f64::INFINITY),
            2 => problem.budget[0] = 0.0,
            3 => problem.items.iter_mut().for_each(|item| item.set_up *= 10.0),
            4 => problem.items[0].most = 0.0,
            5 => problem.items.iter_mut().for_each(|item| item.lead_time = 0),
            _ => problem
                .demand
                .iter_mut()
                .filter(|units| **units < 20.0)
                .for_each(|units| *units = 0.0),
        }
        let wanted = Wanted { gap: 1e-4, most_passes: 40, ..Wanted::default() };
        let plan = decompose(&problem, wanted, &team).unwrap();
        let exact = Effort { relative_gap: 1e-7, ..Effort::default() };
        let program = extensive(&problem).unwrap().solve(exact).unwrap();
        assert_eq!(program.status, Status::Optimal);
        within(&plan, &problem, program.objective, 0.1);
        gaps += plan.gap();
        plans += 1.0;
    }
    assert!(gaps < 0.01 * plans, "{gaps}");
}

/// An item's bounds at random prices, however few nodes it may search, against its own program.
#[test]
fn an_item_with_set_ups_is_bounded_by_its_own_program() {
    let mut random = Random::new(Streams::new(3, Purpose::Example, 2, "item"), 0);
    for seed in 0..30 {
        let mut problem = with_set_ups(1, 7, 3, seed);
        problem.items[0].set_up = 5.0 + 60.0 * random.uniform();
        problem.volume.fill(f64::INFINITY);
        problem.budget.fill(f64::INFINITY);
        let view = problem.view(0);
        let most = &problem.most(0)[..view.orders()];
        let mut store = store::Store::default();
        let mut memory = item::Memory::default();
        for _ in 0..3 {
            let volume: Vec<f64> = (0..21).map(|_| (random.uniform() - 0.6).max(0.0)).collect();
            let budget: Vec<f64> = (0..7).map(|_| (random.uniform() - 0.5).max(0.0)).collect();
            let optimum = {
                let mut program = extensive(&problem).unwrap();
                for (at, price) in volume.iter().enumerate() {
                    program.cost[7 + at] += view.item.volume * price;
                }
                for (at, price) in budget.iter().enumerate() {
                    program.cost[at] += view.item.cost * price;
                }
                program.solve(Effort { relative_gap: 1e-7, ..Effort::default() }).unwrap()
            };
            assert_eq!(optimum.status, Status::Optimal);
            let slack = 1e-6 * optimum.objective.abs().max(1.0);
            for (nodes, partly) in [(0, true), (0, false), (3, false), (200, false)] {
                memory.charges.set(view, &volume, &budget);
                let settled = &[];
                let effort = set_ups::Effort { tolerance: 1e-3, nodes, partly, settled };
                let least = set_ups::minimize(&mut store, view, most, effort, &mut memory);
                assert!(
                    least.bound <= optimum.objective + slack,
                    "{} {}",
                    least.bound,
                    optimum.objective
                );
                assert!(
                    partly || least.cost >= optimum.bound - slack,
                    "{} {}",
                    least.cost,
                    optimum.bound
                );
                if nodes == 200 {
                    assert!(
                        least.cost <= optimum.objective + 2e-3,
                        "{} {}",
                        least.cost,
                        optimum.objective
                    );
                    assert!(least.bound >= least.cost - 2e-3, "{} {}", least.cost, least.bound);
                }
                // What orders cost is what they come to when they are simulated.
                let orders = memory.orders.clone();
                if !partly {
                    let placed = orders.iter().filter(|order| **order > 0.0).count() as f64;
                    let ordering = orders.iter().zip(&memory.charges.order).map(|(x, c)| x * c);
                    let ordering = ordering.sum::<f64>() + placed * view.item.set_up;
                    let cost = memory.value(view) + ordering;
                    assert!((cost - least.cost).abs() <= slack, "{cost} {}", least.cost);
                }
            }
        }
    }
}

/// Cuts in orders and set-ups are exact where they were made, bounds elsewhere, and at other prices.
#[test]
fn a_cut_in_set_ups_is_exact_where_it_was_made_and_a_bound_elsewhere() {
    let problem = instance(1, 6, 4, 4);
    let view = problem.view(0);
    let orders = view.orders();
    let mut random = Random::new(Streams::new(4, Purpose::Example, 3, "cuts"), 0);
    let mut facets = facets::Facets::default();
    let mut charges = Charges::default();
    let (mut slopes, mut there) = (vec![0.0; 2 * orders], vec![0.0; 2 * orders]);
    let at = |slopes: &[f64], constant: f64, point: &[f64]| -> f64 {
        constant + slopes.iter().zip(point).map(|(slope, units)| slope * units).sum::<f64>()
    };
    for _ in 0..200 {
        let mut point = || -> Vec<f64> {
            let paid: Vec<f64> = (0..orders).map(|_| random.uniform()).collect();
            let units = paid.iter().map(|paid| paid * random.uniform() * 120.0);
            let units: Vec<f64> = units.collect();
            units.into_iter().chain(paid).collect()
        };
        let (here, other) = (point(), point());
        let (units, paid) = here.split_at(orders);
        let (others, others_paid) = other.split_at(orders);
        charges.set(view, &[0.02; 24], &[0.1; 6]);
        facets.set(view, &charges.stock);
        facets.simulate(view, units, paid);
        let choices = facets.choices.clone();
        let constant = facets.cut(view, (&choices, units, paid), &charges.stock, &mut slopes);
        let mut stock = vec![0.0; 28];
        facets.total_stock(view, &mut stock);
        let cost = cost(view, units, &stock, &charges.stock, &mut Vec::new());
        let cut = at(&slopes, constant, &here);
        assert!((cut - cost).abs() < 1e-9 * cost.abs().max(1.0), "{cut} {cost}");
        // At other prices, elsewhere.
        charges.set(view, &[0.3 * random.uniform(); 24], &[0.0; 6]);
        facets.set(view, &charges.stock);
        let constant = facets.cut(view, (&choices, units, paid), &charges.stock, &mut slopes);
        facets.simulate(view, others, others_paid);
        let choices = facets.choices.clone();
        let own = facets.cut(view, (&choices, others, others_paid), &charges.stock, &mut there);
        assert!(at(&slopes, constant, &other) <= at(&there, own, &other) + 1e-9);
    }
}

#[test]
fn stock_and_losses_are_those_of_the_program_for_the_same_orders() {
    let problem = instance(3, 6, 5, 7);
    let plan = decompose(&problem, Wanted::default(), &Team::solo(1).unwrap()).unwrap();
    let mut program = extensive(&problem).unwrap();
    let own = program.columns() / problem.items.len();
    for (at, order) in plan.orders.iter().enumerate() {
        let column = at / problem.periods * own + at % problem.periods;
        (program.lower[column], program.upper[column]) = (*order, *order);
    }
    let fixed = program.solve(Effort { tolerance: 1e-7, ..Effort::default() }).unwrap();
    assert!((fixed.objective - plan.upper).abs() < 1e-5 * plan.upper, "{}", fixed.objective);
}

#[test]
fn a_cut_is_exact_where_it_was_made_and_a_bound_elsewhere() {
    let problem = instance(1, 6, 5, 3);
    let view: View<'_> = problem.view(0);
    let mut charges = Charges::default();
    charges.set(view, &[0.01; 30], &[0.1; 6]);
    let (mut stock, mut kept) = (vec![0.0; 35], vec![0; 30]);
    let (mut slopes, mut lanes) = (vec![0.0; view.orders()], Vec::new());
    let mut value = |orders: &[f64], kept: &mut Vec<u8>| {
        simulate(view, orders, &mut stock, kept);
        cost(view, orders, &stock, &charges.stock, &mut Vec::new())
    };
    let here = vec![20.0; view.orders()];
    let exact = value(&here, &mut kept);
    let constant = cut(view, &kept, &charges.stock, &mut slopes, &mut lanes);
    let at = |orders: &[f64]| -> f64 {
        constant + orders.iter().zip(&slopes).map(|(order, slope)| order * slope).sum::<f64>()
    };
    assert!((at(&here) - exact).abs() < 1e-9 * exact.abs());
    for units in [0.0, 5.0, 33.0, 80.0] {
        let there = vec![units; view.orders()];
        assert!(at(&there) <= value(&there, &mut vec![0; 30]) + 1e-9);
    }
}

#[test]
fn threads_do_not_change_a_bit() {
    let mut problem = instance(40, 6, 5, 1);
    let plan = |problem: &Replenishment, threads| {
        let wanted = Wanted { most_passes: 12, most_nodes: 40, ..Wanted::default() };
        decompose(problem, wanted, &Team::solo(threads).unwrap())
    };
    assert_eq!(plan(&problem, 1), plan(&problem, 2));
    assert_eq!(plan(&problem, 1), plan(&problem, 3));
    for item in &mut problem.items {
        item.set_up = 30.0;
    }
    assert_eq!(plan(&problem, 1), plan(&problem, 2));
}

#[test]
fn with_ample_limits_every_item_is_planned_for_itself() {
    let team = Team::solo(1).unwrap();
    let mut problem = instance(5, 6, 5, 2);
    problem.volume.fill(f64::INFINITY);
    problem.budget.fill(f64::INFINITY);
    let wanted = Wanted { gap: 1e-6, ..Wanted::default() };
    let together = decompose(&problem, wanted, &team).unwrap();
    let alone = (0..5).map(|item| {
        let mut own = problem.clone();
        own.items = vec![problem.items[item]];
        own.demand = problem.demand[item * 30..(item + 1) * 30].to_vec();
        own.arriving = problem.arriving[item * 6..(item + 1) * 6].to_vec();
        decompose(&own, wanted, &team).unwrap().upper
    });
    let alone: f64 = alone.sum();
    assert!((together.upper - alone).abs() < 1e-5 * alone, "{} {alone}", together.upper);
}

#[test]
fn what_cannot_be_planned_is_told() {
    let team = Team::solo(1).unwrap();
    let told = |change: &dyn Fn(&mut Replenishment)| {
        let mut problem = instance(2, 4, 2, 1);
        change(&mut problem);
        decompose(&problem, Wanted::default(), &team).unwrap_err().to_string()
    };
    let volume = told(&|problem| problem.volume[0] = 0.5);
    assert!(volume.starts_with("in period 0, scenario"), "{volume}");
    assert!(volume.ends_with("but there is room for 0.500000"), "{volume}");
    let credit = told(&|problem| problem.items[1].credit = 1e3);
    assert!(credit.starts_with("item 1: a unit left at the end is worth 1000"), "{credit}");
    let demand = told(&|problem| problem.demand[3] = f64::NAN);
    assert_eq!(demand, "item 0: demand is NaN; a number of at least 0 and below 1e15 is expected");
    let missing = told(&|problem| problem.budget.truncate(3));
    assert_eq!(missing, "budget: there are 3 numbers; 4 are expected");
    let endless = told(&|problem| {
        problem.items[0] = Item { cost: 0.0, most: f64::INFINITY, ..problem.items[0] };
    });
    assert!(endless.ends_with("a largest order is expected"), "{endless}");
}

#[test]
fn an_item_whose_orders_come_too_late_has_none() {
    let mut problem = instance(2, 4, 2, 5);
    problem.items[1].lead_time = 9;
    let plan = decompose(&problem, Wanted::default(), &Team::solo(1).unwrap()).unwrap();
    assert_eq!(plan.orders[4..], [0.0; 4]);
    let optimum = extensive(&problem).unwrap().solve(Effort::default()).unwrap().objective;
    within(&plan, &problem, optimum, 2e-3);
}
