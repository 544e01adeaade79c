//! Published policies and costs, and a Markov chain of the position.

use super::super::special::poisson;
use super::*;

fn item(demand: &[f64], (holding, shortage, order_cost): (f64, f64, f64)) -> MinMaxItem<'_> {
    MinMaxItem { demand, lead_time: 0, holding, shortage, order_cost }
}

fn close(ours: f64, published: f64, tolerance: f64) {
    assert!((ours - published).abs() <= tolerance * published.abs(), "{ours} {published}");
}

/// Zheng & Federgruen (1991), Table I: h = 1, p = 9, K = 64, no lead time, Poisson demand; mean,
/// s, S and the cost to three places.
const ZHENG_FEDERGRUEN: [(f64, i64, i64, f64); 24] = [
    (10.0, 6, 40, 35.022),
    (15.0, 10, 49, 42.698),
    (20.0, 14, 62, 49.173),
    (21.0, 15, 65, 50.406),
    (22.0, 16, 68, 51.632),
    (23.0, 17, 52, 52.757),
    (24.0, 18, 54, 53.518),
    (25.0, 19, 56, 54.262),
    (30.0, 23, 66, 57.819),
    (35.0, 28, 77, 61.215),
    (40.0, 33, 87, 64.512),
    (45.0, 37, 97, 67.776),
    (50.0, 42, 108, 70.975),
    (51.0, 43, 110, 71.611),
    (52.0, 44, 112, 72.246),
    (55.0, 47, 118, 74.149),
    (59.0, 51, 126, 76.679),
    (60.0, 52, 129, 77.306),
    (61.0, 52, 131, 77.929),
    (63.0, 54, 73, 78.287),
    (64.0, 55, 74, 78.402),
    (65.0, 56, 75, 78.518),
    (70.0, 62, 81, 79.037),
    (75.0, 67, 86, 79.554),
];

#[test]
fn zheng_federgruen() {
    for (mean, min, max, cost) in ZHENG_FEDERGRUEN {
        let demand = poisson(mean).unwrap();
        let item = item(&demand, (1.0, 9.0, 64.0));
        let best = item.optimum().unwrap();
        assert_eq!((best.min, best.max), (min, max), "{mean}");
        assert!((best.cost - cost).abs() <= 0.000_501, "{mean}: {best:?}");
        close(item.cost(min, max).unwrap(), best.cost, 1e-13);
    }
}

/// Snyder & Shen (2019), example 4.7 and problem 4.31.
#[test]
fn snyder_shen() {
    let demand = poisson(6.0).unwrap();
    let example = item(&demand, (1.0, 4.0, 5.0));
    close(example.cost(4, 10).unwrap(), 8.034_111_561_471_644, 1e-12);
    close(example.cost(6, 18).unwrap(), 10.193_798_671_644_046, 1e-12);
    let best = example.optimum().unwrap();
    assert_eq!((best.min, best.max), (4, 10));
    close(best.cost, 8.034_111_561_471_644, 1e-12);
    let demand = poisson(4.0).unwrap();
    // The second distribution ends at 50, as in the library's test of a custom distribution.
    for demand in [&demand[..], &demand[..=50]] {
        let problem = item(demand, (40.0, 125.0, 150.0));
        close(problem.cost(4, 10).unwrap(), 262.275_561_377_277_5, 1e-12);
        close(problem.cost(2, 7).unwrap(), 223.574_829_566_968_8, 1e-12);
        let best = problem.optimum().unwrap();
        assert_eq!((best.min, best.max), (2, 7));
        close(best.cost, 223.574_829_566_968_8, 1e-12);
    }
}

/// Snyder & Shen (2019), example 4.8 and problem 4.32.
#[test]
fn power_approximation() {
    for ((holding, shortage, order_cost), (mean, deviation), (min, max)) in [
        ((0.18, 0.7, 2.5), (50.0, 8.0), (40.194_616_956_474_07, 74.290_170_109_805_79)),
        ((2.0, 36.0, 60.0), (190.0, 48.0), (226.613_792_822_283_9, 324.379_786_813_397_4)),
    ] {
        let demand = NormalDemand { mean, deviation, lead_time: 0.0 };
        let item = NormalMinMaxItem { demand, holding, shortage, order_cost };
        let levels = item.power_approximation().unwrap();
        close(levels.min, min, 1e-9);
        close(levels.max, max, 1e-9);
    }
}

