//! A history as bytes, for processes that did not read it.

use super::{History, PackedSeries};
use crate::bytes::{column, one, put};
use crate::calendar::{Calendar, Date, Length, Weekday};

/// Least bytes of a piece but the first and the last.
const PIECE: usize = 1 << 22;

impl History {
    /// What demand is computed from, all but books and notes of how the table was read, in pieces.
    pub fn pieces(&self) -> impl Iterator<Item = Vec<u8>> {
        let mut head = self.calendar.packed();
        put(&mut head, &[self.rows as u64, self.periods as u64]);
        std::iter::once(head).chain(self.series.pieces(PIECE).map(<[u8]>::to_vec))
    }

    /// A history without series, from the first piece of another.
    ///
    /// # Panics
    ///
    /// If these are not its bytes.
    pub fn begun(bytes: &[u8]) -> History {
        let mut rest = bytes;
        let calendar = Calendar::unpacked(&mut rest);
        let [rows, periods]: [u64; 2] = one(&mut rest);
        let (rows, periods, series) = (rows as usize, periods as usize, PackedSeries::default());
        let (quality, changes, notes) = (Vec::new(), Vec::new(), Vec::new());
        History { calendar, rows, periods, series, quality, changes, notes }
    }

    /// Adds the series of a further piece.
    ///
    /// # Panics
    ///
    /// If these are not its bytes.
    pub fn go_on(&mut self, bytes: &[u8]) {
        self.series.go_on(bytes);
    }
}

impl Calendar {
    fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let length = match self.length {
            Length::Day => 0,
            Length::Week => 1,
            Length::Month => 2,
        };
        put(&mut bytes, &[length, self.closed.len() as u64]);
        put(&mut bytes, &[self.periods_per_year]);
        put(&mut bytes, &[self.first]);
        bytes.extend(self.open_weekdays.map(u8::from));
        put(&mut bytes, &self.closed);
        bytes
    }

    fn unpacked(rest: &mut &[u8]) -> Calendar {
        let [length, closed]: [u64; 2] = one(rest);
        let length = [Length::Day, Length::Week, Length::Month][length as usize];
        let periods_per_year: f64 = one(rest);
        let first: Date = one(rest);
        let open: [u8; 7] = one(rest);
        let is_closed = |weekday: &Weekday| open[weekday.index()] == 0;
        let weekdays: Vec<Weekday> = Weekday::ALL.into_iter().filter(is_closed).collect();
        let dates: Vec<Date> = column(rest, closed as usize).collect();
        // The first day is one on which a period begins, so it stays what it is.
        let starts = first.weekday();
        let mut calendar = Calendar::new(length, starts, &weekdays, &dates, first);
        calendar.periods_per_year = periods_per_year;
        calendar
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Series;

    #[test]
    fn a_history_comes_out_as_it_went_in() {
        let date = |text: &str| -> Date { text.parse().expect("a date") };
        let sunday = [Weekday::Sunday];
        let closed = [date("2024-01-09"), date("2024-12-25")];
        let open = ["2024-01-02", "2024-01-04", "2024-01-11", "2024-01-16"].map(date);
        let series = vec![
            Series::new("plain", 0, vec![1.0, 0.0, 2.5]),
            Series {
                observed: vec![true, false],
                sold_out: vec![false, true],
                price: Some(3.5),
                promoted: 0.25,
                prices: vec![3.0, 4.0],
                promotions: vec![0.0, 1.0],
                ..Series::new("ä@b", 7, vec![1.0, 9.0])
            },
            Series { prices: vec![1.0], ..Series::new("", 3, vec![]) },
        ];
        let first = date("2024-01-06");
        let calendars = [
            Calendar::new(Length::Day, Weekday::Monday, &sunday, &closed, first),
            Calendar::new(Length::Week, Weekday::Thursday, &[], &[], first),
            Calendar::new(Length::Week, Weekday::Thursday, &sunday, &closed, first),
            Calendar::new(Length::Month, Weekday::Monday, &[], &closed, first),
            Calendar::observed(&open, &sunday, &closed).expect("days are open"),
        ];
        for calendar in calendars {
            let history = History::new(calendar, series.clone());
            assert_eq!(heard(&history), history);
        }
        let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
        let mut empty = History::new(calendar.clone(), Vec::new());
        empty.rows = 5;
        assert_eq!(heard(&empty), empty);
        let long = Series::new("long", 0, vec![0.1; PIECE / 16]);
        let many = History::new(calendar, vec![long; 5]);
        assert_eq!((heard(&many), many.pieces().count()), (many.clone(), 4));
    }

    fn heard(history: &History) -> History {
        let mut pieces = history.pieces();
        let mut heard = History::begun(&pieces.next().expect("there is a first"));
        pieces.for_each(|piece| heard.go_on(&piece));
        heard
    }
}
