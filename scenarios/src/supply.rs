//! What chance decides about an item's supply: lead times, yield, outages.

use engine::{Chance, Fill, LANES, Row};

use crate::masses::Masses;
use crate::special::gamma_cdf;
use crate::stream::{Purpose, Streams};
use crate::table::{Drawing, Tables};

/// What chance decides about an item's supply; nothing, by default.
#[derive(Clone, Debug, Default)]
pub struct Supply {
    lead_times: Option<Tables>,
    yield_range: Option<[f64; 2]>,
    outages: Option<Outages>,
    rounds: bool,
}

/// A supplier that closes and opens again, as a Markov chain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outages {
    /// Probability that an open supplier is closed in the next period.
    pub failure_probability: f64,
    /// Probability that a closed supplier is open in the next period; positive.
    pub recovery_probability: f64,
}

impl Supply {
    /// Lead times with these values \[periods\], drawn anew for each order.
    #[must_use]
    pub fn with_lead_times(self, masses: &Masses) -> Supply {
        Supply { lead_times: Some(Tables::new(std::slice::from_ref(masses))), ..self }
    }

    /// Shares of an order that arrive, uniform between two.
    #[must_use]
    pub fn with_yield(self, low: f64, high: f64) -> Supply {
        Supply { yield_range: Some([low, high]), rounds: true, ..self }
    }

    /// Outages.
    #[must_use]
    pub fn with_outages(self, outages: Outages) -> Supply {
        Supply { outages: Some(outages), ..self }
    }

    /// Fractions of a unit that are rounded at random, as those of lost demand.
    #[must_use]
    pub fn with_rounding(self) -> Supply {
        Supply { rounds: true, ..self }
    }

    /// Whether there is nothing to draw.
    pub fn is_certain(&self) -> bool {
        self.lead_times.is_none() && self.outages.is_none() && !self.rounds
    }

    /// The rows of the scenarios from `first_scenario` on.
    pub(crate) fn draw(
        &self,
        [tiles, periods]: [usize; 2],
        first_scenario: u32,
        streams: impl Fn(Purpose) -> Streams,
    ) -> Chance {
        let mut chance = Chance::default();
        let rows = tiles * periods;
        let first = |tile: usize| first_scenario + (tile * LANES) as u32;
        if let Some(tables) = &self.lead_times {
            let streams = streams(Purpose::LeadTime);
            let mut drawing = Drawing { tables, seasons: &[0], streams, first_scenario };
            chance.lead_times = vec![Row::ZERO; rows];
            for (tile, rows) in chance.lead_times.chunks_mut(periods).enumerate() {
                drawing.fill(tile, rows);
            }
        }
        if let Some([low, high]) = self.yield_range {
            chance.yields = vec![Row::ZERO; rows];
            for (tile, rows) in chance.yields.chunks_mut(periods).enumerate() {
                uniform(streams(Purpose::Yield), first(tile), rows);
                for share in rows.iter_mut().flat_map(|row| &mut row.0) {
                    *share = low + *share * (high - low);
                }
            }
        }
        if self.rounds {
            chance.rounding = vec![Row::ZERO; rows];
            for (tile, rows) in chance.rounding.chunks_mut(periods).enumerate() {
                uniform(streams(Purpose::Rounding), first(tile), rows);
            }
        }
        if let Some(outages) = self.outages {
            chance.open = vec![Row::ZERO; rows];
            let mut words = vec![Row::ZERO; periods];
            for (tile, rows) in chance.open.chunks_mut(periods).enumerate() {
                uniform(streams(Purpose::Outage), first(tile), &mut words);
                outages.follow(&words, rows);
            }
        }
        chance
    }
}

impl Outages {
    /// Share of periods in which the supplier is open, in the long run.
    pub fn availability(self) -> f64 {
        let Outages { failure_probability: fails, recovery_probability: recovers } = self;
        recovers / (fails + recovers)
    }

    /// The chain under the uniform numbers `words`, begun in its long run.
    fn follow(self, words: &[Row<f64>], rows: &mut [Row<i16>]) {
        for lane in 0..LANES {
            let mut open = words[0].0[lane] < self.availability();
            rows[0].0[lane] = i16::from(open);
            for (word, row) in words.iter().zip(rows.iter_mut()).skip(1) {
                let chance = word.0[lane];
                open = match open {
                    true => chance >= self.failure_probability,
                    false => chance < self.recovery_probability,
                };
                row.0[lane] = i16::from(open);
            }
        }
    }
}

