//! Sales that were entered in another unit for a while: by the ten, the hundred, the pack or the piece.
//!
//! The level of what is sold jumps by such a factor and later jumps back, or the item was entered in one
//! unit at first and in another since. Levels are medians of logarithms, of stretches between jumps
//! that are found by least squares with a penalty for each (Jackson et al., *An Algorithm for Optimal
//! Partitioning of Data on an Interval*, IEEE Signal Processing Letters 12 (2005) 105–108). The longest
//! stretch is taken to be right.
//!
//! Demand may well jump by a factor of ten. Where prices are known they decide: what is sold by the
//! dozen costs a dozen times as much.

use crate::history::Series;
use crate::outliers::CONSISTENT;

/// Periods with sales in another unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitMistake {
    /// Place in the series of the first of them.
    pub from: usize,
    /// Place behind the last.
    pub to: usize,
    /// What was entered in them \[units\].
    pub units: f64,
    /// How many times as much as it should be was entered, such as 10 or 1/12.
    pub factor: f64,
    /// Whether the level jumped there and back, and not only once.
    pub jumps_back: bool,
    /// Whether prices moved the other way; `None` if there are none to tell.
    pub price_agrees: Option<bool>,
}

impl UnitMistake {
    /// Whether it is likelier than that demand itself jumped: prices say so, or there are none and the
    /// level jumped back.
    pub fn is_plausible(&self) -> bool {
        self.price_agrees.unwrap_or(self.jumps_back)
    }
}

/// Factors of ten that units are mistaken by.
const TENS: [f64; 3] = [10.0, 100.0, 1000.0];
/// Least size of a pack that a mistake is told from demand by.
const SMALLEST_PACK: f64 = 5.0;
/// The most places where a stretch may end.
const MOST: usize = 400;
/// Least periods with sales in a stretch.
const FEW: usize = 8;
/// Squares that a stretch has to save: in variances, times the logarithm of how many sales there are.
const PENALTY: f64 = 8.0;
/// Least deviation of logarithms.
const LEAST: f64 = 0.1;
/// Least distance of the levels of two stretches, in its standard errors, and in standard deviations
/// of what is sold.
const FAR: (f64, f64) = (6.0, 1.5);
/// Largest distance of a jump from a factor: in standard errors, and as a logarithm.
const NEAR: (f64, f64) = (3.0, 0.3);
/// The same of prices.
const PRICE_NEAR: f64 = 0.3;
/// Standard error of a median, in those of a mean.
const OF_MEDIAN: f64 = 1.253_314_137_315_500_3;

/// The stretches of a series that look like sales in another unit, in order of time; `pack` is the
/// number of units in a pack, if there is one.
pub fn unit_mistakes(series: &Series, pack: Option<f64>) -> Vec<UnitMistake> {
    let sold: Vec<(usize, f64)> = (0..series.units.len())
        .filter(|place| series.observed[*place] && series.units[*place] > 0.0)
        .map(|place| (place, libm::log(series.units[place])))
        .collect();
    if sold.len() < 2 * FEW {
        return Vec::new();
    }
    // Of long histories every so many-th end will do.
    let ends = stretches(&sold, sold.len().div_ceil(MOST));
    let starts = std::iter::once(0).chain(ends.iter().copied());
    let stretches: Vec<&[(usize, f64)]> =
        starts.zip(&ends).map(|(from, to)| &sold[from..*to]).collect();
    let longest = |l: &&&[(usize, f64)], r: &&&[(usize, f64)]| l.len().cmp(&r.len());
    // The latest of equals: what is entered now is what is ordered by.
    let Some(right) = stretches.iter().max_by(longest).copied() else { return Vec::new() };
    let packs = pack.filter(|pack| *pack >= SMALLEST_PACK);
    let factors: Vec<f64> =
        TENS.into_iter().chain(packs).flat_map(|factor| [factor, 1.0 / factor]).collect();
    let wrong = stretches.iter().filter_map(|stretch| {
        let jump = Jump::between(right, stretch);
        let away = |factor: &f64| (jump.by - libm::log(*factor)).abs();
        let near = factors.iter().copied().filter(|factor| jump.is(*factor));
        let factor = near.min_by(|left, right| away(left).total_cmp(&away(right)))?;
        let (from, to) = (stretch[0].0, stretch[stretch.len() - 1].0 + 1);
        let price_agrees = price(series, stretch)
            .zip(price(series, right))
            .map(|(own, right)| (libm::log(own / right) + libm::log(factor)).abs() <= PRICE_NEAR);
        let units = series.units[from..to].iter().sum();
        let ends = [sold[0].0, sold[sold.len() - 1].0 + 1];
        let jumps_back = from > ends[0] && to < ends[1];
        Some(UnitMistake { from, to, units, factor, jumps_back, price_agrees })
    });
    wrong.collect()
}

