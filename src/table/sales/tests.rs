use std::sync::Mutex;

use scenarios::{Length, Series, Weekday};

use super::*;
use crate::table::decode::tests::packed;

mod messages;
mod properties;

/// A small generator for tests: the same numbers every time.
pub(in crate::table) struct Dice(u64);

impl Dice {
    pub(in crate::table) fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`.
    pub(in crate::table) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % end as u64) as usize
    }

    fn shuffle<T>(&mut self, values: &mut [T]) {
        for index in (1..values.len()).rev() {
            values.swap(index, self.below(index + 1));
        }
    }

    /// `table` with a few bytes changed, cut, repeated, or all of them random; at times packed.
    pub(in crate::table) fn mutated(&mut self, table: &[u8]) -> Vec<u8> {
        const NASTY: &[u8] = b"\",;\n\r\0\t\x1b\xef\xbb\xbf\xff\xfe\x80-+.eE019n@";
        let mut bytes = table.to_vec();
        for _ in 0..self.below(4) {
            let at = self.below(bytes.len() + 1);
            let to = (at + self.below(8)).min(bytes.len());
            match self.below(5) {
                0 => bytes.insert(at, NASTY[self.below(NASTY.len())]),
                1 => drop(bytes.drain(at..to)),
                2 => bytes.truncate(at),
                3 => bytes.extend_from_within(at..to),
                _ if self.below(20) == 0 => {
                    bytes = (0..self.below(200)).map(|_| self.below(256) as u8).collect();
                }
                _ => bytes.insert(at, self.below(256) as u8),
            }
        }
        if self.below(8) == 0 {
            bytes = packed(&bytes);
            let at = self.below(bytes.len());
            bytes[at] ^= 1 << self.below(12).min(7);
        }
        bytes
    }
}

/// The history in `bytes`, or what is wrong with them: the same in one go and in many pieces.
fn read(file: &str, bytes: &[u8], options: &SalesOptions) -> Result<History, Problems> {
    let team = Team::solo(2).expect("threads");
    let whole = read_sales(file, bytes, options, &team);
    for piece in [40, 300] {
        let heard = Mutex::new(Vec::new());
        let hear = |what: Heard| {
            let heard = &mut *heard.lock().expect("nothing panics");
            match what {
                Heard::Bytes(bytes) => heard.extend_from_slice(&bytes),
                Heard::Again => heard.clear(),
            }
        };
        let source = &mut Cursor::new(bytes);
        let found = in_pieces(file, Some(source), options, (&team, &hear), piece);
        let found = found.map_err(|unread| match unread {
            Unread::Table(problems) => problems,
            Unread::Disk(reason) => panic!("{reason}"),
        });
        assert_eq!(whole, found);
        // What a refused study says does not matter.
        let heard = heard.into_inner().expect("nothing panics");
        assert!(heard == bytes || found.is_err() && heard.is_empty());
    }
    whole.map(|history| history.expect("this is rank 0"))
}

fn options() -> SalesOptions {
    SalesOptions::default()
}

fn read_with(table: &str, options: &SalesOptions) -> Result<History, String> {
    let text =
        |bytes: &[u8]| read("sales.csv", bytes, options).map_err(|problems| problems.to_string());
    let plain = text(table.as_bytes());
    assert_eq!(plain, text(&packed(table.as_bytes())));
    plain
}

/// The history in rows under the usual header.
fn history(rows: &str, options: &SalesOptions) -> History {
    let table = format!("date,item,units\n{rows}");
    read_with(&table, options).unwrap_or_else(|problems| panic!("{problems}"))
}

/// What is wrong with rows under the usual header.
fn refusal(rows: &str, options: &SalesOptions) -> String {
    read_with(&format!("date,item,units\n{rows}"), options).expect_err("refused")
}

fn only(history: &History) -> Series {
    assert_eq!(history.series.len(), 1);
    history.series.get(0)
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

#[test]
fn rows_become_series_from_the_first_row_to_the_end_of_the_table() {
    let table = "unique_id,ds,y,price,promotion,in_stock\n\
                 B,2024-01-02,5,2.0,0,1\n\
                 A,2024-01-01,1,3.5,yes,TRUE\n\
                 A,2024-01-03,3,,no,0\n\
                 A,2024-01-02,2,3.0,0,1\n\
                 B,2024-01-03,0,1.0,0,1\n";
    let history = read_with(table, &options()).expect("valid");
    assert_eq!((history.periods, history.first_day()), (3, date("2024-01-01")));
    let first = Series {
        observed: vec![true, true, false],
        sold_out: vec![false, false, true],
        price: Some(3.25),
        promoted: 1.0 / 3.0,
        prices: vec![3.5, 3.0, 3.0],
        promotions: vec![1.0, 0.0, 0.0],
        ..Series::new("A", 0, vec![1.0, 2.0, 3.0])
    };
    let second =
        Series { price: Some(1.5), prices: vec![2.0, 1.0], ..Series::new("B", 1, vec![5.0, 0.0]) };
    assert_eq!(history.series, vec![first, second].into());
    let note =
        "sales.csv: out of stock in 1 of 5 item days, where demand was at least what was sold";
    assert_eq!(history.notes, [note]);
}

#[test]
fn gaps_are_refused_filled_or_unknown() {
    let rows = "2024-01-01,A,1\n2024-01-04,A,4\n2024-01-03,B,3\n\
                2024-01-01,C,1\n2024-01-02,C,0\n2024-01-03,C,0\n2024-01-04,C,0\n";
    let message = refusal(rows, &options());
    let expected = "sales.csv: 3 gaps: 2 of 3 items have a day without a row; the first is `A` on \
     2024-01-02; set `gaps = \"zero\"` if no row means that nothing was sold, or `gaps \
    = \"missing\"` if it is unknown";
    assert_eq!(message, expected);
    let closed = refusal("2024-01-01,A,1\n2024-01-03,A,1\n", &options());
    assert!(closed.contains("1 gap: 1 of 1 item has a day without a row"), "{closed}");
    assert!(
        closed.ends_with(
            "on 1 day no item has a row: if nobody was open, set `closed \
     = \"auto\"` or list the days"
        ),
        "{closed}"
    );

