//! Where the columns and rows of a scenario are.

use super::problem::{OrderProblem, Unmet};
use crate::program::Program;

/// Where the columns and rows of a scenario are, counted from its first.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    first_column: usize,
    first_row: usize,
    columns: usize,
    rows: usize,
    stock: Vec<usize>,
    waste: Vec<Option<usize>>,
    unmet: Vec<usize>,
    pub(super) served: Vec<usize>,
    sent: Vec<usize>,
    balance: Vec<usize>,
    waiting: Vec<usize>,
}

impl Layout {
    pub(super) fn of(problem: &OrderProblem, program: &Program) -> Layout {
        let periods = problem.periods;
        let (mut columns, mut rows) = (0, 0);
        let span = |count: &mut usize| std::mem::replace(count, *count + periods);
        let stock = problem.stocks.iter().map(|_| span(&mut columns)).collect();
        let spoils = problem.stocks.iter().map(|stock| stock.life.map(|_| span(&mut columns)));
        let waste = spoils.collect();
        let unmet = problem.channels.iter().map(|_| span(&mut columns)).collect();
        let waits = problem.unmet == Unmet::Waits;
        let served = match waits {
            true => problem.channels.iter().map(|_| span(&mut columns)).collect(),
            false => Vec::new(),
        };
        let sent = problem.lanes.iter().map(|_| span(&mut columns)).collect();
        let balance = problem.stocks.iter().map(|_| span(&mut rows)).collect();
        let waiting = match waits {
            true => problem.channels.iter().map(|_| span(&mut rows)).collect(),
            false => Vec::new(),
        };
        Layout {
            first_column: program.columns(),
            first_row: program.rows(),
            columns,
            rows,
            stock,
            waste,
            unmet,
            served,
            sent,
            balance,
            waiting,
        }
    }

    pub(super) fn column(&self, scenario: usize, at: usize) -> usize {
        self.first_column + scenario * self.columns + at
    }

    fn row(&self, scenario: usize, at: usize) -> usize {
        self.first_row + scenario * self.rows + at
    }

    /// Column of stock at the end of a period.
    pub(super) fn stock(&self, scenario: usize, stock: usize, period: usize) -> usize {
        self.column(scenario, self.stock[stock] + period)
    }

    /// Column of what spoils at the end of a period.
    pub(super) fn waste(&self, scenario: usize, stock: usize, period: usize) -> Option<usize> {
        Some(self.column(scenario, self.waste[stock]? + period))
    }

    /// Column of demand that is not met in a period, or waits at its end.
    pub(super) fn unmet(&self, scenario: usize, channel: usize, period: usize) -> usize {
        self.column(scenario, self.unmet[channel] + period)
    }

    /// Column of what leaves in a period; that of the first is shared by all scenarios.
    pub(super) fn sent(&self, scenario: usize, lane: usize, period: usize) -> usize {
        self.column(scenario, self.sent[lane] + period)
    }

    /// Row of a stock's balance.
    pub(super) fn balance(&self, scenario: usize, stock: usize, period: usize) -> usize {
        self.row(scenario, self.balance[stock] + period)
    }

    /// Row of what waits, where demand does.
    pub(super) fn waiting(&self, scenario: usize, channel: usize, period: usize) -> Option<usize> {
        Some(self.row(scenario, *self.waiting.get(channel)? + period))
    }
}
