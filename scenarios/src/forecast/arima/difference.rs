//! Which differences of demand are stationary.

use super::Series;

/// How often demand is differenced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differences {
    /// From period to period: `d`.
    pub plain: usize,
    /// From season to season: `D`.
    pub seasonal: usize,
    /// Periods in a season: `m`, 1 if there is none.
    pub places: usize,
}

/// Strength beyond which a season is differenced (Hyndman, R package forecast, `nsdiffs`).
const STRONG: f64 = 0.64;
/// 5 % point of the statistic of [`unsteadiness`] (Kwiatkowski et al., table 1).
const UNSTEADY: f64 = 0.463;
/// Most differences from period to period.
const MOST: usize = 2;

impl Differences {
    /// None, or one of the season if that is strong, and as many of the periods as it takes until
    /// the level is steady: Hyndman & Khandakar, *Automatic Time Series Forecasting: The forecast
    /// Package for R*, J. Statistical Software 27 (2008) issue 3.
    pub(super) fn of(demand: &[f64], places: usize) -> Differences {
        let seasonal = usize::from(places > 1 && strength(demand, places) > STRONG);
        let mut differences = Differences { plain: 0, seasonal, places };
        while differences.plain + seasonal < MOST {
            let values = differences.apply(demand);
            if values.len() < 10 || unsteadiness(&values) <= UNSTEADY {
                break;
            }
            differences.plain += 1;
        }
        differences
    }

    /// Periods before the first difference.
    pub fn reach(self) -> usize {
        self.plain + self.seasonal * self.places
    }

    /// How many differences in all.
    pub fn count(self) -> usize {
        self.plain + self.seasonal
    }

    /// The differences of `demand`, [`Differences::reach`] fewer.
    pub(super) fn apply(self, demand: &[f64]) -> Vec<f64> {
        let weights = self.weights();
        let reach = weights.len().min(demand.len());
        let periods = reach..demand.len();
        let value = |period: usize| {
            let past = demand[period - reach..period].iter().rev();
            demand[period] - past.zip(&weights).map(|(demand, weight)| demand * weight).sum::<f64>()
        };
        periods.map(value).collect()
    }

    /// Weights of past demand in the sum to which the difference is added: 1, 2, … periods ago.
    pub(super) fn weights(self) -> Vec<f64> {
        let mut polynomial = vec![1.0];
        let lags = [(self.plain, 1), (self.seasonal, self.places)];
        for lag in lags.into_iter().flat_map(|(times, lag)| std::iter::repeat_n(lag, times)) {
            let before = polynomial.clone();
            polynomial.resize(before.len() + lag, 0.0);
            for (power, coefficient) in before.iter().enumerate() {
                polynomial[power + lag] -= coefficient;
            }
        }
        polynomial[1..].iter().map(|coefficient| -coefficient).collect()
    }

    /// The series of differences; a difference counts as seen if demand of its period was.
    pub(super) fn series(self, demand: &[f64], seen: &[bool]) -> Series {
        let reach = self.reach().min(seen.len());
        Series::new(self.apply(demand), seen[reach..].to_vec(), self.places)
    }
}

/// Demand with what was not seen taken from a straight line between its neighbours in the same
/// season, or the only neighbour.
pub(super) fn filled(demand: &[f64], seen: &[bool], places: usize) -> Vec<f64> {
    let mut filled = demand.to_vec();
    let known = seen.iter().zip(demand).filter(|(seen, _)| **seen);
    let (sum, count) = known.fold((0.0, 0.0), |(s, n), (_, demand)| (s + demand, n + 1.0));
    let mean = if count > 0.0 { sum / count } else { 0.0 };
    for period in (0..demand.len()).filter(|period| !seen[*period]) {
        let before = (0..period).rev().skip(places - 1).step_by(places).find(|t| seen[*t]);
        let after = (period + places..demand.len()).step_by(places).find(|t| seen[*t]);
        filled[period] = match (before, after) {
            (Some(before), Some(after)) => {
                let share = (period - before) as f64 / (after - before) as f64;
                demand[before] + share * (demand[after] - demand[before])
            }
            (Some(only), None) | (None, Some(only)) => demand[only],
            (None, None) => mean,
        };
    }
    filled
}

/// Strength of the season, between 0 and 1: Wang, Smith & Hyndman, *Characteristic-Based Clustering
/// for Time Series Data*, Data Mining and Knowledge Discovery 13 (2006) 335–364, with the season
/// and the trend of the classical decomposition.
fn strength(demand: &[f64], places: usize) -> f64 {
    let half = places / 2;
    if demand.len() < 2 * places + 2 * half {
        return 0.0;
    }
    let trend = |t: usize| {
        let window = &demand[t - half..=t + half];
        let edges =
            if places.is_multiple_of(2) { 0.5 * (window[0] + window[2 * half]) } else { 0.0 };
        (window.iter().sum::<f64>() - edges) / places as f64
    };
    let rest: Vec<f64> =
        (half..demand.len() - half).map(|period| demand[period] - trend(period)).collect();
    let (mut sums, mut counts) = (vec![0.0; places], vec![0.0; places]);
    for (t, value) in rest.iter().enumerate() {
        sums[t % places] += value;
        counts[t % places] += 1.0;
    }
    let without: Vec<f64> =
        rest.iter().enumerate().map(|(t, v)| v - sums[t % places] / counts[t % places]).collect();
    let with = variance(&rest);
    if with > 0.0 { (1.0 - variance(&without) / with).clamp(0.0, 1.0) } else { 0.0 }
}

fn variance(values: &[f64]) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>() / values.len() as f64
}

/// How far the level wanders: the statistic `η_μ` of Kwiatkowski, Phillips, Schmidt & Shin, *Testing
/// the null hypothesis of stationarity against the alternative of a unit root*, J. Econometrics 54
/// (1992) 159–178, with `3·√n/13` lags.
fn unsteadiness(values: &[f64]) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let away: Vec<f64> = values.iter().map(|value| value - mean).collect();
    let (mut partial, mut sum) = (0.0, 0.0);
    for value in &away {
        partial += value;
        sum += partial * partial;
    }
    let lags = (3.0 * count.sqrt() / 13.0) as usize;
    let covariance = |lag: usize| {
        away[lag..].iter().zip(&away).map(|(left, right)| left * right).sum::<f64>() / count
    };
    let weight = |lag: usize| 2.0 * (1.0 - lag as f64 / (lags as f64 + 1.0));
    let variance = covariance(0) + (1..=lags).map(|lag| weight(lag) * covariance(lag)).sum::<f64>();
    let scale = mean * mean + variance.abs();
    if variance > 1e-12 * scale { sum / (count * count * variance) } else { 0.0 }
}
