//! Two finished runs beside each other: which settings differ, and by how much the results do.
//!
//! Totals over items are kept scenario by scenario. Scenario `s` of the one run is paired with scenario
//! `s` of the other: where both drew the same demand, the difference is that of the decisions alone, and
//! its interval is short; where they did not, the interval is as long as it has to be.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{Estimate, student_quantile};
use serde::Serialize;

use crate::error::Error;
use crate::folder::{RunFolder, Stored};
use crate::report::Interval;
use crate::summary::service::{PLANNED, SELECTED};

/// What differs between two runs.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// Name of one period.
    pub period: String,
    /// Level of the intervals.
    pub confidence_level: f64,
    /// Scenarios that were paired.
    pub scenarios: usize,
    /// Settings, versions and tables that differ: `key: first → second`.
    pub settings: Vec<String>,
    /// Plans that both runs have, what each recommends first.
    pub plans: Vec<PlanLine>,
    /// Items that both runs have, those whose cost differs most first.
    pub items: Vec<ItemLine>,
    /// Items of the first run alone, and of the second.
    pub alone: [Vec<String>; 2],
}

/// A strategy for all items, or a plan, in both runs.
#[derive(Clone, Debug, Serialize)]
pub struct PlanLine {
    /// A strategy, `selected`, `within limits`, or `recommended`: what each run recommends in the end.
    pub plan: String,
    /// Cost of the first and the second \[currency/period\].
    pub cost: [f64; 2],
    /// The second less the first, paired \[currency/period\].
    pub cost_difference: Interval,
    /// Average stock at unit cost \[currency\].
    pub stock_value: [f64; 2],
    /// The second less the first, paired \[currency\].
    pub stock_value_difference: Interval,
    /// Share of demand met at once.
    pub fill_rate: [f64; 2],
    /// The second less the first, paired.
    pub fill_rate_difference: Interval,
}

/// An item in both runs.
#[derive(Clone, Debug, Serialize)]
pub struct ItemLine {
    /// Its name, byte for byte.
    pub item: String,
    /// The strategies recommended.
    pub strategy: [String; 2],
    /// The policies with their parameters.
    pub policy: [String; 2],
    /// Cost \[currency/period\].
    pub cost: [f64; 2],
    /// The second less the first \[currency/period\]; as if both had met demand of their own.
    pub difference: Interval,
    /// Whether the policy differs.
    pub changed: bool,
}

/// What each run recommends in the end.
const RECOMMENDED: &str = "recommended";

/// Totals of a plan by scenario.
#[derive(Clone, Debug, Default)]
struct Course {
    cost: Vec<f64>,
    demand: Vec<f64>,
    unmet: Vec<f64>,
    stock: Vec<f64>,
}

/// A run, as far as it is compared.
struct Run {
    folder: RunFolder,
    report: serde_json::Value,
    plans: BTreeMap<String, Course>,
}

/// Compares the finished runs in two folders.
///
/// # Errors
///
/// [`Error::Usage`] if there is no finished run in one of them, if one has no totals by scenario because
/// an older version made it, or if their periods differ; [`Error::Disk`] if a file cannot be read.
pub fn compare(first: &Path, second: &Path) -> Result<Comparison, Error> {
    let runs = [Run::read(first)?, Run::read(second)?];
    let periods = runs.each_ref().map(|run| run.text("period"));
    if periods[0] != periods[1] {
        return Err(Error::Usage(format!(
            "a period is a {} in `{}` and a {} in `{}`: costs a period cannot be compared",
            periods[0],
            first.display(),
            periods[1],
            second.display()
        )));
    }
    let scenarios = runs.iter().map(|run| run.plans[SELECTED].cost.len()).min().unwrap_or(0);
    let level = runs[0].report["confidence_level"].as_f64().unwrap_or(0.95);
    let pair =
        Pair { width: student_quantile(0.5 + 0.5 * level, scenarios as f64 - 1.0), scenarios };
    let recommended = runs.each_ref().map(Run::recommended);
    let mut plans = vec![pair.line(RECOMMENDED, recommended)];
    let mut shared: Vec<PlanLine> = Vec::new();
    // What is recommended in the end is not told twice.
    let last =
        if runs.iter().any(|run| run.plans.contains_key(PLANNED)) { PLANNED } else { SELECTED };
    for (plan, first) in runs[0].plans.iter().filter(|(plan, _)| *plan != last) {
        if let Some(second) = runs[1].plans.get(plan) {
            shared.push(pair.line(plan, [first, second]));
        }
    }
    shared.sort_by(|left, right| left.cost[0].total_cmp(&right.cost[0]));
    plans.extend(shared);
    let (items, alone) = items(&runs, level)?;
    let settings = runs[0].folder.differences_to(&runs[1].folder)?;
    let [period, _] = periods;
    Ok(Comparison { period, confidence_level: level, scenarios, settings, plans, items, alone })
}

