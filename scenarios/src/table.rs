//! Drawing demand from tables: one uniform number makes one demand.
//!
//! The alias method of Walker, *An Efficient Method for Generating Discrete Random Variables
//! with General Distributions*, ACM TOMS 3 (1977) 253–256, with Vose's set-up (1991). Every
//! draw is one look-up, whatever the distribution, so demand is drawn at the speed of the
//! generator, and vectorized.

use engine::{Block, Coordinates, LANES, Lanes, ScenarioSource};
use multiversion::multiversion;

use crate::masses::{MOST_VALUES, Masses};
use crate::stream::{GROUP, Purpose, Streams};

/// Demand of one item in every scenario: a table for each season, and which season a period is in.
#[derive(Clone, Debug)]
pub struct Scenarios {
    seed: u64,
    item: String,
    /// Season of each period, repeated if the simulation is longer.
    seasons: Vec<u8>,
    tables: Tables,
}

/// Alias tables of equal size, one a season.
#[derive(Clone, Debug)]
struct Tables {
    bits: u32,
    /// Per cell: above what fraction of the cell the alias holds (upper half), and the alias.
    cells: Vec<u64>,
    /// What each cell stands for \[units\].
    values: Vec<f64>,
}

impl Scenarios {
    /// Scenarios of the item called `item` under `seed`: period `t` has the distribution
    /// `masses[seasons[t]]`, in counts of `quantum` units.
    ///
    /// # Panics
    ///
    /// If there is no season, or one without a table.
    pub fn new(
        seed: u64,
        item: &str,
        quantum: f64,
        masses: &[Masses],
        seasons: Vec<u8>,
    ) -> Scenarios {
        assert!(!seasons.is_empty() && seasons.iter().all(|&s| usize::from(s) < masses.len()));
        let most = masses.iter().map(|masses| masses.values.len()).max().unwrap_or(1);
        assert!(most <= MOST_VALUES, "tables were coarsened");
        // Few sizes, so that few loops are compiled.
        let bits = [6, 8, 10, 12, 14, 16].into_iter().find(|bits| most <= 1 << bits).unwrap_or(16);
        let mut tables = Tables { bits, cells: Vec::new(), values: Vec::new() };
        for masses in masses {
            tables.push(masses, quantum);
        }
        Scenarios { seed, item: item.to_owned(), seasons, tables }
    }
}

impl ScenarioSource for Scenarios {
    fn fill(&self, at: Coordinates, block: &mut Block) {
        let streams = Streams::new(self.seed, Purpose::Demand, at.set, &self.item);
        let fill = match self.tables.bits {
            6 => fill::<{ 1 << 6 }>,
            8 => fill::<{ 1 << 8 }>,
            10 => fill::<{ 1 << 10 }>,
            12 => fill::<{ 1 << 12 }>,
            14 => fill::<{ 1 << 14 }>,
            _ => fill::<{ 1 << 16 }>,
        };
        block.write(at.first_scenario, |tile, rows| {
            let first = at.first_scenario + (tile * LANES) as u32;
            fill(&self.tables, &self.seasons, streams, first, rows);
        });
    }
}

impl Tables {
    /// Appends the alias table of `masses`.
    fn push(&mut self, masses: &Masses, quantum: f64) {
        let size = 1_usize << self.bits;
        let total: f64 = masses.weights.iter().sum();
        let mut share: Vec<f64> =
            masses.weights.iter().map(|weight| weight / total * size as f64).collect();
        share.resize(size, 0.0);
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..size).partition(|&cell| share[cell] < 1.0);
        let first = self.cells.len();
        self.cells.extend((0..size as u64).map(|cell| u64::from(u32::MAX) << 32 | cell));
        while let (Some(&poor), Some(&rich)) = (small.last(), large.last()) {
            small.pop();
            let threshold = (share[poor] * 4_294_967_296.0).round().min(4_294_967_295.0) as u64;
            self.cells[first + poor] = threshold << 32 | rich as u64;
            share[rich] -= 1.0 - share[poor];
            if share[rich] < 1.0 {
                large.pop();
                small.push(rich);
            }
        }
        // What is left has a full cell but for rounding; its own alias makes it exact.
        let last = masses.values.last().copied().unwrap_or(0.0);
        let values = masses.values.iter().copied().chain(std::iter::repeat(last));
        self.values.extend(values.take(size).map(|value| value * quantum));
    }
}

/// Overwrites a tile, whose first scenario is `first`.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn fill<const CELLS: usize>(
    tables: &Tables,
    seasons: &[u8],
    streams: Streams,
    first: u32,
    rows: &mut [Lanes],
) {
    let bits = CELLS.trailing_zeros();
    let mut season = 0;
    for (quad, rows) in rows.chunks_mut(4).enumerate() {
        for half in 0..LANES / GROUP {
            let start = half * GROUP;
            let words = streams.group(first + start as u32, quad as u32);
            for (row, (words, lanes)) in words.iter().zip(rows.iter_mut()).enumerate() {
                let table = usize::from(seasons[(season + row) % seasons.len()]) * CELLS;
                // Arrays of known length: a word's upper bits can only point inside.
                let Ok(cells) = <&[u64; CELLS]>::try_from(&tables.cells[table..table + CELLS])
                else {
                    unreachable!("the slice has this length")
                };
                let Ok(values) = <&[f64; CELLS]>::try_from(&tables.values[table..table + CELLS])
                else {
                    unreachable!("the slice has this length")
                };
                for lane in 0..GROUP {
                    let word = words[lane];
                    let cell = (word >> (32 - bits)) as usize;
                    let entry = cells[cell];
                    let own = u64::from(word << bits) < entry >> 32;
                    let alias = entry as usize & (CELLS - 1);
                    lanes.0[start + lane] = values[if own { cell } else { alias }];
                }
            }
        }
        season += 4;
    }
}
