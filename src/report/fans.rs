//! Pictures of forecasts: history, what was foreseen of its last window, and what comes.

use minijinja::value::Serde;
use minijinja::{Environment, Value, context};
use serde::Serialize;

use super::figures;
use super::html::scale::{LETTER, Scale, Tick, tenth};

const TEMPLATE: &str = include_str!("html/fans.html.j2");
const STYLE: &str = include_str!("html/report.css");

/// Levels of the edges of the bands and of the middle line.
pub const LEVELS: [f64; 7] = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];
/// The most past periods that are drawn.
const MOST_PERIODS: usize = 150;
/// Windows of the past that are drawn, if they are longer.
const WINDOWS: usize = 8;

/// What is drawn of an item.
pub struct Fan {
    /// Its name.
    pub item: String,
    /// What is said of it.
    pub words: String,
    /// What was sold in each period \[units\].
    pub units: Vec<f64>,
    /// Whether that says how much was demanded.
    pub seen: Vec<bool>,
    /// Where the last window that was held out began, and the quantiles of its periods \[units\].
    pub held_out: Option<(usize, Vec<Vec<f64>>)>,
    /// Quantiles of the periods that come \[units\].
    pub ahead: Vec<Vec<f64>>,
    /// First day of each period, those that come included.
    pub dates: Vec<String>,
}

/// A fan as shapes.
#[derive(Serialize)]
struct Chart {
    item: String,
    words: String,
    units: Vec<Tick>,
    dates: Vec<Date>,
    history: Vec<String>,
    fans: Vec<Shapes>,
    now: f64,
    description: String,
}

#[derive(Serialize)]
struct Date {
    at: f64,
    label: String,
    anchor: &'static str,
}

/// The bands, widest first, and the middle line.
#[derive(Serialize)]
struct Shapes {
    bands: Vec<String>,
    middle: String,
}

/// Edges of the canvas that is drawn on.
const LEFT: f64 = 70.0;
const RIGHT: f64 = 980.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 236.0;

/// The whole page; `text` are the tables, as they are printed.
///
/// # Panics
///
/// Never on findings: the template is part of the program and a test renders it.
pub fn page(study: &str, text: &str, fans: &[Fan]) -> String {
    let mut templates = Environment::new();
    templates.add_template("fans.html.j2", TEMPLATE).expect("the template is well formed");
    let charts: Vec<Chart> = fans.iter().map(chart).collect();
    let template = templates.get_template("fans.html.j2").expect("it was just added");
    template
        .render(context! {
            study => study,
            text => text,
            charts => Value::from(Serde(charts)),
            style => Value::from_safe_string(STYLE.to_string()),
        })
        .expect("the template names only what the page has")
}

fn chart(fan: &Fan) -> Chart {
    let past = fan.units.len();
    let shown = MOST_PERIODS.max(WINDOWS * fan.ahead.len()).min(past);
    let first = past - shown;
    let periods = shown + fan.ahead.len();
    let edges = |bands: &[Vec<f64>]| -> Vec<f64> { bands.iter().flatten().copied().collect() };
    let mut values: Vec<f64> = fan.units[first..].to_vec();
    values.extend(edges(&fan.ahead));
    if let Some((_, bands)) = &fan.held_out {
        values.extend(edges(bands));
    }
    values.push(0.0);
    let scale = Scale::over(values, BOTTOM, TOP, 5.0);
    let step = (RIGHT - LEFT) / (periods.max(2) - 1) as f64;
    let x = |period: usize| tenth(LEFT + step * period.saturating_sub(first) as f64);
    let point = |period: usize, units: f64| format!("{},{}", x(period), scale.place(units));

    let shapes = |from: usize, bands: &[Vec<f64>]| {
        let edge =
            |level: usize| bands.iter().enumerate().map(move |(at, band)| (from + at, band[level]));
        let middle = LEVELS.len() / 2;
        let band = |level: usize| {
            let low: Vec<String> = edge(level).map(|(at, units)| point(at, units)).collect();
            let high = edge(LEVELS.len() - 1 - level).map(|(at, units)| point(at, units));
            let mut high: Vec<String> = high.collect();
            high.reverse();
            [low, high].concat().join(" ")
        };
        let line: Vec<String> = edge(middle).map(|(at, units)| point(at, units)).collect();
        Shapes { bands: (0..middle).map(band).collect(), middle: line.join(" ") }
    };
    let held_out = fan.held_out.iter().filter(|(from, _)| *from >= first);
    let mut all: Vec<Shapes> = held_out.map(|(from, bands)| shapes(*from, bands)).collect();
    all.push(shapes(past, &fan.ahead));

    Chart {
        item: fan.item.clone(),
        words: fan.words.clone(),
        units: scale.ticks(figures::number),
        dates: dates(fan, first, x),
        history: history(fan, first, point),
        fans: all,
        now: tenth(x(past.max(1) - 1) + 0.5 * step),
        description: format!(
            "{} periods of the past, and {} that come, of {}",
            shown,
            fan.ahead.len(),
            fan.item
        ),
    }
}

