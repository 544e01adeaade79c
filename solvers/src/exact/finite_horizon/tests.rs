//! Every order tried on small instances, and limits that other exact algorithms know.

use super::super::min_max::MinMaxItem;
use super::super::newsvendor::{Myopic, Newsvendor};
use super::super::special::{mean_of, poisson};
use super::*;

const LUMPY: [f64; 5] = [0.4, 0.3, 0.0, 0.2, 0.1];
const STEADY: [f64; 4] = [0.1, 0.3, 0.4, 0.2];

fn close(ours: f64, expected: f64, tolerance: f64) {
    assert!((ours - expected).abs() <= tolerance * (1.0 + expected.abs()), "{ours} {expected}");
}

/// Cost from `stock` by trying every order up to 20 units, without a table.
fn tried(horizon: &Horizon<'_>, t: usize, stock: i64) -> f64 {
    let Some(period) = horizon.periods.get(t) else {
        let (over, short) = (stock.max(0) as f64, (-stock).max(0) as f64);
        return horizon.terminal_holding * over + horizon.terminal_shortage * short;
    };
    let cost = |order: i64| {
        let fixed = if order > 0 { period.order_cost } else { 0.0 };
        let outcome = |(d, p): (usize, &f64)| {
            let net = stock + order - d as i64;
            let (over, short) = (net.max(0) as f64, (-net).max(0) as f64);
            let charge = period.holding * over + period.shortage * short;
            p * (charge + horizon.discount * tried(horizon, t + 1, net))
        };
        let later: f64 = period.demand.iter().enumerate().map(outcome).sum();
        fixed + period.purchase * order as f64 + later
    };
    (0..=20).map(cost).fold(f64::INFINITY, f64::min)
}

#[test]
fn costs_are_those_of_trying_every_order() {
    for (order_costs, prices) in [
        ([4.0, 3.0, 2.0], [1.0, 1.0, 1.0]),
        ([0.0, 0.0, 0.0], [2.0, 0.0, 3.0]),
        ([1.0, 9.0, 0.5], [0.5, 4.0, 9.0]),
    ] {
        let demands = [&LUMPY[..], &STEADY[..], &LUMPY[..]];
        let periods: Vec<_> = (0..3)
            .map(|t| HorizonPeriod {
                demand: demands[t],
                holding: 1.0,
                shortage: 4.0,
                order_cost: order_costs[t],
                purchase: prices[t],
            })
            .collect();
        let horizon = Horizon {
            periods: &periods,
            discount: 0.9,
            terminal_holding: 0.5,
            terminal_shortage: 2.0,
        };
        let plan = horizon.optimum().unwrap();
        for start in [-8, -3, -1, 0, 1, 2, 4, 7, 15, 40] {
            close(plan.cost(start), tried(&horizon, 0, start), 1e-12);
        }
    }
}

/// Long before the end the levels are those of the long run, and a period costs its average.
#[test]
fn a_long_horizon_is_the_long_run() {
    for (mean, shortage, order_cost) in [(6.0, 4.0, 5.0), (10.0, 9.0, 64.0)] {
        let demand = poisson(mean).unwrap();
        let (lead_time, holding) = (0, 1.0);
        let item = MinMaxItem { demand: &demand, lead_time, holding, shortage, order_cost };
        let best = item.optimum().unwrap();
        let period =
            HorizonPeriod { demand: &demand, holding, shortage, order_cost, purchase: 0.0 };
        let periods = vec![period; 120];
        let plan = |count: usize| {
            let periods = &periods[..count];
            let (discount, terminal) = (1.0, 0.0);
            let (terminal_holding, terminal_shortage) = (terminal, terminal);
            Horizon { periods, discount, terminal_holding, terminal_shortage }.optimum().unwrap()
        };
        let (long, shorter) = (plan(120), plan(119));
        close(long.cost(3) - shorter.cost(3), best.cost, 1e-6);
        let levels = HorizonLevels { min: best.min, max: best.max };
        assert_eq!(long.levels[0], Some(levels));
    }
}

/// Without order costs and with stock that keeps its price, each period is a newsvendor.
#[test]
fn without_order_costs_the_levels_are_myopic() {
    let demand = poisson(18.0).unwrap();
    let (holding, shortage) = (1.0, 25.0);
    let period =
        HorizonPeriod { demand: &demand, holding, shortage, order_cost: 0.0, purchase: 1.0 };
    let periods = [period; 8];
    let horizon = Horizon {
        periods: &periods,
        discount: 0.98,
        terminal_holding: 0.0,
        terminal_shortage: 1.0,
    };
    let newsvendor = Newsvendor { holding, shortage };
    let (purchase, discount) = (1.0, 0.98);
    let myopic = Myopic { newsvendor, purchase, next_purchase: purchase, discount };
    let level = myopic.discrete(&demand, 0).unwrap().level as i64;
    for levels in &horizon.optimum().unwrap().levels[..7] {
        assert_eq!(*levels, Some(HorizonLevels { min: level - 1, max: level }));
    }
}

#[test]
fn it_is_left_waiting_when_that_is_cheaper() {
    let period = HorizonPeriod {
        demand: &LUMPY,
        holding: 1.0,
        shortage: 1.0,
        order_cost: 0.0,
        purchase: 10.0,
    };
    let horizon = Horizon {
        periods: &[period],
        discount: 1.0,
        terminal_holding: 0.0,
        terminal_shortage: 0.0,
    };
    let plan = horizon.optimum().unwrap();
    assert_eq!(plan.levels, [None]);
    close(plan.cost(-1000), 1000.0 + mean_of(&LUMPY), 1e-12);
}

#[test]
fn nonsense_is_refused() {
    let period = HorizonPeriod {
        demand: &LUMPY,
        holding: 1.0,
        shortage: 4.0,
        order_cost: 1.0,
        purchase: 0.0,
    };
    let horizon = Horizon {
        periods: &[period],
        discount: 1.0,
        terminal_holding: 0.0,
        terminal_shortage: 0.0,
    };
    assert!(Horizon { discount: 1.5, ..horizon }.optimum().is_err());
    assert!(Horizon { terminal_holding: -1.0, ..horizon }.optimum().is_err());
    for bad in [
        HorizonPeriod { demand: &[], ..period },
        HorizonPeriod { holding: -5.0, ..period },
        HorizonPeriod { purchase: f64::NAN, ..period },
    ] {
        assert!(Horizon { periods: &[bad], ..horizon }.optimum().is_err());
    }
}
