//! What service costs, strategy by strategy: the same service for less stock, more service for the same.
//!
//! Every strategy is priced with all its levels moved up and down by so many standard deviations of demand
//! over lead time and review. Between two such points the logarithm of the share of demand that is not
//! met is taken as linear in stock, which it nearly is: tails fall exponentially. Intervals are those of
//! the jackknife over groups of scenarios (Quenouille 1956; Tukey 1958), so that they know that all
//! strategies met the same demand.

use engine::{Estimate, student_quantile};
use solvers::{Course, MOVES};

use super::Levels;
use crate::inputs::Inputs;
use crate::report::Interval;
use crate::report::service::{CurvePoint, Exchange, ExchangeLine, FutureLine};
use crate::run::{Answers, Futures};
use crate::study::Study;

/// What each item's own choice is called.
pub(crate) const SELECTED: &str = "selected";
/// What the plan within limits is called.
pub(crate) const PLANNED: &str = "within limits";
/// The strategy that others are compared with, if the study has it: the textbooks' own.
const TEXTBOOK: &str = "z-sigma";
/// Groups of scenarios that are left out in turn.
const GROUPS: usize = 32;

/// Points of a curve: moved levels, and the strategy itself among them.
const POINTS: usize = MOVES.len() + 1;

/// Sums over scenarios of one point.
#[derive(Clone, Copy, Default)]
struct Point {
    unmet: f64,
    stock: f64,
}

/// A curve: from little stock to much.
struct Curve {
    points: [Point; POINTS],
    demand: f64,
}

/// How many levels are moved down: the strategy itself comes after these.
const OWN: usize = MOVES.len() / 2;

/// How far levels are moved at each point: [`MOVES`], which go up, and 0 in their middle.
const MOVED: [f64; POINTS] = {
    let mut all = [0.0; POINTS];
    let mut place = 0;
    while place < MOVES.len() {
        all[if place < OWN { place } else { place + 1 }] = MOVES[place];
        place += 1;
    }
    all
};

/// Courses of one alternative in order of [`MOVED`].
fn courses(futures: &Futures, alternative: usize) -> [&Course; POINTS] {
    let moved = &futures.moved[alternative];
    std::array::from_fn(|point| match point {
        OWN => &futures.own[alternative],
        _ => &moved[if point < OWN { point } else { point - 1 }],
    })
}

impl Curve {
    fn new(futures: &Futures, alternative: usize, scenarios: &[usize]) -> Curve {
        let sum = |column: &[f64]| scenarios.iter().map(|&s| column[s]).sum::<f64>();
        let points = courses(futures, alternative)
            .map(|course| Point { unmet: sum(&course.unmet), stock: sum(&course.stock) });
        Curve { points, demand: sum(&futures.demand) }
    }

    fn own(&self) -> Point {
        self.points[OWN]
    }

    fn unmet_share(&self, point: Point) -> f64 {
        point.unmet / self.demand.max(f64::MIN_POSITIVE)
    }

    /// Where the curve meets a share of unmet demand: how far levels are moved there, and the stock.
    fn at_service(&self, unmet: f64) -> Option<(f64, f64)> {
        (0..POINTS - 1).find_map(|low| {
            let [a, b] = [self.points[low], self.points[low + 1]];
            let part = part(log(self.unmet_share(a)), log(self.unmet_share(b)), log(unmet))?;
            Some((between(MOVED[low], MOVED[low + 1], part), between(a.stock, b.stock, part)))
        })
    }

    /// The share of demand that is not met where the curve has so much stock.
    fn at_stock(&self, stock: f64) -> Option<f64> {
        (0..POINTS - 1).find_map(|low| {
            let [a, b] = [self.points[low], self.points[low + 1]];
            let part = part(a.stock, b.stock, stock)?;
            let [a, b] = [a, b].map(|point| log(self.unmet_share(point)));
            Some(libm::exp(between(a, b, part)))
        })
    }
}

