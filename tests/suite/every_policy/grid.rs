//! Every policy × sequence of events × supply × terms: the books must balance, and agree.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use engine::policy::CATALOGUE;
use engine::{Block, Detail, Events, Item, Outcomes, Policy, Scratch, Unmet};

use super::by_hand::{Case, kept_by_hand};
use super::cells::{KINDS, LOTS, Measures, REVIEWS, SIDES, each, measures, rhythms};
use super::exact;

/// Two tiles, the second with a few lanes.
const SHAPE: [usize; 3] = [66, 44, 8];

/// Scenarios whose books are kept by hand as well: both halves of a tile, and the next tile.
const BY_HAND: [usize; 4] = [0, 21, 45, 65];

/// How a policy was checked, in all rhythms and on all terms.
#[derive(Clone, Copy, Default)]
struct Check {
    /// The lane loop ran, and measured what the ledger did.
    lanes: bool,
    /// Something was ordered.
    ordered: bool,
    runs: usize,
}

/// By order of events, demand side and kind of supply; and by name of the policy.
type Checks = BTreeMap<[usize; 3], BTreeMap<&'static str, Check>>;

/// The lane loop, the ledger and books kept by hand measure the same, to the last unit, and none of
/// them loses any.
#[test]
fn every_cell_agrees_and_balances() {
    let cells: Vec<[usize; 3]> = (0..REVIEWS.len())
        .flat_map(|review| (0..SIDES.len()).map(move |side| [review, side]))
        .flat_map(|[review, side]| (0..KINDS.len()).map(move |kind| [review, side, kind]))
        .collect();
    let next = AtomicUsize::new(0);
    let work = || {
        let mut checks = Checks::new();
        while let Some(&cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
            checks.insert(cell, check(cell));
        }
        checks
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let checks: Checks = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("the cells agree")).collect()
    });
    print(&checks);
    for (cell, policies) in &checks {
        let idle = policies.iter().find(|(_, check)| !check.ordered);
        assert!(idle.is_none(), "{:?} never orders in {cell:?}", idle.map(|(name, _)| name));
    }
}

/// Checks every policy in every rhythm and on all terms.
fn check([review, side, kind]: [usize; 3]) -> BTreeMap<&'static str, Check> {
    let (review, unmet, kind) = (REVIEWS[review], SIDES[side], KINDS[kind]);
    let block = kind.block(SHAPE, matches!(unmet, Unmet::PartlyLost { .. }));
    let all_or_nothing = matches!(unmet, Unmet::Backorder | Unmet::Lost);
    let mut scratch = Scratch::default();
    let mut checks: BTreeMap<&'static str, Check> = BTreeMap::new();
    for events in rhythms(review, unmet) {
        for lots in LOTS {
            for (name, item, policy) in each(&kind.item(lots), &events) {
                let run = Run { name, policy, item, events, block: &block };
                let check = checks.entry(name).or_default();
                check.lanes = all_or_nothing && kind.suits_lanes() && run.policy.expedite.is_none();
                let outcomes = run.agrees(check.lanes || lots == LOTS[0], &mut scratch);
                run.balances(&outcomes);
                check.ordered |= outcomes.orders.iter().any(|&orders| orders > 0.0);
                check.runs += 1;
            }
        }
    }
    checks
}

/// One policy on one item.
struct Run<'a> {
    name: &'a str,
    policy: Policy,
    item: Item,
    events: Events,
    block: &'a Block,
}