    let zero = history(rows, &SalesOptions { gaps: Gaps::Zero, ..options() });
    assert_eq!(zero.series.get(0).units, [1.0, 0.0, 0.0, 4.0]);
    assert_eq!((zero.series.get(1).first, &zero.series.get(1).units[..]), (2, &[3.0, 0.0][..]));
    assert!(zero.series.iter().all(|series| series.observed.iter().all(|seen| *seen)));
    assert!(
        zero.notes[0].ends_with("the first is `A` on 2024-01-02; filled with 0"),
        "{:?}",
        zero.notes
    );

    let missing = history(rows, &SalesOptions { gaps: Gaps::Missing, ..options() });
    assert_eq!(missing.series.get(0).units, [1.0, 0.0, 0.0, 4.0]);
    assert_eq!(missing.series.get(0).observed, [true, false, false, true]);
    assert_eq!(missing.series.get(1).observed, [true, false]);
}

#[test]
fn duplicates_are_refused_summed_or_left_out() {
    let rows = "2024-01-01,A,1\n2024-01-01,A,2\n2024-01-01,B,4\n2024-01-01,A,8\n";
    let message = refusal(rows, &options());
    assert_eq!(message.lines().count(), 2, "{message}");
    assert!(
        message.starts_with("sales.csv:3: `A` has another row on 2024-01-01, in line 2; "),
        "{message}"
    );
    let with = |duplicates| history(rows, &SalesOptions { duplicates, ..options() });
    let sum = with(Duplicates::Sum);
    assert_eq!((sum.series.get(0).units[0], sum.series.get(1).units[0]), (11.0, 4.0));
    assert_eq!(
        sum.notes,
        ["sales.csv: 2 rows of an item and date that already had one, added to the first \
             (`duplicates`)"]
    );
    let first = with(Duplicates::First);
    assert_eq!((first.series.get(0).units[0], first.series.get(1).units[0]), (1.0, 4.0));
}

