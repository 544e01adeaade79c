//! What a supplier's terms, days and second source do to the orders of every policy.

use engine::policy::{CATALOGUE, family};
use engine::{
    Block, Chance, Days, Detail, Events, Expedited, Item, LANES, Outcomes, Row, Scratch, Supply,
};

use super::by_hand::{Case, kept_by_hand};
use super::cells::{REVIEWS, bursts, each, measures};
use super::{FLAT, by_ledger, increasing, simulated};

fn item() -> Item {
    Item::plain("any", 3, 1.0, 9.0)
}

/// A supplier that sells in 40s and no less than 50 sells 80, and not if 60 is the most.
#[test]
fn terms_that_no_order_meets_are_refused() {
    let terms =
        |maximum_order| Item { minimum_order: 50.0, order_multiple: 40.0, maximum_order, ..item() };
    assert!(terms(80.0).checked().is_ok());
    assert!(terms(60.0).checked().is_err());
}

/// No order exceeds the supplier's largest, whatever lot the policy would order in.
#[test]
fn a_policys_own_lot_stays_within_the_largest_order() {
    let item = Item { maximum_order: 5.0, ..item() };
    let block = bursts(64, 60, 5);
    for family in CATALOGUE.iter().filter(|family| !family.two_sources) {
        let values = increasing(family.parameters.len());
        let policy = (family.build)(&values, &FLAT).expect("the values suit every family");
        let outcomes = simulated(&policy, &item, &Events::BACKORDER, &block);
        for (orders, ordered) in outcomes.orders.iter().zip(&outcomes.ordered) {
            assert!(*ordered <= 5.0 * orders, "{}: {ordered} in {orders} orders", family.name);
        }
    }
}

/// Half units are ordered as halves, by the lane loop too.
#[test]
fn fractions_of_a_unit_stay_fractions() {
    let whole = bursts(70, 60, 5);
    let demand: Vec<Vec<f64>> = (0..70).map(|s| whole.scenario(s).collect()).collect();
    let mut block = Block::zeros(70, 60, 5);
    block.set(0, |scenario, period| 0.5 * demand[scenario][period]);
    for events in REVIEWS.map(|review| Events { review, ..Events::BACKORDER }) {
        for lots in [[0.0, 0.0], [2.5, 0.0], [0.0, 1.5]] {
            let [minimum_order, order_multiple] = lots;
            let item = Item { minimum_order, order_multiple, opening: Some(20.0), ..item() };
            for (name, item, policy) in each(&item, &events) {
                let outcomes = simulated(&policy, &item, &events, &block);
                assert!(outcomes.conserves_units(), "{name}");
                assert_eq!(outcomes, by_ledger(&policy, &item, &events, &block), "{name} {lots:?}");
                let mut brief = Outcomes::default();
                let scratch = &mut Scratch::default();
                policy.simulate(&item, &events, &block, Detail::Cost, scratch, &mut brief);
                assert_eq!(outcomes.ordered, brief.ordered, "{name} {lots:?}");
            }
        }
    }
}

/// What a fast order would not bring sooner is on its way: it is not ordered again.
#[test]
fn an_order_that_waits_for_a_receiving_day_is_not_expedited_twice() {
    let weekly = Days::new(&[true, false, false, false, false, false, false]).unwrap();
    let expedited = Some(Expedited { lead_time_periods: 1, premium_per_unit: 1.0 });
    let item = Item { supply: Supply { expedited, ..Supply::PLAIN }, opening: Some(0.0), ..item() };
    let mut block = Block::zeros(1, 14, 0);
    block.set(0, |_, _| 0.0);
    for review in REVIEWS {
        let events = Events { review, receiving_days: weekly, ..Events::BACKORDER };
        let policy = (family("dual-index").unwrap().build)(&[10.0, 0.0], &FLAT).unwrap();
        let outcomes = simulated(&policy, &item, &events, &block);
        assert_eq!(outcomes.expedited, [10.0], "{events}");
    }
}

/// Lead times that chance makes shorter than the fast source's do not hurry the fast source.
#[test]
fn a_slow_source_that_is_quick_leaves_the_fast_one_alone() {
    let expedited = Some(Expedited { lead_time_periods: 3, premium_per_unit: 1.0 });
    let item = Item { supply: Supply { expedited, ..Supply::PLAIN }, ..item() };
    let mut block = bursts(70, 40, 5);
    let lead_times = vec![Row([0; LANES]); block.tiles() * block.periods()];
    block.set_chance(Chance { lead_times, ..Chance::default() });
    for events in REVIEWS.map(|review| Events { review, ..Events::BACKORDER }) {
        for (name, values) in [
            ("single-index", vec![40.0, 50.0]),
            ("dual-index", vec![40.0, 10.0]),
            ("tailored-base-surge", vec![40.0, 2.0]),
        ] {
            let policy = &(family(name).unwrap().build)(&values, &FLAT).unwrap();
            let outcomes = simulated(policy, &item, &events, &block);
            for scenario in [0, 69] {
                let (item, events, block) = (&item, &events, &block);
                let by_hand = kept_by_hand(&Case { policy, item, events, block, scenario });
                assert_eq!(measures(&outcomes, scenario), by_hand, "{name}: {events}");
            }
        }
    }
}

/// A rhythm that falls on days without orders orders on the days that have some, in every scenario.
#[test]
fn a_rhythm_does_not_miss_the_ordering_days() {
    let weekly = Days::new(&[true, false, false, false, false, false, false]).unwrap();
    let events = Events { ordering_days: weekly, ..Events::BACKORDER };
    let block = bursts(1024, 60, 4);
    for family in CATALOGUE {
        let mut values = increasing(family.parameters.len());
        for (value, parameter) in values.iter_mut().zip(family.parameters) {
            *value = if parameter.name == "interval" { 7.0 } else { *value };
        }
        let policy = (family.build)(&values, &FLAT).expect("the values suit every family");
        let outcomes = simulated(&policy, &item(), &events, &block);
        let least = outcomes.orders.iter().copied().fold(f64::INFINITY, f64::min);
        assert!(least > 0.0, "{}: some scenario never orders", family.name);
    }
}
