//! Policies that keep the position at a level, or evenly over a lot: newsvendors.

use engine::{Events, Item, ReviewTime, Unmet};
use scenarios::demand::{Demand, NegativeBinomial, Poisson};
use scenarios::{Masses, Supply};

use super::{Distribution, Known, assert_mean, built, drawn, simulated, wanted};
use crate::every_policy::cells::{REVIEWS, SIDES};

/// Parameters with which a policy's position just after an order is evenly spread.
struct Form {
    policy: &'static str,
    /// The values, from the lowest position.
    values: fn(f64) -> Vec<f64>,
    /// How many positions there are.
    lot: usize,
    /// Periods between orders.
    interval: usize,
}

const LOT: f64 = 15.0;
const FAR: f64 = 1e4;

/// The form of every policy with one source; that of `time-phased` without the unit it expects in each
/// period.
const FORMS: [Form; 15] = [
    Form { policy: "base-stock", values: |s| vec![s], lot: 1, interval: 1 },
    Form { policy: "capped-base-stock", values: |s| vec![s, FAR], lot: 1, interval: 1 },
    Form { policy: "min-max", values: |s| vec![s - 1.0, s], lot: 1, interval: 1 },
    Form { policy: "min-max-capped", values: |s| vec![s - 1.0, s, FAR], lot: 1, interval: 1 },
    Form { policy: "can-order", values: |s| vec![s - 1.0, s - 1.0, s], lot: 1, interval: 1 },
    Form { policy: "lot-for-lot", values: |s| vec![s], lot: 1, interval: 1 },
    Form { policy: "cover", values: |s| vec![s], lot: 1, interval: 1 },
    Form { policy: "time-phased", values: |s| vec![s], lot: 1, interval: 1 },
    Form { policy: "periodic", values: |s| vec![5.0, s], lot: 1, interval: 5 },
    Form { policy: "periodic-min-max", values: |s| vec![3.0, s - 1.0, s], lot: 1, interval: 3 },
    Form { policy: "lot-size", values: |s| vec![s - 1.0, LOT], lot: 15, interval: 1 },
    // No period's demand exceeds the lot, so that one is enough.
    Form { policy: "fixed-lot", values: |s| vec![s - 1.0, LOT], lot: 15, interval: 1 },
    Form { policy: "kanban", values: |s| vec![1.0 + (s / LOT).floor(), LOT], lot: 15, interval: 1 },
    Form { policy: "periodic-lots", values: |s| vec![3.0, s - 1.0, LOT], lot: 15, interval: 3 },
    Form { policy: "eoq-cycle", values: |s| vec![2.0, 30.0, s - 1.0], lot: 30, interval: 2 },
];

const LEVELS: &[&str] = &[
    "base-stock",
    "capped-base-stock",
    "min-max",
    "min-max-capped",
    "can-order",
    "lot-for-lot",
    "cover",
    "time-phased",
];

const OTHERS: &[&str] = &[
    "periodic",
    "periodic-min-max",
    "lot-size",
    "fixed-lot",
    "kanban",
    "periodic-lots",
    "eoq-cycle",
];

const FIXED: &[&str] = &["L = 0", "L = 1", "L = 3", "L = 8"];

pub(super) const KNOWN: &[Known] = &[
    Known { policies: LEVELS, sides: &[Unmet::Backorder], kinds: FIXED },
    Known { policies: OTHERS, sides: &[Unmet::Backorder], kinds: FIXED },
    Known { policies: LEVELS, sides: &SIDES, kinds: &["L = 0"] },
];

/// The same in either order of events.
fn in_both_orders(unmet: Unmet, every: usize) -> [Events; 2] {
    REVIEWS.map(|review| Events {
        review,
        unmet,
        review_every_periods: every,
        review_phase: every - 1,
        ..Events::BACKORDER
    })
}

