//! Models of demand that comes now and then against laws that are known exactly.

use super::*;
use crate::calendar::{Length, Weekday};
use crate::stream::{Purpose, Streams};

const PATHS: u32 = 40_000;
const LEAD_TIME: usize = 10;

/// Totals over the lead time that `family` foresees after `demand`, and what it expects.
fn totals(family: &Family, demand: &[f64]) -> (Vec<f64>, f64) {
    let first = "2024-01-01".parse().expect("a date");
    let calendar = Calendar::new(Length::Week, Weekday::Monday, &[], &[], first);
    let periods = demand.len();
    // No seasons: the past is said to be shorter than a year.
    let frame = Frame::new(&calendar, 0, 0, periods + LEAD_TIME);
    let past = Past {
        demand,
        seen: &vec![true; periods],
        sold_out: &vec![false; periods],
        frame: &frame,
        calendar: &calendar,
        first: 0,
        pool: None,
    };
    let forecast = family.estimated(&past).expect("enough").forecast(&past);
    let mut means = [0.0; LEAD_TIME];
    forecast.means(&frame, &mut means);
    let total = |path| {
        let mut random = Random::new(Streams::new(7, Purpose::Forecast, 0, "any"), path);
        let mut demand = [0.0; LEAD_TIME];
        forecast.path(&frame, &mut random, &mut demand);
        demand.iter().sum()
    };
    ((0..PATHS).map(total).collect(), means.iter().sum())
}

/// Checks mean and variance within five standard errors of each.
fn check(name: &str, totals: &[f64], mean: f64, variance: f64) {
    let count = totals.len() as f64;
    let found = totals.iter().sum::<f64>() / count;
    let squares: Vec<f64> = totals.iter().map(|t| (t - found) * (t - found)).collect();
    let spread = squares.iter().sum::<f64>() / count;
    let fourth: f64 = squares.iter().map(|s| (s - spread) * (s - spread)).sum();
    assert!((found - mean).abs() <= 5.0 * (variance / count).sqrt(), "{name}: {found} {mean}");
    let error = 5.0 * (fourth / count / count).sqrt();
    assert!((spread - variance).abs() <= error, "{name}: {spread} {variance} {error}");
}

/// Sizes 1, 2, 4 and 9 as often as each other; runs and gaps that a fixed rule makes.
fn now_and_then(periods: usize) -> Vec<f64> {
    let sizes = [1.0, 4.0, 2.0, 9.0];
    let mut sold = 0;
    let occurs = |t: usize| t % 7 == 1 || t % 7 == 2 || t.is_multiple_of(5);
    let mut demand = |t| {
        if !occurs(t) {
            return 0.0;
        }
        sold += 1;
        sizes[sold % 4]
    };
    (0..periods).map(&mut demand).collect()
}

/// Demand in a period after one without and with demand, counted by hand as the model does.
fn transitions(demand: &[f64]) -> [f64; 2] {
    [false, true].map(|last| {
        let from: Vec<&[f64]> = demand.windows(2).filter(|w| (w[0] > 0.0) == last).collect();
        let demands = from.iter().filter(|pair| pair[1] > 0.0).count();
        (demands as f64 + 0.5) / (from.len() as f64 + 1.0)
    })
}

/// Totals of a two-state Markov chain: the mean is the sum of the probabilities of demand, the
/// variance that of sizes plus the covariances of occurrence, `Cov = P(t)(1 − P(t)) λᵈ` with
/// `λ = p₁₁ − p₀₁`.
#[test]
fn willemain_draws_the_chain() {
    let demand = now_and_then(141);
    let [after_none, after_demand] = transitions(&demand);
    let sizes: Vec<f64> = demand.iter().copied().filter(|demand| *demand > 0.0).collect();
    let mean = sizes.iter().sum::<f64>() / sizes.len() as f64;
    let squares = sizes.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / sizes.len() as f64;
    // The jitter is Poisson with mean x − 1.
    let size_variance = squares + mean - 1.0;
    let persists = after_demand - after_none;
    let mut last = f64::from(u8::from(demand[140] > 0.0));
    let mut probabilities = Vec::new();
    for _ in 0..LEAD_TIME {
        last = after_none + persists * last;
        probabilities.push(last);
    }
    let expected: f64 = probabilities.iter().sum();
    let mut occurrence = 0.0;
    for (t, p) in probabilities.iter().enumerate() {
        let later: f64 = (t + 1..LEAD_TIME).map(|s| persists.powi((s - t) as i32)).sum();
        occurrence += p * (1.0 - p) * (1.0 + 2.0 * later);
    }
    let (totals, stated) = totals(&willemain::FAMILY, &demand);
    assert!((stated - expected * mean).abs() < 1e-9);
    check("willemain", &totals, stated, expected * size_variance + occurrence * mean * mean);
}

