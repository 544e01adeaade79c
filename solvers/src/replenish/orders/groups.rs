//! Stocks whose orders are searched together, all others being as they are.

use super::model::Model;
use super::problem::OrderProblem;

/// Stocks that nothing joins with others are searched with as many others.
const TOGETHER: usize = 10;

/// Which group each column is of. Groups share nothing but cash, rooms and service.
pub(super) struct Groups {
    pub(super) count: usize,
    /// By column; `None` where it is everybody's.
    owners: Vec<Option<usize>>,
}

impl Groups {
    pub(super) fn of(problem: &OrderProblem, model: &Model) -> Groups {
        let of_stock = of_stocks(problem);
        let count = of_stock.iter().max().map_or(1, |last| last + 1);
        let source = |place| {
            let own = problem.stocks.iter().position(|stock| stock.source == Some(place));
            own.map_or(0, |stock| of_stock[stock])
        };
        let of_source: Vec<usize> = (0..problem.sources.len()).map(source).collect();
        Groups { count, owners: owners(model, problem, &of_stock, &of_source) }
    }

    /// Whether a group may decide a column.
    pub(super) fn decides(&self, group: usize, column: usize) -> bool {
        self.owners[column].is_none_or(|owner| owner == group)
    }
}

/// The group of each stock: with those of its source, and those that goods go to and come from.
fn of_stocks(problem: &OrderProblem) -> Vec<usize> {
    let stocks = problem.stocks.len();
    // Shortage in the worst scenarios is everybody's.
    if stocks <= TOGETHER || problem.service.tail.is_some() {
        return vec![0; stocks];
    }
    let mut first = problem.joined(true);
    let mut sizes = vec![0; stocks];
    for &place in &first {
        sizes[place] += 1;
    }
    // Those that are alone are put together.
    let mut open: Option<(usize, usize)> = None;
    for place in 0..stocks {
        if sizes[first[place]] == 1 {
            let (leader, count) = match open {
                Some((leader, count)) if count < TOGETHER => (leader, count + 1),
                _ => (place, 1),
            };
            first[place] = leader;
            open = Some((leader, count));
        }
    }
    let mut leaders: Vec<usize> = first.clone();
    leaders.sort_unstable();
    leaders.dedup();
    first.iter().map(|leader| leaders.binary_search(leader).unwrap_or(0)).collect()
}

/// A number for each column: that of the stock that it is of or goods leave, or of the source; `None`
/// where it is of all.
fn owners(
    model: &Model,
    problem: &OrderProblem,
    of_stock: &[usize],
    of_source: &[usize],
) -> Vec<Option<usize>> {
    let mut owners = vec![None; model.program.columns()];
    for column in 0..model.first.columns {
        owners[column] = model.first.stock_of(column).map(|stock| of_stock[stock]);
    }
    for (at, (joint, trucks)) in model.first.sources.iter().enumerate() {
        for &column in joint.iter().chain(trucks) {
            owners[column] = Some(of_source[at / problem.periods]);
        }
    }
    for (lane, way) in problem.lanes.iter().enumerate() {
        let owner = Some(of_stock[way.from]);
        owners[model.first.sent_today[lane]] = owner;
        for period in 0..problem.periods {
            model.first.shipment(lane, period).iter().for_each(|&column| owners[column] = owner);
            for scenario in 0..problem.scenarios {
                owners[model.layout.sent(scenario, lane, period)] = owner;
            }
        }
    }
    let layout = &model.layout;
    for scenario in 0..problem.scenarios {
        for period in 0..problem.periods {
            for (stock, &owner) in of_stock.iter().enumerate() {
                owners[layout.stock(scenario, stock, period)] = Some(owner);
                if let Some(column) = layout.waste(scenario, stock, period) {
                    owners[column] = Some(owner);
                }
            }
            for (place, channel) in problem.channels.iter().enumerate() {
                let owner = Some(of_stock[channel.stock]);
                owners[layout.unmet(scenario, place, period)] = owner;
                if let Some(served) = layout.served.get(place) {
                    owners[layout.column(scenario, served + period)] = owner;
                }
            }
        }
    }
    owners
}
