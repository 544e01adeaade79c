//! Two sources, one at once and dear, one late and cheap.

use engine::policy::family;
use engine::{Events, Expedited, Item, Outlook, Supply};
use scenarios::Masses;
use solvers::exact::dual_sourcing::DualSourcing;

use super::simulated::Case;
use super::{Rows, Table, printed};

pub(super) const TABLE: Table = Table {
    name: "two-sources",
    source: "Boettcher, Asikis & Fragkos, INFORMS Journal on Computing 35 (2023) 1308-1328, and \
             further instances: h = 5, regular units cost nothing; least cost of any policy, and of \
             the best capped dual-index policy",
    convention: "order from both, receive (the fast order at once), demand, charge; backorders",
    rows: |rows| {
        for (lead_time, premium, cost) in [
            (2, 5.0, 16.7698),
            (2, 10.0, 19.7333),
            (2, 20.0, 22.8240),
            (3, 5.0, 16.8767),
            (3, 10.0, 20.3411),
            (3, 20.0, 24.2953),
        ] {
            let case = format!("demand 0 to 4, b = 95, L = {lead_time}, premium {premium}");
            optimum(rows, &case, 4, (lead_time, 95.0, premium), printed(cost, 4));
        }
        for (premium, cost) in [(5.0, 32.2716), (10.0, 37.8324), (20.0, 43.7631)] {
            let case = format!("demand 0 to 8, b = 495, L = 2, premium {premium}");
            optimum(rows, &case, 8, (2, 495.0, premium), printed(cost, 4));
        }
        let case = "demand 0 to 8, b = 95, L = 2, premium 10";
        // Printed as 37.24; ours is 37.2348, between bounds far closer than that.
        optimum(rows, case, 8, (2, 95.0, 10.0), (37.24, 0.01));
        let demand = uniform(8);
        let (policy, cost) = system(&demand, (2, 95.0, 10.0))
            .best_capped_dual_index()
            .expect("the example makes sense");
        rows.exact(case, "capped dual-index cost", printed(37.42, 2), cost.cost);

        let family = family("capped-dual-index").expect("in the catalogue");
        let values = [policy.fast, policy.slow, policy.cap].map(|units| units as f64);
        let outlook = Outlook { demand: &[4.0], protection_periods: 3 };
        let policy = (family.build)(&values, &outlook).expect("levels that make sense");
        let expedited = Some(Expedited { lead_time_periods: 0, premium_per_unit: 10.0 });
        let supply = Supply { expedited, ..Supply::PLAIN };
        let item = Item { supply, ..Item::plain("two sources", 2, 5.0, 95.0) };
        let masses = &Masses { values: (0..9).map(f64::from).collect(), weights: vec![1.0; 9] };
        let supply = scenarios::Supply::default();
        let ours = Case { item: &item, events: Events::BACKORDER, masses, supply }.cost(&policy);
        rows.simulated(case, "capped dual-index cost", printed(37.42, 2), ours);
    },
};

fn uniform(most: usize) -> Vec<f64> {
    vec![1.0 / (most as f64 + 1.0); most + 1]
}

fn system(demand: &[f64], (lead_time, shortage, premium): (usize, f64, f64)) -> DualSourcing<'_> {
    let most = demand.len() as i64 - 1;
    DualSourcing {
        demand,
        regular_lead_time: lead_time,
        holding: 5.0,
        shortage,
        premium,
        stock: [-2 * most, 4 * most],
        most_order: most as usize + 1,
    }
}

fn optimum(
    rows: &mut Rows<'_>,
    case: &str,
    most: usize,
    terms: (usize, f64, f64),
    cost: (f64, f64),
) {
    let ours = system(&uniform(most), terms).optimum().expect("the example makes sense");
    rows.exact(case, "least cost", cost, ours.cost);
}
