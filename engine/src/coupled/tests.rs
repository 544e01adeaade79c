use super::*;
use crate::outcomes::Detail;
use crate::policy::{CATALOGUE, Outlook, family};
use crate::{Days, Estimate, ReviewTime, Scratch, Units, Unmet, student_quantile};

mod witness;

const FLAT: Outlook<'_> = Outlook { demand: &[4.0], protection_periods: 4 };

/// A uniform number from 0 to below 1 that depends on its coordinates alone.
///
/// Steele, Lea & Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA (2014): the
/// finalizer of `SplitMix64`.
fn uniform(seed: u64, scenario: usize, period: usize) -> f64 {
    let place = (seed << 40) + ((scenario as u64) << 20) + period as u64 + 1;
    let mut bits = place.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((bits ^ (bits >> 31)) >> 11) as f64 / 9_007_199_254_740_992.0
}

/// Demand of 0 to 8 counts of `unit`, an item for each seed.
fn block(seed: u64, scenarios: usize, periods: usize, warm_up: usize, unit: f64) -> Block {
    let mut block = Block::zeros(scenarios, periods, warm_up);
    block.set(64, |scenario, period| (9.0 * uniform(seed, scenario, period)).floor() * unit);
    block
}

fn built(name: &str, values: &[f64]) -> Policy {
    (family(name).unwrap().build)(values, &FLAT).unwrap()
}

fn simulate(group: &Group<'_>, detail: Detail) -> (Vec<Outcomes>, GroupOutcomes) {
    let mut outcomes = vec![Outcomes::default(); group.members.len()];
    let mut together = GroupOutcomes::default();
    group.simulate(detail, &mut GroupScratch::default(), &mut outcomes, &mut together);
    (outcomes, together)
}

/// Sequences of events, each different from the others in more than one way.
fn sequences() -> Vec<Events> {
    let days = |pattern: &[bool]| Days::new(pattern).unwrap();
    let weekly = Events { review_every_periods: 3, review_phase: 1, ..Events::BACKORDER };
    let closed = Events {
        ordering_days: days(&[true, true, true, true, false]),
        receiving_days: days(&[true, false, false, true, false]),
        ..Events::BACKORDER
    };
    let mut all = Vec::new();
    for events in [Events::BACKORDER, weekly, closed] {
        for review in [ReviewTime::BeforeDemand, ReviewTime::AfterDemand] {
            for unmet in [Unmet::Backorder, Unmet::Lost] {
                all.push(Events { review, unmet, ..events });
            }
        }
    }
    all
}

/// Items with all lead times and terms of supply that a group knows.
fn items() -> Vec<Item> {
    let item = |name: &str, lead_time| Item::plain(name, lead_time, 1.0, 9.0);
    vec![
        item("at once", 0),
        Item { order_multiple: 6.0, minimum_order: 10.0, ..item("in sixes", 2) },
        Item { maximum_order: 20.0, opening: Some(11.0), ..item("at most 20", 5) },
    ]
}

/// A group whose members follow one another through `policies`.
fn group<'a>(
    items: &'a [Item],
    policies: &'a [Policy],
    blocks: &'a [Block],
    events: Events,
    joint: Joint,
) -> Group<'a> {
    let member = |at: usize| Member {
        item: &items[at % items.len()],
        policy: &policies[at % policies.len()],
        block: &blocks[at],
        weight: [1.0, 2.5, 0.75][at % 3],
    };
    let members = (0..blocks.len()).map(member).collect();
    Group { members, events, joint }.checked().unwrap()
}

