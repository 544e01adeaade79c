//! What must hold for every policy in the catalogue, including ones not yet written.

use std::collections::{BTreeSet, VecDeque};

use engine::policy::{CATALOGUE, MAX_PARAMETERS, family};
use engine::{
    Block, Coordinates, Events, HoldingOn, Item, LANES, Outcomes, PolicyError, Review, ReviewTime,
    ScenarioSource, Scratch, Simulate, Sizing, Unmet,
};
use scenarios::Scenarios;
use scenarios::demand::{Demand, NegativeBinomial};

fn item(lead_time_periods: usize) -> Item {
    Item {
        name: "any".into(),
        lead_time_periods,
        holding_cost_per_unit_period: 1.0,
        shortage_cost_per_unit: 9.0,
        order_cost: 5.0,
        minimum_order: 0.0,
        order_multiple: 0.0,
        opening: None,
    }
}

/// Values that suit every family: whole and increasing.
fn increasing(count: usize) -> Vec<f64> {
    (0..count).map(|i| 7.0 + 30.0 * i as f64).collect()
}

fn policy(place: usize) -> Box<dyn Simulate> {
    let family = &CATALOGUE[place];
    (family.build)(&increasing(family.parameters.len())).expect("the values suit every family")
}

/// Bursty demand, so that stock runs out now and then.
fn bursts(scenarios: usize, periods: usize, warm_up: usize) -> Block {
    let masses = [NegativeBinomial { mean: 6.0, size: 0.7 }.masses(1.0)];
    let source = Scenarios::new(7, "bursts", 1.0, &masses, vec![0]);
    let mut block = Block::zeros(scenarios, periods, warm_up);
    source.fill(Coordinates { set: 0, first_scenario: 0 }, &mut block);
    block
}

/// Every sequence of events there is.
fn every_sequence() -> Vec<Events> {
    let mut all = Vec::new();
    for review in [ReviewTime::BeforeDemand, ReviewTime::AfterDemand] {
        for unmet in [Unmet::Backorder, Unmet::Lost] {
            for (review_every_periods, review_phase) in [(1, 0), (7, 3)] {
                let holding_on = HoldingOn::End;
                let events =
                    Events { review, unmet, holding_on, review_every_periods, review_phase };
                all.push(events);
            }
        }
    }
    all
}

fn simulated(policy: &dyn Simulate, item: &Item, events: &Events, block: &Block) -> Outcomes {
    let mut outcomes = Outcomes::default();
    policy.simulate(item, events, block, &mut Scratch::default(), &mut outcomes);
    outcomes
}

/// One scenario, one period after the other, as a planner would keep the books.
struct Books {
    stock: f64,
    waiting: f64,
    unmet: f64,
    stockouts: f64,
    orders: f64,
    ordered: f64,
}

