//! Why a program has no plan, in the words of the study.

use solvers::replenish::orders::{Limit, OrderError};

use crate::table::shown;

/// What the parts of a program are called.
pub(super) struct Names {
    /// Items, by stock.
    pub(super) items: Vec<String>,
    /// Suppliers with terms.
    pub(super) suppliers: Vec<String>,
    /// Keys of rooms.
    pub(super) rooms: Vec<String>,
}

/// Limits that are named at most.
const NAMED: usize = 6;

impl Names {
    /// An error in the words of the study.
    pub(super) fn told(&self, error: &OrderError) -> String {
        match error {
            OrderError::Infeasible { limits, repair } => self.conflict(limits, repair),
            OrderError::Scale { limit, stock, value, other_stock, other } => {
                let where_ = limit.map_or("a balance".to_owned(), |limit| self.limit(limit));
                let of = |stock: &Option<usize>| match stock {
                    Some(stock) => format!(" of `{}`", shown(&self.items[*stock])),
                    None => String::new(),
                };
                format!(
                    "in {where_}, {value:.1e}{} stands beside {other:.1e}{}; the smaller cannot be \
                     told from rounding: measure in other units, or plan such items apart",
                    of(stock),
                    of(other_stock)
                )
            }
            OrderError::Unfound(nodes) => format!(
                "no plan was found within {nodes} nodes of the search, and no proof that there is \
                 none; raise order_plan.nodes, or loosen its limits"
            ),
            other => other.to_string(),
        }
    }

    fn conflict(&self, limits: &[Limit], repair: &[(Limit, f64)]) -> String {
        let several = |named: Vec<String>| {
            let more = named.len().saturating_sub(NAMED);
            let first = named.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
            if more > 0 { format!("{first} and {more} more") } else { first }
        };
        let limits = several(limits.iter().map(|&limit| self.limit(limit)).collect());
        let repair = repair.iter().filter(|(_, by)| *by > 0.0);
        let repair = several(repair.map(|&(limit, by)| self.change(limit, by)).collect());
        let mut text = if limits.is_empty() {
            "the limits cannot be kept".to_owned()
        } else {
            format!("no orders keep {limits}, as much as the other limits allow")
        };
        if !repair.is_empty() {
            text = format!("{text}; the least change that makes it possible: {repair}");
        }
        text
    }

    fn supplier(&self, source: usize) -> String {
        format!("`{}`", shown(&self.suppliers[source]))
    }

    fn limit(&self, limit: Limit) -> String {
        let item = |stock: usize| format!("`{}`", shown(&self.items[stock]));
        match limit {
            Limit::Cash(period) => {
                format!("constraints.cash_per_review in period {}", period + 1)
            }
            Limit::Source(source, period) => {
                format!("maximum_order of {} in period {}", self.supplier(source), period + 1)
            }
            Limit::Trucks(source, period) => {
                format!("most_trucks of {} in period {}", self.supplier(source), period + 1)
            }
            Limit::Capacity(source, period) => format!(
                "capacity_time_per_period of {} in period {}",
                self.supplier(source),
                period + 1
            ),
            Limit::Room(room, period) => format!("{} in period {}", self.rooms[room], period + 1),
            Limit::Floor(stock, period) => {
                format!("safety_stock of {} in period {}", item(stock), period + 1)
            }
            Limit::FillRate => "order_plan.fill_rate".to_owned(),
            Limit::StockFillRate(stock) => {
                format!("order_plan.item_fill_rate for {}", item(stock))
            }
            Limit::Tail => "order_plan.shortage_tail_limit".to_owned(),
        }
    }

    fn change(&self, limit: Limit, by: f64) -> String {
        // What is said suffices: the last digit is rounded up.
        let digits = 10_f64.powi(2 - by.log10().floor() as i32);
        let by = (by * digits).ceil() / digits;
        let (verb, unit) = match limit {
            Limit::Cash(_) | Limit::Tail => ("raise", " of currency"),
            Limit::Source(..) => ("raise", " of what it counts"),
            Limit::Trucks(..) => ("raise", " trucks"),
            Limit::Capacity(..) => ("raise", " of time"),
            Limit::Room(..) => ("raise", " of volume"),
            Limit::Floor(..) => ("lower", " units"),
            Limit::FillRate | Limit::StockFillRate(_) => {
                return format!("let {} miss {by} more units", self.limit(limit));
            }
        };
        format!("{verb} {} by {by}{unit}", self.limit(limit))
    }
}
