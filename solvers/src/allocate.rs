//! One candidate per item, under common limits.
//!
//! The multiple-choice knapsack problem — Sinha & Zoltners, Operations Research 27 (1979)
//! 503–515 — with several limits, solved exactly: the linear relaxation, or a search of
//! [`crate::prices`] where items are many, prices the limits and leaves few items open; candidates
//! whose reduced cost exceeds the gap between the relaxation and a feasible plan cannot be part of a
//! better plan and are dropped (Dembo & Hammer, *A Reduction Algorithm for Knapsack Problems*,
//! Methods of Operations Research 36 (1980)); `HiGHS` decides the rest.

use engine::Money;

use crate::prices::{self, Table, Wanted};
use crate::program::{Effort, Program, Solution, Status};

/// Number of limits a plan can have: stock value and volume.
pub const LIMITS: usize = 2;

/// A policy an item could have.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Expected cost \[currency/period\].
    pub cost: Money,
    /// What it takes of each limit: average stock value \[currency\], average volume.
    pub uses: [f64; LIMITS],
}

/// One candidate for every item.
#[derive(Clone, Debug, PartialEq)]
pub struct Allocation {
    /// Index of the chosen candidate of each item.
    pub chosen: Vec<usize>,
    /// Total cost of the chosen \[currency/period\].
    pub objective: Money,
    /// Proved lower bound on the total cost of any plan within the limits \[currency/period\].
    pub bound: Money,
    /// What one more unit of each limit saves \[currency/period per unit\].
    pub prices: [f64; LIMITS],
    /// The same if all limits were 1 % looser and 1 % tighter, where that could be found.
    pub price_ranges: Option<[[f64; 2]; LIMITS]>,
    /// Whether the plan is proved to be the best.
    pub optimal: bool,
}

/// Why no allocation exists.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum AllocateError {
    /// Even the leanest candidates exceed a limit.
    #[error(
        "{limit} is {value:.2}, but the leanest policies of all items need {needed:.2}; \
         raise it to at least that, or leave items out"
    )]
    Limit {
        /// Name of the limit, as in the study file.
        limit: &'static str,
        /// Its value.
        value: f64,
        /// What the leanest choice needs.
        needed: f64,
    },
    /// Each limit can be met, but not all of them at once.
    #[error("the limits cannot be met together; raise stock_budget or volume_limit")]
    Together,
    /// `HiGHS` stopped without an answer.
    #[error("HiGHS stopped with status {0} and without a plan")]
    Stopped(i32),
}

/// Candidates of all items beyond which prices are searched, and no linear program is solved.
const MANY: usize = 20_000;

/// Candidates that are still open beyond which no integer program is tried.
const MOST_OPEN: usize = 200_000;

/// Relative excess over a limit that is rounding, not spending.
const FEASIBLE: f64 = 1e-8;

/// Difference of a plan to the bound on all that is rounding, relative to its cost.
const PROVED: f64 = 1e-6;

const NAMES: [&str; LIMITS] = ["stock_budget", "volume_limit"];

