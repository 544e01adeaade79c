//! The chart of stock against service, a curve for each strategy.

use serde::Serialize;

use super::scale::{Scale, Tick, tenth};
use crate::report::figures::{number, percent};
use crate::report::service::CurvePoint;
use crate::report::{Report, words};
use crate::summary::service::SELECTED;

/// Curves that are drawn: more cannot be told apart.
const MOST: usize = 6;
/// Edges of the canvas that is drawn on.
const EDGES: [f64; 4] = [76.0, 976.0, 20.0, 372.0];

/// Stock against service.
#[derive(Serialize)]
pub(super) struct Service {
    description: String,
    sentence: Option<String>,
    services: Vec<Tick>,
    stocks: Vec<Tick>,
    curves: Vec<Curve>,
    lines: Vec<Line>,
}

/// A strategy with its levels moved up and down.
#[derive(Serialize)]
struct Curve {
    name: &'static str,
    /// Points of the line and of the band around it, as SVG wants them.
    line: String,
    band: String,
    /// The strategy as it is.
    x: f64,
    y: f64,
}

/// A line of the table.
#[derive(Serialize)]
struct Line {
    name: &'static str,
    cells: [String; 3],
}

impl Service {
    /// The chart, if there is anything to draw.
    pub(super) fn of(report: &Report) -> Option<Service> {
        let exchange = report.exchange.as_ref()?;
        // The choice, what it is compared with, and the cheapest of the others.
        let cheapest = report.strategies.iter().map(|line| line.strategy);
        let mut names: Vec<&'static str> = Vec::new();
        for name in [SELECTED, exchange.reference].into_iter().chain(cheapest) {
            if names.len() < MOST && !names.contains(&name) {
                names.push(name);
            }
        }
        let points = |name: &'static str| report.curves.iter().filter(move |p| p.strategy == name);
        let drawn = || names.iter().flat_map(|name| points(name));
        // Every step to the right halves what is missing, more or less: so the last per cent is seen.
        let place = |share: f64| -libm::log((1.0 - share).clamp(1e-5, 1.0));
        let [left, right, top, bottom] = EDGES;
        let services = Scale::over(drawn().map(|p| place(p.fill_rate.mean)), left, right, 8.0);
        let ends = drawn().flat_map(|p| [p.stock_value.low, p.stock_value.high]);
        let stocks = Scale::over(ends, bottom, top, 6.0);
        let at = |point: &CurvePoint, stock: f64| {
            (services.place(place(point.fill_rate.mean)), stocks.place(stock))
        };
        let shape = |places: Vec<(f64, f64)>| {
            let places: Vec<String> = places.iter().map(|(x, y)| format!("{x},{y}")).collect();
            places.join(" ")
        };
        let curve = |name: &&'static str| {
            let own = points(name).find(|point| point.moved_deviations == 0.0)?;
            let (x, y) = at(own, own.stock_value.mean);
            let line = points(name).map(|point| at(point, point.stock_value.mean));
            let mut edge: Vec<(f64, f64)> =
                points(name).map(|point| at(point, point.stock_value.high)).collect();
            let low: Vec<(f64, f64)> =
                points(name).map(|point| at(point, point.stock_value.low)).collect();
            edge.extend(low.into_iter().rev());
            Some(Curve { name, line: shape(line.collect()), band: shape(edge), x, y })
        };
        let curves: Vec<Curve> = names.iter().filter_map(curve).collect();
        (!curves.is_empty()).then(|| Service {
            description: described(report),
            sentence: words::exchange(report),
            services: ticks(|share| services.place(place(share))),
            stocks: stocks.ticks(number),
            curves,
            lines: exchange
                .lines
                .iter()
                .map(|line| Line { name: line.strategy, cells: words::exchanged(line) })
                .collect(),
        })
    }
}

/// Round shares of demand, where they lie on the canvas.
fn ticks(place: impl Fn(f64) -> f64) -> Vec<Tick> {
    const SHARES: [f64; 14] =
        [0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999];
    let [left, right, ..] = EDGES;
    let mut last = left;
    let mut ticks = Vec::new();
    for share in SHARES {
        let at = tenth(place(share));
        // Places beyond the scale lie on its edge.
        if at >= last + 40.0 && at < right {
            let label = format!("{}\u{a0}%", number(100.0 * share, 2).trim_end_matches('0'));
            ticks.push(Tick { at, label: label.replace(".\u{a0}", "\u{a0}") });
            last = at;
        }
    }
    ticks
}

fn described(report: &Report) -> String {
    let own = report.curves.iter().filter(|point| point.moved_deviations == 0.0);
    let parts: Vec<String> = own
        .map(|point| {
            format!(
                "{} ties up {} at a fill rate of {}\u{a0}%",
                point.strategy,
                number(point.stock_value.mean, 0),
                percent(point.fill_rate.mean, 1)
            )
        })
        .collect();
    parts.join("; ") + "."
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn curves_lie_within_the_canvas() {
        let chart = Service::of(&sample::report(9)).expect("there are curves");
        assert_eq!(chart.curves.len(), 3);
        for curve in &chart.curves {
            for place in curve.line.split(' ').chain(curve.band.split(' ')) {
                let (x, y) = place.split_once(',').expect("two numbers");
                let [x, y] = [x, y].map(|text| text.parse::<f64>().expect("a number"));
                let [left, right, top, bottom] = EDGES;
                assert!((left..=right).contains(&x) && (top..=bottom).contains(&y), "{place}");
            }
        }
        let labels: Vec<&str> = chart.services.iter().map(|tick| tick.label.as_str()).collect();
        assert!(labels.contains(&"95\u{a0}%") && labels.contains(&"98\u{a0}%"), "{labels:?}");
    }

    #[test]
    fn without_curves_there_is_no_chart() {
        let mut report = sample::report(1);
        report.curves.clear();
        assert!(Service::of(&report).is_none());
    }
}