#[test]
fn returns_are_refused_subtracted_or_dropped() {
    let rows = "2024-01-01,A,5\n2024-01-02,A,-2\n2024-01-03,A,1\n";
    let message = refusal(rows, &options());
    assert!(
        message.starts_with(
            "sales.csv:3:units: `-2` is negative; if it is a return, set `returns = \"net\"`"
        ),
        "{message}"
    );
    let net = history(rows, &SalesOptions { returns: Returns::Net, ..options() });
    assert_eq!(only(&net).units, [5.0, 0.0, 1.0]);
    assert_eq!(net.notes, ["sales.csv: more returns than sales in 1 item day, counted as 0"]);
    let week = SalesOptions { returns: Returns::Net, period: Length::Week, ..options() };
    assert_eq!(only(&history(rows, &week)).units, [4.0]);
    let drop = history(rows, &SalesOptions { returns: Returns::Drop, ..options() });
    assert_eq!(only(&drop).units, [5.0, 0.0, 1.0]);
    assert_eq!(drop.notes, ["sales.csv: 1 row of negative units counted as 0 (`returns`)"]);
}

#[test]
fn rows_of_a_week_or_month_are_summed() {
    let table = "date,item,units,in_stock\n2024-01-03,A,1,1\n2024-01-05,A,2,0\n\
                 2024-01-08,A,4,1\n2024-02-29,A,8,1\n";
    let week = SalesOptions { period: Length::Week, gaps: Gaps::Zero, ..options() };
    let history = read_with(table, &week).expect("valid");
    assert_eq!(only(&history).units, [3.0, 4.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 8.0]);
    assert_eq!(only(&history).observed[..2], [false, true]);
    let month = SalesOptions { period: Length::Month, ..options() };
    let history = read_with(table, &month).expect("valid");
    assert_eq!(
        (&only(&history).units[..], &only(&history).observed[..]),
        (&[7.0, 8.0][..], &[false, true][..])
    );
    assert_eq!(
        history.notes[0],
        "sales.csv: the first month starts on 2024-01-01, but its rows on 2024-01-03; it looks \
         like a month of little demand"
    );
    // One date a week is the week's label: nothing is missing around it.
    let labels = "2024-01-07,A,1\n2024-01-14,A,1\n";
    assert_eq!(self::history(labels, &week).notes, Vec::<String>::new());
}

#[test]
fn closed_days_are_no_periods() {
    let closed = Closed {
        weekdays: vec![Weekday::Saturday, Weekday::Sunday],
        dates: vec![date("2024-01-08")],
        auto: false,
    };
    let options = SalesOptions { closed, ..options() };
    let rows = "2024-01-04,A,1\n2024-01-05,A,2\n2024-01-06,A,0\n2024-01-09,A,3\n";
    let history = history(rows, &options);
    assert_eq!((history.periods, &only(&history).units[..]), (3, &[1.0, 2.0, 3.0][..]));
    assert_eq!(history.notes, ["sales.csv: 1 row of 0 units on closed days left out"]);
    let message = refusal("2024-01-05,A,2\n2024-01-06,A,4\n2024-01-08,A,5\n", &options);
    let expected = "sales.csv:3:units: `4` units on 2024-01-06, which is closed: `closed` lists \
     `saturday`; remove the row, or take `saturday` off the list\n\
                    sales.csv:4:units: `5` units on 2024-01-08, which is closed: `closed` lists \
                    `2024-01-08`; remove the row, or take `2024-01-08` off the list";
    assert_eq!(message, expected);
    assert_eq!(
        refusal("2024-01-06,A,0\n", &options),
        "sales.csv: has no row on an open day; take days off `closed`"
    );
}

