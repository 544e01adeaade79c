//! In which order things happen in a period: part of every study and every report.

use std::fmt;

use crate::{Item, Units};

/// When the item is reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReviewTime {
    /// Receive, order, demand, charge: an order placed in `t` is there in `t + L`, at once if `L` is 0.
    BeforeDemand,
    /// Receive, demand, charge, order: an order placed in `t` is there in `t + 1 + L`.
    AfterDemand,
}

/// What becomes of demand that stock cannot meet.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Unmet {
    /// It waits; shortage is charged per unit and period of waiting.
    Backorder,
    /// It is lost; shortage is charged once per unit.
    Lost,
    /// A share of it is lost, the rest waits; fractions of a unit are rounded at random.
    PartlyLost {
        /// The share that is lost, between 0 and 1.
        lost_fraction: f64,
    },
    /// It waits for some periods and is lost then.
    Patient {
        /// The most periods at whose end a unit waits before it is lost; at least 1.
        periods: usize,
    },
}

impl Unmet {
    /// Whether any of it can be lost.
    pub fn loses(self) -> bool {
        self != Unmet::Backorder
    }

    /// Whether any of it can wait.
    pub fn waits(self) -> bool {
        self != Unmet::Lost
    }
}

/// Periods of a repeated pattern on which something is possible: a delivery weekday, for example.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    length: u32,
    open: u64,
}

impl Days {
    /// Every period.
    pub const ALL: Days = Days { length: 1, open: 1 };
    /// The longest pattern \[periods\].
    pub const LONGEST: usize = 64;

    /// The periods whose place in the pattern is true; `None` if the pattern is empty, never true
    /// or longer than [`Days::LONGEST`].
    pub fn new(pattern: &[bool]) -> Option<Days> {
        let open = (0_u64..).zip(pattern).fold(0, |open, (at, &on)| open | u64::from(on) << at);
        let fits = pattern.len() <= Days::LONGEST && open != 0;
        fits.then_some(Days { length: pattern.len() as u32, open })
    }

    /// Whether `period` is one of them.
    pub fn include(self, period: usize) -> bool {
        self.open >> (period as u64 % u64::from(self.length)) & 1 == 1
    }

    /// The first of them from `period` on.
    pub fn from(self, period: usize) -> usize {
        let pattern = period..period + self.length as usize;
        pattern.into_iter().find(|&period| self.include(period)).unwrap_or(period)
    }

    /// The longest time from one to the next \[periods\].
    pub fn longest_gap(self) -> usize {
        let next = |period| self.from(period + 1) - period;
        (0..self.length as usize).filter(|&p| self.include(p)).map(next).max().unwrap_or(1)
    }
}

/// Which stock holding is charged on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldingOn {
    /// Stock left at the end of the period.
    End,
    /// Mean of the stock before and after the period's demand.
    Average,
}

/// The sequence of events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Events {
    /// When the item is reviewed.
    pub review: ReviewTime,
    /// What becomes of unmet demand.
    pub unmet: Unmet,
    /// Which stock holding is charged on.
    pub holding_on: HoldingOn,
    /// Review period `R`: the item is reviewed every so many periods.
    pub review_every_periods: usize,
    /// The first reviewed period, below `review_every_periods`.
    pub review_phase: usize,
    /// Periods on which an order may be placed; other reviews pass.
    pub ordering_days: Days,
    /// Periods on which goods may arrive; what is due on another waits for the next of them.
    pub receiving_days: Days,
}

impl Events {
    /// Orders before demand, every period; unmet demand waits. The textbooks' usual order.
    pub const BACKORDER: Events = Events {
        review: ReviewTime::BeforeDemand,
        unmet: Unmet::Backorder,
        holding_on: HoldingOn::End,
        review_every_periods: 1,
        review_phase: 0,
        ordering_days: Days::ALL,
        receiving_days: Days::ALL,
    };

    /// Orders before demand, every period; unmet demand is lost.
    pub const LOST: Events = Events { unmet: Unmet::Lost, ..Events::BACKORDER };

