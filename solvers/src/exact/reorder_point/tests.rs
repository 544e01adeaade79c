//! Parameters and values: Snyder & Shen (2019), chapter 5, to the digits that the author
//! publishes with the stockpyl library.

use super::*;

/// Example 5.1.
const EXAMPLE: NormalReorder = NormalReorder {
    item: ReorderItem {
        order_cost: 8.0,
        holding: 0.225,
        shortage: 7.5,
        demand_rate: 1300.0,
        lead_time: 1.0 / 12.0,
    },
    deviation: 150.0,
};

/// Problem 5.1.
const PROBLEM_1: NormalReorder = NormalReorder {
    item: ReorderItem {
        order_cost: 50.0,
        holding: 3.1,
        shortage: 45.0,
        demand_rate: 800.0,
        lead_time: 4.0 / 365.0,
    },
    deviation: 40.0,
};

/// Problem 5.3.
const PROBLEM_3: NormalReorder = NormalReorder {
    item: ReorderItem {
        order_cost: 85.0,
        holding: 0.214_285_714_285_714_27,
        shortage: 40.0,
        demand_rate: 192.0,
        lead_time: 3.0,
    },
    deviation: 17.4,
};

/// Example 5.8 and problem 5.2: Poisson demand.
const POISSON: ReorderItem = ReorderItem {
    order_cost: 100.0,
    holding: 20.0,
    shortage: 150.0,
    demand_rate: 1.5,
    lead_time: 2.0,
};
const POISSON_2: ReorderItem = ReorderItem {
    order_cost: 4.0,
    holding: 4.0,
    shortage: 28.0,
    demand_rate: 12.0,
    lead_time: 0.5,
};

fn close(ours: f64, published: f64, tolerance: f64) {
    assert!((ours - published).abs() <= tolerance * published.abs(), "{ours} {published}");
}

#[test]
fn costs_of_example_5_1_and_problem_5_1() {
    for (item, r, quantity, cost) in [
        (EXAMPLE, 126.8, 328.5, 78.071_162_509_282_94),
        (EXAMPLE, 100.0, 250.0, 87.346_478_028_174_99),
        (PROBLEM_1, -1.9859, 166.95, 484.211_041_841_553_8),
        (PROBLEM_1, 100.0, 250.0, 830.321_917_808_219_2),
    ] {
        close(item.cost(r, quantity).unwrap(), cost, 1e-9);
    }
}

#[test]
fn reorder_points_by_quantity_of_example_5_1_and_problems_5_1_and_5_3() {
    for (item, points) in [
        (EXAMPLE, [127.788_034_866_965_5, 147.194_958_174_071_4, 99.853_773_396_165_28]),
        (PROBLEM_1, [-11.727_678_833_180_178, -0.885_130_303_271_656, -39.569_675_038_859_785]),
        (PROBLEM_3, [612.133_131_230_471_6, 622.517_178_352_678_1, 598.412_647_655_164_3]),
    ] {
        for (quantity, point) in [318.0, 150.0, 750.0].into_iter().zip(points) {
            close(item.reorder_point(quantity).unwrap(), point, 1e-7);
        }
    }
}

fn assert_policy(ours: Result<ReorderPolicy, InputError>, (point, quantity): (f64, f64)) {
    let ours = ours.unwrap();
    close(ours.reorder_point, point, 1e-7);
    close(ours.quantity, quantity, 1e-7);
}

#[test]
fn expected_level_approximation_of_example_5_2_and_problems_5_1a_and_5_3a() {
    for (item, policy, cost) in [
        (EXAMPLE, (213.970_442_135_802_4, 318.590_181_076_872_9), 95.451_140_222_851_96),
        (PROBLEM_1, (17.972_649_360_167_715, 162.123_161_728_365_3), 531.118_932_182_671_4),
        (PROBLEM_3, (644.838_530_383_012_8, 400.755_979_312_599_3), 100.627_394_934_774),
    ] {
        assert_policy(item.expected_level_approximation(), policy);
        close(item.expected_level_approximation().unwrap().cost, cost, 1e-9);
    }
}

#[test]
fn backorder_approximation_of_example_5_4_and_problems_5_1b_and_5_3b() {
    for (item, policy) in [
        (EXAMPLE, (128.637_814_424_271, 308.573_780_120_375_4)),
        (PROBLEM_1, (-1.929_822_185_100_239, 166.085_006_519_797)),
        (PROBLEM_3, (609.025_205_822_059_4, 391.325_951_094_480_8)),
    ] {
        assert_policy(item.backorder_approximation(), policy);
    }
}

#[test]
fn safety_stock_approximation_of_example_5_5_and_problems_5_1c_and_5_3c() {
    for (item, policy) in [
        (EXAMPLE, (190.336_996_571_562_4, 304.046_780_026_436_8)),
        (PROBLEM_1, (15.125_515_371_852_014, 160.643_865_780_499_8)),
        (PROBLEM_3, (652.963_894_704_112_7, 390.281_949_364_815)),
    ] {
        assert_policy(item.safety_stock_approximation(), policy);
    }
}

