//! Supply that chance decides about, goods that spoil, and two sources.

use engine::{Events, Expedited, Issue, Item, Outcomes, Shelf, Unmet};
use scenarios::{Masses, Outages, Supply};

use super::{
    Distribution, Known, assert_mean, assert_net, built, drawn, simulated, steady, wanted,
};
use crate::every_policy::cells::{REVIEWS, SIDES};

pub(super) const KNOWN: &[Known] = &[
    Known {
        policies: &["base-stock"],
        sides: &[Unmet::Backorder],
        kinds: &["random L, in order", "random L, crossing", "yield", "partial deliveries"],
    },
    Known {
        policies: &["base-stock"],
        sides: &[Unmet::Backorder, Unmet::Lost],
        kinds: &["outages"],
    },
    Known { policies: &["base-stock"], sides: &SIDES, kinds: &["oldest first", "freshest first"] },
    Known {
        policies: &["single-index", "dual-index", "capped-dual-index", "tailored-base-surge"],
        sides: &[Unmet::Backorder],
        kinds: &["L = 3"],
    },
];

/// A level `level` of `item` in both orders of events.
fn kept(level: f64, item: &Item, unmet: Unmet, demand: &Masses, supply: &Supply) -> [Outcomes; 2] {
    let block = drawn(demand, supply);
    REVIEWS.map(|review| {
        let events = Events { review, unmet, ..Events::BACKORDER };
        simulated(&built("base-stock", &[level], item, &events), item, &events, &block)
    })
}

fn item(lead_time: usize) -> Item {
    Item::plain("exact", lead_time, 1.0, 9.0)
}

/// A supplier that is closed for `j` periods lets `j` periods' demand eat up a level of `k`; that
/// many pass with probability `π a (1 − b)^(j−1)`, where `π = b / (a + b)`. Tomlin, *On the Value of
/// Mitigation and Contingency Strategies for Managing Supply Chain Disruption Risks*, Management
/// Science 52 (2006) 639–657.
#[test]
fn outages_eat_up_the_level_geometrically() {
    let outages = Outages { failure_probability: 0.1, recovery_probability: 0.4 };
    let Outages { failure_probability: a, recovery_probability: b } = outages;
    let supply = Supply::default().with_outages(outages);
    let closed = |periods: i32| match periods {
        0 => outages.availability(),
        _ => outages.availability() * a * (1.0 - b).powi(periods - 1),
    };
    for (k, d) in [(1, 4.0), (3, 4.0), (5, 2.0)] {
        let stock: f64 = (0..k).map(|j| d * f64::from(k - 1 - j) * closed(j)).sum();
        let unmet = d * outages.availability() * a * (1.0 - b).powi(k - 1) / b;
        for side in [Unmet::Backorder, Unmet::Lost] {
            for outcomes in kept(f64::from(k) * d, &item(0), side, &steady(d), &supply) {
                let case = format!("level {k} · {d}, {side:?}");
                assert_mean(&format!("{case}: stock"), &outcomes.stock, stock);
                assert_mean(&format!("{case}: unmet"), &outcomes.unmet, unmet);
                let waiting = if side == Unmet::Lost { 0.0 } else { unmet / b };
                assert_mean(&format!("{case}: waiting"), &outcomes.waiting, waiting);
            }
        }
    }
}

/// If a share `y` of each order arrives, what is missing to the level follows
/// `x' = (1 − y) x + d`, so that on average `d / E y` is ordered.
#[test]
fn what_a_yield_withholds_is_ordered_again() {
    let demand = Distribution::of(&wanted()).mean();
    let (low, high) = (0.5, 0.9);
    let share = f64::midpoint(low, high);
    let supply = Supply::default().with_yield(low, high);
    for lead_time in [0, 2] {
        for outcomes in kept(400.0, &item(lead_time), Unmet::Backorder, &wanted(), &supply) {
            let ordered = demand / share;
            assert_mean("ordered", &outcomes.ordered, ordered);
            assert_mean("failed", &outcomes.failed, ordered - demand);
            assert_mean("received", &outcomes.received, demand);
            assert_net("stock", &outcomes, 400.0 - (lead_time + 1) as f64 * ordered);
        }
    }
}

/// Orders with lead times of their own are under way, or not, independently of each other.
#[test]
fn orders_that_cross_are_under_way_independently() {
    let lead_times = Masses { values: vec![1.0, 2.0, 5.0], weights: vec![1.0; 3] };
    let longer = |than: usize| lead_times.values.iter().filter(|&&l| l > than as f64).count();
    let demand = Distribution::of(&wanted());
    let missing = (0..5)
        .fold(demand.clone(), |sum, age| sum.plus(&demand.if_chance(longer(age) as f64 / 3.0)));
    let mut item = item(3);
    item.supply.orders_cross = true;
    let supply = Supply::default().with_lead_times(&lead_times);
    let level = 20.0;
    let both = kept(level, &item, Unmet::Backorder, &wanted(), &supply);
    for (after, outcomes) in both.iter().enumerate() {
        assert_mean("stock", &outcomes.stock, missing.left_of(level));
        assert_mean("waiting", &outcomes.waiting, missing.beyond(level));
        // Little's law: an order is under way for 8/3 periods, and one more if placed after demand.
        let under_way = demand.mean() * (lead_times.mean() + after as f64);
        assert_mean("on order", &outcomes.on_order, under_way);
    }
}

