//! Every method against exact optima, and against each other.

use engine::policy::{self, MAX_PARAMETERS};
use engine::{Block, Coordinates, Events, Item, Outlook, Policy, ScenarioSource};
use scenarios::demand::{Demand, Poisson};
use scenarios::{Masses, Scenarios};

use super::*;
use crate::exact::min_max::MinMaxItem;
use crate::exact::newsvendor::Newsvendor;
use crate::strategy::{Knowledge, Targets};

const PERIODS: usize = 400;
const WARM_UP: usize = 50;
const SCENARIOS: usize = 256;
const HOLDING: f64 = 1.0;
const SHORTAGE: f64 = 9.0;

/// An item with Poisson demand.
struct Case {
    item: Item,
    events: Events,
    mean: f64,
    masses: Masses,
}

impl Case {
    fn new(mean: f64, order_cost: f64, lead_time_periods: usize, events: Events) -> Case {
        let plain = Item::plain("searched", lead_time_periods, HOLDING, SHORTAGE);
        let masses = Poisson { mean }.masses(1.0);
        Case { item: Item { order_cost, ..plain }, events, mean, masses }
    }

    fn draw(&self, first: usize, scenarios: usize) -> Block {
        let masses = std::slice::from_ref(&self.masses);
        let source = Scenarios::new(11, "searched", masses, vec![0]);
        let mut block = Block::zeros(scenarios, PERIODS + WARM_UP, WARM_UP);
        source.fill(Coordinates { set: 0, first_scenario: first as u32 }, &mut block);
        block
    }

    fn with<T>(&self, family: &str, f: impl FnOnce(&mut Problem<'_>) -> T) -> T {
        let all = self.draw(0, SCENARIOS);
        let targets = Targets::default();
        let moments = (self.mean, self.mean.sqrt());
        let known = Knowledge::plain(&self.item, &self.events, moments, &all, &targets);
        let family = policy::family(family).expect("in the catalogue");
        let protection_periods = self.events.protection_periods(&self.item);
        let expected = [self.mean];
        let outlook = Outlook { demand: &expected, protection_periods };
        let build = |values: [f64; MAX_PARAMETERS]| -> Option<Policy> {
            (family.build)(&values[..family.parameters.len()], &outlook).ok()
        };
        let draw = |first, scenarios| self.draw(first, scenarios);
        f(&mut Problem::new(&known, family, &build, &draw))
    }

    fn found(&self, family: &str, method: &'static Method) -> (Found, Evidence) {
        self.with(family, |problem| search(problem, Some(method)))
    }
}

/// Methods that can search the family.
fn methods(family: &str) -> impl Iterator<Item = &'static Method> {
    let family = policy::family(family).expect("in the catalogue");
    CATALOGUE.iter().filter(|method| (method.fits)(family))
}

/// The best base-stock level is the newsvendor's; every method finds one that costs no more than a
/// thousandth more, and the cheapest of all levels on its own scenarios.
#[test]
fn base_stock_levels_are_the_newsvendors() {
    for (mean, lead_time) in [(4.0, 0), (20.0, 2), (70.0, 5)] {
        let exact = Newsvendor { holding: HOLDING, shortage: SHORTAGE };
        let optimum = exact.poisson(mean, lead_time).expect("sound");
        let case = Case::new(mean, 0.0, lead_time, Events::BACKORDER);
        let least = case.with("base-stock", |problem| {
            let around = (-40..40).map(|by| optimum.level + f64::from(by));
            let costs = around.map(|level| problem.price([level, 0.0, 0.0]));
            costs.fold(f64::INFINITY, f64::min)
        });
        for method in methods("base-stock") {
            let (found, evidence) = case.found("base-stock", method);
            let level = found.values[0] as i64;
            let cost = exact.poisson_cost(level, mean, lead_time).expect("sound");
            println!(
                "mean {mean}, {}: {level} ({}), {:?} priced",
                method.name, optimum.level, evidence.priced
            );
            assert!(cost <= 1.001 * optimum.cost, "{}: {cost} {}", method.name, optimum.cost);
            assert_eq!(found.cost, least, "{}", method.name);
            assert_eq!(evidence.neighbours, 2);
        }
    }
}

