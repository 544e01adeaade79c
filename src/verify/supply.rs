//! Supply that is not certain: disruptions and yield.

use engine::{Events, Item, Policy, Rule};
use scenarios::{Masses, Outages, Supply};
use solvers::exact::eoq::EconomicOrder;
use solvers::exact::newsvendor::Newsvendor;
use solvers::exact::supply_uncertainty::{
    AdditiveYield, DisruptedNewsvendor, DisruptedOrder, MultiplicativeYield,
};

use super::simulated::Case;
use super::{Table, computed};

pub(super) const DISRUPTIONS: Table = Table {
    name: "disruptions",
    source: "Snyder & Shen (2019), Examples 9.1 and 9.3, Problem 9.8: economic orders and a \
             newsvendor whose supplier is closed at times",
    convention: "economic orders: continuous review, unmet demand lost; newsvendor: order while \
                 the supplier is open, demand, charge; L = 0; backorders; constant demand",
    rows: |rows| {
        let example = DisruptedOrder {
            item: EconomicOrder { order_cost: 8.0, holding: 0.225, demand_rate: 1300.0 },
            shortage: 5.0,
            disruption_rate: 1.5,
            recovery_rate: 14.0,
        };
        let problem = DisruptedOrder {
            item: EconomicOrder { order_cost: 35.0, holding: 4.0, demand_rate: 30.0 },
            shortage: 22.0,
            disruption_rate: 1.0,
            recovery_rate: 12.0,
        };
        for (case, item, quantity, exact, approximate) in [
            ("Example 9.1, Q = 800", example, 800.0, 174.052_472_212_041_7, 174.057_533_466_248_9),
            ("Example 9.1, Q = 400", example, 400.0, 211.084_189_258_969_2, 212.256_901_408_450_7),
            ("Problem 9.8, Q = 20", problem, 20.0, 97.903_839_894_383_6, 97.904_761_904_761_9),
        ] {
            let ours = item.cost(quantity).expect("the example makes sense");
            rows.exact(case, "cost", computed(exact), ours);
            let ours = item.approximate_cost(quantity).expect("the example makes sense");
            rows.exact(case, "approximate cost", computed(approximate), ours);
        }
        let best = example.approximate_optimum().expect("the example makes sense");
        rows.exact("Example 9.1", "approximate Q", computed(773.143_241_711_888_9), best.quantity);
        rows.exact("Example 9.1", "its cost", computed(173.957_229_385_175), best.cost);

        let item = DisruptedNewsvendor {
            newsvendor: Newsvendor { holding: 0.25, shortage: 3.0 },
            demand: 2000.0,
            disruption: 0.04,
            recovery: 0.25,
        };
        let best = item.optimum().expect("the example makes sense");
        rows.exact("Example 9.3", "best S", computed(8000.0), best.level);
        for (case, level, cost) in [
            ("Example 9.3, S = 8000", 8_000.0, 2_737.068_965_490_435),
            ("Example 9.3, S = 2000", 2_000.0, 3_310.344_827_558_603),
            ("Example 9.3, S = 12000", 12_000.0, 3_075.161_637_904_759),
        ] {
            let ours = item.cost(level).expect("the example makes sense");
            rows.exact(case, "cost", computed(cost), ours);
            let masses = &Masses { values: vec![2000.0], weights: vec![1.0] };
            let outages = Outages { failure_probability: 0.04, recovery_probability: 0.25 };
            let supply = Supply::default().with_outages(outages);
            let stocked = Item::plain("disrupted", 0, 0.25, 3.0);
            let policy = Policy::constant(Rule::up_to(level), [level, level]);
            let ours = Case { item: &stocked, events: Events::BACKORDER, masses, supply };
            rows.simulated(case, "cost", computed(cost), ours.cost(&policy));
        }
    },
};

pub(super) const YIELD: Table = Table {
    name: "yield",
    source: "Snyder & Shen (2019), Examples 9.4 and 9.5, Problem 9.4: economic orders of which a \
             random part arrives",
    convention: "constant demand, continuous review; cost a year without purchase",
    rows: |rows| {
        let vaccine = EconomicOrder { order_cost: 18_500.0, holding: 0.06, demand_rate: 75_000.0 };
        let cars = EconomicOrder { order_cost: 2250.0, holding: 275.0, demand_rate: 182_500.0 };
        for (case, ours, quantity, cost) in [
            (
                "Example 9.4, additive",
                AdditiveYield { item: vaccine, mean: -15_000.0, deviation: 9_000.0 }.optimum(),
                230_246.370_468_818_8,
                12_914.782_228_129_13,
            ),
            (
                "Problem 9.4a, additive",
                AdditiveYield { item: cars, mean: -50.0, deviation: 0.02 }.optimum(),
                1_778.109_845_109_285,
                475_230.207_405_053_3,
            ),
            (
                "Example 9.5, multiplicative",
                MultiplicativeYield {
                    item: vaccine,
                    mean: 0.833_333_333_333_333_4,
                    deviation: 0.140_859_042_454_752_75,
                }
                .optimum(),
                254_460.212_999_989_4,
                13_086.525_239_999_46,
            ),
            (
                "Problem 9.4b, multiplicative",
                MultiplicativeYield { item: cars, mean: 0.9, deviation: 0.057_735_026_918_962_58 }
                    .optimum(),
                1_916.183_333_947_864,
                476_207.043_362_598_9,
            ),
        ] {
            let best = ours.expect("the example makes sense");
            rows.exact(case, "best Q", computed(quantity), best.quantity);
            rows.exact(case, "least cost", computed(cost), best.cost);
        }
    },
};
