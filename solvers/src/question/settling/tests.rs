use engine::{Events, Item, policy};
use scenarios::Scenarios;
use scenarios::demand::{Demand, NegativeBinomial};

use super::*;
use crate::Selecting;
use crate::Settings;
use crate::answer::Rule;
use crate::strategy::Targets;

/// Periods in which the opening stock of an (s, S) policy with this lead time shows.
fn found(name: &str, lead_time: usize, warm_up_periods: usize, periods: usize) -> u64 {
    let min = 5.0 * (lead_time + 1) as f64 + 10.0;
    found_with(("min-max", [min, min + 30.0, 0.0]), name, lead_time, warm_up_periods, periods)
}

fn found_with(
    (family, values): (&str, [f64; 3]),
    name: &str,
    lead_time: usize,
    warm_up_periods: usize,
    periods: usize,
) -> u64 {
    let settings = Settings {
        events: Events::LOST,
        periods,
        warm_up_periods,
        scenarios: 64,
        search_scenarios: 64,
        search: None,
        strategies: &[],
        selecting: Selecting { alpha: 0.05, indifference_share: 0.005, most_scenarios: 512 },
        family: &policy::CATALOGUE[0],
        targets: Targets::default(),
        shortage_price: 0.0,
        periods_per_year: 364.0,
    };
    let masses = NegativeBinomial { mean: 5.0, size: 2.0 }.masses(1.0);
    let source = Scenarios::new(3, name, &[masses], vec![0]);
    let item = Item { order_cost: 10.0, ..Item::plain(name, lead_time, 0.1, 5.0) };
    let question = Question {
        settings: &settings,
        item: &item,
        source: &source,
        level: &source,
        probabilities: None,
        mean: 5.0,
        deviation: 4.2,
        expected: &[5.0],
        history: &[],
        observed: &[],
        sold_out: &[],
        lead_time_deviation: 0.0,
        class: 0,
        quantum: 1.0,
    };
    let family = policy::CATALOGUE.iter().position(|f| f.name == family).unwrap();
    let rule = Rule { family: family as u64, values };
    unsettled(&question, &question.built(rule))
}

/// Opening stock is the position, and nothing is under way: for a lead time there is too much.
#[test]
fn a_lead_time_longer_than_the_warm_up_is_found() {
    for lead_time in [20, 30, 40] {
        let found = found("late", lead_time, 5, 400);
        // What was ordered late is sold late: the opening echoes for some lead times.
        assert!((15..=5 * lead_time as u64).contains(&found), "{lead_time}: {found}");
    }
}

#[test]
fn a_run_that_never_settles_is_said_to() {
    assert_eq!(found("late", 90, 5, 100), 106);
    // Too few batches to judge by.
    assert_eq!(found("late", 90, 5, 40), 0);
}

#[test]
fn a_long_warm_up_raises_no_alarm() {
    for number in 0..300 {
        let name = format!("item {number}");
        assert_eq!(found(&name, 4, 56, 364), 0, "{name}");
    }
}

/// The ups and downs between two orders are no transient.
#[test]
fn a_rhythm_raises_no_alarm() {
    for interval in [7.0, 14.0, 30.0, 90.0] {
        for number in 0..40 {
            let name = format!("item {number}");
            let periodic = ("periodic", [interval, 5.0 * (interval + 3.0) + 20.0, 0.0]);
            assert_eq!(found_with(periodic, &name, 2, 56, 364), 0, "{name} every {interval}");
        }
    }
}
