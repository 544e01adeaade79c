//! Lot sizing of known demand, and joint replenishment.

use solvers::exact::joint::{JointItem, JointReplenishment};
use solvers::exact::lot_sizing::{LotPeriod, wagner_whitin};

use super::{Table, computed};

pub(super) const LOT_SIZING: Table = Table {
    name: "lot-sizing",
    source: "Snyder & Shen (2019), Example 3.9: lot sizing of known demand, by Wagner & Whitin, \
             Management Science 5 (1958) 89-96",
    convention: "order, demand, charge; no backorders; holding on stock at the ends of periods",
    rows: |rows| {
        let period = |demand| LotPeriod { demand, order_cost: 500.0, holding: 2.0, purchase: 0.0 };
        let plan = wagner_whitin(&[90.0, 120.0, 80.0, 70.0].map(period));
        let plan = plan.expect("the example makes sense");
        rows.exact("Example 3.9", "least cost", computed(1380.0), plan.cost);
        let names = ["order 1", "order 2", "order 3", "order 4"];
        for ((name, published), ours) in
            names.into_iter().zip([210.0, 0.0, 150.0, 0.0]).zip(plan.quantities)
        {
            rows.exact("Example 3.9", name, computed(published), ours);
        }
    },
};

pub(super) const JOINT_REPLENISHMENT: Table = Table {
    name: "joint-replenishment",
    source: "Silver, Management Science 22 (1976) 1351-1361, the example with five items, and \
             Silver, Pyke & Peterson (1998), p. 428: one interval and a multiple an item",
    convention: "constant demand; a shared cost a joint order, a cost an item in it; cost a year",
    rows: |rows| {
        let items = |rows: &[(f64, f64)], holding: f64| -> Vec<JointItem> {
            let item = |&(order_cost, demand_rate): &(f64, f64)| JointItem {
                order_cost,
                holding,
                demand_rate,
            };
            rows.iter().map(item).collect()
        };
        let five = [(1.87, 1736.0), (5.27, 656.0), (7.94, 558.0), (8.19, 170.0), (8.87, 142.0)];
        let four = [(15.0, 86_000.0), (15.0, 12_500.0), (15.0, 1_400.0), (15.0, 3_000.0)];
        let names = ["multiple 1", "multiple 2", "multiple 3", "multiple 4", "multiple 5"];
        for (case, order_cost, items, interval, multiples, cost) in [
            (
                "Silver 1976",
                10.0,
                items(&five, 0.2),
                0.281_377_149_067_147_2,
                &[1.0, 1.0, 1.0, 3.0, 3.0][..],
                218.686_320_254_986_87,
            ),
            (
                "Silver, Pyke & Peterson",
                40.0,
                items(&four, 0.24),
                0.076_173_402_627_849_76,
                &[1.0, 1.0, 4.0, 3.0][..],
                2_067.650_840_930_354,
            ),
        ] {
            let plan = JointReplenishment { order_cost, items: &items }.silver();
            let plan = plan.expect("the example makes sense");
            rows.exact(case, "interval", computed(interval), plan.interval);
            for ((name, published), ours) in names.into_iter().zip(multiples).zip(&plan.multiples) {
                rows.exact(case, name, computed(*published), f64::from(*ours));
            }
            rows.exact(case, "cost", computed(cost), plan.cost);
        }
    },
};
