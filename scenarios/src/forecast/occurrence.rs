//! Demand that comes now and then: whether it comes, and how much then.

use std::sync::Arc;

use super::factors::Factors;
use super::frame::At;
use super::noise::Noise;
use super::options::Setting;
use super::recursive::{Recursion, Recursive};
use super::simple::least;
use super::{Forecast, Past};
use crate::random::Random;

/// What is known of demand that comes now and then, in a period whose factor is 1.
pub(super) trait Occurs: Clone + Send + Sync + 'static {
    /// Expected number of demands in a period; 1 at most but for what smoothing makes of it.
    fn probability(&self) -> f64;

    /// Expected size of a demand \[counts\].
    fn size(&self) -> f64;

    /// Learns that in a period which counts as `exposure` periods a demand of `size` came
    /// \[counts\], or none if that is 0.
    fn learn(&mut self, exposure: f64, size: f64);

    /// How many demands the state is an average of, as far as its errors do not tell.
    fn demands_averaged(&self) -> f64;
}

/// A period of the past whose demand was seen.
#[derive(Clone, Copy)]
pub(super) struct Occasion {
    factor: f64,
    exposure: f64,
    demand: f64,
    /// Demand less what the season adds to its size.
    size: f64,
}

/// Where smoothing starts.
#[derive(Clone, Copy)]
pub(super) struct Opening {
    /// Share of the first periods that had demand.
    pub(super) probability: f64,
    /// Average of the first sizes \[counts\].
    pub(super) size: f64,
}

/// Fewest periods, and fewest of them with demand, to fit to.
const FEW: (usize, usize) = (8, 2);
/// Demands that smoothing starts from.
const OPENING: usize = 10;
/// Least and most that a smoothed value moves towards what was seen.
const SHARES: (f64, f64) = (0.005, 0.3);
/// A probability below which demand never comes twice.
const RARE: f64 = 1e-12;
/// Times that one share is improved after the other.
const ROUNDS: usize = 3;

/// Demand that was seen; `None` if it is too little.
pub(super) fn occasions(past: &Past<'_>, factors: &Factors) -> Option<Vec<Occasion>> {
    let (seen, sold) = past.seen_and_sold();
    if seen < FEW.0 || sold < FEW.1 {
        return None;
    }
    let probability = sold as f64 / seen as f64;
    let size = past.mean() / probability;
    let occasion = |(period, demand)| {
        let factor = factors.at(past.frame.at(period));
        let exposure = exposure(probability, size, factor);
        Occasion { factor, exposure, demand, size: demand * exposure / factor }
    };
    Some(past.observations().map(occasion).collect())
}

/// The average of the first demands.
pub(super) fn opening(occasions: &[Occasion]) -> Opening {
    let (mut exposure, mut count, mut size) = (0.0, 0.0, 0.0);
    for occasion in occasions {
        exposure += occasion.exposure;
        if occasion.demand > 0.0 {
            count += 1.0;
            size += occasion.size;
        }
        if count >= OPENING as f64 {
            break;
        }
    }
    Opening { probability: (count / exposure).min(1.0), size: size / count }
}

/// The shares for sizes and for occurrence with the least squared error of one-step forecasts, each
/// free unless it was set (Kourentzes, *On intermittent demand model optimisation and selection*, International Journal
/// of Production Economics 156 (2014) 180–190, who finds that two shares serve better than one).
///
/// Errors are those of demand and not of its rate, as he prefers: a rate that is averaged over the
/// whole past cannot tell of demand that dies out.
pub(super) fn best_shares<S: Occurs>(
    occasions: &[Occasion],
    setting: &Setting,
    state: impl Fn([f64; 2]) -> S,
) -> [f64; 2] {
    let squares = |shares: [f64; 2]| {
        let mut state = state(shares);
        let mut sum = 0.0;
        for occasion in occasions {
            let mean = occasion.factor * state.probability() * state.size();
            sum += (occasion.demand - mean) * (occasion.demand - mean);
            state.learn(occasion.exposure, occasion.size);
        }
        sum
    };
    let set = [0, 1].map(|which| setting.get(which));
    let mut shares = set.map(|share| share.unwrap_or(0.1));
    for _ in 0..ROUNDS {
        for which in (0..2).filter(|which| set[*which].is_none()) {
            shares[which] = least(SHARES.0, SHARES.1, |share| {
                let mut tried = shares;
                tried[which] = share;
                squares(tried)
            });
        }
    }
    shares
}

