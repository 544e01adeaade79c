//! Published returns and policies, and closed forms.

use super::super::special::{OnePeriod, mean_of};
use super::*;

/// What the published means were taken over.
const YEAR: Horizon = Horizon { warm_up: 100, periods: 365 };

fn item(demand: &[f64], shelf_life: usize, issue: Issue) -> Perishable<'_> {
    Perishable {
        demand,
        lead_time: 1,
        shelf_life,
        issue,
        unit_cost: 3.0,
        holding: 1.0,
        shortage: 5.0,
        waste: 7.0,
        largest_order: 10,
        discount: 0.99,
    }
}

fn close(ours: f64, expected: f64, tolerance: f64) {
    assert!((ours - expected).abs() <= tolerance * (1.0 + expected.abs()), "{ours} {expected}");
}

/// Farrington, Li, Wong & Utley (2023), Table 3, with the parameters of De Moor, Gijsbrechts &
/// Boute (2022): simulated returns of the best policy and of the best base-stock level, which
/// differ from ours by chance and rounding only; and our best levels.
#[test]
fn published_returns() {
    let demand = rounded_gamma(4.0, 2.0).unwrap();
    for ((shelf_life, lead_time, waste, issue), best, simple, level) in [
        ((2, 1, 7.0, Issue::Lifo), 1553.0, 1565.0, 5),
        ((2, 1, 7.0, Issue::Fifo), 1457.0, 1474.0, 7),
        ((2, 2, 10.0, Issue::Lifo), 1569.0, 1606.0, 7),
        ((2, 2, 10.0, Issue::Fifo), 1469.0, 1504.0, 9),
        ((3, 1, 7.0, Issue::Lifo), 1490.0, 1500.0, 6),
        ((3, 1, 7.0, Issue::Fifo), 1424.0, 1435.0, 8),
    ] {
        let item = Perishable { lead_time, waste, ..item(&demand, shelf_life, issue) };
        let cost = item.cost(&item.best_policy().unwrap(), YEAR).unwrap();
        close(cost, best, 0.001);
        let base_stock = item.best_base_stock(YEAR).unwrap();
        close(base_stock.cost, simple, 0.001);
        assert_eq!(base_stock.level, level);
        let same = item.cost(&item.base_stock(level).unwrap(), YEAR).unwrap();
        assert_eq!(base_stock.cost, same);
    }
}

/// De Moor, Gijsbrechts & Boute (2022), figure 3: orders of the best policies where units keep two
/// periods; by fresh stock in rows, and old stock, each from 0 to 8.
#[test]
fn published_policies() {
    const FRESHEST_FIRST: [usize; 9] = [3, 3, 3, 2, 1, 0, 0, 0, 0];
    const OLDEST_FIRST: [[usize; 9]; 9] = [
        [4, 4, 4, 4, 4, 4, 4, 4, 4],
        [4, 4, 3, 3, 3, 3, 3, 3, 3],
        [4, 3, 3, 3, 2, 2, 2, 2, 2],
        [3, 3, 2, 2, 1, 1, 1, 1, 1],
        [3, 2, 2, 1, 1, 1, 1, 0, 0],
        [2, 2, 1, 1, 0, 0, 0, 0, 0],
        [2, 1, 1, 0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, 0, 0, 0],
    ];
    let demand = rounded_gamma(4.0, 2.0).unwrap();
    let lifo = item(&demand, 2, Issue::Lifo).best_policy().unwrap();
    let fifo = item(&demand, 2, Issue::Fifo).best_policy().unwrap();
    for (fresh, row) in OLDEST_FIRST.into_iter().enumerate() {
        for (old, published) in row.into_iter().enumerate() {
            assert_eq!(lifo.order(&[fresh, old]), Some(FRESHEST_FIRST[fresh]), "{fresh} {old}");
            assert_eq!(fifo.order(&[fresh, old]), Some(published), "{fresh} {old}");
        }
    }
}

