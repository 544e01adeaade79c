//! The days on which the shop is open: the periods of the study.

/// First and last year of the sales.
const YEARS: std::ops::RangeInclusive<u32> = 2024..=2025;

/// Holidays, as month and day; the study file lists them too.
const HOLIDAYS: [(u32, u32); 2] = [(1, 1), (12, 25)];

/// One open day.
pub(super) struct OpenDay {
    /// As it stands in the sales.
    pub(super) date: String,
    /// 0 is Monday, 5 is Saturday.
    pub(super) weekday: usize,
    /// Weeks since the first Monday.
    pub(super) week: u32,
    /// Part of the year that is over, in `0 .. 1`.
    pub(super) part_of_year: f64,
}

/// All open days, in order.
pub(super) fn open_days() -> Vec<OpenDay> {
    let mut days = Vec::new();
    let mut elapsed = 0; // 1 January 2024 is a Monday
    for year in YEARS {
        let first = elapsed;
        let months = month_lengths(year);
        for (month, length) in (1..).zip(months) {
            for day in 1..=length {
                let weekday = (elapsed % 7) as usize;
                if weekday != 6 && !HOLIDAYS.contains(&(month, day)) {
                    days.push(OpenDay {
                        date: format!("{year:04}-{month:02}-{day:02}"),
                        weekday,
                        week: elapsed / 7,
                        part_of_year: f64::from(elapsed - first)
                            / f64::from(months.iter().sum::<u32>()),
                    });
                }
                elapsed += 1;
            }
        }
    }
    days
}

/// Days of each month; the years end long before 2100.
fn month_lengths(year: u32) -> [u32; 12] {
    let february = if year.is_multiple_of(4) { 29 } else { 28 };
    [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_years_without_sundays_and_holidays() {
        let days = open_days();
        assert_eq!(days.len(), 731 - 104 - 4);
        assert_eq!(days.first().map(|day| &*day.date), Some("2024-01-02"));
        assert_eq!(days.last().map(|day| &*day.date), Some("2025-12-31"));
        let leap = days.iter().find(|day| day.date == "2024-02-29").expect("open");
        assert_eq!((leap.weekday, leap.week), (3, 8));
    }

    #[test]
    fn the_study_file_lists_the_holidays() {
        let study: toml::Table = super::super::STUDY.parse().expect("TOML");
        let listed: Vec<_> = study["calendar"]["closed"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|closed| closed.as_str().expect("text").to_owned())
            .collect();
        let mut expected = vec!["sunday".to_owned()];
        for year in YEARS {
            expected.extend(HOLIDAYS.map(|(month, day)| format!("{year}-{month:02}-{day:02}")));
        }
        assert_eq!(listed, expected);
    }
}