#[test]
fn days_on_which_nobody_sold_anything_can_be_closed() {
    let auto = SalesOptions { closed: Closed { auto: true, ..Closed::default() }, ..options() };
    // 2024-01-01 is a Monday; nobody sells on Sundays and on the 10th.
    let day = |day| format!("2024-01-{day:02},A,{}\n2024-01-{day:02},B,0\n", u32::from(day != 10));
    let rows: Vec<_> = (1..=16).filter(|day| !matches!(day, 7 | 14)).map(day).collect();
    let history = history(&rows.concat(), &auto);
    assert_eq!((history.periods, history.series.get(0).units.len()), (13, 13));
    assert_eq!(history.calendar.closed_weekdays().collect::<Vec<_>>(), [Weekday::Sunday]);
    assert_eq!(
        history.notes,
        [
            "sales.csv: closed: every sunday, 1 other date (`auto`)",
            "sales.csv: 2 rows without a sale on closed days left out",
        ]
    );
    assert_eq!(
        refusal("2024-01-06,A,0\n", &auto),
        "sales.csv: has no units above 0, so `closed = \"auto\"` leaves no day open"
    );
    let week = SalesOptions { period: Length::Week, ..auto };
    assert!(
        refusal("2024-01-06,A,1\n", &week)
            .starts_with("sales.csv: `closed = \"auto\"` needs `period = \"day\"`")
    );
}

#[test]
fn several_locations_make_an_item_each() {
    let table = "date,item,location,units\n2024-01-01,A,north,1\n2024-01-01,A,south,2\n";
    let history = read_with(table, &options()).expect("valid");
    let items: Vec<_> = history.series.names().collect();
    assert_eq!(items, ["A@north", "A@south"]);
    assert_eq!(
        history.notes,
        ["sales.csv: 2 locations, so items are `item@location`; name them so in other files too"]
    );
    let history =
        read_with("date,item,location,units\n2024-01-01,A,north,1\n", &options()).expect("valid");
    assert_eq!((only(&history).item.as_str(), history.notes.len()), ("A", 0));
    let message = read_with(
        "date,item,location,units\n2024-01-01,A@b,c,1\n2024-01-01,A,b@c,1\n2024-01-01,A,,1\n",
        &options(),
    )
    .expect_err("refused");
    assert_eq!(
        message,
        "sales.csv:4:location: is empty; a name is needed\nsales.csv: `A@b@c` is two items and \
         locations joined by `@`; rename one"
    );
}

#[test]
fn names_and_fractions_are_noted() {
    let history = history("2024-01-01,a,2.5\n2024-01-01,A,1\n2024-01-01,A ,0.5\n", &options());
    assert_eq!(
        history.notes,
        [
            "sales.csv: fractional units in 2 rows of 2 items, first `A ` on 2024-01-01: 0.5",
            "sales.csv: items that differ only in case, blanks or invisible characters: `A` and \
             `A ` and `a`",
            "sales.csv: items with blanks before or after their name, which are kept: `A `",
        ]
    );
}

#[test]
fn the_european_way_of_writing_is_read_when_told() {
    let options = SalesOptions {
        delimiter: b';',
        decimal: b',',
        date_format: "D.M.YYYY".into(),
        ..options()
    };
    let history =
        read_with("date;item;units\n1.2.2024;A;1,5\n02.02.2024;A;2\n", &options).expect("valid");
    assert_eq!(
        (history.first_day(), &only(&history).units[..]),
        (date("2024-02-01"), &[1.5, 2.0][..])
    );
}

