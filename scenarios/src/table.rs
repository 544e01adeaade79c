//! Drawing demand from tables: one uniform number makes one demand.
//!
//! The alias method of Walker, *An Efficient Method for Generating Discrete Random Variables
//! with General Distributions*, ACM TOMS 3 (1977) 253–256, with Vose's set-up (1991). Every
//! draw is one look-up, whatever the distribution, so demand is drawn at the speed of the
//! generator, and vectorized.

use engine::{Block, Chance, Coordinates, Fill, LANES, Lane, Row, ScenarioSource, Width};
use multiversion::multiversion;
use multiversion::target::match_target;

use crate::avx512::{self, Registers};
use crate::masses::{MOST_VALUES, Masses};
use crate::stream::{Draw, GROUP, Opening, Purpose, Streams, Words};
use crate::supply::Supply;

/// Demand of one item in every scenario: a table for each season, and which season a period is in;
/// with what else chance decides about its supply.
#[derive(Clone, Debug)]
pub struct Scenarios {
    seed: u64,
    item: String,
    /// Season of each period, repeated if the simulation is longer.
    seasons: Vec<u8>,
    tables: Tables,
    supply: Supply,
}

/// Alias tables of equal size, one a season.
#[derive(Clone, Debug)]
pub(crate) struct Tables {
    bits: u32,
    /// The largest value \[counts\].
    largest: f64,
    /// Per cell: below what fraction of it the cell itself holds (upper half), and else which.
    cells: Vec<u64>,
    /// What each cell stands for \[counts\].
    values: Vec<f64>,
    /// The same with all a narrow draw needs in one word: the fraction and both values.
    narrow: Vec<u64>,
    /// The same for tables of the smallest size: one a season.
    registers: Vec<Registers>,
}

impl Scenarios {
    /// Scenarios of the item called `item` under `seed`: period `t` has the distribution
    /// `masses[seasons[t]]` \[counts\].
    ///
    /// # Panics
    ///
    /// If there is no season, or one without a table.
    pub fn new(seed: u64, item: &str, masses: &[Masses], seasons: Vec<u8>) -> Scenarios {
        assert!(!seasons.is_empty() && seasons.iter().all(|&s| usize::from(s) < masses.len()));
        let tables = Tables::new(masses);
        Scenarios { seed, item: item.to_owned(), seasons, tables, supply: Supply::default() }
    }

    /// The same with a supply that chance decides about.
    #[must_use]
    pub fn with_supply(self, supply: Supply) -> Scenarios {
        Scenarios { supply, ..self }
    }

    fn streams(&self, purpose: Purpose, set: u32) -> Streams {
        Streams::new(self.seed, purpose, set, &self.item)
    }
}

impl ScenarioSource for Scenarios {
    fn fill(&self, at: Coordinates, block: &mut Block) {
        let streams = self.streams(Purpose::Demand, at.set);
        let first = at.first_scenario;
        let mut drawing = Drawing {
            tables: &self.tables,
            seasons: &self.seasons,
            streams,
            first_scenario: first,
        };
        block.write(first, Some(self.tables.largest), &mut drawing);
        if self.supply.is_certain() {
            if *block.chance() != Chance::default() {
                block.set_chance(Chance::default());
            }
            return;
        }
        let rows = [block.tiles(), block.periods()];
        let streams = |purpose| self.streams(purpose, at.set);
        block.set_chance(self.supply.draw(rows, first, streams));
    }
}

/// Draws from tables into rows.
pub(crate) struct Drawing<'a> {
    pub(crate) tables: &'a Tables,
    pub(crate) seasons: &'a [u8],
    pub(crate) streams: Streams,
    pub(crate) first_scenario: u32,
}

impl Fill for Drawing<'_> {
    fn fill<L: Lane>(&mut self, tile: usize, rows: &mut [Row<L>]) {
        let Drawing { tables, seasons, streams, first_scenario } = *self;
        let first = first_scenario + (tile * LANES) as u32;
        if Width::for_whole(tables.largest) == Width::Narrow {
            let fill = match tables.bits {
                6 => fill_smallest::<L>,
                8 => fill_narrow::<L, { 1 << 8 }>,
                10 => fill_narrow::<L, { 1 << 10 }>,
                12 => fill_narrow::<L, { 1 << 12 }>,
                _ => fill_narrow::<L, { 1 << 14 }>,
            };
            return fill(tables, seasons, streams, first, rows);
        }
        let fill = match tables.bits {
            6 => fill_wide::<L, { 1 << 6 }>,
            8 => fill_wide::<L, { 1 << 8 }>,
            10 => fill_wide::<L, { 1 << 10 }>,
            12 => fill_wide::<L, { 1 << 12 }>,
            14 => fill_wide::<L, { 1 << 14 }>,
            _ => fill_wide::<L, { 1 << 16 }>,
        };
        fill(tables, seasons, streams, first, rows);
    }
}

