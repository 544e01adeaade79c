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
