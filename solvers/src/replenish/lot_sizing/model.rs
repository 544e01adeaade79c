//! The problem as programs: one for searches, one for what is missing where nothing fits.

use super::facility::{self, Share};
use super::grid::Grid;
use super::prices::{Priced, regrets};
use super::{LotSizing, LotSizingError, Shortage};
use crate::program::{Effort, Program, ProgramError, Side, Status, conflict};

/// Most shares in the facility-location form for it to be the quicker: of 40 items in 30 periods, 16,000, it
/// was not done in 100 s by the clock where lots and stocks took 29 of CPU.
const MOST_SHARES: usize = 10_000;

/// Set-ups, and what they make: shares of single demands, or lots and stocks.
///
/// The relaxation of the facility-location form is strong but large; that of lots and stocks is weak, and a
/// search adds the flow covers that make it strong. `docs/performance.md` has what either finds and proves.
#[derive(Clone, Debug)]
pub(super) struct Model {
    pub(super) program: Program,
    items: usize,
    periods: usize,
    /// What its columns beyond the set-ups are in the facility-location form.
    shares: Option<Vec<Share>>,
}

impl Model {
    /// Column that says whether an item is set up in a period.
    pub(super) fn set_up(&self, item: usize, period: usize) -> usize {
        item * self.periods + period
    }

    /// Column of what is made.
    fn lot(&self, item: usize, period: usize) -> usize {
        (self.items + item) * self.periods + period
    }

    /// Column of the stock at a period's end.
    fn stock(&self, item: usize, period: usize) -> usize {
        (2 * self.items + item) * self.periods + period
    }

    /// The form that searches are quicker in.
    pub(super) fn for_search(problem: &LotSizing, overtime_price: Option<f64>) -> Model {
        if facility::size(problem) <= MOST_SHARES {
            let (program, shares) = facility::form(problem, overtime_price);
            if program.check_scale().is_ok() {
                let (items, periods) = (problem.items.len(), problem.periods());
                return Model { program, items, periods, shares: Some(shares) };
            }
        }
        Model::new(problem, overtime_price)
    }

    /// Balances, capacities, and lots only where there is a set-up.
    ///
    /// With a price on it, there is overtime: further columns, one a period.
    pub(super) fn new(problem: &LotSizing, overtime_price: Option<f64>) -> Model {
        let (items, periods) = (problem.items.len(), problem.periods());
        let mut model = Model { program: Program::new(), items, periods, shares: None };
        let last = periods.saturating_sub(1);
        for (item, data) in problem.items.iter().enumerate() {
            for period in 0..periods {
                let upper = f64::from(u8::from(wants(problem, item, period)));
                model.program.whole_column(data.set_up_cost, 0.0, upper);
            }
        }
        for item in 0..items {
            for period in 0..periods {
                let most = most_lot(problem, item, period);
                model.program.column(problem.unit_cost(item, period), 0.0, most);
            }
        }
        for data in &problem.items {
            for period in 0..periods {
                let upper = if period == last { 0.0 } else { f64::INFINITY };
                model.program.column(data.holding_cost, 0.0, upper);
            }
        }
        for (item, data) in problem.items.iter().enumerate() {
            for (period, &demand) in data.demand.iter().enumerate() {
                let before = period.checked_sub(1).map(|before| (model.stock(item, before), 1.0));
                let terms = [(model.lot(item, period), 1.0), (model.stock(item, period), -1.0)];
                model.program.row(demand, demand, before.into_iter().chain(terms));
                let most = most_lot(problem, item, period);
                let terms = [(model.lot(item, period), 1.0), (model.set_up(item, period), -most)];
                model.program.row(f64::NEG_INFINITY, 0.0, terms);
            }
        }
        model.capacities(problem, overtime_price);
        model
    }

