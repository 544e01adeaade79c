//! The program of a review against what `HiGHS` finds, and curves against exact policies.

use engine::{Block, Coordinates, Events, Item, Joint, ScenarioSource, Shortfall, Units};

use super::*;
use crate::exact::min_max::MinMaxItem;
use crate::program::{Effort, Program, Status};

/// A number from 0 to below 1 that depends on its coordinates alone (splitmix64).
fn uniform(seed: u64, place: u64) -> f64 {
    let mut z = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(place << 20 ^ place);
    for factor in [0xBF58_476D_1CE4_E5B9_u64, 0x94D0_49BB_1331_11EB] {
        z = (z ^ (z >> 30)).wrapping_mul(factor);
    }
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Demand that is Poisson in every period.
struct PoissonSource {
    mean: f64,
    seed: u64,
}

impl PoissonSource {
    fn probabilities(&self) -> Vec<f64> {
        let mut masses = vec![libm::exp(-self.mean)];
        while masses.len() < 8 || masses.iter().sum::<f64>() < 1.0 - 1e-12 {
            let count = masses.len() as f64;
            masses.push(masses[masses.len() - 1] * self.mean / count);
        }
        masses
    }
}

impl ScenarioSource for PoissonSource {
    fn fill(&self, at: Coordinates, block: &mut Block) {
        let masses = self.probabilities();
        let draw = |scenario: usize, period: usize| {
            let place = ((at.first_scenario as usize + scenario) * 4_096 + period) as u64;
            let (mut left, mut count) = (uniform(self.seed + u64::from(at.set), place), 0);
            while count + 1 < masses.len() && left >= masses[count] {
                left -= masses[count];
                count += 1;
            }
            count as f64
        };
        block.set(at.first_scenario, draw);
    }
}

fn curve(item: &Item, source: &PoissonSource) -> Curve {
    let question = CurveQuestion { item, source, events: Events::BACKORDER, periods: [420, 56] };
    let reckoning = Reckoning { order_cost: item.order_cost, stock_price: 0.0 };
    question.curves([reckoning]).remove(0)
}

/// Levels and cost against the exact optimum of Zheng & Federgruen's algorithm.
#[test]
fn curves_know_the_best_policy_of_the_item_alone() {
    for (mean, lead_time, order_cost, holding, shortage) in
        [(5.0, 2, 64.0, 1.0, 9.0), (0.4, 5, 10.0, 0.5, 20.0), (20.0, 0, 25.0, 1.0, 4.0)]
    {
        let source = PoissonSource { mean, seed: 3 };
        let item = Item { order_cost, ..Item::plain("item", lead_time, holding, shortage) };
        let curve = curve(&item, &source);
        let demand = source.probabilities();
        let exact = MinMaxItem { demand: &demand, lead_time, holding, shortage, order_cost };
        let best = exact.optimum().expect("an optimum");
        let (min, max) = (curve.reorder_level as i64, curve.order_up_to_level as i64);
        let cost = exact.cost(min, max).expect("levels");
        assert!(cost < 1.01 * best.cost, "{cost} of ({min}, {max}), {best:?}");
        // Its own estimate is of 4096 windows that overlap.
        assert!((curve.cost / best.cost - 1.0).abs() < 0.05, "{} {best:?}", curve.cost);
        // What the curve says of a step is what a step costs: no position is better than the best.
        let mut cells = vec![0.0; CURVE_CELLS];
        curve.pack(&mut cells);
        assert_eq!(Curve::unpack(&cells), curve);
        assert!(curve.at(curve.order_up_to_level) <= curve.at(curve.reorder_level));
    }
}

/// Curves of three kinds of items.
fn curves() -> Vec<Curve> {
    let kinds = [(2.0, 2, 12.0, 0.5, 9.0), (0.5, 4, 6.0, 1.0, 30.0), (6.0, 1, 20.0, 0.8, 6.0)];
    let of = |(mean, lead_time, order_cost, holding, shortage)| {
        let item = Item { order_cost, ..Item::plain("item", lead_time, holding, shortage) };
        curve(&item, &PoissonSource { mean, seed: 8 })
    };
    kinds.map(of).to_vec()
}

/// A site of some items in up to three suppliers, and positions, all as chance has it.
fn chance(seed: u64, curves: &[Curve]) -> (Site, Vec<Curve>, Vec<Units>) {
    let mut place = 0;
    let mut draw = |low: f64, high: f64| {
        place += 1;
        low + (high - low) * uniform(seed, place)
    };
    let count = draw(3.0, 9.0) as usize;
    let kinds: Vec<usize> = (0..count).map(|_| draw(0.0, 3.0) as usize).collect();
    let items: Vec<SiteItem> = kinds
        .iter()
        .map(|&kind| SiteItem {
            supplier: Some(draw(0.0, 4.0) as usize).filter(|supplier| *supplier < 3),
            weight: draw(0.5, 3.0),
            unit_cost: draw(1.0, 8.0),
            room: draw(0.1, 2.0),
            order_cost: [12.0, 6.0, 20.0][kind],
            least: if draw(0.0, 1.0) < 0.3 { 4.0 } else { 0.0 },
            lot: if draw(0.0, 1.0) < 0.3 { 3.0 } else { 1.0 },
            most: if draw(0.0, 1.0) < 0.3 { 15.0 } else { f64::INFINITY },
        })
        .collect();
    let suppliers = (0..3)
        .map(|_| Joint {
            order_cost: draw(0.0, 30.0),
            minimum: if draw(0.0, 1.0) < 0.5 { draw(0.0, 50.0) } else { 0.0 },
            shortfall: Shortfall::Wait,
            capacity: if draw(0.0, 1.0) < 0.3 { draw(60.0, 120.0) } else { f64::INFINITY },
        })
        .collect();
    let own: Vec<Curve> = kinds.iter().map(|&kind| curves[kind].clone()).collect();
    let positions: Vec<Units> =
        own.iter().map(|curve| draw(0.0, 0.6 * curve.order_up_to_level).floor()).collect();
    let cash = if draw(0.0, 1.0) < 0.7 { draw(20.0, 200.0) } else { f64::INFINITY };
    let space = if draw(0.0, 1.0) < 0.5 { draw(20.0, 100.0) } else { f64::INFINITY };
    (Site::new(items, suppliers, cash, space), own, positions)
}

/// The program of a review as `HiGHS` solves it: a column for each order that an item may have.
fn exact(site: &Site, curves: &[Curve], positions: &[Units]) -> f64 {
    let mut program = Program::new();
    let supplied: Vec<usize> = site
        .suppliers
        .iter()
        .map(|terms| program.whole_column(terms.order_cost, 0.0, 1.0))
        .collect();
    let (mut cash, mut room) = (Vec::new(), Vec::new());
    let mut weights = vec![Vec::new(); site.suppliers.len()];
    let mut taken = 0.0;
    for ((item, curve), &position) in site.items.iter().zip(curves).zip(positions) {
        let none = program.whole_column(curve.at(position), 0.0, 1.0);
        let mut any = vec![(none, 1.0)];
        taken += item.room * position.max(0.0);
        let mut order = item.smallest();
        while position + order <= curve.highest() + item.lot && order <= item.most {
            let cost = item.order_cost + curve.at(position + order);
            let column = program.whole_column(cost, 0.0, 1.0);
            any.push((column, 1.0));
            cash.push((column, item.unit_cost * order));
            room.push((column, item.room * order));
            if let Some(supplier) = item.supplier {
                weights[supplier].push((column, item.weight * order));
                program.row(f64::NEG_INFINITY, 0.0, [(column, 1.0), (supplied[supplier], -1.0)]);
            }
            order += item.lot;
        }
        program.row(1.0, 1.0, any);
    }
    for ((terms, &open), weights) in site.suppliers.iter().zip(&supplied).zip(weights) {
        let least = weights.iter().copied().chain([(open, -terms.minimum)]);
        program.row(0.0, f64::INFINITY, least.collect::<Vec<_>>());
        if terms.capacity.is_finite() {
            let most = weights.iter().copied().chain([(open, -terms.capacity)]);
            program.row(f64::NEG_INFINITY, 0.0, most.collect::<Vec<_>>());
        }
    }
    if site.cash.is_finite() {
        program.row(f64::NEG_INFINITY, site.cash, cash);
    }
    if site.space.is_finite() {
        program.row(f64::NEG_INFINITY, (site.space - taken).max(0.0), room);
    }
    let solution = program.solve(Effort::default()).expect("finite numbers");
    assert_eq!(solution.status, Status::Optimal);
    solution.objective
}

/// Orders keep every limit; their cost is not below what `HiGHS` proves, nor that below the bound;
/// and they lose little of what the best orders save.
#[test]
fn orders_of_a_review_are_near_the_best() {
    let curves = curves();
    let (mut lost, mut saved, mut bound_by) = (0.0, 0.0, 0);
    for seed in 0..150 {
        let (site, own, positions) = chance(seed, &curves);
        let mut programme = Programme::new(&site, &own, 1);
        let plan = programme.decide_with_bound(&positions);
        assert!(site.allows(&positions, &plan.orders), "{seed}: {site:?} {positions:?} {plan:?}");
        let best = exact(&site, &own, &positions);
        let slack = 1e-6 * best.abs().max(1.0);
        assert!(plan.cost >= best - slack, "{seed}: {plan:?} below {best}");
        assert!(plan.bound <= best + slack, "{seed}: {plan:?} bound above {best}");
        let nothing = programme.cost(&positions, &vec![0.0; positions.len()]);
        lost += plan.cost - best;
        saved += nothing - best;
        bound_by += usize::from(plan.prices != [0.0; 2]);
    }
    assert!(bound_by > 20);
    assert!(lost < 0.045 * saved, "{lost} of {saved}");
}