fn log(share: f64) -> f64 {
    libm::log(share.max(1e-9))
}

/// How far from `from` to `to` the value lies, if it does between them.
fn part(from: f64, to: f64, value: f64) -> Option<f64> {
    let (low, high) = (from.min(to), from.max(to));
    (low..=high)
        .contains(&value)
        .then(|| if from == to { 0.0 } else { (value - from) / (to - from) })
}

fn between(from: f64, to: f64, part: f64) -> f64 {
    from + part * (to - from)
}

/// Safety stock of one alternative at unit cost, and what moving levels by one adds to it \[currency\].
fn safety_stock(study: &Study, inputs: &Inputs, answers: &Answers, strategy: usize) -> [f64; 2] {
    let mut sums = [0.0; 2];
    for (stocked, held) in inputs.stock.iter().zip(answers.iter()) {
        let answer = held.answer();
        let chosen = answer.recommended as usize;
        let strategy = if strategy < study.strategies.len() { strategy } else { chosen };
        let protection = study.events.protection_periods(&stocked.item) as f64;
        sums[0] += stocked.unit_cost * answer.strategies[strategy].safety_stock;
        sums[1] += stocked.unit_cost * answer.deviation * protection.sqrt();
    }
    sums
}

fn name(study: &Study, alternative: usize) -> &'static str {
    study.strategies.get(alternative).map_or(SELECTED, |strategy| strategy.name)
}

/// Every point of every curve.
pub(super) fn curves(
    study: &Study,
    inputs: &Inputs,
    levels: &Levels,
    answers: &Answers,
    futures: &Futures,
) -> Vec<CurvePoint> {
    let line = |alternative: usize| {
        let [safety, step] = safety_stock(study, inputs, answers, alternative);
        courses(futures, alternative).into_iter().zip(MOVED).map(move |(course, by)| {
            let few = futures.moved[alternative][0].cost.len();
            let [cost, unmet, stock] =
                [&course.cost, &course.unmet, &course.stock].map(|column| &column[..few]);
            let unmet = Estimate::ratio(unmet, &futures.demand[..few]);
            CurvePoint {
                strategy: name(study, alternative),
                moved_deviations: by,
                cost: levels.interval(Estimate::of(cost)),
                fill_rate: levels.share(unmet.complement()),
                stock_value: levels.interval(Estimate::of(stock)),
                safety_stock_value: safety + by * step,
            }
        })
    };
    (0..=study.strategies.len()).flat_map(line).collect()
}

/// What stock the strategies need for the reference's service, and what service they give for its stock.
pub(super) fn exchange(
    study: &Study,
    inputs: &Inputs,
    answers: &Answers,
    futures: &Futures,
) -> Option<Exchange> {
    let few = futures.moved.first()?[0].cost.len();
    let named = study.strategies.iter().position(|strategy| strategy.name == TEXTBOOK);
    let reference = named.unwrap_or(0);
    let groups = GROUPS.min(few);
    let all: Vec<usize> = (0..few).collect();
    let but = |group: usize| all.iter().copied().filter(|s| s % groups != group).collect();
    let samples: Vec<Vec<usize>> =
        std::iter::once(all.clone()).chain((0..groups).map(but)).collect();
    let [safety, step] = safety_stock(study, inputs, answers, reference);
    let curves = |alternative: usize| -> Vec<Curve> {
        samples.iter().map(|sample| Curve::new(futures, alternative, sample)).collect()
    };
    let base = curves(reference);
    let level = study.file.report.confidence_level;
    let width = student_quantile(0.5 + 0.5 * level, groups as f64 - 1.0);
    let interval = |values: Vec<Option<f64>>| {
        let values: Vec<f64> = values.into_iter().collect::<Option<_>>()?;
        let (mean, others) = values.split_first()?;
        Some(Interval::around(Estimate { mean: *mean, error: jackknife(others) }, width))
    };
    let line = |alternative: usize| {
        let own = curves(alternative);
        let pairs = || own.iter().zip(&base);
        let [own_safety, _] = safety_stock(study, inputs, answers, alternative);
        let at = |(own, base): (&Curve, &Curve)| own.at_service(base.unmet_share(base.own()));
        let stock = |(own, base): (&Curve, &Curve)| {
            Some(at((own, base))?.1 / base.own().stock.max(f64::MIN_POSITIVE) - 1.0)
        };
        let reserve = |(own, base): (&Curve, &Curve)| {
            let moved = at((own, base))?.0;
            (safety > 0.0).then(|| (own_safety + moved * step) / safety - 1.0)
        };
        let service = |(own, base): (&Curve, &Curve)| {
            Some(base.unmet_share(base.own()) - own.at_stock(base.own().stock)?)
        };
        ExchangeLine {
            strategy: name(study, alternative),
            reference: name(study, reference),
            stock_for_same_service: interval(pairs().map(stock).collect()),
            safety_stock_for_same_service: interval(pairs().map(reserve).collect()),
            service_for_same_stock: interval(pairs().map(service).collect()),
        }
    };
    let others = (0..=study.strategies.len()).filter(|alternative| *alternative != reference);
    Some(Exchange {
        reference: name(study, reference),
        fill_rate: 1.0 - base[0].unmet_share(base[0].own()),
        stock_value: base[0].own().stock / few as f64,
        safety_stock_value: safety,
        lines: others.map(line).collect(),
    })
}

