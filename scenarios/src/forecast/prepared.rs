//! An item's history as forecasts see it: in counts, with what is known of its periods beforehand.

use super::{Frame, Past, Pool, Regressor};
use crate::calendar::Calendar;
use crate::fit::quantum;
use crate::history::Series;

/// An item's history in counts, and the seasons of its periods, some of which come.
pub struct Prepared<'a> {
    /// Its name, by which its random numbers are drawn.
    pub item: String,
    /// Units in a count: the item's smallest unit of sale \[units\].
    pub quantum: f64,
    calendar: &'a Calendar,
    first: usize,
    demand: Vec<f64>,
    seen: Vec<bool>,
    sold_out: Vec<bool>,
    frame: Frame,
    pool: Option<&'a Pool>,
}

impl<'a> Prepared<'a> {
    /// The history `series`, and `ahead` periods after it.
    pub fn new(series: &Series, calendar: &'a Calendar, ahead: usize) -> Prepared<'a> {
        let quantum = quantum(&series.units);
        let periods = series.units.len();
        Prepared {
            item: series.item.clone(),
            quantum,
            calendar,
            first: series.first,
            demand: series.units.iter().map(|units| (units / quantum).round()).collect(),
            seen: series.observed.clone(),
            sold_out: series.sold_out.clone(),
            frame: Frame::new(calendar, series.first, periods, periods + ahead)
                .with_regressors(Regressor::all_of(series)),
            pool: None,
        }
    }

    /// The same, with what items alike say.
    #[must_use]
    pub fn with_pool(self, pool: &'a Pool) -> Prepared<'a> {
        Prepared { pool: Some(pool), ..self }
    }

    /// The history as it was when only `periods` periods were known.
    #[must_use]
    pub fn until(&self, periods: usize) -> Prepared<'a> {
        Prepared {
            demand: self.demand[..periods].to_vec(),
            seen: self.seen[..periods].to_vec(),
            sold_out: self.sold_out[..periods].to_vec(),
            item: self.item.clone(),
            frame: self.frame.clone(),
            ..*self
        }
    }

    /// All that is known.
    pub fn past(&self) -> Past<'_> {
        Past {
            demand: &self.demand,
            seen: &self.seen,
            sold_out: &self.sold_out,
            frame: &self.frame,
            calendar: self.calendar,
            first: self.first,
            pool: self.pool,
        }
    }
}