/// Every family, sequence of events and width, two of them in one group.
#[test]
fn an_uncoupled_group_measures_what_each_item_measures_alone() {
    let items = items();
    let mut scratch = Scratch::default();
    for family in CATALOGUE.iter().filter(|family| !family.two_sources) {
        for units in [[1.0; 4], [2_000.0, 1.0, 2_000.0, 1.0]] {
            let mut policy = |unit: f64| {
                let count = family.parameters.len();
                let mut values: Vec<f64> = (0..count).map(|i| 5.0 + 17.0 * i as f64).collect();
                let units = family.parameters.iter().map(|parameter| parameter.unit == "units");
                values.iter_mut().zip(units).for_each(|(v, scales)| {
                    *v *= if scales { unit } else { 1.0 };
                });
                Policy { joins_at: None, ..(family.build)(&values, &FLAT).unwrap() }
            };
            let policies = units.map(&mut policy);
            let blocks: Vec<Block> =
                (1..).zip(units).map(|(seed, unit)| block(seed, 70, 60, 10, unit)).collect();
            for events in sequences() {
                let group = group(&items, &policies, &blocks, events, Joint::NOTHING);
                for detail in [Detail::Cost, Detail::Full] {
                    let (together, _) = simulate(&group, detail);
                    for (member, coupled) in group.members.iter().zip(&together) {
                        let mut alone = Outcomes::default();
                        let Member { item, policy, block, .. } = *member;
                        policy.simulate(item, &events, block, detail, &mut scratch, &mut alone);
                        assert_eq!(coupled, &alone, "{}: {events}, {item:?}", family.name);
                    }
                }
            }
        }
    }
}

/// Buys what the items' own policies want.
struct Own(Vec<Wants>);

impl Buyer for Own {
    fn buy(&mut self, review: &Review<'_>, orders: &mut [Units]) {
        for ((order, wants), &position) in orders.iter_mut().zip(&self.0).zip(review.positions) {
            if wants.calls(review.period, position) {
                *order = wants.usual(review.period, position);
            }
        }
    }

    fn most(&self) -> Units {
        self.0.iter().map(Wants::most).fold(0.0, f64::max)
    }
}

/// A buyer who does what the policies say changes nothing, to the bit.
#[test]
fn a_buyer_who_follows_the_policies_changes_nothing() {
    let items = items();
    for (name, values) in [("min-max", vec![21.0, 60.0]), ("base-stock", vec![40.0])] {
        for unit in [1.0, 2_000.0] {
            let values: Vec<f64> = values.iter().map(|value| value * unit).collect();
            let policies = [built(name, &values)];
            let blocks: Vec<Block> = (1..5).map(|seed| block(seed, 70, 60, 10, unit)).collect();
            for events in sequences() {
                let group = group(&items, &policies, &blocks, events, Joint::NOTHING);
                for detail in [Detail::Cost, Detail::Full] {
                    let (expected, joint) = simulate(&group, detail);
                    let wants = group.members.iter().map(|m| Wants::new(m.policy, m.item));
                    let mut buyer = Own(wants.collect());
                    let mut outcomes = vec![Outcomes::default(); blocks.len()];
                    let mut together = GroupOutcomes::default();
                    let mut scratch = GroupScratch::default();
                    group.simulate_bought(
                        &mut buyer,
                        detail,
                        &mut scratch,
                        &mut outcomes,
                        &mut together,
                    );
                    assert_eq!(outcomes, expected, "{name}, {events}");
                    assert_eq!(together.orders, joint.orders);
                }
            }
        }
    }
}

/// The same where stock is divided, beside items that are ordered in whole lots.
#[test]
fn an_uncoupled_group_divides_units_as_items_alone_do() {
    let [policies, items] = [[0.1, 1.0], [0.0, 6.0]];
    let policies = policies.map(|unit| built("min-max", &[17.0 * unit, 47.0 * unit]));
    let items = items.map(|order_multiple| Item { order_multiple, ..plain(2) });
    let blocks = [block(1, 70, 60, 10, 0.1), block(2, 70, 60, 10, 1.0)];
    for events in sequences() {
        let group = group(&items, &policies, &blocks, events, Joint::NOTHING);
        let (together, _) = simulate(&group, Detail::Cost);
        for (member, coupled) in group.members.iter().zip(&together) {
            let (mut scratch, mut alone) = (Scratch::default(), Outcomes::default());
            let Member { item, policy, block, .. } = *member;
            policy.simulate(item, &events, block, Detail::Cost, &mut scratch, &mut alone);
            assert_eq!(coupled, &alone, "{events}");
        }
    }
}

