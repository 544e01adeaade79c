//! Published costs, closed forms, and a simulation of both orders of events.

use super::super::special::poisson;
use super::markov::{ELIMINATED, WIDTH};
use super::*;

fn item<'a>(demand: &'a [f64], order: &'a dyn Fn(i64) -> i64) -> PositionPolicy<'a> {
    let shortfall = Shortfall::Waits;
    PositionPolicy { demand, lead_time: 0, review_every: 1, shortfall, order, opening: 0 }
}

fn min_max(min: i64, max: i64) -> impl Fn(i64) -> i64 {
    move |position| if position <= min { max - position } else { 0 }
}

fn base_stock(level: i64) -> impl Fn(i64) -> i64 {
    move |position| (level - position).max(0)
}

fn close(ours: f64, expected: f64, tolerance: f64) {
    assert!((ours - expected).abs() <= tolerance * (1.0 + expected.abs()), "{ours} {expected}");
}

fn cost(run: &LongRun, (holding, shortage, order_cost): (f64, f64, f64)) -> f64 {
    holding * run.stock + shortage * run.waiting + order_cost * run.orders
}

/// Zheng & Federgruen, *Finding Optimal (s, S) Policies Is About As Simple As Evaluating a Single
/// Policy*, Operations Research 39 (1991) 654–665, Table I: h = 1, p = 9, K = 64, no lead time,
/// Poisson demand.
#[test]
fn zheng_federgruen() {
    for (mean, min, max, published) in [
        (10.0, 6, 40, 35.022),
        (15.0, 10, 49, 42.698),
        (23.0, 17, 52, 52.757),
        (25.0, 19, 56, 54.262),
        (30.0, 23, 66, 57.819),
        (40.0, 33, 87, 64.512),
        (45.0, 37, 97, 67.776),
        (50.0, 42, 108, 70.975),
        (60.0, 52, 129, 77.306),
        (61.0, 52, 131, 77.929),
        (65.0, 56, 75, 78.518),
        (75.0, 67, 86, 79.554),
    ] {
        let demand = poisson(mean).unwrap();
        let run = item(&demand, &min_max(min, max)).long_run().unwrap();
        let ours = cost(&run, (1.0, 9.0, 64.0));
        assert!((ours - published).abs() <= 0.000_501, "{mean}: {ours}");
        close(run.ordered, mean, 1e-12);
    }
}

/// Snyder & Shen, *Fundamentals of Supply Chain Theory*, 2nd ed. (2019), example 4.7 and problem
/// 4.31.
#[test]
fn snyder_shen() {
    for (mean, (min, max), costs, published) in [
        (6.0, (4, 10), (1.0, 4.0, 5.0), 8.034_111_561_471_644),
        (6.0, (6, 18), (1.0, 4.0, 5.0), 10.193_798_671_644_046),
        (4.0, (4, 10), (40.0, 125.0, 150.0), 262.275_561_377_277_5),
        (4.0, (2, 7), (40.0, 125.0, 150.0), 223.574_829_566_968_8),
    ] {
        let demand = poisson(mean).unwrap();
        let run = item(&demand, &min_max(min, max)).long_run().unwrap();
        close(cost(&run, costs), published, 1e-12);
    }
}

/// Snyder & Shen (2019), as in example 4.6: Poisson demand with mean 6, h = 1, p = 4; without a
/// lead time the best level is 8, whether demand waits or is lost.
#[test]
fn newsvendor() {
    let demand = poisson(6.0).unwrap();
    for shortfall in [Shortfall::Waits, Shortfall::IsLost] {
        let run = |level| {
            let order = base_stock(level);
            PositionPolicy { shortfall, ..item(&demand, &order) }.long_run().unwrap()
        };
        let cost = |level| run(level).stock + 4.0 * run(level).unmet;
        close(cost(8), 3.570_106_945_770_946, 1e-9);
        assert!(cost(7) > cost(8) && cost(9) > cost(8));
        close(run(8).stockouts, 1.0 - demand[..9].iter().sum::<f64>(), 1e-12);
    }
}

/// Zipkin, *Old and New Methods for Lost-Sales Inventory Systems*, Operations Research 56 (2008)
/// 1256–1263: the best base-stock levels for Poisson demand with mean 5, h = 1, by shortage and
/// lead time, with simulated costs to ±0.01. The exact costs are up to 0.014 higher than those.
#[test]
fn zipkin_base_stock() {
    let demand = poisson(5.0).unwrap();
    for (shortage, lead_time, level, published, exact) in [
        (4.0, 2, 16, 4.63, 4.6386),
        (9.0, 3, 23, 6.85, 6.8640),
        (19.0, 4, 31, 9.22, 9.2319),
        (39.0, 4, 33, 11.05, 11.0623),
    ] {
        let order = base_stock(level);
        let shortfall = Shortfall::IsLost;
        let run = PositionPolicy { lead_time, shortfall, ..item(&demand, &order) };
        let run = run.long_run().unwrap();
        let ours = run.stock + shortage * run.unmet;
        assert!((ours - published).abs() <= 0.015, "{ours} {published}");
        assert!((ours - exact).abs() <= 0.000_051, "{ours} {exact}");
        close(run.ordered + run.unmet, 5.0, 1e-10);
    }
}

