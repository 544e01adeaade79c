//! Published optima and policies, and the closed forms of small systems.

use super::super::special::poisson;
use super::*;

fn zipkin(demand: &[f64], shortage: f64, lead_time: usize) -> LostSales<'_> {
    LostSales {
        demand,
        lead_time,
        holding: 1.0,
        shortage,
        order_cost: 0.0,
        most_stock: 34,
        most_order: 12,
    }
}

/// Zipkin (2008), Poisson demand with mean 5, h = 1; L = 1 to 3 here, the rest in `parstock verify`.
#[test]
fn zipkin_poisson() {
    let demand = poisson(5.0).unwrap();
    for (shortage, optima) in [
        (4.0, [4.0407, 4.3953, 4.5987]),
        (9.0, [5.4382, 6.0936, 6.5314]),
        (19.0, [6.6758, 7.6644, 8.3625]),
        (39.0, [7.8360, 9.1064, 10.0385]),
    ] {
        for (lead_time, published) in (1..).zip(optima) {
            let ours = zipkin(&demand, shortage, lead_time).optimum().unwrap();
            assert!((ours.cost - published).abs() < 6e-5, "{shortage} {lead_time}: {ours:?}");
            assert!(ours.low <= ours.cost && ours.cost <= ours.high);
        }
    }
}

/// Bijvank, Bhulai & Huh (2015), Table 1.
#[test]
fn bijvank() {
    let demand = poisson(5.0).unwrap();
    let system = LostSales { order_cost: 5.0, most_order: 24, ..zipkin(&demand, 14.0, 2) };
    let close = |ours: AverageCost, published: f64| {
        assert!((ours.cost - published).abs() < 0.005_01, "{ours:?}, published {published}");
    };
    close(system.optimum().unwrap(), 11.46);
    let position = |stock: usize, under_way: &[usize]| stock + under_way.iter().sum::<usize>();
    let rule = |most: usize| {
        move |stock: usize, under_way: &[usize]| {
            let position = position(stock, under_way);
            if position <= 17 { (23 - position).min(most) } else { 0 }
        }
    };
    close(system.cost(&rule(usize::MAX)).unwrap(), 11.62);
    // A rule is followed as far as it goes, or not at all.
    close(LostSales { most_stock: 8, ..system }.cost(&rule(usize::MAX)).unwrap(), 11.62);
    let short = LostSales { most_order: 7, ..system }.cost(&rule(usize::MAX));
    assert_eq!(short, Err(IterationError::OrderTooLarge { order: 23, most: 7 }));
    close(system.cost(&rule(7)).unwrap(), 11.50);
    let lots = |stock: usize, under_way: &[usize]| {
        let position = position(stock, under_way);
        if position <= 17 { ((17 - position) / 7 + 1) * 7 } else { 0 }
    };
    close(system.cost(&lots).unwrap(), 11.56);
}

/// With demand of exactly three a period, stock never needs to be left.
#[test]
fn known_demand_costs_nothing() {
    let ours = zipkin(&[0.0, 0.0, 0.0, 1.0], 9.0, 2).optimum().unwrap();
    assert!(ours.cost.abs() < 1e-5, "{ours:?}");
    let short = zipkin(&[0.0, 0.0, 0.0, 1.0], 9.0, 2).cost(&|_, _| 2).unwrap();
    assert!((short.cost - 9.0).abs() < 1e-5, "{short:?}");
}

/// Zipkin (2008), geometric demand with mean 5.
#[test]
fn zipkin_geometric() {
    let demand: Vec<f64> = (0..200).map(|k| libm::pow(5.0 / 6.0, f64::from(k)) / 6.0).collect();
    for (shortage, optima) in
        [(4.0, [9.8175, 10.2403, 10.4668]), (9.0, [14.5082, 15.5029, 16.1368])]
    {
        for (lead_time, published) in (1..).zip(optima) {
            let system = LostSales {
                most_stock: 60,
                most_order: 18,
                ..zipkin(&demand, shortage, lead_time)
            };
            let ours = system.optimum().unwrap();
            assert!((ours.cost - published).abs() < 1e-4, "{shortage} {lead_time}: {ours:?}");
        }
    }
}

/// Bounds that are too tight make stock vanish or orders too small; the optimum looks further.
#[test]
fn where_the_search_begins_does_not_matter() {
    let demand = poisson(5.0).unwrap();
    for (most_stock, most_order) in [(10, 12), (34, 4), (1, 1)] {
        let system = LostSales { most_stock, most_order, ..zipkin(&demand, 9.0, 2) };
        let ours = system.optimum().unwrap();
        assert!((ours.cost - 6.0936).abs() < 6e-5, "{most_stock} {most_order}: {ours:?}");
    }
}

/// Where orders cost much, none is worth it while it must be small: the search must not end there.
/// The optimum is that of another value iteration, over positions.
#[test]
fn an_order_cost_does_not_hide_the_optimum() {
    let demand = poisson(5.0).unwrap();
    for (most_stock, most_order) in [(1, 1), (10, 4), (34, 6), (60, 50)] {
        let system =
            LostSales { order_cost: 64.0, most_stock, most_order, ..zipkin(&demand, 9.0, 1) };
        let ours = system.optimum().unwrap();
        assert!((ours.cost - 25.427_732).abs() < 1e-5, "{most_stock} {most_order}: {ours:?}");
    }
}

/// Without a lead time it is a newsvendor's, whose best level and cost Snyder & Shen (2019),
/// example 4.6, give for Poisson demand with mean 6, h = 1, p = 4.
#[test]
fn without_a_lead_time_it_is_a_newsvendor() {
    let demand = poisson(6.0).unwrap();
    let system = zipkin(&demand, 4.0, 0);
    let close = |ours: AverageCost| assert!((ours.cost - 3.570_107).abs() < 2e-6, "{ours:?}");
    close(system.optimum().unwrap());
    close(system.cost(&|stock, _| 8_usize.saturating_sub(stock)).unwrap());
}

/// Only what is reached from no stock counts, even if the rule has another long run elsewhere.
#[test]
fn a_rule_costs_what_it_costs_from_no_stock_on() {
    let system = zipkin(&[0.0, 0.0, 1.0], 9.0, 1);
    let ours = system.cost(&|stock, _| if stock >= 30 { 2 } else { 0 }).unwrap();
    assert!((ours.cost - 18.0).abs() < 1e-5, "{ours:?}");
    let drifting = system.cost(&|_, _| 3);
    assert!(matches!(drifting, Err(IterationError::Unsettled { .. })), "{drifting:?}");
}

#[test]
fn too_many_states_are_counted_and_refused() {
    let demand = poisson(5.0).unwrap();
    let ours = zipkin(&demand, 9.0, 8).optimum();
    let states = 35 * 13_usize.pow(8);
    assert_eq!(ours, Err(IterationError::TooManyStates { states }));
    assert!(zipkin(&demand, 9.0, 400).optimum().is_err());
}

#[test]
fn nonsense_is_refused() {
    let demand = poisson(5.0).unwrap();
    assert!(zipkin(&demand, -9.0, 1).optimum().is_err());
    let free = LostSales { holding: 0.0, order_cost: 5.0, ..zipkin(&demand, 9.0, 1) };
    assert!(free.optimum().is_err());
    let endless = LostSales { most_stock: usize::MAX, ..zipkin(&demand, 9.0, 1) };
    assert!(matches!(endless.optimum(), Err(IterationError::TooManyStates { .. })));
    assert!(zipkin(&[0.4, 0.4], 9.0, 1).optimum().is_err());
}
