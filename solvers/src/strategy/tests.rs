use super::*;

pub(crate) fn item() -> Item {
    Item::plain("any", 3, 1.0, 9.0)
}

/// Scenarios of constant demand: 5 in every period.
fn five() -> Block {
    let mut block = Block::zeros(32, 40, 0);
    block.set(0, |_, _| 5.0);
    block
}

fn level(name: &str, change: impl FnOnce(&mut Knowledge<'_>)) -> Units {
    let (item, block) = (item(), five());
    let history: Vec<f64> = (0..100).map(|t| f64::from(t % 10)).collect();
    let mut known = Knowledge {
        item: &item,
        events: &Events::BACKORDER,
        mean: 5.0,
        deviation: 2.0,
        batches: true,
        periods_per_year: 365.0,
        history: &history,
        observed: &[true; 100],
        scenarios: &block,
        days_of_cover: 2.0,
        service_level: 0.95,
    };
    change(&mut known);
    let Method::Level(level) = strategy(name).unwrap().method else { panic!("sets a level") };
    level(&known, 4)
}

#[test]
fn each_rule_gives_its_formula() {
    assert_eq!(level("days-of-cover", |_| ()), 30.0);
    // 5·4 + 1.6449·2·√4 = 26.58, in whole units.
    assert_eq!(level("z-sigma", |_| ()), 27.0);
    // Constant demand of 20 in the interval: met from 20 on; with positions between s and s + 5,
    // nine tenths are met from 19.5 on.
    assert_eq!(level("newsvendor", |known| known.batches = false), 20.0);
    assert_eq!(level("newsvendor", |_| ()), 20.0);
}

#[test]
fn past_windows_count_unless_stock_was_out() {
    // Windows of four of 0..9: sums 6, 10, …, 30, then 24, 18, 12; the 95th percentile is 30.
    assert_eq!(level("empirical-quantile", |_| ()), 30.0);
    // Nothing observed: the model's constant demand.
    assert_eq!(level("empirical-quantile", |known| known.observed = &[false; 100]), 20.0);
}

#[test]
fn the_order_quantity_is_economic_and_possible() {
    let (item, block) = (Item { order_cost: 40.0, ..item() }, five());
    let mut known = Knowledge {
        item: &item,
        events: &Events::BACKORDER,
        mean: 5.0,
        deviation: 2.0,
        batches: true,
        periods_per_year: 365.0,
        history: &[],
        observed: &[],
        scenarios: &block,
        days_of_cover: 2.0,
        service_level: 0.95,
    };
    assert_eq!(known.order_quantity(), 20.0); // √(2·40·5/1)
    let lots = Item { minimum_order: 72.0, ..item.clone() };
    known.item = &lots;
    assert_eq!(known.order_quantity(), 72.0);
}

#[test]
fn names_are_unique_and_few_enough() {
    let names: std::collections::BTreeSet<_> = CATALOGUE.iter().map(|s| s.name).collect();
    assert_eq!(names.len(), CATALOGUE.len());
    assert!(CATALOGUE.len() <= MOST_STRATEGIES);
}
