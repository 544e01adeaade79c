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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// It waits; shortage is charged per unit and period of waiting.
    Backorder,
    /// It is lost; shortage is charged once per unit.
    Lost,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl Events {
    /// Orders before demand, every period; unmet demand waits. The textbooks' usual order.
    pub const BACKORDER: Events = Events {
        review: ReviewTime::BeforeDemand,
        unmet: Unmet::Backorder,
        holding_on: HoldingOn::End,
        review_every_periods: 1,
        review_phase: 0,
    };

    /// Orders before demand, every period; unmet demand is lost.
    pub const LOST: Events = Events { unmet: Unmet::Lost, ..Events::BACKORDER };

    /// Periods whose demand the position just after a review must cover, `L + R`.
    ///
    /// The next order is placed `R` periods later and takes `L` more, whatever the
    /// order of events (Hadley & Whitin, *Analysis of Inventory Systems*, 1963, §5.2).
    pub fn protection_periods(&self, item: &Item) -> usize {
        item.lead_time_periods + self.review_every_periods
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
            Unmet::Backorder => "waits",
            Unmet::Lost => "is lost",
        };
        let stock = match self.holding_on {
            HoldingOn::End => "end",
            HoldingOn::Average => "average",
        };
        write!(f, "{order}; unmet demand {unmet}; holding on {stock} stock; review every ")?;
        match self.review_every_periods {
            1 => write!(f, "period"),
            every => write!(f, "{every} periods from period {}", self.review_phase),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_told_in_words() {
        let weekly = Events { review_every_periods: 6, review_phase: 2, ..Events::LOST };
        assert_eq!(
            weekly.to_string(),
            "receive, order, demand, charge; unmet demand is lost; holding on end stock; \
             review every 6 periods from period 2"
        );
    }
}