fn plain(lead_time: usize) -> Item {
    Item::plain("plain", lead_time, 1.0, 9.0)
}

/// Supplier terms of every kind, from loose to tight.
fn couplings() -> Vec<Joint> {
    let minimum = |minimum, shortfall| Joint { minimum, shortfall, ..Joint::NOTHING };
    vec![
        Joint::NOTHING,
        Joint { capacity: 37.5, ..Joint::NOTHING },
        minimum(60.0, Shortfall::Wait),
        minimum(60.0, Shortfall::TopUp),
        Joint { capacity: 75.0, ..minimum(50.0, Shortfall::TopUp) },
        Joint { capacity: 60.0, ..minimum(55.0, Shortfall::Wait) },
    ]
}

fn mixed_policies() -> [Policy; 4] {
    [
        built("can-order", &[8.0, 20.0, 30.0]),
        built("base-stock", &[25.0]),
        built("can-order", &[12.0, 17.0, 28.0]),
        built("periodic-lots", &[3.0, 20.0, 6.0]),
    ]
}

/// Against the books of one scenario at a time, in plain steps.
#[test]
fn lanes_measure_what_the_witness_does() {
    let (items, policies) = (items(), mixed_policies());
    let blocks: Vec<Block> = (1..6).map(|seed| block(seed, 70, 60, 10, 1.0)).collect();
    let divided: Vec<Block> = (1..6).map(|seed| block(seed, 70, 60, 10, 0.25)).collect();
    let halves = [plain(1), Item { order_multiple: 0.5, ..plain(3) }];
    for events in sequences() {
        for joint in couplings() {
            for (items, blocks) in [(&items[..], &blocks), (&halves[..], &divided)] {
                let group = group(items, &policies, blocks, events, joint);
                let measured = simulate(&group, Detail::Full);
                let expected = witness::simulate(&group);
                assert_eq!(measured.1, expected.1, "{joint:?}, {events}");
                for (measured, expected) in measured.0.iter().zip(&expected.0) {
                    assert_eq!(measured.ordered, expected.ordered, "{joint:?}, {events}");
                    assert_eq!(measured.orders, expected.orders, "{joint:?}, {events}");
                    assert_eq!(measured.stock, expected.stock, "{joint:?}, {events}");
                    assert_eq!(measured.unmet, expected.unmet, "{joint:?}, {events}");
                    assert_eq!(measured.closing, expected.closing, "{joint:?}, {events}");
                    assert!(measured.conserves_units(), "{joint:?}, {events}");
                }
            }
        }
    }
}

/// What is ordered in each period is the difference of two runs, one a period longer.
#[test]
fn orders_never_exceed_the_capacity_and_use_it() {
    let (items, policies) = (items(), mixed_policies());
    let joint = Joint { capacity: 37.5, ..Joint::NOTHING };
    for events in sequences() {
        let mut before = vec![0.0; 70];
        let mut used = 0.0;
        for periods in 1..40 {
            let blocks: Vec<Block> = (1..6).map(|seed| block(seed, 70, periods, 0, 1.0)).collect();
            let group = group(&items, &policies, &blocks, events, joint);
            let (outcomes, _) = simulate(&group, Detail::Full);
            for scenario in 0..70 {
                let weighed = group.members.iter().zip(&outcomes);
                let now = weighed.map(|(m, o)| m.weight * o.ordered[scenario]).sum::<f64>();
                assert!(now - before[scenario] <= joint.capacity, "{events}");
                used = f64::max(used, now - before[scenario]);
                before[scenario] = now;
            }
            assert!(outcomes.iter().all(Outcomes::conserves_units));
        }
        assert!(used > 35.0, "{used} of {} in the busiest period", joint.capacity);
    }
}