/// Ends of the stretches with levels of their own: of all partitions into stretches that are not too
/// short, the one with the least squares, and as much again for each stretch.
fn stretches(sold: &[(usize, f64)], step: usize) -> Vec<usize> {
    let count = sold.len();
    let changes = sold.windows(2).map(|pair| (pair[1].1 - pair[0].1).abs()).collect();
    let deviation = CONSISTENT * median(changes) / core::f64::consts::SQRT_2;
    let penalty = PENALTY * deviation.max(LEAST).powi(2) * libm::log(count as f64);
    let mut sums = vec![(0.0, 0.0)];
    for (_, value) in sold {
        let (sum, squares) = sums[sums.len() - 1];
        sums.push((sum + value, squares + value * value));
    }
    let squares = |from: usize, to: usize| {
        let (sum, squares) = (sums[to].0 - sums[from].0, sums[to].1 - sums[from].1);
        squares - sum * sum / (to - from) as f64
    };
    // The least cost up to each place, and where its last stretch begins.
    let mut least = vec![(0.0, 0); count + 1];
    for to in (step..count).step_by(step).chain([count]) {
        let whole = (squares(0, to) + penalty, 0);
        let parted = (FEW.next_multiple_of(step)..=to.saturating_sub(FEW))
            .step_by(step)
            .map(|from| (least[from].0 + squares(from, to) + penalty, from));
        least[to] = parted.fold(whole, |best, next| if next.0 < best.0 { next } else { best });
    }
    let mut ends = vec![count];
    while let Some(from) = ends.last().map(|to| least[*to].1).filter(|from| *from > 0) {
        ends.push(from);
    }
    ends.reverse();
    ends
}

/// The difference of the levels of two stretches.
struct Jump {
    by: f64,
    deviation: f64,
    error: f64,
}

impl Jump {
    fn between(left: &[(usize, f64)], right: &[(usize, f64)]) -> Jump {
        let (l, r) = (level(left), level(right));
        let count = |stretch: &[(usize, f64)]| stretch.len() as f64;
        let squares = count(left) * l.1 * l.1 + count(right) * r.1 * r.1;
        let deviation = (squares / (count(left) + count(right))).sqrt().max(0.05);
        let error = OF_MEDIAN * deviation * (1.0 / count(left) + 1.0 / count(right)).sqrt();
        Jump { by: r.0 - l.0, deviation, error }
    }

    fn is_far(&self) -> bool {
        self.by.abs() > FAR.0 * self.error && self.by.abs() > FAR.1 * self.deviation
    }

    fn is(&self, factor: f64) -> bool {
        let away = (self.by - libm::log(factor)).abs();
        self.is_far() && away <= NEAR.1 && away <= NEAR.0 * self.error.max(0.05)
    }
}

/// Median of logarithms, and what they deviate from it: as much as counts do by chance, at least.
fn level(stretch: &[(usize, f64)]) -> (f64, f64) {
    let middle = median(stretch.iter().map(|sold| sold.1).collect());
    let away = median(stretch.iter().map(|sold| (sold.1 - middle).abs()).collect());
    (middle, f64::max(CONSISTENT * away, libm::exp(-0.5 * middle)))
}

/// Median price of the periods of a stretch, if prices are known and above 0.
fn price(series: &Series, stretch: &[(usize, f64)]) -> Option<f64> {
    let prices = stretch.iter().filter_map(|sold| series.prices.get(sold.0).copied());
    let prices: Vec<f64> = prices.map(f64::from).filter(|price| *price > 0.0).collect();
    (!prices.is_empty()).then(|| median(prices))
}

