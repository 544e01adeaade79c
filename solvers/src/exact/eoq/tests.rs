//! Parameters and values: Snyder & Shen (2019), chapter 3, to the digits that the author
//! publishes with the stockpyl library.

use super::*;

const BEER: EconomicOrder = EconomicOrder { order_cost: 8.0, holding: 0.225, demand_rate: 1300.0 };

fn close(ours: f64, published: f64) {
    assert!((ours - published).abs() <= 1e-9 * published.abs(), "{ours} {published}");
}

#[test]
fn examples_and_problems_3_1() {
    let best = BEER.optimum().unwrap();
    close(best.quantity, 304.046_780_026_436_8);
    close(best.cost, 68.410_525_505_948_27);
    close(BEER.cost(304.046_780_026_436_8).unwrap(), 68.410_525_505_948_27);
    close(BEER.cost(250.0).unwrap(), 69.725);
    let cars = EconomicOrder { order_cost: 2250.0, holding: 275.0, demand_rate: 182_500.0 };
    let best = cars.optimum().unwrap();
    close(best.quantity, 1_728.109_844_993_551);
    close(best.cost, 475_230.207_373_226_6);
}

#[test]
fn example_3_8_and_problem_3_2b_with_backorders() {
    let best = BackorderedOrder { item: BEER, shortage: 5.0 }.optimum().unwrap();
    close(best.quantity, 310.812_555_158_964_6);
    close(best.waiting, 0.043_062_200_956_938);
    close(best.cost, 66.921_363_550_973_25);
    let item = EconomicOrder { order_cost: 40.0, holding: 40.05, demand_rate: 2080.0 };
    let problem = BackorderedOrder { item, shortage: 60.0 };
    let best = problem.optimum().unwrap();
    close(best.quantity, 83.235_448_128_898_04);
    close(best.waiting, 0.400_299_850_074_962);
    close(best.cost, 1_999.148_244_415_212);
    close(problem.cost(best.quantity, best.waiting).unwrap(), 1_999.148_244_415_212);
    close(problem.cost(100.0, 0.3).unwrap(), 2_083.225);
}

#[test]
fn production_quantities_of_example_3_1_at_rate_2000_and_problem_3_22() {
    let produced = BEER.with_production(2000.0).unwrap();
    let best = produced.optimum().unwrap();
    close(best.quantity, 513.932_859_551_696_9);
    close(best.cost, 40.472_212_689_696_12);
    close(produced.cost(513.932_859_551_696_9).unwrap(), 40.472_212_689_696_12);
    close(produced.cost(350.0).unwrap(), 43.495_535_714_285_715);
    let item = EconomicOrder { order_cost: 4.0, holding: 0.08, demand_rate: 80.0 };
    let best = item.with_production(110.0).unwrap().optimum().unwrap();
    close(best.quantity, 171.269_767_715_535_1);
    close(best.cost, 3.736_794_931_975_31);
}

fn breaks(pairs: [(f64, f64); 3]) -> [PriceBreak; 3] {
    pairs.map(|(from, price)| PriceBreak { from, price })
}

fn assert_lot(lot: DiscountedQuantity, quantity: f64, reached: usize, cost: f64) {
    close(lot.quantity, quantity);
    close(lot.cost, cost);
    assert_eq!(lot.reached, reached);
}

#[test]
fn discounts_of_examples_3_6_and_3_7_and_problem_3_12() {
    let prices = breaks([(0.0, 0.75), (400.0, 0.72), (800.0, 0.68)]);
    let sweets = DiscountedOrder {
        order_cost: 8.0,
        holding_rate: 0.3,
        demand_rate: 1300.0,
        breaks: &prices,
    };
    assert_lot(sweets.all_units().unwrap(), 800.0, 2, 978.60);
    assert_lot(sweets.incremental().unwrap(), 304.046_780_03, 0, 1_043.410_525_51);
    let prices = breaks([(0.0, 1490.0), (1200.0, 1220.0), (2400.0, 1100.0)]);
    let cars = DiscountedOrder {
        order_cost: 2250.0,
        holding_rate: 0.25,
        demand_rate: 182_500.0,
        breaks: &prices,
    };
    assert_lot(cars.all_units().unwrap(), 2400.0, 2, 201_251_093.75);
    let best = cars.incremental().unwrap();
    assert_lot(best, 28_553.060_654_28, 2, 208_678_591.679_928_35);
}

#[test]
fn a_lot_at_the_optimum_costs_what_the_optimum_says() {
    let item = BackorderedOrder { item: BEER, shortage: 5.0 };
    let best = item.optimum().unwrap();
    close(item.cost(best.quantity, best.waiting).unwrap(), best.cost);
    close(BEER.cost(BEER.optimum().unwrap().quantity).unwrap(), BEER.optimum().unwrap().cost);
}

#[test]
fn nonsense_is_refused() {
    assert!(EconomicOrder { order_cost: -8.0, ..BEER }.optimum().is_err());
    assert!(EconomicOrder { holding: f64::NAN, ..BEER }.optimum().is_err());
    assert!(BEER.with_production(1000.0).is_err());
    assert!(BEER.cost(0.0).is_err());
    assert!(BackorderedOrder { item: BEER, shortage: 5.0 }.cost(1.0, 1.5).is_err());
    let prices = breaks([(0.0, 0.75), (800.0, 0.72), (400.0, 0.68)]);
    let lot =
        DiscountedOrder { order_cost: 8.0, holding_rate: 0.3, demand_rate: 13.0, breaks: &prices };
    assert!(lot.all_units().is_err());
    assert!(DiscountedOrder { breaks: &[], ..lot }.incremental().is_err());
}