/// The choice of one candidate an item at least total cost within `limits`; `None` is no limit.
///
/// # Errors
///
/// [`AllocateError`] says which limit is too tight and how much would be enough.
pub fn allocate(
    items: &[Vec<Candidate>],
    limits: [Option<f64>; LIMITS],
) -> Result<Allocation, AllocateError> {
    for (limit, value) in limits.iter().enumerate() {
        let leanest = |candidates: &Vec<Candidate>| {
            candidates.iter().map(|c| c.uses[limit]).fold(f64::INFINITY, f64::min)
        };
        let needed: f64 = items.iter().map(leanest).sum();
        if let Some(value) = *value
            && needed > value * (1.0 + FEASIBLE)
        {
            let needed = (needed * 100.0).ceil() / 100.0; // enough, as it is printed
            return Err(AllocateError::Limit { limit: NAMES[limit], value, needed });
        }
    }
    let everything: Vec<Vec<usize>> =
        items.iter().map(|candidates| (0..candidates.len()).collect()).collect();
    let scale = Scale::of(items);

    let columns: usize = items.iter().map(Vec::len).sum();
    let priced = by_prices(items, limits);
    let price_ranges = priced.as_ref().map(|priced| priced.ranges);
    let (prices, near) = match priced {
        Some(ByPrices { prices, plan, .. }) if columns > MANY => (prices, Some(plan)),
        priced => match (relaxed(items, &everything, limits, &scale), priced) {
            (Err(AllocateError::Stopped(_)), Some(ByPrices { prices, plan, .. })) => {
                (prices, Some(plan))
            }
            (relaxed, _) => relaxed?,
        },
    };
    let value = |candidate: &Candidate| {
        candidate.cost + prices.iter().zip(candidate.uses).map(|(p, u)| p * u).sum::<f64>()
    };
    // Lagrange: no plan within the limits costs less than this.
    let spent: f64 = prices.iter().zip(limits).map(|(p, l)| p * l.unwrap_or(0.0)).sum();
    let cheapest: Vec<f64> = items
        .iter()
        .map(|candidates| candidates.iter().map(value).fold(f64::INFINITY, f64::min))
        .collect();
    let bound = cheapest.iter().sum::<f64>() - spent;

    let allocation = |chosen: Vec<usize>, bound: Money, optimal: bool| {
        let objective = cost(items, &chosen);
        Allocation { chosen, objective, bound, prices, price_ranges, optimal }
    };
    if let Some(plan) = &near {
        let objective = cost(items, plan);
        if objective - bound <= Effort::default().relative_gap * objective.abs() {
            return Ok(allocation(plan.clone(), bound, true));
        }
    }
    let kept: Vec<Vec<usize>> = match &near {
        Some(plan) => {
            let slack = (cost(items, plan) - bound).max(0.0) + 1e-9 * scale.cost;
            let keep = |item: usize, candidate: usize| {
                candidate == plan[item] || value(&items[item][candidate]) - cheapest[item] <= slack
            };
            let of = |item: usize| (0..items[item].len()).filter(|&c| keep(item, c)).collect();
            (0..items.len()).map(of).collect()
        }
        None => everything,
    };
    let open: usize = kept.iter().map(Vec::len).filter(|count| *count > 1).sum();
    if let Some(plan) = near.as_ref().filter(|_| open > MOST_OPEN) {
        // A program of that size would not end; the plan's gap is told.
        return Ok(allocation(plan.clone(), bound, false));
    }
    let mut model = Model::of(items, &kept, limits, &scale);
    model.program.whole.fill(true);
    let exact = model.solve();
    let optimal = match exact.status {
        Status::Optimal => true,
        Status::Limit => false,
        status => return Err(refusal(status)),
    };
    // A plan that breaks a limit is no plan; of those that are, the cheapest.
    let chosen = std::iter::once(model.chosen(&exact, &kept))
        .chain(near)
        .filter(|plan| within(items, plan, limits))
        .min_by(|left, right| cost(items, left).total_cmp(&cost(items, right)))
        .ok_or(AllocateError::Stopped(-1))?;
    let objective = cost(items, &chosen);
    let bound = (exact.bound * scale.cost).max(bound).min(objective);
    // What the solver proves is of costs by their scale, beside which a small one may be lost.
    let optimal = optimal && objective - bound <= PROVED * (objective.abs() + scale.cost);
    Ok(allocation(chosen, bound, optimal))
}

/// Prices of the limits, and a plan within them that is nearly the best, if one is at hand.
type Relaxed = ([f64; LIMITS], Option<Vec<usize>>);

/// What the linear relaxation says, by `HiGHS`.
fn relaxed(
    items: &[Vec<Candidate>],
    everything: &[Vec<usize>],
    limits: [Option<f64>; LIMITS],
    scale: &Scale,
) -> Result<Relaxed, AllocateError> {
    let model = Model::of(items, everything, limits, scale);
    let relaxed = model.solve();
    if relaxed.status != Status::Optimal {
        return Err(refusal(relaxed.status));
    }
    let near = rounded(items, everything, &relaxed, limits);
    Ok((model.prices(&relaxed, scale), near))
}

