//! Willemain, Smart and Schwarz's bootstrap: whether demand comes depends on whether it came last.

use std::sync::Arc;

use super::factors::Factors;
use super::frame::Frame;
use super::noise::Noise;
use super::{Family, Fitted, Forecast, Past};
use crate::random::Random;

pub(super) const FAMILY: Family = Family {
    name: "willemain",
    summary: "sizes seen, in runs with and without demand as they were seen",
    tried: true,
    options: &[],
    fit: |past, _| Some(Box::new(Bootstrap::fit(past)?)),
};

/// Fewest observations, and fewest demands, to fit to.
const FEW: (usize, usize) = (8, 2);

/// Probabilities of demand, and its sizes.
///
/// Willemain, Smart & Schwarz, *A New Approach to Forecasting Intermittent Demand for Service Parts
/// Inventories*, International Journal of Forecasting 20 (2004) 375–387: a Markov chain of two states
/// says whether there is demand; its size is one of those seen, jittered.
///
/// Their jitter `1 + ⌊x + z √x⌋` adds half a unit to every size and two thirds to a size of 1. Here
/// it is `1 + Poisson(x − 1)`: about as wide, with the mean it should have, and 1 stays 1. A season,
/// which they do not speak of, makes sizes larger or smaller.
struct Bootstrap {
    chain: Chain,
    sizes: Arc<[f64]>,
    factors: Arc<Factors>,
}

/// Probability of demand in a period.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Chain {
    /// After a period without and with demand.
    after: [f64; 2],
}

impl Chain {
    /// Shares of the periods that followed one with and one without demand; half a period with and
    /// half a period without is added to each, so that nothing is impossible (Jeffreys' prior).
    fn of(past: &Past<'_>) -> Chain {
        let (mut periods, mut demands) = ([1.0; 2], [0.5; 2]);
        for (seen, demand) in past.seen.windows(2).zip(past.demand.windows(2)) {
            if seen[0] && seen[1] {
                let last = usize::from(demand[0] > 0.0);
                periods[last] += 1.0;
                demands[last] += f64::from(u8::from(demand[1] > 0.0));
            }
        }
        Chain { after: [demands[0] / periods[0], demands[1] / periods[1]] }
    }

    /// Probability of demand in the period after one that had demand with probability `last`.
    fn next(self, last: f64) -> f64 {
        self.after[0] + last * (self.after[1] - self.after[0])
    }
}

impl Bootstrap {
    fn fit(past: &Past<'_>) -> Option<Bootstrap> {
        Some(Bootstrap {
            sizes: sizes(past)?,
            chain: Chain::of(past),
            factors: Arc::new(Factors::of(past)),
        })
    }
}

impl Fitted for Bootstrap {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        // From the last period that was seen on; 0 is no demand.
        let mut last = 0.0;
        for (demand, seen) in past.demand.iter().zip(past.seen) {
            let occurred = f64::from(u8::from(*demand > 0.0));
            last = if *seen { occurred } else { self.chain.next(last) };
        }
        Box::new(Chained {
            chain: self.chain,
            sizes: Sizes::new(&self.sizes, &self.factors),
            last,
            next: past.periods(),
        })
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("probability_after_none", self.chain.after[0]),
            ("probability_after_demand", self.chain.after[1]),
        ]
    }
}

/// The sizes of the demands that were seen; `None` if they are too few.
pub(super) fn sizes(past: &Past<'_>) -> Option<Arc<[f64]>> {
    let (seen, sold) = past.seen_and_sold();
    if seen < FEW.0 || sold < FEW.1 {
        return None;
    }
    let demand = past.observations().map(|(_, demand)| demand);
    Some(demand.filter(|demand| *demand > 0.0).collect())
}

/// Sizes that were seen, each as probable.
pub(super) struct Sizes {
    seen: Arc<[f64]>,
    mean: f64,
    factors: Arc<Factors>,
}

impl Sizes {
    pub(super) fn new(sizes: &Arc<[f64]>, factors: &Arc<Factors>) -> Sizes {
        let mean = sizes.iter().sum::<f64>() / sizes.len().max(1) as f64;
        Sizes { seen: Arc::clone(sizes), mean, factors: Arc::clone(factors) }
    }

    /// Expected size of a demand in `period` \[counts\].
    pub(super) fn mean(&self, frame: &Frame, period: usize) -> f64 {
        self.mean * self.factors.at(frame.at(period))
    }

    /// A size that was seen, times the season's factor, as it is.
    pub(super) fn draw(&self, frame: &Frame, period: usize, random: &mut Random) -> f64 {
        self.seen[random.below(self.seen.len())] * self.factors.at(frame.at(period))
    }
}

/// `1 + Poisson(x − 1)`, or what rounds to less.
fn jittered(size: f64, random: &mut Random) -> f64 {
    const POISSON: Noise = Noise::NegativeBinomial { size: 1e9 };
    if size <= 1.0 { random.rounded(size) } else { 1.0 + POISSON.draw(size - 1.0, random) }
}

/// What the chain foresees.
struct Chained {
    chain: Chain,
    sizes: Sizes,
    /// Probability that the last period had demand.
    last: f64,
    /// The first period that is foreseen.
    next: usize,
}

impl Forecast for Chained {
    fn means(&self, frame: &Frame, means: &mut [f64]) {
        let mut probability = self.last;
        for (ahead, mean) in means.iter_mut().enumerate() {
            probability = self.chain.next(probability);
            *mean = probability * self.sizes.mean(frame, self.next + ahead);
        }
    }

    fn path(&self, frame: &Frame, random: &mut Random, path: &mut [f64]) {
        let mut last = self.last;
        for (ahead, demand) in path.iter_mut().enumerate() {
            let occurs = random.uniform() < self.chain.next(last);
            last = f64::from(u8::from(occurs));
            *demand = match occurs {
                true => jittered(self.sizes.draw(frame, self.next + ahead, random), random),
                false => 0.0,
            };
        }
    }
}
