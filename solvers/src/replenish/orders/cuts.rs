//! Inequalities that the relaxation breaks and no plan does.
//!
//! What is asked for in periods `T`, from `k` on, is met from stock before `k`, from what comes anyway, from
//! an order that has arrived since, or not at all. So in each scenario
//! `stock(k−1) + coming + Σ unmet(t) + Σ demand(t) · placed(k..t) ≥ Σ demand(t)`, the sums over `t` in `T`:
//! the (l, S) inequalities of Barany, Van Roy & Wolsey, Management Science 30 (1984) 1255–1261, with lost
//! sales. Without them a fraction of a charge pays for a fraction of an order.

use super::model::Model;
use super::problem::{OrderProblem, Unmet};

/// A row: least value, terms.
pub(super) type Cut = (f64, Vec<(usize, f64)>);

/// What orders that arrive in a period are known by.
struct Sign {
    arrival: usize,
    columns: Vec<usize>,
}

/// What the relaxation breaks by more than `least`, of the size of the demand: for each stock and scenario the
/// worst.
pub(super) fn violated(problem: &OrderProblem, model: &Model, x: &[f64], least: f64) -> Vec<Cut> {
    let mut cuts = Vec::new();
    if problem.unmet == Unmet::Waits {
        return cuts;
    }
    for stock in 0..problem.stocks.len() {
        let Some(signs) = signs(problem, model, stock) else { continue };
        for scenario in 0..problem.scenarios {
            let view = View { problem, model, stock, scenario, signs: &signs };
            cuts.extend(view.worst(x, least));
        }
    }
    cuts
}

/// How the orders of a stock are known; `None` if some are not.
fn signs(problem: &OrderProblem, model: &Model, stock: usize) -> Option<Vec<Sign>> {
    let mut signs = Vec::new();
    let source = problem.stocks[stock].source;
    for period in 0..problem.periods {
        let Some(order) = model.first.order(stock, period) else { continue };
        let columns = if order.placed.is_empty() {
            let (joint, trucks) = model.first.sources[source? * problem.periods + period];
            // Goods that take no room come without a truck.
            let trucks = trucks.filter(|_| problem.takes_room(stock));
            vec![joint.or(trucks)?]
        } else {
            order.placed.clone()
        };
        signs.push(Sign { arrival: order.arrival, columns });
    }
    (!signs.is_empty()).then_some(signs)
}

struct View<'a> {
    problem: &'a OrderProblem,
    model: &'a Model,
    stock: usize,
    scenario: usize,
    signs: &'a [Sign],
}

impl View<'_> {
    fn demand(&self, period: usize) -> f64 {
        self.problem.asked(self.scenario, self.stock, period)
    }

    /// Columns of demand that is not met in a period.
    fn unmet(&self, period: usize) -> impl Iterator<Item = usize> + '_ {
        let of = move |channel| self.model.layout.unmet(self.scenario, channel, period);
        self.problem.channels_of(self.stock).map(of)
    }

    /// Columns of what comes from other stocks in a period.
    fn transferred(&self, period: usize) -> Vec<(usize, f64)> {
        self.model.transferred(self.problem, (self.scenario, self.stock, period))
    }

    fn placed(&self, x: &[f64], period: usize) -> f64 {
        let arriving = self.signs.iter().filter(|sign| sign.arrival == period);
        arriving.flat_map(|sign| &sign.columns).map(|&column| x[column]).sum()
    }

    /// The inequality that is broken most, if any is.
    fn worst(&self, x: &[f64], least: f64) -> Option<Cut> {
        let periods = self.problem.periods;
        let demand: Vec<f64> = (0..periods).map(|period| self.demand(period)).collect();
        let placed: Vec<f64> = (0..periods).map(|period| self.placed(x, period)).collect();
        let unmet: Vec<f64> =
            (0..periods).map(|period| self.unmet(period).map(|column| x[column]).sum()).collect();
        let coming = |period: usize| {
            let transferred = self.transferred(period).into_iter();
            let transferred: f64 = transferred.map(|(column, units)| units * x[column]).sum();
            self.problem.arriving(self.stock, period) + transferred
        };
        let coming: Vec<f64> = (0..periods).map(coming).collect();
        let opening = self.problem.stocks[self.stock].opening.max(0.0);
        let mut worst: Option<(f64, usize, usize)> = None;
        for from in 0..periods {
            let mut there = match from {
                0 => opening,
                _ => x[self.model.layout.stock(self.scenario, self.stock, from - 1)],
            };
            let (mut share, mut asked, mut short) = (0.0, 0.0, 0.0);
            for period in from..periods {
                share += placed[period];
                there += coming[period];
                let open = demand[period] * (1.0 - share);
                if open <= 0.0 && share >= 1.0 {
                    break;
                }
                if open > unmet[period] {
                    asked += demand[period];
                    short += open - unmet[period];
                    let broken = short - there;
                    if broken > least * asked && worst.is_none_or(|(most, ..)| broken > most) {
                        worst = Some((broken, from, period));
                    }
                }
            }
        }
        let (_, from, to) = worst?;
        let mut share = 0.0;
        let mut counted = vec![false; periods];
        for period in from..=to {
            share += placed[period];
            counted[period] = demand[period] * (1.0 - share) > unmet[period];
        }
        Some(self.cut((from, to), &demand, &counted))
    }

    fn cut(&self, (from, to): (usize, usize), demand: &[f64], counted: &[bool]) -> Cut {
        let mut low = 0.0;
        let mut terms = Vec::new();
        if from == 0 {
            low -= self.problem.stocks[self.stock].opening.max(0.0);
        } else {
            terms.push((self.model.layout.stock(self.scenario, self.stock, from - 1), 1.0));
        }
        for period in from..=to {
            low -= self.problem.arriving(self.stock, period);
            terms.extend(self.transferred(period));
            if counted[period] {
                low += demand[period];
                terms.extend(self.unmet(period).map(|column| (column, 1.0)));
            }
        }
        for sign in self.signs.iter().filter(|sign| (from..=to).contains(&sign.arrival)) {
            let later = (sign.arrival..=to).filter(|&period| counted[period]);
            let saved: f64 = later.map(|period| demand[period]).sum();
            if saved > 0.0 {
                terms.extend(sign.columns.iter().map(|&column| (column, saved)));
            }
        }
        (low, terms)
    }
}