/// The middle of `values`, of which there is one at least.
fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    let (_, high, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    *high
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::stream::{Purpose, Streams};

    /// Two years of weeks: gamma-distributed sales with this shape around a mean.
    fn series(number: usize, mean: f64, shape: f64) -> Series {
        let streams = Streams::new(1, Purpose::Example, 3, "units");
        let mut random = Random::new(streams, number as u32);
        let units = (0..104).map(|_| (mean * random.gamma(shape)).round().max(0.0)).collect();
        Series::new("bolts", 0, units)
    }

    fn times(series: &Series, weeks: core::ops::Range<usize>, factor: f64) -> Series {
        let mut series = series.clone();
        for units in &mut series.units[weeks] {
            *units = (*units * factor).round();
        }
        series
    }

    #[test]
    fn weeks_in_another_unit_are_found_with_their_factor() {
        let (mut missed, mut exact, mut tried) = (0, 0, 0);
        for number in 0..30 {
            let right = series(number, 240.0, 6.0);
            assert_eq!(unit_mistakes(&right, Some(12.0)), []);
            let cases = [(40..60, 10.0), (0..30, 0.1), (84..104, 12.0), (50..62, 100.0)];
            for (weeks, factor) in cases {
                tried += 1;
                let found = unit_mistakes(&times(&right, weeks.clone(), factor), Some(12.0));
                let Some(first) = found.first() else {
                    missed += 1;
                    continue;
                };
                assert_eq!(found.len(), 1, "{number} {weeks:?} {factor} {found:?}");
                exact += usize::from(first.from == weeks.start && first.to == weeks.end);
                // Ten and twelve are a fifth apart: weeks as varied as these may not tell them.
                assert!((0.8..1.25).contains(&(first.factor / factor)), "{found:?} {factor}");
            }
            let twice = times(&times(&right, 20..32, 10.0), 70..82, 10.0);
            assert!(unit_mistakes(&twice, None).len() <= 2);
        }
        assert!(missed <= tried / 20 && exact >= tried * 9 / 10, "{missed} {exact} of {tried}");
    }

    #[test]
    fn demand_that_grows_or_jumps_by_another_factor_is_none() {
        let mut found = 0;
        for number in 0..30 {
            let right = series(number, 240.0, 6.0);
            assert_eq!(unit_mistakes(&times(&right, 50..104, 4.0), None), []);
            assert_eq!(unit_mistakes(&times(&right, 50..104, 30.0), None), []);
            let mut grown = right.clone();
            for (week, units) in grown.units.iter_mut().enumerate() {
                *units = (*units * libm::exp(week as f64 / 45.0)).round();
            }
            found += unit_mistakes(&grown, None).len();
            let lumpy = series(number, 6.0, 0.4);
            assert_eq!(unit_mistakes(&lumpy, Some(12.0)), []);
        }
        // Growth by a factor of ten ends where such a mistake would.
        assert!(found <= 3, "{found}");
        assert_eq!(unit_mistakes(&Series::new("few", 0, vec![1.0, 1000.0, 1.0]), None), []);
        assert_eq!(unit_mistakes(&Series::new("none", 0, vec![0.0; 50]), None), []);
    }

    #[test]
    fn prices_decide() {
        let early = times(&series(3, 240.0, 6.0), 0..30, 10.0);
        assert!(!unit_mistakes(&early, None)[0].is_plausible());
        let mut dozens = times(&series(3, 240.0, 6.0), 40..60, 1.0 / 12.0);
        assert!(unit_mistakes(&dozens, Some(12.0))[0].is_plausible());
        assert_eq!(unit_mistakes(&dozens, Some(12.0))[0].price_agrees, None);
        dozens.prices = vec![2.0; 104];
        assert_eq!(unit_mistakes(&dozens, Some(12.0))[0].price_agrees, Some(false));
        dozens.prices[40..60].fill(24.0);
        assert_eq!(unit_mistakes(&dozens, Some(12.0))[0].price_agrees, Some(true));
    }
}
