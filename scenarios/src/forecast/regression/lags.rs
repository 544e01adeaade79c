//! What a regression remembers of demand.

use crate::forecast::Past;

/// The longest mean \[periods\].
const LONGEST: usize = 28;

/// Lengths of what is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::forecast) struct Windows {
    /// Periods of the short mean: a whole season, where there is one.
    pub(in crate::forecast) short: usize,
    /// Periods of the long mean.
    pub(in crate::forecast) long: usize,
    /// Periods in the inner cycle; 1 if there is none.
    pub(in crate::forecast) season: usize,
}

impl Windows {
    /// A week and four where periods are days, a month and a quarter where they are weeks, and a
    /// quarter and a year where they are months.
    pub(in crate::forecast) fn of(past: &Past<'_>) -> Windows {
        let season = past.frame.inner.places;
        let (short, long) = match past.frame.periods_per_year {
            year if year > 100.0 => {
                let week = if season > 1 { season } else { 7 };
                (week, 4 * week)
            }
            year if year > 20.0 => (4, 13),
            _ => (3, 12),
        };
        Windows { short, long: long.min(LONGEST), season }
    }
}

/// The latest demand.
#[derive(Clone)]
pub(in crate::forecast) struct Lags {
    recent: [f64; LONGEST],
    count: usize,
    windows: Windows,
    /// Mean of the short window, or of what there is of it \[counts/period\].
    pub(in crate::forecast) short: f64,
    /// The same of the long window \[counts/period\].
    pub(in crate::forecast) long: f64,
}

impl Lags {
    /// Before any demand.
    pub(in crate::forecast) fn new(windows: Windows) -> Lags {
        Lags { recent: [0.0; LONGEST], count: 0, windows, short: 0.0, long: 0.0 }
    }

    /// Demand came.
    pub(in crate::forecast) fn observe(&mut self, demand: f64) {
        self.recent[self.count % LONGEST] = demand;
        self.count += 1;
        self.short = self.mean(self.windows.short);
        self.long = self.mean(self.windows.long);
    }

    /// A period of which nothing is known: as the last ones were.
    pub(in crate::forecast) fn pass(&mut self) {
        self.observe(self.short);
    }

    /// Mean of the last `periods` \[counts/period\].
    fn mean(&self, periods: usize) -> f64 {
        let periods = periods.min(self.count);
        let sum: f64 = (1..=periods).map(|back| self.back(back)).sum();
        sum / periods as f64
    }

    /// Demand so many periods back \[counts/period\].
    fn back(&self, periods: usize) -> f64 {
        self.recent[(self.count + LONGEST - periods) % LONGEST]
    }

    /// The last demand \[counts/period\]; 0 before any.
    pub(in crate::forecast) fn last(&self) -> f64 {
        self.back(1)
    }

    /// Demand in the same place of the last cycle, or the short mean if there is none
    /// \[counts/period\].
    pub(in crate::forecast) fn season(&self) -> f64 {
        let season = self.windows.season;
        if season > 1 && self.count >= season { self.back(season) } else { self.short }
    }

    /// Goes through `past`; tells `each` period in which demand was seen what was remembered then.
    pub(in crate::forecast) fn through(
        &mut self,
        past: &Past<'_>,
        mut each: impl FnMut(usize, f64, &Lags),
    ) {
        for (period, &demand) in past.demand.iter().enumerate() {
            if past.seen[period] {
                each(period, demand, self);
                self.observe(demand);
            } else if past.sold_out[period] && demand > self.short {
                self.observe(demand);
            } else {
                self.pass();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_are_those_of_the_latest_periods() {
        let mut lags = Lags::new(Windows { short: 3, long: 28, season: 3 });
        assert_eq!((lags.last(), lags.short, lags.season()), (0.0, 0.0, 0.0));
        for demand in 1..=40 {
            lags.observe(f64::from(demand));
        }
        assert_eq!((lags.last(), lags.short, lags.long, lags.season()), (40.0, 39.0, 26.5, 38.0));
        lags.pass();
        assert_eq!((lags.last(), lags.season()), (39.0, 39.0));
    }
}