/// How many periods of factor 1 a period with `factor` is, as to whether demand comes in it.
///
/// Demands come at random, so that none comes with the probability `(1 − p)` to the power of the
/// factor: rare demand is as many times as frequent, and demand that always comes is as many times
/// as large. Demand of less than one unit is none, so that its size is never less.
fn exposure(probability: f64, size: f64, factor: f64) -> f64 {
    if factor == 1.0 {
        return 1.0;
    }
    if probability < RARE {
        return factor;
    }
    let certain = probability.min(1.0);
    let occurs = if certain < 1.0 { -libm::expm1(factor * libm::log1p(-certain)) } else { 1.0 };
    let exposure = occurs / probability;
    if size >= 1.0 { exposure.min(factor * size) } else { exposure }
}

/// Demand that comes now and then, with its season.
#[derive(Clone)]
pub(super) struct Occurring<S> {
    state: S,
    factors: Arc<Factors>,
    /// Sizes seen beyond one unit, as shares of those that were expected; their mean is 1.
    excesses: Arc<[f64]>,
}

impl<S: Occurs> Occurring<S> {
    /// What `state` foresees after `past`, which it is taken through.
    pub(super) fn forecast(state: S, factors: &Arc<Factors>, past: &Past<'_>) -> Box<dyn Forecast> {
        let none: Arc<[f64]> = Arc::from([]);
        let fresh = Occurring { state, factors: Arc::clone(factors), excesses: none };
        let mut model = fresh.clone();
        let mut sizes = Vec::new();
        for (period, demand) in past.observations() {
            let at = past.frame.at(period);
            if demand > 0.0 {
                sizes.push((model.occurrence(at).1, demand));
            }
            model.observe(at, demand);
        }
        let late = &sizes[OPENING.min(sizes.len() / 2)..];
        let model = Occurring { excesses: excesses(late), ..fresh };
        Box::new(Recursive::new(model, past, OPENING))
    }

    /// Probability that demand comes in the period `at`, and its expected size then \[counts\].
    fn occurrence(&self, at: At) -> (f64, f64) {
        let (probability, size) = (self.state.probability(), self.state.size());
        let factor = self.factors.at(at);
        let exposure = exposure(probability, size, factor);
        let occurs = (probability * exposure).min(1.0);
        if occurs > 0.0 { (occurs, factor * probability * size / occurs) } else { (0.0, size) }
    }
}

/// What was seen beyond one unit, as shares of what was expected beyond it.
///
/// In terms of the whole size a demand of one unit would be rounded to none now and then, and the
/// model would learn that demand comes less often than it does.
fn excesses(sizes: &[(f64, f64)]) -> Arc<[f64]> {
    let expected: f64 = sizes.iter().map(|(mean, _)| (mean - 1.0).max(0.0)).sum();
    let floor = (0.05 * expected / sizes.len().max(1) as f64).max(1e-9);
    let share = |(mean, size): &(f64, f64)| (size - 1.0).max(0.0) / (mean - 1.0).max(floor);
    let mut shares: Vec<f64> = sizes.iter().map(share).collect();
    let mean = shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    if mean <= 0.0 {
        return Arc::from([]);
    }
    for share in &mut shares {
        *share /= mean;
    }
    Arc::from(shares)
}

impl<S: Occurs> Recursion for Occurring<S> {
    fn mean(&self, at: At) -> f64 {
        self.factors.at(at) * self.state.probability() * self.state.size()
    }

    fn observe(&mut self, at: At, demand: f64) {
        let factor = self.factors.at(at);
        let exposure = exposure(self.state.probability(), self.state.size(), factor);
        self.state.learn(exposure, demand * exposure / factor);
    }

    /// What is expected says nothing new: it is not a demand.
    fn expect(&mut self, _: At, _: f64) {}

    fn periods_averaged(&self) -> f64 {
        self.state.demands_averaged() / self.state.probability().clamp(1e-6, 1.0)
    }

    fn draw(&self, at: At, level: f64, _: &Noise, random: &mut Random) -> f64 {
        let (probability, size) = self.occurrence(at);
        if random.uniform() >= probability {
            return 0.0;
        }
        let beyond = level * size - 1.0;
        if beyond <= 0.0 {
            return random.rounded(level * size);
        }
        let share = match self.excesses.len() {
            0 => 1.0,
            count => self.excesses[random.below(count)],
        };
        1.0 + random.rounded(beyond * share)
    }
}
