//! Rows of one item in one piece of a table, in few bytes.

use scenarios::Date;
use scenarios::bytes::{Units, column, number, one, put, put_number};

use super::row::Row;

/// Days are not one after the other.
const DATES: u64 = 1;
/// Lines are not one after the other.
const LINES: u64 = 1 << 1;
/// Some row has a price or a mark.
const MARKS: u64 = 1 << 2;
/// How units are written; in the two bits from here on.
const UNITS: u32 = 3;

/// Packs rows of one item, which are in order of date and line, and not none.
pub(super) fn pack(rows: &[Row], bytes: &mut Vec<u8>) {
    let follows = |next: &dyn Fn(&[Row]) -> bool| rows.windows(2).all(next);
    let flag = |flag: u64, is_set: bool| if is_set { flag } else { 0 };
    let dates = !follows(&|pair| pair[0].date.plus(1) == pair[1].date);
    let lines = !follows(&|pair| pair[0].line.checked_add(1) == Some(pair[1].line));
    let marks = rows.iter().any(|row| row.marks != 0);
    let units = rows.iter().map(|row| row.units);
    let way = Units::of(&units);
    let flags = flag(DATES, dates) | flag(LINES, lines) | flag(MARKS, marks) | way.code() << UNITS;
    put_number(bytes, flags);
    put_number(bytes, rows.len() as u64);
    put(bytes, &[rows[0].date]);
    put_number(bytes, u64::from(rows[0].line));
    way.put(bytes, units);
    if dates {
        rows[1..].iter().for_each(|row| put(bytes, &[row.date]));
    }
    if lines {
        rows[1..].iter().for_each(|row| put(bytes, &[row.line]));
    }
    if marks {
        for row in rows {
            put(bytes, &[row.marks]);
        }
    }
}

/// The first and the last date of the rows that were packed at the beginning of these bytes, if they are of one
/// day after the other.
pub(super) fn days(mut bytes: &[u8]) -> Option<(Date, Date)> {
    let rest = &mut bytes;
    let (flags, count) = (number(rest), number(rest) as i64);
    let first: Date = one(rest);
    (flags & DATES == 0).then(|| (first, first.plus(count - 1)))
}

/// Adds the rows that were packed at the beginning of these bytes, of the item of this number.
pub(super) fn unpack(mut bytes: &[u8], item: u32, rows: &mut Vec<Row>) {
    let rest = &mut bytes;
    let (flags, count) = (number(rest), number(rest) as usize);
    let mut date: Date = one(rest);
    let mut line = number(rest) as u32;
    let start = rows.len();
    rows.reserve(count);
    Units::from_code(flags >> UNITS).take(rest, count, |units| {
        rows.push(Row::new(item, date, units, line));
        date = date.plus(1);
        line = line.wrapping_add(1);
    });
    let rows = &mut rows[start..];
    if flags & DATES != 0 {
        rows[1..].iter_mut().zip(column(rest, count - 1)).for_each(|(row, date)| row.date = date);
    }
    if flags & LINES != 0 {
        rows[1..].iter_mut().zip(column(rest, count - 1)).for_each(|(row, line)| row.line = line);
    }
    if flags & MARKS != 0 {
        rows.iter_mut().zip(column(rest, count)).for_each(|(row, marks)| row.marks = marks);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_out_as_they_went_in() {
        let row = |day, units, line| Row::new(7, Date::from_days(day), units, line);
        let all = [
            vec![row(-3, 0.0, 0)],
            vec![row(5, 1.0, 9), row(6, 300.0, 10), row(7, 2.5, 11)],
            vec![row(5, 0.1, 9), row(5, -1.0, 8), row(70, -0.0, 11)],
            vec![row(5, 1.0, u32::MAX), row(6, 1.0, u32::MAX)],
            vec![row(5, 1.0, 1).with(3, true, false), row(6, 1.0, 5)],
            vec![row(5, 1.0, 1), row(6, 1.0, 2).with(0, false, true)],
        ];
        let mut bytes = Vec::new();
        let mut starts = Vec::new();
        for rows in &all {
            starts.push(bytes.len());
            pack(rows, &mut bytes);
        }
        let mut found = Vec::new();
        for (rows, start) in all.iter().zip(starts) {
            found.clear();
            unpack(&bytes[start..], 7, &mut found);
            let each_day = rows.windows(2).all(|pair| pair[0].date.plus(1) == pair[1].date);
            let span = (rows[0].date, rows[rows.len() - 1].date);
            assert_eq!(days(&bytes[start..]), each_day.then_some(span));
            assert_eq!(
                bytemuck::cast_slice::<Row, u8>(&found),
                bytemuck::cast_slice::<Row, u8>(rows)
            );
        }
        let plain: Vec<Row> = (0..100).map(|day| row(day, 3.0, day as u32)).collect();
        bytes.clear();
        pack(&plain, &mut bytes);
        assert!(bytes.len() < 100 + 10, "{}", bytes.len());
    }
}
