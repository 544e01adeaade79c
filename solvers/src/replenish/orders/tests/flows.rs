//! Places that goods go between, and channels that share a stock: every plan is tried, and what follows from
//! it is a linear program of the test's own.

use super::instances::{Dice, plain, problem};
use crate::program::{Effort, Program, Status};
use crate::replenish::orders::{Channel, Lane, OrderEffort, OrderProblem, solve};

/// Two places and three channels in three periods; orders today alone, of up to three lots.
fn random(seed: u64) -> OrderProblem {
    let mut dice = Dice::new(seed);
    let (periods, scenarios) = (3, 2);
    let mut stocks = Vec::new();
    for _ in 0..2 {
        let mut stock = plain(dice.from(3, 6), 0.125 * dice.from(1, 4));
        stock.multiple = dice.from(1, 3);
        stock.most = 3.0 * stock.multiple;
        stock.set_up = dice.from(0, 4);
        stock.lead_time = dice.below(3);
        stock.opening = dice.from(0, 9);
        stocks.push(stock);
    }
    let shortage = [dice.from(1, 9), dice.from(1, 9)];
    let demand = (0..3 * periods * scenarios).map(|_| dice.from(0, 5)).collect();
    let mut made = problem(stocks, &shortage, (periods, scenarios), demand);
    made.channels.push(Channel { stock: dice.below(2), shortage: dice.from(1, 9) });
    made.ordering = vec![true, false, false];
    let mut lane = |from: usize| Lane {
        from,
        to: 1 - from,
        lead_time: dice.below(2),
        unit_cost: 0.25 * dice.from(0, 4),
        shipment_cost: if dice.yes() { dice.from(1, 5) } else { 0.0 },
        multiple: dice.from(1, 2),
    };
    made.lanes = vec![lane(0)];
    if seed.is_multiple_of(2) {
        made.lanes.push(lane(1));
    }
    made
}

/// What is decided before demand is known.
struct Decided {
    orders: [f64; 2],
    sent_today: Vec<f64>,
    /// Whether something may leave, by lane, then period from the second on.
    may_leave: Vec<Vec<bool>>,
}

/// Cost of a scenario: stock by place and period, what is missed by channel and period, what leaves by lane.
fn recourse(problem: &OrderProblem, decided: &Decided, scenario: usize) -> Option<f64> {
    let periods = problem.periods;
    let mut program = Program::new();
    let worth = |place: usize| {
        let mut worth = [problem.stocks[0].cost, problem.stocks[1].cost];
        for _ in 0..2 {
            for lane in &problem.lanes {
                worth[lane.to] = worth[lane.to].min(worth[lane.from] + lane.unit_cost);
            }
        }
        worth[place]
    };
    let mut left = Vec::new();
    for (place, stock) in problem.stocks.iter().enumerate() {
        for period in 0..periods {
            let end = if period + 1 == periods { worth(place) } else { 0.0 };
            left.push(program.column(stock.holding - end, 0.0, f64::INFINITY));
        }
    }
    let demand = |channel: usize, period: usize| {
        problem.demand[(channel * periods + period) * problem.scenarios + scenario]
    };
    let mut missed = Vec::new();
    for (place, channel) in problem.channels.iter().enumerate() {
        let cost = channel.shortage + problem.stocks[channel.stock].cost;
        missed.extend((0..periods).map(|period| program.column(cost, 0.0, demand(place, period))));
    }
    let mut leaves = Vec::new();
    for (place, lane) in problem.lanes.iter().enumerate() {
        for period in 0..periods {
            let bounds = match period {
                0 => [decided.sent_today[place]; 2],
                _ if period + lane.lead_time >= periods => [0.0; 2],
                _ if decided.may_leave[place][period - 1] => [0.0, f64::INFINITY],
                _ => [0.0; 2],
            };
            leaves.push(program.column(lane.unit_cost, bounds[0], bounds[1]));
        }
    }
    for (place, stock) in problem.stocks.iter().enumerate() {
        for period in 0..periods {
            let mut comes = if period == 0 { stock.opening } else { 0.0 };
            if period == stock.lead_time {
                comes += decided.orders[place];
            }
            let mut terms = vec![(left[place * periods + period], 1.0)];
            if period > 0 {
                terms.push((left[place * periods + period - 1], -1.0));
            }
            for (channel, of) in problem.channels.iter().enumerate() {
                if of.stock == place {
                    comes -= demand(channel, period);
                    terms.push((missed[channel * periods + period], -1.0));
                }
            }
            for (at, lane) in problem.lanes.iter().enumerate() {
                if lane.from == place {
                    terms.push((leaves[at * periods + period], 1.0));
                }
                if lane.to == place && period >= lane.lead_time {
                    terms.push((leaves[at * periods + period - lane.lead_time], -1.0));
                }
            }
            program.row(comes, comes, terms);
        }
    }
    let found = program.solve(Effort::default()).unwrap();
    (found.status == Status::Optimal).then_some(found.objective)
}

