//! Instances whose answer is known otherwise.

use cluster::Team;

use super::instances::{Dice, plain, problem, random};
use crate::exact::lot_sizing::{LotPeriod, wagner_whitin};
use crate::replenish::orders::{
    Channel, Lane, Limit, OrderEffort, OrderError, OrderProblem, Ordered, Room, Source, Unmet,
    courses, lower_bound, solve,
};
use crate::replenish::{lot_sizing, plan};

const EXACT: OrderEffort = OrderEffort { gap: 1e-7, nodes: 100_000, iterations: i64::MAX };

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-6 * right.abs().max(1.0)
}

#[test]
fn one_stock_is_that_of_wagner_and_whitin() {
    for seed in 1..=20 {
        let mut dice = Dice::new(seed);
        let (periods, holding) = (8, 0.5);
        let demand: Vec<f64> = (0..periods).map(|_| dice.from(0, 30)).collect();
        let mut stock = plain(2.0, holding);
        stock.set_up = dice.from(10, 40);
        let lots: Vec<LotPeriod> = demand
            .iter()
            .map(|&demand| LotPeriod { demand, order_cost: stock.set_up, purchase: 2.0, holding })
            .collect();
        let best = wagner_whitin(&lots).unwrap().cost;
        let problem = problem(vec![stock], &[1_000.0], (periods, 1), demand);
        let found = solve(&problem, EXACT).unwrap();
        assert!(near(found.upper, best), "{seed}: {} {best}", found.upper);
        assert!(found.closed);
        // The inequalities of one item are its whole convex hull: no branching.
        assert!(found.nodes <= 1, "{seed}: {}", found.nodes);
    }
}

#[test]
fn capacity_with_set_up_times_is_that_of_lot_sizing() {
    for seed in 1..=6 {
        let mut dice = Dice::new(seed);
        let (items, periods) = (3, 5);
        let mut lots = lot_sizing::LotSizing { items: Vec::new(), capacity: Vec::new() };
        let (mut stocks, mut demand) = (Vec::new(), Vec::new());
        let mut time = 0.0;
        for _ in 0..items {
            let mut stock = plain(1.0, dice.from(1, 3));
            (stock.set_up, stock.unit_time, stock.set_up_time) =
                (dice.from(20, 60), 1.0, dice.from(2, 6));
            stock.source = Some(0);
            let own: Vec<f64> = (0..periods).map(|_| dice.from(5, 25)).collect();
            time += stock.set_up_time + own.iter().sum::<f64>() / periods as f64;
            lots.items.push(lot_sizing::LotItem {
                unit_time: stock.unit_time,
                set_up_time: stock.set_up_time,
                set_up_cost: stock.set_up,
                holding_cost: stock.holding,
                unit_cost: vec![1.0; periods],
                demand: own.clone(),
            });
            stocks.push(stock);
            demand.extend(own);
        }
        let capacity = (1.5 * time).ceil();
        lots.capacity = vec![capacity; periods];
        let mut problem = problem(stocks, &[2_000.0; 3], (periods, 1), demand);
        problem.sources = vec![Source { capacity, ..Source::FREE }];
        let best = lot_sizing::solve(&lots, lot_sizing::LotSizingEffort::default()).unwrap();
        let found = solve(&problem, EXACT).unwrap();
        assert!(
            best.optimal && near(found.upper, best.cost),
            "{seed}: {} {}",
            found.upper,
            best.cost
        );
    }
}

