//! Negative binomial regression: as Poisson regression, of counts that scatter more.
//!
//! Lawless, *Negative Binomial and Mixed Poisson Regression*, Canadian Journal of Statistics 15
//! (1987) 209–225.

use super::noise::Noise;
use super::regression::likelihood::{self, LogLinear};
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "negative-binomial-regression",
    summary: "a product of season, trend, price, promotion and the latest level, with its scatter",
    tried: true,
    options: likelihood::OPTIONS,
    fit: |past, setting| {
        Some(Box::new(NegativeBinomial(LogLinear::negative_binomial(past, setting)?)))
    },
};

/// The regression and its size.
struct NegativeBinomial(LogLinear);

impl Fitted for NegativeBinomial {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        let noise = Noise::NegativeBinomial { size: self.0.size };
        self.0.regression.forecast(past, Some(noise))
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("size", self.0.size),
            ("deviation_of_effects", self.0.deviation),
            ("freedom", self.0.regression.freedom),
        ]
    }
}