#[test]
fn nothing_left_on_hand_is_sold_out_unless_the_table_says_otherwise() {
    let table = "date,item,units,on_hand\n2024-01-01,A,5,3\n2024-01-02,A,3,0\n\
                 2024-01-03,A,0,-1\n2024-01-04,A,2,\n2024-01-05,A,2,9\n";
    let found = read_with(table, &options()).expect("valid");
    assert_eq!(only(&found).sold_out, [false, true, true, false, false]);
    assert_eq!(only(&found).observed, [true, false, false, true, true]);
    assert!(found.notes[0].contains("2 rows with nothing left on hand taken as sold out"));
    let said = table.replace("on_hand", "on_hand,in_stock").replace("A,3,0\n", "A,3,0,1\n");
    let said = said.replace("5,3\n", "5,3,1\n").replace("0,-1\n", "0,-1,0\n");
    let said = said.replace("2,\n", "2,,1\n").replace("2,9\n", "2,9,0\n");
    let found = read_with(&said, &options()).expect("valid");
    assert_eq!(only(&found).sold_out, [false, false, true, false, true]);
    let refused =
        read_with(&table.replace("A,5,3", "A,5,some"), &options()).expect_err("no number");
    assert!(refused.contains(":2:on_hand: `some` is not a number"), "{refused}");
}

/// Every kind of change is written down, each with what was found and what is used.
#[test]
fn the_ledger_has_every_change() {
    let options = SalesOptions {
        gaps: Gaps::Missing,
        duplicates: Duplicates::Sum,
        returns: Returns::Drop,
        closed: Closed { weekdays: vec![Weekday::Sunday], ..Closed::default() },
        ledger: true,
        ..options()
    };
    let table = "date,item,units,in_stock\n2024-01-01,A,5,1\n2024-01-01,A,2,1\n2024-01-02,A,-3,1\n\
                 2024-01-03,A,1,0\n2024-01-04,A,0,0\n2024-01-07,A,0,1\n2024-01-10,A,4,1\n\
                 2024-01-12,B,1,1\n";
    let found = read_with(table, &options).expect("valid");
    let lines: Vec<String> = found
        .changes
        .iter()
        .map(|change| {
            let units = |units: Option<f64>| units.map_or("-".into(), |units| units.to_string());
            format!(
                "{} {} {} {} {} {} {}",
                change.series,
                change.kind.name(),
                change.from,
                change.to,
                change.count,
                units(change.found),
                units(change.used)
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "0 duplicate 2024-01-01 2024-01-01 1 7 7",
            "0 return 2024-01-02 2024-01-02 1 -3 0",
            "0 sold out 2024-01-03 2024-01-04 2 1 -",
            "0 missing 2024-01-05 2024-01-09 4 - -",
            "0 closed 2024-01-07 2024-01-07 1 0 0",
            "0 missing 2024-01-11 2024-01-12 2 - -",
        ]
    );
    let quality = &found.quality[0];
    assert_eq!((quality.periods, quality.rows, quality.missing, quality.sold_out), (11, 6, 6, 2));
    assert_eq!((quality.duplicates, quality.returns, quality.returned_units), (1, 1, 3.0));
    assert_eq!(quality.since_last_row, 2);
    assert!((quality.completeness() - 3.0 / 11.0).abs() < 1e-12);
    // Without a ledger the same is counted, and no line is kept.
    let counted = read_with(table, &SalesOptions { ledger: false, ..options }).expect("valid");
    assert_eq!((counted.quality, counted.changes.len()), (found.quality, 0));
    // Subtracted from a period that sold less.
    let net =
        SalesOptions { returns: Returns::Net, gaps: Gaps::Zero, ledger: true, ..self::options() };
    let found = history("2024-01-01,A,5\n2024-01-02,A,-3\n", &net);
    assert_eq!(found.quality[0].negative, 1);
    let lines: Vec<_> = found.changes.iter().map(|change| (change.found, change.used)).collect();
    assert_eq!(lines, [(Some(-3.0), Some(-3.0)), (Some(-3.0), Some(0.0))]);
}
