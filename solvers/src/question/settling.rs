//! Whether the warm-up is long enough.
//!
//! MSER-5 ([`engine::warm_up`]) says from where on the stock of the recommended policy no longer
//! remembers the opening. If that is beyond the warm-up, the difference may still be chance: it
//! counts if the stock until then and after it differ, scenario by scenario, by more than chance
//! explains in one of a hundred thousand items.

use engine::warm_up::{BATCH, truncation};
use engine::{
    Block, Coordinates, Detail, Estimate, LANES, Outcomes, Policy, Scratch, normal_quantile,
};

use super::{Question, SEARCH_SET};

/// Chance of an alarm where nothing is wrong.
pub const FALSE_ALARM: f64 = 1e-5;
/// With fewer batches nothing is judged.
const FEWEST: usize = 12;
/// A difference of less than this share of the stock matters to nobody.
const SMALL: f64 = 0.01;

/// Periods in which the opening stock shows under `policy`, if these are more than the warm-up;
/// else 0.
pub(super) fn unsettled(question: &Question<'_>, policy: &Policy) -> u64 {
    let settings = question.settings;
    let horizon = settings.periods + settings.warm_up_periods;
    // Whole batches of whole rhythms: of the policy, of its reviews, of orders and arrivals.
    let events = &settings.events;
    let batch = BATCH.next_multiple_of(policy.rhythm() * events.rhythm());
    let batches = horizon / batch;
    let warm_up = settings.warm_up_periods.div_ceil(batch);
    // A policy that follows the calendar has a stock that does, too; and few batches say nothing.
    if policy.calendar || batches < FEWEST || warm_up >= batches / 2 {
        return 0;
    }
    let drawn = |warm_up: usize| {
        let mut block = Block::zeros(LANES, batches * batch, warm_up * batch);
        question.level.fill(Coordinates { set: SEARCH_SET, first_scenario: 0 }, &mut block);
        block
    };
    let (item, mut scratch) = (question.item, Scratch::default());
    let course = policy.course(item, events, &drawn(0), batch, &mut scratch);
    let settled = truncation(&course).unwrap_or(batches / 2);
    if settled <= warm_up {
        return 0;
    }
    let mut stock = |from: usize| {
        let (block, mut outcomes) = (drawn(from), Outcomes::default());
        policy.simulate(item, events, &block, Detail::Cost, &mut scratch, &mut outcomes);
        outcomes.stock
    };
    let (all, late) = (stock(warm_up), stock(settled));
    let per_batch = |stock: f64, batches: usize| stock / batches as f64;
    let early = all.iter().zip(&late).map(|(a, l)| per_batch(a - l, settled - warm_up));
    let early: Vec<f64> = early.collect();
    let late: Vec<f64> = late.iter().map(|stock| per_batch(*stock, batches - settled)).collect();
    let difference = Estimate::difference(&early, &late);
    let chance = normal_quantile(1.0 - FALSE_ALARM / 2.0) * difference.error;
    let small = SMALL * Estimate::of(&late).mean;
    if difference.mean.abs() <= chance.max(small) {
        return 0;
    }
    if settled == batches / 2 { horizon as u64 + 1 } else { (settled * batch) as u64 }
}

#[cfg(test)]
mod tests;
