//! Whatever an item, a policy and the world are like: no panic, no unit lost, no number that is
//! none; and the lane loop, the ledger and books kept by hand agree.
//!
//! `PARSTOCK_FUZZ_CASES` says how many cases are tried; each is a function of its number alone.

use std::cell::RefCell;

use engine::policy::CATALOGUE;
use engine::{
    Block, Chance, Days, Detail, Events, Expedited, HoldingOn, Issue, Item, LANES, Outcomes,
    Outlook, Policy, ReviewTime, Row, Scratch, Shelf, Supply, Unmet,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};

use crate::every_policy::by_hand::{Case, kept_by_hand};
use crate::every_policy::cells::measures;

/// What is tried.
#[derive(Clone, Debug)]
struct Trial {
    family: usize,
    values: Vec<f64>,
    item: Item,
    events: Events,
    outlook: Vec<f64>,
    world: World,
}

/// Demand and chance, drawn from `seed`.
#[derive(Clone, Debug)]
struct World {
    seed: u64,
    scenarios: usize,
    /// Periods that are measured, and those before.
    periods: usize,
    warm_up: usize,
    /// One demand in so many periods, on average.
    rare: u64,
    /// The most that is wanted, in parts of a unit.
    most: u64,
    /// The smallest part of a unit.
    part: f64,
    longest_lead_time: Option<u64>,
    least_yield: Option<f64>,
    outages: bool,
    rounds: bool,
}

