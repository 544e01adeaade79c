//! Every plan of a small instance is tried, and simulated by other code.

use super::instances::random;
use crate::replenish::orders::{OrderEffort, OrderError, OrderProblem, Stock, Unmet, solve};

/// What one scenario comes to: charges, shortage cost, units lost by stock, stock by stock and period.
struct Trial {
    cost: f64,
    shortage: f64,
    lost: Vec<f64>,
    stock: Vec<Vec<f64>>,
}

/// Price of an order.
fn price(stock: &Stock, units: f64) -> f64 {
    let Some(&(from, lower)) = stock.discounts.tiers.first() else { return stock.cost * units };
    if units < from {
        return stock.cost * units;
    }
    match stock.discounts.incremental {
        true => stock.cost * from + lower * (units - from),
        false => lower * units,
    }
}

fn simulate(problem: &OrderProblem, orders: &[Vec<f64>], scenario: usize) -> Trial {
    let mut trial = Trial { cost: 0.0, shortage: 0.0, lost: Vec::new(), stock: Vec::new() };
    for (item, stock) in problem.stocks.iter().enumerate() {
        let shortage = problem.channels[item].shortage;
        // Age by age: the first is the oldest.
        let life = stock.life.unwrap_or(problem.periods + 1);
        let mut ages: Vec<(usize, f64)> = vec![(0, stock.opening.max(0.0))];
        let mut waiting = (-stock.opening).max(0.0);
        let (mut lost, mut stocks) = (0.0, Vec::new());
        for period in 0..problem.periods {
            let mut comes = stock.arriving.get(period).copied().unwrap_or(0.0);
            for (placed, units) in orders[item].iter().enumerate() {
                let due = placed + stock.lead_time;
                let arrival = (due..problem.periods).find(|&at| problem.receiving[at]);
                comes += if arrival == Some(period) { *units } else { 0.0 };
            }
            ages.push((period, comes));
            let at = (item * problem.periods + period) * problem.scenarios + scenario;
            let mut asked = problem.demand[at] + waiting;
            for (_, units) in &mut ages {
                let served = units.min(asked);
                *units -= served;
                asked -= served;
            }
            match problem.unmet {
                Unmet::Lost => {
                    lost += asked;
                    trial.shortage += shortage * asked;
                    trial.cost += (shortage + stock.cost) * asked;
                }
                Unmet::Waits => {
                    waiting = asked;
                    trial.shortage += shortage * asked;
                    trial.cost += shortage * asked;
                }
            }
            for (arrived, units) in &mut ages {
                if *arrived + life <= period + 1 {
                    trial.cost += (stock.waste - stock.cost) * *units;
                    *units = 0.0;
                }
            }
            let left: f64 = ages.iter().map(|(_, units)| units).sum();
            trial.cost += stock.holding * left;
            stocks.push(left);
        }
        trial.cost += stock.cost * waiting;
        let cheapest = stock.discounts.tiers.first().map_or(stock.cost, |tier| tier.1);
        trial.cost -= cheapest * stocks.last().copied().unwrap_or(0.0);
        trial.lost.push(lost);
        trial.stock.push(stocks);
    }
    trial
}

/// What orders cost at once, or `None` if a limit forbids them.
fn placed(problem: &OrderProblem, orders: &[Vec<f64>]) -> Option<f64> {
    let mut cost = 0.0;
    for period in 0..problem.periods {
        let (mut goods, mut weighed, mut volume, mut weight, mut time) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (stock, orders) in problem.stocks.iter().zip(orders) {
            let units = orders[period];
            if units == 0.0 {
                continue;
            }
            if !problem.ordering[period] || units < stock.least || units > stock.most {
                return None;
            }
            goods += price(stock, units);
            cost += stock.set_up;
            weighed += stock.counts * units;
            volume += stock.volume * units;
            weight += stock.weight * units;
            time += stock.set_up_time + stock.unit_time * units;
        }
        if goods > problem.cash[period] + 1e-9 {
            return None;
        }
        cost += goods;
        let Some(source) = problem.sources.first().filter(|_| goods > 0.0) else { continue };
        if weighed < source.least || weighed > source.most || time > source.capacity {
            return None;
        }
        cost += source.order_cost;
        let trucks = (volume / source.truck_volume).max(weight / source.truck_weight).ceil();
        if trucks > source.most_trucks {
            return None;
        }
        cost += source.truck_cost * trucks;
    }
    Some(cost)
}

