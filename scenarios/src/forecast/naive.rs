//! Tomorrow as today, or as in the last season.

use super::frame::At;
use super::recursive::{Recursion, Recursive};
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "naive",
    summary: "what was sold last",
    tried: false,
    options: &[],
    fit: |past, _| Some(Box::new(Naive { places: 1, seasonal: false }.unless_unknown(past)?)),
};

pub(super) const SEASONAL: Family = Family {
    name: "seasonal-naive",
    summary: "what was sold in the same season last time",
    tried: false,
    options: &[],
    fit: |past, _| {
        let places = past.frame.inner.places;
        let known = past.periods() >= 2 * places && places > 1;
        known.then(|| Box::new(Naive { places, seasonal: true }) as Box<dyn Fitted>)
    },
};

/// Either of them.
#[derive(Clone, Copy, Debug)]
struct Naive {
    places: usize,
    seasonal: bool,
}

impl Naive {
    fn unless_unknown(self, past: &Past<'_>) -> Option<Naive> {
        (past.seen_and_sold().0 >= 2).then_some(self)
    }
}

impl Fitted for Naive {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let last = vec![past.mean(); self.places];
        Box::new(Recursive::new(Last { last, seasonal: self.seasonal }, past, self.places))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }
}

/// The last demand of each season.
#[derive(Clone)]
struct Last {
    last: Vec<f64>,
    seasonal: bool,
}

impl Last {
    fn place(&self, at: At) -> usize {
        if self.seasonal { at.inner } else { 0 }
    }
}

impl Recursion for Last {
    fn mean(&self, at: At) -> f64 {
        self.last[self.place(at)]
    }

    fn observe(&mut self, at: At, demand: f64) {
        let place = self.place(at);
        self.last[place] = demand;
    }

    fn periods_averaged(&self) -> f64 {
        // What it does not know of the level shows in its errors.
        f64::INFINITY
    }
}
