//! Orders on their way, where each lane has a lead time of its own.

use super::measured::Part;
use super::{Way, part, part_mut};
use crate::lane::{Lane, Row};

/// More different lead times than this are placed lane by lane.
const FEW: usize = 16;

/// Puts orders where they are due, each lane's after its own lead time.
#[inline(always)]
pub(super) fn place<L: Lane, const N: usize>(
    way: &Way<'_, L>,
    period: usize,
    due: usize,
    placed: &Part<L, N>,
    held: &mut Part<i16, N>,
    pipeline: &mut [Row<L>],
) {
    let mask = pipeline.len() - 1;
    let [shortest, longest] = way.lead_times.range;
    let drawn = part::<i16, N>(&way.lead_times.rows[period], way.offset);
    let mut lead_times = [0; N];
    for lane in 0..N {
        // What would overtake an earlier order waits for it.
        let wait = if way.in_order { held.0[lane] } else { 0 };
        let lead_time = drawn[lane].max(wait);
        lead_times[lane] = lead_time;
        held.0[lane] = if placed.0[lane] > L::ZERO { lead_time } else { held.0[lane] };
    }
    if longest - shortest < FEW {
        for lead_time in shortest..=longest {
            let slot = way.schedule.arrival[due + lead_time] as usize & mask;
            let slot = part_mut::<L, N>(&mut pipeline[slot], way.offset);
            for lane in 0..N {
                let now = lead_times[lane] == lead_time as i16;
                slot[lane] = slot[lane].plus(if now { placed.0[lane] } else { L::ZERO });
            }
        }
    } else {
        for lane in 0..N {
            let slot = way.schedule.arrival[due + lead_times[lane] as usize] as usize & mask;
            let slot = &mut pipeline[slot].0[way.offset + lane];
            *slot = slot.plus(placed.0[lane]);
        }
    }
}
