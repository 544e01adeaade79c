//! What happens when.

use crate::Events;

/// What happens when, for all tiles.
#[derive(Default)]
pub(super) struct Schedule {
    /// What it was made for: a search asks for the same one many thousand times.
    pub(super) made_for: Option<(Events, usize, usize)>,
    /// Whether the item is reviewed, by period.
    pub(super) reviewed: Vec<bool>,
    /// When what is due in a period arrives: then, or on the next receiving day.
    pub(super) arrival: Vec<u32>,
}

impl Schedule {
    pub(super) fn set(&mut self, events: &Events, periods: usize, longest: usize) {
        let made_for = Some((*events, periods, longest));
        if self.made_for == made_for {
            return;
        }
        self.made_for = made_for;
        self.reviewed.clear();
        self.reviewed.extend((0..periods).map(|period| events.reviewed(period)));
        self.arrival.clear();
        let due = 0..=periods + longest;
        self.arrival.extend(due.map(|period| events.receiving_days.from(period) as u32));
    }
}
