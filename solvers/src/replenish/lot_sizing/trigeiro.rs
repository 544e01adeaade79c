//! The text format of the sets of Trigeiro et al. (1989).

use super::{LotItem, LotSizing};

/// What cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FormatError {
    /// Something else stands where a number is expected.
    #[error("word {place} is `{word}`; {expected} is expected")]
    Word {
        /// Which word, from one.
        place: usize,
        /// What it is.
        word: String,
        /// What should be there.
        expected: &'static str,
    },
    /// The text ends before all numbers were read.
    #[error("the text ends where {expected} is expected, after {place} words")]
    End {
        /// How many words there are.
        place: usize,
        /// What should be there.
        expected: &'static str,
    },
}

/// More than a machine could hold is no count.
const MOST_COUNT: f64 = 1e5;

/// Reads a problem: numbers of items and periods, a number that is not used, the capacity of every
/// period; unit time, holding cost, set-up time and set-up cost of each item; demands of all items,
/// period by period. What follows is not read. Sets of more than 15 items have a period's demands in
/// several lines, which makes no difference here.
///
/// # Errors
///
/// Where a word is no number, or the text too short.
pub fn read_trigeiro(text: &str) -> Result<LotSizing, FormatError> {
    let mut words = text.split_whitespace();
    let mut place = 0;
    let mut next = |expected: &'static str| {
        let word = words.next().ok_or(FormatError::End { place, expected })?;
        place += 1;
        let number = word.parse::<f64>().ok().filter(|number| number.is_finite());
        number.ok_or_else(|| FormatError::Word { place, word: word.to_owned(), expected })
    };
    let items = next("the number of items")?.clamp(0.0, MOST_COUNT) as usize;
    let periods = next("the number of periods")?.clamp(0.0, MOST_COUNT) as usize;
    next("a number that is not used")?;
    let capacity = vec![next("the capacity")?; periods];
    let mut read = LotSizing { items: Vec::new(), capacity };
    for _ in 0..items {
        let unit_time = next("a unit time")?;
        let holding_cost = next("a holding cost")?;
        let set_up_time = next("a set-up time")?;
        let set_up_cost = next("a set-up cost")?;
        read.items.push(LotItem {
            unit_time,
            set_up_time,
            set_up_cost,
            holding_cost,
            unit_cost: Vec::new(),
            demand: Vec::new(),
        });
    }
    for _ in 0..periods {
        for item in &mut read.items {
            item.demand.push(next("a demand")?);
        }
    }
    Ok(read)
}
