//! Demand for one item in many scenarios, laid out for the lane loop, with what else chance decides.

use crate::Units;
use crate::lane::{LANES, Lane, Row, Rows, Width, WithRows};

/// Where scenarios of an item lie; the same coordinates always give the same demand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coordinates {
    /// Which independent set of scenarios: one to search on, another to confirm on.
    pub set: u32,
    /// Number of the first scenario of the block within its set.
    pub first_scenario: u32,
}

/// Anything that can produce demand of one item for a block.
///
/// Blocks are never sent between processes: each rank recomputes the ones it
/// needs from their coordinates.
pub trait ScenarioSource {
    /// Overwrites `block` with the demand at `at`.
    fn fill(&self, at: Coordinates, block: &mut Block);
}

/// Writes the rows of a tile, one a period, whatever their width.
pub trait Fill {
    /// Overwrites `rows` with the demand of tile `tile`.
    fn fill<L: Lane>(&mut self, tile: usize, rows: &mut [Row<L>]);
}

/// Demand for one item: tiles of [`LANES`] scenarios, each with one row per period.
///
/// A row has a length the compiler knows. A year of a narrow tile stays in the first-level cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    scenarios: usize,
    periods: usize,
    warm_up: usize,
    first_scenario: u32,
    demand: Rows,
    totals: Vec<Row<f64>>,
    largest: Units,
    largest_total: Units,
    chance: Chance,
    lead_times: [usize; 2],
}

/// What chance decides beside demand; a part that is empty decides nothing.
///
/// Rows are as those of demand: tile after tile, one row a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chance {
    /// Lead time of an order placed in the period \[periods\].
    pub lead_times: Vec<Row<i16>>,
    /// Share of an order placed in the period that will arrive.
    pub yields: Vec<Row<f64>>,
    /// Whether the supplier takes orders in the period: one or zero.
    pub open: Vec<Row<i16>>,
    /// A uniform number from 0 to below 1: whether a fraction of a unit is rounded up or down.
    pub rounding: Vec<Row<f64>>,
}

impl Block {
    /// A block without demand. The first `warm_up` of its `periods` will not be measured.
    ///
    /// # Panics
    ///
    /// If no period is left to measure, or there is no scenario.
    pub fn zeros(scenarios: usize, periods: usize, warm_up: usize) -> Block {
        assert!(warm_up < periods && scenarios > 0, "a block measures something");
        let tiles = scenarios.div_ceil(LANES);
        Block {
            scenarios,
            periods,
            warm_up,
            first_scenario: 0,
            demand: Rows::zeros(Width::Narrow, tiles * periods),
            totals: vec![Row::ZERO; tiles],
            largest: 0.0,
            largest_total: 0.0,
            chance: Chance::default(),
            lead_times: [0; 2],
        }
    }

    /// Length of a scenario, warm-up included \[periods\].
    pub fn periods(&self) -> usize {
        self.periods
    }

    /// Leading periods that are simulated but not measured.
    pub fn warm_up(&self) -> usize {
        self.warm_up
    }

    /// Number of periods that are measured.
    pub fn measured(&self) -> usize {
        self.periods - self.warm_up
    }

    /// Number of scenarios; the last tile may have lanes beyond it, which are not measured.
    pub fn scenarios(&self) -> usize {
        self.scenarios
    }

    /// Number of tiles.
    pub fn tiles(&self) -> usize {
        self.totals.len()
    }

    /// Number of the first scenario within its set.
    pub(crate) fn first_scenario(&self) -> u32 {
        self.first_scenario
    }

    /// Demand of all tiles.
    pub(crate) fn demand(&self) -> &Rows {
        &self.demand
    }

    /// Demand of each tile over the measured periods \[units\].
    pub(crate) fn totals(&self) -> &[Row<f64>] {
        &self.totals
    }

    /// The most that any scenario demands over all periods \[units\].
    pub(crate) fn largest_total(&self) -> Units {
        self.largest_total
    }

    /// The most that any period demands; 0 if demand is not whole \[units\].
    pub(crate) fn largest(&self) -> Units {
        self.largest
    }

    /// The shortest and the longest lead time of an order, `given` unless chance decides
    /// \[periods\].
    pub(crate) fn lead_times(&self, given: usize) -> [usize; 2] {
        if self.chance.lead_times.is_empty() { [given; 2] } else { self.lead_times }
    }

    /// What chance decides beside demand.
    pub fn chance(&self) -> &Chance {
        &self.chance
    }

    /// Overwrites what chance decides beside demand.
    ///
    /// # Panics
    ///
    /// If a part is neither empty nor as long as the demand.
    pub fn set_chance(&mut self, chance: Chance) {
        let rows = self.tiles() * self.periods;
        let fits = |length: usize| length == 0 || length == rows;
        let Chance { lead_times, yields, open, rounding } = &chance;
        assert!(
            fits(lead_times.len()) && fits(yields.len()),
            "lead times and yields have a row a period"
        );
        assert!(fits(open.len()) && fits(rounding.len()), "so has the rest");
        let every = || lead_times.iter().flat_map(|row| row.0);
        let least = every().min().unwrap_or(0);
        assert!(least >= 0, "no order arrives before it is placed");
        self.lead_times = [least as usize, every().max().unwrap_or(0) as usize];
        self.chance = chance;
    }