/// Zheng & Federgruen's items (1991, table I): every method finds an (s, S) whose exact cost is near the
/// least one; the one that is used is the best of them.
#[test]
fn min_max_levels_are_nearly_the_best() {
    let means = [10.0, 21.0, 25.0, 40.0, 60.0, 65.0];
    let mut regrets: Vec<(f64, f64)> = vec![(0.0, 0.0); CATALOGUE.len()];
    for mean in means {
        let case = Case::new(mean, 64.0, 0, Events::BACKORDER);
        let probabilities = case.masses.probabilities().expect("whole counts");
        let exact = MinMaxItem {
            demand: &probabilities,
            lead_time: 0,
            holding: HOLDING,
            shortage: SHORTAGE,
            order_cost: 64.0,
        };
        let optimum = exact.optimum().expect("sound").cost;
        for (place, method) in CATALOGUE.iter().enumerate() {
            if !(method.fits)(policy::family("min-max").expect("in the catalogue")) {
                continue;
            }
            let (found, evidence) = case.found("min-max", method);
            let [min, max, _] = found.values;
            let cost = exact.cost(min as i64, max as i64).expect("sound");
            regrets[place].0 += (cost / optimum - 1.0) / means.len() as f64;
            regrets[place].1 += evidence.priced[0] as f64 / means.len() as f64;
            assert_eq!(evidence.not_cheaper, evidence.neighbours, "{} {mean}", method.name);
        }
    }
    for (method, (regret, priced)) in CATALOGUE.iter().zip(&regrets) {
        println!(
            "{:<16} {:.3} % over the optimum, {priced:.0} priced",
            method.name,
            100.0 * regret
        );
        assert!(*regret < 0.03, "{}: {regret}", method.name);
    }
    assert!(regrets[0].0 < 0.005, "{regrets:?}");
}

/// Between whole levels every path's cost is linear, so the difference of both ends is the derivative.
#[test]
fn the_derivative_between_whole_levels_is_their_difference() {
    for events in [Events::BACKORDER, Events::LOST] {
        for lead_time in [0, 3] {
            let case = Case::new(5.0, 0.0, lead_time, events);
            case.with("base-stock", |problem| {
                let whole = problem.start[0];
                let block = problem.known.scenarios;
                let mut costs =
                    |by: f64| problem.costs([whole + by, 0.0, 0.0], block).expect("it makes sense");
                let [low, high] = [costs(0.0), costs(1.0)];
                for share in [0.25, 0.5] {
                    for (place, cost) in costs(share).into_iter().enumerate() {
                        let line = low[place] + share * (high[place] - low[place]);
                        assert!((cost - line).abs() < 1e-9 * line, "{cost} {line}");
                    }
                }
            });
        }
    }
}

/// What the evidence says can be checked by hand.
#[test]
fn evidence_is_what_neighbours_cost() {
    let case = Case::new(12.0, 30.0, 1, Events::LOST);
    let (found, evidence) = case.found("min-max", &CATALOGUE[0]);
    let cheapest = case.with("min-max", |problem| {
        let [min, max, _] = found.values;
        let moves = [-1.0, 0.0, 1.0].map(|a| [-1.0, 0.0, 1.0].map(|b| [min + a, max + b, 0.0]));
        let others = moves.into_iter().flatten().filter(|values| *values != found.values);
        others.map(|values| problem.price(values)).fold(f64::INFINITY, f64::min)
    });
    assert_eq!((evidence.neighbours, evidence.not_cheaper), (8, 8));
    assert!((evidence.nearest.mean - (cheapest - found.cost)).abs() < 1e-12);
    assert!(evidence.nearest.mean >= 0.0 && evidence.nearest.error < 0.1 * found.cost);
}

/// Of families with up to three parameters, each method finds one that is near what the others find.
#[test]
fn methods_agree_on_every_family() {
    for events in [Events::BACKORDER, Events::LOST] {
        let case = Case::new(8.0, 40.0, 2, events);
        for family in
            ["lot-size", "periodic", "periodic-min-max", "eoq-cycle", "kanban", "min-max-capped"]
        {
            let all: Vec<(&str, f64, u64)> = methods(family)
                .map(|method| {
                    let (found, evidence) = case.found(family, method);
                    (method.name, found.cost, evidence.priced[0])
                })
                .collect();
            let least = all.iter().map(|(_, cost, _)| *cost).fold(f64::INFINITY, f64::min);
            println!("{family}: {all:?}");
            let usual = all.iter().find(|(name, ..)| *name == "pattern").expect("it fits all");
            assert!(usual.1 <= 1.02 * least, "{family}: {all:?}");
            assert!(all.iter().all(|(_, cost, _)| *cost <= 1.1 * least), "{family}: {all:?}");
        }
    }
}

#[test]
fn searches_are_the_same_every_time() {
    let case = Case::new(8.0, 40.0, 2, Events::LOST);
    for method in methods("min-max") {
        assert_eq!(case.found("min-max", method), case.found("min-max", method));
    }
}
