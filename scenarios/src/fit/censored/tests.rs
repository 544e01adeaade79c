use super::super::{FitOptions, fit};
use super::*;
use crate::calendar::{Date, Length, Weekday};
use crate::demand::{Demand, NegativeBinomial, Poisson};
use crate::history::{History, Series};
use crate::stream::{Purpose, Streams};

/// Uniform numbers of a series.
fn uniform(series: usize, draw: usize) -> f64 {
    let word = Streams::new(5, Purpose::Demand, 9, "censored").words(series as u32, draw as u32)[0];
    (f64::from(word) + 0.5) / 4_294_967_296.0
}

/// The value below which `share` of the distribution lies.
fn quantile(masses: &Masses, share: f64) -> f64 {
    let total: f64 = masses.weights.iter().sum();
    let mut below = 0.0;
    for (value, weight) in masses.values.iter().zip(&masses.weights) {
        below += weight / total;
        if below >= share {
            return *value;
        }
    }
    *masses.values.last().unwrap()
}

/// The distribution of the demand of `periods`.
fn over(masses: &Masses, periods: usize) -> Masses {
    let most = *masses.values.last().unwrap() as usize;
    let mut one = vec![0.0; most + 1];
    let total: f64 = masses.weights.iter().sum();
    for (value, weight) in masses.values.iter().zip(&masses.weights) {
        one[*value as usize] += weight / total;
    }
    let mut sum = vec![1.0];
    for _ in 0..periods {
        let mut next = vec![0.0; sum.len() + most];
        for (at, weight) in sum.iter().enumerate() {
            one.iter().enumerate().for_each(|(more, share)| next[at + more] += weight * share);
        }
        sum = next;
    }
    Masses { values: (0..sum.len()).map(|value| value as f64).collect(), weights: sum }
}

/// What was sold of `demand` in 400 periods, when about as large a share of periods as `sold_out`
/// began with too little stock.
fn history(number: usize, demand: &dyn Demand, sold_out: f64, forget: bool) -> History {
    const PERIODS: usize = 400;
    let masses = demand.masses(1.0);
    let mut series = Series::new("bolts", 0, Vec::new());
    for period in 0..PERIODS {
        let wanted = quantile(&masses, uniform(number, 2 * period));
        // Stock is scarce in some periods, and then about as large as demand is.
        let scarce = uniform(number, 1_000_000 + 2 * period) < 1.7 * sold_out;
        let stock = quantile(&masses, uniform(number, 2 * period + 1));
        // The shelf is empty in the evening: nobody knows whether another customer came.
        let out = scarce && wanted >= stock;
        series.units.push(if out { stock } else { wanted });
        series.observed.push(!out);
        series.sold_out.push(out && !forget);
    }
    let first = Date::from_ymd(2024, 1, 1).unwrap();
    let calendar = Calendar::new(Length::Day, Weekday::Monday, &[], &[], first);
    History::new(calendar, vec![series])
}

/// Mean bias of the mean and of the 95 % quantile of demand over seven periods, over series.
fn bias(demand: &dyn Demand, forget: bool) -> [f64; 2] {
    const SERIES: usize = 60;
    let truth = demand.masses(1.0);
    let of = |masses: &Masses| [masses.mean(), quantile(&over(masses, 7), 0.95)];
    let [mean, high] = of(&truth);
    let mut sums = [0.0; 2];
    for number in 0..SERIES {
        let history = history(number, demand, 0.15, forget);
        let model = fit(&history.series.get(0), &history, FitOptions::of(&history.calendar));
        let mut fitted = Masses { values: Vec::new(), weights: Vec::new() };
        // Seasons that chance suggested average out.
        for (factor, weight) in model.factors.iter().zip(&model.weights) {
            let masses = model.distribution.masses(*factor);
            let total: f64 = masses.weights.iter().sum();
            fitted.values.extend(&masses.values);
            fitted.weights.extend(masses.weights.iter().map(|each| each / total * weight));
        }
        let mut order: Vec<usize> = (0..fitted.values.len()).collect();
        order.sort_by(|&l, &r| fitted.values[l].total_cmp(&fitted.values[r]));
        let sorted = Masses {
            values: order.iter().map(|&at| fitted.values[at]).collect(),
            weights: order.iter().map(|&at| fitted.weights[at]).collect(),
        };
        for (sum, (ours, true_one)) in
            sums.iter_mut().zip(of(&sorted).into_iter().zip([mean, high]))
        {
            *sum += (ours / true_one - 1.0) / SERIES as f64;
        }
    }
    sums
}