/// How totals are paired.
struct Pair {
    /// Half-width of an interval, in standard errors.
    width: f64,
    scenarios: usize,
}

impl Pair {
    fn line(&self, plan: &str, [first, second]: [&Course; 2]) -> PlanLine {
        let both = [first, second];
        let mean = |column: fn(&Course) -> &Vec<f64>| {
            both.map(|course| Estimate::of(&column(course)[..self.scenarios]).mean)
        };
        let difference = |column: fn(&Course) -> &Vec<f64>| {
            let [first, second] = both.map(|course| &column(course)[..self.scenarios]);
            Interval::around(Estimate::difference(second, first), self.width)
        };
        let rates = both.map(|course| {
            let unmet: f64 = course.unmet[..self.scenarios].iter().sum();
            let demand: f64 = course.demand[..self.scenarios].iter().sum();
            1.0 - unmet / demand.max(f64::MIN_POSITIVE)
        });
        // The delta method: what is left of each ratio, over mean demand, in pairs.
        let left = |place: usize| -> Vec<f64> {
            let course = both[place];
            let mean = Estimate::of(&course.demand[..self.scenarios]).mean.max(f64::MIN_POSITIVE);
            let residual = |s: usize| {
                (course.demand[s] - course.unmet[s] - rates[place] * course.demand[s]) / mean
            };
            (0..self.scenarios).map(residual).collect()
        };
        let error = Estimate::difference(&left(1), &left(0)).error;
        PlanLine {
            plan: plan.to_owned(),
            cost: mean(|course| &course.cost),
            cost_difference: difference(|course| &course.cost),
            stock_value: mean(|course| &course.stock),
            stock_value_difference: difference(|course| &course.stock),
            fill_rate: rates,
            fill_rate_difference: Interval::around(
                Estimate { mean: rates[1] - rates[0], error },
                self.width,
            ),
        }
    }
}

/// Items of both runs, and those of one alone.
fn items(runs: &[Run; 2], level: f64) -> Result<(Vec<ItemLine>, [Vec<String>; 2]), Error> {
    let tables = [runs[0].items()?, runs[1].items()?];
    let widths = runs.each_ref().map(|run| {
        let scenarios = run.report["scenarios"].as_f64().unwrap_or(2.0);
        student_quantile(0.5 + 0.5 * level, (scenarios - 1.0).max(1.0))
    });
    let mut lines = Vec::new();
    for (item, first) in &tables[0] {
        let Some(second) = tables[1].get(item) else { continue };
        let both = [first, second];
        let halves = [0, 1].map(|place| both[place].half_width / widths[place]);
        let error = (halves[0] * halves[0] + halves[1] * halves[1]).sqrt();
        lines.push(ItemLine {
            item: item.clone(),
            strategy: both.map(|line| line.strategy.clone()),
            policy: both.map(|line| line.policy.clone()),
            cost: both.map(|line| line.cost),
            difference: Interval::around(
                Estimate { mean: second.cost - first.cost, error },
                widths[0].max(widths[1]),
            ),
            changed: first.policy != second.policy,
        });
    }
    lines.sort_by(|left, right| right.difference.mean.abs().total_cmp(&left.difference.mean.abs()));
    let only = |one: usize| {
        tables[one].keys().filter(|item| !tables[1 - one].contains_key(*item)).cloned().collect()
    };
    Ok((lines, [only(0), only(1)]))
}

/// What a run recommends for an item.
struct Recommended {
    strategy: String,
    policy: String,
    cost: f64,
    half_width: f64,
}

