//! Forecasts of the last windows of many series, each made with what was known before it.
//!
//! `forecast SERIES.csv --period day|week|month --horizon H --origins K [--models a,b]` reads rows
//! `item,date,units,in_stock` and writes, for each of the last `K` windows of `H` periods, the mean
//! and quantiles of demand in each of its periods (`step` from 1) and in all together (`step` 0):
//! those of the automatic choice, and of each model named. One thread; seconds, and the share of
//! windows within central intervals of their total, go to standard error; with `--coverage` nothing
//! else is printed.

use std::collections::BTreeMap;
use std::io::Write;
use std::time::Instant;

use scenarios::backtest::{INTERVALS, inside};
use scenarios::classes::Pattern;
use scenarios::forecast::automatic::{Calibrations, Scored, scored};
use scenarios::forecast::{
    CATALOGUE, Fitted, Forecast, Part, Past, Paths, Pool, Prepared, Rules, Standings, Summary,
    Trial, Windows, combined, quantile, streams, trial,
};
use scenarios::{Calendar, Date, Length, Series, Streams};

const LEVELS: [f64; 15] =
    [0.005, 0.025, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.975, 0.995];
const WINDOWS: usize = 8;
const PATHS: usize = 512;
const SEED: u64 = 1;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let needed = |name: &str| value(name).unwrap_or_else(|| panic!("{name} is missing"));
    let text = std::fs::read_to_string(&arguments[0]).expect("a file of series");
    let length: Length = needed("--period").parse().expect("a period");
    let horizon: usize = needed("--horizon").parse().expect("a number");
    let origins: usize = needed("--origins").parse().expect("a number");
    let members: usize = value("--members").map_or(5, |text| text.parse().expect("a number"));
    let named: Vec<String> = value("--models")
        .map(|text| text.split(',').map(str::to_owned).collect())
        .unwrap_or_default();
    let only_coverage = arguments.iter().any(|argument| argument == "--coverage");
    let (calendar, all) = read(&text, length);

    let start = Instant::now();
    let rules = Rules { members, ..Rules::automatic() };
    let alone = Rules { members: 1, ..Rules::automatic() };
    let cut = |series: &Series| series.units.len().saturating_sub(origins * horizon);
    let prepared: Vec<Prepared<'_>> =
        all.iter().map(|series| Prepared::new(series, &calendar, horizon)).collect();
    let summaries: Vec<Summary> = all
        .iter()
        .zip(&prepared)
        .map(|(series, item)| {
            let known = item.until(cut(series));
            let windows = Windows::last(&known.past(), horizon, WINDOWS);
            let first = windows.origins.first().copied().unwrap_or(cut(series));
            Summary::of(&known.past().until(first))
        })
        .collect();
    let pool = Pool::of(summaries.iter());
    let prepared: Vec<Prepared<'_>> = match &pool {
        Some(pool) => prepared.into_iter().map(|item| item.with_pool(pool)).collect(),
        None => prepared,
    };
    // What is learned: windows before the first that is foreseen.
    let learned: Vec<(Windows, Trial, usize)> = all
        .iter()
        .zip(&prepared)
        .map(|(series, item)| {
            let known = item.until(cut(series));
            let windows = Windows::last(&known.past(), horizon, WINDOWS);
            let group = Pattern::of(&series.until(cut(series))) as usize;
            (windows.clone(), trial(&known, &windows, &rules, SEED), group)
        })
        .collect();
    let trials = learned.iter().map(|(_, trial, group)| (*group, trial));
    let standings = Standings::of(trials, Pattern::ALL.len(), Part::Later);
    let chosen: Vec<Vec<usize>> =
        learned.iter().map(|(_, trial, group)| standings.best(*group, trial, &rules)).collect();
    let scores: Vec<(usize, Scored)> = learned
        .iter()
        .zip(&prepared)
        .zip(all.iter().zip(&chosen))
        .map(|(((windows, _, group), item), (series, best))| {
            let known = item.until(cut(series));
            let parts = [Part::Earlier, Part::Later];
            (*group, scored(&known, windows, &parts, best, &rules, SEED))
        })
        .collect();
    let calibrations =
        Calibrations::of(scores.iter().map(|(group, scored)| (*group, scored)), Pattern::ALL.len());

    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    let levels: Vec<String> = LEVELS.iter().map(|level| format!("q{level}")).collect();
    writeln!(output, "model,item,origin,step,mean,{}", levels.join(",")).expect("output");
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut covered, mut judged) = ([0.0; INTERVALS.len()], 0.0);
    for (((series, item), (_, _, group)), best) in
        all.iter().zip(&prepared).zip(&learned).zip(&chosen)
    {
        let past = item.past();
        let streams = streams(SEED, &item.item);
        for window in 0..origins {
            let origin = cut(series) + window * horizon;
            if origin + horizon > past.periods() {
                continue;
            }
            let known = past.until(origin);
            let models = rules.fitted(&known, best);
            if window == 0 {
                for (model, _) in &models {
                    *counts.entry(CATALOGUE[*model].name).or_default() += 1;
                }
            }
            let (paths, means) = foresee(&models, &known, streams, horizon);
            let mut write = |model: &str, paths: &Paths, means: &[f64]| {
                let mut line = |step: usize, sorted: &[f64]| {
                    let unit = item.quantum;
                    let mean = match step {
                        0 => unit * means.iter().sum::<f64>(),
                        step => unit * means[step - 1],
                    };
                    let values: Vec<String> = LEVELS
                        .iter()
                        .map(|level| (unit * quantile(sorted, *level)).to_string())
                        .collect();
                    let name = &item.item;
                    writeln!(output, "{model},{name},{origin},{step},{mean},{}", values.join(","))
                        .expect("output");
                };
                line(0, paths.totals());
                for ahead in 0..horizon {
                    line(ahead + 1, &paths.period(ahead));
                }
            };
            if !only_coverage {
                write("uncalibrated", &paths, &means);
            }
            let corrected = paths.calibrated(calibrations.group(*group), streams);
            let window = origin..origin + horizon;
            if past.seen[window.clone()].iter().all(|seen| *seen) {
                let sold: f64 = past.demand[window].iter().sum();
                judged += 1.0;
                for (count, level) in covered.iter_mut().zip(INTERVALS) {
                    *count += inside(corrected.totals(), sold, level);
                }
            }
            if only_coverage {
                continue;
            }
            write("automatic", &corrected, &means);
            for (model, family) in CATALOGUE.iter().enumerate() {
                if named.iter().any(|name| name == family.name || name == "all") {
                    let models = alone.fitted(&known, &[model]);
                    let (paths, means) = foresee(&models, &known, streams, horizon);
                    write(family.name, &paths, &means);
                }
            }
        }
    }
    output.flush().expect("output");
    let seconds = start.elapsed().as_secs_f64();
    let covered = covered.map(|count| count / judged);
    eprintln!(
        "{{\"seconds\": {seconds:.3}, \"series\": {}, \"chosen\": {counts:?}, \"windows\": {judged}, \
         \"covered\": {covered:?}}}",
        all.len()
    );
}

