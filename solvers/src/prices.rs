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

mod planes;
mod swaps;
mod table;

use planes::Planes;
pub use table::Table;

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

#[cfg(test)]
mod tests;
