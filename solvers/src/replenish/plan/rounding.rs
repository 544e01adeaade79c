//! Plans with set-ups, from those that pay for orders in part.
//!
//! The mixture of such plans keeps the limits and costs what the prices promise, but its set-ups are shares.
//! An item's shares are rounded by taking an order whenever they have added up to another whole: where one begins to
//! count gives several ways, which order as often as the shares say and together take what the mixture takes.
//! Of these, and of what is the cheapest at the prices, each item is given one, so that what all cost at the
//! prices is least, and what they take is next to what there is. Then the quantities are planned anew.

use cluster::Team;

use super::charged::Settled;
use super::decompose::{ITEMS_SHARE, Search};
use super::item::Memory;
use super::passes::{Passes, SetUps};
use super::problem::{PlanError, Replenishment};
use super::repair::{Known, limits};

/// Places to begin to count an item's shares.
const STARTS: usize = 8;

/// What an item may do: what it costs at prices, and takes of the limits.
struct Way {
    cost: f64,
    uses: Vec<f64>,
    orders: Vec<f64>,
}

/// The ways of every item to round its shares.
pub(super) struct Rounding {
    ways: Vec<Vec<Way>>,
    /// Sum of the items' bounds at the prices.
    pub(super) bound: f64,
}

/// Where orders are placed, if shares are counted from `start`.
fn placed(shares: &[f64], start: f64) -> impl Iterator<Item = bool> {
    let mut sum = start;
    shares.iter().map(move |share| {
        let before = sum.floor();
        sum += share;
        sum.floor() > before
    })
}

impl Rounding {
    /// Ways to round shares of set-ups, by item, then period, and the cheapest way of each item, at prices.
    pub(super) fn new(
        passes: &mut Passes<'_>,
        shares: &[f64],
        prices: &[f64],
    ) -> Result<Rounding, PlanError> {
        let periods = passes.problem.periods;
        let ways = passes.problem.items.iter().map(|_| Vec::new()).collect();
        passes.set_ups = SetUps::Whole;
        let whole = passes.price(prices)?;
        let mut rounding = Rounding { ways, bound: whole.bound };
        rounding.offer(passes.problem, &whole.orders, prices);
        passes.set_ups = SetUps::Partly;
        for start in 0..STARTS {
            let start = (start as f64 + 0.5) / STARTS as f64;
            let placed = shares.chunks_exact(periods).flat_map(|own| placed(own, start));
            let settled = |placed| if placed { Settled::Placed } else { Settled::Banned };
            passes.settled = placed.map(settled).collect();
            let orders = passes.price(prices)?.orders;
            rounding.offer(passes.problem, &orders, prices);
        }
        passes.settled.clear();
        Ok(rounding)
    }

    /// Adds each item's orders to its ways, unless it places orders in the same periods already.
    fn offer(&mut self, problem: &Replenishment, orders: &[f64], prices: &[f64]) {
        let (volume, budget) = prices.split_at(problem.periods * problem.scenarios);
        let mut memory = Memory::default();
        for (place, ways) in self.ways.iter_mut().enumerate() {
            let (view, item) = (problem.view(place), &problem.items[place]);
            let own = &orders[place * problem.periods..(place + 1) * problem.periods];
            let alike =
                |way: &Way| way.orders.iter().zip(own).all(|(a, b)| (*a > 0.0) == (*b > 0.0));
            if ways.iter().any(alike) {
                continue;
            }
            memory.size(view);
            memory.charges.set(view, volume, budget);
            memory.orders.copy_from_slice(&own[..view.orders()]);
            let value = memory.value(view);
            let ordering = own.iter().zip(&memory.charges.order).map(|(order, cost)| {
                let set_up = if *order > 0.0 { item.set_up } else { 0.0 };
                set_up + cost * order
            });
            let mut uses: Vec<f64> = memory.uses(view).collect();
            uses.resize(prices.len(), 0.0);
            ways.push(Way { cost: value + ordering.sum::<f64>(), uses, orders: own.to_vec() });
        }
    }

    /// Orders of all items, one way each: the more `stiffness`, the dearer it is to be off a limit.
    pub(super) fn choose(
        &self,
        problem: &Replenishment,
        prices: &[f64],
        stiffness: f64,
    ) -> Vec<f64> {
        /// Sweeps over the items at most.
        const SWEEPS: usize = 20;
        let charges = charges(problem, prices, stiffness);
        let free = |limit: f64| if limit.is_finite() { -limit } else { 0.0 };
        let mut over: Vec<f64> = limits(problem).into_iter().map(free).collect();
        let mut chosen = vec![0; self.ways.len()];
        for ways in &self.ways {
            shift(&mut over, 1.0, &ways[0].uses);
        }
        for _ in 0..SWEEPS {
            let mut moved = false;
            for (ways, chosen) in self.ways.iter().zip(&mut chosen) {
                shift(&mut over, -1.0, &ways[*chosen].uses);
                let total = |way: &Way| way.cost + charge(&over, &way.uses, &charges);
                let totals: Vec<f64> = ways.iter().map(total).collect();
                let best = (0..ways.len()).min_by(|a, b| totals[*a].total_cmp(&totals[*b]));
                let best = best.unwrap_or(0);
                moved |= best != *chosen;
                *chosen = best;
                shift(&mut over, 1.0, &ways[best].uses);
            }
            if !moved {
                break;
            }
        }
        let orders = self.ways.iter().zip(&chosen).map(|(ways, chosen)| &ways[*chosen].orders);
        orders.flatten().copied().collect()
    }
}