#[test]
fn plans_without_other_terms_are_those_by_prices() {
    for seed in 0..6 {
        let other = plan::tests::instance(5, 5, 4, seed);
        let mut stocks = Vec::new();
        for (place, item) in other.items.iter().enumerate() {
            let mut stock = plain(item.cost, item.holding);
            (stock.lead_time, stock.opening, stock.volume) =
                (item.lead_time, item.opening, item.volume);
            stock.most = item.most;
            stock.arriving = other.arriving[place * other.periods..][..other.periods].to_vec();
            stocks.push(stock);
        }
        let shortage: Vec<f64> = other.items.iter().map(|item| item.lost - item.cost).collect();
        let shape = (other.periods, other.scenarios);
        let mut problem = problem(stocks, &shortage, shape, other.demand.clone());
        problem.cash.clone_from(&other.budget);
        problem.rooms = vec![Room { stocks: (0..5).collect(), volume: other.volume[0] }];
        let mut priced = other.clone();
        priced.items.iter_mut().for_each(|item| item.credit = item.cost);
        let wanted = plan::Wanted { gap: 1e-6, most_passes: 600, ..plan::Wanted::default() };
        let priced = plan::decompose(&priced, wanted, &Team::solo(1).unwrap()).unwrap();
        let found = solve(&problem, EXACT).unwrap();
        let slack = 1e-6 * priced.upper;
        assert!(found.upper <= priced.upper + slack, "{seed}: {} {}", found.upper, priced.upper);
        assert!(found.lower >= priced.lower - slack, "{seed}: {} {}", found.lower, priced.lower);
        let (ours, others) = (sum(&found.cash_prices), sum(&priced.budget_prices));
        assert!((ours > 1e-6) == (others > 1e-3), "{seed}: {ours} {others}");
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// Goods are in the north, buyers in the south.
fn two_places() -> OrderProblem {
    let (mut north, mut south) = (plain(10.0, 0.5), plain(10.0, 0.5));
    (north.opening, south.opening) = (20.0, 2.0);
    (north.most, south.most) = (0.0, 0.0);
    // Two periods, two scenarios; of the north, then the south.
    let demand = vec![1.0, 1.0, 1.0, 3.0, 5.0, 5.0, 2.0, 6.0];
    let mut problem = problem(vec![north, south], &[8.0, 8.0], (2, 2), demand);
    problem.lanes = vec![Lane {
        from: 0,
        to: 1,
        lead_time: 0,
        unit_cost: 1.0,
        shipment_cost: 0.0,
        multiple: 1.0,
    }];
    problem
}

#[test]
fn goods_go_where_they_are_missed() {
    let problem = two_places();
    let found = solve(&problem, EXACT).unwrap();
    // Three units today, as many tomorrow as are asked for then: 2 or 6, 1 a unit. What stays in the
    // north: 16 at the end of today; tomorrow 13 less or 7, half of both, at 0.5.
    assert_eq!(found.sent_today, [3.0]);
    assert!(near(found.sent[0], 3.0) && near(found.sent[1], 4.0), "{:?}", found.sent);
    let team = Team::solo(2).unwrap();
    let course = courses(&problem, &found, &team).unwrap();
    assert!(near(course.costs[0], 5.0 + 0.5 * (16.0 + 13.0)), "{:?}", course.costs);
    assert!(near(course.costs[1], 9.0 + 0.5 * (16.0 + 7.0)), "{:?}", course.costs);
    assert!(course.unmet.iter().all(|units| units.abs() < 1e-9));

    // A charge on shipments beyond what the second one saves in either scenario: 7 a unit for 4 units.
    let mut charged = problem.clone();
    charged.lanes[0].shipment_cost = 1_000.0;
    let found = solve(&charged, EXACT).unwrap();
    assert_eq!((found.sent_today[0], sum(&found.shipments)), (0.0, 0.0));
    charged.lanes[0].shipment_cost = 40.0;
    let found = solve(&charged, EXACT).unwrap();
    // Today 3 units save 7.5 each less the holding they cause none of; one shipment carries all that
    // today and tomorrow ask for on average.
    assert_eq!(sum(&found.shipments), 1.0, "{found:?}");
    let course = courses(&charged, &found, &team).unwrap();
    let mean = course.costs.iter().sum::<f64>() / 2.0;
    let purchases = (0..2).map(|w| charged.purchases(w)).sum::<f64>() / 2.0;
    assert!(near(mean, found.upper - purchases), "{mean} {}", found.upper - purchases);
}

#[test]
fn the_dearer_channel_is_served() {
    let mut stock = plain(4.0, 0.25);
    stock.opening = 5.0;
    stock.most = 0.0;
    // One period, one scenario: 4 of each are asked for.
    let mut problem = problem(vec![stock], &[3.0], (1, 1), vec![4.0, 4.0]);
    problem.channels.push(Channel { stock: 0, shortage: 9.0 });
    let found = solve(&problem, EXACT).unwrap();
    let course = courses(&problem, &found, &Team::solo(1).unwrap()).unwrap();
    assert!(near(course.short[0], 3.0) && course.short[1].abs() < 1e-9, "{:?}", course.short);
    assert!(near(course.costs[0], 9.0));
}

#[test]
fn the_course_in_its_own_scenarios_costs_what_the_plan_does() {
    let team = Team::solo(1).unwrap();
    let mut plans = 0;
    for seed in 1..=60 {
        let mut problem = random(seed);
        // What is asked of outcomes is not asked of a course.
        problem.rooms.clear();
        problem.service = super::super::Service::default();
        let Ok(found) = solve(&problem, EXACT) else { continue };
        let course = courses(&problem, &found, &team).unwrap();
        let purchases: f64 = (0..2).map(|w| problem.purchases(w)).sum();
        let (mean, upper) = (sum(&course.costs) / 2.0, found.upper - purchases / 2.0);
        assert!(near(mean, upper), "{seed}: {mean} {upper}");
        plans += 1;
    }
    assert!(plans > 40, "{plans}");
}

#[test]
fn threads_do_not_change_a_bit() {
    let mut problem = random(3);
    problem.stocks.iter_mut().for_each(|stock| stock.floor = 0.0);
    problem.demand = (0..2 * 3 * 50).map(|at| f64::from(at * 7 % 11)).collect();
    problem.scenarios = 50;
    problem.service = super::super::Service::default();
    problem.rooms.clear();
    let found = solve(&problem, OrderEffort::default()).unwrap();
    let course = |threads| courses(&problem, &found, &Team::solo(threads).unwrap()).unwrap();
    assert_eq!(course(1), course(2));
    assert_eq!(course(1).costs.len(), 50);
}

#[test]
fn a_plan_goes_through_cells() {
    let problem = two_places();
    let found = solve(&problem, EXACT).unwrap();
    let mut cells = vec![f64::NAN; Ordered::width(&problem)];
    found.write(&mut cells);
    assert_eq!(Ordered::read(&problem, &cells), found);
}

#[test]
fn limits_that_cannot_be_kept_are_named() {
    let mut stock = plain(5.0, 0.5);
    stock.opening = 3.0;
    let demand = vec![10.0, 10.0, 10.0];
    let mut short = problem(vec![stock], &[9.0], (3, 1), demand);
    short.cash = vec![10.0; 3];
    short.service.fill_rate = Some(0.9);
    let Err(OrderError::Infeasible { limits, repair }) = solve(&short, EXACT) else {
        panic!("9 of 30 can be met at most");
    };
    assert!(limits.contains(&Limit::FillRate), "{limits:?}");
    assert!(limits.iter().any(|limit| matches!(limit, Limit::Cash(_))), "{limits:?}");
    // 21 units are missed where 3 may be, or 18 units at 5 each are bought beyond the cash.
    assert!(!repair.is_empty());

    let mut full = problem(vec![plain(5.0, 0.5)], &[9.0], (2, 1), vec![1.0, 1.0]);
    full.stocks[0].opening = 30.0;
    full.rooms = vec![Room { stocks: vec![0], volume: 25.0 }];
    let found = solve(&full, EXACT).unwrap_err();
    let OrderError::Infeasible { limits, repair } = found else { panic!("{found}") };
    assert!(matches!(limits[..], [Limit::Room(0, _)]), "{limits:?}");
    assert_eq!(repair, [(Limit::Room(0, 0), 4.0), (Limit::Room(0, 1), 3.0)]);
}

#[test]
fn numbers_that_cannot_be_planned_with_are_named() {
    let good = || problem(vec![plain(5.0, 0.5)], &[9.0], (2, 1), vec![1.0, 1.0]);
    let refused = |problem: &OrderProblem| solve(problem, EXACT).unwrap_err().to_string();
    let mut bad = good();
    bad.stocks[0].holding = f64::NAN;
    assert_eq!(refused(&bad), "holding cost, place 0: NaN cannot be planned with");
    let mut bad = good();
    bad.stocks[0].discounts.tiers = vec![(5.0, 4.0), (5.0, 3.0)];
    assert_eq!(refused(&bad), "discount, place 0: 5.0 cannot be planned with");
    let mut bad = good();
    bad.stocks[0].opening = -1.0;
    assert_eq!(refused(&bad), "opening stock, place 0: -1.0 cannot be planned with");
    bad.unmet = Unmet::Waits;
    assert!(solve(&bad, EXACT).is_ok());
    let mut bad = good();
    bad.demand.pop();
    assert_eq!(refused(&bad), "demand: there are 1 numbers; 2 are expected");
    let mut bad = good();
    bad.stocks[0].source = Some(0);
    assert_eq!(refused(&bad), "source: there is no 0, counted from 0, among 0");
    let mut bad = good();
    bad.stocks.push(plain(1e-6, 0.5));
    bad.stocks[0].cost = 1e6;
    bad.cash = vec![1e6; 2];
    bad.channels.push(Channel { stock: 1, shortage: 1.0 });
    bad.demand = vec![1.0; 4];
    let found = solve(&bad, EXACT).unwrap_err();
    assert!(
        matches!(found, OrderError::Scale { stock: Some(1), other_stock: Some(0), .. }),
        "{found}"
    );
}

#[test]
fn nothing_is_bought_to_be_worth_more_elsewhere() {
    let mut problem = two_places();
    for stock in &mut problem.stocks {
        stock.most = f64::INFINITY;
    }
    // What is left in the south is worth what it can be had for: a unit of the north, and the way.
    problem.stocks[1].cost = 12.0;
    let found = solve(&problem, EXACT).unwrap();
    let purchases = (0..2).map(|w| problem.purchases(w)).sum::<f64>() / 2.0;
    assert!(found.upper >= purchases && sum(&found.orders) <= 13.0, "{found:?}");
}

#[test]
fn goods_without_volume_come_without_a_truck() {
    let (mut bulky, mut light) = (plain(3.0, 0.1), plain(3.0, 0.1));
    (bulky.opening, light.volume, light.weight) = (50.0, 0.0, 0.0);
    (bulky.source, light.source) = (Some(0), Some(0));
    let mut problem = problem(vec![bulky, light], &[2.0; 2], (3, 1), vec![4.0; 6]);
    problem.sources =
        vec![Source { truck_cost: 500.0, truck_volume: 100.0, most_trucks: 9.0, ..Source::FREE }];
    let found = solve(&problem, EXACT).unwrap();
    assert!(found.closed && near(sum(&found.orders), 12.0), "{found:?}");
    assert_eq!(sum(&found.trucks), 0.0);
}

#[test]
fn inequalities_that_no_plan_keeps_end_in_an_explanation() {
    let mut stock = plain(1.0, 0.1);
    (stock.source, stock.multiple) = (Some(0), 1.0);
    let mut problem = problem(vec![stock], &[2.0], (2, 1), vec![300.0; 2]);
    problem.sources = vec![Source { least: 1_000.0, ..Source::FREE }];
    problem.cash = vec![600.0; 2];
    problem.service.fill_rate = Some(0.45);
    assert!(matches!(solve(&problem, EXACT), Err(OrderError::Infeasible { .. })));
    assert!(lower_bound(&problem).is_err());
}