/// What there is to say where a program has no solution to offer.
fn refusal(status: Status) -> AllocateError {
    match status {
        Status::Infeasible => AllocateError::Together,
        Status::Other(status) => AllocateError::Stopped(status),
        _ => AllocateError::Stopped(0),
    }
}

/// What a search of the prices says.
struct ByPrices {
    prices: [f64; LIMITS],
    ranges: [[f64; 2]; LIMITS],
    plan: Vec<usize>,
}

/// The same by a search of the prices, which is many times faster for many items; `None` if it finds no
/// plan, though there may be one.
fn by_prices(items: &[Vec<Candidate>], limits: [Option<f64>; LIMITS]) -> Option<ByPrices> {
    let places: Vec<usize> = (0..LIMITS).filter(|limit| limits[*limit].is_some()).collect();
    let values: Vec<f64> = limits.into_iter().flatten().collect();
    let mut table = Table::new(places.len());
    for candidates in items {
        let costs: Vec<Money> = candidates.iter().map(|candidate| candidate.cost).collect();
        table.push(&costs, |candidate, limit| candidates[candidate].uses[places[limit]]);
    }
    let wanted = Wanted { price_gap: 1e-7, ..Wanted::default() };
    let found = prices::search(&table, &values, wanted).ok()?;
    let mut priced =
        ByPrices { prices: [0.0; LIMITS], ranges: [[0.0; 2]; LIMITS], plan: found.chosen };
    for (at, place) in places.into_iter().enumerate() {
        priced.prices[place] = found.prices[at];
        priced.ranges[place] = found.price_ranges[at];
    }
    within(items, &priced.plan, limits).then_some(priced)
}

/// Typical sizes, so that the program's coefficients lie near one.
struct Scale {
    cost: f64,
    uses: [f64; LIMITS],
}

impl Scale {
    fn of(items: &[Vec<Candidate>]) -> Scale {
        let count = items.iter().map(Vec::len).sum::<usize>().max(1) as f64;
        let mean = |of: &dyn Fn(&Candidate) -> f64| {
            let sum: f64 = items.iter().flatten().map(|candidate| of(candidate).abs()).sum();
            if sum > 0.0 { sum / count } else { 1.0 }
        };
        let cost = Scale::cost(items, mean(&|c| c.cost));
        Scale { cost, uses: [mean(&|c| c.uses[0]), mean(&|c| c.uses[1])] }
    }

    /// The mean cost, unless others are so small beside it that they would be lost: then the median.
    ///
    /// With uses no term of the program is lost: each is at most as many times its scale as there are
    /// candidates, and those that are far below it take nothing of the limit.
    fn cost(items: &[Vec<Candidate>], mean: f64) -> f64 {
        const LOST: f64 = 1e-6;
        let costs = || items.iter().flatten().map(|candidate| candidate.cost.abs());
        let is_lost = |cost: &f64| *cost > 0.0 && *cost < LOST * mean;
        if !costs().any(|cost| is_lost(&cost)) {
            return mean;
        }
        let mut sizes: Vec<f64> = costs().filter(|cost| *cost > 0.0).collect();
        let middle = sizes.len() / 2;
        *sizes.select_nth_unstable_by(middle, f64::total_cmp).1
    }
}

/// The program over some candidates of each item, and where each item's variables start.
struct Model {
    program: Program,
    starts: Vec<usize>,
    /// Row of each limit.
    rows: [Option<usize>; LIMITS],
}

