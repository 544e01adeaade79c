//! Published results beside ours: what `parstock verify` prints.
//!
//! Each table of the literature is a file in `verify/` and a line in [`CATALOGUE`]. A row is one
//! published number. It is compared with an exact answer, to the digits that were printed, or with
//! a simulation, within its own confidence interval.

use cluster::Team;
use serde::Serialize;

mod closed_forms;
mod joint_orders;
mod lost_sales;
mod min_max;
mod newsvendor;
mod perishables;
mod programs;
mod reorder_point;
mod simulated;
mod supply;
mod two_sources;

pub use simulated::WIDTH;

/// Every table, in the order it is printed.
pub const CATALOGUE: &[Table] = &[
    min_max::ZHENG_FEDERGRUEN,
    min_max::SNYDER_SHEN,
    newsvendor::TABLE,
    lost_sales::ZIPKIN,
    lost_sales::ZIPKIN_OPTIMA,
    lost_sales::BIJVANK,
    closed_forms::ECONOMIC_ORDERS,
    closed_forms::DISCOUNTS,
    reorder_point::POISSON,
    reorder_point::NORMAL,
    joint_orders::LOT_SIZING,
    joint_orders::JOINT_REPLENISHMENT,
    programs::SCENARIOS,
    programs::LOTS,
    two_sources::TABLE,
    perishables::TABLE,
    supply::DISRUPTIONS,
    supply::YIELD,
];

/// A table of the literature.
pub struct Table {
    /// Name on the command line.
    pub name: &'static str,
    /// Where it is published.
    pub source: &'static str,
    /// In which order things happen there, and what is charged.
    pub convention: &'static str,
    /// Adds its rows.
    rows: fn(&mut Rows<'_>),
}

/// How our number was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// By a closed form, a dynamic program or a Markov chain.
    Exact,
    /// By simulation.
    Simulation,
}

/// A published number and ours.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Name of its table.
    pub table: &'static str,
    /// Which of its cases.
    pub case: String,
    /// What the number is.
    pub quantity: &'static str,
    /// As it was published.
    pub published: f64,
    /// Half a unit of its last printed digit, or the error its authors give.
    pub rounding: f64,
    /// Our number.
    pub ours: f64,
    /// Half the width of our confidence interval; 0 if the number is exact.
    pub half_width: f64,
    /// How it was found.
    pub method: Method,
    /// Whether the two agree.
    pub agrees: bool,
}

/// Rows as they are added.
pub(crate) struct Rows<'a> {
    /// Who computes them.
    team: &'a Team,
    table: &'static str,
    found: Vec<Row>,
}

impl Rows<'_> {
    /// Adds a number that must agree to `rounding`.
    fn exact(&mut self, case: &str, quantity: &'static str, published: (f64, f64), ours: f64) {
        self.add(case, quantity, published, (ours, 0.0), Method::Exact);
    }

    /// Adds a number that must lie in the interval of a simulation.
    fn simulated(
        &mut self,
        case: &str,
        quantity: &'static str,
        published: (f64, f64),
        ours: engine::Estimate,
    ) {
        let half_width = simulated::WIDTH * ours.error;
        self.add(case, quantity, published, (ours.mean, half_width), Method::Simulation);
    }

    fn add(
        &mut self,
        case: &str,
        quantity: &'static str,
        (published, rounding): (f64, f64),
        (ours, half_width): (f64, f64),
        method: Method,
    ) {
        let agrees = (ours - published).abs() <= rounding + half_width;
        let (table, case) = (self.table, case.to_owned());
        self.found.push(Row {
            table,
            case,
            quantity,
            published,
            rounding,
            ours,
            half_width,
            method,
            agrees,
        });
    }
}

/// A published number with the digits it was printed with: half a unit of the last is allowed.
fn printed(value: f64, decimals: i32) -> (f64, f64) {
    // A little more, because the decimal itself is not exact in binary.
    (value, 0.500_001 / 10_f64.powi(decimals))
}

/// A published number of some fifteen digits, from a program; a billionth part is allowed.
fn computed(value: f64) -> (f64, f64) {
    (value, 1e-9 * value.abs())
}

/// The table called `name`, if there is one.
pub fn table(name: &str) -> Option<&'static Table> {
    CATALOGUE.iter().find(|table| table.name == name)
}

impl Table {
    /// Its rows, computed now by `team`.
    pub fn compare(&self, team: &Team) -> Vec<Row> {
        let mut rows = Rows { team, table: self.name, found: Vec::new() };
        (self.rows)(&mut rows);
        rows.found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `parstock verify` shows: everything agrees, and it is much.
    #[test]
    fn everything_published_is_reproduced() {
        let team = Team::solo(1).unwrap();
        let rows: Vec<Row> = CATALOGUE.iter().flat_map(|table| table.compare(&team)).collect();
        let wrong: Vec<&Row> = rows.iter().filter(|row| !row.agrees).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(rows.len() >= 150, "only {} rows", rows.len());
    }
}
