//! Whether demand has a season that chance does not explain.

use crate::calendar::{Calendar, Length};
use crate::history::Series;
use crate::special::gamma_cdf;

/// A cycle that demand follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Season {
    /// None that is seen.
    None,
    /// Weekdays differ.
    Week,
    /// Months of the year differ.
    Year,
    /// Both.
    Both,
}

/// Probability of chance below which a season is seen.
const LEVEL: f64 = 0.001;
/// Least observations of a weekday or month.
const FEW: usize = 4;
/// Least number of whole years.
const YEARS: f64 = 2.0;

impl Season {
    /// Of a series, by Kruskal and Wallis's test of weekdays, and of months where two years or more are
    /// known, each period as a share of the mean of its year.
    pub fn of(series: &Series, calendar: &Calendar) -> Season {
        let seen = |place: &usize| series.observed[*place];
        let places: Vec<usize> = (0..series.units.len()).filter(seen).collect();
        let units = |place: usize| series.units[place];
        let week = calendar.length() == Length::Day
            && differs(&places, units, |place| calendar.weekday_of(series.first + place));
        let year = calendar.periods_per_year();
        let mut sums = vec![(0.0, 0.0); (series.units.len() as f64 / year) as usize + 1];
        let of = |place: usize| (place as f64 / year) as usize;
        for place in &places {
            let (sum, count) = &mut sums[of(*place)];
            *sum += units(*place);
            *count += 1.0;
        }
        let share = |place: usize| {
            let (sum, count) = sums[of(place)];
            if sum > 0.0 { units(place) * count / sum } else { 1.0 }
        };
        let months = series.units.len() as f64 >= YEARS * year
            && differs(&places, share, |place| Some(calendar.month_of(series.first + place)));
        match (week, months) {
            (false, false) => Season::None,
            (true, false) => Season::Week,
            (false, true) => Season::Year,
            (true, true) => Season::Both,
        }
    }

    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Season::None => "none",
            Season::Week => "week",
            Season::Year => "year",
            Season::Both => "week and year",
        }
    }
}

fn differs(
    places: &[usize],
    value: impl Fn(usize) -> f64,
    group: impl Fn(usize) -> Option<usize>,
) -> bool {
    let mut groups: Vec<Vec<f64>> = vec![Vec::new(); 12];
    for &place in places {
        if let Some(of) = group(place).and_then(|of| groups.get_mut(of % 12)) {
            of.push(value(place));
        }
    }
    groups.retain(|group| group.len() >= FEW);
    chance(&groups).is_some_and(|chance| chance < LEVEL)
}

/// Probability that groups with the same distribution differ by as much: Kruskal & Wallis, *Use of Ranks
/// in One-Criterion Variance Analysis*, Journal of the American Statistical Association 47 (1952)
/// 583–621, corrected for ties; `None` if all values are the same or there are fewer than two groups.
fn chance(groups: &[Vec<f64>]) -> Option<f64> {
    if groups.len() < 2 {
        return None;
    }
    let all = groups.iter().enumerate().flat_map(|(at, group)| group.iter().map(move |v| (*v, at)));
    let mut all: Vec<(f64, usize)> = all.collect();
    all.sort_by(|l, r| l.0.total_cmp(&r.0));
    let count = all.len() as f64;
    let mut ranks = vec![0.0; groups.len()];
    let (mut before, mut ties) = (0.0, 0.0);
    for equal in all.chunk_by(|l, r| l.0 == r.0) {
        let size = equal.len() as f64;
        for (_, group) in equal {
            ranks[*group] += before + 0.5 * (size + 1.0);
        }
        before += size;
        ties += size * (size * size - 1.0);
    }
    let squares: f64 = ranks.iter().zip(groups).map(|(r, group)| r * r / group.len() as f64).sum();
    let statistic = 12.0 / (count * (count + 1.0)) * squares - 3.0 * (count + 1.0);
    let tied = 1.0 - ties / (count * (count * count - 1.0));
    let freedom = groups.len() as f64 - 1.0;
    (tied > 0.0).then(|| 1.0 - gamma_cdf(0.5 * freedom, 0.5 * statistic / tied))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Date, Weekday};
    use crate::random::Random;
    use crate::stream::{Purpose, Streams};

    /// `kruskal` of `SciPy` 1.17.
    #[test]
    fn chance_is_that_of_another_program() {
        let groups = [
            vec![3.0, 5.0, 0.0, 0.0, 2.0, 7.0],
            vec![8.0, 9.0, 4.0, 8.0],
            vec![1.0, 0.0, 0.0, 2.0, 0.0, 3.0, 1.0],
        ];
        let found = chance(&groups).expect("values differ");
        assert!((found - 0.013_308_074_544_193_435).abs() < 1e-12, "{found}");
        assert_eq!(chance(&[vec![2.0; 5], vec![2.0; 5]]), None);
        assert_eq!(chance(&groups[..1]), None);
    }

    #[test]
    fn seasons_are_seen_and_chance_is_not() {
        let first = Date::from_ymd(2022, 1, 3).expect("a date");
        let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
        let streams = Streams::new(4, Purpose::Example, 5, "season");
        let season = |number: u32, mean: &dyn Fn(usize) -> f64| {
            let mut random = Random::new(streams, number);
            let units = (0..1_000).map(|day| (mean(day) * random.gamma(2.0)).round()).collect();
            Season::of(&Series::new("ice", 0, units), &calendar)
        };
        let weekend = |day: usize| if day % 7 < 5 { 4.0 } else { 7.0 };
        let summer = |day: usize| if (150..240).contains(&(day % 365)) { 2.0 } else { 1.0 };
        let grows = |day: usize| 4.0 + day as f64 / 200.0;
        let mut none = 0;
        for number in 0..40 {
            assert_eq!(season(number, &weekend), Season::Week);
            assert_eq!(season(number, &|day| 5.0 * summer(day)), Season::Year);
            assert_eq!(season(number, &|day| weekend(day) * summer(day)), Season::Both);
            none += usize::from(season(number, &|_| 5.0) == Season::None);
            none += usize::from(season(number, &grows) != Season::Week);
        }
        assert!(none >= 79, "{none}");
    }
}