/// Items that ask for one unit each share a capacity of half of them; nobody waits for ever.
#[test]
fn small_orders_share_a_capacity() {
    let item = plain(0);
    let policy = built("base-stock", &[1.0]);
    let mut every = Block::zeros(64, 200, 0);
    every.set(0, |_, _| 1.0);
    let member = Member { item: &item, policy: &policy, block: &every, weight: 1.0 };
    let joint = Joint { capacity: 5.0, ..Joint::NOTHING };
    let group = Group { members: vec![member; 10], events: Events::LOST, joint };
    let (outcomes, together) = simulate(&group.checked().unwrap(), Detail::Cost);
    let ordered: f64 = outcomes.iter().map(|outcomes| outcomes.ordered[0]).sum();
    assert!(ordered >= 5.0 * 199.0, "{ordered}");
    assert!(outcomes.iter().all(|outcomes| (80.0..=120.0).contains(&outcomes.ordered[0])));
    assert!(together.bound[0] >= 198.0);
}

#[test]
fn a_supplier_gets_fewer_orders_than_its_items_place() {
    let item = Item { order_cost: 2.0, ..plain(2) };
    let blocks: Vec<Block> = (1..9).map(|seed| block(seed, 70, 200, 20, 1.0)).collect();
    let joint = Joint { order_cost: 50.0, ..Joint::NOTHING };
    let items = [item];
    let run = |can: f64| {
        let policies = [built("can-order", &[10.0, can, 40.0])];
        let group = group(&items, &policies, &blocks, Events::BACKORDER, joint);
        let (outcomes, together) = simulate(&group, Detail::Cost);
        for scenario in 0..70 {
            let each: f64 = outcomes.iter().map(|outcomes| outcomes.orders[scenario]).sum();
            assert!(together.orders[scenario] <= each);
        }
        let own: f64 = outcomes
            .iter()
            .map(|outcomes| outcomes.costs(&items[0], &Events::BACKORDER, 180)[3])
            .sum();
        let cost = group.costs(&outcomes, &together)[3];
        assert!((cost - own - 50.0 * together.orders[3] / 180.0).abs() < 1e-9);
        together.orders.iter().sum::<f64>()
    };
    assert!(run(30.0) < 0.6 * run(10.0));
}

/// Two items, zero lead time, demand 0, 1 or 2 that is lost if unmet: the long-run cost of
/// can-order policies by the stationary distribution of the stocks, and 100 simulations of it.
#[test]
fn joint_costs_are_those_of_the_exact_chain() {
    const MASSES: [[f64; 3]; 2] = [[0.5, 0.3, 0.2], [0.7, 0.2, 0.1]];
    const LEVELS: [[usize; 3]; 2] = [[0, 2, 4], [1, 3, 4]];
    let own = [(1.0, 1.0, 8.0), (1.5, 0.5, 20.0)];
    let major = 4.0;

    let mut chance = [[0.0; 5]; 5];
    chance[4][4] = 1.0;
    let mut exact = 0.0;
    for _ in 0..2_000 {
        let mut next = [[0.0; 5]; 5];
        exact = 0.0;
        for (first, second) in (0..25).map(|state| (state / 5, state % 5)) {
            let stock = [first, second];
            let triggered = (0..2).any(|i| stock[i] <= LEVELS[i][0]);
            let orders = [0, 1].map(|i| triggered && stock[i] <= LEVELS[i][1]);
            let ready = [0, 1].map(|i| if orders[i] { LEVELS[i][2] } else { stock[i] });
            exact += chance[first][second] * if triggered { major } else { 0.0 };
            for i in 0..2 {
                let (holding, minor, shortage) = own[i];
                exact += chance[first][second] * if orders[i] { minor } else { 0.0 };
                for demand in 0..3 {
                    let weight = chance[first][second] * MASSES[i][demand];
                    exact += weight * holding * ready[i].saturating_sub(demand) as f64;
                    exact += weight * shortage * demand.saturating_sub(ready[i]) as f64;
                }
            }
            for (one, other) in (0..9).map(|both| (both / 3, both % 3)) {
                let left = [ready[0].saturating_sub(one), ready[1].saturating_sub(other)];
                let weight = MASSES[0][one] * MASSES[1][other];
                next[left[0]][left[1]] += chance[first][second] * weight;
            }
        }
        chance = next;
    }

    let item = |(holding, order_cost, shortage): (f64, f64, f64)| Item {
        order_cost,
        ..Item::plain("tiny", 0, holding, shortage)
    };
    let items = own.map(item);
    let policies = LEVELS.map(|levels| built("can-order", &levels.map(|level| level as f64)));
    let joint = Joint { order_cost: major, ..Joint::NOTHING };
    let covers = |seed: u64| {
        let blocks = [0, 1].map(|i| {
            let mut block = Block::zeros(64, 450, 50);
            block.set(0, |scenario, period| {
                let at = uniform(2 * seed + i as u64, scenario, period);
                let [none, one, _] = MASSES[i];
                f64::from(u8::from(at >= none)) + f64::from(u8::from(at >= none + one))
            });
            block
        });
        let group = group(&items, &policies, &blocks, Events::LOST, joint);
        let (outcomes, together) = simulate(&group, Detail::Cost);
        let cost = Estimate::of(&group.costs(&outcomes, &together));
        (cost.mean - exact).abs() <= student_quantile(0.995, 63.0) * cost.error
    };
    let covered = (0..100).filter(|&seed| covers(seed)).count();
    assert!(covered >= 97, "{covered} of 100 intervals hold {exact}");
}