    /// Capacity of each period; and of all periods so far, less what has been asked for, which is
    /// what is left for set-ups: redundant as it is, but a search sees the knapsack in it.
    fn capacities(&mut self, problem: &LotSizing, overtime_price: Option<f64>) {
        let mut left = 0.0;
        for period in 0..self.periods {
            let capacity = problem.capacity[period];
            let mut terms = Vec::with_capacity(2 * self.items);
            for (item, data) in problem.items.iter().enumerate() {
                terms.push((self.lot(item, period), data.unit_time));
                terms.push((self.set_up(item, period), data.set_up_time));
                left -= data.unit_time * data.demand[period];
            }
            left += capacity;
            if let Some(price) = overtime_price {
                terms.push((self.program.column(price, 0.0, f64::INFINITY), -1.0));
            }
            self.program.row(f64::NEG_INFINITY, capacity, terms);
            let timed = problem.items.iter().any(|data| data.set_up_time > 0.0);
            if period > 0 && timed && overtime_price.is_none() {
                let mut terms = Vec::with_capacity(self.items * (period + 1));
                for (item, data) in problem.items.iter().enumerate() {
                    terms.extend((0..=period).map(|at| (self.set_up(item, at), data.set_up_time)));
                }
                self.program.row(f64::NEG_INFINITY, left, terms);
            }
        }
    }

    /// Whether the numbers can be told from rounding beside each other.
    pub(super) fn check_scale(&self) -> Result<(), LotSizingError> {
        let balances = 2 * self.items * self.periods;
        let refused = match self.program.check_scale() {
            Ok(()) => return Ok(()),
            // Of a stock's rows, every second limits a lot by what is worth making at once.
            Err(ProgramError::Scale { row, least, least_column, largest, largest_column }) => {
                let quantities = match row < balances {
                    true => ["the largest lot", "a unit", "the stock"],
                    false => ["set_up_time", "unit_time", "the stock"],
                };
                [(quantities, least_column, least), (quantities, largest_column, largest)]
            }
            Err(ProgramError::SmallCost { column, cost, largest_column, largest, .. }) => {
                let quantities = ["set_up_cost", "unit_cost", "holding_cost"];
                [(quantities, column, cost), (quantities, largest_column, largest)]
            }
            Err(error) => return Err(error.into()),
        };
        let [small, large] = refused.map(|(quantities, column, value)| {
            let place = column / self.periods;
            (quantities[place / self.items], place % self.items, value)
        });
        let (quantity, item, value) = small;
        let (other_quantity, other_item, other) = large;
        Err(LotSizingError::Scale { quantity, item, value, other_quantity, other_item, other })
    }

    /// Fixes set-ups that no cheaper plan than the best has otherwise, by the bound of the prices
    /// (Lagrangian probing); those stay open where the best plan itself is otherwise.
    pub(super) fn decide(
        &mut self,
        problem: &LotSizing,
        priced: &Priced,
        best: (f64, &[Vec<bool>]),
        grid: Grid,
    ) -> Result<(), LotSizingError> {
        for item in 0..self.items {
            let regrets = regrets(problem, item, &priced.prices)?;
            for (period, regret) in regrets.into_iter().enumerate() {
                let column = self.set_up(item, period);
                for (value, set_up) in [(0.0, false), (1.0, true)] {
                    let worse = grid.closed(best.0, priced.bound + regret[usize::from(!set_up)]);
                    if worse && best.1[item][period] == set_up && self.program.upper[column] > 0.0 {
                        self.program.lower[column] = value;
                        self.program.upper[column] = value;
                    }
                }
            }
        }
        Ok(())
    }

    /// Number of set-ups that are still open.
    pub(super) fn open(&self) -> usize {
        let set_ups = 0..self.items * self.periods;
        let open = set_ups.filter(|&at| self.program.lower[at] < self.program.upper[at]);
        open.count()
    }

