//! One candidate an item under any number of common limits, by the prices of the limits.
//!
//! Sinha & Zoltners's multiple-choice knapsack problem (Operations Research 27 (1979) 503–515) with
//! several limits falls apart once each limit has a price: every item takes what is cheapest for it, and
//! the sum, less what the limits are worth, is a lower bound (Lagrange; Geoffrion, Mathematical Programming
//! Study 2 (1974) 82–114). The best prices are found by cutting planes (Kelley, Journal of the SIAM 8
//! (1960) 703–712), whose program has a row a limit and is small however many items there are; a step is
//! one pass over the table. Then few swaps make the plan at those prices fit.
//!
//! Most candidates are never the cheapest near the best prices. So prices are found on a sample first, and
//! on what the rest of the table has to offer near them; the bound is always taken over the whole table.

use engine::Money;

use crate::program::{Program, Row, Status};

mod swaps;

/// Candidates of all items: what each costs, and what it takes of each limit.
#[derive(Clone, Debug, Default)]
pub struct Table {
    limits: usize,
    /// Where each item's candidates start, and one more.
    starts: Vec<usize>,
    /// Item by item: costs of its candidates, then what they take of the first limit, and so on.
    cells: Vec<f64>,
}

/// What is wanted of a search.
#[derive(Clone, Copy, Debug)]
pub struct Wanted {
    /// Relative gap between bound and program at which the prices are good enough.
    pub price_gap: f64,
    /// Passes over the table at most, at each stage.
    pub most_passes: usize,
}

impl Default for Wanted {
    fn default() -> Wanted {
        Wanted { price_gap: 1e-5, most_passes: 120 }
    }
}

/// A plan, its bound, and what the limits are worth.
#[derive(Clone, Debug, PartialEq)]
pub struct Priced {
    /// The candidate of each item.
    pub chosen: Vec<usize>,
    /// What they cost \[currency/period\].
    pub objective: Money,
    /// No plan within the limits costs less \[currency/period\].
    pub bound: Money,
    /// What one more unit of each limit saves \[currency/period per unit\].
    pub prices: Vec<f64>,
    /// The same if all limits are 1 % looser and 1 % tighter: how far the prices hold.
    pub price_ranges: Vec<[f64; 2]>,
    /// Passes over the whole table, and over parts of it.
    pub passes: [usize; 2],
}

/// Why there is no plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceError {
    /// No plan is within all limits, as far as prices can tell.
    #[error("no choice of candidates is within all limits at once")]
    Infeasible,
    /// The program of the prices was not solved.
    #[error("HiGHS stopped with status {0} and without prices")]
    Stopped(i32),
}

impl Table {
    /// An empty table of items under so many limits.
    pub fn new(limits: usize) -> Table {
        Table { limits, starts: vec![0], cells: Vec::new() }
    }

    /// Adds an item by the costs of its candidates, and what they take of each limit.
    ///
    /// # Panics
    ///
    /// If there is no candidate.
    pub fn push(&mut self, costs: &[Money], uses: impl Fn(usize, usize) -> f64) {
        assert!(!costs.is_empty(), "an item has a candidate");
        self.cells.extend_from_slice(costs);
        for limit in 0..self.limits {
            self.cells.extend((0..costs.len()).map(|candidate| uses(candidate, limit)));
        }
        self.starts.push(self.starts[self.starts.len() - 1] + costs.len());
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.starts.len() - 1
    }

    /// Costs of an item's candidates, then what they take of each limit.
    fn item(&self, item: usize) -> (&[f64], &[f64]) {
        let [from, to] = [self.starts[item], self.starts[item + 1]];
        let width = self.limits + 1;
        self.cells[from * width..to * width].split_at(to - from)
    }

    fn cost(&self, item: usize, candidate: usize) -> f64 {
        self.item(item).0[candidate]
    }

    fn takes(&self, item: usize, candidate: usize, limit: usize) -> f64 {
        let (costs, uses) = self.item(item);
        uses[limit * costs.len() + candidate]
    }