impl Run {
    fn read(path: &Path) -> Result<Run, Error> {
        let folder = RunFolder::existing(path)?;
        let damaged = |what: &str| {
            Error::Usage(format!(
                "`{}` cannot be compared: {what}; run the study again, into an empty folder",
                path.display()
            ))
        };
        let report = serde_json::from_str(&folder.read(Stored::Json)?)
            .map_err(|_| damaged("its report.json is not whole"))?;
        let table = folder
            .read(Stored::Table("scenarios"))
            .map_err(|_| damaged("it has no scenarios.csv, so an older version made it"))?;
        let plans = plans(&table).ok_or_else(|| damaged("its scenarios.csv is not whole"))?;
        if !plans.contains_key(SELECTED) {
            return Err(damaged("its scenarios.csv does not tell what was selected"));
        }
        Ok(Run { folder, report, plans })
    }

    fn text(&self, key: &str) -> String {
        self.report[key].as_str().unwrap_or_default().to_owned()
    }

    fn recommended(&self) -> &Course {
        self.plans.get(PLANNED).unwrap_or_else(|| &self.plans[SELECTED])
    }

    fn items(&self) -> Result<BTreeMap<String, Recommended>, Error> {
        let unreadable = || Error::Usage("recommendations of a run are not whole".to_owned());
        let lines = self.report["recommendations"].as_array().ok_or_else(unreadable)?;
        let line = |line: &serde_json::Value| {
            let parameters: Vec<String> = line["parameters"]
                .as_array()?
                .iter()
                .map(|p| Some(format!("{}={}", p["name"].as_str()?, p["value"].as_f64()?)))
                .collect::<Option<_>>()?;
            let recommended = Recommended {
                strategy: line["strategy"].as_str()?.to_owned(),
                policy: format!("{} {}", line["policy"].as_str()?, parameters.join(" ")),
                cost: line["cost"]["mean"].as_f64()?,
                half_width: 0.5
                    * (line["cost"]["high"].as_f64()? - line["cost"]["low"].as_f64()?),
            };
            Some((line["item"].as_str()?.to_owned(), recommended))
        };
        lines.iter().map(line).collect::<Option<_>>().ok_or_else(unreadable)
    }
}

/// The plans of `scenarios.csv`; `None` if it is not whole.
fn plans(table: &str) -> Option<BTreeMap<String, Course>> {
    let mut plans: BTreeMap<String, Course> = BTreeMap::new();
    for row in csv::Reader::from_reader(table.as_bytes()).records() {
        let row = row.ok()?;
        let number = |place: usize| row.get(place)?.parse::<f64>().ok();
        let course = plans.entry(row.get(1)?.to_owned()).or_default();
        let place: usize = row.get(0)?.parse().ok()?;
        if place != course.cost.len() {
            return None;
        }
        course.cost.push(number(2)?);
        course.demand.push(number(3)?);
        course.unmet.push(number(4)?);
        course.stock.push(number(5)?);
    }
    let mut lengths = plans.values().map(|course| course.cost.len());
    let length = lengths.next()?;
    (length > 1 && lengths.all(|other| other == length)).then_some(plans)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn course(of: impl Fn(f64) -> f64) -> Course {
        let column: Vec<f64> = (0..50_u32).map(|s| f64::from(s * s % 31)).collect();
        let each = |factor: f64| column.iter().map(|x| factor * of(*x)).collect();
        Course { cost: each(1.0), demand: column.clone(), unmet: each(0.01), stock: each(3.0) }
    }

    /// What moves both runs alike does not widen the interval of their difference.
    #[test]
    fn differences_are_taken_in_pairs() {
        let pair = Pair { width: 2.0, scenarios: 50 };
        let line = pair.line("z-sigma", [&course(|x| x), &course(|x| x + 2.0)]);
        assert!((line.cost_difference.mean - 2.0).abs() < 1e-12);
        assert!(line.cost_difference.high - line.cost_difference.low < 1e-9);
        let same = pair.line("z-sigma", [&course(|x| x), &course(|x| x)]);
        assert_eq!(same.fill_rate_difference, Interval::default());
        assert_eq!(same.stock_value_difference, Interval::default());
    }

    #[test]
    fn a_torn_table_is_not_read() {
        let head = "scenario,plan,cost,demand,unmet,stock\n";
        let whole = "0,selected,1,2,0,3\n1,selected,1,2,0,3\n";
        assert!(plans(&format!("{head}{whole}")).is_some());
        for torn in ["", "0,selected,1,2,0,3\n", "0,selected,1,2\n", "1,selected,1,2,0,3\n"] {
            assert!(plans(&format!("{head}{torn}")).is_none(), "{torn}");
        }
        assert!(plans(&format!("{head}{whole}0,z-sigma,1,2,0,3\n")).is_none());
    }
}
