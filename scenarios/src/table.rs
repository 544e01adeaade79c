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
        _ => {
            let draw = |words: &_, season, lanes: &mut _| {
                write(&look_up(words, of_season::<_, { avx512::CELLS }>(&tables.narrow, season)), lanes);
            };
            deal(seasons, streams, first, rows, Draw::group, draw);
        },
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
        _ => {
            let draw = |words: &_, season, lanes: &mut _| {
                write(&look_up(words, of_season::<_, CELLS>(&tables.narrow, season)), lanes);
            };
            deal(seasons, streams, first, rows, Draw::group, draw);
        },
    }
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
mod tests {
    use super::*;
    use crate::demand::{Demand, NegativeBinomial, Poisson};

    /// What `word` stands for in a season, by the definition of an alias table.
    fn drawn(tables: &Tables, season: usize, word: u32) -> f64 {
        let cell = (word >> (32 - tables.bits)) as usize;
        let first = season << tables.bits;
        let entry = tables.cells[first + cell];
        let alias = entry as usize & ((1 << tables.bits) - 1);
        let own = u64::from(word << tables.bits) < entry >> 32;
        tables.values[first + if own { cell } else { alias }]
    }

    /// Every variant this processor has draws what the words say, to the last lane.
    fn every_draw<L: Lane>(tables: &Tables, seasons: &[u8]) {
        let streams = Streams::new(11, Purpose::Demand, 3, "bolts");
        for periods in [1, 4, 31] {
            let mut drawing = Drawing { tables, seasons, streams, first_scenario: 7 };
            let mut rows = vec![Row::<L>::ZERO; periods];
            drawing.fill(2, &mut rows);
            for (period, row) in rows.iter().enumerate() {
                for (lane, number) in row.0.iter().enumerate() {
                    let scenario = (7 + 2 * LANES + lane) as u32;
                    let word = streams.words(scenario, period as u32 / 4)[period % 4];
                    let season = seasons[period % seasons.len()].into();
                    let expected = L::of(drawn(tables, season, word));
                    assert!(*number == expected, "period {period}, lane {lane}");
                }
            }
        }
    }

    #[test]
    fn every_variant_draws_what_the_words_say() {
        let always = |value| Masses { values: vec![value], weights: vec![1.0] };
        let apart = |count: usize| Masses {
            values: (0..count).map(|i| (37 * i % 101 + 150 * i) as f64).collect(),
            weights: (0..count).map(|i| f64::from(1 + (i * i % 17) as u32)).collect(),
        };
        let negative = |mean, size| NegativeBinomial { mean, size }.masses(1.0);
        let cases = [
            (6, vec![Poisson { mean: 5.0 }.masses(1.0)]),
            (6, vec![Poisson { mean: 5.0 }.masses(1.0), Poisson { mean: 0.3 }.masses(1.0)]),
            (6, vec![always(0.0), always(16_383.0), apart(64)]),
            (6, vec![always(16_384.0), apart(50)]),
            (8, vec![negative(5.0, 2.0), always(3.0), apart(100)]),
            (10, vec![negative(20.0, 2.0), negative(2.0, 2.0)]),
            (12, vec![negative(100.0, 2.0)]),
            (14, vec![negative(400.0, 2.0), always(1.0)]),
            (16, vec![negative(2_000.0, 2.0), always(1.0)]),
        ];
        for (bits, masses) in cases {
            let tables = Tables::new(&masses);
            assert_eq!(tables.bits, bits);
            let last = masses.len() as u8 - 1;
            for seasons in [vec![0], vec![last, 0], vec![0, last, last / 2, 0, last]] {
                if tables.largest <= 16_383.0 {
                    every_draw::<i16>(&tables, &seasons);
                }
                every_draw::<i32>(&tables, &seasons);
                every_draw::<f64>(&tables, &seasons);
            }
        }
    }

    /// The words next to every limit, in the look-ups of a processor without AVX-512 too.
    #[test]
    fn limits_are_exact() {
        let tables = Tables::new(&[Poisson { mean: 5.0 }.masses(1.0)]);
        let [narrow] = tables.narrow.as_chunks::<64>().0 else { unreachable!("one season") };
        for cell in 0..64_u32 {
            let limit = cell << 26 | (tables.cells[cell as usize] >> 38) as u32;
            let words = std::array::from_fn(|lane| limit.wrapping_add(lane as u32).wrapping_sub(9));
            let expected = words.map(|word| drawn(&tables, 0, word) as u16);
            assert_eq!(look_up(&words, narrow), expected);
            assert_eq!(in_registers(words, &tables), expected);
            assert_eq!(by_loads(words, &tables), expected);
        }
    }

    #[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl"))]
    fn in_registers(words: [u32; GROUP], tables: &Tables) -> [u16; GROUP] {
        match_target! {
            "x86_64+avx512f+avx512dq+avx512bw+avx512vl" => {
                avx512::look_up_in_registers(&words, &tables.registers[0])
            },
            _ => look_up::<64>(&words, of_season(&tables.narrow, 0)),
        }
    }

    #[multiversion(targets("x86_64+avx512f+avx512dq+avx512bw+avx512vl"))]
    fn by_loads(words: [u32; GROUP], tables: &Tables) -> [u16; GROUP] {
        match_target! {
            "x86_64+avx512f+avx512dq+avx512bw+avx512vl" => {
                avx512::look_up::<64>(&words, of_season(&tables.narrow, 0))
            },
            _ => look_up::<64>(&words, of_season(&tables.narrow, 0)),
        }
    }

    /// Words of the 2³² that give each value, counted from the table itself.
    fn counted(masses: &Masses, bits: u32) -> Vec<u64> {
        let mut tables = Tables::empty(bits);
        tables.push(masses);
        let capacity = 1_u64 << (32 - bits);
        let mut words = vec![0; 1 << bits];
        for (cell, entry) in tables.cells.iter().enumerate() {
            let own = (entry >> 32) >> bits;
            words[cell] += own;
            words[*entry as usize & ((1 << bits) - 1)] += capacity - own;
        }
        words
    }

    /// The table draws what was dealt, to the word, and what was dealt has the declared moments.
    #[test]
    fn no_word_is_lost_and_tails_keep_their_mass() {
        let cases: [(Box<dyn Demand>, u32); 4] = [
            (Box::new(Poisson { mean: 5.0 }), 6),
            (Box::new(NegativeBinomial { mean: 20.0, size: 2.0 }), 10),
            (Box::new(NegativeBinomial { mean: 20.0, size: 0.01 }), 16),
            (Box::new(NegativeBinomial { mean: 1.0, size: 0.001 }), 16),
        ];
        for (model, bits) in cases {
            let masses = model.masses(1.0);
            let words = counted(&masses, bits);
            assert_eq!(words.iter().sum::<u64>(), 1 << 32);
            let mut dealt = dealt(&masses.weights);
            dealt.resize(1 << bits, 0);
            assert_eq!(words, dealt);
            let drawn = Masses {
                weights: words[..masses.values.len()].iter().map(|&w| w as f64).collect(),
                values: masses.values.clone(),
            };
            assert!((drawn.mean() / model.mean(1.0) - 1.0).abs() < 1e-5, "{}", drawn.mean());
            let variance = drawn.variance() / model.variance(1.0);
            assert!((variance - 1.0).abs() < 1e-3, "{variance}");
        }
    }
}