/// The published values come from a search that stopped at steps below 10⁻⁶.
#[test]
fn loss_approximation_of_example_5_6_and_problems_5_1d_and_5_3d() {
    for (item, policy) in [
        (EXAMPLE, (126.867_064_287_831_5, 328.449_141_358_176_5)),
        (PROBLEM_1, (-1.985_868_645_048_718, 166.950_102_204_094_2)),
        (PROBLEM_3, (608.544_511_800_035_8, 403.806_002_337_313_8)),
    ] {
        let ours = item.loss_approximation().unwrap();
        close(ours.reorder_point, policy.0, 1e-6);
        close(ours.quantity, policy.1, 1e-7);
        let (demand, item) = (item.demand().unwrap(), item.item);
        let both = item.holding + item.shortage;
        close(demand.loss(ours.reorder_point), item.holding * ours.quantity / both, 1e-10);
        let ordering = item.order_cost * item.demand_rate;
        let charges = ordering + both * demand.second_loss(ours.reorder_point);
        close(ours.quantity * ours.quantity, 2.0 * charges / item.holding, 1e-10);
    }
}

#[test]
fn no_neighbour_of_the_normal_optimum_and_no_approximation_is_cheaper() {
    for item in [EXAMPLE, PROBLEM_1, PROBLEM_3] {
        let best = item.optimum().unwrap();
        let (r, quantity) = (best.reorder_point, best.quantity);
        for (r, quantity) in
            [(r - 0.1, quantity), (r + 0.1, quantity), (r, quantity - 0.1), (r, quantity + 0.1)]
        {
            assert!(item.cost(r, quantity).unwrap() > best.cost);
        }
        for other in [
            item.backorder_approximation(),
            item.safety_stock_approximation(),
            item.loss_approximation(),
        ] {
            assert!(other.unwrap().cost >= best.cost * (1.0 - 1e-13));
        }
    }
}

/// The published optimum of example 5.1 is that of the loss-function equations: what they leave
/// out, `n(r + Q)`, is below 10⁻¹² there.
#[test]
fn the_optimum_of_example_5_1_solves_the_loss_equations() {
    assert_policy(EXAMPLE.optimum(), (126.867_06, 328.449_14));
}

#[test]
fn without_uncertainty_the_optimum_is_the_economic_order_with_backorders() {
    let certain = NormalReorder { deviation: 0.0, ..EXAMPLE };
    let exact = BackorderedOrder { item: certain.economic_order(), shortage: 7.5 };
    let (ours, exact) = (certain.optimum().unwrap(), exact.optimum().unwrap());
    close(ours.cost, exact.cost, 1e-12);
    close(ours.quantity, exact.quantity, 1e-7);
    let mean = 1300.0 / 12.0;
    close(ours.reorder_point, mean - exact.waiting * exact.quantity, 1e-7);
}

#[test]
fn poisson_demand_of_example_5_8_and_problem_5_2() {
    for (item, r, quantity, cost) in [
        (POISSON, 3, 5, 107.923_580_633_149_8),
        (POISSON, 8, 12, 242.528_163_766_202_1),
        (POISSON_2, 6, 7, 28.241_312_842_169_155),
        (POISSON_2, 3, 9, 34.264_154_469_469_5),
    ] {
        close(item.poisson_cost(r, quantity).unwrap(), cost, 1e-12);
    }
    let best = POISSON.poisson().unwrap();
    assert_eq!((best.reorder_point, best.quantity), (3.0, 5.0));
    close(best.cost, 107.923_580_633_149_8, 1e-12);
    let best = POISSON_2.poisson().unwrap();
    assert_eq!((best.reorder_point, best.quantity), (6.0, 7.0));
    close(best.cost, 28.241_312_842_169_155, 1e-12);
}

#[test]
fn poisson_optimum_is_the_cheapest_of_all() {
    for order_cost in [0.0, 3.0, 40.0] {
        for lead_time in [0.0, 0.3, 4.0] {
            let item = ReorderItem { order_cost, lead_time, ..POISSON };
            let all = (-10..20).flat_map(|r| (1..20).map(move |quantity| (r, quantity)));
            let costs = all.map(|(r, quantity)| item.poisson_cost(r, quantity).unwrap());
            let least = costs.fold(f64::INFINITY, f64::min);
            close(item.poisson().unwrap().cost, least, 1e-12);
        }
    }
}

#[test]
fn nonsense_is_refused() {
    assert!(ReorderItem { holding: 0.0, ..POISSON }.poisson().is_err());
    assert!(ReorderItem { lead_time: -1.0, ..POISSON }.poisson().is_err());
    assert!(POISSON.poisson_cost(3, 0).is_err());
    assert!(EXAMPLE.cost(100.0, 0.0).is_err());
    assert!(POISSON.with_normal_demand(-1.0).optimum().is_err());
    let cheap = ReorderItem { shortage: 0.01, ..EXAMPLE.item };
    assert!(cheap.with_normal_demand(150.0).expected_level_approximation().is_err());
    assert!(
        ReorderItem { order_cost: 0.0, ..EXAMPLE.item }.with_normal_demand(1.0).optimum().is_err()
    );
}