/// With backorders, stock at the end of a period is what the demand since the order before the last
/// lead time left of the position — Hadley & Whitin, *Analysis of Inventory Systems* (1963), §5.2
/// and §5.3 — whatever the order of events.
fn assert_backorders(form: &Form, lead_time: usize, every: usize) {
    let item = Item::plain("exact", lead_time, 1.0, 9.0);
    let demand = Distribution::of(&wanted());
    let block = drawn(&wanted(), &Supply::default());
    let periods = form.interval.max(every);
    let cover = (lead_time + periods) as f64 * demand.mean();
    let lowest = 1.0 + LOT * (cover / LOT).round();
    let [mut stock, mut waiting, mut unmet] = [0.0; 3];
    for since in lead_time + 1..=lead_time + periods {
        let (before, until) = (demand.times(since - 1), demand.times(since));
        for position in 0..form.lot {
            let level = lowest + position as f64;
            let weight = 1.0 / (form.lot * periods) as f64;
            stock += weight * until.left_of(level);
            waiting += weight * until.beyond(level);
            unmet += weight * (until.beyond(level) - before.beyond(level));
        }
    }
    for events in in_both_orders(Unmet::Backorder, every) {
        let mut values = (form.values)(lowest);
        if form.policy == "time-phased" {
            values[0] -= events.protection_periods(&item) as f64;
        }
        let policy = built(form.policy, &values, &item, &events);
        let outcomes = simulated(&policy, &item, &events, &block);
        let case = format!("{} {values:?}, lead time {lead_time}, {events}", form.policy);
        assert_mean(&format!("{case}: stock"), &outcomes.stock, stock);
        assert_mean(&format!("{case}: waiting"), &outcomes.waiting, waiting);
        assert_mean(&format!("{case}: unmet"), &outcomes.unmet, unmet);
        assert_mean(&format!("{case}: ordered"), &outcomes.ordered, demand.mean());
    }
}

#[test]
fn backorders_are_those_of_the_demand_over_lead_time_and_review() {
    for form in &FORMS {
        for lead_time in [0, 1, 3, 8] {
            assert_backorders(form, lead_time, 1);
        }
    }
    for form in &FORMS[..8] {
        assert_backorders(form, 3, 7);
    }
}

/// Every policy that orders up to a level and gets it at once is a newsvendor every period: of what
/// is short a share is lost, and the rest waits for a period.
#[test]
fn without_a_lead_time_every_period_is_a_newsvendor() {
    let demands: [(Masses, f64); 3] = [
        (wanted(), 7.0),
        (Poisson { mean: 6.0 }.masses(1.0), 8.0),
        (NegativeBinomial { mean: 6.0, size: 1.0 }.masses(1.0), 11.0),
    ];
    let item = Item::plain("exact", 0, 1.0, 9.0);
    for (masses, level) in demands {
        let demand = Distribution::of(&masses);
        let short = demand.beyond(level);
        let block = drawn(&masses, &Supply::default().with_rounding());
        for (unmet, lost) in [
            (Unmet::Backorder, 0.0),
            (Unmet::Lost, 1.0),
            (Unmet::PartlyLost { lost_fraction: 0.3 }, 0.3),
            (Unmet::PartlyLost { lost_fraction: 0.85 }, 0.85),
            (Unmet::Patient { periods: 1 }, 0.0),
            (Unmet::Patient { periods: 2 }, 0.0),
        ] {
            for form in &FORMS[..8] {
                for events in in_both_orders(unmet, 1) {
                    let mut values = (form.values)(level);
                    if form.policy == "time-phased" {
                        values[0] -= 1.0;
                    }
                    let policy = built(form.policy, &values, &item, &events);
                    let outcomes = simulated(&policy, &item, &events, &block);
                    let case = format!("{} {values:?}, {events}", form.policy);
                    assert_mean(&format!("{case}: unmet"), &outcomes.unmet, short);
                    assert_mean(&format!("{case}: lost"), &outcomes.lost, lost * short);
                    let waiting = (1.0 - lost) * short;
                    assert_mean(&format!("{case}: waiting"), &outcomes.waiting, waiting);
                    assert_mean(&format!("{case}: stock"), &outcomes.stock, demand.left_of(level));
                    let stockouts = demand.exceeds(level);
                    assert_mean(&format!("{case}: stockouts"), &outcomes.stockouts, stockouts);
                }
            }
        }
    }
}

/// What nobody orders waits as long as it may, and is lost then: `k` periods' demand waits.
#[test]
fn the_patience_of_customers_is_counted_in_periods() {
    let block = drawn(&wanted(), &Supply::default());
    let item = Item::plain("exact", 2, 1.0, 9.0);
    let never = Events { review: ReviewTime::AfterDemand, ..Events::BACKORDER };
    for periods in [1, 2, 5] {
        let events = Events { unmet: Unmet::Patient { periods }, ..never };
        let policy = built("base-stock", &[-FAR], &item, &events);
        let outcomes = simulated(&policy, &item, &events, &block);
        for scenario in 0..block.scenarios() {
            let demand: Vec<f64> = block.scenario(scenario).collect();
            let first = block.warm_up();
            let since = |back: usize| demand[first - back..demand.len() - back].iter().sum::<f64>();
            let waiting: f64 = (0..periods).map(since).sum();
            assert_eq!(outcomes.waiting[scenario], waiting);
            assert_eq!(outcomes.lost[scenario], since(periods));
        }
    }
}
