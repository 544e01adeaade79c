//! What demand may depend on besides the season: prices and promotions.

use crate::history::Series;

/// Something that demand may depend on, period by period.
#[derive(Clone, Debug, PartialEq)]
pub struct Regressor {
    /// What it is called.
    pub name: &'static str,
    /// Its value in each period of the series, and in later ones as far as they are known beforehand.
    pub values: Vec<f32>,
    /// What is expected of periods that come.
    pub ahead: Ahead,
}

/// What is expected of a regressor after the past.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ahead {
    /// It stays as it was last.
    Stays,
    /// It is 0.
    Ceases,
    /// Its values of later periods were known beforehand; it is 0 after these.
    Planned,
}

impl Regressor {
    /// Price and promotion of `series`, where it has them: the price stays, the promotion ends.
    pub fn all_of(series: &Series) -> Vec<Regressor> {
        let price = logarithms(&series.prices);
        let price = price.map(|values| Regressor { name: "price", values, ahead: Ahead::Stays });
        let promotions = series.promotions.clone();
        let promotion = (!promotions.is_empty()).then_some(Regressor {
            name: "promotion",
            values: promotions,
            ahead: Ahead::Ceases,
        });
        price.into_iter().chain(promotion).collect()
    }

    /// Its value in `period` as far as it is known after `known` periods.
    ///
    /// What came later is not told, unless it was planned: a forecast of the past must not know.
    pub fn at(&self, period: usize, known: usize) -> f64 {
        let period = match self.ahead {
            _ if period < known => period,
            Ahead::Stays if known > 0 => known - 1,
            Ahead::Stays | Ahead::Ceases => return 0.0,
            Ahead::Planned => period,
        };
        self.values.get(period).map_or(0.0, |value| f64::from(*value))
    }
}

/// Logarithms of prices; of those that are not positive, of the price before.
fn logarithms(prices: &[f32]) -> Option<Vec<f32>> {
    let mut last = *prices.iter().find(|price| **price > 0.0)?;
    let positive = prices.iter().map(|&price| {
        last = if price > 0.0 { price } else { last };
        libm::logf(last)
    });
    Some(positive.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_is_only_known_if_it_was_planned() {
        let regressor =
            |ahead| Regressor { name: "any", values: vec![1.0, 2.0, 3.0, 4.0, 5.0], ahead };
        for (ahead, expected) in [
            (Ahead::Stays, [1.0, 2.0, 2.0, 2.0, 2.0, 2.0]),
            (Ahead::Ceases, [1.0, 2.0, 0.0, 0.0, 0.0, 0.0]),
            (Ahead::Planned, [1.0, 2.0, 3.0, 4.0, 5.0, 0.0]),
        ] {
            let values: Vec<f64> = (0..6).map(|period| regressor(ahead).at(period, 2)).collect();
            assert_eq!(values, expected);
        }
    }

    #[test]
    fn a_price_of_nothing_is_no_price() {
        let logarithm = libm::logf(2.0);
        assert_eq!(logarithms(&[0.0, 2.0, 0.0]), Some(vec![logarithm; 3]));
        assert_eq!(logarithms(&[0.0]), None);
        assert_eq!(logarithms(&[]), None);
    }
}
