//! Parameters and values: Snyder & Shen (2019), chapter 4, to the digits that the author
//! publishes with the stockpyl library.

use super::super::special::normal_cdf;
use super::*;

/// Examples 4.1, 4.3 and 4.4: h = 0.18, p = 0.7, demand N(50, 8).
const NEWS: Newsvendor = Newsvendor { holding: 0.18, shortage: 0.7 };
/// Problem 4.1: h = 43, p = 79, demand N(900, 60).
const BEER: Newsvendor = Newsvendor { holding: 43.0, shortage: 79.0 };
/// Example 4.7 without its order cost: h = 1, p = 4, Poisson demand with mean 6.
const RARE: Newsvendor = Newsvendor { holding: 1.0, shortage: 4.0 };

fn demand(mean: f64, deviation: f64, lead_time: f64) -> NormalDemand {
    NormalDemand { mean, deviation, lead_time }
}

fn close(ours: f64, published: f64) {
    assert!((ours - published).abs() <= 1e-9 * published.abs(), "{ours} {published}");
}

fn assert_level(ours: Result<StockLevel, InputError>, level: f64, cost: f64) {
    let ours = ours.unwrap();
    close(ours.level, level);
    close(ours.cost, cost);
}

#[test]
fn normal_demand_of_example_4_3_and_problem_4_1() {
    let papers = demand(50.0, 8.0, 0.0);
    assert_level(NEWS.normal(papers), 56.603_955_927_433_89, 1.997_605_193_176_645);
    close(NEWS.normal_cost(40.0, papers).unwrap(), 7.356_131_552_870_388);
    close(NEWS.normal_cost(60.0, papers).unwrap(), 2.156_131_552_870_387);
    let barrels = demand(900.0, 60.0, 0.0);
    assert_level(BEER.normal(barrels), 922.721_403_823_475_5, 2_718.196_781_782_411);
    for (level, cost) in [
        (1040.0, 6_044.298_415_188_692),
        (1100.0, 8_600.820_410_122_85),
        (922.0, 2_718.393_552_026_199),
    ] {
        close(BEER.normal_cost(level, barrels).unwrap(), cost);
    }
}

#[test]
fn base_stock_levels_with_lead_time_of_example_4_4() {
    let papers = demand(50.0, 8.0, 4.0);
    assert_level(NEWS.normal(papers), 264.766_894_374_154_8, 4.466_781_004_149_578);
    close(NEWS.normal_cost(180.0, papers).unwrap(), 49.000_164_748_034_095);
    close(NEWS.normal_cost(120.0, demand(50.0, 8.0, 3.0)).unwrap(), 56.000_000_752_740_09);
    let barrels = demand(900.0, 60.0, 3.0);
    close(BEER.normal_cost(4000.0, barrels).unwrap(), 17_201.640_820_245_7);
}

#[test]
fn poisson_demand_of_example_4_7_and_problems_4_8a_and_4_19() {
    assert_level(RARE.poisson(6.0, 0), 8.0, 3.570_106_945_770_946);
    close(RARE.poisson_cost(8, 6.0, 0).unwrap(), 3.570_106_945_770_946);
    close(RARE.poisson_cost(5, 6.0, 0).unwrap(), 6.590_296_024_616_344);
    let dear = Newsvendor { holding: 200.0, shortage: 270.0 };
    assert_level(dear.poisson(18.0, 0), 19.0, 786.088_440_935_111_5);
    close(dear.poisson_cost(19, 18.0, 0).unwrap(), 786.088_440_935_111_5);
    close(dear.poisson_cost(13, 18.0, 0).unwrap(), 1_445.751_062_891_969);
    let late = Newsvendor { holding: 0.08, shortage: 1.25 };
    assert_level(late.poisson(18.0, 4), 105.0, 1.545_018_869_155_177_8);
}

#[test]
fn discrete_demand_of_example_4_7_and_problem_4_7b() {
    let table = poisson(6.0).unwrap();
    assert_level(RARE.discrete(&table, 0), 8.0, 3.570_106_945_770_946);
    close(RARE.discrete_cost(5, &table, 0).unwrap(), 6.590_296_024_616_344);
    let planes = Newsvendor { holding: 500_000.0, shortage: 1_000_000.0 };
    let table = [0.0, 0.25, 0.05, 0.1, 0.2, 0.15, 0.1, 0.1, 0.05];
    assert_level(planes.discrete(&table, 0), 5.0, 1_225_000.0);
    close(planes.discrete_cost(3, &table, 0).unwrap(), 1_725_000.0);
}

#[test]
fn a_lead_time_of_discrete_demand_is_a_longer_demand() {
    let table = poisson(6.0).unwrap();
    let ours = RARE.discrete(&table, 3).unwrap();
    assert_level(RARE.poisson(6.0, 3), ours.level, ours.cost);
    assert_level(RARE.poisson(24.0, 0), ours.level, ours.cost);
}