/// The last word of a sequence that `seed` and three places begin: Steele, Lea & Flood, *Fast
/// Splittable Pseudorandom Number Generators*, OOPSLA (2014).
fn word(seed: u64, place: [u64; 3]) -> u64 {
    place.iter().fold(seed, |state, place| {
        let mut z = (state ^ place).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}

impl World {
    fn block(&self) -> Block {
        let mut block = Block::zeros(self.scenarios, self.warm_up + self.periods, self.warm_up);
        block.set(0, |scenario, period| {
            let word = word(self.seed, [0, scenario as u64, period as u64]);
            match word.is_multiple_of(self.rare) {
                true => (word / self.rare % (self.most + 1)) as f64 * self.part,
                false => 0.0,
            }
        });
        let rows = block.tiles() * block.periods();
        let words = |purpose, row| {
            std::array::from_fn::<u64, LANES, _>(|lane| {
                word(self.seed, [purpose, row, lane as u64])
            })
        };
        let whole = |purpose, below: u64| -> Vec<Row<i16>> {
            let row = |row| Row(words(purpose, row).map(|word| (word % below) as i16));
            (0..rows as u64).map(row).collect()
        };
        let shares = |purpose, least: f64| -> Vec<Row<f64>> {
            let share = |word: u64| (word >> 32) as f64 / 4_294_967_296.0;
            let row =
                |row| Row(words(purpose, row).map(|word| least + (1.0 - least) * share(word)));
            (0..rows as u64).map(row).collect()
        };
        block.set_chance(Chance {
            lead_times: self.longest_lead_time.map_or(Vec::new(), |most| whole(1, most + 1)),
            yields: self.least_yield.map_or(Vec::new(), |least| shares(2, least)),
            open: if self.outages { whole(3, 2) } else { Vec::new() },
            rounding: if self.rounds { shares(4, 0.0) } else { Vec::new() },
        });
        block
    }
}

/// Quantities of all kinds: most of them sensible.
fn quantity() -> impl Strategy<Value = f64> {
    prop_oneof![
        12 => (-9..120).prop_map(f64::from),
        3 => (-40..400).prop_map(|quarters| 0.25 * f64::from(quarters)),
        1 => 0.01..90.0,
        2 => (0..2_000_000_000).prop_map(f64::from),
        1 => prop::sample::select(vec![
            0.0, -0.0, -1e9, 1e12, 1e15, -1e15, 1e300, -1e300, f64::MIN_POSITIVE,
            f64::NAN, f64::INFINITY, f64::NEG_INFINITY,
        ]),
    ]
}

/// Nothing out of the ordinary in three of four cases.
fn mostly<T: Clone + std::fmt::Debug + 'static>(
    usual: T,
    other: impl Strategy<Value = T> + 'static,
) -> impl Strategy<Value = T> {
    prop_oneof![3 => Just(usual), 1 => other]
}

fn rate(usual: f64) -> impl Strategy<Value = f64> {
    prop_oneof![24 => Just(usual), 1 => quantity()]
}

fn supply() -> impl Strategy<Value = Supply> {
    let share = mostly(1.0, prop_oneof![9 => 0.05..1.0, 1 => -0.5..1.5]);
    let source = (0..6_usize)
        .prop_map(|lead_time_periods| Some(Expedited { lead_time_periods, premium_per_unit: 1.0 }));
    let source = prop_oneof![Just(None), source];
    (any::<bool>(), share, 0..5_usize, source).prop_map(
        |(orders_cross, first_share, rest_after_periods, expedited)| Supply {
            orders_cross,
            first_share,
            rest_after_periods,
            expedited,
        },
    )
}

fn item() -> impl Strategy<Value = Item> {
    let issue = prop_oneof![Just(Issue::Fifo), Just(Issue::Lifo)];
    let shelf = (0..6_usize, issue).prop_map(|(life_periods, issue)| {
        Some(Shelf { life_periods, issue, waste_cost_per_unit: 1.0 })
    });
    let terms = (
        mostly(0.0, quantity()),
        mostly(0.0, quantity()),
        mostly(f64::INFINITY, quantity()),
        mostly(None, quantity().prop_map(Some)),
    );
    (0..12_usize, rate(1.0), rate(9.0), terms, supply(), mostly(None, shelf)).prop_map(
        |(lead_time, holding, shortage, terms, supply, shelf)| {
            let (minimum_order, order_multiple, maximum_order, opening) = terms;
            let plain = Item::plain("any", lead_time, holding, shortage);
            Item { minimum_order, order_multiple, maximum_order, opening, supply, shelf, ..plain }
        },
    )
}

fn days() -> impl Strategy<Value = Days> {
    let pattern = prop::collection::vec(any::<bool>(), 1..9);
    mostly(Days::ALL, pattern.prop_map(|pattern| Days::new(&pattern).unwrap_or(Days::ALL)))
}

fn events() -> impl Strategy<Value = Events> {
    let review = prop_oneof![Just(ReviewTime::BeforeDemand), Just(ReviewTime::AfterDemand)];
    let unmet = prop_oneof![
        2 => Just(Unmet::Backorder),
        2 => Just(Unmet::Lost),
        1 => (0.0..=1.0).prop_map(|lost_fraction| Unmet::PartlyLost { lost_fraction }),
        1 => (1..5_usize).prop_map(|periods| Unmet::Patient { periods }),
    ];
    (review, unmet, 1..9_usize, 0..8_usize, days(), days()).prop_map(
        |(review, unmet, every, phase, ordering_days, receiving_days)| Events {
            review,
            unmet,
            holding_on: HoldingOn::End,
            review_every_periods: every,
            review_phase: phase % every,
            ordering_days,
            receiving_days,
        },
    )
}

fn world() -> impl Strategy<Value = World> {
    let shape = (prop_oneof![6 => 1..4_usize, 1 => 60..70_usize], 1..40_usize, 0..20_usize);
    let most = prop_oneof![8 => 0..12_u64, 3 => 0..3_000_u64, 1 => 0..1_000_000_000_000_u64];
    let part = prop_oneof![6 => Just(1.0), 1 => Just(0.25), 1 => Just(0.1)];
    let chances = (
        mostly(None, (0..25_u64).prop_map(Some)),
        mostly(None, (0.0..1.0).prop_map(Some)),
        mostly(false, Just(true)),
        any::<bool>(),
    );
    (any::<u64>(), shape, 1..12_u64, most, part, chances).prop_map(
        |(seed, (scenarios, periods, warm_up), rare, most, part, chances)| {
            let (longest_lead_time, least_yield, outages, rounds) = chances;
            World {
                seed,
                scenarios,
                periods,
                warm_up,
                rare,
                most,
                part,
                longest_lead_time,
                least_yield,
                outages,
                rounds,
            }
        },
    )
}

fn trial() -> impl Strategy<Value = Trial> {
    let values = (prop::collection::vec(quantity(), 3), any::<bool>());
    let outlook = prop::collection::vec(0..40_u8, 1..5);
    (0..CATALOGUE.len(), values, item(), events(), outlook, world()).prop_map(
        |(family, (mut values, sorted), item, events, outlook, world)| {
            values.truncate(CATALOGUE[family].parameters.len());
            if sorted {
                values.sort_by(f64::total_cmp);
            }
            let outlook = outlook.into_iter().map(f64::from).collect();
            Trial { family, values, item, events, outlook, world }
        },
    )
}

/// How sums of the numbers behave.
#[derive(Clone, Copy, PartialEq)]
enum Sums {
    /// Whole units, exact in any order.
    Whole,
    /// Quarters of units, exact in any order.
    Quarters,
    /// Rounded.
    Rounded,
    /// Beyond the digits of a number.
    Vague,
}

impl Trial {
    fn sums(&self, policy: &Policy) -> Sums {
        let Item { minimum_order, order_multiple, maximum_order, opening, .. } = self.item;
        let rules = policy.rules.iter();
        let numbers = rules.flat_map(|r| [r.trigger.floor(), r.target, r.lot, r.least, r.most]);
        let level = policy.expedite.map_or(0.0, |fast| fast.level);
        let terms = [minimum_order, order_multiple, maximum_order, opening.unwrap_or(0.0), level];
        let world = [self.world.part, self.world.most as f64 * self.world.part];
        let all = numbers.chain(policy.opening).chain(terms).chain(world);
        all.filter(|number| number.is_finite()).fold(Sums::Whole, |sums, number| {
            let here = match number {
                number if number.abs() > 1e13 => Sums::Vague,
                number if number.fract() == 0.0 => Sums::Whole,
                number if (4.0 * number).fract() == 0.0 => Sums::Quarters,
                _ => Sums::Rounded,
            };
            if here as u8 > sums as u8 { here } else { sums }
        })
    }

    fn run(&self, scratch: &mut Scratch) -> TestCaseResult {
        let Trial { item, events, world, .. } = self;
        let protection_periods = events.protection_periods(item);
        let outlook = Outlook { demand: &self.outlook, protection_periods };
        let policy = (CATALOGUE[self.family].build)(&self.values, &outlook);
        // What is refused with an error need not run.
        let (Ok(item), Ok(policy)) = (item.clone().checked(), policy) else { return Ok(()) };
        let block = world.block();
        let [mut fast, mut brief, mut ledger] = [(); 3].map(|()| Outcomes::default());
        policy.simulate(&item, events, &block, Detail::Full, scratch, &mut fast);
        policy.simulate(&item, events, &block, Detail::Cost, scratch, &mut brief);
        policy.simulate_by_ledger(&item, events, &block, scratch, &mut ledger);
        for scenario in 0..fast.len() {
            let measures = measures(&fast, scenario);
            prop_assert!(measures.iter().all(|(_, value)| value.is_finite()), "{measures:?}");
        }
        let sums = self.sums(&policy);
        if sums == Sums::Vague {
            return Ok(());
        }
        if sums == Sums::Rounded {
            let lost = (0..fast.len()).map(|s| imbalance(&fast, s)).fold(0.0, f64::max);
            prop_assert!(lost < 1e-9, "of all units a share of {lost} is lost: {fast:?}");
            return Ok(());
        }
        prop_assert!(fast.conserves_units(), "{fast:?}");
        prop_assert_eq!(&fast, &ledger, "the loop and the ledger, {:?}", policy);
        prop_assert_eq!(&fast.ordered, &brief.ordered);
        prop_assert_eq!(&fast.stock, &brief.stock);
        if sums == Sums::Whole {
            for scenario in [0, fast.len() - 1] {
                let case = Case { policy: &policy, item: &item, events, block: &block, scenario };
                let by_hand = kept_by_hand(&case);
                let simulated = measures(&fast, scenario);
                prop_assert_eq!(simulated, by_hand, "loop and books by hand, {:?}", policy);
            }
        }
        Ok(())
    }
}

/// The share of all units that is not accounted for.
fn imbalance(outcomes: &Outcomes, s: usize) -> f64 {
    let came = outcomes.opening[s] + outcomes.received[s];
    let went = outcomes.demand[s] - outcomes.lost[s] + outcomes.wasted[s];
    let largest = outcomes.received[s].max(outcomes.demand[s]).max(outcomes.opening[s].abs());
    (came - went - outcomes.closing[s]).abs() / largest.max(1.0)
}

#[test]
fn nothing_breaks_the_engine() {
    let cases = std::env::var("PARSTOCK_FUZZ_CASES");
    let cases = cases.map_or(2_000, |cases| cases.parse().expect("a number of cases"));
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let scratch = RefCell::new(Scratch::default());
    let result = runner.run(&trial(), |trial| trial.run(&mut scratch.borrow_mut()));
    if let Err(failure) = result {
        panic!("{failure}");
    }
}