/// The jackknife's standard error, of what is left when each group is left out.
fn jackknife(others: &[f64]) -> f64 {
    let count = others.len() as f64;
    let mean = others.iter().sum::<f64>() / count;
    let squares: f64 = others.iter().map(|other| (other - mean) * (other - mean)).sum();
    ((count - 1.0) / count * squares).sqrt()
}

/// Totals by scenario, for those who compare runs.
pub(super) fn futures(study: &Study, futures: &Futures) -> Vec<FutureLine> {
    let line = |plan: &'static str, course: &Course, scenario: usize| FutureLine {
        scenario,
        plan,
        cost: course.cost[scenario],
        demand: futures.demand[scenario],
        unmet: course.unmet[scenario],
        stock_value: course.stock[scenario],
    };
    let own = futures.own.iter().enumerate().map(|(place, course)| (name(study, place), course));
    let planned = futures.planned.iter().map(|course| (PLANNED, course));
    let lines = own.chain(planned).flat_map(|(plan, course)| {
        (0..futures.demand.len()).map(move |scenario| line(plan, course, scenario))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_go_up() {
        assert!(MOVED.is_sorted() && MOVED[OWN] == 0.0);
    }

    /// A curve whose unmet share is `e^(−stock)` exactly is read off exactly.
    #[test]
    fn exponential_tails_are_read_off_exactly() {
        let stocks: [f64; POINTS] = std::array::from_fn(|place| 0.5 + 0.5 * place as f64);
        let points = stocks.map(|stock| Point { unmet: 10.0 * libm::exp(-stock), stock });
        let curve = Curve { points, demand: 10.0 };
        let (moved, stock) = curve.at_service(libm::exp(-1.3)).unwrap();
        assert!((stock - 1.3).abs() < 1e-12 && (moved + 1.4).abs() < 1e-12, "{moved} {stock}");
        assert!((curve.at_stock(1.3).unwrap() - libm::exp(-1.3)).abs() < 1e-12);
        assert_eq!(curve.at_stock(9.0), None);
        assert_eq!(curve.at_service(0.9), None);
    }

    /// For a mean, the jackknife's error is the usual one.
    #[test]
    fn the_jackknife_of_a_mean_is_its_standard_error() {
        let values: Vec<f64> = (0..20_u32).map(|i| f64::from(i * i % 17)).collect();
        let sum: f64 = values.iter().sum();
        let others: Vec<f64> = values.iter().map(|value| (sum - value) / 19.0).collect();
        assert!((jackknife(&others) - Estimate::of(&values).error).abs() < 1e-12);
    }
}
