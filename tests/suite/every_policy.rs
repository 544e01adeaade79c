//! What must hold for every policy in the catalogue, including ones not yet written.
//!
//! | read          | to learn                                                            |
//! |---------------|---------------------------------------------------------------------|
//! | `cells.rs`    | the sequences of events, kinds of supply and terms that are crossed  |
//! | `by_hand.rs`  | books kept by hand, from the documentation alone                     |
//! | `grid.rs`     | loop, ledger and books agree, and balance, in every cell             |
//! | `exact.rs`    | simulated means are those of closed forms                            |
//! | `terms.rs`    | what a supplier's terms, days and second source do to orders         |
//! | here          | what holds for a policy whatever the cell                            |

use std::collections::BTreeSet;

use engine::policy::{CATALOGUE, MAX_PARAMETERS, family};
use engine::{
    Block, Coordinates, Detail, Events, Family, HoldingOn, Item, LANES, Outcomes, Outlook, Policy,
    PolicyError, ReviewTime, ScenarioSource, Scratch, Sizing, Unmet,
};
use scenarios::Scenarios;
use scenarios::demand::{Demand, NegativeBinomial};

pub(crate) mod by_hand;
pub(crate) mod cells;
mod exact;
mod grid;
mod terms;

use cells::{KINDS, LOTS, Measures, REVIEWS, SIDES, bursts, each, measures, rhythms};

const FLAT: Outlook<'_> = Outlook { demand: &[6.0], protection_periods: 4 };

/// Values that suit every family: whole and increasing.
fn increasing(count: usize) -> Vec<f64> {
    (0..count).map(|i| 7.0 + 30.0 * i as f64).collect()
}

fn simulated(policy: &Policy, item: &Item, events: &Events, block: &Block) -> Outcomes {
    let mut outcomes = Outcomes::default();
    policy.simulate(item, events, block, Detail::Full, &mut Scratch::default(), &mut outcomes);
    outcomes
}

fn by_ledger(policy: &Policy, item: &Item, events: &Events, block: &Block) -> Outcomes {
    let mut outcomes = Outcomes::default();
    policy.simulate_by_ledger(item, events, block, &mut Scratch::default(), &mut outcomes);
    outcomes
}

/// Every sequence of events there is.
fn sequences() -> impl Iterator<Item = Events> {
    let both = |unmet| REVIEWS.into_iter().flat_map(move |review| rhythms(review, unmet));
    SIDES.into_iter().flat_map(both)
}

#[test]
fn names_are_unique_and_found() {
    let names: BTreeSet<_> = CATALOGUE.iter().map(|policy| policy.name).collect();
    assert_eq!(names.len(), CATALOGUE.len(), "two policies share a name");
    for name in names {
        assert_eq!(family(name).unwrap().name, name);
    }
}

#[test]
fn a_wrong_number_of_parameters_is_refused_and_so_is_nonsense() {
    for policy in CATALOGUE {
        let expected = policy.parameters.len();
        assert!(expected <= MAX_PARAMETERS);
        let refusal = (policy.build)(&increasing(expected + 1), &FLAT).err();
        let count = PolicyError::Count { family: policy.name, expected, found: expected + 1 };
        assert_eq!(refusal, Some(count));
        for place in 0..expected {
            for nonsense in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
                let mut values = increasing(expected);
                values[place] = nonsense;
                assert!((policy.build)(&values, &FLAT).is_err(), "{}: {nonsense}", policy.name);
            }
        }
    }
}

/// Numbers that no lane holds, and levels that nobody could compute, are refused.
#[test]
fn absurd_parameters_are_refused() {
    for policy in CATALOGUE {
        for place in 0..policy.parameters.len() {
            let mut values = increasing(policy.parameters.len());
            values[place] = if policy.parameters[place].unit == "periods" { 1e7 } else { 1e300 };
            assert!((policy.build)(&values, &FLAT).is_err(), "{} {values:?}", policy.name);
        }
    }
}

/// What a strategy asks of a family is always a policy, in whole reviews.
#[test]
fn every_family_turns_a_level_and_a_quantity_into_a_policy() {
    for family in CATALOGUE {
        for (order_quantity, mean_demand) in [(1.0, 0.01), (20.0, 5.0), (500.0, 5.0)] {
            for review_every_periods in [1, 2, 7] {
                let sizing = Sizing {
                    level: &|periods| (periods as f64 * mean_demand).ceil(),
                    order_quantity,
                    mean_demand,
                    lead_time_periods: 4,
                    expedited_lead_time_periods: family.two_sources.then_some(1),
                    review_every_periods,
                };
                let values = (family.size)(&sizing);
                let values = &values[..family.parameters.len()];
                assert!((family.build)(values, &FLAT).is_ok(), "{} {values:?}", family.name);
                let intervals = family.parameters.iter().zip(values);
                for (_, interval) in intervals.filter(|(parameter, _)| parameter.name == "interval")
                {
                    let whole = interval % review_every_periods as f64 == 0.0;
                    assert!(
                        whole,
                        "{}: {values:?}, review every {review_every_periods}",
                        family.name
                    );
                }
            }
        }
    }
}