    /// What each candidate of an item costs at `prices`, into `values`.
    fn values(&self, item: usize, prices: &[f64], values: &mut Vec<f64>) {
        let (costs, uses) = self.item(item);
        values.clear();
        values.extend_from_slice(costs);
        for (price, uses) in prices.iter().zip(uses.chunks_exact(costs.len())) {
            for (value, take) in values.iter_mut().zip(uses) {
                *value += price * take;
            }
        }
    }

    /// One pass: the cheapest candidate of each item at `prices`, and their totals.
    fn pass(&self, prices: &[f64], chosen: &mut Vec<usize>) -> Totals {
        let mut totals = Totals { cost: 0.0, uses: vec![0.0; self.limits] };
        let mut values = Vec::new();
        chosen.clear();
        for item in 0..self.items() {
            self.values(item, prices, &mut values);
            let least = least(&values);
            chosen.push(least);
            totals.cost += self.cost(item, least);
            for (limit, used) in totals.uses.iter_mut().enumerate() {
                *used += self.takes(item, least, limit);
            }
        }
        totals
    }

    /// Every `step`-th item.
    fn sample(&self, step: usize) -> Table {
        let mut table = Table::new(self.limits);
        for item in (0..self.items()).step_by(step) {
            let (costs, uses) = self.item(item);
            table.push(costs, |candidate, limit| uses[limit * costs.len() + candidate]);
        }
        table
    }

    /// The candidates that may be the cheapest at some prices between `low` and `high`, and which they are.
    ///
    /// One is left out if that which is the cheapest in the middle is cheaper at every corner.
    fn near(&self, low: &[f64], high: &[f64]) -> (Table, Vec<u32>) {
        let middle: Vec<f64> = low.iter().zip(high).map(|(l, h)| 0.5 * (l + h)).collect();
        let (mut table, mut places) = (Table::new(self.limits), Vec::new());
        let (mut values, mut kept, mut costs) = (Vec::new(), Vec::new(), Vec::new());
        for item in 0..self.items() {
            self.values(item, &middle, &mut values);
            let best = least(&values);
            let (all, uses) = self.item(item);
            let count = all.len();
            // How much less than the best in the middle each can cost at a corner.
            for (candidate, value) in values.iter_mut().enumerate() {
                *value = all[candidate] - all[best];
            }
            for ((low, high), uses) in low.iter().zip(high).zip(uses.chunks_exact(count)) {
                let own = uses[best];
                for (value, take) in values.iter_mut().zip(uses) {
                    let more = take - own;
                    *value += if more > 0.0 { low * more } else { high * more };
                }
            }
            kept.clear();
            kept.extend((0..count).filter(|&candidate| values[candidate] <= 0.0));
            costs.clear();
            costs.extend(kept.iter().map(|&candidate| all[candidate]));
            table.push(&costs, |place, limit| uses[limit * count + kept[place]]);
            places.extend(kept.iter().map(|&candidate| candidate as u32));
        }
        (table, places)
    }
}

/// Place of the least value, the first of several.
fn least(values: &[f64]) -> usize {
    // The minimum first, without a branch a value; then where it stands.
    let least = values
        .iter()
        .fold(f64::INFINITY, |least, value| if *value < least { *value } else { least });
    values.iter().position(|value| *value <= least).unwrap_or(0)
}

/// What a plan costs, and takes of each limit.
#[derive(Clone, Debug)]
struct Totals {
    cost: f64,
    uses: Vec<f64>,
}

impl Totals {
    /// Lagrange's bound at the prices that the plan is the cheapest at.
    fn bound(&self, prices: &[f64], limits: &[f64]) -> f64 {
        let over = prices.iter().zip(&self.uses).zip(limits);
        self.cost + over.map(|((price, used), limit)| price * (used - limit)).sum::<f64>()
    }
}