/// Whether what is asked of outcomes holds.
fn serves(
    problem: &OrderProblem,
    orders: &[Vec<f64>],
    trials: &[Trial],
    first: &[Option<usize>],
) -> bool {
    let scenarios = problem.scenarios as f64;
    let width = problem.periods * problem.scenarios;
    let asked: Vec<f64> = problem.demand.chunks(width).map(|row| row.iter().sum()).collect();
    let lost = |item: usize| trials.iter().map(|trial| trial.lost[item]).sum::<f64>();
    let all: f64 = (0..asked.len()).map(lost).sum();
    if problem
        .service
        .fill_rate
        .is_some_and(|rate| all > (1.0 - rate) * asked.iter().sum::<f64>() + 1e-7)
    {
        return false;
    }
    for (item, stock) in problem.stocks.iter().enumerate() {
        let short = |rate: f64| lost(item) > (1.0 - rate) * asked[item] + 1e-7;
        if problem.service.stock_fill_rate.is_some_and(short) {
            return false;
        }
        let Some(first) = first[item] else { continue };
        let mut projected = stock.opening;
        for period in 0..problem.periods {
            let from = (item * problem.periods + period) * problem.scenarios;
            let demand: f64 = problem.demand[from..from + problem.scenarios].iter().sum();
            projected += stock.arriving.get(period).unwrap_or(&0.0) - demand / scenarios;
            for (placed, units) in orders[item].iter().enumerate() {
                let due = placed + stock.lead_time;
                let arrival = (due..problem.periods).find(|&at| problem.receiving[at]);
                projected += if arrival == Some(period) { *units } else { 0.0 };
            }
            if period < first && problem.unmet == Unmet::Lost {
                projected = projected.max(0.0);
            }
            if period >= first && stock.floor > 0.0 && projected < stock.floor - 1e-9 {
                return false;
            }
        }
    }
    for room in &problem.rooms {
        for (trial, period) in trials.iter().flat_map(|t| (0..problem.periods).map(move |p| (t, p)))
        {
            let taken = room
                .stocks
                .iter()
                .map(|&item| problem.stocks[item].volume * trial.stock[item][period]);
            if taken.sum::<f64>() > room.volume + 1e-9 {
                return false;
            }
        }
    }
    problem.service.tail.is_none_or(|(share, most)| {
        let losses: Vec<f64> = trials.iter().map(|trial| trial.shortage).collect();
        let beyond = |from: f64| {
            let above = losses.iter().map(|loss| (loss - from).max(0.0)).sum::<f64>();
            from + above / (share * scenarios)
        };
        let tail = losses.iter().map(|&loss| beyond(loss)).fold(beyond(0.0), f64::min);
        tail <= most + 1e-7
    })
}

/// The cheapest of all plans, if any is allowed.
fn cheapest(problem: &OrderProblem) -> Option<f64> {
    let (items, periods) = (problem.stocks.len(), problem.periods);
    let arrives = |item: usize, period: usize| {
        let stock = &problem.stocks[item];
        let open = problem.ordering[period] && stock.least <= stock.most;
        let due = period + stock.lead_time;
        (due..periods).find(|&at| problem.receiving[at]).filter(|_| open)
    };
    let first: Vec<Option<usize>> =
        (0..items).map(|item| (0..periods).filter_map(|t| arrives(item, t)).min()).collect();
    let cells = items * periods;
    let mut best: Option<f64> = None;
    for code in 0..4_usize.pow(cells as u32) {
        let mut orders = vec![vec![0.0; periods]; items];
        let mut rest = code;
        let mut possible = true;
        for cell in 0..cells {
            let (item, period) = (cell / periods, cell % periods);
            let lots = rest % 4;
            rest /= 4;
            orders[item][period] = lots as f64 * problem.stocks[item].multiple;
            possible &= lots == 0 || arrives(item, period).is_some();
        }
        if !possible {
            continue;
        }
        let Some(cost) = placed(problem, &orders) else { continue };
        let trials: Vec<Trial> =
            (0..problem.scenarios).map(|w| simulate(problem, &orders, w)).collect();
        if serves(problem, &orders, &trials, &first) {
            let mean: f64 = trials.iter().map(|trial| trial.cost).sum();
            let cost = cost + mean / problem.scenarios as f64;
            best = Some(best.map_or(cost, |best| best.min(cost)));
        }
    }
    best
}

#[test]
fn the_cheapest_of_all_plans_is_found() {
    let effort = OrderEffort { gap: 1e-7, nodes: 100_000, iterations: i64::MAX };
    let (mut feasible, mut refused) = (0, 0);
    for seed in 1..=240 {
        let problem = random(seed);
        match (cheapest(&problem), solve(&problem, effort)) {
            (Some(cheapest), Ok(found)) => {
                feasible += 1;
                let error = 1e-6 * cheapest.abs().max(1.0);
                assert!(
                    (found.upper - cheapest).abs() < error,
                    "{seed}: {} {cheapest}",
                    found.upper
                );
                assert!(found.lower < cheapest + error, "{seed}: {} {cheapest}", found.lower);
                assert!(found.closed, "{seed}: {} {}", found.lower, found.upper);
            }
            (None, Err(OrderError::Infeasible { limits, repair })) => {
                refused += 1;
                assert!(!limits.is_empty() && !repair.is_empty(), "{seed}");
            }
            (cheapest, found) => panic!("{seed}: {cheapest:?}, but {found:?}"),
        }
    }
    assert!(feasible > 150 && refused > 10, "{feasible} {refused}");
}