/// What keeps one period is a newsvendor's, ordered a period before: always the same quantity.
#[test]
fn units_of_one_period_are_newspapers() {
    let demand = [0.1, 0.2, 0.3, 0.2, 0.1, 0.1];
    let mean = mean_of(&demand);
    let item = item(&demand, 1, Issue::Fifo);
    let loss = OnePeriod::new(&demand, 1.0, 1.0);
    let later = |units: i64| {
        let short = loss.loss(units);
        3.0 * units as f64 + 0.99 * (5.0 * short + 7.0 * (units as f64 - mean + short))
    };
    let best = (0..=10).min_by(|a, b| later(*a).total_cmp(&later(*b))).unwrap();
    let policy = item.best_policy().unwrap();
    assert!((0..=10).all(|stock| policy.order(&[stock]) == Some(best as usize)));
    // Two periods from an empty shelf.
    let cost = item.cost(&policy, Horizon { warm_up: 0, periods: 2 }).unwrap();
    close(cost, 5.0 * mean + later(best) + 0.99 * 3.0 * best as f64, 1e-12);
    assert_eq!((policy.order(&[11]), policy.order(&[0, 0])), (None, None));
}

#[test]
fn no_base_stock_level_is_cheaper_than_the_best_policy() {
    let demand = [0.3, 0.1, 0.2, 0.2, 0.2];
    for issue in [Issue::Fifo, Issue::Lifo] {
        for (lead_time, shelf_life) in [(1, 1), (1, 3), (2, 2), (3, 1)] {
            let item = Perishable {
                lead_time,
                largest_order: 4,
                discount: 0.9,
                ..item(&demand, shelf_life, issue)
            };
            // After a warm-up the level that paid for most stock in it would win.
            let long = Horizon { warm_up: 0, periods: 400 };
            let cost = item.cost(&item.best_policy().unwrap(), long).unwrap();
            assert!(cost <= item.best_base_stock(long).unwrap().cost + 1e-9);
        }
    }
}

#[test]
fn rounded_gamma_is_that_of_the_closed_forms() {
    // Exponential; and the sum of four exponentials: Q(4, x) = e⁻ˣ (1 + x + x²/2 + x³/6).
    for x in [0.1, 0.9, 3.0, 6.0, 20.0] {
        close(upper_gamma(1.0, x) / libm::exp(-x), 1.0, 1e-13);
        let sum = 1.0 + x + x * x / 2.0 + x * x * x / 6.0;
        close(upper_gamma(4.0, x) / (libm::exp(-x) * sum), 1.0, 1e-13);
        // Half a degree of freedom: the normal tail.
        close(upper_gamma(0.5, x), libm::erfc(x.sqrt()), 1e-13);
    }
    for (mean, deviation) in [(4.0, 2.0), (0.5, 1.5), (900.0, 30.0)] {
        let demand = rounded_gamma(mean, deviation).unwrap();
        close(demand.iter().sum(), 1.0, 1e-14);
        assert!((mean_of(&demand) - mean).abs() < 0.2);
    }
    assert!(rounded_gamma(0.0, 1.0).is_err() && rounded_gamma(1.0, 1e5).is_err());
}

#[test]
fn nonsense_is_refused() {
    let demand = [0.5, 0.5];
    let plain = item(&demand, 2, Issue::Fifo);
    assert!(Perishable { demand: &[0.5], ..plain }.best_policy().is_err());
    assert!(Perishable { lead_time: 0, ..plain }.best_policy().is_err());
    assert!(Perishable { shelf_life: 0, ..plain }.base_stock(3).is_err());
    assert!(Perishable { largest_order: 0, ..plain }.best_policy().is_err());
    assert!(Perishable { waste: -1.0, ..plain }.best_policy().is_err());
    assert!(Perishable { discount: 1.0, ..plain }.best_policy().is_err());
    assert!(Perishable { shelf_life: 9, ..plain }.best_policy().is_err());
    let other = Perishable { shelf_life: 3, ..plain }.base_stock(3).unwrap();
    assert!(plain.cost(&other, YEAR).is_err());
}