/// Cost of a policy by the stationary distribution of the position after ordering.
fn markov_chain(item: &MinMaxItem<'_>, min: i64, max: i64) -> f64 {
    let total = demand_over(item.demand, item.lead_time + 1);
    let charge = |level: i64| -> f64 {
        let cost = |(d, p): (usize, &f64)| {
            let net = level - d as i64;
            p * (item.holding * net.max(0) as f64 + item.shortage * (-net).max(0) as f64)
        };
        total.iter().enumerate().map(cost).sum()
    };
    let states = (max - min) as usize; // state j is the position max − j
    let mut share = vec![1.0 / states as f64; states];
    let mut orders = 0.0;
    for _ in 0..20_000 {
        let mut next = vec![0.0; states];
        orders = 0.0;
        for (j, mass) in share.iter().enumerate() {
            for (d, p) in item.demand.iter().enumerate() {
                if j + d < states {
                    next[j + d] += mass * p;
                } else {
                    next[0] += mass * p;
                    orders += mass * p;
                }
            }
        }
        share = next;
    }
    let charges: f64 = share.iter().zip(0..).map(|(s, j)| s * charge(max - j)).sum();
    charges + orders * item.order_cost
}

const LUMPY: [f64; 6] = [0.45, 0.2, 0.0, 0.15, 0.15, 0.05];

#[test]
fn costs_are_those_of_the_markov_chain() {
    for lead_time in [0, 1, 3] {
        let item = MinMaxItem { lead_time, ..item(&LUMPY, (1.0, 7.0, 9.0)) };
        for (min, max) in [(0, 1), (-3, 6), (2, 9), (5, 20)] {
            close(item.cost(min, max).unwrap(), markov_chain(&item, min, max), 1e-9);
        }
    }
}

#[test]
fn the_optimum_is_the_cheapest_of_all() {
    for lead_time in [0, 1, 4] {
        for order_cost in [0.0, 0.5, 5.0, 40.0] {
            for shortage in [0.5, 3.0, 30.0] {
                let item = MinMaxItem { lead_time, ..item(&LUMPY, (1.0, shortage, order_cost)) };
                let all = (-25..40).flat_map(|min| (min + 1..60).map(move |max| (min, max)));
                let costs = all.map(|(min, max)| item.cost(min, max).unwrap());
                let least = costs.fold(f64::INFINITY, f64::min);
                close(item.optimum().unwrap().cost, least, 1e-12);
            }
        }
    }
}

#[test]
fn another_one_period_cost_finds_the_same_policy_from_anywhere() {
    let item = item(&LUMPY, (1.0, 7.0, 9.0));
    let period = item.one_period().unwrap();
    let shifted = |level: i64| period.cost(level) + 100.0;
    let model = MinMaxModel { demand: &LUMPY, order_cost: 9.0, one_period: &shifted };
    let plain = item.optimum().unwrap();
    for start in [-50, 0, 3, 200] {
        let best = model.optimum(start).unwrap();
        assert_eq!((best.min, best.max), (plain.min, plain.max));
        close(best.cost, plain.cost + 100.0, 1e-12);
    }
}

#[test]
fn nonsense_is_refused() {
    let plain = item(&LUMPY, (1.0, 7.0, 9.0));
    assert!(plain.cost(4, 4).is_err());
    assert!(MinMaxItem { holding: 0.0, ..plain }.optimum().is_err());
    assert!(MinMaxItem { order_cost: -1.0, ..plain }.optimum().is_err());
    assert!(MinMaxItem { demand: &[], ..plain }.optimum().is_err());
    assert!(MinMaxItem { demand: &[1.0], ..plain }.optimum().is_err());
    assert!(MinMaxItem { demand: &[0.7, 0.7], ..plain }.cost(1, 2).is_err());
    let model = MinMaxModel { demand: &LUMPY, order_cost: 9.0, one_period: &|_| f64::NAN };
    assert!(model.optimum(0).is_err());
    let model = MinMaxModel { one_period: &|level| level as f64, ..model };
    assert!(model.optimum(0).is_err());
}