/// A plan within `limits`, its bound, and the prices of the limits.
///
/// # Errors
///
/// [`PriceError`] if no plan is within all limits, or `HiGHS` failed.
pub fn search(table: &Table, limits: &[f64], wanted: Wanted) -> Result<Priced, PriceError> {
    let mut passes = [0, 0];
    let mut prices = sampled(table, limits, wanted, &mut passes[1])?;
    let mut best: Option<(f64, Vec<f64>)> = None;
    for (reach, last) in REACHES.into_iter().zip([false, false, false, true]) {
        let (low, high) = around(table, limits, &prices, reach);
        let (part, places) = table.near(&low, &high);
        let mut planes = Planes::new(&part, limits);
        let found = planes.search(&prices, wanted)?;
        // The whole table decides what the bound is.
        let bound = table.pass(&found.prices, &mut Vec::new()).bound(&found.prices, limits);
        passes = [passes[0] + 2, passes[1] + std::mem::take(&mut planes.passes)];
        prices.clone_from(&found.prices);
        if best.as_ref().is_none_or(|(highest, _)| bound > *highest) {
            best = Some((bound, found.prices));
        }
        let missed = found.bound - bound > wanted.price_gap * bound.abs();
        if missed && !last {
            continue;
        }
        let Some((bound, prices)) = best else { break };
        // The mixture's plan is near in all limits, the other at the best prices: the cheaper counts.
        let mut plans = [planes.mixed()?, found.chosen];
        let ranges = planes.ranges(&prices, wanted)?;
        passes[1] += planes.passes;
        let fitted = plans.iter_mut().filter_map(|plan| {
            swaps::fit(&part, &prices, limits, plan).then(|| {
                let costs = plan.iter().enumerate().map(|(item, &at)| part.cost(item, at));
                (costs.sum::<f64>(), plan)
            })
        });
        let cheapest = fitted.min_by(|left, right| left.0.total_cmp(&right.0));
        let Some((objective, plan)) = cheapest else { return Err(PriceError::Infeasible) };
        let first = |item: usize| part.starts[item];
        let chosen: Vec<usize> =
            plan.iter().enumerate().map(|(item, at)| places[first(item) + at] as usize).collect();
        return Ok(Priced { chosen, objective, bound, prices, price_ranges: ranges, passes });
    }
    Err(PriceError::Infeasible)
}

/// How far prices of a sample may be off, as a share; then, if that was too little.
const REACHES: [f64; 4] = [0.15, 0.3, 1.0, 4.0];
/// Items of the smallest sample, and how many times larger the next is.
const SAMPLE: usize = 1_500;
const GROWTH: usize = 4;
/// Relative gap at which the prices of a sample are good enough.
const ROUGH: f64 = 1e-4;

/// Prices on ever larger samples of the items, up to all of them if they are few.
fn sampled(
    table: &Table,
    limits: &[f64],
    wanted: Wanted,
    passes: &mut usize,
) -> Result<Vec<f64>, PriceError> {
    let items = table.items();
    let mut step = 1;
    while items / (step * GROWTH) >= SAMPLE {
        step *= GROWTH;
    }
    let mut prices = vec![0.0; limits.len()];
    let mut known = false;
    let mut chosen = Vec::new();
    let free = table.pass(&prices, &mut chosen).uses;
    loop {
        let mut sample = table.sample(step);
        // Limits as tight for the sample as they are for all, whether large items are in it or not.
        let own = sample.pass(&vec![0.0; limits.len()], &mut chosen).uses;
        let own: Vec<f64> = (limits.iter().zip(&own).zip(&free))
            .map(|((limit, own), free)| if *free > 0.0 { limit * own / free } else { *limit })
            .collect();
        if known {
            let (low, high) = around(&sample, &own, &prices, 0.5);
            sample = sample.near(&low, &high).0;
        }
        let mut planes = Planes::new(&sample, &own);
        let rough = Wanted { price_gap: wanted.price_gap.max(ROUGH), ..wanted };
        match planes.search(&prices, rough) {
            Ok(best) => (prices, known) = (best.prices, true),
            // A sample may be infeasible by chance; all items are not.
            Err(error) if step == 1 => return Err(error),
            Err(_) => {}
        }
        *passes += planes.passes;
        // Of many items a sample is enough: the next stage looks at what is left of all of them.
        if step <= GROWTH {
            return Ok(prices);
        }
        step /= GROWTH;
    }
}

