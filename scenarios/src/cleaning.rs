//! What was changed of a history, what looks wrong in it, and how good it is.

use crate::calendar::{Calendar, Date};
use crate::history::Series;
use crate::outliers::{Outlier, outliers};
use crate::unit_mistakes::{UnitMistake, unit_mistakes};

/// What was changed, or what looks wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Periods without a row.
    Missing,
    /// Rows on closed days, without a sale.
    Closed,
    /// Several rows of a day.
    Duplicate,
    /// Negative units.
    Return,
    /// Periods in which the item was sold out.
    SoldOut,
    /// Sales in another unit: by the ten, the hundred or the pack.
    UnitMistake,
    /// Sales far above the usual.
    Outlier,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 7] = [
        Kind::Missing,
        Kind::Closed,
        Kind::Duplicate,
        Kind::Return,
        Kind::SoldOut,
        Kind::UnitMistake,
        Kind::Outlier,
    ];

    /// In a word or two.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Missing => "missing",
            Kind::Closed => "closed",
            Kind::Duplicate => "duplicate",
            Kind::Return => "return",
            Kind::SoldOut => "sold out",
            Kind::UnitMistake => "unit mistake",
            Kind::Outlier => "outlier",
        }
    }

    /// Whether it is told by rows of the table, and not by periods.
    pub fn is_of_rows(self) -> bool {
        matches!(self, Kind::Closed | Kind::Duplicate | Kind::Return)
    }
}

/// A line of the ledger: what was found of an item in some periods or rows, and what was made of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Place of the item's series.
    pub series: usize,
    /// What was found.
    pub kind: Kind,
    /// First day it was found on.
    pub from: Date,
    /// Day on which the last of its periods begins.
    pub to: Date,
    /// Number of its rows, or of its periods.
    pub count: usize,
    /// Units in the table; `None` if there are none.
    pub found: Option<f64>,
    /// Units that are used; `None` if they are not known.
    pub used: Option<f64>,
    /// How many times the usual that is, where it looks like a factor.
    pub factor: Option<f64>,
}

/// How good the history of an item is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    /// Periods from its first row to the end of the table.
    pub periods: usize,
    /// Rows, without those on closed days.
    pub rows: usize,
    /// Periods without a row.
    pub missing: usize,
    /// Whether these say nothing, and not that nothing was sold.
    pub missing_is_unknown: bool,
    /// Periods in which it was sold out.
    pub sold_out: usize,
    /// Rows beyond the first of a day.
    pub duplicates: usize,
    /// Rows of negative units.
    pub returns: usize,
    /// Sum of these \[units\].
    pub returned_units: f64,
    /// Periods with more returns than sales.
    pub negative: usize,
    /// Periods with sales in another unit.
    pub unit_mistakes: usize,
    /// Periods with sales far above the usual.
    pub outliers: usize,
    /// Periods since the last one with a row.
    pub since_last_row: usize,
}

impl Quality {
    /// Share of periods that say how much was demanded.
    pub fn completeness(&self) -> f64 {
        let missing = if self.missing_is_unknown { self.missing } else { 0 };
        self.share(self.periods - missing - self.sold_out)
    }

    /// Share of periods up to the last one with a row: less where rows stop before the table ends.
    pub fn timeliness(&self) -> f64 {
        self.share(self.periods - self.since_last_row)
    }

    /// Share of periods whose sales are plausible: neither negative, nor in another unit, nor far above
    /// the usual.
    pub fn accuracy(&self) -> f64 {
        let odd = self.negative + self.unit_mistakes + self.outliers;
        self.share(self.periods - odd.min(self.periods))
    }

    fn share(&self, periods: usize) -> f64 {
        if self.periods == 0 { 1.0 } else { periods as f64 / self.periods as f64 }
    }

    /// The sums of both.
    #[must_use]
    pub fn plus(self, other: Quality) -> Quality {
        Quality {
            periods: self.periods + other.periods,
            rows: self.rows + other.rows,
            missing: self.missing + other.missing,
            missing_is_unknown: self.missing_is_unknown || other.missing_is_unknown,
            sold_out: self.sold_out + other.sold_out,
            duplicates: self.duplicates + other.duplicates,
            returns: self.returns + other.returns,
            returned_units: self.returned_units + other.returned_units,
            negative: self.negative + other.negative,
            unit_mistakes: self.unit_mistakes + other.unit_mistakes,
            outliers: self.outliers + other.outliers,
            since_last_row: self.since_last_row + other.since_last_row,
        }
    }
}

/// What looks wrong in a series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Inspection {
    /// Periods with sales in another unit.
    pub unit_mistakes: Vec<UnitMistake>,
    /// Sales far above the usual.
    pub outliers: Vec<Outlier>,
}

/// What is to be done about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Corrections {
    /// Sales in another unit are divided by the factor, if that is [plausible](UnitMistake::is_plausible).
    pub unit_mistakes: bool,
    /// Sales far above the usual are cut to the most that is usual.
    pub outliers: bool,
}

impl Inspection {
    /// Looks at a series, of which `pack` units are in a pack, if that is known.
    pub fn of(series: &Series, calendar: &Calendar, pack: Option<f64>) -> Inspection {
        let unit_mistakes = unit_mistakes(series, pack);
        let mut outliers = outliers(series, calendar);
        // What is sold by the hundred is no wholesale order as well.
        outliers.retain(|outlier| {
            !unit_mistakes.iter().any(|wrong| (wrong.from..wrong.to).contains(&outlier.place))
        });
        Inspection { unit_mistakes, outliers }
    }

