//! Parameters and values: Snyder & Shen (2019), chapter 9, to the digits that the author
//! publishes with the stockpyl library.

use super::*;

/// Example 9.1.
const EXAMPLE_1: DisruptedOrder = DisruptedOrder {
    item: EconomicOrder { order_cost: 8.0, holding: 0.225, demand_rate: 1300.0 },
    shortage: 5.0,
    disruption_rate: 1.5,
    recovery_rate: 14.0,
};

/// Problem 9.8.
const PROBLEM_8: DisruptedOrder = DisruptedOrder {
    item: EconomicOrder { order_cost: 35.0, holding: 4.0, demand_rate: 30.0 },
    shortage: 22.0,
    disruption_rate: 1.0,
    recovery_rate: 12.0,
};

fn close(ours: f64, published: f64, tolerance: f64) {
    assert!((ours - published).abs() <= tolerance * published.abs(), "{ours} {published}");
}

/// The published lots come from a search by cost, which is flat there: the best lot of problem 9.8
/// is 24.066300, to all digits of a calculation with fifty.
#[test]
fn disrupted_economic_orders_of_example_9_1_and_problem_9_8() {
    for (item, exact, approximate) in [
        (
            EXAMPLE_1,
            (772.811_063_191_001_7, 173.950_002_573_197_1),
            (773.143_241_711_888_9, 173.957_229_385_175),
        ),
        (
            PROBLEM_8,
            (24.066_284_024_222_2, 96.266_590_901_158),
            (24.066_680_759_605_532, 96.266_723_038_422_13),
        ),
    ] {
        let best = item.optimum().unwrap();
        close(best.quantity, exact.0, 1e-6);
        close(best.cost, exact.1, 1e-9);
        assert!(best.cost <= item.cost(exact.0).unwrap() * (1.0 + 1e-14));
        let best = item.approximate_optimum().unwrap();
        close(best.quantity, approximate.0, 1e-12);
        close(best.cost, approximate.1, 1e-12);
        close(item.approximate_cost(best.quantity).unwrap(), best.cost, 1e-12);
    }
}

#[test]
fn disrupted_costs_of_example_9_1_and_problem_9_8() {
    for (item, quantity, exact, approximate) in [
        (EXAMPLE_1, 800.0, 174.052_472_212_041_7, 174.057_533_466_248_9),
        (EXAMPLE_1, 400.0, 211.084_189_258_969_2, 212.256_901_408_450_7),
        (EXAMPLE_1, 1100.0, 184.794_931_220_515_5, 184.795_034_282_152_5),
        (PROBLEM_8, 20.0, 97.903_839_894_383_6, 97.904_761_904_761_9),
        (PROBLEM_8, 15.0, 107.078_085_006_611_9, 107.088_607_594_936_7),
        (PROBLEM_8, 30.0, 98.598_718_032_153_97, 98.598_726_114_649_68),
    ] {
        close(item.cost(quantity).unwrap(), exact, 1e-12);
        close(item.approximate_cost(quantity).unwrap(), approximate, 1e-12);
    }
}

#[test]
fn disrupted_newsvendor_of_example_9_3() {
    let item = DisruptedNewsvendor {
        newsvendor: Newsvendor { holding: 0.25, shortage: 3.0 },
        demand: 2000.0,
        disruption: 0.04,
        recovery: 0.25,
    };
    let best = item.optimum().unwrap();
    assert_eq!(best.level, 8000.0);
    close(best.cost, 2_737.068_965_490_435, 1e-9);
    close(item.cost(2000.0).unwrap(), 3_310.344_827_558_603, 1e-9);
    close(item.cost(12_000.0).unwrap(), 3_075.161_637_904_759, 1e-9);
    for level in [1000.0, 3000.0, 7990.0, 8010.0, 50_000.0] {
        assert!(item.cost(level).unwrap() > best.cost);
    }
}

#[test]
fn additive_yield_of_example_9_4_and_problem_9_4a() {
    let item = EconomicOrder { order_cost: 18_500.0, holding: 0.06, demand_rate: 75_000.0 };
    let vaccine = AdditiveYield { item, mean: -15_000.0, deviation: 9_000.0 };
    let best = vaccine.optimum().unwrap();
    close(best.quantity, 230_246.370_468_818_8, 1e-12);
    close(best.cost, 12_914.782_228_129_13, 1e-12);
    close(vaccine.cost(200_000.0).unwrap(), 13_063.135_135_135_14, 1e-12);
    close(vaccine.cost(350_000.0).unwrap(), 14_199.044_776_119_4, 1e-12);
    let item = EconomicOrder { order_cost: 2250.0, holding: 275.0, demand_rate: 182_500.0 };
    let best = AdditiveYield { item, mean: -50.0, deviation: 0.02 }.optimum().unwrap();
    close(best.quantity, 1_778.109_845_109_285, 1e-12);
    close(best.cost, 475_230.207_405_053_3, 1e-12);
}

