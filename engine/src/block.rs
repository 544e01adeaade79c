//! Demand for one item in many scenarios, laid out for the lane loop.

use crate::Units;

/// Scenarios that advance together, one SIMD lane each.
///
/// Wide enough to fill AVX-512 several times over with `f64`; the results do not depend on it.
pub const LANES: usize = 32;

/// One number for each of [`LANES`] scenarios, aligned to a cache line: unaligned state
/// makes the speed of the lane loop depend on where the stack happens to lie.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Lanes(pub [Units; LANES]);

impl Lanes {
    /// Zero in every lane.
    pub const ZERO: Lanes = Lanes([0.0; LANES]);
}

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

/// Demand for one item: tiles of [`LANES`] scenarios, each with one row per period.
///
/// One period of a tile is one [`Lanes`], so the lane loop has a length the
/// compiler knows, and a year of a tile stays in the second-level cache.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    scenarios: usize,
    periods: usize,
    warm_up: usize,
    first_scenario: u32,
    demand: Vec<Lanes>,
    totals: Vec<Lanes>,
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
        let demand = vec![Lanes::ZERO; tiles * periods];
        let totals = vec![Lanes::ZERO; tiles];
        Block { scenarios, periods, warm_up, first_scenario: 0, demand, totals }
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

    /// Number of the first scenario within its set.
    pub(crate) fn first_scenario(&self) -> u32 {
        self.first_scenario
    }

    /// Demand of each tile, one row per period \[units\].
    pub fn tiles(&self) -> impl Iterator<Item = &[Lanes]> {
        self.demand.chunks_exact(self.periods)
    }

    /// Demand of each tile over the measured periods \[units\].
    pub(crate) fn totals(&self) -> &[Lanes] {
        &self.totals
    }

    /// Overwrites the demand with that of the scenarios from `first_scenario` on: `write` gets
    /// each tile's number and rows \[units\].
    pub fn write(&mut self, first_scenario: u32, mut write: impl FnMut(usize, &mut [Lanes])) {
        self.first_scenario = first_scenario;
        let tiles = self.demand.chunks_exact_mut(self.periods);
        for (tile, (rows, total)) in tiles.zip(&mut self.totals).enumerate() {
            write(tile, rows);
            *total = Lanes::ZERO;
            for row in &rows[self.warm_up..] {
                for lane in 0..LANES {
                    total.0[lane] += row.0[lane];
                }
            }
        }
    }

    /// Demand of scenario `scenario`, all periods \[units\].
    pub fn scenario(&self, scenario: usize) -> impl Iterator<Item = Units> + '_ {
        let start = scenario / LANES * self.periods;
        self.demand[start..start + self.periods].iter().map(move |row| row.0[scenario % LANES])
    }
}