/// Overwrites a tile, whose first scenario is `first`, with uniform numbers from 0 to below 1.
fn uniform(streams: Streams, first: u32, rows: &mut [Row<f64>]) {
    for (quad, rows) in rows.chunks_mut(4).enumerate() {
        for lane in 0..LANES {
            let words = streams.words(first + lane as u32, quad as u32);
            for (row, word) in rows.iter_mut().zip(words) {
                row.0[lane] = f64::from(word) / 4_294_967_296.0;
            }
        }
    }
}

/// Lead times of whole periods with a gamma distribution of this mean and deviation, before
/// rounding \[periods\].
pub fn gamma_lead_times(mean: f64, deviation: f64) -> Masses {
    let shape = (mean / deviation) * (mean / deviation);
    let scale = mean / shape;
    let reach = (mean + 12.0 * deviation + 2.0).ceil();
    Masses::from_cdf(0.0, reach, 1 << 14, |periods| gamma_cdf(shape, periods / scale))
}

/// Lead times as they were observed, each as likely as often it was \[periods\].
pub fn observed_lead_times(observed: &[usize]) -> Masses {
    let mut values: Vec<usize> = observed.to_vec();
    values.sort_unstable();
    values.dedup();
    let times = |value: &usize| observed.iter().filter(|&other| other == value).count() as f64;
    Masses {
        weights: values.iter().map(times).collect(),
        values: values.iter().map(|&value| value as f64).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Scenarios;
    use crate::demand::{Demand, Poisson};
    use engine::{Block, Coordinates, ScenarioSource};

    fn drawn(supply: Supply) -> Chance {
        let masses = [Poisson { mean: 5.0 }.masses(1.0)];
        let source = Scenarios::new(3, "bolts", &masses, vec![0]).with_supply(supply);
        let mut block = Block::zeros(640, 400, 0);
        source.fill(Coordinates { set: 0, first_scenario: 0 }, &mut block);
        block.chance().clone()
    }

    /// Mean of `rows`, which must lie within four standard errors of `expected`.
    fn assert_mean(rows: impl Iterator<Item = f64>, expected: f64, deviation: f64) {
        let values: Vec<f64> = rows.collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let error = deviation / (values.len() as f64).sqrt();
        assert!((mean - expected).abs() < 4.0 * error, "{mean}, expected {expected} ± {error}");
    }

    #[test]
    fn draws_have_the_declared_means() {
        let masses = gamma_lead_times(6.0, 2.0);
        assert!((masses.mean() - 6.0).abs() < 0.02, "{}", masses.mean());
        let lead_times = drawn(Supply::default().with_lead_times(&masses)).lead_times;
        let flat = lead_times.iter().flat_map(|row| row.0.map(f64::from));
        assert_mean(flat, masses.mean(), masses.variance().sqrt());

        let chance = drawn(Supply::default().with_yield(0.6, 1.0));
        let flat = chance.yields.iter().flat_map(|row| row.0);
        assert_mean(flat, 0.8, 0.4 / 12.0_f64.sqrt());
        assert_eq!(chance.rounding.len(), chance.yields.len());
    }

    /// Outages are open as often, and stay closed as long, as their chain says.
    #[test]
    fn outages_follow_their_chain() {
        let outages = Outages { failure_probability: 0.05, recovery_probability: 0.25 };
        let open = drawn(Supply::default().with_outages(outages)).open;
        let (mut periods, mut closed, mut spells) = (0.0, 0.0, 0.0);
        for tile in open.chunks(400) {
            for lane in 0..LANES {
                for pair in tile.windows(2) {
                    periods += 1.0;
                    closed += f64::from(1 - pair[1].0[lane]);
                    spells += f64::from(u8::from(pair[0].0[lane] == 1 && pair[1].0[lane] == 0));
                }
            }
        }
        assert!((closed / periods - 1.0 / 6.0).abs() < 0.005, "{}", closed / periods);
        assert!((closed / spells - 4.0).abs() < 0.1, "{}", closed / spells);
    }

    #[test]
    fn observations_are_as_likely_as_often_seen() {
        let masses = observed_lead_times(&[5, 2, 5, 9]);
        assert_eq!((masses.values, masses.weights), (vec![2.0, 5.0, 9.0], vec![1.0, 2.0, 1.0]));
    }
}