/// Bijvank, Bhulai & Huh, *Parametric replenishment policies for inventory systems with lost sales
/// and fixed order cost*, European Journal of Operational Research 241 (2015) 381–390, Table 1:
/// L = 2, h = 1, p = 14, K = 5, Poisson demand with mean 5.
#[test]
fn bijvank_bhulai_huh() {
    let demand = poisson(5.0).unwrap();
    let multiples = |position: i64| if position <= 17 { (18 - position + 6) / 7 * 7 } else { 0 };
    let rules: [(&dyn Fn(i64) -> i64, f64); 3] = [
        (&min_max(17, 23), 11.62),
        (&multiples, 11.56),
        (&|position| min_max(17, 23)(position).min(7), 11.50),
    ];
    for (order, published) in rules {
        let shortfall = Shortfall::IsLost;
        let run = PositionPolicy { lead_time: 2, shortfall, ..item(&demand, order) };
        let run = run.long_run().unwrap();
        let ours = run.stock + 14.0 * run.unmet + 5.0 * run.orders;
        assert!((ours - published).abs() <= 0.005, "{ours} {published}");
    }
}

const LUMPY: [f64; 6] = [0.45, 0.2, 0.0, 0.15, 0.15, 0.05];

/// Numbers between 0 and 1 of a small linear congruential generator with 64 bits.
fn chance(state: &mut u64) -> f64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 11) as f64 / (1_u64 << 53) as f64
}

/// Measures of many periods: receive, order, demand, charge, or the order after the charge.
fn simulated(policy: &PositionPolicy<'_>, after_demand: bool) -> Measures {
    let (periods, mut seed) = (600_000, 42);
    let (mut on_hand, mut waiting, mut due) = (policy.opening, 0, vec![0; 16]);
    let mut sum = [0.0; MEASURES];
    for period in 0..periods {
        let reviewed = period % policy.review_every == 0;
        let mut review = |on_hand: i64, waiting: i64, due: &mut Vec<i64>, start: usize| {
            let order = (policy.order)(on_hand - waiting + due.iter().sum::<i64>());
            due[(start + policy.lead_time) % 16] += order;
            sum[4] += f64::from(u8::from(order > 0));
            sum[5] += order as f64;
        };
        if reviewed && !after_demand {
            review(on_hand, waiting, &mut due, period);
        }
        on_hand += std::mem::take(&mut due[period % 16]);
        let served = waiting.min(on_hand);
        (on_hand, waiting) = (on_hand - served, waiting - served);
        let (mut draw, mut demand) = (chance(&mut seed), 0);
        while draw >= policy.demand[demand as usize] && demand < 5 {
            draw -= policy.demand[demand as usize];
            demand += 1;
        }
        let unmet = (demand - on_hand).max(0);
        on_hand -= demand - unmet;
        waiting += if policy.shortfall == Shortfall::Waits { unmet } else { 0 };
        if reviewed && after_demand {
            review(on_hand, waiting, &mut due, period + 1);
        }
        sum[0] += on_hand as f64;
        sum[1] += waiting as f64;
        sum[2] += unmet as f64;
        sum[3] += f64::from(u8::from(unmet > 0));
    }
    sum.map(|total| total / periods as f64)
}

#[test]
fn both_orders_of_events_simulate_to_the_chain() {
    for (shortfall, lead_time, review_every) in [
        (Shortfall::Waits, 0, 1),
        (Shortfall::Waits, 2, 1),
        (Shortfall::Waits, 1, 3),
        (Shortfall::IsLost, 0, 1),
        (Shortfall::IsLost, 2, 1),
        (Shortfall::IsLost, 0, 2),
        (Shortfall::IsLost, 2, 3),
    ] {
        let order = min_max(4, 9);
        let policy = PositionPolicy { lead_time, review_every, shortfall, ..item(&LUMPY, &order) };
        let run = policy.long_run().unwrap();
        let exact = [run.stock, run.waiting, run.unmet, run.stockouts, run.orders, run.ordered];
        for after_demand in [false, true] {
            for (ours, sampled) in exact.into_iter().zip(simulated(&policy, after_demand)) {
                close(sampled, ours, 0.01);
            }
        }
    }
}