/// How many lanes advance together is nobody's business.
#[test]
fn fewer_lanes_at_a_time_measure_the_same() {
    let (items, policies) = (items(), mixed_policies());
    let joint = Joint { capacity: 75.0, minimum: 50.0, ..Joint::NOTHING };
    for unit in [1.0, 5_000.0, 0.5] {
        let blocks: Vec<Block> = (1..4).map(|seed| block(seed, 70, 60, 10, unit)).collect();
        let items = if unit < 1.0 { &items[..1] } else { &items[..] };
        let group = group(items, &policies, &blocks, Events::LOST, joint);
        let [one, other] = advance::both_ways(&group);
        assert!(one == other);
    }
}

#[test]
fn groups_that_make_no_sense_are_refused_by_name() {
    let (items, policies) = (items(), mixed_policies());
    let blocks = [block(1, 70, 60, 10, 1.0), block(2, 70, 50, 10, 1.0)];
    let refused = |count: usize, weight: f64, joint: Joint| {
        let member = |at: usize| Member {
            item: &items[at],
            policy: &policies[at],
            block: &blocks[at],
            weight,
        };
        let members = (0..count).map(member).collect();
        Group { members, events: Events::LOST, joint }.checked().unwrap_err().to_string()
    };
    let tight = Joint { minimum: 9.0, capacity: 4.0, ..Joint::NOTHING };
    assert_eq!(
        refused(1, 1.0, tight),
        "supplier: minimum is 9, but capacity is 4; lower minimum to it, or raise capacity"
    );
    let narrow = Joint { capacity: 4.0, ..Joint::NOTHING };
    assert!(refused(1, 5.0, narrow).contains("its smallest order counts 5, but the most"));
    assert!(refused(1, -1.0, Joint::NOTHING).contains("`at once`: weight is -1, but must be"));
    assert!(refused(0, 1.0, Joint::NOTHING).contains("no items"));
    assert!(refused(1, 1.0, Joint { capacity: 0.0, ..narrow }).contains("above zero"));
    assert_eq!(
        refused(2, 1.0, Joint::NOTHING),
        "item `in sixes`: periods of its demand is 50, but that of `at once` is 60; items of one \
         group need the same scenarios and periods"
    );
    let events = Events { unmet: Unmet::Patient { periods: 2 }, ..Events::LOST };
    let member = Member { item: &items[0], policy: &policies[0], block: &blocks[0], weight: 1.0 };
    let group = Group { members: vec![member], events, joint: Joint::NOTHING };
    assert!(group.checked().unwrap_err().to_string().contains("`at once`: unmet must be lost"));
}