    /// Values of all columns in a plan.
    pub(super) fn columns_of(
        &self,
        problem: &LotSizing,
        quantities: &[Vec<f64>],
        set_ups: &[Vec<bool>],
    ) -> Vec<f64> {
        let mut x = vec![0.0; self.program.columns()];
        if let Some(shares) = &self.shares {
            for (at, set_up) in set_ups.iter().flatten().enumerate() {
                x[at] = f64::from(u8::from(*set_up));
            }
            let first = self.items * self.periods;
            let taken = facility::shares_of(problem, shares, quantities);
            x[first..first + shares.len()].copy_from_slice(&taken);
            return x;
        }
        for (item, data) in problem.items.iter().enumerate() {
            let mut stock = 0.0;
            for period in 0..self.periods {
                stock += quantities[item][period] - data.demand[period];
                x[self.set_up(item, period)] = f64::from(u8::from(set_ups[item][period]));
                x[self.lot(item, period)] = quantities[item][period];
                x[self.stock(item, period)] = stock.max(0.0);
            }
        }
        x
    }
}

/// Whether a set-up can be of use: one that the capacity has no time for, or that nothing can be sold of, is none.
pub(super) fn wants(problem: &LotSizing, item: usize, period: usize) -> bool {
    let data = &problem.items[item];
    let wanted = data.demand[period..].iter().any(|&demand| demand > 0.0);
    wanted && data.set_up_time <= problem.capacity[period]
}

/// The most that is worth making at once.
fn most_lot(problem: &LotSizing, item: usize, period: usize) -> f64 {
    let data = &problem.items[item];
    let asked: f64 = data.demand[period..].iter().sum();
    let time = (problem.capacity[period] - data.set_up_time).max(0.0);
    if data.unit_time > 0.0 { asked.min(time / data.unit_time) } else { asked }
}

/// The cheapest lots with given set-ups, or `None` where none fit.
pub(super) fn lots(
    problem: &LotSizing,
    set_ups: &[Vec<bool>],
) -> Result<Option<Vec<Vec<f64>>>, LotSizingError> {
    let mut model = Model::new(problem, None);
    model.program.whole.fill(false);
    for item in 0..model.items {
        for period in 0..model.periods {
            let (column, set_up) = (model.set_up(item, period), set_ups[item][period]);
            let value = f64::from(u8::from(set_up)).min(model.program.upper[column]);
            (model.program.lower[column], model.program.upper[column]) = (value, value);
        }
    }
    let solution = model.program.solve(Effort::default())?;
    if solution.status != Status::Optimal {
        return Ok(None);
    }
    // As near to a whole number as this, it is one.
    let clean =
        |value: f64| if (value - value.round()).abs() < 1e-6 { value.round() } else { value };
    let row = |item: usize| {
        let each = (0..model.periods).map(|period| clean(solution.x[model.lot(item, period)]));
        each.collect::<Vec<f64>>()
    };
    Ok(Some((0..model.items).map(row).collect()))
}

/// Which periods lack how much capacity, if any do: with set-ups that are whole, or with such as may
/// be divided, in the facility-location form, where set-ups serve shares of single demands.
pub(super) fn shortage(
    problem: &LotSizing,
    whole: bool,
) -> Result<Option<LotSizingError>, LotSizingError> {
    let periods = problem.periods();
    let (mut program, _) = facility::form(problem, None);
    let set_ups = problem.items.len() * periods;
    program.upper[..set_ups].fill(1.0);
    program.whole[..set_ups].fill(whole);
    program.cost.fill(0.0);
    let first = program.rows() - periods;
    let price = |side: Side| match side {
        Side::RowHigh(row) if row >= first => Some(1.0),
        _ => None,
    };
    let period = |side: Side| match side {
        Side::RowHigh(row) => row - first,
        _ => 0,
    };
    let found = match conflict(&program, price) {
        Err(ProgramError::Unexplained(_)) => None,
        found => found?,
    };
    Ok(found.map(|found| LotSizingError::Infeasible {
        periods: found.sides.into_iter().map(period).collect(),
        missing: found
            .repair
            .into_iter()
            .map(|(side, time)| Shortage { period: period(side), time })
            .collect(),
    }))
}
