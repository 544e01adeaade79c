//! (r, Q) policies under continuous review.

use solvers::exact::reorder_point::{NormalReorder, ReorderItem};

use super::{Table, computed};

const CONVENTION: &str = "continuous review; backorders; at or below r order Q";

pub(super) const POISSON: Table = Table {
    name: "reorder-point-poisson",
    source: "Snyder & Shen (2019), Example 5.8: (r, Q) with Poisson demand, by the algorithm of \
             Federgruen & Zheng, Operations Research 40 (1992) 808-813",
    convention: CONVENTION,
    rows: |rows| {
        let item = ReorderItem {
            order_cost: 100.0,
            holding: 20.0,
            shortage: 150.0,
            demand_rate: 1.5,
            lead_time: 2.0,
        };
        let best = item.poisson().expect("the example makes sense");
        rows.exact("Example 5.8", "best r", computed(3.0), best.reorder_point);
        rows.exact("Example 5.8", "best Q", computed(5.0), best.quantity);
        rows.exact("Example 5.8", "least cost", (107.923_580_6, 1e-7), best.cost);
        let ours = item.poisson_cost(3, 5).expect("the example makes sense");
        rows.exact("Example 5.8, (3, 5)", "cost", (107.923_580_6, 1e-7), ours);
    },
};

/// A published number of a search that stopped at small steps.
fn searched(value: f64) -> (f64, f64) {
    (value, 1e-6 * value.abs())
}

pub(super) const NORMAL: Table = Table {
    name: "reorder-point-normal",
    source: "Snyder & Shen (2019), Examples 5.1-5.6 and Problem 5.1: (r, Q) with normal demand, \
             exact costs and four approximations",
    convention: CONVENTION,
    rows: |rows| {
        let example = ReorderItem {
            order_cost: 8.0,
            holding: 0.225,
            shortage: 7.5,
            demand_rate: 1300.0,
            lead_time: 1.0 / 12.0,
        };
        let example: NormalReorder = example.with_normal_demand(150.0);
        let problem = ReorderItem {
            order_cost: 50.0,
            holding: 3.1,
            shortage: 45.0,
            demand_rate: 800.0,
            lead_time: 4.0 / 365.0,
        };
        let problem = problem.with_normal_demand(40.0);
        for (case, item, r, quantity, cost) in [
            ("Example 5.1, (126.8, 328.5)", example, 126.8, 328.5, 78.071_162_509_282_94),
            ("Example 5.1, (100, 250)", example, 100.0, 250.0, 87.346_478_028_174_99),
            ("Problem 5.1, (-1.9859, 166.95)", problem, -1.9859, 166.95, 484.211_041_841_553_8),
            ("Problem 5.1, (100, 250)", problem, 100.0, 250.0, 830.321_917_808_219_2),
        ] {
            let ours = item.cost(r, quantity).expect("the example makes sense");
            rows.exact(case, "cost", computed(cost), ours);
        }
        for (case, ours, r, quantity) in [
            (
                "Example 5.2, expected level",
                example.expected_level_approximation(),
                213.970_442_135_802_4,
                318.590_181_076_872_9,
            ),
            (
                "Example 5.4, backorders",
                example.backorder_approximation(),
                128.637_814_424_271,
                308.573_780_120_375_4,
            ),
            (
                "Example 5.5, safety stock",
                example.safety_stock_approximation(),
                190.336_996_571_562_4,
                304.046_780_026_436_8,
            ),
            (
                "Example 5.6, loss functions",
                example.loss_approximation(),
                126.867_064_287_831_5,
                328.449_141_358_176_5,
            ),
            (
                "Problem 5.1c, safety stock",
                problem.safety_stock_approximation(),
                15.125_515_371_852_014,
                160.643_865_780_499_8,
            ),
        ] {
            let ours = ours.expect("the example makes sense");
            rows.exact(case, "r", searched(r), ours.reorder_point);
            rows.exact(case, "Q", searched(quantity), ours.quantity);
        }
    },
};