/// Prices that are `reach` lower and higher; a limit without a price may get one.
fn around(table: &Table, limits: &[f64], prices: &[f64], reach: f64) -> (Vec<f64>, Vec<f64>) {
    let first = (0..table.items()).map(|item| table.item(item).0[0].abs()).sum::<f64>();
    let worth = |limit: &f64| first / limit.abs().max(f64::MIN_POSITIVE);
    let low = prices.iter().map(|price| (price * (1.0 - reach)).max(0.0)).collect();
    let high = prices.iter().zip(limits);
    let high = high.map(|(price, limit)| price * (1.0 + reach) + 0.02 * reach * worth(limit));
    (low, high.collect())
}

/// The best that was found: a bound, its prices, and the plan that is the cheapest at them.
#[derive(Clone, Debug)]
struct Best {
    bound: f64,
    prices: Vec<f64>,
    chosen: Vec<usize>,
}

/// The cheapest mixture of plans within the limits.
struct Mixture {
    cost: f64,
    prices: Vec<f64>,
    weights: Vec<f64>,
}

/// Cutting planes: each plan that was the cheapest at some prices is one.
struct Planes<'a> {
    table: &'a Table,
    limits: Vec<f64>,
    plans: Vec<Totals>,
    /// The candidate of each item in each of them.
    choices: Vec<Vec<u32>>,
    passes: usize,
}

