//! Poisson regression: a product of seasons, trend, price, promotion and what came last.

use super::regression::likelihood::{self, LogLinear};
use super::{Family, Fitted, Forecast, Past};

pub(super) const FAMILY: Family = Family {
    name: "poisson-regression",
    summary: "a product of season, trend, price, promotion and the latest level",
    tried: true,
    options: likelihood::OPTIONS,
    fit: |past, setting| Some(Box::new(Poisson(LogLinear::poisson(past, setting)?))),
};

/// The regression; demand scatters around it as it did in the past, whatever a Poisson count does.
struct Poisson(LogLinear);

impl Fitted for Poisson {
    fn forecast(&self, past: &Past<'_>) -> Box<dyn Forecast> {
        self.0.regression.forecast(past, None)
    }

    fn parameters(&self) -> Vec<(&'static str, f64)> {
        vec![("deviation_of_effects", self.0.deviation), ("freedom", self.0.regression.freedom)]
    }
}