impl Tables {
    pub(crate) fn new(masses: &[Masses]) -> Tables {
        let most = masses.iter().map(|masses| masses.values.len()).max().unwrap_or(1);
        assert!(most <= MOST_VALUES, "tables were coarsened");
        // Few sizes, so that few loops are compiled.
        let bits = [6, 8, 10, 12, 14, 16].into_iter().find(|bits| most <= 1 << bits).unwrap_or(16);
        let mut tables = Tables::empty(bits);
        for masses in masses {
            tables.push(masses);
        }
        tables.pack();
        tables
    }

    fn empty(bits: u32) -> Tables {
        let (cells, values) = (Vec::new(), Vec::new());
        Tables { bits, largest: 0.0, cells, values, narrow: Vec::new(), registers: Vec::new() }
    }

    /// Appends the alias table of `masses`.
    ///
    /// A uniform word has 2³² values, and each goes to one value of demand. They are dealt out by
    /// the rounded distribution function, so that even a tail whose values are all rarer than one
    /// in 2³² keeps its mass; the table then draws exactly what was dealt.
    fn push(&mut self, masses: &Masses) {
        let size = 1_usize << self.bits;
        let capacity = 1_u64 << (32 - self.bits);
        let mut words = dealt(&masses.weights);
        words.resize(size, 0);
        let first = self.cells.len();
        self.cells.extend((0..size as u64).map(|cell| ALWAYS << 32 | cell));
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..size).partition(|&cell| words[cell] < capacity);
        while let (Some(poor), Some(&rich)) = (small.pop(), large.last()) {
            // A full cell needs no alias; the sizes are whole, so nothing is left over.
            self.cells[first + poor] = (words[poor] << self.bits) << 32 | rich as u64;
            words[rich] -= capacity - words[poor];
            if words[rich] < capacity {
                large.pop();
                small.push(rich);
            }
        }
        let last = masses.values.last().copied().unwrap_or(0.0);
        self.largest = self.largest.max(last);
        let values = masses.values.iter().copied().chain(std::iter::repeat(last));
        self.values.extend(values.take(size));
    }

    /// Fills the tables of narrow draws, if all values are narrow.
    fn pack(&mut self) {
        if Width::for_whole(self.largest) != Width::Narrow {
            return;
        }
        let size = 1_usize << self.bits;
        let packed = self.cells.iter().enumerate().map(|(cell, entry)| {
            let alias = cell / size * size + (*entry as usize & (size - 1));
            let (own, other) = (self.values[cell] as u64, self.values[alias] as u64);
            entry >> 32 << 32 | other << 16 | own
        });
        self.narrow = packed.collect();
        if size == avx512::CELLS {
            let (tables, _) = self.narrow.as_chunks();
            self.registers = tables.iter().copied().map(Registers::from).collect();
        }
    }
}

/// The threshold of a cell that never uses its alias: its alias is itself.
const ALWAYS: u64 = 0;

/// How many of the 2³² words each weight gets.
fn dealt(weights: &[f64]) -> Vec<u64> {
    const WORDS: f64 = 4_294_967_296.0;
    let total: f64 = weights.iter().sum();
    let (mut below, mut given) = (0.0, 0);
    let mut words: Vec<u64> = weights
        .iter()
        .map(|weight| {
            below += weight;
            let upto = (below / total * WORDS).round() as u64;
            let words = upto - given;
            given = upto;
            words
        })
        .collect();
    // Sums round; what is missing or too much is one word in four thousand million.
    if let Some(largest) = (0..words.len()).max_by_key(|&value| words[value]) {
        words[largest] = (words[largest] + WORDS as u64) - given;
    }
    words
}

/// Overwrites a tile, whose first scenario is `first`, with draws below 2¹⁵ from tables of the
/// smallest size, which the registers of AVX-512 hold.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn fill_smallest<L: Lane>(
    tables: &Tables,
    seasons: &[u8],
    streams: Streams,
    first: u32,
    rows: &mut [Row<L>],
) {
    match_target! {
        "x86_64+avx512f+avx512dq+avx512bw+avx512vl" => {
            let draw = |words: &_, season: usize, lanes: &mut _| {
                write(&avx512::look_up_in_registers(words, &tables.registers[season]), lanes);
            };
            deal(seasons, streams, first, rows, |draw, opening| avx512::group(draw, opening), draw);
        },
        _ => deal_narrow::<L, { avx512::CELLS }>(tables, seasons, streams, first, rows),
    }
}

