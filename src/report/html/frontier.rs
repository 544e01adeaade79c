//! The chart of cost against service: where its marks stand. The template draws them.

use serde::Serialize;

use super::scale::{LETTER, Scale, Tick, tenth};
use crate::report::figures::{number, percent, visible};
use crate::report::{Interval, Report};

/// What service costs: plans as points, the efficient ones joined by a line.
#[derive(Serialize)]
pub(super) struct Frontier {
    description: String,
    services: Vec<Tick>,
    costs: Vec<Tick>,
    /// Points of the line, as SVG wants them.
    line: String,
    dots: Vec<Place>,
    points: Vec<Point>,
}

#[derive(Clone, Copy, Serialize)]
struct Place {
    x: f64,
    y: f64,
}

/// A strategy or plan with its name.
#[derive(Serialize)]
struct Point {
    name: String,
    at: Place,
    best: bool,
    plan: bool,
    label: Label,
    reach: Reach,
}

/// Ends of the intervals of service and cost.
#[derive(Serialize)]
struct Reach {
    left: f64,
    right: f64,
    bottom: f64,
    top: f64,
}

impl Reach {
    /// The whisker of service; that of cost is short and names stand beside it anyway.
    fn area(&self, at: Place) -> Area {
        Area { left: self.left, right: self.right, top: at.y - 2.0, bottom: at.y + 2.0 }
    }
}

/// Where the name stands and how it is anchored.
#[derive(Clone, Copy, Serialize)]
struct Label {
    x: f64,
    y: f64,
    anchor: &'static str,
}

impl Frontier {
    /// The chart, if there is anything to draw.
    pub(super) fn of(report: &Report) -> Option<Frontier> {
        let named = named(report);
        if named.is_empty() && report.frontier.is_empty() {
            return None;
        }
        let efficient = || report.frontier.iter();
        let services = Scale::over(
            named
                .iter()
                .flat_map(|(_, _, service)| [service.low, service.high])
                .chain(efficient().map(|point| point.fill_rate))
                .map(|share| 100.0 * share.clamp(0.0, 1.0)),
            76.0,
            976.0,
            8.0,
        );
        let costs = Scale::over(
            named
                .iter()
                .flat_map(|(_, cost, _)| [cost.low, cost.high])
                .chain(efficient().map(|point| point.cost)),
            372.0,
            20.0,
            6.0,
        );
        let place = |cost: f64, share: f64| Place {
            x: services.place(100.0 * share),
            y: costs.place(cost),
        };
        let dots: Vec<Place> =
            efficient().map(|point| place(point.cost, point.fill_rate)).collect();
        let mut taken: Vec<Area> = dots.iter().map(|dot| Area::around(*dot, 3.0)).collect();
        let places: Vec<Place> =
            named.iter().map(|(_, cost, service)| place(cost.mean, service.mean)).collect();
        taken.extend(dots.windows(2).flat_map(|ends| between(ends[0], ends[1])));
        taken.extend(places.iter().map(|at| Area::around(*at, 6.0)));
        let cheapest = report.strategies.first().map(|line| line.strategy);
        let reaches: Vec<Reach> = named
            .iter()
            .map(|(_, cost, service)| Reach {
                left: services.place(100.0 * service.low),
                right: services.place(100.0 * service.high),
                bottom: costs.place(cost.low),
                top: costs.place(cost.high),
            })
            .collect();
        taken.extend(reaches.iter().zip(&places).map(|(reach, at)| reach.area(*at)));
        let points = named
            .iter()
            .zip(places)
            .zip(reaches)
            .map(|(((name, ..), at), reach)| Point {
                best: cheapest == Some(name.as_str()),
                plan: name == PLAN,
                label: label(name, at, &reach, &mut taken),
                reach,
                at,
                name: visible(name),
            })
            .collect();
        let line: Vec<String> = dots.iter().map(|dot| format!("{},{}", dot.x, dot.y)).collect();
        Some(Frontier {
            description: frontier_described(report),
            services: services.ticks(|value, decimals| number(value, decimals) + "\u{a0}%"),
            costs: costs.ticks(number),
            line: line.join(" "),
            dots,
            points,
        })
    }
}

/// Name of the plan within limits in the chart.
const PLAN: &str = "plan within limits";