/// The distribution's own formulas; published to five places, by numerical integration.
#[test]
fn continuous_demand_of_example_4_1_and_problem_4_8b() {
    let cdf = |x: f64| normal_cdf((x - 50.0) / 8.0);
    let ours = NEWS.continuous(50.0, &cdf, &|x| normal_loss(x, 50.0, 8.0));
    assert_level(ours, 56.603_955_927_433_89, 1.997_605_193_176_645);
    // Log-normal: ln D is N(6, 0.3).
    let news = Newsvendor { holding: 1.0, shortage: 0.1765 };
    let mean = libm::exp(6.0 + 0.3 * 0.3 / 2.0);
    let z = |x: f64| (libm::log(x) - 6.0) / 0.3;
    let loss = |x: f64| mean * normal_cdf(0.3 - z(x)) - x * normal_cdf(-z(x));
    let ours = news.continuous(mean, &|x| normal_cdf(z(x)), &loss).unwrap();
    close(ours.level, 295.626_644_807_136_8);
    assert!((ours.cost - 29.442_543_582_135_29).abs() < 1e-5, "{ours:?}");
    let cost = news.charge(350.0, mean, loss(350.0));
    assert!((cost - 34.588_836_685_654_854).abs() < 1e-5, "{cost}");
}

#[test]
fn myopic_costs_of_examples_4_1_and_problem_4_1() {
    let papers = demand(50.0, 8.0, 0.0);
    let priced =
        |next_purchase| Myopic { newsvendor: NEWS, purchase: 0.3, next_purchase, discount: 0.98 };
    assert_level(priced(0.35).normal(papers), 58.098_918_832_130_67, 16.682_411_764_618_777);
    close(priced(0.35).normal_cost(62.0, papers).unwrap(), 16.850_319_828_088_736);
    for (level, cost) in [
        (60.0, 16.236_131_552_870_39),
        (40.0, 23.276_131_552_870_39),
        (120.0, 21.16),
        (56.6, 16.390_405_437_438_364),
    ] {
        close(priced(0.4).normal_cost(level, papers).unwrap(), cost);
    }
    let barrels = demand(900.0, 60.0, 0.0);
    let beer = Myopic { newsvendor: BEER, purchase: 65.0, next_purchase: 55.0, discount: 0.9 };
    assert_level(beer.normal(barrels), 903.083_276_484_352_3, 61_416.404_244_990_816);
    for (level, cost) in [
        (950.0, 62_254.391_804_125_19),
        (900.0, 61_420.257_492_538_49),
        (1150.0, 73_125.024_669_177_48),
        (650.0, 74_375.024_669_177_48),
        (2400.0, 146_250.0),
    ] {
        close(beer.normal_cost(level, barrels).unwrap(), cost);
    }
}

#[test]
fn myopic_discrete_levels_are_the_cheapest() {
    let table = poisson(6.0).unwrap();
    let myopic = Myopic { newsvendor: RARE, purchase: 2.0, next_purchase: 1.5, discount: 0.9 };
    let cost = |level: i64| {
        let charge = RARE.discrete_cost(level, &table, 2).unwrap();
        (2.0 - 0.9 * 1.5) * level as f64 + charge + 0.9 * 1.5 * 6.0
    };
    let best = (0..60).min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap();
    assert_level(myopic.discrete(&table, 2), best as f64, cost(best));
}

#[test]
fn profits_of_example_4_2_and_problem_4_3b() {
    let papers = Trade { revenue: 1.0, purchase: 0.3, salvage: 0.12, holding: 0.0, shortage: 0.0 };
    let books = Trade { revenue: 7.0, purchase: 2.5, salvage: 1.5, ..papers };
    let dear = Trade { holding: 1.0, shortage: 5.0, ..books };
    for (trade, deviation, level, profit, other, other_profit) in [
        (papers, 8.0, 56.603_955_927_433_89, 33.002_394_806_823_354, 40.0, 27.643_868_447_129_613),
        (books, 10.0, 59.084_578_685_373_856, 210.476_808_252_314_7, 62.0, 209.914_365_210_556),
        (dear, 10.0, 59.388_143_168_769_034, 195.472_931_043_190_8, 62.0, 194.548_218_167_526_2),
    ] {
        let (news, demand) = (trade.newsvendor(), demand(50.0, deviation, 0.0));
        let best = news.normal(demand).unwrap();
        close(best.level, level);
        close(trade.profit(50.0, best.cost), profit);
        close(trade.profit(50.0, news.normal_cost(other, demand).unwrap()), other_profit);
    }
    for (trade, level, profit, other, other_profit) in [
        (papers, 56.0, 33.202_764_788_190_82, 40, 27.811_432_228_377_633),
        (books, 56.0, 214.517_279_926_192_63, 62, 212.143_095_308_924_4),
        (dear, 57.0, 203.672_692_692_936_58, 62, 199.208_290_191_387_36),
    ] {
        let news = trade.newsvendor();
        let best = news.poisson(50.0, 0).unwrap();
        close(best.level, level);
        close(trade.profit(50.0, best.cost), profit);
        close(trade.profit(50.0, news.poisson_cost(other, 50.0, 0).unwrap()), other_profit);
    }
}

#[test]
fn nonsense_is_refused() {
    let papers = demand(50.0, 8.0, 0.0);
    assert!(Newsvendor { holding: -2.0, ..NEWS }.normal(papers).is_err());
    assert!(NEWS.normal(demand(50.0, -8.0, 0.0)).is_err());
    assert!(NEWS.normal(demand(50.0, 8.0, -1.0)).is_err());
    assert!(NEWS.poisson(f64::NAN, 0).is_err());
    assert!(NEWS.discrete(&[], 0).is_err());
    assert!(NEWS.discrete(&[0.5, 0.2], 0).is_err());
    assert!(NEWS.continuous(50.0, &|_| 0.0, &|_| 0.0).is_err());
    let dear = Myopic { newsvendor: NEWS, purchase: 2.0, next_purchase: 0.2, discount: 0.95 };
    assert!(dear.normal(papers).is_err());
}