/// 15 % of periods end without stock: demand is found within 3 %, and is too low without it.
#[test]
fn demand_that_was_not_seen_is_found() {
    let models: [(&str, Box<dyn Demand>); 3] = [
        ("Poisson", Box::new(Poisson { mean: 6.0 })),
        ("negative binomial", Box::new(NegativeBinomial { mean: 8.0, size: 2.0 })),
        ("slow", Box::new(NegativeBinomial { mean: 0.8, size: 0.7 })),
    ];
    for (name, demand) in models {
        let (found, forgotten) = (bias(&*demand, false), bias(&*demand, true));
        println!(
            "{name}: mean and quantile {found:.3?}, censored periods left out {forgotten:.3?}"
        );
        assert!(found.iter().all(|bias| bias.abs() < 0.03), "{name}: {found:?}");
        assert!(forgotten[0] < -0.02, "{name}: {forgotten:?}");
    }
}

/// Parts of equal weight keep weight and mean.
#[test]
fn a_long_tail_is_told_in_few_values() {
    let masses = Poisson { mean: 5_000.0 }.masses(1.0);
    let tail = tail(&masses, 5_050.0).unwrap();
    let (weight, moment) = tail.clone().fold((0.0, 0.0), |(w, m), (v, p)| (w + p, m + p * v));
    let few = in_few(tail);
    assert!(few.len() <= VALUES, "{}", few.len());
    assert!((few.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-6);
    let mean: f64 = few.iter().map(|(value, share)| value * share).sum();
    assert!((mean - moment / weight).abs() < 0.5, "{mean}, {}", moment / weight);
    assert!(few.iter().all(|(value, _)| *value >= 5_050.0));
}

/// A period without stock and sales says nothing, and a model that holds what was sold impossible
/// does not break.
#[test]
fn odd_periods_do_no_harm() {
    let mut history = history(3, &Poisson { mean: 6.0 }, 0.0, false);
    let options = FitOptions::of(&history.calendar);
    let before = fit(&history.series.get(0), &history, options).mean();
    for period in 100..110 {
        history.series.change(0, |series| series.observed[period] = false);
    }
    let left_out = fit(&history.series.get(0), &history, options).mean();
    for period in 100..110 {
        history.series.change(0, |series| series.units[period] = 0.0);
        history.series.change(0, |series| series.sold_out[period] = true);
    }
    assert_eq!(fit(&history.series.get(0), &history, options).mean(), left_out);
    // Lower bounds alone do not say how high.
    let mut bounds = history.clone();
    bounds.series.change(0, |series| series.observed.fill(false));
    bounds.series.change(0, |series| series.sold_out.fill(true));
    let units = bounds.series.get(0).units;
    let sold = units.iter().filter(|units| **units > 0.0);
    let mean = sold.clone().sum::<f64>() / sold.count() as f64;
    let found = fit(&bounds.series.get(0), &bounds, options).mean();
    assert!((found - mean).abs() < 1e-6 * mean, "{found}, {mean}");
    history.series.change(0, |series| series.units[100] = 1e9);
    let after = fit(&history.series.get(0), &history, options).mean();
    assert!(after.is_finite() && after > 0.0 && before > 0.0, "{after}");
}
