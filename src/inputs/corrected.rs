//! Sales that look wrong: looked for, and corrected as far as the study wants.

use scenarios::cleaning::{Corrections, Inspection};
use scenarios::{History, PackedSeries};

use crate::table::{counted, shown};

/// What was corrected.
#[derive(Default)]
struct Done {
    /// Sales that were cut, items that had any, and by how many units.
    cut: (usize, usize, f64),
    /// Periods in another unit, items that had any, and the first of them.
    divided: (usize, usize, Option<String>),
}

/// Looks at every series, of which `pack` tells the units in a pack, corrects what is to be, enters it
/// into the history's books and says what was done.
pub(super) fn corrected(
    history: &mut History,
    corrections: Corrections,
    ledger: bool,
    pack: impl Fn(&str) -> Option<f64>,
    file: &str,
) -> Vec<String> {
    let mut done = Done::default();
    let calendar = &history.calendar;
    let mut series_after = PackedSeries::default();
    for (place, mut series) in history.series.iter().enumerate() {
        let pack = pack(&series.item);
        let found = Inspection::corrected(&mut series, calendar, pack, corrections);
        if let Some(quality) = history.quality.get_mut(place) {
            found.count(quality);
        }
        if ledger {
            history.changes.extend(found.changes(place, &series, calendar));
        }
        if corrections.outliers && !found.outliers.is_empty() {
            done.cut.0 += found.outliers.len();
            done.cut.1 += 1;
            done.cut.2 += found.outliers.iter().map(|far| far.units - far.most).sum::<f64>();
        }
        let wrong: Vec<_> =
            found.unit_mistakes.iter().filter(|wrong| wrong.is_plausible()).collect();
        if let (true, Some(first)) = (corrections.unit_mistakes, wrong.first()) {
            done.divided.0 += wrong.iter().map(|wrong| wrong.to - wrong.from).sum::<usize>();
            done.divided.1 += 1;
            done.divided.2.get_or_insert_with(|| {
                let date = calendar.start_of(series.first + first.from);
                format!("`{}` from {date} by {}", shown(&series.item), factor(first.factor))
            });
        }
        series_after.push(&series);
    }
    history.series = series_after;
    history.changes.sort_by_key(|change| (change.series, change.from, change.kind));
    done.notes(&shown(file), history.calendar.length().name())
}

impl Done {
    fn notes(self, file: &str, period: &str) -> Vec<String> {
        let mut notes = Vec::new();
        let (periods, items, first) = self.divided;
        if let Some(first) = first {
            let periods = counted(periods, period, &format!("{period}s"));
            let items = counted(items, "item", "items");
            notes.push(format!(
                "{file}: sales in {periods} of {items} look entered in another unit and were divided \
                 by the factor, first {first}"
            ));
        }
        let (sales, items, units) = self.cut;
        if sales > 0 {
            let sales = counted(sales, "sale", "sales");
            let items = counted(items, "item", "items");
            notes.push(format!(
                "{file}: {sales} of {items} cut to the most that is usual, by {units} units in all"
            ));
        }
        notes
    }
}

/// `12`, or `1/12`.
pub(crate) fn factor(factor: f64) -> String {
    if factor < 1.0 { format!("1/{}", (1.0 / factor).round()) } else { factor.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use scenarios::{Calendar, Length, Series, Weekday};

    #[test]
    fn what_is_far_above_the_usual_is_cut_and_counted() {
        let first = "2024-01-01".parse().expect("a date");
        let calendar = Calendar::new(Length::Week, Weekday::Monday, &[], &[], first);
        let usual: Vec<f64> = (0..40).map(|week| f64::from(5 + week % 3)).collect();
        let mut odd = usual.clone();
        odd[7] = 800.0;
        let series = vec![Series::new("a", 0, usual.clone()), Series::new("b", 0, odd)];
        let mut history = History::new(calendar, series);
        let cut = Corrections { outliers: true, unit_mistakes: false };
        let mut notes = || corrected(&mut history, cut, true, |_| None, "s.csv");
        let note = notes().remove(0);
        assert_eq!(notes(), [""; 0]);
        let most = history.series.get(1).units[7];
        assert!(most > 7.0 && most < 200.0, "{most}");
        let by = 800.0 - most;
        assert_eq!(
            note,
            format!("s.csv: 1 sale of 1 item cut to the most that is usual, by {by} units in all")
        );
        assert_eq!(history.series.get(0).units, usual);
        assert_eq!(history.changes.len(), 1);
    }

    #[test]
    fn what_was_sold_by_the_dozen_is_divided_where_the_study_wants_it() {
        let first = "2024-01-01".parse().expect("a date");
        let calendar = Calendar::new(Length::Week, Weekday::Monday, &[], &[], first);
        let units = |week: u32| {
            f64::from((50 + week * 7 % 13) * if (20..40).contains(&week) { 12 } else { 1 })
        };
        let series = vec![Series::new("eggs", 0, (0..60).map(units).collect())];
        let mut history = History::new(calendar, series);
        let divide = Corrections { outliers: false, unit_mistakes: true };
        let notes = corrected(&mut history, divide, false, |_| Some(12.0), "s.csv");
        assert_eq!(
            notes,
            [
                "s.csv: sales in 20 weeks of 1 item look entered in another unit and were divided by the \
              factor, first `eggs` from 2024-05-20 by 12"
            ]
        );
        assert!(history.series.get(0).units.iter().all(|units| (50.0..63.0).contains(units)));
        assert!(history.changes.is_empty());
        assert_eq!((factor(100.0), factor(1.0 / 12.0)), ("100".into(), "1/12".into()));
    }
}