fn kept_by_hand(
    policy: &dyn Simulate,
    item: &Item,
    events: &Events,
    demand: &[f64],
    warm_up: usize,
    scenario: usize,
) -> Books {
    let share = |number: u32| f64::from(number.reverse_bits()) / 4_294_967_296.0;
    // What is never ordered is never there, once it is sold for good.
    let nothing = Review { period: 0, on_hand: 0.0, position: 0.0 };
    let sells_out = events.unmet == Unmet::Lost && policy.order(nothing) <= 0.0;
    let opening = if sells_out { 0.0 } else { policy.opening(share(scenario as u32)).max(0.0) };
    let every = events.review_every_periods;
    let reviews = (policy.rhythm() / every) as f64;
    let ahead = (share((scenario / LANES) as u32) * reviews) as usize * every;
    let mut books =
        Books { stock: 0.0, waiting: 0.0, unmet: 0.0, stockouts: 0.0, orders: 0.0, ordered: 0.0 };
    let (mut on_hand, mut backlog) = (opening, 0.0);
    let mut under_way: VecDeque<(usize, f64)> = VecDeque::new();
    let (mut received, mut sold) = (0.0, 0.0);
    for (period, &wanted) in demand.iter().enumerate() {
        let measured = f64::from(u8::from(period >= warm_up));
        let mut arrive =
            |under_way: &mut VecDeque<(usize, f64)>, on_hand: &mut f64, backlog: &mut f64| {
                while under_way.front().is_some_and(|(due, _)| *due == period) {
                    let (_, quantity) = under_way.pop_front().unwrap();
                    received += quantity;
                    let served = quantity.min(*backlog);
                    sold += served;
                    *backlog -= served;
                    *on_hand += quantity - served;
                }
            };
        let reviewed = period % events.review_every_periods == events.review_phase;
        let mut review =
            |under_way: &mut VecDeque<(usize, f64)>, on_hand: f64, backlog: f64, delay: usize| {
                if !reviewed {
                    return;
                }
                let on_order: f64 = under_way.iter().map(|(_, quantity)| quantity).sum();
                let position = on_hand + on_order - backlog;
                let rhythm = period - events.review_phase + ahead;
                let mut quantity = policy.order(Review { period: rhythm, on_hand, position });
                if quantity > 0.0 {
                    quantity = quantity.max(item.minimum_order);
                    if item.order_multiple > 0.0 {
                        quantity = (quantity / item.order_multiple).ceil() * item.order_multiple;
                    }
                    books.orders += measured;
                    books.ordered += measured * quantity;
                    under_way.push_back((period + delay, quantity));
                }
            };
        arrive(&mut under_way, &mut on_hand, &mut backlog);
        if events.review == ReviewTime::BeforeDemand {
            review(&mut under_way, on_hand, backlog, item.lead_time_periods);
            arrive(&mut under_way, &mut on_hand, &mut backlog);
        }
        let served = wanted.min(on_hand);
        on_hand -= served;
        sold += served;
        if events.unmet == Unmet::Backorder {
            backlog += wanted - served;
        }
        books.stock += measured * on_hand;
        books.waiting += measured * backlog;
        books.unmet += measured * (wanted - served);
        books.stockouts += measured * f64::from(u8::from(served < wanted));
        if events.review == ReviewTime::AfterDemand {
            review(&mut under_way, on_hand, backlog, item.lead_time_periods + 1);
        }
        // Nothing appears and nothing vanishes.
        assert_eq!(opening + received, sold + on_hand, "units are conserved in period {period}");
    }
    books
}

/// The lane loop keeps the same books, to the last unit, in every lane.
#[test]
fn the_lane_loop_agrees_with_books_kept_by_hand() {
    let (scenarios, warm_up) = (40, 10);
    let block = bursts(scenarios, 90, warm_up);
    let lots = [(0.0, 0.0), (25.0, 0.0), (0.0, 12.0), (20.0, 12.0)];
    for place in 0..CATALOGUE.len() {
        let policy = policy(place);
        for events in every_sequence() {
            for lead_time in [0, 1, 3, 8] {
                for (minimum_order, order_multiple) in lots {
                    let item = Item { minimum_order, order_multiple, ..item(lead_time) };
                    let outcomes = simulated(&*policy, &item, &events, &block);
                    for scenario in 0..scenarios {
                        let demand: Vec<f64> = block.scenario(scenario).collect();
                        let books =
                            kept_by_hand(&*policy, &item, &events, &demand, warm_up, scenario);
                        let case = format!(
                            "{} {events}, lead time {lead_time}, scenario {scenario}",
                            CATALOGUE[place].name
                        );
                        assert_eq!(outcomes.stock[scenario], books.stock, "{case}: stock");
                        assert_eq!(outcomes.waiting[scenario], books.waiting, "{case}: waiting");
                        assert_eq!(outcomes.unmet[scenario], books.unmet, "{case}: unmet");
                        assert_eq!(outcomes.stockouts[scenario], books.stockouts, "{case}");
                        assert_eq!(outcomes.orders[scenario], books.orders, "{case}: orders");
                        assert_eq!(outcomes.ordered[scenario], books.ordered, "{case}: ordered");
                        let total: f64 = demand[warm_up..].iter().sum();
                        assert_eq!(outcomes.demand[scenario], total, "{case}: demand");
                    }
                    let orders: f64 = outcomes.orders.iter().sum();
                    assert!(orders > 0.0, "{} never orders: {events}", CATALOGUE[place].name);
                }
            }
        }
    }
}

