//! Newsvendor and base-stock levels.

use engine::{Events, Item, Policy, Rule};
use scenarios::demand::{Demand, Normal};
use scenarios::{Masses, Supply};
use solvers::exact::newsvendor::{Newsvendor, NormalDemand};

use super::simulated::{Case, poisson};
use super::{Rows, Table, computed};

pub(super) const TABLE: Table = Table {
    name: "newsvendor",
    source: "Snyder & Shen (2019), Examples 4.1-4.4 and 4.7, Problems 4.1, 4.7, 4.8 and 4.19: \
             newsvendor and base-stock levels with normal, Poisson and tabled demand",
    convention: "receive, order, demand, charge; backorders; order up to S in every period",
    rows: |rows| {
        let papers = Newsvendor { holding: 0.18, shortage: 0.7 };
        let barrels = Newsvendor { holding: 43.0, shortage: 79.0 };
        normal(rows, "Example 4.3", papers, [50.0, 8.0], 0, [56.603_955_927_4, 1.997_605_193_18]);
        normal(rows, "Example 4.4", papers, [50.0, 8.0], 4, [264.766_894_374, 4.466_781_004_15]);
        let published = [922.721_403_823, 2_718.196_781_782];
        normal(rows, "Problem 4.1", barrels, [900.0, 60.0], 0, published);
        for (case, item, [mean, deviation], lead_time, level, cost) in [
            ("Example 4.3, S = 40", papers, [50.0, 8.0], 0.0, 40.0, 7.356_131_552_870_388),
            ("Example 4.3, S = 60", papers, [50.0, 8.0], 0.0, 60.0, 2.156_131_552_870_387),
            ("Example 4.4, S = 180", papers, [50.0, 8.0], 4.0, 180.0, 49.000_164_748_034_095),
            ("Problem 4.1, S = 1040", barrels, [900.0, 60.0], 0.0, 1040.0, 6_044.298_415_188_692),
            ("Problem 4.1, S = 1100", barrels, [900.0, 60.0], 0.0, 1100.0, 8_600.820_410_122_85),
        ] {
            let demand = NormalDemand { mean, deviation, lead_time };
            let ours = item.normal_cost(level, demand).expect("the example makes sense");
            rows.exact(case, "cost", computed(cost), ours);
        }
        for (case, rates, mean, lead_time, level, cost) in [
            ("Example 4.7, Poisson", [1.0, 4.0], 6.0, 0, 8.0, 3.570_106_945_770_946),
            ("Problem 4.8a, Poisson", [200.0, 270.0], 18.0, 0, 19.0, 786.088_440_935_111_5),
            ("Problem 4.19, Poisson", [0.08, 1.25], 18.0, 4, 105.0, 1.545_018_869_155_177_8),
        ] {
            let item = Newsvendor { holding: rates[0], shortage: rates[1] };
            let found = item.poisson(mean, lead_time).expect("the example makes sense");
            rows.exact(case, "best S", computed(level), found.level);
            rows.exact(case, "least cost", computed(cost), found.cost);
            simulate(rows, case, item, lead_time, (&poisson(mean), 1.0), [level, cost]);
        }
        let planes = Newsvendor { holding: 500_000.0, shortage: 1_000_000.0 };
        let table = [0.0, 0.25, 0.05, 0.1, 0.2, 0.15, 0.1, 0.1, 0.05];
        let found = planes.discrete(&table, 0).expect("the example makes sense");
        rows.exact("Problem 4.7b", "best S", computed(5.0), found.level);
        rows.exact("Problem 4.7b", "least cost", computed(1_225_000.0), found.cost);
    },
};

/// Level and cost, exact and simulated on a grid of a thousandth of a unit.
fn normal(
    rows: &mut Rows<'_>,
    case: &str,
    item: Newsvendor,
    [mean, deviation]: [f64; 2],
    lead_time: usize,
    [level, cost]: [f64; 2],
) {
    let demand = NormalDemand { mean, deviation, lead_time: lead_time as f64 };
    let found = item.normal(demand).expect("the example makes sense");
    rows.exact(case, "best S", computed(level), found.level);
    rows.exact(case, "least cost", computed(cost), found.cost);
    let masses = Normal { mean: mean * 1e3, deviation: deviation * 1e3 }.masses(1.0);
    simulate(rows, case, item, lead_time, (&masses, 1e-3), [level, cost]);
}

fn simulate(
    rows: &mut Rows<'_>,
    case: &str,
    Newsvendor { holding, shortage }: Newsvendor,
    lead_time: usize,
    (masses, quantum): (&Masses, f64),
    [level, cost]: [f64; 2],
) {
    let item = Item::plain("newsvendor", lead_time, holding, shortage).in_counts(quantum);
    let level = (level / quantum).round();
    let policy = Policy::constant(Rule::up_to(level), [level, level]);
    let (events, supply) = (Events::BACKORDER, Supply::default());
    let ours = Case { item: &item, events, masses, supply }.cost(&policy);
    rows.simulated(case, "cost", computed(cost), ours);
}
