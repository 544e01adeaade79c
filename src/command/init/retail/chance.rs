//! Random numbers of the generated shop: each a function of what it decides, for whom and when.
//!
//! Only integer arithmetic, IEEE operations and `libm`, so that every machine makes the
//! same shop.

/// Key of every draw. Another key is another shop, and breaks the tests that pin this one.
const KEY: [u32; 2] = [0x5061_7253, 0x746f_636b];

/// What a number decides.
#[derive(Clone, Copy)]
pub(super) enum About {
    Fate,
    Pattern,
    Rate,
    Spread,
    Size,
    Price,
    Margin,
    Season,
    Supplier,
    LeadTime,
    OrderCost,
    Shortage,
    CasePack,
    MinimumOrder,
    Volume,
    Span,
    Promotion,
    Cut,
    Uplift,
    Availability,
    StockOut,
    StockOutLength,
    Occurrence,
    Demand,
    PartlySold,
    OnHand,
    OnOrder,
}

/// The chances of one item or one supplier.
#[derive(Clone, Copy)]
pub(super) struct Chance {
    /// Number of the item; suppliers follow after the items.
    pub(super) subject: u32,
}

impl Chance {
    /// A number in `0 .. 1`; `at` is a day or a week, and 0 for what is decided once.
    pub(super) fn uniform(self, about: About, at: u32) -> f64 {
        let [low, high, ..] = scenarios::philox([at, about as u32, self.subject, 0], KEY);
        let bits = (u64::from(high) << 32 | u64::from(low)) >> 11;
        bits as f64 / (1_u64 << 53) as f64
    }

    /// Whether something of probability `chance` happens.
    pub(super) fn happens(self, about: About, at: u32, chance: f64) -> bool {
        self.uniform(about, at) < chance
    }

    /// A number evenly in `low .. high`.
    pub(super) fn between(self, about: About, (low, high): (f64, f64)) -> f64 {
        low + (high - low) * self.uniform(about, 0)
    }

    /// A number in `low .. high` whose logarithm is even: many small, few large.
    pub(super) fn skewed(self, about: About, (low, high): (f64, f64)) -> f64 {
        low * libm::exp(self.uniform(about, 0) * libm::log(high / low))
    }

    /// A whole number of `low ..= high`.
    pub(super) fn whole(self, about: About, at: u32, (low, high): (u32, u32)) -> u32 {
        low + (self.uniform(about, at) * f64::from(high - low + 1)) as u32
    }
}

/// A count with this mean, and variance `mean + mean²/shape`: negative binomial, or Poisson
/// without a shape.
///
/// By inversion of the one number `uniform`, so that a count needs no second draw.
pub(super) fn count(uniform: f64, mean: f64, shape: Option<f64>) -> u32 {
    match shape {
        None => invert(uniform, libm::exp(-mean), |k| mean / (k + 1.0)),
        Some(shape) => {
            let none = libm::exp(shape * libm::log(shape / (shape + mean)));
            let more = mean / (shape + mean);
            invert(uniform, none, |k| more * (k + shape) / (k + 1.0))
        }
    }
}

/// The count at which the cumulative probability passes `uniform`, where `ratio(k)` leads from
/// the probability of `k` to that of `k + 1`.
fn invert(uniform: f64, none: f64, ratio: impl Fn(f64) -> f64) -> u32 {
    // Rounding may leave the sum below `uniform` for ever.
    const MOST: u32 = 10_000;
    let (mut probability, mut below) = (none, none);
    let mut count = 0;
    while uniform >= below && count < MOST {
        probability *= ratio(f64::from(count));
        below += probability;
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_the_mean_and_variance_asked_for() {
        for (mean, shape) in
            [(0.3, None), (4.0, None), (60.0, None), (4.0, Some(2.0)), (30.0, Some(9.0))]
        {
            let draws = 20_000;
            let chance = Chance { subject: 7 };
            let (mut sum, mut squares) = (0.0, 0.0);
            for at in 0..draws {
                let drawn = f64::from(count(chance.uniform(About::Demand, at), mean, shape));
                sum += drawn;
                squares += drawn * drawn;
            }
            let draws = f64::from(draws);
            let found = sum / draws;
            let variance = squares / draws - found * found;
            let expected = mean + shape.map_or(0.0, |shape| mean * mean / shape);
            assert!((found - mean).abs() < 4.0 * (expected / draws).sqrt(), "{mean}: {found}");
            assert!((variance / expected - 1.0).abs() < 0.06, "{expected}: {variance}");
        }
    }

    #[test]
    fn whole_numbers_reach_both_ends() {
        let seen: std::collections::BTreeSet<_> =
            (0..200).map(|at| Chance { subject: 1 }.whole(About::Cut, at, (2, 5))).collect();
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), [2, 3, 4, 5]);
    }
}
