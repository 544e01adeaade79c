use engine::{Outlook, policy};
use scenarios::Scenarios;
use scenarios::demand::{Demand, Poisson};

use super::*;

fn rule(name: &str, values: [f64; 3]) -> Rule {
    let family = policy::CATALOGUE.iter().position(|family| family.name == name).unwrap();
    Rule { family: family as u64, values }
}

fn built(rule: Rule) -> Policy {
    let family = &policy::CATALOGUE[rule.family as usize];
    let flat = Outlook { demand: &[1.0], protection_periods: 1 };
    (family.build)(&rule.values[..family.parameters.len()], &flat).unwrap()
}

/// Items with a demand of 2 a period each, alike but for their names.
fn question<'a>(
    items: &'a [Item],
    sources: &'a [Scenarios],
    [min, max]: [f64; 2],
    joint: Joint,
) -> SupplierQuestion<'a> {
    let supplied = items.iter().zip(sources).map(|(item, source)| SupplierItem {
        item,
        source,
        mean: 2.0,
        rule: rule("min-max", [min, max, 0.0]),
        policy: built(rule("min-max", [min, max, 0.0])),
        weight: 1.0,
        unit_cost: 3.0,
        quantum: 1.0,
    });
    SupplierQuestion {
        events: Events::LOST,
        periods: 200,
        warm_up_periods: 50,
        scenarios: 300,
        search_scenarios: 100,
        joint,
        items: supplied.collect(),
    }
}

fn items(count: usize, order_cost: f64) -> (Vec<Item>, Vec<Scenarios>) {
    let item = |name| Item { order_cost, ..Item::plain(name, 3, 0.1, 8.0) };
    let names: Vec<String> = (0..count).map(|number| format!("item {number}")).collect();
    let masses = Poisson { mean: 2.0 }.masses(1.0);
    let source = |name: &String| Scenarios::new(1, name, std::slice::from_ref(&masses), vec![0]);
    (names.iter().map(|name| item(name)).collect(), names.iter().map(source).collect())
}

#[test]
fn a_policy_is_scaled_and_joins_between_its_levels() {
    let how = Coordination { order_factor: 2.0, cover_periods: 0.0, joins_at: 0.5 };
    let min_max = rule("min-max", [10.0, 30.0, 0.0]);
    assert_eq!(how.levels(min_max, 2.0), Some((10.0, Some(30.0), 50.0)));
    assert_eq!(Coordination::NONE.levels(min_max, 2.0), Some((10.0, None, 30.0)));
    let long = Coordination { cover_periods: 25.0, ..Coordination::NONE };
    assert_eq!(long.levels(min_max, 2.0), Some((10.0, None, 60.0)));
    for how in Coordination::all(12.0) {
        // One below the target is the last position that orders something.
        let (min, can, max) = how.levels(rule("base-stock", [11.0, 0.0, 0.0]), 0.1).unwrap();
        assert!(min == 10.0 && can.is_none_or(|can| can < max), "{how:?}");
    }
    assert_eq!(how.levels(rule("fixed-lot", [7.0, 5.0, 0.0]), 2.0), None);
    assert_eq!(Coordination::all(12.0)[0], Coordination::NONE);
    assert_eq!(Coordination::all(0.0).len(), 35);
}

/// With the cost of an order at the supplier alone, items by themselves order one unit at a time.
#[test]
fn items_without_a_cost_of_their_own_fill_joint_orders() {
    let (items, sources) = items(6, 0.0);
    let joint = Joint { order_cost: 60.0, ..Joint::NOTHING };
    let answer = question(&items, &sources, [13.0, 14.0], joint).answer().unwrap();
    // √(2 · 60 / (6 · 0.1 · 2)) = 10 periods.
    assert!((7.0..=14.0).contains(&answer.chosen.cover_periods), "{answer:?}");
    assert!(answer.chosen.joins_at_share() >= Some(0.5), "{answer:?}");
    assert!(answer.together.cost.mean < 0.3 * answer.alone.cost.mean, "{answer:?}");
}

/// Without terms the supplier's items cost what they cost alone, on the same scenarios.
#[test]
fn a_supplier_without_terms_costs_what_its_items_cost() {
    let (items, sources) = items(3, 20.0);
    let question = question(&items, &sources, [10.0, 30.0], Joint::NOTHING);
    let columns = &question.run(FRESH_SET, 0..300, &[Coordination::NONE]).unwrap()[0];
    let mut alone = vec![0.0; 300];
    for (item, source) in items.iter().zip(&sources) {
        let mut block = Block::zeros(300, 250, 50);
        source.fill(Coordinates { set: FRESH_SET, first_scenario: 0 }, &mut block);
        let (mut scratch, mut outcomes) = (engine::Scratch::default(), Outcomes::default());
        let policy = built(rule("min-max", [10.0, 30.0, 0.0]));
        let events = Events::LOST;
        policy.simulate(item, &events, &block, Detail::Cost, &mut scratch, &mut outcomes);
        for (sum, cost) in alone.iter_mut().zip(outcomes.costs(item, &events, 200)) {
            *sum += cost;
        }
    }
    for (together, alone) in columns.cost.iter().zip(&alone) {
        assert!((together - alone).abs() < 1e-9 * alone, "{together}, {alone}");
    }
}

/// Twelve items, each order of the supplier 100: ordering together halves the cost at least.
///
/// Alone, twelve items place more than one order a period, on more than 0.6 of the periods;
/// together, one order of all lasts at least as long as the first of them does.
#[test]
fn a_dear_order_is_shared() {
    let (items, sources) = items(12, 1.0);
    let joint = Joint { order_cost: 100.0, ..Joint::NOTHING };
    let answer = question(&items, &sources, [10.0, 30.0], joint).answer().unwrap();
    assert!(answer.chosen.joins_at_share() >= Some(0.5), "{answer:?}");
    let [together, alone] = [answer.together, answer.alone];
    assert!(together.cost.mean < 0.5 * alone.cost.mean, "{answer:?}");
    assert!(together.orders < 0.25 * alone.orders, "{answer:?}");
    // An order is at least from the one level to the other.
    assert!(alone.lines <= 12.0 * 2.0 / 20.0, "{answer:?}");
    let difference = alone.cost.mean - together.cost.mean;
    assert!((answer.saving.mean - difference).abs() < 1e-9 * difference);
}

/// Where an order costs nothing beside each item's own, joining it is worth nothing.
#[test]
fn what_is_not_shared_is_not_coordinated() {
    let (items, sources) = items(4, 10.0);
    let question = question(&items, &sources, [14.0, 34.0], Joint::NOTHING);
    let answer = question.answer().unwrap();
    assert_eq!(answer.chosen.joins_at_share(), None, "{answer:?}");
    assert_eq!(answer, question.answer().unwrap());
}

#[test]
fn terms_that_cannot_be_are_refused() {
    let (items, sources) = items(2, 1.0);
    let joint = Joint { capacity: 0.5, ..Joint::NOTHING };
    let refusal = question(&items, &sources, [10.0, 30.0], joint).answer().unwrap_err().to_string();
    assert!(refusal.contains("the most that its supplier delivers is 0.5"), "{refusal}");
}
