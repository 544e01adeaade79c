use super::*;

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

#[test]
fn dates_and_days_are_inverse() {
    let mut expected = date("0001-01-01");
    for days in expected.days()..=date("9999-12-31").days() {
        let (year, month, day) = Date::from_days(days).ymd();
        assert_eq!(Date::from_ymd(year, month, day), Some(expected));
        expected = expected.plus(1);
    }
    assert_eq!(date("1970-01-01").days(), 0);
    assert_eq!(date("2000-03-01").days(), 11_017);
    assert_eq!(date("2024-02-29").to_string(), "2024-02-29");
}

#[test]
fn dates_that_do_not_exist_are_refused() {
    for text in ["2024-02-30", "2023-02-29", "1900-02-29", "2024-13-01", "2024-00-10", "2024-1-1"] {
        assert_eq!(text.parse::<Date>(), Err(CalendarError::Date(text.into())));
    }
    for text in ["", "2024-01-0é", "+024-01-01", "2024/01/01", "2024-01-011", "0000-01-01"] {
        assert!(text.parse::<Date>().is_err(), "{text}");
    }
}

#[test]
fn extreme_days_do_not_overflow() {
    for days in [i32::MIN, i32::MAX] {
        let date = Date::from_days(days);
        let _ = (date.ymd(), date.weekday(), date.plus(1), date.plus(i64::MIN), date.to_string());
    }
    for length in [Length::Day, Length::Week, Length::Month] {
        let calendar = Calendar::new(length, Weekday::Monday, &[], &[], date("2024-01-01"));
        let _ = (calendar.start_of(usize::MAX), calendar.month_of(usize::MAX));
    }
}

#[test]
fn weekdays_are_those_of_the_almanac() {
    assert_eq!(date("1970-01-01").weekday(), Weekday::Thursday);
    assert_eq!(date("2010-12-25").weekday(), Weekday::Saturday);
    assert_eq!(date("1815-06-18").weekday(), Weekday::Sunday);
    for weekday in Weekday::ALL {
        assert_eq!(weekday.to_string().parse(), Ok(weekday));
    }
    assert!("Monday".parse::<Weekday>().is_err());
    assert_eq!("week".parse(), Ok(Length::Week));
}

/// Counts periods one day at a time, as anybody would by hand.
fn counted(calendar: &Calendar, weekdays: &[Weekday], dates: &[Date], first: Date, days: i64) {
    let mut period = 0;
    for day in 0..days {
        let date = first.plus(day);
        if weekdays.contains(&date.weekday()) || dates.contains(&date) {
            assert_eq!(calendar.period_of(date), None, "{date}");
            continue;
        }
        assert_eq!(calendar.period_of(date), Some(period), "{date}");
        assert_eq!(calendar.start_of(period), date);
        assert_eq!(calendar.weekday_of(period), Some(date.weekday().index()));
        period += 1;
    }
}

#[test]
fn days_are_counted_without_the_closed_ones() {
    let weekends = [Weekday::Saturday, Weekday::Sunday];
    let holidays: Vec<Date> =
        ["2023-12-25", "2024-01-01", "2024-01-02", "2024-01-03", "2024-01-06", "2024-02-29"]
            .map(date)
            .to_vec();
    for weekdays in [&weekends[..0], &weekends[..1], &weekends[..]] {
        for count in 0..=holidays.len() {
            for start in 0..10 {
                let (dates, first) = (&holidays[..count], date("2023-12-23").plus(start));
                let calendar = Calendar::new(Length::Day, Weekday::Monday, weekdays, dates, first);
                counted(&calendar, weekdays, dates, first, 100);
            }
        }
    }
}

#[test]
fn nothing_is_open_when_every_weekday_is_closed() {
    let first = date("2024-01-01");
    let calendar = Calendar::new(Length::Day, Weekday::Monday, &Weekday::ALL, &[], first);
    assert_eq!(calendar.period_of(first.plus(10)), None);
    assert_eq!(calendar.start_of(10), first);
    assert_eq!(calendar.periods_per_year(), 0.0);
}

#[test]
fn weeks_start_where_the_study_says() {
    let first = date("2024-01-03"); // a Wednesday
    let calendar = Calendar::new(Length::Week, Weekday::Sunday, &[], &[], first);
    assert_eq!(calendar.start_of(0), date("2023-12-31"));
    assert_eq!(calendar.period_of(date("2023-12-30")), None);
    assert_eq!(calendar.period_of(date("2024-01-06")), Some(0));
    assert_eq!(calendar.period_of(date("2024-01-07")), Some(1));
    assert_eq!(calendar.start_of(52), date("2024-12-29"));
    assert_eq!((calendar.weekday_of(3), calendar.month_of(0), calendar.month_of(1)), (None, 11, 0));
}

#[test]
fn months_are_calendar_months() {
    let calendar = Calendar::new(Length::Month, Weekday::Monday, &[], &[], date("2023-11-15"));
    assert_eq!(calendar.start_of(0), date("2023-11-01"));
    assert_eq!(calendar.period_of(date("2023-11-30")), Some(0));
    assert_eq!(calendar.period_of(date("2024-02-29")), Some(3));
    assert_eq!(calendar.start_of(14), date("2025-01-01"));
    assert_eq!((calendar.month_of(1), calendar.month_of(2)), (11, 0));
}

#[test]
fn a_year_has_its_open_days() {
    let first = date("2024-01-01");
    let per_year = |length, weekdays: &[Weekday]| {
        Calendar::new(length, Weekday::Monday, weekdays, &[], first).periods_per_year()
    };
    assert_eq!(per_year(Length::Day, &[]), 365.25);
    assert_eq!(per_year(Length::Day, &[Weekday::Sunday]), 365.25 * 6.0 / 7.0);
    assert_eq!(per_year(Length::Week, &[]), 52.1775);
    assert_eq!(per_year(Length::Month, &[]), 12.0);
}

#[test]
fn observed_closures_are_weekdays_or_single_dates() {
    let first = date("2024-01-01"); // a Monday
    let mut open: Vec<Date> = (0..28).map(|day| first.plus(day)).collect();
    open.retain(|day| day.weekday() != Weekday::Sunday && *day != date("2024-01-10"));
    let calendar = Calendar::observed(&open, &[], &[]).expect("some days are open");
    assert_eq!(calendar.closed_weekdays().collect::<Vec<_>>(), [Weekday::Sunday]);
    assert_eq!(calendar.closed_dates(), [date("2024-01-10")]);
    assert_eq!(calendar.periods_per_year(), 365.25 * 23.0 / 27.0);
    for (period, day) in open.iter().enumerate() {
        assert_eq!(calendar.period_of(*day), Some(period));
    }
    assert_eq!(calendar.start_of(open.len()), date("2024-01-29"));
    assert_eq!(calendar.period_of(date("2024-02-04")), None);
    assert_eq!(Calendar::observed(&[], &[], &[]), None);
}

#[test]
fn a_weekday_seen_once_is_not_closed_for_good() {
    let open = ["2024-01-04", "2024-01-05", "2024-01-07"].map(date); // no Saturday
    let calendar = Calendar::observed(&open, &[], &[]).expect("some days are open");
    assert_eq!(calendar.closed_dates(), [date("2024-01-06")]);
    assert_eq!(calendar.start_of(8), date("2024-01-13"));
    let listed = [date("2024-01-08")];
    let calendar = Calendar::observed(&open, &[Weekday::Saturday], &listed).expect("some are open");
    assert_eq!(calendar.start_of(3), date("2024-01-09"));
    assert_eq!(calendar.period_of(date("2024-01-13")), None);
}
