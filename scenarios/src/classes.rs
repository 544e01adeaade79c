//! What kind of item it is: by value, by how its demand varies, and by where it is in its life.

use crate::calendar::Calendar;
use crate::history::Series;

mod season;

pub use season::Season;

/// How demand arrives.
///
/// Syntetos, Boylan & Croston, *On the Categorization of Demand Patterns*, Journal of the
/// Operational Research Society 56 (2005) 495–503: by the average interval between periods with
/// demand, and the squared coefficient of variation of demand in these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Often, and about as much.
    Smooth,
    /// Often, much or little.
    Erratic,
    /// Rarely, about as much.
    Intermittent,
    /// Rarely, much or little.
    Lumpy,
    /// Never.
    None,
}

/// Average interval between periods with demand from which on it is rare \[periods\].
const RARE: f64 = 1.32;
/// Squared coefficient of variation of demand in these from which on it varies.
const VARIES: f64 = 0.49;

/// Where an item is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Known for less than a quarter of a year.
    New,
    /// Neither new nor dying.
    Established,
    /// Not sold for a quarter of a year.
    Dying,
}

/// How steady demand is: the classes X, Y and Z, by its coefficient of variation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variability {
    /// At most 0.5.
    X,
    /// At most 1.
    Y,
    /// More.
    Z,
}

/// How much of the value an item is: the classes A, B and C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// One of the fewest items that make 80 % of it.
    A,
    /// One of those that make the next 15 %.
    B,
    /// The rest.
    C,
}

impl Pattern {
    /// All of them.
    pub const ALL: [Pattern; 5] =
        [Pattern::Smooth, Pattern::Erratic, Pattern::Intermittent, Pattern::Lumpy, Pattern::None];

    /// Of the observed periods of a series.
    pub fn of(series: &Series) -> Pattern {
        let observed = series.units.iter().zip(&series.observed).filter(|(_, seen)| **seen);
        let periods = observed.clone().count() as f64;
        let sold: Vec<f64> =
            observed.map(|(units, _)| *units).filter(|units| *units > 0.0).collect();
        let count = sold.len() as f64;
        if sold.is_empty() {
            return Pattern::None;
        }
        let mean = sold.iter().sum::<f64>() / count;
        let variance = sold.iter().map(|units| (units - mean).powi(2)).sum::<f64>() / count;
        match (periods / count >= RARE, variance / (mean * mean) >= VARIES) {
            (false, false) => Pattern::Smooth,
            (false, true) => Pattern::Erratic,
            (true, false) => Pattern::Intermittent,
            (true, true) => Pattern::Lumpy,
        }
    }

    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Pattern::Smooth => "smooth",
            Pattern::Erratic => "erratic",
            Pattern::Intermittent => "intermittent",
            Pattern::Lumpy => "lumpy",
            Pattern::None => "none",
        }
    }
}

impl Life {
    /// Of a series that ends with the history.
    pub fn of(series: &Series, calendar: &Calendar) -> Life {
        let quarter = calendar.periods_per_year() / 4.0;
        let sold = series.units.iter().rposition(|units| *units > 0.0);
        let idle = sold.map_or(series.units.len(), |last| series.units.len() - 1 - last);
        if (series.units.len() as f64) < quarter {
            Life::New
        } else if idle as f64 > quarter {
            Life::Dying
        } else {
            Life::Established
        }
    }

    /// In a word.
    pub fn name(self) -> &'static str {
        match self {
            Life::New => "new",
            Life::Established => "established",
            Life::Dying => "dying",
        }
    }
}

impl Variability {
    /// Of demand with this mean and standard deviation.
    pub fn of(mean: f64, deviation: f64) -> Variability {
        match deviation / mean {
            steady if steady <= 0.5 => Variability::X,
            varying if varying <= 1.0 => Variability::Y,
            _ => Variability::Z,
        }
    }

    /// Its letter.
    pub fn name(self) -> &'static str {
        match self {
            Variability::X => "X",
            Variability::Y => "Y",
            Variability::Z => "Z",
        }
    }
}

impl Value {
    /// Classes of items with these values; of equally valuable ones the first comes first.
    pub fn of(values: &[f64]) -> Vec<Value> {
        let total: f64 = values.iter().sum();
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&left, &right| values[right].total_cmp(&values[left]));
        let mut classes = vec![Value::C; values.len()];
        let mut before = 0.0;
        for item in order {
            // The item that passes the mark still belongs to those before it.
            classes[item] = match before / total {
                share if share < 0.8 => Value::A,
                share if share < 0.95 => Value::B,
                _ => Value::C,
            };
            before += values[item];
        }
        classes
    }

    /// Its letter.
    pub fn name(self) -> &'static str {
        match self {
            Value::A => "A",
            Value::B => "B",
            Value::C => "C",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Date, Length, Weekday};

    fn series(units: &[f64]) -> Series {
        Series::new("bolts", 0, units.to_vec())
    }

    #[test]
    fn patterns_are_told_by_interval_and_size() {
        assert_eq!(Pattern::of(&series(&[5.0, 6.0, 4.0, 5.0])), Pattern::Smooth);
        assert_eq!(Pattern::of(&series(&[1.0, 20.0, 1.0, 2.0])), Pattern::Erratic);
        assert_eq!(Pattern::of(&series(&[0.0, 5.0, 0.0, 0.0, 6.0])), Pattern::Intermittent);
        assert_eq!(Pattern::of(&series(&[0.0, 50.0, 0.0, 1.0, 0.0, 2.0])), Pattern::Lumpy);
        assert_eq!(Pattern::of(&series(&[0.0; 9])), Pattern::None);
        // Four of every five periods: an interval of 1.25, and no size varies.
        let often: Vec<f64> = (0..100).map(|t| if t % 5 == 0 { 0.0 } else { 3.0 }).collect();
        assert_eq!(Pattern::of(&series(&often)), Pattern::Smooth);
        // What was not observed is neither an interval nor a size.
        let mut unseen = series(&[5.0, 0.0, 6.0, 0.0, 4.0, 5.0]);
        unseen.observed[1] = false;
        unseen.observed[3] = false;
        assert_eq!(Pattern::of(&unseen), Pattern::Smooth);
    }

    #[test]
    fn items_are_born_and_die() {
        let first = Date::from_ymd(2024, 1, 1).unwrap();
        let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
        let life = |units: &[f64]| Life::of(&series(units), &calendar);
        assert_eq!(life(&[1.0; 30]), Life::New);
        assert_eq!(life(&[1.0; 300]), Life::Established);
        assert_eq!(life(&[[1.0; 200], [0.0; 200]].concat()), Life::Dying);
        assert_eq!(life(&[0.0; 200]), Life::Dying);
    }

    #[test]
    fn few_items_make_most_of_the_value() {
        let values = [5.0, 60.0, 15.0, 10.0, 7.0, 3.0, 0.0];
        let letters: String = Value::of(&values).into_iter().map(Value::name).collect();
        // 60 and 75 before: A; 85 and 92: B; 97 and 100: C.
        assert_eq!(letters, "BAAABCC");
        assert_eq!(Value::of(&[0.0, 0.0]), [Value::C; 2]);
        assert_eq!(Value::of(&[]), []);
        let steady = [0.3, 0.8, 1.5].map(|deviation| Variability::of(1.0, deviation).name());
        assert_eq!(steady, ["X", "Y", "Z"]);
        assert_eq!(Variability::of(0.0, 0.0), Variability::Z);
    }
}
