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

/// Mean 5, deviation 2, a year of days: nines, eights and so on in the past.
fn level(name: &str, change: impl FnOnce(&mut Knowledge<'_>)) -> Units {
    with_targets(name, Targets { days_of_cover: 2.0, ..Targets::default() }, change)
}

fn with_targets(name: &str, targets: Targets, change: impl FnOnce(&mut Knowledge<'_>)) -> Units {
    let (item, block) = (item(), five());
    let history: Vec<f64> = (0..100).map(|t| f64::from(t % 10)).collect();
    let mut known = Knowledge {
        history: &history,
        observed: &[true; 100],
        sold_out: &[false; 100],
        ..Knowledge::plain(&item, &Events::BACKORDER, (5.0, 2.0), &block, &targets)
    };
    change(&mut known);
    let Method::Level(level) = strategy(name).unwrap().method else { panic!("sets a level") };
    level(&known, 4)
}

#[test]
fn each_rule_gives_its_formula() {
    assert_eq!(level("days-of-cover", |_| ()), 30.0);
    // 5·4·1.5.
    assert_eq!(level("percent-of-demand", |_| ()), 30.0);
    // The largest day, 9, for 4 days; with lead times that vary by 1.5 days for 7.
    assert_eq!(level("average-max", |_| ()), 36.0);
    assert_eq!(level("average-max", |known| known.lead_time_deviation = 1.5), 63.0);
    // 5·4 + 1.6449·2·√4 = 26.58, in whole units; √3 where reviews are forgotten: 25.70.
    assert_eq!(level("z-sigma", |_| ()), 27.0);
    assert_eq!(level("lead-time-sigma", |_| ()), 26.0);
    // King (2011): √(4·2² + 5²·1.5²) = 8.5: 20 + 1.6449·8.5 = 33.98.
    assert_eq!(level("king", |_| ()), 27.0);
    assert_eq!(level("king", |known| known.lead_time_deviation = 1.5), 34.0);
    // Constant demand of 20 in the interval: met from 20 on; with positions between s and s + 5,
    // nine tenths are met from 19.5 on.
    assert_eq!(level("newsvendor", |known| known.batches = false), 20.0);
    assert_eq!(level("newsvendor", |_| ()), 20.0);
    // The model's demand is 20, whatever the chance.
    assert_eq!(level("class-based", |known| known.class = 2), 20.0);
    assert_eq!(level("tail-averse", |_| ()), 20.0);
    assert_eq!(level("group-fill-rate", |known| known.shortage_price = 100.0), 20.0);
    assert_eq!(level("group-fill-rate", |known| known.shortage_price = 0.5), 0.0);
}

/// Distributions over four periods with mean 20 and variance 16.
#[test]
fn each_distribution_gives_its_quantile() {
    // A gamma with shape 25 and scale 0.8: 27.0019 by SciPy 1.17; a Poisson, as 16 is less than 20: 28.
    assert_eq!(level("gamma-quantile", |_| ()), 28.0);
    assert_eq!(level("negative-binomial-quantile", |_| ()), 28.0);
    // Scarf: 0.9 is 3 to 1 in roots: 20 + 2·(3 − 1/3) = 25.33; Cantelli: 20 + 4·√19 = 37.4.
    assert_eq!(level("scarf", |_| ()), 26.0);
    assert_eq!(level("robust", |_| ()), 38.0);
    // Positions are even over the 5 above the level; demand over four periods is normal (20, 4), over
    // three (15, √12). 2 % of a review's 5 are unmet at 24.259, by SciPy's quadrature.
    let targets = Targets { fill_rate: 0.98, ..Targets::default() };
    assert_eq!(with_targets("fill-rate", targets, |_| ()), 25.0);
    // And 20 % at 18.967.
    let low = Targets { fill_rate: 0.8, ..Targets::default() };
    assert_eq!(with_targets("fill-rate", low, |_| ()), 19.0);
}

/// The past is 0, 1, …, 9 and again: windows of four sum up to 6, 10, …, 30, then 24, 18 and 12.
#[test]
fn each_look_at_the_past_gives_its_quantile() {
    // Of 97 windows 28 are 24 or more, ten are 30.
    assert_eq!(level("empirical-quantile", |_| ()), 30.0);
    // Without anything seen the model's constant demand.
    assert_eq!(level("empirical-quantile", |known| known.observed = &[false; 100]), 20.0);
    // Sums of four independent digits: 9,505 of 10,000 are at most 27 and 9,285 at most 26.
    assert_eq!(level("bootstrap-quantile", |_| ()), 27.0);
    // 97 windows around their mean of 18: the 94th of them is 30, and 20 + 30 − 18 is 32.
    assert_eq!(level("conformal-quantile", |_| ()), 32.0);
    let smoothed = level("kernel-quantile", |_| ());
    assert!((30.0..34.0).contains(&smoothed), "{smoothed}");
    // Each window foreseen by the mean before it, which nears 4.5: errors are 6 − 18, 10 − 18, …: the
    // root of their mean square is about 7.5.
    let error = level("forecast-error", |_| ());
    assert!((31.0..34.0).contains(&error), "{error}");
    let unknown = level("forecast-error", |known| known.observed = &[false; 100]);
    assert_eq!(unknown, 27.0);
}

#[test]
fn the_order_quantity_is_economic_and_possible() {
    let (item, block) = (Item { order_cost: 40.0, ..item() }, five());
    let targets = Targets::default();
    let mut known = Knowledge::plain(&item, &Events::BACKORDER, (5.0, 2.0), &block, &targets);
    assert_eq!(known.order_quantity(), 20.0); // √(2·40·5/1)
    assert_eq!(known.cycle_demand(), 20.0);
    known.batches = false;
    assert_eq!(known.cycle_demand(), 5.0);
    let lots = Item { minimum_order: 72.0, ..item.clone() };
    known.item = &lots;
    assert_eq!(known.order_quantity(), 72.0);
}

#[test]
fn names_are_unique_and_the_usual_are_among_them() {
    let names: std::collections::BTreeSet<_> = CATALOGUE.iter().map(|s| s.name).collect();
    assert_eq!(names.len(), CATALOGUE.len());
    assert!(USUAL.iter().all(|name| names.contains(name)));
    assert!(USUAL.len() <= MOST_STRATEGIES);
}
