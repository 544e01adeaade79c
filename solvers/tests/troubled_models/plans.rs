//! Lots, plans and allocations that cannot be made: why, and what would make them possible.

use cluster::Team;
use solvers::program::Method;
use solvers::replenish::lot_sizing::{self, LotItem, LotSizing, LotSizingEffort, LotSizingError};
use solvers::replenish::plan::{Item, PlanError, Replenishment, Wanted, decompose, whole};
use solvers::{Candidate, allocate};

use crate::{FREE, says};

/// Two items over three periods; a unit takes an hour of 100, and a set-up ten.
fn lots() -> LotSizing {
    let item = LotItem {
        unit_time: 1.0,
        set_up_time: 10.0,
        set_up_cost: 100.0,
        holding_cost: 1.0,
        unit_cost: Vec::new(),
        demand: vec![30.0, 40.0, 30.0],
    };
    LotSizing { items: vec![item.clone(), item], capacity: vec![100.0; 3] }
}

#[track_caller]
fn no_lots(name: &str, change: fn(&mut LotSizing), words: &[&str]) -> LotSizingError {
    let mut problem = lots();
    change(&mut problem);
    let error = lot_sizing::solve(&problem, LotSizingEffort::default()).expect_err(name);
    says(name, &error.to_string(), words);
    error
}

#[test]
fn lots_without_capacity_are_told_how_much_is_missing() {
    assert!(lot_sizing::solve(&lots(), LotSizingEffort::default()).expect("a plan").optimal);
    // 60 units and two set-ups in the first period.
    no_lots(
        "one period is too short",
        |problem| problem.capacity[0] = 70.0,
        &["capacity does not suffice", "period 1 needs 10.000000 more"],
    );
    let error = no_lots(
        "all periods together are too short",
        |problem| problem.capacity = vec![80.0, 60.0, 55.0],
        &["capacity does not suffice", "more"],
    );
    // 200 units and three set-ups at least, where two must be at first and another is cheaper than stock.
    let LotSizingError::Infeasible { periods, missing } = error else { panic!("{error:?}") };
    assert!(!periods.is_empty());
    assert!(
        missing.iter().map(|shortage| shortage.time).sum::<f64>() >= 25.0 - 1e-6,
        "{missing:?}"
    );
    no_lots(
        "no set-up fits",
        |problem| problem.items[1].set_up_time = 101.0,
        &["capacity does not suffice"],
    );
}

#[test]
fn lots_that_cannot_be_planned_with_are_named() {
    no_lots(
        "a demand is not a number",
        |problem| problem.items[0].demand[1] = f64::NAN,
        &["demand is NaN", "at least 0"],
    );
    no_lots(
        "capacity is negative",
        |problem| problem.capacity[2] = -1.0,
        &["capacity is -1", "at least 0"],
    );
    no_lots(
        "a period is missing",
        |problem| _ = problem.items[1].demand.pop(),
        &["item 1 has 2 values of demand", "3 are expected"],
    );
    no_lots(
        "a unit takes a millionth of a second, and a set-up takes weeks",
        |problem| {
            problem.items[0].unit_time = 1e-9;
            problem.items[1].set_up_time = 10.0;
        },
        &["unit_time of item 0 is 1.0e-9", "1.0e1 for set_up_time", "measure in other units"],
    );
    no_lots(
        "stock costs a thousandth of a millionth",
        |problem| problem.items[1].holding_cost = 1e-9,
        &["holding_cost of item 1 is 1.0e-9", "1.0e2 for set_up_cost"],
    );
    no_lots(
        "lots are of thousands of millions beside single units",
        |problem| {
            for item in &mut problem.items {
                item.demand.iter_mut().for_each(|demand| *demand *= 1e10);
                item.unit_time = 0.0;
            }
        },
        &["beside", "for the largest lot of item 0", "measure in other units"],
    );
}

/// Two items over two periods and two scenarios.
fn plan() -> Replenishment {
    let item = Item {
        cost: 4.0,
        holding: 0.1,
        lost: 10.0,
        credit: 3.0,
        set_up: 0.0,
        volume: 1.0,
        opening: 20.0,
        lead_time: 0,
        most: 100.0,
    };
    Replenishment {
        periods: 2,
        scenarios: 2,
        items: vec![item; 2],
        demand: vec![10.0, 20.0, 10.0, 30.0, 20.0, 10.0, 20.0, 0.0],
        arriving: Vec::new(),
        volume: vec![60.0; 2],
        budget: vec![100.0; 2],
    }
}