#[test]
fn average_stock_is_halfway_between_before_and_after_demand() {
    let block = bursts(64, 80, 0);
    for events in sequences() {
        for (name, item, policy) in each(&KINDS[2].item(LOTS[0]), &events) {
            let outcomes = simulated(&policy, &item, &events, &block);
            let stock =
                |holding_on| outcomes.average_stock(&Events { holding_on, ..events }, 80).mean;
            let (end, average) = (stock(HoldingOn::End), stock(HoldingOn::Average));
            let met = outcomes.demand.iter().sum::<f64>() - outcomes.unmet.iter().sum::<f64>();
            assert!((average - end - 0.5 * met / (64.0 * 80.0)).abs() < 1e-9, "{name}");
        }
    }
}

/// What happens in a lane must not depend on the other lanes, nor on how many there are.
#[test]
fn lanes_do_not_touch() {
    let mixed = bursts(LANES, 60, 5);
    for unmet in SIDES {
        for events in rhythms(ReviewTime::BeforeDemand, unmet) {
            let item = Item { opening: Some(20.0), ..KINDS[2].item(LOTS[0]) };
            for (name, item, policy) in each(&item, &events) {
                let together = simulated(&policy, &item, &events, &mixed);
                for lane in (0..LANES).step_by(7) {
                    let demand: Vec<f64> = mixed.scenario(lane).collect();
                    let mut same = Block::zeros(1, 60, 5); // every lane meets the demand of `lane`
                    same.set(0, |_, period| demand[period]);
                    let alone = simulated(&policy, &item, &events, &same);
                    assert_eq!(alone.len(), 1);
                    let (alone, together) = (measures(&alone, 0), measures(&together, lane));
                    assert_eq!(alone, together, "{name}: {events}");
                }
            }
        }
    }
}

/// A scenario is the same in whichever block it lies.
#[test]
fn blocks_do_not_matter() {
    let masses = [NegativeBinomial { mean: 6.0, size: 0.7 }.masses(1.0)];
    let lead_times = scenarios::gamma_lead_times(3.0, 1.5);
    let supply = scenarios::Supply::default()
        .with_lead_times(&lead_times)
        .with_yield(0.5, 1.0)
        .with_outages(scenarios::Outages { failure_probability: 0.1, recovery_probability: 0.4 });
    for supply in [scenarios::Supply::default(), supply] {
        let source = Scenarios::new(3, "any", &masses, vec![0]).with_supply(supply);
        let block = |first_scenario: usize, scenarios| {
            let mut block = Block::zeros(scenarios, 60, 5);
            let first_scenario = first_scenario as u32;
            source.fill(Coordinates { set: 0, first_scenario }, &mut block);
            block
        };
        for events in sequences() {
            for (name, item, policy) in each(&KINDS[2].item(LOTS[0]), &events) {
                let whole = simulated(&policy, &item, &events, &block(0, 150));
                let mut parts = Outcomes::default();
                for (first, scenarios) in [(0, 64), (64, 64), (128, 22)] {
                    let block = block(first, scenarios);
                    let scratch = &mut Scratch::default();
                    policy.simulate(&item, &events, &block, Detail::Full, scratch, &mut parts);
                }
                assert_eq!(whole, parts, "{name}: {events}");
            }
        }
    }
}

/// Numbers of 16, 32 and 64 bits count alike: a world a thousand times larger measures a thousand
/// times as much.
#[test]
fn widths_agree() {
    let small = bursts(70, 60, 5);
    let blocks = SCALES.map(|scale| larger(&small, scale));
    for unmet in [Unmet::Backorder, Unmet::Lost] {
        for events in REVIEWS.into_iter().flat_map(|review| rhythms(review, unmet)) {
            for lots in LOTS {
                for family in CATALOGUE {
                    let item = Item { opening: Some(20.0), ..KINDS[2].item(lots) };
                    let (item, _) = cells::sized(family, item, &events);
                    let run = |place: usize| {
                        let (item, policy) = scaled(family, &item, SCALES[place]);
                        simulated(&policy, &item, &events, &blocks[place])
                    };
                    let one = run(0);
                    for (place, scale) in SCALES.iter().enumerate().skip(1) {
                        let many = run(place);
                        assert!(many.conserves_units());
                        for scenario in 0..70 {
                            let scaled = times(&measures(&one, scenario), *scale);
                            let case = format!("{} × {scale}: {events}", family.name);
                            assert_eq!(measures(&many, scenario), scaled, "{case}");
                        }
                    }
                }
            }
        }
    }
}