/// The cheapest of all plans.
fn cheapest(problem: &OrderProblem) -> f64 {
    let lanes = problem.lanes.len();
    let later = problem.periods - 1;
    let mut best = f64::INFINITY;
    for code in 0..16_usize {
        let lots = [code % 4, code / 4];
        let arrives = |place: usize| problem.stocks[place].lead_time < problem.periods;
        if (0..2).any(|place| lots[place] > 0 && !arrives(place)) {
            continue;
        }
        let orders = [0, 1].map(|place| lots[place] as f64 * problem.stocks[place].multiple);
        let mut placed = 0.0;
        for place in 0..2 {
            let stock = &problem.stocks[place];
            placed += stock.cost * orders[place];
            placed += if lots[place] > 0 { stock.set_up } else { 0.0 };
        }
        // Lots of today and shipments later, lane by lane.
        for sent in 0..10_usize.pow(lanes as u32) {
            let sent_today: Vec<f64> = (0..lanes)
                .map(|lane| (sent / 10_usize.pow(lane as u32) % 10) as f64)
                .zip(&problem.lanes)
                .map(|(lots, lane)| lots * lane.multiple)
                .collect();
            for mask in 0..1_usize << (lanes * later) {
                let may = |lane: usize, period: usize| mask >> (lane * later + period) & 1 == 1;
                let charged = |lane: usize| problem.lanes[lane].shipment_cost > 0.0;
                // Where shipments are free, they may always leave.
                if (0..lanes)
                    .any(|lane| !charged(lane) && (0..later).any(|period| !may(lane, period)))
                {
                    continue;
                }
                let may_leave: Vec<Vec<bool>> = (0..lanes)
                    .map(|lane| (0..later).map(|period| may(lane, period)).collect())
                    .collect();
                let mut cost = placed;
                for (lane, way) in problem.lanes.iter().enumerate() {
                    let shipments = may_leave[lane].iter().filter(|may| **may).count()
                        + usize::from(sent_today[lane] > 0.0);
                    cost += way.shipment_cost * shipments as f64;
                }
                let decided = Decided { orders, sent_today: sent_today.clone(), may_leave };
                let mut mean = 0.0;
                for scenario in 0..problem.scenarios {
                    let found = recourse(problem, &decided, scenario).unwrap_or(f64::INFINITY);
                    mean += found / problem.scenarios as f64;
                }
                best = best.min(cost + mean);
            }
        }
    }
    best
}

#[test]
fn goods_go_and_channels_share_as_in_the_cheapest_of_all_plans() {
    let effort = OrderEffort { gap: 1e-7, nodes: 100_000, iterations: i64::MAX };
    for seed in 1..=16 {
        let mut problem = random(seed);
        // Two lanes have many plans: one charge at most.
        if problem.lanes.len() > 1 {
            problem.lanes[0].shipment_cost = 0.0;
            problem.stocks.iter_mut().for_each(|stock| stock.opening = stock.opening.min(4.0));
        }
        let best = cheapest(&problem);
        let found = solve(&problem, effort).unwrap();
        let error = 1e-6 * best.abs().max(1.0);
        assert!((found.upper - best).abs() < error, "{seed}: {} {best}", found.upper);
        assert!(found.lower < best + error && found.closed, "{seed}: {} {best}", found.lower);
    }
}