#[test]
fn average_stock_is_halfway_between_before_and_after_demand() {
    let block = bursts(64, 80, 0);
    for place in 0..CATALOGUE.len() {
        let policy = policy(place);
        for mut events in every_sequence() {
            let outcomes = simulated(&*policy, &item(2), &events, &block);
            let end = outcomes.average_stock(&events, 80).mean;
            events.holding_on = HoldingOn::Average;
            let average = outcomes.average_stock(&events, 80).mean;
            let met = outcomes.demand.iter().sum::<f64>() - outcomes.unmet.iter().sum::<f64>();
            assert!((average - end - 0.5 * met / (64.0 * 80.0)).abs() < 1e-9);
        }
    }
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
        let refusal = (policy.build)(&increasing(expected + 1)).err();
        let count = PolicyError::Count { family: policy.name, expected, found: expected + 1 };
        assert_eq!(refusal, Some(count));
        for nonsense in [f64::NAN, f64::INFINITY] {
            let mut values = increasing(expected);
            values[0] = nonsense;
            assert!((policy.build)(&values).is_err(), "{}: {nonsense}", policy.name);
        }
    }
}

/// What a strategy asks of a family is always a policy.
#[test]
fn every_family_turns_a_level_and_a_quantity_into_a_policy() {
    for family in CATALOGUE {
        for (order_quantity, mean_demand) in [(1.0, 0.01), (20.0, 5.0), (500.0, 5.0)] {
            let sizing = Sizing {
                level: &|periods| (periods as f64 * mean_demand).ceil(),
                order_quantity,
                mean_demand,
                lead_time_periods: 4,
                review_every_periods: 2,
            };
            let values = (family.size)(&sizing);
            assert!((family.build)(&values[..family.parameters.len()]).is_ok(), "{}", family.name);
        }
    }
}

/// What happens in a lane must not depend on the other lanes, nor on how many there are.
#[test]
fn lanes_do_not_touch() {
    let mixed = bursts(LANES, 60, 5);
    for place in 0..CATALOGUE.len() {
        let policy = policy(place);
        let item = Item { opening: Some(20.0), ..item(3) };
        let together = simulated(&*policy, &item, &Events::LOST, &mixed);
        for lane in 0..LANES {
            let mut same = Block::zeros(1, 60, 5); // every lane meets the demand of `lane`
            let demand: Vec<f64> = mixed.scenario(lane).collect();
            same.write(0, |_, rows| {
                for (row, demand) in rows.iter_mut().zip(&demand) {
                    row.0.fill(*demand);
                }
            });
            let alone = simulated(&*policy, &item, &Events::LOST, &same);
            assert_eq!(alone.len(), 1);
            assert_eq!(alone.stock[0], together.stock[lane]);
            assert_eq!(alone.ordered[0], together.ordered[lane]);
        }
    }
}

/// A policy that never orders has no stock in the long run, whatever it starts with.
#[test]
fn free_opening_stock_is_not_a_policy() {
    let never = (family("min-max").unwrap().build)(&[-1.0, 6.0]).unwrap();
    let outcomes = simulated(&*never, &item(2), &Events::LOST, &bursts(32, 60, 0));
    assert_eq!(outcomes.stock.iter().sum::<f64>(), 0.0);
    assert_eq!(outcomes.fill_rate().mean, 0.0);
    // A backorder will bring an order, so there the position does come down.
    let orders = simulated(&*never, &item(2), &Events::BACKORDER, &bursts(32, 60, 0)).orders;
    assert!(orders.iter().sum::<f64>() > 0.0);
}

/// Scenarios start at every point of a slow rhythm, so that a horizon which is no multiple of it
/// counts the right number of orders.
#[test]
fn a_slow_rhythm_is_counted_right() {
    let (interval, periods) = (250.0, 364);
    let policy = (family("periodic").unwrap().build)(&[interval, 60.0]).unwrap();
    let block = bursts(1024, periods + 56, 56);
    let outcomes = simulated(&*policy, &item(3), &Events::LOST, &block);
    let orders = outcomes.orders.iter().sum::<f64>() / 1024.0;
    let expected = periods as f64 / interval;
    assert!((orders - expected).abs() < 0.05, "{orders} orders, expected {expected}");
}