impl Model {
    fn of(
        items: &[Vec<Candidate>],
        kept: &[Vec<usize>],
        limits: [Option<f64>; LIMITS],
        scale: &Scale,
    ) -> Model {
        let mut program = Program::new();
        let mut starts = Vec::with_capacity(items.len());
        let mut terms: [Vec<(usize, f64)>; LIMITS] = Default::default();
        for (candidates, kept) in items.iter().zip(kept) {
            let start = program.columns();
            starts.push(start);
            for (variable, &candidate) in (start..).zip(kept) {
                let candidate = candidates[candidate];
                program.column(candidate.cost / scale.cost, 0.0, 1.0);
                for (limit, terms) in terms.iter_mut().enumerate() {
                    if candidate.uses[limit] != 0.0 {
                        terms.push((variable, candidate.uses[limit] / scale.uses[limit]));
                    }
                }
            }
            let end = program.columns();
            program.row(1.0, 1.0, (start..end).map(|variable| (variable, 1.0)));
        }
        let mut rows = [None; LIMITS];
        for (limit, terms) in terms.into_iter().enumerate() {
            if let Some(value) = limits[limit] {
                let high = value / scale.uses[limit];
                rows[limit] = Some(program.row(f64::NEG_INFINITY, high, terms));
            }
        }
        Model { program, starts, rows }
    }

    fn solve(&self) -> Solution {
        self.program.solve(Effort::default()).expect("costs and uses are finite")
    }

    /// What a relaxed solution says a unit of each limit is worth.
    fn prices(&self, relaxed: &Solution, scale: &Scale) -> [f64; LIMITS] {
        let price = |limit: usize| {
            let dual = self.rows[limit].map_or(0.0, |row| relaxed.row_dual[row]);
            (-dual).max(0.0) * scale.cost / scale.uses[limit]
        };
        std::array::from_fn(price)
    }

    /// The candidate of each item whose variable is one.
    fn chosen(&self, solution: &Solution, kept: &[Vec<usize>]) -> Vec<usize> {
        let one = |(&start, kept): (&usize, &Vec<usize>)| {
            let x = &solution.x[start..start + kept.len()];
            let largest = (0..x.len()).fold(0, |best, i| if x[i] > x[best] { i } else { best });
            kept[largest]
        };
        self.starts.iter().zip(kept).map(one).collect()
    }
}

/// A plan near a relaxed one: its fractional items, few as there are limits, become as lean as
/// needed. `None` if that does not fit.
fn rounded(
    items: &[Vec<Candidate>],
    kept: &[Vec<usize>],
    relaxed: &Solution,
    limits: [Option<f64>; LIMITS],
) -> Option<Vec<usize>> {
    let mut start = 0;
    let mut plan = Vec::with_capacity(items.len());
    let mut open = Vec::new();
    for (item, kept) in kept.iter().enumerate() {
        let x = &relaxed.x[start..start + kept.len()];
        start += kept.len();
        let largest = (0..x.len()).fold(0, |best, i| if x[i] > x[best] { i } else { best });
        if x[largest] < 1.0 - 1e-6 {
            open.push(item);
        }
        plan.push(kept[largest]);
    }
    // The leanest choices of the open items, each then improved as far as the limits allow.
    let weight = |candidate: &Candidate| -> f64 {
        limits.iter().zip(candidate.uses).filter_map(|(l, u)| Some(u / (*l)?)).sum()
    };
    for &item in &open {
        let all = &items[item];
        plan[item] = (0..all.len()).min_by(|&a, &b| weight(&all[a]).total_cmp(&weight(&all[b])))?;
    }
    if !within(items, &plan, limits) {
        return None;
    }
    for &item in &open {
        let mut order: Vec<usize> = (0..items[item].len()).collect();
        order.sort_by(|&a, &b| items[item][a].cost.total_cmp(&items[item][b].cost));
        let lean = plan[item];
        for candidate in order {
            plan[item] = candidate;
            if within(items, &plan, limits) {
                break;
            }
            plan[item] = lean;
        }
    }
    Some(plan)
}

fn cost(items: &[Vec<Candidate>], plan: &[usize]) -> f64 {
    items.iter().zip(plan).map(|(candidates, &chosen)| candidates[chosen].cost).sum()
}

fn within(items: &[Vec<Candidate>], plan: &[usize], limits: [Option<f64>; LIMITS]) -> bool {
    (0..LIMITS).all(|limit| {
        let used: f64 = items.iter().zip(plan).map(|(c, &i)| c[i].uses[limit]).sum();
        limits[limit].is_none_or(|value| used <= value * (1.0 + FEASIBLE))
    })
}

#[cfg(test)]
mod tests;