    /// Looks at a series, and corrects it as far as it is to be.
    pub fn corrected(
        series: &mut Series,
        calendar: &Calendar,
        pack: Option<f64>,
        corrections: Corrections,
    ) -> Inspection {
        let mut found = Inspection::of(series, calendar, pack);
        if corrections.unit_mistakes && found.unit_mistakes.iter().any(UnitMistake::is_plausible) {
            // What is sold in whole units stays so.
            let whole = series.units.iter().all(|units| units.fract() == 0.0);
            for wrong in found.unit_mistakes.iter().filter(|wrong| wrong.is_plausible()) {
                for units in &mut series.units[wrong.from..wrong.to] {
                    *units /= wrong.factor;
                    *units = if whole { units.round() } else { *units };
                }
            }
            // What was usual is another matter now.
            found.outliers = outliers(series, calendar);
        }
        if corrections.outliers {
            for outlier in &found.outliers {
                series.units[outlier.place] = outlier.most;
            }
        }
        found
    }

    /// Enters what was found into the books.
    pub fn count(&self, quality: &mut Quality) {
        let periods = self.unit_mistakes.iter().map(|wrong| wrong.to - wrong.from);
        quality.unit_mistakes += periods.sum::<usize>();
        quality.outliers += self.outliers.len();
    }

    /// Lines of the ledger for what was found in the series at `place`, which is `corrected` by now as
    /// far as it is to be.
    pub fn changes(&self, place: usize, corrected: &Series, calendar: &Calendar) -> Vec<Change> {
        let date = |at: usize| calendar.start_of(corrected.first + at);
        let sums = |from: usize, to: usize| corrected.units[from..to].iter().sum::<f64>();
        let wrong = self.unit_mistakes.iter().map(|wrong| Change {
            series: place,
            kind: Kind::UnitMistake,
            from: date(wrong.from),
            to: date(wrong.to - 1),
            count: wrong.to - wrong.from,
            found: Some(wrong.units),
            used: Some(sums(wrong.from, wrong.to)),
            factor: Some(wrong.factor),
        });
        let far = self.outliers.iter().map(|outlier| Change {
            series: place,
            kind: Kind::Outlier,
            from: date(outlier.place),
            to: date(outlier.place),
            count: 1,
            found: Some(outlier.units),
            used: Some(corrected.units[outlier.place]),
            factor: None,
        });
        wrong.chain(far).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Length, Weekday};

    /// Weeks of about 240, some of them by the dozen, and one of 9,000.
    fn sales() -> Series {
        let mut units: Vec<f64> = (0..104).map(|week| f64::from(200 + week * 37 % 80)).collect();
        for units in &mut units[30..50] {
            *units *= 12.0;
        }
        units[80] = 9_000.0;
        Series::new("bolts", 0, units)
    }

    #[test]
    fn what_is_wrong_is_told_and_corrected_on_request() {
        let first = Date::from_ymd(2024, 1, 1).expect("a date");
        let calendar = Calendar::new(Length::Week, Weekday::Monday, &[], &[], first);
        let mut series = sales();
        let neither = Corrections::default();
        let found = Inspection::corrected(&mut series, &calendar, Some(12.0), neither);
        assert_eq!(series, sales());
        assert_eq!(found, Inspection::of(&series, &calendar, Some(12.0)));
        let both = Corrections { unit_mistakes: true, outliers: true };
        let found = Inspection::corrected(&mut series, &calendar, Some(12.0), both);
        assert_eq!(
            series.units[30..50],
            sales().units[30..50].iter().map(|u| u / 12.0).collect::<Vec<_>>()
        );
        assert!(series.units[80] < 2_000.0 && series.units[80] > 280.0, "{}", series.units[80]);
        let changes = found.changes(5, &series, &calendar);
        let kinds: Vec<(Kind, usize)> = changes.iter().map(|c| (c.kind, c.count)).collect();
        assert_eq!(kinds, [(Kind::UnitMistake, 20), (Kind::Outlier, 1)]);
        let sold: f64 = sales().units[30..50].iter().sum();
        assert_eq!(changes[0].found, Some(sold));
        assert_eq!(changes[1].found, Some(9_000.0));
        assert_eq!(changes[1].used, Some(series.units[80]));
        assert_eq!(changes[0].from.to_string(), "2024-07-29");
        let mut quality = Quality { periods: 104, rows: 104, ..Quality::default() };
        found.count(&mut quality);
        assert_eq!((quality.unit_mistakes, quality.outliers), (20, 1));
        assert!((quality.accuracy() - 83.0 / 104.0).abs() < 1e-12);
    }

    #[test]
    fn quality_is_shares_of_periods() {
        let item = Quality {
            periods: 100,
            rows: 80,
            missing: 20,
            sold_out: 5,
            negative: 1,
            since_last_row: 10,
            ..Quality::default()
        };
        assert_eq!((item.completeness(), item.timeliness(), item.accuracy()), (0.95, 0.9, 0.99));
        let unknown = Quality { missing_is_unknown: true, ..item };
        assert_eq!(unknown.completeness(), 0.75);
        let both = item.plus(item);
        assert_eq!((both.periods, both.completeness()), (200, 0.95));
        assert_eq!(Quality::default().accuracy(), 1.0);
    }
}
