//! (s, S) policies with Poisson demand and backorders.

use engine::{Events, Item, Policy, Rule};
use scenarios::Supply;
use solvers::exact::min_max::{MinMaxItem, NormalMinMaxItem};
use solvers::exact::newsvendor::NormalDemand;

use super::simulated::{Case, poisson, probabilities};
use super::{Rows, Table, computed, printed};

const EVENTS: &str = "receive, order, demand, charge; L = 0; backorders; at or below s up to S";

pub(super) const ZHENG_FEDERGRUEN: Table = Table {
    name: "zheng-federgruen",
    source: "Zheng & Federgruen, Operations Research 39 (1991) 654-665, Table I: h = 1, p = 9, \
             K = 64, Poisson demand; the best (s, S) and its cost",
    convention: EVENTS,
    rows: |rows| {
        for (mean, min, max, cost) in OPTIMA {
            let case = format!("mean {mean}");
            both(rows, &case, [1.0, 9.0, 64.0], mean, Some([min, max]), printed(cost, 3));
        }
    },
};

/// Mean, s, S and cost.
const OPTIMA: [(f64, f64, f64, f64); 24] = [
    (10.0, 6.0, 40.0, 35.022),
    (15.0, 10.0, 49.0, 42.698),
    (20.0, 14.0, 62.0, 49.173),
    (21.0, 15.0, 65.0, 50.406),
    (22.0, 16.0, 68.0, 51.632),
    (23.0, 17.0, 52.0, 52.757),
    (24.0, 18.0, 54.0, 53.518),
    (25.0, 19.0, 56.0, 54.262),
    (30.0, 23.0, 66.0, 57.819),
    (35.0, 28.0, 77.0, 61.215),
    (40.0, 33.0, 87.0, 64.512),
    (45.0, 37.0, 97.0, 67.776),
    (50.0, 42.0, 108.0, 70.975),
    (51.0, 43.0, 110.0, 71.611),
    (52.0, 44.0, 112.0, 72.246),
    (55.0, 47.0, 118.0, 74.149),
    (59.0, 51.0, 126.0, 76.679),
    (60.0, 52.0, 129.0, 77.306),
    (61.0, 52.0, 131.0, 77.929),
    (63.0, 54.0, 73.0, 78.287),
    (64.0, 55.0, 74.0, 78.402),
    (65.0, 56.0, 75.0, 78.518),
    (70.0, 62.0, 81.0, 79.037),
    (75.0, 67.0, 86.0, 79.554),
];

pub(super) const SNYDER_SHEN: Table = Table {
    name: "snyder-shen-min-max",
    source: "Snyder & Shen, Fundamentals of Supply Chain Theory, 2nd ed. (2019), Examples 4.7 and \
             4.8, Problem 4.31: (s, S) with Poisson demand, and the power approximation",
    convention: EVENTS,
    rows: |rows| {
        let (example, problem) = ([1.0, 4.0, 5.0], [40.0, 125.0, 150.0]);
        both(rows, "Example 4.7", example, 6.0, Some([4.0, 10.0]), computed(8.034_111_561_471_644));
        let cost = printed(10.193_798_672, 9);
        priced(rows, "Example 4.7, (6, 18)", example, 6.0, [6.0, 18.0], cost);
        let cost = printed(223.574_829_6, 7);
        both(rows, "Problem 4.31", problem, 4.0, Some([2.0, 7.0]), cost);
        let cost = printed(262.275_561_4, 7);
        priced(rows, "Problem 4.31, (4, 10)", problem, 4.0, [4.0, 10.0], cost);
        let papers = NormalMinMaxItem {
            demand: NormalDemand { mean: 50.0, deviation: 8.0, lead_time: 0.0 },
            holding: 0.18,
            shortage: 0.7,
            order_cost: 2.5,
        };
        let levels = papers.power_approximation().expect("the example makes sense");
        rows.exact("Example 4.8, power approximation", "s", printed(40.194_616_96, 8), levels.min);
        rows.exact("Example 4.8, power approximation", "S", printed(74.290_170_11, 8), levels.max);
    },
};

/// The optimum, and the cost of the published policy.
fn both(
    rows: &mut Rows<'_>,
    case: &str,
    rates: [f64; 3],
    mean: f64,
    best: Option<[f64; 2]>,
    cost: (f64, f64),
) {
    let demand = probabilities(&poisson(mean));
    let found = exact(&demand, rates).optimum().expect("the table makes sense");
    let [min, max] = best.expect("an optimum is published");
    rows.exact(case, "best s", printed(min, 0), found.min as f64);
    rows.exact(case, "best S", printed(max, 0), found.max as f64);
    rows.exact(case, "least cost", cost, found.cost);
    simulate(rows, case, rates, mean, [min, max], cost);
}

/// The cost of a policy.
fn priced(
    rows: &mut Rows<'_>,
    case: &str,
    rates: [f64; 3],
    mean: f64,
    [min, max]: [f64; 2],
    cost: (f64, f64),
) {
    let demand = probabilities(&poisson(mean));
    let ours = exact(&demand, rates).cost(min as i64, max as i64).expect("the table makes sense");
    rows.exact(case, "cost", cost, ours);
    simulate(rows, case, rates, mean, [min, max], cost);
}

fn exact(demand: &[f64], [holding, shortage, order_cost]: [f64; 3]) -> MinMaxItem<'_> {
    MinMaxItem { demand, lead_time: 0, holding, shortage, order_cost }
}

fn simulate(
    rows: &mut Rows<'_>,
    case: &str,
    [holding, shortage, order_cost]: [f64; 3],
    mean: f64,
    [min, max]: [f64; 2],
    cost: (f64, f64),
) {
    let item = Item { order_cost, ..Item::plain("min-max", 0, holding, shortage) };
    let (masses, events, supply) = (&poisson(mean), Events::BACKORDER, Supply::default());
    let policy = Policy::constant(Rule::at(min, max), [min, max]);
    let ours = Case { item: &item, events, masses, supply }.cost(&policy);
    rows.simulated(case, "cost", cost, ours);
}
