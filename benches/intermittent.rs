//! Demand that comes now and then, for the bench and the oracle.

use scenarios::forecast::Noise;
use scenarios::{Purpose, Random, Streams};

/// `periods` of demand that comes with `probability`; sizes are 1 and a negative binomial count with
/// mean 3 \[counts/period\].
pub fn intermittent(periods: usize, probability: f64, number: u32) -> Vec<f64> {
    let mut random = Random::new(Streams::new(21, Purpose::Forecast, 0, "intermittent"), number);
    let sizes = Noise::NegativeBinomial { size: 1.5 };
    let mut demand = |_| match random.uniform() < probability {
        true => 1.0 + sizes.draw(3.0, &mut random),
        false => 0.0,
    };
    (0..periods).map(&mut demand).collect()
}
