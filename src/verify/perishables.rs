//! Goods that spoil.

use engine::Issue;
use solvers::exact::perishable::{Horizon, Perishable, rounded_gamma};

use super::Table;

pub(super) const TABLE: Table = Table {
    name: "perishables",
    source: "De Moor, Gijsbrechts & Boute, European Journal of Operational Research 301 (2022) \
             535-545, as computed again by Farrington, Li, Wong & Utley, arXiv:2303.10672: the \
             best policy and the best base-stock level, discounted cost of a year",
    convention: "receive, order, demand, waste, charge; lost sales; gamma demand with mean 4 and \
                 c.v. 0.5, rounded; unit cost 3, holding 1, shortage 5, order at most 10, discount \
                 0.99, 365 periods after 100",
    rows: |rows| {
        let demand = rounded_gamma(4.0, 2.0).expect("the example makes sense");
        let year = Horizon { warm_up: 100, periods: 365 };
        for (case, (shelf_life, lead_time, waste, issue), best, simple, level) in [
            ("life 2, L = 1, w = 7, LIFO", (2, 1, 7.0, Issue::Lifo), 1553.0, 1565.0, Some(5.0)),
            ("life 2, L = 1, w = 7, FIFO", (2, 1, 7.0, Issue::Fifo), 1457.0, 1474.0, Some(7.0)),
            ("life 2, L = 2, w = 10, LIFO", (2, 2, 10.0, Issue::Lifo), 1569.0, 1606.0, None),
            ("life 2, L = 2, w = 10, FIFO", (2, 2, 10.0, Issue::Fifo), 1469.0, 1504.0, None),
            ("life 3, L = 1, w = 7, LIFO", (3, 1, 7.0, Issue::Lifo), 1490.0, 1500.0, None),
            ("life 3, L = 1, w = 7, FIFO", (3, 1, 7.0, Issue::Fifo), 1424.0, 1435.0, None),
        ] {
            let item = Perishable {
                demand: &demand,
                lead_time,
                shelf_life,
                issue,
                unit_cost: 3.0,
                holding: 1.0,
                shortage: 5.0,
                waste,
                largest_order: 10,
                discount: 0.99,
            };
            let ours = item.best_policy().and_then(|policy| item.cost(&policy, year));
            rows.exact(case, "least cost", (best, ERROR), ours.expect("the example makes sense"));
            let ours = item.best_base_stock(year).expect("the example makes sense");
            rows.exact(case, "best base-stock cost", (simple, ERROR), ours.cost);
            if let Some(level) = level {
                rows.exact(case, "best base-stock level", (level, 0.0), ours.level as f64);
            }
        }
    },
};

/// The published costs are simulated means, rounded; their standard errors are about this.
const ERROR: f64 = 1.0;