/// Paths of what models foresee together, and the means.
fn foresee(
    models: &[(usize, Box<dyn Fitted>)],
    known: &Past<'_>,
    streams: Streams,
    horizon: usize,
) -> (Paths, Vec<f64>) {
    let forecast = combined(models, known);
    let mut means = vec![0.0; horizon];
    forecast.means(known.frame, &mut means);
    (Paths::drawn(&forecast, known, streams, horizon, PATHS), means)
}

/// The calendar of the dates, and a series an item.
fn read(text: &str, length: Length) -> (Calendar, Vec<Series>) {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let date: Date = cells[1].parse().expect("a date");
        let units: f64 = cells[2].parse().expect("units");
        (cells[0].to_owned(), date, units, cells[3].trim() != "0")
    };
    let rows: Vec<(String, Date, f64, bool)> = text.lines().skip(1).map(row).collect();
    let mut dates: Vec<Date> = rows.iter().map(|row| row.1).collect();
    dates.sort_unstable();
    dates.dedup();
    let calendar = match length {
        Length::Day => Calendar::observed(&dates, &[], &[]).expect("open days"),
        _ => Calendar::new(length, dates[0].weekday(), &[], &[], dates[0]),
    };
    let mut all: Vec<Series> = Vec::new();
    for rows in rows.chunk_by(|left, right| left.0 == right.0) {
        let first = calendar.period_of(rows[0].1).expect("an open day");
        let units = rows.iter().map(|row| row.2).collect();
        all.push(Series {
            observed: rows.iter().map(|row| row.3).collect(),
            sold_out: rows.iter().map(|row| !row.3).collect(),
            ..Series::new(rows[0].0.as_str(), first, units)
        });
    }
    (calendar, all)
}
