//! Lost sales with lead times.

use engine::{Estimate, Events, Item, Policy, Rule};
use scenarios::Supply;

use super::simulated::{Case, poisson};
use super::{Table, printed};

pub(super) const ZIPKIN: Table = Table {
    name: "zipkin",
    source: "Zipkin, Operations Research 56 (2008) 1256-1263: h = 1, Poisson demand with mean 5; \
             best base-stock and capped base-stock policies, simulated by the author to 0.01",
    convention: "receive, order, demand, charge; unmet demand is lost",
    rows: |rows| {
        for (shortage, lead_time, level, cost, capped) in [
            (4.0, 2, 16.0, 4.63, (17.0, 5.0, 4.40)),
            (9.0, 3, 23.0, 6.85, (24.0, 6.0, 6.61)),
            (19.0, 4, 31.0, 9.22, (31.0, 6.0, 8.94)),
            (39.0, 4, 33.0, 11.05, (34.0, 6.0, 10.88)),
        ] {
            let case = format!("p = {shortage}, L = {lead_time}");
            let item = Item::plain("zipkin", lead_time, 1.0, shortage);
            let ours = simulated(&item, Rule::up_to(level), [level, level]);
            rows.simulated(&case, "base-stock cost", (cost, ERROR), ours);
            let (level, cap, cost) = capped;
            let ours = simulated(&item, Rule::up_to(level).at_most(cap), [level, level]);
            rows.simulated(&case, "capped base-stock cost", (cost, ERROR), ours);
        }
    },
};

/// The author's error, and half a unit of the last digit.
const ERROR: f64 = 0.015;

pub(super) const BIJVANK: Table = Table {
    name: "bijvank",
    source: "Bijvank, Bhulai & Huh, European Journal of Operational Research 241 (2015) 381-390, \
             Table 1: L = 2, h = 1, p = 14, K = 5, Poisson demand with mean 5",
    convention: "receive, order, demand, charge; unmet demand is lost",
    rows: |rows| {
        let item = Item { order_cost: 5.0, ..Item::plain("bijvank", 2, 1.0, 14.0) };
        for (case, rule, opening, cost) in [
            ("(s, S) = (17, 23)", Rule::at(17.0, 23.0), [17.0, 23.0], 11.62),
            ("(s, nQ) = (17, 7)", Rule::lots(17.0, 7.0), [17.0, 24.0], 11.56),
            ("(s, S, q) = (17, 23, 7)", Rule::at(17.0, 23.0).at_most(7.0), [17.0, 23.0], 11.50),
        ] {
            let ours = simulated(&item, rule, opening);
            rows.simulated(case, "cost", printed(cost, 2), ours);
        }
    },
};

fn simulated(item: &Item, rule: Rule, opening: [f64; 2]) -> Estimate {
    let (masses, events, supply) = (&poisson(5.0), Events::LOST, Supply::default());
    Case { item, events, masses, supply }.cost(&Policy::constant(rule, opening))
}