#[test]
fn multiplicative_yield_of_example_9_5_and_problem_9_4b() {
    let item = EconomicOrder { order_cost: 18_500.0, holding: 0.06, demand_rate: 75_000.0 };
    let (mean, deviation) = (0.833_333_333_333_333_4, 0.140_859_042_454_752_75);
    let vaccine = MultiplicativeYield { item, mean, deviation };
    let best = vaccine.optimum().unwrap();
    close(best.quantity, 254_460.212_999_989_4, 1e-12);
    close(best.cost, 13_086.525_239_999_46, 1e-12);
    close(vaccine.cost(200_000.0).unwrap(), 13_467.857_142_857_14, 1e-12);
    close(vaccine.cost(350_000.0).unwrap(), 13_757.142_857_142_86, 1e-12);
    let item = EconomicOrder { order_cost: 2250.0, holding: 275.0, demand_rate: 182_500.0 };
    let problem = MultiplicativeYield { item, mean: 0.9, deviation: 0.057_735_026_918_962_58 };
    let best = problem.optimum().unwrap();
    close(best.quantity, 1_916.183_333_947_864, 1e-12);
    close(best.cost, 476_207.043_362_598_9, 1e-12);
}

/// The exact cost of example 9.6 is 6 250 000; the library's integration gave 6 249 999.9975.
#[test]
fn yield_newsvendors_of_example_9_6_and_problem_9_5() {
    let newsvendor = Newsvendor { holding: 15e6, shortage: 75e6 };
    let flu = YieldNewsvendor { newsvendor, demand: 1.5 };
    let best = flu.uniform((-0.5, 0.5)).unwrap();
    close(best.level, 2.0 - 1.0 / 6.0, 1e-12);
    close(best.cost, 6_250_000.0, 1e-12);
    close(best.cost, 6_249_999.997_5, 1e-9);
    let newsvendor = Newsvendor { holding: 150.0, shortage: 1200.0 };
    let problem = YieldNewsvendor { newsvendor, demand: 25.0 };
    let best = problem.uniform((-5.0, 0.0)).unwrap();
    // Published as 29.45 and 333.34, to one place; both are ninths and thirds.
    close(best.level, 30.0 - 5.0 / 9.0, 1e-12);
    close(best.cost, 1000.0 / 3.0, 1e-12);
    assert!((best.level - 29.45).abs() < 0.05 && (best.cost - 333.34).abs() < 0.05);
}

#[test]
fn yield_costs_are_sums_over_the_yield_and_least_at_the_optimum() {
    let newsvendor = Newsvendor { holding: 150.0, shortage: 1200.0 };
    let item = YieldNewsvendor { newsvendor, demand: 25.0 };
    let charge =
        |received: f64| 150.0 * (received - 25.0).max(0.0) + 1200.0 * (25.0 - received).max(0.0);
    for level in [20.0, 24.0, 27.5, 30.0, 34.0] {
        let yields = (0..5000).map(|i| -5.0 + (f64::from(i) + 0.5) / 1000.0);
        let mean = yields.map(|y| charge(level + y)).sum::<f64>() / 5000.0;
        close(item.uniform_cost(level, (-5.0, 0.0)).unwrap(), mean, 1e-6);
        let quantiles = (0..5000).map(|i| normal_quantile((f64::from(i) + 0.5) / 5000.0));
        let mean = quantiles.map(|z| charge(level - 2.5 + 1.5 * z)).sum::<f64>() / 5000.0;
        close(item.normal_cost(level, -2.5, 1.5).unwrap(), mean, 1e-3);
    }
    let best = item.normal(-2.5, 1.5).unwrap();
    for level in [best.level - 0.1, best.level + 0.1] {
        assert!(item.normal_cost(level, -2.5, 1.5).unwrap() > best.cost);
    }
}

#[test]
fn nonsense_is_refused() {
    assert!(DisruptedOrder { shortage: 0.0, ..EXAMPLE_1 }.optimum().is_err());
    assert!(DisruptedOrder { recovery_rate: f64::NAN, ..EXAMPLE_1 }.optimum().is_err());
    assert!(EXAMPLE_1.cost(0.0).is_err());
    let newsvendor = Newsvendor { holding: 1.0, shortage: 3.0 };
    let item = DisruptedNewsvendor { newsvendor, demand: 2.0, disruption: 0.1, recovery: 0.5 };
    assert!(DisruptedNewsvendor { recovery: 1.0, ..item }.optimum().is_err());
    assert!(item.cost(f64::NAN).is_err());
    let lot = AdditiveYield { item: EXAMPLE_1.item, mean: -10.0, deviation: 1.0 };
    assert!(lot.cost(10.0).is_err());
    let lot = MultiplicativeYield { item: EXAMPLE_1.item, mean: 0.0, deviation: 1.0 };
    assert!(lot.optimum().is_err());
    assert!(YieldNewsvendor { newsvendor, demand: 1.0 }.uniform((1.0, 1.0)).is_err());
}
