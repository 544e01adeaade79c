//! The chart that compares strategies: where its marks stand. The template draws them.

use serde::Serialize;

use super::scale::{LETTER, Scale, Tick, tenth};
use crate::report::figures::{alone, number};
use crate::report::{Interval, Report, words};

/// Strategies side by side: cost, and distance to the cheapest.
#[derive(Serialize)]
pub(super) struct Comparison {
    description: String,
    height: f64,
    bottom: f64,
    costs: Vec<Tick>,
    differences: Vec<Tick>,
    zero: f64,
    rows: Vec<Bars>,
}

/// The two marks of a strategy.
#[derive(Serialize)]
struct Bars {
    name: &'static str,
    y: f64,
    best: bool,
    cost: Bar,
    /// Nothing for the cheapest.
    difference: Option<Bar>,
}

/// An estimate and the ends of its interval.
#[derive(Serialize)]
struct Bar {
    low: f64,
    mean: f64,
    high: f64,
    label: String,
    label_at: f64,
    anchor: &'static str,
}

impl Bar {
    /// The marks, and their value on the side where there is room for it.
    fn of(interval: &Interval, scale: &Scale) -> Bar {
        let [low, mean, high] =
            [interval.low, interval.mean, interval.high].map(|value| scale.place(value));
        let label = alone(interval);
        let room = 9.0 + LETTER * label.chars().count() as f64;
        let fits = high + room < scale.to;
        let (label_at, anchor) = if fits { (high + 9.0, "start") } else { (low - 9.0, "end") };
        Bar { low, mean, high, label, label_at: tenth(label_at), anchor }
    }
}

impl Comparison {
    /// The chart, if there is anything to compare.
    pub(super) fn of(report: &Report) -> Option<Comparison> {
        if report.strategies.is_empty() {
            return None;
        }
        let lines = || report.strategies.iter();
        let ends = |interval: &Interval| [interval.low, interval.mean, interval.high];
        let costs = Scale::over(lines().flat_map(|line| ends(&line.cost)), 190.0, 570.0, 5.0);
        let differences = Scale::over(
            lines().flat_map(|line| ends(&line.difference)).chain([0.0]),
            630.0,
            985.0,
            5.0,
        );
        let rows: Vec<Bars> = lines()
            .enumerate()
            .map(|(index, line)| Bars {
                name: line.strategy,
                y: 62.0 + 38.0 * index as f64,
                best: index == 0,
                cost: Bar::of(&line.cost, &costs),
                difference: (index > 0).then(|| Bar::of(&line.difference, &differences)),
            })
            .collect();
        let bottom = 62.0 + 38.0 * rows.len() as f64 - 14.0;
        Some(Comparison {
            description: words::described(report),
            height: bottom + 34.0,
            bottom,
            costs: costs.ticks(number),
            differences: differences.ticks(number),
            zero: differences.place(0.0),
            rows,
        })
    }
}