fn shift(over: &mut [f64], sign: f64, uses: &[f64]) {
    for (over, used) in over.iter_mut().zip(uses) {
        *over += sign * used;
    }
}

/// What being off a limit costs, by limit: below and above it, for the square of the difference.
///
/// Quantities will make up for it, which is dearer the farther they go: a quadratic charge, in units of what the
/// whole limit is worth. Scenarios with room to spare have no price, but a little over they would have one.
fn charges(problem: &Replenishment, prices: &[f64], stiffness: f64) -> Vec<[f64; 2]> {
    /// Worth of a limit without a price, as a share of all limits of a period.
    const SHARE: f64 = 0.02;
    let limits = limits(problem);
    let worth = |(price, limit): (&f64, &f64)| if *price > 0.0 { price * limit } else { 0.0 };
    let all = prices.iter().zip(&limits).map(worth).sum::<f64>();
    let least = SHARE * all / problem.periods as f64;
    let charge = |(price, limit): (&f64, &f64)| {
        let scale = stiffness / limit.max(1e-3).powi(2);
        let worth = worth((price, limit));
        if limit.is_finite() { [scale * worth, scale * (worth + least)] } else { [0.0; 2] }
    };
    prices.iter().zip(&limits).map(charge).collect()
}

fn charge(over: &[f64], uses: &[f64], charges: &[[f64; 2]]) -> f64 {
    let cells = over.iter().zip(uses).zip(charges);
    let charge = |((over, used), [below, above]): ((&f64, &f64), &[f64; 2])| {
        let over = over + used;
        let square = over * over;
        if over > 0.0 { above * square } else { below * square }
    };
    cells.map(charge).sum()
}

/// How well quantities are planned.
#[derive(Clone, Copy, Debug)]
pub(super) struct Care {
    pub(super) gap: f64,
    pub(super) most_passes: usize,
    /// What a plan must cost less than, to be worth it.
    pub(super) cutoff: f64,
}

/// The best quantities if every item orders in the periods of `plan` only: a plan within the limits.
pub(super) fn quantities(
    problem: &Replenishment,
    team: &Team,
    plan: &[f64],
    prices: &[f64],
    care: Care,
) -> Result<Known, PlanError> {
    let mut passes = Passes::new(problem, team, ITEMS_SHARE * care.gap);
    let mut fixed = 0.0;
    let items = problem.items.iter().flat_map(|item| std::iter::repeat_n(item, problem.periods));
    for ((most, order), item) in passes.most.iter_mut().zip(plan).zip(items) {
        if *order > 0.0 {
            fixed += item.set_up;
        } else {
            *most = 0.0;
        }
    }
    let mut search = Search::new(passes, Some(prices.to_vec()))?;
    (search.fixed, search.cutoff) = (fixed, care.cutoff);
    search.run(care.gap, care.most_passes)?;
    Ok(search.best)
}

/// A plan of few items, bettered by placing, leaving out and moving one order at a time.
pub(super) fn swaps(
    problem: &Replenishment,
    team: &Team,
    known: Known,
    prices: &[f64],
    gap: f64,
) -> Result<Known, PlanError> {
    /// Items that may be planned anew, all trials together: it takes too long for many.
    const TRIALS: usize = 2_000;
    let (periods, mut best) = (problem.periods, known);
    let mut trials = TRIALS / problem.items.len();
    let places = problem.items.len() * periods;
    let (mut place, mut idle) = (0, 0);
    while idle < places && trials >= 3 {
        let placed = |at: usize| best.orders[at] > 0.0;
        let next = (place % periods + 1 < periods).then_some(place + 1);
        // Place or leave out; move.
        let next = next.filter(|next| placed(place) != placed(*next));
        let moves = [Some(vec![place]), next.map(|next| vec![place, next])];
        let mut better = false;
        for changed in moves.into_iter().flatten() {
            let mut plan = best.orders.clone();
            for at in changed {
                plan[at] = if plan[at] > 0.0 { 0.0 } else { 1.0 };
            }
            let cutoff = best.valued.cost;
            let found =
                quantities(problem, team, &plan, prices, Care { gap, most_passes: 20, cutoff })?;
            trials -= 1;
            if found.valued.cost < cutoff - gap * cutoff.abs() {
                (best, better) = (found, true);
                break;
            }
        }
        idle = if better { 0 } else { idle + 1 };
        place = (place + 1) % places;
    }
    Ok(best)
}