    /// Periods whose demand the position just after a review must cover, `L + R`.
    ///
    /// The next order is placed `R` periods later and takes `L` more, whatever the
    /// order of events (Hadley & Whitin, *Analysis of Inventory Systems*, 1963, §5.2).
    pub fn protection_periods(&self, item: &Item) -> usize {
        item.lead_time_periods + self.review_interval()
    }

    /// The longest time between two periods in which an order can be placed, if the review and
    /// the ordering days fall together \[periods\].
    pub fn review_interval(&self) -> usize {
        self.review_every_periods.max(self.ordering_days.longest_gap())
    }

    /// The first period in which an order can be placed; a policy's rhythm counts from there.
    pub fn first_review(&self) -> usize {
        let horizon = self.review_every_periods * Days::LONGEST;
        (0..=horizon).find(|&period| self.reviewed(period)).unwrap_or(self.review_phase)
    }

    /// Periods after which review, ordering and receiving days repeat.
    pub fn rhythm(&self) -> usize {
        self.repeats_after() * self.receiving_days.length as usize
    }

    /// Periods after which review and ordering days repeat.
    pub fn repeats_after(&self) -> usize {
        self.review_every_periods * self.ordering_days.length as usize
    }

    /// Whether the item is reviewed in `period` and an order may be placed.
    pub fn reviewed(&self, period: usize) -> bool {
        let due = (period + self.review_every_periods - self.review_phase)
            .is_multiple_of(self.review_every_periods);
        due && self.ordering_days.include(period)
    }

    /// Whether orders can be placed and goods can arrive on every day.
    pub fn every_day_is_open(&self) -> bool {
        self.ordering_days == Days::ALL && self.receiving_days == Days::ALL
    }

    /// Whether the item is reviewed in every period.
    pub(crate) fn reviewed_always(&self) -> bool {
        self.review_every_periods == 1 && self.ordering_days == Days::ALL
    }

    /// Stock that holding is charged on, summed over periods \[units · periods\], from the sum
    /// at the ends of periods, the demand and the part of it not met at once.
    ///
    /// Stock before demand is the stock after it plus what was sold from the shelf.
    pub(crate) fn charged_stock(&self, end: Units, demand: Units, unmet: Units) -> Units {
        match self.holding_on {
            HoldingOn::End => end,
            HoldingOn::Average => end + 0.5 * (demand - unmet),
        }
    }
}

impl fmt::Display for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = match self.review {
            ReviewTime::BeforeDemand => "receive, order, demand, charge",
            ReviewTime::AfterDemand => "receive, demand, charge, order",
        };
        let unmet = match self.unmet {
            Unmet::Backorder => "waits".to_owned(),
            Unmet::Lost => "is lost".to_owned(),
            Unmet::PartlyLost { lost_fraction } => {
                format!("is lost to {} %, the rest waits", 100.0 * lost_fraction)
            }
            Unmet::Patient { periods: 1 } => "waits one period, then is lost".to_owned(),
            Unmet::Patient { periods } => format!("waits {periods} periods, then is lost"),
        };
        let stock = match self.holding_on {
            HoldingOn::End => "end",
            HoldingOn::Average => "average",
        };
        write!(f, "{order}; unmet demand {unmet}; holding on {stock} stock; review every ")?;
        match self.review_every_periods {
            1 => write!(f, "period")?,
            every => write!(f, "{every} periods from period {}", self.review_phase)?,
        }
        for (days, what) in [(self.ordering_days, "orders"), (self.receiving_days, "arrivals")] {
            if days != Days::ALL {
                write!(f, "; {what} on {days}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = (0..self.length as usize).filter(|&period| self.include(period));
        let names: Vec<String> = open.map(|period| period.to_string()).collect();
        write!(f, "periods {} of every {}", names.join(", "), self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_told_in_words() {
        let weekly = Events { review_every_periods: 6, review_phase: 2, ..Events::LOST };
        let days = Days::new(&[true, false, false, true, false]).unwrap();
        assert_eq!((days.include(8), days.from(6), days.longest_gap()), (true, 8, 3));
        assert_eq!(days.to_string(), "periods 0, 3 of every 5");
        assert_eq!(Days::new(&[false, false]), None);
        assert_eq!(
            weekly.to_string(),
            "receive, order, demand, charge; unmet demand is lost; holding on end stock; \
             review every 6 periods from period 2"
        );
    }
}