impl<'a> Planes<'a> {
    fn new(table: &'a Table, limits: &[f64]) -> Planes<'a> {
        let limits = limits.to_vec();
        Planes { table, limits, plans: Vec::new(), choices: Vec::new(), passes: 0 }
    }

    /// The best prices, from `start` on.
    fn search(&mut self, start: &[f64], wanted: Wanted) -> Result<Best, PriceError> {
        /// Share of the best prices so far in those that are tried next: cutting planes alone leap about
        /// (Ben-Ameur & Neto, Networks 49 (2007) 3–17).
        const STEADY: f64 = 0.35;
        let mut best: Option<Best> = None;
        // Plans that are known from other limits are plans here too.
        let mut prices = if self.plans.is_empty() { start.to_vec() } else { self.master()?.prices };
        let mut chosen = Vec::new();
        for step in 0..wanted.most_passes {
            let totals = self.table.pass(&prices, &mut chosen);
            self.passes += 1;
            let bound = totals.bound(&prices, &self.limits);
            if best.as_ref().is_none_or(|best| bound > best.bound) {
                best = Some(Best { bound, prices: prices.clone(), chosen: chosen.clone() });
            }
            let Some(best) = &best else { continue };
            self.plans.push(totals);
            self.choices.push(chosen.iter().map(|&candidate| candidate as u32).collect());
            let master = self.master()?;
            if master.cost - best.bound <= wanted.price_gap * best.bound.abs() {
                break;
            }
            let steady = if step > self.limits.len() { STEADY } else { 0.0 };
            let mixed = best.prices.iter().zip(&master.prices);
            prices = mixed.map(|(old, new)| steady * old + (1.0 - steady) * new).collect();
        }
        best.ok_or(PriceError::Infeasible)
    }

    /// The cheapest mixture of plans within the limits, and the prices that it gives them.
    fn master(&self) -> Result<Mixture, PriceError> {
        /// Times its usual worth that going over a limit costs, at first and at most.
        const PENALTIES: [f64; 3] = [1e2, 1e5, 1e8];
        let typical = self.plans[0].cost.abs().max(f64::MIN_POSITIVE);
        let size = |limit: usize| {
            let used = self.plans.iter().map(|plan| plan.uses[limit].abs());
            used.fold(self.limits[limit].abs(), f64::max).max(f64::MIN_POSITIVE)
        };
        let sizes: Vec<f64> = (0..self.limits.len()).map(size).collect();
        let mut last = None;
        for penalty in PENALTIES {
            let mut program = Program::default();
            program.cost.extend(self.plans.iter().map(|plan| plan.cost / typical));
            let count = program.cost.len();
            let all = (0..count).map(|plan| (plan, 1.0)).collect();
            program.rows.push(Row { low: 1.0, high: 1.0, terms: all });
            for (limit, size) in sizes.iter().enumerate() {
                let mut terms: Vec<(usize, f64)> =
                    (0..count).map(|plan| (plan, self.plans[plan].uses[limit] / size)).collect();
                // What is over the limit, at most as much as any plan takes.
                terms.push((program.cost.len(), -2.0));
                program.cost.push(2.0 * penalty);
                let high = self.limits[limit] / size;
                program.rows.push(Row { low: f64::NEG_INFINITY, high, terms });
            }
            let solution = program.solve_relaxed();
            match solution.status {
                Status::Optimal => {}
                Status::Infeasible | Status::Limit => return Err(PriceError::Infeasible),
                Status::Other(status) => return Err(PriceError::Stopped(status)),
            }
            let duals = solution.row_dual[1..].iter().zip(&sizes);
            let prices = duals.map(|(dual, size)| (-dual).max(0.0) * typical / size).collect();
            let over: f64 = solution.x[count..].iter().sum();
            let weights = solution.x[..count].to_vec();
            last = Some(Mixture { cost: solution.objective * typical, prices, weights });
            // While the plans at hand go over a limit together, higher prices make leaner ones.
            if over <= 1e-9 {
                break;
            }
        }
        last.ok_or(PriceError::Infeasible)
    }

    /// A plan whose totals are nearly those of the cheapest mixture: items take turns between the plans that
    /// it mixes, so that what is used stays next to what the mixture uses.
    fn mixed(&self) -> Result<Vec<usize>, PriceError> {
        let Mixture { weights, prices, .. } = self.master()?;
        let active: Vec<(usize, f64)> =
            weights.into_iter().enumerate().filter(|(_, weight)| *weight > 1e-9).collect();
        let limits = self.limits.len();
        let worth: Vec<f64> = prices.iter().map(|price| price * price).collect();
        let (mut ahead, mut wanted) = (vec![0.0; limits], vec![0.0; limits]);
        let mut plan = Vec::with_capacity(self.table.items());
        for item in 0..self.table.items() {
            let first = self.choices[active[0].0][item];
            if active.iter().all(|(plan, _)| self.choices[*plan][item] == first) {
                plan.push(first as usize);
                continue;
            }
            for (limit, wanted) in wanted.iter_mut().enumerate() {
                let takes =
                    |of: usize| self.table.takes(item, self.choices[of][item] as usize, limit);
                *wanted = ahead[limit] - active.iter().map(|(of, w)| w * takes(*of)).sum::<f64>();
            }
            let off = |candidate: usize| {
                let each = (0..limits).map(|limit| {
                    let off = wanted[limit] + self.table.takes(item, candidate, limit);
                    worth[limit] * off * off
                });
                each.sum::<f64>()
            };
            let options = active.iter().map(|(of, _)| self.choices[*of][item] as usize);
            let best = options.min_by(|&left, &right| off(left).total_cmp(&off(right)));
            let best = best.unwrap_or(first as usize);
            for (limit, ahead) in ahead.iter_mut().enumerate() {
                *ahead = wanted[limit] + self.table.takes(item, best, limit);
            }
            plan.push(best);
        }
        Ok(plan)
    }

    /// Prices if all limits were a hundredth looser, and tighter.
    fn ranges(&mut self, prices: &[f64], wanted: Wanted) -> Result<Vec<[f64; 2]>, PriceError> {
        const SHARE: f64 = 0.01;
        let limits = self.limits.clone();
        let mut ends = Vec::with_capacity(2);
        for share in [1.0 + SHARE, 1.0 - SHARE] {
            self.limits = limits.iter().map(|limit| limit * share).collect();
            let rough = Wanted { price_gap: wanted.price_gap.max(1e-4), ..wanted };
            ends.push(self.search(prices, rough)?.prices);
        }
        self.limits = limits;
        let range = |limit: usize| [ends[0][limit], ends[1][limit]];
        Ok((0..self.limits.len()).map(range).collect())
    }
}

#[cfg(test)]
mod tests;
