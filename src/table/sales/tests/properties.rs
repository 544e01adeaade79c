//! What holds for every table.

use super::*;

/// A table of random rows: item, day, and units in quarters, each line once.
fn random_rows(dice: &mut Dice) -> Vec<String> {
    let mut rows = Vec::new();
    for item in 0..=dice.below(6) {
        for day in 0..60 {
            for _ in 0..dice.below(3) {
                let units = dice.below(40) as f64 / 10.0 - 0.5;
                let date = date("2023-12-20").plus(day);
                let (price, stock) = (dice.below(5), dice.below(9).min(1));
                let place = ["n", "s"][dice.below(2)];
                rows.push(format!("i{item},{date},{units},{price},{stock},{place}\n"));
            }
        }
    }
    rows
}

#[test]
fn the_order_of_rows_changes_nothing() {
    let mut dice = Dice::new(7);
    for round in 0..150 {
        let mut rows = random_rows(&mut dice);
        rows.push("i0,2024-01-05,3,1,1,n\n".into());
        let options = SalesOptions {
            period: [Length::Day, Length::Week, Length::Month][round % 3],
            gaps: [Gaps::Zero, Gaps::Missing][round % 2],
            returns: [Returns::Net, Returns::Drop][round / 2 % 2],
            closed: Closed { auto: round % 6 == 0, ..Closed::default() },
            duplicates: Duplicates::Sum,
            ..options()
        };
        let read = |rows: &[String]| {
            let table = format!("item,date,units,price,in_stock,location\n{}", rows.concat());
            read_with(&table, &options).expect("valid")
        };
        let expected = read(&rows);
        dice.shuffle(&mut rows);
        assert_eq!(read(&rows), expected);
        rows.sort();
        assert_eq!(read(&rows), expected);
    }
}

/// Adds up rows the slow way, and compares.
#[test]
fn series_are_the_sums_of_their_rows() {
    let mut dice = Dice::new(11);
    for _ in 0..50 {
        let options = SalesOptions {
            duplicates: Duplicates::Sum,
            gaps: Gaps::Missing,
            closed: Closed { weekdays: vec![Weekday::Sunday], ..Closed::default() },
            ..options()
        };
        let mut rows = Vec::new();
        let mut sums: BTreeMap<(String, Date), f64> = BTreeMap::new();
        for _ in 0..=dice.below(80) {
            let item = format!("i{}", dice.below(4));
            let day = date("2024-02-20").plus(dice.below(25) as i64);
            if day.weekday() == Weekday::Sunday {
                continue;
            }
            let units = dice.below(5) as f64;
            rows.push(format!("{day},{item},{units}\n"));
            *sums.entry((item, day)).or_default() += units;
        }
        if sums.is_empty() {
            continue;
        }
        let history = history(&rows.concat(), &options);
        let mut cells = 0;
        for ((item, day), units) in &sums {
            let series = history.series_of(item).expect("a series");
            let place = history.calendar.period_of(*day).expect("open") - series.first;
            assert_eq!((series.units[place], series.observed[place]), (*units, true));
            cells += 1;
        }
        let seen = |series: Series| series.observed.iter().filter(|seen| **seen).count();
        assert_eq!(history.series.iter().map(seen).sum::<usize>(), cells);
        assert!(
            history
                .series
                .iter()
                .all(|series| series.first + series.units.len() == history.periods)
        );
    }
}

#[test]
fn any_bytes_are_read_or_refused() {
    let table = b"date,item,units,price,promotion,in_stock,location\n\
                  2024-01-01,\"A, \"\"x\"\"\",1,2.5,0,1,n\n\
                  2024-01-02,B,-3,,1,0,s\n2024-01-03,B,4e1,1,0,1,n\n";
    let mut dice = Dice::new(5);
    // Without quotes it can be read in pieces.
    let plain = String::from_utf8_lossy(table).replace('"', "").replace("A, x", "A");
    let mut valid = 0;
    for round in 0..12_000 {
        let bytes = dice.mutated(if round % 2 == 0 { table } else { plain.as_bytes() });
        let options = SalesOptions {
            period: [Length::Day, Length::Week, Length::Month][round % 3],
            gaps: [Gaps::Zero, Gaps::Error, Gaps::Missing][round / 3 % 3],
            returns: [Returns::Net, Returns::Drop][round % 2],
            duplicates: [Duplicates::First, Duplicates::Sum, Duplicates::Error][round / 9 % 3],
            closed: Closed { auto: round % 3 == 0, ..Closed::default() },
            ..options()
        };
        match read("s\u{1b}.csv", &bytes, &options) {
            Ok(history) => {
                assert!(!history.series.is_empty());
                valid += 1;
            }
            Err(problems) => {
                let text = problems.to_string();
                assert!(problems.count > 0 && !text.contains(['\u{1b}', '\0', '\r']), "{text:?}");
            }
        }
    }
    assert!(valid > 1_500, "only {valid} tables were read: the others say little");
}

/// The published sales of a British gift shop: <https://doi.org/10.1057/dbm.2012.17>.
#[test]
fn real_sales_are_read() {
    let Some(folder) = std::env::var_os("PARSTOCK_DATA") else {
        println!("skipped: PARSTOCK_DATA does not name a folder of data");
        return;
    };
    let file = std::path::Path::new(&folder).join("online_retail/daily_sku.csv.gz");
    let bytes = std::fs::read(&file).expect("PARSTOCK_DATA holds online_retail");
    let message = read("daily_sku.csv.gz", &bytes, &options()).expect_err("has gaps");
    assert!(message.to_string().contains(" gaps: "), "{message}");
    let options = SalesOptions {
        gaps: Gaps::Zero,
        closed: Closed { auto: true, ..Closed::default() },
        ..options()
    };
    let history = read("daily_sku.csv.gz", &bytes, &options).expect("valid");
    println!("{:?}\n{} items, {} periods", history.notes, history.series.len(), history.periods);
    assert_eq!(history.calendar.closed_weekdays().collect::<Vec<_>>(), [Weekday::Saturday]);
    assert!(history.series.len() > 3_000 && history.periods > 300);
}