impl Run<'_> {
    fn told(&self, scenario: usize) -> String {
        let Run { name, policy, item, events, .. } = self;
        format!("{name}: {events}; scenario {scenario}; {item:?}; {policy:?}")
    }

    /// The clerk agrees with the simulation; returns what they measured. If it can be `another`
    /// loop, so does the ledger.
    fn agrees(&self, another: bool, scratch: &mut Scratch) -> Outcomes {
        let Run { policy, item, events, block, .. } = self;
        let mut fast = Outcomes::default();
        policy.simulate(item, events, block, Detail::Full, scratch, &mut fast);
        if another {
            let (mut brief, mut ledger) = (Outcomes::default(), Outcomes::default());
            policy.simulate(item, events, block, Detail::Cost, scratch, &mut brief);
            policy.simulate_by_ledger(item, events, block, scratch, &mut ledger);
            assert_eq!(brief, without_detail(&fast), "{}", self.told(0));
            for scenario in 0..block.scenarios() {
                let both = [measures(&fast, scenario), measures(&ledger, scenario)];
                self.same("loop and ledger", scenario, &both);
            }
        }
        for scenario in BY_HAND {
            let by_hand = kept_by_hand(&Case { policy, item, events, block, scenario });
            self.same("loop and books by hand", scenario, &[measures(&fast, scenario), by_hand]);
        }
        fast
    }

    fn same(&self, who: &str, scenario: usize, [left, right]: &[Measures; 2]) {
        for ((measure, left), (_, right)) in left.iter().zip(right) {
            assert_eq!(left, right, "{measure} of {who}: {}", self.told(scenario));
        }
    }

    /// What holds for any books, whatever happened.
    fn balances(&self, outcomes: &Outcomes) {
        assert!(outcomes.conserves_units(), "{}", self.told(0));
        for scenario in 0..outcomes.len() {
            let measures = measures(outcomes, scenario);
            let whole = |&(_, value): &(_, f64)| value.is_finite() && value.fract() == 0.0;
            assert!(measures.iter().all(whole), "{measures:?}: {}", self.told(scenario));
            for (what, holds) in self.identities(outcomes, scenario) {
                assert!(holds, "{what}: {measures:?}: {}", self.told(scenario));
            }
        }
    }

    fn identities(&self, outcomes: &Outcomes, s: usize) -> [(&'static str, bool); 14] {
        let Outcomes { stock, waiting, unmet, lost, stockouts, orders, ordered, .. } = outcomes;
        let Outcomes { expedited, wasted, demand, failed, peak, cycles, .. } = outcomes;
        let Outcomes { short_cycles, opening, on_order, .. } = outcomes;
        let Run { item, events, block, .. } = self;
        let periods = block.measured() as f64;
        let waited_before = (-opening[s]).max(0.0);
        let sources = if self.policy.expedite.is_some() { 2.0 } else { 1.0 };
        let slow = ordered[s] - expedited[s];
        let least = item.minimum_order.max(item.order_multiple).max(1.0);
        let one_source = sources == 1.0;
        [
            ("stock is none below zero", stock[s] >= 0.0 && waiting[s] >= 0.0 && wasted[s] >= 0.0),
            ("the peak is no less than the mean", peak[s] * periods >= stock[s]),
            ("no more cycles are short than there are", short_cycles[s] <= cycles[s]),
            ("cycles are periods", cycles[s] <= periods && stockouts[s] <= periods),
            ("unmet demand is demand", unmet[s] <= demand[s] && stockouts[s] <= unmet[s]),
            ("what is lost was not met", lost[s] <= unmet[s] + waited_before),
            ("what waits is not lost", events.unmet != Unmet::Backorder || lost[s] == 0.0),
            (
                "what is lost does not wait",
                events.unmet != Unmet::Lost || (waiting[s] == 0.0 && lost[s] == unmet[s]),
            ),
            ("a review is an order a source", orders[s] <= sources * periods),
            ("the faster source sells a part", (0.0..=ordered[s]).contains(&expedited[s])),
            ("no order is too small", !one_source || slow >= least * orders[s]),
            (
                "no order is too large",
                !one_source || slow / orders[s].max(1.0) <= item.maximum_order,
            ),
            ("only a yield fails", failed[s] == 0.0 || !block.chance().yields.is_empty()),
            ("orders are under way or here", on_order[s] >= 0.0 && comes(outcomes, s)),
        ]
    }
}

/// Of what was ordered, all but what came or failed is under way in the end, and no more than was
/// under way in all periods together.
fn comes(outcomes: &Outcomes, s: usize) -> bool {
    let gone = outcomes.received[s] + outcomes.failed[s];
    outcomes.ordered[s] - gone <= outcomes.on_order[s]
}

/// The same, with the columns empty that are only filled when everything is asked for.
fn without_detail(outcomes: &Outcomes) -> Outcomes {
    Outcomes {
        received: Vec::new(),
        failed: Vec::new(),
        on_order: Vec::new(),
        peak: Vec::new(),
        cycles: Vec::new(),
        short_cycles: Vec::new(),
        opening: Vec::new(),
        closing: Vec::new(),
        ..outcomes.clone()
    }
}

/// What was checked how: a row a policy, a group of columns an order of events and a demand side, a
/// column a kind of supply.
fn print(checks: &Checks) {
    let runs: usize = checks.values().flat_map(BTreeMap::values).map(|check| check.runs).sum();
    let mut table = format!(
        "\n{runs} runs; each letter stands for every rhythm of reviews and days, and all terms.\n\
         All conserve units. h: the ledger agrees with books kept by hand; b: and so does the lane \
         loop;\nx, X: the same, and means of the kind are compared with exact ones.\nColumns:"
    );
    for (place, kind) in (1..).zip(KINDS) {
        let _ = write!(table, " {place} {};", kind.name);
    }
    for (review, time) in REVIEWS.iter().enumerate() {
        let _ = write!(table, "\n{:20}", format!("{time:?}"));
        for side in SIDES {
            let name = format!("{side:?}");
            let name = name.split(' ').next().unwrap_or_default();
            let _ = write!(table, " {name:width$}", width = KINDS.len());
        }
        for family in CATALOGUE {
            let _ = write!(table, "\n{:20}", family.name);
            for side in 0..SIDES.len() {
                table.push(' ');
                table.extend(
                    (0..KINDS.len()).map(|kind| letter(checks, [review, side, kind], family.name)),
                );
            }
        }
    }
    println!("{table}");
}

fn letter(checks: &Checks, cell: [usize; 3], name: &str) -> char {
    let lanes = checks[&cell][name].lanes;
    match (exact::is_known(name, cell), lanes) {
        (true, true) => 'X',
        (true, false) => 'x',
        (false, true) => 'b',
        (false, false) => 'h',
    }
}
