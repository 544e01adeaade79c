//! Scenarios in which every cycle of lead time and review comes as the next one is foreseen.

use engine::{Block, Chance, Coordinates, Fill, LANES, Lane, Row, ScenarioSource};

use super::automatic::Foreseen;
use crate::stream::{Purpose, Streams};
use crate::supply::Supply;

/// Demand of one item: one window after the other, each a path of what is foreseen of the next.
///
/// A stock policy is renewed long before what is foreseen a year ahead would come, and what it must
/// cover is the demand of a lead time and review as they are foreseen when an order is placed. So a
/// long simulation is made of many such windows, drawn anew each time. Within a window demand depends
/// on demand as the forecast says, and its total is as uncertain.
#[derive(Clone, Debug)]
pub struct Cycles {
    seed: u64,
    item: String,
    length: usize,
    /// Demand of each path, by period of the window \[counts/period\].
    demand: Vec<f64>,
    largest: f64,
    supply: Supply,
}

/// Paths, as a power of two: so many bits of a random word choose one.
const BITS: u32 = 9;

impl Cycles {
    /// Windows of what is `foreseen` of the item called `item`, under `seed`.
    ///
    /// # Panics
    ///
    /// If there are not as many paths as automatic forecasts have.
    pub fn new(seed: u64, item: &str, foreseen: &Foreseen) -> Cycles {
        let length = foreseen.means.len();
        let demand: Vec<f64> =
            (0..length).flat_map(|ahead| foreseen.paths.unsorted(ahead)).collect();
        assert_eq!(
            demand.len(),
            length << BITS,
            "forecasts have as many paths as words choose from"
        );
        let largest = demand.iter().copied().fold(0.0, f64::max);
        let supply = Supply::default();
        Cycles { seed, item: item.to_owned(), length, demand, largest, supply }
    }

    /// The same with a supply that chance decides about.
    #[must_use]
    pub fn with_supply(self, supply: Supply) -> Cycles {
        Cycles { supply, ..self }
    }

    /// Expected demand of each of the `periods` that come \[counts/period\].
    pub fn expected(&self, periods: usize) -> Vec<f64> {
        let paths = self.demand.chunks(1 << BITS);
        let means: Vec<f64> = paths.map(|demand| mean(demand.iter().copied())).collect();
        (0..periods).map(|period| means[period % self.length]).collect()
    }

    /// Mean demand \[counts/period\].
    pub fn mean(&self) -> f64 {
        mean(self.demand.iter().copied())
    }

    /// Standard deviation of demand of which the total over a window is as uncertain as foreseen, if
    /// its periods are independent \[counts/period\].
    pub fn deviation(&self) -> f64 {
        let total = |path: usize| -> f64 { self.demand.iter().skip(path).step_by(1 << BITS).sum() };
        let average = self.length as f64 * self.mean();
        let square = mean((0..1 << BITS).map(|path| (total(path) - average).powi(2)));
        (square / self.length as f64).sqrt()
    }