/// Overwrites a tile, whose first scenario is `first`, with draws below 2¹⁵.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn fill_narrow<L: Lane, const CELLS: usize>(
    tables: &Tables,
    seasons: &[u8],
    streams: Streams,
    first: u32,
    rows: &mut [Row<L>],
) {
    match_target! {
        "x86_64+avx512f+avx512dq+avx512bw+avx512vl" => {
            let draw = |words: &_, season, lanes: &mut _| {
                write(&avx512::look_up(words, of_season::<_, CELLS>(&tables.narrow, season)), lanes);
            };
            deal(seasons, streams, first, rows, |draw, opening| avx512::group(draw, opening), draw);
        },
        _ => deal_narrow::<L, CELLS>(tables, seasons, streams, first, rows),
    }
}

/// The same without any instruction of AVX-512, whatever the size of the tables.
#[inline(always)]
fn deal_narrow<L: Lane, const CELLS: usize>(
    tables: &Tables,
    seasons: &[u8],
    streams: Streams,
    first: u32,
    rows: &mut [Row<L>],
) {
    let draw = |words: &_, season, lanes: &mut _| {
        write(&look_up(words, of_season::<_, CELLS>(&tables.narrow, season)), lanes);
    };
    deal(seasons, streams, first, rows, Draw::group, draw);
}

/// Overwrites a tile, whose first scenario is `first`, with draws of any size.
#[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl", "x86_64+avx2"))]
fn fill_wide<L: Lane, const CELLS: usize>(
    tables: &Tables,
    seasons: &[u8],
    streams: Streams,
    first: u32,
    rows: &mut [Row<L>],
) {
    let draw = |words: &[u32; GROUP], season, lanes: &mut [L; GROUP]| {
        let cells = of_season::<_, CELLS>(&tables.cells, season);
        let values = of_season::<_, CELLS>(&tables.values, season);
        let bits = CELLS.trailing_zeros();
        let drawn = words.map(|word| {
            let cell = word >> (32 - bits);
            let entry = cells[cell as usize];
            let own = u64::from(word << bits) < entry >> 32;
            if own { cell } else { entry as u32 }
        });
        for (lane, cell) in lanes.iter_mut().zip(drawn) {
            *lane = L::of(values[cell as usize & (CELLS - 1)]);
        }
    };
    match_target! {
        "x86_64+avx512f+avx512dq+avx512bw+avx512vl" => {
            deal(seasons, streams, first, rows, |draw, opening| avx512::group(draw, opening), draw);
        },
        _ => deal(seasons, streams, first, rows, Draw::group, draw),
    }
}

/// Goes through a tile, whose first scenario is `first`: `group` makes the words, and `draw` turns
/// those of a period into lanes by the table of its season.
#[inline(always)]
fn deal<L: Lane>(
    seasons: &[u8],
    streams: Streams,
    first: u32,
    rows: &mut [Row<L>],
    group: impl Fn(&Draw, &Opening) -> Words,
    draw: impl Fn(&[u32; GROUP], usize, &mut [L; GROUP]),
) {
    for half in 0..LANES / GROUP {
        let opening = streams.opening(first + (half * GROUP) as u32);
        let mut seasons = seasons.iter().cycle();
        for (quad, rows) in rows.chunks_mut(4).enumerate() {
            let words = group(&streams.draw(quad as u32), &opening);
            for ((words, row), &season) in words.0.iter().zip(rows).zip(&mut seasons) {
                let (halves, _) = row.0.as_chunks_mut();
                draw(words, season.into(), &mut halves[half]);
            }
        }
    }
}

/// The table of `season`: an array of known length, so that a word's upper bits can only point
/// inside.
#[inline(always)]
fn of_season<T, const CELLS: usize>(tables: &[T], season: usize) -> &[T; CELLS] {
    let (tables, _) = tables.as_chunks();
    &tables[season]
}

/// What `words` draw from `table`.
#[inline(always)]
pub(crate) fn look_up<const CELLS: usize>(
    words: &[u32; GROUP],
    table: &[u64; CELLS],
) -> [u16; GROUP] {
    let bits = CELLS.trailing_zeros();
    words.map(|word| {
        let entry = table[(word >> (32 - bits)) as usize];
        let own = u64::from(word << bits) < entry >> 32;
        (if own { entry } else { entry >> 16 }) as u16
    })
}

/// Writes what was drawn.
#[inline(always)]
fn write<L: Lane>(drawn: &[u16; GROUP], lanes: &mut [L; GROUP]) {
    for (lane, &count) in lanes.iter_mut().zip(drawn) {
        *lane = L::drawn(count.into());
    }
}

#[cfg(test)]
mod tests;