/// A name, a change of a sound plan, and what the refusal says.
type Case = (&'static str, fn(&mut Replenishment), &'static [&'static str]);

const PLANS: &[Case] = &[
    (
        "the stock has no room",
        |plan| plan.volume[0] = 8.0,
        &["period 0, scenario 0", "volume of 10", "room for 8"],
    ),
    (
        "what arrives has no room",
        |plan| plan.arriving = vec![0.0, 90.0, 0.0, 0.0],
        &["period 1, scenario 0", "room for 60"],
    ),
    (
        "stock at the end is worth more than it costs, without limit",
        |plan| {
            (plan.items[1].credit, plan.items[1].most) = (5.0, FREE);
            plan.budget = vec![FREE; 2];
        },
        &["item 1", "worth 5", "no order is large enough", "a largest order is expected"],
    ),
    (
        "stock at the end is worth more than a sale",
        |plan| plan.items[0].credit = 11.0,
        &["item 0", "worth 11", "only 10", "at most the loss"],
    ),
    (
        "a demand is not a number",
        |plan| plan.demand[5] = f64::NAN,
        &["item 1", "demand is NaN", "at least 0"],
    ),
    (
        "a demand is astronomical",
        |plan| plan.demand[2] = 1e25,
        &["item 0", "demand is 1e25", "below 1e15"],
    ),
    (
        "a largest order is negative",
        |plan| plan.items[1].most = -1.0,
        &["item 1", "largest order is -1"],
    ),
    (
        "a budget is not a number",
        |plan| plan.budget[1] = f64::NAN,
        &["budget of period 1 is NaN", "at least 0"],
    ),
    ("nothing is planned", |plan| plan.items.clear(), &["2, 2 and 0"]),
    (
        "a scenario is missing",
        |plan| plan.scenarios = 1,
        &["demand", "8 numbers", "4 are expected"],
    ),
];

#[test]
fn plans_that_cannot_be_made_are_explained() {
    let team = Team::solo(1).expect("a thread");
    for (name, change, words) in PLANS {
        let mut problem = plan();
        change(&mut problem);
        let apart = decompose(&problem, Wanted::default(), &team).expect_err(name);
        let together = whole(&problem, Some(Method::Simplex), &team).expect_err(name);
        for error in [apart, together] {
            says(name, &error.to_string(), words);
        }
    }
}

/// One program cannot tell such items apart; prices plan them each for itself.
#[test]
fn items_of_very_different_sizes_are_planned_by_prices_only() {
    let team = Team::solo(1).expect("a thread");
    for (field, change) in [
        ("volume", (|plan| plan.items[1].volume = 1e-10) as fn(&mut Replenishment)),
        ("cost", |plan| (plan.items[1].cost, plan.items[1].credit) = (1e-9, 0.0)),
    ] {
        let mut problem = plan();
        change(&mut problem);
        let error = whole(&problem, Some(Method::Simplex), &team).expect_err(field);
        assert!(matches!(error, PlanError::Scale { item: 1, other_item: 0, .. }), "{error:?}");
        says(field, &error.to_string(), &["item 1", field, "of item 0", "plan such items apart"]);
        let plan = decompose(&problem, Wanted::default(), &team).expect("a plan");
        assert!(plan.lower <= plan.upper && plan.gap() <= 1e-3, "{field}: {plan:?}");
    }
}

fn candidates(costs: &[f64], uses: &[f64]) -> Vec<Candidate> {
    let each = costs.iter().zip(uses);
    each.map(|(&cost, &uses)| Candidate { cost, uses: [uses, uses] }).collect()
}

#[test]
fn allocations_without_room_are_told_how_much_is_missing() {
    let items = [candidates(&[1.0, 5.0], &[30.0, 10.0]), candidates(&[2.0, 3.0], &[40.0, 25.0])];
    let error = allocate(&items, [Some(34.0), None]).expect_err("too little");
    says("limit", &error.to_string(), &["stock_budget is 34", "need 35.00", "raise it"]);
    // Each limit can be met, both cannot.
    let apart = |uses: [f64; 2]| Candidate { cost: 1.0, uses };
    let items = vec![vec![apart([10.0, 1.0]), apart([1.0, 10.0])]];
    let error = allocate(&items, [Some(5.0), Some(5.0)]).expect_err("not together");
    says("together", &error.to_string(), &["cannot be met together", "raise stock_budget"]);
}

/// The dearest of an item's candidates says nothing of what is worth choosing.
#[test]
fn an_allocation_is_not_lost_beside_a_price_that_nobody_pays() {
    for dear in [1e3, 1e9, 1e12, 1e15] {
        let items = vec![
            candidates(&[dear, 2.0, 1.0, 4.0], &[1.0, 5.0, 9.0, 2.0]),
            candidates(&[dear, 3.0, 7.0], &[1.0, 6.0, 3.0]),
        ];
        for (limit, least) in [(15.0, 4.0), (12.0, 5.0), (8.0, 7.0), (5.0, 11.0)] {
            let found = allocate(&items, [Some(limit), None]).expect("a plan");
            assert!(found.bound <= least + 1e-9, "{dear:e} {limit}: {found:?}");
            let right = (found.objective - least).abs() < 1e-9;
            assert!(right || !found.optimal, "{dear:e} {limit}: {found:?}");
        }
    }
}
