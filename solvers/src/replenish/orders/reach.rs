//! How much of a stock can be of use at all.

use super::problem::{OrderProblem, Unmet};

/// How much more of a stock can be of use, by period: its demand and that of all stocks that goods can go
/// to and come from.
pub(super) struct Reach {
    /// Largest demand from each period on, over scenarios, of the stock and those that lanes join it
    /// with; by stock, then period.
    demand: Vec<f64>,
    /// What is there and comes, of the same.
    supply: Vec<f64>,
    periods: usize,
}

impl Reach {
    pub(super) fn of(problem: &OrderProblem) -> Reach {
        let stocks = problem.stocks.len();
        let group = problem.joined(false);
        let periods = problem.periods;
        let (mut demand, mut supply) = (Vec::new(), Vec::new());
        for place in 0..stocks {
            let joined: Vec<usize> =
                (0..stocks).filter(|&other| group[other] == group[place]).collect();
            // What must be ordered whatever demand is.
            let asked = |&other: &usize| {
                let stock = &problem.stocks[other];
                let tier = stock.discounts.tiers.last().map_or(0.0, |tier| tier.0);
                let source = stock.source.map_or(0.0, |source| {
                    let least = problem.sources[source].least;
                    if least > 0.0 && stock.counts > 0.0 { least / stock.counts } else { 0.0 }
                });
                stock.floor + tier.max(source).max(stock.least) + stock.multiple
            };
            let asked: f64 = joined.iter().map(asked).sum();
            let waits = |&other: &usize| (-problem.stocks[other].opening).max(0.0);
            let waits: f64 = joined.iter().map(waits).sum();
            let mut left = vec![waits; problem.scenarios];
            let mut row = vec![0.0; periods];
            for period in (0..periods).rev() {
                for &other in &joined {
                    for channel in problem.channels_of(other) {
                        for (left, demand) in
                            left.iter_mut().zip(problem.demand_of(channel, period))
                        {
                            *left += demand;
                        }
                    }
                }
                row[period] = asked + left.iter().copied().fold(0.0, f64::max);
            }
            if problem.unmet == Unmet::Waits || joined.len() > 1 {
                // Earlier demand may wait for it, and goods may come from where they arrived earlier.
                let all = row[0];
                row.fill(all);
            }
            demand.extend(row);
            let there = |&other: &usize| {
                let stock = &problem.stocks[other];
                stock.opening.max(0.0) + stock.arriving.iter().sum::<f64>()
            };
            supply.push(joined.iter().map(there).sum::<f64>());
        }
        Reach { demand, supply, periods }
    }

    /// The most of an order that arrives in a period.
    pub(super) fn ordered(&self, stock: usize, arrival: usize) -> f64 {
        self.demand[stock * self.periods + arrival]
    }

    /// The most that can leave a stock.
    pub(super) fn sent(&self, stock: usize) -> f64 {
        self.demand[stock * self.periods] + self.supply[stock]
    }
}
