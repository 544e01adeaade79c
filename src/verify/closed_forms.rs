//! Economic order quantities.

use solvers::exact::eoq::{BackorderedOrder, DiscountedOrder, EconomicOrder, PriceBreak};

use super::{Table, computed};

const BEER: EconomicOrder = EconomicOrder { order_cost: 8.0, holding: 0.225, demand_rate: 1300.0 };
const CARS: EconomicOrder =
    EconomicOrder { order_cost: 2250.0, holding: 275.0, demand_rate: 182_500.0 };

pub(super) const ECONOMIC_ORDERS: Table = Table {
    name: "economic-orders",
    source: "Snyder & Shen (2019), Examples 3.1 and 3.8, Problems 3.1, 3.2b and 3.22: economic \
             order quantity, with backorders, and with a production rate",
    convention: "constant demand, continuous review; cost a year without purchase",
    rows: |rows| {
        for (case, item, quantity, cost) in [
            ("Example 3.1", BEER, 304.046_780_026_436_8, 68.410_525_505_948_27),
            ("Problem 3.1", CARS, 1_728.109_844_993_551, 475_230.207_373_226_6),
        ] {
            let best = item.optimum().expect("the example makes sense");
            rows.exact(case, "best Q", computed(quantity), best.quantity);
            rows.exact(case, "least cost", computed(cost), best.cost);
        }
        let ours = BEER.cost(250.0).expect("the example makes sense");
        rows.exact("Example 3.1, Q = 250", "cost", computed(69.725), ours);
        let item = EconomicOrder { order_cost: 40.0, holding: 40.05, demand_rate: 2080.0 };
        for (case, item, shortage, quantity, waiting, cost) in [
            (
                "Example 3.8, backorders",
                BEER,
                5.0,
                310.812_555_158_964_6,
                0.043_062_200_956_938,
                66.921_363_550_973_25,
            ),
            (
                "Problem 3.2b, backorders",
                item,
                60.0,
                83.235_448_128_898_04,
                0.400_299_850_074_962,
                1_999.148_244_415_212,
            ),
        ] {
            let best =
                BackorderedOrder { item, shortage }.optimum().expect("the example makes sense");
            rows.exact(case, "best Q", computed(quantity), best.quantity);
            rows.exact(case, "share waiting", computed(waiting), best.waiting);
            rows.exact(case, "least cost", computed(cost), best.cost);
        }
        let item = EconomicOrder { order_cost: 4.0, holding: 0.08, demand_rate: 80.0 };
        for (case, item, rate, quantity, cost) in [
            (
                "Example 3.1, produced at 2000",
                BEER,
                2000.0,
                513.932_859_551_696_9,
                40.472_212_689_696_12,
            ),
            ("Problem 3.22", item, 110.0, 171.269_767_715_535_1, 3.736_794_931_975_31),
        ] {
            let best = item.with_production(rate).and_then(|item| item.optimum());
            let best = best.expect("the example makes sense");
            rows.exact(case, "best Q", computed(quantity), best.quantity);
            rows.exact(case, "least cost", computed(cost), best.cost);
        }
    },
};

pub(super) const DISCOUNTS: Table = Table {
    name: "discounts",
    source: "Snyder & Shen (2019), Examples 3.6 and 3.7, Problem 3.12: economic order quantity \
             with all-units and incremental discounts",
    convention: "constant demand, continuous review; cost a year with purchase",
    rows: |rows| {
        let breaks = |pairs: [(f64, f64); 3]| pairs.map(|(from, price)| PriceBreak { from, price });
        let sweets = breaks([(0.0, 0.75), (400.0, 0.72), (800.0, 0.68)]);
        let sweets = DiscountedOrder {
            order_cost: 8.0,
            holding_rate: 0.3,
            demand_rate: 1300.0,
            breaks: &sweets,
        };
        let cars = breaks([(0.0, 1490.0), (1200.0, 1220.0), (2400.0, 1100.0)]);
        let cars = DiscountedOrder {
            order_cost: 2250.0,
            holding_rate: 0.25,
            demand_rate: 182_500.0,
            breaks: &cars,
        };
        for (case, ours, quantity, cost) in [
            ("Example 3.6, all units", sweets.all_units(), 800.0, 978.60),
            ("Example 3.7, incremental", sweets.incremental(), 304.046_780_03, 1_043.410_525_51),
            ("Problem 3.12a, all units", cars.all_units(), 2400.0, 201_251_093.75),
            (
                "Problem 3.12b, incremental",
                cars.incremental(),
                28_553.060_654_28,
                208_678_591.679_928_35,
            ),
        ] {
            let best = ours.expect("the example makes sense");
            rows.exact(case, "best Q", computed(quantity), best.quantity);
            rows.exact(case, "least cost", computed(cost), best.cost);
        }
    },
};