/// What was sold as lines, broken where demand was not seen.
fn history(fan: &Fan, first: usize, point: impl Fn(usize, f64) -> String) -> Vec<String> {
    let mut lines = vec![Vec::new()];
    for period in first..fan.units.len() {
        if fan.seen[period] {
            lines.last_mut().expect("there is one").push(point(period, fan.units[period]));
        } else {
            lines.push(Vec::new());
        }
    }
    lines.into_iter().filter(|line| line.len() > 1).map(|line| line.join(" ")).collect()
}

/// Dates along the axis that do not touch each other.
fn dates(fan: &Fan, first: usize, x: impl Fn(usize) -> f64) -> Vec<Date> {
    const WIDTH: f64 = 14.0 * LETTER;
    let (last, mut dates) = (fan.dates.len(), Vec::new());
    let mut free = LEFT;
    for period in first..last {
        if x(period) < free {
            continue;
        }
        let at = x(period);
        if at + WIDTH / 2.0 > RIGHT && !dates.is_empty() {
            break;
        }
        let anchor = if dates.is_empty() { "start" } else { "middle" };
        dates.push(Date { at, label: fan.dates[period].clone(), anchor });
        free = at + 1.4 * WIDTH;
    }
    dates
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fan(item: &str, past: usize, ahead: usize) -> Fan {
        let band = |at: usize| LEVELS.map(|level| 10.0 * level + at as f64).to_vec();
        Fan {
            item: item.into(),
            words: "smooth demand".into(),
            units: (0..past).map(|at| (at % 7) as f64).collect(),
            seen: (0..past).map(|at| at % 11 != 5).collect(),
            held_out: past.checked_sub(ahead).map(|from| (from, (0..ahead).map(band).collect())),
            ahead: (0..ahead).map(band).collect(),
            dates: (0..past + ahead).map(|at| format!("2025-01-{at:02}")).collect(),
        }
    }

    #[test]
    fn names_stay_text_and_nothing_is_loaded() {
        let name = "<script>alert(1)</script>{{ 7 * 7 }}";
        let page = page(name, "a < b & c", &[fan(name, 90, 9), fan("b", 400, 30)]);
        assert!(!page.contains("<script") && page.contains("{{ 7 * 7 }}"));
        assert!(page.contains("a &lt; b &amp; c"));
        for remote in ["http:", "https:", "src=", "@import", "url(", "<link"] {
            assert!(!page.contains(remote), "{remote}");
        }
        assert_eq!(page.matches("<svg").count(), 2);
        assert_eq!(page.matches("class=\"band\"").count(), 12);
    }

    #[test]
    fn short_and_empty_histories_have_pictures() {
        for (past, ahead) in [(0, 1), (1, 1), (2, 1), (3, 5)] {
            let page = page("study", "", &[fan("item", past, ahead)]);
            assert!(!page.contains("NaN") && !page.contains("inf"), "{past} {ahead}: {page}");
        }
    }
}