    /// Overwrites the demand with that of the scenarios from `first_scenario` on, which `fill`
    /// writes. No period's demand may exceed `largest` \[units\]; `None` if demand is not whole.
    pub fn write(&mut self, first_scenario: u32, largest: Option<Units>, fill: &mut impl Fill) {
        self.first_scenario = first_scenario;
        let width = largest.map_or(Width::Wide, Width::for_whole);
        if self.demand.width() != width {
            self.demand = Rows::zeros(width, self.tiles() * self.periods);
        }
        self.largest_total = 0.0;
        let (periods, warm_up) = (self.periods, self.warm_up);
        let largest = largest.unwrap_or(0.0);
        self.largest = largest;
        for tile in 0..self.tiles() {
            let mut writer = Writer { fill, tile, warm_up, largest, before: 0.0, total: Row::ZERO };
            self.demand.with(tile * periods, (tile + 1) * periods, &mut writer);
            self.totals[tile] = writer.total;
            let measured = writer.total.0.iter().copied().fold(0.0, f64::max);
            self.largest_total = self.largest_total.max(writer.before + measured);
        }
    }

    /// Overwrites the demand with `demand` of scenario and period \[units\].
    pub fn set(&mut self, first_scenario: u32, demand: impl Fn(usize, usize) -> Units) {
        let mut largest = Some(0.0_f64);
        for scenario in 0..self.scenarios {
            for period in 0..self.periods {
                let units = demand(scenario, period);
                largest = largest.filter(|_| units.fract() == 0.0).map(|most| most.max(units));
            }
        }
        let mut given = Given { scenarios: self.scenarios, demand };
        self.write(first_scenario, largest, &mut given);
    }

    /// Demand of scenario `scenario`, all periods \[units\].
    pub fn scenario(&self, scenario: usize) -> impl Iterator<Item = Units> + '_ {
        let start = scenario / LANES * self.periods;
        (start..start + self.periods).map(move |row| self.demand.value(row, scenario % LANES))
    }
}

/// Fills a tile and adds up its demand.
struct Writer<'a, F> {
    fill: &'a mut F,
    tile: usize,
    warm_up: usize,
    largest: Units,
    /// The most of any lane during the warm-up.
    before: Units,
    /// Demand over the measured periods.
    total: Row<f64>,
}

impl<F: Fill> WithRows for Writer<'_, F> {
    fn with<L: Lane>(&mut self, rows: &mut [Row<L>]) {
        self.fill.fill(self.tile, rows);
        let (warm_up, measured) = rows.split_at(self.warm_up);
        let mut before = Row::ZERO;
        add_up(warm_up, self.largest, &mut before);
        self.before = before.0.iter().copied().fold(0.0, f64::max);
        add_up(measured, self.largest, &mut self.total);
    }
}

/// Adds `rows`, none of whose numbers exceeds `largest`, to `total`.
fn add_up<L: Lane>(rows: &[Row<L>], largest: Units, total: &mut Row<f64>) {
    for some in rows.chunks(L::periods_before_overflow(largest).clamp(1, rows.len().max(1))) {
        let mut sum = Row::<L>::ZERO;
        for row in some {
            for lane in 0..LANES {
                sum.0[lane] = sum.0[lane].plus(row.0[lane]);
            }
        }
        for lane in 0..LANES {
            total.0[lane] += sum.0[lane].sum();
        }
    }
}

/// Demand that is given number by number.
struct Given<D> {
    scenarios: usize,
    demand: D,
}

impl<D: Fn(usize, usize) -> Units> Fill for Given<D> {
    fn fill<L: Lane>(&mut self, tile: usize, rows: &mut [Row<L>]) {
        for (period, row) in rows.iter_mut().enumerate() {
            for lane in 0..LANES {
                // Lanes beyond the last scenario repeat it; nobody looks at them.
                let scenario = (tile * LANES + lane).min(self.scenarios - 1);
                row.0[lane] = L::of((self.demand)(scenario, period));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_as_narrow_as_its_demand_and_adds_it_up() {
        for (scale, width) in [(1.0, Width::Narrow), (2e4, Width::Middle), (0.5, Width::Wide)] {
            let mut block = Block::zeros(70, 30, 10);
            block.set(5, |scenario, period| scale * (scenario % 7 + period % 3) as f64);
            assert_eq!(block.demand().width(), width);
            let path: Vec<f64> = block.scenario(69).collect();
            assert_eq!(path[4], scale * 7.0);
            let measured: f64 = path[10..].iter().sum();
            assert_eq!(block.totals()[1].0[5], measured);
            let most = (0..70).map(|s| block.scenario(s).sum::<f64>()).fold(0.0, f64::max);
            assert_eq!(block.largest_total(), most);
        }
    }
}