#[test]
fn elimination_and_iteration_agree() {
    for (lead_time, review_every) in [(0, 1), (2, 1), (1, 2), (2, 3)] {
        for shortfall in [Shortfall::Waits, Shortfall::IsLost] {
            let order = min_max(3, 9);
            let policy =
                PositionPolicy { lead_time, review_every, shortfall, ..item(&LUMPY, &order) };
            let chain = match shortfall {
                Shortfall::Waits => policy.waiting_chain(&LUMPY, STATES).unwrap(),
                Shortfall::IsLost => policy.losing_chain(&LUMPY, STATES).unwrap(),
            };
            assert!(chain.measures.len() < ELIMINATED);
            let (exact, _) = chain.long_run(review_every).unwrap();
            let (iterated, width) = chain.iterated(review_every).unwrap();
            assert!(width <= WIDTH);
            for (ours, bound) in exact.into_iter().zip(iterated) {
                close(ours, bound, 1e-11);
            }
        }
    }
}

#[test]
fn lots_and_base_stock_have_closed_forms() {
    // With lots the position after a review is uniform: Hadley & Whitin (1963).
    let demand = poisson(3.0).unwrap();
    let lots = |position: i64| if position <= 5 { (5 - position) / 4 * 4 + 4 } else { 0 };
    let (lead_time, review_every) = (2, 2);
    let run = PositionPolicy { lead_time, review_every, ..item(&demand, &lots) };
    let run = run.long_run().unwrap();
    let loss = |periods: usize, level| {
        OnePeriod::new(&demand_over(&demand, periods), 1.0, 1.0).loss(level)
    };
    let waiting = (6..10).map(|y| loss(3, y) + loss(4, y)).sum::<f64>() / 8.0;
    close(run.waiting, waiting, 1e-13);
    close(run.stock, 7.5 - 3.0 * 3.5 + waiting, 1e-13);
    close(run.ordered, 3.0, 1e-13);
    assert_eq!(run.states, 4);
    // Without lead time every unit sold is ordered again.
    let order = base_stock(4);
    let shortfall = Shortfall::IsLost;
    let run = PositionPolicy { shortfall, ..item(&demand, &order) }.long_run().unwrap();
    close(run.ordered, 3.0 - run.unmet, 1e-13);
    close(run.orders, 1.0 - demand[0], 1e-13);
    close(run.fill_rate, 1.0 - run.unmet / 3.0, 1e-13);
}

#[test]
fn periodic_chains_have_a_long_run() {
    // Always two units of demand, ordered by six: three periods a cycle.
    let order = min_max(0, 6);
    for shortfall in [Shortfall::Waits, Shortfall::IsLost] {
        let policy = PositionPolicy { shortfall, ..item(&[0.0, 0.0, 1.0], &order) };
        let run = policy.long_run().unwrap();
        close(run.stock, 2.0, 1e-13);
        close(run.orders, 1.0 / 3.0, 1e-13);
        assert_eq!((run.waiting, run.unmet, run.stockouts), (0.0, 0.0, 0.0));
    }
}

#[test]
fn nonsense_is_refused() {
    let order = base_stock(4);
    let plain = item(&LUMPY, &order);
    assert!(PositionPolicy { demand: &[0.5, 0.4], ..plain }.long_run().is_err());
    assert!(PositionPolicy { demand: &[1.0], ..plain }.long_run().is_err());
    assert!(PositionPolicy { review_every: 0, ..plain }.long_run().is_err());
    let shortfall = Shortfall::IsLost;
    assert!(PositionPolicy { shortfall, opening: -1, ..plain }.long_run().is_err());
    let negative = PositionPolicy { order: &|_| -1, ..plain }.long_run();
    assert_eq!(negative, Err(ChainError::Order { position: 0, order: -1 }));
    assert!(PositionPolicy { order: &|_| i64::MAX, ..plain }.long_run().is_err());
    let drifting = PositionPolicy { order: &|_| 1, ..plain }.long_run();
    assert!(matches!(drifting, Err(ChainError::TooLarge { .. })));
    // Between 98 and 100 or between 198 and 200 for ever, as the first demand wills.
    let torn = |position: i64| match position {
        0 => 3,
        1 => 199,
        2 => 98,
        98 | 99 => 100 - position,
        _ => 200 - position,
    };
    let torn = PositionPolicy { demand: &[0.0, 0.5, 0.5], order: &torn, ..plain };
    assert_eq!(torn.long_run(), Err(ChainError::SeveralLongRuns));
    let chain = torn.waiting_chain(torn.demand, STATES).unwrap();
    assert!(matches!(chain.iterated(1), Err(ChainError::Slow { .. })));
}