/// Totals of a renewal process: number of demands by the law of sums of intervals, exactly.
#[test]
fn zhou_viswanathan_draws_the_renewals() {
    let demand = now_and_then(141);
    let places: Vec<usize> = (0..141).filter(|t| demand[*t] > 0.0).collect();
    let intervals: Vec<usize> = places.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(places.last(), Some(&140), "the last demand has just been");
    let share = |length: usize| {
        intervals.iter().filter(|i| **i == length).count() as f64 / intervals.len() as f64
    };
    // Probability that the n-th demand is in a period; its sum is that of at least n demands.
    let mut at = vec![0.0; LEAD_TIME + 1];
    at[0] = 1.0;
    let (mut first, mut second) = (0.0, 0.0);
    for demands in 1..=LEAD_TIME {
        let next = |t: usize| (0..t).map(|s| at[s] * share(t - s)).sum();
        at = (0..=LEAD_TIME).map(next).collect();
        let at_least: f64 = at.iter().sum();
        first += at_least;
        second += (2.0 * demands as f64 - 1.0) * at_least;
    }
    let sizes: Vec<f64> = demand.iter().copied().filter(|demand| *demand > 0.0).collect();
    let mean = sizes.iter().sum::<f64>() / sizes.len() as f64;
    let squares = sizes.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / sizes.len() as f64;
    let (totals, stated) = totals(&zhou_viswanathan::FAMILY, &demand);
    assert!((stated - first * mean).abs() < 1e-9);
    check(
        "zhou-viswanathan",
        &totals,
        stated,
        first * squares + (second - first * first) * mean * mean,
    );
}

/// Paths of smoothed occurrence come now and then, and what they add up to is the point forecast; TSB
/// never drifts, the others as far as the average of an inverse is not the inverse of the average.
#[test]
fn smoothed_occurrence_comes_now_and_then() {
    let demand = now_and_then(300);
    for (family, drift) in [(&tsb::FAMILY, 0.0), (&croston::FAMILY, 0.02), (&croston::SBA, 0.02)] {
        let (totals, stated) = totals(family, &demand);
        let count = totals.len() as f64;
        let found = totals.iter().sum::<f64>() / count;
        let variance = totals.iter().map(|t| (t - found) * (t - found)).sum::<f64>() / count;
        let allowed = 5.0 * (variance / count).sqrt() + drift * stated;
        assert!((found - stated).abs() <= allowed, "{}: {found} {stated}", family.name);
        assert!(totals.contains(&0.0), "{}: no total is 0", family.name);
        assert!(variance > stated, "{}: more than Poisson", family.name);
    }
}

/// What is foreseen is the published formula: size over interval, times 1 − β/2.
#[test]
fn points_are_the_published_formulae() {
    let shares = SizeAndOccurrence { size: 0.2, occurrence: 0.4 };
    let first = SizeAndInterval { size: 6.0, interval: 2.0, since: 0.0 };
    let after = first.after(&[0.0, 0.0, 0.0, 1.0, 0.0], shares);
    // By hand: 6 + 0.2 (1 − 6) = 5, 2 + 0.4 (4 − 2) = 2.8.
    assert!((after.rate() - 5.0 / 2.8).abs() < 1e-15);
    assert!((after.unbiased_rate(shares) - 0.8 * 5.0 / 2.8).abs() < 1e-15);
    assert_eq!(after.since, 1.0);
    let first = SizeAndProbability { size: 6.0, probability: 0.5 };
    let after = first.after(&[0.0, 1.0], shares);
    // By hand: 0.5 · 0.6 = 0.3, then 0.3 + 0.4 · 0.7 = 0.58.
    assert!((after.rate() - 5.0 * 0.58).abs() < 1e-15);
}