/// 16 bits hold the first, 32 the second, 64 the last; of the third it depends on the policy.
const SCALES: [f64; 4] = [1.0, 300.0, 3e6, 3e9];

/// The same scenarios with `scale` times the demand.
fn larger(small: &Block, scale: f64) -> Block {
    let demand: Vec<Vec<f64>> =
        (0..small.scenarios()).map(|s| small.scenario(s).map(|d| scale * d).collect()).collect();
    let mut block = Block::zeros(small.scenarios(), small.periods(), small.warm_up());
    block.set(0, |scenario, period| demand[scenario][period]);
    block
}

/// The item and a policy of `family`, in a unit that is so much smaller.
fn scaled(family: &Family, item: &Item, scale: f64) -> (Item, Policy) {
    let values = increasing(family.parameters.len()).into_iter().zip(family.parameters);
    let values: Vec<f64> = values
        .map(|(v, parameter)| if parameter.unit == "units" { scale * v } else { v })
        .collect();
    let outlook = Outlook { demand: &[8.0 * scale, 4.0 * scale], ..FLAT };
    let policy = (family.build)(&values, &outlook).expect("the values suit every family");
    let item = Item {
        minimum_order: scale * item.minimum_order,
        order_multiple: scale * item.order_multiple,
        maximum_order: scale * item.maximum_order,
        opening: item.opening.map(|opening| scale * opening),
        ..item.clone()
    };
    (item, policy)
}

/// Measures of units, so many times as much; what counts periods and orders stays.
fn times(measures: &Measures, scale: f64) -> Measures {
    let counts = ["stockouts", "orders", "cycles", "short_cycles"];
    measures.map(|(name, value)| {
        let by = if counts.contains(&name) { 1.0 } else { scale };
        (name, by * value)
    })
}

/// Units are under way as long as an order takes: Little, *A Proof for the Queuing Formula L = λW*,
/// Operations Research 9 (1961) 383–387.
#[test]
fn what_is_under_way_obeys_littles_law() {
    let (periods, warm_up) = (2_000, 100);
    let block = bursts(70, periods, warm_up);
    for unmet in SIDES {
        for review in REVIEWS {
            let [events, ..] = rhythms(review, unmet);
            for kind in &KINDS {
                let Some(lead_time) = kind.fixed_lead_time() else { continue };
                for (name, item, policy) in each(&kind.item(LOTS[0]), &events) {
                    let outcomes = simulated(&policy, &item, &events, &block);
                    let after = usize::from(review == ReviewTime::AfterDemand);
                    let slow = (lead_time + after) as f64;
                    let fast = (lead_time / 2 + after) as f64;
                    let sum = |column: &[f64]| column.iter().sum::<f64>();
                    let expedited = sum(&outcomes.expedited);
                    let ordered = sum(&outcomes.ordered) - expedited;
                    let expected = slow * ordered + fast * expedited;
                    // What is under way at the first and at the last moment is counted in part.
                    let edges = 4.0 * slow / (periods - warm_up) as f64 * expected;
                    let found = sum(&outcomes.on_order);
                    let near = (found - expected).abs() <= edges;
                    assert!(near, "{name}: {found}, not {expected} ± {edges}: {events}, {item:?}");
                }
            }
        }
    }
}

/// A policy that never orders has no stock in the long run, whatever it starts with.
#[test]
fn free_opening_stock_is_not_a_policy() {
    let never = (family("min-max").unwrap().build)(&[-1.0, 6.0], &FLAT).unwrap();
    let item = Item::plain("any", 2, 1.0, 9.0);
    let outcomes = simulated(&never, &item, &Events::LOST, &bursts(32, 60, 0));
    assert_eq!(outcomes.stock.iter().sum::<f64>(), 0.0);
    assert_eq!(outcomes.fill_rate().mean, 0.0);
    // A backorder will bring an order, so there the position does come down.
    let orders = simulated(&never, &item, &Events::BACKORDER, &bursts(32, 60, 0)).orders;
    assert!(orders.iter().sum::<f64>() > 0.0);
}

/// Scenarios start at every point of a slow rhythm, so that a horizon which is no multiple of it
/// counts the right number of orders.
#[test]
fn a_slow_rhythm_is_counted_right() {
    let (interval, periods) = (250.0, 364);
    let policy = (family("periodic").unwrap().build)(&[interval, 60.0], &FLAT).unwrap();
    let block = bursts(1024, periods + 56, 56);
    let item = Item::plain("any", 3, 1.0, 9.0);
    let outcomes = simulated(&policy, &item, &Events::LOST, &block);
    let orders = outcomes.orders.iter().sum::<f64>() / 1024.0;
    let expected = periods as f64 / interval;
    assert!((orders - expected).abs() < 0.05, "{orders} orders, expected {expected}");
}