/// An order that must not overtake waits for all before it: those of the last `m` periods are under
/// way, where the one placed `m` periods ago is the oldest whose own lead time is longer.
#[test]
fn orders_that_do_not_cross_are_under_way_up_to_the_oldest() {
    let lead_times = Masses { values: vec![1.0, 2.0, 5.0], weights: vec![1.0; 3] };
    let longer =
        |than: usize| lead_times.values.iter().filter(|&&l| l > than as f64).count() as f64 / 3.0;
    let demand = Distribution::of(&wanted());
    let level = 20.0;
    let (mut stock, mut waiting, mut none_older) = (0.0, 0.0, 1.0);
    for oldest in (0..5).rev() {
        let missing = demand.times(oldest + 2);
        let chance = none_older * longer(oldest);
        stock += chance * missing.left_of(level);
        waiting += chance * missing.beyond(level);
        none_older *= 1.0 - longer(oldest);
    }
    stock += none_older * demand.left_of(level);
    waiting += none_older * demand.beyond(level);
    let supply = Supply::default().with_lead_times(&lead_times);
    for outcomes in kept(level, &item(3), Unmet::Backorder, &wanted(), &supply) {
        assert_mean("stock", &outcomes.stock, stock);
        assert_mean("waiting", &outcomes.waiting, waiting);
    }
}

/// Of ten units, six come after two periods and four after five.
#[test]
fn the_rest_of_an_order_is_under_way_longer() {
    let mut item = item(2);
    item.supply.first_share = 0.6;
    item.supply.rest_after_periods = 3;
    let both = kept(100.0, &item, Unmet::Backorder, &steady(10.0), &Supply::default());
    for (after, outcomes) in both.iter().enumerate() {
        assert_mean("on order", &outcomes.on_order, 6.0 * 2.0 + 4.0 * 5.0 + 10.0 * after as f64);
        assert_mean("stock", &outcomes.stock, 100.0 - 10.0 - 32.0);
        assert_mean("received", &outcomes.received, 10.0);
        assert_mean("cycles", &outcomes.cycles, 1.0);
    }
}

/// What keeps for one period is a newspaper.
#[test]
fn what_keeps_a_period_is_a_newspaper() {
    let demand = Distribution::of(&wanted());
    let level = 6.0;
    for issue in [Issue::Fifo, Issue::Lifo] {
        let shelf = Some(Shelf { life_periods: 1, issue, waste_cost_per_unit: 0.0 });
        let item = Item { shelf, ..item(0) };
        for unmet in SIDES {
            let supply = Supply::default().with_rounding();
            for outcomes in kept(level, &item, unmet, &wanted(), &supply) {
                assert_mean("stock", &outcomes.stock, 0.0);
                assert_mean("waste", &outcomes.wasted, demand.left_of(level));
                assert_mean("unmet", &outcomes.unmet, demand.beyond(level));
                let lost = match unmet {
                    Unmet::Lost => 1.0,
                    Unmet::PartlyLost { lost_fraction } => lost_fraction,
                    Unmet::Backorder | Unmet::Patient { .. } => 0.0,
                };
                assert_mean("lost", &outcomes.lost, lost * demand.beyond(level));
                let again = (1.0 - lost) * demand.beyond(level);
                assert_mean("ordered", &outcomes.ordered, level + again);
            }
        }
    }
}

/// What nobody wants spoils after its life and is ordered anew: `(m − 1) / m` of it is there at the
/// end of a period.
#[test]
fn what_nobody_wants_spoils_after_its_life() {
    for life_periods in [2, 3, 5] {
        for issue in [Issue::Fifo, Issue::Lifo] {
            let shelf = Some(Shelf { life_periods, issue, waste_cost_per_unit: 0.0 });
            let item = Item { shelf, ..item(0) };
            let life = life_periods as f64;
            for outcomes in kept(8.0, &item, Unmet::Lost, &steady(0.0), &Supply::default()) {
                let waste = 8.0 / life;
                assert_mean("stock", &outcomes.stock, 8.0 - waste);
                assert_mean("waste", &outcomes.wasted, waste);
                assert_mean("ordered", &outcomes.ordered, waste);
            }
        }
    }
}

/// If the slow source has nothing to do, the fast one is a newsvendor's; if it delivers a constant
/// part of a constant demand, the fast one delivers the rest.
#[test]
fn the_fast_source_delivers_what_the_slow_one_does_not() {
    let expedited = Some(Expedited { lead_time_periods: 1, premium_per_unit: 1.0 });
    let mut item = item(3);
    item.supply.expedited = expedited;
    let two_periods = Distribution::of(&wanted()).times(2);
    let level = 12.0;
    for review in REVIEWS {
        let events = Events { review, ..Events::BACKORDER };
        let block = drawn(&wanted(), &Supply::default());
        for (name, values) in [
            ("single-index", vec![level, level]),
            ("dual-index", vec![level, -1e4]),
            ("capped-dual-index", vec![level, -1e4, 3.0]),
        ] {
            let policy = built(name, &values, &item, &events);
            let outcomes = simulated(&policy, &item, &events, &block);
            assert_mean(name, &outcomes.stock, two_periods.left_of(level));
            assert_mean(name, &outcomes.waiting, two_periods.beyond(level));
            assert_eq!(outcomes.expedited, outcomes.ordered, "{name}");
        }
        let block = drawn(&steady(10.0), &Supply::default());
        let item = Item { opening: Some(25.0), ..item.clone() };
        for (name, values) in
            [("tailored-base-surge", vec![25.0, 7.0]), ("capped-dual-index", vec![25.0, 1e4, 7.0])]
        {
            let policy = built(name, &values, &item, &events);
            let outcomes = simulated(&policy, &item, &events, &block);
            assert_mean(name, &outcomes.expedited, 3.0);
            assert_mean(name, &outcomes.ordered, 10.0);
            assert_mean(name, &outcomes.stock, 5.0);
        }
    }
}
