//! Swaps that make the plan at the best prices fit, and then use what is left of the limits.

use super::Table;

/// A share of a limit that is rounding, not spending.
const ROUNDING: f64 = 1e-9;
/// Rounds of swaps at most.
const ROUNDS: usize = 12;
/// Swaps of a round that are tried at most.
const MOST_SWAPS: usize = 20_000;

/// An item's change to another candidate.
#[derive(Clone, Copy)]
struct Swap {
    /// What it is sorted by: the least first.
    key: f64,
    item: u32,
    candidate: u32,
}

/// Changes `plan` until it is within `limits`, by swaps that lose little at `prices`; then by swaps that
/// save and still fit. Returns whether it fits.
pub(super) fn fit(table: &Table, prices: &[f64], limits: &[f64], plan: &mut [usize]) -> bool {
    let mut used = vec![0.0; limits.len()];
    for (item, &candidate) in plan.iter().enumerate() {
        for (limit, used) in used.iter_mut().enumerate() {
            *used += table.takes(item, candidate, limit);
        }
    }
    // A large item would give back far more than is needed: first without those, then with them.
    let mut careful = true;
    for _ in 0..ROUNDS {
        if over(&used, limits) == 0.0 {
            break;
        }
        let any = repair(table, prices, limits, plan, &mut used, careful);
        if !any && !careful {
            break;
        }
        careful &= any;
    }
    if over(&used, limits) > 0.0 {
        return false;
    }
    for _ in 0..ROUNDS {
        if !improve(table, prices, limits, plan, &mut used) {
            break;
        }
    }
    true
}

/// How far beyond the limits it is, in shares of them.
fn over(used: &[f64], limits: &[f64]) -> f64 {
    let beyond = used.iter().zip(limits).map(|(used, limit)| {
        let room = limit.abs().max(f64::MIN_POSITIVE);
        let beyond = (used - limit) / room;
        if beyond > ROUNDING { beyond } else { 0.0 }
    });
    beyond.sum()
}

/// What is used after a swap.
fn after(table: &Table, used: &[f64], item: usize, [old, new]: [usize; 2], to: &mut Vec<f64>) {
    to.clear();
    to.extend(
        used.iter().enumerate().map(|(limit, used)| {
            used + table.takes(item, new, limit) - table.takes(item, old, limit)
        }),
    );
}

/// A round of swaps towards the limits, those first that lose least for what they give back.
fn repair(
    table: &Table,
    prices: &[f64],
    limits: &[f64],
    plan: &mut [usize],
    used: &mut [f64],
    careful: bool,
) -> bool {
    let tight: Vec<bool> =
        used.iter().zip(limits).map(|(used, limit)| *used > limit * (1.0 - 1e-4)).collect();
    let mut swaps = Vec::new();
    let mut values = Vec::new();
    for (item, &own) in plan.iter().enumerate() {
        table.values(item, prices, &mut values);
        for (candidate, value) in values.iter().enumerate() {
            let relief: f64 = (0..limits.len())
                .filter(|limit| tight[*limit])
                .map(|limit| {
                    let back = table.takes(item, own, limit) - table.takes(item, candidate, limit);
                    let beyond = (used[limit] - limits[limit]).max(0.0);
                    back * (1.0 + beyond) / limits[limit].abs().max(f64::MIN_POSITIVE)
                })
                .sum();
            if relief > 0.0 {
                let key = (value - values[own]).max(0.0) / relief;
                swaps.push(Swap { key, item: item as u32, candidate: candidate as u32 });
            }
        }
    }
    swapped(&mut swaps, |swap, next| {
        let (item, new) = (swap.item as usize, swap.candidate as usize);
        let now = over(used, limits);
        if now == 0.0 {
            return false;
        }
        after(table, used, item, [plan[item], new], next);
        // What goes under a limit by more than it was over is not needed.
        let needed = |limit: usize| {
            let room = limits[limit].abs().max(f64::MIN_POSITIVE);
            let [before, after] = [used, &**next].map(|used| (used[limit] - limits[limit]) / room);
            after >= -before.max(0.0) - now || after >= before
        };
        let fine = !careful || (0..limits.len()).all(needed);
        let better = fine && over(next, limits) < now;
        if better {
            used.copy_from_slice(next);
            plan[item] = new;
        }
        better
    })
}

/// A round of swaps that save and fit, those first that lose least at the prices for what they save.
fn improve(
    table: &Table,
    prices: &[f64],
    limits: &[f64],
    plan: &mut [usize],
    used: &mut [f64],
) -> bool {
    let (mut swaps, mut values) = (Vec::new(), Vec::new());
    for (item, &own) in plan.iter().enumerate() {
        let cost = table.cost(item, own);
        table.values(item, prices, &mut values);
        for candidate in 0..table.starts[item + 1] - table.starts[item] {
            let saved = cost - table.cost(item, candidate);
            let fits = |limit: usize| {
                let more = table.takes(item, candidate, limit) - table.takes(item, own, limit);
                used[limit] + more <= limits[limit] * (1.0 + ROUNDING)
            };
            if saved > 0.0 && (0..limits.len()).all(fits) {
                let key = (values[candidate] - values[own]) / saved;
                swaps.push(Swap { key, item: item as u32, candidate: candidate as u32 });
            }
        }
    }
    swapped(&mut swaps, |swap, next| {
        let (item, new) = (swap.item as usize, swap.candidate as usize);
        let saves = table.cost(item, new) < table.cost(item, plan[item]);
        after(table, used, item, [plan[item], new], next);
        let good = saves && over(next, limits) == 0.0;
        if good {
            used.copy_from_slice(next);
            plan[item] = new;
        }
        good
    })
}

/// Tries swaps in their order; whether any was done.
fn swapped(swaps: &mut [Swap], mut one: impl FnMut(&Swap, &mut Vec<f64>) -> bool) -> bool {
    let order = |left: &Swap, right: &Swap| {
        let order = left.key.total_cmp(&right.key);
        order.then(left.item.cmp(&right.item)).then(left.candidate.cmp(&right.candidate))
    };
    let mut first = swaps;
    if first.len() > MOST_SWAPS {
        first = first.select_nth_unstable_by(MOST_SWAPS, order).0;
    }
    first.sort_unstable_by(order);
    let mut next = Vec::new();
    // All of them are tried, whatever came of the others.
    first.iter().filter(|swap| one(swap, &mut next)).count() > 0
}