/// Every point that has a name, with its cost and its service.
fn named(report: &Report) -> Vec<(String, Interval, Interval)> {
    let strategies =
        report.strategies.iter().map(|line| (line.strategy.to_string(), line.cost, line.fill_rate));
    let plan = report
        .scarcity
        .iter()
        .map(|limits| (PLAN.to_string(), limits.constrained.cost, limits.constrained.fill_rate));
    strategies.chain(plan).collect()
}

/// A rectangle that other names keep clear of.
struct Area {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Area {
    fn around(at: Place, reach: f64) -> Area {
        Area { left: at.x - reach, right: at.x + reach, top: at.y - reach, bottom: at.y + reach }
    }

    fn of(label: Label, width: f64) -> Area {
        let left = match label.anchor {
            "start" => label.x,
            "end" => label.x - width,
            _ => label.x - width / 2.0,
        };
        Area { left, right: left + width, top: label.y - 12.0, bottom: label.y + 4.0 }
    }

    fn meets(&self, other: &Area) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// The stretch of a line, as small squares that names keep clear of.
fn between(from: Place, to: Place) -> Vec<Area> {
    let length = (to.x - from.x).abs().max((to.y - from.y).abs());
    let steps = (length / 8.0).ceil().max(1.0);
    (1..steps as u32)
        .map(|step| {
            let share = f64::from(step) / steps;
            let (x, y) = (from.x + share * (to.x - from.x), from.y + share * (to.y - from.y));
            Area::around(Place { x, y }, 3.0)
        })
        .collect()
}

/// The first place around a point where its name covers nothing, and takes it.
fn label(name: &str, at: Place, reach: &Reach, taken: &mut Vec<Area>) -> Label {
    let width = LETTER * name.chars().count() as f64;
    let (left, right) = (reach.left.min(at.x - 5.0) - at.x, reach.right.max(at.x + 5.0) - at.x);
    let (top, bottom) = (reach.top.min(at.y - 7.0) - at.y, reach.bottom.max(at.y + 7.0) - at.y);
    let around = [
        (right + 6.0, 4.0, "start"),
        (left - 6.0, 4.0, "end"),
        (0.0, top - 6.0, "middle"),
        (0.0, bottom + 15.0, "middle"),
        (8.0, top - 5.0, "start"),
        (-8.0, top - 5.0, "end"),
        (8.0, bottom + 14.0, "start"),
        (-8.0, bottom + 14.0, "end"),
        (0.0, top - 24.0, "middle"),
        (0.0, bottom + 33.0, "middle"),
    ];
    let candidates =
        around.map(|(x, y, anchor)| Label { x: tenth(at.x + x), y: tenth(at.y + y), anchor });
    let free = candidates.into_iter().find(|label| {
        let area = Area::of(*label, width);
        let inside =
            area.left > 70.0 && area.right < 1000.0 && area.top > 2.0 && area.bottom < 372.0;
        inside && !taken.iter().any(|other| other.meets(&area))
    });
    let label = free.unwrap_or(candidates[0]);
    taken.push(Area::of(label, width));
    label
}

fn frontier_described(report: &Report) -> String {
    let point = |name: &str, cost: f64, share: f64| {
        format!("{name} costs {} at a fill rate of {}\u{a0}%", number(cost, 1), percent(share, 1))
    };
    let mut parts: Vec<String> = named(report)
        .iter()
        .map(|(name, cost, service)| point(name, cost.mean, service.mean))
        .collect();
    if let [first, .., last] = report.frontier.as_slice() {
        let from = point("the efficient line runs from a plan that", first.cost, first.fill_rate);
        parts.push(from + &point(" to one that", last.cost, last.fill_rate));
    }
    parts.join("; ") + "."
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn names_keep_clear_of_each_other() {
        let chart = Frontier::of(&sample::report(40)).expect("there are points");
        let areas: Vec<Area> = chart
            .points
            .iter()
            .map(|point| Area::of(point.label, LETTER * point.name.chars().count() as f64))
            .collect();
        for (index, area) in areas.iter().enumerate() {
            assert!(areas[..index].iter().all(|other| !other.meets(area)), "{index}");
        }
    }

    #[test]
    fn there_is_no_chart_without_points() {
        let mut report = sample::report(1);
        report.strategies.clear();
        report.frontier.clear();
        report.scarcity = None;
        assert!(Frontier::of(&report).is_none());
    }
}
