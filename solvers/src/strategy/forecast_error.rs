//! Forecast error: z times what forecasts over lead time and review were wrong by.
//!
//! Errors of past windows, each foreseen as the mean of all periods before it: what matters is how wrong
//! one was about the whole window, not about one period (Silver, Pyke & Thomas, *Inventory and Production
//! Management in Supply Chains*, 4th ed. (2017), §6.7.1; Prak, Teunter & Syntetos, *On the Calculation of
//! Safety Stocks when Demand is Forecasted*, European Journal of Operational Research 256 (2017)
//! 454–461).

use engine::{Units, normal_quantile};

use super::{Knowledge, Method, Strategy, round_up};

pub(super) const STRATEGY: Strategy = Strategy {
    name: "forecast-error",
    summary: "z times the root mean squared error of past forecasts over lead time and review",
    method: Method::Level(|known, protection| {
        let mean = known.mean * protection as f64;
        let error =
            squared_error(known, protection).unwrap_or_else(|| known.moments(protection).1).sqrt();
        round_up(mean + normal_quantile(known.targets.service_level) * error)
    }),
};

/// Least periods that are known before a window.
const KNOWN: f64 = 8.0;
/// Fewest windows.
const FEWEST: usize = 10;

/// Mean squared error of past windows; `None` if there are too few.
fn squared_error(known: &Knowledge<'_>, protection: usize) -> Option<Units> {
    let (mut sum, mut count) = (0.0, 0.0);
    let mut squares = Vec::new();
    for first in 0..known.history.len().saturating_sub(protection) {
        if count >= KNOWN {
            let window = first..first + protection;
            if known.observed[window.clone()].iter().all(|seen| *seen) {
                let total: f64 = known.history[window].iter().sum();
                let error = total - sum / count * protection as f64;
                squares.push(error * error);
            }
        }
        if known.observed[first] {
            sum += known.history[first];
            count += 1.0;
        }
    }
    let windows = squares.len() as f64;
    (squares.len() >= FEWEST).then(|| squares.iter().sum::<f64>() / windows)
}
