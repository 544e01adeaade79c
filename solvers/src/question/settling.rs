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
const FALSE_ALARM: f64 = 1e-5;
/// A difference of less than this share of the stock matters to nobody.
const SMALL: f64 = 0.01;

/// Periods in which the opening stock shows under `policy`, if these are more than the warm-up;
/// else 0.
pub(super) fn unsettled(question: &Question<'_>, policy: &Policy) -> u64 {
    let settings = question.settings;
    let (warm_up, horizon) =
        (settings.warm_up_periods, settings.periods + settings.warm_up_periods);
    // A policy that follows the calendar has a stock that does, too.
    if policy.calendar {
        return 0;
    }
    let drawn = |warm_up: usize| {
        let mut block = Block::zeros(LANES, horizon, warm_up);
        question.level.fill(Coordinates { set: SEARCH_SET, first_scenario: 0 }, &mut block);
        block
    };
    let mut scratch = Scratch::default();
    // Whole batches, in which a rhythm of the policy or of its reviews shows alike.
    let rhythm = policy.rhythm().max(settings.events.repeats_after());
    let batch = BATCH.next_multiple_of(rhythm);
    let (item, events) = (question.item, &settings.events);
    let mut course = policy.course(item, events, &drawn(0), batch, &mut scratch);
    course.truncate(horizon / batch);
    let settled = truncation(&course).map_or(horizon / 2, |batches| batches * batch);
    if settled <= warm_up {
        return 0;
    }
    let mut stock = |from: usize| {
        let (block, mut outcomes) = (drawn(from), Outcomes::default());
        policy.simulate(item, events, &block, Detail::Cost, &mut scratch, &mut outcomes);
        outcomes.stock
    };
    let (all, late) = (stock(warm_up), stock(settled));
    let (early_periods, late_periods) = ((settled - warm_up) as f64, (horizon - settled) as f64);
    let early: Vec<f64> = all.iter().zip(&late).map(|(a, l)| (a - l) / early_periods).collect();
    let late: Vec<f64> = late.iter().map(|stock| stock / late_periods).collect();
    let difference = Estimate::difference(&early, &late);
    let chance = normal_quantile(1.0 - FALSE_ALARM / 2.0) * difference.error;
    let small = SMALL * Estimate::of(&late).mean;
    if difference.mean.abs() <= chance.max(small) {
        return 0;
    }
    if settled == horizon / 2 { horizon as u64 + 1 } else { settled as u64 }
}

#[cfg(test)]
mod tests;