    fn streams(&self, purpose: Purpose, set: u32) -> Streams {
        Streams::new(self.seed, purpose, set, &self.item)
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

impl ScenarioSource for Cycles {
    fn fill(&self, at: Coordinates, block: &mut Block) {
        let streams = self.streams(Purpose::Demand, at.set);
        let mut drawing = Drawing { cycles: self, streams, first_scenario: at.first_scenario };
        block.write(at.first_scenario, Some(self.largest), &mut drawing);
        if self.supply.is_certain() {
            if *block.chance() != Chance::default() {
                block.set_chance(Chance::default());
            }
            return;
        }
        let rows = [block.tiles(), block.periods()];
        let streams = |purpose| self.streams(purpose, at.set);
        block.set_chance(self.supply.draw(rows, at.first_scenario, streams));
    }
}

/// Writes windows into rows.
struct Drawing<'a> {
    cycles: &'a Cycles,
    streams: Streams,
    first_scenario: u32,
}

impl Fill for Drawing<'_> {
    fn fill<L: Lane>(&mut self, tile: usize, rows: &mut [Row<L>]) {
        let first = self.first_scenario + (tile * LANES) as u32;
        let mut words = [[0; 4]; LANES];
        for (window, rows) in rows.chunks_mut(self.cycles.length).enumerate() {
            if window % 4 == 0 {
                for (lane, words) in words.iter_mut().enumerate() {
                    *words = self.streams.words(first + lane as u32, (window / 4) as u32);
                }
            }
            let paths: [usize; LANES] =
                std::array::from_fn(|lane| (words[lane][window % 4] >> (32 - BITS)) as usize);
            for (row, demand) in rows.iter_mut().zip(self.cycles.demand.chunks(1 << BITS)) {
                for (value, path) in row.0.iter_mut().zip(paths) {
                    *value = L::of(demand[path]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Calendar, Date, Length, Weekday};
    use crate::forecast::automatic::{PATHS, foreseen};
    use crate::forecast::{CATALOGUE, Calibration, Prepared, Rules};
    use crate::history::Series;

    /// Windows of an item that is sold more and more often.
    fn cycles() -> (Cycles, Foreseen) {
        let first = Date::from_ymd(2024, 1, 1).unwrap();
        let calendar = Calendar::new(Length::Week, Weekday::Monday, &[], &[], first);
        let units: Vec<f64> =
            (0..120).map(|week| f64::from(week * week % 11 + week / 20)).collect();
        let series = Series::new("bolts", 0, units);
        let item = Prepared::new(&series, &calendar, 5);
        let model = CATALOGUE.iter().position(|model| model.name == "simple-smoothing").unwrap();
        let rules = Rules { members: 1, ..Rules::automatic() };
        let foreseen = foreseen(&item, 5, &[model], &rules, &Calibration::none(), 1);
        (Cycles::new(1, "bolts", &foreseen), foreseen)
    }

    #[test]
    fn every_window_is_one_of_the_paths() {
        let (cycles, foreseen) = cycles();
        assert_eq!(PATHS, 1 << BITS);
        let mut block = Block::zeros(70, 23, 0);
        cycles.fill(Coordinates { set: 1, first_scenario: 128 }, &mut block);
        let path = |number: usize| -> Vec<f64> {
            (0..5).map(|ahead| foreseen.paths.unsorted(ahead)[number]).collect()
        };
        let paths: Vec<Vec<f64>> = (0..PATHS).map(path).collect();
        let mut totals = Vec::new();
        for scenario in 0..70 {
            let demand: Vec<f64> = block.scenario(scenario).collect();
            for window in demand.chunks(5) {
                assert!(paths.iter().any(|path| path[..window.len()] == *window));
                totals.push(window.iter().sum::<f64>());
            }
        }
        // Others are other draws, and a block is its scenarios.
        let mut other = Block::zeros(64, 23, 0);
        cycles.fill(Coordinates { set: 1, first_scenario: 192 }, &mut other);
        let [left, right]: [Vec<f64>; 2] =
            [block.scenario(64).collect(), other.scenario(0).collect()];
        assert_eq!(left, right);
        assert!(totals.windows(2).any(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn moments_are_those_of_the_paths() {
        let (cycles, foreseen) = cycles();
        let totals = foreseen.paths.totals();
        let average = totals.iter().sum::<f64>() / PATHS as f64;
        let square: f64 = totals.iter().map(|total| (total - average).powi(2)).sum();
        assert!((5.0 * cycles.mean() - average).abs() < 1e-9);
        let deviation = (square / PATHS as f64 / 5.0).sqrt();
        assert!((cycles.deviation() - deviation).abs() < 1e-9);
        let expected = cycles.expected(12);
        assert_eq!(expected[0], expected[5]);
        assert!((expected[..5].iter().sum::<f64>() - average).abs() < 1e-9);
    }
}
